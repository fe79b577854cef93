"""From the reported runs to data/calibration.json, and the calibrated method among the others that are scored."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import calibration, catalog, scoring
from oce.calibration import Cases, Runs
from oce.catalog import Run
from oce.compute import FLOP_PER_TFLOP
from oce.estimate import Estimate
from oce.pace import SECONDS_PER_HOUR, committed, family, released_in
from oce.version import VERSION

Floats = NDArray[np.float64]

ENOUGH_RUNS = 5  # to say how good a method was on them
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
    devices = [catalog.device(run.device) for run in runs]

    def numbers(values: Sequence[float | None]) -> Floats:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)

    cases = Cases(
        size=numbers([run.size for run in runs]),
        peak_tflops=numbers([run.peak_tflops for run in runs]),
        compute_flop=numbers([run.training_flop for run in runs]),
        year=numbers([run.year for run in runs]),
        device_year=numbers([released_in(device) for device in devices]),
        device=np.array([family(device) for device in devices]),
        vendor=np.array([device.vendor for device in devices]),
    )
    utilisation = numbers([run.utilisation for run in runs])
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
    (catalog.DATA / name).write_text(text + "\n", encoding="utf-8")


def evaluations() -> tuple[scoring.Evaluation, ...]:
    """Every method's committed scores: ours first, then the others."""
    ours = catalog.json_file(CALIBRATION)["scores"]
    others = catalog.json_file(BASELINES)["methods"]
    return tuple(scoring.from_json(one) for one in [*ours, *others])


def median_error_on(method: scoring.Evaluation, run_ids: Iterable[str]) -> float:
    """A method's median error of device-hours on some of the runs that it answered for."""
    reported = {run.id: run.device_hours for run in scored_runs()}
    return float(np.median([abs(method.runs[one][0] / (reported[one] or np.nan) - 1.0) for one in run_ids]))


@dataclass(frozen=True, slots=True)
class Nearby:
    """The reported runs that are most like a scenario, and how good the calibrated method was on them."""

    runs: tuple[Run, ...]
    alike: str  # in what they are alike, as it reads after "runs"
    median_error: float
    held: int  # how many lay inside their 80 % interval


def nearby(result: Estimate) -> Nearby:
    """The runs near a scenario: the closest kind of likeness that at least five runs have.

    Args:
        result: The estimate of the scenario.

    Returns:
        The runs, each predicted without its organisation; none where no run is like it.
    """
    if result.device is None:
        return Nearby((), "", np.nan, 0)
    run, device, ours = result.scenario, result.device, evaluations()[0]
    first, second, _ = committed().fit.size_line
    guess = 10 ** (first + second * np.log10(result.training_flop.central))
    size = run.active_parameters or run.parameters or float(guess)
    candidates = [(one, catalog.device(one.device)) for one in scored_runs()]

    def within(one: Run, factor: float) -> bool:
        return one.size is not None and size / factor <= one.size <= size * factor

    kinds: tuple[tuple[str, list[Run]], ...] = (
        (
            f"on {device.name}, of a third to three times its size",
            [one for one, on in candidates if family(on) == family(device) and within(one, 3)],
        ),
        (
            f"on {device.generation} devices, of a tenth to ten times its size",
            [one for one, on in candidates if on.generation == device.generation and within(one, 10)],
        ),
        (
            "on any device, of a third to three times its size",
            [one for one, _ in candidates if within(one, 3)],
        ),
    )
    alike, runs = next((kind for kind in kinds if len(kind[1]) >= ENOUGH_RUNS), ("", []))
    if not runs:
        return Nearby((), "", np.nan, 0)
    hours = [(one.device_hours or np.nan, *ours.runs[one.id]) for one in runs]
    errors = [abs(central / reported - 1.0) for reported, central, _, _ in hours]
    held = sum(low <= reported <= high for reported, _, low, high in hours)
    return Nearby(tuple(runs), alike, float(np.median(errors)), held)
