"""Every page on a phone: loaded once each, in dark; fingers meet every control, and the answer stays in sight while
the sidebar covers the page."""

import pytest

from tests.support.layout import faults_of_headings, faults_of_labels, small_controls
from tests.support.screen import (
    SLIDES,
    VIEWS,
    change,
    charts,
    drag,
    drag_on,
    figures,
    resize,
    scrolls_sideways,
    settle,
    slider,
    turn,
)

PHONE = {"width": 390, "height": 700}
PATHS = [path for path in VIEWS if path != SLIDES]  # those are for a projector
NAMED = ("timeline", "accuracy-mmlu", "accuracy-imagenet")  # charts that name their marks where there is room


@pytest.fixture(scope="module", params=PATHS)
def path(request):
    """The paths, in turn: all tests of a path share its page."""
    return request.param


@pytest.fixture(scope="module")
def screen(path, tabs):
    """The page as loaded by a visitor who has a dark phone; a test may find the window resized, or the page light."""
    screen = tabs.open(path, **PHONE, scheme="dark")
    yield screen
    tabs.free(screen)


@pytest.fixture
def page(screen):
    """The page, in the window of the phone."""
    resize(screen.page, **PHONE)
    return screen.page


def open_sidebar(page):
    """Opens it over the page, as a visitor does; it stays open from page to page."""
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".stSidebar[data-collapsed=false]").wait_for()
    settle(page)


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_it_opens_without_a_complaint_and_fits_the_window(screen, page, scheme):
    turn(page, scheme)
    assert page.locator("h1").count() == 1
    assert not scrolls_sideways(page)
    assert screen.complaints == []


def test_sections_outrank_the_charts_in_them_to_the_eye_and_to_a_screen_reader(page):
    assert faults_of_headings(page) == []


def test_no_names_of_marks_are_in_the_way(page):
    for key in NAMED:
        if page.locator(f".st-key-chart-{key}").count():
            names = page.locator(f".st-key-chart-{key} .textpoint")
            assert names.count() > 0
            assert not any(one.is_visible() for one in names.all())
            assert page.locator(f".st-key-chart-{key} .scatterlayer .point").count() >= 38


@pytest.mark.parametrize("width", [390, 320])
def test_no_label_lies_over_another_or_over_a_mark_or_is_cut_off(page, width):
    resize(page, width, PHONE["height"])
    assert faults_of_labels(page) == []


def fits_at_200_percent(page):
    """Nothing scrolls sideways, and every chart says its sentence."""
    assert not scrolls_sideways(page)
    drawn = page.get_by_role("figure")
    assert drawn.count() == len(charts(page))
    for one in drawn.all():
        heading, sentence = one.evaluate(
            "one => [...one.parentElement.querySelectorAll('.oce-chart-heading, p')].map(part => part.textContent)"
        )
        assert heading.strip()
        assert sentence.strip()
        assert one.get_attribute("aria-label") == f"{heading}. {sentence}"


def test_at_200_percent_it_fits(page):
    """A window of 1280 × 800 has 640 × 400 of the page's pixels then."""
    resize(page, 640, 400)
    fits_at_200_percent(page)


def test_a_slide_fits_at_200_percent(open_page):
    fits_at_200_percent(open_page(SLIDES, 640, 400).page)


def test_every_control_has_24_pixels_for_a_finger(page):
    open_sidebar(page)
    assert small_controls(page) == []


def is_in_sight(page):
    """Whether the answer in the sidebar is within the window, with nothing over it."""
    return page.locator(".stSidebar p.answer b").first.evaluate(
        """answer => {
            const box = answer.getBoundingClientRect();
            return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === answer;
        }"""
    )


@pytest.mark.parametrize("opened", ["/", "/compare", "/data"])
def test_the_answer_stays_in_sight_and_follows_the_thumb(open_page, opened):
    page = open_page(opened, **PHONE).page
    open_sidebar(page)
    seen = []
    for label in ("Training tokens, slider", "Device count, slider"):
        slider(page, label).scroll_into_view_if_needed()
        for move, share in ((drag, 0.6), (drag_on, 0.5)):
            move(page, label, [share], wait_ms=1200)
            assert is_in_sight(page)
            seen.append(page.locator("p.answer").inner_text())
        with change(page):
            page.mouse.up()
        assert page.locator("p.answer").inner_text() == seen[-1]
    assert len(set(seen)) == 4
    if opened == "/":
        for figure in page.locator("p.answer b").all_inner_texts():
            assert figure in " ".join(figures(page).split())


def test_where_the_sidebar_stands_beside_the_page_the_answer_is_not_said_twice(open_page):
    assert not open_page("/").page.locator("p.answer").is_visible()
