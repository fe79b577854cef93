"""What is said of an estimate: the level of its interval, and what to beware of."""

import math

import pytest

from oce import Scenario, estimate
from oce.method.calibration_file import committed

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)
CALIBRATED = RUN.replace(throughput=None)


def test_the_published_level_is_that_of_six_tenths_of_a_sigma_either_side():
    assert estimate(RUN).level == pytest.approx(math.erf(0.6 / math.sqrt(2)), abs=1e-4)


def test_your_own_alpha_has_no_level_and_says_what_its_interval_is():
    result = estimate(RUN.replace(log10_alpha_low=99, log10_alpha_high=110))
    assert result.level is None
    assert "you" in result.level_meaning


@pytest.mark.parametrize("level", [None, 0.5, 0.95])
@pytest.mark.parametrize("rate", [{"utilisation": 0.4}, {"tokens_per_second_per_device": 900}])
def test_your_own_steady_rate_has_the_level_asked_for_and_says_what_is_uncertain(rate, level):
    result = estimate(RUN.replace(**rate, level=level))
    assert result.level == (level or 0.8)
    assert "steady state and the whole run" in result.level_meaning
    assert f"{committed().gap_runs} runs" in result.level_meaning


@pytest.mark.parametrize("level", [None, 0.5, 0.95])
def test_the_calibrated_interval_has_the_level_asked_for_and_says_of_whom(level):
    result = estimate(CALIBRATED.replace(level=level))
    assert result.level == (level or 0.8)
    assert f"{level or 0.8:.0%} of runs" in result.level_meaning
    assert "organisations that the calibration has not seen" in result.level_meaning


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_published_interval_stays_what_it_is_whatever_level_is_asked_for(level):
    asked, result = estimate(RUN.replace(level=level)), estimate(RUN)
    assert asked.level == result.level
    assert asked.device_hours == result.device_hours


def test_a_device_that_the_paper_saw_once_has_no_level():
    result = estimate(RUN.replace(device="A800"))
    assert result.level is None
    assert "single run" in result.level_meaning


def test_the_whole_card_says_how_many_times_the_papers_beta_it_is():
    (note,) = [note for note in estimate(RUN).notes if note.code == "embodied"]
    assert ": 13 times the paper's β" in note.text  # 648 kg over 4 × 8766 × 0.85 h are 21.7 g/h, and β is 1.7
    (longer,) = [note for note in estimate(RUN.replace(device_life_years=8)).notes if note.code == "embodied"]
    assert ": 6.4 times the paper's β" in longer.text
    for other in (RUN.replace(embodied="paper"), CALIBRATED.replace(device="B200")):  # β itself; no β at all
        assert "embodied" not in {note.code for note in estimate(other).notes}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": "TPU v5p"}, "bracketed_device"),
        ({"device": "MI300X"}, "bracketed_device"),
        ({"device": "Trainium2"}, "placed_device"),
        ({"parameters": 20e12, "tokens": 1e15}, "outside_runs"),
        ({"parameters": 1e6, "device_count": 64}, "outside_runs"),
    ],
)
def test_who_asks_the_calibration_for_what_it_has_not_seen_is_told(changes, code):
    assert code in {note.code for note in estimate(CALIBRATED.replace(**changes)).notes}
    assert code not in {note.code for note in estimate(CALIBRATED).notes}
    assert code not in {note.code for note in estimate(RUN.replace(**changes, utilisation=0.4)).notes}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"device": "TPU v3"}, "chips"),
        ({"device": "K80", "log10_alpha_low": 100, "log10_alpha_high": 110}, "above_peak"),
        ({"device": "A10", "utilisation": 0.3, "embodied": "paper"}, "no_embodied"),
        ({"device": "Gaudi 3", "utilisation": 0.3, "embodied": "paper"}, "no_embodied"),
        ({"device": None, "power_w": 700, "log10_alpha_low": 100, "log10_alpha_high": 110}, "no_embodied"),
        ({"region": "US-CA"}, "basis"),
        ({"region": "paper-usa"}, "basis"),
    ],
)
def test_a_careful_reader_is_told(changes, code):
    assert code in {note.code for note in estimate(RUN.replace(**changes)).notes}
    assert code not in {note.code for note in estimate(RUN).notes}


@pytest.mark.parametrize(
    ("device", "said"),
    [
        ("a100-pcie-40gb", "none of them on A100 PCIe 40GB"),
        ("a100-sxm-80gb", "of them on A100 SXM4 80GB"),
        ("a100", "of them on A100 SXM4 80GB"),  # whose runs are counted is what is named
        ("h100-sxm-96gb", "of them on H100 SXM"),
    ],
)
def test_runs_are_counted_on_the_device_that_is_named(device, said):
    result = estimate(Scenario(training_flop=1e22, device=device, region="FRA"))
    (source,) = [one.source for one in result.assumptions if one.field == "throughput"]
    assert source.endswith(said)
