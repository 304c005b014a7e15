"""Tables that refer to each other: DuckDB checks every key, however the data were cut and written."""
import collections

import duckdb
import pytest

SHOP = """\
synthmill: 1
dataset: shop
parameters:
  rows: {type: int, default: 2000, min: 0}
tables:
  customers:
    rows: rows
    primary_key: [id]
    unique: [[email]]
    columns:
      id: {kind: unique_id, prefix: C, digits: 6, required: true}
      first: {kind: list, list: first_names, value: name}
      email: {kind: template, template: "{first|lower}@example.com", max_length: 30, required: true}
      boss: {kind: reference, table: customers, column: id}
      favourite: {kind: reference, table: products, column: sku, null: 0.3}
      last_order: {kind: reference, table: orders, column: id, null: 0.2}
  products:
    rows: 300
    primary_key: [sku]
    columns:
      sku: {kind: pattern, pattern: "??-###", required: true}
      price: {kind: decimal, min: 1, max: 99}
      first_buyer: {kind: reference, table: customers, column: id}
  orders:
    rows: rows * 3
    primary_key: [id]
    unique: [[customer_id, number]]
    columns:
      id: {kind: sequence, start: 1000, required: true}
      customer_row: {kind: parent, table: customers, skew: zipf, required: true, hidden: true}
      customer_id: {kind: reference, from: customer_row, column: id, required: true}
      customer_email: {kind: reference, from: customer_row, column: email, required: true}
      number: {kind: int, min: 1, max: 1000000, required: true}
  items:
    rows: {per: orders, min: 1, max: 5}
    primary_key: [order_id, line]
    unique: [[order_id, sku]]
    columns:
      order_row: {kind: parent, table: orders, hidden: true}
      order_id: {kind: reference, from: order_row, column: id, required: true}
      customer_id: {kind: reference, from: order_row, column: customer_id, required: true}
      line: {kind: position, required: true}
      product_row: {kind: parent, table: products, required: true, hidden: true}
      sku: {kind: reference, from: product_row, column: sku, required: true}
      price: {kind: reference, from: product_row, column: price}
  likes:
    rows: rows * 2
    primary_key: [customer_id, sku]
    columns:
      customer_id: {kind: reference, table: customers, column: id, required: true}
      sku: {kind: reference, table: products, column: sku, required: true}
  profiles:
    rows: rows
    primary_key: [customer_id]
    columns:
      customer_id: {kind: reference, table: customers, column: id, required: true}
      invited_by: {kind: reference, table: profiles, column: customer_id, distinct: true}
"""

KEYS = {
    "customers": [["id"], ["email"]], "products": [["sku"]],
    "orders": [["id"], ["customer_id", "number"]],
    "items": [["order_id", "line"], ["order_id", "sku"]],
    "likes": [["customer_id", "sku"]], "profiles": [["customer_id"], ["invited_by"]]}
REFERENCES = [
    ("customers", ["boss"], "customers", ["id"]),
    ("customers", ["favourite"], "products", ["sku"]),
    ("customers", ["last_order"], "orders", ["id"]),
    ("products", ["first_buyer"], "customers", ["id"]),
    ("orders", ["customer_id", "customer_email"], "customers", ["id", "email"]),
    ("items", ["order_id", "customer_id"], "orders", ["id", "customer_id"]),
    ("items", ["sku", "price"], "products", ["sku", "price"]),
    ("likes", ["customer_id"], "customers", ["id"]),
    ("likes", ["sku"], "products", ["sku"]),
    ("profiles", ["customer_id"], "customers", ["id"]),
    ("profiles", ["invited_by"], "profiles", ["customer_id"])]


def connect(target, suffix="parquet"):
    db = duckdb.connect()
    db.execute("set threads to 2")
    for table in KEYS:
        db.execute(f"create view {table} as select * from '{target}/{table}/*.{suffix}'")
    return db


def check(db):
    for table, keys in KEYS.items():
        for columns in keys:
            present = " and ".join(f"{c} is not null" for c in columns)
            rows, distinct = db.execute(
                f"select count(*), count(distinct ({', '.join(columns)})) "
                f"from {table} where {present}").fetchone()
            assert rows == distinct, (table, columns)
    for child, columns, parent, referred in REFERENCES:
        present = " and ".join(f"c.{c} is not null" for c in columns)
        same = " and ".join(f"c.{a} = p.{b}" for a, b in zip(columns, referred))
        orphans = db.execute(f"select count(*) from {child} c anti join {parent} p on {same} "
                             f"where {present}").fetchone()[0]
        assert orphans == 0, (child, columns)


@pytest.fixture
def shop(here):
    (here / "shop.yaml").write_text(SHOP)
    return "./shop.yaml"


def test_every_key_and_every_reference_holds(synthmill, here, shop):
    result = synthmill("generate", shop, "--to", "out", "--json", "--quiet").json()
    rows = {t["table"]: t["rows"] for t in result["tables"]}
    assert rows["customers"] == 2000 and rows["orders"] == 6000 and rows["likes"] == 4000
    assert abs(rows["items"] - 18000) <= 3
    db = connect(here / "out")
    check(db)
    sizes = db.execute("select min(n), max(n), count(*) from "
                       "(select count(*) n from items group by order_id)").fetchone()
    assert sizes == (1, 5, 6000)
    assert db.execute("select count(*) from customers where boss is null").fetchone()[0] == 1
    shared = db.execute("select count(*) from customers where last_order is null").fetchone()[0]
    assert 320 < shared < 480


@pytest.mark.parametrize("rows", [1, 2, 1024, 30000])
def test_keys_hold_for_any_number_of_rows(synthmill, here, shop, rows):
    synthmill("generate", shop, "--rows", str(rows), "--tables",
              "customers,products,orders,items,profiles" if rows < 2 else ",".join(KEYS),
              "--to", "out", "--quiet")
    if rows < 2:
        db = duckdb.connect()
        for table in KEYS:
            db.execute(f"create view {table} as select * from "
                       f"'{here}/out/{table if table != 'likes' else 'customers'}/*.parquet'")
        assert db.execute("select count(*) from customers").fetchone() == (rows,)
        return
    check(connect(here / "out"))


def test_the_values_depend_on_neither_parts_threads_nor_format(synthmill, here, shop):
    def fingerprints(name, *flags):
        result = synthmill("generate", shop, "--rows", "9000", "--to", name, "--json", "--quiet",
                           *flags).json()
        return {t["table"]: t["fingerprint"] for t in result["tables"]}
    one = fingerprints("a", "--partitions", "1", "--threads", "1")
    assert fingerprints("b", "--partitions", "9", "--threads", "2") == one
    assert fingerprints("c", "--format", "csv", "--records-per-chunk", "777") == one
    assert fingerprints("d", "--tables", "items") == {"items": one["items"]}
    assert fingerprints("e", "--seed", "7") != one
    check(connect(here / "c", "csv"))


def test_zipf_is_zipf_and_no_skew_is_even(synthmill, here, shop):
    synthmill("generate", shop, "--rows", "1000", "--rows", "orders=100000",
              "--tables", "orders", "--to", "out", "--quiet")
    counts = collections.Counter(
        r[0] for r in duckdb.execute(
            f"select customer_id from '{here}/out/orders/*.parquet'").fetchall())
    most = [n for _, n in counts.most_common(10)]
    harmonic = sum(1 / k for k in range(1, 1001))
    for rank, n in enumerate(most, 1):
        expected = 100000 / harmonic / rank
        assert abs(n - expected) < 5 * expected ** 0.5, (rank, n, expected)


def test_rows_of_single_tables_are_given_by_name(synthmill, shop):
    def rows(*flags):
        plan = synthmill("plan", shop, "--json", *flags).json()
        return {t["table"]: t["rows"] for t in plan["tables"]}
    base = rows("--rows", "500")
    assert (base["customers"], base["orders"], base["products"]) == (500, 1500, 300)
    assert rows("--rows", "500", "--rows", "orders=1M")["orders"] == 1_000_000
    assert rows("--rows", "500,orders=7")["orders"] == 7
    assert rows("--rows", "items=4..4")["items"] == 24_000
    plan = synthmill("plan", shop, "--json").json()
    assert {t["table"]: t.get("per") for t in plan["tables"]}["items"] == "1..5 per orders"
    assert "1..5 per orders" in synthmill("plan", shop).text


def test_mistakes_in_rows_name_the_flag(synthmill, shop):
    for given, words in [("ordrs=5", "did you mean 'orders'?"), ("orders=x", "not a number of rows"),
                         ("items=9..3", "9 is more than 3"), ("likes=700000", "600,000 possible")]:
        result = synthmill("plan", shop, "--rows", given, code=2)
        assert words in result.err, result
    assert "rows of its own" in synthmill("plan", "mdm", "--rows", "5", code=2).err


def test_rows_are_part_of_what_a_run_is(synthmill, here, shop):
    synthmill("generate", shop, "--rows", "orders=100", "--to", "out", "--quiet")
    again = synthmill("generate", shop, "--rows", "orders=100", "--to", "out")
    assert "already complete" in again.err
    assert "rows" in synthmill("generate", shop, "--rows", "orders=101", "--to", "out", code=2).err


def test_rows_may_stand_in_the_environment_and_in_a_file(synthmill, here, shop):
    synthmill.variables["SYNTHMILL_ROWS"] = "orders=11"
    plan = synthmill("plan", shop, "--json").json()
    assert {t["table"]: t["rows"] for t in plan["tables"]}["orders"] == 11
    del synthmill.variables["SYNTHMILL_ROWS"]
    (here / "synthmill.yaml").write_text("rows: [400, orders=12]\n")
    plan = synthmill("plan", shop, "--json").json()
    rows = {t["table"]: t["rows"] for t in plan["tables"]}
    assert (rows["customers"], rows["orders"]) == (400, 12)


def test_chunks_are_parts_of_so_many_records(synthmill, here):
    (here / "t.yaml").write_text("synthmill: 1\ndataset: d\ntables:\n"
                                 "  t: {rows: 5, columns: {id: {kind: sequence}}}\n")
    synthmill("generate", "./t.yaml", "--chunks", "7", "--records-per-chunk", "333", "--to", "out",
              "--quiet")
    files = sorted((here / "out" / "t").iterdir())
    assert [f.name for f in files] == [f"part-{k:05}.parquet" for k in range(7)]
    for k, f in enumerate(files):
        assert duckdb.execute(f"select count(*), min(id) from '{f}'").fetchone() == (333, k * 333 + 1)
    result = synthmill("plan", "./t.yaml", "--chunks", "7", "--partitions", "8", code=2)
    assert "the same thing" in result.err
