"""The Plan page as a person uses it."""

import numpy as np

from oce import Scenario, catalog, estimate, units
from oce.analysis import budget, combinations, levers, places, planning, verdict
from oce.catalog import model
from tests.support.screen import change, charts, choose, drag, enter, press_button, query, table

RUN = model("llama-3-70b").scenario()


def test_it_opens_with_a_map_and_asks_no_other_host(open_page):
    screen = open_page("/plan")
    assert "what would you change?" in screen.page.locator("h1").inner_text()
    types = [trace["type"] for one in charts(screen.page) for trace in one["traces"]]
    assert types.count("choropleth") == 2
    countries = screen.page.evaluate("document.querySelectorAll('.geolayer .choroplethlayer path').length")
    assert countries == len(catalog.world()["features"])
    assert screen.complaints == []


def test_a_deadline_changes_the_devices_it_takes_and_is_in_the_link(open_page):
    page = open_page("/plan").page
    option = planning.deadline(RUN, 30, catalog.device("H100"))
    assert f"{option.devices_careful:,}" in table(page, "Devices, to be careful")
    enter(page, "Deadline (days)", "12.5")
    sooner = planning.deadline(RUN, 12.5, catalog.device("H100"))
    assert f"{sooner.devices_careful:,}" in table(page, "Devices, to be careful")
    assert query(page) == {"deadline_days": "12.5"}
    press_button(page, "Use H100 SXM")
    assert query(page) == {"device_count": str(sooner.devices_careful), "deadline_days": "12.5"}
    assert page.get_by_label("Deadline (days)", exact=True).input_value() == "12.5"  # as it was entered


def test_what_a_limit_cannot_be_is_told_and_kept(open_page):
    screen = open_page("/plan?carbon_budget_t=lots")
    page = screen.page
    assert "above 0" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Carbon budget (t CO₂e)", exact=True).input_value() == "lots"
    enter(page, "Carbon budget (t CO₂e)", "200 t")
    assert page.get_by_role("alert").count() == 0
    assert query(page) == {"carbon_budget_t": "200"}
    enter(page, "Deadline (days)", "0")
    assert "above 0, at most" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Deadline (days)", exact=True).input_value() == "0"
    assert screen.complaints == []


def test_with_what_you_have_the_chance_is_that_of_the_interval(open_page):
    page = open_page("/plan?deadline_days=45&carbon_budget_t=200").page
    result = estimate(RUN)
    chances = [
        verdict.in_words(verdict.chance_within(result.time_to_train_hours, 45 * 24, result.level)),
        verdict.in_words(verdict.chance_within(result.total_co2e_kg, 200_000, result.level)),
    ]
    shown = table(page, "Chance to keep to it")
    assert all(chance in shown for chance in chances)


def test_a_smaller_budget_allows_fewer_tokens(open_page):
    page = open_page("/plan").page
    before = table(page, "Largest, to be careful")
    enter(page, "Carbon budget (t CO₂e)", "100")
    assert table(page, "Largest, to be careful") != before
    press_button(page, "Use as many tokens as fit")
    allowed = budget.largest_run(RUN, 100_000, "tokens").careful
    assert abs(float(query(page)["tokens"]) / allowed - 1) < 1e-6


def test_the_index_leads_to_each_section(open_page):
    page = open_page("/plan").page
    links = page.locator("nav.index a")
    assert links.count() == 6
    for at in range(links.count()):
        assert page.locator(links.nth(at).get_attribute("href")).count() == 1
    links.last.click()
    page.get_by_role("heading", name="What would it take?").wait_for()
    page.wait_for_function("document.querySelector('#levers').getBoundingClientRect().top < innerHeight")


def test_while_the_slider_moves_every_figure_of_the_plan_follows(open_page):
    page = open_page("/plan?deadline_days=45").page
    parts = (
        "[data-oce=standing]",
        "[data-oce=verdict]",
        "[data-oce=deadline]",
        "[data-oce=budget]",
        "[data-oce=move]",
        "[data-oce=limits]",
        "[data-oce=front-rows]",
        "[data-oce=lever-steps]",
        "[data-oce=budget-sizes]",
    )
    before = {part: page.locator(part).inner_text() for part in parts}
    drag(page, "Training tokens, slider", [0.9])
    page.wait_for_function(
        "old => document.querySelector('[data-oce=limits]').innerText !== old", arg=before["[data-oce=limits]"]
    )
    page.wait_for_timeout(800)  # the last answer
    moved = {part: page.locator(part).inner_text() for part in parts}
    with change(page):
        page.mouse.up()
    after = {part: page.locator(part).inner_text() for part in parts}
    assert [part for part in parts if moved[part] == before[part]] in ([], ["[data-oce=budget-sizes]"])
    assert moved == after


def test_a_place_that_the_run_is_moved_to_becomes_the_scenario(open_page):
    screen = open_page("/plan")
    page = screen.page
    choose(page, "New place", "France")
    there = {one.region.id: one for one in places.ranked(RUN)}
    assert units.typeset(places.moving(there["USA"], there["FRA"])) in page.locator(".stMain").inner_text()
    press_button(page, "Make it your region")
    assert query(page) == {"region": "FRA", "plan_place": "FRA"}
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
    link = query(page)
    assert link.pop("plan_levers") == "~".join(key for key in levers.LEVERS if key not in ("region", "utilisation"))
    after = Scenario(**{**model("llama-3-70b").fields, **link})
    assert after.device == left[-1].scenario.device
    assert after.region == "USA"
