"""A Chromium for the tests in this folder, and pages of the app in it. Without one they fail: no skipping."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.screen import Scheme, Screen, new_screen, started_browser
from tools.get_chromium import NoChromiumError

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks every test of this folder, so that `pytest -m "not browser"` leaves them out while working."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests; each page gets a context, and so a session, of its own."""
    with sync_playwright() as playwright:
        try:
            started = started_browser(playwright)
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


@pytest.fixture
def open_page(visited_url: str, browser: Browser) -> Iterator[Callable[..., Screen]]:
    """Opens a path of the app and waits until it stands still: open_page("/plan", 390, scheme="dark")."""
    opened: list[Screen] = []

    def open_(path: str = "/", width: int = 1280, height: int = 800, scheme: Scheme = "light") -> Screen:
        screen = new_screen(browser, visited_url, width, height, scheme)
        opened.append(screen)
        screen.go(path)
        return screen

    yield open_
    for screen in opened:
        screen.page.context.close()
