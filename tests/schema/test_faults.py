"""What cannot be is refused before any work, with the place and the reason; nothing is left behind."""
import re

import pytest


def refuse(synthmill, text, *flags, name="f.sql"):
    (synthmill.cwd / name).write_text(text)
    err = synthmill("generate", f"./{name}", "--to", "out", *flags, code=2).err
    assert not (synthmill.cwd / "out").exists()
    return err


def test_keys_that_hang_on_themselves_in_a_circle(synthmill):
    err = refuse(synthmill, "CREATE TABLE a (id int PRIMARY KEY REFERENCES b (id));\n"
                            "CREATE TABLE b (id int PRIMARY KEY REFERENCES a (id));\n")
    assert "made from each other: it cannot be filled" in err
    assert "let one of the columns on the way have values of its own" in err


def test_a_circle_of_several_columns(synthmill):
    err = refuse(synthmill, """synthmill: 1
dataset: d
tables:
  a: {rows: 9, columns: {b: {kind: parent, table: b}, x: {kind: reference, from: b, column: x}}}
  b: {rows: 9, columns: {c: {kind: parent, table: c}, x: {kind: reference, from: c, column: x}}}
  c: {rows: 9, columns: {a: {kind: parent, table: a}, x: {kind: reference, from: a, column: x}}}
""", name="c.yaml")
    assert re.search(r"c\.yaml:\d+:\d+: error: .*cannot be filled", err)


def test_required_references_to_a_table_without_rows(synthmill):
    err = refuse(synthmill, "CREATE TABLE p (id int PRIMARY KEY);\n"
                            "CREATE TABLE c (id int PRIMARY KEY, p int NOT NULL REFERENCES p);\n",
                 "--rows", "p=0")
    assert "is required, but table 'p', which it refers to, has no rows" in err


@pytest.mark.parametrize("columns,figures", [
    ("k boolean UNIQUE", "UNIQUE (k) of table 't' has 2 possible values, 500 rows wanted"),
    ("k char(1) CHECK (k IN ('a', 'b', 'c')) UNIQUE", "has 3 possible values, 500 rows wanted"),
    ("k smallint CHECK (k BETWEEN 1 AND 30), l boolean, PRIMARY KEY (k, l)",
     "PRIMARY KEY (k, l) of table 't' has 60 possible values (k 30 × l 2), 500 rows wanted"),
    ("k date CHECK (k BETWEEN '2020-01-01' AND '2020-01-31') UNIQUE", "has 31 possible values"),
    ("k varchar(9) CHECK (k ~ '^[A-C]{1,3}$') UNIQUE", "has 39 possible values"),
    ("k decimal(3,1) CHECK (k >= 0 AND k < 1) UNIQUE", "has 10 possible values"),
    ("k bit(3) UNIQUE", "has 8 possible values"),
], ids=lambda v: v[:30])
def test_too_few_values_for_a_key(synthmill, columns, figures):
    err = refuse(synthmill, f"CREATE TABLE t ({columns});", "--rows", "t=500")
    assert figures in err


def test_a_key_that_allows_fewer_rows_says_so(synthmill):
    (synthmill.cwd / "k.sql").write_text("CREATE TABLE t (\n  k char(2) UNIQUE);\n"
                                         "CREATE TABLE u (k char(2) PRIMARY KEY REFERENCES t (k));")
    err = synthmill("schema", "import", "k.sql").err
    assert re.search(r"k\.sql:1:\d+: warning: table 't' gets at most 676 rows", err)


@pytest.mark.parametrize("checks,reason", [
    ("a int CHECK (a > 5), CHECK (a < 3)", "no value is within both bounds"),
    ("a int CHECK (a > 5 AND a < 6)", "no value is within both bounds"),
    ("a int CHECK (a IN (1, 2)), CHECK (a IN (3, 4))", "the two lists of values have none in common"),
    ("a int CHECK (a IN (1, 2, 3)), CHECK (a > 5)", "every value of the list is out of the bounds"),
    ("a varchar(5) CHECK (length(a) >= 10)", "holds no text so long"),
    ("a varchar(50) CHECK (length(a) >= 10), CHECK (length(a) <= 9)", "no text has such a length"),
    ("a date CHECK (a > '2025-01-01'), CHECK (a < '2024-01-01')", "no value is within both bounds"),
    ("a date CHECK (a >= '2030-01-01'), CHECK (a <= CURRENT_DATE)", "no value is within both bounds"),
    ("a numeric(4,2) CHECK (a > 99.99)", "the type numeric(4,2) holds no such number"),
    ("a smallint CHECK (a > 40000)", "the type smallint holds no such number"),
    ("a int, b int, CHECK (a < b), CHECK (a > b)", "cannot"),
], ids=lambda v: v[:40])
def test_checks_that_contradict_each_other(synthmill, checks, reason):
    err = refuse(synthmill, f"CREATE TABLE t (\n  id int PRIMARY KEY,\n  {checks});")
    assert re.search(r"error: ", err) and reason in err, err


def test_alternatives_contradict_nothing(synthmill):
    """Of a OR b one is chosen; if that contradicts another check, the check is text and told."""
    (synthmill.cwd / "a.sql").write_text(
        "CREATE TABLE t (id int PRIMARY KEY, a int CHECK (a < 10), b int,\n"
        "  CHECK (a > 20 OR b > 5),\n  CHECK (a <> 0 OR b = 7));\n")
    result = synthmill("schema", "import", "a.sql")
    assert re.search(r"a\.sql:2:\d+: warning: .*kept as text", result.err)
    assert "contradict" not in result.err
