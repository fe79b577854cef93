"""From the reported runs to data/calibration.json, and the calibrated method among the others that are scored."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.catalog import Run, measurements, reader
from oce.catalog.caches import cached
from oce.errors import needs_extra
from oce.estimation import Estimate
from oce.evaluation import device_evidence, scoring
from oce.evaluation.cross_validation import Predicted
from oce.method import calibration_file, device_speed_fit, run_prediction, run_utilisation
from oce.method.calibration import calibrate, predict_with_prior_runs, residuals_of_new_organisations
from oce.method.calibration_file import committed
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.conformal import CONFIDENCE_LEVELS, residuals_of
from oce.method.device_speed import DeviceSpeed
from oce.method.device_speed_fit import Observed
from oce.method.runs import reported, scored_runs
from oce.units import DEVICE_HOURS, shown
from oce.version import METHOD_VERSION

Floats = NDArray[np.float64]

ENOUGH_RUNS = 5  # to say how good a method was on them
NEAREST_RUNS = 10  # where fewer than that are alike
CALIBRATION, BASELINES = "calibration.json", "baselines.json"


@dataclass(frozen=True)
class Calibrated:
    """Our own method, as :mod:`oce.evaluation.scoring` scores every method."""

    name: str = "Calibrated"
    about: str = (
        "The device's speed from same-stack measurements, times what runs of this size and era reach, learnt from the "
        "runs of other organisations."
    )
    fitted: bool = True

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        """Device-hours of ``test``, learnt from ``train`` [h]."""
        return self.predict_intervals(train, test).central

    def predict_intervals(self, train: Sequence[Run], test: Sequence[Run]) -> Predicted:
        """Device-hours of ``test`` with their intervals, both learnt from ``train`` alone, spreads and all [h]."""
        learnt, asked = reported(train), reported(test).cases
        model = run_utilisation.fit(learnt, contrasts_alone())
        expected = run_prediction.predict(model, asked)
        residuals = residuals_of_new_organisations(learnt, model)
        half = {level: residuals.quantile(level) * expected.sd for level in CONFIDENCE_LEVELS}
        hours = asked.compute_flop / FLOP_PER_TFLOP / SECONDS_PER_HOUR
        peak = np.log([machine.limit_tflops for machine in asked.hardware])[asked.code]
        return Predicted(
            central=hours * np.exp(-expected.mean),
            low={level: hours * np.exp(-np.minimum(expected.mean + width, peak)) for level, width in half.items()},
            high={level: hours * np.exp(-expected.mean + width) for level, width in half.items()},
        )


@cached
def contrasts() -> Observed:
    """The measured contrasts, ready for the fit."""
    devices = {device.id: device for device in catalog.devices()}
    return device_speed_fit.observed(measurements.fitted(measurements.contrasts()), devices)


@cached
def contrasts_alone() -> DeviceSpeed:
    """The device part as the contrasts alone have it."""
    return device_speed_fit.fit(contrasts())


def steady_ratios(runs: Sequence[Run]) -> Floats:
    """ln(whole-run / steady-state utilisation) of the runs that report a usable steady state."""
    told = [run for run in runs if run.tells_gap]
    return np.array([np.log((run.utilisation or np.nan) / (run.utilisation_reported or np.nan)) for run in told])


def calibration_document() -> dict[str, Any]:
    """What data/calibration.json holds: the calibration, how good it is, and the versions it was made with.

    Raises:
        MissingExtraError: Without threadpoolctl, which the extra `baselines` brings.
    """
    with needs_extra("baselines"):
        from threadpoolctl import threadpool_limits  # only a refit needs it

    with threadpool_limits(1):  # the systems are small: threads wait for one another, and sum in another order
        return _calibration_document()


def _calibration_document() -> dict[str, Any]:
    from oce.evaluation import metered_energy

    runs = scored_runs()
    left_out = device_speed_fit.leave_sources_out(contrasts())
    fitted = calibrate(reported(runs), contrasts_alone(), left_out, steady_ratios(runs))
    return {
        "version": METHOD_VERSION,
        "data_version": catalog.data_version(),
        "calibration": calibration_file.to_json(fitted),
        "scores": [scoring.to_json(scoring.evaluate(Calibrated(), runs))],
        "contrasts": device_evidence.to_json(left_out),
        "energy": {
            what: metered_energy.to_json(metered_energy.evaluate(left_out=what))
            for what in (metered_energy.OWN_METER, metered_energy.STRICT)
        },
    }


def baselines_document() -> dict[str, Any]:
    """What data/baselines.json holds: every other method, scored on the same runs.

    Raises:
        MissingExtraError: Without scikit-learn, which the extra `baselines` brings.
    """
    from oce.evaluation import baselines

    with needs_extra("baselines"):
        scores = baselines.scores_json(baselines.METHODS, scored_runs())
    return {"version": METHOD_VERSION, "data_version": catalog.data_version()} | scores


def write(name: str, document: Mapping[str, Any]) -> None:
    """Writes a document to data/, one value or one row of numbers a line, so that a change can be read.

    Raises:
        OSError: Where it cannot be written.
    """
    text = json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False)
    text = re.sub(r"\[\s+(-?\d[^\[\]{}\"]*?)\s+\]", lambda row: f"[{' '.join(row[1].split())}]", text)
    Path(str(reader.data_folder() / name)).write_text(text + "\n", encoding="utf-8")


@cached
def evaluations() -> tuple[scoring.Evaluation, ...]:
    """Every method's committed scores: ours first, then the others."""
    ours = reader.from_json_file(CALIBRATION, lambda held: [scoring.from_json(row) for row in held["scores"]])
    others = reader.from_json_file(BASELINES, lambda held: [scoring.from_json(row) for row in held["methods"]])
    return (*ours, *others)


def median_error_on(method: scoring.Evaluation, run_ids: Iterable[str]) -> float:
    """A method's median error of device-hours on some of the runs that it answered for."""
    hours = {run.id: run.device_hours for run in scored_runs()}
    return float(np.median([abs(method.runs[name][0] / (hours[name] or np.nan) - 1.0) for name in run_ids]))


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

    Returns:
        The runs, each predicted without its organisation, by the method of the scenario where that is scored and by the
        calibrated one where it is not (the user's own rate or α).
    """
    run, device = result.scenario, result.device
    name = "Published α" if run.method == "published" else Calibrated().name
    method = next(scored for scored in evaluations() if scored.name == name)
    usual = committed().fit.usual_size(result.training_flop.central)
    size = run.active_parameters or run.parameters or float(usual)
    candidates = [run for run in scored_runs() if run.id in method.runs and run.size]

    def apart(run: Run) -> float:
        return abs(float(np.log(size / (run.size or np.nan))))

    kinds: list[tuple[str, list[Run]]] = []
    if device is not None:
        same = [run for run in candidates if catalog.device(run.device).counted_id == device.counted_id]
        alike = [run for run in candidates if catalog.device(run.device).generation == device.generation]
        kinds = [
            (f"on {device.name}, of a third to three times its size", [run for run in same if apart(run) <= np.log(3)]),
            (f"on {device.name}, of a tenth to ten times its size", [run for run in same if apart(run) <= np.log(10)]),
            (
                f"on {device.generation} devices, of a tenth to ten times its size",
                [run for run in alike if apart(run) <= np.log(10)],
            ),
        ]
    nearest = sorted(candidates, key=apart)[:NEAREST_RUNS]
    kinds.append(("the nearest in size, most of them on other devices", nearest))
    kind, runs = next(found for found in kinds if len(found[1]) >= ENOUGH_RUNS)
    hours = [(run.device_hours or np.nan, *method.runs[run.id]) for run in runs]
    errors = [abs(central / reported - 1.0) for reported, central, _, _ in hours]
    held = sum(low <= reported <= high for reported, _, low, high in hours)
    return Nearby(tuple(runs), kind, method.name, float(np.median(errors)), held)


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
class PriorRunsScore:
    """What knowing prior runs of an organisation is worth: each run predicted without them, and with them."""

    runs: int
    organisations: int
    error_without: float  # median of |predicted / reported - 1|
    error_with: float
    held: float  # share inside the 80% interval, with them


@cached
def score_prior_runs() -> PriorRunsScore:
    """Predict each run of organisations that have several by a fit without them, then with a few of their own."""
    found = predict_with_prior_runs(reported(scored_runs()), committed().fit)
    z = found.error_with / found.sd_with
    # an organisation's own errors have no say in the interval that they are held against
    others = {name: found.organisation != name for name in np.unique(found.organisation).tolist()}
    q = {name: residuals_of(z[at], found.organisation[at]).quantile(0.8) for name, at in others.items()}
    return PriorRunsScore(
        len(found.organisation),
        len(np.unique(found.organisation)),
        float(np.median(np.abs(np.expm1(-found.error_without)))),
        float(np.median(np.abs(np.expm1(-found.error_with)))),
        float(np.mean(np.abs(z) <= np.array([q[name] for name in found.organisation.tolist()]))),
    )
