"""The first visit: from the start of the server to the complete first screen, and the bytes that cross the wire.

The app (Explore, four charts) against the floor app (benchmarks/floor_app.py under plain `streamlit run`), by turns in
one run, each time with a fresh server and a fresh browser context. The screen is complete with the last chart in the
window painted: in one of 1280 by 800, and, the server running, in one of 1280 by 1600, which shows all four charts.
Bytes are counted by a relay between browser and server, so that they are those really sent, compressed or not.

Exit 1 where the app takes over 1.3 times as long as the floor, or sends over half its bytes.

Run as ``python -m benchmarks.first_load [turns]``.
"""

import asyncio
import contextlib
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, sync_playwright

from tests.support.app_server import ROOT, app_server
from tests.support.screen import new_screen, press, slider, started_browser

HERE = Path(__file__).parent
TURNS, MOVES = 5, 10
COLD = "server start to complete screen"
SCREENS = {COLD: 800, "the same, server running": 800, "the same, 1600 px high": 1600}  # pixels
MOST_TIMES, MOST_BYTES = 1.3, 0.5  # of the floor's
APPS = {"floor": (HERE / "floor_app.py", "Steepness"), "Explore": (ROOT / "app.py", "Training tokens, slider")}


class Relay:
    """Passes bytes on between a browser and a server, and counts them.

    Args:
        to: The address of the server.
        megabits: How many go over the line in a second; None: as fast as it goes.
    """

    def __init__(self, to: str, megabits: float | None = None) -> None:
        self._to = urlsplit(to)
        self._megabits = megabits
        self._free_at = 0.0
        self.count = 0
        self.port = 0

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while data := await reader.read(1 << 16):
                self.count += len(data)
                if self._megabits:  # all connections share the line
                    self._free_at = max(self._free_at, time.monotonic()) + len(data) * 8 / (self._megabits * 1e6)
                    await asyncio.sleep(self._free_at - time.monotonic())
                writer.write(data)
                await writer.drain()
        writer.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        from_server, to_server = await asyncio.open_connection(self._to.hostname, self._to.port)
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._pass_on(reader, to_server), self._pass_on(from_server, writer))

    async def open(self) -> None:
        """Starts to listen."""
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Lets go of the connections that browser and server keep open."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


@contextlib.contextmanager
def relay(to: str, megabits: float | None = None) -> Iterator[tuple[str, Relay]]:
    """A relay to a server, with its address."""
    loop, counted = asyncio.new_event_loop(), Relay(to, megabits)
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(counted.open(), loop).result()
    yield f"http://127.0.0.1:{counted.port}", counted
    asyncio.run_coroutine_threadsafe(counted.close(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


def load(browser: Browser, url: str, height: int) -> float:
    """Opens the page in a new context; when its last chart in the window was painted, in seconds since the epoch."""
    screen = new_screen(browser, url, 1280, height, "light")
    screen.page.context.add_init_script(path=HERE / "painted.js")
    screen.go("/")
    at: float = screen.page.evaluate("performance.timeOrigin + window.__painted.at")
    screen.page.context.close()
    return at / 1000


def sent(browser: Browser, server: str, label: str) -> tuple[int, float]:
    """The bytes of a first load, and of one move of the slider."""
    with relay(server) as (url, counted):
        screen = new_screen(browser, url, 1280, 1600, "light")
        screen.go("/")
        first = counted.count
        press(slider(screen.page, label), *["ArrowLeft"] * MOVES)
        moved = (counted.count - first) / MOVES
        screen.page.context.close()
    return first, moved


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    times: dict[str, dict[str, list[float]]] = {title: {name: [] for name in APPS} for title in SCREENS}
    first: dict[str, int] = {}
    moved: dict[str, float] = {}
    with sync_playwright() as playwright:
        browser = started_browser(playwright)
        for turn in range(turns):
            for name, (script, label) in APPS.items():
                start = time.time()
                with app_server(script) as url:
                    for title, height in SCREENS.items():
                        times[title][name].append(load(browser, url, height) - start)
                        start = time.time()
                    if turn == 0:
                        first[name], moved[name] = sent(browser, url, label)
        browser.close()
    for title, of_apps in times.items():
        floor = statistics.median(of_apps["floor"])
        for name, found in of_apps.items():
            median = statistics.median(found)
            each = ", ".join(f"{seconds:.2f}" for seconds in found)
            print(f"{name:<8} {title}: median {median:.2f} s of {each}; {median / floor:.2f} times the floor")
    for title, sizes in (("bytes of the first load", first), ("bytes per move of the slider", moved)):
        for name, size in sizes.items():
            print(f"{name:<8} {title}, as sent: {size / 1000:,.0f} kB; {size / sizes['floor']:.2f} times the floor")
    cold = times[COLD]
    late = statistics.median(cold["Explore"]) > MOST_TIMES * statistics.median(cold["floor"])
    return int(late or first["Explore"] > MOST_BYTES * first["floor"])


if __name__ == "__main__":
    sys.exit(main())
