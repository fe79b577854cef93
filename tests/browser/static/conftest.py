"""The static site in Chromium, from a plain host of files; what the tests of the server ask for, of the site.

Only test_first_page.py is part of `make test`; the others are marked, and are what `make test-static` runs.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.app_server import ROOT
from tests.support.file_server import Line, file_server
from tests.support.screen import Scheme, Screen, Tabs

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks all but the first page: each load of the site starts Python anew, which takes seconds."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.path.name != "test_first_page.py":
            item.add_marker("static_site")


class SiteTabs(Tabs):
    """Pages of the site: a host of files knows /plan as /plan.html."""

    def open(self, path: str, width: int, height: int, scheme: Scheme) -> Screen:
        """Opens a path of the app."""
        return super().open(file_of(path), width, height, scheme)


def file_of(path: str) -> str:
    """The path of the file that a path of the app is in the site."""
    page, _, query = path.partition("?")
    ended = page if page.endswith(("/", ".html")) else f"{page}.html"
    return f"{ended}?{query}" if query else ended


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of the site, built where these sources have no build yet."""
    done = subprocess.run([sys.executable, "-m", "static"], cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise pytest.fail.Exception(done.stderr, pytrace=False)
    return ROOT / "dist"


@pytest.fixture(scope="session")
def line() -> Line:
    """What goes from the host to the browser."""
    return Line()


@pytest.fixture(scope="session")
def site_url(site: Path, line: Line) -> Iterator[str]:
    """The address of the site."""
    with file_server(site, line) as url:
        yield url


@pytest.fixture(scope="session")
def app_url(site_url: str) -> str:
    """The app's address in the tests of the server that are run against the site."""
    return site_url


@pytest.fixture(scope="session")
def tabs(site_url: str, browser: Browser) -> Iterator[Tabs]:
    """The pages that the tests of a session take turns with."""
    tabs = SiteTabs(browser, site_url)
    yield tabs
    tabs.close()
