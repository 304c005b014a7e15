"""Fixtures of all tests. The binary is $SYNTHMILL_BIN, else build/synthmill."""
import pathlib
import shutil
import tempfile

import pytest

from helpers.command import Synthmill


def pytest_collection_modifyitems(items):
    for item in items:  # a hang is a failure, not a night
        if not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture
def here():
    """An empty folder of the test's own, removed after it."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="synthmill-test-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def synthmill(here):
    return Synthmill(here)


@pytest.fixture(scope="session")
def workshop():
    """A folder for what a whole session shares, removed at its end."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="synthmill-session-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def session_synthmill(workshop):
    return Synthmill(workshop)
