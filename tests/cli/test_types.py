"""Every SQL type in every format, read back by pyarrow, DuckDB and Python: the same values."""
import datetime
import decimal
import json
import pathlib
import subprocess
import sys

import duckdb
import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TYPES = """synthmill: 1
dataset: types
tables:
  t:
    rows: 3000
    columns:
      id: {kind: sequence, required: true, key: true}
      i8: {kind: int, type: int8, min: -128, max: 127, 'null': 0.1}
      i16: {kind: int, type: int16, min: -32768, max: 32767}
      i32: {kind: int, type: int32, min: -5, max: 5}
      f32: {kind: float, type: float32, min: -10, max: 10, 'null': 0.1}
      f64: {kind: float, min: -1000, max: 1000, digits: 9}
      money: {kind: decimal, precision: 18, scale: 2, min: -99.99, max: 99999.99}
      wide: {kind: decimal, precision: 38, scale: 10, min: -9999999999999999999999999999, max: 9999999999999999999999999999, 'null': 0.1}
      u64: {kind: decimal, precision: 20, scale: 0, min: 0, max: 18446744073709551615}
      raw: {kind: binary, min: 0, max: 9, 'null': 0.1}
      clock: {kind: time, precision: microsecond, 'null': 0.1}
      local: {kind: timestamp, from: as_of - 99y, to: as_of, 'null': 0.1}
      moment: {kind: timestamp, from: as_of - 99y, to: as_of, zone: UTC, precision: millisecond}
      span: {kind: interval, min: 0, max: 900000}
      word: {kind: text, alphabet: unicode, min: 0, max: 40, max_length: 10}
      doc: {kind: json, fields: {a: {kind: int, min: 1, max: 9}, b: {kind: array, of: {kind: text, alphabet: unicode, max: 12}}}}
      ints: {kind: array, min: 0, max: 4, of: {kind: int, type: int32, min: 1, max: 6, 'null': 0.2}, 'null': 0.1}
      words: {kind: array, of: {kind: text, alphabet: unicode, min: 0, max: 20}}
      pairs: {kind: map, min: 0, max: 3, key: {kind: choice, values: ['a', 'b "c"', 'd,e', f]}, value: {kind: decimal, precision: 22, scale: 2, min: -5, max: 5, 'null': 0.2}, 'null': 0.1}
      point: {kind: struct, 'null': 0.1, fields: {x: {kind: int, min: 0, max: 9, 'null': 0.3}, day: {kind: date, from: as_of - 9d, to: as_of}, deep: {kind: array, max: 2, of: {kind: struct, fields: {t: {kind: timestamp, from: as_of - 1d, to: as_of}, m: {kind: map, key: {kind: int, min: 1, max: 99}, value: {kind: bool}}}}}}}
"""
FORMATS = ["parquet", "csv", "jsonl", "arrow"]


@pytest.fixture(scope="module")
def made(session_synthmill, workshop):
    """The folder of each format."""
    (workshop / "types.yaml").write_text(TYPES)
    for name in FORMATS:
        session_synthmill("generate", "./types.yaml", "--quiet", "--format", name, "--to",
                          f"types-{name}")
    return {name: workshop / f"types-{name}" for name in FORMATS}


@pytest.fixture(scope="module")
def rows(made):
    """As pyarrow reads the Parquet files, in order."""
    return pq.read_table(made["parquet"] / "t").sort_by("id")


def test_every_format_has_the_same_fingerprint_and_verifies(made, session_synthmill):
    found = {}
    for name, folder in made.items():
        report = session_synthmill("verify", str(folder), "--json").json()
        assert report["ok"], report["bad_parts"]
        found[name] = report["fingerprint"]
    assert len(set(found.values())) == 1, found


def test_the_independent_fingerprint_agrees(made, session_synthmill):
    report = session_synthmill("verify", str(made["parquet"]), "--json").json()
    out = subprocess.run([sys.executable, str(ROOT / "tools" / "fingerprint.py"),
                          str(made["parquet"] / "t")], check=True, capture_output=True, text=True)
    assert out.stdout.split()[0] == report["tables"][0]["fingerprint"]


def test_the_manifest_names_every_type(made):
    runs = list((made["parquet"] / "_synthmill" / "runs").iterdir())
    manifest = json.loads((runs[0] / "manifest.json").read_text())
    types = {c["name"]: c["type"] for c in manifest["tables"][0]["columns"]}
    assert types["i8"] == "int8" and types["f32"] == "float32" and types["raw"] == "binary"
    assert types["clock"] == "time"
    assert types["local"] == "timestamp_local" and types["moment"] == "timestamp"
    assert types["wide"] == "decimal(38,10)"
    assert types["ints"] == "list<int32>"
    assert types["pairs"] == "map<string,decimal(22,2)>"
    assert types["point"] == ("struct<x:int64,day:date,deep:list<struct<t:timestamp_local,"
                              "m:map<int64,bool>>>>")


def test_parquet_has_the_types_and_the_layout_that_hive_and_spark_read(made, rows):
    assert rows.schema.field("i8").type == pa.int8()
    assert rows.schema.field("clock").type == pa.time64("us")
    assert rows.schema.field("moment").type == pa.timestamp("us", "UTC")
    file = pq.ParquetFile(next((made["parquet"] / "t").glob("*.parquet")))
    columns = {c.path: c for c in (file.schema.column(i) for i in range(len(file.schema)))}
    assert {"ints.list.element", "words.list.element", "pairs.key_value.key",
            "pairs.key_value.value", "point.x", "point.deep.list.element.m.key_value.key"} <= set(columns)
    for name in ("money", "wide", "u64", "pairs.key_value.value"):
        assert columns[name].physical_type == "FIXED_LEN_BYTE_ARRAY"
    assert columns["local"].physical_type == "INT64"
    # Statistics for numbers, dates and times, none for texts.
    group = file.metadata.row_group(0)
    stats = {group.column(i).path_in_schema: group.column(i).is_stats_set
             for i in range(group.num_columns)}
    assert stats["i8"] and stats["moment"] and stats["wide"]
    assert not stats["word"] and not stats["words.list.element"] and not stats["raw"]


def test_arrow_files_equal_the_parquet_files(made, rows):
    parts = []
    for file in sorted((made["arrow"] / "t").glob("*.arrow")):
        with pa.ipc.open_file(file) as reader:
            parts.append(reader.read_all())
    table = pa.concat_tables(parts).sort_by("id")
    for name in rows.column_names:
        assert table[name].to_pylist() == rows[name].to_pylist(), name


def plain(value):
    """A value as JSON Lines writes it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, datetime.datetime):
        text = value.replace(tzinfo=None).isoformat(timespec="microseconds")
        return text + ("Z" if value.tzinfo else "")
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, list) and value and isinstance(value[0], tuple):
        return {str(k): plain(v) for k, v in value}
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v) for v in value]
    return value


def same(found, wanted):
    """Empty maps come as empty lists from pyarrow."""
    if wanted == [] and found == {}:
        return True
    if isinstance(wanted, dict):
        return set(found) == set(wanted) and all(same(found[k], wanted[k]) for k in wanted)
    if isinstance(wanted, list):
        return len(found) == len(wanted) and all(map(same, found, wanted))
    return found == wanted


def test_json_lines_hold_real_lists_and_objects(made, rows):
    found = []
    for file in sorted((made["jsonl"] / "t").glob("*.jsonl")):
        found += [json.loads(line, parse_float=decimal.Decimal)
                  for line in file.read_text(encoding="utf-8").splitlines()]
    found.sort(key=lambda row: row["id"])
    for row, wanted in zip(found, rows.to_pylist(), strict=True):
        for name, value in wanted.items():
            if name == "f32" and value is not None:
                assert abs(float(row[name]) - value) < 1e-5
            elif name == "f64":
                assert float(row[name]) == value
            else:
                assert same(row[name], plain(value)), (name, row[name], value)


def test_duckdb_reads_parquet_and_csv_alike(made):
    pattern = {name: f"{made[name]}/t/*.{name}" for name in ("parquet", "csv")}
    casts = """id::bigint as n, i8::tinyint, i16::smallint, f64::double, money::decimal(18,2),
        wide::decimal(38,10), u64::ubigint, clock::time, "local"::timestamp, epoch_us(moment::timestamptz),
        span, word"""
    query = f"select {casts} from {{}} order by n"
    by_parquet = duckdb.sql(query.format(f"read_parquet('{pattern['parquet']}')")).fetchall()
    by_csv = duckdb.sql(query.format(
        f"read_csv('{pattern['csv']}', all_varchar=true, nullstr='', allow_quoted_nulls=false)")
    ).fetchall()
    assert len(by_csv) == 3000
    assert by_csv == by_parquet


def test_duckdb_reads_nested_columns_of_both_as_the_same(made):
    parquet = duckdb.sql(f"""select id, ints, words, cardinality(pairs), point.x, point.deep[1].t
        from read_parquet('{made['parquet']}/t/*.parquet') order by id""").fetchall()
    csv = duckdb.sql(f"""select id::bigint, ints::json::integer[], words::json::varchar[],
        len(json_keys(pairs)), (point->>'x')::bigint, (point->'deep'->0->>'t')::timestamp
        from read_csv('{made['csv']}/t/*.csv', all_varchar=true, nullstr='',
        allow_quoted_nulls=false) order by id::bigint""").fetchall()
    assert csv == parquet
