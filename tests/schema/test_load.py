"""Imported tables, generated, loaded into databases with every constraint of the schema on."""
import pathlib
import shutil
import subprocess

import duckdb
import pytest
from helpers.mariadb import MariaDb, find_mariadb
from helpers.postgres import Postgres, find_postgres

DDL = pathlib.Path(__file__).parent / "ddl"
FILES = sorted(DDL.glob("*.sql"))
ROWS = 400


def load_into_duckdb(target, monkeypatch):
    monkeypatch.chdir(target)
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    con.execute((target / "_synthmill" / "load.duckdb.sql").read_text())
    return con


@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_duckdb_takes_every_table_with_its_constraints_on(synthmill, file, monkeypatch):
    synthmill("generate", file, "--rows", ROWS, "--to", "out")
    target = synthmill.cwd / "out"
    con = load_into_duckdb(target, monkeypatch)
    tables = [r[0] for r in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
    assert len(tables) == len([p for p in target.iterdir() if p.name != "_synthmill"])
    for name in tables:
        quoted = '"' + name.replace('"', '""') + '"'
        assert con.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0] > 0
        # Lengths, which DuckDB does not hold anybody to.
        for column, kind in con.execute(
                "SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = ?",
                [name]).fetchall():
            if kind == "VARCHAR":
                con.execute(f'SELECT max(length("{column.replace(chr(34), chr(34) * 2)}")) FROM {quoted}')


def test_all_that_the_schema_demands_is_true(synthmill, monkeypatch):
    synthmill("generate", DDL / "postgres.sql", "--rows", 3000, "--rows", "order_items=12000",
              "--to", "out", "--format", "csv")
    con = load_into_duckdb(synthmill.cwd / "out", monkeypatch)
    kinds = dict(con.execute("SELECT constraint_type, count(*) FROM duckdb_constraints() "
                             "GROUP BY 1").fetchall())
    assert kinds["PRIMARY KEY"] == 6 and kinds["UNIQUE"] == 2 and kinds["CHECK"] >= 7
    # customers <-> products is a circle, and customers refers to itself: these are checked by query
    assert kinds["FOREIGN KEY"] >= 4

    def none(sql):
        assert con.execute(f"SELECT count(*) FROM {sql}").fetchone()[0] == 0, sql

    none("customers WHERE length(first_name) > 40 OR length(email) > 120 OR length(state) > 2 "
         "OR length(zip) > 10 OR length(phone) > 20 OR length(street) > 80 OR length(city) > 60")
    none("customers c WHERE referred_by IS NOT NULL AND NOT EXISTS "
         "(SELECT 1 FROM customers p WHERE p.customer_id = c.referred_by)")
    none("customers c WHERE favourite_product IS NOT NULL AND NOT EXISTS "
         "(SELECT 1 FROM products p WHERE p.product_id = c.favourite_product)")
    none("customers WHERE updated_at < created_at")
    none("products WHERE length(sku) > 12 OR price < 0 OR cost <= 0")
    none("orders WHERE shipped_date < order_date OR order_date < DATE '2020-01-01'")
    none("order_items WHERE quantity NOT BETWEEN 1 AND 20 OR discount < 0 OR discount >= 1")
    assert con.execute("SELECT count(*) FROM order_items").fetchone()[0] == 12000
    nulls, = con.execute("SELECT avg((phone IS NULL)::int) FROM customers").fetchone()
    assert 0.07 < nulls < 0.13
    share, = con.execute("SELECT avg((status = 'open')::int) FROM orders").fetchone()
    assert share > 0.3  # a fifth by default, and a quarter of the others


@pytest.mark.skipif(find_postgres() is None, reason="no PostgreSQL (tools/apt-test.txt)")
def test_postgresql_takes_the_script_with_all_constraints(synthmill):
    with Postgres() as server:
        for stem in ("postgres", "ansi", "sqlite", "mysql"):
            synthmill("generate", DDL / f"{stem}.sql", "--rows", ROWS, "--to", stem, "--format",
                      "csv", "--load-script", "postgres,duckdb")
            server.sql(f"CREATE DATABASE {stem}_db")
            done = server.psql("-f", "_synthmill/load.postgres.sql", database=f"{stem}_db",
                               cwd=synthmill.cwd / stem)
            assert done.returncode == 0, done.stderr
        counts = server.sql("SELECT contype, count(*) FROM pg_constraint WHERE connamespace = "
                            "'public'::regnamespace GROUP BY 1", database="postgres_db").stdout
        found = dict(line.split("|") for line in counts.split())
        assert found["p"] == "6" and found["u"] == "2" and found["f"] == "7"
        assert int(found["c"]) >= 8
        rows = server.sql("SELECT count(*) FROM orders o JOIN customers c USING (customer_id)",
                          database="postgres_db").stdout
        assert int(rows) == ROWS


@pytest.mark.skipif(find_mariadb() is None, reason="no MariaDB (tools/apt-test.txt)")
def test_mariadb_takes_the_script_with_all_constraints(synthmill):
    with MariaDb() as server:
        for file in FILES:
            synthmill("generate", file, "--rows", ROWS, "--to", file.stem, "--format", "csv",
                      "--load-script", "mysql")
            server.sql(f"CREATE DATABASE t_{file.stem} CHARACTER SET utf8mb4")
            script = (synthmill.cwd / file.stem / "_synthmill" / "load.mysql.sql").read_text()
            done = server.run(script, f"t_{file.stem}", cwd=synthmill.cwd / file.stem)
            assert done.returncode == 0, (file.stem, done.stderr)
        kinds = dict(line.split("\t") for line in server.sql(
            "SELECT constraint_type, count(*) FROM information_schema.table_constraints "
            "WHERE table_schema = 't_postgres' GROUP BY 1").splitlines())
        assert kinds["PRIMARY KEY"] == "6" and kinds["UNIQUE"] == "2"
        assert kinds["FOREIGN KEY"] == "7" and int(kinds["CHECK"]) >= 7
        # Nothing was cut or made something else on the way in.
        assert server.sql("SELECT count(*) FROM orders o JOIN customers c USING (customer_id)",
                          "t_postgres").strip() == str(ROWS)
        nulls, = duckdb.sql(f"SELECT count(*) - count(phone) FROM read_csv('{synthmill.cwd}/postgres/"
                            "customers/*.csv', nullstr = '', allow_quoted_nulls = false)").fetchone()
        assert server.sql("SELECT count(*) FROM customers WHERE phone IS NULL",
                          "t_postgres").strip() == str(nulls)
        # Folders by values: what their names say is in the rows.
        assert server.sql("SELECT count(*), count(DISTINCT load_date) > 1 FROM page_views "
                          "WHERE load_date IS NOT NULL", "t_hive").split() == [str(ROWS), "1"]


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="no sqlite3 (tools/apt-test.txt)")
@pytest.mark.parametrize("file", FILES, ids=lambda f: f.stem)
def test_sqlite_takes_its_script_with_all_constraints(synthmill, file):
    synthmill("generate", file, "--rows", ROWS, "--to", "out", "--format", "csv", "--load-script",
              "sqlite")
    out = synthmill.cwd / "out"
    done = subprocess.run(["sqlite3", "-bail", synthmill.cwd / "shop.db"], text=True, cwd=out,
                          input=(out / "_synthmill" / "load.sqlite.sql").read_text(),
                          capture_output=True)
    assert done.returncode == 0 and done.stderr == "", done.stderr

    def ask(sql):
        return subprocess.run(["sqlite3", synthmill.cwd / "shop.db", sql], capture_output=True,
                              text=True, check=True).stdout.split()

    tables = ask("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
    assert tables == [str(len([p for p in out.iterdir() if p.name != "_synthmill"]))]
    assert ask("PRAGMA foreign_key_check") == []
    assert ask("PRAGMA integrity_check") == ["ok"]
    # What had to wait for later tables was asked by query.
    assert set(done.stdout.split()) <= {"0"}


def test_bytes_and_moments_arrive_as_they_are(synthmill, monkeypatch):
    """Text files hold bytes as hexadecimal digits and moments with a Z: no database may be misled."""
    (synthmill.cwd / "b.sql").write_text(
        "CREATE TABLE t (id int PRIMARY KEY, b bytea NOT NULL, at timestamptz NOT NULL, "
        "f boolean NOT NULL);")
    synthmill("generate", "b.sql", "--rows", "50", "--to", "out", "--format", "csv",
              "--load-script", "duckdb,postgres,mysql")
    out = synthmill.cwd / "out"
    ask = "SELECT lower({hex}) FROM t ORDER BY id"
    lines = (out / "t" / "part-00000.csv").read_text().splitlines()[1:]
    wanted = [line.split(",")[1] for line in lines]
    days = [line.split(",")[2][:10] for line in lines]
    assert max(map(len, wanted)) > 16
    con = load_into_duckdb(out, monkeypatch)
    assert [r[0] for r in con.execute(ask.format(hex="hex(b)")).fetchall()] == wanted
    if find_postgres():
        with Postgres() as server:
            assert server.psql("-f", "_synthmill/load.postgres.sql", cwd=out).returncode == 0
            assert server.sql(ask.format(hex="encode(b, 'hex')")).stdout.split() == wanted
    if find_mariadb():
        with MariaDb() as server:
            server.sql("CREATE DATABASE b CHARACTER SET utf8mb4")
            done = server.run((out / "_synthmill" / "load.mysql.sql").read_text(), "b", cwd=out)
            assert done.returncode == 0, done.stderr
            assert server.sql(ask.format(hex="hex(b)"), "b").split() == wanted
            assert server.sql("SELECT date(at) FROM t ORDER BY id", "b").split() == days


@pytest.mark.skipif(find_mariadb() is None, reason="no MariaDB (tools/apt-test.txt)")
def test_mariadb_stops_where_rows_would_be_refused(synthmill):
    """LOAD DATA LOCAL only warns of them."""
    synthmill("generate", DDL / "mysql.sql", "--rows", 20, "--to", "out", "--format", "csv",
              "--load-script", "mysql")
    out = synthmill.cwd / "out"
    spoilt = next(p for p in sorted(out.glob("*/part-00000.csv")))
    lines = spoilt.read_text().splitlines(True)
    spoilt.write_text("".join(lines[:3] + lines[2:]))  # one row twice
    with MariaDb() as server:
        server.sql("CREATE DATABASE b CHARACTER SET utf8mb4")
        done = server.run((out / "_synthmill" / "load.mysql.sql").read_text(), "b", cwd=out)
        assert done.returncode != 0 and "Duplicate entry" in done.stdout


NAMES = ["../../x", "a/b", 'quoted ""name""', "x" * 300, "x" * 299 + "y", "größe", "emoji 😀",
         "select", "Order", "table", "group", "it''s", "back`tick", "[brackets]", "semi;colon",
         "percent%", "{brace}", "a: b", "null", "1e3", "back\\slash", "dot.ted", "com,ma", "$1",
         "--comment", "new", "..", "#hash", "*", "a?b"]


def odd_names(synthmill):
    text = ""
    for i, name in enumerate(NAMES):
        parent = "" if i == 0 else f', "to {name}" int REFERENCES "{NAMES[i - 1]}" ("{NAMES[i - 1]}")'
        text += (f'CREATE TABLE "{name}" ("{name}" int PRIMARY KEY, "text of {name}" varchar(9) '
                 f'NOT NULL UNIQUE CHECK ("text of {name}" <> \'it\'\'s\'){parent});\n')
    (synthmill.cwd / "names.sql").write_text(text)
    synthmill("generate", "names.sql", "--rows", "60", "--to", "deep/er/out", "--format", "csv",
              "--load-script", "duckdb,postgres,mysql,sqlite")
    assert sorted(p.name for p in synthmill.cwd.iterdir()) == [".home", "deep", "names.sql"]
    assert [p.name for p in (synthmill.cwd / "deep").iterdir()] == ["er"]
    assert [p.name for p in (synthmill.cwd / "deep" / "er").iterdir()] == ["out"]
    out = synthmill.cwd / "deep" / "er" / "out"
    assert len([p for p in out.iterdir() if p.name != "_synthmill"]) == len(NAMES)
    return out


def test_duckdb_and_sqlite_take_tables_of_any_name(synthmill, monkeypatch):
    out = odd_names(synthmill)
    con = load_into_duckdb(out, monkeypatch)
    meant = {n.replace('""', '"') for n in NAMES}
    assert {r[0] for r in con.execute("SELECT table_name FROM duckdb_tables()").fetchall()} == meant
    for name in NAMES:
        assert con.execute(f'SELECT count("text of {name}") FROM "{name}"').fetchone() == (60,)
    if not shutil.which("sqlite3"):
        return
    done = subprocess.run(["sqlite3", "-bail", synthmill.cwd / "n.db"], text=True, cwd=out,
                          input=(out / "_synthmill" / "load.sqlite.sql").read_text(),
                          capture_output=True)
    assert done.returncode == 0 and done.stderr == "", done.stderr
    found = subprocess.run(["sqlite3", synthmill.cwd / "n.db", "SELECT name FROM sqlite_master "
                            "WHERE type = 'table'"], capture_output=True, text=True).stdout
    assert set(found.splitlines()) == meant


@pytest.mark.skipif(find_postgres() is None, reason="no PostgreSQL (tools/apt-test.txt)")
def test_postgresql_takes_tables_of_any_name(synthmill):
    out = odd_names(synthmill)
    with Postgres() as server:
        done = server.psql("-f", "_synthmill/load.postgres.sql", cwd=out)
        assert done.returncode == 0, done.stderr
        assert "truncated" not in done.stderr  # names too long are shortened, each to its own
        tables = server.sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").stdout
        assert int(tables) == len(NAMES)
        keys = server.sql("SELECT count(*) FROM pg_constraint WHERE contype = 'f'").stdout
        assert int(keys) == len(NAMES) - 1


@pytest.mark.skipif(find_mariadb() is None, reason="no MariaDB (tools/apt-test.txt)")
def test_mariadb_takes_tables_of_any_name(synthmill):
    out = odd_names(synthmill)
    with MariaDb() as server:
        server.sql("CREATE DATABASE n CHARACTER SET utf8mb4")
        done = server.run((out / "_synthmill" / "load.mysql.sql").read_text(), "n", cwd=out)
        assert done.returncode == 0, done.stderr
        assert server.sql("SELECT count(*) FROM information_schema.tables WHERE table_schema = "
                          "'n'").strip() == str(len(NAMES))


def test_a_script_says_what_its_database_cannot_load(synthmill):
    err = synthmill("generate", DDL / "ansi.sql", "--to", "out", "--load-script", "postgres",
                    code=2).err
    assert "--format csv" in err
    assert not (synthmill.cwd / "out").exists()
    assert "did you mean 'postgres'" in synthmill("generate", DDL / "ansi.sql", "--to", "out",
                                                  "--load-script", "postgrs", code=2).err
    synthmill("generate", DDL / "postgres.sql", "--to", "out", "--rows", 10)
    script = (synthmill.cwd / "out" / "_synthmill" / "load.postgres.sql").read_text()
    assert "--format csv" in script and "\\copy" not in script


def test_a_dataset_of_ones_own_gets_a_script_when_asked(synthmill, monkeypatch):
    synthmill("schema", "import", DDL / "ansi.sql", "-o", "mine.yaml")
    synthmill("generate", "./mine.yaml", "--rows", 50, "--to", "out", "--load-script", "duckdb")
    con = load_into_duckdb(synthmill.cwd / "out", monkeypatch)
    assert con.execute("SELECT count(*) FROM book_author").fetchone()[0] == 50
    synthmill("generate", "./mine.yaml", "--rows", 50, "--to", "none", "--load-script", "none")
    assert not list((synthmill.cwd / "none" / "_synthmill").glob("load.*"))


def test_rows_do_not_depend_on_parts_and_the_manifest_keeps_the_spec(synthmill):
    prints = set()
    for parts in (1, 3):
        result = synthmill("generate", DDL / "postgres.sql", "--rows", 5000, "--partitions", parts,
                           "--to", f"out{parts}", "--json").json()
        prints.add(result["fingerprint"])
    assert len(prints) == 1
    run, = (synthmill.cwd / "out1" / "_synthmill" / "runs").iterdir()
    assert "Imported from" in (run / "manifest.json").read_text()
    synthmill("verify", "out3")


def test_a_key_with_too_few_values_makes_as_many_rows_as_it_has(synthmill):
    (synthmill.cwd / "k.sql").write_text(
        "CREATE TABLE k (code char(1) PRIMARY KEY, on_off boolean);\n"
        "CREATE TABLE u (id int PRIMARY KEY, flag smallint UNIQUE CHECK (flag BETWEEN 1 AND 5));\n")
    result = synthmill("generate", "k.sql", "--rows", 100, "--to", "out", "--json").json()
    assert {t["table"]: t["rows"] for t in result["tables"]} == {"k": 26, "u": 5}
    err = synthmill("generate", "k.sql", "--rows", "k=100", "--to", "more", code=2).err
    assert "26" in err and not (synthmill.cwd / "more").exists()


def test_partitioned_tables_lie_in_few_folders_and_hive_is_told_of_each(synthmill):
    synthmill("generate", DDL / "hive.sql", "--rows", 200, "--to", "out")
    folders = [p.name for p in (synthmill.cwd / "out" / "page_views").iterdir()]
    assert len(folders) == 7 and all(f.startswith("load_date=202") for f in folders)
    script = (synthmill.cwd / "out" / "_synthmill" / "load.hive.sql").read_text()
    assert ") PARTITIONED BY (`load_date` DATE);" in script
    for folder in folders:
        assert f"PARTITION (`load_date` = '{folder.split('=')[1]}')" in script
