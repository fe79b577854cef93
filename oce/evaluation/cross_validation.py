"""Device-hours of runs that a method has not seen: organisation by organisation, the same way for every method.

The runs of an organisation are predicted from those of all others. A method that has no interval of its own gets it
from its own errors (split conformal prediction: Vovk, Gammerman & Shafer, *Algorithmic Learning in a Random World*,
2005; Lei et al. 2018, arXiv:1604.04173), again by whole organisations: the errors that set the interval of an
organisation's runs are those of the others' runs, each predicted without that organisation and without its own. So a
stated 80 % is meant for an organisation never seen, and every method is held to it alike.

Device-hours are in hours of one device.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from oce.array_values import ArrayValue
from oce.catalog import Run
from oce.method.conformal import CONFIDENCE_LEVELS, residuals_of

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Predicted(ArrayValue):
    """Predicted device-hours of some runs, in their order; NaN where the method cannot answer.

    ``low`` and ``high`` hold the ends of the interval by level; 0 and infinity where there are too few errors to say.
    """

    central: Floats  # [h]
    low: Mapping[float, Floats]  # [h]
    high: Mapping[float, Floats]  # [h]


class Method(Protocol):
    """A way to predict the device-hours of a training run from what is known before it."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def about(self) -> str:
        """What it does, in one plain sentence."""

    @property
    def fitted(self) -> bool:
        """Whether it learns from other runs."""

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of the runs ``test`` [h], NaN where it cannot answer.

        Args:
            train: Runs whose device-hours may be learnt from; ignored by a method that is not fitted.
            test: Runs whose device-hours must not be looked at.
        """


@runtime_checkable
class IntervalMethod(Method, Protocol):
    """A method with an interval of its own."""

    def predict_intervals(self, train: Sequence[Run], test: Sequence[Run]) -> Predicted:
        """Device-hours of the runs ``test`` with intervals at every confidence level, learnt from ``train`` alone."""


def predict_unseen(method: Method, runs: Sequence[Run]) -> Predicted:
    """Device-hours of ``runs`` with intervals, each organisation's predicted from the others' runs, in their order.

    Where the method has an interval of its own, that is taken.
    """
    if not isinstance(method, IntervalMethod):
        return _conformal(method, runs)
    if not method.fitted:
        return method.predict_intervals((), runs)
    central = np.full(len(runs), np.nan)
    low, high = ({level: np.full(len(runs), np.nan) for level in CONFIDENCE_LEVELS} for _ in range(2))
    for members in organisations(runs).values():
        part = method.predict_intervals(*_split(runs, members))
        central[members] = part.central
        for level in CONFIDENCE_LEVELS:
            low[level][members], high[level][members] = part.low[level], part.high[level]
    return Predicted(central, low, high)


def leave_organisations_out(method: Method, runs: Sequence[Run]) -> Floats:
    """Device-hours of ``runs`` [h], each organisation's predicted from the others' runs; NaN where none can."""
    if not method.fitted:
        return method.predict((), runs)
    hours = np.full(len(runs), np.nan)
    for members in organisations(runs).values():
        hours[members] = method.predict(*_split(runs, members))
    return hours


def conformal_half_width(errors: Floats, organisations: NDArray[np.str_], confidence_level: float) -> float:
    """The half-width [ln h] that is to hold a new organisation's error with probability ``confidence_level``.

    Organisations weigh the same, and one more is counted that may err by any amount (hierarchical conformal prediction:
    Lee, Barber & Willett 2023, arXiv:2306.06342); the largest error where that is past it,
    infinity without any. Errors are in ln h, NaN where there is none.
    """
    known = np.isfinite(errors)
    if not known.any():
        return math.inf
    return float(residuals_of(errors[known], organisations[known]).quantile(confidence_level))


def _conformal(method: Method, runs: Sequence[Run]) -> Predicted:
    """Predictions with intervals from the method's own errors, by whole organisations."""
    log_actual = np.log(reported_device_hours(runs))
    central = leave_organisations_out(method, runs)
    members_of = organisations(runs)
    # errors[name]: of every run outside the organisation, predicted without it and without the run's own.
    errors = {name: np.log(central) - log_actual for name in members_of}
    if method.fitted:
        for first, second in combinations(members_of, 2):
            members = np.concatenate([members_of[first], members_of[second]])
            error = np.full(len(runs), np.nan)
            error[members] = np.log(method.predict(*_split(runs, members))) - log_actual[members]
            errors[first][members_of[second]] = error[members_of[second]]
            errors[second][members_of[first]] = error[members_of[first]]
    low, high = ({level: np.full(len(runs), np.nan) for level in CONFIDENCE_LEVELS} for _ in range(2))
    for name, members in members_of.items():
        others = np.delete(errors[name], members)
        theirs = np.delete(np.array([run.organisation_group for run in runs]), members)
        for level in CONFIDENCE_LEVELS:
            half_width = conformal_half_width(others, theirs, level)
            low[level][members] = central[members] * np.exp(-half_width)
            high[level][members] = central[members] * np.exp(half_width)
    return Predicted(central, low, high)


def organisations(runs: Sequence[Run]) -> dict[str, NDArray[np.intp]]:
    """Which runs are of which organisation, in the order of their first run."""
    members: dict[str, list[int]] = {}
    for i, run in enumerate(runs):
        members.setdefault(run.organisation_group, []).append(i)
    return {name: np.array(indices, dtype=np.intp) for name, indices in members.items()}


def _split(runs: Sequence[Run], out: NDArray[np.intp]) -> tuple[list[Run], list[Run]]:
    """The runs that are not in ``out``, and those that are, in its order."""
    left_out = set(out.tolist())
    return [run for i, run in enumerate(runs) if i not in left_out], [runs[i] for i in out.tolist()]


def reported_device_hours(runs: Sequence[Run]) -> Floats:
    """What each run took [h]; NaN where it is not known."""
    return np.array([math.nan if run.device_hours is None else run.device_hours for run in runs], dtype=np.float64)
