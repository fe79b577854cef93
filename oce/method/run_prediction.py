"""What the calibrated throughput expects of a run, and of the ratio of two; prior runs of its organisation or none."""

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from oce.array_values import ArrayValue
from oce.catalog.caches import cached
from oce.method.device_speed import STACKS_SD
from oce.method.robust_fit import weights_of_t_noise
from oce.method.run_utilisation import (
    Devices,
    Fit,
    covariates,
    design,
    moments_by_hardware,
    noise_sd,
    organisation_covariance,
    unknown_covariance,
)
from oce.method.runs import Cases, Runs

Floats = NDArray[np.float64]

RUN_DECADES = 0.5  # runs whose size and compute are d decades apart share exp(-d²/2) of a single run's noise
OUTSIDE_SD_PER_DECADE = 0.3  # added for every decade that size or compute lies outside the runs' range
MEAN_CAP = 0.7  # the central utilisation is held here: the highest that was reported is 0.69


@dataclass(frozen=True, slots=True, eq=False)
class Prediction(ArrayValue):
    """Mean and standard deviation of ln throughput, and how far the case lies outside the runs' range."""

    mean: Floats
    sd: Floats
    extrapolation_decades: Floats


def predict(model: Fit, cases: Cases, prior_runs: Runs | None = None) -> Prediction:
    """What the model expects of cases by an organisation that it has not seen, but for its prior runs.

    Mean W' m; variance x' C x + (organisation)² + (noise)² + what is not known of a device, of a size that was not
    given, and outside the runs' range; prior runs are conditioned on (Rasmussen & Williams 2006,
    *Gaussian Processes for Machine Learning*, equation A.6).

    Args:
        model: The fit.
        cases: What is to be predicted.
        prior_runs: Finished runs of the same organisation, if any.

    Returns:
        Mean and standard deviation of ln throughput [ln TFLOP/s], for one more run.
    """
    cases, size_sd = cases.sized(model.size_line)
    if prior_runs is not None and len(prior_runs.log_throughput):
        cases = cases.broadcast()
    x = covariates(cases)
    means, squares = moments_by_hardware(model, cases.hardware)
    used = [i for i, values in enumerate(x) if values.any()]
    mean = sum(means[:, i][cases.code] * x[i] for i in used)
    variance = sum(
        ((1.0 if i == j else 2.0) * squares[:, i, j])[cases.code] * x[i] * x[j]
        for i, j in combinations_with_replacement(used, 2)
    )
    unknown = np.array([model.speed.unknown_covariance(machine, machine) for machine in cases.hardware])[cases.code]
    outside = _extrapolation_decades(cases, model.ranges)
    noise = noise_sd(model.spreads, cases)
    variance = (
        variance + unknown + model.spreads["organisation"] ** 2 + noise**2 + (OUTSIDE_SD_PER_DECADE * outside) ** 2
    )
    variance = variance + (means[cases.code, 1] * size_sd) ** 2
    if prior_runs is not None and len(prior_runs.log_throughput):
        higher, lower = _told(model, cases, prior_runs)
        mean, variance = mean + higher, np.maximum(variance - lower, noise**2)
    peaks = np.log([machine.limit_tflops for machine in cases.hardware])[cases.code]
    return Prediction(np.minimum(mean, peaks + np.log(MEAN_CAP)), np.sqrt(variance), outside)


@dataclass(frozen=True, slots=True, eq=False)
class Differences(ArrayValue):
    """Variance of ln throughput of one case less that of another, for every pair: of the device, and of the run."""

    device: Floats
    run: Floats


def differences(model: Fit, cases: Cases, prior_runs: Runs | None = None) -> Differences:
    """How sure the ratio of two cases of one organisation is, for every pair.

    What two runs share cancels: swap the device, and only the device part is uncertain, with what tuning a stack for
    it adds; keep the device, and only what differs in the run is.

    Args:
        model: The fit.
        cases: The cases, two or more.
        prior_runs: Finished runs of the organisation, if any.

    Returns:
        Two matrices, one row and one column a case; zero on their diagonals.
    """
    sized, size_sd = cases.broadcast().sized(model.size_line)
    x = design(model.speed, sized)
    shared = x @ model.covariance @ x.T
    stacks = [""] * len(sized.hardware) if prior_runs is None else _stacks(sized, prior_runs)
    organisation = organisation_covariance(model.spreads, sized, sized, stacks, stacks)
    if prior_runs is not None and len(prior_runs.log_throughput):
        known = _update(model, sized, prior_runs)
        told = known.carried @ known.learnt.inverse @ known.carried.T
        shared, organisation = shared + organisation - told, np.zeros_like(organisation)
    swapped = np.array([[a != b for b in sized.hardware] for a in sized.hardware])[np.ix_(sized.code, sized.code)]
    vendors = np.array([machine.vendor for machine in sized.hardware])[sized.code]
    tuning = np.array([model.speed.tuning_variance(bool(mixture)) for mixture in sized.mixture])
    apart = _apart(shared)
    device = np.where(
        swapped,
        apart
        + (tuning[:, None] + tuning[None, :])
        + _apart(unknown_covariance(model.speed, sized, sized))
        + (vendors[:, None] != vendors[None, :]) * STACKS_SD**2,
        0.0,
    )
    noise = noise_sd(model.spreads, sized)
    same_run = _likeness(sized) * (sized.old_stack[:, None] == sized.old_stack[None, :])
    alone = noise[:, None] ** 2 + noise[None, :] ** 2 - 2.0 * noise[:, None] * noise[None, :] * same_run
    outside = OUTSIDE_SD_PER_DECADE * np.abs(np.subtract.outer(*[_extrapolation_decades(sized, model.ranges)] * 2))
    guessed = np.broadcast_to((moments_by_hardware(model, sized.hardware)[0][sized.code, 1] * size_sd) ** 2, len(noise))
    guess = (guessed[:, None] + guessed[None, :]) * (1.0 - same_run)
    run = np.where(swapped, 0.0, apart) + _apart(organisation) + alone + outside**2 + guess
    off = 1.0 - np.eye(len(noise))
    return Differences(np.maximum(device * off, 0.0), np.maximum(run * off, 0.0))


@dataclass(frozen=True, slots=True)
class _Learnt:
    """What an organisation's prior runs say, whatever is asked of it."""

    cases: Cases  # the prior runs, their sizes known
    design: Floats
    inverse: Floats  # of the covariance among them
    told: Floats  # what they reached above what was expected [ln], by that inverse


@dataclass(frozen=True, slots=True)
class _Known:
    """What the organisation's prior runs say of new cases."""

    cross: Floats  # covariance of each case with each prior run
    carried: Floats  # the same, where an organisation does on a device that is new to it as it does on its usual one
    learnt: _Learnt


@cached(most=8)  # an upload is asked for hundreds of times; a thousand runs take 16 MB
def _learnt(model: Fit, prior_runs: Runs) -> _Learnt:
    speed, spreads = model.speed, model.spreads
    prior, _ = prior_runs.cases.sized(model.size_line)
    old = design(speed, prior)
    within = old @ model.covariance @ old.T + unknown_covariance(speed, prior, prior)
    within = within + organisation_covariance(spreads, prior, prior)
    residual = prior_runs.log_throughput - old @ model.mean
    noise = (noise_sd(spreads, prior) * prior_runs.noise) ** 2
    weight = weights_of_t_noise(within, noise, residual)
    inverse = np.asarray(np.linalg.inv(within + np.diag(noise / weight)), dtype=np.float64)
    return _Learnt(prior, old, inverse, inverse @ residual)


def _update(model: Fit, cases: Cases, prior_runs: Runs) -> _Known:
    """What the organisation's prior runs say.

    What they say of it is carried over to a device that it has not used: swap the device, and the run stays. How sure
    that is, is another matter: there its deviation is known only as far as it is the same on every device.
    """
    speed, spreads, learnt = model.speed, model.spreads, _learnt(model, prior_runs)
    cross = design(speed, cases) @ model.covariance @ learnt.design.T + unknown_covariance(speed, cases, learnt.cases)
    stacks = _stacks(cases, prior_runs)
    own = organisation_covariance(spreads, cases, learnt.cases)
    carried = organisation_covariance(spreads, cases, learnt.cases, stacks) if stacks != _own(cases) else own
    return _Known(cross + own, cross + carried, learnt)


def _told(model: Fit, cases: Cases, prior_runs: Runs) -> tuple[Floats, Floats]:
    """How much higher the organisation's prior runs put the mean of each case, and how much lower its variance.

    Worked out once for cases that differ in their compute alone, of which a plan asks by the hundred.
    """
    rows = np.column_stack([cases.code, cases.size, cases.mixture, cases.old_stack, cases.sequence_length])
    _, first, place = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    known = _update(model, cases.take(first), prior_runs)
    place = place.reshape(-1)  # of another shape in some versions of numpy
    higher, lower = known.carried @ known.learnt.told, ((known.cross @ known.learnt.inverse) * known.cross).sum(axis=1)
    return higher[place], lower[place]


def _own(cases: Cases) -> Devices:
    return [machine.device for machine in cases.hardware]


def _stacks(cases: Cases, prior_runs: Runs) -> Devices:
    """The device that an organisation's deviation is taken from, for each hardware: its own, or that of most runs."""
    names, counts = np.unique(prior_runs.cases.devices, return_counts=True)
    usual = str(names[np.argmax(counts)]) if len(names) else ""
    known = set(names.tolist())
    return [device if not usual or device in known else usual for device in _own(cases)]


def _apart(covariance: Floats) -> Floats:
    """Variance of the difference of every pair."""
    single = np.diag(covariance)
    return np.asarray(single[:, None] + single[None, :] - 2.0 * covariance)


def _likeness(cases: Cases) -> Floats:
    """How much two cases are the same run: 1 where size and compute are the same, less as they part."""
    decades = [np.log10(values) for values in (cases.size, cases.compute_flop)]
    squares = [((values[:, None] - values[None, :]) / RUN_DECADES) ** 2 for values in decades]
    return np.exp(-0.5 * (squares[0] + squares[1]))


def _extrapolation_decades(cases: Cases, ranges: Floats) -> Floats:
    """How many decades a case lies outside the range of the runs, in whichever direction it is furthest out."""
    furthest = np.zeros(1)
    for values, (low, high) in zip((cases.size, cases.compute_flop), ranges, strict=True):
        logs = np.log10(values)
        furthest = np.maximum(furthest, np.maximum(low - logs, logs - high))
    return furthest
