"""Predictions of a run and of the ratio of two, against the algebra; what prior runs change."""

import math
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from oce import Scenario, catalog, estimate
from oce.catalog import reader
from oce.method import (
    device_speed,
    run_prediction,
    scaling,
)
from oce.method.calibration_file import committed
from oce.method.hardware_features import hardware
from oce.method.runs import Cases
from tests.support.calibration_cases import (
    MODEL,
    SMALL,
    WITHOUT_REFERENCE,
    cases,
    invented,
    invented_design,
    invented_noise,
    one_device,
)

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)


def test_llama_3_70b_worked_out_by_hand():
    held = reader.json_file("calibration.json")["calibration"]["coefficients"]
    peak, bandwidth = math.log(989 / 312), math.log(3350 / 2039)
    level, z = 0.66 * peak + 0.33 * bandwidth, math.log10(70e9) - 10
    widths = [(one * 128 / 12) ** (1 / 3) for one in (70e9, 1e10)]
    attention = 4096 / (4096 + 12 * widths[0]) - 4096 / (4096 + 12 * widths[1])
    speed = held["peak"] * peak + held["bandwidth"] * bandwidth + held["device h100-sxm"]
    speed += (held["size"] * z + held["attention"] * attention) * level
    run = held["run"] + held["run size"] * z
    assert catalog.device("h100-sxm").memory_bandwidth_gb_per_s == pytest.approx(3350, rel=0.001)
    assert run_prediction.predict(MODEL, cases()).mean[0] == pytest.approx(speed + run, abs=2e-3)
    batch = float(scaling.default_batch(6.3e24))
    here, there = (
        scaling.speed(16384, batch),
        scaling.speed(math.exp(scaling.usual_count().at(math.log(6.3e24))), batch),
    )
    alone, many = (estimate(one).utilisation.central for one in (RUN.replace(device_count=None), RUN))
    assert alone == pytest.approx(math.exp(speed + run) / 989, rel=2e-3)
    assert many / alone == pytest.approx((here / there).item(), rel=2e-3)


def test_a_prediction_adds_up_every_variance_of_a_new_organisations_run():
    some = invented(5).cases
    asked = replace(some, compute_flop=np.full(some.count, 1e29))  # three decades outside
    design = invented_design(asked)
    model = design @ SMALL.covariance[np.ix_(WITHOUT_REFERENCE, WITHOUT_REFERENCE)] @ design.T
    variance = np.diag(model) + 0.3**2 + invented_noise(asked) ** 2 + (0.3 * 3) ** 2
    got = run_prediction.predict(SMALL, asked)
    limit = np.log(0.7 * np.array([one.limit_tflops for one in asked.hardware]))[asked.code]
    assert got.mean == pytest.approx(np.minimum(design @ SMALL.mean[WITHOUT_REFERENCE], limit), abs=1e-12)
    assert got.sd == pytest.approx(np.sqrt(variance), abs=1e-12)


def test_the_variance_of_a_difference_is_that_of_runs_drawn_by_the_model():
    """Devices have their coefficients and their stacks' tuning; runs their coefficients, luck and noise."""
    two = Cases(
        np.array([2e9, 2e9, 5e10]),
        np.array([False, False, True]),
        np.array([1e21, 1e21, 1e24]),
        np.array([2024.0, 2024.0, 2020.0]),
        (hardware(catalog.device("a100-sxm-80gb")), hardware(catalog.device("h100-sxm"))),
        np.array([0, 1, 1]),
    )
    draw, count = np.random.default_rng(1), 400_000
    covariance = SMALL.covariance[np.ix_(WITHOUT_REFERENCE, WITHOUT_REFERENCE)]
    design = invented_design(two)
    reached = draw.multivariate_normal(np.zeros(6), covariance, count) @ design.T
    apart = np.log10(two.size)[:, None] - np.log10(two.size)[None, :]
    reached += draw.multivariate_normal(np.zeros(3), 0.3**2 * np.exp(-0.5 * apart**2), count)  # not by device
    noise = draw.normal(0, 1, (count, 2))
    reached += invented_noise(two) * noise[:, [0, 0, 1]]  # the first two are one run on two devices
    tuning = np.array([math.sqrt(SMALL.speed.tuning_variance(mixture)) for mixture in two.mixture])
    tuned = reached + tuning * draw.normal(0, 1, (count, 3))
    found = run_prediction.differences(SMALL, two)
    total = found.device + found.run
    assert total[0, 1] == pytest.approx(np.var(tuned[:, 0] - tuned[:, 1]), rel=0.01)
    assert total[0, 2] == pytest.approx(np.var(tuned[:, 0] - tuned[:, 2]), rel=0.01)
    assert total[1, 2] == pytest.approx(np.var(reached[:, 1] - reached[:, 2]), rel=0.01)  # one device, one stack
    assert found.run[0, 1] == pytest.approx(0, abs=1e-12)
    assert found.device[1, 2] == 0


@pytest.mark.parametrize("devices", [["h100-sxm", "a100-sxm-80gb"], ["tpu-v4", "mi300x"], ["h100-sxm", "trainium2"]])
def test_where_only_the_device_is_swapped_the_run_is_certain(devices):
    found = run_prediction.differences(MODEL, cases(devices))
    assert found.run == pytest.approx(np.zeros((2, 2)), abs=1e-12)
    assert found.device[0, 1] > 0


def test_where_only_the_run_is_changed_the_device_is_certain():
    found = run_prediction.differences(MODEL, replace(
        cases(["h100-sxm", "a100-sxm-80gb"], size=[7e9, 70e9]), code=np.zeros(2, dtype=int)))  # fmt: skip
    assert found.device == pytest.approx(np.zeros((2, 2)))
    assert found.run[0, 1] > 0


def test_differences_are_symmetric_and_none_of_a_case_from_itself():
    several = cases(["h100-sxm", "a100-sxm-80gb", "tpu-v4"], size=[7e9, 70e9, 1e9], year=[2024.0, 2020.0, 2024.0])
    for own in (None, one_device(0.8, 3)):
        found = run_prediction.differences(MODEL, several, own)
        for part in (found.device, found.run):
            assert part == pytest.approx(part.T, rel=1e-9)
            assert np.diag(part).tolist() == [0, 0, 0]
            assert np.all(part >= 0)


def test_the_same_run_but_for_a_hair_has_an_interval_of_a_hair():
    sizes, flop = np.array([70e9, 70e9 * 1.0001]), np.array([6.3e24, 6.3e24 * 1.0001])
    twice = replace(cases(["h100-sxm", "a100-sxm-80gb"], size=sizes, compute_flop=flop), code=np.zeros(2, dtype=int))
    for own in (None, one_device(0.8, 3)):
        assert run_prediction.differences(MODEL, twice, own).run[0, 1] < 1e-6


def test_a_little_more_compute_never_moves_the_interval_of_a_ratio_by_a_jump():
    widths = []
    for more in np.geomspace(1, 3, 60):
        two = cases(["h100-sxm", "a100-sxm-80gb"], compute_flop=[6.3e24, 6.3e24 * more])
        found = run_prediction.differences(MODEL, two)
        widths.append(math.sqrt(found.device[0, 1] + found.run[0, 1]))
    assert max(abs(b - a) for a, b in pairwise(widths)) < 0.02


def test_h100_over_a100_has_an_80_percent_interval_whose_ends_are_within_1_36():
    for size in (7e9, 13e9, 30e9, 70e9):
        two = cases(["a100-sxm-80gb", "h100-sxm"], size=size)
        sd = math.sqrt(run_prediction.differences(MODEL, two).device[0, 1])
        mean = np.diff(run_prediction.predict(MODEL, two).mean)[0]
        half = float(committed().contrasts.quantile(0.8)) * sd
        assert math.exp(2 * half) <= 1.36
        assert 2.1 <= math.exp(mean) <= 2.4


def test_every_device_at_every_precision_has_an_interval_in_order():
    wrong = []
    for one in catalog.devices():
        for precision in one.peak_tflops:
            result = estimate(RUN.replace(device=one.id, precision=precision, power_w=400))
            hours, used = result.device_hours, result.utilisation
            ordered = 0 < hours.low <= hours.central <= hours.high < math.inf
            if not (ordered and used.high <= 1 + 1e-9 and used.central <= run_prediction.MEAN_CAP * (1 + 1e-9)):
                wrong.append((one.id, precision))
    assert wrong == []


def test_a_larger_model_uses_more_of_the_peak():
    for device in ("v100", "a100-sxm-80gb", "h100-sxm", "tpu-v4"):
        mean = run_prediction.predict(MODEL, replace(
            cases(device, size=np.geomspace(1e8, 1e11, 30)), code=np.zeros(30, dtype=int))).mean  # fmt: skip
        assert np.all(np.diff(mean) > 0)


def test_a_run_of_before_2023_is_slower_and_less_certain():
    old, new = (run_prediction.predict(MODEL, cases(year=year)) for year in (2022.0, 2023.0))
    assert old.mean[0] < new.mean[0]
    assert old.sd[0] > new.sd[0]


def test_far_outside_the_runs_the_interval_is_wider_by_the_decade():
    (size_low, size_high), (flop_low, flop_high) = MODEL.ranges
    asked = [
        ({"size": 10 ** (size_high + 1)}, 1.0),
        ({"size": 10 ** (size_low - 2)}, 2.0),
        ({"compute_flop": 10 ** (flop_high + 1.5)}, 1.5),
        ({"compute_flop": 10 ** (flop_low - 1)}, 1.0),
        ({}, 0.0),
    ]
    for change, decades in asked:
        assert run_prediction.predict(MODEL, cases(**change)).extrapolation_decades[0] == pytest.approx(decades)


def test_a_device_that_nobody_measured_is_less_certain_and_a_new_vendors_even_less():
    known = hardware(catalog.device("h100-sxm"))
    new = replace(known, device="h400")
    stranger = replace(new, vendor="a new vendor")
    sd = [run_prediction.predict(MODEL, cases([one])).sd[0] for one in (known, new, stranger)]
    assert sd[0] < sd[1] < sd[2]
    assert sd[2] ** 2 - sd[1] ** 2 == pytest.approx(device_speed.VENDOR_SD**2, rel=1e-6)


def test_a_size_that_is_not_known_is_that_usual_for_the_compute_and_makes_the_interval_wider():
    first, second, _ = MODEL.size_line
    usual = 10 ** (first + second * math.log10(6.3e24))
    unknown, known = (run_prediction.predict(MODEL, cases(size=size)) for size in (np.nan, usual))
    assert unknown.mean == pytest.approx(known.mean, abs=1e-12)
    assert unknown.sd[0] > known.sd[0]


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_past_runs_move_the_prediction_their_way_and_narrow_it_the_more_there_are(factor):
    alone = run_prediction.predict(MODEL, cases())
    moved, sds = [0.0], [alone.sd[0]]
    for count in (1, 3, 10, 40):
        got = run_prediction.predict(MODEL, cases(), one_device(factor, count))
        moved.append((got.mean[0] - alone.mean[0]) / math.log(factor))
        sds.append(got.sd[0])
    assert np.all(np.diff(moved) > 0)
    assert moved[-1] < 1
    assert np.all(np.diff(sds) < 0)


def test_past_runs_just_as_predicted_only_narrow():
    alone, got = (run_prediction.predict(MODEL, cases(), own) for own in (None, one_device(1.0, 3)))
    assert got.mean == pytest.approx(alone.mean, abs=1e-9)
    assert got.sd[0] < 0.97 * alone.sd[0]


def test_past_runs_of_like_size_say_more():
    def moved(size):
        own = one_device(0.5, 3, size=size)
        return run_prediction.predict(MODEL, cases()).mean[0] - run_prediction.predict(MODEL, cases(), own).mean[0]

    assert moved(70e9) > moved(1e9) > 0


def test_past_runs_on_one_device_leave_the_ratio_to_a_device_that_is_new_to_them_as_it_is():
    """Swap the device and the run stays: slow runs on an A100 are slow on an H100."""
    two = cases(["a100-sxm-80gb", "h100-sxm"])
    alone = np.diff(run_prediction.predict(MODEL, two).mean)[0]
    own = one_device(0.5, 3, "a100-sxm-80gb")
    assert np.diff(run_prediction.predict(MODEL, two, own).mean)[0] == pytest.approx(alone, abs=0.02)
    without, within = (run_prediction.differences(MODEL, two, one) for one in (None, own))
    assert (within.device + within.run)[0, 1] <= (without.device + without.run)[0, 1] + 1e-9


def test_where_past_runs_are_on_another_device_the_estimate_is_less_sure_than_where_they_are_on_its_own():
    own, other = (
        run_prediction.predict(MODEL, cases(), one_device(1.0, 3, device)).sd[0] for device in ("h100-sxm", "v100")
    )
    assert own < other < run_prediction.predict(MODEL, cases()).sd[0]


def test_a_past_run_far_from_all_others_counts_for_little():
    steady, odd = one_device(1.0, 4), one_device(1.0, 5)
    odd.log_throughput[4] -= 5  # a run that took 150 times as long
    first, second = (run_prediction.predict(MODEL, cases(), own) for own in (steady, odd))
    assert abs(first.mean[0] - second.mean[0]) < 0.15
