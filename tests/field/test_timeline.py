"""Where it stands in time: the paper's time line to its digits."""

import pytest

from oce import Scenario, catalog, estimate
from oce.field import timeline
from oce.field.timeline import Placed
from oce.interval import Interval

SAME = 1e-9  # relative: the same but for rounding
BY_ID = {one.id: one for one in timeline.milestones()}
MILESTONE = pytest.mark.parametrize("milestone", timeline.milestones(), ids=lambda one: one.id)


def placed(throughput="calibrated", level=0.8):
    return {one.milestone.id: one for one in timeline.emissions(throughput, level)}


def test_the_paper_lists_43_models_over_15_tasks():
    assert len(BY_ID) == len(timeline.milestones()) == 43
    assert len({one.task for one in BY_ID.values()}) == 15
    assert len({one.model for one in BY_ID.values()}) == 43


def test_it_goes_from_the_oldest_to_the_newest():
    dates = [one.milestone.date for one in timeline.emissions()]
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
            moved = any_one.replace(training_flop=1e22 * up, paper_training_flop=1e22 * down)
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
        assert [*result.operational_co2e_kg] == pytest.approx([*todays], rel=SAME)


@MILESTONE
def test_a_preset_is_the_very_model(milestone):
    if milestone.preset:
        preset = catalog.model(milestone.preset)
        assert abs(preset.year - milestone.date.year) <= 1
        flop = preset.scenario().replace(region="USA")
        assert estimate(flop).training_flop.central == pytest.approx(milestone.training_flop, rel=0.25)
