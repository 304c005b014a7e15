"""s3:// against a real S3 server: write, read back by other clients, write modes, verify."""
import json

import pyarrow.dataset as dataset
import pytest

from store.conftest import MDM, left_over, live

TABLES = ("raw_crm_customers_scale", "raw_erp_customers_scale", "raw_ecommerce_customers_scale")


def test_a_run_has_the_fingerprint_and_files_it_has_in_a_folder(mill, s3, bucket, expected):
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"]
    assert report["rows"] == expected["rows"]
    runs = live(s3, bucket, "mdm")
    assert [run["id"] for run in runs] == [report["run_id"]]
    keys = s3.keys(bucket)
    assert f"mdm/{TABLES[0]}/part-00000.parquet" in keys
    assert left_over(keys, "mdm", runs) == []
    assert s3.open_uploads(bucket) == []


def test_another_client_reads_the_rows_that_were_written(mill, s3, bucket, expected):
    mill("generate", *MDM, "--to", f"s3a://{bucket}/deep/er/mdm", "--quiet")
    for table in expected["tables"]:
        rows = dataset.dataset(f"{bucket}/deep/er/mdm/{table['table']}", format="parquet",
                               filesystem=s3.filesystem()).to_table()
        assert rows.num_rows == table["rows"]


def test_verify_reads_the_bucket_back(mill, s3, bucket, expected):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    assert mill("verify", f"s3://{bucket}/mdm", "--json").json()["fingerprint"] == \
        expected["fingerprint"]


@pytest.mark.parametrize("form", ["csv", "jsonl", "arrow"])
def test_every_format_is_verified_in_a_bucket(mill, bucket, form):
    report = mill("generate", *MDM, "--format", form, "--to", f"s3://{bucket}/x", "--json").json()
    assert mill("verify", f"s3://{bucket}/x", "--json").json()["fingerprint"] == \
        report["fingerprint"]


def test_a_damaged_object_is_found_by_verify(mill, s3, bucket):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    client = s3.client()
    key = f"mdm/{TABLES[1]}/part-00001.parquet"
    body = bytearray(client.get_object(Bucket=bucket, Key=key)["Body"].read())
    body[len(body) // 2] ^= 1
    client.put_object(Bucket=bucket, Key=key, Body=bytes(body))
    client.delete_object(Bucket=bucket, Key=f"mdm/{TABLES[0]}/part-00002.parquet")
    bad = mill("verify", f"s3://{bucket}/mdm", "--json", code=1).json()["bad_parts"]
    assert {(b["table"], b["part"]) for b in bad} == {(TABLES[0], 2), (TABLES[1], 1)}


def test_the_same_run_again_is_already_complete(mill, s3, bucket):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    before = s3.keys(bucket)
    assert "already complete" in mill("generate", *MDM, "--to", f"s3://{bucket}/mdm").err
    assert "already complete" in mill("generate", *MDM, "--to", f"s3://{bucket}/mdm",
                                      "--resume").err
    assert s3.keys(bucket) == before


def test_another_run_is_refused_and_changes_nothing(mill, s3, bucket):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    before = s3.keys(bucket)
    refused = mill("generate", *MDM, "--seed", 7, "--to", f"s3://{bucket}/mdm", code=2)
    assert "already holds a finished run" in refused.err
    assert s3.keys(bucket) == before


def test_overwrite_replaces_the_objects_of_its_tables_alone(mill, s3, bucket):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    s3.client().put_object(Bucket=bucket, Key="mdm/others/notes.txt", Body=b"kept")
    report = mill("generate", *MDM, "--seed", 7, "--write-mode", "overwrite", "--to",
                  f"s3://{bucket}/mdm", "--json").json()
    runs = live(s3, bucket, "mdm")
    assert [run["id"] for run in runs] == [report["run_id"]]
    assert left_over(s3.keys(bucket), "mdm", runs) == ["mdm/others/notes.txt"]
    assert mill("verify", f"s3://{bucket}/mdm", "--json").json()["fingerprint"] == \
        report["fingerprint"]


def test_overwrite_never_replaces_an_object_that_a_reader_of_the_old_manifest_needs(
        mill, s3, bucket, proxy):
    """At every write of the commit, what the manifest names is there, whole."""
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    old = {key: s3.client().head_object(Bucket=bucket, Key=key)["ETag"]
           for key in s3.keys(bucket) if "/part-" in key}
    broken = []

    def look(request):
        is_manifest = request.path.split("?")[0].endswith("/_synthmill/manifest.json")
        if request.method == "PUT" and is_manifest:
            now = {key: s3.client().head_object(Bucket=bucket, Key=key)["ETag"] for key in old}
            broken.append(now != old)

    proxy.fault = look
    mill("generate", *MDM, "--seed", 7, "--write-mode", "overwrite", "--to", f"s3://{bucket}/mdm",
         "--quiet", "--s3-endpoint", proxy.endpoint)
    assert broken == [False]
    assert not set(old) & set(s3.keys(bucket))


def test_append_adds_objects_and_rows(mill, s3, bucket):
    one = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--json").json()
    before = set(s3.keys(bucket))
    two = mill("generate", *MDM, "--write-mode", "append", "--to", f"s3://{bucket}/mdm",
               "--json").json()
    runs = live(s3, bucket, "mdm")
    assert [run["id"] for run in runs] == [one["run_id"], two["run_id"]]
    assert before <= set(s3.keys(bucket))
    found = mill("verify", f"s3://{bucket}/mdm", "--json").json()
    assert sum(t["rows"] for t in found["tables"]) == one["rows"] + two["rows"]


def test_nothing_is_visible_before_the_commit(mill, s3, bucket, proxy):
    """No part's object is there when the last part's bytes arrive."""
    early = []

    def look(request):
        if request.method == "PUT" and "partNumber=" in request.path:
            early.extend(key for key in s3.keys(bucket) if "/part-" in key and "receipts" not in key)

    proxy.fault = look
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet", "--s3-endpoint", proxy.endpoint)
    assert early == []
    assert any("/part-" in key for key in s3.keys(bucket))


def test_large_parts_are_sent_in_pieces_and_come_back_whole(mill, s3, bucket, proxy):
    """One file of about 30 MB: several pieces of one upload."""
    size = ("mdm", "--unique-customers", 60000, "--total-records", 240000, "--partitions", 1,
            "--tables", "erp", "--format", "csv")
    report = mill("generate", *size, "--to", f"s3://{bucket}/big", "--json", "--s3-endpoint",
                  proxy.endpoint).json()
    numbers = {r.path.split("partNumber=")[1].split("&")[0] for r in proxy.seen
               if "partNumber=" in r.path and "part-00000.csv" in r.path}
    assert len(numbers) > 1
    assert mill("verify", f"s3://{bucket}/big", "--json").json()["fingerprint"] == \
        report["fingerprint"]


def test_a_second_writer_is_refused_while_the_first_works(mill, s3, bucket, proxy):
    outcomes = []

    def second(request):
        if "partNumber=" in request.path and not outcomes:
            outcomes.append(None)
            outcomes[0] = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=2)

    proxy.fault = second
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet", "--s3-endpoint", proxy.endpoint)
    assert "is being written by another run" in outcomes[0].err


def test_a_lock_whose_owner_is_elsewhere_holds_until_it_ends(mill, s3, bucket):
    """Not renewed for its time to live, it is taken over."""
    text = {"version": 1, "owner": "someone on host x", "id": "1", "machine": "another", "pid": 1,
            "start": 1}
    put = s3.client().put_object
    put(Bucket=bucket, Key="mdm/_synthmill/lock", Body=json.dumps(text | {"seconds": 3600}).encode())
    refused = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=2)
    assert "someone on host x" in refused.err and "its lock ends in" in refused.err
    put(Bucket=bucket, Key="mdm/_synthmill/lock", Body=json.dumps(text | {"seconds": -10}).encode())
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    assert "mdm/_synthmill/lock" not in s3.keys(bucket)


def test_a_plan_needs_no_server(mill, bucket):
    plan = mill("plan", *MDM, "--to", f"s3://{bucket}/mdm", "--json",
                env={"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:9"}).json()
    assert plan["destination"]["kind"] == "s3"
    assert "left open until the commit" in plan["destination"]["guarantee"]


def test_encryption_is_asked_for_with_every_object(mill, s3, bucket, proxy):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet", "--s3-endpoint",
         proxy.endpoint, "--s3-sse", "aws:kms", "--s3-kms-key", "key-1")
    made = [r for r in proxy.seen if r.path.endswith("?uploads=") or r.method == "PUT" and
            "partNumber=" not in r.path]
    assert len(made) > 12
    for request in made:
        assert request.headers["x-amz-server-side-encryption"] == "aws:kms"
        assert request.headers["x-amz-server-side-encryption-aws-kms-key-id"] == "key-1"


def test_names_with_odd_characters_come_back(mill, s3, bucket):
    prefix = "a b/ünï+code=&%20;~'"
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/{prefix}", "--json").json()
    assert mill("verify", f"s3://{bucket}/{prefix}", "--json").json()["fingerprint"] == \
        report["fingerprint"]
    assert all(key.startswith(prefix + "/") for key in s3.keys(bucket))


def test_doctor_tells_where_credentials_are_from_and_whether_the_bucket_answers(mill, s3, bucket):
    def findings(code, **variables):
        doc = mill("doctor", "--to", f"s3://{bucket}/mdm", "--json", code=code, env=variables).json()
        return {f["check"]: f["found"] for f in doc["findings"]}

    found = findings(0)
    assert found["credentials"] == "from the environment (AWS_ACCESS_KEY_ID)"
    assert "no run is finished there yet" in found["target"]
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    assert "it holds a finished run" in findings(0)["target"]
    assert "the secret key" in findings(1, AWS_SECRET_ACCESS_KEY="wrong")["target"]
    assert "AWS_SECRET_ACCESS_KEY is not" in findings(1, AWS_SECRET_ACCESS_KEY="")["credentials"]
