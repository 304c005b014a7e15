"""A target that is not empty: error, overwrite, append, and what each leaves."""
import re

import duckdb
import pytest

from helpers.tables import (CRM, ERP, SHOP, manifest, open_tables, row_counts, run_manifests,
                            table_names)


def make(synthmill, *args, **options):
    return synthmill("generate", "mdm", "--quiet", "--to", "out", *args, **options)


def fingerprint(synthmill):
    return synthmill("verify", "out", "--json").json()["fingerprint"]


def unique_records(here, *tables):
    total = distinct = 0
    db = duckdb.connect()
    union = " union all ".join(f"select record_id, source_system, source_id from "
                               f"'{here}/out/{t}/*.parquet'" for t in tables)
    total, distinct, ids = db.execute(
        f"select count(*), count(distinct record_id), count(distinct source_system || source_id) "
        f"from ({union})").fetchone()
    return total == distinct == ids


def test_the_same_command_again_is_already_complete(synthmill, here):
    make(synthmill, "--total-records", "8000")
    files = lambda: {p: p.stat().st_mtime_ns for p in (here / "out").rglob("*") if p.is_file()}
    before = files()
    result = synthmill("generate", "mdm", "--to", "out", "--total-records", "8000", "--json")
    assert result.json()["already_complete"] is True
    assert result.json()["fingerprint"] == fingerprint(synthmill)
    assert "already complete" in result.err
    assert files() == before


def test_threads_and_progress_do_not_make_another_command(synthmill):
    make(synthmill, "--total-records", "8000", "--threads", "1")
    result = synthmill("generate", "mdm", "--to", "out", "--total-records", "8000", "--threads",
                       "2", "--no-progress")
    assert "already complete" in result.err


@pytest.mark.parametrize("change", [
    ["--seed", "1"], ["--noise", "none"], ["--total-records", "4000"], ["--format", "csv"],
    ["--truth"], ["--as-of", "2025-06-30"], ["--noise-typo", "0.5"]], ids=" ".join)
def test_another_command_is_refused_before_work_with_what_differs(synthmill, here, change):
    make(synthmill, "--total-records", "8000")
    before = {p: p.stat().st_mtime_ns for p in (here / "out").rglob("*") if p.is_file()}
    result = make(synthmill, "--total-records", "8000", *change, code=2)
    assert result.err.startswith("error: ") and "--write-mode overwrite" in result.err
    assert "--write-mode append" in result.err
    word = change[0][2:].replace("-", "_")
    named = {"truth": "tables", "noise_typo": "noise_typo"}.get(word, word)
    assert named in result.err, result
    assert {p: p.stat().st_mtime_ns for p in (here / "out").rglob("*") if p.is_file()} == before


def test_files_of_others_in_the_way_are_not_touched(synthmill, here):
    (here / "out" / CRM).mkdir(parents=True)
    (here / "out" / CRM / "mine.parquet").write_text("precious")
    result = make(synthmill, "--total-records", "8000", code=2)
    assert CRM in result.err and "--write-mode overwrite" in result.err
    make(synthmill, "--total-records", "8000", "--write-mode", "append", code=2)
    assert (here / "out" / CRM / "mine.parquet").read_text() == "precious"
    assert table_names(here / "out") == [CRM]


def test_files_of_others_beside_the_tables_stay(synthmill, here):
    (here / "out").mkdir()
    (here / "out" / "notes.txt").write_text("precious")
    for mode in ("error", "overwrite"):
        make(synthmill, "--total-records", "8000", "--write-mode", mode)
    assert (here / "out" / "notes.txt").read_text() == "precious"


def test_overwrite_replaces_the_data_and_forgets_the_old_run(synthmill, here):
    make(synthmill, "--total-records", "40000", "--partitions", "6")
    make(synthmill, "--total-records", "8000", "--partitions", "2", "--write-mode", "overwrite")
    assert row_counts(here / "out")[ERP] in range(1395, 1406)
    assert sorted(p.name for p in (here / "out" / ERP).iterdir()) == [
        "part-00000.parquet", "part-00001.parquet"]
    assert len(list((here / "out" / "_synthmill" / "runs").iterdir())) == 1
    synthmill("generate", "mdm", "--total-records", "8000", "--partitions", "2", "--to", "fresh",
              "--quiet")
    assert fingerprint(synthmill) == synthmill("verify", "fresh", "--json").json()["fingerprint"]


def test_overwrite_on_an_empty_target_just_makes_it(synthmill, here):
    make(synthmill, "--total-records", "8000", "--write-mode", "overwrite")
    assert len(table_names(here / "out")) == 3


def test_overwrite_leaves_the_tables_it_does_not_make(synthmill, here):
    make(synthmill, "--total-records", "8000")
    result = synthmill("generate", "mdm", "--to", "out", "--total-records", "4000", "--tables",
                       "erp", "--write-mode", "overwrite")
    assert CRM in result.err, "what is left is told"
    counts = row_counts(here / "out")
    assert counts[ERP] in range(695, 706) and counts[CRM] > 1500 and counts[SHOP] > 1500
    synthmill("verify", "out")


def test_ids_never_repeat_over_appended_runs(synthmill, here):
    make(synthmill, "--total-records", "8000", "--truth")
    for records in ("4000", "12000"):
        make(synthmill, "--total-records", records, "--truth", "--write-mode", "append")
    assert unique_records(here, CRM, ERP, SHOP)
    db = open_tables(here / "out")
    customers, distinct, last = db.sql("select count(*), count(distinct customer_id), "
                                       "max(customer_id) from truth_customers").fetchone()
    assert customers == distinct == 6000 and last == "CUST_06000"
    assert db.sql(f"select count(*) = count(distinct account_number) from {ERP}").fetchone()[0]
    roots = [run["roots"][0] for run in run_manifests(here / "out")]
    assert [(r["begin"], r["end"]) for r in roots] == [(0, 2000), (2000, 3000), (3000, 6000)]
    synthmill("verify", "out")


def test_appended_files_carry_the_run_id(synthmill, here):
    make(synthmill, "--total-records", "8000", "--partitions", "1")
    make(synthmill, "--total-records", "8000", "--partitions", "1", "--write-mode", "append")
    run = manifest(here / "out")["runs"][1]["id"]
    assert sorted(p.name for p in (here / "out" / CRM).iterdir()) == [
        f"part-00000-{run}.parquet", "part-00000.parquet"]


def test_ids_do_not_repeat_when_the_suffix_is_new(synthmill, here):
    make(synthmill, "--total-records", "8000")
    make(synthmill, "--total-records", "8000", "--write-mode", "append", "--table-suffix", "_b")
    assert len(table_names(here / "out")) == 6
    others = [f"raw_{s}_customers_b" for s in ("crm", "erp", "ecommerce")]
    assert unique_records(here, CRM, ERP, SHOP, *others)
    db = open_tables(here / "out")
    assert db.sql("select min(customer_id) > 'CUST_02000' from raw_crm_customers_b").fetchone()[0]


def test_an_appended_run_is_the_continuation_of_a_longer_one(synthmill, here):
    """Whatever the runs: customer 2,049 is customer 2,049."""
    make(synthmill, "--total-records", "8192")  # 2,048 customers: whole blocks
    make(synthmill, "--total-records", "8192", "--write-mode", "append")
    synthmill("generate", "mdm", "--total-records", "16384", "--to", "whole", "--quiet")
    for table in (CRM, ERP, SHOP):
        difference = duckdb.sql(f"""
            (select * from '{here}/out/{table}/*.parquet' except
             select * from '{here}/whole/{table}/*.parquet') union all
            (select * from '{here}/whole/{table}/*.parquet' except
             select * from '{here}/out/{table}/*.parquet')""").fetchall()
        assert difference == []


def test_an_explicit_overlap_is_refused_with_the_next_free_number(synthmill, here):
    make(synthmill, "--total-records", "8000")
    for first in ("1", "1500", "2000"):
        result = make(synthmill, "--total-records", "4000", "--write-mode", "append",
                      "--first-customer", first, code=2)
        assert "overlap" in result.err and re.search(r"--first-customer 2001\b", result.err)
    make(synthmill, "--total-records", "4000", "--write-mode", "append", "--first-customer", "2001")
    make(synthmill, "--total-records", "4000", "--write-mode", "append", "--first-customer", "9001",
         "--table-suffix", "_c")
    assert unique_records(here, CRM, ERP, SHOP, "raw_crm_customers_c")


def test_an_append_on_an_empty_target_begins_with_customer_1(synthmill, here):
    make(synthmill, "--total-records", "8000", "--truth", "--write-mode", "append")
    db = open_tables(here / "out")
    assert db.sql("select min(customer_id) from truth_customers").fetchone()[0] == "CUST_00001"


def test_an_append_of_another_format_or_other_columns_is_refused(synthmill):
    make(synthmill, "--total-records", "8000")
    assert "--format parquet" in make(synthmill, "--total-records", "4000", "--format", "csv",
                                      "--write-mode", "append", code=2).err
    assert "columns" in make(synthmill, "--total-records", "4000", "--no-entity-id",
                             "--write-mode", "append", code=2).err


def test_first_customer_numbers_the_customers(synthmill, here):
    make(synthmill, "--total-records", "400", "--first-customer", "12345678", "--truth")
    db = open_tables(here / "out")
    assert db.sql("select min(customer_id), max(customer_id), count(*) from truth_customers"
                  ).fetchone() == ("CUST_12345678", "CUST_12345777", 100)


def test_resume_starts_a_run_where_there_is_none_and_does_nothing_where_it_is_finished(synthmill):
    make(synthmill, "--total-records", "8000", "--resume")
    again = synthmill("generate", "mdm", "--to", "out", "--total-records", "8000", "--resume",
                      "--json").json()
    assert again["already_complete"] is True
    both = synthmill("generate", "mdm", "--to", "out", "--total-records", "8000", "--resume",
                     "--write-mode", "overwrite", "--json").json()
    assert both["already_complete"] is True
