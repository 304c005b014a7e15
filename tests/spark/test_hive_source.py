"""copy from hive://: the rows that readers of a metastore's tables see, whoever wrote them."""
import datetime
import decimal
import json

import pytest

from services.hive_metastore import free_port

ORDERS = """
synthmill: 1
dataset: shop
as_of: 2026-01-31
tables:
  orders:
    rows: 900
    columns:
      Order_Id: {kind: sequence}
      Region:   {kind: choice, values: [EU, "a/b=c%d", US], null: 0.2}
      total:    {kind: decimal, precision: 9, scale: 2, min: 1, max: 99}
      ordered:  {kind: timestamp, from: as_of - 30d, to: as_of}
"""


def rows(path, query="SELECT * FROM '{}' ORDER BY ALL"):
    import duckdb
    return duckdb.sql("SET timezone = 'UTC';" + query.format(path)).fetchall()


@pytest.fixture
def orders(synthmill, here, metastore, database):
    """`orders("--load-date", D)` fills the database."""
    (here / "shop.yaml").write_text(ORDERS)

    def load(*more):
        return synthmill("generate", "./shop.yaml", "--to", f"{metastore.uri}/{database}",
                         "--location", "data", "--quiet", "--json", *more).json()
    return load


def test_all_partitions_are_read_with_their_columns(
        orders, synthmill, here, metastore, database, spark):
    for day in ("2026-01-30", "2026-01-31"):
        orders("--load-date", day, "--seed", day[-1])
    result = synthmill("copy", f"{metastore.uri}/{database}/orders", "all.parquet", "--json").json()
    assert result["rows_read"] == result["rows"] == 1800
    wanted = [tuple(r) for r in spark.sql(
        f"SELECT order_id, region, total, ordered, load_date FROM {database}.orders "
        "ORDER BY order_id, load_date").collect()]
    assert rows(here / "all.parquet",
                "SELECT * FROM '{}' ORDER BY order_id, load_date") == wanted
    assert {r[4] for r in wanted} == {datetime.date(2026, 1, 30), datetime.date(2026, 1, 31)}


def test_chosen_partitions_are_read_and_others_told_by_name(
        orders, synthmill, here, metastore, database):
    for day in ("2026-01-30", "2026-01-31"):
        orders("--load-date", day)
    table = f"{metastore.uri}/{database}/orders"
    for uri, args in ((f"{table}/load_date=2026-01-30", []), (f"{table}/2026-01-30", []),
                      (table, ["--load-date", "2026-01-30"])):
        synthmill("copy", uri, "one.parquet", "--write-mode", "overwrite", "--quiet", *args)
        assert rows(here / "one.parquet", "SELECT load_date, count(*) FROM '{}' GROUP BY 1") == [
            (datetime.date(2026, 1, 30), 900)]
    refused = synthmill("copy", f"{table}/load_date=2026-02-01", "no.parquet", code=2)
    assert "has no partition load_date=2026-02-01" in refused.err
    assert "load_date=2026-01-31, load_date=2026-01-30" in refused.err
    refused = synthmill("copy", f"{table}/day=2026-01-31", "no.parquet", code=2)
    assert "no partition column day" in refused.err and "load_date" in refused.err
    assert not (here / "no.parquet").exists()


def test_partitions_of_several_columns_are_chosen_by_some_of_them(
        orders, synthmill, here, metastore, database):
    orders("--partition-by", "Region")
    table = f"{metastore.uri}/{database}/orders"
    whole = synthmill("copy", table, "all.parquet", "--json").json()
    assert whole["rows"] == 900
    by_region = dict(rows(here / "all.parquet", "SELECT region, count(*) FROM '{}' GROUP BY 1"))
    assert set(by_region) == {"EU", "a/b=c%d", "US", None}
    for wanted, value in (("region=a%2Fb%3Dc%25d", "a/b=c%d"), ("REGION=US", "US"),
                          ("region=__HIVE_DEFAULT_PARTITION__", None)):
        result = synthmill("copy", f"{table}/{wanted}", "one.csv", "--write-mode", "overwrite",
                           "--json").json()
        assert result["rows"] == by_region[value]


def test_tables_that_spark_made_are_read(synthmill, here, metastore, database, spark):
    spark.sql(f"CREATE DATABASE {database}")
    spark.sql(f"CREATE TABLE {database}.t (id bigint, price decimal(9,2), tags array<string>, "
              f"m map<string,int>, s struct<a:int,b:date>, at timestamp) "
              f"PARTITIONED BY (day date, city string) STORED AS PARQUET")
    spark.sql(f"INSERT INTO {database}.t VALUES "
              "(1, 1.50, array('x'), map('k', 1), named_struct('a', 1, 'b', date'2026-01-01'), "
              " timestamp'2026-01-01 01:02:03.000004', date'2026-01-01', 'a/b é'), "
              "(2, null, null, null, null, null, date'2026-01-02', null)")
    synthmill("copy", f"{metastore.uri}/{database}/t", "out.parquet", "--quiet")
    assert rows(here / "out.parquet", "SELECT * FROM '{}' ORDER BY id") == [
        (1, decimal.Decimal("1.50"), ["x"], {"k": 1}, {"a": 1, "b": datetime.date(2026, 1, 1)},
         datetime.datetime(2026, 1, 1, 1, 2, 3, 4), datetime.date(2026, 1, 1), "a/b é"),
        (2, None, None, None, None, None, datetime.date(2026, 1, 2), None)]
    # Columns that were added later are null in older files; tables of Spark's own kind.
    spark.sql(f"ALTER TABLE {database}.t ADD COLUMNS (more string)")
    spark.sql(f"CREATE TABLE {database}.own (id int, Name string) USING parquet")
    spark.sql(f"INSERT INTO {database}.own VALUES (7, 'x')")
    synthmill("copy", f"{metastore.uri}/{database}", "all", "--quiet")
    assert rows(here / "all/t/*.parquet", "SELECT id, more FROM '{}' ORDER BY id") == [
        (1, None), (2, None)]
    assert rows(here / "all/own/*.parquet") == [(7, "x")]


@pytest.mark.parametrize("made, told", [
    ("STORED AS ORC", "are ORC"), ("STORED AS TEXTFILE", "are text"),
    ("STORED AS AVRO", "are Avro"), ("USING json", "are json")])
def test_tables_of_other_files_are_refused_by_name(
        synthmill, here, metastore, database, spark, made, told):
    spark.sql(f"CREATE DATABASE {database}")
    spark.sql(f"CREATE TABLE {database}.odd (id int) {made}")
    spark.sql(f"INSERT INTO {database}.odd VALUES (1)")
    refused = synthmill("copy", f"{metastore.uri}/{database}/odd", "out.csv", code=2)
    assert told in refused.err and "only Parquet is read" in refused.err
    assert not (here / "out.csv").exists()


def test_what_is_not_there_is_told_with_what_is(orders, synthmill, metastore, database, spark):
    orders()
    uri = f"{metastore.uri}/{database}"
    refused = synthmill("copy", f"{uri}/order", "out.csv", code=2)
    assert "no table order" in refused.err and "orders" in refused.err
    refused = synthmill("copy", f"{uri}x/orders", "out.csv", code=2)
    assert f"no database {database}x" in refused.err and database in refused.err
    spark.sql(f"CREATE TABLE {database}.empty (id int) PARTITIONED BY (d int) STORED AS PARQUET")
    assert "has no partition yet" in synthmill("copy", f"{uri}/empty", "out.csv", code=2).err
    spark.sql(f"CREATE VIEW {database}.v AS SELECT 1 AS a")
    assert "is a view" in synthmill("copy", f"{uri}/v", "out.csv", code=2).err
    refused = synthmill("copy", f"hive://127.0.0.1:{free_port()}/{database}/orders", "out.csv",
                        code=2)
    assert "no Hive metastore answers" in refused.err


def test_a_table_is_copied_from_one_database_to_another(
        orders, synthmill, here, metastore, database, client, spark):
    orders("--load-date", "2026-01-30")
    result = synthmill("copy", f"{metastore.uri}/{database}/orders",
                       f"{metastore.uri}/{database}_b", "--columns", "order_id,total", "--location",
                       "copied", "--load-date", "2026-01-30", "--json").json()
    assert result["rows"] == 900
    assert spark.sql(f"SELECT count(*), sum(total) FROM {database}_b.orders").collect() == \
        spark.sql(f"SELECT count(*), sum(total) FROM {database}.orders").collect()
    checked = synthmill("verify", f"{metastore.uri}/{database}_b", "--location", "copied",
                        "--json").json()
    assert checked["ok"] and checked["tables"][0]["rows"] == 900


def test_the_plan_of_a_copy_shows_the_tables_columns(orders, synthmill, metastore, database):
    orders("--partition-by", "Region")
    plan = json.loads(synthmill("plan", "copy", f"{metastore.uri}/{database}/orders", "out",
                                "--json").text)
    assert [c["name"] for c in plan["tables"][0]["columns"]] == [
        "order_id", "total", "ordered", "region"]
