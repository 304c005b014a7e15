"""Mistakes end with exit code 2, one message on stderr, and a way out."""
import re

import pytest

DRY = ["--total-records", "1000"]


@pytest.mark.parametrize("args, right", [
    (["generat", "mdm"], "generate"),
    (["verfy", "x"], "verify"),
    (["generate", "mdn"], "mdm"),
    (["datasets", "show", "mmd"], "mdm"),
    (["generate", "mdm", "--totl-records", "5"], "--total-records"),
    (["generate", "mdm", "--no-entity-ids"], "--no-entity-id"),
    (["generate", "mdm", "--fromat", "csv"], "--format"),
    (["verify", "x", "--jsn"], "--json"),
    (["plan", "mdm", "--tables", "crn"], "crm"),
    (["plan", "mdm", "--tables", "crm,raw_erp_custmers_scale"], "raw_erp_customers_scale"),
    (["plan", "mdm", "--format", "parqet"], "parquet"),
    (["plan", "mdm", "--noise", "hrd"], "hard"),
    (["plan", "mdm", "--write-mode", "apend"], "append"),
    (["plan", "mdm", "--compression", "snapy"], "snappy"),
    (["completions", "bsh"], "bash"),
], ids=lambda value: "-".join(value) if isinstance(value, list) else value)
def test_a_mistyped_word_is_answered_with_the_right_one(synthmill, args, right):
    result = synthmill(*args, code=2)
    assert result.out == b""
    assert result.err.startswith("error: ")
    assert re.search(rf"(did you mean|one of:?).*{re.escape(right)}\b", result.err), result


@pytest.mark.parametrize("flag, value", [
    ("--total-records", "0"), ("--total-records", "-5"), ("--total-records", "ten"),
    ("--total-records", "1.5"), ("--total-records", ""), ("--total-records", "99999999999999999999"),
    ("--unique-customers", "0"), ("--unique-customers", "-1"), ("--unique-customers", "x"),
    ("--first-customer", "0"), ("--partitions", "0"), ("--partitions", "many"), ("--threads", "0"),
    ("--threads", "-2"), ("--seed", "abc"), ("--seed", "-1"), ("--as-of", "2026-13-01"),
    ("--as-of", "yesterday"), ("--as-of", "2026-02-30"), ("--noise-name", "1.5"),
    ("--noise-name", "-0.1"), ("--noise-name", "often"), ("--delimiter", "ab"),
    ("--delimiter", '"'), ("--table-suffix", "/../x"), ("--table-suffix", "a b"),
    ("--compression", "zstd(99)"), ("--tables", "crm,nothing"),
])
@pytest.mark.parametrize("verb", ["plan", "generate"])
def test_a_wrong_value_is_refused_by_the_name_of_its_flag(synthmill, here, verb, flag, value):
    result = synthmill(verb, "mdm", *DRY, flag, value, "--to", "out", code=2)
    assert flag in result.err or flag[2:] in result.err, result
    assert result.out == b"" and not (here / "out").exists()


def test_more_customers_than_records_is_an_error_with_both_ways_out(synthmill, here):
    result = synthmill("generate", "mdm", "--unique-customers", "25000000", "--to", "out", code=2)
    assert ("unique customers (25000000) cannot exceed total records (1000000)"
            in result.err.splitlines()[0])
    assert re.search(r"--total-records\b.*\b25000000", result.err)
    assert re.search(r"--unique-customers\b.*\b1000000", result.err)
    assert not (here / "out").exists()


def test_more_customers_than_half_the_records_is_a_warning_and_works(synthmill):
    args = ["plan", "mdm", "--total-records", "1000", "--unique-customers"]
    above = synthmill(*args, "501")
    assert above.err.startswith("warning: ") and "501" in above.err and "1000" in above.err
    assert "plan: mdm" in above.text
    assert synthmill(*args, "500").err == ""
    assert synthmill(*args, "1000").code == 0


@pytest.mark.parametrize("flag", ["--total-records", "--unique-customers"])
def test_a_number_beyond_all_bounds_is_a_clear_error(synthmill, flag):
    given = ["--total-records", "9" * 18] if flag == "--unique-customers" else []
    result = synthmill("plan", "mdm", *given, flag, "1" + "0" * 18, code=2)
    assert "10^15" in result.err or "exceed" in result.err, result


def test_missing_words_are_named(synthmill):
    assert "mdm" in synthmill("generate", code=2).err
    assert "--to" in synthmill("generate", "mdm", code=2).err
    assert "verify" in synthmill("verify", code=2).err
    assert "--csv-null" in synthmill("plan", "mdm", "--csv-null", code=2).err


def test_an_unknown_scheme_is_refused_with_those_there_are(synthmill):
    result = synthmill("plan", "mdm", "--to", "wasbs://bucket/x", code=2)
    assert "wasbs:" in result.err and "null:" in result.err
    assert "did you mean 's3:'" in synthmill("plan", "mdm", "--to", "s4://bucket/x", code=2).err


def test_verify_of_a_folder_without_a_run_is_an_error_not_a_failed_check(synthmill, here):
    (here / "empty").mkdir()
    for place in ("empty", "nowhere"):
        assert "manifest" in synthmill("verify", place, code=2).err


def test_errors_are_plain_text_without_control_characters(synthmill):
    result = synthmill("generate", "mdm", "--noise", "hrd\x1b[31m", "--to", "x", code=2)
    assert "\x1b[0m" not in result.err
    assert all(c.isprintable() or c == "\n" for c in synthmill("generat", code=2).err)
