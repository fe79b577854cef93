"""The server ends and starts again while somebody is looking: the page comes back with its scenario."""

from contextlib import closing

from oce import descriptions, estimate, units
from oce.catalog import model
from tests.support.app_server import app_server, free_port
from tests.support.screen import new_screen, press, reading, settle, slider

CONNECTED = "document.querySelector('[data-testid=stApp]')?.dataset.testConnectionState === 'CONNECTED'"
PATIENCE_MS = 60_000


def test_the_page_recovers_with_its_scenario_after_a_restart(browser):
    port = free_port()
    with app_server(port=port) as url:
        screen = new_screen(browser, url, 1280, 800, "light")
        screen.go("/")
        tokens = slider(screen.page, "Training tokens, slider")
        press(tokens, "ArrowLeft", "ArrowLeft")
        before = screen.page.locator("h1").inner_text()
        assert reading(tokens) == "10T"
    with closing(screen.page.context):
        screen.page.wait_for_function(f"() => !({CONNECTED})", timeout=PATIENCE_MS)
        with app_server(port=port):
            screen.page.wait_for_function(f"() => {CONNECTED}", timeout=PATIENCE_MS)
            settle(screen.page)
            assert screen.page.locator("h1").inner_text() == before
            press(tokens, "ArrowLeft")
            assert reading(tokens) == "9T"
            run = model("llama-3-70b").scenario().replace(tokens=9e12)
            assert screen.page.locator("h1").inner_text() == units.typeset(
                descriptions.headline(estimate(run), "this model")
            )
            assert screen.page.locator("[data-testid=stException]").count() == 0
