"""gs:// against a server that speaks Google Cloud Storage's interface."""
import uuid

import pyarrow.dataset as dataset
import pytest

from helpers.command import Synthmill
from services.gcs import GcsServer
from services.proxy import FaultyProxy, Reset, Status
from store.conftest import MDM, left_over, live

TABLES = ("raw_crm_customers_scale", "raw_erp_customers_scale", "raw_ecommerce_customers_scale")


@pytest.fixture(scope="session")
def gcs(workshop):
    server = GcsServer(workshop)
    yield server
    server.close()


@pytest.fixture
def bucket(gcs):
    return gcs.make_bucket("b" + uuid.uuid4().hex[:12])


@pytest.fixture
def mill(here, gcs):
    mill = Synthmill(here)
    mill.variables.update(gcs.environment)
    return mill


@pytest.fixture
def proxy(gcs):
    proxy = FaultyProxy(gcs.endpoint)
    yield proxy
    proxy.close()


def test_a_run_has_the_fingerprint_and_files_it_has_in_a_folder(mill, gcs, bucket, expected):
    report = mill("generate", *MDM, "--to", f"gs://{bucket}/mdm", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"]
    runs = live(gcs, bucket, "mdm")
    assert [run["id"] for run in runs] == [report["run_id"]]
    assert left_over(gcs.keys(bucket), "mdm", runs) == []
    assert mill("verify", f"gs://{bucket}/mdm", "--json").json()["fingerprint"] == \
        expected["fingerprint"]


def test_another_client_reads_the_rows_that_were_written(mill, gcs, bucket, expected):
    mill("generate", *MDM, "--to", f"gs://{bucket}/a b/mdm", "--quiet")
    for table in expected["tables"]:
        rows = dataset.dataset(f"{bucket}/a b/mdm/{table['table']}", format="parquet",
                               filesystem=gcs.filesystem()).to_table()
        assert rows.num_rows == table["rows"]


def test_the_same_run_again_is_already_complete_and_another_is_refused(mill, gcs, bucket):
    mill("generate", *MDM, "--to", f"gs://{bucket}/mdm", "--quiet")
    before = gcs.keys(bucket)
    assert "already complete" in mill("generate", *MDM, "--to", f"gs://{bucket}/mdm").err
    refused = mill("generate", *MDM, "--seed", 7, "--to", f"gs://{bucket}/mdm", code=2)
    assert "already holds a finished run" in refused.err
    assert gcs.keys(bucket) == before


def test_overwrite_and_append(mill, gcs, bucket):
    to = ("--to", f"gs://{bucket}/mdm")
    first = mill("generate", *MDM, *to, "--json").json()
    second = mill("generate", *MDM, *to, "--write-mode", "append", "--json").json()
    found = mill("verify", f"gs://{bucket}/mdm", "--json").json()
    assert sum(t["rows"] for t in found["tables"]) == first["rows"] + second["rows"]
    third = mill("generate", *MDM, *to, "--seed", 7, "--write-mode", "overwrite", "--json").json()
    runs = live(gcs, bucket, "mdm")
    assert [run["id"] for run in runs] == [third["run_id"]]
    assert left_over(gcs.keys(bucket), "mdm", runs) == []
    assert mill("verify", f"gs://{bucket}/mdm", "--json").json()["fingerprint"] == \
        third["fingerprint"]


def test_nothing_is_visible_before_the_commit(mill, gcs, bucket, proxy):
    """Before the first rewrite there is nothing outside of our own folder."""
    early = []

    def look(request):
        if b'"committing"' in request.body:  # all parts are finished, no rewrite has begun
            early.append([k for k in gcs.keys(bucket) if "/_synthmill/" not in k])

    proxy.fault = look
    mill("generate", *MDM, "--to", f"gs://{bucket}/mdm", "--quiet", "--gcs-endpoint",
         proxy.endpoint)
    assert early == [[]]


def test_large_parts_are_sent_in_pieces_and_come_back_whole(mill, gcs, bucket):
    size = ("mdm", "--unique-customers", 120000, "--total-records", 480000, "--partitions", 1,
            "--tables", "erp", "--format", "csv")
    report = mill("generate", *size, "--to", f"gs://{bucket}/big", "--json").json()
    assert report["bytes"] > 2 * 8 * 2**20
    assert mill("verify", f"gs://{bucket}/big", "--json").json()["fingerprint"] == \
        report["fingerprint"]


def test_a_missing_bucket_is_told_before_any_work(mill):
    refused = mill("generate", *MDM, "--to", "gs://no-such-bucket-here/mdm", code=2)
    assert "there is no bucket 'no-such-bucket-here'" in refused.err
    assert "parts" not in refused.err


def test_missing_credentials_are_told_before_any_work(here):
    refused = Synthmill(here)("generate", *MDM, "--to", "gs://some-bucket/mdm", code=2,
                              env={"NO_GCE_CHECK": "true"})
    assert "no Google Cloud credentials" in refused.err
    assert "GOOGLE_APPLICATION_CREDENTIALS" in refused.err


def test_a_busy_server_is_asked_again(mill, gcs, bucket, proxy, expected):
    refusals = []

    def fault(request):
        if request.method in ("POST", "PUT") and len(refusals) < 6:
            refusals.append(request.path)
            return Status(503)
        return None

    proxy.fault = fault
    report = mill("generate", *MDM, "--to", f"gs://{bucket}/mdm", "--json", "--gcs-endpoint",
                  proxy.endpoint).json()
    assert report["fingerprint"] == expected["fingerprint"] and len(refusals) == 6


def test_answers_that_are_lost_change_nothing(mill, gcs, bucket, proxy, expected):
    """Each kind of write once: it reached the server, its answer did not reach us."""
    lost = set()

    def fault(request):
        kind = (request.method, "rewriteTo" in request.path, "manifest.json" in request.path,
                "lock" in request.path)
        if request.method != "GET" and "uploadType=resumable" not in request.path and \
                kind not in lost:
            lost.add(kind)
            return Reset(passed_on=True)
        return None

    proxy.fault = fault
    report = mill("generate", *MDM, "--to", f"gs://{bucket}/mdm", "--json", "--gcs-endpoint",
                  proxy.endpoint).json()
    assert report["fingerprint"] == expected["fingerprint"] and len(lost) >= 4
    assert mill("verify", f"gs://{bucket}/mdm", "--json").json()["fingerprint"] == \
        expected["fingerprint"]
    assert left_over(gcs.keys(bucket), "mdm", live(gcs, bucket, "mdm")) == []
