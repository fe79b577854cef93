"""The calibration: the device's part and the run's, intervals that hold for strangers, and the algebra underneath."""

import json
import math
import time
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from oce import Scenario, catalog, estimate
from oce.catalog import reader
from oce.evaluation import baselines, refit, scoring
from oce.method import device_speed, run_utilisation, scaling
from oce.method.device_speed import DeviceSpeed, Hardware, hardware
from oce.method.device_time import committed, reported
from oce.method.run_utilisation import LEVELS, Cases, Fit, Runs

RUNS = refit.scored_runs()
KNOWN = reported(RUNS)
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)


def cases(devices="h100-sxm", precision="", **values) -> Cases:
    """Cases by default like Llama 3 70B, as many as the longest value has."""
    columns = {"size": 70e9, "mixture": False, "compute_flop": 6.3e24, "year": 2024.0, **values}
    names = np.atleast_1d(devices)
    count = max(len(names), *(np.size(value) for value in columns.values()))
    machines = tuple(one if isinstance(one, Hardware) else hardware(catalog.device(one), precision) for one in names)
    return Cases(
        **{name: np.broadcast_to(np.array(value), (count,)).copy() for name, value in columns.items()},
        hardware=machines,
        code=np.arange(count) if len(names) == count else np.zeros(count, dtype=int),
    )


MODEL = committed().fit


def one_device(factor: float, count: int, device: str = "h100-sxm", size: float = 70e9) -> Runs:
    """Past runs on one device."""
    some = replace(cases(device, size=np.full(count, size)), code=np.zeros(count, dtype=int))
    expected = run_utilisation.predict(MODEL, some).mean
    return Runs(some, expected + math.log(factor), np.full(count, "own"), np.ones(count))


# --- how well it holds for organisations that it has not seen ---


@pytest.fixture(scope="module")
def score():
    return scoring.evaluate(refit.Calibrated(), RUNS).score


def test_four_runs_in_five_lie_in_an_80_percent_interval_counted_by_run_and_by_organisation(score):
    assert 0.76 <= score.coverage[0.8] <= 0.84
    assert 0.74 <= score.organisation_coverage[0.8] <= 0.86


def test_what_other_levels_hold_is_what_they_state_but_for_what_28_organisations_can_tell(score):
    for level in LEVELS:
        off = score.organisation_coverage[level] - level
        assert abs(off) <= 2 * max(score.organisation_coverage_error[level], 1 / score.organisations)


def test_the_interval_is_narrower_than_that_of_a_device_median_that_holds_as_many(score):
    median = scoring.evaluate(baselines.DeviceMedian(), RUNS).score
    for level in LEVELS:
        assert score.median_width[level] < median.median_width[level]


def test_the_median_error_is_lower_than_that_of_every_method_that_has_not_seen_the_runs(score):
    """The published α was fitted by its authors on runs that are partly these."""
    ours = scoring.leave_organisations_out(refit.Calibrated(), RUNS)
    actual = np.array([run.device_hours for run in RUNS])
    for method in baselines.METHODS:
        if isinstance(method, baselines.PublishedAlpha):
            continue
        theirs = scoring.leave_organisations_out(method, RUNS)
        answered = np.isfinite(theirs)
        errors = [np.median(np.abs(hours[answered] / actual[answered] - 1)) for hours in (ours, theirs)]
        assert errors[0] < errors[1], method.name


def test_no_reported_hours_of_an_organisation_have_a_say_in_its_own_predictions():
    """Not in the spreads, and not in the width of the interval."""
    slower = [
        one.replace(device_hours=3 * one.device_hours) if one.organisation_group == "Meta" else one for one in RUNS
    ]
    own = np.array([one.organisation_group == "Meta" for one in RUNS])
    before, after = (scoring.predict_unseen(refit.Calibrated(), runs) for runs in (RUNS, slower))
    assert own.any()
    assert before.central[own].tolist() == after.central[own].tolist()
    assert before.high[0.8][own].tolist() == after.high[0.8][own].tolist()
    assert before.central[~own].tolist() != after.central[~own].tolist()


def test_a_residual_is_that_of_a_fit_without_the_organisation():
    found = run_utilisation.residuals_of_strangers(KNOWN, MODEL)
    own = KNOWN.organisation == "DeepSeek"
    others = run_utilisation.fit(KNOWN.take(~own), refit.contrasts_alone(), MODEL.spreads)
    expected = run_utilisation.predict(others, KNOWN.cases.take(own))
    z = np.abs(KNOWN.log_throughput[own] - expected.mean) / expected.sd
    assert np.isin(np.round(z, 6), np.round(found.size, 6)).all()


def test_three_past_runs_lower_the_error_and_narrow_the_interval():
    without = committed().strangers.quantile(0.8)
    with_them = committed().with_past_runs.quantile(0.8)
    found = run_utilisation.predict_with_past_runs(KNOWN, MODEL)
    assert np.median(np.abs(found.error_with)) < np.median(np.abs(found.error_without))
    alone = run_utilisation.predict(MODEL, KNOWN.cases).sd
    assert np.median(with_them * found.sd_with) < np.median(without * alone)


# --- what is committed ---


def test_a_refit_finds_the_committed_file_unchanged(monkeypatch, tmp_path):
    start = time.process_time()
    document = refit.calibration_document()
    assert time.process_time() - start < 60  # some seconds where the machine does nothing else
    kept = (reader.data_folder() / refit.CALIBRATION).read_bytes()
    monkeypatch.setattr(reader, "data_folder", lambda: tmp_path)
    refit.write(refit.CALIBRATION, document)
    assert (tmp_path / refit.CALIBRATION).read_bytes() == kept


def test_a_calibration_comes_back_from_json():
    again = run_utilisation.to_json(
        run_utilisation.from_json(json.loads(json.dumps(run_utilisation.to_json(committed()))))
    )
    assert again == run_utilisation.to_json(committed())


def test_the_order_of_the_runs_does_not_matter():
    order = np.random.default_rng(1).permutation(len(RUNS))
    again = run_utilisation.fit(reported([RUNS[at] for at in order]), refit.contrasts_alone())
    at = [again.speed.place[name] for name in MODEL.speed.names] + list(range(-len(run_utilisation.RUN_TERMS), 0))
    assert again.mean[at] == pytest.approx(MODEL.mean, abs=1e-6)
    assert again.covariance[np.ix_(at, at)] == pytest.approx(MODEL.covariance, abs=1e-6)
    assert again.spreads == MODEL.spreads


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
    assert run_utilisation.predict(MODEL, cases()).mean[0] == pytest.approx(speed + run, abs=2e-3)
    batch = float(scaling.default_batch(6.3e24))
    here, there = (
        scaling.speed(16384, batch),
        scaling.speed(math.exp(scaling.usual_count().at(math.log(6.3e24))), batch),
    )
    alone, many = (estimate(one).utilisation.central for one in (RUN.replace(device_count=None), RUN))
    assert alone == pytest.approx(math.exp(speed + run) / 989, rel=2e-3)
    assert many / alone == pytest.approx((here / there).item(), rel=2e-3)


# --- the algebra, against the textbook ---

SPREADS = {
    "noise": 0.2,
    "noise per decade": 0.1,
    "noise before 2023": 1.5,
    "organisation": 0.3,
    "organisation on device": 0.5,
}
SMALL_SPEED = DeviceSpeed(  # two coefficients of devices, correlated
    ("peak", "device h100-sxm"),
    np.array([0.6, 0.05]),
    np.array([[0.01, -0.002], [-0.002, 0.004]]),
    refit.contrasts_alone().spreads,
)


def invented(seed: int, count: int = 14) -> Runs:
    """Runs of three organisations on two devices, the first far off."""
    random = np.random.default_rng(seed)
    some = Cases(
        10 ** random.uniform(8.5, 11.5, count),
        random.choice([True, False], count),
        10 ** random.uniform(20, 25, count),
        random.choice([2020.0, 2024.0], count),
        (hardware(catalog.device("a100-sxm-80gb")), hardware(catalog.device("h100-sxm"))),
        random.integers(0, 2, count),
    )
    reached = run_utilisation.CENTRE + random.normal(0, 0.4, count)
    reached[0] -= 2.5
    return Runs(some, reached, random.choice(["one", "two", "three"], count), random.choice([1.0, 1.7], count))


def invented_design(some: Cases) -> np.ndarray:
    """peak, h100; run, size, mixture, before 2023. The reference needs no row: its own deviation is none."""
    h100 = (some.devices == "h100-sxm").astype(float)
    z = np.clip(np.log10(some.size) - 10, -2, 1.5)
    return np.column_stack([h100 * peak_of_h100(), h100,
                            np.ones(len(z)), z, some.mixture, some.year < 2023]).astype(float)  # fmt: skip


def peak_of_h100() -> float:
    return math.log(hardware(catalog.device("h100-sxm")).peak_tflops / 312)


def invented_noise(some: Cases) -> np.ndarray:
    z = np.clip(np.log10(some.size) - 10, -2, 1)
    return 0.2 * np.exp(-0.1 * z) * np.where(some.year < 2023, 1.5, 1.0)


PRIOR_MEAN = np.array([0.6, 0.05, run_utilisation.CENTRE, 0, 0, 0])
PRIOR = np.zeros((6, 6))
PRIOR[:2, :2] = SMALL_SPEED.covariance
PRIOR[range(2, 6), range(2, 6)] = np.array([1.0, 0.5, 0.3, 0.5]) ** 2


def luck(one: Cases, other: Cases) -> np.ndarray:
    """Covariance of the organisation's deviation, as it is told: sd 0.3, half of the variance one device's own."""
    apart = np.log10(one.size)[:, None] - np.log10(other.size)[None, :]
    return 0.3**2 * np.exp(-0.5 * apart**2) * (0.5 + 0.5 * (one.devices[:, None] == other.devices[None, :]))


@pytest.mark.parametrize("seed", range(3))
def test_the_fit_is_the_posterior_of_the_normal_equations_under_t_noise(seed):
    """Every deviation of an organisation is an unknown of its own: precision = prior + design' weights design."""
    runs = invented(seed)
    kernel = luck(runs.cases, runs.cases) * (runs.organisation[:, None] == runs.organisation[None, :])
    n = len(kernel)
    precision = np.block([[np.linalg.inv(PRIOR), np.zeros((6, n))], [np.zeros((n, 6)), np.linalg.inv(kernel)]])
    design = np.hstack([invented_design(runs.cases), np.eye(n)])
    noise = (invented_noise(runs.cases) * runs.noise) ** 2
    prior_mean, weight = np.concatenate([PRIOR_MEAN, np.zeros(n)]), np.ones(n)
    for _ in range(device_speed.ITERATIONS + 1):
        covariance = np.linalg.inv(precision + design.T @ np.diag(weight / noise) @ design)
        surprise = runs.log_throughput - design @ prior_mean
        mean = prior_mean + covariance @ design.T @ (weight / noise * surprise)
        used, weight = weight, 5 / (4 + (runs.log_throughput - design @ mean) ** 2 / noise)
    found = run_utilisation.fit(runs, named(SMALL_SPEED), SPREADS)
    kept = [0, 1, *range(len(found.mean) - 4, len(found.mean))]
    assert found.mean[kept] == pytest.approx(mean[:6], abs=1e-8)
    assert found.covariance[np.ix_(kept, kept)] == pytest.approx(covariance[:6, :6], abs=1e-8)
    assert used[0] < 0.5 < np.median(used)  # the run that is far off counts for little


def named(speed: DeviceSpeed) -> DeviceSpeed:
    """The same with the reference known for certain."""
    n = len(speed.names)
    covariance = np.zeros((n + 1, n + 1))
    covariance[:n, :n] = speed.covariance
    return DeviceSpeed((*speed.names, "device a100-sxm-80gb"), np.append(speed.mean, 0.0), covariance, speed.spreads)


SMALL = Fit(
    named(SMALL_SPEED),
    np.array([0.6, 0.05, 0.0, 4.6, 0.2, -0.1, -0.4]),
    np.diag([0.01, 0.004, 0.0, 0.01, 0.004, 0.02, 0.02])
    + 0.001 * np.outer([1, 1, 0, 1, -1, 1, 1], [1, 1, 0, 1, -1, 1, 1]),
    SPREADS,
    np.array([[8.0, 12.0], [19.0, 26.0]]),
    (-3.0, 0.55, 0.4),
)  # fmt: skip
WITHOUT_REFERENCE = [0, 1, 3, 4, 5, 6]


def test_a_prediction_adds_up_every_variance_of_a_new_organisations_run():
    some = invented(5).cases
    asked = replace(some, compute_flop=np.full(some.count, 1e29))  # three decades outside
    design = invented_design(asked)
    model = design @ SMALL.covariance[np.ix_(WITHOUT_REFERENCE, WITHOUT_REFERENCE)] @ design.T
    variance = np.diag(model) + 0.3**2 + invented_noise(asked) ** 2 + (0.3 * 3) ** 2
    got = run_utilisation.predict(SMALL, asked)
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
    found = run_utilisation.differences(SMALL, two)
    total = found.device + found.run
    assert total[0, 1] == pytest.approx(np.var(tuned[:, 0] - tuned[:, 1]), rel=0.01)
    assert total[0, 2] == pytest.approx(np.var(tuned[:, 0] - tuned[:, 2]), rel=0.01)
    assert total[1, 2] == pytest.approx(np.var(reached[:, 1] - reached[:, 2]), rel=0.01)  # one device, one stack
    assert found.run[0, 1] == pytest.approx(0, abs=1e-12)
    assert found.device[1, 2] == 0


@pytest.mark.parametrize("devices", [["h100-sxm", "a100-sxm-80gb"], ["tpu-v4", "mi300x"], ["h100-sxm", "trainium2"]])
def test_where_only_the_device_is_swapped_the_run_is_certain(devices):
    found = run_utilisation.differences(MODEL, cases(devices))
    assert found.run == pytest.approx(np.zeros((2, 2)), abs=1e-12)
    assert found.device[0, 1] > 0


def test_where_only_the_run_is_changed_the_device_is_certain():
    found = run_utilisation.differences(MODEL, replace(
        cases(["h100-sxm", "a100-sxm-80gb"], size=[7e9, 70e9]), code=np.zeros(2, dtype=int)))  # fmt: skip
    assert found.device == pytest.approx(np.zeros((2, 2)))
    assert found.run[0, 1] > 0


def test_differences_are_symmetric_and_none_of_a_case_from_itself():
    several = cases(["h100-sxm", "a100-sxm-80gb", "tpu-v4"], size=[7e9, 70e9, 1e9], year=[2024.0, 2020.0, 2024.0])
    for own in (None, one_device(0.8, 3)):
        found = run_utilisation.differences(MODEL, several, own)
        for part in (found.device, found.run):
            assert part == pytest.approx(part.T, rel=1e-9)
            assert np.diag(part).tolist() == [0, 0, 0]
            assert np.all(part >= 0)


def test_the_same_run_but_for_a_hair_has_an_interval_of_a_hair():
    sizes, flop = np.array([70e9, 70e9 * 1.0001]), np.array([6.3e24, 6.3e24 * 1.0001])
    twice = replace(cases(["h100-sxm", "a100-sxm-80gb"], size=sizes, compute_flop=flop), code=np.zeros(2, dtype=int))
    for own in (None, one_device(0.8, 3)):
        assert run_utilisation.differences(MODEL, twice, own).run[0, 1] < 1e-6


def test_a_little_more_compute_never_moves_the_interval_of_a_ratio_by_a_jump():
    widths = []
    for more in np.geomspace(1, 3, 60):
        two = cases(["h100-sxm", "a100-sxm-80gb"], compute_flop=[6.3e24, 6.3e24 * more])
        found = run_utilisation.differences(MODEL, two)
        widths.append(math.sqrt(found.device[0, 1] + found.run[0, 1]))
    assert max(abs(b - a) for a, b in pairwise(widths)) < 0.02


def test_h100_over_a100_has_an_80_percent_interval_whose_ends_are_within_1_36():
    for size in (7e9, 13e9, 30e9, 70e9):
        two = cases(["a100-sxm-80gb", "h100-sxm"], size=size)
        sd = math.sqrt(run_utilisation.differences(MODEL, two).device[0, 1])
        mean = np.diff(run_utilisation.predict(MODEL, two).mean)[0]
        half = float(committed().contrasts.quantile(0.8)) * sd
        assert math.exp(2 * half) <= 1.36
        assert 2.1 <= math.exp(mean) <= 2.4


# --- the quantile ---


def test_organisations_weigh_the_same_and_one_more_may_err_by_any_amount():
    """Three organisations: errors 1 and 4; 2; 3. Up to each lies 0.5, 1.5, 2.5 and 3, of 4 with one more."""
    found = run_utilisation.residuals_of(np.array([1.0, -4.0, 2.0, -3.0]), np.array(["a", "a", "b", "c"]))
    assert found.groups == 3
    expected = {0.1: 1, 0.125: 1, 0.13: 2, 0.375: 2, 0.38: 3, 0.625: 3, 0.63: 4, 0.75: 4, 0.99: 4}
    assert {level: float(found.quantile(level)) for level in expected} == expected


def test_a_higher_level_has_a_quantile_as_large_or_larger():
    random = np.random.default_rng(3)
    found = run_utilisation.residuals_of(random.normal(size=60), random.choice(["a", "b", "c", "d", "e"], 60))
    assert np.all(np.diff(found.quantile(np.linspace(0.01, 0.99, 99))) >= 0)


def test_an_organisation_that_reports_a_run_twice_weighs_no_more():
    z, groups = np.array([0.5, 1.0, 2.0, 3.0, 0.1]), np.array(["a", "b", "c", "d", "e"])
    twice = run_utilisation.residuals_of(np.append(z, 3.0), np.append(groups, "d"))
    levels = np.linspace(0.05, 0.95, 19)
    assert twice.quantile(levels).tolist() == run_utilisation.residuals_of(z, groups).quantile(levels).tolist()


def test_the_quantile_does_not_depend_on_the_order_of_the_runs():
    random = np.random.default_rng(4)
    z, groups = np.round(random.normal(size=40), 1), random.choice(["a", "b", "c", "d"], 40)
    levels = np.linspace(0.05, 0.95, 19)
    for _ in range(5):
        order = random.permutation(40)
        again = run_utilisation.residuals_of(z[order], groups[order])
        assert again.quantile(levels).tolist() == run_utilisation.residuals_of(z, groups).quantile(levels).tolist()


def test_the_quantile_holds_the_share_that_it_names_of_a_new_organisations_runs():
    """Nineteen organisations of one to eight runs that are alike within each, and one more."""
    random = np.random.default_rng(11)
    held = []
    for _ in range(3000):
        own = random.normal(0, 1, 20)
        groups = np.repeat(np.arange(19), random.integers(1, 9, 19))
        z = own[groups] + random.normal(0, 0.5, len(groups))
        new = own[19] + random.normal(0, 0.5)
        held.append(np.abs(new) <= run_utilisation.residuals_of(z, groups.astype(str)).quantile([0.5, 0.8]))
    for share, level in zip(np.mean(held, axis=0), (0.5, 0.8), strict=True):
        assert level - 0.02 <= share <= level + 1 / 20 + 0.02  # the correction for one more errs on the safe side


# --- what is true of every prediction ---


def test_every_device_at_every_precision_has_an_interval_in_order():
    wrong = []
    for one in catalog.devices():
        for precision in one.peak_tflops:
            result = estimate(RUN.replace(device=one.id, precision=precision, power_w=400))
            hours, used = result.device_hours, result.utilisation
            ordered = 0 < hours.low <= hours.central <= hours.high < math.inf
            if not (ordered and used.high <= 1 + 1e-9 and used.central <= run_utilisation.MEAN_CAP * (1 + 1e-9)):
                wrong.append((one.id, precision))
    assert wrong == []


def test_a_larger_model_uses_more_of_the_peak():
    for device in ("v100", "a100-sxm-80gb", "h100-sxm", "tpu-v4"):
        mean = run_utilisation.predict(MODEL, replace(
            cases(device, size=np.geomspace(1e8, 1e11, 30)), code=np.zeros(30, dtype=int))).mean  # fmt: skip
        assert np.all(np.diff(mean) > 0)


def test_a_run_of_before_2023_is_slower_and_less_certain():
    old, new = (run_utilisation.predict(MODEL, cases(year=year)) for year in (2022.0, 2023.0))
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
        assert run_utilisation.predict(MODEL, cases(**change)).extrapolation_decades[0] == pytest.approx(decades)


def test_a_device_that_nobody_measured_is_less_certain_and_a_new_vendors_even_less():
    known = hardware(catalog.device("h100-sxm"))
    new = replace(known, device="h400")
    stranger = replace(new, vendor="a new vendor")
    sd = [run_utilisation.predict(MODEL, cases([one])).sd[0] for one in (known, new, stranger)]
    assert sd[0] < sd[1] < sd[2]
    assert sd[2] ** 2 - sd[1] ** 2 == pytest.approx(device_speed.VENDOR_SD**2, rel=1e-6)


def test_a_size_that_is_not_known_is_that_usual_for_the_compute_and_makes_the_interval_wider():
    first, second, _ = MODEL.size_line
    usual = 10 ** (first + second * math.log10(6.3e24))
    unknown, known = (run_utilisation.predict(MODEL, cases(size=size)) for size in (np.nan, usual))
    assert unknown.mean == pytest.approx(known.mean, abs=1e-12)
    assert unknown.sd[0] > known.sd[0]


# --- past runs ---


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_past_runs_move_the_prediction_their_way_and_narrow_it_the_more_there_are(factor):
    alone = run_utilisation.predict(MODEL, cases())
    moved, sds = [0.0], [alone.sd[0]]
    for count in (1, 3, 10, 40):
        got = run_utilisation.predict(MODEL, cases(), one_device(factor, count))
        moved.append((got.mean[0] - alone.mean[0]) / math.log(factor))
        sds.append(got.sd[0])
    assert np.all(np.diff(moved) > 0)
    assert moved[-1] < 1
    assert np.all(np.diff(sds) < 0)


def test_past_runs_just_as_predicted_only_narrow():
    alone, got = (run_utilisation.predict(MODEL, cases(), own) for own in (None, one_device(1.0, 3)))
    assert got.mean == pytest.approx(alone.mean, abs=1e-9)
    assert got.sd[0] < 0.97 * alone.sd[0]


def test_past_runs_of_like_size_say_more():
    def moved(size):
        own = one_device(0.5, 3, size=size)
        return run_utilisation.predict(MODEL, cases()).mean[0] - run_utilisation.predict(MODEL, cases(), own).mean[0]

    assert moved(70e9) > moved(1e9) > 0


def test_past_runs_on_one_device_leave_the_ratio_to_a_device_that_is_new_to_them_as_it_is():
    """Swap the device and the run stays: slow runs on an A100 are slow on an H100."""
    two = cases(["a100-sxm-80gb", "h100-sxm"])
    alone = np.diff(run_utilisation.predict(MODEL, two).mean)[0]
    own = one_device(0.5, 3, "a100-sxm-80gb")
    assert np.diff(run_utilisation.predict(MODEL, two, own).mean)[0] == pytest.approx(alone, abs=0.02)
    without, within = (run_utilisation.differences(MODEL, two, one) for one in (None, own))
    assert (within.device + within.run)[0, 1] <= (without.device + without.run)[0, 1] + 1e-9


def test_where_past_runs_are_on_another_device_the_estimate_is_less_sure_than_where_they_are_on_its_own():
    own, other = (
        run_utilisation.predict(MODEL, cases(), one_device(1.0, 3, device)).sd[0] for device in ("h100-sxm", "v100")
    )
    assert own < other < run_utilisation.predict(MODEL, cases()).sd[0]


def test_a_past_run_far_from_all_others_counts_for_little():
    steady, odd = one_device(1.0, 4), one_device(1.0, 5)
    odd.log_throughput[4] -= 5  # a run that took 150 times as long
    first, second = (run_utilisation.predict(MODEL, cases(), own) for own in (steady, odd))
    assert abs(first.mean[0] - second.mean[0]) < 0.15


# --- the gap between steady state and the whole run ---


def test_the_gap_is_that_of_the_runs_that_report_both():
    ratios = refit.steady_ratios(RUNS)
    assert len(ratios) == committed().gap_runs >= 3
    assert committed().gap_mean == pytest.approx(np.mean(ratios), rel=1e-7)
    assert committed().gap_sd == pytest.approx(np.std(ratios, ddof=1), rel=1e-7)
    assert committed().gap_mean < 0


@pytest.mark.parametrize(("level", "students_t"), [(0.5, 0.7406971), (0.8, 1.5332063), (0.95, 2.7764451)])
def test_its_interval_is_students_for_one_more_run(level, students_t):
    five = replace(committed(), gap_runs=5, gap_sd=0.117)
    assert run_utilisation.gap_half_width(five, level) == pytest.approx(students_t * 0.117 * math.sqrt(1.2), rel=1e-6)
