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


@pytest.mark.parametrize("plain", [False, True], ids=["serve", "streamlit run"])
def test_the_first_visitor_of_a_fresh_server_may_come_by_a_link_to_any_page(browser, plain):
    """Streamlit's old multipage mode would say "Page not found" here: see pages/server/old_multipage.py."""
    with app_server(plain=plain) as url:
        screen = new_screen(browser, url, 1280, 800, "light")
        screen.page.goto(url + "/data?tokens=2e12")
        screen.page.get_by_role("heading", name="Every number here has a source").wait_for(timeout=60_000)
        settle(screen.page)
        assert screen.page.get_by_text("Page not found").count() == 0
        assert screen.page.url.endswith("/data?tokens=2e12")
        screen.page.context.close()


def test_ten_visitors_of_a_fresh_server_come_by_a_link_at_once_and_none_loads_twice(browser):
    with app_server() as url:
        screens = [new_screen(browser, url, 1280, 800, "light") for _ in range(10)]
        loads = []
        for screen in screens:
            screen.page.on("domcontentloaded", lambda page: loads.append(page.url))
            screen.page.goto(url + "/compare?tokens=2e12", wait_until="commit")
        for screen in screens:
            screen.page.locator("table.plain").first.wait_for(timeout=60_000)
            settle(screen.page)
            assert screen.page.get_by_text("Page not found").count() == 0
            assert screen.page.url.endswith("/compare?tokens=2e12")
            assert screen.complaints == []
        assert len(loads) == len(screens)
        for screen in screens:
            screen.page.context.close()
