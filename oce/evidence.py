"""From the reported runs to data/calibration.json, and the calibrated method among the others that are scored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import calibration, catalog, scoring, tables
from oce.calibration import Runs
from oce.catalog import Run
from oce.compute import FLOP_PER_TFLOP
from oce.estimate import Estimate
from oce.pace import SECONDS_PER_HOUR, committed, family, finished
from oce.quantities import DEVICE_HOURS, shown
from oce.version import VERSION

Floats = NDArray[np.float64]

ENOUGH_RUNS = 5  # to say how good a method was on them
NEAREST_RUNS = 10  # where fewer than that are alike
CALIBRATION, BASELINES = "calibration.json", "baselines.json"


@dataclass(frozen=True, slots=True)
class Calibrated:
    """Our own method, as :mod:`oce.scoring` scores every method."""

    state: str = calibration.STATES[0]

    @property
    def name(self) -> str:
        """What it is called."""
        return "Calibrated" if self.state == calibration.STATES[0] else f"Calibrated, {self.state}"

    @property
    def about(self) -> str:
        """What it does, in one plain sentence."""
        return "Utilisation from model size, device and era, pooled over the reported runs of other organisations."

    @property
    def fitted(self) -> bool:
        """It learns from other runs."""
        return True

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test``, learnt from ``train`` [h]."""
        return self.predict_intervals(train, test).central

    def predict_intervals(self, train: Sequence[Run], test: Sequence[Run]) -> scoring.Predicted:
        """Device-hours of ``test`` with their intervals, both learnt from ``train`` alone [h]."""
        learnt = runs_of(train)
        asked = calibration.in_state(runs_of(test), self.state).cases
        expected = calibration.predict(calibration.fit(learnt), asked)
        ascending = np.sort(calibration.residuals_without_own_organisation(learnt, self.state))
        half = {level: calibration.quantile(ascending, level) * expected.sd for level in scoring.LEVELS}
        at_peak = asked.compute_flop / FLOP_PER_TFLOP / asked.peak_tflops / SECONDS_PER_HOUR
        return scoring.Predicted(
            central=at_peak * np.exp(-expected.mean),
            low={level: at_peak * np.exp(-np.minimum(expected.mean + width, 0.0)) for level, width in half.items()},
            high={level: at_peak * np.exp(-expected.mean + width) for level, width in half.items()},
        )


def runs_of(runs: Sequence[Run]) -> Runs:
    """Reported runs as the calibration sees them.

    Args:
        runs: Runs with compute and device-hours.
    """
    cases = finished(
        [catalog.device(run.device) for run in runs],
        [run.size for run in runs],
        [run.peak_tflops for run in runs],
        [run.training_flop for run in runs],
        [run.year for run in runs],
    )
    utilisation = np.array([run.utilisation for run in runs], dtype=np.float64)
    return Runs(cases, np.log(utilisation), np.array([run.organisation_group for run in runs]))


def scored_runs() -> tuple[Run, ...]:
    """The runs that methods are fitted and scored on."""
    return tuple(run for run in catalog.runs() if run.scored)


def steady_ratios(runs: Sequence[Run]) -> Floats:
    """ln(whole-run / steady-state utilisation) of the runs that report a usable steady state."""
    pairs = [
        (run.utilisation, run.utilisation_reported)
        for run in runs
        if run.utilisation_usable == "yes" and run.utilisation and run.utilisation_reported
    ]
    return np.array([np.log(whole / steady) for whole, steady in pairs])


def calibration_document() -> dict[str, Any]:
    """What data/calibration.json holds: the calibration, how good it is, and the versions it was made with."""
    runs = scored_runs()
    fitted = calibration.calibrate(runs_of(runs), steady_ratios(runs))
    evaluations = [scoring.evaluate(Calibrated(state), runs) for state in calibration.STATES]
    return {
        "version": VERSION,
        "data_version": catalog.data_version(),
        "calibration": calibration.to_json(fitted),
        "scores": [scoring.to_json(one) for one in evaluations],
    }


def baselines_document() -> dict[str, Any]:
    """What data/baselines.json holds: every other method, scored on the same runs. Needs scikit-learn."""
    from oce import baselines

    return {"version": VERSION, "data_version": catalog.data_version()} | baselines.scores_json(
        baselines.METHODS, scored_runs()
    )


def write(name: str, document: Mapping[str, Any]) -> None:
    """Writes a document to data/, one value a line, so that a change can be read."""
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    (tables.DATA / name).write_text(text + "\n", encoding="utf-8")


@cache
def evaluations() -> tuple[scoring.Evaluation, ...]:
    """Every method's committed scores: ours first, then the others."""
    ours = tables.from_json_file(CALIBRATION, lambda held: [scoring.from_json(one) for one in held["scores"]])
    others = tables.from_json_file(BASELINES, lambda held: [scoring.from_json(one) for one in held["methods"]])
    return (*ours, *others)


def median_error_on(method: scoring.Evaluation, run_ids: Iterable[str]) -> float:
    """A method's median error of device-hours on some of the runs that it answered for."""
    reported = {run.id: run.device_hours for run in catalog.runs()}
    return float(np.median([abs(method.runs[one][0] / (reported[one] or np.nan) - 1.0) for one in run_ids]))


@dataclass(frozen=True, slots=True)
class Nearby:
    """The reported runs that are most like a scenario, and how good a method was on them."""

    runs: tuple[Run, ...]
    alike: str  # in what they are alike, as it reads after "runs are"
    method: str  # whose scores these are
    median_error: float
    held: int  # how many lay inside their 80% interval


def nearby(result: Estimate) -> Nearby:
    """The runs near a scenario: the closest kind of likeness that enough of them have, else the nearest in size.

    Args:
        result: The estimate of the scenario.

    Returns:
        The runs, each predicted without its organisation, by the method of the scenario where that is scored and by the
        calibrated one where it is not (the user's own rate or α).
    """
    run, device = result.scenario, result.device
    method = _scored_like(result)
    first, second, _ = committed().fit.size_line
    guess = 10 ** (first + second * np.log10(result.training_flop.central))
    size = run.active_parameters or run.parameters or float(guess)
    candidates = [one for one in scored_runs() if one.id in method.runs and one.size]

    def apart(one: Run) -> float:
        return abs(float(np.log(size / (one.size or np.nan))))

    def generation(one: Run) -> str:
        return catalog.device(one.device).generation

    kinds: list[tuple[str, list[Run]]] = []
    if device is not None:
        same = [one for one in candidates if family(catalog.device(one.device)) == family(device)]
        alike = [one for one in candidates if generation(one) == device.generation]
        kinds = [
            (f"on {device.name}, of a third to three times its size", [one for one in same if apart(one) <= np.log(3)]),
            (f"on {device.name}, of a tenth to ten times its size", [one for one in same if apart(one) <= np.log(10)]),
            (
                f"on {device.generation} devices, of a tenth to ten times its size",
                [one for one in alike if apart(one) <= np.log(10)],
            ),
        ]
    nearest = sorted(candidates, key=apart)[:NEAREST_RUNS]
    kinds.append(("the nearest in size, most of them on other devices", nearest))
    kind, runs = next(one for one in kinds if len(one[1]) >= ENOUGH_RUNS)
    hours = [(one.device_hours or np.nan, *method.runs[one.id]) for one in runs]
    errors = [abs(central / reported - 1.0) for reported, central, _, _ in hours]
    held = sum(low <= reported <= high for reported, _, low, high in hours)
    return Nearby(tuple(runs), kind, method.name, float(np.median(errors)), held)


def _scored_like(result: Estimate) -> scoring.Evaluation:
    """The evaluation of the scenario's method, dated or not; of the calibrated one where the rate is the user's own."""
    by_name = {one.name: one for one in evaluations()}
    if result.scenario.method == "published":
        return by_name["Published α"]
    state = calibration.STATES[0 if result.scenario.year is not None else 1]
    return by_name[Calibrated(state).name]


def reported_run(model: catalog.Model, result: Estimate) -> str:
    """What was reported of a preset's run, and whether it lies inside the estimate's interval; empty where nothing."""
    hours = model.device_hours_reported
    if hours is None:
        return ""
    interval = result.device_hours
    inside = interval.low <= hours <= interval.high
    where = "inside" if inside else ("above" if hours > interval.high else "below")
    return f"Reported for {model.name}: {shown(hours, DEVICE_HOURS)}, {where} the interval ({model.source})."


@dataclass(frozen=True, slots=True)
class PastRunsScore:
    """What knowing past runs of an organisation is worth: each run predicted without them, and with them."""

    runs: int
    error_without: float  # median of |predicted / reported - 1|
    error_with: float
    held: float  # share inside the 80% interval, with them


def score_past_runs(past: int = 3) -> PastRunsScore:
    """Predict each run of the larger organisations by a fit without them, and then with ``past`` runs of their own.

    Args:
        past: How many past runs are known: those nearest in size, of another rate than the run itself.

    Returns:
        The scores, with the quantile that the committed calibration uses.
    """
    runs = runs_of(scored_runs())
    q = float(calibration.quantile(committed().residuals[calibration.STATES[0]], 0.8))
    without, within, held = [], [], []
    for name in np.unique(runs.organisation):
        own = runs.organisation == name
        if own.sum() <= past:
            continue
        model, theirs = calibration.fit(runs.take(~own)), runs.take(own)
        for at in range(int(own.sum())):
            one = np.arange(len(theirs.log_utilisation)) == at
            apart = np.abs(np.log(theirs.cases.size / theirs.cases.size[at]))
            twin = np.isclose(theirs.log_utilisation, theirs.log_utilisation[at]) | np.isnan(apart)
            order = np.argsort(np.where(one | twin, np.inf, apart), kind="stable")[:past]
            known = np.isin(np.arange(len(one)), order)
            case = theirs.cases.take(one)
            truth = theirs.log_utilisation[at]
            before, after = calibration.predict(model, case), calibration.predict(model, case, theirs.take(known))
            without.append(abs(np.expm1(truth - before.mean[0])))
            within.append(abs(np.expm1(truth - after.mean[0])))
            held.append(abs(truth - after.mean[0]) <= q * after.sd[0])
    return PastRunsScore(len(held), float(np.median(without)), float(np.median(within)), float(np.mean(held)))
