"""The dataset retail agrees with itself: DuckDB adds up what the files say of each other."""
import pytest

from helpers.tables import open_tables

CUSTOMERS, TRANSACTIONS, PRODUCTS = 20_000, 100_000, 300


@pytest.fixture(scope="module")
def shop(session_synthmill, workshop):
    folder = workshop / "retail"
    session_synthmill("generate", "retail", "--num-customers", CUSTOMERS, "--num-transactions",
                      TRANSACTIONS, "--num-products", PRODUCTS, "--to", folder, "--quiet")
    return open_tables(folder)


def one(shop, query):
    return shop.execute(query).fetchone()


def test_it_has_exactly_the_rows_asked_for(shop):
    for table, rows in ("customers", CUSTOMERS), ("transactions", TRANSACTIONS), ("products", PRODUCTS):
        assert one(shop, f"select count(*) from {table}") == (rows,)


def test_a_customers_totals_are_the_sums_of_its_completed_transactions(shop):
    assert one(shop, """
        select count(*), sum(total_orders), sum(total_spent),
               count(*) filter (total_orders <> coalesce(n, 0)
                                or total_spent <> coalesce(spent, 0))
        from customers left join
             (select customer_id, count(*) as n, sum(amount) as spent from transactions
              where status = 'completed' group by customer_id) using (customer_id)""") == (
        CUSTOMERS, *one(shop, "select count(*), sum(amount) from transactions "
                              "where status = 'completed'"), 0)


def test_a_transactions_category_price_and_dates_are_those_of_its_product_and_customer(shop):
    assert one(shop, """
        select count(*), count(*) filter (t.product_category <> p.category
                                          or t.amount <> t.quantity * p.price),
               count(*) filter (t.timestamp < c.signup_date or t.timestamp < p.created_date)
        from transactions t join customers c using (customer_id) join products p using (product_id)
        """) == (TRANSACTIONS, 0, 0)


def test_keys_are_unique_and_values_in_their_ranges(shop):
    assert one(shop, """
        select count(distinct customer_id), min(customer_id), max(customer_id), min(age), max(age),
               min(signup_date) >= date '2024-01-02', max(signup_date) <= date '2025-12-31'
        from customers""") == (CUSTOMERS, 1, CUSTOMERS, 18, 80, True, True)
    assert one(shop, """
        select count(distinct transaction_id), min(timestamp) >= timestamp '2025-01-01',
               max(timestamp) < timestamp '2026-01-01', count(distinct payment_method),
               count(distinct status), count(distinct device), count(distinct browser),
               count(distinct location), bool_and(transaction_id similar to 'TXN_[0-9]{7}')
        from transactions""") == (TRANSACTIONS, True, True, 6, 4, 3, 4, 7, True)
    assert one(shop, """
        select count(distinct product_id), count(distinct category), min(price) >= 10,
               max(price) <= 2000, min(stock_quantity) >= 0, max(stock_quantity) <= 2000,
               count(distinct supplier), min(weight_kg) >= 0.1, max(weight_kg) <= 100,
               min(created_date) >= date '2021-01-02', max(created_date) <= date '2025-12-02'
        from products""") == (PRODUCTS, 8, True, True, True, True, 5, True, True, True, True)


def test_all_four_segments_are_well_filled(shop):
    """The shares that docs/retail.md states."""
    shares = one(shop, """
        select avg((total_spent > 3000)::int), avg((total_spent > 1500 and total_spent <= 3000)::int),
               avg((total_spent > 500 and total_spent <= 1500)::int)
        from customers""")
    for share, (least, most) in zip(shares, ((0.04, 0.12), (0.12, 0.22), (0.25, 0.35))):
        assert least < share < most, shares
    completed = one(shop, "select avg((status = 'completed')::int) from transactions")[0]
    assert abs(completed - 0.8) < 0.01


def test_some_customers_and_products_are_far_busier_than_others(shop):
    assert one(shop, """
        select sum(n) filter (r <= 0.1) / sum(n) between 0.25 and 0.4 from
          (select n, percent_rank() over (order by n desc) as r from
             (select count(*) as n from transactions group by customer_id))""") == (True,)


@pytest.mark.parametrize("args", [("--threads", 1), ("--partitions", 3), ("--format", "csv")])
def test_values_do_not_depend_on_how_they_are_made(synthmill, here, args):
    def fingerprint(*more):
        return synthmill("generate", "retail", "--num-transactions", 20_000, "--num-customers", 3000,
                         "--to", here / "_".join(map(str, more or ("plain",))), "--json", "--quiet",
                         *more).json()["fingerprint"]
    assert fingerprint(*args) == fingerprint()
