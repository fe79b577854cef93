"""What every kind of test may ask for: the app, running as a visitor meets it."""

from collections.abc import Iterator

import hypothesis
import pytest

from tests.support.app_server import AppDidNotStartError, app_server

# How long an example takes to make or to try is no rule of the domain, and depends on what runs beside it.
hypothesis.settings.register_profile(
    "side by side", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("side by side")


# The modules without a browser that take longer than the rest.
LONG = ("test_docs.py", "test_refit.py", "test_nobody_stops_another.py", "test_package.py", "test_torture.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The modules that take longest first, so that at the end no process works alone."""
    items.sort(key=lambda item: (item.path.name not in LONG, "browser" not in item.path.parts))


@pytest.fixture(scope="session")
def app_url() -> Iterator[str]:
    """The address of the app, started once for all tests of a process."""
    try:
        with app_server() as url:
            yield url
    except AppDidNotStartError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
