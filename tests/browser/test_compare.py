"""The Compare page as a planner uses it."""

from urllib.parse import urlsplit

from tests.support.screen import change, choose, drawn, headline, query


def cells(page):
    return page.locator("table.plain").first.inner_text()


def test_it_opens_with_your_scenario_on_three_devices(open_page):
    screen = open_page("/compare")
    for name in ("H100 SXM", "A100 SXM4 80GB", "TPU v4", "baseline"):
        assert name in cells(screen.page)
    assert screen.complaints == []


def test_a_device_that_nobody_measured_beside_the_baseline_says_so_and_wins_nothing_silently(open_page):
    page = open_page("/compare").page
    assert "bracketed, not measured" in cells(page)
    choose(page, "Baseline", "TPU v4")
    assert "may emit" in headline(page)
    assert "bracketed, not measured" in headline(page)


def test_a_copied_link_opens_the_same_comparison(open_page):
    first = open_page("/compare").page
    with change(first):
        first.get_by_role("button", name="Add this model").click()
    choose(first, "Baseline", "TPU v4")
    assert query(first)["compare"] == "own~~device-a100-sxm-80gb~~device-tpu-v4~~model-gpt-3-175b"
    assert query(first)["baseline"] == "2"
    second = open_page("/compare?" + urlsplit(first.url).query).page
    assert headline(second) == headline(first)
    assert cells(second) == cells(first)
    assert drawn(second) == drawn(first)


def test_a_scenario_is_removed_and_the_rest_stays(open_page):
    page = open_page("/compare").page
    with change(page):
        page.get_by_role("button", name="Remove").click()
    assert query(page)["compare"] == "device-a100-sxm-80gb~~device-tpu-v4"
    assert "A100 SXM4 80GB" in cells(page)


def test_the_comparison_survives_a_visit_to_another_page(open_page):
    page = open_page("/compare?compare=own~~region-FRA").page
    before = cells(page)
    with change(page):
        page.get_by_role("link", name="Data").click()
    assert "compare" not in query(page)
    with change(page):
        page.get_by_role("link", name="Compare").click()
    page.locator("table.plain").first.wait_for()
    assert cells(page) == before


def test_rubbish_in_the_link_is_named_and_the_rest_kept(open_page):
    screen = open_page("/compare?compare=own~~device-H1000~~region-FRA~pue-9")
    said = " ".join(screen.page.get_by_role("alert").all_inner_texts())
    assert "scenario 2, device" in said
    assert "scenario 3, pue" in said
    assert "France" in cells(screen.page)
    assert screen.complaints == []


def type_into_cell(page, row, column_x, text):
    """Types into a cell of the editable table: a double click opens it, the new text goes over the old, then Enter."""
    grid = page.get_by_test_id("stDataFrame").last
    grid.scroll_into_view_if_needed()
    grid.dblclick(position={"x": column_x, "y": 35 * (row + 1) + 17})
    page.locator(".gdg-input").wait_for()
    page.locator(".gdg-input").fill(text)
    with change(page):
        page.keyboard.press("Enter")


def test_any_scenario_is_edited_in_place_again_and_again(open_page):
    screen = open_page("/compare")
    page = screen.page
    type_into_cell(page, 1, 200, "100B")
    assert query(page)["compare"] == "own~~device-a100-sxm-80gb~parameters-100e9~~device-tpu-v4"
    type_into_cell(page, 0, 60, "Ours")
    assert query(page)["compare"].startswith("name-Ours~~device-a100-sxm-80gb~parameters-100e9")
    assert "Ours" in cells(page)
    assert screen.complaints == []


def test_a_bad_value_is_said_beside_the_table_and_costs_nothing(open_page):
    page = open_page("/compare").page
    before = cells(page)
    type_into_cell(page, 2, 200, "lots")
    assert "“lots”" in page.get_by_role("alert").inner_text()
    assert cells(page) == before
