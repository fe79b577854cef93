"""How good a method is: its predictions of device-hours against what was reported, the same way for every method.

Scored are runs of organisations that the method has not seen (:mod:`oce.evaluation.cross_validation`). Errors are of
the logarithm of device-hours: twice and half are equally wrong.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.catalog import Run
from oce.evaluation.cross_validation import Method, Predicted, organisations, predict_unseen, reported_device_hours
from oce.method.runs import ERA

Floats = NDArray[np.float64]

SIZES = ((0.3e9, "< 0.3 B"), (3e9, "0.3–3 B"), (30e9, "3–30 B"), (math.inf, "≥ 30 B"))  # parameters per token, below
PERIODS = (f"before {ERA}", f"{ERA} and later")
UNKNOWN = "unknown"
_ROUNDING = 1e-9  # what a ratio may be off by in the last digits


@dataclass(frozen=True, slots=True)
class Score:
    """How good a method was on some runs. Everything but ``runs`` is NaN where it answered for none."""

    runs: int  # how many it answered for
    median_error: float  # median of |predicted / actual − 1| of device-hours
    within_1_5: float  # share of runs within a factor of 1.5
    within_2: float  # share of runs within a factor of 2
    bias: float  # median of ln (predicted / actual): above 0 where too many hours are predicted
    coverage: Mapping[float, float]  # by level: share of runs inside the interval
    coverage_error: Mapping[float, float]  # its standard error, organisations being the units
    organisations: int
    organisation_coverage: Mapping[float, float]  # by level: mean over organisations of their share of runs inside
    organisation_coverage_error: Mapping[float, float]  # its standard error
    median_width: Mapping[float, float]  # by level: median of high / low


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A method's predictions of some runs and its scores on them, as they are kept in a file and shown."""

    name: str
    about: str
    fitted: bool
    score: Score
    groups: Mapping[str, Mapping[str, Score]]  # by what the runs are grouped by, then by group
    runs: Mapping[str, tuple[float, float, float]]  # by run id: central, low and high device-hours at 80 % [h]


def evaluate(method: Method, runs: Sequence[Run]) -> Evaluation:
    """Predict ``runs`` leaving whole organisations out, and score that overall and by group."""
    predicted = predict_unseen(method, runs)
    hours = {
        run.id: (float(central), float(low), float(high))
        for run, central, low, high in zip(
            runs, predicted.central, predicted.low[0.8], predicted.high[0.8], strict=True
        )
        if math.isfinite(central)
    }
    overall = score(predicted, runs)
    return Evaluation(method.name, method.about, method.fitted, overall, by_group(predicted, runs), hours)


def score(predicted: Predicted, runs: Sequence[Run]) -> Score:
    """How good ``predicted`` is for ``runs``; runs that it does not answer for are left out, and not counted."""
    actual = reported_device_hours(runs)
    answered = np.isfinite(predicted.central) & np.isfinite(actual)
    if not answered.any():
        nothing = dict.fromkeys(predicted.low, math.nan)
        return Score(0, *(math.nan,) * 4, nothing, nothing, 0, *(nothing,) * 3)
    ratio = predicted.central[answered] / actual[answered]
    factor = np.maximum(ratio, 1.0 / ratio)
    coverage, error, by_organisation, error_by_organisation, width = {}, {}, {}, {}, {}
    members = organisations([runs[i] for i in np.flatnonzero(answered).tolist()])
    for level, low_end in predicted.low.items():
        low, high = low_end[answered], predicted.high[level][answered]
        held = (low <= actual[answered]) & (actual[answered] <= high)
        shares = np.array([held[runs_of].mean() for runs_of in members.values()])
        sizes = np.array([len(runs_of) for runs_of in members.values()])
        coverage[level] = float(held.mean())
        by_organisation[level] = float(shares.mean())
        error[level] = clustered_error(sizes / sizes.mean() * (shares - held.mean()))
        error_by_organisation[level] = clustered_error(shares - shares.mean())
        with np.errstate(divide="ignore"):  # an interval from 0 is infinitely wide
            width[level] = float(np.median(high / low))
    return Score(
        runs=int(answered.sum()),
        median_error=float(np.median(np.abs(ratio - 1.0))),
        within_1_5=float(np.mean(factor <= 1.5 * (1 + _ROUNDING))),
        within_2=float(np.mean(factor <= 2.0 * (1 + _ROUNDING))),
        bias=float(np.median(np.log(ratio))),
        coverage=coverage,
        coverage_error=error,
        organisations=len(members),
        organisation_coverage=by_organisation,
        organisation_coverage_error=error_by_organisation,
        median_width=width,
    )


def clustered_error(deviations: Floats) -> float:
    """Standard error of a mean over clusters, from each cluster's deviation; NaN for a single one.

    √(Σ d² / (n (n − 1))), with the deviations d of n clusters.
    """
    n = len(deviations)
    return float(np.sqrt((deviations**2).sum() / (n * (n - 1)))) if n > 1 else math.nan


def by_group(predicted: Predicted, runs: Sequence[Run]) -> dict[str, dict[str, Score]]:
    """The scores by device generation, modality, size and year.

    Returns:
        By name of the grouping, then of the group: old generations, small models and early years first, the modality
        with most runs first. Groups without a run are not there.
    """
    return {name: _scores(predicted, runs, group, order(runs)) for name, (group, order) in _GROUPINGS.items()}


def generation(run: Run) -> str:
    """The generation of the run's device; export variants (A800, H800) belong to that of the original."""
    return catalog.device(run.device).generation.removesuffix(" (export)")


def size_class(run: Run) -> str:
    """The class of the run's size in parameters used per token."""
    if run.size is None:
        return UNKNOWN
    return next(name for below, name in SIZES if run.size < below)


def period(run: Run) -> str:
    """Which of :data:`PERIODS`."""
    return PERIODS[run.year >= ERA]


def to_json(evaluation: Evaluation) -> dict[str, Any]:
    """``evaluation`` as JSON can hold it: four significant digits, ``None`` for what is not a finite number."""
    return {
        "name": evaluation.name,
        "about": evaluation.about,
        "fitted": evaluation.fitted,
        "score": _score_to_json(evaluation.score),
        "groups": {
            grouping: {group: _score_to_json(score) for group, score in groups.items()}
            for grouping, groups in evaluation.groups.items()
        },
        "runs": [
            {"id": name, **dict(zip(("central", "low", "high"), map(_rounded, hours), strict=True))}
            for name, hours in evaluation.runs.items()
        ],
    }


def from_json(document: Mapping[str, Any]) -> Evaluation:
    """The evaluation that :func:`to_json` wrote, to its four digits."""
    return Evaluation(
        name=document["name"],
        about=document["about"],
        fitted=document["fitted"],
        score=_score_from_json(document["score"]),
        groups={
            grouping: {group: _score_from_json(held) for group, held in groups.items()}
            for grouping, groups in document["groups"].items()
        },
        runs={run["id"]: (run["central"], run["low"], _or(run["high"], math.inf)) for run in document["runs"]},
    )


def _scores(
    predicted: Predicted, runs: Sequence[Run], group: Callable[[Run], str], order: Iterable[str]
) -> dict[str, Score]:
    of_run = np.array([group(run) for run in runs], dtype=object)
    scores = {}
    for name in dict.fromkeys(order):
        members = np.flatnonzero(of_run == name)
        if len(members):
            part = Predicted(
                predicted.central[members],
                {level: ends[members] for level, ends in predicted.low.items()},
                {level: ends[members] for level, ends in predicted.high.items()},
            )
            scores[name] = score(part, [runs[i] for i in members.tolist()])
    return scores


def _generations(runs: Sequence[Run]) -> list[str]:
    """Generations, the oldest first; those whose year is unknown last."""
    return sorted(
        (generation(run) for run in runs),
        key=lambda name: (
            min((chip.year or math.inf for chip in catalog.devices() if chip.generation == name), default=math.inf),
            name,
        ),
    )


def _modalities(runs: Sequence[Run]) -> list[str]:
    """Modalities, the one with most runs first."""
    names = [run.modality for run in runs]
    return sorted(names, key=lambda name: (-names.count(name), name))


_Grouping = tuple[Callable[[Run], str], Callable[[Sequence[Run]], Iterable[str]]]
_GROUPINGS: Mapping[str, _Grouping] = {
    "generation": (generation, _generations),
    "modality": (lambda run: run.modality, _modalities),
    "size": (size_class, lambda _: (*(name for _, name in SIZES), UNKNOWN)),
    "year": (period, lambda _: PERIODS),
}

_NUMBERS = ("median_error", "within_1_5", "within_2", "bias")
_BY_LEVEL = (
    *("coverage", "coverage_error", "organisation_coverage", "organisation_coverage_error"),
    "median_width",
)


def _score_to_json(score: Score) -> dict[str, Any]:
    return {
        "runs": score.runs,
        "organisations": score.organisations,
        **{name: _rounded(getattr(score, name)) for name in _NUMBERS},
        **{
            name: {f"{level:g}": _rounded(share) for level, share in getattr(score, name).items()} for name in _BY_LEVEL
        },
    }


def _score_from_json(document: Mapping[str, Any]) -> Score:
    missing = math.inf if document["runs"] else math.nan  # a width is infinite where there are too few runs for it

    def by_level(name: str, otherwise: float) -> dict[float, float]:
        return {float(level): _or(share, otherwise) for level, share in document[name].items()}

    found: dict[str, Any] = {name: _or(document[name], math.nan) for name in _NUMBERS}
    found |= {name: by_level(name, missing if name == "median_width" else math.nan) for name in _BY_LEVEL}
    return Score(runs=document["runs"], organisations=document["organisations"], **found)


def _rounded(value: float) -> float | None:
    return float(f"{value:.4g}") if math.isfinite(value) else None


def _or(value: float | None, otherwise: float) -> float:
    return otherwise if value is None else float(value)
