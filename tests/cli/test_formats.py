"""What comes out in each format, read by others: pyarrow, DuckDB, Python's csv and json."""
import csv
import gzip
import io
import json

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from helpers.tables import BASE_COLUMNS, CRM, ERP, EXTRA_COLUMNS, SHOP, plain, read, sorted_rows

SMALL = ["mdm", "--total-records", "10000", "--quiet"]
TINY = """synthmill: 1
dataset: tiny
tables:
  t:
    name: t
    rows: 2000
    columns:
      id: {kind: unique_id, prefix: N, digits: 6, required: true, key: true}
      empty: {kind: constant, value: ""}
      odd: {kind: choice, values: ['plain', 'a,b', 'say "hi"', 'tab	here', 'semi;colon', ' blank ']}
      lines: {kind: constant, value: "one\\ntwo"}
      word: {kind: choice, values: [x, 'NULL'], 'null': 0.5}
      amount: {kind: decimal, precision: 12, scale: 2, min: -50, max: 50, 'null': 0.25}
      flag: {kind: bool, 'null': 0.25}
      day: {kind: date, from: as_of - 10d, to: as_of, 'null': 0.25}
"""


@pytest.fixture(scope="module")
def reference(session_synthmill, workshop):
    """The table of the shop (it has every type) as Parquet."""
    session_synthmill("generate", *SMALL, "--tables", "ecommerce", "--to", "formats")
    return sorted_rows(plain(read(workshop / "formats", SHOP)))


@pytest.fixture
def tiny(here):
    (here / "tiny.yaml").write_text(TINY)
    return "./tiny.yaml"


def by_duckdb(path, reader, reference):
    """The file read by DuckDB, with the types of the reference, in its order."""
    names = ", ".join(f"{f.name}::{duckdb_type(f.type)} as {f.name}" for f in reference.schema)
    return duckdb.sql(f"select {names} from {reader(path)} order by record_id").to_arrow_table()


def duckdb_type(kind):
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision},{kind.scale})"
    return {pa.string(): "varchar", pa.int32(): "integer", pa.int64(): "bigint",
            pa.date32(): "date", pa.bool_(): "boolean"}[kind]


def read_back(format, data, here, reference):
    path = here / "stream"
    path.write_bytes(data)
    if format == "parquet":
        return sorted_rows(plain(pq.read_table(io.BytesIO(data))))
    if format == "arrow":
        return sorted_rows(plain(open_arrow(data)))
    if format == "csv":
        reader = lambda p: f"read_csv('{p}', header=true, all_varchar=true)"
    else:
        reader = lambda p: f"read_json('{p}', format='newline_delimited')"
    return by_duckdb(path, reader, reference)


def open_arrow(data):
    try:
        return pa.ipc.open_file(data).read_all()
    except pa.ArrowInvalid:
        return pa.ipc.open_stream(data).read_all()


def same(one, other):
    return one.cast(other.schema).equals(other)


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "arrow"])
def test_standard_output_holds_the_table_for_other_readers(synthmill, here, reference, format):
    result = synthmill("generate", *SMALL, "--tables", "ecommerce", "--format", format, "--to", "-")
    assert result.err == ""
    assert same(read_back(format, result.out, here, reference), reference)


@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl", "arrow"])
def test_standard_output_does_not_depend_on_threads(synthmill, format):
    args = ["generate", *SMALL, "--tables", "crm", "--format", format, "--to", "-", "--threads"]
    assert synthmill(*args, 1).out == synthmill(*args, 5).out


@pytest.mark.parametrize("format", ["csv", "jsonl"])
def test_a_reader_that_stops_early_is_no_error(synthmill, format):
    result = synthmill.shell(
        "synthmill generate mdm --total-records 4000000 --tables crm --format "
        f"{format} --to - --quiet | head -n 3; echo ${{PIPESTATUS[0]}}")
    *lines, code = result.text.splitlines()
    assert len(lines) == 3 and code == "0" and result.err == "", result


def test_only_one_table_fits_standard_output(synthmill):
    result = synthmill("generate", "mdm", "--to", "-", code=2)
    assert "--tables" in result.err and CRM in result.err and result.out == b""


def test_a_full_disk_behind_standard_output_is_an_error(synthmill):
    result = synthmill.shell("synthmill generate mdm --total-records 40000 --tables crm "
                             "--format csv --to - > /dev/full")
    assert result.code == 2 and "No space left" in result.err


@pytest.mark.parametrize("format, suffix", [
    ("parquet", "parquet"), ("csv", "csv"), ("jsonl", "jsonl"), ("arrow", "arrow")])
def test_a_folder_holds_the_table_for_other_readers(synthmill, here, reference, format, suffix):
    synthmill("generate", *SMALL, "--tables", "ecommerce", "--format", format, "--to", "out",
              "--partitions", "3")
    files = sorted((here / "out" / SHOP).iterdir())
    assert [f.name for f in files] == [f"part-{i:05d}.{suffix}" for i in range(3)]
    if format in ("csv", "jsonl"):
        glob = here / "out" / SHOP / f"*.{suffix}"
        reader = {"csv": lambda p: f"read_csv('{p}', header=true, all_varchar=true)",
                  "jsonl": lambda p: f"read_json('{p}', format='newline_delimited')"}[format]
        assert same(by_duckdb(glob, reader, reference), reference)
    else:
        found = ds.dataset(str(here / "out" / SHOP), format=format).to_table()
        assert same(sorted_rows(plain(found)), reference)


@pytest.mark.parametrize("format, compressions", [
    ("parquet", ["snappy", "zstd", "zstd(3)", "lz4", "gzip", "none"]),
    ("csv", ["gzip", "zstd", "none"]), ("jsonl", ["gzip", "zstd"]),
    ("arrow", ["lz4", "zstd", "none"])])
def test_every_compression_of_a_format_reads_back(synthmill, here, reference, format, compressions):
    for i, compression in enumerate(compressions):
        target = here / f"out{i}"
        synthmill("generate", *SMALL, "--tables", "ecommerce", "--format", format,
                  "--compression", compression, "--to", target)
        folder = target / SHOP
        if format == "parquet":
            column = pq.ParquetFile(sorted(folder.iterdir())[0]).metadata.row_group(0).column(5)
            wanted = compression.split("(")[0].upper().replace("NONE", "UNCOMPRESSED")
            assert column.compression == wanted
        if format in ("parquet", "arrow"):
            assert same(sorted_rows(plain(ds.dataset(str(folder), format=format).to_table())),
                        reference)
        else:
            reader = {"csv": lambda p: f"read_csv('{p}', header=true, all_varchar=true)",
                      "jsonl": lambda p: f"read_json('{p}', format='newline_delimited')"}[format]
            assert same(by_duckdb(folder / "*", reader, reference), reference)
        synthmill("verify", target, "--quiet")


def test_a_compression_that_a_format_does_not_have_is_refused_with_those_it_has(synthmill):
    result = synthmill("plan", "mdm", "--format", "csv", "--compression", "snappy", code=2)
    assert "snappy" in result.err and "gzip" in result.err


def test_the_columns_are_those_of_the_reference_in_its_order(synthmill, here):
    synthmill("generate", *SMALL, "--to", "out")
    for system, extra in EXTRA_COLUMNS.items():
        table = read(here / "out", f"raw_{system}_customers_scale")
        assert table.schema.names == BASE_COLUMNS + extra
        for name in ("customer_id", "source_system", "record_id"):
            assert not table.schema.field(name).nullable, name
    shop = plain(read(here / "out", SHOP)).schema
    assert shop.field("total_spent").type == pa.decimal128(10, 2)
    assert shop.field("date_of_birth").type == pa.date32()
    assert shop.field("annual_income").type == pa.int32()
    assert shop.field("is_active").type == pa.bool_()


def test_parquet_has_statistics_on_keys_numbers_and_dates_not_on_dictionary_text(synthmill, here):
    synthmill("generate", *SMALL, "--tables", "erp", "--to", "out")
    group = pq.ParquetFile(sorted((here / "out" / ERP).iterdir())[0]).metadata.row_group(0)
    has = {group.column(i).path_in_schema: group.column(i).is_stats_set
           for i in range(group.num_columns)}
    for name in ("source_id", "record_id", "account_number", "annual_income", "credit_limit",
                 "date_of_birth", "registration_date"):
        assert has[name], name
    for name in ("customer_segment", "state", "payment_terms"):
        assert not has[name], name


# --- CSV -----------------------------------------------------------------------------------------

def csv_rows(data, **options):
    return list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True, **options))


def test_csv_is_rfc_4180_for_the_csv_module(synthmill, tiny):
    data = synthmill("generate", tiny, "--format", "csv", "--to", "-", "--quiet").out
    header, *rows = csv_rows(data)
    assert header == ["id", "empty", "odd", "lines", "word", "amount", "flag", "day"]
    assert len(rows) == 2000 and all(len(r) == len(header) for r in rows)
    assert {r[2] for r in rows} == {"plain", "a,b", 'say "hi"', "tab\there", "semi;colon",
                                    " blank "}
    assert {r[3] for r in rows} == {"one\ntwo"}
    assert {r[6] for r in rows} == {"true", "false", ""}
    assert all(r[5] == "" or -50 <= float(r[5]) <= 50 for r in rows)
    assert data.endswith(b"\n")


def test_csv_null_is_an_empty_field_and_the_empty_string_is_quoted(synthmill, here, tiny):
    data = synthmill("generate", tiny, "--format", "csv", "--to", "-", "--quiet").out
    (here / "t.csv").write_bytes(data)
    counts = duckdb.sql(
        f"select count(*) filter (empty = ''), count(*) filter (empty is null), "
        f"count(*) filter (word is null), count(*) filter (word = 'NULL'), "
        f"count(*) filter (word = '') from read_csv('{here}/t.csv', header=true, "
        f"all_varchar=true, nullstr='', allow_quoted_nulls=false)").fetchone()
    assert counts[0] == 2000 and counts[1] == 0
    assert 850 < counts[2] < 1150 and counts[3] > 400 and counts[4] == 0


def test_csv_null_can_be_written_as_a_word_and_the_same_word_is_quoted(synthmill, here, tiny):
    data = synthmill("generate", tiny, "--format", "csv", "--csv-null", "NULL", "--to", "-",
                     "--quiet").out
    (here / "t.csv").write_bytes(data)
    nulls, words = duckdb.sql(
        f"select count(*) filter (word is null), count(*) filter (word = 'NULL') "
        f"from read_csv('{here}/t.csv', header=true, all_varchar=true, nullstr='NULL', "
        f"allow_quoted_nulls=false)").fetchone()
    assert 850 < nulls < 1150 and words > 400


@pytest.mark.parametrize("given, used", [(";", ";"), ("tab", "\t"), ("|", "|")])
def test_csv_takes_another_delimiter_and_quotes_what_holds_it(synthmill, tiny, given, used):
    standard = synthmill("generate", tiny, "--format", "csv", "--to", "-", "--quiet").out
    other = synthmill("generate", tiny, "--format", "csv", "--delimiter", given, "--to", "-",
                      "--quiet").out
    assert csv_rows(other, delimiter=used) == csv_rows(standard)
    assert other.split(b"\n")[0].count(used.encode()) == 7


def test_csv_without_header_has_the_rows_alone(synthmill, tiny):
    args = ["generate", tiny, "--format", "csv", "--to", "-", "--quiet"]
    with_header, without = synthmill(*args).out, synthmill(*args, "--no-header").out
    assert with_header == with_header.split(b"\n")[0] + b"\n" + without


def test_a_csv_target_with_options_verifies(synthmill, here, tiny):
    synthmill("generate", tiny, "--format", "csv", "--csv-null", "\\N", "--delimiter", "tab",
              "--no-header", "--to", "out", "--quiet")
    synthmill("verify", "out")


def test_json_lines_are_one_object_a_line_with_json_types(synthmill, tiny):
    data = synthmill("generate", tiny, "--format", "jsonl", "--to", "-", "--quiet").text
    rows = [json.loads(line) for line in data.split("\n")[:-1]]
    assert len(rows) == 2000
    assert {type(r.get("flag")) for r in rows} == {bool, type(None)}
    assert {r["lines"] for r in rows} == {"one\ntwo"} and {r["empty"] for r in rows} == {""}
    assert {r["odd"] for r in rows} >= {'say "hi"', "tab\there"}
    assert any(r.get("word") is None for r in rows) and any(r.get("word") == "NULL" for r in rows)


def test_gzipped_csv_opens_with_gunzip(synthmill, here, tiny):
    synthmill("generate", tiny, "--format", "csv", "--compression", "gzip", "--to", "out",
              "--quiet")
    file = here / "out" / "t" / "part-00000.csv.gz"
    assert len(csv_rows(gzip.decompress(file.read_bytes()))) > 1


def test_nulls_of_a_share_are_there_in_parquet_too(synthmill, here, tiny):
    synthmill("generate", tiny, "--to", "out", "--quiet")
    table = read(here / "out", "t")
    for name, share in (("word", 0.5), ("amount", 0.25), ("flag", 0.25), ("day", 0.25)):
        sigma = (share * (1 - share) / 2000) ** 0.5
        assert abs(table[name].null_count / 2000 - share) < 4 * sigma, name
    assert table["empty"].null_count == 0 and pc.all(pc.equal(table["empty"], "")).as_py()
