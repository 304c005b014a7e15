"""Copies that are killed, run out of room, or read a file that changes under them."""
import json
import os

import pyarrow.parquet as pq
import pytest

from helpers.faults import end, files_below, left_behind, small_disk, visible, wait_until

ROW = "{},some text that takes its room,{}.25,2024-01-31\n"


def make_csv(path, rows):
    with open(path, "w") as f:
        f.write("id,text,price,day\n")
        for i in range(rows):
            f.write(ROW.format(i, i % 1000))


def staged(here):
    return [f for f in files_below(here / "out") if "staging" in f]


@pytest.mark.parametrize("times", range(3))
def test_a_copy_that_is_killed_leaves_nothing_visible_and_the_next_one_is_whole(synthmill, here,
                                                                               times):
    make_csv(here / "a.csv", 1_500_000)
    process = synthmill.start("copy", "a.csv", "out", "--threads", "2", "--quiet")
    wait_until(lambda: len(staged(here)) > times, process, "a part was begun")
    end(process)
    assert visible(here / "out") == []
    refused = synthmill("copy", "a.csv", "out", code=2)
    assert "unfinished run" in refused.err
    synthmill("copy", "a.csv", "out", "--write-mode", "overwrite")
    synthmill("verify", "out")
    assert pq.read_table(here / "out" / "a").num_rows == 1_500_000
    assert left_behind(here / "out") == []


@pytest.mark.parametrize("format", ["csv", "parquet"])
def test_a_copy_with_a_schema_that_is_killed_loses_neither_rows_nor_rejects(synthmill, here, format):
    """Each row is written once or rejected once, also after a run that was killed in the middle."""
    rows = 900_000
    (here / "a.sql").write_text("CREATE TABLE a (id INT, text VARCHAR(40), price NUMERIC(9,2), day DATE,\n"
                                " CHECK (price >= 5));\n")
    make_csv(here / "a.csv", rows)
    if format == "parquet":
        synthmill("copy", "a.csv", "a.parquet", "--quiet")
    command = ("copy", f"a.{format}", "out", "--schema", "./a.sql", "--on-error", "reject", "--threads", "2")
    process = synthmill.start(*command, "--quiet")
    wait_until(lambda: staged(here), process, "a part was begun")
    end(process)
    assert visible(here / "out") == []
    result = synthmill(*command, "--write-mode", "overwrite", "--json").json()
    bad = {i for i in range(rows) if i % 1000 < 5}
    assert (result["rows_read"], result["rows"], result["rejected"]) == (rows, rows - len(bad), len(bad))
    rejects = [json.loads(line) for f in (here / result["rejects"]).rglob("*.jsonl")
               for line in f.read_text().splitlines()]
    place = {"csv": lambda r: r["line"] - 2, "parquet": lambda r: r["row"] - 1}[format]
    assert sorted(map(place, rejects)) == sorted(bad) and len(rejects) == len(bad)
    assert all("is not at least 5" in r["reason"] for r in rejects)
    written = pq.read_table(here / "out" / "a")["id"].to_pylist()
    assert len(written) == rows - len(bad) and not bad & set(written) and len(set(written)) == len(written)
    synthmill("verify", "out")
    assert [f for f in left_behind(here / "out") if "/rejects" not in f] == []


def test_a_file_that_is_killed_half_way_is_not_there(synthmill, here):
    make_csv(here / "a.csv", 1_500_000)
    process = synthmill.start("copy", "a.csv", "b.parquet", "--threads", "2", "--quiet")
    hidden = here / ".b.parquet.inprogress"
    wait_until(lambda: hidden.exists() and hidden.stat().st_size > 0, process, "it was begun")
    end(process)
    assert not (here / "b.parquet").exists()
    synthmill("copy", "a.csv", "b.parquet")
    assert pq.read_table(here / "b.parquet").num_rows == 1_500_000 and not hidden.exists()


@pytest.mark.parametrize("signal_name, code", [("terminate", 143)])
def test_a_copy_that_is_ended_cleans_up(synthmill, here, signal_name, code):
    make_csv(here / "a.csv", 1_500_000)
    process = synthmill.start("copy", "a.csv", "out", "--threads", "2")
    wait_until(lambda: staged(here), process, "a part was begun")
    getattr(process, signal_name)()
    out, err = process.communicate()
    assert process.returncode == code and b"nothing was written" in err
    assert files_below(here / "out") == []


@pytest.mark.parametrize("change", ["grows", "shrinks", "same size"])
def test_a_source_that_changes_while_it_is_read_ends_the_run(synthmill, here, change):
    """Changed again and again until the run ends: whatever the moment, it is seen."""
    make_csv(here / "a.csv", 300_000)
    size = os.path.getsize(here / "a.csv")
    process = synthmill.start("copy", "a.csv", "out", "--threads", "1", "--quiet")
    wait_until(lambda: staged(here), process, "a part was begun")
    if change == "grows":
        with open(here / "a.csv", "a") as f:
            f.write(ROW.format(1, 1))
    elif change == "shrinks":
        os.truncate(here / "a.csv", size // 2 // 8)
    else:
        with open(here / "a.csv", "r+") as f:
            f.seek(size // 2)
            f.write("9")
    _, err = process.communicate()
    assert process.returncode == 2, err
    assert b"a.csv" in err and visible(here / "out") == []


def test_a_full_disk_is_a_clear_error_and_nothing_is_visible(synthmill, here):
    make_csv(here / "a.csv", 500_000)
    with small_disk(here / "disk", "1m") as disk:
        for target in ("disk/out", "disk/b.csv"):
            result = synthmill("copy", "a.csv", target, "--format", "csv", code=2)
            assert "No space left on device" in result.err
            assert visible(disk.folder / "out") == [] and not (disk.folder / "b.csv").exists()
            assert files_below(disk.folder) == []


def test_rejects_that_find_no_room_end_the_run(synthmill, here):
    with open(here / "a.csv", "w") as f:
        f.write("a,b\n" + "1,2\n" * 10 + "short row that is refused\n" * 400_000)
    with small_disk(here / "disk", "4m") as disk:
        result = synthmill("copy", "a.csv", "disk/out", "--on-error", "reject", code=2)
        assert "No space left on device" in result.err
        assert files_below(disk.folder) == []


def test_two_copies_to_one_target_at_a_time_are_refused(synthmill, here):
    make_csv(here / "a.csv", 1_500_000)
    for target in ("out", "b.parquet"):
        process = synthmill.start("copy", "a.csv", target, "--quiet")
        marks = {"out": here / "out" / "_synthmill" / "lock", "b.parquet": here / ".b.parquet.inprogress"}
        wait_until(marks[target].exists, process, "it was locked")
        second = synthmill("copy", "a.csv", target, "--write-mode", "overwrite", code=None)
        _, err = process.communicate()
        assert process.returncode == 0, err
        # The first may have ended just before the second came.
        assert second.code == 0 or "another" in second.err or "pid" in second.err, second


@pytest.mark.parametrize("name, content", [
    ("a.parquet", b"PAR1 not really"), ("a.arrow", b"ARROW1\0\0 not really"), ("a.csv.gz", b"\x1f\x8b\x08 cut"),
    ("a.csv.zst", b"\x28\xb5\x2f\xfd cut"), ("a.arrow", b""), ("a.parquet", b"")])
def test_a_damaged_file_is_named(synthmill, here, name, content):
    (here / name).write_bytes(content)
    result = synthmill("copy", name, "out", code=2)
    assert name in result.err and visible(here / "out") == []


def test_a_compressed_file_that_is_cut_loses_no_row_quietly(synthmill, here):
    make_csv(here / "a.csv", 100_000)
    synthmill("copy", "a.csv", "b.csv.gz")
    whole = (here / "b.csv.gz").read_bytes()
    (here / "c.csv.gz").write_bytes(whole[:len(whole) * 2 // 3])
    result = synthmill("copy", "c.csv.gz", "out", code=2)
    assert "c.csv.gz" in result.err and visible(here / "out") == []
