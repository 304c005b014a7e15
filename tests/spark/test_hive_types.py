"""Every type that Hive has, written through the metastore and read cell by cell: by Spark's Parquet
reader and by Hive's own (its SerDe and input format), against pyarrow's reading of other files."""
import contextlib
import datetime

import pytest

TYPES = """synthmill: 1
dataset: types
as_of: 2026-01-31
tables:
  t:
    rows: 1500
    columns:
      id: {kind: sequence, required: true, key: true}
      i8: {kind: int, type: int8, min: -128, max: 127, 'null': 0.1}
      i16: {kind: int, type: int16, min: -32768, max: 32767}
      i32: {kind: int, type: int32, min: -5, max: 5}
      f32: {kind: float, type: float32, min: -10, max: 10, 'null': 0.1}
      f64: {kind: float, min: -1000, max: 1000, digits: 9}
      yes: {kind: bool, share: 0.5, 'null': 0.1}
      small: {kind: decimal, precision: 5, scale: 3, min: -9, max: 9, 'null': 0.1}
      money: {kind: decimal, precision: 18, scale: 2, min: -99.99, max: 99999.99}
      wide: {kind: decimal, precision: 38, scale: 10, min: -9999999999999999999999999999, max: 9999999999999999999999999999, 'null': 0.1}
      u64: {kind: decimal, precision: 20, scale: 0, min: 0, max: 18446744073709551615}
      raw: {kind: binary, min: 0, max: 9, 'null': 0.1}
      day: {kind: date, from: as_of - 99y, to: as_of, 'null': 0.1}
      local: {kind: timestamp, from: as_of - 99y, to: as_of, 'null': 0.1}
      moment: {kind: timestamp, from: as_of - 99y, to: as_of, zone: UTC, precision: microsecond}
      word: {kind: text, alphabet: unicode, min: 0, max: 40, 'null': 0.1}
      few: {kind: choice, values: [a, "b c", "é"], 'null': 0.1}
      ints: {kind: array, min: 0, max: 4, of: {kind: int, type: int32, min: 1, max: 6, 'null': 0.2}, 'null': 0.1}
      words: {kind: array, of: {kind: text, alphabet: unicode, min: 0, max: 20}}
      pairs: {kind: map, min: 0, max: 3, key: {kind: choice, values: ['a', 'b "c"', 'd,e', f]}, value: {kind: decimal, precision: 22, scale: 2, min: -5, max: 5, 'null': 0.2}, 'null': 0.1}
      point: {kind: struct, 'null': 0.1, fields: {x: {kind: int, min: 0, max: 9, 'null': 0.3}, day: {kind: date, from: as_of - 9d, to: as_of}, deep: {kind: array, max: 2, of: {kind: struct, fields: {t: {kind: timestamp, from: as_of - 1d, to: as_of}, m: {kind: map, key: {kind: int, min: 1, max: 99}, value: {kind: bool}}}}}}}
"""
HIVE = {"id": "bigint", "i8": "tinyint", "i16": "smallint", "i32": "int", "f32": "float",
        "f64": "double", "yes": "boolean", "small": "decimal(5,3)", "money": "decimal(18,2)",
        "wide": "decimal(38,10)", "u64": "decimal(20,0)", "raw": "binary", "day": "date",
        "local": "timestamp", "moment": "timestamp", "word": "string", "few": "string",
        "ints": "array<int>", "words": "array<string>", "pairs": "map<string,decimal(22,2)>",
        "point": "struct<x:bigint,day:date,deep:array<struct<t:timestamp,m:map<bigint,boolean>>>>"}


@pytest.fixture(scope="module")
def wanted(session_synthmill, workshop):
    """Column by column, in the order of the ids: files without a metastore, read by pyarrow."""
    import pyarrow.parquet as pq
    (workshop / "types.yaml").write_text(TYPES)
    session_synthmill("generate", "./types.yaml", "--quiet", "--to", "types-plain")
    table = pq.read_table(workshop / "types-plain" / "t").sort_by("id")
    types = {name: table.schema.field(name).type for name in table.column_names}
    return {name: [plain(cell, types[name]) for cell in table[name].to_pylist()]
            for name in table.column_names}


def plain(cell, kind):
    """Of pyarrow: maps as dicts, times without a zone (they are UTC)."""
    import pyarrow as pa
    if cell is None:
        return None
    if pa.types.is_map(kind):
        return {plain(k, kind.key_type): plain(v, kind.item_type) for k, v in cell}
    if pa.types.is_list(kind):
        return [plain(item, kind.value_type) for item in cell]
    if pa.types.is_struct(kind):
        return {f.name: plain(cell[f.name], f.type) for f in kind}
    if isinstance(cell, datetime.datetime):
        return cell.replace(tzinfo=None)
    return cell


def of_spark(cell):
    if hasattr(cell, "asDict"):
        return {k: of_spark(v) for k, v in cell.asDict().items()}
    if isinstance(cell, dict):
        return {of_spark(k): of_spark(v) for k, v in cell.items()}
    if isinstance(cell, list):
        return [of_spark(item) for item in cell]
    return bytes(cell) if isinstance(cell, bytearray) else cell


@contextlib.contextmanager
def hives_reader(spark):
    spark.conf.set("spark.sql.hive.convertMetastoreParquet", "false")
    try:
        yield
    finally:
        spark.conf.set("spark.sql.hive.convertMetastoreParquet", "true")


def check(spark, database, wanted, columns):
    rows = spark.sql(f"SELECT {', '.join(columns)} FROM {database}.t ORDER BY id").collect()
    for i, name in enumerate(columns):
        got = [of_spark(row[i]) for row in rows]
        for at, (mine, theirs) in enumerate(zip(wanted[name], got, strict=True)):
            assert mine == theirs, f"{name}, row {at}"


@pytest.fixture
def made(session_synthmill, metastore, database, workshop, wanted):
    def make(*more):
        session_synthmill("generate", "./types.yaml", "--to", f"{metastore.uri}/{database}",
                          "--location", f"{database}-data", "--quiet", *more)
    return make


def test_spark_reads_every_cell(made, spark, database, wanted, client):
    made()
    assert {c.name: c.type for c in client.get_table(database, "t").sd.cols} == HIVE
    check(spark, database, wanted, list(HIVE))


def test_spark_reads_every_cell_with_timestamps_as_int96(
        made, spark, database, wanted, workshop):
    import pyarrow.parquet as pq
    made("--hive-int96")
    file = next((workshop / f"{database}-data" / "t").rglob("*.parquet"))
    schema = pq.ParquetFile(file).schema
    physical = {schema.column(i).path: schema.column(i).physical_type for i in range(len(schema))}
    assert physical["local"] == physical["moment"] == "INT96"
    assert physical["point.deep.list.element.t"] == "INT96"
    check(spark, database, wanted, list(HIVE))


def test_hives_own_reader_reads_every_cell_with_timestamps_as_int96(
        made, spark, database, wanted):
    made("--hive-int96")
    with hives_reader(spark):
        plan = spark.sql(f"SELECT * FROM {database}.t")._jdf.queryExecution().toString()
        assert "Scan hive" in plan
        check(spark, database, wanted, list(HIVE))


def test_hives_own_reader_reads_every_cell_but_timestamps_without(made, spark, database, wanted):
    made()
    with hives_reader(spark):
        check(spark, database, wanted, [c for c in HIVE if "timestamp" not in HIVE[c]])
