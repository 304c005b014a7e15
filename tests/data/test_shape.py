"""How many rows, copies and ids there are. 200,000 customers."""
import pytest

from made import CUSTOMERS
from helpers.statistics import SIGMAS, correlation
from helpers.tables import CRM, ERP, SHOP, SYSTEMS

BLOCK = 1024
COVERAGE = {"crm": 0.80, "erp": 0.70, "ecommerce": 0.60}
COPIES = {"crm": {1: 0.85, 2: 0.15}, "erp": {1: 1.0}, "ecommerce": {1: 0.75, 2: 0.20, 3: 0.05}}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_system_covers_exactly_its_share_of_every_whole_block_of_customers(classic, system):
    """Entities before x cover floor(q x) at multiples of 1,024."""
    blocks = dict(classic.all(
        f"select (substr(customer_id, 6)::bigint - 1) // {BLOCK}, count(distinct customer_id) "
        f"from {SYSTEMS[system]} group by 1"))
    numerator = round(COVERAGE[system] * 100)
    floor = lambda x: numerator * x // 100
    whole = CUSTOMERS // BLOCK
    assert len(blocks) == whole + (1 if CUSTOMERS % BLOCK else 0)
    for block in range(whole):
        wanted = floor((block + 1) * BLOCK) - floor(block * BLOCK)
        assert blocks[block] == wanted, (system, block)


@pytest.mark.parametrize("system", SYSTEMS)
def test_the_covered_share_of_all_customers_is_exact_to_a_block(classic, system):
    covered = classic.one(f"select count(distinct customer_id) from {SYSTEMS[system]}")
    assert abs(covered - COVERAGE[system] * CUSTOMERS) < 20


@pytest.mark.parametrize("system", SYSTEMS)
def test_copies_have_their_shares_by_quota(classic, system):
    counts = dict(classic.all(
        f"select n, count(*) from (select count(*) n from {SYSTEMS[system]} group by customer_id) "
        "group by n"))
    covered = sum(counts.values())
    assert set(counts) == set(COPIES[system])
    for n, share in COPIES[system].items():
        # A quota over the covered rank: off by less than one in each block of 1,024 of them.
        assert abs(counts[n] - share * covered) < 100, (system, n, counts)


def test_a_customer_has_2_40_records_on_average(classic):
    assert abs(classic.one("select count(*) from records") / CUSTOMERS - 2.40) < 0.0005


def test_which_systems_know_a_customer_is_independent(classic):
    """The three systems choose on their own: shares multiply. 4 sigma of 200,000 draws."""
    for a, b in (("crm", "erp"), ("crm", "ecommerce"), ("erp", "ecommerce")):
        both = classic.one(f"select count(*) from (select customer_id from {SYSTEMS[a]} intersect "
                           f"select customer_id from {SYSTEMS[b]})")
        share = COVERAGE[a] * COVERAGE[b]
        assert abs(both - share * CUSTOMERS) < SIGMAS * (share * (1 - share) * CUSTOMERS) ** 0.5


def test_record_ids_are_uuids_unique_over_all_tables(classic):
    rows, distinct, formed = classic.one(
        "select count(*), count(distinct record_id), count(*) filter (regexp_full_match(record_id, "
        "'[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}')) from records")
    assert rows == distinct == formed


@pytest.mark.parametrize("table, column, pattern", [
    (CRM, "source_id", "CRM_[0-9]{9,}"), (ERP, "source_id", "ERP_[0-9]{9,}"),
    (SHOP, "source_id", "EC_[0-9]{9,}"), (ERP, "account_number", "ACC[0-9]+")])
def test_ids_of_a_system_are_unique_and_formed(classic, table, column, pattern):
    rows, distinct, formed = classic.one(
        f"select count(*), count(distinct {column}), "
        f"count(*) filter (regexp_full_match({column}, '{pattern}')) from {table}")
    assert rows == distinct == formed


@pytest.mark.parametrize("table, column", [
    (CRM, "source_id"), (ERP, "source_id"), (SHOP, "source_id"), (ERP, "account_number")])
def test_ids_do_not_grow_with_the_customer(classic, table, column):
    """Correlation within 4 / sqrt(n) of zero, with the customer and with the row's place."""
    number = f"regexp_extract({column}, '[0-9]+$')::double"
    rows = classic.one(f"select count(*) from {table}")
    limit = SIGMAS / rows ** 0.5
    by_customer = f"select {number} as a, substr(customer_id, 6)::double as b from {table}"
    assert abs(correlation(classic.db, by_customer)) < limit
    by_place = f"select {number} as a, row_number() over ()::double as b from {table}"
    assert abs(correlation(classic.db, by_place)) < limit


def test_ids_of_two_systems_do_not_follow_each_other(classic):
    number = "regexp_extract({}.source_id, '[0-9]+$')::double"
    query = (f"select {number.format('c')} as a, {number.format('e')} as b "
             f"from {CRM} c join {ERP} e using (customer_id)")
    assert abs(correlation(classic.db, query)) < SIGMAS / classic.one(
        f"select count(*) from {CRM} join {ERP} using (customer_id)") ** 0.5


def test_customer_ids_are_numbers_padded_to_five_digits(classic):
    first, last, count = classic.one(
        "select min(customer_id), max(substr(customer_id, 6)::int), count(*) from truth_customers")
    assert (first, last, count) == ("CUST_00001", CUSTOMERS, CUSTOMERS)


def test_the_source_system_is_the_table(classic):
    for system, table in SYSTEMS.items():
        assert classic.all(f"select distinct source_system from {table}") == [(system,)]


def test_copies_of_a_customer_do_not_lie_beside_each_other(classic):
    """Rows within 3 places of a copy in the same file: fewer than 2% of the copies (a block of
    about 1,000 rows shuffled gives 0.6%)."""
    for table in (CRM, SHOP):
        near, copies = classic.one(f"""
            with r as (select customer_id, filename, file_row_number as place
                       from read_parquet('{classic.folder}/{table}/*.parquet', filename = true,
                                         file_row_number = true))
            select count(*) filter (abs(a.place - b.place) <= 3), count(*)
            from r a join r b on a.customer_id = b.customer_id and a.filename = b.filename
                 and a.place < b.place""")
        assert copies > 20_000 and near < 0.02 * copies, (table, near, copies)


def test_copies_of_a_customer_never_share_record_or_source_id(classic):
    for table in SYSTEMS.values():
        shared = classic.one(f"""select count(*) from {table} a join {table} b
            on a.customer_id = b.customer_id
            where a.record_id <> b.record_id and a.source_id = b.source_id""")
        assert shared == 0


@pytest.mark.parametrize("profile, least", [("classic", 0.80), ("hard", 0.97)])
def test_two_copies_of_a_customer_differ_in_most_cases(request, profile, least):
    """In at least one column of the person. By the rates of classic noise, two records are alike
    with probability about 0.15: (0.70 x 0.70 + …) over the six rules."""
    made = request.getfixturevalue(profile)
    person = ["first_name", "last_name", "full_name", "email", "phone", "address", "city", "state",
              "zip_code", "date_of_birth", "company", "job_title", "annual_income"]
    same = " and ".join(f"a.{c} is not distinct from b.{c}" for c in person)
    for table in (CRM, SHOP):
        alike, pairs = made.one(f"""select count(*) filter ({same}), count(*) from {table} a
            join {table} b on a.customer_id = b.customer_id and a.record_id < b.record_id""")
        assert pairs > 5_000 and alike < (1 - least) * pairs, (table, alike / pairs)
