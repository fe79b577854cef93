"""What every kind of test may ask for: the app, running as a visitor meets it."""

from collections.abc import Iterator

import pytest

from tests.support.app_server import AppDidNotStartError, app_server


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The address of the app, started once for all tests."""
    try:
        with app_server() as url:
            yield url
    except AppDidNotStartError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
