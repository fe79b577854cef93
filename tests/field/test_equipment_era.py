"""The equipment era: α is another name of what a run's hours say, and the line places the devices without one."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from oce import catalog
from oce.field import equipment_era
from oce.method import throughput
from oce.method.runs import scored_runs
from tests.support.rules import for_every

POINTS = equipment_era.run_points()
SECONDS = 3600


@for_every("one", POINTS, ids=lambda one: one.run.id)
def test_the_alpha_of_a_run_gives_back_its_hours(one):
    seconds = throughput.device_seconds(one.run.training_flop / 1e12, one.log10_alpha)
    assert seconds / SECONDS == pytest.approx(one.run.device_hours, rel=1e-12)


@for_every("one", POINTS, ids=lambda one: one.run.id)
def test_the_utilisation_of_a_run_is_its_compute_over_what_the_devices_could_have_done(one):
    most = one.run.device_hours * SECONDS * one.run.peak_tflops * 1e12
    assert one.utilisation == pytest.approx(one.run.training_flop / most, rel=1e-12)
    assert 0 < one.utilisation < 1


def test_every_run_that_is_scored_on_is_there_once_oldest_first():
    assert {one.run.id for one in POINTS} == {one.id for one in scored_runs()}
    assert len({one.run.id for one in POINTS}) == len(POINTS)
    years = [one.run.year for one in POINTS]
    assert years == sorted(years)
    assert all(one.run.source for one in POINTS)


def test_by_device_has_every_run_once_and_the_devices_by_their_peaks_then_their_ids():
    groups = equipment_era.by_device()
    assert sum(map(len, groups.values())) == len(POINTS)
    for name, runs in groups.items():
        assert {one.run.device for one in runs} == {name}
    places = [(equipment_era.usual_peak(catalog.device(name)), name) for name in groups]
    assert places == sorted(places)


def test_the_usual_peak_is_that_of_the_arithmetic_that_one_trains_in():
    assert equipment_era.usual_peak(catalog.device("H100")) == 989
    assert equipment_era.usual_peak(catalog.device("K80")) == 8.73


# --- the line ---


def test_at_no_peak_it_is_what_a_run_of_usual_length_has():
    hours = np.median([one.run.device_hours for one in POINTS])
    at_zero = equipment_era.line().at(0.0)
    assert at_zero.low == at_zero.central == at_zero.high == equipment_era.line().at_zero
    assert at_zero.central == pytest.approx((1 - np.log(hours * SECONDS)) / np.log(10), abs=0.01)


@pytest.mark.parametrize("peak", [8.73, 123.0, 312.0, 989.0, 2250.0])
def test_it_rises_with_the_peak_by_the_usual_share_of_it(peak):
    line = equipment_era.line()
    for end in ("low", "central", "high"):
        rise = getattr(line.at(peak), end) - line.at_zero
        assert rise == pytest.approx(getattr(line.utilisation, end) * peak / np.log(10), rel=1e-12)


def test_the_utilisation_of_the_line_is_the_middle_of_the_runs_and_holds_four_in_five():
    shares = np.array([one.utilisation for one in POINTS])
    line = equipment_era.line().utilisation
    assert line.central == pytest.approx(np.median(shares))
    assert np.mean((shares >= line.low) & (shares <= line.high)) == pytest.approx(0.8, abs=0.02)


def test_of_ten_runs_eight_lie_along_the_line():
    """Within its interval, give or take what a run a hundred times longer or shorter differs at no peak."""
    lines = [equipment_era.line().at(one.run.peak_tflops) for one in POINTS]
    inside = [at.low - 2 <= one.log10_alpha <= at.high + 2 for one, at in zip(POINTS, lines, strict=True)]
    assert np.mean(inside) >= 0.8


def test_alpha_goes_with_the_peak():
    assert spearmanr([one.run.peak_tflops for one in POINTS], [one.log10_alpha for one in POINTS]).statistic > 0.8


def test_the_line_meets_the_papers_own_alphas_within_their_scatter():
    """Of Table 1's devices; the paper's H100 stands on one family of runs."""
    for name in ("TPU v3", "TPU v4", "V100", "A100"):
        device = catalog.device(name)
        there = equipment_era.line().at(equipment_era.usual_peak(device))
        assert there.low <= device.log10_alpha_high
        assert there.high >= device.log10_alpha_low


# --- devices without α ---


def test_exactly_the_devices_without_an_alpha_are_placed():
    without = {one.id for one in catalog.devices() if one.log10_alpha_low is None}
    assert set(equipment_era.placed()) == without
    assert "b200" in without
    assert "h100-sxm" not in without


@for_every("name", sorted(equipment_era.placed()))
def test_a_placed_device_has_the_alpha_of_the_line_at_its_peak(name):
    there = equipment_era.placed()[name]
    assert there.low <= there.central <= there.high
    assert there == equipment_era.line().at(equipment_era.usual_peak(catalog.device(name)))
    assert np.isfinite([there.low, there.high]).all()
