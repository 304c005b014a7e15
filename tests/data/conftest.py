"""The data that the tests here look at: made once a session, only when a test asks for it."""
import pytest

from made import CUSTOMERS, Made


@pytest.fixture(scope="session")
def classic(session_synthmill, workshop):
    return Made(session_synthmill, workshop / "classic", CUSTOMERS)


@pytest.fixture(scope="session")
def hard(session_synthmill, workshop):
    """100,000 customers, as the issue's claims about joins have it."""
    return Made(session_synthmill, workshop / "hard", 100_000, "--noise", "hard")


@pytest.fixture(scope="session")
def clean(session_synthmill, workshop):
    return Made(session_synthmill, workshop / "clean", 50_000, "--noise", "none")
