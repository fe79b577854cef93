"""Where it stands: the paper's time line to its digits, and every model of the tables once, with what it is."""

from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise

import pytest

from oce import Scenario, catalog, estimate
from oce.field import accuracy, landscape
from oce.field.accuracy import Conditions
from oce.field.landscape import Placed
from oce.interval import BOUNDS, Interval

SAME = 1e-9  # relative: the same but for rounding
HERE, THERE = Conditions(400.0, 1.1), Conditions(50.0, 1.3)
BY_ID = {one.id: one for one in landscape.milestones()}
MILESTONE = pytest.mark.parametrize("milestone", landscape.milestones(), ids=lambda one: one.id)
ENTRIES = landscape.leaderboard(HERE)
ENTRY = pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.key)
DIFFERENT_RUNS = {  # that happen to have the same compute and hours on the same device
    frozenset({"BERT-Base (ELECTRA re-count)", "ELECTRA-Base"}),
    frozenset({"ELECTRA-Small", "BERT-Small (ELECTRA paper)"}),
    frozenset({"StarCoder 15B", "StarCoderBase-15B"}),
}


def placed(throughput="calibrated", level=0.8):
    return {one.milestone.id: one for one in landscape.timeline(throughput, level)}


def ends(interval):
    return [getattr(interval, end) for end in BOUNDS]


# --- the time line ---


def test_the_paper_lists_43_models_over_15_tasks():
    assert len(BY_ID) == len(landscape.milestones()) == 43
    assert len({one.task for one in BY_ID.values()}) == 15
    assert len({one.model for one in BY_ID.values()}) == 43


def test_it_goes_from_the_oldest_to_the_newest():
    dates = [one.milestone.date for one in landscape.timeline()]
    assert dates == sorted(dates)
    assert (dates[0].year, dates[-1].year) == (2019, 2024)


@pytest.mark.parametrize(("name", "times"), [("flan-137b", 42), ("gshard-dense", 3.7)])
def test_todays_compute_differs_from_the_papers(name, times):
    assert float(f"{BY_ID[name].compute_ratio:.2g}") == times
    one = placed()[name]
    assert one.changed
    assert one.todays.central > one.papers.central


@pytest.mark.parametrize(
    ("name", "tonnes"),
    [("gemini-ultra", "18874.836015"), ("imagen", "5.6496856"), ("gpt-3-175b", "562.697954")],
)
def test_with_the_papers_recipe_it_gives_the_released_leaderboard(name, tonnes):
    decimals = len(tonnes.partition(".")[2])
    assert f"{placed('published')[name].papers.central / 1000:.{decimals}f}" == tonnes


@MILESTONE
def test_the_region_has_the_intensity_that_the_paper_took(milestone):
    region = catalog.region(milestone.region)
    assert region.kind == "paper"
    assert region.g_per_kwh == milestone.carbon_intensity_g_per_kwh


@pytest.mark.parametrize("throughput", ["calibrated", "published"])
def test_where_nothing_was_corrected_both_figures_are_one(throughput):
    for one in placed(throughput).values():
        ratio = one.milestone.compute_ratio
        if ratio == 1:
            assert one.papers == one.todays
            assert not one.changed
        else:
            assert (one.todays.central > one.papers.central) == (ratio > 1)


def test_a_correction_counts_alike_up_and_down():
    any_one = BY_ID["imagen"]
    carbon = Interval(1.0, 1.0, 1.0)
    for factor, changed in ((1.05, False), (1.099, False), (1.101, True), (2.0, True), (42.0, True)):
        for up, down in ((factor, 1.0), (1.0, factor)):
            moved = replace(any_one, training_flop=1e22 * up, paper_training_flop=1e22 * down)
            assert Placed(moved, carbon, carbon).changed == changed


def test_each_place_has_an_interval_that_widens_with_the_level():
    half, most = placed(level=0.5), placed(level=0.95)
    for name, one in half.items():
        assert 0 < one.todays.low < one.todays.central < one.todays.high
        assert most[name].todays.low < one.todays.low
        assert most[name].todays.high > one.todays.high
        assert most[name].todays.central == pytest.approx(one.todays.central, rel=SAME)


@MILESTONE
def test_a_milestone_that_is_taken_as_the_scenario_keeps_its_device_and_can_be_estimated(milestone):
    result = estimate(Scenario(**milestone.fields))
    assert result.operational_co2e_kg.central > 0
    own, taken = catalog.device(milestone.device), result.device
    assert taken.generation.split()[0] == own.generation.split()[0]
    if not milestone.preset:
        assert taken is own
        assert result.training_flop.central == milestone.training_flop
        todays = placed()[milestone.id].todays
        assert ends(result.operational_co2e_kg) == pytest.approx(ends(todays), rel=SAME)


@MILESTONE
def test_a_preset_is_the_very_model(milestone):
    if milestone.preset:
        preset = catalog.model(milestone.preset)
        assert abs(preset.year - milestone.date.year) <= 1
        flop = preset.scenario().replace(region="USA")
        assert estimate(flop).training_flop.central == pytest.approx(milestone.training_flop, rel=0.25)


# --- the leaderboard ---


def test_every_model_is_there_once():
    assert [key for key, count in Counter(one.key for one in ENTRIES).items() if count > 1] == []
    names = Counter(landscape._key(one.model) for one in ENTRIES)
    assert [name for name, count in names.items() if count > 1] == []


def test_no_model_is_there_under_two_names():
    """The same device, the same compute and the same reported hours are one run."""
    twice = {
        frozenset({one.model, other.model})
        for one, other in combinations(ENTRIES, 2)
        if one.fields["device"] == other.fields["device"]
        and one.reported_device_hours
        and one.reported_device_hours == pytest.approx(other.reported_device_hours or 0, rel=1e-3)
        and one.training_flop == pytest.approx(other.training_flop, rel=0.01)
    }
    assert sorted(map(sorted, twice - DIFFERENT_RUNS)) == []


def test_every_preset_run_milestone_and_benchmark_is_in_it():
    sources = {source for one in ENTRIES for source in one.sources}
    # a fine-tune or an example is no model of its own
    published = [one for one in catalog.models() if "training" not in one.fields]
    for one in (*published, *landscape.milestones()):
        assert one.source in sources
    keys = {one.key for one in ENTRIES}
    assert {one.id for one in published} <= keys
    assert not {one.id for one in catalog.models() if one.is_example} & keys
    names = {landscape._key(one.model) for one in ENTRIES}
    for one in landscape.milestones():
        assert one.preset or landscape._key(one.model) in names or landscape._key(one.model) in landscape.SAME
    for run in catalog.runs():
        if run.kind == "training run" and run.training_flop is not None:
            assert run.source in sources
    for row in accuracy.scored():
        if row.status == accuracy.SHOWN and row.training_flop is not None:
            assert row.source in sources


@ENTRY
def test_every_entry_has_a_source_and_is_a_scenario_or_says_why_not(entry):
    assert all(entry.sources)
    place = {} if entry.own_grid else {"carbon_intensity_g_per_kwh": HERE.g_per_kwh, "pue": HERE.pue}
    run = Scenario(**{**entry.fields, **place})
    if entry.problem:
        assert entry.operational_co2e_kg is None
        assert entry.device_hours is None
        assert "missing" in entry.problem
        return
    result = estimate(run)
    assert ends(result.operational_co2e_kg) == pytest.approx(ends(entry.operational_co2e_kg), rel=SAME)
    assert ends(result.device_hours) == pytest.approx(ends(entry.device_hours), rel=SAME)
    assert result.training_flop.central == pytest.approx(entry.training_flop, rel=SAME)


def test_it_goes_from_the_largest_to_the_smallest_and_what_has_no_estimate_comes_last():
    with_one = [one for one in ENTRIES if one.operational_co2e_kg]
    assert ENTRIES[: len(with_one)] == tuple(with_one)
    for one, after in pairwise(with_one):
        assert one.operational_co2e_kg.central >= after.operational_co2e_kg.central


def test_the_scenarios_grid_moves_those_without_one_of_their_own_and_no_other():
    elsewhere = {one.key: one for one in landscape.leaderboard(THERE)}
    assert set(elsewhere) == {one.key for one in ENTRIES}
    factor = THERE.g_per_kwh * THERE.pue / (HERE.g_per_kwh * HERE.pue)
    assert {one.own_grid for one in ENTRIES} == {True, False}
    for one in ENTRIES:
        other = elsewhere[one.key]
        if one.own_grid:
            assert one == other
        elif one.operational_co2e_kg:
            moved = [factor * end for end in ends(one.operational_co2e_kg)]
            assert ends(other.operational_co2e_kg) == pytest.approx(moved, rel=SAME)
            assert other.device_hours == one.device_hours


@pytest.mark.parametrize(
    ("key", "hours", "tonnes"),
    [("llama-3.1-405b", 30_840_000, 8930), ("bloom-176b", 1_082_990, 24.7), ("gpt-3-175b", 3_552_000, 552.1)],
)
def test_what_was_reported_stands_beside_the_estimate(key, hours, tonnes):
    entry = next(one for one in ENTRIES if one.key == key)
    assert (entry.reported_device_hours, entry.reported_co2e_t) == (hours, tonnes)


def test_a_model_of_several_tables_has_all_their_sources():
    entry = next(one for one in ENTRIES if one.key == "llama-3-70b")
    row = next(one for one in accuracy.scored() if one.id == "llama-3-70b-mmlu")
    for source in (catalog.model("llama-3-70b").source, BY_ID["llama-3-70b"].source, row.source):
        assert source in entry.sources


def test_a_reported_run_is_found_by_its_id():
    for run in catalog.runs():
        entry = landscape.of_run(run.id)
        assert entry.model == run.model
        assert entry.fields["device"] == run.device
        assert entry.own_grid == ("carbon_intensity_g_per_kwh" in entry.fields)
        assert entry.own_grid or "pue" not in entry.fields
    assert landscape.of_run("no such run") is None
