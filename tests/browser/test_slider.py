"""The slider of our own: what it moves follows while it is dragged, and it works by keyboard as Streamlit's does."""

import re
import time

import pytest

from oce import descriptions, estimate, units
from oce.catalog import model
from tests.support.screen import (
    ANSWER_MS,
    change,
    charts,
    choose,
    drag,
    drag_on,
    figures,
    headline,
    press,
    query,
    reading,
    settle,
    slider,
    thumb_at,
)

TOKENS = "Training tokens, slider"


def test_the_answer_follows_the_thumb_and_the_address_waits_for_its_release(open_page):
    screen = open_page("/")
    page = screen.page
    length = page.evaluate("history.length")
    asked = page.evaluate("window.__seen.asked")
    seen, drawings = [], []
    for share in (0.8, 0.75, 0.7, 0.65, 0.6):
        before = headline(page), charts(page)
        (drag_on if seen else drag)(page, TOKENS, [share])
        wait_for_both(page, *before)
        seen.append((headline(page), figures(page)))
        drawings.append(charts(page))
        boxed = page.get_by_label("Training tokens", exact=True).input_value()
        assert boxed == reading(slider(page, TOKENS))
    assert len({str(one) for one in seen}) == 5
    assert len({str(one) for one in drawings}) == 5
    assert page.evaluate("window.__seen.asked") == asked  # no run of the page yet
    assert query(page) == {}
    with change(page):
        page.mouse.up()
    tokens = float(query(page)["tokens"])
    run = model("llama-3-70b").scenario().replace(tokens=tokens)
    assert headline(page) == units.typeset(descriptions.headline(estimate(run)))
    assert (headline(page), figures(page)) == seen[-1]
    assert page.evaluate("history.length") <= length + 1
    assert page.get_by_label("Training tokens", exact=True).input_value() == reading(slider(page, TOKENS))
    assert screen.complaints == []


def wait_for_both(page, said, drawn):
    """Waits until the page says and draws something else, which takes longer on a busy machine."""
    last = time.monotonic() + ANSWER_MS / 1000
    while (headline(page) == said or charts(page) == drawn) and time.monotonic() < last:
        page.wait_for_timeout(20)


def test_what_follows_is_what_the_run_of_the_page_says(open_page):
    page = open_page("/").page
    drag(page, TOKENS, [0.5], wait_ms=1500)  # charts out of view follow when there is time
    settle(page)
    # below: the bridge of the preset, which is faded while a slider moves
    shown = headline(page), figures(page), page.locator("p.strip").inner_text(), charts(page)[:4]
    with change(page):
        page.mouse.up()
    assert (headline(page), figures(page), page.locator("p.strip").inner_text(), charts(page)[:4]) == shown


def test_the_axes_hold_still_while_it_is_dragged_grow_by_steps_and_fit_again_once_it_is_let_go(open_page):
    page = open_page("/?tokens=6e12").page
    ends = "document.querySelector('.st-key-chart-carbon .js-plotly-plot')._fullLayout.xaxis.range[1]"
    before = page.evaluate(ends)
    at = thumb_at(slider(page, TOKENS))
    drag(page, TOKENS, [at - 0.02], wait_ms=800)
    assert page.evaluate(ends) == before
    drag_on(page, TOKENS, [at + 0.03], wait_ms=800)
    wider = page.evaluate(ends)
    assert wider > 1.2 * before
    drag_on(page, TOKENS, [at - 0.02], wait_ms=800)
    assert page.evaluate(ends) == wider
    with change(page):
        page.mouse.up()
    assert page.evaluate(ends) < before


def test_dragged_there_and_back_all_is_as_it_was(open_page):
    page = open_page("/?tokens=2e12").page
    before = headline(page), figures(page), charts(page)
    drag(page, TOKENS, [0.3, 0.9, thumb_at(slider(page, TOKENS))], wait_ms=300)
    assert reading(slider(page, TOKENS)) == "2T"
    page.mouse.up()
    page.wait_for_timeout(200)
    settle(page)
    assert (headline(page), figures(page), charts(page)) == before
    assert query(page) == {"tokens": "2e12"}


def test_keys_take_one_step_a_tenth_and_the_ends(open_page):
    page = open_page("/").page
    tokens = slider(page, TOKENS)
    places = int(tokens.get_attribute("max"))
    at = int(tokens.input_value())
    press(tokens, "ArrowRight")
    assert int(tokens.input_value()) == at + 1
    press(tokens, "PageDown")
    assert abs(at + 1 - int(tokens.input_value()) - places / 10) <= 1
    press(tokens, "Home")
    assert reading(tokens) == "100M"
    press(tokens, "End")
    assert reading(tokens) == "100T"
    assert query(page)["tokens"] == "100e12"


def test_between_two_keys_the_answer_for_the_next_is_asked_for_once(open_page):
    page = open_page("/?tokens=2e12").page
    asked = []
    page.on("request", lambda request: "/oce/live" in request.url and asked.append(request.url))
    press(slider(page, TOKENS), "ArrowRight", "ArrowRight")
    assert len(set(asked)) == len(asked) == 3  # two that were moved to, and the next
    run = model("llama-3-70b").scenario().replace(tokens=float(query(page)["tokens"]))
    assert headline(page) == units.typeset(descriptions.headline(estimate(run)))


def test_on_a_page_without_a_preview_it_reports_while_it_is_dragged(open_page):
    screen = open_page("/data")
    page = screen.page
    asked = page.evaluate("window.__seen.asked")
    drag(page, TOKENS, [0.8, 0.7, 0.6], wait_ms=700)
    assert page.evaluate("window.__seen.asked") > asked
    assert "tokens" not in query(page)
    with change(page):
        page.mouse.up()
    page.wait_for_timeout(300)
    settle(page)
    assert float(query(page)["tokens"]) > 0
    assert page.get_by_label("Training tokens", exact=True).input_value() == reading(slider(page, TOKENS))
    assert screen.complaints == []


def test_the_values_of_the_text_entry_and_the_slider_follow_each_other(open_page):
    page = open_page("/").page
    entry = page.get_by_label("Parameters", exact=True)
    entry.fill("8B")
    with change(page):
        entry.press("Enter")
    assert reading(slider(page, "Parameters, slider")) == "8B"
    press(slider(page, "Parameters, slider"), "ArrowRight")
    assert entry.input_value() == "9B"


def test_an_answer_that_fails_leaves_the_last_run_standing_until_the_next(open_page):
    page = open_page("/").page
    page.route(re.compile("/oce/live"), lambda route: route.abort())
    before = figures(page)
    drag(page, TOKENS, [0.5], wait_ms=300)
    assert figures(page) == before
    with change(page):
        page.mouse.up()
    assert figures(page) != before


def test_compare_follows_too_and_the_run_says_the_same(open_page):
    screen = open_page("/compare?compare=own~~device-a100-sxm-80gb~~region-FRA~pue-1.5&baseline=1")
    page = screen.page
    asked = page.evaluate("window.__seen.asked")

    def shown():
        return headline(page), page.locator("table.plain").first.inner_text(), charts(page)

    before = shown()
    drag(page, TOKENS, [0.5], wait_ms=1500)
    settle(page)
    moved = shown()
    assert all(now != then for now, then in zip(moved[1:], before[1:], strict=True))
    assert page.evaluate("window.__seen.asked") == asked
    with change(page):
        page.mouse.up()
    assert shown() == moved
    assert screen.complaints == []


@pytest.mark.parametrize(
    "path",
    [
        "/compare?together=sum", "/lifetime?region=USA&years=2", "/scaling?mmlu=70", "/landscape",
        "/landscape?view=energy", "/evidence", "/learn?step=3", "/learn?step=all",
    ],
)  # fmt: skip
def test_every_page_follows_and_the_run_says_the_same(open_page, path):
    screen = open_page(path)
    page = screen.page
    asked = page.evaluate("window.__seen.asked")

    def shown():
        texts = page.locator("[data-oce]").evaluate_all("all => all.map(one => [one.dataset.oce, one.innerHTML])")
        return headline(page), dict(texts), charts(page)

    before = shown()
    drag(page, TOKENS, [0.5], wait_ms=1500)
    settle(page)
    moved = shown()
    assert moved != before
    assert page.evaluate("window.__seen.asked") == asked
    with change(page):
        page.mouse.up()
    assert shown() == moved
    assert screen.complaints == []


def test_a_slider_of_a_page_follows_like_those_of_the_sidebar(open_page):
    page = open_page("/lifetime").page
    asked, before = page.evaluate("window.__seen.asked"), headline(page)
    drag(page, "Years in service, slider", [0.9], wait_ms=800)
    settle(page)
    moved = headline(page), figures(page)
    assert moved[0] != before
    assert page.evaluate("window.__seen.asked") == asked
    with change(page):
        page.mouse.up()
    assert (headline(page), figures(page)) == moved
    assert page.get_by_label("Years in service", exact=True).input_value() == query(page)["years"]


def test_what_the_waterfall_leads_to_is_kept_while_a_slider_moves(open_page):
    page = open_page("/compare").page
    choose(page, "Explain the difference to", "A100")
    leads_to = page.locator(".oce-chart-sentence", has_text="A100")
    before = leads_to.count()
    assert before
    drag(page, TOKENS, [0.5], wait_ms=1500)
    settle(page)
    assert leads_to.count() == before
