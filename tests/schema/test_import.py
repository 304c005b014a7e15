"""DDL in, a dataset file out: schema import, check and show."""
import json
import os
import pathlib
import re
import shutil
import subprocess

import pytest
import yaml

DDL = pathlib.Path(__file__).parent / "ddl"
FILES = sorted(DDL.glob("*.sql"))


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_every_dialect_is_imported_whole_and_passes_the_check(synthmill, file):
    report = synthmill("schema", "import", file, "--json").json()
    there = len(re.findall(r"^CREATE (?:OR REPLACE )?(?:EXTERNAL )?TABLE", file.read_text(), re.M))
    assert report["tables_there"] == report["tables_read"] == there
    assert not [p for p in report["problems"] if p["severity"] == "error"]
    synthmill("schema", "import", file, "-o", "spec.yaml")
    assert "fine" in synthmill("schema", "check", "spec.yaml").text
    assert "fine" in synthmill("schema", "check", file).text
    spec = yaml.safe_load((synthmill.cwd / "spec.yaml").read_text())
    assert len(spec["tables"]) == there


def test_the_file_is_one_column_a_line_with_the_reason_of_each_kind(synthmill):
    text = synthmill("schema", "import", DDL / "postgres.sql").text
    line = next(x for x in text.splitlines() if x.strip().startswith("email:"))
    assert "max_length: 120" in line and "required: true" in line and "  # " in line
    assert "by name and type" in next(x for x in text.splitlines() if x.strip().startswith("phone:"))
    tables = yaml.safe_load(text)["tables"]
    assert tables["orders"]["primary_key"] == ["order_id"]
    assert tables["order_items"]["primary_key"] == ["order_id", "line_no"]
    assert tables["customers"]["unique"] == [["email"]]
    columns = tables["orders"]["columns"]
    assert columns["customer_id"]["kind"] == "reference"
    assert columns["customer_id"]["table"] == "customers"
    assert columns["status"]["values"] == ["open", "paid", "shipped", "returned"]
    assert columns["status"]["default"] == "open"
    assert tables["customers"]["help"] == 'Who buys; "the" people'
    customers = tables["customers"]["columns"]
    assert customers["email"]["help"] == "one each: never shared"
    assert customers["age"]["min"] >= 18 and customers["age"]["max"] <= 99
    assert customers["city"]["kind"] == customers["zip"]["kind"] == "field"
    assert customers["updated_at"]["not_before"] == "created_at"
    # odd names: safe keys, the names themselves beside them
    odd = next(t for t in tables.values() if t.get("name", "").startswith("odd"))
    assert {c.get("name", k) for k, c in odd["columns"].items()} == {"select", "../up", "a/b", "größe"}


def test_what_cannot_be_read_is_told_with_its_place_and_the_rest_is_imported(synthmill):
    (synthmill.cwd / "bad.sql").write_text(
        "CREATE TABLE good (id int PRIMARY KEY);\nCREATE TABLE bad (id int,, PRIMARY KEY (;\n"
        "CREATE TABLE fine (id int);\nINSERT INTO good VALUES (1);\nINSERT INTO good VALUES (2);\n")
    result = synthmill("schema", "import", "bad.sql", "-o", "out.yaml", code=1)
    assert re.search(r"bad\.sql:2:\d+: error: ", result.err)
    assert "^" in result.err
    assert "2 INSERT" in result.err
    assert set(yaml.safe_load((synthmill.cwd / "out.yaml").read_text())["tables"]) == {"good", "fine"}
    result = synthmill("schema", "import", "bad.sql", "-o", "strict.yaml", "--strict", code=1)
    assert not (synthmill.cwd / "strict.yaml").exists()
    assert synthmill("schema", "import", "bad.sql", "--strict", code=1).text == ""


def test_a_file_that_is_there_is_replaced_only_by_force(synthmill):
    (synthmill.cwd / "a.sql").write_text("CREATE TABLE a (id int PRIMARY KEY);")
    (synthmill.cwd / "a.yaml").write_text("mine")
    result = synthmill("schema", "import", "a.sql", "-o", "a.yaml", code=2)
    assert "--force" in result.err and (synthmill.cwd / "a.yaml").read_text() == "mine"
    synthmill("schema", "import", "a.sql", "-o", "a.yaml", "--force")
    assert "synthmill: 1" in (synthmill.cwd / "a.yaml").read_text()
    assert sorted(p.name for p in synthmill.cwd.iterdir() if "inprogress" in p.name) == []


def test_an_output_that_is_no_file_is_written_to_and_stays_what_it_is(synthmill):
    (synthmill.cwd / "a.sql").write_text("CREATE TABLE a (id int PRIMARY KEY);")
    pipe = synthmill.cwd / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    synthmill("schema", "import", "a.sql", "-o", "pipe", "--force")
    assert b"synthmill: 1" in reader.communicate(timeout=30)[0]
    assert pipe.is_fifo()


def test_contradictory_checks_are_refused_before_work_with_both_places(synthmill):
    (synthmill.cwd / "c.sql").write_text(
        "CREATE TABLE c (\n  id int PRIMARY KEY,\n  price numeric(8,2) CHECK (price > 10),\n"
        "  CHECK (price < 5)\n);\n")
    result = synthmill("generate", "c.sql", "--to", "out", code=2)
    assert re.search(r"c\.sql:4:\d+: error: .*contradictory", result.err)
    assert re.search(r"c\.sql:3:\d+", result.err)
    assert not (synthmill.cwd / "out").exists()


def test_names_lead_nowhere_and_never_meet(synthmill):
    names = ["../../x", "a/b", 'quoted ""name""', "select", "größe", "x" * 300, "no", "null", "1e3",
             "a: b", "emoji 😀", "_hidden", ".dot", "{brace}", "a%2Fb"]
    (synthmill.cwd / "n.sql").write_text("".join(
        f'CREATE TABLE "{n}" ("{n}" int PRIMARY KEY, "b{i}" varchar(9));\n'
        for i, n in enumerate(names)))
    synthmill("generate", "n.sql", "--rows", "50", "--to", "deep/out")
    out = synthmill.cwd / "deep" / "out"
    folders = [p.name for p in out.iterdir() if p.name != "_synthmill"]
    assert len(folders) == len(names)
    assert sorted(p.name for p in synthmill.cwd.iterdir()) == [".home", "deep", "n.sql"]
    import pyarrow.parquet as pq
    found = {pq.read_schema(next((out / f).glob("*.parquet"))).names[0] for f in folders}
    assert found == {n.replace('""', '"') for n in names}


@pytest.mark.parametrize("form", ["text", "dot", "mermaid", "json"])
def test_show_draws_tables_and_relations(synthmill, form):
    text = synthmill("schema", "show", DDL / "postgres.sql", "--format", form).text
    for name in ("customers", "order_items"):
        assert name in text
    if form == "text":
        assert re.search(r"orders .*\n(.*\n)*?.*order_items \(order_id → order_id\)", text)
    if form == "dot" and shutil.which("dot"):
        done = subprocess.run(["dot", "-Tsvg"], input=text.encode(), capture_output=True)
        assert done.returncode == 0, done.stderr
        assert b"order_items" in done.stdout
    if form == "mermaid":
        lines = text.splitlines()
        assert lines[0] == "erDiagram"
        for line in lines[1:]:
            assert re.fullmatch(
                r"  \w+ \{|  \}|    [A-Za-z]\w* [A-Za-z_]\w*( (PK|FK|UK)(, (PK|FK|UK))*)?|"
                r'  \w+ (\|\||\|o)--(o\||o\{) \w+ : "[^"]*"', line), line
    if form == "json":
        doc = json.loads(text)
        assert {"table": "order_items", "columns": ["order_id"], "parent": "orders",
                "parent_columns": ["order_id"], "required": True,
                "unique": False} in doc["relations"]


OLDER = """data:
- data_type: INTEGER
  generator: randomize
  length: null
  name: id
  not_null: true
  precision: null
  primary_key: true
  unique: true
- data_type: VARCHAR
  generator: randomize
  length: 12
  name: nick
  not_null: true
  precision: null
  primary_key: false
  unique: true
- data_type: DECIMAL
  generator: randomize
  length: 6
  name: amount
  not_null: false
  precision: 2
  primary_key: false
  unique: false
"""


def test_the_older_form_is_read_unchanged_and_written_back(synthmill):
    (synthmill.cwd / "older.yaml").write_text(OLDER)
    synthmill("generate", "./older.yaml", "--rows", "500", "--to", "out")
    import pyarrow.parquet as pq
    table = pq.read_table(synthmill.cwd / "out" / "older")
    rows = table.to_pylist()
    assert len(rows) == 500 == len({r["id"] for r in rows}) == len({r["nick"] for r in rows})
    assert max(len(r["nick"]) for r in rows) <= 12
    assert str(table.schema.field("amount").type) == "decimal128(6, 2)"
    assert not table.schema.field("nick").nullable and table.schema.field("amount").nullable
    (synthmill.cwd / "older.sql").write_text(
        "CREATE TABLE older (id INTEGER PRIMARY KEY, nick VARCHAR(12) NOT NULL UNIQUE, "
        "amount DECIMAL(6,2));")
    written = synthmill("schema", "import", "older.sql", "--columns-only", "--dialect",
                        "postgres").text
    assert yaml.safe_load(written) == yaml.safe_load(OLDER)
    synthmill("schema", "import", DDL / "postgres.sql", "--columns-only", "--output", "lists")
    assert len(os.listdir(synthmill.cwd / "lists")) == 6
    for file in (synthmill.cwd / "lists").iterdir():
        synthmill("schema", "check", file)


def test_errors_of_the_older_form_come_with_their_places(synthmill):
    (synthmill.cwd / "o.yaml").write_text("data:\n- {name: a, data_type: INTEGRR, lenght: 3}\n- {}\n")
    err = synthmill("schema", "check", "o.yaml", code=1).err
    assert "o.yaml:2:" in err and "did you mean 'length'" in err and "INTEGRR" in err
    assert "o.yaml:3:" in err
