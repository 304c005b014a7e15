"""Delta tables in buckets: read and added to by another implementation."""
import subprocess
import sys
import uuid

import pytest
from deltalake import DeltaTable

from helpers.command import Synthmill
from services.gcs import GcsServer
from store.conftest import MDM

CRM = "raw_crm_customers_scale"


def options(s3):
    """What deltalake needs to reach the server."""
    return {"AWS_ENDPOINT_URL": s3.endpoint, "AWS_ALLOW_HTTP": "true", "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": s3.environment["AWS_ACCESS_KEY_ID"],
            "AWS_SECRET_ACCESS_KEY": s3.environment["AWS_SECRET_ACCESS_KEY"],
            "aws_conditional_put": "etag"}


def delta(mill, to, *flags, code=0):
    return mill("generate", *MDM, "--format", "delta", "--to", to, "--json", *flags, code=code)


def test_another_client_reads_a_table_in_s3_and_both_add_to_it(mill, s3, bucket, expected):
    report = delta(mill, f"s3://{bucket}/lake").json()
    assert report["fingerprint"] == expected["fingerprint"]
    counts = {t["table"]: t["rows"] for t in expected["tables"]}
    uri = f"s3://{bucket}/lake/{CRM}"
    rows = DeltaTable(uri, storage_options=options(s3)).to_pyarrow_table()
    assert rows.num_rows == counts[CRM]
    assert mill("verify", f"s3://{bucket}/lake", "--json").json()["fingerprint"] == \
        expected["fingerprint"]
    from deltalake import write_deltalake
    write_deltalake(uri, rows.slice(0, 5), mode="append", storage_options=options(s3))
    delta(mill, f"s3://{bucket}/lake", "--write-mode", "append")
    table = DeltaTable(uri, storage_options=options(s3))
    assert table.version() == 2
    mill("copy", uri, "crm.parquet", "--quiet")
    import pyarrow.parquet as pq
    assert pq.read_metadata(mill.cwd / "crm.parquet").num_rows == \
        table.to_pyarrow_table().num_rows > 2 * counts[CRM]
    assert s3.open_uploads(bucket) == []


def test_overwrite_in_s3_keeps_the_files_of_the_version_before(mill, s3, bucket):
    delta(mill, f"s3://{bucket}/lake")
    before = DeltaTable(f"s3://{bucket}/lake/{CRM}", storage_options=options(s3)).file_uris()
    delta(mill, f"s3://{bucket}/lake", "--seed", "5", "--write-mode", "overwrite")
    table = DeltaTable(f"s3://{bucket}/lake/{CRM}", storage_options=options(s3))
    assert table.version() == 1 and not set(before) & set(table.file_uris())
    old = DeltaTable(f"s3://{bucket}/lake/{CRM}", version=0, storage_options=options(s3))
    assert old.to_pyarrow_table().num_rows > 0
    mill("verify", f"s3://{bucket}/lake", "--quiet")


APPENDER = """
import json, sys, pyarrow as pa, deltalake
for i in range(10):
    deltalake.write_deltalake(sys.argv[1], pa.table({"id": pa.array([-1 - i], pa.int64())}),
                              mode="append", storage_options=json.loads(sys.argv[2]))
"""


def test_two_that_append_to_s3_at_once_both_have_their_rows_there_once(mill, here, s3, bucket):
    import json
    (here / "t.yaml").write_text("synthmill: 1\ndataset: d\ntables:\n  t:\n    rows: 100\n"
                                 "    columns:\n      id: {kind: sequence}\n")
    uri = f"s3://{bucket}/lake/t"
    args = ["generate", "./t.yaml", "--format", "delta", "--to", f"s3://{bucket}/lake", "--quiet"]
    mill(*args)
    other = subprocess.Popen([sys.executable, "-c", APPENDER, uri, json.dumps(options(s3))],
                             stderr=subprocess.PIPE)
    runs = 0
    while other.poll() is None or runs < 2:
        runs += 1
        mill(*args, "--seed", 100 + runs, "--write-mode", "append")
    assert other.wait() == 0, other.stderr.read()
    table = DeltaTable(uri, storage_options=options(s3))
    ids = table.to_pyarrow_table()["id"].to_pylist()
    assert sorted(ids) == sorted([*range(-10, 0), *(list(range(1, 101)) * (runs + 1))])
    assert table.version() == 10 + runs


@pytest.fixture(scope="module")
def gcs(workshop):
    server = GcsServer(workshop / "delta-gcs")
    yield server
    server.close()


def test_a_table_in_gcs_is_read_by_another_and_copied(here, gcs, expected):
    bucket = gcs.make_bucket("b" + uuid.uuid4().hex[:12])
    mill = Synthmill(here)
    mill.variables.update(gcs.environment)
    report = delta(mill, f"gs://{bucket}/lake").json()
    assert report["fingerprint"] == expected["fingerprint"]
    delta(mill, f"gs://{bucket}/lake", "--write-mode", "append")
    counts = {t["table"]: t["rows"] for t in expected["tables"]}
    keys = [k for k in gcs.keys(bucket) if k.startswith(f"lake/{CRM}/")]
    for key in keys:
        path = here / "down" / key
        path.parent.mkdir(parents=True, exist_ok=True)
        with gcs.filesystem().open_input_stream(f"{bucket}/{key}") as file:
            path.write_bytes(file.read())
    table = DeltaTable(here / "down" / "lake" / CRM)
    assert table.version() == 1
    rows = table.to_pyarrow_table().num_rows
    assert rows > counts[CRM]
    mill("copy", f"gs://{bucket}/lake/{CRM}", "crm.parquet", "--quiet")
    import pyarrow.parquet as pq
    assert pq.read_metadata(here / "crm.parquet").num_rows == rows
    mill("verify", f"gs://{bucket}/lake", "--quiet")
