"""The first visitors of a server that has just started."""

import pytest

from tests.support.app_server import app_server
from tests.support.screen import Screen, new_screen, settle

VISITORS = 10


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
    """Ten windows that one window opened: each is a visit of its own to the server, and Chromium reads the app's
    scripts once for all of them."""
    with app_server() as url:
        opener = new_screen(browser, url, 1280, 800, "light").page
        opener.goto(url + "/_stcore/health")
        screens, loads = [], []
        for _ in range(VISITORS):
            with opener.expect_popup() as window:
                opener.evaluate("window.open('about:blank')")
            screens.append(Screen(window.value, url))
            window.value.on("domcontentloaded", lambda page: loads.append(page.url))
        for screen in screens:
            screen.page.evaluate("address => { location.href = address; }", url + "/compare?tokens=2e12")
        for screen in screens:
            screen.page.locator("table.plain").first.wait_for(timeout=60_000)
            settle(screen.page)
            assert screen.page.get_by_text("Page not found").count() == 0
            assert screen.page.url.endswith("/compare?tokens=2e12")
            assert screen.complaints == []
        assert len([at for at in loads if at != "about:blank"]) == len(screens)
        opener.context.close()
