"""Plans: exact, instant, and nothing is written."""
import pytest

from helpers.tables import CRM, ERP, SHOP, TRUTH, row_counts


def planned(synthmill, *args):
    return {t["table"]: t for t in synthmill("plan", "mdm", *args, "--json").json()["tables"]}


@pytest.mark.parametrize("args", [
    ["--total-records", "100000"],
    ["--total-records", "4"],
    ["--total-records", "4099"],
    ["--total-records", "40000", "--unique-customers", "12345", "--first-customer", "700"],
    ["--total-records", "20000", "--noise", "hard", "--partitions", "3"],
], ids=" ".join)
def test_the_rows_of_a_plan_are_those_that_are_made(synthmill, here, args):
    plan = planned(synthmill, *args, "--truth")
    synthmill("generate", "mdm", *args, "--truth", "--to", "out", "--quiet")
    made = row_counts(here / "out")
    assert set(made) == set(plan) == {CRM, ERP, SHOP, *TRUTH}
    for table, rows in made.items():
        if table == "truth_changes":
            assert not plan[table]["rows_exact"]
        else:
            assert plan[table]["rows_exact"] and plan[table]["rows"] == rows, table


def test_a_million_total_records_are_about_600_000_rows_by_the_published_shares(synthmill):
    doc = synthmill("plan", "mdm", "--json").json()
    rows = {t["table"]: t["rows"] for t in doc["tables"]}
    # 250,000 customers: 0.80 x 1.15, 0.70, 0.60 x 1.30; a quota rounds by less than a block of 1,024
    assert abs(rows[CRM] - 230_000) < 50
    assert abs(rows[ERP] - 175_000) < 50
    assert abs(rows[SHOP] - 195_000) < 50
    assert doc["rows"] == sum(rows.values()) and doc["rows_exact"]


def test_the_text_of_a_plan_shows_the_rows_of_its_json(synthmill):
    text = synthmill("plan", "mdm", "--truth").text
    plan = planned(synthmill, "--truth")
    for table, line in plan.items():
        shown = next(row for row in text.splitlines() if row.strip().startswith(table + " "))
        mark = "" if line["rows_exact"] else "~"
        assert f" {mark}{line['rows']:,} " in shown, shown
        assert " ~" in shown, "bytes are an estimate and say so"
    assert "classic" in text and "seed 42" in text and "2026-01-01" in text


def test_the_json_of_a_plan_has_the_documented_fields(synthmill):
    doc = synthmill("plan", "mdm", "--to", "out", "--json").json()
    types = {"version": int, "dataset": str, "seed": int, "as_of": str, "noise": str, "rows": int,
             "rows_exact": bool, "bytes_estimate": int, "parts": int, "tables": list,
             "roots": list, "destination": dict, "format": str, "compression": str,
             "threads": int, "run_hash": str, "notes": list}
    assert {name: type(value) for name, value in doc.items()} == types
    assert doc["version"] == 1
    assert {"table", "rows", "bytes_estimate", "parts"} <= set(doc["tables"][0])
    assert doc["destination"]["write_mode"] == "error" and doc["destination"]["guarantee"]


def test_plan_takes_the_words_of_generate(synthmill):
    args = ["mdm", "--total-records", "5000", "--truth"]
    assert synthmill("plan", "generate", *args).text == synthmill("plan", *args).text
    assert synthmill("generate", *args, "--dry-run").text == synthmill("plan", *args).text


def test_a_dry_run_writes_nothing(synthmill, here):
    before = sorted(p for p in here.rglob("*"))
    synthmill("generate", "mdm", "--to", "out", "--dry-run")
    synthmill("generate", "mdm", "--to", "deep/er/out", "--truth", "--dry-run", "--json")
    synthmill("plan", "mdm", "--to", "out")
    assert sorted(p for p in here.rglob("*")) == before


def test_ten_to_the_fifteen_customers_are_planned_exactly(synthmill):
    customers = 10**15
    doc = synthmill("plan", "mdm", "--total-records", 4 * customers, "--json").json()
    rows = {t["table"]: t["rows"] for t in doc["tables"]}
    for table, mean in ((CRM, 0.92), (ERP, 0.70), (SHOP, 0.78)):
        assert abs(rows[table] - customers * mean) < 1024, table
    assert doc["rows_exact"]


def test_one_customer_more_than_the_most_is_an_error_that_tells_the_most(synthmill):
    result = synthmill("plan", "mdm", "--total-records", 4 * 10**15, "--unique-customers",
                       10**15 + 1, code=2)
    assert "10^15" in result.err and str(10**15 + 1) in result.err


@pytest.mark.parametrize("records, asked", [(100, 1000), (10_000, 7), (50_000, 10**12)])
def test_more_partitions_than_rows_allow_give_a_sane_plan(synthmill, here, records, asked):
    args = ["mdm", "--total-records", records, "--partitions", asked]
    doc = synthmill("plan", *args, "--json").json()
    most = -(-(records // 4) // 1024)
    assert doc["parts"] == min(asked, most)
    assert bool(doc["notes"]) == (asked > most)
    done = synthmill("generate", *args, "--to", "out", "--json", "--quiet").json()
    assert done["rows"] == doc["rows"]
    assert len(list((here / "out" / CRM).iterdir())) == doc["parts"]


def test_the_default_is_eight_parts_whatever_the_threads(synthmill):
    for threads in (1, 2, 16):
        assert synthmill("plan", "mdm", "--threads", threads, "--json").json()["parts"] == 8
    assert synthmill("plan", "mdm", "--unique-customers", 10_000_000, "--total-records",
                     40_000_000, "--json").json()["parts"] == 20  # ceil(10,000,000 / 524,288)


def test_parts_share_the_work_evenly(synthmill, here):
    synthmill("generate", "mdm", "--total-records", "100000", "--partitions", "5", "--tables",
              "erp", "--to", "out", "--quiet")
    import pyarrow.parquet as pq
    sizes = [pq.ParquetFile(p).metadata.num_rows for p in sorted((here / "out" / ERP).iterdir())]
    assert len(sizes) == 5 and sum(sizes) == 17501
    assert max(sizes) - min(sizes) <= 1024


@pytest.mark.parametrize("total", [1, 2, 7, 10, 999, 1000, 2457, 12_345, 100_003])
def test_exact_total_makes_exactly_so_many_rows(synthmill, here, total):
    done = synthmill("generate", "mdm", "--exact-total", "--total-records", total, "--truth",
                     "--to", "out", "--json", "--quiet").json()
    rows = {t["table"]: t["rows"] for t in done["tables"]}
    assert rows[CRM] + rows[ERP] + rows[SHOP] == total == rows["truth_records"]
    counted = row_counts(here / "out")
    assert {t: counted[t] for t in rows} == rows


def test_exact_total_takes_the_surplus_from_the_last_customer(synthmill, here):
    """Highest copy first, ecommerce, then erp, then crm: what is left is what there was."""
    import duckdb
    base = ["--truth", "--quiet"]
    done = synthmill("generate", "mdm", "--exact-total", "--total-records", 5001, "--to", "exact",
                     "--json", *base).json()
    customers = next(t["rows"] for t in done["tables"] if t["table"] == "truth_customers")
    synthmill("generate", "mdm", "--unique-customers", customers, "--total-records", 10**6,
              "--to", "whole", *base)
    missing = duckdb.sql(f"""
        select customer_id, count(*) from '{here}/whole/truth_records/*.parquet'
        where record_id not in (select record_id from '{here}/exact/truth_records/*.parquet')
        group by all""").fetchall()
    extra = duckdb.sql(f"""
        select count(*) from '{here}/exact/truth_records/*.parquet'
        where record_id not in (select record_id from '{here}/whole/truth_records/*.parquet')
        """).fetchone()[0]
    assert extra == 0
    whole = duckdb.sql(f"select count(*) from '{here}/whole/truth_records/*.parquet'").fetchone()[0]
    assert sum(n for _, n in missing) == whole - 5001 < 7
    assert {c for c, _ in missing} <= {f"CUST_{customers:05d}"}
