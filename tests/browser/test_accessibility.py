"""What axe-core, a keyboard, a screen reader and a magnifying glass meet on every page."""

import contextlib

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.support.screen import (
    PAGES,
    change,
    charts,
    drag,
    headline,
    press_button,
    query,
    reading,
    scrolls_sideways,
    settle,
    slider,
    turn_dark,
)
from tools.get_axe import NoAxeError, get_axe

VIEWS = (*PAGES, "/landscape?view=era", "/landscape?view=energy", "/learn?step=2&slides=yes", "/learn?step=all")
# What axe-core finds and is left, by its rule; nothing serious or critical, and any other finding is a fault.
LEFT = {
    "presentation-role-conflict": "Streamlit: the drop zone of st.file_uploader has a name, but no role",
}
HAS_LEFT = "/evidence"  # what each rule of the list is about
OF_COLOURS = ("color-contrast", "link-in-text-block")


@pytest.fixture(scope="module")
def axe():
    """The script of axe-core; a test without it fails, as one without a browser does."""
    try:
        return get_axe().read_text(encoding="utf-8")
    except NoAxeError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def open_all(page):
    """Opens every panel that is folded, and makes the window as high as the page: axe judges what can be seen."""
    folded = page.locator("details:not([open]) > summary:visible")
    while folded.count():
        folded.evaluate_all("summaries => summaries.forEach(one => one.click())")
        settle(page)
    if not page.locator(".st-key-slides").count():
        parts = ".stMain, [data-testid=stSidebarContent]"
        height = page.evaluate(f"Math.max(...[...document.querySelectorAll('{parts}')].map(one => one.scrollHeight))")
        page.set_viewport_size({"width": 1280, "height": height})
    settle(page)


def violations(page, axe, *rules):
    """What axe-core finds by some rules, or by all: rule, how grave, and where."""
    page.evaluate(axe)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        (one["id"], one["impact"], node["html"][:200], node["failureSummary"])
        for one in result["violations"]
        for node in one["nodes"]
    ]


@pytest.mark.parametrize("path", VIEWS)
def test_axe_finds_nothing_of_ours_in_light_and_dark(open_page, axe, path):
    page = open_page(path).page
    open_all(page)
    broken = violations(page, axe)
    turn_dark(page)
    broken += violations(page, axe, *OF_COLOURS)  # the page is the same but for its colours
    assert [one for one in broken if one[0] not in LEFT] == []
    if path == HAS_LEFT:
        assert set(LEFT) <= {rule for rule, *_ in broken}  # the list is not out of date


@pytest.mark.parametrize("path", VIEWS)
def test_at_200_percent_nothing_scrolls_sideways_and_every_chart_says_its_sentence(open_page, path):
    """A window of 1280 × 800 has 640 × 400 of the page's pixels then."""
    page = open_page(path, width=640, height=400).page
    assert not scrolls_sideways(page)
    assert page.evaluate("(main => main.scrollWidth <= main.clientWidth)(document.querySelector('.stMain'))")
    drawn = page.get_by_role("figure")
    assert drawn.count() == len(charts(page))
    for one in drawn.all():
        heading, sentence = one.evaluate(
            "one => [...one.parentElement.querySelectorAll('.oce-chart-heading, p')].map(part => part.textContent)"
        )
        assert heading.strip()
        assert sentence.strip()
        assert one.get_attribute("aria-label") == f"{heading}. {sentence}"


@pytest.mark.parametrize("path", ["/", "/compare", "/plan", "/lifetime", "/scaling", "/evidence", "/learn?step=all"])
def test_the_numbers_of_the_charts_are_a_table_when_asked_for(open_page, path):
    page = open_page(path).page
    folded = page.locator("details", has=page.get_by_text("The numbers as a table"))
    assert folded.locator("table").count() == 0
    for one in folded.all():
        with change(page):
            one.locator("summary").click()
        assert one.locator("table").count() >= 1
    for one in folded.locator("table").all():
        assert all(one.locator("thead th").all_inner_texts())
        assert one.locator("tbody tr").count() >= 1


def test_with_reduced_motion_nothing_of_ours_moves(open_page):
    page = open_page("/").page
    moving = """[...document.querySelectorAll('[class*=oce-], [class*=oce-] *')].filter(one => {
        const {animationName, transitionDuration} = getComputedStyle(one);
        return animationName !== 'none' || parseFloat(transitionDuration) > 0;
    }).map(one => one.outerHTML.slice(0, 100))"""
    assert page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    assert page.evaluate(moving) == []


TOKENS = "Training tokens, slider"
SPOKEN = """window.spoken = [];
    const region = document.querySelector("[aria-live=polite].oce-spoken");
    new MutationObserver(() => spoken.push(region.textContent)).observe(region, {childList: true});"""


def test_a_headline_that_changed_is_spoken_once_and_not_while_a_slider_moves(open_page):
    page = open_page("/").page
    page.evaluate(SPOKEN)
    before = headline(page)
    drag(page, TOKENS, [0.8, 0.7, 0.6, 0.5], wait_ms=600)
    assert headline(page) != before
    assert page.evaluate("spoken") == []
    with change(page):
        page.mouse.up()
    page.wait_for_function("spoken.length")
    assert page.evaluate("spoken") == [headline(page)]


def test_the_heading_of_the_next_step_is_spoken_and_one_that_stays_is_not(open_page):
    page = open_page("/learn").page
    page.evaluate(SPOKEN)
    with change(page):
        slider(page, TOKENS).press("ArrowRight")
    page.wait_for_timeout(1500)
    assert page.evaluate("spoken") == []
    press_button(page, "Next")
    page.wait_for_function("spoken.length")
    assert page.evaluate("spoken") == [headline(page)]


FOCUSED = """() => {  // an icon is written by its name
    const one = document.activeElement;
    const name = one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || "";
    const part = one.closest(".stSidebar, .stMain, header")?.className.match(/stSidebar|stMain|stAppHeader/)?.[0];
    return [part, name.replace(/^keyboard_arrow_\\w+/, "").trim()];
}"""


def tab_to(page, name, part="stMain", most=200):
    """Presses Tab until the control that is called so has the focus; returns all on the way."""
    passed = []
    for _ in range(most):
        page.keyboard.press("Tab")
        passed.append(page.evaluate(FOCUSED))
        if passed[-1][0] == part and passed[-1][1].startswith(name):
            return [name for _, name in passed]
    raise AssertionError(f"{name} is not reached by Tab, only {passed}")


def test_the_keyboard_alone_reaches_everything_on_explore_and_changes_the_tokens(open_page):
    page = open_page("/").page
    reached = tab_to(page, "Take it with you")
    pages = ["Explore", "Compare", "Plan", "Lifetime", "Scaling", "Landscape", "Evidence", "Learn", "Data"]
    controls = ["Model", "Parameters", "Parameters, slider", "Training tokens", "Training tokens, slider", "Device"]
    controls += ["Device count", "Device count, slider", "Region", "PUE", "Throughput", "Advanced"]
    for name in [*pages, *controls, "How far can this be trusted?", "The numbers as a table"]:
        assert any(one.startswith(name) for one in reached), f"{name} is not among {reached}"
    with change(page):
        page.keyboard.press("Enter")
    page.get_by_role("tab", name="Sentence").wait_for()
    while page.evaluate(FOCUSED)[1] != "Training tokens, slider":
        page.keyboard.press("Shift+Tab")
    with change(page):
        page.keyboard.press("ArrowRight")
    assert reading(slider(page, "Training tokens, slider")) == "20T"
    assert query(page)["tokens"] == "20e12"


def look_for(page, text):
    """Types into the list that has the focus until it offers what is looked for: a list that is just being drawn anew
    loses the first letters."""
    offered = page.get_by_role("option", name=text).first
    for _ in range(3):
        page.keyboard.type(text)
        with contextlib.suppress(PlaywrightTimeoutError):
            offered.wait_for(timeout=5000)
            return
        for _ in text:
            page.keyboard.press("Backspace")
    offered.wait_for()


def test_the_keyboard_alone_adds_a_model_to_the_comparison(open_page):
    page = open_page("/compare").page
    tab_to(page, "Add a trained model")
    look_for(page, "BLOOM")
    with change(page):
        page.keyboard.press("Enter")
    assert query(page)["compare"].endswith("~~model-bloom-176b")


def test_the_keyboard_alone_makes_a_point_of_the_front_the_scenario(open_page):
    page = open_page("/plan?device=tpu-v6e").page  # slower than an H100 and lower in carbon, so that both are on it
    tab_to(page, "Combination")
    look_for(page, "TPU")
    with change(page):
        page.keyboard.press("Enter")
    tab_to(page, "Make it your scenario")
    with change(page):
        page.keyboard.press("Enter")
    assert query(page)["region"] == "SWE"
