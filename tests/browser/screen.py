"""A page of the app in Chromium: opening it, waiting for it, moving its controls, reading what it shows."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Playwright, Request, WebSocket
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tools.get_chromium import find_chromium

# The same picture on every machine, and nothing but the app's own traffic.
ARGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--force-color-profile=srgb", "--hide-scrollbars"),
    "--font-render-hinting=none",
    "--disable-features=LocalNetworkAccessChecks",  # a test shows the app in a (made-up) page of another host
]
# Streamlit asks for these on every deep link before it knows its base path: two harmless 404s.
BENIGN_404 = ("/_stcore/health", "/_stcore/host-config")
OFFLINE_SCHEMES = ("data", "blob")

QUIET_MS = 120  # without any change on the page
ANSWER_MS = 15_000  # for a control to be there and to react: more means that it does not
PATIENCE_MS = 60_000  # for a page on a busy machine; one that stands still is noticed at once
Scheme = Literal["light", "dark"]
STILL_JS = Path(__file__).with_name("still.js")


class Screen:
    """One page of the app in a browser context of its own, and what the browser complained about in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self._heard: list[str] = []
        page.on("console", self._hear_console)
        page.on("pageerror", lambda error: self._heard.append(f"uncaught: {error}"))
        page.on("request", self._hear_request)
        page.on("websocket", self._hear_request)

    def go(self, path: str) -> None:
        """Opens a path of the app, as a visitor who follows a link, and waits for it."""
        self.page.goto(self._url + path, wait_until="domcontentloaded")
        settle(self.page)

    @property
    def complaints(self) -> list[str]:
        """Console and page errors, requests to other hosts, exceptions on the page: none in a sound app."""
        shown = self.page.locator("[data-testid=stException]").all_inner_texts()
        return [*self._heard, *(f"exception on the page: {text}" for text in shown)]

    def _hear_console(self, message: ConsoleMessage) -> None:
        benign = "404" in message.text and message.location.get("url", "").endswith(BENIGN_404)
        if message.type == "error" and not benign:
            self._heard.append(f"console: {message.text} ({message.location.get('url', '')})")

    def _hear_request(self, request: Request | WebSocket) -> None:
        asked = urlsplit(request.url)
        if asked.scheme not in OFFLINE_SCHEMES and asked.netloc != urlsplit(self._url).netloc:
            self._heard.append(f"request to another host: {request.url}")


def started_browser(playwright: Playwright) -> Browser:
    """Starts the Chromium that this machine has, or raises NoChromiumError with the ways to get one."""
    path, env = find_chromium()
    return playwright.chromium.launch(executable_path=path, args=ARGS, env={**os.environ, **env})


def new_screen(browser: Browser, url: str, width: int, height: int, scheme: Scheme) -> Screen:
    """An empty page in a new context: a visitor of their own, with the same clock and language everywhere."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    context.set_default_timeout(ANSWER_MS)
    context.set_default_navigation_timeout(PATIENCE_MS)
    context.add_init_script(path=STILL_JS)
    return Screen(context.new_page(), url)


def settle(page: Page) -> None:
    """Waits until the server owes no answer, all charts are drawn and nothing moves for a moment."""
    page.evaluate("window.__seen && (window.__seen.moved = performance.now())")
    _wait_until_still(page)


def _wait_until_still(page: Page) -> None:
    try:
        page.wait_for_function("quiet => window.__seen?.still(quiet)", arg=QUIET_MS, timeout=PATIENCE_MS)
    except PlaywrightTimeoutError:
        state = page.evaluate("({...window.__seen, ...document.querySelector('.stApp')?.dataset})")
        raise AssertionError(f"{page.url} still moves after {PATIENCE_MS / 1000:.0f} s: {state}") from None


@contextmanager
def change(page: Page) -> Iterator[None]:
    """Around one action that the server has to answer: waits until it was sent, answered and shown.

    Not around a load of the whole page, which starts counting anew: that is what Screen.go is for.
    """
    _wait_until_still(page)
    before = page.evaluate("window.__seen.asked")
    yield
    page.wait_for_function("before => window.__seen.asked > before", arg=before, timeout=ANSWER_MS)
    _wait_until_still(page)


def slider(page: Page, label: str) -> Locator:
    """The slider with this label; a range slider has two: "label — start" and "label — end"."""
    # By the attribute: the accessible name repeats the label, as the group around the slider has it too.
    return page.locator(f"input[type=range][aria-label={json.dumps(label, ensure_ascii=False)}]")


def press(control: Locator, *keys: str) -> None:
    """Presses keys on a control (ArrowRight, PageUp, End ...), each once the app has answered the last."""
    for key in keys:
        with change(control.page):
            control.press(key)


def reading(control: Locator) -> str:
    """What a slider says it stands at, as a screen reader says it."""
    return control.get_attribute("aria-valuetext") or ""


def charts(page: Page) -> list[dict[str, Any]]:
    """Title and traces (name, type, x, y) of every Plotly chart on the page, in order, as drawn."""
    drawn: list[dict[str, Any]] = page.evaluate(
        """window.__seen.charts().map(({_fullLayout: layout, _fullData: data}) => ({
            title: layout.title?.text ?? "",
            traces: data.map(({name, type, x = [], y = []}) => ({name, type, x: [...x], y: [...y]})),
        }))"""
    )
    return drawn


def scrolls_sideways(page: Page) -> bool:
    """Whether something is wider than the window: on a phone, a fault."""
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def picture(page: Page) -> bytes:
    """A PNG of the window, the same bytes for the same content."""
    page.mouse.move(0, 0)
    return page.screenshot(animations="disabled", caret="hide")
