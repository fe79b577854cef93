"""What a page shows first, as HTML: its headline, what it is about, and nothing that could be used yet."""

import re
from types import SimpleNamespace

import pytest

from pages.session import site
from static import first_screen

CHARTS = {"explore": 2, "lifetime": 1, "scaling": 1, "landscape": 1, "evidence": 1, "learn": 1}


@pytest.fixture(scope="module")
def screens():
    return {page: first_screen.of_page(page) for page in site.PAGES}


def test_every_page_has_a_headline_and_its_first_charts_or_its_first_table(screens):
    assert {page: found.count("<h1>") for page, found in screens.items()} == dict.fromkeys(site.PAGES, 1)
    assert {page: found.count('class="plot"') for page, found in screens.items() if 'class="plot"' in found} == CHARTS
    assert [page for page in screens if page not in CHARTS] == ["compare", "plan", "data"]
    assert all("<tbody><tr>" in screens[page] for page in ("compare", "plan", "data"))


def test_controls_are_outlines_that_nobody_is_told_of(screens):
    for found in screens.values():
        assert not re.search(r"<(input|button|select|textarea|script|abbr)|tabindex|data-oce", found)
        assert re.findall(r'<div class="control[^>]*>', found) == re.findall(
            r'<div class="control[^>]*aria-hidden="true"[^>]*>', found
        )
    assert [page for page, found in screens.items() if 'class="control' not in found] == ["explore"]


def test_an_element_that_it_does_not_know_is_named():
    with pytest.raises(ValueError, match="nothing is known of how camera_input looks"):
        first_screen._drawn(SimpleNamespace(type="camera_input"))


def test_the_page_is_not_drawn_below_its_first_charts_or_its_first_table(screens):
    assert "The time" not in screens["explore"]
    assert "Within how much carbon? The largest run" not in screens["plan"]
    assert max(map(len, screens.values())) < 40_000
