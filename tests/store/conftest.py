"""Servers and targets of the tests with buckets."""
import json
import uuid

import pytest

from helpers.command import Synthmill
from services.proxy import FaultyProxy
from services.s3 import S3Server


@pytest.fixture(scope="session")
def s3(workshop):
    server = S3Server(workshop)
    yield server
    server.close()


@pytest.fixture
def bucket(s3):
    return s3.make_bucket("b" + uuid.uuid4().hex[:12])


@pytest.fixture
def mill(here, s3):
    """The binary with the server's address and keys in its environment."""
    mill = Synthmill(here)
    mill.variables.update(s3.environment)
    return mill


@pytest.fixture
def proxy(s3):
    proxy = FaultyProxy(s3.endpoint)
    yield proxy
    proxy.close()


MDM = ("mdm", "--unique-customers", 3000, "--total-records", 12000, "--partitions", 4)


@pytest.fixture(scope="session")
def expected(workshop):
    """What the same command gives in a folder: generate()'s report."""
    mill = Synthmill(workshop)
    return mill("generate", *MDM, "--to", "expected", "--json", "--quiet").json()


def live(server, bucket, prefix):
    """The runs that the manifest names."""
    return json.loads(server.text(bucket, f"{prefix}/_synthmill/manifest.json"))["runs"]


def left_over(keys, prefix, runs):
    """Objects that are neither a table's part nor a document of a live run."""
    kept = {f"{prefix}/_synthmill/manifest.json"}
    kept |= {f"{prefix}/_synthmill/runs/{run['id']}/manifest.json" for run in runs}
    tables = {table for run in runs for table in run["tables"]}
    return [key for key in keys
            if key not in kept and key[len(prefix) + 1:].split("/")[0] not in tables]
