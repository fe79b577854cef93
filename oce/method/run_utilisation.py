"""Calibrated throughput: what a run will reach, from how fast its device is and what runs of its kind have reached.

The logarithm of the mean throughput of a run, in TFLOP/s per device, has two parts that can be held in the head:

    ln v = s(device, precision; size, attention, mixture) + r(size, era, mixture) + o(organisation) + e

* **the device**, s: how fast it is against another on the same stack (:mod:`oce.method.device_speed`). It is learnt
  from measured contrasts; runs move it only where the contrasts leave it open.
* **the run**, r + o + e: what runs of this size and era reach, on an A100 as it were. It stays when the device is
  swapped. ``o`` is the organisation's own deviation, alike for models of like size and on the same device, and 0 for an
  organisation never seen; ``e`` is Student-t noise, larger for small models and for runs before 2023.

For given spreads that is one linear system; the t noise is fitted by repeating it with weights. The spreads are chosen
from a grid by how well each run is foretold from all others, and are chosen anew wherever runs are left out.

An interval is ``exp(mean ± q sd)``. It promises a *new organisation's* run, so organisations, not runs, are its units:
q is the quantile of the standardised errors of runs predicted without their organisation, where each organisation
weighs the same and one more is expected that may err by any amount (hierarchical conformal prediction: Lee, Barber &
Willett 2023, arXiv:2306.06342).

Deterministic; no loop over rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce.method.device_speed import (
    DEGREES_OF_FREEDOM,
    STACKS_SD,
    USUAL_SEQUENCE,
    DeviceSpeed,
    Hardware,
    LeftOut,
    attention_share,
    best_of,
    size_covariate,
    weights_of_t_noise,
)

Floats = NDArray[np.float64]

CENTRE = float(np.log(0.3 * 312.0))  # where the intercept is pooled to: 30 % of an A100
RUN_TERMS: Mapping[str, float] = {  # of the run part, with the standard deviation that pools each towards none
    "run": 1.0,
    "run size": 0.5,
    "run mixture": 0.3,
    "run before 2023": 0.5,
}
ERA = 2023  # first year of the present software stack (fused attention and optimisers everywhere)
ORGANISATION_DECADES = 1.0  # runs whose sizes are d decades apart share exp(-d²/2) of the organisation's deviation
RUN_DECADES = 0.5  # runs whose size and compute are d decades apart share exp(-d²/2) of a single run's noise
NOISE_RANGE = (-2.0, 1.0)  # decades around 1e10 parameters within which the noise depends on size
OUTSIDE_SD_PER_DECADE = 0.3  # added for every decade that size or compute lies outside the runs' range
MEAN_CAP = 0.7  # the central utilisation is held here: the highest that was reported is 0.69
NOISE_OF_CONFIDENCE: Mapping[str, float] = {"high": 1.0, "medium": 1.3, "low": 1.7}  # what a report is trusted
LEVELS = (0.5, 0.8, 0.95)
PAST_RUNS = 3  # how many of its own runs an organisation is taken to know when that is scored
GRID: Mapping[str, tuple[float, ...]] = {  # spreads to choose from, the first guess in the middle
    "noise": (0.15, 0.2, 0.25, 0.3, 0.4),  # of a run of 1e10 parameters on the present stack
    "noise per decade": (0.0, 0.1, 0.2, 0.3),  # smaller models scatter more
    "noise before 2023": (1.0, 1.25, 1.5, 2.0),  # times as much
    "organisation": (0.1, 0.2, 0.3, 0.4, 0.5),
    "organisation on device": (0.0, 0.5, 0.8),  # share of its deviation that is one device's own
}


@dataclass(frozen=True, slots=True)
class Cases:
    """Runs or scenarios, as arrays that broadcast: one value a case, or one for all."""

    size: Floats  # active parameters; NaN where unknown
    mixture: NDArray[np.bool_]  # whether fewer parameters are active than there are
    compute_flop: Floats
    year: Floats  # of training
    hardware: tuple[Hardware, ...]
    code: NDArray[np.intp]  # place of each case's hardware
    sequence_length: Floats = field(default_factory=lambda: np.full(1, USUAL_SEQUENCE))  # [tokens]

    @property
    def count(self) -> int:
        """How many cases."""
        return int(
            np.broadcast(self.size, self.mixture, self.compute_flop, self.year, self.code, self.sequence_length).size
        )

    def take(self, keep: NDArray[np.bool_]) -> Cases:
        """The cases for which ``keep`` is true; every array must have one value a case."""
        return replace(
            self,
            size=self.size[keep],
            mixture=self.mixture[keep],
            compute_flop=self.compute_flop[keep],
            year=self.year[keep],
            code=self.code[keep],
            sequence_length=self.sequence_length if len(self.sequence_length) == 1 else self.sequence_length[keep],
        )

    @property
    def devices(self) -> NDArray[np.str_]:
        """The id of each case's device."""
        return np.array([one.device for one in self.hardware])[self.code]

    @property
    def old_stack(self) -> NDArray[np.bool_]:
        """Which cases run the software of before :data:`ERA`."""
        return self.year < ERA


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """Cases whose throughput is known, with the organisation each belongs to; equal where every value is."""

    cases: Cases
    log_throughput: Floats  # ln TFLOP/s per device, mean of the run
    organisation: NDArray[np.str_]
    noise: Floats  # how many times the noise of a trusted report each has

    def take(self, keep: NDArray[np.bool_]) -> Runs:
        """The runs for which ``keep`` is true."""
        return Runs(self.cases.take(keep), self.log_throughput[keep], self.organisation[keep], self.noise[keep])

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Runs) and self._values == other._values

    def __hash__(self) -> int:
        return hash(self._values)

    @property
    def _values(self) -> tuple[object, ...]:
        cases = (getattr(self.cases, name) for name in Cases.__slots__ if name != "hardware")
        arrays = (*cases, self.log_throughput, self.organisation, self.noise)
        return (self.cases.hardware, *((array.dtype.str, array.shape, array.tobytes()) for array in arrays))


@dataclass(frozen=True, slots=True)
class Fit:
    """What was learnt: the posterior of the coefficients of both parts, the spreads, and the range of the runs."""

    speed: DeviceSpeed  # what the coefficients of the device part count for
    mean: Floats  # of the device part's coefficients, then of RUN_TERMS
    covariance: Floats
    spreads: Mapping[str, float]  # of GRID
    ranges: Floats  # 2 × 2: log10 of size and compute of the runs, from and to
    size_line: tuple[float, float, float]  # log10 size = first + second × log10 compute, give or take third

    def usual_size(self, compute_flop: ArrayLike) -> Floats:
        """Active parameters usual for a compute [FLOP] among the runs that were learnt from."""
        return _size_on(self.size_line, compute_flop)


@dataclass(frozen=True, slots=True)
class Prediction:
    """Mean and standard deviation of ln throughput, and how far the case lies outside the runs' range."""

    mean: Floats
    sd: Floats
    extrapolation_decades: Floats


@dataclass(frozen=True, slots=True)
class Residuals:
    """Standardised errors of predictions of groups that were left out, each group weighing the same."""

    size: Floats  # |z|, ascending
    weight: Floats  # of each: one over how many its group has
    groups: int

    def quantile(self, level: ArrayLike) -> Floats:
        """q, so that ``mean ± q sd`` is to hold a share ``level`` of a new group's cases.

        The smallest of the errors at or below which lies ``level`` of the weight, where one more group is counted that
        may err by any amount; the largest where that is past it.
        """
        reached = np.cumsum(self.weight)
        wanted = np.asarray(level, dtype=np.float64) * (self.groups + 1)
        return self.size[np.minimum(np.searchsorted(reached, wanted - 1e-9), len(self.size) - 1)]


@dataclass(frozen=True, slots=True)
class Calibration:
    """All that an estimate needs: the fit, the sizes of its errors on what it has not seen, the steady-state gap."""

    fit: Fit
    strangers: Residuals  # runs predicted without their organisation
    with_past_runs: Residuals  # without it but for its most similar runs
    contrasts: Residuals  # device against device, predicted without the source, where another measured both
    open_contrasts: Residuals  # where no other did
    gap_mean: float  # of ln(whole-run / steady utilisation)
    gap_sd: float
    gap_runs: int
    runs: int
    organisations: int
    runs_by_device: Mapping[str, int]


def fit(runs: Runs, speed: DeviceSpeed, spreads: Mapping[str, float] | None = None) -> Fit:
    """Fit both parts to runs with a known throughput.

    Args:
        runs: The runs; size is filled in from the compute where it is unknown.
        speed: The device part, as the contrasts alone have it.
        spreads: Of :data:`GRID`; chosen by the runs where they are not given.

    Returns:
        The posterior given them.
    """
    cases = runs.cases
    known = ~np.isnan(cases.size)
    line = _line(np.log10(cases.compute_flop[known]), np.log10(cases.size[known]))
    sized, _ = _sized(cases, line)
    learnt = replace(runs, cases=sized)
    speed = speed.including(cases.hardware)
    prior_mean, prior = _prior(speed)
    model = Fit(speed, prior_mean, prior, dict(spreads or {}), _ranges(sized), line)
    design = _design(model, sized)
    signal = design @ prior @ design.T
    surprise = runs.log_throughput - design @ prior_mean
    if spreads is None:
        model = replace(model, spreads=_choose(learnt, signal, surprise))
    covariance = signal + _organisation(model, sized, sized.devices, sized, sized.devices) * _together(runs)
    noise = (_noise(model, sized) * runs.noise) ** 2
    inverse = np.linalg.inv(covariance + np.diag(noise / weights_of_t_noise(covariance, noise, surprise)))
    gain = prior @ design.T @ inverse
    return replace(model, mean=prior_mean + gain @ surprise, covariance=prior - gain @ design @ prior)


def predict(model: Fit, cases: Cases, own: Runs | None = None) -> Prediction:
    """What the model expects of cases by an organisation that it has not seen, or whose past runs are ``own``.

    Args:
        model: The fit.
        cases: What is to be predicted.
        own: Past runs of the same organisation, if any.

    Returns:
        Mean and standard deviation of ln throughput [ln TFLOP/s], for one more run.
    """
    cases, size_sd = _sized(cases, model.size_line)
    if own is not None and len(own.log_throughput):
        cases = _broadcast(cases)
    x = _covariates(cases)
    means, squares = _by_hardware(model, cases.hardware)
    mean = sum(means[cases.code, i] * x[i] for i in range(len(x)))
    variance = sum(
        (1.0 if i == j else 2.0) * squares[cases.code, i, j] * x[i] * x[j]
        for i in range(len(x))
        for j in range(i, len(x))
    )
    unknown = np.array([model.speed.unknown_covariance(one, one) for one in cases.hardware])[cases.code]
    outside = _decades_outside(cases, model.ranges)
    noise = _noise(model, cases)
    variance = (
        variance + unknown + model.spreads["organisation"] ** 2 + noise**2 + (OUTSIDE_SD_PER_DECADE * outside) ** 2
    )
    variance = variance + (means[cases.code, 1] * size_sd) ** 2
    if own is not None and len(own.log_throughput):
        known = _own_update(model, cases, own)
        mean = mean + known.carried @ (known.inverse @ known.surprise)
        variance = np.maximum(variance - ((known.cross @ known.inverse) * known.cross).sum(axis=1), noise**2)
    peaks = np.log([one.limit_tflops for one in cases.hardware])[cases.code]
    return Prediction(np.minimum(mean, peaks + np.log(MEAN_CAP)), np.sqrt(variance), outside)


@dataclass(frozen=True, slots=True)
class Differences:
    """Variance of ln throughput of one case less that of another, for every pair: of the device, and of the run."""

    device: Floats
    run: Floats


def differences(model: Fit, cases: Cases, own: Runs | None = None) -> Differences:
    """How sure the ratio of two cases of one organisation is, for every pair.

    What two runs share cancels: swap the device, and only the device part is uncertain, with what tuning a stack for
    it adds; keep the device, and only what differs in the run is.

    Args:
        model: The fit.
        cases: The cases, two or more.
        own: Past runs of the organisation, if any.

    Returns:
        Two matrices, one row and one column a case; zero on their diagonals.
    """
    full = _broadcast(cases)
    sized, size_sd = _sized(full, model.size_line)
    design = _design(model, sized)
    shared = design @ model.covariance @ design.T
    devices = sized.devices
    stacks = np.full(len(devices), "") if own is None else _stacks(sized, own)
    organisation = _organisation(model, sized, stacks, sized, stacks)
    if own is not None and len(own.log_throughput):
        known = _own_update(model, sized, own)
        told = known.carried @ known.inverse @ known.carried.T
        shared, organisation = shared + organisation - told, np.zeros_like(organisation)
    swapped = np.array([[a != b for b in sized.hardware] for a in sized.hardware])[np.ix_(sized.code, sized.code)]
    vendors = np.array([one.vendor for one in sized.hardware])[sized.code]
    tuning = np.array([model.speed.tuning_variance(bool(one)) for one in sized.mixture])
    apart = _apart(shared)
    device = np.where(
        swapped,
        apart
        + (tuning[:, None] + tuning[None, :])
        + _apart(_unknown(model, sized, sized))
        + (vendors[:, None] != vendors[None, :]) * STACKS_SD**2,
        0.0,
    )
    noise = _noise(model, sized)
    same_run = _likeness(sized) * (sized.old_stack[:, None] == sized.old_stack[None, :])
    alone = noise[:, None] ** 2 + noise[None, :] ** 2 - 2.0 * noise[:, None] * noise[None, :] * same_run
    outside = OUTSIDE_SD_PER_DECADE * np.abs(np.subtract.outer(*[_decades_outside(sized, model.ranges)] * 2))
    guessed = np.broadcast_to((_by_hardware(model, sized.hardware)[0][sized.code, 1] * size_sd) ** 2, len(noise))
    guess = (guessed[:, None] + guessed[None, :]) * (1.0 - same_run)
    run = np.where(swapped, 0.0, apart) + _apart(organisation) + alone + outside**2 + guess
    off = 1.0 - np.eye(len(noise))
    return Differences(np.maximum(device * off, 0.0), np.maximum(run * off, 0.0))


def residuals_of(z: Floats, groups: NDArray[np.str_]) -> Residuals:
    """Errors as an interval needs them: ascending, each group weighing the same.

    Args:
        z: Standardised errors, of any sign.
        groups: The group of each.
    """
    names, place, counts = np.unique(groups, return_inverse=True, return_counts=True)
    order = np.argsort(np.abs(z), kind="stable")
    return Residuals(np.abs(z)[order], (1.0 / counts[place])[order], len(names))


def residuals_of_strangers(runs: Runs, model: Fit) -> Residuals:
    """Errors of each run, predicted by a fit that has not seen its organisation, with the spreads of ``model``."""
    z = np.empty(len(runs.log_throughput))
    for name in np.unique(runs.organisation):
        out = runs.organisation == name
        found = predict(fit(runs.take(~out), model.speed, model.spreads), runs.cases.take(out))
        z[out] = (runs.log_throughput[out] - found.mean) / found.sd
    return residuals_of(z, runs.organisation)


@dataclass(frozen=True, slots=True)
class WithPastRuns:
    """Runs predicted without the rest of their organisation, and with their most similar runs of its own."""

    organisation: NDArray[np.str_]
    error_without: Floats  # ln of said over reported throughput
    error_with: Floats
    sd_with: Floats


def predict_with_past_runs(runs: Runs, model: Fit, past: int = PAST_RUNS) -> WithPastRuns:
    """Predict each run of organisations that have more than one, knowing a few of their own.

    Args:
        runs: All runs.
        model: A fit, for its spreads and device part.
        past: How many past runs are known at most: on the same device first, then nearest in size, then in year.

    Returns:
        The errors.
    """
    names, before, after, sd = [], [], [], []
    for name in np.unique(runs.organisation):
        own = runs.organisation == name
        if own.sum() < 2:
            continue
        others, theirs = fit(runs.take(~own), model.speed, model.spreads), runs.take(own)
        sized, _ = _sized(theirs.cases, others.size_line)
        for at in range(len(theirs.log_throughput)):
            one = np.arange(len(theirs.log_throughput)) == at
            distance = (
                np.abs(np.log10(sized.size / sized.size[at]))
                + 2.0 * (sized.devices != sized.devices[at])
                + 0.3 * np.abs(sized.year - sized.year[at])
            )
            known = (
                np.isin(np.arange(len(one)), np.argsort(np.where(one, np.inf, distance), kind="stable")[:past]) & ~one
            )
            case, truth = theirs.cases.take(one), theirs.log_throughput[at]
            alone, told = predict(others, case), predict(others, case, theirs.take(known))
            names.append(name)
            before.append(float(alone.mean[0] - truth))
            after.append(float(told.mean[0] - truth))
            sd.append(float(told.sd[0]))
    return WithPastRuns(np.array(names), np.array(before), np.array(after), np.array(sd))


def residuals_of_contrasts(left_out: LeftOut, known_elsewhere: bool, without: str = "") -> Residuals:
    """Errors of the language-model contrasts of one stack, each predicted without its source.

    Args:
        left_out: The contrasts.
        known_elsewhere: Whether of those whose two devices another source measured too, or of the others.
        without: A source whose own errors are not counted.
    """
    data = left_out.data
    used = np.array([row.is_language and row.evidence == "same stack" and row.source != without for row in data.rows])
    used &= left_out.known_elsewhere == known_elsewhere
    z = (data.log_ratio - left_out.mean) / left_out.sd
    return residuals_of(z[used], np.array([row.source for row in data.rows])[used])


def calibrate(runs: Runs, speed: DeviceSpeed, contrasts: LeftOut, steady: Floats) -> Calibration:
    """Fit the model, and measure its errors on organisations and sources that it has not seen.

    Args:
        runs: The runs to learn from.
        speed: The device part, as the contrasts alone have it.
        contrasts: The contrasts, each predicted without its source.
        steady: ln(whole-run / steady-state utilisation) of the runs that report both.

    Returns:
        The calibration.
    """
    names, counts = np.unique(runs.cases.devices, return_counts=True)
    model = fit(runs, speed)
    own = predict_with_past_runs(runs, model)
    return Calibration(
        fit=model,
        strangers=residuals_of_strangers(runs, model),
        with_past_runs=residuals_of(own.error_with / own.sd_with, own.organisation),
        contrasts=residuals_of_contrasts(contrasts, known_elsewhere=True),
        open_contrasts=residuals_of_contrasts(contrasts, known_elsewhere=False),
        gap_mean=float(steady.mean()),
        gap_sd=float(steady.std(ddof=1)),
        gap_runs=len(steady),
        runs=len(runs.log_throughput),
        organisations=len(np.unique(runs.organisation)),
        runs_by_device={str(name): int(count) for name, count in zip(names, counts, strict=True)},
    )


def gap_half_width(calibration: Calibration, level: ArrayLike) -> Floats:
    """Half-width in ln utilisation of the gap between whole-run and steady state, for one more run (Student's t)."""
    from scipy.special import stdtrit  # here, as it is needed only where a rate is given

    spread = calibration.gap_sd * np.sqrt(1.0 + 1.0 / calibration.gap_runs)
    return np.asarray(stdtrit(calibration.gap_runs - 1, 0.5 + 0.5 * np.asarray(level)) * spread)


def to_json(calibration: Calibration) -> dict[str, Any]:
    """The calibration as plain values, eight significant digits each: what data/calibration.json holds of it."""
    model = calibration.fit
    names = (*model.speed.names, *RUN_TERMS)
    return {
        "runs": calibration.runs,
        "organisations": calibration.organisations,
        "coefficients": dict(zip(names, _digits(model.mean), strict=True)),
        "covariance": [_digits(row) for row in model.covariance],
        "contrasts_alone": {
            "mean": _digits(model.speed.mean),
            "covariance": [_digits(row) for row in model.speed.covariance],
            "spreads": dict(model.speed.spreads),
        },
        "spreads": dict(model.spreads),
        "runs_by_device": dict(calibration.runs_by_device),
        "ranges_log10": dict(zip(("size", "compute"), map(_digits, model.ranges), strict=True)),
        "size_from_compute": _digits(model.size_line),
        "residuals": {
            name: {
                "groups": found.groups,
                "size": _digits(found.size),
                "weight": _digits(found.weight),
            }
            for name, found in _residuals(calibration).items()
        },
        "steady_gap": {
            "runs": calibration.gap_runs,
            "mean": _digits([calibration.gap_mean])[0],
            "sd": _digits([calibration.gap_sd])[0],
        },
    }


def from_json(text: Mapping[str, Any]) -> Calibration:
    """The calibration that :func:`to_json` wrote."""
    gap, alone = text["steady_gap"], text["contrasts_alone"]
    first, second, third = map(float, text["size_from_compute"])
    names = tuple(text["coefficients"])
    model = Fit(
        DeviceSpeed(
            names[: -len(RUN_TERMS)],
            np.array(alone["mean"], dtype=np.float64),
            np.array(alone["covariance"], dtype=np.float64),
            {name: float(value) for name, value in alone["spreads"].items()},
        ),
        mean=np.array(list(text["coefficients"].values()), dtype=np.float64),
        covariance=np.array(text["covariance"], dtype=np.float64),
        spreads={name: float(text["spreads"][name]) for name in GRID},
        ranges=np.array(list(text["ranges_log10"].values()), dtype=np.float64),
        size_line=(first, second, third),
    )
    found = {
        name: Residuals(
            np.array(held["size"], dtype=np.float64), np.array(held["weight"], dtype=np.float64), int(held["groups"])
        )
        for name, held in text["residuals"].items()
    }
    return Calibration(
        model,
        found["strangers"],
        found["with past runs"],
        found["contrasts"],
        found["open contrasts"],
        float(gap["mean"]),
        float(gap["sd"]),
        int(gap["runs"]),
        int(text["runs"]),
        int(text["organisations"]),
        text["runs_by_device"],
    )


def _residuals(calibration: Calibration) -> Mapping[str, Residuals]:
    return {
        "strangers": calibration.strangers,
        "with past runs": calibration.with_past_runs,
        "contrasts": calibration.contrasts,
        "open contrasts": calibration.open_contrasts,
    }


def _digits(values: ArrayLike) -> list[float]:
    """Eight significant digits: the last ones depend on the order in which a machine sums."""
    return [float(f"{value:.8g}") for value in np.asarray(values).tolist()]


def _prior(speed: DeviceSpeed) -> tuple[Floats, Floats]:
    """Both parts before any run: the device part as the contrasts have it, the run part pooled towards none."""
    n = len(speed.names)
    mean = np.concatenate([speed.mean, np.zeros(len(RUN_TERMS))])
    mean[n] = CENTRE
    covariance = np.zeros((len(mean), len(mean)))
    covariance[:n, :n] = speed.covariance
    covariance[range(n, len(mean)), range(n, len(mean))] = np.array(list(RUN_TERMS.values())) ** 2
    return mean, covariance


def _hardware_weights(speed: DeviceSpeed, one: Hardware) -> Floats:
    """What every coefficient of both parts counts for, a column for each of _covariates."""
    n = len(speed.names)
    found = np.zeros((n + len(RUN_TERMS), 5))
    found[:n, :4] = speed.weights(one)
    for row, column in enumerate((0, 1, 3, 4)):  # of RUN_TERMS: one, size, mixture, era
        found[n + row, column] = 1.0
    return found


def _covariates(cases: Cases) -> tuple[Floats, ...]:
    """One, size, attention, mixture, era."""
    attention = attention_share(cases.size, cases.sequence_length)
    era = cases.old_stack.astype(np.float64)
    return np.ones(1), size_covariate(cases.size), attention, np.asarray(cases.mixture, dtype=np.float64), era


def _by_hardware(model: Fit, hardware: Sequence[Hardware]) -> tuple[Floats, Floats]:
    """Mean of ln throughput on each covariate, and their covariance, for every hardware."""
    weights = np.array([_hardware_weights(model.speed, one) for one in hardware])
    return np.einsum("hci,c->hi", weights, model.mean), np.einsum("hci,cd,hdj->hij", weights, model.covariance, weights)


def _design(model: Fit, cases: Cases) -> Floats:
    weights = np.array([_hardware_weights(model.speed, one) for one in cases.hardware])[cases.code]
    columns = np.column_stack(np.broadcast_arrays(*_covariates(cases), cases.code)[:-1])
    return np.asarray(np.einsum("nci,ni->nc", weights, columns), dtype=np.float64)


def _choose(runs: Runs, signal: Floats, surprise: Floats) -> dict[str, float]:
    """The spreads of :data:`GRID` under which each run is best foretold from all others, each chosen in turn, twice."""
    empty = DeviceSpeed((), np.empty(0), np.empty((0, 0)), {})
    together = _together(runs)

    def score(spreads: Mapping[str, float]) -> float:
        """Log density of every run given the others, under t noise; but for a constant."""
        model = Fit(empty, np.empty(0), np.empty(0), spreads, np.empty(0), (0.0, 0.0, 0.0))
        devices = runs.cases.devices
        covariance = signal + _organisation(model, runs.cases, devices, runs.cases, devices) * together
        noise = (_noise(model, runs.cases) * runs.noise) ** 2
        weight = weights_of_t_noise(covariance, noise, surprise)
        inverse = np.linalg.inv(covariance + np.diag(noise / weight))
        alone = np.diag(inverse)
        residual = inverse @ surprise / alone
        variance = np.maximum(1.0 / alone - noise / weight, 1e-6) + noise
        tails = 0.5 * (DEGREES_OF_FREEDOM + 1.0) * np.log1p(residual**2 / variance / DEGREES_OF_FREEDOM)
        return float(-(0.5 * np.log(variance) + tails).sum())

    return best_of(GRID, score)


def _together(runs: Runs) -> NDArray[np.bool_]:
    """Which pairs of runs are of one organisation."""
    return np.asarray(runs.organisation[:, None] == runs.organisation[None, :])


@dataclass(frozen=True, slots=True)
class _Known:
    """What the organisation's past runs say of new cases."""

    cross: Floats  # covariance of each case with each past run
    carried: Floats  # the same, where an organisation does on a device that is new to it as it does on its usual one
    inverse: Floats  # of the covariance among the past runs
    surprise: Floats  # what they reached above what was expected [ln]


def _own_update(model: Fit, cases: Cases, own: Runs) -> _Known:
    """What the organisation's past runs say.

    What they say of it is carried over to a device that it has not used: swap the device, and the run stays. How sure
    that is, is another matter: there its deviation is known only as far as it is the same on every device.
    """
    past, _ = _sized(own.cases, model.size_line)
    new, old = _design(model, cases), _design(model, past)
    within = old @ model.covariance @ old.T + _unknown(model, past, past)
    within = within + _organisation(model, past, past.devices, past, past.devices)
    cross = new @ model.covariance @ old.T + _unknown(model, cases, past)
    surprise = own.log_throughput - old @ model.mean
    noise = (_noise(model, past) * own.noise) ** 2
    weight = weights_of_t_noise(within, noise, surprise)
    return _Known(
        cross + _organisation(model, cases, cases.devices, past, past.devices),
        cross + _organisation(model, cases, _stacks(cases, own), past, past.devices),
        np.asarray(np.linalg.inv(within + np.diag(noise / weight)), dtype=np.float64),
        np.asarray(surprise, dtype=np.float64),
    )


def _stacks(cases: Cases, own: Runs) -> NDArray[np.str_]:
    """The device that an organisation's deviation is taken from: the case's own, or else that of most past runs."""
    devices = cases.devices
    names, counts = np.unique(own.cases.devices, return_counts=True)
    return np.where(np.isin(devices, names), devices, names[np.argmax(counts)]) if len(names) else devices


def _unknown(model: Fit, a: Cases, b: Cases) -> Floats:
    """Covariance of what the contrasts do not know of devices and vendors."""
    table = [[model.speed.unknown_covariance(one, other) for other in b.hardware] for one in a.hardware]
    return np.asarray(np.array(table)[np.ix_(a.code, b.code)], dtype=np.float64)


def _organisation(model: Fit, a: Cases, on_a: NDArray[np.str_], b: Cases, on_b: NDArray[np.str_]) -> Floats:
    """Covariance of the organisation's deviation between its runs: alike in size, and in part on the same device."""
    apart = np.log10(a.size)[:, None] - np.log10(b.size)[None, :]
    share = model.spreads["organisation on device"]
    same = (1.0 - share) + share * (on_a[:, None] == on_b[None, :])
    return np.asarray(
        model.spreads["organisation"] ** 2 * np.exp(-0.5 * (apart / ORGANISATION_DECADES) ** 2) * same, dtype=np.float64
    )


def _noise(model: Fit, cases: Cases) -> Floats:
    """Standard deviation of a single run's own noise."""
    spreads = model.spreads
    decades = np.clip(np.log10(cases.size) - 10.0, *NOISE_RANGE)
    old = np.where(cases.old_stack, spreads["noise before 2023"], 1.0)
    return np.asarray(spreads["noise"] * np.exp(-spreads["noise per decade"] * decades) * old, dtype=np.float64)


def _apart(covariance: Floats) -> Floats:
    """Variance of the difference of every pair."""
    single = np.diag(covariance)
    return np.asarray(single[:, None] + single[None, :] - 2.0 * covariance)


def _likeness(cases: Cases) -> Floats:
    """How much two cases are one run: 1 where size and compute are the same, less as they part."""
    decades = [np.log10(values) for values in (cases.size, cases.compute_flop)]
    squares = [((one[:, None] - one[None, :]) / RUN_DECADES) ** 2 for one in decades]
    return np.exp(-0.5 * (squares[0] + squares[1]))


def _ranges(cases: Cases) -> Floats:
    logs = [np.log10(cases.size), np.log10(cases.compute_flop)]
    return np.array([[values.min(), values.max()] for values in logs])


def _decades_outside(cases: Cases, ranges: Floats) -> Floats:
    """How many decades a case lies outside the range of the runs, in whichever direction it is furthest out."""
    furthest = np.zeros(1)
    for values, (low, high) in zip((cases.size, cases.compute_flop), ranges, strict=True):
        logs = np.log10(values)
        furthest = np.maximum(furthest, np.maximum(low - logs, logs - high))
    return furthest


def _line(x: Floats, y: Floats) -> tuple[float, float, float]:
    """Least squares y = first + second × x, give or take third."""
    second, first = np.polyfit(x, y, 1)
    return float(first), float(second), float(np.std(y - first - second * x, ddof=2))


def _size_on(line: tuple[float, float, float], compute_flop: ArrayLike) -> Floats:
    """The size that a line gives for a compute [FLOP]."""
    return np.asarray(10.0 ** (line[0] + line[1] * np.log10(compute_flop)))


def _sized(cases: Cases, line: tuple[float, float, float]) -> tuple[Cases, Floats]:
    """The cases with unknown sizes taken from their compute, and the uncertainty of log10 size where that was done."""
    unknown = np.isnan(cases.size)
    if not np.any(unknown):
        return cases, np.zeros(1)
    return replace(cases, size=np.where(unknown, _size_on(line, cases.compute_flop), cases.size)), np.where(
        unknown, line[2], 0.0
    )


def _broadcast(cases: Cases) -> Cases:
    """Every array with one value a case."""
    arrays = np.broadcast_arrays(
        cases.size, cases.mixture, cases.compute_flop, cases.year, cases.code, cases.sequence_length
    )
    size, mixture, flop, year, code, sequence = (np.array(values) for values in arrays)
    return Cases(size, mixture, flop, year, cases.hardware, code, sequence)
