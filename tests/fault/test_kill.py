"""kill -9 at any moment: what was finished is kept, what was not is not seen, nothing is left."""
import random
import shutil
import subprocess

import pytest

from helpers.faults import (build_shim, end, files_below, finished_parts, left_behind,
                            start_until_a_part_is_done, visible)
from helpers.tables import manifest, row_counts, table_names

ARGS = ["generate", "mdm", "--total-records", "160000", "--truth", "--json", "--quiet"]
LONG = ["generate", "mdm", "--total-records", "2400000", "--json", "--quiet"]


@pytest.fixture(scope="module")
def undisturbed(session_synthmill, workshop):
    result = session_synthmill(*ARGS, "--to", "whole").json()
    result["layout"] = visible(workshop / "whole")
    return result


def assert_as_undisturbed(synthmill, here, undisturbed):
    checked = synthmill("verify", "out", "--json").json()
    assert checked["fingerprint"] == undisturbed["fingerprint"]
    assert visible(here / "out") == undisturbed["layout"]
    assert left_behind(here / "out") == []


def test_twenty_kills_at_random_moments_leave_nothing_that_resume_does_not_mend(
        synthmill, here, undisturbed):
    moments = random.Random(20)
    killed = resumed = 0
    for _ in range(20):
        process = synthmill.start(*ARGS, "--to", "out")
        try:
            process.wait(timeout=moments.random() * undisturbed["seconds"])
        except subprocess.TimeoutExpired:  # still at work: as wanted
            pass
        end(process)
        killed += process.returncode == -9
        assert_whole_tables(visible(here / "out"), undisturbed["layout"])
        result = synthmill(*ARGS, "--to", "out", "--resume").json()
        assert result["fingerprint"] == undisturbed["fingerprint"]
        assert result["rows"] == undisturbed["rows"]
        resumed += result["rows_resumed"] > 0
        assert_as_undisturbed(synthmill, here, undisturbed)
        shutil.rmtree(here / "out")
    assert killed >= 15 and resumed >= 3, "the moments must hit work, or the test says nothing"


def assert_whole_tables(seen, layout):
    """A reader sees a table whole or not at all, whatever the moment."""
    tables = {f.split("/")[0] for f in seen}
    assert seen == [f for f in layout if f.split("/")[0] in tables]


def test_a_run_that_is_killed_again_and_again_gets_done(synthmill, here, undisturbed):
    moments = random.Random(5)
    for _ in range(6):
        process = synthmill.start(*ARGS, "--to", "out", "--resume")
        try:
            process.wait(timeout=(0.2 + 0.5 * moments.random()) * undisturbed["seconds"])
        except subprocess.TimeoutExpired:
            pass
        end(process)
    synthmill(*ARGS, "--to", "out", "--resume")
    assert_as_undisturbed(synthmill, here, undisturbed)


@pytest.mark.parametrize("mode", ["overwrite", "append"])
def test_a_killed_run_of_another_write_mode_is_resumed_with_it(synthmill, here, mode):
    old = ["generate", "mdm", "--total-records", "8000", "--quiet", "--to", "out"]
    synthmill(*old)
    before = row_counts(here / "out")
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out",
                                         "--write-mode", mode)
    end(process)
    assert row_counts(here / "out") == before, "what was there is still there, and nothing else"
    synthmill("verify", "out")
    result = synthmill(*LONG, "--to", "out", "--write-mode", mode, "--resume").json()
    assert result["rows_resumed"] > 0
    after = row_counts(here / "out")
    made = {t["table"]: t["rows"] for t in result["tables"]}
    assert after == {t: n + (before[t] if mode == "append" else 0) for t, n in made.items()}
    assert left_behind(here / "out") == []
    synthmill("verify", "out")


def test_what_was_finished_before_the_kill_is_not_made_again(synthmill, here):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    end(process)
    parts = finished_parts(here / "out")
    assert visible(here / "out") == []
    staged = {p: p.stat().st_mtime_ns
              for p in (here / "out" / "_synthmill" / "staging").rglob("*.parquet")}
    assert len(staged) >= parts > 0
    result = synthmill(*LONG, "--to", "out", "--resume").json()
    assert result["rows_resumed"] > 0
    final = {p.stat().st_mtime_ns for p in (here / "out").rglob("*.parquet")}
    whole = parts * 3  # three tables a part; a file more may have been finished without its receipt
    assert len(final & set(staged.values())) >= whole


def test_an_unfinished_run_is_refused_without_resume_and_both_ways_out_are_told(synthmill, here):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    end(process)
    result = synthmill(*LONG, "--to", "out", code=2)
    assert "unfinished" in result.err and "--resume" in result.err
    assert "--write-mode overwrite" in result.err
    assert "--resume" in synthmill("verify", "out", code=2).err
    small = ["generate", "mdm", "--total-records", "8000", "--quiet", "--to", "out"]
    synthmill(*small, "--write-mode", "overwrite")
    assert left_behind(here / "out") == []
    synthmill("verify", "out")


@pytest.mark.parametrize("change, named", [
    (["--seed", "1"], "seed"), (["--noise", "hard"], "noise"), (["--partitions", "5"], "partitions")])
def test_resume_with_other_settings_is_refused_with_what_differs(synthmill, here, change, named):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    end(process)
    staged = files_below(here / "out" / "_synthmill" / "staging")
    result = synthmill(*LONG, *change, "--to", "out", "--resume", code=2)
    assert "unfinished" in result.err and named in result.err
    assert files_below(here / "out" / "_synthmill" / "staging") == staged
    assert visible(here / "out") == []


def test_resume_with_a_changed_dataset_file_is_refused(synthmill, here):
    own = here / "own.yaml"
    own.write_bytes(synthmill("datasets", "show", "mdm").out)
    args = ["generate", "./own.yaml", *LONG[2:], "--to", "out"]
    process = start_until_a_part_is_done(synthmill, here / "out", *args)
    end(process)
    text = own.read_text()
    own.write_text(text.replace("coverage: 0.70", "coverage: 0.71"))
    assert "unfinished" in synthmill(*args, "--resume", code=2).err
    own.write_text(text)
    assert synthmill(*args, "--resume").json()["rows_resumed"] > 0


# --- During the commit ---------------------------------------------------------------------------

SMALL = ["generate", "mdm", "--total-records", "24000", "--truth", "--partitions", "2", "--json",
         "--quiet"]
OLD = ["generate", "mdm", "--total-records", "8000", "--truth", "--partitions", "1", "--quiet"]


@pytest.fixture(scope="module")
def shim(workshop):
    return str(build_shim(workshop))


def steps_of_commit(synthmill, here, shim, mode):
    """The numbers of the calls that change folders, from the record that the commit begins on."""
    log = here / "log"
    synthmill(*SMALL, "--to", "out", "--write-mode", mode,
              env={"LD_PRELOAD": shim, "FAULT_LOG": str(log)})
    steps = [line.split(" ", 2) for line in log.read_text().splitlines()]
    log.unlink()
    run = manifest(here / "out")["runs"][-1]["id"]
    records = [i for i, (_, what, path) in enumerate(steps)
               if what == "rename" and path.endswith(f"runs/{run}/manifest.json")]
    assert len(records) == 3, "running, committing, complete"
    # The next step after the last is never cut off: the run is complete, `append` would add another.
    return [int(number) for number, _, _ in steps[records[1]:records[2] + 1]]


@pytest.mark.parametrize("mode", ["error", "overwrite", "append"])
def test_a_kill_at_any_step_of_the_commit_is_mended_by_resume(synthmill, here, shim, mode):
    def prepare():
        shutil.rmtree(here / "out", ignore_errors=True)
        if mode != "error":
            synthmill(*OLD, "--to", "out")
        return row_counts(here / "out") if mode != "error" else {}

    old = prepare()
    steps = steps_of_commit(synthmill, here, shim, mode)
    new = row_counts(here / "out")
    whole = synthmill("verify", "out", "--json").json()["fingerprint"]
    chosen = steps if len(steps) <= 14 else \
        sorted({*steps[:8], steps[-1], *random.Random(1).sample(steps, 6)})
    for step in chosen:
        prepare()
        result = synthmill(*SMALL, "--to", "out", "--write-mode", mode, code=None,
                           env={"LD_PRELOAD": shim, "FAULT_AT": str(step)})
        assert result.code == -9, (step, result)
        if mode != "append":  # whole tables, old or new
            for table, rows in row_counts(here / "out").items():
                assert rows in (old.get(table), new[table]), (step, table)
        synthmill(*SMALL, "--to", "out", "--write-mode", mode, "--resume")
        checked = synthmill("verify", "out", "--json").json()
        assert checked["fingerprint"] == whole, step
        assert row_counts(here / "out") == new and left_behind(here / "out") == [], step


def test_a_commit_that_was_cut_off_is_completed_by_whoever_comes_next(synthmill, here, shim):
    steps = steps_of_commit(synthmill, here, shim, "error")
    whole = synthmill("verify", "out", "--json").json()["fingerprint"]
    shutil.rmtree(here / "out")
    synthmill(*SMALL, "--to", "out", code=None,
              env={"LD_PRELOAD": shim, "FAULT_AT": str(steps[3])})
    synthmill("verify", "out", code=2)
    refused = synthmill("generate", "mdm", "--seed", "9", "--total-records", "4000", "--to", "out",
                        code=2)
    assert "already holds a finished run" in refused.err
    assert synthmill("verify", "out", "--json").json()["fingerprint"] == whole
    assert len(table_names(here / "out")) == 6 and left_behind(here / "out") == []
