"""From the press of a key on a slider to the last chart repainted, in a real Chromium: the app against the floor app.

The floor app is one slider and one `st.plotly_chart` under plain `streamlit run` (benchmarks/floor_app.py). All pages
are measured by turns in one run. Exit 1 where Explore (four charts) takes more than 0.75 times as long, or Compare 0.9.

Run as ``python -m benchmarks.slider [moves]``.
"""

import statistics
import sys
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.app_server import app_server
from tests.support.screen import new_screen, press, slider, started_browser

HERE = Path(__file__).parent
MOVES = 40
MOST = {"Explore": 0.75, "Compare": 0.9}  # times the floor's median


def main() -> int:
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else MOVES
    with app_server() as app, app_server(HERE / "floor_app.py") as floor, sync_playwright() as playwright:
        browser = started_browser(playwright)
        pages: dict[str, tuple[Page, str]] = {}
        for name, url, path, label, height in (  # of the window: such that four charts are in it
            ("floor", floor, "/", "Steepness", 1600),
            ("Explore", app, "/", "Training tokens, slider", 1600),
            ("Compare", app, "/compare", "Training tokens, slider", 2900),
        ):
            screen = new_screen(browser, url, 1280, height, "light")
            screen.page.context.add_init_script(path=HERE / "painted.js")
            screen.go(path)
            pages[name] = screen.page, label
        times: dict[str, list[float]] = {name: [] for name in pages}
        for move in range(-2, moves):  # the first two warm up
            key = "ArrowRight" if move // 10 % 2 else "ArrowLeft"
            for name, (page, label) in pages.items():
                page.bring_to_front()
                press(slider(page, label), key)
                seen = page.evaluate("window.__painted")
                assert seen["at"], f"{name}: no chart in the window was painted"
                if move >= 0:
                    times[name].append(seen["at"] - seen["pressed"])
        browser.close()
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(
            f"{name:<8} key to last chart painted: median {medians[name]:5.0f} ms, p95 {_p95(found):5.0f} ms, "
            f"least {min(found):5.0f} ms; {medians[name] / medians['floor']:.2f} times the floor ({len(found)} moves)"
        )
    return 0 if all(medians[name] <= most * medians["floor"] for name, most in MOST.items()) else 1


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(0.95 * len(times))]


if __name__ == "__main__":
    sys.exit(main())
