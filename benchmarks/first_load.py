"""The first visit: from the start of the server to the first words and the complete first screen; and the second visit.

The app (Explore, four charts) against the floor app (benchmarks/floor_app.py under plain `streamlit run`), by turns in
one run, each time with a fresh server. A first visit is in a fresh browser context, a second in the same again. The
first words are the headline with its interval; of the floor, its slider. The screen is complete with the last chart in
the window painted: in one of 1280 by 800, and, the server running, in one of 1280 by 1600, which shows all four charts.
Bytes are counted by a relay between browser and server, so that they are those really sent, compressed or not.

Exit 1 where a bound does not hold: see BOUNDS, as shares of the floor's.

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

from tests.support.app_server import ROOT, app_server, free_port
from tests.support.screen import Screen, new_screen, press, slider, started_browser

HERE = Path(__file__).parent
TURNS, MOVES = 5, 10
COLD, RUNNING, TALL = "server start", "server running", "server running, 1600 px high"
SECOND = "second visit"
WORDS, COMPLETE = "first words", "complete screen"
BOUNDS = {  # of the floor's median
    (COLD, WORDS): 0.25,
    (RUNNING, WORDS): 0.25,
    (COLD, COMPLETE): 1.0,
    (RUNNING, COMPLETE): 1.0,
    (TALL, COMPLETE): 1.0,
    (SECOND, WORDS): 0.5,
    (SECOND, COMPLETE): 0.5,
}
MOST_BYTES, MOST_BYTES_AGAIN = 0.4, 0.5
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


def load(screen: Screen, start: float) -> dict[str, float]:
    """Opens the page; when its first words and its last chart in the window were painted, in seconds after `start`.

    Args:
        screen: A page of a browser.
        start: When the visitor set out, in seconds since the epoch; 0: now.
    """
    start = start or time.time()
    screen.go("/")
    origin, words, at = screen.page.evaluate("[performance.timeOrigin, window.__painted.words, window.__painted.at]")
    return {WORDS: (origin + words) / 1000 - start, COMPLETE: (origin + at) / 1000 - start}


def watched(browser: Browser, url: str, height: int) -> Screen:
    """A page in a new context that notes when something is painted."""
    screen = new_screen(browser, url, 1280, height, "light")
    screen.page.context.add_init_script(path=HERE / "painted.js")
    return screen


def visits(browser: Browser, url: str, waiting: Screen, start: float) -> dict[str, dict[str, float]]:
    """The times of a first visit to a server that is starting, and of further ones; the last comes a second time.

    Args:
        browser: Where they are.
        url: Of the server.
        waiting: A page for the first of them, which was there before the server was started.
        start: When that was, in seconds since the epoch.
    """
    found = {}
    for title, height in ((COLD, 800), (TALL, 1600), (RUNNING, 800)):
        screen = waiting if title == COLD else watched(browser, url, height)
        found[title] = load(screen, start if title == COLD else 0.0)
        if title == RUNNING:
            found[SECOND] = load(screen, 0.0)
        screen.page.context.close()
    return found


def sent(browser: Browser, server: str, label: str) -> tuple[int, int, float]:
    """The bytes of a first load, of a second, and of one move of the slider."""
    with relay(server) as (url, counted):
        screen = new_screen(browser, url, 1280, 1600, "light")
        screen.go("/")
        first = counted.count
        screen.go("/")
        second = counted.count - first
        press(slider(screen.page, label), *["ArrowLeft"] * MOVES)
        moved = (counted.count - first - second) / MOVES
        screen.page.context.close()
    return first, second, moved


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    times: dict[str, list[dict[str, dict[str, float]]]] = {name: [] for name in APPS}
    sizes: dict[str, tuple[int, int, float]] = {}
    with sync_playwright() as playwright:
        browser = started_browser(playwright)
        for turn in range(turns):
            for name, (script, label) in APPS.items():
                port = free_port()
                waiting = watched(browser, f"http://127.0.0.1:{port}", 800)
                start = time.time()
                with app_server(script, port=port) as url:
                    times[name].append(visits(browser, url, waiting, start))
                    if turn == 0:
                        sizes[name] = sent(browser, url, label)
        browser.close()
    broken = 0
    for title in (COLD, RUNNING, TALL, SECOND):
        for part in (WORDS, COMPLETE):
            each = {name: [one[title][part] for one in found] for name, found in times.items()}
            floor, ours = (statistics.median(each[name]) for name in APPS)
            bound = BOUNDS.get((title, part), 1.0)
            broken += ours > bound * floor
            said = "; ".join(f"{name} {', '.join(f'{one:.2f}' for one in found)}" for name, found in each.items())
            print(f"{title}, {part}: {ours:.2f} s, floor {floor:.2f} s: {ours / floor:.2f} (bound {bound}) of {said}")
    for at, (title, most) in enumerate(
        (("bytes of the first load", MOST_BYTES), ("bytes of the second", MOST_BYTES_AGAIN), ("bytes per move", 99.0))
    ):
        floor, ours = (sizes[name][at] for name in APPS)
        broken += ours > most * floor
        print(
            f"{title}, as sent: {ours / 1000:,.0f} kB, floor {floor / 1000:,.0f} kB: {ours / floor:.2f} (bound {most})"
        )
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
