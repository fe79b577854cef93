"""The calibration: both parts fitted, with the residuals of runs and contrasts predicted without their own kind."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce.array_values import ArrayValue
from oce.method.conformal import Residuals, residuals_of
from oce.method.device_speed import DeviceSpeed
from oce.method.device_speed_fit import LeftOut
from oce.method.run_prediction import predict
from oce.method.run_utilisation import Fit, fit
from oce.method.runs import Runs

Floats = NDArray[np.float64]

PRIOR_RUNS = 3  # how many of its own runs an organisation is taken to know when that is scored


@dataclass(frozen=True, slots=True, eq=False)
class Calibration(ArrayValue):
    """All that an estimate needs: the fit, its residuals on what it has not seen, the steady-state gap."""

    fit: Fit
    new_organisations: Residuals  # runs predicted without their organisation
    with_prior_runs: Residuals  # without it but for its most similar runs
    contrasts: Residuals  # device against device, predicted without the source, where another measured both
    open_contrasts: Residuals  # where no other did
    gap_mean: float  # of ln(whole-run / steady utilisation)
    gap_sd: float
    gap_runs: int
    runs: int
    organisations: int
    runs_by_device: Mapping[str, int]


def calibrate(runs: Runs, speed: DeviceSpeed, contrasts: LeftOut, steady: Floats) -> Calibration:
    """Fit the model, and take its residuals on organisations and sources that it has not seen.

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
    informed = predict_with_prior_runs(runs, model)
    return Calibration(
        fit=model,
        new_organisations=residuals_of_new_organisations(runs, model),
        with_prior_runs=residuals_of(informed.error_with / informed.sd_with, informed.organisation),
        contrasts=residuals_of_contrasts(contrasts, known_elsewhere=True),
        open_contrasts=residuals_of_contrasts(contrasts, known_elsewhere=False),
        gap_mean=float(steady.mean()),
        gap_sd=float(steady.std(ddof=1)),
        gap_runs=len(steady),
        runs=len(runs.log_throughput),
        organisations=len(np.unique(runs.organisation)),
        runs_by_device={str(name): int(count) for name, count in zip(names, counts, strict=True)},
    )


def residuals_of_new_organisations(runs: Runs, model: Fit) -> Residuals:
    """Residuals of each run, predicted by a fit that has not seen its organisation, with the spreads of ``model``.

    Args:
        runs: The runs.
        model: A fit, for its spreads and device part.
    """
    z = np.empty(len(runs.log_throughput))
    for name in np.unique(runs.organisation):
        out = runs.organisation == name
        found = predict(fit(runs.take(~out), model.speed, model.spreads), runs.cases.take(out))
        z[out] = (runs.log_throughput[out] - found.mean) / found.sd
    return residuals_of(z, runs.organisation)


@dataclass(frozen=True, slots=True, eq=False)
class WithPriorRuns(ArrayValue):
    """Runs predicted without the rest of their organisation, and with their most similar runs of its own."""

    organisation: NDArray[np.str_]
    error_without: Floats  # ln of said over reported throughput
    error_with: Floats
    sd_with: Floats


def predict_with_prior_runs(runs: Runs, model: Fit, most: int = PRIOR_RUNS) -> WithPriorRuns:
    """Predict each run of organisations that have more than one, knowing a few of their own.

    Args:
        runs: All runs.
        model: A fit, for its spreads and device part.
        most: How many prior runs are known at most: on the same device first, then nearest in size, then in year.

    Returns:
        The errors.
    """
    names, before, after, sd = [], [], [], []
    for name in np.unique(runs.organisation):
        inside = runs.organisation == name
        if inside.sum() < 2:
            continue
        others, theirs = fit(runs.take(~inside), model.speed, model.spreads), runs.take(inside)
        sized, _ = theirs.cases.sized(others.size_line)
        for at in range(len(theirs.log_throughput)):
            asked = np.arange(len(theirs.log_throughput)) == at
            distance = (
                np.abs(np.log10(sized.size / sized.size[at]))
                + 2.0 * (sized.devices != sized.devices[at])
                + 0.3 * np.abs(sized.year - sized.year[at])
            )
            nearest = np.argsort(np.where(asked, np.inf, distance), kind="stable")[:most]
            known = np.isin(np.arange(len(asked)), nearest) & ~asked
            case, truth = theirs.cases.take(asked), theirs.log_throughput[at]
            alone, told = predict(others, case), predict(others, case, theirs.take(known))
            names.append(name)
            before.append(float(alone.mean[0] - truth))
            after.append(float(told.mean[0] - truth))
            sd.append(float(told.sd[0]))
    return WithPriorRuns(np.array(names), np.array(before), np.array(after), np.array(sd))


def residuals_of_contrasts(left_out: LeftOut, known_elsewhere: bool, without: str = "") -> Residuals:
    """Residuals of the language-model contrasts of one stack, each predicted without its source.

    Args:
        left_out: The contrasts.
        known_elsewhere: Whether of those whose two devices another source measured too, or of the others.
        without: A source whose own residuals are not counted.
    """
    data = left_out.data
    used = np.array([row.is_language and row.evidence == "same stack" and row.source != without for row in data.rows])
    used &= left_out.known_elsewhere == known_elsewhere
    z = (data.log_ratio - left_out.mean) / left_out.sd
    return residuals_of(z[used], np.array([row.source for row in data.rows])[used])


def gap_half_width(calibration: Calibration, confidence_level: ArrayLike) -> Floats:
    """Half-width of the gap between whole-run and steady-state utilisation, for one more run [ln].

    Student's prediction interval: t sd √(1 + 1 / n).

    Args:
        calibration: Whose gap.
        confidence_level: Shares in (0, 1), of any shape.
    """
    from scipy.special import stdtrit  # here, as it is needed only where a rate is given

    spread = calibration.gap_sd * np.sqrt(1.0 + 1.0 / calibration.gap_runs)
    return np.asarray(stdtrit(calibration.gap_runs - 1, 0.5 + 0.5 * np.asarray(confidence_level)) * spread)
