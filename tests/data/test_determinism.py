"""The same fingerprint, whatever made it: threads, parts, formats, machines, company, days."""
import platform

import pytest

import golden
from helpers import hidden_cpu
from helpers.tables import CRM, ERP, SHOP, TRUTH, independent_fingerprints

CUSTOMERS = 110_000  # 108 blocks of 1,024: a hundred parts can be made
ARGS = ["mdm", "--unique-customers", CUSTOMERS, "--total-records", 4 * CUSTOMERS, "--noise", "hard",
        "--truth"]


def fingerprints(synthmill, *args, env=None):
    result = synthmill("generate", *ARGS, "--to", "null:", "--json", "--quiet", *args, env=env).json()
    return {t["table"]: t["fingerprint"] for t in result["tables"]} | {"": result["fingerprint"]}


@pytest.fixture(scope="module")
def reference(session_synthmill):
    found = fingerprints(session_synthmill, "--threads", 1, "--partitions", 1)
    assert set(found) == {CRM, ERP, SHOP, *TRUTH, ""}
    assert len(set(found.values())) == len(found)
    return found


@pytest.mark.parametrize("threads", [1, 2, 7])
def test_threads_change_nothing(synthmill, reference, threads):
    assert fingerprints(synthmill, "--threads", threads) == reference


@pytest.mark.parametrize("parts", [1, 7, 100])
def test_the_number_of_parts_changes_nothing(synthmill, reference, parts):
    planned = synthmill("plan", *ARGS, "--partitions", parts, "--json").json()["parts"]
    assert planned == parts
    assert fingerprints(synthmill, "--partitions", parts, "--threads", 2) == reference


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "arrow"])
def test_every_format_reads_back_with_the_same_fingerprint(synthmill, reference, format):
    synthmill("generate", *ARGS, "--format", format, "--to", "out", "--quiet")
    checked = synthmill("verify", "out", "--json").json()
    assert {t["table"]: t["fingerprint"] for t in checked["tables"]} | \
        {"": checked["fingerprint"]} == reference


def test_the_fingerprint_is_what_an_independent_program_reads_in_the_files(synthmill, here):
    done = synthmill("generate", *ARGS, "--unique-customers", 4_000, "--to", "out", "--json",
                     "--quiet").json()
    own = independent_fingerprints(here / "out", [t["table"] for t in done["tables"]])
    assert own == {t["table"]: (t["fingerprint"], t["rows"]) for t in done["tables"]}


@pytest.mark.skipif(platform.machine() != "x86_64", reason="hides features of x86-64")
def test_a_cpu_without_avx2_and_fma_makes_the_same(synthmill, reference):
    if not hidden_cpu.glibc_uses():
        pytest.skip("this CPU has neither AVX2 nor FMA: nothing to hide")
    assert hidden_cpu.glibc_uses(hidden_cpu.ENVIRONMENT) == set(), "they are hidden"
    assert fingerprints(synthmill, env=hidden_cpu.ENVIRONMENT) == reference


@pytest.mark.parametrize("key, table", [("crm", CRM), ("erp", ERP), ("ecommerce", SHOP)])
def test_a_table_alone_is_as_with_the_others(synthmill, reference, key, table):
    alone = fingerprints(synthmill, "--tables", key)
    assert alone[table] == reference[table]
    assert alone["truth_customers"] == reference["truth_customers"]


def test_tables_change_nothing_whether_truth_is_written_or_not(synthmill, reference):
    result = synthmill("generate", *ARGS[:-1], "--to", "null:", "--json", "--quiet").json()
    found = {t["table"]: t["fingerprint"] for t in result["tables"]}
    assert found == {t: reference[t] for t in (CRM, ERP, SHOP)}


def test_the_clock_the_time_zone_and_the_language_change_nothing(synthmill, reference):
    """Dates hang on as-of: no run asks for today."""
    for zone, language in (("Pacific/Kiritimati", "C"), ("Etc/GMT+12", "de_DE.UTF-8")):
        assert fingerprints(synthmill, env={"TZ": zone, "LC_ALL": language}) == reference


def test_dates_follow_as_of_and_nothing_else_does(synthmill, here):
    """A year later: the same people with their dates moved."""
    import duckdb
    base = ["generate", "mdm", "--total-records", "20000", "--noise", "none", "--tables", "erp",
            "--quiet"]
    synthmill(*base, "--to", "a")
    synthmill(*base, "--as-of", "2027-01-01", "--to", "b")
    dates = "date_of_birth, registration_date, last_activity_date"
    a, b = (f"'{here}/{x}/{ERP}/*.parquet'" for x in "ab")
    assert duckdb.sql(f"select count(*) from (select * exclude ({dates}) from {a} except "
                      f"select * exclude ({dates}) from {b})").fetchone()[0] == 0
    later = duckdb.sql(f"select count(*) filter (b.registration_date > a.registration_date), "
                       f"count(*), min(b.last_activity_date) from {a} a join {b} b "
                       "using (record_id)").fetchone()
    assert later[0] > 0.99 * later[1] and str(later[2]) >= "2026-01-01"


def test_more_customers_leave_the_first_ones_as_they_are(synthmill, here):
    """Whole blocks of customers are the same in a small and in a large run."""
    import duckdb
    for name, customers in (("small", 2048), ("large", 9000)):
        synthmill("generate", "mdm", "--unique-customers", customers, "--total-records", 40_000,
                  "--to", name, "--quiet")
    for table in (CRM, ERP, SHOP):
        small, large = (f"'{here}/{x}/{table}/*.parquet'" for x in ("small", "large"))
        assert duckdb.sql(f"select count(*) from (select * from {small} except "
                          f"select * from {large})").fetchone()[0] == 0
        assert duckdb.sql(f"select count(*) from {small}").fetchone()[0] == duckdb.sql(
            f"select count(*) from {large} where customer_id <= 'CUST_02048'").fetchone()[0]


@pytest.mark.parametrize("case", golden.cases())
def test_golden_fingerprints_stand(synthmill, case):
    """Values change only with the generator version: renew_golden.py says how."""
    recorded = golden.read()
    assert golden.generator_version(synthmill) == recorded["generator"]
    assert golden.fingerprints_of(synthmill, case) == recorded["fingerprints"][case]


@pytest.mark.skipif(platform.machine() != "x86_64", reason="hides features of x86-64")
@pytest.mark.parametrize("case", golden.cases())
def test_golden_fingerprints_stand_without_avx2_and_fma(synthmill, case):
    found = golden.fingerprints_of(synthmill, case, env=hidden_cpu.ENVIRONMENT)
    assert found == golden.read()["fingerprints"][case]


def test_each_seed_has_its_own_values():
    recorded = golden.read()["fingerprints"]
    assert set(recorded) == set(golden.cases())
    for profile in golden.PROFILES:
        of_seeds = [recorded[f"{profile}, seed {seed}"] for seed in golden.SEEDS]
        for table in of_seeds[0]:
            assert len({tables[table] for tables in of_seeds}) == len(of_seeds), table
