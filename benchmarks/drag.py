"""How often what a slider moves is seen to change while it is dragged, in a real Chromium.

A mouse takes the thumb of "Training tokens" and moves it to and fro without a pause. Counted are the headlines that
were painted before it is let go, each different from the last, and the drawings of the first chart, or of the one that
is in view. Streamlit's own slider shows none of either.

Exit 1 where a page shows fewer a second than its bound.

Run as ``python -m benchmarks.drag [seconds]``.
"""

import sys
import time

from playwright.sync_api import Page, sync_playwright

from tests.support.app_server import app_server
from tests.support.screen import new_screen, slider, started_browser

SECONDS = 4.0
PAGES = {  # name: path, the chart that is brought into view, and the fewest headlines a second
    "Explore": ("/", "", 6.0),
    "Compare": ("/compare", "", 6.0),
    "Lifetime": ("/lifetime", "", 6.0),
    "Scaling": ("/scaling", "", 0.0),  # its headline is a question
    "Plan": ("/plan", "", 4.0),
    "Plan, at the map": ("/plan", "map", 4.0),
    "Plan, at the front": ("/plan", "front", 4.0),
}
COUNT = """(chart) => {
    window.headlines = 0;
    window.drawings = 0;
    let last = document.querySelector("h1").innerText;
    const look = () => {
        const now = document.querySelector("h1")?.innerText ?? last;
        if (now !== last) headlines += 1;
        last = now;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    document.querySelector(chart + " .js-plotly-plot").on("plotly_afterplot", () => { drawings += 1; });
}"""


def dragged(page: Page, seconds: float, chart: str = "") -> tuple[float, float]:
    """Headlines and drawings a second while the slider is dragged."""
    drawn = f"[class*='st-key-chart-{chart}']"
    if chart:
        page.locator(drawn).scroll_into_view_if_needed()
        page.locator(f"{drawn} .js-plotly-plot").wait_for()
    control = slider(page, "Training tokens, slider")
    box = control.bounding_box()
    assert box is not None
    share = int(control.input_value()) / int(control.get_attribute("max") or 1)
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 6 + share * (box["width"] - 12), middle)
    page.mouse.down()
    page.evaluate(COUNT, drawn)
    start, step = time.monotonic(), 0
    while (taken := time.monotonic() - start) < seconds:
        step += 1
        place = 0.5 + 0.3 * (1 - abs(step % 100 / 50 - 1))
        page.mouse.move(box["x"] + place * box["width"], middle)
        page.wait_for_timeout(8)
    headlines, drawings = page.evaluate("[headlines, drawings]")
    page.mouse.up()
    return headlines / taken, drawings / taken


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    slow = []
    with app_server() as app, sync_playwright() as playwright:
        browser = started_browser(playwright)
        for name, (path, chart, least) in PAGES.items():
            screen = new_screen(browser, app, 1280, 800, "light")
            screen.go(path)
            headlines, drawings = dragged(screen.page, seconds, chart)
            print(
                f"{name:<18} while dragged: {headlines:4.1f} headlines and {drawings:4.1f} drawings a second "
                f"(at least {least:g})"
            )
            slow += [name] if headlines < least else []
            screen.page.context.close()
        browser.close()
    return int(bool(slow))


if __name__ == "__main__":
    sys.exit(main())
