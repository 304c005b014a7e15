"""Tables with partition columns of their own at hive://: dynamic partitions, pointed in one step."""
import datetime
import decimal
import json
import threading

import pytest
from hmsclient import hmsclient

from helpers.faults import end, files_below, wait_until
from helpers.hive import StoppingProxy

SALES = """
synthmill: 1
dataset: sales
as_of: 2026-01-31
parameters:
  sales: {type: int, default: 4000, min: 1, help: "number of sales"}
tables:
  sales:
    rows: sales
    partition_by: [day, region]
    columns:
      id:     {kind: unique_id, prefix: S-, digits: 8, required: true, key: true}
      region: {kind: choice, values: [EU, "a/b=c%d", "Zürich é", "x y:z", "#1"], null: 0.1}
      day:    {kind: date, from: as_of - 3d, to: as_of}
      amount: {kind: decimal, precision: 8, scale: 2, min: 1, max: 99}
"""
REGIONS = {"EU": "EU", "a/b=c%d": "a%2Fb%3Dc%25d", "Zürich é": "Zürich é", "x y:z": "x y%3Az",
           "#1": "%231", None: "__HIVE_DEFAULT_PARTITION__"}
DAYS = [datetime.date(2026, 1, day) for day in (28, 29, 30, 31)]


@pytest.fixture
def sales(here):
    (here / "sales.yaml").write_text(SALES)
    return "./sales.yaml"


@pytest.fixture
def load(synthmill, sales, metastore, database):
    target = f"{metastore.uri}/{database}"
    args = ["generate", sales, "--to", target, "--location", "data", "--json", "--quiet"]

    def run(*more, code=0, port=None):
        changed = [a.replace(str(metastore.port), str(port or metastore.port)) for a in args]
        return synthmill(*changed, *more, code=code)

    run.args, run.target, run.synthmill = args, target, synthmill
    return run


def partitions(client, database, table="sales"):
    """Location by values."""
    return {tuple(p.values): p.sd.location for p in client.get_partitions(database, table, -1)}


def counts(spark, database):
    return {(r[0], r[1]): r[2] for r in spark.sql(
        f"SELECT day, region, count(*) FROM {database}.sales GROUP BY 1, 2").collect()}


def plain(synthmill, sales, here, *more):
    """The same rows by another way: a folder without partitions, read by DuckDB."""
    import duckdb
    synthmill("generate", sales, "--to", "plain", "--quiet", "--write-mode", "overwrite", *more)
    return duckdb.sql(f"SELECT id, amount, day, region FROM read_parquet('{here}/plain/sales/**/"
                      "*.parquet', hive_partitioning = true, hive_types_autocast = false, "
                      "hive_types = {'day': date, 'region': varchar}) ORDER BY id").fetchall()


def test_each_value_of_the_tables_own_columns_is_a_partition(
        load, client, spark, database, synthmill, sales, here):
    result = load().json()
    run = f"run={result['run_id']}"
    table = client.get_table(database, "sales")
    assert [(k.name, k.type) for k in table.partitionKeys] == [("day", "date"),
                                                               ("region", "string")]
    assert [c.name for c in table.sd.cols] == ["id", "amount"]
    wanted = {(str(day), "__HIVE_DEFAULT_PARTITION__" if region is None else region):
              f"file:{here}/data/sales/day={day}/region={escaped}/{run}"
              for day in DAYS for region, escaped in REGIONS.items()}
    assert partitions(client, database) == wanted
    assert sum(int(p.parameters["numRows"]) for p in client.get_partitions(
        database, "sales", -1)) == 4000
    got = [tuple(r) for r in spark.sql(
        f"SELECT id, amount, day, region FROM {database}.sales ORDER BY id").collect()]
    assert got == plain(synthmill, sales, here)
    one = spark.sql(f"SELECT count(*) FROM {database}.sales WHERE day = date'2026-01-30' "
                    f"AND region = 'a/b=c%d'").collect()[0][0]
    assert one == sum(r[2] == datetime.date(2026, 1, 30) and r[3] == "a/b=c%d" for r in got)
    checked = synthmill("verify", load.target, "--location", "data", "--json").json()
    assert checked["ok"] and checked["fingerprint"] == result["fingerprint"]
    assert load().json()["already_complete"]


def test_partition_by_of_the_command_line_is_the_same(
        synthmill, here, metastore, database, client):
    (here / "flat.yaml").write_text(SALES.replace("    partition_by: [day, region]\n", ""))
    synthmill("generate", "./flat.yaml", "--to", f"{metastore.uri}/{database}", "--location",
              "data", "--partition-by", "region", "--quiet")
    assert {v[0] for v in partitions(client, database)} == {
        r or "__HIVE_DEFAULT_PARTITION__" for r in REGIONS}


def test_numbers_decimals_and_bools_are_partitions_of_their_type(
        synthmill, here, metastore, database, spark, client):
    (here / "typed.yaml").write_text("""
synthmill: 1
dataset: typed
as_of: 2026-01-31
tables:
  typed:
    rows: 400
    partition_by: [Year, price, ok]
    columns:
      id:    {kind: sequence}
      Year:  {kind: int, type: int16, min: -1, max: 1}
      price: {kind: choice, type: "decimal(6,2)", values: ["0.50", "12.25"]}
      ok:    {kind: bool, share: 0.5}
""".replace('{kind: choice, type: "decimal(6,2)", values: ["0.50", "12.25"]}',
            '{kind: decimal, precision: 3, scale: 1, min: 0.1, max: 0.3}'))
    result = synthmill("generate", "./typed.yaml", "--to", f"{metastore.uri}/{database}",
                       "--location", "data", "--quiet", "--json").json()
    assert [(k.name, k.type) for k in client.get_table(database, "typed").partitionKeys] == [
        ("year", "smallint"), ("price", "decimal(3,1)"), ("ok", "boolean")]
    rows = spark.sql(f"SELECT year, price, ok, count(*) FROM {database}.typed GROUP BY 1, 2, 3"
                     ).collect()
    assert sum(r[3] for r in rows) == result["rows"] == 400
    assert {r[0] for r in rows} == {-1, 0, 1} and {r[2] for r in rows} == {True, False}
    assert {r[1] for r in rows} == {decimal.Decimal(p) for p in ("0.1", "0.2", "0.3")}


def test_overwrite_touches_only_the_partitions_that_the_run_writes(
        load, client, spark, database, here, sales):
    load()
    before = partitions(client, database)
    old = counts(spark, database)
    text = (here / "sales.yaml").read_text()
    (here / "sales.yaml").write_text(text.replace("as_of - 3d, to: as_of", "as_of, to: as_of + 1d"))
    refused = load("--sales", "500", code=2)
    assert "--write-mode overwrite" in refused.err
    second = load("--sales", "500", "--write-mode", "overwrite").json()
    after = partitions(client, database)
    for values, location in after.items():
        if values[0] in ("2026-01-31", "2026-02-01"):
            assert location.endswith(f"run={second['run_id']}")
        else:
            assert location == before[values]
    spark.catalog.refreshTable(f"{database}.sales")
    now = counts(spark, database)
    assert {k: n for k, n in now.items() if k[0] < DAYS[3]} == {
        k: n for k, n in old.items() if k[0] < DAYS[3]}
    assert sum(n for k, n in now.items() if k[0] >= DAYS[3]) == 500
    # The folders that were replaced are gone, the others are there.
    runs = {f.split("/run=")[1].split("/")[0] for f in files_below(here / "data/sales")
            if "day=2026-01-31" in f}
    assert runs == {second["run_id"]}
    checked = load.synthmill("verify", load.target, "--location", "data", "--json").json()
    assert checked["ok"] and checked["tables"][0]["rows"] == 500


def test_append_adds_partitions_and_never_rows_to_one_that_is_there(
        load, client, spark, database, here):
    load()
    text = (here / "sales.yaml").read_text()
    (here / "sales.yaml").write_text(text.replace("as_of - 3d, to: as_of", "as_of, to: as_of + 1d"))
    refused = load("--sales", "500", "--write-mode", "append", code=2)
    assert "has rows already" in refused.err and "2026-01-31" in refused.err
    assert sum(counts(spark, database).values()) == 4000
    (here / "sales.yaml").write_text(
        text.replace("as_of - 3d, to: as_of", "as_of + 1d, to: as_of + 2d"))
    load("--sales", "500", "--seed", "8", "--write-mode", "append")
    spark.catalog.refreshTable(f"{database}.sales")
    assert sum(counts(spark, database).values()) == 4500
    checked = load.synthmill("verify", load.target, "--location", "data", "--json").json()
    assert checked["ok"] and checked["tables"][0]["rows"] == 4500


def test_a_table_partitioned_by_load_date_takes_day_after_day(
        synthmill, here, metastore, database, client, spark):
    (here / "bank.yaml").write_text("""
synthmill: 1
dataset: bank
as_of: 2026-01-31
parameters:
  load_date: {type: date, default: as_of, help: day}
tables:
  accounts:
    rows: 300
    partition_by: [load_date]
    columns:
      id:        {kind: sequence}
      load_date: {kind: date, from: load_date, to: load_date}
""")
    args = ["generate", "./bank.yaml", "--to", f"{metastore.uri}/{database}", "--location", "data",
            "--quiet", "--json"]
    synthmill(*args)
    synthmill(*args, "--load-date", "2026-02-01")
    assert synthmill(*args).json()["already_complete"]
    assert sorted(client.get_partition_names(database, "accounts", -1)) == [
        "load_date=2026-01-31", "load_date=2026-02-01"]
    assert spark.sql(f"SELECT count(*) FROM {database}.accounts").collect()[0][0] == 600
    refused = synthmill(*args, "--seed", "3", code=2)
    assert "--write-mode overwrite" in refused.err


def test_a_value_that_a_metastore_cannot_hold_ends_the_run_before_anything_shows(
        synthmill, here, metastore, database, client):
    (here / "long.yaml").write_text(f"""
synthmill: 1
dataset: long
as_of: 2026-01-31
tables:
  long:
    rows: 10
    partition_by: [name]
    columns:
      id:   {{kind: sequence}}
      name: {{kind: choice, values: ["{'x' * 257}"]}}
""")
    refused = synthmill("generate", "./long.yaml", "--to", f"{metastore.uri}/{database}",
                        "--location", "data", code=2)
    assert "a metastore holds 256" in refused.err
    assert client.get_partition_names(database, "long", -1) == []


def test_other_partition_columns_than_the_tables_are_refused(
        load, synthmill, here, metastore, database):
    load()
    (here / "other.yaml").write_text(SALES.replace("[day, region]", "[region, day]"))
    refused = synthmill("generate", "./other.yaml", "--to", f"{metastore.uri}/{database}",
                        "--location", "data", "--write-mode", "overwrite", code=2)
    assert "its partition columns are in another order: day, region, not region, day" in refused.err


# The one visible step, and what is left by kills around it.

def watch(port, database, stop, seen):
    """Sums of numRows and sets of runs as readers of the metastore find them, over and over."""
    with hmsclient.HMSClient(host="127.0.0.1", port=port) as c:
        while not stop.is_set():
            parts = c.get_partitions(database, "sales", -1)
            seen.append((sum(int(p.parameters["numRows"]) for p in parts),
                         frozenset(p.sd.location.split("/run=")[1] for p in parts)))


def test_readers_see_all_of_the_old_partitions_or_all_of_the_new_ones(
        load, metastore, database):
    first = load().json()
    stop, seen = threading.Event(), []
    watcher = threading.Thread(target=watch, args=(metastore.port, database, stop, seen))
    watcher.start()
    try:
        second = load("--sales", "2500", "--write-mode", "overwrite").json()
    finally:
        stop.set()
        watcher.join()
    old, new = (4000, frozenset([first["run_id"]])), (2500, frozenset([second["run_id"]]))
    assert len(seen) > 3
    # The metastore answers from several queries without a snapshot: one answer may straddle the step.
    mixed = [i for i, found in enumerate(seen) if found not in (old, new)]
    assert len(mixed) <= 1
    switch = mixed[0] if mixed else next((i for i, found in enumerate(seen) if found == new), len(seen))
    assert set(seen[:switch]) == {old} and set(seen[switch + 1:]) <= {new}


def new_days(here):
    """Half of the partitions are there, half are new."""
    text = (here / "sales.yaml").read_text()
    (here / "sales.yaml").write_text(text.replace("as_of - 3d, to: as_of", "as_of, to: as_of + 1d"))


@pytest.mark.parametrize("call, nth", [("add_partitions", "before"), ("add_partitions", "after"),
                                       ("alter_partitions", "before"),
                                       ("alter_partitions", "after")])
def test_a_kill_around_each_call_is_mended_by_the_next_run(
        load, client, database, here, metastore, call, nth, spark):
    """The run is killed when the metastore is about to get the call, or has answered it."""
    load()
    new_days(here)
    with StoppingProxy(metastore.port, call, nth) as proxy:
        args = [a.replace(str(metastore.port), str(proxy.port)) for a in load.args]
        process = load.synthmill.start(*args, "--sales", "900", "--write-mode", "overwrite")
        wait_until(lambda: proxy.stopped.is_set() or process.poll() is not None, process,
                   "the call came")
        assert process.poll() is None, process.communicate()
        end(process)
    rows = {p.values[0]: 0 for p in client.get_partitions(database, "sales", -1)}
    for p in client.get_partitions(database, "sales", -1):
        rows[p.values[0]] += int(p.parameters["numRows"])
    pointed = call == "alter_partitions" and nth == "after"
    assert (sum(rows.values()) == 4000) != pointed  # all of the old, or all of the new
    assert rows.get("2026-02-01", 0) == 0 or pointed
    result = load("--sales", "900", "--resume", "--write-mode", "overwrite").json()
    assert result["rows"] == 900
    locations = partitions(client, database)
    assert all(location.endswith(f"run={result['run_id']}") for values, location
               in locations.items() if values[0] >= "2026-01-31")
    assert {f.split("/run=")[1].split("/")[0] for f in files_below(here / "data/sales")
            if "day=2026-01-31" in f} == {result["run_id"]}
    assert not (here / "data/_synthmill/staging").exists()
    spark.catalog.refreshTable(f"{database}.sales")
    assert sum(n for k, n in counts(spark, database).items() if k[0] >= DAYS[3]) == 900
    checked = load.synthmill("verify", load.target, "--location", "data", "--json").json()
    assert checked["ok"] and json.dumps(checked["tables"][0]["rows"]) == "900"


def test_a_kill_before_the_old_folders_are_removed_is_mended_by_the_next_run(
        load, client, database, here, metastore):
    """The last question to the metastore stands before the cleaning."""
    load()
    with StoppingProxy(metastore.port, "get_partitions", "before", after="alter_partitions") as proxy:
        args = [a.replace(str(metastore.port), str(proxy.port)) for a in load.args]
        process = load.synthmill.start(*args, "--sales", "900", "--write-mode", "overwrite")
        wait_until(lambda: proxy.stopped.is_set() or process.poll() is not None, process,
                   "the call came")
        assert process.poll() is None, process.communicate()
        end(process)
    runs = {f.split("/run=")[1].split("/")[0] for f in files_below(here / "data/sales")}
    assert len(runs) == 2
    for _ in range(2):  # again, and once more where all is done
        result = load("--sales", "900", "--resume", "--write-mode", "overwrite").json()
    assert result["already_complete"]
    assert {f.split("/run=")[1].split("/")[0] for f in files_below(here / "data/sales")} == {
        result["run_id"]}
    assert all(location.endswith(result["run_id"])
               for location in partitions(client, database).values())
