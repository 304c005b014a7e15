"""The installed Python package: tables for every Arrow library, targets, errors, types."""

import datetime
import decimal
import json
import subprocess
import sys
import warnings

import duckdb
import pandas
import polars
import pyarrow
import pytest

import synthmill


def test_tables_are_taken_by_pyarrow_polars_duckdb_and_pandas(shop):
    orders = synthmill.generate(shop, orders=5000)["orders"]
    arrow = pyarrow.table(orders)
    assert arrow.num_rows == orders.num_rows == 5000
    assert polars.DataFrame(orders)["price"].sum() == sum(arrow["price"].to_pylist())
    stream = pyarrow.RecordBatchReader.from_stream(orders)
    assert duckdb.sql("SELECT count(*), sum(price) FROM stream").fetchone() == (
        5000,
        sum(arrow["price"].to_pylist()),
    )
    assert duckdb.sql("SELECT count(*), count(DISTINCT order_id) FROM orders").fetchone() == (5000, 5000)
    frame = orders.to_pandas()
    assert isinstance(frame, pandas.DataFrame) and frame["order_id"].is_unique
    assert pandas.DataFrame.from_arrow(orders).equals(arrow.to_pandas())
    assert orders.to_polars().equals(polars.from_arrow(arrow))


def test_reading_twice_and_with_other_threads_gives_the_same_rows():
    one = synthmill.generate("mdm", total_records=60_000, truth=True, threads=1)
    many = synthmill.generate("mdm", total_records=60_000, truth=True, threads=3)
    assert list(one) == list(many)
    for name, table in one.items():
        assert table.to_arrow().equals(many[name].to_arrow()), name
        assert table.to_arrow().num_rows == table.num_rows or not table.rows_exact


def test_tables_equal_what_the_run_writes(shop, tmp_path):
    result = synthmill.generate(shop, orders=3000, to=tmp_path / "data", format="parquet")
    assert result.rows == 3000 and not result.already_complete
    assert result.tables[0].name == "orders" and result.tables[0].rows == 3000
    written = pyarrow.table(duckdb.sql(f"FROM '{tmp_path}/data/orders/*.parquet' ORDER BY order_id"))
    made = synthmill.generate(shop, orders=3000)["orders"].to_arrow()
    assert written.to_pylist() == made.to_pylist()
    again = synthmill.generate(shop, orders=3000, to=tmp_path / "data")
    assert again.already_complete and again.fingerprint == result.fingerprint


def test_schemas_are_told_without_making_rows():
    tables = synthmill.generate("mdm", total_records=4_000_000_000_000)
    crm = tables["crm"]
    assert crm.num_rows > 10**11 and crm.rows_exact
    schema = pyarrow.schema(crm)
    assert schema.field("date_of_birth").type == pyarrow.date32()
    stream = pyarrow.RecordBatchReader.from_stream(crm)
    assert stream.schema == schema
    assert stream.read_next_batch().num_rows > 0  # and dropping the rest ends the work


def test_dictionaries_are_given_when_asked_for(shop):
    plain = synthmill.generate(shop)["orders"].to_arrow()
    coded = synthmill.generate(shop, dictionaries=True)["orders"].to_arrow()
    assert pyarrow.types.is_string(plain.schema.field("status").type)
    assert pyarrow.types.is_dictionary(coded.schema.field("status").type)
    assert coded["status"].to_pylist() == plain["status"].to_pylist()
    assert pyarrow.schema(synthmill.generate(shop, dictionaries=True)["orders"]) == coded.schema
    assert polars.DataFrame(synthmill.generate(shop, dictionaries=True)["orders"])["status"].dtype == polars.Categorical


def test_parameters_of_every_type_are_taken(shop):
    tables = synthmill.generate(
        shop,
        orders=2000,
        discount=decimal.Decimal("0.5"),
        opened=datetime.date(2025, 12, 1),
        as_of="2026-01-01",
        seed=7,
    )
    frame = tables["orders"].to_pandas()
    assert abs(frame["gift"].mean() - 0.5) < 0.05
    assert frame["ordered"].min() >= datetime.date(2025, 12, 1)
    assert "gift" not in synthmill.generate(shop, gifts=False)["orders"].to_arrow().column_names


def test_plan_is_the_document_of_the_command_line():
    plan = synthmill.plan("mdm", total_records=1_000_000)
    assert plan["version"] == 1
    assert plan["rows"] == sum(t["rows"] for t in plan["tables"])
    assert 590_000 < plan["rows"] < 610_000


@pytest.mark.parametrize(
    "call, error, base, words",
    [
        (lambda p: synthmill.generate("mdn"), synthmill.InvalidError, ValueError, "did you mean"),
        (lambda p: synthmill.generate("mdm", total_recods=1), synthmill.InvalidError, ValueError, "did you mean --total-records"),
        (lambda p: synthmill.generate("mdm", unique_customers=0), synthmill.InvalidError, ValueError, "unique-customers"),
        (lambda p: synthmill.generate("mdm")["crn"], synthmill.NotFoundError, KeyError, "raw_crm"),
        (lambda p: synthmill.generate(p / "none.yaml"), synthmill.InputOutputError, OSError, "none.yaml"),
        (lambda p: synthmill.generate("mdm", format="parket", to=p), synthmill.SynthmillError, Exception, "parquet"),
        (lambda p: synthmill.generate("mdm", resume=True), synthmill.InvalidError, ValueError, "to="),
        (lambda p: synthmill.generate("mdm", write_mode="replace", to=p), synthmill.InvalidError, ValueError, "overwrite"),
        (lambda p: synthmill.generate("mdm", format="csv"), synthmill.InvalidError, ValueError, "to="),
        (lambda p: synthmill.generate("mdm", total_records=[1]), synthmill.InvalidError, ValueError, "total_records"),
        (lambda p: synthmill.generate("mdm", seed="x"), synthmill.InvalidError, ValueError, "seed='x': a whole number"),
        (lambda p: synthmill.generate("mdm", seed=-1), synthmill.InvalidError, ValueError, "not negative"),
        (lambda p: synthmill.generate("mdm", truth="yes"), synthmill.InvalidError, ValueError, "True or False"),
        (lambda p: synthmill.generate("mdm", to=p, delimiter="||"), synthmill.InvalidError, ValueError, "one character"),
        (lambda p: synthmill.copy(p / "none.csv", p / "out"), synthmill.SynthmillError, Exception, "none.csv"),
        (lambda p: synthmill.copy(p, p, write_mode="replace"), synthmill.InvalidError, ValueError, "overwrite"),
        (lambda p: synthmill.import_ddl(p / "none.sql"), FileNotFoundError, OSError, "none.sql"),
        (lambda p: synthmill.import_ddl([]), synthmill.InvalidError, ValueError, "no files"),
    ],
)
def test_mistakes_are_exceptions_with_the_words_of_the_command_line(tmp_path, call, error, base, words):
    with pytest.raises(error) as raised:
        call(tmp_path)
    assert isinstance(raised.value, base)
    assert words in str(raised.value)


def test_errors_of_a_dataset_file_name_line_and_column(tmp_path):
    path = tmp_path / "bad.yaml"
    path.write_text("synthmill: 1\ndataset: bad\ntables:\n  t:\n    name: t\n    rows: 5\n"
                    "    columns:\n      a: {kind: intt, min: 1, max: 2}\n")
    with pytest.raises(synthmill.InvalidError, match=r"bad\.yaml:8:\d+"):
        synthmill.generate(path)


def test_a_failed_run_leaves_nothing(tmp_path):
    blocker = tmp_path / "file"
    blocker.write_text("not a folder")
    with pytest.raises(OSError):
        synthmill.generate("mdm", total_records=1000, to=blocker / "below")
    assert blocker.read_text() == "not a folder"


def test_warnings_of_a_plan_are_python_warnings():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        synthmill.plan("mdm", total_records=1000, unique_customers=900)
    assert any("unique" in str(w.message) for w in caught)


def test_the_program_comes_with_the_package():
    out = subprocess.run([sys.executable, "-m", "synthmill", "--version"], capture_output=True, text=True)
    assert out.returncode == 0 and synthmill.__version__ in out.stdout


def test_plan_is_json_serialisable():
    json.dumps(synthmill.plan("mdm", total_records=1000, truth=True))


def test_ddl_is_imported_and_generated_with_rows_of_tables(tmp_path):
    ddl = tmp_path / "shop.sql"
    ddl.write_text(
        "CREATE TABLE customers (id INT PRIMARY KEY, email VARCHAR(40) NOT NULL UNIQUE);\n"
        "CREATE TABLE orders (id INT PRIMARY KEY, customer_id INT NOT NULL REFERENCES customers (id));\n"
    )
    spec = synthmill.import_ddl(ddl)
    assert "customers" in spec and "synthmill: 1" in spec
    tables = synthmill.generate(ddl, rows={"customers": 50, "orders": 400})
    customers = tables["customers"].to_arrow()
    orders = tables["orders"].to_arrow()
    assert customers.num_rows == 50 and orders.num_rows == 400
    assert len(set(customers["email"].to_pylist())) == 50
    assert set(orders["customer_id"].to_pylist()) <= set(customers["id"].to_pylist())


def test_ddl_that_cannot_be_read_is_a_warning_and_with_strict_an_error(tmp_path):
    ddl = tmp_path / "odd.sql"
    ddl.write_text("CREATE TABLE good (id INT);\nCREATE TABLE bad AS SELECT * FROM somewhere;\n")
    with pytest.warns(UserWarning, match=r"odd\.sql:2:"):
        assert "good" in synthmill.import_ddl(ddl)
    with pytest.raises(synthmill.InvalidError, match=r"odd\.sql:2:"):
        synthmill.import_ddl(ddl, strict=True)


def test_copy_counts_what_it_read_wrote_and_rejected(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("id,amount\n1,2.50\n2,3.75,too many\n3,4.00\n")
    with pytest.raises(synthmill.SynthmillError, match="3"):
        synthmill.copy(source, tmp_path / "stopped")
    done = synthmill.copy(source, tmp_path / "out", reject=True)
    assert (done.rows_read, done.rows, done.rejected) == (3, 2, 1)
    assert duckdb.sql(f"SELECT count(*) FROM '{tmp_path}/out/in/*.parquet'").fetchone() == (2,)


def test_copy_takes_the_look_of_csv_on_either_side(tmp_path):
    source = tmp_path / "in.csv"
    source.write_text("1;NULL\n2;x\n")
    synthmill.copy(source, tmp_path / "out.csv", delimiter=";", header=False, csv_null="NULL",
                   to_delimiter="\t", to_header=True, to_csv_null="-")
    assert (tmp_path / "out.csv").read_text() == "column_1\tcolumn_2\n1\t-\n2\tx\n"


def test_slices_are_parts_and_a_slice_is_made_alone(shop, tmp_path):
    (tmp_path / "slices.txt").write_text("orders | 1 | 300\norders | 2 | 500\n")
    all_rows = synthmill.generate(shop, slices=tmp_path / "slices.txt")["orders"].to_arrow()
    assert all_rows.num_rows == 800
    done = synthmill.generate(shop, slices=tmp_path / "slices.txt", slice=2, to=tmp_path / "data")
    assert done.rows == 500
    written = pyarrow.table(duckdb.sql(f"FROM '{tmp_path}/data/orders/*.parquet' ORDER BY order_id"))
    assert written.to_pylist() == all_rows.slice(300).to_pylist()
