"""What is said about an estimate: the level of its interval, what was assumed and why, what to beware of."""

import math

import pytest

from oce import Scenario, estimate

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)


def test_the_published_level_is_that_of_six_tenths_of_a_sigma_either_side():
    assert estimate(RUN).level == pytest.approx(math.erf(0.6 / math.sqrt(2)), abs=1e-4)


@pytest.mark.parametrize(
    "rate",
    [{"utilisation": 0.4}, {"tokens_per_second_per_device": 900}, {"log10_alpha_low": 99, "log10_alpha_high": 110}],
)
def test_your_own_rate_has_no_level_and_says_what_its_interval_is(rate):
    result = estimate(RUN.replace(**rate))
    assert result.level is None
    assert "you" in result.level_meaning


def test_a_device_that_the_paper_saw_once_has_no_level():
    result = estimate(RUN.replace(device="A800"))
    assert result.level is None
    assert "single run" in result.level_meaning


@pytest.mark.parametrize(
    ("left_out", "assumed", "value", "source"),
    [
        ("training_flop", "training_flop", 6.3e24, "6 × active parameters × tokens"),
        ("log10_alpha_low", "log10_alpha", "100 … 110", "Table 1"),
        ("power_w", "power_w", 700.0, "TDP of H100 SXM"),
        ("carbon_intensity_g_per_kwh", "carbon_intensity_g_per_kwh", 384.4, "Ember"),
        ("pue", "pue", 1.0, "as in the paper"),
        ("overhead_fraction", "overhead_fraction", 0.0, "only the final run"),
        ("device_count", "device_count", 1.0, "single device"),
        ("embodied", "embodied", 1.7, "Table 3"),
    ],
)
def test_what_is_left_out_is_listed_with_its_value_and_source(left_out, assumed, value, source):
    scenario = Scenario(parameters=70e9, tokens=15e12, device="H100", region="USA", throughput="published")
    assert left_out not in scenario.given()
    (found,) = [one for one in estimate(scenario).assumptions if one.field == assumed]
    assert found.value == value
    assert source in found.source


def test_a_looked_up_intensity_says_its_year_and_basis():
    (found,) = [one for one in estimate(RUN).assumptions if one.field == "carbon_intensity_g_per_kwh"]
    assert found.year == "2025"
    assert "lifecycle" in found.source


def test_a_share_of_tdp_is_said():
    (found,) = [one for one in estimate(RUN.replace(power_fraction=0.7)).assumptions if one.field == "power_w"]
    assert found.value == pytest.approx(490.0)
    assert "× 0.7" in found.source


def test_nothing_is_assumed_where_everything_is_given():
    everything = Scenario(
        training_flop=6.3e24,
        device_count=16384,
        carbon_intensity_g_per_kwh=384.4,
        pue=1.1,
        power_w=700,
        overhead_fraction=0,
        log10_alpha_low=100,
        log10_alpha_high=110,
    )
    assert estimate(everything).assumptions == ()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": "TPU v3"}, "chips"),
        ({"device": "K80", "log10_alpha_low": 100, "log10_alpha_high": 110}, "above_peak"),
        ({"device": "A10", "utilisation": 0.3}, "no_embodied"),
        ({"region": "US-CA"}, "basis"),
        ({"region": "paper-usa"}, "basis"),
    ],
)
def test_a_careful_reader_is_told(changes, code):
    assert code in {note.code for note in estimate(RUN.replace(**changes)).notes}
    assert code not in {note.code for note in estimate(RUN).notes}
