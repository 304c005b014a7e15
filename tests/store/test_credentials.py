"""Where keys and tokens come from: each place of the standard chains, played by a small server.

The keys that the places hand out are those of the real S3 server, so each test writes to it.
"""
import base64
import datetime
import json
import subprocess
import urllib.parse
import uuid

import pytest
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from helpers.command import Synthmill
from services.gcs import GcsServer
from services.proxy import FaultyProxy, Status
from services.s3 import KEY, SECRET
from store.conftest import MDM


def later(**ahead):
    return (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(**ahead)).strftime(
        "%Y-%m-%dT%H:%M:%SZ")


def keys(**changed):
    """What containers and instances answer."""
    return json.dumps({"Code": "Success", "AccessKeyId": KEY, "SecretAccessKey": SECRET,
                       "Token": "a-session-token", "Expiration": later(hours=6), **changed}).encode()


@pytest.fixture
def place():
    """A server that hands out keys: give it `fault`, see `seen`."""
    server = FaultyProxy()
    yield server
    server.close()


def signature(request, token):
    """By Amazon's own Python library: what the request's signature has to be."""
    headers = request.headers
    signed = headers["authorization"].split("SignedHeaders=")[1].split(",")[0].split(";")
    again = AWSRequest(request.method, f"http://{headers['host']}{request.path}",
                       headers={name: headers[name] for name in signed}, data=request.body)
    again.context["timestamp"] = headers["x-amz-date"]
    auth = S3SigV4Auth(Credentials(KEY, SECRET, token), "s3", "us-east-1")
    return auth.signature(auth.string_to_sign(again, auth.canonical_request(again)), again)


def without_token(request):
    """The server knows no sessions: the token is checked here, and the request signed without."""
    token = request.headers.get("x-amz-security-token")
    if token is None:
        return None
    assert request.headers["authorization"].endswith("Signature=" + signature(request, token))
    headers = {name: value for name, value in request.headers.items()
               if name not in ("x-amz-security-token", "authorization")}
    again = AWSRequest(request.method, f"http://{headers['host']}{request.path}",
                       headers={name: value for name, value in headers.items()
                                if name.startswith(("x-amz-", "content-md5", "if-", "host"))},
                       data=request.body)
    S3SigV4Auth(Credentials(KEY, SECRET), "s3", "us-east-1").add_auth(again)
    return {**headers, **{name.lower(): value for name, value in again.headers.items()}}


@pytest.fixture
def bare(here, proxy):
    """The binary without any key, its S3 server behind the proxy that sees the requests."""
    proxy.headers = without_token
    mill = Synthmill(here)
    mill.variables.update(AWS_ENDPOINT_URL_S3=proxy.endpoint, AWS_EC2_METADATA_DISABLED="true")
    return mill


def write(mill, bucket, proxy):
    """A run; the tokens its requests carried."""
    mill("generate", *MDM, "--to", f"s3://{bucket}/mdm", "--quiet")
    return {request.headers.get("x-amz-security-token") for request in proxy.seen}


# Amazon's chain.

def test_a_session_token_goes_with_each_request(bare, bucket, proxy):
    bare.variables.update(AWS_ACCESS_KEY_ID=KEY, AWS_SECRET_ACCESS_KEY=SECRET,
                          AWS_SESSION_TOKEN="of-the-session")
    assert write(bare, bucket, proxy) == {"of-the-session"}
    assert all("x-amz-security-token" in r.headers["authorization"] for r in proxy.seen)


def test_a_web_identity_token_is_exchanged_for_keys(bare, here, bucket, proxy, place):
    (here / "token").write_text("header.claims+/=.signature\n")
    place.fault = lambda r: Status(200, (
        "<AssumeRoleWithWebIdentityResponse><AssumeRoleWithWebIdentityResult><Credentials>"
        f"<AccessKeyId>{KEY}</AccessKeyId><SecretAccessKey>{SECRET}</SecretAccessKey>"
        f"<SessionToken>from-sts</SessionToken><Expiration>{later(hours=1)}</Expiration>"
        "</Credentials></AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>"
    ).encode())
    role = "arn:aws:iam::123456789012:role/writer"
    bare.variables.update(AWS_WEB_IDENTITY_TOKEN_FILE=str(here / "token"), AWS_ROLE_ARN=role,
                          AWS_ENDPOINT_URL_STS=place.endpoint)
    assert write(bare, bucket, proxy) == {"from-sts"}
    (asked,) = place.seen  # once, as they hold for an hour
    assert urllib.parse.parse_qs(asked.body.decode()) == {
        "Action": ["AssumeRoleWithWebIdentity"], "Version": ["2011-06-15"], "RoleArn": [role],
        "RoleSessionName": ["synthmill"], "WebIdentityToken": ["header.claims+/=.signature"]}
    assert "authorization" not in asked.headers


def test_a_web_identity_that_is_refused_is_told_without_its_token(bare, here, bucket, place):
    (here / "token").write_text("secret-token")
    place.fault = lambda r: Status(403, b"<ErrorResponse><Error><Code>AccessDenied</Code><Message>"
                                        b"Not authorized</Message></Error></ErrorResponse>")
    bare.variables.update(AWS_WEB_IDENTITY_TOKEN_FILE=str(here / "token"), AWS_ROLE_ARN="arn:r",
                          AWS_ENDPOINT_URL_STS=place.endpoint)
    refused = bare("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=2)
    assert "refuses the role arn:r" in refused.err and "AccessDenied" in refused.err
    assert "secret-token" not in refused.err


def instance(request):
    """The instance's metadata service, version 2."""
    if request.method == "PUT" and request.path == "/latest/api/token":
        assert int(request.headers["x-aws-ec2-metadata-token-ttl-seconds"]) > 0
        return Status(200, b"the-token")
    if request.headers.get("x-aws-ec2-metadata-token") != "the-token":
        return Status(401)
    roles = "/latest/meta-data/iam/security-credentials/"
    return {roles: Status(200, b"writer"), roles + "writer": Status(200, keys())}.get(
        request.path, Status(404))


def test_an_instance_has_keys_from_its_metadata_service(bare, bucket, proxy, place):
    place.fault = instance
    bare.variables.update(AWS_EC2_METADATA_SERVICE_ENDPOINT=place.endpoint)
    del bare.variables["AWS_EC2_METADATA_DISABLED"]
    assert write(bare, bucket, proxy) == {"a-session-token"}
    assert len(place.seen) == 3


def test_keys_that_run_out_soon_are_asked_for_again(bare, bucket, proxy, place):
    place.fault = lambda r: Status(200, keys(Expiration=later(minutes=4), Token="short"))
    bare.variables.update(AWS_CONTAINER_CREDENTIALS_FULL_URI=place.endpoint + "/keys")
    assert write(bare, bucket, proxy) == {"short"}
    assert len(place.seen) > 5


def test_an_instance_without_a_role_is_one_of_the_places_looked_at(bare, bucket, place):
    place.fault = lambda r: instance(r) if r.method == "PUT" else Status(404)
    bare.variables.update(AWS_EC2_METADATA_SERVICE_ENDPOINT=place.endpoint)
    del bare.variables["AWS_EC2_METADATA_DISABLED"]
    refused = bare("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=2)
    assert "no S3 credentials; looked for" in refused.err


def test_a_container_has_keys_from_its_endpoint(bare, here, bucket, proxy, place):
    place.fault = lambda r: Status(200, keys()) if (
        r.path == "/role?x=1" and r.headers["authorization"] == "Bearer of-the-task") else Status(403)
    (here / "task").write_text("Bearer of-the-task\n")
    bare.variables.update(AWS_CONTAINER_CREDENTIALS_FULL_URI=place.endpoint + "/role?x=1",
                          AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=str(here / "task"))
    assert write(bare, bucket, proxy) == {"a-session-token"}


def test_a_container_is_not_asked_by_plain_http_on_another_machine(bare, bucket):
    bare.variables.update(AWS_CONTAINER_CREDENTIALS_FULL_URI="http://keys.example/role")
    refused = bare("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=2)
    assert "plain HTTP to another machine" in refused.err


def test_a_profile_of_files_elsewhere_may_hold_a_session(bare, here, bucket, proxy):
    (here / "keys.ini").write_text(
        f"[other]\naws_access_key_id=no\n[tests]\naws_access_key_id = {KEY}\n"
        f"aws_secret_access_key = {SECRET}\naws_session_token = of-the-profile\n")
    bare.variables.update(AWS_SHARED_CREDENTIALS_FILE=str(here / "keys.ini"), AWS_PROFILE="tests")
    assert write(bare, bucket, proxy) == {"of-the-profile"}


@pytest.mark.parametrize("line", ["role_arn = arn:aws:iam::1:role/x", "sso_session = work",
                                  "credential_process = /bin/keys"])
def test_a_profile_that_needs_amazons_tools_is_told_with_their_command(bare, here, bucket, line):
    (here / "config").write_text(f"[profile work]\n{line}\n")
    bare.variables.update(AWS_CONFIG_FILE=str(here / "config"), AWS_PROFILE="work")
    refused = bare("generate", *MDM, "--to", f"s3://{bucket}/mdm", code=2)
    assert "aws configure export-credentials --profile work" in refused.err


def test_s3a_is_another_word_for_s3(mill, s3, bucket):
    mill("generate", *MDM, "--to", f"s3a://{bucket}/mdm", "--quiet")
    done = mill("generate", *MDM, "--to", f"s3://{bucket}/mdm")
    assert "already complete" in done.err
    copied = mill("copy", f"s3a://{bucket}/mdm/raw_crm_customers_scale", "out.csv", "--json").json()
    assert copied["rows"] > 0


# Google's chain.

@pytest.fixture(scope="module")
def gcs(workshop):
    server = GcsServer(workshop)
    yield server
    server.close()


@pytest.fixture
def google(here, gcs):
    """Google's storage by TLS, so that tokens are sent; a bucket there; its certificate."""
    pem = here / "server.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", here / "server.key", "-out", here / "server.crt"],
                   check=True, capture_output=True)
    pem.write_text((here / "server.key").read_text() + (here / "server.crt").read_text())
    server = FaultyProxy(gcs.endpoint, certificate=pem)
    server.bucket = gcs.make_bucket("b" + uuid.uuid4().hex[:12])
    server.mill = Synthmill(here)
    server.mill.variables.update(SSL_CERT_FILE=str(here / "server.crt"), NO_GCE_CHECK="true")
    yield server
    server.close()


def store(google):
    """A run; the authorizations its requests carried."""
    google.mill("generate", *MDM, "--to", f"gs://{google.bucket}/mdm", "--quiet", "--gcs-endpoint",
                google.endpoint)
    return {request.headers.get("authorization") for request in google.seen}


def test_a_service_account_signs_for_its_token(google, here, place):
    subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048",
                    "-out", here / "account.key"], check=True, capture_output=True)
    (here / "account.json").write_text(json.dumps({
        "type": "service_account", "client_email": "writer@tests.example",
        "private_key_id": "key-7", "private_key": (here / "account.key").read_text(),
        "token_uri": place.endpoint + "/token"}))
    place.fault = lambda r: Status(200, b'{"access_token": "ya29.t", "expires_in": 3599}')
    google.mill.variables["GOOGLE_APPLICATION_CREDENTIALS"] = str(here / "account.json")
    assert store(google) == {"Bearer ya29.t"}
    (asked,) = place.seen
    form = urllib.parse.parse_qs(asked.body.decode())
    assert form["grant_type"] == ["urn:ietf:params:oauth:grant-type:jwt-bearer"]
    header, claims, signature = form["assertion"][0].split(".")

    def decoded(part):
        return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))

    assert json.loads(decoded(header)) == {"alg": "RS256", "typ": "JWT", "kid": "key-7"}
    said = json.loads(decoded(claims))
    assert said["iss"] == "writer@tests.example" and said["aud"] == place.endpoint + "/token"
    assert said["exp"] - said["iat"] == 3600 and "devstorage" in said["scope"]
    (here / "signed").write_text(f"{header}.{claims}")
    (here / "signature").write_bytes(decoded(signature))
    subprocess.run(["openssl", "pkey", "-in", here / "account.key", "-pubout", "-out",
                    here / "public.key"], check=True, capture_output=True)
    subprocess.run(["openssl", "dgst", "-sha256", "-verify", here / "public.key", "-signature",
                    here / "signature", here / "signed"], check=True, capture_output=True)


def test_a_user_who_logged_in_has_a_token_by_refreshing(google, place):
    folder = google.mill.home / ".config" / "gcloud"
    folder.mkdir(parents=True)
    (folder / "application_default_credentials.json").write_text(json.dumps({
        "type": "authorized_user", "client_id": "c", "client_secret": "s&s",
        "refresh_token": "1//r", "token_uri": place.endpoint}))
    place.fault = lambda r: Status(200, b'{"access_token": "of-ann", "expires_in": 3599}')
    assert store(google) == {"Bearer of-ann"}
    assert urllib.parse.parse_qs(place.seen[0].body.decode()) == {
        "grant_type": ["refresh_token"], "client_id": ["c"], "client_secret": ["s&s"],
        "refresh_token": ["1//r"]}


def test_a_machine_of_googles_has_a_token_from_its_metadata_service(google, place):
    place.fault = lambda r: Status(200, b'{"access_token": "of-the-vm", "expires_in": 3599}') if (
        r.headers.get("metadata-flavor") == "Google") else Status(403)
    google.mill.variables["GCE_METADATA_HOST"] = place.endpoint[len("http://"):]
    google.mill.variables["NO_GCE_CHECK"] = ""
    assert store(google) == {"Bearer of-the-vm"}
    assert {r.path for r in place.seen} == {
        "/computeMetadata/v1/instance/service-accounts/default/token"}


def test_a_token_that_is_refused_is_told_without_secrets(google, here, place):
    (here / "user.json").write_text(json.dumps({
        "type": "authorized_user", "client_id": "c", "client_secret": "very-secret",
        "refresh_token": "old-token", "token_uri": place.endpoint}))
    place.fault = lambda r: Status(400, b'{"error": "invalid_grant", "error_description": "expired"}')
    google.mill.variables["GOOGLE_APPLICATION_CREDENTIALS"] = str(here / "user.json")
    refused = google.mill("generate", *MDM, "--to", f"gs://{google.bucket}/mdm",
                          "--gcs-endpoint", google.endpoint, code=2)
    assert "invalid_grant expired" in refused.err and "log in again" in refused.err
    assert "very-secret" not in refused.err and "old-token" not in refused.err


@pytest.mark.parametrize("text, words", [
    ("{}", "is of the type ''"), ("no json", "is no JSON"), (None, "cannot read"),
    ('{"type": "external_account"}', "of the type 'external_account'"),
    ('{"type": "service_account", "private_key": "x"}', "no PEM key")])
def test_a_file_that_is_no_credentials_is_told(google, here, text, words):
    if text is not None:
        (here / "key.json").write_text(text)
    google.mill.variables["GOOGLE_APPLICATION_CREDENTIALS"] = str(here / "key.json")
    refused = google.mill("generate", *MDM, "--to", f"gs://{google.bucket}/mdm", "--gcs-endpoint",
                          google.endpoint, code=2)
    assert words in refused.err and google.seen == []
