"""The static site against the server: bytes, first words, first live answer, a move of the slider, memory.

Both by turns in one run, each turn with a fresh browser context: once as fast as this machine is, once over a line of
10 Mbit/s (benchmarks/first_load.py's relay, which counts the bytes that are really sent). The site comes from a plain
host of files that packs nothing; the second visit is another load in the same browser. The server is warm: somebody
has been there before.

Exit 1 where the site's first load is over 15 MB, its second visit over 0.2 MB, or a move of its slider takes over 1.5
times the server's.

Run as ``python -m benchmarks.static_site [turns]``, after ``make static``.
"""

import contextlib
import os
import statistics
import sys
from collections import defaultdict
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.first_load import Relay, relay
from tests.support.app_server import ROOT, app_server
from tests.support.file_server import file_server
from tests.support.screen import PATIENCE_MS, new_screen, press, settle, slider, started_browser

HERE = Path(__file__).parent
TURNS, MOVES, MEGABITS = 3, 20, 10.0
MOST_FIRST, MOST_AGAIN, MOST_TIMES = 15e6, 0.2e6, 1.5
LIVE = "() => document.querySelector('#root .stMain h1') && !document.querySelector('#oce-first') && performance.now()"
WORDS = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime"
Figures = dict[str, list[float]]


def visit(page: Page, url: str, counted: Relay) -> dict[str, float]:
    """A load of the first page: seconds to the first words and to the live answer, and bytes."""
    before = counted.count
    page.goto(url, wait_until="commit")
    live = page.wait_for_function(LIVE, timeout=4 * PATIENCE_MS).json_value()
    words = page.wait_for_function(WORDS).json_value()
    settle(page)
    return {"first words [s]": words / 1000, "live answer [s]": live / 1000, "MB": (counted.count - before) / 1e6}


def turn(browser: Browser, server: str, megabits: float | None, found: Figures) -> None:
    """A first visit and a second, and moves of the slider."""
    with relay(server, megabits) as (url, counted):
        screen = new_screen(browser, url, 1280, 800, "light")
        page = screen.page
        page.context.add_init_script(path=HERE / "painted.js")
        for name, value in visit(page, url, counted).items():
            found[f"first visit: {name}"].append(value)
        page.wait_for_function("!window.oceMarks || window.oceMarks.all", timeout=4 * PATIENCE_MS)
        for name, value in visit(page, url, counted).items():
            found[f"second visit: {name}"].append(value)
        if megabits is None:
            found["slider to last chart [ms]"].append(statistics.median(moves(page)))
            found["memory of the browser [MB]"].append(memory() / 1e6)
        page.context.close()


def moves(page: Page) -> list[float]:
    """From the press of a key to the last chart painted, in milliseconds."""
    times = []
    for move in range(-2, MOVES):  # the first two warm up
        press(slider(page, "Training tokens, slider"), "ArrowRight" if move // 5 % 2 else "ArrowLeft")
        seen = page.evaluate("window.__painted")
        if move >= 0:
            times.append(seen["at"] - seen["pressed"])
    return times


def memory() -> float:
    """What all processes of the browser hold, what they share counted once, in bytes; Linux only."""
    total = 0
    for process in descendants(os.getpid()):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            command = Path(f"/proc/{process}/cmdline").read_text().partition("\0")[0]
            if "chrom" in command or "headless_shell" in command:
                lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
                total += sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return total * 1024


def descendants(of: int) -> set[int]:
    """The processes that a process started, and those that these started."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    found, size = {of}, 0
    while size != len(found):
        size = len(found)
        found |= {process for process, parent in parents.items() if parent in found}
    return found


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    found: dict[tuple[str, str], Figures] = defaultdict(lambda: defaultdict(list))
    with app_server() as server, file_server(ROOT / "dist") as site, sync_playwright() as playwright:
        for speed, megabits in (("as fast as it goes", None), (f"{MEGABITS:.0f} Mbit/s", MEGABITS)):
            for _ in range(turns):
                for name, url in (("server", server), ("site", site)):
                    browser = started_browser(playwright)  # each measured alone
                    turn(browser, url, megabits, found[speed, name])
                    browser.close()
    for (speed, name), figures in found.items():
        for figure, values in figures.items():
            each = ", ".join(f"{value:.3g}" for value in values)
            print(f"{speed:<20} {name:<7} {figure:<32} {statistics.median(values):8.3g} of {each}")
    server_ms, site_ms = (
        statistics.median(found["as fast as it goes", name]["slider to last chart [ms]"]) for name in ("server", "site")
    )
    fast = found["as fast as it goes", "site"]
    within = max(fast["first visit: MB"]) * 1e6 <= MOST_FIRST and max(fast["second visit: MB"]) * 1e6 <= MOST_AGAIN
    return int(not within or site_ms > MOST_TIMES * server_ms)


if __name__ == "__main__":
    sys.exit(main())
