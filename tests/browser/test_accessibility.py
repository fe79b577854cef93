"""What a keyboard and a screen reader meet. What axe-core and a magnifying glass do: test_every_page, test_phone."""

import contextlib
import re

from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from tests.support.screen import (
    change,
    drag,
    headline,
    press_button,
    query,
    reading,
    slider,
)


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
    page.wait_for_timeout(1000)  # what is there first is not spoken
    before = headline(page)
    drag(page, TOKENS, [0.8, 0.7, 0.6, 0.5], wait_ms=600)
    assert headline(page) != before
    assert page.evaluate("spoken") == []
    with change(page):
        page.mouse.up()
    page.wait_for_function("() => spoken.length")
    assert page.evaluate("spoken") == [headline(page)]


def test_the_heading_of_the_next_step_is_spoken_and_one_that_stays_is_not(open_page):
    page = open_page("/learn").page
    page.evaluate(SPOKEN)
    with change(page):
        slider(page, TOKENS).press("ArrowRight")
    page.wait_for_timeout(1500)
    assert page.evaluate("spoken") == []
    press_button(page, re.compile("^Next$"))
    page.wait_for_function("() => spoken.length")
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
