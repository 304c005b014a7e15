"""Whether the clean values are those of a real-looking customer, and agree with each other."""
import pytest

from helpers.lists import read_list, values
from helpers.statistics import near
from helpers.tables import CRM, ERP, SHOP

AS_OF = "date '2026-01-01'"


@pytest.fixture(scope="module")
def listed(classic):
    """The lists as tables beside the data."""
    import pyarrow as pa
    for name in ("places", "area_codes", "first_names", "last_names", "jobs", "street_names",
                 "street_types"):
        rows = read_list(name)
        table = pa.table({column: [row[column] for row in rows] for column in rows[0]})
        classic.db.register(f"list_{name}", table)
    return classic


def test_city_state_and_zip_are_a_real_combination(listed):
    assert listed.one("""select count(*) from truth_customers t anti join list_places p
        on t.city = p.city and t.state = p.state and t.zip_code = p.zip""") == 0
    assert listed.one("select count(distinct zip_code) from truth_customers") > 10_000


def test_moved_records_live_in_a_real_place_too(listed, hard):
    hard.db.register("list_places", listed.db.execute("select * from list_places").to_arrow_table())
    assert hard.one("""select count(*) from records t anti join list_places p
        on t.city = p.city and t.state = p.state and t.zip_code = p.zip""") == 0


def test_places_are_as_frequent_as_people_live_there(listed):
    """The ten most populous states by the list's weights, each within 4 sigma."""
    people = listed.one("select count(*) from truth_customers")
    rows = listed.all("""select state, sum(weight::bigint) / sum(sum(weight::bigint)) over () as share
        from list_places group by state order by share desc limit 10""")
    for state, share in rows:
        found = listed.one(f"select count(*) from truth_customers where state = '{state}'")
        assert near(found, people, float(share)), (state, found / people, share)


def test_the_area_code_is_one_of_the_state(listed):
    assert listed.one("""select count(*) from truth_customers t anti join list_area_codes a
        on t.state = a.state and substr(t.phone, 1, 3) = a.area_code""") == 0


def test_phones_are_of_the_north_american_plan(classic):
    assert classic.one("select count(*) from truth_customers where not regexp_full_match(phone, "
                       "'[2-9][0-9]{2}-[2-9][0-9]{2}-[0-9]{4}')") == 0
    assert classic.one("select count(distinct phone) / count(*) from truth_customers") > 0.95


def test_everybody_is_18_to_80_years_old_and_all_ages_are_there(classic):
    ages = dict(classic.all(f"select date_sub('year', date_of_birth, {AS_OF}) age, count(*) "
                            "from truth_customers group by 1"))
    assert set(ages) == set(range(18, 81))


def test_registration_is_within_the_last_five_years_and_activity_within_the_last_one(classic):
    first, last = classic.one("select min(registration_date), max(registration_date) from records")
    assert (str(first), str(last)) >= ("2021-01-01", "2025-12-31")
    assert str(last) <= "2026-01-01"
    first, last = classic.one("select min(last_activity_date), max(last_activity_date) from records")
    assert str(first) >= "2025-01-01" and str(last) <= "2026-01-01"


def test_nobody_was_active_before_registration(classic):
    assert classic.one("select count(*) from records "
                       "where last_activity_date < registration_date") == 0


def test_income_is_within_its_range_skewed_and_agrees_with_the_level_of_the_job(listed):
    low, high, mean, median = listed.one(
        "select min(annual_income), max(annual_income), avg(annual_income), "
        "median(annual_income) from truth_customers")
    assert low >= 30_000 and high <= 200_000 and high > 150_000
    assert mean > median, "a long tail to the right"
    levels = listed.all("""select level::int, avg(annual_income), corr(level::int, annual_income)
        from truth_customers t join list_jobs j on t.job_title = j.title group by 1 order by 1""")
    means = [m for _, m, _ in levels]
    assert len(means) >= 4 and means == sorted(means)
    assert listed.one("""select corr(level::int, annual_income)
        from truth_customers t join list_jobs j on t.job_title = j.title""") > 0.7


def test_every_job_title_is_of_the_list(listed):
    assert listed.one("select count(*) from truth_customers t anti join list_jobs j "
                      "on t.job_title = j.title") == 0


def test_names_are_of_the_lists_and_weighted_by_frequency(listed):
    for column, table in (("first_name", "list_first_names"), ("last_name", "list_last_names")):
        assert listed.one(f"select count(*) from truth_customers t anti join {table} l "
                          f"on t.{column} = l.name") == 0
    people = listed.one("select count(*) from truth_customers")
    rows = listed.all("""select name, sum(weight::bigint) / sum(sum(weight::bigint)) over () as share
        from list_last_names group by name order by share desc limit 10""")
    for name, share in rows:
        found = listed.one(f"select count(*) from truth_customers where last_name = '{name}'")
        assert near(found, people, float(share)), (name, found / people, share)


def test_about_half_of_the_customers_have_a_name_of_either_gender(listed):
    """51% women: a name that only one gender has tells it. Within one point."""
    women, men = listed.one("""
        with g as (select name, min(gender) a, max(gender) b from list_first_names group by name)
        select count(*) filter (a = 'F' and b = 'F'), count(*) filter (a = 'M' and b = 'M')
        from truth_customers t join g on t.first_name = g.name""")
    assert women + men > 150_000
    assert 0.46 < women / (women + men) < 0.56


def test_the_first_name_agrees_with_the_hidden_gender(session_synthmill, here):
    """A copy of the dataset that shows the gender."""
    import duckdb
    from helpers.command import REPOSITORY
    text = (REPOSITORY / "datasets" / "mdm.yaml").read_text()
    assert text.count("gender: {kind: choice, values: {F: 0.51, M: 0.49}, hidden: true") == 1
    text = text.replace("values: {F: 0.51, M: 0.49}, hidden: true", "values: {F: 0.51, M: 0.49}")
    (here / "shown.yaml").write_text(text)
    session_synthmill("generate", here / "shown.yaml", "--total-records", "80000", "--tables", "erp",
                      "--truth", "--to", here / "out", "--quiet")
    pairs = values("first_names", "name", "gender")
    found = duckdb.sql(f"select first_name, gender, count(*) from "
                       f"'{here}/out/truth_customers/*.parquet' group by all").fetchall()
    assert found and all((name, gender) in pairs for name, gender, _ in found)
    women = sum(n for _, gender, n in found if gender == "F")
    assert near(women, 20_000, 0.51)


def test_the_full_name_is_first_and_last_name(classic, clean):
    for made in (classic, clean):
        for table in ("truth_customers", "records"):
            assert made.one(f"select count(*) from {table} "
                            "where full_name <> first_name || ' ' || last_name") == 0


def test_the_full_name_of_hard_records_holds_both_names_too(hard):
    assert hard.one("select count(*) from records "
                    "where full_name <> first_name || ' ' || last_name") == 0


def test_the_email_is_derived_from_the_name(classic):
    """The mailbox holds the last name and the first name or its initial; several domains."""
    letters = "regexp_replace(lower({}), '[^a-z]', '', 'g')"
    first, last = letters.format("first_name"), letters.format("last_name")
    mailbox = "split_part(email, '@', 1)"
    wrong = classic.one(f"""select count(*) from truth_customers
        where not (regexp_full_match({mailbox}, '[a-z]+[._]?[a-z]+[0-9]*')
                   and contains({letters.format(mailbox)}, {last})
                   and (contains({letters.format(mailbox)}, {first})
                        or starts_with({mailbox}, {first}[1:1])))""")
    assert wrong == 0
    domains = dict(classic.all("select split_part(email, '@', 2), count(*) "
                               "from truth_customers group by 1"))
    assert len(domains) >= 4 and all("." in d for d in domains)


def test_addresses_are_one_line_of_number_street_and_type_a_quarter_with_a_unit(listed):
    units, wrong, people = listed.one("""
        select count(*) filter (regexp_matches(address, ' (Apt|Apartment|Suite) [0-9]+$')),
               count(*) filter (not regexp_full_match(address,
                   '[1-9][0-9]* .+ [A-Z][a-z]+( (Apt|Apartment|Suite) [0-9]+)?')), count(*)
        from truth_customers""")
    assert wrong == 0 and near(units, people, 0.25)


def test_segments_and_activity_have_their_shares(classic):
    people = classic.one("select count(*) from truth_customers")
    assert near(classic.one("select count(*) from truth_customers where is_active"), people, 0.75)
    segments = dict(classic.all("select customer_segment, count(*) from truth_customers group by 1"))
    assert set(segments) == {"Premium", "Standard", "Basic"}
    assert min(segments.values()) > 0.1 * people


@pytest.mark.parametrize("table, column, allowed", [
    (CRM, "lead_source", {"Website", "Referral", "Cold Call", "Trade Show"}),
    (CRM, "deal_stage", {"Prospect", "Qualified", "Proposal", "Closed Won", "Closed Lost"}),
    (ERP, "payment_terms", {"Net 30", "Net 60", "COD", "Prepaid"}),
    (ERP, "account_status", {"Active", "Suspended", "Closed"}),
    (SHOP, "preferred_category", {"Electronics", "Clothing", "Books", "Home", "Sports"})])
def test_the_columns_of_one_system_have_their_words(classic, table, column, allowed):
    counts = dict(classic.all(f"select {column}, count(*) from {table} group by 1"))
    assert set(counts) == allowed


def test_numbers_of_one_system_are_within_their_ranges(classic):
    assert classic.one(f"select min(credit_limit) >= 1000 and max(credit_limit) <= 50000 "
                       f"and count(distinct credit_limit) > 50 from {ERP}")
    assert classic.one(f"select min(total_orders) = 1 and max(total_orders) = 50 from {SHOP}")
    assert classic.one(f"select min(total_spent) >= 50 and max(total_spent) <= 5000 from {SHOP}")


def test_what_was_spent_agrees_with_the_orders(classic):
    assert classic.one(f"select count(*) from {SHOP} "
                       "where total_spent not between 50 * total_orders and 100 * total_orders") == 0
    assert classic.one(f"select corr(total_orders, total_spent) from {SHOP}") > 0.9


def test_half_of_the_shops_customers_opted_in(classic):
    yes, rows = classic.one(f"select count(*) filter (marketing_opt_in), count(*) from {SHOP}")
    assert near(yes, rows, 0.5)


def test_the_sales_rep_is_a_person(listed):
    assert listed.one(f"""select count(*) from {CRM} c
        anti join list_first_names f on split_part(c.sales_rep, ' ', 1) = f.name""") == 0


def test_required_columns_have_no_nulls_and_only_three_columns_have_some(hard, classic):
    for made in (classic, hard):
        columns = [c[0] for c in made.db.execute("describe records").fetchall()]
        counts = made.one("select " + ", ".join(f"count(*) - count({c})" for c in columns) +
                          " from records")
        assert {c for c, n in zip(columns, counts) if n} == {"phone", "company", "job_title"}


def test_households_share_address_and_surname_when_noise_is_hard(hard, classic):
    """A quarter of the customers live with another (--households 0.25); by chance next to none."""
    query = """select coalesce(sum(n), 0) from (select count(*) n from truth_customers
               group by last_name, address, zip_code having count(*) > 1)"""
    assert near(hard.one(query), 100_000, 0.25, sigmas=8)
    assert classic.one(query) < 20


def test_members_of_a_household_are_different_people(hard):
    same, pairs = hard.one("""
        select count(*) filter (a.first_name = b.first_name and a.date_of_birth = b.date_of_birth),
               count(*) from truth_customers a join truth_customers b
        using (last_name, address, zip_code) where a.customer_id < b.customer_id""")
    assert pairs > 10_000 and same < 0.001 * pairs


def test_namesakes_are_born_the_same_year_but_are_others(hard, classic):
    """Customers with a namesake of the same year beyond those that chance gives: about 4%."""
    query = """select coalesce(sum(n), 0) / (select count(*) from truth_customers)
               from (select count(*) n from truth_customers
                     group by full_name, year(date_of_birth) having count(*) > 1)"""
    by_chance = classic.one("""select coalesce(sum(n), 0) / 100000 from (select count(*) n
        from truth_customers where substr(customer_id, 6)::int <= 100000
        group by full_name, year(date_of_birth) having count(*) > 1)""")
    assert 0.03 < hard.one(query) - by_chance < 0.06
    same_day, pairs = hard.one("""
        select count(*) filter (a.date_of_birth = b.date_of_birth), count(*)
        from truth_customers a join truth_customers b using (full_name)
        where year(a.date_of_birth) = year(b.date_of_birth) and a.customer_id < b.customer_id
          and a.zip_code <> b.zip_code""")
    assert pairs > 1_000
    # A namesake born on the very same day is no other person to any matcher.
    assert same_day < 0.05 * pairs
