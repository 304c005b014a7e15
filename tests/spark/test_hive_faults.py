"""A metastore that is slow, silent or dies in the middle of a commit; two writers; odd names."""
import contextlib
import socket
import time

import pytest
from hmsclient import hmsclient

from helpers.faults import end, files_below, wait_until
from helpers.hive import SlowProxy, StoppingProxy
from services.hive_metastore import HiveMetastore

SALES = """
synthmill: 1
dataset: sales
as_of: 2026-01-31
parameters:
  sales: {type: int, default: 2000, min: 1, help: "number of sales"}
tables:
  sales:
    rows: sales
    partition_by: [region]
    columns:
      id:     {kind: sequence}
      region: {kind: choice, values: [EU, US, JP]}
  days:
    rows: 100
    columns:
      id:     {kind: sequence}
"""


@pytest.fixture(scope="module")
def own_metastore(workshop):
    """One that tests kill and start again."""
    service = HiveMetastore(workshop / "hive-own").start()
    yield service
    service.stop()


@pytest.fixture
def args(here, database):
    """The command, by the metastore's port."""
    (here / "sales.yaml").write_text(SALES)
    return lambda port, location="data": [
        "generate", "./sales.yaml", "--to", f"hive://127.0.0.1:{port}/{database}", "--location",
        location, "--quiet", "--json"]


def rows_seen(port, database):
    """By table: the sum of the partitions' rows."""
    with hmsclient.HMSClient(host="127.0.0.1", port=port) as client:
        return {t: sum(int(p.parameters["numRows"]) for p in client.get_partitions(database, t, -1))
                for t in client.get_all_tables(database)}


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_metastore_that_dies_in_the_middle_of_the_commit_is_named_and_the_rerun_completes(
        synthmill, here, database, args, own_metastore, when):
    """Killed when it gets the call that shows the rows, or when it has done it and not yet said so."""
    synthmill(*args(own_metastore.port))
    with StoppingProxy(own_metastore.port, "alter_partitions", when) as proxy:
        process = synthmill.start(*args(proxy.port), "--sales", "900", "--write-mode", "overwrite")
        wait_until(lambda: proxy.stopped.is_set() or process.poll() is not None, process,
                   "the call came")
        own_metastore.kill()
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert b"metastore" in err and b"asked to point" in err and b"--resume" in err
    own_metastore.start()
    seen = rows_seen(own_metastore.port, database)
    assert seen["sales"] == (900 if when == "after" else 2000)
    result = synthmill(*args(own_metastore.port), "--sales", "900", "--write-mode", "overwrite",
                       "--resume").json()
    assert result["rows"] == 1000
    assert rows_seen(own_metastore.port, database) == {"sales": 900, "days": 100}
    runs = {f.split("/run=")[1].split("/")[0] for f in files_below(here / "data/sales")}
    assert runs == {result["run_id"]}
    assert synthmill("verify", f"{own_metastore.uri}/{database}", "--location", "data",
                     "--json").json()["ok"]


def test_a_metastore_that_is_gone_for_a_moment_in_the_commit_is_asked_again(
        synthmill, database, args, metastore):
    """A connection that is cut after the call was done: the run finds out by asking."""
    with StoppingProxy(metastore.port, "add_partitions", "after") as proxy:
        process = synthmill.start(*args(proxy.port))
        wait_until(lambda: proxy.stopped.is_set() or process.poll() is not None, process,
                   "the call came")
        proxy.cut()
        _, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    assert rows_seen(metastore.port, database) == {"sales": 2000, "days": 100}


def test_a_slow_metastore_only_takes_longer(synthmill, database, args, metastore):
    with SlowProxy(metastore.port, seconds=0.3) as proxy:
        result = synthmill(*args(proxy.port)).json()
    assert result["rows"] == 2100
    assert rows_seen(metastore.port, database) == {"sales": 2000, "days": 100}


def test_something_that_listens_and_never_answers_is_told_before_the_work(synthmill, here, args):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        begun = time.monotonic()
        refused = synthmill(*args(silent.getsockname()[1]), code=2)
    assert "does not answer as a Hive metastore" in refused.err
    assert time.monotonic() - begun < 120
    assert not (here / "data").exists()


def test_doctor_tells_of_metastore_database_and_place(synthmill, here, database, args, metastore):
    uri = f"{metastore.uri}/{database}"
    report = synthmill("doctor", "--to", uri, code=1)
    assert "answers" in report.text and "is not there" in report.text
    report = synthmill("doctor", "--to", uri, "--location", "data")
    assert "a run makes it" in report.text and f"{here} writable" in report.text
    synthmill(*args(metastore.port))
    report = synthmill("doctor", "--to", uri)
    assert f"{database} has 2 tables, at file:{here}/data" in report.text
    report = synthmill("doctor", "--to", f"hive://127.0.0.1:{socket_port()}/{database}", code=1)
    assert "no Hive metastore answers" in report.text


def socket_port():
    with contextlib.closing(socket.create_server(("127.0.0.1", 0))) as s:
        return s.getsockname()[1]


def test_a_place_on_another_machines_disk_is_refused_before_the_work(
        synthmill, database, args, metastore, client):
    refused = synthmill(*args(metastore.port, "file://other.invalid/warehouse"), code=2)
    assert "other.invalid, another machine" in refused.err and "s3://" in refused.err
    assert database not in client.get_all_databases()


# Two writers.

def test_two_places_of_one_table_are_filled_side_by_side(
        synthmill, here, database, metastore, args, client):
    """Each day is a step of its own; nothing of one is taken for the other's."""
    (here / "sales.yaml").write_text(SALES.replace("    partition_by: [region]\n", ""))
    synthmill(*args(metastore.port), "--load-date", "2026-01-01")
    long = ("--sales", "2000000")
    both = [synthmill.start(*args(metastore.port, f"place-{day}"), *long, "--load-date",
                            f"2026-01-0{day}") for day in (2, 3)]
    for process in both:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
    rows = {p.values[0]: int(p.parameters["numRows"])
            for p in client.get_partitions(database, "sales", -1)}
    assert rows == {"2026-01-01": 2000, "2026-01-02": 2000000, "2026-01-03": 2000000}


def test_two_runs_that_overwrite_the_same_partitions_leave_one_of_them_whole(
        synthmill, here, database, metastore, args, client):
    (here / "sales.yaml").write_text(SALES)
    synthmill(*args(metastore.port))
    both = [synthmill.start(*args(metastore.port, f"place-{n}"), "--sales", f"{n}000000",
                            "--write-mode", "overwrite") for n in (1, 2)]
    for process in both:
        _, err = process.communicate(timeout=240)
        assert process.returncode == 0, err
    parts = client.get_partitions(database, "sales", -1)
    assert len({p.sd.location.split("/run=")[1] for p in parts}) == 1
    assert sum(int(p.parameters["numRows"]) for p in parts) in (1000000, 2000000)


def test_a_second_writer_to_one_place_is_refused_while_the_first_works(
        synthmill, here, database, metastore, args):
    process = synthmill.start(*args(metastore.port), "--sales", "6000000")
    wait_until(lambda: (here / "data/_synthmill/staging").exists(), process, "the work began")
    refused = synthmill(*args(metastore.port), "--seed", "2", "--write-mode", "overwrite", code=2)
    end(process)
    assert "is being written by another run" in refused.err


# Names.

ODD = ["x.y", "UPPER", "order", "éü", 'q"q', "it's", "select", "a-b", "1st", "a`b", "a b", "a;b"]
NOT_HIVES = 2  # the last ones


def test_columns_of_odd_names_are_read_by_spark_and_by_hives_reader(
        synthmill, here, database, metastore, spark):
    import json

    def load(names, *more):
        columns = "\n".join(f"      c{i}: {{kind: int, min: {i}, max: {i}, "
                            f"name: {json.dumps(n, ensure_ascii=False)}}}"
                            for i, n in enumerate(names))
        (here / "odd.yaml").write_text(
            f"synthmill: 1\ndataset: odd\nas_of: 2026-01-31\ntables:\n  odd{len(names)}:\n"
            f"    rows: 20\n    partition_by: [key]\n    columns:\n{columns}\n"
            f"      key: {{kind: choice, values: [v], name: The key}}\n")
        return synthmill("generate", "./odd.yaml", "--to", f"{metastore.uri}/{database}",
                         "--location", f"data{len(names)}", "--quiet", *more, code=None)

    def read(names):
        quoted = ", ".join("`" + n.lower().replace("`", "``") + "`" for n in [*names, "the key"])
        rows = spark.sql(f"SELECT {quoted} FROM {database}.odd{len(names)}").collect()
        assert [tuple(r) for r in rows] == [(*range(len(names)), "v")] * 20

    refused = load(ODD, "--hive-int96")
    assert refused.code == 2 and "Hive's own Parquet reader" in refused.err
    assert load(ODD).code == 0
    read(ODD)
    for_hive = ODD[:-NOT_HIVES]
    assert load(for_hive, "--hive-int96").code == 0
    spark.conf.set("spark.sql.hive.convertMetastoreParquet", "false")
    try:
        read(for_hive)
    finally:
        spark.conf.set("spark.sql.hive.convertMetastoreParquet", "true")


@pytest.mark.parametrize("table, column, why", [
    ("a b", "x", "letters, digits and _"), ("überfall", "x", "letters, digits and _"),
    ("a/b", "x", "cannot be a folder's name"), ("n" * 129, "x", "cannot be a folder's name"),
    ("t", "a,b", "without commas"), ("t", "c" * 768, "at most 767 bytes")])
def test_names_that_a_metastore_cannot_hold_are_refused_before_the_work(
        synthmill, here, database, metastore, table, column, why, client):
    import json
    (here / "odd.yaml").write_text(
        f"synthmill: 1\ndataset: odd\nas_of: 2026-01-31\ntables:\n  t:\n"
        f"    name: {json.dumps(table, ensure_ascii=False)}\n    rows: 20\n    columns:\n"
        f"      x: {{kind: sequence, name: {json.dumps(column)}}}\n")
    refused = synthmill("generate", "./odd.yaml", "--to", f"{metastore.uri}/{database}",
                        "--location", "data", code=2)
    assert why in refused.err
    assert not files_below(here / "data")
    assert database not in client.get_all_databases() or client.get_all_tables(database) == []
