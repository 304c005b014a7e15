"""Tables of a metastore whose files lie in HDFS: where Hive's usually do."""
import pytest

from services.hdfs import HdfsServer

SHOP = """
synthmill: 1
dataset: shop
as_of: 2026-01-31
parameters:
  orders: {type: int, default: 3000, min: 1, help: "number of orders"}
tables:
  orders:
    rows: orders
    columns:
      order_id: {kind: unique_id, prefix: O-, digits: 8, required: true, key: true, help: "who"}
      price:    {kind: decimal, precision: 8, scale: 2, min: 0.99, max: 499.99, skew: low}
      note:     {kind: text, min: 10, max: 60, null: 0.7}
"""


@pytest.fixture(scope="module")
def hdfs(workshop):
    server = HdfsServer(workshop)
    yield server
    server.close()


def test_spark_reads_a_table_whose_files_were_written_to_hdfs(
        synthmill, here, hdfs, metastore, database, spark):
    (here / "shop.yaml").write_text(SHOP)
    synthmill.variables.update(hdfs.environment)
    target = f"{metastore.uri}/{database}"
    place = f"{hdfs.root}/warehouse/{database}"
    made = synthmill("generate", "./shop.yaml", "--to", target, "--location", place, "--load-date",
                     "2026-01-30", "--json", "--quiet").json()
    rows, total = spark.sql(
        f"select count(*), sum(price) from {database}.orders where load_date = '2026-01-30'"
    ).first()
    assert rows == made["rows"] == 3000
    again = synthmill("generate", "./shop.yaml", "--seed", 7, "--to", target, "--location", place,
                      "--load-date", "2026-01-30", "--write-mode", "overwrite", "--json",
                      "--quiet").json()
    spark.sql(f"refresh table {database}.orders")
    assert spark.sql(f"select sum(price) from {database}.orders").first()[0] != total
    runs = {path.split("/")[2] for path in hdfs.files(f"/warehouse/{database}")
            if path.startswith("orders/load_date=2026-01-30/")}
    assert runs == {f"run={again['run_id']}"}  # the replaced files are gone
    folder = synthmill("generate", "./shop.yaml", "--seed", 7, "--to", "out", "--json",
                       "--quiet").json()
    assert folder["fingerprint"] == again["fingerprint"]
    assert synthmill("verify", target, "--location", place, "--load-date", "2026-01-30",
                     "--json").json()["fingerprint"] == again["fingerprint"]


def test_spark_reads_a_folder_of_hdfs(synthmill, hdfs, spark, here):
    (here / "shop.yaml").write_text(SHOP)
    synthmill.variables.update(hdfs.environment)
    synthmill("generate", "./shop.yaml", "--to", hdfs.root + "/plain/shop", "--quiet")
    assert spark.read.parquet(hdfs.root + "/plain/shop/orders").count() == 3000
