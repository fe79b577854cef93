"""What is taken from the screen says what the screen says, and opens again."""

import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from oce.importers import saved_scenarios
from tests.support.screen import change, scrolls_sideways, settle


def opened(open_page, path="/", **size):
    screen = open_page(path, **size)
    with change(screen.page):
        screen.page.get_by_text("Take it with you").click()
    return screen


def form(page, name):
    """The text under one of the panel's tabs."""
    page.get_by_role("tab", name=name, exact=True).click()
    settle(page)
    return page.locator("[data-testid=stCode]:visible").first.inner_text()


def headline(page):
    return page.locator("h1").first.inner_text()


def test_the_sentence_and_the_card_have_the_number_of_the_headline(open_page):
    screen = opened(open_page)
    page = screen.page
    total = headline(page).split("about ")[1].split(" (")[0].replace("CO₂e", "CO2e")  # exports keep to ASCII
    for name in ("Sentence", "Model card"):
        assert total in form(page, name).replace("\N{NO-BREAK SPACE}", " ")
    assert screen.complaints == []


def test_the_link_opens_the_same_screen(open_page):
    screen = opened(open_page, "/?tokens=2e12&device=a100-sxm-80gb")
    link = form(screen.page, "Link").strip()
    asked = urlsplit(link)
    assert parse_qs(asked.query) == {"tokens": ["2e12"], "device": ["a100-sxm-80gb"]}
    again = open_page(f"{asked.path or '/'}?{asked.query}")
    assert headline(again.page) == headline(screen.page)


def test_a_saved_json_brings_the_scenario_back(open_page, tmp_path):
    screen = opened(open_page, "/?tokens=2e12&device=a100-sxm-80gb&region=FRA")
    page = screen.page
    before = headline(page)
    with page.expect_download() as saved:
        page.get_by_role("button", name="JSON", exact=True).click()
    file = tmp_path / "saved.json"
    saved.value.save_as(file)
    [(_, scenario)] = saved_scenarios.read(file.read_bytes())
    assert scenario.tokens == 2e12
    other = opened(open_page)
    assert headline(other.page) != before
    with change(other.page):
        other.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(file)
    assert headline(other.page).split(" on ")[1] == before.split(" on ")[1]
    assert other.complaints == []


def test_a_file_that_is_not_ours_is_refused_and_costs_nothing(open_page, tmp_path):
    screen = opened(open_page)
    before = headline(screen.page)
    file = tmp_path / "other.json"
    file.write_text(json.dumps({"scenario": {"tokens": "many", "parameters": 1e9}}))
    with change(screen.page):
        screen.page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(file)
    assert "tokens: “many” is not allowed" in screen.page.locator("[data-testid=stAlert]").inner_text()
    assert headline(screen.page) == before


@pytest.mark.parametrize("path", ["/", "/compare"])
def test_the_report_stands_alone_and_has_every_chart_of_the_page_in_black_on_white(open_page, browser, tmp_path, path):
    page = opened(open_page, path, scheme="dark").page
    with page.expect_download() as saved:
        page.get_by_role("button", name="Report to print (HTML)").click()
    assert saved.value.suggested_filename == "training-carbon.html"
    file = tmp_path / "report.html"
    saved.value.save_as(file)
    text = file.read_text()
    assert text.startswith("<!doctype html>")
    assert "<script" not in text
    context = browser.new_context(viewport={"width": 800, "height": 1000})
    asked, complaints = [], []
    printed = context.new_page()
    printed.on("request", lambda request: asked.append(request.url))
    printed.on("console", lambda message: complaints.append(message.text))
    printed.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert complaints == []
    headings = page.locator(".oce-chart-heading").all_inner_texts()
    assert len(headings) == {"/": 5, "/compare": 4}[path]
    assert printed.locator("figure > h2").all_inner_texts() == headings
    assert [name.partition(".")[0] for name in accessible_names(printed)] == headings
    ink = "text => getComputedStyle(text).fill"
    assert printed.locator("figure .xtick text").first.evaluate(ink) == "rgb(26, 26, 26)"
    assert not scrolls_sideways(printed)
    sheets = re.findall(rb"/Type\s*/Page\b", printed.pdf(format="A4", prefer_css_page_size=True))
    assert len(sheets) <= {"/": 1, "/compare": 2}[path]
    context.close()


def accessible_names(printed):
    return [drawing.get_attribute("aria-label") for drawing in printed.locator("figure > svg[role=img]").all()]


def test_the_panel_fits_a_phone(open_page):
    page = opened(open_page, width=390).page
    assert not scrolls_sideways(page)
