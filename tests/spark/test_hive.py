"""hive:// against a real metastore, read by Spark (its own Parquet reader and Hive's) and by an
independent Thrift client."""
import datetime
import json
import shutil
import socket
import threading

import pytest
from hmsclient import hmsclient

from helpers.faults import end, files_below, wait_until
from services.hive_metastore import HiveMetastore, free_port

SHOP = """
synthmill: 1
dataset: shop
as_of: 2026-01-31
parameters:
  orders: {type: int, default: 3000, min: 1, help: "number of orders"}
tables:
  orders:
    rows: orders
    columns:
      order_id: {kind: unique_id, prefix: O-, digits: 8, required: true, key: true, help: "who"}
      ordered:  {kind: timestamp, from: as_of - 30d, to: as_of - 1d, precision: second}
      due:      {kind: date, from: as_of, to: as_of + 30d, null: 0.1}
      quantity: {kind: int, type: int32, min: 1, max: 9, skew: low}
      price:    {kind: decimal, precision: 8, scale: 2, min: 0.99, max: 499.99, skew: low}
      total:    {kind: product, columns: [quantity, price], precision: 18, scale: 2}
      weight:   {kind: float, min: 0, max: 10, digits: 3}
      paid:     {kind: bool, share: 0.75}
      status:   {kind: choice, values: {shipped: 80, open: 15, cancelled: 5}}
      note:     {kind: text, min: 10, max: 60, null: 0.7}
"""
HIVE_TYPES = {"order_id": "string", "ordered": "timestamp", "due": "date", "quantity": "int",
              "price": "decimal(8,2)", "total": "decimal(18,2)", "weight": "double",
              "paid": "boolean", "status": "string", "note": "string"}


@pytest.fixture
def shop(here):
    (here / "shop.yaml").write_text(SHOP)
    return "./shop.yaml"


class Load:
    """`load("--load-date", D)`: generates the shop into the database, at here/data."""

    def __init__(self, synthmill, shop, metastore, database):
        self.synthmill = synthmill
        self.target = f"{metastore.uri}/{database}"
        self.args = ["generate", shop, "--to", self.target, "--location", "data", "--json",
                     "--quiet"]

    def __call__(self, *more, code=0):
        return self.synthmill(*self.args, *more, code=code)


@pytest.fixture
def load(synthmill, shop, metastore, database):
    return Load(synthmill, shop, metastore, database)


def partition_at(client, database, day, table="orders"):
    return client.get_partition(database, table, [day])


# What is made.

def test_it_makes_the_database_external_tables_and_partitions_of_the_spec(
        load, client, database, here):
    result = load().json()
    table = client.get_table(database, "orders")
    assert table.tableType == "EXTERNAL_TABLE" and table.parameters["EXTERNAL"] == "TRUE"
    assert {c.name: c.type for c in table.sd.cols} == HIVE_TYPES
    assert [c.comment for c in table.sd.cols if c.name == "order_id"] == ["who"]
    assert [(c.name, c.type) for c in table.partitionKeys] == [("load_date", "date")]
    assert client.get_database(database).locationUri == f"file:{here}/data"
    part = partition_at(client, database, "2026-01-31")  # the as-of day
    run = f"orders/load_date=2026-01-31/run={result['run_id']}"
    assert part.sd.location == f"file:{here}/data/{run}"
    files = [f for f in files_below(here / "data") if f.endswith(".parquet")]
    assert len(files) == 3 and all(f.startswith(run + "/") for f in files)
    assert part.parameters["numRows"] == "3000"
    assert int(part.parameters["totalSize"]) == sum(
        (here / "data" / f).stat().st_size for f in files)
    assert part.parameters["numFiles"] == "3"


def rows_of(spark, query):
    return [tuple(r) for r in spark.sql(query).collect()]


def expected(synthmill, shop, here, *more):
    """The same rows by another way: a folder of Parquet files, read by DuckDB."""
    import duckdb
    synthmill("generate", shop, "--to", "plain", "--quiet", *more)
    columns = ", ".join(f"{c}::timestamp AS {c}" if c == "ordered" else c for c in HIVE_TYPES)
    rows = duckdb.sql(f"SET timezone = 'UTC'; SELECT {columns} FROM "
                      f"'{here}/plain/orders/*.parquet' ORDER BY order_id").fetchall()
    return rows


def test_spark_reads_every_type(load, spark, database, synthmill, shop, here):
    load()
    got = rows_of(spark, f"SELECT {', '.join(HIVE_TYPES)} FROM {database}.orders ORDER BY order_id")
    assert got == expected(synthmill, shop, here)
    assert len(got) == 3000 and isinstance(got[0][1], datetime.datetime)
    assert rows_of(spark, f"SELECT DISTINCT load_date FROM {database}.orders") == [
        (datetime.date(2026, 1, 31),)]


def test_hives_own_reader_reads_every_type_with_hive_int96(
        load, spark, database, synthmill, shop, here):
    load("--hive-int96")
    spark.conf.set("spark.sql.hive.convertMetastoreParquet", "false")
    try:
        query = f"SELECT {', '.join(HIVE_TYPES)} FROM {database}.orders ORDER BY order_id"
        assert "Scan hive" in spark.sql(query)._jdf.queryExecution().toString()
        assert rows_of(spark, query) == expected(synthmill, shop, here)
    finally:
        spark.conf.set("spark.sql.hive.convertMetastoreParquet", "true")


def test_each_day_is_a_partition_of_its_own(load, client, spark, database):
    for day in ("2026-01-29", "2026-01-30"):
        load("--load-date", day)
    names = client.get_partition_names(database, "orders", -1)
    assert sorted(names) == ["load_date=2026-01-29", "load_date=2026-01-30"]
    assert rows_of(spark, f"SELECT load_date, count(*) FROM {database}.orders GROUP BY 1 ORDER BY 1"
                   ) == [(datetime.date(2026, 1, 29), 3000), (datetime.date(2026, 1, 30), 3000)]
    assert load("--load-date", "2026-01-29").json()["already_complete"]


def test_a_parameter_load_date_of_the_dataset_is_the_partition(
        synthmill, here, metastore, database, client):
    (here / "bank.yaml").write_text(SHOP.replace(
        "parameters:", "parameters:\n  load_date: {type: date, default: as_of - 1d, help: day}"))
    args = ["generate", "./bank.yaml", "--to", f"{metastore.uri}/{database}", "--location", "data",
            "--quiet"]
    synthmill(*args)
    synthmill(*args, "--load-date", "2026-02-03")
    names = client.get_partition_names(database, "orders", -1)
    assert sorted(names) == ["load_date=2026-01-30", "load_date=2026-02-03"]
    assert synthmill("generate", "./bank.yaml", "--to", "plain", "--load-date", "2026-02-04",
                     "--json", "--quiet").json()["rows"] == 3000


def test_tables_without_partitions_are_pointed_as_a_whole(load, client, spark, database, here):
    load("--load-date", "none")
    first = client.get_table(database, "orders")
    assert first.partitionKeys == [] and "/orders/run=" in first.sd.location
    assert rows_of(spark, f"SELECT count(*) FROM {database}.orders") == [(3000,)]
    refused = load("--load-date", "none", "--seed", "7", code=2)
    assert "--write-mode overwrite" in refused.err
    load("--load-date", "none", "--seed", "7", "--write-mode", "overwrite")
    second = client.get_table(database, "orders")
    assert second.sd.location != first.sd.location
    assert second.parameters["numRows"] == "3000"
    assert not (here / "data" / first.sd.location.split("/data/")[1]).exists()
    spark.catalog.refreshTable(f"{database}.orders")
    assert rows_of(spark, f"SELECT count(*) FROM {database}.orders") == [(3000,)]


# Write modes.

def test_overwrite_points_to_the_new_folder_and_removes_the_old_one(load, client, database, here):
    first = load().json()
    refused = load("--seed", "7", code=2)
    assert "--write-mode overwrite" in refused.err
    second = load("--seed", "7", "--write-mode", "overwrite").json()
    location = partition_at(client, database, "2026-01-31").sd.location
    assert location.endswith(f"run={second['run_id']}")
    runs = {p.name for p in (here / "data/orders/load_date=2026-01-31").iterdir()}
    assert runs == {f"run={second['run_id']}"} and first["run_id"] != second["run_id"]
    checked = load.synthmill("verify", load.target, "--location", "data", "--json").json()
    assert checked["ok"] and checked["fingerprint"] == second["fingerprint"]


def test_append_to_a_partition_that_has_rows_is_refused_and_to_a_new_day_is_not(load):
    load()
    refused = load("--seed", "7", "--write-mode", "append", code=2)
    assert "A partition has one folder" in refused.err and "--load-date" in refused.err
    load("--seed", "7", "--write-mode", "append", "--load-date", "2026-02-01")


def test_a_partition_somebody_else_made_is_not_replaced_unless_asked(
        load, client, spark, database, here):
    load("--load-date", "2026-01-01")
    other = here / "other"
    other.mkdir()
    (other / "file").write_text("theirs")
    spark.sql(f"ALTER TABLE {database}.orders ADD PARTITION (load_date='2026-01-02') "
              f"LOCATION '{other}'")
    refused = load("--load-date", "2026-01-02", code=2)
    assert "load_date=2026-01-02" in refused.err and str(other) in refused.err
    load("--load-date", "2026-01-02", "--write-mode", "overwrite")
    assert "run=" in partition_at(client, database, "2026-01-02").sd.location
    assert (other / "file").read_text() == "theirs"


def test_another_dataset_in_the_same_place_and_day_keeps_the_tables_it_does_not_write(
        load, client, database, here, synthmill, metastore):
    load()
    (here / "two.yaml").write_text(SHOP.replace("dataset: shop", "dataset: two").replace(
        "tables:\n  orders:", "tables:\n  returns:"))
    result = synthmill("generate", "./two.yaml", "--to", f"{metastore.uri}/{database}",
                       "--location", "data", "--write-mode", "overwrite")
    assert "leaves" in result.err
    assert sorted(client.get_all_tables(database)) == ["orders", "returns"]
    assert load.synthmill("verify", load.target, "--location", "data", "--json").json()["ok"]


# Refusals before work.

def assert_nothing_made(here):
    assert not [f for f in files_below(here / "data")] if (here / "data").exists() else True


def test_a_table_with_other_columns_is_refused_with_each_difference(
        load, spark, database, client, here):
    load("--load-date", "2026-01-01")
    client.drop_table(database, "orders", False)
    spark.sql(f"CREATE EXTERNAL TABLE {database}.orders (order_id string, ordered timestamp, "
              f"due string, quantity int, price decimal(9,2), total decimal(18,2), weight double, "
              f"paid boolean, status string, extra int) PARTITIONED BY (load_date string) "
              f"STORED AS PARQUET LOCATION '{here}/elsewhere'")
    refused = load("--load-date", "2026-01-02", code=2)
    for line in ("its column due is string, not date",
                 "its column price is decimal(9,2), not decimal(8,2)",
                 "it has no column note string", "it has a column extra int",
                 "its partition column load_date is string, not date"):
        assert line in refused.err, refused
    assert client.get_partition_names(database, "orders", -1) == []
    spark.sql(f"DROP TABLE {database}.orders")
    shutil.rmtree(here / "data/orders")  # Spark makes managed tables where nothing is
    spark.sql(f"CREATE TABLE {database}.orders (a int) USING csv")
    refused = load("--load-date", "2026-01-02", code=2)
    assert "MANAGED_TABLE" in refused.err and "its files are not Parquet" in refused.err
    spark.sql(f"DROP TABLE {database}.orders")
    spark.sql(f"CREATE VIEW {database}.orders AS SELECT 1 AS a")
    assert "it is a view" in load("--load-date", "2026-01-02", code=2).err
    spark.sql(f"DROP VIEW {database}.orders")


def test_a_missing_database_without_a_location_names_those_there(load, synthmill, shop, metastore):
    load()
    refused = synthmill("generate", shop, "--to", load.target[:-1] + "x", code=2)
    assert "no database" in refused.err and "did you mean" in refused.err
    assert "--location" in refused.err


def test_a_metastore_that_is_down_is_told_before_the_work(synthmill, shop, here):
    refused = synthmill("generate", shop, "--to", f"hive://127.0.0.1:{free_port()}/sales",
                        "--location", "data", code=2)
    assert "no Hive metastore answers at 127.0.0.1" in refused.err
    assert not (here / "data").exists()
    refused = synthmill("doctor", "--to", f"hive://127.0.0.1:{free_port()}/sales", code=1)
    assert "no Hive metastore answers" in refused.text


def test_another_services_port_is_told(synthmill, shop, here):
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        def answer():
            with server.accept()[0] as connection:
                connection.recv(100)
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        refused = synthmill("generate", shop, "--to",
                            f"hive://127.0.0.1:{server.getsockname()[1]}/sales",
                            "--location", "data", code=2)
        thread.join()
    assert "does not answer as a Hive metastore" in refused.err
    assert not (here / "data").exists()


@pytest.mark.parametrize("uri, why", [
    ("hive://127.0.0.1:9083", "names no database"), ("hive:///sales", "names no host"),
    ("hive://127.0.0.1:99999/sales", "not a number from 1 to 65535"),
    ("hive://127.0.0.1:9083/sal-es", "letters, digits and _"),
])
def test_an_address_that_cannot_be_is_told(synthmill, shop, uri, why):
    assert why in synthmill("generate", shop, "--to", uri, code=2).err


def test_a_location_on_another_machines_disk_is_refused(load, synthmill, shop):
    refused = synthmill("generate", shop, "--to", load.target, "--location",
                        "file://elsewhere.invalid/data", code=2)
    assert "another machine" in refused.err


def test_files_that_are_not_parquet_and_days_that_are_none_are_refused(load, here):
    assert "as Parquet, not as csv" in load("--format", "csv", code=2).err
    assert "is not a date" in load("--load-date", "tomorrow", code=2).err


def test_names_that_hive_cannot_take_are_refused_and_unusual_columns_are_read(
        synthmill, here, metastore, database, spark):
    for name in ("a b", "Zürich", 'quoted "name"'):
        (here / "odd.yaml").write_text(SHOP.replace(
            "  orders:\n    rows", f"  orders:\n    name: '{name}'\n    rows"))
        refused = synthmill("generate", "./odd.yaml", "--to", f"{metastore.uri}/{database}",
                            "--location", "data", code=2)
        assert "letters, digits and _" in refused.err
    (here / "odd.yaml").write_text(SHOP.replace(
        "  orders:\n    rows", "  orders:\n    name: Select\n    rows").replace(
        "status:", "Group:"))
    synthmill("generate", "./odd.yaml", "--to", f"{metastore.uri}/{database}",
              "--location", "data", "--quiet")
    assert rows_of(spark, f"SELECT count(`group`), count(DISTINCT order_id) "
                          f"FROM {database}.`select`") == [(3000, 3000)]


def test_a_column_called_as_the_partition_is_refused(synthmill, here, metastore, database):
    (here / "twice.yaml").write_text(SHOP.replace("due: ", "load_date: "))
    refused = synthmill("generate", "./twice.yaml", "--to", f"{metastore.uri}/{database}",
                        "--location", "data", code=2)
    assert "column load_date" in refused.err


# Faults.

LONG = ("--orders", "4000000", "--partitions", "40")


@pytest.fixture
def own_metastore(here):
    """One that a test may kill."""
    service = HiveMetastore(here / "own").start()
    yield service
    service.stop()


def start_until_a_part_is_done(synthmill, data, *args):
    process = synthmill.start(*args)
    wait_until(lambda: any(data.glob("_synthmill/*/runs/*/receipts/part-*.json")), process,
               "a part was finished")
    return process


def count_through(port, database, day):
    """Rows of the partition as the metastore tells and as its files hold."""
    import duckdb
    with hmsclient.HMSClient(host="127.0.0.1", port=port) as c:
        part = c.get_partition(database, "orders", [day])
    folder = part.sd.location.removeprefix("file:")
    files = duckdb.sql(f"SELECT count(*) FROM '{folder}/*.parquet'").fetchone()[0]
    return int(part.parameters["numRows"]), files


def test_a_metastore_that_dies_while_a_run_works_costs_nothing(
        synthmill, shop, here, own_metastore, database):
    args = ["generate", shop, "--to", f"{own_metastore.uri}/{database}", "--location", "data",
            "--json", "--quiet", *LONG]
    process = start_until_a_part_is_done(synthmill, here / "data", *args)
    own_metastore.kill()
    _, err = process.communicate(timeout=240)
    assert process.returncode == 2
    assert b"--resume" in err and b"metastore" in err
    refused = synthmill(*args, "--resume", code=2)  # it is still down
    assert "no Hive metastore answers" in refused.err
    own_metastore.start()
    with hmsclient.HMSClient(host="127.0.0.1", port=own_metastore.port) as c:
        assert c.get_partition_names(database, "orders", -1) == []  # nothing is visible
    result = synthmill(*args, "--resume").json()
    assert result["rows"] == 4000000
    assert count_through(own_metastore.port, database, "2026-01-31") == (4000000, 4000000)


def test_kills_at_many_moments_leave_nothing_that_resume_does_not_mend(
        load, client, database, here, metastore):
    whole = load.synthmill("generate", "./shop.yaml", "--to", "plain", "--json", "--quiet",
                           "--orders", "1500000").json()
    hit = 0
    for n in range(8):
        day = f"2026-02-{n + 1:02}"
        args = [*load.args, "--orders", "1500000", "--load-date", day]
        process = load.synthmill.start(*args)
        try:
            process.wait(timeout=0.1 + n * whole["seconds"] / 7)
        except Exception:
            pass
        end(process)
        hit += process.returncode == -9
        result = load.synthmill(*args, "--resume").json()
        assert result["fingerprint"] == whole["fingerprint"]
        assert count_through(metastore.port, database, day) == (1500000, 1500000)
        runs = [p.name for p in (here / f"data/orders/load_date={day}").iterdir()]
        assert len(runs) == 1
    assert hit >= 4, "the moments must hit work"
    assert not (here / "data/_synthmill/staging").exists()


def test_a_run_killed_between_its_files_and_the_metastore_is_completed_by_the_next(
        load, client, database, here, metastore):
    """The commit's last step is cut off: files are in place, nothing points there."""
    process = load.synthmill.start(*load.args, "--orders", "200000")
    place = here / "data/orders/load_date=2026-01-31"
    wait_until(lambda: place.exists() or process.poll() is not None, process, "files were moved")
    end(process)
    if process.returncode == -9:
        load("--orders", "200000", "--resume")
    assert count_through(metastore.port, database, "2026-01-31") == (200000, 200000)


def test_an_unfinished_day_is_left_alone_by_a_run_of_another(load, here, database, metastore):
    process = start_until_a_part_is_done(
        load.synthmill, here / "data", *load.args, *LONG, "--load-date", "2026-03-01")
    end(process)
    load("--load-date", "2026-03-02")
    result = load(*LONG, "--load-date", "2026-03-01", "--resume").json()
    assert result["rows_resumed"] > 0 and result["rows"] == 4000000


def test_a_partition_dropped_meanwhile_is_missed_by_verify_and_made_again(
        load, client, database, here):
    load()
    client.drop_partition(database, "orders", ["2026-01-31"], False)
    checked = load.synthmill("verify", load.target, "--location", "data", "--json", code=1).json()
    assert {b["reason"] for b in checked["bad_parts"]} == {"missing"}
    load("--write-mode", "overwrite")
    assert partition_at(client, database, "2026-01-31").parameters["numRows"] == "3000"
    assert load.synthmill("verify", load.target, "--location", "data", "--json").json()["ok"]


def test_the_databases_own_place_is_used_without_a_location(
        synthmill, shop, client, metastore, database, spark):
    spark.sql(f"CREATE DATABASE {database}")
    place = client.get_database(database).locationUri
    synthmill("generate", shop, "--to", f"{metastore.uri}/{database}", "--quiet")
    assert partition_at(client, database, "2026-01-31").sd.location.startswith(place + "/orders/")
    assert synthmill("verify", f"{metastore.uri}/{database}", "--json").json()["ok"]
    shutil.rmtree(place.removeprefix("file:"))


def test_two_writers_to_one_place_are_kept_apart(load, here, database):
    process = start_until_a_part_is_done(load.synthmill, here / "data", *load.args, *LONG)
    refused = load("--load-date", "2026-03-02", code=2)
    end(process)
    assert "is being written by another run" in refused.err


def test_the_plan_tells_the_guarantee(load):
    plan = json.loads(load.synthmill("plan", *load.args[1:-2], "--json").text)
    assert "points the partition" in plan["destination"]["guarantee"]
