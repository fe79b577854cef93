"""Every page opens clean, wide and narrow, in light and dark."""

import pytest

from tests.support.app_server import app_server
from tests.support.screen import PAGES, new_screen, scrolls_sideways, settle


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_page_opens_without_a_complaint_and_fits_the_window(open_page, path, width, scheme):
    screen = open_page(path, width=width, scheme=scheme)
    assert screen.page.locator("h1").count() == 1
    assert not scrolls_sideways(screen.page)
    assert screen.complaints == []


def test_the_first_visitor_of_a_fresh_server_may_come_by_a_link_to_any_page(browser):
    """Streamlit's old multipage mode would say "Page not found" here: see pages/session/fresh_server.py."""
    with app_server() as url:
        screen = new_screen(browser, url, 1280, 800, "light")
        screen.page.goto(url + "/data?tokens=2e12")
        screen.page.get_by_role("heading", name="Every number here has a source").wait_for(timeout=60_000)
        settle(screen.page)
        assert screen.page.get_by_text("Page not found").count() == 0
        assert screen.page.url.endswith("/data?tokens=2e12")
        screen.page.context.close()
