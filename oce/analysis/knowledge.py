"""What each further piece of knowledge is worth: the estimate when less and when more is known of a scenario."""

from dataclasses import dataclass

import numpy as np

from oce.errors import InputError
from oce.estimation import Estimate, estimate
from oce.method.calibration_file import committed
from oce.method.runs import Runs
from oce.scenario import Scenario

SPEED_FIELDS = ("throughput", "utilisation", "tokens_per_second_per_device", "log10_alpha_low", "log10_alpha_high")


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The estimate when so much is known."""

    label: str  # what is known
    result: Estimate
    is_own: bool  # it is as much as the scenario says
    is_published: bool = False  # the speed is by the paper's own α


def states_of_knowledge(result: Estimate, level: float) -> tuple[Knowledge, ...]:
    """The scenario's estimate when less and when more is known of it, from the least on; the paper's own α last.

    A measured speed that nobody has measured yet is taken to be that which gives the calibrated central value: what it
    is worth is then the width alone. States without an estimate are left out.
    """
    run, device = result.scenario, result.device
    base = run.replace(**dict.fromkeys(SPEED_FIELDS), level=level) if device else run.replace(level=level)
    found: list[Knowledge] = []

    def add(label: str, scenario: Scenario, is_own: bool, past: Runs | None = None, is_published: bool = False) -> None:
        try:
            found.append(Knowledge(label, estimate(scenario, past), is_own, is_published))
        except InputError:  # nothing can be said for this scenario when so little, or just this, is known
            return

    if device is not None:
        calibrated = run.method == "calibrated"
        past = result.past_runs
        what = "size" if run.training_flop is None else "compute"
        known = f"{what} and device" if run.year is None else f"{what}, device and year"
        add(known, base, calibrated and past is None)
        if past is not None:
            add("+ your own past runs", base, calibrated, past)
        if run.method in ("utilisation", "measured"):
            add("+ your measured speed", run.replace(level=level), True)
        elif found and found[-1].result.utilisation:
            whole = found[-1].result.utilisation.central
            steady = min(1.0, whole / float(np.exp(committed().gap_mean)))
            add("+ a measured speed", base.replace(utilisation=steady), False)
        if device.has_alpha:
            published = base.replace(throughput="published")
            add("the paper's α", published, run.method == "published", is_published=True)
    if run.method == "alpha" or device is None:
        add("your own α range", run.replace(level=level), True)
    return tuple(found)
