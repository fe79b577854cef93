"""Energy, said against metered: every reported run whose energy was measured, predicted without what it taught.

The hours of a run are predicted by a calibration without its organisation's runs, its power by the meters without its
own. (Without all of its organisation's meters nothing would be known of a TPU: only Google has them; that is
:data:`STRICT`, and is shown beside.)
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oce import catalog
from oce.catalog import Run, reader
from oce.catalog.caches import cached
from oce.evaluation import refit
from oce.evaluation.cross_validation import Predicted
from oce.interval import BOUNDS, Interval, normal_quantile
from oce.method import footprint
from oce.method.runs import scored_runs
from oce.method.system_power import meters, system_power

MEASURED = "measured"  # of ``Run.energy_basis``
CONFIDENCE_LEVEL = 0.8
OWN_METER, STRICT = "its own meter", "its organisation's meters"  # what is left out of the power
Predict = Callable[[Sequence[Run], Sequence[Run]], Predicted]


@dataclass(frozen=True, slots=True)
class Metered:
    """A run whose energy was measured, and what is said of it [kWh, at the data centre's meter]."""

    run: Run
    measured_kwh: float
    said_kwh: Interval

    @property
    def error(self) -> float:
        """How far what is said is from what was measured, as a share of that."""
        return abs(self.said_kwh.central / self.measured_kwh - 1.0)

    @property
    def held(self) -> bool:
        """Whether the interval holds it."""
        return self.said_kwh.low <= self.measured_kwh <= self.said_kwh.high


@dataclass(frozen=True, slots=True)
class Score:
    """How good what is said of the metered runs is."""

    runs: int
    median_error: float
    held: float  # share of them


def measured_runs() -> tuple[Run, ...]:
    """The runs whose energy was measured, or their power, and whose compute is known."""
    metered = {meter.run for meter in meters() if meter.counted and meter.run}
    return tuple(
        run
        for run in catalog.runs()
        if (run.energy_basis == MEASURED or run.id in metered)
        and run.training_flop is not None
        and _measured_kwh(run) is not None
    )


def evaluate(predict: Predict | None = None, left_out: str = OWN_METER) -> tuple[Metered, ...]:
    """Every run whose energy was measured, with what is said of its energy.

    Args:
        predict: Device-hours of some runs, learnt from others; the calibration, if none is given.
        left_out: What the power is not to know: :data:`OWN_METER` or :data:`STRICT`.
    """
    predict = predict or refit.Calibrated().predict_intervals
    known, found = scored_runs(), []
    for group in dict.fromkeys(run.organisation_group for run in measured_runs()):
        inside = [run for run in measured_runs() if run.organisation_group == group]
        hours = predict([run for run in known if run.organisation_group != group], inside)
        ends = (hours.low[CONFIDENCE_LEVEL].tolist(), hours.central.tolist(), hours.high[CONFIDENCE_LEVEL].tolist())
        for run, *of_run in zip(inside, *ends, strict=True):
            found.append(_said(run, Interval(*of_run), group if left_out == STRICT else run.id))
    return tuple(found)


def _said(run: Run, device_hours: Interval, without: str) -> Metered:
    """What is said of the energy of a run, with hours and their interval, and the power that others' meters tell."""
    power, measured = system_power(run.device, (without,)), _measured_kwh(run)
    assert power is not None
    assert measured is not None
    kwh = float(footprint.energy_kwh(device_hours.central, power.power_w, run.pue or 1.0))
    below, above = (
        math.hypot(width, normal_quantile(CONFIDENCE_LEVEL) * power.log_sd) for width in device_hours.log_widths
    )
    return Metered(run, measured, Interval.from_log_widths(kwh, below, above))


def to_json(found: Sequence[Metered]) -> list[dict[str, Any]]:
    """The runs beside what is said of them, four digits each."""
    return [
        {"id": metered.run.id}
        | {bound: float(f"{kwh:.4g}") for bound, kwh in zip(BOUNDS, metered.said_kwh, strict=True)}
        for metered in found
    ]


def from_json(rows: Sequence[Mapping[str, Any]]) -> tuple[Metered, ...]:
    """What :func:`to_json` wrote, with what was measured."""
    runs = {run.id: run for run in measured_runs()}
    found = []
    for row in rows:
        measured = _measured_kwh(runs[row["id"]])
        assert measured is not None
        said = Interval(*(float(row[bound]) for bound in BOUNDS))
        found.append(Metered(runs[row["id"]], measured, said))
    return tuple(found)


@cached
def committed(left_out: str = OWN_METER) -> tuple[Metered, ...]:
    """The runs beside what is said of them, by data/calibration.json; the power does not know what is ``left_out``."""
    return reader.from_json_file(refit.CALIBRATION, lambda held: from_json(held["energy"][left_out]))


def score(found: Sequence[Metered]) -> Score:
    """How good what is said of them is."""
    return Score(
        len(found),
        float(np.median([metered.error for metered in found])),
        float(np.mean([metered.held for metered in found])),
    )


def by_organisation(found: Sequence[Metered]) -> Mapping[str, int]:
    """How many of them each organisation has."""
    return Counter(metered.run.organisation_group for metered in found)


def _measured_kwh(run: Run) -> float | None:
    """Energy at the data centre's meter: as reported, else measured power over the run's own hours, with its PUE."""
    if run.energy_kwh is not None:
        return run.energy_kwh
    if run.power_w is None or run.device_hours is None:
        return None
    return float(footprint.energy_kwh(run.device_hours, run.power_w, run.pue or 1.0))
