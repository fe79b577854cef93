"""Calibrated throughput: whole-run utilisation learnt from reported training runs, with intervals that hold.

Utilisation u is the mean throughput of a run over the device's dense peak: the paper's α in other words, and comparable
across devices. The model is small enough to read:

    ln u = ln 0.3 + b0 + b_size (log10 N - 10) + b_peak (log10 P - 2.5) + b_era [before 2023] + d[device] + o(N) + e

with N the active parameters and P the peak in TFLOP/s. Every term is pooled towards zero: ``d`` is one small offset
a device (0 for a device without runs), ``o`` the organisation's own deviation, alike for models of like size and 0
for an organisation never seen, ``e`` Student-t noise, larger for small models and for runs before 2023. For given
variances that is one linear system; the t noise is fitted by repeating it with weights.

Intervals are ``exp(mean ± q sd)``. ``sd`` grows where there is little to learn from: a device or a vendor without
runs, a model outside the runs' range. ``q`` is conformal: the quantile of the standardised residuals of runs that
were predicted without their whole organisation (the (n + 1) rule), so that a stated 80 % holds for an organisation
never seen. The fixed variances below are round numbers; halving or doubling each changes the scores little.

numpy only; deterministic; no loop over rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

CENTRE = float(np.log(0.3))  # where the intercept is pooled to
TERMS = ("intercept", "size", "peak", "era")
PRIOR_SD = (1.0, 0.5, 0.5, 0.5)  # of the terms' coefficients
DEVICE_SD = 0.2
ORGANISATION_SD = 0.2
ORGANISATION_DECADES = 1.0  # runs whose sizes are d decades apart share exp(-d²/2) of the organisation's deviation
VENDOR_SD = 0.2  # added for a vendor with no run at all: a judgement, there is nothing to learn it from
NOISE_SD = 0.3  # of a 10-billion-parameter run on the present stack
NOISE_PER_DECADE = 0.2  # smaller models scatter more, larger ones less, between 1e8 and 1e11 parameters
NOISE_OLD_STACK = 1.5  # runs before ERA scatter more
DEGREES_OF_FREEDOM = 4.0
ITERATIONS = 15
ERA = 2023  # first year of the present software stack (fused attention and optimisers everywhere)
OLD_DEVICE = 2020  # where no year is given, a device released before this is taken to run the stack of its day
OUTSIDE_SD_PER_DECADE = 0.3  # added for every decade that size, peak or compute lies outside the runs' range
RUNS_FOR_RANGE = 3  # a device widens the range of peaks only with so many runs
MEAN_CAP = 0.7  # the central utilisation is held here: the highest that was reported is 0.69
LEVELS = (0.5, 0.8, 0.95)
STATES = ("year given", "year not given")

FAMILIES: Mapping[str, str] = {  # catalogue ids that count as one device: all others stand for themselves
    **dict.fromkeys(("v100-sxm2-16gb", "v100-sxm2-32gb", "v100-pcie-16gb", "v100-pcie-32gb"), "v100"),
    **dict.fromkeys(("v100-released", "v100-dgxs-32gb"), "v100"),
    **dict.fromkeys(("a100", "a100-released", "a100-pcie-40gb"), "a100-sxm-40gb"),
    "a100-pcie-80gb": "a100-sxm-80gb",
    "p100-pcie": "p100-sxm",
    "tpu-v3-released": "tpu-v3",
    "tpu-v4-released": "tpu-v4",
}


@dataclass(frozen=True, slots=True)
class Cases:
    """Runs or scenarios, as arrays that broadcast: one value a case, or one for all."""

    size: Floats  # active parameters; NaN where unknown
    peak_tflops: Floats
    compute_flop: Floats
    year: Floats  # of training; NaN where not given
    device_year: Floats  # of release; NaN where unknown
    device: NDArray[np.str_]  # family: see FAMILIES
    vendor: NDArray[np.str_]

    @property
    def count(self) -> int:
        """How many cases."""
        return int(np.broadcast(self.size, self.peak_tflops, self.compute_flop, self.year, self.device).size)

    def take(self, keep: NDArray[np.bool_]) -> Cases:
        """The cases for which ``keep`` is true; every array must have one value a case."""
        return Cases(*(getattr(self, name)[keep] for name in Cases.__slots__))


@dataclass(frozen=True, slots=True)
class Runs:
    """Cases whose utilisation is known, with the organisation each belongs to."""

    cases: Cases
    log_utilisation: Floats
    organisation: NDArray[np.str_]

    def take(self, keep: NDArray[np.bool_]) -> Runs:
        """The runs for which ``keep`` is true."""
        return Runs(self.cases.take(keep), self.log_utilisation[keep], self.organisation[keep])


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learnt: the posterior of the terms and device offsets, and the range of the runs."""

    devices: NDArray[np.str_]  # families with runs, sorted
    vendors: tuple[str, ...]
    mean: Floats  # of TERMS, then of the devices
    covariance: Floats
    ranges: Floats  # 3 × 2: log10 of size, peak and compute of the runs, from and to
    size_line: tuple[float, float, float]  # log10 size = first + second × log10 compute, give or take third


@dataclass(frozen=True, slots=True)
class Prediction:
    """Mean and standard deviation of ln utilisation, and whether the case lies outside the runs' range."""

    mean: Floats
    sd: Floats
    decades_outside: Floats


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that an estimate needs: the fit, the sizes of its errors on organisations not seen, the steady-state gap."""

    fit: Fit
    residuals: Mapping[str, Floats]  # by state: |z| of each run predicted without its organisation, ascending
    gap_mean: float  # of ln(whole-run / steady utilisation)
    gap_sd: float
    gap_runs: int
    runs: int
    organisations: int
    runs_by_device: Mapping[str, int]


def fit(runs: Runs) -> Fit:
    """Fit the model to runs with a known utilisation.

    Args:
        runs: The runs; size is filled in from the compute where it is unknown.

    Returns:
        The posterior given them.
    """
    cases = runs.cases
    known = ~np.isnan(cases.size)
    line = _line(np.log10(cases.compute_flop[known]), np.log10(cases.size[known]))
    sized, _ = _sized(cases, line)
    devices = np.unique(cases.device)
    design = _design(sized, devices)
    prior = np.diag(np.concatenate([PRIOR_SD, np.full(len(devices), DEVICE_SD)]) ** 2)
    together = runs.organisation[:, None] == runs.organisation[None, :]
    mean, covariance = _posterior(
        design, runs.log_utilisation - CENTRE, _size_kernel(sized, sized) * together, _noise(sized) ** 2, prior
    )
    return Fit(devices, tuple(np.unique(cases.vendor).tolist()), mean, covariance, _ranges(sized), line)


def predict(model: Fit, cases: Cases, own: Runs | None = None) -> Prediction:
    """What the model expects of cases by an organisation that it has not seen, or whose past runs are ``own``.

    Args:
        model: The fit.
        cases: What is to be predicted.
        own: Past runs of the same organisation, if any.

    Returns:
        Mean and standard deviation of ln utilisation, for one more run.
    """
    cases, size_sd = _sized(cases, model.size_line)
    terms = _terms(cases)
    place = _places(cases.device, model.devices)
    n = len(TERMS)
    offset = np.append(model.mean[n:], 0.0)[place]
    mean = CENTRE + sum(b * term for b, term in zip(model.mean[:n], terms, strict=True)) + offset
    own_variance = np.append(np.diag(model.covariance)[n:], DEVICE_SD**2)[place]
    with_device = np.append(model.covariance[:n, n:], np.zeros((n, 1)), axis=1)[:, place]
    variance = own_variance + sum(
        term * (2.0 * with_device[i] + sum(model.covariance[i, j] * terms[j] for j in range(n)))
        for i, term in enumerate(terms)
    )
    outside = _decades_outside(cases, model.ranges)
    variance = variance + ORGANISATION_SD**2 + _noise(cases) ** 2 + (OUTSIDE_SD_PER_DECADE * outside) ** 2
    variance = variance + (model.mean[1] * size_sd) ** 2 + np.where(_new_vendor(cases, model), VENDOR_SD**2, 0.0)
    cap = float(np.log(MEAN_CAP))
    if own is None or len(own.log_utilisation) == 0:
        return Prediction(np.minimum(mean, cap), np.sqrt(variance), outside)
    cases = _broadcast(cases)
    cross, inverse, surprise = _own_update(model, cases, own)
    mean = mean + cross @ (inverse @ surprise)
    variance = np.maximum(variance - ((cross @ inverse) * cross).sum(axis=1), _noise(cases) ** 2)
    return Prediction(np.minimum(mean, cap), np.sqrt(variance), outside)


def difference_variance(model: Fit, cases: Cases, own: Runs | None = None) -> Floats:
    """Variance of ln utilisation of one case less that of another, for every pair.

    What two runs of one organisation share cancels: the coefficients, the offset of a common device, the organisation's
    deviation as far as the sizes are alike. The noise of a single run does not.

    Args:
        model: The fit.
        cases: The cases, two or more.
        own: Past runs of the organisation, if any.

    Returns:
        A matrix, one row and one column a case; zero on its diagonal.
    """
    full = _broadcast(cases)
    sized, _ = _sized(full, model.size_line)
    design = _design(sized, model.devices)
    shared = _shared(model, sized, sized, design, design)
    if own is not None:
        cross, inverse, _ = _own_update(model, sized, own)
        shared = shared - cross @ inverse @ cross.T
    alone = predict(model, full, own).sd ** 2 - np.diag(shared)
    single = np.diag(shared)
    apart = single[:, None] + single[None, :] - 2.0 * shared + alone[:, None] + alone[None, :]
    return np.asarray(np.maximum(apart * (1.0 - np.eye(len(single))), 0.0))


def quantile(ascending: Floats, level: ArrayLike) -> Floats:
    """The conformal quantile: of n residuals the ceil((n + 1) level)-th smallest, the largest where that is past it.

    Args:
        ascending: |z| of runs predicted without their organisation, in ascending order.
        level: The share of new runs that the interval is to hold.

    Returns:
        q, so that ``mean ± q sd`` holds them.
    """
    n = len(ascending)
    place = np.ceil(np.asarray(level, dtype=np.float64) * (n + 1) - 1e-9).astype(np.intp) - 1
    return ascending[np.clip(place, 0, n - 1)]


def in_state(runs: Runs, state: str) -> Runs:
    """The runs as a planner would have asked for them: with the year of training, or without it."""
    if state == STATES[0]:
        return runs
    return replace(runs, cases=replace(runs.cases, year=np.full(runs.cases.count, np.nan)))


def residuals_without_own_organisation(runs: Runs, state: str = STATES[0]) -> Floats:
    """|z| of each run, predicted by a fit that has seen nothing of its organisation."""
    asked, z = in_state(runs, state), np.empty(len(runs.log_utilisation))
    for name in np.unique(runs.organisation):
        left_out = runs.organisation == name
        expected = predict(fit(runs.take(~left_out)), asked.cases.take(left_out))
        z[left_out] = np.abs(runs.log_utilisation[left_out] - expected.mean) / expected.sd
    return z


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Every run predicted without its organisation: ln utilisation, and the half-width at each level."""

    mean: Floats
    half_width: Mapping[float, Floats]


def leave_organisations_out(runs: Runs, state: str = STATES[0], levels: Sequence[float] = LEVELS) -> LeftOut:
    """The honest score: for each organisation, both the fit and the quantile come from the others alone.

    Args:
        runs: All runs.
        state: Whether the year of training is given.
        levels: The levels asked for.

    Returns:
        The prediction of each run; its interval is ``mean ± half_width`` in ln utilisation.
    """
    count = len(runs.log_utilisation)
    asked, mean = in_state(runs, state), np.empty(count)
    half = {level: np.empty(count) for level in levels}
    for name in np.unique(runs.organisation):
        left_out = runs.organisation == name
        others = runs.take(~left_out)
        expected = predict(fit(others), asked.cases.take(left_out))
        mean[left_out] = expected.mean
        ascending = np.sort(residuals_without_own_organisation(others, state))
        for level in levels:
            half[level][left_out] = quantile(ascending, level) * expected.sd
    return LeftOut(mean, half)


def calibrate(runs: Runs, steady: Floats) -> Calibration:
    """Fit the model, and measure its errors on organisations that it has not seen.

    Args:
        runs: The runs to learn from.
        steady: ln(whole-run / steady-state utilisation) of the runs that report both.

    Returns:
        The calibration.
    """
    names, counts = np.unique(runs.cases.device, return_counts=True)
    return Calibration(
        fit=fit(runs),
        residuals={state: np.sort(residuals_without_own_organisation(runs, state)) for state in STATES},
        gap_mean=float(steady.mean()),
        gap_sd=float(steady.std(ddof=1)),
        gap_runs=len(steady),
        runs=len(runs.log_utilisation),
        organisations=len(np.unique(runs.organisation)),
        runs_by_device={str(name): int(count) for name, count in zip(names, counts, strict=True)},
    )


def gap_half_width(calibration: Calibration, level: ArrayLike) -> Floats:
    """Half-width in ln utilisation of the gap between whole-run and steady state, for one more run (Student's t)."""
    from scipy.special import stdtrit  # here, as it is needed only where a rate is given

    spread = calibration.gap_sd * np.sqrt(1.0 + 1.0 / calibration.gap_runs)
    return np.asarray(stdtrit(calibration.gap_runs - 1, 0.5 + 0.5 * np.asarray(level)) * spread)


def to_json(calibration: Calibration) -> dict[str, Any]:
    """The calibration as plain values, ten significant digits each: what data/calibration.json holds of it."""
    model = calibration.fit
    n = len(TERMS)
    return {
        "runs": calibration.runs,
        "organisations": calibration.organisations,
        "terms": dict(zip(TERMS, _digits(model.mean[:n]), strict=True)),
        "devices": dict(zip(model.devices.tolist(), _digits(model.mean[n:]), strict=True)),
        "runs_by_device": dict(calibration.runs_by_device),
        "vendors": list(model.vendors),
        "covariance": [_digits(row) for row in model.covariance],
        "ranges_log10": dict(zip(("size", "peak", "compute"), map(_digits, model.ranges), strict=True)),
        "size_from_compute": _digits(model.size_line),
        "residuals": {state: _digits(values) for state, values in calibration.residuals.items()},
        "steady_gap": {
            "runs": calibration.gap_runs,
            "mean": _digits([calibration.gap_mean])[0],
            "sd": _digits([calibration.gap_sd])[0],
        },
    }


def from_json(text: Mapping[str, Any]) -> Calibration:
    """The calibration that :func:`to_json` wrote."""
    gap = text["steady_gap"]
    first, second, third = map(float, text["size_from_compute"])
    model = Fit(
        devices=np.array(list(text["devices"])),
        vendors=tuple(text["vendors"]),
        mean=np.array([*text["terms"].values(), *text["devices"].values()], dtype=np.float64),
        covariance=np.array(text["covariance"], dtype=np.float64),
        ranges=np.array(list(text["ranges_log10"].values()), dtype=np.float64),
        size_line=(first, second, third),
    )
    residuals = {state: np.array(text["residuals"][state], dtype=np.float64) for state in STATES}
    return Calibration(
        model,
        residuals,
        float(gap["mean"]),
        float(gap["sd"]),
        int(gap["runs"]),
        int(text["runs"]),
        int(text["organisations"]),
        text["runs_by_device"],
    )


def _digits(values: ArrayLike) -> list[float]:
    """Ten significant digits: the last ones depend on the order in which a machine sums."""
    return [float(f"{value:.10g}") for value in np.asarray(values).tolist()]


def _posterior(design: Floats, y: Floats, shared: Floats, noise: Floats, prior: Floats) -> tuple[Floats, Floats]:
    """Normal posterior of the coefficients under t noise, by reweighting."""
    signal = design @ prior @ design.T + shared
    weight = np.ones(len(y))
    for _ in range(ITERATIONS):
        weight = _weights(y - signal @ np.linalg.solve(signal + np.diag(noise / weight), y), noise)
    inverse = np.linalg.inv(signal + np.diag(noise / weight))
    gain = prior @ design.T @ inverse
    return gain @ y, prior - gain @ design @ prior


def _own_update(model: Fit, cases: Cases, own: Runs) -> tuple[Floats, NDArray[Any], Floats]:
    """What the organisation's past runs say: covariance with them, its inverse among them, and their surprise."""
    past, _ = _sized(own.cases, model.size_line)
    new, old = _design(cases, model.devices), _design(past, model.devices)
    cross, within = _shared(model, cases, past, new, old), _shared(model, past, past, old, old)
    surprise = own.log_utilisation - predict(model, past).mean
    noise, weight = _noise(past) ** 2, np.ones(len(surprise))
    for _ in range(ITERATIONS):
        explained = within @ np.linalg.solve(within + np.diag(noise / weight), surprise)
        weight = _weights(surprise - explained, noise)
    return cross, np.linalg.inv(within + np.diag(noise / weight)), surprise


def _shared(model: Fit, a: Cases, b: Cases, design_a: Floats, design_b: Floats) -> Floats:
    """Covariance of ln utilisation between runs of one organisation, less what is a single run's own."""
    unseen = ~np.isin(a.device, model.devices)[:, None] & (a.device[:, None] == b.device[None, :])
    stranger = _new_vendor(a, model)[:, None] & (a.vendor[:, None] == b.vendor[None, :])
    new = DEVICE_SD**2 * unseen + VENDOR_SD**2 * stranger
    return np.asarray(design_a @ model.covariance @ design_b.T + _size_kernel(a, b) + new)


def _weights(residual: Floats, noise: Floats) -> Floats:
    """Of t noise: a run far from its prediction counts less."""
    return np.asarray((DEGREES_OF_FREEDOM + 1.0) / (DEGREES_OF_FREEDOM + residual**2 / noise))


def _old_stack(cases: Cases) -> NDArray[np.bool_]:
    """Whether a case runs the software of before ERA: by its year, or else by its device's."""
    return np.where(np.isnan(cases.year), cases.device_year < OLD_DEVICE, cases.year < ERA)


def _terms(cases: Cases) -> tuple[Floats, Floats, Floats, Floats]:
    size, peak = np.log10(cases.size) - 10.0, np.log10(cases.peak_tflops) - 2.5
    return np.ones(1), size, np.asarray(peak), _old_stack(cases).astype(np.float64)


def _design(cases: Cases, devices: NDArray[np.str_]) -> Floats:
    terms = np.broadcast_arrays(*_terms(cases))
    return np.column_stack([*terms, cases.device[:, None] == devices[None, :]]).astype(np.float64)


def _places(device: NDArray[np.str_], devices: NDArray[np.str_]) -> NDArray[np.intp]:
    """Place of each device among those with runs; one past the last for the others."""
    names, codes = np.unique(device, return_inverse=True) if device.size > 1 else (device, np.zeros(1, dtype=np.intp))
    found = {name: at for at, name in enumerate(devices.tolist())}
    return np.array([found.get(name, len(devices)) for name in names.tolist()], dtype=np.intp)[codes]


def _new_vendor(cases: Cases, model: Fit) -> NDArray[np.bool_]:
    return ~np.isin(cases.vendor, model.vendors)


def _noise(cases: Cases) -> Floats:
    """Standard deviation of the noise."""
    decades = np.clip(np.log10(cases.size), 8.0, 11.0) - 10.0
    return np.asarray(
        NOISE_SD * np.exp(-NOISE_PER_DECADE * decades) * np.where(_old_stack(cases), NOISE_OLD_STACK, 1.0)
    )


def _size_kernel(a: Cases, b: Cases) -> Floats:
    apart = np.log10(a.size)[:, None] - np.log10(b.size)[None, :]
    return np.asarray(ORGANISATION_SD**2 * np.exp(-0.5 * (apart / ORGANISATION_DECADES) ** 2))


def _ranges(cases: Cases) -> Floats:
    names, counts = np.unique(cases.device, return_counts=True)
    often = np.isin(cases.device, names[counts >= RUNS_FOR_RANGE])
    logs = [np.log10(cases.size), np.log10(cases.peak_tflops[often]), np.log10(cases.compute_flop)]
    return np.array([[values.min(), values.max()] for values in logs])


def _decades_outside(cases: Cases, ranges: Floats) -> Floats:
    """How many decades a case lies outside the range of the runs, in whichever direction it is furthest out."""
    furthest = np.zeros(1)
    for values, (low, high) in zip((cases.size, cases.peak_tflops, cases.compute_flop), ranges, strict=True):
        logs = np.log10(values)
        furthest = np.maximum(furthest, np.maximum(low - logs, logs - high))
    return furthest


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Least squares y = first + second × x, give or take third."""
    second, first = np.polyfit(x, y, 1)
    return float(first), float(second), float(np.std(y - first - second * x, ddof=2))


def _sized(cases: Cases, line: tuple[float, float, float]) -> tuple[Cases, Floats]:
    """The cases with unknown sizes taken from their compute, and the uncertainty of log10 size where that was done."""
    unknown = np.isnan(cases.size)
    if not np.any(unknown):
        return cases, np.zeros(1)
    guess = 10.0 ** (line[0] + line[1] * np.log10(cases.compute_flop))
    return replace(cases, size=np.where(unknown, guess, cases.size)), np.where(unknown, line[2], 0.0)


def _broadcast(cases: Cases) -> Cases:
    """Every array with one value a case."""
    return Cases(*(np.array(values) for values in np.broadcast_arrays(*(getattr(cases, n) for n in Cases.__slots__))))
