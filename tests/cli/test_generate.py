"""Options of generate, what it prints, what lies at the target."""
import json
import re

import duckdb
import pyarrow.dataset as ds
import pytest

from helpers.tables import (CRM, ERP, SHOP, TRUTH, combined_fingerprint, independent_fingerprints,
                            manifest, read, row_counts, run_manifests, table_names)

SMALL = ["mdm", "--total-records", "10000"]


def test_one_table_alone_is_made_as_with_the_others(synthmill, here):
    synthmill("generate", *SMALL, "--to", "all", "--quiet")
    for given, name in (("crm", CRM), (ERP, ERP), ("ecommerce", SHOP)):  # by key or by name
        synthmill("generate", *SMALL, "--tables", given, "--to", given, "--quiet")
        assert table_names(here / given) == [name]
        assert read(here / given, name).equals(read(here / "all", name))


def test_several_tables_are_separated_by_commas(synthmill, here):
    synthmill("generate", *SMALL, "--tables", "crm,ecommerce", "--to", "out", "--quiet")
    assert table_names(here / "out") == sorted([CRM, SHOP])


def test_the_truth_of_one_table_covers_its_records_and_all_customers(synthmill, here):
    synthmill("generate", *SMALL, "--truth", "--tables", "erp", "--to", "out", "--quiet")
    counts = row_counts(here / "out")
    assert set(counts) == {ERP, *TRUTH}
    assert counts["truth_records"] == counts[ERP] and counts["truth_customers"] == 2500
    changed = set(read(here / "out", "truth_changes")["record_id"].to_pylist())
    assert changed < set(read(here / "out", ERP)["record_id"].to_pylist())


def test_truth_adds_three_tables(synthmill, here):
    synthmill("generate", *SMALL, "--truth", "--to", "all", "--quiet")
    assert table_names(here / "all") == sorted([CRM, ERP, SHOP, *TRUTH])
    counts = row_counts(here / "all")
    assert counts["truth_records"] == counts[CRM] + counts[ERP] + counts[SHOP]
    assert counts["truth_customers"] == 2500


def test_a_suffix_replaces_the_default_and_changes_no_value(synthmill, here):
    synthmill("generate", *SMALL, "--to", "a", "--quiet")
    synthmill("generate", *SMALL, "--table-suffix", "_2026", "--to", "b", "--quiet")
    synthmill("generate", *SMALL, "--table-suffix", "", "--to", "c", "--quiet")
    assert table_names(here / "b") == [f"raw_{s}_customers_2026" for s in ("crm", "ecommerce", "erp")]
    assert table_names(here / "c") == [f"raw_{s}_customers" for s in ("crm", "ecommerce", "erp")]
    assert read(here / "b", "raw_crm_customers_2026").equals(read(here / "a", CRM))
    assert read(here / "c", "raw_crm_customers").equals(read(here / "a", CRM))


def test_without_entity_id_the_answer_key_is_in_the_truth_alone(synthmill, here):
    synthmill("generate", *SMALL, "--truth", "--to", "a", "--quiet")
    synthmill("generate", *SMALL, "--no-entity-id", "--truth", "--to", "b", "--quiet")
    for table in (CRM, ERP, SHOP):
        without = read(here / "b", table)
        assert "customer_id" not in without.schema.names
        assert without.equals(read(here / "a", table).drop_columns(["customer_id"]))
    for table in TRUTH:
        assert read(here / "b", table).equals(read(here / "a", table))
    assert "customer_id" in read(here / "b", "truth_records").schema.names
    assert "customer_id" in read(here / "b", "truth_customers").schema.names


def test_another_seed_makes_other_values_in_as_many_rows(synthmill, here):
    one = synthmill("generate", *SMALL, "--to", "a", "--json", "--quiet").json()
    two = synthmill("generate", *SMALL, "--seed", "43", "--to", "b", "--json", "--quiet").json()
    assert one["fingerprint"] != two["fingerprint"]
    a, b = read(here / "a", CRM), read(here / "b", CRM)
    assert not set(a["record_id"].to_pylist()) & set(b["record_id"].to_pylist())
    assert abs(a.num_rows - b.num_rows) < 20


def test_42_is_the_default_seed(synthmill):
    args = ["generate", *SMALL, "--json", "--quiet", "--to"]
    assert synthmill(*args, "a").json()["fingerprint"] == \
        synthmill(*args, "b", "--seed", "42").json()["fingerprint"]


def test_numbers_may_be_written_as_people_write_them(synthmill):
    wanted = synthmill("plan", "mdm", "--total-records", "1500000").text
    for written in ("1_500_000", "1500k", "1.5M"):
        assert synthmill("plan", "mdm", "--total-records", written).text == wanted


def test_a_flag_takes_its_value_after_a_blank_or_an_equals_sign(synthmill):
    assert synthmill("plan", "mdm", "--total-records=5000", "--format=csv").text == \
        synthmill("plan", "mdm", "--total-records", "5000", "--format", "csv").text


def test_null_counts_and_fingerprints_and_writes_nothing(synthmill, here):
    done = synthmill("generate", *SMALL, "--to", "null:", "--json", "--quiet").json()
    real = synthmill("generate", *SMALL, "--to", "out", "--json", "--quiet").json()
    assert (done["rows"], done["fingerprint"]) == (real["rows"], real["fingerprint"])
    assert not (here / "null:").exists()


def test_a_file_uri_is_a_folder(synthmill, here):
    synthmill("generate", *SMALL, "--to", f"file://{here}/out", "--quiet")
    assert len(table_names(here / "out")) == 3


# --- What is printed -----------------------------------------------------------------------------

def test_the_last_line_tells_rows_bytes_rate_and_fingerprint(synthmill, here):
    result = synthmill("generate", *SMALL, "--to", "out")
    assert result.out == b"", "only data and --json go to standard output"
    last = result.err.rstrip().splitlines()[-1]
    rows = sum(row_counts(here / "out").values())
    assert re.search(rf"\b{rows:,} rows\b.*[kM]B.*rows/s.*fingerprint [0-9a-f]{{32}}$", last)


def test_the_plan_is_shown_before_work(synthmill):
    err = synthmill("generate", *SMALL, "--to", "out").err
    assert err.index("plan: mdm") < err.index("done: ")


def test_the_report_of_noise_has_three_figures_for_each_rule(synthmill):
    err = synthmill("generate", *SMALL, "--to", "null:").err
    assert re.search(r"configured +touched +changed", err)
    for rule in ("nickname", "abbreviation", "phone_format", "email_domain", "typo", "missing"):
        assert re.search(rf"^ +{rule}( +\d+\.\d %){{3}}$", err, re.M), rule


def test_json_is_all_of_standard_output_and_has_the_documented_fields(synthmill, here):
    result = synthmill("generate", *SMALL, "--truth", "--to", "out", "--json")
    doc = result.json()
    types = {"version": int, "run_id": str, "to": str, "already_complete": bool, "rows": int,
             "bytes": int, "seconds": float, "rows_resumed": int, "tables": list, "noise": list,
             "fingerprint": str}
    assert {name: type(value) for name, value in doc.items()} == types
    assert doc["version"] == 1 and doc["already_complete"] is False and doc["to"] == "out"
    assert {t["table"]: t["rows"] for t in doc["tables"]} == row_counts(here / "out")
    assert doc["rows"] == sum(t["rows"] for t in doc["tables"])
    sizes = {t: sum(f.stat().st_size for f in (here / "out" / t).iterdir())
             for t in table_names(here / "out")}
    assert {t["table"]: t["bytes"] for t in doc["tables"]} == sizes
    assert doc["bytes"] == sum(sizes.values())
    for table in doc["tables"]:
        assert table["files"] == len(list((here / "out" / table["table"]).iterdir()))
    assert [n["rule"] for n in doc["noise"]] == ["nickname", "abbreviation", "phone_format",
                                                 "email_domain", "typo", "missing"]
    for rule in doc["noise"]:
        assert rule["changed"] <= rule["touched"] <= rule["applicable"]
        assert rule["touched_share"] == pytest.approx(rule["touched"] / rule["applicable"])


def test_quiet_prints_nothing_but_warnings_and_errors(synthmill):
    assert synthmill("generate", *SMALL, "--to", "out", "--quiet").err == ""
    result = synthmill("generate", *SMALL, "--unique-customers", "6000", "--to", "b", "--quiet")
    assert [line.split(":")[0] for line in result.err.splitlines()] == ["warning"]
    assert synthmill("generate", "mdm", "--noise", "x", "--quiet", "--to", "c", code=2).err


def test_json_and_data_do_not_share_standard_output(synthmill):
    assert "--json" in synthmill("generate", *SMALL, "--tables", "crm", "--to", "-", "--json",
                                 code=2).err


def test_lines_are_plain_when_not_on_a_terminal(synthmill):
    err = synthmill("generate", *SMALL, "--to", "out").err
    assert "\x1b" not in err and "\r" not in err


def on_a_terminal(synthmill, *args, **variables):
    """stderr of a run whose stderr is a terminal."""
    import os
    import pty
    import subprocess
    primary, secondary = pty.openpty()
    env = synthmill.environment({"TERM": "xterm-256color", "COLUMNS": "100", **variables})
    process = subprocess.Popen([synthmill.binary, *args], stdout=subprocess.DEVNULL,
                               stderr=secondary, stdin=secondary, cwd=synthmill.cwd, env=env)
    os.close(secondary)
    text = b""
    while True:
        try:
            chunk = os.read(primary, 65536)
        except OSError:
            break
        if not chunk:
            break
        text += chunk
    os.close(primary)
    assert process.wait() == 0, text
    return text.decode()


def test_a_terminal_gets_a_bar_in_colour_and_no_color_takes_the_colour_away(synthmill):
    args = ["generate", "mdm", "--total-records", "600000", "--to", "null:", "--threads", "1"]
    text = on_a_terminal(synthmill, *args)
    assert "\r" in text and re.search("\x1b\\[[0-9;]*m", text)
    assert re.search(r"%.*rows/s.*ETA", text)
    plain = on_a_terminal(synthmill, *args, NO_COLOR="1")
    assert "\r" in plain and not re.search("\x1b\\[[0-9;]*m", plain)
    none = on_a_terminal(synthmill, *args, "--no-progress")
    assert "ETA" not in none


# --- What lies at the target ---------------------------------------------------------------------

def test_the_layout_of_a_target_is_as_documented(synthmill, here):
    doc = synthmill("generate", *SMALL, "--truth", "--partitions", "2", "--to", "out", "--json",
                    "--quiet").json()
    files = sorted(str(p.relative_to(here / "out")) for p in (here / "out").rglob("*")
                   if p.is_file())
    parts = [f"{t}/part-{i:05d}.parquet" for t in (CRM, ERP, SHOP, *TRUTH) for i in range(2)]
    assert files == sorted(parts + ["_synthmill/manifest.json",
                                    f"_synthmill/runs/{doc['run_id']}/manifest.json"])


def test_the_manifest_holds_spec_hash_parameters_seed_versions_and_parts(synthmill, here):
    doc = synthmill("generate", *SMALL, "--seed", "7", "--noise-typo", "0.2", "--to", "out",
                    "--json", "--quiet").json()
    (live,) = manifest(here / "out")["runs"]
    assert live["id"] == doc["run_id"] and live["dataset"] == "mdm"
    assert set(live["tables"]) == {CRM, ERP, SHOP}
    (run,) = run_manifests(here / "out")
    assert run["version"] == 1 and run["state"] == "complete" and run["hash"] == live["hash"]
    identity = run["identity"]
    assert identity["seed"] == 7 and identity["noise"] == "classic"
    assert identity["as_of"] == "2026-01-01" and len(identity["spec_hash"]) == 32
    assert identity["parameters"]["total_records"] == 10_000
    assert identity["parameters"]["unique_customers"] == 2_500
    assert float(identity["parameters"]["noise_typo"]) == 0.2
    assert run["spec"]["text"].encode() == synthmill("datasets", "show", "mdm").out
    assert run["versions"]["synthmill"] in synthmill("--version").text
    assert {"generator", "arrow"} <= set(run["versions"])
    written = [f for part in run["parts"] for f in part["files"]]
    assert len(written) == sum(t["files"] for t in doc["tables"])
    for file in written:
        path = here / "out" / file["table"] / file["file"]
        assert path.stat().st_size == file["bytes"]
        assert ds.dataset(str(path)).count_rows() == file["rows"]
        assert re.fullmatch("[0-9a-f]{32}", file["fingerprint"])


def test_the_hash_of_a_plan_is_that_of_the_run(synthmill, here):
    planned = synthmill("plan", *SMALL, "--json").json()["run_hash"]
    synthmill("generate", *SMALL, "--threads", "1", "--to", "out", "--quiet")
    assert manifest(here / "out")["runs"][0]["hash"] == planned


def test_readers_of_the_whole_folder_do_not_see_our_own_files(synthmill, here):
    doc = synthmill("generate", *SMALL, "--tables", "crm", "--to", "out", "--json", "--quiet").json()
    rows = doc["tables"][0]["rows"]
    assert ds.dataset(str(here / "out"), format="parquet").count_rows() == rows
    found = duckdb.sql(f"select count(*) from '{here}/out/**/*.parquet'").fetchone()[0]
    assert found == rows
    assert not list((here / "out" / "_synthmill").rglob("*.parquet"))


def test_secrets_of_the_environment_are_not_in_the_manifest(synthmill, here):
    env = {"AWS_SECRET_ACCESS_KEY": "abracadabra-secret", "PASSWORD": "abracadabra-secret"}
    synthmill("generate", *SMALL, "--to", "out", "--quiet", env=env)
    for path in (here / "out" / "_synthmill").rglob("*"):
        assert path.is_dir() or b"abracadabra" not in path.read_bytes()


# --- Fingerprints --------------------------------------------------------------------------------

def test_verify_generate_and_an_independent_program_agree_on_the_fingerprints(synthmill, here):
    done = synthmill("generate", "mdm", "--total-records", "4000", "--truth", "--noise", "hard",
                     "--to", "out", "--json", "--quiet").json()
    checked = synthmill("verify", "out", "--json").json()
    own = independent_fingerprints(here / "out", table_names(here / "out"))
    generated = {t["table"]: (t["fingerprint"], t["rows"]) for t in done["tables"]}
    verified = {t["table"]: (t["fingerprint"], t["rows"]) for t in checked["tables"]}
    assert generated == verified == own
    assert done["fingerprint"] == checked["fingerprint"] == combined_fingerprint(own)
    assert checked["ok"] is True and checked["bad_parts"] == []
    assert {t["status"] for t in checked["tables"]} == {"ok"}


def test_verify_reads_only_the_tables_asked_for(synthmill):
    synthmill("generate", *SMALL, "--to", "out", "--quiet")
    doc = synthmill("verify", "out", "--tables", CRM, "--json").json()
    assert [t["table"] for t in doc["tables"]] == [CRM]
    assert "did you mean" in synthmill("verify", "out", "--tables", CRM[:-1], code=2).err


def test_verify_prints_each_table_with_rows_and_fingerprint(synthmill):
    done = synthmill("generate", *SMALL, "--to", "out", "--json", "--quiet").json()
    result = synthmill("verify", "out")
    for table in done["tables"]:
        assert re.search(rf"^{table['table']} +{table['rows']:,} rows .*{table['fingerprint']} +ok$",
                         result.text, re.M)
    assert done["fingerprint"] in result.err
    assert json.loads(synthmill("verify", "out", "--json", "--threads", "1").out)["ok"]


def test_rows_leave_in_an_order_that_does_not_tell_the_customer(synthmill, here):
    synthmill("generate", *SMALL, "--tables", "crm", "--to", "out", "--quiet")
    numbers = [int(c[5:]) for c in read(here / "out", CRM)["customer_id"].to_pylist()[:500]]
    assert numbers != sorted(numbers)
