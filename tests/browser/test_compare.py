"""The Compare page as a planner uses it."""

from urllib.parse import urlsplit

import pytest

from tests.support.screen import (
    change,
    choose,
    drag,
    drawn,
    enter,
    headline,
    press_button,
    query,
    scrolls_sideways,
    slider,
)


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
    choose(first, "Add a trained model", "GPT-3 175B")
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
    enter(page, "Carbon budget (t CO₂e)", "200 t")
    assert headline(page).startswith("All three stay within 200 t CO₂e even at the high end; only ")
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
    press_button(page, "Remove option 1")
    assert query(page)["compare"] == "device-a100-sxm-80gb~~device-tpu-v4"
    assert "A100 SXM4 80GB" in cells(page)
    assert focused(page) == "Remove option 1"  # which was the second


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


def focused(page):
    """What the focus is on."""
    return page.evaluate(
        "document.activeElement.ariaLabel || document.activeElement.innerText.replace(/\\s+/g, ' ').trim()"
    )


def field(page, label, option):
    """A field of an option's card, by its label."""
    return page.locator(".st-key-options").get_by_label(label, exact=True).nth(option - 1)


def type_into(page, label, option, text):
    """Types over what stands in a field of an option's card, then Enter."""
    entry = field(page, label, option)
    entry.fill(text)
    with change(page):
        entry.press("Enter")


def test_any_option_is_edited_where_it_stands_again_and_again(open_page):
    screen = open_page("/compare")
    page = screen.page
    type_into(page, "Number", 2, "1k")
    assert query(page)["compare"] == "own~~device-a100-sxm-80gb~device_count-1000~~device-tpu-v4"
    type_into(page, "Option 1", 1, "Ours")
    assert query(page)["compare"].startswith("name-Ours~~device-a100-sxm-80gb~device_count-1000")
    assert "Ours" in cells(page)
    press_button(page, "More of option 2")
    entry = page.get_by_test_id("stPopoverBody").get_by_label("Parameters", exact=True)
    entry.fill("100B")
    with change(page):
        entry.press("Enter")
    assert "parameters-100e9" in query(page)["compare"].split("~~")[1]
    assert entry.input_value() == "100B"  # and it stays open
    assert screen.complaints == []


def test_a_bad_value_is_said_on_its_card_and_costs_nothing(open_page):
    page = open_page("/compare").page
    before = cells(page)
    type_into(page, "Number", 3, "lots")
    card = page.locator(".st-key-option_3")
    assert "“lots”" in card.get_by_role("alert").inner_text()
    assert field(page, "Number", 3).input_value() == "lots"
    assert cells(page) == before
    type_into(page, "Number", 3, "64")
    assert card.get_by_role("alert").count() == 0


def test_an_offer_is_added_in_a_line_and_one_that_cannot_be_read_stays(open_page):
    page = open_page("/compare").page
    enter(page, "Add an offer", "512 H100 in Virginia")
    assert query(page)["compare"].endswith("~~device-h100-sxm~device_count-512~region-US-VA")
    assert focused(page) == "Add an offer"  # for the next
    enter(page, "Add an offer", "512 bananas in Virginia")
    assert "bananas" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Add an offer", exact=True).input_value() == "512 bananas in Virginia"
    assert len(query(page)["compare"].split("~~")) == 4


def test_the_keyboard_moves_an_option_and_the_focus_goes_along(open_page):
    page = open_page("/compare").page
    moved = page.get_by_role("button", name="Earlier option 3")
    moved.focus()
    for order, at in (("own~~device-tpu-v4~~device-a100-sxm-80gb", 2), ("device-tpu-v4~~own~~device-a100-sxm-80gb", 1)):
        with change(page):
            page.keyboard.press("Enter")
        assert query(page)["compare"] == order
        assert focused(page) == f"Earlier option {at}"


@pytest.mark.parametrize("width", [1280, 390, 320])
def test_cards_stand_below_the_answer_beside_each_other_or_one_under_the_other_and_nothing_jumps(open_page, width):
    page = open_page("/compare", width=width).page
    boxes = [page.locator(f".st-key-option_{number}").bounding_box() for number in (1, 2, 3)]
    assert len({box["y"] for box in boxes}) == (1 if width == 1280 else 3)
    assert page.locator("h1").bounding_box()["y"] < boxes[0]["y"]
    if width == 1280:
        assert boxes[0]["y"] + boxes[0]["height"] < 800
    assert not scrolls_sideways(page)
    for button in page.locator(".st-key-options button").all():
        box = button.bounding_box()
        assert box["width"] >= 24
        assert box["height"] >= 24
    number = field(page, "Number", 3)
    number.scroll_into_view_if_needed()
    before = number.bounding_box()["y"]
    type_into(page, "Number", 3, "512")
    headline_grew = 40  # by a line
    assert abs(number.bounding_box()["y"] - before) <= headline_grew
    assert focused(page) == "Number"


def test_the_sidebar_says_what_it_changes_on_compare_alone(open_page):
    page = open_page("/compare?compare=own~~device-tpu-v4~~model-gpt-3-175b").page
    said = page.locator(".stSidebar").get_by_text("A change here changes options 1 and 2")
    assert said.is_visible()
    type_into(page, "Number", 1, "512")
    assert "Devices (1)" in said.inner_text()
    with change(page):
        page.get_by_role("link", name="Plan").first.click()
    assert page.locator(".stSidebar").get_by_text("A change here").count() == 0


def sidebar(page, label):
    """A control of the sidebar, by its label."""
    return page.locator(".stSidebar").get_by_label(label, exact=True)


def changes_option(page, which):
    """The button at the sidebar's top for all options, or for one."""
    return page.locator(".stSidebar").get_by_role("radio", name=which, exact=True)


def test_the_sidebar_changes_one_option_alone_where_that_is_chosen_by_keyboard_too(open_page):
    screen = open_page("/compare?compare=own~~device-a100-sxm-80gb~~device-tpu-v4")
    page = screen.page
    changes_option(page, "All").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    with change(page):
        page.keyboard.press("Space")
    page.locator(".stSidebar h2", has_text="Option 2").wait_for()
    assert sidebar(page, "Which A100").input_value() == "A100 SXM4 80GB"
    enter(page, "Training tokens", "3T")
    assert query(page) == {"compare": "own~~device-a100-sxm-80gb~tokens-3e12~~device-tpu-v4"}
    enter(page, "Training tokens", "lots")
    assert "“lots” cannot be used" in page.locator(".stSidebar").get_by_role("alert").inner_text()
    with change(page):
        changes_option(page, "All").click()
    assert sidebar(page, "Training tokens").input_value() == "15T"
    assert page.locator(".stSidebar").get_by_role("alert").count() == 0
    enter(page, "Training tokens", "2T")
    assert query(page)["tokens"] == "2e12"
    assert "tokens-3e12" in query(page)["compare"]
    assert screen.complaints == []


def test_a_drag_for_one_option_moves_its_figures_and_leaves_your_scenario(open_page):
    screen = open_page("/compare?compare=own~~device-a100-sxm-80gb", width=390)
    page = screen.page
    page.get_by_test_id("stExpandSidebarButton").click()
    with change(page):
        changes_option(page, "2").click()
    before = cells(page)
    slider(page, "Training tokens, slider").scroll_into_view_if_needed()
    drag(page, "Training tokens, slider", (0.75,))
    page.wait_for_function("before => document.querySelector('table.plain').innerText !== before", arg=before)
    moving = cells(page)
    with change(page):
        page.mouse.up()
    assert cells(page) == moving
    assert set(query(page)) == {"compare"}
    assert query(page)["compare"].startswith("own~~device-a100-sxm-80gb~tokens-")
    assert screen.complaints == []
