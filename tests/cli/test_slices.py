"""Slices: a file says how many rows each slice of a table holds; each becomes one part."""
import json
import time

import duckdb
import pytest

from helpers.tables import run_manifests

SPEC = """\
synthmill: 1
dataset: warehouse
tables:
  events:
    rows: 10
    unique: [[code]]
    columns:
      id: {kind: sequence, required: true}
      code: {kind: pattern, pattern: "????????"}
      kind: {kind: choice, values: [a, b, c]}
  other: {rows: 10, columns: {id: {kind: sequence}}}
"""
SLICES = """\
 table  | slice | rows
--------+-------+------
# the busy ones
 events |     0 |  1500
 events |     1 |     0

 events |     2 |  2499
 events |     3 |  1001
(4 rows)
"""


@pytest.fixture
def spec(here):
    (here / "w.yaml").write_text(SPEC)
    (here / "s.txt").write_text(SLICES)
    return ["./w.yaml", "--slices", "s.txt"]


def part_fingerprints(target):
    return {f["part"]: f["fingerprint"] for m in run_manifests(target)
            for p in m["parts"] for f in p["files"] if f["table"] == "events"}


def test_each_slice_is_a_part_with_its_rows(synthmill, here, spec):
    result = synthmill("generate", *spec, "--to", "out", "--json")
    doc = result.json()
    assert [(s["slice"], s["part"], s["wanted"], s["rows"], s["made"]) for s in doc["slices"]] == [
        (0, 0, 1500, 1500, 1500), (1, 1, 0, 0, 0), (2, 2, 2499, 2499, 2499), (3, 3, 1001, 1001, 1001)]
    assert "5,000" in result.err and "part-00003" in result.err
    for part, count, first in [(0, 1500, 1), (2, 2499, 1501), (3, 1001, 4000)]:
        found = duckdb.execute(f"select count(*), min(id), max(id) from "
                               f"'{here}/out/events/part-{part:05}.parquet'").fetchone()
        assert found == (count, first, first + count - 1)
    assert duckdb.execute(f"select count(distinct code) from '{here}/out/events/*.parquet'"
                          ).fetchone() == (5000,)
    run = next(iter((here / "out" / "_synthmill" / "runs").iterdir()))
    report = json.loads((run / "slices.json").read_text())
    assert report["slices"] == doc["slices"] and report["version"] == 1
    synthmill("verify", "out")


def test_a_slice_made_alone_equals_the_same_slice_of_all(synthmill, here, spec):
    synthmill("generate", *spec, "--to", "all", "--quiet")
    every = part_fingerprints(here / "all")
    for chosen, parts in [("2", [2]), ("2..3", [2, 3]), ("0,3", [0, 3])]:
        target = "only" + chosen.replace(",", "-")
        result = synthmill("generate", *spec, "--slice", chosen, "--to", target, "--json",
                           "--quiet").json()
        assert [s["slice"] for s in result["slices"]] == parts
        assert [t["table"] for t in result["tables"]] == ["events"], "nothing but slices"
        assert part_fingerprints(here / target) == {p: every[p] for p in parts}
    stream = synthmill("generate", *spec, "--slice", "3", "--format", "csv", "--to", "-", "--quiet")
    assert len(stream.text.splitlines()) == 1002 and stream.text.splitlines()[1].startswith("4000,")


def test_scaled_counts_are_rounded_half_up_each(synthmill, here, spec):
    plan = synthmill("plan", *spec, "--scale", "1e-3", "--json").json()
    assert [(s["wanted"], s["rows"]) for s in plan["slices"]] == [(1500, 2), (0, 0), (2499, 2), (1001, 1)]
    assert plan["tables"][0]["rows"] == 5
    plan = synthmill("plan", *spec, "--scale", "0.5", "--json").json()
    assert [s["rows"] for s in plan["slices"]] == [750, 0, 1250, 501]
    assert [s["rows"] for s in synthmill("plan", *spec, "--scale", "2", "--json").json()["slices"]] == \
        [3000, 0, 4998, 2002]


def test_a_warehouse_of_960_slices_is_planned_at_once(synthmill, here):
    (here / "w.yaml").write_text(SPEC.replace('"????????"', '"????????????"'))
    total = 358_988_706_576
    base, rest = divmod(total, 960)
    rows = [base + (k % 7 - 3) * 1_000_003 for k in range(960)]
    rows[-1] += total - sum(rows)
    (here / "big.txt").write_text("".join(f"public.events|{k}|{n}\n" for k, n in enumerate(rows)))
    began = time.monotonic()
    plan = synthmill("plan", "./w.yaml", "--slices", "big.txt", "--json").json()
    took = time.monotonic() - began
    events = plan["tables"][0]
    assert events["rows"] == total and events["parts"] == 960
    print(f"planned in {took:.2f} s")  # bench/ judges it
    scaled = synthmill("plan", "./w.yaml", "--slices", "big.txt", "--scale", "1e-6", "--json").json()
    assert [s["rows"] for s in scaled["slices"]] == [(2 * n + 1_000_000) // 2_000_000 for n in rows]
    one = synthmill("generate", "./w.yaml", "--slices", "big.txt", "--scale", "1e-6",
                    "--slice", "100..101", "--to", "out", "--quiet", "--json").json()
    assert [s["part"] for s in one["slices"]] == [100, 101]
    first = duckdb.execute(f"select min(id) from '{here}/out/events/part-00100.parquet'").fetchone()[0]
    assert first == 1 + sum(s["rows"] for s in scaled["slices"][:100])


def test_an_interrupted_run_of_slices_goes_on(synthmill, here, spec):
    synthmill("generate", *spec, "--to", "out", "--quiet")
    assert "already complete" in synthmill("generate", *spec, "--to", "out").err
    other = synthmill("generate", *spec, "--slice", "2", "--to", "out", code=2)
    assert "with other settings" in other.err
    added = synthmill("generate", *spec, "--scale", "1e-1", "--slice", "2", "--to", "out", "--write-mode",
                      "append", "--json", "--quiet").json()
    assert added["rows"] == 250


@pytest.mark.parametrize("text, words", [
    ("events | 1\n", "s.txt:1: 2 fields instead of 3"),
    ("events | 1 | 5\nevents | x | 5\n", "s.txt:2: 'x' is not the number of a slice"),
    ("events | 1 | 5\n\nevents | 2 | many\n", "s.txt:3: 'many' is not a number of rows"),
    ("events | 1 | 5\nevents | 1 | 5\n", "s.txt:2: slice 1 of events is here twice"),
    ("events | 1 | -5\n", "s.txt:1: '-5' is not a number of rows"),
    ("evnts | 1 | 5\n", "s.txt:1: there is no table 'evnts'; did you mean 'events'?"),
    ("# nothing\n", "no slices"),
    ("events | 1 | 1000000000000001\n", "s.txt:1: 1,000,000,000,000,001 rows are more than 10^15"),
])
def test_mistakes_in_the_file_are_told_with_their_line(synthmill, here, spec, text, words):
    (here / "s.txt").write_text(text)
    assert words in synthmill("plan", *spec, code=2).err


@pytest.mark.parametrize("flags, words", [
    (["--slice", "9"], "--slice 9: s.txt has no such slice"),
    (["--slice", "3..1"], "--slice 3..1"),
    (["--scale", "0"], "--scale 0"),
    (["--scale", "1e-30"], "--scale 1e-30"),
    (["--partitions", "5"], "--slices says which parts there are"),
    (["--rows", "events=5"], "the rows of 'events' are those of its slices"),
])
def test_flags_that_do_not_go_together_are_refused(synthmill, spec, flags, words):
    assert words in synthmill("plan", *spec, *flags, code=2).err


def test_slice_and_scale_need_a_file(synthmill, spec):
    assert "--slices FILE" in synthmill("plan", "./w.yaml", "--slice", "1", code=2).err
    assert "--slices FILE" in synthmill("plan", "./w.yaml", "--scale", "0.1", code=2).err
    assert "cannot read" in synthmill("plan", "./w.yaml", "--slices", "none.txt", code=2).err
