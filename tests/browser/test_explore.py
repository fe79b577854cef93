"""The Explore page as a person uses it."""

from urllib.parse import urlsplit

import pytest

from oce import Scenario, descriptions, estimate, units
from oce.catalog import model
from tests.support.screen import (
    change,
    choose,
    drawn,
    figures,
    framed,
    headline,
    new_screen,
    press,
    query,
    reading,
    settle,
    slider,
)


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (390, 844)])
def test_the_answer_for_a_real_model_is_on_the_first_screen(open_page, width, height):
    page = open_page("/", width=width, height=height).page
    bottoms = {}
    for part in ("h1", "dl.figures", "p.strip"):
        box = page.locator(part).bounding_box()
        bottoms[part] = box["y"] + box["height"]
    assert bottoms["h1"] < bottoms["dl.figures"] < bottoms["p.strip"] < height
    expected = estimate(model("llama-3-70b").scenario())
    assert headline(page) == units.typeset(descriptions.headline(expected, "Llama 3 70B"))
    assert "interval" in headline(page)
    assert page.locator("p.strip").inner_text().count(" · ") == 2  # three assumptions


def test_a_slider_moved_by_keyboard_changes_figure_and_chart(open_page):
    screen = open_page("/")
    page = screen.page
    before, before_drawn = figures(page), drawn(page)
    tokens = slider(page, "Training tokens, slider")
    assert reading(tokens) == "15T"
    press(tokens, "ArrowRight")
    assert reading(tokens) == "20T"
    assert figures(page) != before
    assert drawn(page) != before_drawn
    run = model("llama-3-70b").scenario().replace(tokens=20e12)
    expected = units.typeset(units.shown_range(estimate(run).total_co2e_kg, units.MASS))
    assert expected in figures(page)
    press(tokens, "ArrowRight", "ArrowRight", "ArrowLeft", "ArrowLeft")  # the focus is still on the slider
    assert reading(tokens) == "20T"
    assert screen.complaints == []


def test_keys_pressed_faster_than_the_server_answers_are_not_lost(open_page):
    page = open_page("/").page
    tokens = slider(page, "Training tokens, slider")
    tokens.focus()
    with change(page):
        for _ in range(6):
            page.keyboard.press("ArrowLeft")
            page.wait_for_timeout(30)
    page.wait_for_timeout(300)
    settle(page)
    assert reading(tokens) == "6T"  # 12, 10, 9, 8, 7, 6
    assert query(page)["tokens"] == "6e12"


def test_a_link_reproduces_the_screen(open_page):
    first = open_page("/").page
    choose(first, "Device", "A100 SXM4 80GB")
    press(slider(first, "Parameters, slider"), "ArrowLeft", "ArrowLeft")
    choose(first, "Region", "France")
    path = "/?" + urlsplit(first.url).query
    assert query(first) == {"parameters": "60e9", "device": "a100-sxm-80gb", "region": "FRA"}
    second = open_page(path).page
    assert headline(second) == headline(first)
    assert figures(second) == figures(first)
    assert drawn(second) == drawn(first)
    assert urlsplit(second.url).query == urlsplit(first.url).query


def test_the_scenario_and_its_link_survive_a_change_of_page(open_page):
    page = open_page("/?tokens=2e12&device=a100").page
    before = figures(page)
    with change(page):
        page.get_by_role("link", name="Data").click()
    page.get_by_role("heading", name="Every number here has a source").wait_for()
    assert query(page) == {"tokens": "2e12", "device": "a100"}
    with change(page):
        page.get_by_role("link", name="Explore").click()
    page.locator("dl.figures").wait_for()
    assert figures(page) == before
    assert query(page) == {"tokens": "2e12", "device": "a100"}


def test_a_link_to_another_page_carries_its_scenario_along(open_page):
    page = open_page("/data?tokens=2e12").page
    with change(page):
        page.get_by_role("link", name="Explore").click()
    settle(page)
    assert "2T" in page.get_by_label("Training tokens", exact=True).input_value()


def test_the_back_button_goes_back_to_the_scenario_before(open_page):
    page = open_page("/").page
    before = figures(page)
    press(slider(page, "Training tokens, slider"), "ArrowLeft")
    assert figures(page) != before
    with change(page):
        page.go_back()
    assert figures(page) == before
    assert query(page) == {}


def test_a_page_that_is_changed_to_is_one_entry_of_the_history_and_back_keeps_the_scenario(browser, visited_url):
    page = new_screen(browser, visited_url, 1280, 800, "light").page  # of its own: a browser keeps 50 entries at most
    page.goto(f"{visited_url}/?region=FRA&device_count=512")
    settle(page)
    for name in ("Data", "Scaling", "Data", "Scaling"):
        entries = page.evaluate("history.length")
        with change(page):
            page.get_by_role("link", name=name).click()
        settle(page)
        assert query(page) == {"region": "FRA", "device_count": "512"}
        assert page.evaluate("history.length") == entries + 1
    for path in ("/data", "/scaling", "/data", "/"):
        with change(page):
            page.go_back()
        assert urlsplit(page.url).path == path
        assert query(page) == {"region": "FRA", "device_count": "512"}
    page.context.close()


def test_enter_takes_the_place_that_is_meant_by_what_is_typed(open_page):
    page = open_page("/").page
    for typed, region in (("Montreal", "CA-QC"), ("Deutschland", "DEU"), ("FRA", "FRA")):
        choose(page, "Region", typed)
        assert query(page) == {"region": region}
    assert page.get_by_role("combobox", name="Region").input_value().startswith("France")
    choose(page, "Region", "USA")
    assert query(page) == {}  # that of the first scenario: the United States of today
    choose(page, "Region", "Germny")
    with change(page):
        page.get_by_role("button", name="Germany", exact=True).click()
    assert query(page) == {"region": "DEU"}


def test_a_preset_gives_the_number_of_the_library(open_page):
    page = open_page("/").page
    choose(page, "Model", "GPT-3")
    expected = estimate(model("gpt-3-175b").scenario())
    assert headline(page) == units.typeset(descriptions.headline(expected, "GPT-3 175B"))
    for name in ("total_co2e_kg", "energy_kwh", "time_to_train_hours"):
        assert units.typeset(units.shown_range(getattr(expected, name), units.SCALES[name])) in figures(page)


def test_rubbish_in_a_link_is_named_and_the_rest_is_kept(open_page):
    screen = open_page("/?tokens=2e12&device=H1000&pue=0.5&colour=red&parameters=%3Cb%3Ebig%3C/b%3E")
    warnings = " ".join(screen.page.get_by_role("alert").all_inner_texts())
    for part in ("device: “H1000”", "nearest: H100 SXM", "pue: 0.5", "1 … 3", "colour: no such field", "<b>big</b>"):
        assert part in warnings
    wrong = {"device": "H1000", "pue": "0.5", "colour": "red", "parameters": "<b>big</b>"}
    assert query(screen.page) == {"tokens": "2e12", **wrong}  # what is wrong stays until something changes
    assert screen.complaints == []


def test_a_text_that_is_no_number_is_named_kept_and_costs_nothing(open_page):
    page = open_page("/").page
    before = figures(page)
    entry = page.get_by_label("Training tokens", exact=True)
    entry.fill("lots")
    with change(page):
        entry.press("Enter")
    assert "“lots” cannot be used" in page.get_by_role("alert").inner_text()
    assert entry.input_value() == "lots"
    assert figures(page) == before
    entry.fill("12.5T")
    with change(page):
        entry.press("Enter")
    assert page.get_by_role("alert").count() == 0
    assert query(page)["tokens"] == "12.5e12"
    assert reading(slider(page, "Training tokens, slider")) == "12.5T"


def test_a_device_without_a_published_alpha_says_so_and_offers_some_that_have_one(open_page):
    screen = open_page("/?device=b200&throughput=published")
    page = screen.page
    assert headline(page) == "The paper has no α for B200"
    with change(page):
        page.get_by_role("button", name="Use H100 SXM").click()
    assert "H100 SXM" in headline(page)
    assert screen.complaints == []


def test_the_page_around_a_space_is_told_the_scenario(open_page, app_url):
    """Spaces keep their own address bar: they listen for a message with the query (hub docs)."""
    outer = open_page("/data").page
    frame = f"<iframe src='{app_url}/?embed=true' width=1200 height=900></iframe>"
    listen = "<script>window.heard = []; onmessage = event => event.data.queryString && heard.push(event.data)</script>"
    outer.route("https://huggingface.co/**", lambda route: route.fulfill(content_type="text/html", body=listen + frame))
    outer.goto("https://huggingface.co/spaces/somebody/something", wait_until="domcontentloaded")
    tokens = outer.frame_locator("iframe").locator("input[type=range][aria-label='Training tokens, slider']")
    tokens.press("ArrowRight", timeout=60_000)
    outer.wait_for_function("heard.some(one => one.queryString === 'tokens=20e12')")


def test_it_works_in_the_frame_of_a_space(open_page, app_url):
    """A Space shows the app in a sandboxed frame of another site, and passes the query on at the first load."""
    frame = framed(open_page("/data").page, app_url, "tokens=2e12")
    run = Scenario(**{**model("llama-3-70b").fields, "tokens": 2e12})
    assert units.typeset(descriptions.headline(estimate(run))) == frame.locator("h1").inner_text()
    frame.locator("input[type=range][aria-label='Training tokens, slider']").press("ArrowRight")
    frame.get_by_text("2.5T").first.wait_for()


def test_what_is_advanced_is_there_once_it_is_opened_and_stays_while_it_is_used(open_page):
    page = open_page("/").page
    controls = page.locator(".stSidebar details")
    with change(page):
        controls.locator("summary").click()
    for level in ("50%", "95%"):
        with change(page):
            controls.get_by_role("radio", name=level).click()
        assert f"{level} interval" in headline(page)
    with change(page):
        page.get_by_role("link", name="Lifetime").click()
    assert controls.get_by_role("radio", name="95%").is_checked()
