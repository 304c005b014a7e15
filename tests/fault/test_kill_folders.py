"""kill -9 while a table is written in folders: resumed, it is as if nothing had been."""
import random
import subprocess

from helpers.faults import end, files_below, start_until_a_part_is_done, visible

ARGS = ["generate", "mdm", "--total-records", "160000", "--tables", "crm", "--partition-by", "state",
        "--json", "--quiet"]


def test_a_run_in_folders_that_is_killed_again_and_again_gets_done(synthmill, here):
    whole = synthmill(*ARGS, "--to", "whole").json()
    assert len(whole["tables"]) == 1 and whole["tables"][0]["files"] > 100
    moments = random.Random(3)
    killed = 0
    for _ in range(5):
        process = synthmill.start(*ARGS, "--to", "out", "--resume")
        try:
            process.wait(timeout=moments.random() * whole["seconds"])
        except subprocess.TimeoutExpired:  # still at work: as wanted
            pass
        end(process)
        killed += process.returncode == -9
        assert visible(here / "out") in ([], visible(here / "whole"))
    assert killed >= 3, "the moments must hit work, or the test says nothing"
    result = synthmill(*ARGS, "--to", "out", "--resume").json()
    assert result["fingerprint"] == whole["fingerprint"]
    assert synthmill("verify", "out", "--json").json()["fingerprint"] == whole["fingerprint"]
    assert visible(here / "out") == visible(here / "whole")
    assert [f for f in files_below(here / "out") if "inprogress" in f or "/staging/" in f] == []


def test_an_append_that_is_killed_is_resumed_into_the_same_folders(synthmill, here):
    old = ["generate", "mdm", "--total-records", "8000", "--tables", "crm", "--partition-by", "state",
           "--quiet", "--to", "out"]
    synthmill(*old)
    before = visible(here / "out")
    process = start_until_a_part_is_done(synthmill, here / "out", *ARGS, "--to", "out",
                                         "--write-mode", "append")
    end(process)
    assert visible(here / "out") == before
    synthmill(*ARGS, "--to", "out", "--write-mode", "append", "--resume")
    after = visible(here / "out")
    assert set(before) < set(after)
    assert all("/state=" in f for f in after)
    synthmill("verify", "out")
