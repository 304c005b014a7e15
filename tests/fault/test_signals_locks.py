"""Ctrl-C, SIGTERM, two writers, readers of a closed pipe, memory."""
import os
import signal

import pytest

from helpers.faults import (end, finished_parts, left_behind, peak_memory,
                            start_until_a_part_is_done, visible, wait_until)
from helpers.tables import row_counts

LONG = ["generate", "mdm", "--total-records", "2400000", "--json", "--quiet"]
SMALL = ["generate", "mdm", "--total-records", "8000", "--json", "--quiet"]


@pytest.fixture(scope="module")
def undisturbed(session_synthmill):
    return session_synthmill(*LONG, "--to", "null:").json()["fingerprint"]


@pytest.mark.parametrize("number, code, word", [
    (signal.SIGINT, 130, "interrupted"), (signal.SIGTERM, 143, "terminated")])
def test_a_signal_ends_the_run_with_its_code_and_resume_goes_on(
        synthmill, here, undisturbed, number, code, word):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    assert process.returncode == code, err
    assert word in err.decode() and "--resume" in err.decode()
    assert out == b"" and visible(here / "out") == []
    assert not list((here / "out").rglob("*.inprogress"))
    assert not (here / "out" / "_synthmill" / "lock").exists()
    result = synthmill(*LONG, "--to", "out", "--resume").json()
    assert result["fingerprint"] == undisturbed and result["rows_resumed"] > 0
    assert left_behind(here / "out") == []


@pytest.mark.parametrize("number, code", [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_before_the_first_part_is_done_leaves_nothing(synthmill, here, number, code):
    # One part of 10 million customers: it is not done before the signal comes.
    process = synthmill.start("generate", "mdm", "--total-records", "40000000", "--partitions", "1",
                              "--to", "deep/out")
    wait_until(lambda: list(here.glob("deep/out/_synthmill/staging/*/*/*.inprogress")), process,
               "work began")
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    assert process.returncode == code and "nothing was written" in err.decode()
    assert not (here / "deep").exists()


def test_a_signal_ends_a_stream_to_standard_output(synthmill):
    process = synthmill.start("generate", "mdm", "--total-records", "400000000", "--tables", "crm",
                              "--format", "csv", "--to", "-")
    assert process.stdout.read(1000)
    process.send_signal(signal.SIGTERM)
    process.stdout.close()
    process.stdout = None
    _, err = process.communicate(timeout=60)
    assert process.returncode in (143, 0), err  # 0: it noticed the closed pipe first


def test_verify_can_be_interrupted(synthmill, here):
    synthmill("generate", "mdm", "--total-records", "1200000", "--format", "jsonl", "--quiet",
              "--to", "out")
    process = synthmill.start("verify", "out", "--threads", "1")
    wait_until(lambda: b".jsonl" in open_files(process.pid), process, "it reads")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130


def open_files(pid):
    try:
        return b" ".join(os.fsencode(os.readlink(f"/proc/{pid}/fd/{fd}"))
                         for fd in os.listdir(f"/proc/{pid}/fd"))
    except OSError:
        return b""


def test_a_second_writer_is_refused_while_the_first_works(synthmill, here, undisturbed):
    first = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    first.send_signal(signal.SIGSTOP)
    try:
        for more in ([], ["--resume"], ["--write-mode", "overwrite"], ["--write-mode", "append"]):
            refused = synthmill(*SMALL, "--to", "out", *more, code=2)
            assert "is being written by another run" in refused.err
            assert str(first.pid) in refused.err, "the owner is told"
    finally:
        first.send_signal(signal.SIGCONT)
    out, err = first.communicate(timeout=120)
    assert first.returncode == 0, err
    assert synthmill("verify", "out", "--json").json()["fingerprint"] == undisturbed
    assert left_behind(here / "out") == []


def test_the_lock_of_a_dead_writer_does_not_hold(synthmill, here, undisturbed):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    end(process)
    assert (here / "out" / "_synthmill" / "lock").exists(), "killed: it could not tidy up"
    assert synthmill(*LONG, "--to", "out", "--resume").json()["fingerprint"] == undisturbed


def test_writers_of_two_targets_do_not_disturb_each_other(synthmill, here):
    one = synthmill.start(*SMALL, "--to", "a")
    two = synthmill.start(*SMALL, "--to", "b")
    assert one.communicate()[1] == two.communicate()[1] == b""
    assert one.returncode == two.returncode == 0
    assert row_counts(here / "a") == row_counts(here / "b")


def test_of_several_writers_that_start_together_one_makes_the_data(synthmill, here):
    processes = [synthmill.start(*SMALL, "--to", "out") for _ in range(4)]
    outcomes = [p.communicate() for p in processes]
    codes = [p.returncode for p in processes]
    assert set(codes) <= {0, 2} and 0 in codes  # 0 also for "already complete"
    for code, (_, err) in zip(codes, outcomes):
        assert code == 0 or b"is being written by another run" in err, err
    synthmill("verify", "out")
    assert left_behind(here / "out") == []


def test_a_part_that_vanished_from_staging_is_made_again(synthmill, here, undisturbed):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    end(process)
    staged = sorted((here / "out" / "_synthmill" / "staging").rglob("*.parquet"))
    staged[0].unlink()
    assert synthmill(*LONG, "--to", "out", "--resume").json()["fingerprint"] == undisturbed
    synthmill("verify", "out")


def test_a_damaged_receipt_does_not_go_unnoticed(synthmill, here, undisturbed):
    process = start_until_a_part_is_done(synthmill, here / "out", *LONG, "--to", "out")
    end(process)
    assert finished_parts(here / "out")
    receipt = next((here / "out").glob("_synthmill/runs/*/receipts/part-*.json"))
    receipt.write_bytes(receipt.read_bytes()[:100])
    result = synthmill(*LONG, "--to", "out", "--resume", code=None)
    if result.code == 0:
        assert result.json()["fingerprint"] == undisturbed
        synthmill("verify", "out")
    else:
        assert result.code == 2 and receipt.name in result.err


@pytest.mark.parametrize("more", [["--truth"], ["--format", "csv"], ["--format", "jsonl"],
                                  ["--noise", "hard", "--truth", "--format", "arrow"]],
                         ids=" ".join)
def test_two_million_total_records_take_less_than_512_mb(synthmill, more):
    assert peak_memory(synthmill, "generate", "mdm", "--total-records", "2000000", "--to", "out",
                       "--quiet", *more) < 512 * 10**6


def test_verify_of_two_million_total_records_takes_less_than_512_mb(synthmill):
    synthmill("generate", "mdm", "--total-records", "2000000", "--to", "out", "--quiet")
    assert peak_memory(synthmill, "verify", "out", "--quiet") < 512 * 10**6


def test_one_huge_part_takes_no_more_memory(synthmill):
    assert peak_memory(synthmill, "generate", "mdm", "--total-records", "2000000", "--partitions",
                       "1", "--to", "out", "--quiet") < 512 * 10**6
