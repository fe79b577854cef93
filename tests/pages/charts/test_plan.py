"""What the charts of a plan draw is what the plan says; and they need no network."""

import json

import numpy as np
import pytest

from oce import Scenario, catalog, estimate
from oce.analysis import combinations, levers, places
from pages import charts
from pages.charts.plan_front import MOST_POINTS
from pages.charts.plan_places import BEST_AND_WORST
from tests.support.rules import for_every

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
SMALL = Scenario(training_flop=4e20, device="V100", device_count=8, region="FRA")
CLOUD = RUN.replace(region="gcp:us-central1:own")
STATED = RUN.replace(carbon_intensity_g_per_kwh=0)
RUNS = [RUN, SMALL, CLOUD, STATED]
BASES = ["lifecycle", "direct", "location-based operational", None]


def ranked(run, basis):
    return [one for one in places.ranked(run) if basis in (one.region.basis, None)]


def trace(chart, name):
    return next(one for one in chart.figure["data"] if one["name"] == name)


def names(chart):
    return [one["name"] for one in chart.figure["data"]]


# --- the map and the ranking ---


def test_every_country_of_the_map_has_the_total_of_its_place():
    result = estimate(RUN)
    chart = charts.world_map(ranked(RUN, "lifecycle"), result)
    totals = {one.region.id: one.total_co2e_kg.central for one in places.ranked(RUN)}
    countries = trace(chart, "countries")
    drawn = {key: 1000 * 10**z for key, z in zip(countries["locations"], countries["z"], strict=True)}
    assert drawn == {key: pytest.approx(totals[key], rel=2e-3) for key in drawn}
    assert {"USA", "CHN", "SWE", "DEU"} <= set(drawn)
    grey = set(trace(chart, "no figure")["locations"])
    assert grey | set(drawn) == {feature["id"] for feature in catalog.world()["features"]}
    assert not grey & set(totals)


@for_every("basis", BASES)
@for_every("run", RUNS)
def test_the_map_brings_its_shapes_and_asks_nobody_for_more(run, basis):
    chart = charts.world_map(ranked(run, basis), estimate(run))
    assert chart.figure["layout"]["geo"]["visible"] is False
    for one in chart.figure["data"]:
        assert "locationmode" not in one
        if one["type"] == "choropleth":
            assert [feature["id"] for feature in one["geojson"]["features"]] == one["locations"]
    assert len(json.dumps(chart.figure, allow_nan=False)) < 160_000


def test_the_map_of_one_basis_shows_cloud_regions_of_that_basis_alone():
    shown = ranked(RUN, "location-based operational")
    chart = charts.world_map(shown, estimate(RUN))
    of_google = [one for one in shown if catalog.location(one.region)]
    assert len(trace(chart, "cloud regions")["lat"]) == len(of_google) > 30
    assert "countries" not in names(chart)
    assert "No country has a figure of this kind" in chart.sentence


@pytest.mark.parametrize(
    ("region", "latitude", "longitude"),
    [
        ("USA", 39, -98),
        ("US-CA", 37, -119),
        ("US-VA", 37, -79),
        ("SE-SE1", 67, 20),
        ("CN-GZ", 27, 107),
        ("gcp:europe-west9", 49, 2),
        ("RUS", 62, 97),
        ("FJI", -18, 178),
    ],
)
def test_the_scenario_is_marked_where_it_is(region, latitude, longitude):
    run = RUN.replace(region=region)
    star = trace(charts.world_map(ranked(run, "lifecycle"), estimate(run)), "your scenario")
    assert star["lat"][0] == pytest.approx(latitude, abs=3)
    assert star["lon"][0] == pytest.approx(longitude, abs=3)


@pytest.mark.parametrize("region", ["SGP", "WORLD", "paper-bloom"])
def test_a_scenario_off_the_map_has_no_mark_and_its_total_is_said(region):
    run = RUN.replace(region=region)
    chart = charts.world_map(ranked(run, "lifecycle"), estimate(run))
    assert "your scenario" not in names(chart)
    assert "the star" not in chart.sentence
    assert "where it is now it emits" in chart.sentence


@for_every("basis", BASES)
@for_every("run", RUNS)
def test_the_ranking_shows_the_ends_of_the_list_and_the_scenario(run, basis):
    shown, result = ranked(run, basis), estimate(run)
    chart = charts.ranking(shown, result)
    bars = trace(chart, "total")
    assert sorted(bars["x"]) == bars["x"]
    assert len(bars["x"]) in (2 * BEST_AND_WORST, 2 * BEST_AND_WORST + 1)
    size = charts.unit_of(shown, result).size
    for one in (shown[0].total_co2e_kg, shown[-1].total_co2e_kg, result.total_co2e_kg):
        at = min(range(len(bars["x"])), key=lambda row: abs(bars["x"][row] - one.central / size))
        assert bars["x"][at] * size == pytest.approx(one.central, rel=1e-5)
        assert bars["error_x"]["array"][at] * size == pytest.approx(one.high - one.central, rel=1e-4)
        assert bars["error_x"]["arrayminus"][at] * size == pytest.approx(one.central - one.low, rel=1e-4)
    less = sum(one.total_co2e_kg.central < result.total_co2e_kg.central for one in shown)
    assert f"At {less} of {len(shown)} places" in chart.sentence
    assert json.dumps(chart.figure, allow_nan=False)


@pytest.mark.parametrize("draw", [charts.world_map, charts.ranking])
def test_figures_that_are_not_counted_alike_are_never_shown_without_saying_so(draw):
    said = "Not counted alike"
    assert said not in draw(ranked(RUN, "lifecycle"), estimate(RUN)).sentence
    if draw is charts.ranking:  # the map has no states and provinces, which alone have direct figures
        assert said in draw(ranked(RUN, "direct"), estimate(RUN)).sentence
    assert said in draw(ranked(RUN, None), estimate(RUN)).sentence
    assert said in draw(ranked(CLOUD, "lifecycle"), estimate(CLOUD)).sentence
    assert said in draw(ranked(STATED, "lifecycle"), estimate(STATED)).sentence


# --- the front ---


def found(run, devices=("h100-sxm", "a100-sxm-80gb", "tpu-v4"), regions=("USA", "SWE"), counts=(4096, 16384)):
    return combinations.combine(run, devices, regions, counts)


def test_every_combination_is_drawn_once_and_those_that_nothing_beats_are_joined():
    front, result = found(RUN), estimate(RUN)
    chart = charts.front(front, result)
    rows = [data[0] for one in chart.figure["data"] if "customdata" in one for data in one["customdata"]]
    assert sorted(rows) == list(range(len(front.pareto_front)))
    best = trace(chart, "the front")
    assert {data[0] for data in best["customdata"]} == set(np.flatnonzero(front.pareto_front))
    for one in chart.figure["data"]:
        for x, y, data in zip(one["x"], one["y"], one.get("customdata", []), strict=False):
            assert x * 24 == pytest.approx(front.columns["time_to_train_hours_central"][data[0]], rel=1e-4)
            assert y * 1000 == pytest.approx(front.columns["total_co2e_kg_central"][data[0]], rel=1e-4)
    assert best["x"] == sorted(best["x"])
    assert best["y"] == sorted(best["y"], reverse=True)


def test_the_scenario_is_on_the_chart_with_both_its_intervals():
    result = estimate(RUN)
    own = trace(charts.front(found(RUN), result), "your scenario")
    assert own["x"][0] * 24 == pytest.approx(result.time_to_train_hours.central, rel=1e-4)
    low = own["x"][0] - own["error_x"]["arrayminus"][0]
    assert low * 24 == pytest.approx(result.time_to_train_hours.low, rel=1e-3)
    high = own["y"][0] + own["error_y"]["array"][0]
    assert high * 1000 == pytest.approx(result.total_co2e_kg.high, rel=1e-3)


def test_places_are_named_beside_where_they_are_fastest_and_those_that_would_overlap_together():
    chart = charts.front(found(RUN, regions=("USA", "FRA", "SWE", "IND")), estimate(RUN))
    names = trace(chart, "places")
    assert [text.strip() for text in names["text"]] == ["Sweden, France", "United States", "India"]
    fastest = min(min(one["x"]) for one in chart.figure["data"] if one["name"] in ("H100 SXM", "the front"))
    assert max(names["x"]) < fastest
    assert min(names["x"]) > 10 ** chart.figure["layout"]["xaxis"]["range"][0]


def test_without_a_combination_the_scenario_stands_alone_and_it_is_said_why():
    chart = charts.no_front(estimate(RUN), "There is nothing to combine.")
    assert names(chart) == ["your scenario"]
    assert chart.sentence == "There is nothing to combine."


def test_many_combinations_are_thinned_out_but_the_front_is_whole_and_it_is_said():
    regions = [one.id for one in catalog.regions() if one.kind == "country"]
    front = found(RUN, regions=regions, counts=tuple(2**power for power in range(8, 16)))
    chart = charts.front(front, estimate(RUN))
    points = sum(len(one["x"]) for one in chart.figure["data"] if "customdata" in one)
    assert points == MOST_POINTS < len(front.pareto_front)
    assert len(trace(chart, "the front")["x"]) == front.pareto_front.sum()
    assert f"{MOST_POINTS:,} of them are drawn" in chart.sentence
    assert len(json.dumps(chart.figure, allow_nan=False)) < 200_000


def test_the_sentence_counts_what_beats_the_scenario():
    only_itself = found(RUN, ["h100-sxm"], ["USA"], [16384])
    assert "None of them beats yours" in charts.front(only_itself, estimate(RUN)).sentence
    one_better = found(RUN, ["h100-sxm"], ["USA", "SWE"], [16384])
    assert "1 of them beat" in charts.front(one_better, estimate(RUN)).sentence


# --- the levers ---


@pytest.mark.parametrize("run", RUNS)
def test_the_steps_go_from_the_scenario_to_what_the_levers_reach(run):
    result, steps = estimate(run), levers.pulled(run)
    chart = charts.lever_steps(steps, result)
    bars = trace(chart, "total")
    size = charts.unit_of([], result).size
    assert bars["x"][0] * size == pytest.approx(result.total_co2e_kg.central, rel=1e-4)
    assert bars["x"][-1] * size == pytest.approx(steps[-1].after_kg, rel=1e-4)
    for base, step, lever in zip(bars["base"][1:-1], bars["x"][1:-1], steps, strict=True):
        assert base * size == pytest.approx(lever.after_kg, rel=1e-4)
        assert step * size == pytest.approx(lever.before_kg - lever.after_kg, rel=1e-4)
    most = max(steps, key=lambda one: one.before_kg - one.after_kg)
    assert most.label in chart.sentence
    assert json.dumps(chart.figure, allow_nan=False)


def test_without_a_lever_the_chart_says_that_nothing_would_lower_the_total():
    assert charts.lever_steps((), estimate(RUN)).sentence.startswith("None of these would lower")
