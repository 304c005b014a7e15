"""Rates of the noise, rule by rule: configured, and measured from the data by other means."""
import pytest

from helpers.lists import values
from helpers.statistics import near

CLASSIC = {"nickname": 0.30, "abbreviation": 0.30, "phone_format": 0.30, "email_domain": 0.20,
           "typo": 0.10, "missing": 0.15}
HARD = {"moved": 0.15, "new_phone": 0.30, "surname": 0.06, "stale_email": 0.25,
        "birth_date": None, "income": 0.60, "new_job": 0.30, "name_order": 0.05, "case": 0.15}


@pytest.fixture(scope="module")
def joined(classic):
    """Each record beside its clean customer: r and t."""
    classic.db.execute("create temp table joined as select r, t from records r "
                       "join truth_customers t using (customer_id)")
    classic.db.execute("create temp table rules as select record_id, column_name, clean_value, "
                       "dirty_value, unnest(string_split(noise, '+')) as rule from truth_changes")
    return classic


@pytest.mark.parametrize("rule", CLASSIC)
def test_the_configured_rate_of_a_classic_rule_is_reported_and_kept(classic, rule):
    """touched is of the records it could apply to; 4 sigma."""
    found = classic.noise(rule)
    assert found["configured"] == pytest.approx(CLASSIC[rule])
    assert near(found["touched"], found["applicable"], CLASSIC[rule]), found


@pytest.mark.parametrize("rule", [*CLASSIC, *HARD])
def test_the_configured_rate_of_a_hard_rule_is_reported_and_kept(hard, rule):
    found = hard.noise(rule)
    assert found["applicable"] > 100_000
    assert near(found["touched"], found["applicable"], found["configured"]), found
    if {**CLASSIC, **HARD}[rule] is not None:
        assert found["configured"] == pytest.approx({**CLASSIC, **HARD}[rule])
    assert 0 < found["changed"] <= found["touched"]


@pytest.mark.parametrize("rule", CLASSIC)
def test_the_reported_changes_are_those_of_the_truth(joined, rule):
    """A rule's record counts once, however many of its cells it changed. Later rules may undo or
    hide a change: within 2%."""
    records = joined.one(f"select count(distinct record_id) from rules where rule = '{rule}'")
    assert records == pytest.approx(joined.noise(rule)["changed"], rel=0.02)


def test_rules_apply_to_the_records_they_could_change(joined):
    rows = joined.one("select count(*) from records")
    for rule in ("phone_format", "email_domain", "typo", "missing"):
        assert joined.noise(rule)["applicable"] == rows, rule
    names = values("nicknames", "name")
    listed = ", ".join("'" + n.replace("'", "''") + "'" for n in sorted(names))
    could = joined.one(f"select count(*) from joined where t.first_name in ({listed})")
    assert joined.noise("nickname")["applicable"] == could


def test_an_email_keeps_its_mailbox_and_changes_its_provider_in_a_fifth_of_the_records(joined):
    changed, rows = joined.one("select count(*) filter (r.email <> t.email), count(*) from joined")
    assert near(changed, rows, 0.20)
    assert joined.one("select count(*) from joined where r.email <> t.email and "
                      "split_part(r.email, '@', 1) <> split_part(t.email, '@', 1)") == 0
    assert {d for d, in joined.all("select distinct split_part(r.email, '@', 2) from joined "
                                   "where r.email <> t.email")} == \
        {"gmail.com", "yahoo.com", "hotmail.com", "outlook.com"}


def test_phones_are_written_in_five_ways_one_of_them_as_is(joined):
    """0.30 x 4/5 of those present differ; the digits never do."""
    formats = {"dots": "[0-9]{3}[.][0-9]{3}[.][0-9]{4}", "spaces": "[0-9]{3} [0-9]{3} [0-9]{4}",
               "none": "[0-9]{10}", "brackets": "[(][0-9]{3}[)] [0-9]{3}-[0-9]{4}"}
    present = joined.one("select count(*) from joined where r.phone is not null")
    for pattern in formats.values():
        found = joined.one(f"select count(*) from joined where regexp_full_match(r.phone, '{pattern}')")
        assert near(found, present, 0.30 / 5), pattern
    assert near(joined.one("select count(*) from joined where r.phone = t.phone"), present, 0.76)
    assert joined.one("select count(*) from joined where regexp_replace(r.phone, '[^0-9]', '', 'g') "
                      "<> regexp_replace(t.phone, '[^0-9]', '', 'g')") == 0


def test_exactly_one_of_three_columns_is_missing_in_15_percent_each_as_often(joined):
    missing = "(r.phone is null)::int + (r.company is null)::int + (r.job_title is null)::int"
    counts = dict(joined.all(f"select {missing}, count(*) from joined group by 1"))
    rows = sum(counts.values())
    assert set(counts) == {0, 1} and near(counts[1], rows, 0.15)
    for column in ("phone", "company", "job_title"):
        assert near(joined.one(f"select count(*) from joined where r.{column} is null"), rows, 0.05)


def test_nicknames_are_those_of_the_list_for_the_whole_first_name(joined):
    pairs = values("nicknames", "name", "nickname")
    found = joined.all("select distinct clean_value, dirty_value from truth_changes "
                       "where column_name = 'first_name' and noise = 'nickname'")
    assert found and {tuple(pair) for pair in found} <= pairs
    for name, nickname in (("John", "Jon"), ("Michael", "Mike"), ("William", "Bill"),
                           ("Robert", "Bob"), ("James", "Jim"), ("Christopher", "Chris"),
                           ("Matthew", "Matt"), ("Anthony", "Tony"), ("Elizabeth", "Liz"),
                           ("Jennifer", "Jen")):
        assert (name, nickname) in found


def test_a_nickname_never_touches_the_surname(joined):
    assert joined.one("select count(*) from rules where rule = 'nickname' "
                      "and column_name not in ('first_name', 'full_name')") == 0
    assert joined.one("select count(*) from truth_changes where column_name = 'last_name' "
                      "and noise <> 'typo'") == 0


def test_addresses_are_abbreviated_by_whole_words_of_the_list(joined):
    pairs = values("postal_abbreviations", "word", "abbreviation")
    for clean, dirty in joined.all(
            "select clean_value, dirty_value from truth_changes where column_name = 'address' "
            "and noise = 'abbreviation' using sample 20000 rows (reservoir, 1)"):
        before, after = clean.split(" "), dirty.split(" ")
        assert len(before) == len(after), (clean, dirty)
        changed = [(b, a) for b, a in zip(before, after) if b != a]
        assert changed and all(pair in pairs for pair in changed), (clean, dirty)
    for word, short in (("Street", "St"), ("Avenue", "Ave"), ("Boulevard", "Blvd"), ("Road", "Rd"),
                        ("Drive", "Dr"), ("Apartment", "Apt"), ("Suite", "Ste")):
        assert (word, short) in pairs
        assert joined.one(f"select count(*) from truth_changes where noise = 'abbreviation' and "
                          f"contains(clean_value, ' {word}') and contains(dirty_value, ' {short}')")


def test_a_typo_is_one_edit_half_in_the_name_half_in_the_address(joined):
    rows = joined.one("select count(*) from records")
    counts = dict(joined.all("select column_name, count(*) from rules where rule = 'typo' group by 1"))
    assert set(counts) == {"first_name", "last_name", "address", "full_name"}
    assert near(counts["address"], rows, 0.05)
    assert near(counts["first_name"], rows, 0.025) and near(counts["last_name"], rows, 0.025)
    assert counts["full_name"] == counts["first_name"] + counts["last_name"]
    # Neighbours that change places leave upper case where it was: Sunny, Usnny.
    edits = dict(joined.all("select damerau_levenshtein(lower(clean_value), lower(dirty_value)), "
                            "count(*) from truth_changes where noise = 'typo' group by 1"))
    assert set(edits) == {1}, edits


def test_typos_are_of_all_four_kinds(joined):
    kinds = joined.one("""
        with e as (select lower(clean_value) as c, lower(dirty_value) as d from truth_changes
                   where noise = 'typo' and column_name <> 'full_name'),
             k as (select length(d) - length(c) as longer,
                          case when length(d) = length(c) then hamming(c, d) end as others from e)
        select count(*) filter (longer = 1), count(*) filter (longer = -1),
               count(*) filter (others = 1), count(*) filter (others = 2), count(*) from k""")
    *four, all_of_them = kinds
    assert sum(four) == all_of_them and min(four) > 0.1 * all_of_them, kinds


@pytest.mark.parametrize("flag, rule", [("--noise-name", "nickname"), ("--noise-phone", "phone_format"),
                                        ("--noise-typo", "typo"), ("--noise-missing", "missing")])
def test_a_rate_of_zero_or_one_means_never_or_always(session_synthmill, flag, rule):
    args = ["generate", "mdm", "--total-records", "20000", "--to", "null:", "--json", "--quiet"]
    for rate in (0, 1):
        noise = {n["rule"]: n for n in session_synthmill(*args, flag, rate).json()["noise"]}
        touched = noise[rule]["touched"] if rule in noise else 0
        assert touched == (noise[rule]["applicable"] if rate else 0)


def test_one_rules_rate_changes_no_other_rule(session_synthmill, here):
    """Each rule has its own bits."""
    import duckdb
    base = ["generate", "mdm", "--total-records", "40000", "--tables", "erp", "--truth", "--quiet"]
    session_synthmill(*base, "--to", here / "a")
    session_synthmill(*base, "--noise-phone", "0", "--to", here / "b")
    where = "column_name <> 'phone'"
    difference = duckdb.sql(f"""
        (select * from '{here}/a/truth_changes/*.parquet' where {where} except
         select * from '{here}/b/truth_changes/*.parquet' where {where}) union all
        (select * from '{here}/b/truth_changes/*.parquet' where {where} except
         select * from '{here}/a/truth_changes/*.parquet' where {where})""").fetchall()
    assert difference == []


def test_noise_is_drawn_for_every_record_on_its_own(classic):
    """Two records of a customer get a new e-mail provider independently: 4% get it both."""
    both, pairs = classic.one("""
        with e as (select customer_id, record_id, r.email <> t.email as changed
                   from records r join truth_customers t using (customer_id))
        select count(*) filter (a.changed and b.changed), count(*) from e a join e b
        using (customer_id) where a.record_id < b.record_id""")
    assert near(both, pairs, 0.04, sigmas=6)  # pairs of one customer are not independent draws


def test_no_noise_is_clean(clean):
    from helpers.tables import PERSON
    columns = ", ".join(["customer_id", *PERSON])
    assert clean.one("select count(*) from truth_changes") == 0
    assert clean.one(f"select count(*) from (select distinct {columns} from records except "
                     f"select {columns} from truth_customers)") == 0
    assert all(n["touched"] == 0 for n in clean.result["noise"])


def test_noise_does_not_change_the_clean_customers(session_synthmill, workshop, classic, here):
    session_synthmill("generate", "mdm", "--unique-customers", "200000", "--total-records", "800000",
                      "--truth", "--noise", "none", "--tables", "erp", "--to", here / "none",
                      "--quiet")
    assert classic.one(f"select count(*) from (select * from truth_customers except "
                       f"select * from '{here}/none/truth_customers/*.parquet')") == 0


def test_hard_noise_swaps_birth_dates_in_three_ways(hard):
    rows = hard.all("""select clean_value::date, dirty_value::date from truth_changes
        where column_name = 'date_of_birth'""")
    swapped = sum((c.month, c.day) == (d.day, d.month) and c.year == d.year for c, d in rows)
    first = sum((d.month, d.day) == (1, 1) and c.year == d.year for c, d in rows)
    digit = sum(sum(x != y for x, y in zip(str(c), str(d))) == 1 for c, d in rows)
    assert min(swapped, first, digit) > 0.1 * len(rows)
    assert hard.one("select min(year(date_of_birth)) >= 1900 and max(date_of_birth) < "
                    "date '2026-01-01' from records")


def test_a_record_that_moved_lives_elsewhere_with_its_phone_kept_or_not(hard):
    hard.db.execute("""create or replace temp view moved as
        select record_id, max(r.phone) as phone, max(t.phone) as clean from truth_changes c
        join records r using (record_id) join truth_customers t using (customer_id)
        where c.column_name = 'zip_code' and contains(c.noise, 'moved') group by 1""")
    digits = "regexp_replace({}, '[^0-9]', '', 'g')"
    kept, other = hard.one(f"""select
        count(*) filter ({digits.format('phone')} = {digits.format('clean')}),
        count(*) filter ({digits.format('phone')} <> {digits.format('clean')}) from moved""")
    assert kept > 3_000 and other > 3_000


def test_names_in_swapped_order_hold_each_others_value(hard):
    wrong, rows = hard.one("""
        with c as (select record_id from truth_changes
                   where column_name = 'first_name' and noise = 'name_order')
        select count(*) filter (r.first_name <> t.last_name), count(*)
        from c join records r using (record_id) join truth_customers t using (customer_id)
        where r.last_name = t.first_name""")
    assert rows > 1_000 and wrong < 0.1 * rows
