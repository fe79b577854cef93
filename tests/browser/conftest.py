"""A Chromium for the tests in this folder, and pages of the app in it. Without one they fail: no skipping."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.screen import Scheme, Screen, Tabs, new_screen, started_browser
from tools.get_chromium import NoChromiumError

HERE = Path(__file__).parent
# Most pages are left before a script has run so often that the optimised code pays for its compilation.
NO_OPTIMISING = "--js-flags=--no-maglev --no-turbofan"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, so that `pytest -m "not browser"` leaves them out while working."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A Chromium for all tests."""
    with sync_playwright() as playwright:
        try:
            started = started_browser(playwright, NO_OPTIMISING)
        except NoChromiumError as error:
            raise pytest.fail.Exception(str(error), pytrace=False) from None
        yield started
        started.close()


@pytest.fixture(scope="session")
def visited_url(app_url: str, browser: Browser) -> str:
    """The address of the app once somebody has been there: the first visitor waits until all is read."""
    screen = new_screen(browser, app_url, 1280, 800, "light")
    screen.go("/")
    screen.page.context.close()
    return app_url


@pytest.fixture(scope="session")
def tabs(visited_url: str, browser: Browser) -> Iterator[Tabs]:
    """The pages that the tests of a session take turns with."""
    tabs = Tabs(browser, visited_url)
    yield tabs
    tabs.close()


@pytest.fixture
def open_page(tabs: Tabs) -> Iterator[Callable[..., Screen]]:
    """Opens a path of the app and waits until it stands still: open_page("/plan", 390, scheme="dark")."""

    opened: list[Screen] = []

    def open_(path: str = "/", width: int = 1280, height: int = 800, scheme: Scheme = "light") -> Screen:
        opened.append(tabs.open(path, width, height, scheme))
        return opened[-1]

    yield open_
    for screen in opened:
        tabs.free(screen)
