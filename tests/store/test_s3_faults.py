"""s3:// when things go wrong: kills, a server that is away, slow or refusing, wrong keys."""
import signal
import time

import pytest

from helpers.command import Synthmill
from services.proxy import Delay, Reset, Status, Truncate
from store.conftest import MDM, left_over, live

SLOW_DOWN = Status(503, b"<Error><Code>SlowDown</Code><Message>Reduce your request rate."
                        b"</Message></Error>")


def is_clean(s3, bucket, prefix="mdm"):
    """Nothing but live runs: no other objects, no open uploads."""
    return left_over(s3.keys(bucket), prefix, live(s3, bucket, prefix)) == [] and \
        s3.open_uploads(bucket) == []


def is_untouched(s3, bucket, prefix="mdm"):
    """A reader sees nothing: no part, no manifest."""
    return [k for k in s3.keys(bucket) if not k.startswith(f"{prefix}/_synthmill/runs/")
            and not k.startswith(f"{prefix}/_synthmill/staging/")
            and k != f"{prefix}/_synthmill/lock"] == []


def kill_when(mill, s3, bucket, proxy, fits, *flags):
    """Starts a run and kills it (-9) when a request comes that fits; the request is passed on."""
    process = mill.start("generate", *MDM, *flags, "--threads", 1, "--quiet", "--to",
                         f"s3://{bucket}/mdm", "--s3-endpoint", proxy.endpoint)
    killed = []

    def fault(request):
        if not killed and fits(request):
            killed.append(request)
            process.kill()
        return None

    proxy.fault = fault
    process.communicate(timeout=120)
    assert killed, "the run ended before the moment came"
    assert process.returncode == -signal.SIGKILL
    proxy.fault = lambda request: None


MOMENTS = {
    "the lock": lambda r: r.method == "PUT" and r.path.endswith("/lock"),
    "the first document": lambda r: "/runs/" in r.path and r.method == "PUT",
    "an upload's beginning": lambda r: r.path.endswith("?uploads=") and "part-00001" in r.path,
    "a part's bytes": lambda r: "partNumber=" in r.path and "part-00002" in r.path,
    "a receipt": lambda r: "/receipts/" in r.path and r.method == "PUT" and "00001" in r.path,
    "the commit's beginning": lambda r: b'"committing"' in r.body,
    "a completion": lambda r: r.method == "POST" and r.body.startswith(b"<CompleteMultipart"),
    "the manifest": lambda r: r.method == "PUT" and r.path.endswith("_synthmill/manifest.json"),
    "the last tidying up": lambda r: r.method == "POST" and r.path.endswith("?delete="),
    "the lock's removal": lambda r: r.method == "DELETE" and r.path.endswith("/lock"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_any_moment_resume_gives_the_same_and_leaves_nothing(
        mill, s3, bucket, proxy, expected, moment):
    kill_when(mill, s3, bucket, proxy, MOMENTS[moment])
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"]
    assert mill("verify", f"s3://{bucket}/mdm", "--json").json()["fingerprint"] == \
        expected["fingerprint"]
    assert is_clean(s3, bucket)


@pytest.mark.parametrize("moment", ["a part's bytes", "a completion", "the manifest",
                                    "the last tidying up"])
def test_an_overwrite_killed_at_any_moment_is_finished_by_resume(
        mill, s3, bucket, proxy, moment):
    mill("generate", *MDM, "--seed", 7, "--to", f"s3://{bucket}/mdm", "--quiet")
    kill_when(mill, s3, bucket, proxy, MOMENTS[moment], "--write-mode", "overwrite")
    report = mill("generate", *MDM, "--write-mode", "overwrite", "--resume", "--to",
                  f"s3://{bucket}/mdm", "--json").json()
    assert mill("verify", f"s3://{bucket}/mdm", "--json").json()["fingerprint"] == \
        report["fingerprint"]
    assert is_clean(s3, bucket)


def test_resume_takes_the_finished_parts_over(mill, s3, bucket, proxy, expected):
    kill_when(mill, s3, bucket, proxy, MOMENTS["a receipt"])
    assert is_untouched(s3, bucket)
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--resume", "--json").json()
    assert report["rows_resumed"] > 0 and report["fingerprint"] == expected["fingerprint"]


def test_an_upload_that_the_bucket_dropped_is_made_again(mill, s3, bucket, proxy, expected):
    kill_when(mill, s3, bucket, proxy, MOMENTS["the commit's beginning"])
    mill("generate", *MDM, "--to", f"s3://{bucket}/other", "--quiet")  # others are left alone
    kill_when(mill, s3, bucket := s3.make_bucket(bucket + "x"), proxy, MOMENTS["a receipt"])
    client = s3.client()
    for upload in client.list_multipart_uploads(Bucket=bucket)["Uploads"]:
        client.abort_multipart_upload(Bucket=bucket, Key=upload["Key"],
                                      UploadId=upload["UploadId"])
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"] and is_clean(s3, bucket)


def test_throwing_an_unfinished_run_away_aborts_its_uploads(mill, s3, bucket, proxy):
    kill_when(mill, s3, bucket, proxy, MOMENTS["a receipt"])
    assert s3.open_uploads(bucket)
    foreign = s3.client().create_multipart_upload(
        Bucket=bucket, Key="mdm/raw_crm_customers_scale/part-00000-abc.c000.snappy.parquet")
    mill("generate", *MDM, "--seed", 7, "--write-mode", "overwrite", "--to", f"s3://{bucket}/mdm",
         "--quiet")
    assert s3.open_uploads(bucket) == [foreign["Key"]]


def test_interrupted_by_ctrl_c_the_run_can_be_resumed(mill, s3, bucket, proxy, expected):
    process = mill.start("generate", *MDM, "--threads", 1, "--to", f"s3://{bucket}/mdm",
                         "--s3-endpoint", proxy.endpoint)
    proxy.fault = lambda r: process.send_signal(signal.SIGINT) if MOMENTS["a receipt"](r) else None
    process.communicate(timeout=120)
    assert process.returncode == 130
    assert "mdm/_synthmill/lock" not in s3.keys(bucket)
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"] and is_clean(s3, bucket)


def test_a_server_that_goes_away_mid_write_for_good_is_told(mill, s3, bucket, proxy, expected):
    process = mill.start("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--s3-endpoint",
                         proxy.endpoint, "--retry-seconds", 2)
    away = []

    def fault(request):
        if away or MOMENTS["a receipt"](request):
            away.append(request)
            return Reset()
        return None

    proxy.fault = fault
    _, err = process.communicate(timeout=120)
    assert process.returncode == 2
    assert f"{proxy.endpoint} does not answer" in err.decode() and "tried" in err.decode()
    assert is_untouched(s3, bucket)
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--resume", "--json").json()
    assert report["fingerprint"] == expected["fingerprint"] and is_clean(s3, bucket)


def test_a_server_that_is_stopped_and_comes_back_costs_only_time(mill, s3, bucket, proxy, expected):
    stopped = []

    def fault(request):
        if not stopped and MOMENTS["a part's bytes"](request):
            stopped.append(request)
            with s3.server.stopped():
                time.sleep(1)
        return None

    proxy.fault = fault
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--json", "--s3-endpoint",
                  proxy.endpoint).json()
    assert stopped and report["fingerprint"] == expected["fingerprint"] and is_clean(s3, bucket)


def test_a_server_that_refuses_for_a_while_is_asked_again(mill, s3, bucket, proxy, expected):
    refused = []

    def fault(request):
        if request.method != "GET" and len(refused) < 12 and request.number % 2:
            refused.append(request)
            return SLOW_DOWN
        return None

    proxy.fault = fault
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--json", "--s3-endpoint",
                  proxy.endpoint).json()
    assert len(refused) == 12
    assert report["fingerprint"] == expected["fingerprint"] and is_clean(s3, bucket)


def test_a_server_that_refuses_for_good_is_told_before_work(mill, s3, bucket, proxy):
    proxy.fault = lambda request: SLOW_DOWN
    refused = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--s3-endpoint", proxy.endpoint,
                   "--retry-seconds", 1, code=2)
    assert "keeps refusing because of load" in refused.err and "SlowDown" in refused.err
    assert s3.keys(bucket) == []


def test_retry_after_is_kept_to(mill, s3, bucket, proxy):
    times = []

    def fault(request):
        if request.path.endswith("/lock") and len(times) < 2:
            times.append(time.monotonic())
            return Status(503, b"", {"Retry-After": "1"}) if len(times) == 1 else None
        return None

    proxy.fault = fault
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet", "--s3-endpoint", proxy.endpoint)
    assert times[1] - times[0] >= 1


def test_answers_that_are_lost_change_nothing(mill, s3, bucket, proxy, expected):
    """Each kind of write once: it reached the server, its answer did not reach us."""
    lost = set()

    def fault(request):
        kind = next((name for name, fits in MOMENTS.items() if fits(request)), None)
        if kind and kind not in lost:
            lost.add(kind)
            return Reset(passed_on=True)
        return None

    proxy.fault = fault
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--json", "--s3-endpoint",
                  proxy.endpoint).json()
    assert {"the lock", "a completion", "the manifest"} <= lost
    assert report["fingerprint"] == expected["fingerprint"]
    assert mill("verify", f"s3://{bucket}/mdm", "--json").json()["fingerprint"] == \
        expected["fingerprint"]
    assert is_clean(s3, bucket)


def test_answers_that_break_off_are_asked_for_again(mill, s3, bucket, proxy, expected):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    broken = []

    def fault(request):
        if "part-" in request.path and request.method == "GET" and len(broken) < 5:
            broken.append(request)
            return Truncate(1000)
        return None

    proxy.fault = fault
    found = mill("verify", f"s3://{bucket}/mdm", "--json", "--s3-endpoint", proxy.endpoint).json()
    assert len(broken) == 5 and found["fingerprint"] == expected["fingerprint"]


def test_a_slow_server_is_waited_for(mill, s3, bucket, proxy, expected):
    proxy.fault = lambda request: Delay(0.5) if "partNumber=" in request.path else None
    report = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--json", "--s3-endpoint",
                  proxy.endpoint).json()
    assert report["fingerprint"] == expected["fingerprint"]


def refused(here, s3, bucket, code=2, **variables):
    """Of a run with other variables, or (None) without them; nothing may be written."""
    mill = Synthmill(here)
    mill.variables.update({k: v for k, v in (s3.environment | variables).items() if v is not None})
    result = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=code)
    assert "plan" not in result.err.split("error:")[0]  # told before work starts
    return result.err


def test_a_wrong_secret_key_is_told_and_never_shown(here, s3, bucket):
    err = refused(here, s3, bucket, AWS_SECRET_ACCESS_KEY="wrong-secret")
    assert "the secret key does not belong to the access key" in err
    assert "the environment (AWS_ACCESS_KEY_ID)" in err and "wrong-secret" not in err
    assert s3.keys(bucket) == []


def test_an_unknown_access_key_is_told(here, s3, bucket):
    assert "does not know the access key" in refused(here, s3, bucket, AWS_ACCESS_KEY_ID="nobody")


def test_missing_credentials_are_told_with_the_places_looked_at(here, s3, bucket):
    err = refused(here, s3, bucket, AWS_ACCESS_KEY_ID=None, AWS_SECRET_ACCESS_KEY=None)
    assert "no S3 credentials" in err
    for place in ("AWS_ACCESS_KEY_ID", "ACCESS_KEY", "~/.aws/credentials",
                  "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_EC2_METADATA_DISABLED"):
        assert place in err


def test_half_of_a_key_pair_is_told(here, s3, bucket):
    err = refused(here, s3, bucket, AWS_SECRET_ACCESS_KEY=None)
    assert "AWS_ACCESS_KEY_ID is set, AWS_SECRET_ACCESS_KEY is not" in err


def test_a_missing_bucket_is_told(here, s3):
    err = refused(here, s3, "no-such-bucket")
    assert "there is no bucket 'no-such-bucket'" in err and s3.endpoint in err


def test_a_bucket_elsewhere_is_told_with_its_region(mill, s3, bucket, proxy):
    proxy.fault = lambda r: Status(301, b"<Error><Code>PermanentRedirect</Code></Error>",
                                   {"x-amz-bucket-region": "eu-west-1"})
    err = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--s3-endpoint", proxy.endpoint,
               "--s3-region", "us-east-1", code=2).err
    assert "is in the region eu-west-1, not in us-east-1" in err
    assert "use --s3-region eu-west-1" in err


def test_no_permission_is_told_with_what_is_needed(mill, s3, bucket, proxy):
    proxy.fault = lambda r: Status(403, b"<Error><Code>AccessDenied</Code><Message>Access Denied"
                                        b"</Message></Error>") if r.method == "PUT" else None
    err = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--s3-endpoint", proxy.endpoint,
               code=2).err
    assert "no permission" in err and "s3:PutObject" in err and "AccessDenied" in err


def test_credentials_come_from_the_older_variables_and_from_a_profile(here, s3, bucket):
    mill = Synthmill(here)
    mill.variables.update(ACCESS_KEY=s3.environment["AWS_ACCESS_KEY_ID"],
                          SECRET_KEY=s3.environment["AWS_SECRET_ACCESS_KEY"],
                          AWS_ENDPOINT_URL_S3=s3.endpoint)
    mill("generate", *MDM, "--to", f"s3://{bucket}/older", "--quiet")
    mill.variables.clear()
    folder = mill.home / ".aws"
    folder.mkdir()
    (folder / "credentials").write_text(
        f"[default]\naws_access_key_id = no\naws_secret_access_key = no\n\n[tests]\n"
        f"aws_access_key_id = {s3.environment['AWS_ACCESS_KEY_ID']}\n"
        f"aws_secret_access_key={s3.environment['AWS_SECRET_ACCESS_KEY']}\n")
    (folder / "config").write_text(
        f"[profile tests]\nregion = us-east-1\nendpoint_url = {s3.endpoint}\n")
    mill("generate", *MDM, "--to", f"s3://{bucket}/profile", "--quiet",
         env={"AWS_PROFILE": "tests"})
    missing = mill("generate", *MDM, "--to", f"s3://{bucket}/x", code=2,
                   env={"AWS_PROFILE": "nobody", "AWS_EC2_METADATA_DISABLED": "true"})
    assert "AWS_PROFILE is 'nobody'" in missing.err


def test_no_secret_is_in_any_document(mill, s3, bucket):
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    for key in s3.keys(bucket):
        if "/_synthmill/" in key:
            assert s3.environment["AWS_SECRET_ACCESS_KEY"] not in s3.text(bucket, key)
