"""The truth explains every difference between a record and its customer, and nothing else."""
import pytest

from helpers.pairs import all_joins, codes_of
from helpers.tables import BASE_COLUMNS, PERSON

PROFILES = ["classic", "hard", "clean"]
TEXT = {"is_active": "case when {0} then 'true' when not {0} then 'false' end"}


@pytest.fixture(params=PROFILES)
def made(request):
    return request.getfixturevalue(request.param)


def differences(db):
    """One row per cell of a record that differs from the clean customer, as text."""
    parts = []
    for column in PERSON:
        text = TEXT.get(column, "{0}::varchar")
        parts.append(f"select record_id, '{column}' as column_name, "
                     f"{text.format('t.' + column)} as clean_value, "
                     f"{text.format('r.' + column)} as dirty_value "
                     f"from records r join truth_customers t using (customer_id) "
                     f"where r.{column} is distinct from t.{column}")
    db.execute("create or replace temp table differences as " + " union all ".join(parts))


def test_the_changes_are_all_differences_and_nothing_else(made):
    differences(made.db)
    found = made.one("select count(*) from differences")
    unexplained, invented, misquoted = made.one("""
        select count(*) filter (c.record_id is null), count(*) filter (d.record_id is null),
               count(*) filter (c.record_id is not null and d.record_id is not null and
                    (c.clean_value is distinct from d.clean_value or
                     c.dirty_value is distinct from d.dirty_value))
        from differences d full outer join truth_changes c using (record_id, column_name)""")
    assert (unexplained, invented, misquoted) == (0, 0, 0), f"of {found} differences"
    assert made.one("select count(*) from truth_changes") == found


def test_a_cell_has_one_row_of_changes(made):
    assert made.one("select count(*) = count(distinct (record_id, column_name)) "
                    "from truth_changes")


def test_every_change_names_rules_of_the_profile_in_their_order(made):
    order = [n["rule"] for n in made.result["noise"]]
    for noise, in made.all("select distinct noise from truth_changes"):
        rules = noise.split("+")
        assert rules and set(rules) <= set(order), noise
        assert rules == sorted(rules, key=order.index), noise


def test_no_change_has_equal_values(made):
    assert made.one("select count(*) from truth_changes "
                    "where clean_value is not distinct from dirty_value") == 0


def test_a_changed_name_has_a_row_for_the_full_name_too(made):
    lonely = made.one("""select count(*) from truth_changes a
        where column_name in ('first_name', 'last_name') and not exists (
          select 1 from truth_changes b where b.record_id = a.record_id
          and b.column_name = 'full_name')
        and not exists (select 1 from records r join truth_customers t using (customer_id)
                        where r.record_id = a.record_id and r.full_name = t.full_name)""")
    assert lonely == 0


def test_the_records_of_the_truth_are_those_of_the_tables(made):
    columns = "record_id, source_system, customer_id"
    missing = made.one(f"select count(*) from (select {columns} from records except "
                       f"select {columns} from truth_records)")
    extra = made.one(f"select count(*) from (select {columns} from truth_records except "
                     f"select {columns} from records)")
    assert (missing, extra) == (0, 0)
    assert made.one("select count(*) = count(distinct record_id) from truth_records")


def test_the_truth_holds_all_customers_also_those_without_a_record(made):
    without = made.one("select count(*) from truth_customers t "
                       "where customer_id not in (select customer_id from truth_records)")
    customers = made.one("select count(*) from truth_customers")
    assert abs(without / customers - 0.2 * 0.3 * 0.4) < 0.003
    assert made.one("select count(*) = count(distinct customer_id) from truth_customers")


def test_the_columns_that_noise_never_touches_are_as_in_the_truth(made):
    for column in ("customer_segment", "is_active"):
        assert made.one(f"select count(*) from records r join truth_customers t "
                        f"using (customer_id) where r.{column} is distinct from t.{column}") == 0


# --- How hard it is ------------------------------------------------------------------------------

JOINABLE = [c for c in BASE_COLUMNS if c not in ("customer_id", "source_id", "record_id")]
MOST_RECALL, LEAST_PRECISION = 0.75, 0.95


def best_joins(made, names=JOINABLE):
    """(columns, recall, precision) of every equality join on three or fewer columns that finds more
    than 75% of the true pairs. Over all pairs of records of a customer, across and within tables."""
    table = made.db.execute("select * from records").to_arrow_table()
    columns = {name: codes_of(table[name]) for name in names}
    joins = all_joins(columns, codes_of(table["customer_id"]), 3, MOST_RECALL)
    return [j for j in joins if j[1] > MOST_RECALL]


def test_no_equality_join_on_three_columns_solves_hard_noise(hard):
    easy = [(names, round(recall, 4), round(precision, 4))
            for names, recall, precision in best_joins(hard) if precision >= LEAST_PRECISION]
    assert easy == []


def test_the_count_of_joins_finds_an_easy_one_in_clean_data(clean):
    """The test above can fail: without noise, e-mail and birth date give the answer away."""
    joins = best_joins(clean, ["email", "date_of_birth", "state", "last_name"])
    found = {names: (recall, precision) for names, recall, precision in joins}
    recall, precision = found[("email", "date_of_birth")]
    assert recall == 1.0 and precision > 0.999


def test_counting_pairs_by_groups_gives_what_a_join_gives(hard):
    """all_joins against DuckDB's own join, on a few keys."""
    table = hard.db.execute("select * from records where substr(customer_id, 6)::int <= 5000 "
                            ).to_arrow_table()
    hard.db.register("first_records", table)
    columns = {name: codes_of(table[name]) for name in ("email", "last_name", "zip_code", "phone")}
    counted = {names: (recall, precision)
               for names, recall, precision in all_joins(columns, codes_of(table["customer_id"]))}
    pairs = "from first_records a join first_records b on a.record_id < b.record_id"
    true_pairs = hard.one(f"select count(*) {pairs} and a.customer_id = b.customer_id")
    for names in (("email",), ("phone",), ("last_name", "zip_code"),
                  ("email", "last_name", "zip_code")):
        on = " and ".join(f"a.{n} = b.{n}" for n in names)
        found, right = hard.one("select count(*), count(*) filter (a.customer_id = "
                                f"b.customer_id) {pairs} and {on}")
        assert counted[names] == pytest.approx((right / true_pairs, right / found))
