"""The calibration: intervals that hold, errors smaller than any other method's, and the algebra underneath."""

import json
import math
import time
from dataclasses import fields, replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oce import Scenario, baselines, calibration, catalog, estimate, estimate_many, evidence, scoring, tables
from oce.calibration import LEVELS, STATES, Cases, Runs
from oce.pace import committed

RUNS = evidence.scored_runs()
KNOWN = evidence.runs_of(RUNS)
GIVEN, NOT_GIVEN = STATES
ORGANISATIONS = sorted(set(KNOWN.organisation.tolist()))
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
LLAMA_70B = {"size": 70e9, "peak_tflops": 989.0, "compute_flop": 6.3e24, "year": 2024.0, "device_year": 2022.0}


def cases(device="h100-sxm", vendor="NVIDIA", **values) -> Cases:
    """One case, by default Llama 3 70B on H100, or as many as a value has."""
    columns = {**LLAMA_70B, **values}
    count = max(np.size(value) for value in (*columns.values(), device, vendor))
    numbers = {name: np.broadcast_to(np.array(value, dtype=float), (count,)).copy() for name, value in columns.items()}
    texts = {"device": device, "vendor": vendor}
    return Cases(**numbers, **{name: np.broadcast_to(np.array(value), (count,)) for name, value in texts.items()})


def shuffled(runs: Runs, seed: int) -> tuple[Runs, np.ndarray]:
    order = np.random.default_rng(seed).permutation(len(runs.log_utilisation))
    return runs.take(order), order


def half_width(prediction: calibration.Prediction, level: float = 0.8, state: str = GIVEN) -> np.ndarray:
    return calibration.quantile(committed().residuals[state], level) * prediction.sd


@pytest.fixture(scope="module", params=STATES)
def left_out(request):
    """Every run predicted without its organisation, with the year given or not."""
    return request.param, calibration.leave_organisations_out(KNOWN, request.param)


@pytest.fixture(scope="module", params=STATES)
def evaluated(request):
    """Our method scored as every other is."""
    return scoring.evaluate(evidence.Calibrated(request.param), RUNS)


# --- how well it holds on organisations that it has not seen ---


@pytest.mark.parametrize(("level", "least", "most"), [(0.5, 0.45, 0.55), (0.8, 0.76, 0.84), (0.95, 0.91, 0.98)])
def test_an_interval_holds_the_share_of_runs_that_it_names(left_out, evaluated, level, least, most):
    _, predicted = left_out
    inside = np.abs(KNOWN.log_utilisation - predicted.mean) <= predicted.half_width[level]
    assert least <= np.mean(inside) <= most
    assert least <= evaluated.score.coverage[level] <= most


def test_the_scores_are_of_all_runs_that_may_be_scored_on(evaluated):
    assert evaluated.score.runs == len(RUNS) == 100
    assert len(ORGANISATIONS) == 20


def test_the_interval_is_narrower_than_that_of_the_device_median_calibrated_the_same_way(evaluated):
    median = scoring.evaluate(baselines.DeviceMedian(), RUNS).score
    assert 0.76 <= median.coverage[0.8] <= 0.84  # it holds as well: the width is what is left to compare
    for level in LEVELS:
        assert evaluated.score.median_width[level] < median.median_width[level]


def median_error(hours: np.ndarray, answered: np.ndarray) -> float:
    actual = np.array([run.device_hours for run in RUNS])
    return float(np.median(np.abs(hours[answered] / actual[answered] - 1)))


@pytest.fixture(scope="module")
def our_hours():
    return {state: scoring.leave_organisations_out(evidence.Calibrated(state), RUNS) for state in STATES}


@pytest.mark.parametrize("method", baselines.METHODS, ids=lambda method: method.name)
def test_the_median_error_is_lower_than_that_of_any_other_method_on_the_runs_that_it_answers_for(our_hours, method):
    theirs = scoring.leave_organisations_out(method, RUNS)
    answered = np.isfinite(theirs)
    assert answered.sum() >= 70
    assert median_error(our_hours[GIVEN], answered) < median_error(theirs, answered)
    if not isinstance(method, baselines.PublishedAlpha):  # α was fitted on runs that are partly these
        assert median_error(our_hours[NOT_GIVEN], answered) < median_error(theirs, answered)


@pytest.mark.parametrize("percent", range(20, 61, 5))
@pytest.mark.parametrize("state", STATES)
def test_no_constant_utilisation_is_better_not_even_the_best_in_hindsight(our_hours, state, percent):
    constant = baselines.ConstantUtilisation(percent / 100).predict((), RUNS)
    everyone = np.full(len(RUNS), True)
    assert median_error(our_hours[state], everyone) < median_error(constant, everyone)


def test_the_errors_are_those_that_are_told():
    ours = {one["name"]: one["score"] for one in tables.json_file("calibration.json")["scores"]}
    assert ours["Calibrated"]["median_error"] == pytest.approx(0.2312, abs=5e-4)
    assert ours["Calibrated, year not given"]["median_error"] == pytest.approx(0.2879, abs=5e-4)


# --- nothing is seen that is to be predicted ---


@pytest.mark.parametrize("name", ["Meta", "Google", "DeepSeek", "Baidu"])
def test_no_organisation_leaks_into_its_own_prediction(left_out, name):
    state, before = left_out
    own = KNOWN.organisation == name
    other_truth = replace(KNOWN, log_utilisation=KNOWN.log_utilisation - 1.5 * own)
    after = calibration.leave_organisations_out(other_truth, state)
    assert np.array_equal(before.mean[own], after.mean[own])
    assert np.any(before.mean[~own] != after.mean[~own])
    for level in LEVELS:
        assert np.array_equal(before.half_width[level][own], after.half_width[level][own])


@pytest.mark.parametrize("name", ["Meta", "Google", "DeepSeek"])
def test_no_reported_hours_leak_into_their_own_prediction(name):
    method = evidence.Calibrated()
    slower = [
        replace(one, device_hours=3 * one.device_hours) if one.organisation_group == name else one for one in RUNS
    ]
    own = np.array([one.organisation_group == name for one in RUNS])
    before, after = (scoring.predict_unseen(method, runs) for runs in (RUNS, slower))
    assert np.array_equal(before.central[own], after.central[own])
    assert np.array_equal(before.high[0.8][own], after.high[0.8][own])
    assert not np.array_equal(before.central[~own], after.central[~own])


def test_a_residual_is_that_of_a_fit_without_the_organisation():
    z = calibration.residuals_without_own_organisation(KNOWN)
    for name in ("DeepSeek", "Baidu"):
        own = KNOWN.organisation == name
        expected = calibration.predict(calibration.fit(KNOWN.take(~own)), KNOWN.cases.take(own))
        assert z[own] == pytest.approx(np.abs(KNOWN.log_utilisation[own] - expected.mean) / expected.sd, rel=1e-12)


# --- what is committed ---


def test_a_refit_finds_the_committed_file_unchanged(monkeypatch, tmp_path):
    start = time.perf_counter()
    document = evidence.calibration_document()
    assert time.perf_counter() - start < 15  # it takes about one
    kept = (tables.DATA / evidence.CALIBRATION).read_bytes()
    monkeypatch.setattr(tables, "DATA", tmp_path)
    evidence.write(evidence.CALIBRATION, document)
    assert (tmp_path / evidence.CALIBRATION).read_bytes() == kept


def test_a_calibration_comes_back_from_json_to_ten_digits():
    fitted = calibration.calibrate(KNOWN, evidence.steady_ratios(RUNS))
    back = calibration.from_json(json.loads(json.dumps(calibration.to_json(fitted))))
    for one in fields(calibration.Fit):
        ours, theirs = getattr(fitted.fit, one.name), getattr(back.fit, one.name)
        if one.name in ("devices", "vendors"):
            assert list(ours) == list(theirs)
        else:
            assert np.asarray(theirs) == pytest.approx(np.asarray(ours), rel=1e-9, abs=1e-15)
    for state in STATES:
        assert back.residuals[state] == pytest.approx(fitted.residuals[state], rel=1e-9)
    assert back.runs_by_device == fitted.runs_by_device
    assert (back.runs, back.organisations, back.gap_runs) == (100, 20, 5)


def test_the_terms_are_as_they_are_told():
    terms = tables.json_file("calibration.json")["calibration"]["terms"]
    assert terms == pytest.approx({"intercept": 0.1391, "size": 0.2723, "peak": -0.7466, "era": -0.5536}, abs=1e-4)


def test_llama_3_70b_worked_out_by_hand():
    held = tables.json_file("calibration.json")["calibration"]
    log_u = math.log(0.3) + held["terms"]["intercept"] + held["devices"]["h100-sxm"]
    log_u += held["terms"]["size"] * (math.log10(70e9) - 10) + held["terms"]["peak"] * (math.log10(989) - 2.5)
    assert math.exp(log_u) == pytest.approx(0.2485509, rel=1e-6)
    assert calibration.predict(committed().fit, cases()).mean == pytest.approx([log_u], rel=1e-9)
    assert estimate(RUN).utilisation.central == pytest.approx(math.exp(log_u), rel=1e-9)


def test_the_order_of_the_runs_does_not_matter():
    fitted, z = calibration.fit(KNOWN), calibration.residuals_without_own_organisation(KNOWN)
    for seed in range(3):
        other, order = shuffled(KNOWN, seed)
        again = calibration.fit(other)
        assert list(again.devices) == list(fitted.devices)
        assert again.mean == pytest.approx(fitted.mean, abs=1e-8)
        assert again.covariance == pytest.approx(fitted.covariance, abs=1e-8)
        assert again.ranges.tolist() == fitted.ranges.tolist()
        assert calibration.residuals_without_own_organisation(other) == pytest.approx(z[order], abs=1e-8)


# --- the algebra, against the textbook ---


def dense(
    runs: Runs, weight: np.ndarray, design: np.ndarray, own_sd: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean and covariance of all unknowns (coefficients, then one deviation a run), and the fitted values.

    In information form: precision = prior precision + design' weights design, one unknown for every deviation.
    """
    size, names = np.log10(runs.cases.size), runs.organisation
    kernel = np.array(
        [
            [0.2**2 * math.exp(-0.5 * (a - b) ** 2) if one == other else 0.0 for b, other in zip(size, names)]  # noqa: B905
            for a, one in zip(size, names)  # noqa: B905
        ]
    )
    prior = np.block(
        [
            [np.diag(own_sd**-2.0), np.zeros((len(own_sd), len(size)))],
            [np.zeros((len(size), len(own_sd))), np.linalg.inv(kernel)],
        ]
    )
    everything = np.hstack([design, np.eye(len(size))])
    noise = noise_sd(runs.cases) ** 2
    covariance = np.linalg.inv(prior + everything.T @ np.diag(weight / noise) @ everything)
    mean = covariance @ everything.T @ (weight / noise * (runs.log_utilisation - math.log(0.3)))
    return mean, covariance, everything @ mean


def noise_sd(some: Cases) -> np.ndarray:
    old = some.year < 2023
    return 0.3 * np.exp(-0.2 * (np.clip(np.log10(some.size), 8, 11) - 10)) * np.where(old, 1.5, 1.0)


def synthetic(seed: int, count: int = 14) -> Runs:
    """Runs of three organisations on three devices; one far off, as reported ones may be."""
    random = np.random.default_rng(seed)
    log_utilisation = np.log(0.3) + random.normal(0, 0.4, count)
    log_utilisation[0] -= 2.5
    return Runs(
        cases(
            size=10 ** random.uniform(8, 12, count),
            peak_tflops=random.choice([125.0, 312.0, 989.0], count),
            year=random.choice([2020.0, 2024.0], count),
            compute_flop=10 ** random.uniform(20, 25, count),
            device=random.choice(["v100", "a100-sxm-40gb", "h100-sxm"], count),
        ),
        log_utilisation,
        random.choice(["one", "two", "three"], count),
    )


def design_of(some: Cases, devices: np.ndarray) -> np.ndarray:
    return np.column_stack(
        [
            np.ones(len(some.size)),
            np.log10(some.size) - 10,
            np.log10(some.peak_tflops) - 2.5,
            some.year < 2023,
            *(some.device == name for name in devices),
        ]
    ).astype(float)


@pytest.mark.parametrize("seed", range(4))
def test_the_fit_is_the_posterior_of_every_unknown_under_t_noise(seed):
    runs = synthetic(seed)
    found = calibration.fit(runs)
    design = design_of(runs.cases, found.devices)
    own_sd = np.array([1.0, 0.5, 0.5, 0.5] + [0.2] * len(found.devices))
    weight = np.ones(len(runs.log_utilisation))
    for _ in range(calibration.ITERATIONS):
        _, _, fitted = dense(runs, weight, design, own_sd)
        residual = runs.log_utilisation - math.log(0.3) - fitted
        weight = 5 / (4 + (residual / noise_sd(runs.cases)) ** 2)
    mean, covariance, _ = dense(runs, weight, design, own_sd)
    n = design.shape[1]
    assert found.mean == pytest.approx(mean[:n], abs=1e-8)
    assert found.covariance == pytest.approx(covariance[:n, :n], abs=1e-8)
    assert weight[0] < 0.5 < np.median(weight)  # the run that is far off counts for little


@pytest.mark.parametrize("seed", range(4))
def test_a_prediction_adds_up_every_variance_of_a_new_organisations_run(seed):
    runs = synthetic(seed)
    found = calibration.fit(runs)
    asked = cases(
        size=[1e9, 3e10, 1e11], peak_tflops=[312.0, 989.0, 500.0], device=["a100-sxm-40gb", "h100-sxm", "new"]
    )
    asked = replace(asked, compute_flop=np.full(3, runs.cases.compute_flop[0]))
    design = design_of(asked, found.devices)
    new_device = np.array([0.0, 0.0, 0.2**2])
    model = design @ found.covariance @ design.T
    variance = np.diag(model) + new_device + 0.2**2 + noise_sd(asked) ** 2
    got = calibration.predict(found, asked)
    outside = got.decades_outside
    assert got.mean == pytest.approx(math.log(0.3) + design @ found.mean, abs=1e-12)
    assert got.sd == pytest.approx(np.sqrt(variance + (0.3 * outside) ** 2), abs=1e-12)


def joint_normal(runs: Runs, asked: Cases, organisation: str) -> tuple[np.ndarray, np.ndarray]:
    """Mean and sd of new runs of ``organisation``, from one dense normal over all runs and the new ones."""
    everyone = Runs(
        Cases(*(np.append(getattr(runs.cases, n), getattr(asked, n)) for n in Cases.__slots__)),
        np.append(runs.log_utilisation, np.full(asked.count, np.nan)),
        np.append(runs.organisation, [organisation] * asked.count),
    )
    devices = np.unique(everyone.cases.device)
    design, size = design_of(everyone.cases, devices), np.log10(everyone.cases.size)
    prior = np.diag(np.array([1.0, 0.5, 0.5, 0.5] + [0.2] * len(devices)) ** 2)
    together = everyone.organisation[:, None] == everyone.organisation[None, :]
    shared = design @ prior @ design.T
    shared = shared + together * 0.2**2 * np.exp(-0.5 * (size[:, None] - size[None, :]) ** 2)
    known, n = slice(0, len(runs.log_utilisation)), len(runs.log_utilisation)
    with_noise = shared[known, known] + np.diag(noise_sd(runs.cases) ** 2)
    gain = shared[n:, known] @ np.linalg.inv(with_noise)
    mean = math.log(0.3) + gain @ (runs.log_utilisation - math.log(0.3))
    variance = np.diag(shared[n:, n:] - gain @ shared[known, n:]) + noise_sd(asked) ** 2
    return mean, np.sqrt(variance)


@pytest.mark.parametrize("name", ["Meta", "Google", "EleutherAI", "Hugging Face"])
@pytest.mark.parametrize("device", ["a100-sxm-80gb", "never seen"])
def test_with_normal_noise_past_runs_are_worth_a_refit_with_their_organisation_added(monkeypatch, name, device):
    monkeypatch.setattr(calibration, "DEGREES_OF_FREEDOM", 1e15)
    own = KNOWN.organisation == name
    past = KNOWN.take(own)
    past = replace(past, cases=replace(past.cases, device=np.append([device], past.cases.device[1:])))
    inside = {"year": 2024.0, "compute_flop": 1e22, "peak_tflops": 312.0}
    asked = cases(size=[1e9, 7e9, 60e9], device=[device, "v100", device], **inside)
    got = calibration.predict(calibration.fit(KNOWN.take(~own)), asked, past)
    merged = Runs(
        Cases(
            *(
                np.append(getattr(KNOWN.take(~own).cases, one), getattr(past.cases, one)).astype(
                    getattr(past.cases, one).dtype
                )
                for one in Cases.__slots__
            )
        ),
        np.append(KNOWN.log_utilisation[~own], past.log_utilisation),
        np.append(KNOWN.organisation[~own], past.organisation),
    )
    mean, sd = joint_normal(merged, asked, name)
    assert got.mean == pytest.approx(mean, abs=1e-6)
    assert got.sd == pytest.approx(sd, abs=1e-6)


# --- the conformal quantile ---


@pytest.mark.parametrize(
    ("level", "expected"),
    [(0.01, 1), (0.1, 1), (0.5, 5), (0.55, 6), (0.8, 8), (0.81, 9), (0.9, 9), (0.95, 9), (0.99, 9)],
)
def test_of_n_residuals_the_quantile_is_the_one_in_place_n_plus_1_times_the_level(level, expected):
    assert calibration.quantile(np.arange(1.0, 10.0), level) == expected


def test_quantiles_of_many_levels_are_those_of_each():
    residuals = np.sort(np.random.default_rng(3).exponential(size=99))
    levels = np.array([0.05, 0.5, 0.8, 0.95])
    assert calibration.quantile(residuals, levels).tolist() == residuals[[4, 49, 79, 94]].tolist()
    assert [float(calibration.quantile(residuals, one)) for one in levels] == residuals[[4, 49, 79, 94]].tolist()


def test_the_quantile_holds_the_share_that_it_names_of_new_residuals():
    random = np.random.default_rng(11)
    for level in LEVELS:
        held = [random.normal() ** 2 <= calibration.quantile(np.sort(random.normal(size=19) ** 2), level)
                for _ in range(4000)]  # fmt: skip
        assert np.mean(held) == pytest.approx(level, abs=0.02)


# --- what is true of every prediction ---

CATALOGUE = [one.id for one in catalog.devices()]


@pytest.mark.parametrize("device", CATALOGUE)
def test_every_device_of_the_catalogue_has_an_estimate_and_its_interval_is_in_order(device):
    for changes in ({}, {"year": 2020}, {"year": 2025}, {"parameters": 1e8, "tokens": 1e9}, {"level": 0.95}):
        result = estimate(RUN.replace(device=device, power_w=400, **changes))
        hours, utilisation = result.device_hours, result.utilisation
        assert 0 < hours.low <= hours.central <= hours.high < math.inf
        assert 0 < utilisation.low <= utilisation.central <= utilisation.high <= 1 + 1e-9
        assert utilisation.central <= 0.7 * (1 + 1e-9)


@pytest.mark.parametrize("year", [None, 2024])
@pytest.mark.parametrize("unseen", ["TPU v5p", "MI300X", "B200"])
def test_a_device_without_runs_has_a_wider_interval_than_one_with_many(unseen, year):
    assert committed().runs_by_device["h100-sxm"] >= 10
    assert committed().runs_by_device["a100-sxm-80gb"] >= 10
    assert catalog.device(unseen).id not in committed().runs_by_device
    widths = {
        device: estimate(RUN.replace(device=device, year=year)).device_hours.ratio
        for device in (unseen, "A100-80GB", "H100")
    }
    assert widths[unseen] > 1.02 * max(widths["A100-80GB"], widths["H100"])


def test_a_vendor_without_runs_has_a_wider_interval_than_a_new_device_of_a_known_one():
    new, stranger = calibration.predict(
        committed().fit, cases(device=["h400", "mi400"], vendor=["NVIDIA", "AMD"], peak_tflops=500.0)
    ).sd
    assert stranger == pytest.approx(math.hypot(new, 0.2))


@pytest.mark.parametrize(
    ("far", "near"),
    [
        ({"size": 2e13}, {"size": 2e11}),
        ({"size": 1e5}, {"size": 1e8}),
        ({"compute_flop": 1e29}, {"compute_flop": 1e25}),
        ({"peak_tflops": 20000.0}, {"peak_tflops": 900.0}),
    ],
    ids=lambda change: "".join(f"{name}={value:g}" for name, value in change.items()),
)
def test_far_outside_the_runs_the_interval_is_wider(far, near):
    away, inside = (calibration.predict(committed().fit, cases(**one)) for one in (far, near))
    assert inside.decades_outside[0] == 0
    assert away.decades_outside[0] > 1
    assert away.sd[0] > math.hypot(0.3, 0.9 * inside.sd[0])


def test_how_far_outside_is_counted_in_decades_in_the_direction_that_is_furthest_out():
    (low, high) = committed().fit.ranges[2]
    sizes_high = committed().fit.ranges[0][1]
    asked = cases(compute_flop=[10 ** (high + 2), 10 ** (low - 1.5), 1e24], size=[7e10, 7e10, 10 ** (sizes_high + 1)])
    assert calibration.predict(committed().fit, asked).decades_outside == pytest.approx([2, 1.5, 1])


def test_a_larger_model_uses_more_of_the_peak():
    sizes = np.geomspace(1e7, 5e11, 40)
    for device in committed().fit.devices.tolist():
        mean = calibration.predict(committed().fit, cases(size=sizes, device=device)).mean
        free = mean < math.log(calibration.MEAN_CAP) - 1e-9
        assert np.all(np.diff(mean[free]) > 0)
        assert np.all(np.diff(mean) >= 0)


def test_a_larger_peak_is_harder_to_fill():
    mean = calibration.predict(committed().fit, cases(peak_tflops=np.geomspace(50, 5000, 30), device="new")).mean
    assert np.all(np.diff(mean) <= 0)
    assert mean[0] - mean[-1] > 0.5


def test_a_run_of_before_2023_is_slower_and_less_certain():
    years = np.arange(2015.0, 2030.0)
    got = calibration.predict(committed().fit, cases(year=years))
    before = years < 2023
    assert len(set(got.mean[before])) == len(set(got.mean[~before])) == 1
    assert got.mean[~before][0] - got.mean[before][0] == pytest.approx(0.5536, abs=1e-4)
    assert got.sd[before][0] > got.sd[~before][0]


@pytest.mark.parametrize(("released", "like"), [(2017.0, 2018.0), (2019.0, 2018.0), (2020.0, 2024.0), (2024.0, 2024.0)])
def test_without_a_year_a_device_runs_the_software_of_its_day(released, like):
    unsaid = calibration.predict(committed().fit, cases(year=np.nan, device_year=released))
    said = calibration.predict(committed().fit, cases(year=like, device_year=released))
    assert (unsaid.mean[0], unsaid.sd[0]) == (said.mean[0], said.sd[0])


def test_not_to_know_the_year_makes_every_interval_wider():
    for level in LEVELS:
        without, with_it = (float(half_width(calibration.predict(committed().fit, cases()), level, state)[0])
                            for state in (NOT_GIVEN, GIVEN))  # fmt: skip
        assert without > with_it


def test_a_small_models_run_is_less_certain_than_a_large_ones():
    sd = calibration.predict(committed().fit, cases(size=np.array([1e8, 1e9, 1e10, 1e11]))).sd
    assert np.all(np.diff(sd) < 0)


@pytest.mark.parametrize(
    "changes", [{}, {"year": 2024}, {"device": "MI300X"}, {"utilisation": 0.4}, {"device": "V100"}]
)
def test_intervals_of_higher_levels_hold_those_of_lower_ones(changes):
    found = [estimate(RUN.replace(level=level, **changes)).device_hours for level in (0.05, 0.2, 0.5, 0.8, 0.9, 0.95)]
    for inner, outer in pairwise(found):
        assert outer.central == inner.central
        assert outer.low < inner.low or outer.low == pytest.approx(inner.low, rel=1e-12)  # where the peak ends it
        assert outer.high > inner.high


@pytest.mark.parametrize("family", sorted(set(calibration.FAMILIES.values())))
def test_devices_of_one_family_are_one_device_to_the_calibration(family):
    members = [one for one in catalog.devices() if calibration.FAMILIES.get(one.id, one.id) == family]
    same_peak = {}
    for one in members:
        usual = one.peak_tflops[one.training_precision]
        same_peak.setdefault(usual, set()).add(
            estimate(RUN.replace(device=one.id, year=2020, power_w=300)).device_hours.high
        )
    assert len(members) >= 2
    assert all(len(hours) == 1 for hours in same_peak.values())


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(CATALOGUE),
    st.floats(5, 14),
    st.floats(5, 16),
    st.one_of(st.none(), st.integers(2010, 2040)),
    st.floats(0.01, 0.99),
)
def test_any_case_at_all_has_an_interval_and_no_warning(device, log10_parameters, log10_tokens, year, level):
    found = estimate_many(
        parameters=[10**log10_parameters],
        tokens=[10**log10_tokens],
        device=device,
        year=[math.nan if year is None else year],
        level=[level],
        power_w=400,
        carbon_intensity_g_per_kwh=100,
    )
    assert found["error"].tolist() == [""]
    low, central, high = (found[f"device_hours_{end}"][0] for end in ("low", "central", "high"))
    assert 0 < low <= central <= high < math.inf


def test_a_case_is_predicted_alike_alone_and_among_many():
    random = np.random.default_rng(7)
    asked = cases(
        size=np.where(random.random(200) < 0.2, np.nan, 10 ** random.uniform(6, 13, 200)),
        peak_tflops=10 ** random.uniform(0.5, 4, 200),
        compute_flop=10 ** random.uniform(15, 28, 200),
        year=np.where(random.random(200) < 0.3, np.nan, random.integers(2015, 2030, 200)),
        device_year=random.choice([np.nan, 2017, 2022], 200),
        device=random.choice(["v100", "h100-sxm", "tpu-v3", "new"], 200),
        vendor=random.choice(["NVIDIA", "Google", "AMD"], 200),
    )
    own = KNOWN.take(KNOWN.organisation == "OpenAI")
    for past in (None, own):
        many = calibration.predict(committed().fit, asked, past)
        for at in range(0, 200, 7):
            one = calibration.predict(committed().fit, asked.take(np.arange(200) == at), past)
            for name in calibration.Prediction.__slots__:
                assert getattr(one, name)[0] == pytest.approx(getattr(many, name)[at], rel=1e-12, abs=1e-15)


# --- a size that is not known ---


def test_an_unknown_size_is_that_usual_for_the_compute_and_makes_the_interval_wider():
    first, second, spread = committed().fit.size_line
    usual = 10 ** (first + second * math.log10(6.3e24))
    unknown, known = (calibration.predict(committed().fit, cases(size=size)) for size in (np.nan, usual))
    assert unknown.mean == pytest.approx(known.mean, abs=1e-12)
    slope = committed().fit.mean[1]
    assert unknown.sd[0] == pytest.approx(math.hypot(known.sd[0], slope * spread), rel=1e-12)


# --- past runs ---


def past(factor: float, count: int, **values) -> Runs:
    """``count`` past runs that were ``factor`` times as fast as they would have been predicted."""
    some = cases(**{"size": np.full(count, 70e9), **values})
    expected = calibration.predict(committed().fit, some).mean
    return Runs(some, expected + math.log(factor), np.array(["own"] * count))


@pytest.mark.parametrize("factor", [0.5, 0.8, 1.25, 2.0])
def test_past_runs_move_the_prediction_their_way_and_narrow_it_the_more_there_are(factor):
    alone = calibration.predict(committed().fit, cases())
    moved = [0.0]
    widths = [alone.sd[0]]
    for count in (1, 3, 10, 40):
        got = calibration.predict(committed().fit, cases(), past(factor, count))
        moved.append((got.mean[0] - alone.mean[0]) / math.log(factor))
        widths.append(got.sd[0])
    assert np.all(np.diff(moved) > 0)
    assert moved[-1] < 1
    assert np.all(np.diff(widths) < 0)


def test_past_runs_twice_as_slow_as_predicted_make_the_estimate_slower_and_surer():
    own = past(0.5, 3)
    without, within = estimate(RUN), estimate(RUN, own)
    assert 1.2 < within.device_hours.central / without.device_hours.central < 2
    assert within.device_hours.ratio < without.device_hours.ratio


def test_past_runs_just_as_predicted_only_narrow():
    alone, got = (calibration.predict(committed().fit, cases(), runs) for runs in (None, past(1.0, 3)))
    assert got.mean == pytest.approx(alone.mean, abs=1e-12)
    assert got.sd[0] < 0.97 * alone.sd[0]


def test_past_runs_of_like_size_and_device_say_more():
    alone = calibration.predict(committed().fit, cases()).mean[0]

    def moved(**values) -> float:
        return alone - calibration.predict(committed().fit, cases(), past(0.5, 3, **values)).mean[0]

    like = moved()
    assert like > moved(size=np.full(3, 1e8)) > 0
    assert like > moved(device="tpu-v4", peak_tflops=275.0, vendor="Google") > 0


def test_a_past_run_far_from_all_others_counts_for_little():
    steady, odd = past(1.0, 4), past(1.0, 5)
    odd.log_utilisation[4] -= 5  # a run that took 150 times as long
    first, second = (calibration.predict(committed().fit, cases(), runs) for runs in (steady, odd))
    assert abs(first.mean[0] - second.mean[0]) < 0.15


@pytest.mark.parametrize("choice", ["any", "most recent"])
def test_with_three_past_runs_of_the_organisation_the_median_error_is_lower_than_without(choice):
    errors = {"with": [], "without": []}
    held = []
    organisations = [name for name in ORGANISATIONS if np.sum(KNOWN.organisation == name) >= 4]
    assert organisations == ["EleutherAI", "Google", "Hugging Face", "LAION", "Meta", "Microsoft"]
    random = np.random.default_rng(2405)
    for name in organisations:
        own = KNOWN.organisation == name
        members, model = KNOWN.take(own), calibration.fit(KNOWN.take(~own))
        quantile = calibration.quantile(np.sort(calibration.residuals_without_own_organisation(KNOWN.take(~own))), 0.8)
        compute = np.log10(members.cases.compute_flop)
        for at, truth in enumerate(members.log_utilisation):
            # a run with the same utilisation is one reported twice, and no past of its own
            others = np.flatnonzero(np.abs(members.log_utilisation - truth) > 1e-3)
            year = members.cases.year
            if choice == "most recent":
                others = others[year[others] <= year[at]]
                others = others[np.lexsort((np.abs(compute[others] - compute[at]), -year[others]))]
            if len(others) < 3:
                continue
            one = np.arange(len(members.log_utilisation)) == at
            without = calibration.predict(model, members.cases.take(one)).mean[0]
            triples = [others[:3]] if choice == "most recent" else [random.permutation(others)[:3] for _ in range(10)]
            for triple in triples:
                known = members.take(np.isin(np.arange(len(members.log_utilisation)), triple))
                got = calibration.predict(model, members.cases.take(one), known)
                errors["with"].append(abs(math.exp(truth - got.mean[0]) - 1))
                errors["without"].append(abs(math.exp(truth - without) - 1))
                held.append(abs(truth - got.mean[0]) <= quantile * got.sd[0])
    assert len(errors["with"]) > 60
    assert np.median(errors["with"]) < np.median(errors["without"])
    assert np.mean(held) >= 0.76  # and the narrower interval still holds


# --- the gap between steady state and the whole run ---


def test_the_gap_is_that_of_the_five_runs_that_report_both():
    ratios = evidence.steady_ratios(catalog.runs())
    reported = sorted(run.id for run in catalog.runs() if run.utilisation_usable == "yes")
    assert len(ratios) == len(reported) == 5
    assert np.all(ratios < 0)
    assert committed().gap_mean == pytest.approx(np.mean(ratios), rel=1e-9) == pytest.approx(-0.278, abs=5e-4)
    assert committed().gap_sd == pytest.approx(np.std(ratios, ddof=1), rel=1e-9) == pytest.approx(0.117, abs=5e-4)


@pytest.mark.parametrize(("level", "students_t"), [(0.5, 0.7406971), (0.8, 1.5332063), (0.95, 2.7764451)])
def test_its_interval_is_students_with_four_degrees_of_freedom_for_one_more_run(level, students_t):
    expected = students_t * committed().gap_sd * math.sqrt(1 + 1 / 5)
    assert calibration.gap_half_width(committed(), level) == pytest.approx(expected, rel=1e-6)
    many = calibration.gap_half_width(committed(), np.array([level, 0.8]))
    assert many[0] == pytest.approx(expected, rel=1e-6)
