"""hdfs:// on a real HDFS: what is promised, kills, a name node that goes away, what is missing."""
import json
import os
import time
import uuid

import deltalake
import pyarrow as pa
import pyarrow.parquet as parquet
import pytest

from helpers.command import Synthmill
from helpers.faults import end, wait_until
from services.hdfs import HdfsServer
from services.process import free_port
from store.conftest import MDM

TABLE = "raw_crm_customers_scale"


@pytest.fixture(scope="session")
def hdfs(workshop):
    server = HdfsServer(workshop)
    yield server
    server.close()


@pytest.fixture
def to(hdfs):
    """A folder of the test's own."""
    return f"/{uuid.uuid4().hex[:12]}"


@pytest.fixture
def mill(here, hdfs):
    mill = Synthmill(here)
    mill.variables.update(hdfs.environment)
    return mill


def live(hdfs, to):
    return json.loads(hdfs.read(f"{to}/_synthmill/manifest.json"))["runs"]


def visible(hdfs, to):
    """What a reader of the tables sees."""
    return [path for path in hdfs.files(to) if not path.startswith("_synthmill/")]


def left_over(hdfs, to):
    """Files that are neither a table's part nor a document of a live run, but the free lock."""
    runs = live(hdfs, to)
    kept = {"_synthmill/manifest.json"}
    kept |= {f"_synthmill/runs/{run['id']}/manifest.json" for run in runs}
    tables = {table for run in runs for table in run["tables"]}
    found = hdfs.files(to)  # temporary files too
    locks = [path for path in found if path.startswith("_synthmill/lock/")]
    assert len(locks) == 1 and found[locks[0]][0] == 0, locks
    return [path for path in found if path not in kept and path not in locks
            and (path.split("/")[0] not in tables or not path.endswith(".parquet")
                 or "/." in path)]


def start_until_a_part_is_done(mill, hdfs, to, *flags):
    process = mill.start("generate", *MDM, "--threads", 1, "--to", hdfs.root + to, *flags)

    def done():
        try:
            return any("/receipts/" in path and "/." not in path for path in hdfs.files(to))
        except OSError:
            return False

    wait_until(done, process, "a part was finished")
    return process


def test_a_run_has_the_fingerprint_and_files_it_has_in_a_folder(mill, hdfs, to, expected):
    report = mill("generate", *MDM, "--to", hdfs.root + to, "--json").json()
    assert report["fingerprint"] == expected["fingerprint"]
    assert [run["id"] for run in live(hdfs, to)] == [report["run_id"]]
    assert left_over(hdfs, to) == []
    assert mill("verify", hdfs.root + to, "--json").json()["fingerprint"] == \
        expected["fingerprint"]


def test_hadoops_own_client_reads_the_rows_that_were_written(mill, hdfs, to, expected):
    mill("generate", *MDM, "--to", hdfs.root + to + "/with blank", "--quiet")
    for table in expected["tables"]:
        folder = f"{to}/with blank/{table['table']}"
        rows = sum(parquet.read_table(pa.BufferReader(hdfs.read(f"{folder}/{name}"))).num_rows
                   for name in hdfs.files(folder))
        assert rows == table["rows"]


def test_the_same_run_again_is_already_complete_and_another_is_refused(mill, hdfs, to):
    mill("generate", *MDM, "--to", hdfs.root + to, "--quiet")
    before = visible(hdfs, to)
    assert "already complete" in mill("generate", *MDM, "--to", hdfs.root + to).err
    refused = mill("generate", *MDM, "--seed", 7, "--to", hdfs.root + to, code=2)
    assert "already holds a finished run" in refused.err
    assert visible(hdfs, to) == before and left_over(hdfs, to) == []


def test_overwrite_and_append(mill, hdfs, to):
    target = ("--to", hdfs.root + to)
    first = mill("generate", *MDM, *target, "--json").json()
    second = mill("generate", *MDM, *target, "--write-mode", "append", "--json").json()
    found = mill("verify", hdfs.root + to, "--json").json()
    assert sum(t["rows"] for t in found["tables"]) == first["rows"] + second["rows"]
    third = mill("generate", *MDM, *target, "--seed", 7, "--write-mode", "overwrite",
                 "--json").json()
    assert [run["id"] for run in live(hdfs, to)] == [third["run_id"]]
    assert left_over(hdfs, to) == []
    assert mill("verify", hdfs.root + to, "--json").json()["fingerprint"] == third["fingerprint"]


def test_what_others_put_into_a_tables_folder_is_not_touched(mill, hdfs, to):
    hdfs.write(f"{to}/{TABLE}/theirs.parquet", b"theirs")
    refused = mill("generate", *MDM, "--to", hdfs.root + to, code=2)
    assert "synthmill did not write" in refused.err
    assert visible(hdfs, to) == [f"{TABLE}/theirs.parquet"]
    hdfs.ask("remove", f"{to}/{TABLE}/theirs.parquet")
    mill("generate", *MDM, "--to", hdfs.root + to, "--quiet")  # an empty folder is no obstacle
    assert left_over(hdfs, to) == []


def test_killed_in_its_work_nothing_is_visible_and_resume_gives_the_same(mill, hdfs, to, expected):
    process = start_until_a_part_is_done(mill, hdfs, to)
    end(process)
    assert visible(hdfs, to) == []
    report = mill("generate", *MDM, "--to", hdfs.root + to, "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"] and report["rows_resumed"] > 0
    assert left_over(hdfs, to) == []


def test_killed_in_the_commit_the_next_command_completes_it(mill, hdfs, to, expected):
    """As many of its steps as there are are tried: kills are by what is there, not by time."""
    steps = {
        "the commit": lambda: b'"committing"' in b"".join(
            hdfs.read(f"{to}/{p}") for p in hdfs.files(to) if p.endswith("/manifest.json")),
        "a table": lambda: visible(hdfs, to),
    }
    for name, reached in steps.items():
        process = mill.start("generate", *MDM, "--threads", 1, "--to", hdfs.root + to)
        while process.poll() is None:
            try:
                if reached():
                    break
            except OSError:  # not there yet, or no more
                pass
        end(process)
        report = mill("generate", *MDM, "--to", hdfs.root + to, "--resume", "--json").json()
        assert report["fingerprint"] == expected["fingerprint"], name
        assert mill("verify", hdfs.root + to, "--json").json()["fingerprint"] == \
            expected["fingerprint"]
        assert left_over(hdfs, to) == []
        hdfs.ask("remove", to)


def test_an_interrupted_run_tidies_up_and_can_be_resumed(mill, hdfs, to, expected):
    process = start_until_a_part_is_done(mill, hdfs, to)
    process.terminate()
    process.communicate(timeout=120)
    assert process.returncode == 143
    assert not [path for path in hdfs.files(to) if path.endswith(".inprogress")]
    report = mill("generate", *MDM, "--to", hdfs.root + to, "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"]


def test_a_second_writer_is_refused_while_the_first_works(mill, hdfs, to):
    process = start_until_a_part_is_done(mill, hdfs, to)
    process.send_signal(19)  # SIGSTOP: it holds its lock, and works no further
    try:
        refused = mill("generate", *MDM, "--seed", 7, "--to", hdfs.root + to, code=2)
    finally:
        end(process)
    assert "is being written by another run" in refused.err


def test_a_lock_whose_owner_is_elsewhere_holds_until_it_ends(mill, hdfs, to):
    """Not renewed for its time to live, it is taken over."""
    lock = f"{to}/_synthmill/lock/000000000007"
    text = {"version": 1, "owner": "someone on host x", "id": "1", "machine": "another", "pid": 1,
            "start": 1}
    hdfs.write(lock, json.dumps(text | {"seconds": 3600}).encode())
    refused = mill("generate", *MDM, "--to", hdfs.root + to, code=2)
    assert "someone on host x" in refused.err and "its lock ends in" in refused.err
    hdfs.write(lock, json.dumps(text | {"seconds": -10}).encode())
    mill("generate", *MDM, "--to", hdfs.root + to, "--quiet")
    assert left_over(hdfs, to) == []
    (free,) = [path for path in hdfs.files(to) if "/lock/" in path]
    assert int(free.rsplit("/", 1)[1]) > 8  # numbers never go back


def test_a_reader_finds_the_old_document_or_the_new_one_after_a_kill(mill, hdfs, to, expected):
    """The two states in which a kill can leave a document that was being replaced."""
    mill("generate", *MDM, "--to", hdfs.root + to, "--quiet")
    document, following = f"{to}/_synthmill/manifest.json", f"{to}/_synthmill/.manifest.json.next"
    hdfs.ask("rename", document, following)
    assert mill("verify", hdfs.root + to, "--json").json()["fingerprint"] == expected["fingerprint"]
    assert "already complete" in mill("generate", *MDM, "--to", hdfs.root + to).err
    text = hdfs.read(following)
    hdfs.write(document, text)
    hdfs.write(following, b"not yet")
    assert mill("verify", hdfs.root + to, "--json").json()["fingerprint"] == expected["fingerprint"]
    mill("generate", *MDM, "--to", hdfs.root + to, "--seed", 7, "--write-mode", "overwrite",
         "--quiet")
    assert left_over(hdfs, to) == []


def test_of_writers_that_start_together_one_writes_and_the_others_are_refused(mill, hdfs, to):
    runs = [mill.start("generate", *MDM, "--seed", seed, "--to", hdfs.root + to, "--quiet")
            for seed in range(3)]
    ended = [(run.communicate(timeout=240)[1].decode(), run.returncode) for run in runs]
    assert sorted(code for _, code in ended) == [0, 2, 2], ended
    for error, code in ended:
        assert code == 0 or "is being written by another run" in error or \
            "already holds a finished run" in error, error
    assert len(live(hdfs, to)) == 1 and left_over(hdfs, to) == []


def test_an_unfinished_run_is_thrown_away_in_hadoops_words(mill, hdfs, to):
    mill("generate", *MDM, "--to", hdfs.root + to, "--quiet")
    end(start_until_a_part_is_done(mill, hdfs, to, "--seed", 7, "--write-mode", "append"))
    refused = mill("generate", *MDM, "--seed", 8, "--write-mode", "append", "--to",
                   hdfs.root + to, code=2)
    assert f"hdfs dfs -rm -r {hdfs.root}{to}/_synthmill/runs/" in refused.err


def test_a_name_node_that_goes_away_is_told_and_the_run_can_be_resumed(
        mill, hdfs, to, expected):
    process = start_until_a_part_is_done(mill, hdfs, to)
    hdfs.kill()
    try:
        assert process.wait(timeout=240) == 2
        error = process.stderr.read().decode()
        assert f"{hdfs.root}{to}" in error
    finally:
        end(process)
        hdfs.start()
    report = mill("generate", *MDM, "--to", hdfs.root + to, "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"]
    assert left_over(hdfs, to) == []


def test_a_delta_table_in_hdfs_is_one_that_others_read(mill, hdfs, to, here):
    target = ("--to", hdfs.root + to, "--format", "delta", "--tables", TABLE)
    first = mill("generate", *MDM, *target, "--json").json()
    second = mill("generate", *MDM, *target, "--write-mode", "append", "--json").json()
    wanted = first["rows"] + second["rows"]
    assert sum(t["rows"] for t in mill("verify", hdfs.root + to, "--json").json()["tables"]) == \
        wanted
    for path in hdfs.files(f"{to}/{TABLE}"):  # delta-rs speaks no HDFS
        file = here / "table" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(hdfs.read(f"{to}/{TABLE}/{path}"))
    table = deltalake.DeltaTable(here / "table")
    assert table.version() == 1 and table.to_pyarrow_table().num_rows == wanted


def test_copies_of_blocks_are_as_asked_for(mill, hdfs, to):
    for folder, flags, wanted in (("asked", ("--hdfs-replication", 1), 1), ("configured", (), 2)):
        mill("generate", *MDM, *flags, "--to", f"{hdfs.root}{to}/{folder}", "--quiet")
        assert {n for _, n in hdfs.files(f"{to}/{folder}/{TABLE}").values()} == {wanted}
    wrong = mill("generate", *MDM, "--to", hdfs.root + to, "--hdfs-replication", 0, code=2)
    assert "a number from 1 to 512" in wrong.err


def test_copy_reads_and_writes_files_folders_and_globs(mill, hdfs, to, here):
    for part in range(3):
        rows = "".join(f"{part * 100 + i},name {i}\n" for i in range(100))
        hdfs.write(f"{to}/in/orders-{part}.csv", ("id,name\n" + rows).encode())
    root = hdfs.root + to
    whole = mill("copy", f"{root}/in/orders-*.csv", f"{root}/orders", "--json").json()
    one = mill("copy", f"{root}/in/orders-1.csv", here / "one.parquet", "--json").json()
    back = mill("copy", f"{root}/orders", here / "back", "--format", "csv", "--json").json()
    assert whole["rows"] == back["rows"] == 300 and one["rows"] == 100
    assert whole["fingerprint"] == back["fingerprint"]
    gone = mill("copy", f"{root}/nothing.csv", here / "x", code=2)
    assert "nothing.csv" in gone.err


def test_a_folder_one_may_not_write_to_is_told_before_work(mill, hdfs, to):
    hdfs.ask("folder", to)
    hdfs.ask("permit", to, "700")
    other = hdfs.root.replace("//", "//someone-else@") + to
    refused = mill("generate", *MDM, "--to", other, code=None)
    assert refused.code != 0 and "permission denied" in refused.err
    assert hdfs.files(to) == {}


def test_a_wrong_address_is_told_at_once(mill, to):
    began = time.monotonic()
    refused = mill("generate", *MDM, "--to", f"hdfs://127.0.0.1:{free_port()}{to}", code=None)
    assert refused.code != 0 and "nothing answers at hdfs://127.0.0.1" in refused.err
    assert "at org.apache" not in refused.err  # no pages of Java
    assert time.monotonic() - began < 60


def test_doctor_tells_what_is_found_and_whether_hdfs_answers(mill, hdfs, to):
    found = mill("doctor", "--to", hdfs.root + to, "--json").json()
    lines = {f["check"]: f for f in found["findings"]}
    assert lines["hdfs"]["level"] == "ok" and "libhdfs.so" in lines["hdfs"]["found"]
    assert "answers" in lines["target"]["found"]


@pytest.mark.parametrize("variable, words", [
    ("JAVA_HOME", "set JAVA_HOME"), ("LIBHDFS_DIR", "HADOOP_HOME to a Hadoop with lib/native"),
    ("CLASSPATH", "hadoop classpath --glob")])
def test_what_is_missing_is_told_before_work_with_the_ways_without_it(
        here, hdfs, to, variable, words):
    mill = Synthmill(here)
    for name in ("HADOOP_HOME", "HADOOP_CONF_DIR", "ARROW_LIBHDFS_DIR", "LD_LIBRARY_PATH"):
        if name in os.environ:
            mill.variables[name] = "/nowhere"
    mill.variables.update(hdfs.environment)
    mill.variables[variable] = "/nowhere"
    refused = mill("generate", *MDM, "--to", hdfs.root + to, code=2)
    for part in (words, "hdfs dfs -put", "spark.read"):
        assert part in refused.err, refused
    told = mill("doctor", "--to", hdfs.root + to, "--json", code=1).json()
    (line,) = [f for f in told["findings"] if f["check"] == "hdfs"]
    assert line["level"] == "bad" and words in line["found"] and "spark.read" in line["found"]
    plain = mill("doctor", "--json").json()
    (line,) = [f for f in plain["findings"] if f["check"] == "hdfs"]
    assert line["level"] == "note" and plain["ok"]
    with pytest.raises(OSError):
        hdfs.files(to)


@pytest.mark.parametrize("uri, words", [
    ("hdfs:/x", "no host"), ("hdfs://h:0/x", "the port"), ("hdfs://h:99999/x", "the port"),
    ("hdfs://h/a/../b", "cannot be called"), ("hdfs://h/a:b", "no ':'")])
def test_a_uri_that_cannot_be_read_is_told(mill, uri, words):
    assert words in mill("generate", *MDM, "--to", uri, code=2).err


def test_delta_tables_are_read_by_another_added_to_and_copied(mill, here, hdfs, to, expected):
    from deltalake import DeltaTable
    args = ["generate", *MDM, "--format", "delta", "--to", hdfs.root + to, "--json"]
    assert mill(*args).json()["fingerprint"] == expected["fingerprint"]
    mill(*args, "--write-mode", "append")
    mill("verify", hdfs.root + to, "--quiet")
    mill("copy", f"{hdfs.root}{to}/{TABLE}", "crm.parquet", "--quiet")
    for path in hdfs.files(to):
        if not path.startswith(TABLE + "/"):
            continue
        (here / "down" / path).parent.mkdir(parents=True, exist_ok=True)
        (here / "down" / path).write_bytes(hdfs.read(f"{to}/{path}"))
    table = DeltaTable(here / "down" / TABLE)
    rows = table.to_pyarrow_table().num_rows
    counts = {t["table"]: t["rows"] for t in expected["tables"]}
    assert table.version() == 1 and rows > counts[TABLE]
    assert parquet.read_metadata(here / "crm.parquet").num_rows == rows
