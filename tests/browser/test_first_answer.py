"""The first answer is read before any script ran, and the app takes its place without a jump."""

from urllib.parse import urlsplit

import pytest

from pages.server.first_answer import first_answer
from tests.support.screen import change, headline, new_screen, settle
from tools.get_axe import get_axe

APP_SCRIPT = "**/static/js/index.*"  # without it Streamlit's app does not start
PLACES = """selectors => selectors.map(one => {
    const {x, y, width, height} = document.querySelector(one).getBoundingClientRect();
    return [x, y, width, height].map(Math.round);
})"""
HIDDEN = "() => getComputedStyle(document.getElementById('root')).visibility === 'hidden'"  # a function: no eval
FIRST = ("h1", "dl", "dl b", "dl .interval", ".strip")
THEN = ("h1", "dl.figures", "dl.figures b", "dl.figures .interval", "p.strip")


@pytest.fixture
def held(tabs, visited_url):
    """Opens a path, with the app's own script held back until it is let go."""
    screens = []

    def open_(path, width=1280, height=800, scheme="light"):
        screen = tabs.take(width, height, scheme)
        screens.append(screen)
        waiting = []
        screen.page.route(APP_SCRIPT, lambda one: waiting.append(one))  # noqa: PLW0108  it needs a name
        screen.page.goto(visited_url + path, wait_until="commit")
        screen.page.locator("#oce-first h1").wait_for()
        screen.page.evaluate("document.fonts.ready")
        screen.page.wait_for_function(HIDDEN)

        def let_go():
            while waiting:
                waiting.pop().continue_()
            settle(screen.page)

        return screen, let_go

    yield open_
    complaints = [one for screen in screens for one in screen.complaints]
    for screen in screens:
        tabs.free(screen)
    assert complaints == []


def places(page, selectors, within):
    return page.evaluate(PLACES, [f"{within} {one}" for one in selectors])


@pytest.mark.parametrize(("path", "width"), [("/?tokens=2e12", 1280), ("/lifetime", 390), ("/", 320)])
def test_the_app_takes_the_place_of_the_answer_without_a_jump(path, width, held):
    screen, let_go = held(path, width)
    before, said, title = (
        places(screen.page, FIRST, "#oce-first"),
        screen.page.locator("h1").inner_text(),
        screen.page.title(),
    )
    assert screen.page.get_by_role("heading", level=1).count() == 1
    let_go()
    assert places(screen.page, THEN, ".stMain") == before
    assert headline(screen.page) == said
    assert screen.page.title() == title
    assert screen.page.locator("#oce-first").count() == 0
    assert screen.page.get_by_role("heading", level=1).count() == 1


def test_what_was_read_stays_in_sight(held):
    screen, let_go = held("/", 390, 400)
    screen.page.evaluate("document.getElementById('oce-first').scrollTo(0, 150)")
    let_go()
    assert screen.page.locator("[data-testid=stMain]").evaluate("one => one.scrollTop") == 150


@pytest.mark.parametrize(("path", "scheme"), [("/", "light"), ("/compare?tokens=lots", "dark")])
def test_axe_finds_nothing_in_the_first_answer(path, scheme, held):
    screen, let_go = held(path, scheme=scheme)
    screen.page.evaluate(get_axe().read_text(encoding="utf-8"))
    found = screen.page.evaluate("axe.run('#oce-first', {resultTypes: ['violations']})")["violations"]
    assert [(one["id"], node["html"]) for one in found for node in one["nodes"]] == []
    let_go()


def test_a_sidebar_that_was_closed_and_an_embedded_theme_are_there_from_the_start(held):
    screen, let_go = held("/?embed=true&embed_options=dark_theme")
    let_go()
    screen.page.evaluate("localStorage.setItem('stSidebarCollapsed-', 'true')")
    screen.page.reload(wait_until="commit")
    screen.page.wait_for_function("() => document.getElementById('oce-first')?.className === 'dark wide'")
    screen.page.evaluate("document.fonts.ready")
    before = places(screen.page, FIRST, "#oce-first")
    let_go()
    assert places(screen.page, THEN, ".stMain") == before


@pytest.mark.parametrize("path", ["/?tokens=2e12", "/compare", "/plan", "/data", "/?tokens=lots"])
def test_without_script_the_answer_stays(path, browser, visited_url):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(visited_url + path)
    found = first_answer(path[1:].partition("?")[0] or "explore", path.partition("?")[2])
    assert page.locator("h1").inner_text() == found.headline
    assert "the page needs JavaScript" in page.content()
    for one in found.figures:
        assert page.get_by_text(one.beneath.strip(), exact=True).first.is_visible()
    for said in found.warnings:
        assert page.get_by_text(said).is_visible()
    context.close()


def test_markup_in_a_link_is_shown_as_text_and_never_run(held):
    payload = "<img src=x onerror=document.title='run'>"
    screen, let_go = held(f"/?tokens=2e12&currency={payload}&price_per_device_hour=2")
    assert payload in screen.page.locator("#oce-first").inner_text()
    assert screen.page.locator("img").count() == 0
    let_go()
    assert screen.page.title() != "run"
    assert payload in screen.page.locator(".stMain").inner_text()


def test_each_page_has_a_title_of_its_own_after_a_change_of_page_too(open_page):
    page = open_page("/?tokens=2e12").page
    for name in ("compare", "scaling", "plan"):
        with change(page):
            page.get_by_role("link", name=name.title(), exact=True).click()
        assert page.title() == first_answer(name, "tokens=2e12").title
    with change(page):
        page.go_back()
    at = urlsplit(page.url)
    assert page.title() == first_answer(at.path[1:], at.query).title


def test_an_unknown_address_leads_on(tabs, visited_url):
    screen = tabs.take(390, 800, "dark")
    screen.page.goto(visited_url + "/no/such/page")
    assert screen.page.locator("h1").inner_text() == "No such page"
    screen.page.get_by_role("link", name="Plan").click()
    settle(screen.page)
    assert screen.page.url == visited_url + "/plan"
    tabs.free(screen)


FRAME = """(() => {
    const look = () => {
        if (document.querySelector("#oce-first h1")) window.__frame = performance.now();
        else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
})()"""
NO_FRAMES = """(() => {
    const next = window.requestAnimationFrame;
    window.requestAnimationFrame = then => new Error().stack.includes("/oce/first") ? 0 : next(then);
})()"""
ASKED = "performance.getEntriesByType('resource').find(({name}) => /static.js.index/.test(name)).startTime"
NO_FRAME_MS = 300  # first.js


def test_the_app_is_asked_for_once_its_answer_is_painted(browser, visited_url):
    screen = new_screen(browser, visited_url, 1280, 800, "light")
    screen.page.add_init_script(FRAME)
    screen.go("/")
    painted, asked = screen.page.evaluate(f"[window.__frame, {ASKED}]")
    assert asked > min(painted, NO_FRAME_MS)
    assert screen.complaints == []
    screen.page.context.close()


def test_a_window_without_frames_gets_the_app_too(browser, visited_url):
    screen = new_screen(browser, visited_url, 1280, 800, "light")
    screen.page.add_init_script(NO_FRAMES)
    screen.go("/")
    assert screen.page.evaluate(ASKED) > NO_FRAME_MS
    assert screen.page.locator(".stMain h1").count() == 1
    screen.page.context.close()
