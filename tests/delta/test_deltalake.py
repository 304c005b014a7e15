"""--format delta beside an independent implementation (deltalake): it reads what we wrote, we read
what it wrote, and both write to one table."""
import datetime
import json

import deltalake
import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from helpers.faults import start_until_a_part_is_done

SPEC = """synthmill: 1
dataset: sales
tables:
  sales:
    rows: 20000
    columns:
      id: {kind: sequence}
      region: {kind: choice, values: ["EU", "US/CA", "a=b c%d", "Zürich"], null: 0.1}
      day: {kind: date, from: 2026-01-01, to: 2026-01-03}
      sold: {kind: timestamp, from: 2026-01-01, to: 2026-01-31}
      price: {kind: decimal, precision: 20, scale: 4, min: -5, max: 500, null: 0.2}
      weight: {kind: float, min: 0, max: 10, digits: 3}
      note: {kind: text, min: 10, max: 60, null: 0.3}
      paid: {kind: bool}
  other:
    rows: 10
    columns:
      id: {kind: sequence}
"""


@pytest.fixture
def spec(here):
    path = here / "sales.yaml"
    path.write_text(SPEC)
    return path


class Mill:
    """`mill("out", "--seed", 3)`: generates the sales as Delta tables; the report."""

    def __init__(self, synthmill, spec):
        self.synthmill, self.spec = synthmill, spec

    def __call__(self, to, *flags, code=0):
        result = self.synthmill("generate", self.spec, "--to", to, "--format", "delta", "--json",
                                *flags, code=code)
        return result.json() if code == 0 else result


@pytest.fixture
def mill(synthmill, spec):
    return Mill(synthmill, spec)


def rows(table):
    return table.to_pyarrow_table().sort_by("id")


def plain_rows(synthmill, spec, here, *flags):
    synthmill("generate", spec, "--to", "plain", "--quiet", *flags)
    return pq.read_table(here / "plain" / "sales").sort_by("id")


def as_read(table):
    """Our Parquet table as Delta keeps it: times are UTC."""
    return pa.table({n: c.cast(pa.timestamp("us", "UTC")) if pa.types.is_timestamp(c.type) else c
                     for n, c in zip(table.column_names, table.columns)})


def test_another_reader_finds_the_same_rows_that_parquet_has(synthmill, mill, spec, here):
    report = mill("out")
    table = DeltaTable(here / "out" / "sales")
    assert table.version() == 0
    assert table.protocol().min_reader_version == 1 and table.protocol().min_writer_version == 2
    found, wanted = rows(table), as_read(plain_rows(synthmill, spec, here))
    assert found.select(wanted.column_names).cast(wanted.schema).equals(wanted)
    assert DeltaTable(here / "out" / "other").to_pyarrow_table().num_rows == 10
    checked = synthmill("verify", "out", "--json").json()
    assert checked["fingerprint"] == report["fingerprint"]
    parquet = synthmill("generate", spec, "--to", "plain2", "--json").json()
    assert report["fingerprint"] == parquet["fingerprint"]


def test_statistics_are_those_of_the_files(mill, here):
    mill("out", "--partitions", "5")
    table = DeltaTable(here / "out" / "sales")
    actions = pa.table(table.get_add_actions(flatten=True)).to_pylist()
    assert len(actions) == 5
    for action in actions:
        file = here / "out" / "sales" / action["path"]
        assert file.stat().st_size == action["size_bytes"]
        wanted = duckdb.sql(
            f"select count(*), min(id), max(id), count(*) - count(price), min(price), max(price), "
            f"min(day), max(day), min(weight), max(weight), min(note), max(note), "
            f"count(*) - count(note) from '{file}'").fetchone()
        found = tuple(action[k] for k in (
            "num_records", "min.id", "max.id", "null_count.price", "min.price", "max.price",
            "min.day", "max.day", "min.weight", "max.weight"))
        assert found == wanted[:10]
        low, high, nulls = wanted[10:]
        assert action["null_count.note"] == nulls
        assert action["min.note"] == low[:32] and len(action["max.note"]) <= 32
        assert action["max.note"].encode() >= high.encode()
        assert action["max.note"][:31] == high[:31]


def test_filters_skip_files_by_statistics(mill, here):
    mill("out", "--partitions", "5")
    table = DeltaTable(here / "out" / "sales")
    everything = list(table.to_pyarrow_dataset().get_fragments())
    import pyarrow.dataset as ds
    some = list(table.to_pyarrow_dataset().get_fragments(filter=ds.field("id") <= 10))
    assert len(everything) == 5 and len(some) == 1
    assert table.to_pyarrow_dataset().to_table(filter=ds.field("id") <= 10).num_rows == 10
    day = datetime.datetime(2026, 1, 10, tzinfo=datetime.timezone.utc)
    whole = rows(table)
    assert (table.to_pyarrow_dataset().to_table(filter=ds.field("sold") >= day).num_rows ==
            sum(v >= day for v in whole["sold"].to_pylist()))


def test_folders_by_value_are_partitions(synthmill, mill, spec, here):
    mill("out", "--partition-by", "region,day")
    table = DeltaTable(here / "out" / "sales")
    assert table.metadata().partition_columns == ["region", "day"]
    found, wanted = rows(table), as_read(plain_rows(synthmill, spec, here))
    assert found.select(wanted.column_names).cast(wanted.schema).equals(wanted)
    values = {p["region"] for p in table.partitions()}
    assert values == {"EU", "US/CA", "a=b c%d", "Zürich", None}
    for path in (here / "out" / "sales").rglob("*.parquet"):
        assert not {"region", "day"} & set(pq.read_schema(path).names)
    some = table.to_pyarrow_table(filters=[("region", "=", "a=b c%d"),
                                           ("day", "=", datetime.date(2026, 1, 2))])
    assert some.num_rows > 0 and set(some["region"].to_pylist()) == {"a=b c%d"}
    synthmill("verify", "out")


def test_append_adds_a_version_and_overwrite_replaces_in_one(synthmill, mill, here):
    mill("out")
    mill("out", "--seed", "7", "--write-mode", "append")
    table = DeltaTable(here / "out" / "sales")
    assert table.version() == 1 and table.to_pyarrow_table().num_rows == 40000
    synthmill("verify", "out")
    mill("out", "--seed", "8", "--write-mode", "overwrite")
    table = DeltaTable(here / "out" / "sales")
    assert table.version() == 2 and table.to_pyarrow_table().num_rows == 20000
    synthmill("verify", "out")
    # The versions before are still to be had.
    assert DeltaTable(here / "out" / "sales", version=1).to_pyarrow_table().num_rows == 40000
    refused = mill("out", "--seed", "9", code=2)
    assert "already holds a finished run" in refused.err
    assert "already complete" in synthmill("generate", mill.spec, "--to", "out", "--format",
                                           "delta", "--seed", "8").err


def test_overwrite_may_change_columns_and_folders(synthmill, mill, spec, here):
    mill("out")
    spec.write_text(SPEC.replace("      paid: {kind: bool}\n", "      paid: {kind: int, min: 0, max: 9}\n"))
    refused = mill("out", "--write-mode", "append", "--seed", "2", code=2)
    assert "other columns" in refused.err
    mill("out", "--write-mode", "overwrite", "--partition-by", "region")
    table = DeltaTable(here / "out" / "sales")
    assert table.metadata().partition_columns == ["region"]
    assert pa.schema(table.schema().to_arrow()).field("paid").type == pa.int64()
    assert table.to_pyarrow_table().num_rows == 20000


def test_both_add_to_one_table(synthmill, mill, here):
    mill("out")
    path = here / "out" / "sales"
    extra = DeltaTable(path).to_pyarrow_table().slice(0, 100)
    deltalake.write_deltalake(path, extra, mode="append")
    mill("out", "--seed", "7", "--write-mode", "append")
    table = DeltaTable(path)
    assert table.version() == 2 and table.to_pyarrow_table().num_rows == 40100
    report = synthmill("verify", "out", "--json", code=1).json()
    assert {b["reason"] for b in report["bad_parts"]} == {"belongs to no run"}


def test_a_check_constraint_is_refused_by_name(synthmill, mill, here):
    mill("out")
    DeltaTable(here / "out" / "sales").alter.add_constraint({"known": "id > 0"})
    refused = mill("out", "--seed", "7", "--write-mode", "append", code=2)
    assert "CHECK constraint known" in refused.err and "id > 0" in refused.err


def test_an_append_only_table_is_not_overwritten(mill, here):
    mill("out")
    for name in ("sales", "other"):
        DeltaTable(here / "out" / name).alter.set_table_properties({"delta.appendOnly": "true"})
    refused = mill("out", "--seed", "7", "--write-mode", "overwrite", code=2)
    assert "append-only" in refused.err and "--write-mode append" in refused.err
    mill("out", "--seed", "7", "--write-mode", "append")


def test_checkpoints_of_either_are_read_by_the_other(synthmill, mill, here):
    mill("out", "--tables", "other")
    path = here / "out" / "other"
    for seed in range(1, 12):
        mill("out", "--tables", "other", "--seed", str(seed), "--write-mode", "append")
    log = path / "_delta_log"
    assert json.loads((log / "_last_checkpoint").read_text())["version"] == 10
    for version in range(10):
        (log / f"{version:020}.json").unlink()
    assert DeltaTable(path).to_pyarrow_table().num_rows == 120
    DeltaTable(path).create_checkpoint()
    for version in range(12):
        (log / f"{version:020}.json").unlink(missing_ok=True)
    mill("out", "--tables", "other", "--seed", "99", "--write-mode", "append")
    assert DeltaTable(path).to_pyarrow_table().num_rows == 130
    synthmill("verify", "out")


def test_copy_makes_delta_tables(synthmill, spec, here):
    wanted = plain_rows(synthmill, spec, here)
    synthmill("copy", "plain", "lake", "--format", "delta", "--quiet")
    found = rows(DeltaTable(here / "lake" / "sales"))
    assert found.cast(as_read(wanted).schema).equals(as_read(wanted))
    synthmill("verify", "lake")
    synthmill("copy", "plain", "lake", "--format", "delta", "--write-mode", "append", "--tables",
              "other", "--columns", "id")
    assert sorted(DeltaTable(here / "lake" / "other").to_pyarrow_table()["id"].to_pylist()) == \
        sorted([*range(1, 11), *range(1, 11)])


def test_times_of_day_and_long_decimals_become_text(synthmill, here):
    (here / "odd.yaml").write_text("""synthmill: 1
dataset: odd
tables:
  odd:
    rows: 500
    columns:
      id: {kind: sequence}
      at: {kind: time, null: 0.1}
      big: {kind: decimal, precision: 38, scale: 10, min: 0, max: 1000}
      list: {kind: array, of: {kind: time}, min: 0, max: 3}
""")
    report = synthmill("generate", "./odd.yaml", "--to", "out", "--format", "delta", "--json").json()
    found = rows(DeltaTable(here / "out" / "odd"))
    assert found.schema.field("at").type in (pa.string(), pa.string_view(), pa.large_string())
    assert all(v is None or len(v) == 15 for v in found["at"].to_pylist())
    assert synthmill("verify", "out", "--json").json()["fingerprint"] == report["fingerprint"]


def test_names_that_delta_has_not_are_refused(synthmill, here):
    (here / "odd.yaml").write_text("""synthmill: 1
dataset: odd
tables:
  odd:
    rows: 5
    columns:
      ab: {kind: sequence, name: "a b"}
""")
    refused = synthmill("generate", "./odd.yaml", "--to", "out", "--format", "delta", code=2)
    assert "'a b'" in refused.err and "column mapping" in refused.err
    assert not (here / "out").exists()


@pytest.mark.parametrize("to", ["-", "null:"])
def test_places_without_a_log_are_refused(synthmill, spec, to):
    refused = synthmill("generate", spec, "--tables", "other", "--to", to, "--format", "delta",
                        code=2)
    assert "cannot hold the log" in refused.err


def test_files_of_others_are_replaced_by_a_table(synthmill, mill, spec, here):
    synthmill("generate", spec, "--to", "out", "--quiet")
    mill("out", "--write-mode", "overwrite")
    table = DeltaTable(here / "out" / "sales")
    assert table.version() == 0 and table.to_pyarrow_table().num_rows == 20000
    assert {p.name for p in (here / "out" / "sales").glob("*.parquet")} == set(
        p.rsplit("/", 1)[-1] for p in table.file_uris())
    synthmill("verify", "out")
    # And back: the log goes with the folder.
    synthmill("generate", spec, "--to", "out", "--quiet", "--write-mode", "overwrite")
    assert not (here / "out" / "sales" / "_delta_log").exists()
    synthmill("verify", "out")


def test_a_table_that_another_made_takes_rows(synthmill, mill, spec, here):
    wanted = as_read(plain_rows(synthmill, spec, here))
    for name in ("sales", "other"):
        deltalake.write_deltalake(here / "out" / name, wanted if name == "sales" else
                                  wanted.select(["id"]))
    refused = mill("out", code=2)
    assert "--write-mode append" in refused.err
    mill("out", "--seed", "3", "--write-mode", "append")
    assert DeltaTable(here / "out" / "sales").to_pyarrow_table().num_rows == 40000
    mill("out", "--seed", "4", "--write-mode", "overwrite")
    assert DeltaTable(here / "out" / "sales").to_pyarrow_table().num_rows == 20000


def test_columns_of_anothers_table_that_differ_are_named_before_any_work(synthmill, mill, here):
    deltalake.write_deltalake(here / "out" / "sales", pa.table({"id": pa.array(["a"]),
                                                               "more": pa.array([1])}))
    refused = mill("out", "--write-mode", "append", "--tables", "sales", code=2)
    assert "column id is string in the table, long here" in refused.err
    assert "the table has no column region" in refused.err
    assert "column more is missing here" in refused.err
    assert DeltaTable(here / "out" / "sales").version() == 0


def test_compacted_and_vacuumed_tables_are_read_and_added_to(synthmill, mill, here):
    mill("out", "--partitions", "4")
    path = here / "out" / "sales"
    before = rows(DeltaTable(path))
    DeltaTable(path).optimize.compact()
    DeltaTable(path).vacuum(retention_hours=0, enforce_retention_duration=False, dry_run=False)
    synthmill("copy", "out/sales", "copied", "--quiet")
    copied = pq.read_table(here / "copied" / "sales").sort_by("id")
    assert copied.cast(before.schema).equals(before)
    mill("out", "--seed", "5", "--write-mode", "append")
    assert DeltaTable(path).to_pyarrow_table().num_rows == 40000
    bad = synthmill("verify", "out", "--json", code=1).json()["bad_parts"]
    assert "missing" in {b["reason"] for b in bad}, "our files are gone from the log"


@pytest.mark.parametrize("partitions", [None, ["region", "day"]])
def test_copy_reads_tables_of_others(synthmill, spec, here, partitions):
    wanted = as_read(plain_rows(synthmill, spec, here))
    deltalake.write_deltalake(here / "lake" / "sales", wanted, partition_by=partitions)
    deltalake.write_deltalake(here / "lake" / "sales", wanted.slice(0, 10), mode="append")
    synthmill("copy", "lake", "all", "--quiet")
    synthmill("copy", "lake/sales", "one.parquet", "--quiet")
    both = pa.concat_tables([wanted, wanted.slice(0, 10)]).sort_by("id")
    for path in (here / "all" / "sales", here / "one.parquet"):
        copied = pq.read_table(path).sort_by("id")
        assert sorted(copied.column_names) == sorted(wanted.column_names)
        assert copied.select(["id", "region", "day", "sold", "price"]).cast(
            both.select(["id", "region", "day", "sold", "price"]).schema).equals(
            both.select(["id", "region", "day", "sold", "price"]))


def test_copy_fills_columns_that_older_files_have_not(synthmill, here):
    deltalake.write_deltalake(here / "lake", pa.table({"a": [1, 2]}))
    deltalake.write_deltalake(here / "lake", pa.table({"a": [3], "b": ["x"]}), mode="append",
                              schema_mode="merge")
    synthmill("copy", "lake", "out.csv", "--quiet")
    assert sorted((here / "out.csv").read_text().split()) == ["1,", "2,", "3,x", "a,b"]


def test_rows_deleted_by_another_are_not_copied_and_are_told_by_verify(synthmill, mill, here):
    mill("out", "--partitions", "4")
    DeltaTable(here / "out" / "sales").delete("id <= 100")
    synthmill("copy", "out", "copied", "--quiet")
    assert pq.read_table(here / "copied" / "sales").num_rows == 19900
    assert synthmill("verify", "out", code=1)


def test_the_plan_tells_what_readers_of_a_delta_table_see(synthmill, spec):
    told = synthmill("plan", spec, "--to", "out", "--format", "delta", "--json").json()
    assert "one version of each table's log" in told["destination"]["guarantee"]


def test_files_without_a_log_are_not_mixed_into_a_delta_table(synthmill, mill, spec, here):
    deltalake.write_deltalake(here / "out" / "other", pa.table({"id": [1]}))
    for flags in ([], ["--write-mode", "append"]):
        refused = synthmill("generate", spec, "--to", "out", "--tables", "other", *flags, code=2)
        assert "is a Delta table" in refused.err and "--format delta" in refused.err
    assert not (here / "out" / "_synthmill").exists()
    assert DeltaTable(here / "out" / "other").to_pyarrow_table().num_rows == 1


def test_rows_that_another_replaced_meanwhile_are_not_overwritten_unseen(synthmill, here):
    """A run that overwrites is stopped by an overwrite that was committed while it worked."""
    args = ["generate", "mdm", "--tables", "crm", "--total-records", "1200000", "--format", "delta",
            "--to", "out", "--quiet"]
    synthmill("generate", "mdm", "--tables", "crm", "--total-records", "8000", "--format", "delta",
              "--to", "out", "--quiet")
    path = here / "out" / "raw_crm_customers_scale"
    process = start_until_a_part_is_done(synthmill, here / "out", *args, "--write-mode",
                                         "overwrite")
    deltalake.write_deltalake(path, DeltaTable(path).to_pyarrow_table().slice(0, 7),
                              mode="overwrite")
    _, err = process.communicate(timeout=200)
    assert process.returncode != 0
    assert b"someone else replaced or deleted rows (version 1" in err, err
    assert DeltaTable(path).to_pyarrow_table().num_rows == 7
