"""The Compare page as a planner uses it."""

from urllib.parse import urlsplit

from tests.support.screen import change, choose, drawn, enter, headline, query


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
    assert "No clear difference" in headline(page)
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


OFFERS = (  # a planner's three
    "parameters=13e9&tokens=1.9e12&compare=device-h100-sxm~device_count-512~region-aws:us-east-1~pue-"
    "~~device-a100-sxm-80gb~device_count-1024~region-IRL~pue-~~device-tpu-v4~device_count-512~region-US-OK~pue-"
)


def test_a_deadline_and_a_budget_end_in_a_verdict_that_the_link_and_plan_keep(open_page):
    screen = open_page(f"/compare?{OFFERS}")
    page = screen.page
    assert "Chance" not in cells(page)
    enter(page, "Deadline (days)", "45 days")
    enter(page, "Carbon budget (t CO2e)", "200 t")
    assert headline(page).startswith("All three stay within 200 t CO2e even at the high end; only ")
    assert "Chance to finish within 45 days" in cells(page)
    assert (query(page)["deadline_days"], query(page)["carbon_budget_t"]) == ("45", "200")
    second = open_page("/compare?" + urlsplit(page.url).query).page
    assert headline(second) == headline(page)
    enter(page, "Deadline (days)", "soon")
    assert "“soon” cannot be used" in page.get_by_role("alert").inner_text()
    assert query(page)["deadline_days"] == "45"
    with change(page):
        page.get_by_role("link", name="Plan").click()
    assert (query(page)["deadline_days"], query(page)["carbon_budget_t"]) == ("45", "200")
    assert screen.complaints == []


def test_grids_that_are_not_counted_alike_are_said_above_the_answer_and_counted_alike_on_request(open_page):
    screen = open_page(f"/compare?{OFFERS}")
    page = screen.page
    warning = page.locator("[data-oce=grids]")
    assert "Oklahoma direct, production-based" in warning.inner_text()
    assert warning.bounding_box()["y"] < page.locator(".stMain h1").bounding_box()["y"]
    with change(page):
        page.get_by_text("Count all grids alike").click()
    assert query(page)["alike"] == "yes"
    assert not warning.inner_text()
    assert cells(page).count("lifecycle, consumption-based, 2025") == 3
    with change(page):
        page.get_by_text("Count all grids alike").click()
    assert "alike" not in query(page)
    assert screen.complaints == []


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
