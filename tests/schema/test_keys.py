"""Keys of a schema: DuckDB holds the rows to every one of them, or the run is refused before work."""
import re

import duckdb
import pytest
import yaml


def write(synthmill, text, name="s.sql"):
    (synthmill.cwd / name).write_text(text)
    return name


def load(synthmill, monkeypatch, target="out"):
    monkeypatch.chdir(synthmill.cwd / target)
    db = duckdb.connect()
    db.execute("SET TimeZone = 'UTC'")
    db.execute((synthmill.cwd / target / "_synthmill" / "load.duckdb.sql").read_text())
    return db


TENANTS = """
CREATE TABLE tenants (id int PRIMARY KEY, name varchar(40) NOT NULL);
CREATE TABLE users (
  tenant_id int NOT NULL REFERENCES tenants (id),
  id int NOT NULL,
  email varchar(60) NOT NULL,
  manager_id int,
  PRIMARY KEY (tenant_id, id),
  UNIQUE (tenant_id, email),
  FOREIGN KEY (tenant_id, manager_id) REFERENCES users (tenant_id, id));
CREATE TABLE orders (
  tenant_id int NOT NULL,
  id int NOT NULL,
  user_id int NOT NULL,
  PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id) REFERENCES tenants (id),
  FOREIGN KEY (tenant_id, user_id) REFERENCES users (tenant_id, id));
CREATE TABLE products (
  tenant_id int NOT NULL REFERENCES tenants, sku varchar(12) NOT NULL,
  PRIMARY KEY (tenant_id, sku));
CREATE TABLE order_items (
  tenant_id int NOT NULL,
  order_id int NOT NULL,
  sku varchar(12) NOT NULL,
  amount decimal(9,2),
  PRIMARY KEY (tenant_id, order_id, sku),
  FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
  FOREIGN KEY (tenant_id, sku) REFERENCES products (tenant_id, sku));
CREATE TABLE approvals (
  tenant_id int NOT NULL, order_id int NOT NULL, sku varchar(12) NOT NULL, by_user int,
  PRIMARY KEY (tenant_id, order_id, sku),
  FOREIGN KEY (tenant_id, order_id, sku) REFERENCES order_items (tenant_id, order_id, sku),
  FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id));
"""

POINTS = [  # child, its columns, parent, its columns
    ("users", "tenant_id", "tenants", "id"),
    ("users", "tenant_id, manager_id", "users", "tenant_id, id"),
    ("orders", "tenant_id", "tenants", "id"),
    ("orders", "tenant_id, user_id", "users", "tenant_id, id"),
    ("products", "tenant_id", "tenants", "id"),
    ("order_items", "tenant_id, order_id", "orders", "tenant_id, id"),
    ("order_items", "tenant_id, sku", "products", "tenant_id, sku"),
    ("approvals", "tenant_id, order_id, sku", "order_items", "tenant_id, order_id, sku"),
    ("approvals", "tenant_id, order_id", "orders", "tenant_id, id")]


@pytest.mark.parametrize("flags", [[], ["--rows", "3000", "--rows", "tenants=25"],
                                   ["--rows", "40", "--rows", "tenants=100"]],
                         ids=["as many of each", "few tenants", "more tenants than rows"])
def test_keys_that_share_a_column_agree(synthmill, monkeypatch, flags):
    file = write(synthmill, TENANTS)
    result = synthmill("schema", "import", file, "-o", "s.yaml")
    assert "not kept" not in result.err
    synthmill("generate", "./s.yaml", "--to", "out", *flags, "--partitions", "3",
              "--load-script", "duckdb")
    db = load(synthmill, monkeypatch)
    for child, columns, parent, theirs in POINTS:
        mine = columns.split(", ")
        on = " AND ".join(f"c.{a} = p.{b}" for a, b in zip(mine, theirs.split(", ")))
        given = " AND ".join(f"c.{a} IS NOT NULL" for a in mine)
        rows, = db.execute(f"SELECT count(*) FROM {child} c ANTI JOIN {parent} p ON {on} "
                           f"WHERE {given}").fetchone()
        assert rows == 0, (child, columns)
    named = db.execute("SELECT count(*) FROM users WHERE manager_id IS NOT NULL").fetchone()[0]
    assert named > 0 or flags != ["--rows", "3000", "--rows", "tenants=25"]
    references = [r[0] for r in db.execute(
        "SELECT constraint_text FROM duckdb_constraints() WHERE constraint_type = 'FOREIGN KEY'"
    ).fetchall()]
    assert any("(tenant_id, order_id)" in r.replace('"', "") for r in references), references


def test_keys_that_cannot_agree_are_told_with_their_place_and_the_reason(synthmill):
    file = write(synthmill, """
CREATE TABLE a (country char(2), code int, PRIMARY KEY (country, code));
CREATE TABLE b (country char(2), nr int, PRIMARY KEY (country, nr));
CREATE TABLE c (
  id int PRIMARY KEY, country char(2), code int, nr int,
  FOREIGN KEY (country, code) REFERENCES a,
  FOREIGN KEY (country, nr) REFERENCES b);
""")
    result = synthmill("schema", "import", file, "-o", "s.yaml")
    assert re.search(r"s\.sql:7:\d+: warning: table 'c', foreign key \(country, nr\): it shares "
                     r"'country' with the one at line 6, .*refers to no table by itself; the key "
                     r"is not kept", result.err)
    synthmill("generate", "./s.yaml", "--to", "out", "--load-script", "duckdb")
    script = (synthmill.cwd / "out" / "_synthmill" / "load.duckdb.sql").read_text()
    assert 'REFERENCES "a"' in script and 'REFERENCES "b"' not in script


def test_what_meets_between_two_tables_keeps_its_popular_ones(synthmill, monkeypatch):
    file = write(synthmill, """
CREATE TABLE students (id int PRIMARY KEY);
CREATE TABLE courses (id int PRIMARY KEY);
CREATE TABLE enrolments (
  student_id int REFERENCES students, course_id int REFERENCES courses,
  PRIMARY KEY (student_id, course_id));
""")
    text = synthmill("schema", "import", file).text
    columns = yaml.safe_load(text)["tables"]["enrolments"]["columns"]
    assert columns["student_id"]["skew"] == columns["course_id"]["skew"] == "low"
    synthmill("generate", file, "--rows", "1000", "--rows", "enrolments=20000", "--to", "out",
              "--load-script", "duckdb")
    db = load(synthmill, monkeypatch)
    for column in ("student_id", "course_id"):
        top, median = db.execute(
            f"SELECT max(n), median(n) FROM (SELECT count(*) n FROM enrolments GROUP BY {column})"
        ).fetchone()
        assert top > 3.2 * median, column  # exponential: 4 / (4 × e^-2 …) of the mean at the top


KINDS = {
    "decimal(4,2) CHECK (k BETWEEN 0 AND 9.99)": 1000,
    "numeric(30,10)": 5000,
    "real": 5000,
    "date CHECK (k >= '2020-01-01' AND k < '2021-01-01')": 366,
    "time": 5000,
    "timestamp": 5000,
    "timestamp with time zone": 5000,
    "interval": 5000,
    "uuid": 5000,
    "bytea": 5000,
    "varchar(8) CHECK (k ~ '^(A|BB|[C-E]{1,3})-[0-9]{2}$')": 4100,
    "varchar(3) CHECK (k LIKE 'A__')": 676,
    "varchar(20)": 5000,
    "char(2)": 676,
    "smallint": 5000,
    "boolean": 2,
}


@pytest.mark.parametrize("kind", KINDS)
def test_unique_holds_for_every_type(synthmill, monkeypatch, kind):
    file = write(synthmill, f"CREATE TABLE t (k {kind} NOT NULL UNIQUE, other int);")
    rows = KINDS[kind]
    synthmill("generate", file, "--rows", f"t={rows}", "--to", "out", "--partitions", "3",
              "--load-script", "duckdb")
    db = load(synthmill, monkeypatch)  # with UNIQUE on
    assert db.execute("SELECT count(*), count(DISTINCT k) FROM t").fetchone() == (rows, rows)


@pytest.mark.parametrize("kinds", [("boolean", "boolean", "smallint"),
                                   ("date", "varchar(4) CHECK (b ~ '^(X|Y)?[0-9]$')", "boolean"),
                                   ("interval", "time", "bytea")])
def test_keys_of_several_columns_hold_for_every_type(synthmill, monkeypatch, kinds):
    columns = ", ".join(f"{n} {k} NOT NULL" for n, k in zip("abc", kinds))
    file = write(synthmill, f"CREATE TABLE t ({columns}, PRIMARY KEY (a, b, c));")
    synthmill("generate", file, "--rows", "t=900", "--to", "out", "--partitions", "2",
              "--load-script", "duckdb")
    assert load(synthmill, monkeypatch).execute("SELECT count(*) FROM t").fetchone() == (900,)


def test_too_few_values_for_a_key_are_refused_with_the_figures(synthmill):
    file = write(synthmill, "CREATE TABLE t (k varchar(3) CHECK (k ~ '^(x|yy)[0-9]$') UNIQUE);")
    err = synthmill("generate", file, "--rows", "t=21", "--to", "out", code=2).err
    assert "UNIQUE (k) of table 't' has 20 possible values, 21 rows wanted" in err
    assert not (synthmill.cwd / "out").exists()
    synthmill("generate", file, "--rows", "t=20", "--to", "out")
