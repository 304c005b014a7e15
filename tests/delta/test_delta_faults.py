"""Delta tables under kill -9 and beside other writers: each row once, whatever happens."""
import random
import subprocess
import sys

import pytest
from deltalake import DeltaTable

from helpers.faults import build_shim, end, start_until_a_part_is_done

SPEC = """synthmill: 1
dataset: lake
tables:
  orders:
    rows: 3000
    columns:
      id: {kind: sequence}
      note: {kind: text, min: 10, max: 60}
  lines:
    rows: 4000
    columns:
      id: {kind: sequence}
      region: {kind: choice, values: [EU, US]}
"""
ROWS = {"orders": 3000, "lines": 4000}
ARGS = ["generate", "./lake.yaml", "--format", "delta", "--to", "out", "--partitions", "2",
        "--quiet", "--partition-by", "region"]
LONG = ["generate", "mdm", "--total-records", "1200000", "--format", "delta", "--to", "out",
        "--quiet"]


@pytest.fixture
def spec(here):
    (here / "lake.yaml").write_text(SPEC)


def seen(path):
    """The rows a reader finds; None: there is no table."""
    if not DeltaTable.is_deltatable(str(path)):
        return None
    return DeltaTable(path).to_pyarrow_table(columns=["id"])["id"].to_pylist()


def assert_each_row_once(here, times=1):
    for name, rows in ROWS.items():
        assert sorted(seen(here / "out" / name)) == sorted(list(range(1, rows + 1)) * times)


@pytest.mark.parametrize("mode", ["error", "append", "overwrite"])
def test_a_run_killed_at_any_step_of_its_commit_is_resumed_with_each_row_once(
        synthmill, here, spec, workshop, mode):
    shim = workshop / "fault.so"
    if not shim.exists():
        build_shim(workshop)
    args = [*ARGS, "--seed", "2", "--write-mode", mode]

    def prepare():
        subprocess.run(["rm", "-rf", str(here / "out")], check=True)
        if mode != "error":
            synthmill(*ARGS)

    before = {"error": [None], "append": [1], "overwrite": [1]}[mode]
    times = 2 if mode == "append" else 1
    prepare()
    log = here / "steps"
    synthmill(*args, env={"LD_PRELOAD": str(shim), "FAULT_LOG": str(log)})
    assert_each_row_once(here, times)
    steps = [line.split(" ", 2) for line in log.read_text().splitlines()]
    first = next(i for i, (_, _, path) in enumerate(steps)
                 if path.startswith("out/orders") or path.startswith("out/lines"))
    assert len(steps) - first > 8
    applied = 0
    for number, _, _ in steps[first:]:
        prepare()
        process = synthmill.start(*args, env={"LD_PRELOAD": str(shim), "FAULT_AT": number})
        process.communicate(timeout=60)
        assert process.returncode == -9
        for name, rows in ROWS.items():
            ids = seen(here / "out" / name)
            whole = sorted(list(range(1, rows + 1)) * times)
            old = None if before == [None] else sorted(range(1, rows + 1))
            found = None if ids is None else sorted(ids)
            assert found in (old, whole), "a version holds all of a run's rows, or none"
            applied += found == whole
        synthmill(*args, "--resume")
        assert_each_row_once(here, times)
        versions = [DeltaTable(here / "out" / name).version() for name in ROWS]
        assert versions == [0 if mode == "error" else 1] * 2, "applied once"
        synthmill("verify", "out", "--quiet")
    assert applied > 0


def test_a_run_killed_at_random_moments_is_resumed(synthmill, here):
    moments = random.Random(3)
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG)
    end(process)
    assert not list((here / "out").glob("*/_delta_log/*.json")), "nothing is visible"
    for _ in range(3):
        process = synthmill.start(*LONG, "--resume")
        try:
            process.wait(timeout=moments.random() * 3)
        except subprocess.TimeoutExpired:
            pass
        end(process)
    result = synthmill(*LONG, "--resume", "--json").json()
    for table in result["tables"]:
        found = DeltaTable(here / "out" / table["table"])
        assert found.version() == 0
        assert found.to_pyarrow_table(columns=["record_id"]).num_rows == table["rows"]
    synthmill("verify", "out", "--quiet")


APPENDER = """
import sys, pyarrow as pa, deltalake
for i in range(int(sys.argv[2])):
    ids = pa.array([1_000_000 + i], pa.int64())
    deltalake.write_deltalake(sys.argv[1], pa.table({"id": ids, "note": ["other"]}), mode="append")
"""


def test_two_that_append_at_once_both_have_their_rows_there_once(synthmill, here, spec):
    synthmill(*ARGS)
    other = subprocess.Popen([sys.executable, "-c", APPENDER, str(here / "out" / "orders"), "40"],
                             stderr=subprocess.PIPE)
    runs = 0
    while other.poll() is None or runs < 3:
        runs += 1
        synthmill(*ARGS, "--seed", str(runs + 50), "--write-mode", "append")
    assert other.wait() == 0, other.stderr.read()
    table = DeltaTable(here / "out" / "orders")
    ids = table.to_pyarrow_table(columns=["id"])["id"].to_pylist()
    assert sorted(i for i in ids if i >= 1_000_000) == [1_000_000 + i for i in range(40)]
    assert sorted(i for i in ids if i < 1_000_000) == sorted(list(range(1, 3001)) * (runs + 1))
    assert table.version() == 40 + runs
