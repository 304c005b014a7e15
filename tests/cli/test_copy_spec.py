"""synthmill copy --schema: what a dataset file or DDL says of values holds for every row that is written."""
import base64
import json

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet as pq
import pytest

from helpers.faults import left_behind

FORMATS = ["csv", "jsonl", "parquet", "arrow"]


def rejects_of(here, result):
    """Reason by line (or row) of each rejected row."""
    if not result["rejects"]:
        return {}
    files = sorted((here / result["rejects"]).rglob("*.jsonl"))
    rejects = [json.loads(line) for f in files for line in f.read_text().splitlines()]
    assert all(r["file"] for r in rejects)
    return {r.get("line", r.get("row")): r["reason"] for r in rejects}


def copied(synthmill, here, source, schema, *more):
    """The result, the rows written, and the rejects; in = written + rejected."""
    result = synthmill("copy", source, "out", "--schema", schema, "--on-error", "reject", "--json",
                       "--write-mode", "overwrite", *more).json()
    rejects = rejects_of(here, result)
    assert result["rows_read"] == result["rows"] + result["rejected"]
    assert result["rejected"] == len(rejects)
    synthmill("verify", "out")
    assert [f for f in left_behind(here / "out") if "/rejects" not in f] == []
    return result, pq.read_table(here / "out" / result["tables"][0]["table"]).to_pylist(), rejects


@pytest.fixture(scope="module")
def every_type(session_synthmill, tmp_path_factory):
    """A dataset with a column of each type, in every format."""
    folder = tmp_path_factory.mktemp("types")
    (folder / "types.sql").write_text(
        "CREATE TABLE t (id BIGINT PRIMARY KEY, b BYTEA, c TIME, z TIMESTAMPTZ, l TIMESTAMP, d DATE,\n"
        " n NUMERIC(30,10), tags TEXT[], numbers INTEGER[], r DOUBLE PRECISION, yes BOOLEAN);\n"
        "CREATE TABLE h (id BIGINT, m MAP<STRING,INT>, s STRUCT<a:INT,b:STRING,c:ARRAY<DATE>>,\n"
        " deep ARRAY<STRUCT<k:STRING,v:MAP<STRING,TIMESTAMP>>>) STORED AS PARQUET;\n")
    for format in FORMATS:
        session_synthmill("generate", folder / "types.sql", "--rows", "3000", "--to", folder / format,
                          "--format", format, "--quiet")
    return folder


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_every_type_goes_from_any_format_to_any_other(synthmill, here, every_type, source, format):
    result = synthmill("copy", every_type / source, "out", "--format", format, "--json").json()
    assert result["rows"] == 6000 and result["rejected"] == 0
    assert (synthmill("verify", "out", "--json").json()["fingerprint"]
            == synthmill("verify", every_type / source, "--json").json()["fingerprint"])


@pytest.mark.parametrize("source", ["csv", "jsonl"])
@pytest.mark.parametrize("table", ["t", "h"])
def test_ddl_gives_text_every_type(synthmill, here, every_type, source, table):
    """Without the manifest, from the files alone."""
    result, _, _ = copied(synthmill, here, f"{every_type}/{source}/{table}/part-*.{source}",
                          every_type / "types.sql", "--table", table)
    assert result["rows"] == 3000 and result["rejected"] == 0
    assert pq.read_table(here / "out" / table).equals(pq.read_table(every_type / "parquet" / table))


NESTED = """
CREATE TABLE a (id INT, b BYTEA, c TIME, z TIMESTAMPTZ, tags INTEGER[]);
"""


def test_moments_times_bytes_and_lists_that_are_none_are_put_aside(synthmill, here):
    (here / "a.sql").write_text(NESTED)
    (here / "a.csv").write_text(
        'id,b,c,z,tags\n'
        '1,00ff,23:59:59.5,2024-01-31 23:00:00+02:00,"[1,2,null]"\n'
        '2,,,,\n'
        '3,"",07:30,2024-01-31T23:00:00Z,[]\n'
        '4,0g,,,\n'
        '5,abc,,,\n'
        '6,,24:00:00,,\n'
        '7,,,2024-01-31 23:00:00+2,\n'
        '8,,,yesterday,\n'
        '9,,,,"[1,x]"\n'
        '10,,,,"{""a"":1}"\n'
        '11,,,,"[1,2"\n'
        '12,,,,"[3000000000]"\n'
        '13,,,2024-01-31 23:00:00-0530,"[ 7 ]"\n')
    result, rows, rejects = copied(synthmill, here, "a.csv", "./a.sql")
    assert sorted(rejects) == [5, 6, 7, 8, 9, 10, 11, 12, 13]
    for line, words in {5: "no binary", 6: "no binary", 7: "no time", 8: "no timestamp", 9: "no timestamp",
                        10: "no list<", 11: "no list<", 12: "no list<", 13: "no list<"}.items():
        assert words in rejects[line], rejects[line]
    one, two, three, thirteen = rows
    assert one["b"] == b"\x00\xff" and str(one["c"]) == "23:59:59.500000" and one["tags"] == [1, 2, None]
    assert one["z"].isoformat().startswith("2024-01-31T21:00:00")
    assert two == {"id": 2, "b": None, "c": None, "z": None, "tags": None}
    assert three["b"] == b"" and str(three["c"]) == "07:30:00" and three["tags"] == []
    assert thirteen["z"].isoformat().startswith("2024-02-01T04:30:00") and thirteen["tags"] == [7]


def test_json_lines_have_lists_and_maps_as_they_are(synthmill, here):
    (here / "a.sql").write_text(NESTED)
    (here / "a.jsonl").write_text("\n".join([
        '{"id":1,"b":"00FF","c":"01:02:03","z":"2024-01-31T23:00:00Z","tags":[1, 2]}',
        '{"tags":[],"id":2}',
        '{"id":3,"tags":"[1]"}',
        '{"id":4,"tags":[1.5]}',
        '{"id":5,"b":12}',
        '{"id":6,"c":{}}',
        '{"id":7,"tags":null,"b":"\\u0030a"}']))
    result, rows, rejects = copied(synthmill, here, "a.jsonl", "./a.sql")
    assert sorted(rejects) == [3, 4, 5, 6]
    assert [(r["id"], r["b"], r["tags"]) for r in rows] == [
        (1, b"\x00\xff", [1, 2]), (2, None, []), (7, b"\x0a", None)]


LIMITS = """
synthmill: 1
dataset: shop
as_of: 2026-01-01
tables:
  a:
    rows: 1
    columns:
      id: {kind: sequence}
      name: {kind: text, max_length: 5}
      code: {kind: text, max_bytes: 4}
      qty: {kind: int, type: int16, min: 1, max: 99}
      price: {kind: decimal, min: -0.5, max: 99.99, scale: 2}
      score: {kind: float, min: 0, max: 1}
      day: {kind: date, from: 2020-01-01, to: as_of}
      at: {kind: timestamp, from: 2020-01-01, to: 2020-12-31}
"""
GOOD = {"id": "1", "name": "größe", "code": "ßß", "qty": "1", "price": "-0.5", "score": "0", "day": "2020-01-01",
        "at": "2020-01-01 00:00:00"}
BAD = [  # column, value, reason
    ("name", "größer", "column 'name': 'größer' is too long: 6 characters, at most 5"),
    ("code", "aßß", "column 'code': 'aßß' is too long: 5 bytes, at most 4"),
    ("qty", "0", "column 'qty': 0 is not at least 1"),
    ("qty", "100", "column 'qty': 100 is not at most 99"),
    ("qty", "40000", "column 'qty': '40000' is too large for int16"),
    ("price", "-0.51", "column 'price': -0.51 is not at least -0.50"),
    ("price", "100", "column 'price': 100.00 is not at most 99.99"),
    ("score", "1.0000001", "is not at most 1"),
    ("score", "-1e-9", "is not at least 0"),
    ("score", "nan", "is not at"),
    ("day", "2019-12-31", "column 'day': 2019-12-31 is not at least 2020-01-01"),
    ("day", "2026-01-02", "column 'day': 2026-01-02 is not at most 2026-01-01"),
    ("at", "2019-12-31 23:59:59", "is not at least 2020-01-01 00:00:00"),
]


def test_lengths_and_ranges_of_a_dataset_file_are_kept_to(synthmill, here):
    (here / "shop.yaml").write_text(LIMITS)
    rows, reasons = [GOOD], {}
    for column, value, reason in BAD:
        rows += [{**GOOD, column: value}, GOOD]
        reasons[len(rows)] = reason  # the header is line 1
    rows.append({c: "" if c != "id" else "1" for c in GOOD})  # null is in no range
    (here / "a.csv").write_text("\n".join(",".join(r.values()) for r in [{c: c for c in GOOD}, *rows]))
    for threads in ("1", "3"):
        result, written, rejects = copied(synthmill, here, "a.csv", "./shop.yaml", "--threads", threads)
        assert sorted(rejects) == sorted(reasons)
        for line, reason in reasons.items():
            assert reason in rejects[line], (line, rejects[line])
        assert len(written) == len(rows) - len(BAD)
    first = min(reasons)
    assert f"a.csv:{first}: column 'name'" in synthmill("copy", "a.csv", "stopped", "--schema", "./shop.yaml",
                                                        code=2).err
    # The same columns in another order, and only some of them.
    result, written, rejects = copied(synthmill, here, "a.csv", "./shop.yaml", "--columns", "qty,id")
    assert len(rejects) == 3 and list(written[0]) == ["qty", "id"]


@pytest.mark.parametrize("format", ["parquet", "arrow"])
def test_rows_of_typed_files_are_held_to_the_same(synthmill, here, format):
    (here / "shop.yaml").write_text(LIMITS)
    table = pa.table({"id": pa.array(range(1, 40_001), pa.int64()),
                      "qty": pa.array([(i % 99) + 1 for i in range(40_000)], pa.int64()),
                      "name": ["ok"] * 40_000})
    qty, name = table["qty"].to_pylist(), table["name"].to_pylist()
    qty[17], qty[30_000], name[18], name[39_999] = 100, 70_000, "too long", "too long"
    table = table.set_column(1, "qty", [qty]).set_column(2, "name", [name])
    if format == "parquet":
        pq.write_table(table, here / "a.parquet", row_group_size=9_000)
    else:
        with pa.ipc.new_file(here / "a.arrow", table.schema) as writer:
            writer.write_table(table, max_chunksize=9_000)
    result, rows, rejects = copied(synthmill, here, f"a.{format}", "./shop.yaml", "--columns", "id,qty,name")
    assert sorted(rejects) == [18, 19, 30_001, 40_000]
    assert "not at most 99" in rejects[18] and "too long" in rejects[19]
    assert "does not fit int16" in rejects[30_001] and "too long" in rejects[40_000]
    assert [r["id"] for r in rows] == [i for i in range(1, 40_001) if i not in rejects]


DDL = """
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE people (
  id INT PRIMARY KEY,
  name VARCHAR(5) NOT NULL,
  code CHAR(2) CHECK (length(code) >= 2),
  age SMALLINT CHECK (age BETWEEN 18 AND 120),
  height NUMERIC(5,2) CHECK (height > 0),
  share REAL CHECK (share >= 0 AND share < 1),
  state VARCHAR(10) CHECK (state IN ('open', 'done')),
  level INT CHECK (level IN (1, 2, 3)),
  born DATE CHECK (born >= '1900-01-01'),
  seen TIMESTAMP CHECK (seen < '2030-01-01'),
  feels mood
);
"""
PERSON = {"id": "1", "name": "eve", "code": "de", "age": "120", "height": "0.01", "share": "0", "state": "open",
          "level": "3", "born": "1900-01-01", "seen": "2029-12-31 23:59:59.999999", "feels": "sad"}
NOT_PEOPLE = [
    ("name", "", "null in a column that must not be null"),
    ("name", "evelyn", "too long: 6 characters, at most 5"),
    ("code", "d", "too short: 1 characters, at least 2"),
    ("age", "17", "17 is not at least 18"),
    ("age", "121", "121 is not at most 120"),
    ("height", "0", "0.00 is not more than 0"),
    ("height", "1000.00", "too large for decimal(5,2)"),
    ("share", "1", "1 is not less than 1"),
    ("state", "OPEN", "'OPEN' is not one of the values allowed"),
    ("level", "4", "4 is not one of the values allowed"),
    ("born", "1899-12-31", "1899-12-31 is not at least 1900-01-01"),
    ("seen", "2030-01-01 00:00:00", "is not less than 2030-01-01"),
    ("feels", "angry", "'angry' is not one of the values allowed"),
]


@pytest.mark.parametrize("schema", ["people.sql", "people.yaml"])
def test_types_and_checks_of_ddl_are_kept_to_and_nothing_that_generation_chose(synthmill, here, schema):
    """An age of 120 is right, though generated people are younger."""
    (here / "people.sql").write_text(DDL)
    if schema.endswith("yaml"):
        synthmill("schema", "import", "people.sql", "-o", "people.yaml")
    rows, reasons = [PERSON], {}
    for column, value, reason in NOT_PEOPLE:
        rows += [{**PERSON, column: value}, PERSON]
        reasons[len(rows)] = reason
    (here / "people.csv").write_text(
        "\n".join(",".join(r.values()) for r in [{c: c for c in PERSON}, *rows]))
    result, written, rejects = copied(synthmill, here, "people.csv", f"./{schema}")
    assert sorted(rejects) == sorted(reasons)
    for line, reason in reasons.items():
        assert reason in rejects[line], (line, rejects[line])
    assert len(written) == 1 + len(NOT_PEOPLE)


def test_unsigned_and_odd_widths_of_mysql_are_ranges(synthmill, here):
    (here / "t.sql").write_text("CREATE TABLE `t` (`a` TINYINT UNSIGNED, `b` MEDIUMINT, `c` ENUM('x','y'),\n"
                                " `d` SET('p','q','r')) ENGINE=InnoDB;\n")
    (here / "t.csv").write_text('a,b,c,d\n255,8388607,x,"p,q,r"\n256,0,x,p\n-1,0,x,p\n0,8388608,x,p\n0,0,z,p\n')
    result, rows, rejects = copied(synthmill, here, "t.csv", "./t.sql")
    assert sorted(rejects) == [3, 4, 5, 6]
    assert rows == [{"a": 255, "b": 8388607, "c": "x", "d": "p,q,r"}]


def test_what_a_schema_generates_fits_it_and_so_does_what_noise_makes(synthmill, here, every_type):
    (here / "people.sql").write_text(DDL)
    synthmill("generate", "./people.sql", "--rows", "20000", "--to", "made", "--format", "csv", "--quiet")
    result, _, _ = copied(synthmill, here, "made", "./people.sql")
    assert (result["rows"], result["rejected"]) == (20000, 0)
    synthmill("generate", "mdm", "--noise", "hard", "--total-records", "20000", "--to", "dirty", "--format",
              "csv", "--tables", "crm", "--quiet")
    result, _, _ = copied(synthmill, here, "dirty", "mdm")
    assert result["rows"] > 0 and result["rejected"] == 0


def test_another_spec_is_another_run(synthmill, here):
    (here / "shop.yaml").write_text(LIMITS)
    (here / "a.csv").write_text("id,qty\n1,50\n")
    command = ("copy", "a.csv", "out", "--schema", "./shop.yaml", "--columns", "id,qty")
    synthmill(*command)
    assert "already complete" in synthmill(*command).err
    (here / "shop.yaml").write_text(LIMITS.replace("max: 99}", "max: 40}"))
    assert "already holds a finished run" in synthmill(*command, code=2).err


def test_a_table_that_the_schema_does_not_have_is_named(synthmill, here):
    (here / "people.sql").write_text(DDL + "CREATE TABLE pets (id INT);\n")
    (here / "peple.csv").write_text("id\n1\n")
    error = synthmill("copy", "peple.csv", "out", "--schema", "./people.sql", code=2).err
    assert "people" in error and "--table" in error


def test_rejected_text_that_is_not_utf8_keeps_its_bytes(synthmill, here):
    (here / "shop.yaml").write_text(LIMITS)
    (here / "a.csv").write_bytes(b"id,name\n1,\xff\n2,toolong\n")
    result = synthmill("copy", "a.csv", "out", "--schema", "./shop.yaml", "--columns", "id,name", "--on-error",
                       "reject", "--rejects", "bad.jsonl", "--json").json()
    first, second = [json.loads(line) for line in (here / "bad.jsonl").read_text().splitlines()]
    assert base64.b64decode(first["text_base64"]) == b"1,\xff" and second["text"] == "2,toolong"
    assert result["rows_read"] == 2 == result["rejected"]
