"""Every page in a window of a desk: loaded once each, in light, and looked at in both themes."""

import pytest

from tests.support.layout import faults_of_headings, faults_of_labels
from tests.support.screen import SLIDES, VIEWS, change, resize, scrolls_sideways, settle, turn
from tools.get_axe import NoAxeError, get_axe

# What axe-core finds and is left, by its rule; nothing serious or critical, and any other finding is a fault.
LEFT = {
    "presentation-role-conflict": "Streamlit: the drop zone of st.file_uploader has a name, but no role",
}
HAS_LEFT = "/evidence"  # what each rule of the list is about
OF_COLOURS = ("color-contrast", "link-in-text-block")
TABLES = "The numbers as a table"
WITHOUT_TABLES = ("/landscape", "/landscape?view=era", "/landscape?view=era&unit=alpha&by=size", SLIDES, "/data")


@pytest.fixture(scope="module", params=VIEWS)
def path(request):
    """The paths, in turn: all tests of a path share its page."""
    return request.param


@pytest.fixture(scope="module")
def screen(path, tabs):
    """The page as loaded by a visitor who has a light desk; a test may find its panels opened, or the page dark."""
    screen = tabs.open(path, 1280, 800, "light")
    yield screen
    tabs.free(screen)


@pytest.fixture
def page(screen):
    """The page in light, in its first window."""
    resize(screen.page, 1280, 800)
    turn(screen.page, "light")
    return screen.page


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
    """What axe-core finds by some rules, or by all: rule, how grave, and where.

    It looks again where it finds something: an element that is still being painted in the other theme has neither's
    contrast, and on a busy machine that can be seconds after the page was turned.
    """
    found = _found(page, axe, *rules)
    if any(rule not in LEFT for rule, *_ in found):
        page.wait_for_timeout(2000)
        found = _found(page, axe, *rules)
    return found


def _found(page, axe, *rules):
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    result = page.evaluate("options => axe.run(document, options)", options)
    return [
        (one["id"], one["impact"], node["html"][:200], node["failureSummary"])
        for one in result["violations"]
        for node in one["nodes"]
    ]


def test_it_opens_without_a_complaint_and_fits_the_window(screen, page):
    assert page.locator("h1").count() == 1
    assert not scrolls_sideways(page)
    assert screen.complaints == []


def test_sections_outrank_the_charts_in_them_to_the_eye_and_to_a_screen_reader(page):
    assert faults_of_headings(page) == []


def test_no_label_lies_over_another_or_over_a_mark_or_is_cut_off(page):
    assert faults_of_labels(page) == []


def test_the_numbers_of_the_charts_are_a_table_when_asked_for(path, page):
    folded = page.locator("details:not([open])", has=page.get_by_text(TABLES))
    assert bool(folded.count()) == (path not in WITHOUT_TABLES)
    assert folded.locator("table").count() == 0
    panels = page.locator("details", has=page.get_by_text(TABLES)).all()
    for one in panels:
        with change(page):
            one.locator("summary").click()
        assert one.locator("table").count() >= 1
        for table in one.locator("table").all():
            assert all(table.locator("thead th").all_inner_texts())
            assert table.locator("tbody tr").count() >= 1


def test_turned_dark_it_fits_the_window_without_a_complaint(screen, page):
    turn(page, "dark")
    assert page.locator("h1").count() == 1
    assert not scrolls_sideways(page)
    assert screen.complaints == []


def test_axe_finds_nothing_of_ours_in_dark_and_light(path, screen, axe):
    page = screen.page
    turn(page, "dark")
    open_all(page)
    broken = violations(page, axe)
    turn(page, "light")
    broken += violations(page, axe, *OF_COLOURS)  # the page is the same but for its colours
    assert [one for one in broken if one[0] not in LEFT] == []
    if path == HAS_LEFT:
        assert set(LEFT) <= {rule for rule, *_ in broken}  # the list is not out of date
