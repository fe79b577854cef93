"""The Plan page as a person uses it."""

import re

import numpy as np

from oce import Scenario, catalog
from oce.analysis import budget, combinations, levers, places, planning
from oce.catalog import model
from tests.support.screen import change, charts, choose, enter, press_button, query, table

RUN = model("llama-3-70b").scenario()


def test_it_opens_with_a_map_and_asks_no_other_host(open_page):
    screen = open_page("/plan")
    assert "what would you change?" in screen.page.locator("h1").inner_text()
    types = [trace["type"] for one in charts(screen.page) for trace in one["traces"]]
    assert types.count("choropleth") == 2
    countries = screen.page.evaluate("document.querySelectorAll('.geolayer .choroplethlayer path').length")
    assert countries == len(catalog.world()["features"])
    assert screen.complaints == []


def test_a_deadline_changes_the_devices_it_takes(open_page):
    page = open_page("/plan").page
    option = planning.deadline(RUN, 30, catalog.device("H100"))
    assert f"{option.devices_careful:,}" in table(page, "Devices, to be careful")
    enter(page, "Deadline (days)", "12.5")
    sooner = planning.deadline(RUN, 12.5, catalog.device("H100"))
    assert f"{sooner.devices_careful:,}" in table(page, "Devices, to be careful")
    press_button(page, f"Use {sooner.devices_careful:,} H100 SXM")
    assert query(page) == {"device_count": str(sooner.devices_careful)}
    assert page.get_by_label("Deadline (days)", exact=True).input_value() == "12.5"  # as it was entered


def test_an_impossible_deadline_and_budget_get_a_sentence(open_page):
    screen = open_page("/plan")
    page = screen.page
    enter(page, "Deadline (days)", "0")
    assert "allow more than 0 days" in page.get_by_role("alert").inner_text()
    enter(page, "Deadline (days)", "30")
    assert page.get_by_role("alert").count() == 0
    enter(page, "Carbon budget (t CO2e)", "0")
    assert "allow more than 0 kg" in page.get_by_role("alert").inner_text()
    assert screen.complaints == []


def test_a_smaller_budget_allows_fewer_tokens(open_page):
    page = open_page("/plan").page
    before = table(page, "Largest, to be careful")
    enter(page, "Carbon budget (t CO2e)", "100")
    assert table(page, "Largest, to be careful") != before
    press_button(page, re.compile("Use .* tokens"))
    allowed = budget.largest_run(RUN, 100_000, "tokens").careful
    assert abs(float(query(page)["tokens"]) / allowed - 1) < 1e-6


def test_a_place_that_the_run_is_moved_to_becomes_the_scenario(open_page):
    screen = open_page("/plan")
    page = screen.page
    choose(page, "New place", "France ·")
    there = {one.region.id: one for one in places.ranked(RUN)}
    assert places.moving(there["USA"], there["FRA"]) in page.locator(".stMain").inner_text()
    press_button(page, "Make it your region")
    assert query(page) == {"region": "FRA"}
    assert "(France)" in page.locator(".stMain").inner_text()
    assert screen.complaints == []


def test_places_of_another_basis_are_ranked_apart_and_it_is_said(open_page):
    page = open_page("/plan").page
    with change(page):
        page.get_by_text("Direct", exact=True).click()
    ranked = page.locator("[class*='st-key-chart-ranking']").inner_text()
    direct = [one for one in places.ranked(RUN) if one.region.basis == "direct"]
    assert f"of {len(direct)} places" in ranked
    assert "Not counted alike" in ranked


def test_a_point_of_the_front_becomes_the_scenario_by_a_click_and_by_the_list(open_page):
    screen = open_page("/plan?device=a100-sxm-80gb")
    page = screen.page
    before = page.locator("h1").inner_text()
    found = combinations.combine(
        RUN, ("h100-sxm", "a100-sxm-80gb", "tpu-v4"), ("USA", "FRA", "SWE"), (4096, 8192, 16384, 32768)
    )
    cleanest = int(np.argmin(np.where(found.pareto_front, found.columns["total_co2e_kg_central"], np.inf)))
    device, region, count = (str(found.columns[name][cleanest]) for name in ("device", "region", "device_count"))
    shown = {"device": device} if device != RUN.device else {}  # the link has nothing of what the app opens with
    best = page.locator("[class*='st-key-chart-front'] .scatterlayer .trace").nth(-2).locator(".point").last
    best.scroll_into_view_if_needed()
    box = best.bounding_box()
    with change(page):
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert query(page) == {**shown, "device_count": count, "region": region}
    assert page.locator("h1").inner_text() != before
    press_button(page, "Make it your scenario")  # the fastest of the list, of twice as many
    assert query(page)["device_count"] == str(2 * int(count))
    assert screen.complaints == []


def test_a_lever_that_is_ticked_off_is_not_pulled(open_page):
    page = open_page("/plan").page
    chart = page.locator("[class*='st-key-chart-levers']")
    assert "Region:" in chart.inner_text()
    with change(page):
        page.locator("[class*='st-key-plan_lever_region'] label").click()
    assert "Region:" not in chart.inner_text()
    left = levers.pulled(RUN, [key for key in levers.LEVERS if key != "region"])
    press_button(page, "Make all of it your scenario")
    after = Scenario(**{**model("llama-3-70b").fields, **query(page)})
    assert after.device == left[-1].scenario.device
    assert after.region == "USA"
