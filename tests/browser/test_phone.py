"""On a phone: fingers meet every control, and the answer stays in sight while the sidebar covers the page."""

import pytest

from tests.support.screen import PAGES, change, drag, drag_on, figures, settle, slider

PHONE = {"width": 390, "height": 700}
# Controls that are seen and offer a finger less than 24 px. A link within a sentence is as high as its line; what is
# hidden behind a label or a track is met there; the link to the content shows when the keyboard reaches it.
SMALL = """() => [...document.querySelectorAll("button, a[href], input, summary, [role=tab], [role=button]")]
    .filter(one => one.checkVisibility({visibilityProperty: true}))
    .filter(one => !one.matches("p a, li a, td a, [data-testid=stSkipToContent]"))
    .map(one => [one, (one.closest(".stSlider [role=group]") ?? (one.matches("input") && one.closest("label")) || one)
        .getBoundingClientRect()])
    .filter(([, box]) => box.width > 0 && (box.width < 24 || box.height < 24))
    .map(([one, box]) => [one.ariaLabel || one.textContent, box.width, box.height])"""


def open_sidebar(page):
    """Opens it over the page, as a visitor does; it stays open from page to page."""
    page.get_by_test_id("stExpandSidebarButton").click()
    page.locator(".stSidebar[data-collapsed=false]").wait_for()
    settle(page)


@pytest.mark.parametrize("path", [*PAGES, "/learn?step=all"])
def test_every_control_has_24_pixels_for_a_finger(open_page, path):
    page = open_page(path, **PHONE).page
    open_sidebar(page)
    assert page.evaluate(SMALL) == []


def is_in_sight(page):
    """Whether the answer in the sidebar is within the window, with nothing over it."""
    return page.locator(".stSidebar p.answer b").first.evaluate(
        """answer => {
            const box = answer.getBoundingClientRect();
            return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2) === answer;
        }"""
    )


@pytest.mark.parametrize("path", ["/", "/compare", "/data"])
def test_the_answer_stays_in_sight_and_follows_the_thumb(open_page, path):
    page = open_page(path, **PHONE).page
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
    if path == "/":
        for figure in page.locator("p.answer b").all_inner_texts():
            assert figure in " ".join(figures(page).split())


def test_where_the_sidebar_stands_beside_the_page_the_answer_is_not_said_twice(open_page):
    assert not open_page("/").page.locator("p.answer").is_visible()
