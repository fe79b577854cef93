"""A page of the app in Chromium: opening it, waiting for it, moving its controls, reading what it shows."""

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    FrameLocator,
    Locator,
    Page,
    Playwright,
    Request,
    WebSocket,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from pages.widgets.style import theme
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
PAGES = ("/", "/compare", "/plan", "/lifetime", "/scaling", "/landscape", "/evidence", "/learn", "/data")
SLIDES = "/learn?step=2&slides=yes"  # without a sidebar
VIEWS = (  # what the pages show beside what they open with
    *PAGES,
    *("/landscape?view=era", "/landscape?view=era&unit=alpha&by=size", "/landscape?view=energy"),
    *(SLIDES, "/learn?step=all"),
)
STILL_JS = Path(__file__).with_name("still.js")
# Whether page and sidebar have the grounds of a theme, and no colour has changed since this was last asked.
TURNED_JS = """grounds => {
    const styles = [...document.querySelectorAll(".stApp, .stApp *")].map(part => getComputedStyle(part));
    const now = styles.map(({color, backgroundColor}) => `${color} on ${backgroundColor}`).join();
    const still = now === window.__colours;
    window.__colours = now;
    return still && [".stApp", ".stSidebar"].every((part, at) =>
        [...document.querySelectorAll(part)].every(one => getComputedStyle(one).backgroundColor === grounds[at]));
}"""


class Screen:
    """One page of the app in a browser context of its own, and what the browser complained about in it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self._url = url
        self._heard: list[str] = []
        self._listening: dict[str, Callable[[Any], None]] = {
            "console": self._hear_console,
            "pageerror": lambda error: self._heard.append(f"uncaught: {error}"),
            "request": self._hear_request,
            "websocket": self._hear_request,
        }
        for event, hear in self._listening.items():
            page.on(event, hear)  # type: ignore[call-overload]

    def go(self, path: str) -> None:
        """Opens a path of the app, as a visitor who follows a link, and waits for it."""
        self.page.goto(self._url + path, wait_until="domcontentloaded")
        settle(self.page)

    def leave(self) -> None:
        """Stops listening: the page is somebody else's from now on."""
        for event, hear in self._listening.items():
            self.page.remove_listener(event, hear)

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


def started_browser(playwright: Playwright, *more: str) -> Browser:
    """Starts the Chromium that this machine has, or raises NoChromiumError with the ways to get one.

    Args:
        playwright: What drives it.
        more: Arguments beside those that all have.
    """
    path, env = find_chromium()
    return playwright.chromium.launch(executable_path=path, args=[*ARGS, *more], env={**os.environ, **env})


def new_screen(browser: Browser, url: str, width: int, height: int, scheme: Scheme) -> Screen:
    """An empty page in a new context: a browser that has never been here, with the same clock and language everywhere.

    For what is measured or changed in the browser itself; Tabs.open gives a page at half the time.
    """
    context = _new_context(browser)
    return Screen(_sized(context.new_page(), width, height, scheme), url)


def _new_context(browser: Browser) -> BrowserContext:
    context = browser.new_context(locale="en-GB", timezone_id="UTC")
    context.set_default_timeout(ANSWER_MS)
    context.set_default_navigation_timeout(PATIENCE_MS)
    context.add_init_script(path=STILL_JS)
    return context


def _sized(page: Page, width: int, height: int, scheme: Scheme) -> Page:
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    return page


class Tabs:
    """Pages that are used again and again: Chromium has read and compiled the app's scripts then, which is half of what
    a first load takes.

    Each load is a session of its own on the server, and two pages at once are in two contexts: two visitors.
    """

    def __init__(self, browser: Browser, url: str) -> None:
        self._browser, self._url = browser, url
        self._idle: list[Page] = []

    def open(self, path: str, width: int, height: int, scheme: Scheme) -> Screen:
        """Opens a path of the app in a window of this size and waits until it stands still."""
        screen = self.take(width, height, scheme)
        screen.go(path)
        return screen

    def take(self, width: int, height: int, scheme: Scheme) -> Screen:
        """A window of this size in which nothing of the app is open yet."""
        page = self._idle.pop() if self._idle else _new_context(self._browser).new_page()
        return Screen(_sized(page, width, height, scheme), self._url)

    def free(self, screen: Screen) -> None:
        """Ends a visit: what was stored, allowed or routed is gone, and the page waits for the next."""
        page = screen.page
        screen.leave()
        framed_too = len(page.frames) > 1  # which may ask for files while the next visit begins
        if framed_too or not page.url.startswith(self._url + "/"):
            page.context.close()
            return
        page.unroute_all(behavior="ignoreErrors")
        page.mouse.move(0, 0)
        page.evaluate("localStorage.clear(); sessionStorage.clear()")
        page.context.clear_cookies()
        page.context.clear_permissions()
        self._idle.append(page)

    def close(self) -> None:
        """Closes the pages."""
        for page in self._idle:
            page.context.close()


def framed(outer: Page, url: str, query: str) -> FrameLocator:
    """Shows the app with this query as a Space does, in a sandboxed frame of another site, and waits for its figures.

    The other site is 127.0.0.1, by a text of its that allows frames; the frame is of localhost.
    """
    outer.goto(f"{url}/_stcore/health")
    inner = f"{url.replace('127.0.0.1', 'localhost')}/?embed=true&{query}"
    outer.set_content(
        f"<iframe src='{inner}' sandbox='allow-scripts allow-same-origin' width=1200 height=900></iframe>"
    )
    frame = outer.frame_locator("iframe")
    frame.locator("#root dl.figures").wait_for(timeout=PATIENCE_MS)
    return frame


def upload_in_frame(frame: FrameLocator, content: bytes) -> str:
    """Gives the Evidence page a file of past runs, in a frame that shows Explore; returns what it says of them."""
    frame.locator("#root a", has_text="How far can this be trusted?").click()
    file = {"name": "runs.csv", "mimeType": "text/csv", "buffer": content}
    frame.locator("input[type=file]").set_input_files(file, timeout=PATIENCE_MS)  # type: ignore[arg-type]
    return frame.locator(".stMain").get_by_text("runs are used").first.inner_text(timeout=PATIENCE_MS)


def settle(page: Page) -> None:
    """Waits until the server owes no answer, all charts are drawn and nothing moves for a moment."""
    page.evaluate("window.__seen && (window.__seen.moved = performance.now())")
    _wait_until_still(page)


def turn(page: Page, scheme: Scheme) -> None:
    """Turns the visitor's system dark or light, and waits until all of the page is painted so: part by part it is."""
    if page.evaluate(f"matchMedia('(prefers-color-scheme: {scheme})').matches"):
        return
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    ours = (theme(scheme)[name] for name in ("backgroundColor", "secondaryBackgroundColor"))
    grounds = [f"rgb({', '.join(str(int(one[at : at + 2], 16)) for at in (1, 3, 5))})" for one in ours]
    page.wait_for_function(TURNED_JS, arg=grounds, polling=200)
    settle(page)


def resize(page: Page, width: int, height: int) -> None:
    """Gives the window this size, and waits until the page has followed."""
    size = {"width": width, "height": height}
    if page.viewport_size != size:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        settle(page)


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


def thumb_at(control: Locator) -> float:
    """Where the thumb of a slider of ours stands, as a share of the track."""
    return int(control.input_value()) / int(control.get_attribute("max") or 1)


def drag(page: Page, label: str, shares: Iterable[float], wait_ms: float = 120) -> None:
    """Takes the thumb and moves it to each share of the track in turn, holding it there for a moment; never lets go."""
    _move_to(page, label, thumb_at(slider(page, label)))
    page.mouse.down()
    drag_on(page, label, shares, wait_ms)


def drag_on(page: Page, label: str, shares: Iterable[float], wait_ms: float = 120) -> None:
    """The same with a thumb that is held already."""
    for share in shares:
        _move_to(page, label, share)
        page.wait_for_timeout(wait_ms)


def _move_to(page: Page, label: str, share: float) -> None:
    box = slider(page, label).bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 6 + share * (box["width"] - 12), box["y"] + box["height"] / 2)


def choose(page: Page, label: str, text: str) -> None:
    """Picks an entry of a select box by typing, as people do in a long list."""
    box = page.get_by_role("combobox", name=label)
    box.click()
    box.fill(text)
    page.get_by_role("option").first.wait_for()
    with change(page):
        page.keyboard.press("Enter")


def enter(page: Page, label: str, text: str) -> None:
    """Types over what stands in an entry."""
    entry = page.get_by_label(label, exact=True)
    entry.fill(text)
    with change(page):
        entry.press("Enter")


def press_button(page: Page, name: str | re.Pattern[str]) -> None:
    """Presses the button of this name."""
    with change(page):
        page.get_by_role("button", name=name).click()


def query(page: Page) -> dict[str, str]:
    """What stands in the address."""
    return {name: values[0] for name, values in parse_qs(urlsplit(page.url).query).items()}


def headline(page: Page) -> str:
    """The sentence at the top."""
    return page.locator("h1").inner_text()


def figures(page: Page) -> str:
    """The four figures as shown, with their intervals."""
    return page.locator("dl.figures").inner_text()


def table(page: Page, header: str) -> str:
    """The text of the table with this header."""
    return page.locator("table.plain", has=page.get_by_text(header, exact=True)).inner_text()


def drawn(page: Page) -> list[tuple[str, list[Any], list[Any]]]:
    """What the charts draw, without what differs between two drawings of the same."""
    return [(trace["name"], trace["x"], trace["y"]) for chart in charts(page) for trace in chart["traces"]]


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
    """Whether something is wider than the window, or than the part of it that scrolls: on a phone, a fault."""
    wider = """() => [document.documentElement, document.querySelector(".stMain")]
        .some(part => part && part.scrollWidth > part.clientWidth)"""
    return bool(page.evaluate(wider))


def picture(page: Page) -> bytes:
    """A PNG of the window, the same bytes for the same content."""
    page.mouse.move(0, 0)
    return page.screenshot(animations="disabled", caret="hide")
