"""synthmill copy: every row arrives or is put aside with its line and the reason."""
import gzip
import json
import random

import duckdb
import pyarrow as pa
import pyarrow.csv
import pyarrow.ipc
import pyarrow.json
import pyarrow.parquet as pq
import pytest

from helpers.faults import files_below, left_behind, peak_memory, visible

FORMATS = ["csv", "jsonl", "parquet", "arrow"]
ROWS = {"csv": b"id,name,price\n1,ann,1.5\n2,bob,2.25\n",
        "jsonl": b'{"id":1,"name":"ann","price":1.5}\n{"id":2,"name":"bob","price":2.25}\n'}


def fingerprint(synthmill, target):
    return synthmill("verify", target, "--json").json()["fingerprint"]


def rejects_of(here, result):
    files = sorted((here / result["rejects"]).rglob("*.jsonl"))
    return [json.loads(line) for f in files for line in f.read_text().splitlines()]


@pytest.fixture(scope="module")
def mdm(session_synthmill, tmp_path_factory):
    """A target in every format with the same rows."""
    folder = tmp_path_factory.mktemp("mdm")
    made = {}
    for format in FORMATS:
        made[format] = folder / format
        session_synthmill("generate", "mdm", "--total-records", "20000", "--to", made[format],
                          "--format", format, "--quiet")
    return made


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("source", FORMATS)
def test_a_target_copied_into_any_format_keeps_its_fingerprint(synthmill, here, mdm, source, format):
    result = synthmill("copy", mdm[source], "out", "--format", format, "--json").json()
    assert result["rows_read"] == result["rows"] > 0 and result["rejected"] == 0
    assert fingerprint(synthmill, "out") == fingerprint(synthmill, mdm[source])
    assert result["fingerprint"] == fingerprint(synthmill, "out")
    assert left_behind(here / "out") == []


@pytest.mark.parametrize("threads", [1, 2, 5])
def test_any_number_of_threads_copies_the_same_rows(synthmill, here, mdm, threads):
    synthmill("copy", mdm["csv"], "out", "--threads", threads)
    assert fingerprint(synthmill, "out") == fingerprint(synthmill, mdm["csv"])


@pytest.mark.parametrize("name", ["b.parquet", "b.jsonl", "b.arrow", "b.csv.gz", "b.csv.zst", "b.tsv"])
def test_a_destination_with_a_format_in_its_name_is_one_file(synthmill, here, name):
    (here / "a.csv").write_bytes(ROWS["csv"])
    synthmill("copy", "a.csv", name)
    assert sorted(p.name for p in here.iterdir() if not p.name.startswith(".home")) == ["a.csv", name]
    back = synthmill("copy", name, "-", "--format", "csv").out
    assert back == ROWS["csv"]


def test_standard_input_and_output_are_a_source_and_a_destination(synthmill, here):
    (here / "a.csv").write_bytes(ROWS["csv"])
    done = synthmill.shell("cat a.csv | synthmill copy - - --from-format csv --format jsonl --quiet")
    assert done.code == 0 and done.out == ROWS["jsonl"]
    done = synthmill.shell("cat a.csv | synthmill copy - -")
    assert done.code == 2 and "--from-format" in done.err


def test_a_pipe_that_closes_early_is_no_error(synthmill, here, mdm):
    done = synthmill.shell(f"set -o pipefail; synthmill copy {mdm['csv']} - --tables "
                           "raw_crm_customers_scale --format csv | head -1")
    assert done.code == 0 and done.err.count("error") == 0


def test_types_are_those_that_take_every_value(synthmill, here):
    """A value of another kind, far behind the first rows, widens its column."""
    rows = [f"{i},{i},{i}.5,2024-01-{i % 28 + 1:02},true,0{i},\n" for i in range(1, 200_000)]
    head = "whole,mixed,real,day,truth,code,late\n"
    (here / "a.csv").write_text(head + "".join(rows) + "1,x,7,2024-02-01,false,07,12\n")
    synthmill("copy", "a.csv", "a.parquet")
    table = pq.read_table(here / "a.parquet")
    assert [str(t) for t in table.schema.types] == [
        "int64", "string", "double", "date32[day]", "bool", "string", "int64"]
    assert table.num_rows == 200_000 and table["late"].null_count == 199_999
    assert table["code"][6].as_py() == "07" and table["mixed"][-1].as_py() == "x"


def test_quotes_line_ends_and_a_byte_order_mark_read_as_pyarrow_reads_them(synthmill, here):
    (here / "a.csv").write_bytes(b'\xef\xbb\xbfid,"na""me"\r\n1,"two\r\nlines"\r\n2,"say ""hi"""\r\n'
                                 b'3,""\r\n4,\r\n5,"a,b"')
    synthmill("copy", "a.csv", "a.parquet")
    table = pq.read_table(here / "a.parquet")
    assert table.column_names == ["id", 'na"me']
    assert table.column(1).to_pylist() == ["two\r\nlines", 'say "hi"', "", None, "a,b"]


@pytest.mark.parametrize("content, error", [
    (b"", "empty"), (b'"a,b\n1,2\n', "never closed")])
def test_a_file_that_is_no_table_is_refused(synthmill, here, content, error):
    (here / "a.csv").write_bytes(content)
    assert error in synthmill("copy", "a.csv", "out", code=2).err
    assert not (here / "out").exists()


def test_a_header_alone_is_a_table_without_rows(synthmill, here):
    (here / "a.csv").write_bytes(b"id,name\n")
    assert synthmill("copy", "a.csv", "out", "--json").json()["rows"] == 0
    synthmill("verify", "out")
    assert pq.read_table(here / "out" / "a").column_names == ["id", "name"]


def test_a_second_column_of_one_name_gets_another_and_it_is_said(synthmill, here):
    (here / "a.csv").write_bytes(b"id,id,\n1,2,3\n")
    done = synthmill("copy", "a.csv", "a.parquet")
    assert "id_2" in done.err and "column_3" in done.err
    assert pq.read_table(here / "a.parquet").to_pylist() == [{"id": 1, "id_2": 2, "column_3": 3}]


BAD = (b'id,name,price\n1,ann,1.5\n2,"two\nlines",2\n3,short\n4,"x" y,1\n5,eve,2,3\n'
       b'6,\xff\xfe,1\n\n7,"open,1\n8,last,9\n')
BAD_LINES = {5: "2 fields, expected 3", 6: "text after a closing quote", 7: "4 fields, expected 3",
             8: "not UTF-8", 10: "never closed"}


@pytest.mark.parametrize("threads", [1, 4])
@pytest.mark.parametrize("packed", [False, True])
def test_a_row_that_does_not_fit_is_put_aside_with_line_place_and_reason(synthmill, here, threads,
                                                                         packed):
    name = "a.csv.gz" if packed else "a.csv"
    (here / name).write_bytes(gzip.compress(BAD) if packed else BAD)
    result = synthmill("copy", name, "out", "--on-error", "reject", "--json", "--threads",
                       threads).json()
    assert (result["rows_read"], result["rows"], result["rejected"]) == (8, 3, 5)
    rejects = rejects_of(here, result)
    assert [r["line"] for r in rejects] == list(BAD_LINES)
    for reject, reason in zip(rejects, BAD_LINES.values()):
        assert reason in reject["reason"] and reject["file"] == name
        if "text" in reject:
            text = reject["text"].encode()
            assert BAD[reject["byte"]:].startswith(text) and text
    assert pq.read_table(here / "out" / "a")["id"].to_pylist() == [1, 2, 8]
    synthmill("verify", "out")


def test_by_default_the_first_bad_row_ends_the_run_and_nothing_is_written(synthmill, here):
    (here / "a.csv").write_bytes(BAD)
    done = synthmill("copy", "a.csv", "out", code=2)
    assert "a.csv:5: 2 fields, expected 3" in done.err and "3,short" in done.err
    assert visible(here / "out") == [] and files_below(here / "out") == []
    assert "a.csv:5:" in synthmill("copy", "a.csv", "b.parquet", code=2).err
    assert not list(here.glob("*b.parquet*")) and not list(here.glob(".b*"))


def test_lines_are_right_far_into_a_file_that_is_read_in_parts(synthmill, here):
    """40 MB in three parts, multi-line rows in between; the same rejects whatever the threads."""
    made = random.Random(3)
    bad, lines, line = [], ["id,text\n"], 2
    for i in range(400_000):
        if made.random() < 2e-5:
            lines.append(f"{i},x,too many\n")
            bad.append(line)
        elif i % 10 == 0:
            lines.append(f'{i},"two lines ""{"y" * 80}""\nof text"\n')
            line += 1
        else:
            lines.append(f"{i},{'z' * 90}\n")
        line += 1
    (here / "a.csv").write_text("".join(lines))
    seen = []
    for threads in (1, 3):
        result = synthmill("copy", "a.csv", f"out{threads}", "--on-error", "reject", "--threads",
                           threads, "--json").json()
        assert result["rows"] == 400_000 - len(bad) and result["tables"][0]["files"] > 1
        seen.append([r["line"] for r in rejects_of(here, result)])
    assert seen[0] == seen[1] == bad and bad
    for _ in range(3):
        assert f"a.csv:{bad[0]}:" in synthmill("copy", "a.csv", "null:", "--threads", 3, code=2).err


SPEC = """
synthmill: 1
dataset: shop
as_of: 2026-01-01
tables:
  a:
    rows: 1
    columns:
      id: {kind: sequence}
      price: {kind: decimal, min: 0, max: 99.99, scale: 2}
      day: {kind: date, from: 2020-01-01, to: 2026-01-01, required: true}
"""


def test_a_spec_gives_the_types_and_what_breaks_them_is_told(synthmill, here):
    (here / "shop.yaml").write_text(SPEC)
    (here / "a.csv").write_bytes(b"day,price,id\n2024-02-29,1.5,1\n2023-02-29,1,2\n,2,3\n"
                                 b"2024-01-01,1.234,4\n2024-01-01,x,5\n2024-01-01,1,99999999999999999999\n")
    result = synthmill("copy", "a.csv", "out", "--schema", "./shop.yaml", "--on-error", "reject",
                       "--json").json()
    rejects = {r["line"]: r["reason"] for r in rejects_of(here, result)}
    assert "no date" in rejects[3] and "more than 2 decimals" in rejects[5]
    assert "no decimal number" in rejects[6] and "no whole number" in rejects[7]
    table = pq.read_table(here / "out" / "a")
    assert table.column_names == ["id", "price", "day"] and pa.types.is_decimal(table["price"].type)
    assert result["rows"] + result["rejected"] == 6


def test_a_column_that_is_not_there_is_named_with_a_suggestion(synthmill, here):
    (here / "shop.yaml").write_text(SPEC)
    (here / "a.csv").write_bytes(b"day,prise,id\n")
    assert "did you mean 'prise'" in synthmill("copy", "a.csv", "out", "--schema", "./shop.yaml",
                                                code=2).err
    assert "did you mean 'day'" in synthmill("copy", "a.csv", "out", "--columns", "dax", code=2).err


@pytest.mark.parametrize("format", FORMATS)
def test_columns_are_chosen_and_ordered(synthmill, here, mdm, format):
    synthmill("copy", mdm[format], "a.csv", "--tables", "raw_crm_customers_scale", "--columns",
              "city,source_id")
    assert (here / "a.csv").read_text().splitlines()[0] == "city,source_id"
    assert len((here / "a.csv").read_text().splitlines()) > 1000


def test_json_keys_may_come_late_and_objects_stay_text(synthmill, here):
    lines = [json.dumps({"a": i, "o": {"x": [i]}}) for i in range(200_000)]
    (here / "a.jsonl").write_text("\n".join([*lines, '{"b": "new", "a": 1.5}']))
    synthmill("copy", "a.jsonl", "a.parquet")
    table = pq.read_table(here / "a.parquet")
    assert [str(t) for t in table.schema.types] == ["double", "string", "string"]
    assert table.num_rows == 200_001 and table["b"][-1].as_py() == "new"
    assert json.loads(table["o"][7].as_py()) == {"x": [7]}


def test_json_that_is_broken_is_put_aside(synthmill, here):
    (here / "a.jsonl").write_bytes(b'{"a":1}\n{"a":}\n\nnot json\n{"a":2,"a":3}\n{"a":4}')
    result = synthmill("copy", "a.jsonl", "out", "--on-error", "reject", "--json").json()
    assert [r["line"] for r in rejects_of(here, result)] == [2, 4, 5]
    assert pq.read_table(here / "out" / "a")["a"].to_pylist() == [1, 4]


def test_parquet_of_other_programs_is_read_whatever_its_types(synthmill, here):
    table = pa.table({
        "u8": pa.array([1, 255, None], pa.uint8()), "u64": pa.array([1, 2**64 - 1, 0], pa.uint64()),
        "large": pa.array(["a", None, "ß"], pa.large_string()),
        "dict": pa.array(["x", "y", "x"]).dictionary_encode(),
        "ms": pa.array([0, 1, None], pa.timestamp("ms")), "none": pa.nulls(3)})
    pq.write_table(table, here / "a.parquet")
    synthmill("copy", "a.parquet", "a.csv")
    assert (here / "a.csv").read_text().splitlines() == [
        "u8,u64,large,dict,ms,none", "1,1,a,x,1970-01-01T00:00:00.000000,",
        "255,18446744073709551615,,y,1970-01-01T00:00:00.001000,", ",0,ß,x,,"]


def test_files_of_a_folder_are_tables_and_parts_are_one(synthmill, here):
    src = here / "src"
    (src / "orders").mkdir(parents=True)
    for i in (0, 1):
        (src / "orders" / f"part-{i}.csv").write_text(f"id\n{i}\n")
    (src / "people.csv").write_text("id\n5\n")
    (src / "_SUCCESS").write_text("")
    (src / ".hidden.csv").write_text("id\n9\n")
    result = synthmill("copy", "src", "out", "--json").json()
    assert {t["table"]: t["rows"] for t in result["tables"]} == {"orders": 2, "people": 1}
    assert pq.read_table(here / "out" / "orders")["id"].to_pylist() == [0, 1]


def test_a_glob_is_one_table_and_no_match_is_an_error(synthmill, here):
    for day in ("01", "02"):
        (here / f"sales-{day}.csv").write_text(f"id,day\n1,{day}\n")
    (here / "other.csv").write_text("x\n1\n")
    result = synthmill("copy", "sales-*.csv", "out", "--json").json()
    assert result["tables"][0]["table"] == "sales" and result["rows"] == 2
    assert "no file matches" in synthmill("copy", "nothing-*.csv", "x", code=2).err
    assert "there is no" in synthmill("copy", "nothing.csv", "x", code=2).err


def test_files_of_a_table_may_order_their_columns_unlike_but_not_lack_one(synthmill, here):
    (here / "a-1.csv").write_text("x,y\n1,a\n")
    (here / "a-2.csv").write_text("y,x\nb,2\n")
    synthmill("copy", "a-*.csv", "a.parquet")
    assert pq.read_table(here / "a.parquet").to_pydict() == {"x": [1, 2], "y": ["a", "b"]}
    (here / "a-3.csv").write_text("x\n3\n")
    assert "a-3.csv: there is no column 'y'" in synthmill("copy", "a-*.csv", "b.parquet", code=2).err


def test_write_modes_are_those_of_generate(synthmill, here):
    (here / "a.csv").write_text("id,name\n1,x\n")
    (here / "more").mkdir()
    (here / "more" / "a.csv").write_text("id,name\n2,7\n")
    synthmill("copy", "a.csv", "out")
    assert "already complete" in synthmill("copy", "a.csv", "out").err
    assert "already holds a finished run" in synthmill("copy", "more/a.csv", "out", code=2).err
    # The types of the table that is there hold: 7 is a text.
    synthmill("copy", "more/a.csv", "out", "--write-mode", "append")
    assert "these very rows" in synthmill("copy", "more/a.csv", "out", "--write-mode", "append",
                                          code=2).err
    assert sorted(pq.read_table(here / "out" / "a")["name"].to_pylist()) == ["7", "x"]
    synthmill("verify", "out")
    synthmill("copy", "more/a.csv", "out", "--write-mode", "overwrite")
    assert pq.read_table(here / "out" / "a")["id"].to_pylist() == [2]
    synthmill("verify", "out")


def test_a_file_is_replaced_only_when_asked(synthmill, here):
    (here / "a.csv").write_bytes(ROWS["csv"])
    (here / "b.parquet").write_text("precious")
    assert "--write-mode overwrite" in synthmill("copy", "a.csv", "b.parquet", code=2).err
    assert "append" in synthmill("copy", "a.csv", "b.parquet", "--write-mode", "append", code=2).err
    assert (here / "b.parquet").read_text() == "precious"
    synthmill("copy", "a.csv", "b.parquet", "--write-mode", "overwrite")
    assert pq.read_table(here / "b.parquet").num_rows == 2


def test_the_plan_writes_nothing_and_plan_copy_says_the_same(synthmill, here):
    (here / "a.csv").write_bytes(ROWS["csv"])
    dry = synthmill("copy", "a.csv", "out", "--dry-run", "--json")
    assert dry.out == synthmill("plan", "copy", "a.csv", "out", "--json").out
    assert [c["type"] for c in dry.json()["tables"][0]["columns"]] == ["int64", "string", "float64"]
    assert not (here / "out").exists()


def test_delimiter_null_and_header_are_told_by_flags(synthmill, here):
    (here / "a.csv").write_text("1;NULL;x\n2;;y\n")
    synthmill("copy", "a.csv", "a.parquet", "--delimiter", ";", "--no-header", "--csv-null", "NULL")
    assert pq.read_table(here / "a.parquet").to_pydict() == {
        "column_1": [1, 2], "column_2": [None, ""], "column_3": ["x", "y"]}
    synthmill("copy", "a.parquet", "b.csv", "--delimiter", "tab")
    assert (here / "b.csv").read_text().startswith("column_1\tcolumn_2\t")
    synthmill("copy", "b.csv", "c.csv", "--delimiter", "tab", "--to-delimiter", "|")
    assert (here / "c.csv").read_text().startswith("column_1|column_2|")


def test_a_csv_of_duckdb_arrives_as_duckdb_reads_it(synthmill, here):
    """Numbers, dates, quotes and nulls written by another program."""
    db = duckdb.connect()
    db.execute("create table t as select i::bigint id, case when i % 7 = 0 then null else "
               "'say \"' || i || '\", ' || chr(10) || 'ok' end s, i / 8 f, i % 2 = 0 b, "
               "date '2020-01-01' + (i % 900)::int d, timestamp '2020-01-01 01:02:03' + to_seconds(i) ts "
               "from range(50000) r(i)")
    db.execute(f"copy t to '{here}/t.csv' (header)")
    synthmill("copy", "t.csv", "t.parquet")
    for a, b in (("t", f"'{here}/t.parquet'"), (f"'{here}/t.parquet'", "t")):
        assert db.execute(f"select count(*) from (select * from {a} except all select * from {b})"
                          ).fetchone() == (0,)


def test_memory_does_not_grow_with_the_file(synthmill, here):
    head, row = "id,text,price\n", "{},{},1.25\n"
    peaks = []
    for name, rows in (("small", 200_000), ("large", 2_000_000)):
        with open(here / f"{name}.csv", "w") as f:
            f.write(head)
            for i in range(rows):
                f.write(row.format(i, "text of some length"))
        peaks.append(peak_memory(synthmill, "copy", here / f"{name}.csv", here / name, "--threads", "2",
                                 "--quiet"))
    assert peaks[1] < peaks[0] * 1.5 + (32 << 20)
