"""hive:// with files in a bucket: a metastore and Spark that reach it by Hadoop's own connector."""
import json
import os
import subprocess
import sys

import pytest
from hmsclient import hmsclient

from services.hive_metastore import HiveMetastore
from services.s3 import KEY, SECRET, S3Server
from services.s3a import s3a_jars, s3a_settings

SHOP = """
synthmill: 1
dataset: shop
as_of: 2026-01-31
tables:
  orders:
    rows: 1200
    partition_by: [region]
    columns:
      id:     {kind: sequence}
      region: {kind: choice, values: [EU, "a/b=c%d", "ü x"], null: 0.1}
      total:  {kind: decimal, precision: 9, scale: 2, min: 1, max: 99}
  days:
    rows: 300
    columns:
      id:     {kind: sequence}
      name:   {kind: text, min: 5, max: 9}
"""
READ = """
import json, sys
from pyspark.sql import SparkSession
settings = json.load(sys.stdin)
builder = SparkSession.builder.master("local[1]")
for key, value in settings["spark"].items():
    builder = builder.config(key, value)
spark = builder.enableHiveSupport().getOrCreate()
spark.sparkContext.setLogLevel("ERROR")
out = [[[str(cell) for cell in row] for row in spark.sql(q).collect()] for q in settings["queries"]]
print(json.dumps(out))
"""


@pytest.fixture(scope="module")
def s3(workshop):
    server = S3Server(workshop)
    server.make_bucket("lake")
    yield server
    server.close()


@pytest.fixture(scope="module")
def lake(s3, workshop):
    """A metastore that reaches the bucket."""
    service = HiveMetastore(workshop / "hive-s3", s3a_jars(), s3a_settings(s3, KEY, SECRET)).start()
    yield service
    service.stop()


@pytest.fixture
def on_s3(synthmill, s3, here, monkeypatch):
    for name, value in s3.environment.items():
        monkeypatch.setenv(name, value)
    (here / "shop.yaml").write_text(SHOP)
    return synthmill


def keys_of(s3):
    from pyarrow.fs import FileSelector
    found = s3.filesystem().get_file_info(FileSelector("lake", recursive=True))
    return [f.path.removeprefix("lake/") for f in found if f.is_file]


def spark_reads(port, s3, *queries):
    """In a process of its own: the shared session has no connector."""
    spark = {"spark.driver.memory": "600m", "spark.ui.enabled": "false",
             "spark.driver.bindAddress": "127.0.0.1", "spark.sql.session.timeZone": "UTC",
             "spark.driver.extraClassPath": ":".join(map(str, s3a_jars())),
             "spark.hadoop.hive.metastore.uris": f"thrift://127.0.0.1:{port}",
             **{f"spark.hadoop.{k}": v for k, v in s3a_settings(s3, KEY, SECRET).items()}}
    done = subprocess.run(
        [sys.executable, "-c", READ], input=json.dumps({"spark": spark, "queries": queries}),
        text=True, capture_output=True, check=False, timeout=240,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable,
             "TZ": "UTC", "LC_ALL": "C.UTF-8"})
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_spark_reads_what_the_metastore_points_to_in_the_bucket(on_s3, s3, lake, here):
    target = f"{lake.uri}/sales"
    args = ["generate", "./shop.yaml", "--to", target, "--location", "s3://lake/w/sales", "--quiet",
            "--json"]
    first = on_s3(*args).json()
    with hmsclient.HMSClient(host="127.0.0.1", port=lake.port) as client:
        # What Hadoop's readers call it.
        assert client.get_database("sales").locationUri == "s3a://lake/w/sales"
        locations = {p.values[0]: p.sd.location for p in client.get_partitions("sales", "orders", -1)}
        assert locations["a/b=c%d"] == ("s3a://lake/w/sales/orders/region=a%2Fb%3Dc%25d/"
                                        f"run={first['run_id']}")
        second = on_s3(*args, "--seed", "7", "--write-mode", "overwrite").json()
        locations = {p.sd.location.split("/run=")[1]
                     for p in client.get_partitions("sales", "orders", -1)}
        assert locations == {second["run_id"]}
    keys = [k for k in keys_of(s3) if k.endswith(".parquet")]
    assert keys and all(f"run={second['run_id']}" in k for k in keys)  # the old ones are gone
    checked = on_s3("verify", target, "--json").json()  # the database's own place
    assert checked["ok"] and checked["fingerprint"] == second["fingerprint"]
    doctor = on_s3("doctor", "--to", target)
    assert "sales has 2 tables, at s3a://lake/w/sales" in doctor.text
    assert "it holds" in doctor.text or "no run is finished" in doctor.text
    # Cell by cell: Spark through the metastore and s3a, against a copy through ours.
    on_s3("copy", f"{target}/orders", "orders.csv", "--quiet")
    on_s3("copy", f"{target}/days", "days.csv", "--quiet")
    got = spark_reads(lake.port, s3, "SELECT id, total, region FROM sales.orders",
                      "SELECT id, name, load_date FROM sales.days")
    import duckdb
    for rows, file, count in zip(got, ("orders.csv", "days.csv"), (1200, 300), strict=True):
        wanted = [[str(c) for c in row] for row in duckdb.sql(
            f"FROM read_csv('{here}/{file}', all_varchar = true)").fetchall()]
        assert len(rows) == count and sorted(rows) == sorted(wanted)


def test_a_metastore_without_the_connector_says_so_before_the_work(on_s3, metastore, database, s3):
    refused = on_s3("generate", "./shop.yaml", "--to", f"{metastore.uri}/{database}", "--location",
                    "s3://lake/other", code=2)
    assert "s3a" in refused.err.lower() and "S3AFileSystem" in refused.err
    assert not [k for k in keys_of(s3) if k.startswith("other/") and k.endswith(".parquet")]


def test_a_bucket_that_is_not_there_is_told_before_the_work(on_s3, lake, database):
    refused = on_s3("generate", "./shop.yaml", "--to", f"{lake.uri}/{database}", "--location",
                    "s3://nowhere/x", code=2)
    assert "nowhere" in refused.err
    with hmsclient.HMSClient(host="127.0.0.1", port=lake.port) as client:
        assert database not in client.get_all_databases()
