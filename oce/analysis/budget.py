"""How large a model a carbon budget allows, in tokens or in parameters."""

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from oce import units
from oce.analysis import Impossible
from oce.analysis.alternatives import with_size
from oce.estimation import Estimate, estimate, estimate_many
from oce.fields import FIELDS
from oce.interval import Interval
from oce.method.runs import Runs
from oce.scenario import Scenario

BUDGET_FIELDS = ("tokens", "parameters")
_ROOT = 1e-12  # relative: a root that is found is right to much less than so much


@dataclass(frozen=True, slots=True)
class Budget:
    """The largest tokens or parameters that a carbon budget allows: by the median, the mean, and the high end."""

    field: str  # one of BUDGET_FIELDS
    central: float  # it is as often exceeded as not
    mean: float | None  # many such runs keep to it together; None: not even of the smallest
    careful: float
    problem: str = ""  # why the scenario's own number of devices is not possible at that size; empty where it is


def largest_run(scenario: Scenario, total_co2e_kg: float, field: str, past_runs: Runs | None = None) -> Budget:
    """The largest whole number of tokens, or of parameters, whose total is within a carbon budget.

    Args:
        scenario: What is trained, where and on what.
        total_co2e_kg: The budget [kg CO2e].
        field: ``tokens`` or ``parameters``; the latter keep the active share (:func:`with_size`).
        past_runs: Past runs of the same organisation.

    Returns:
        The largest by the central total, by its mean and by the high end; at most what the field allows.

    Raises:
        Impossible: Where the budget is not above zero or too small for any run, or the field does not decide the total.
        InputError: Where there is no estimate for the scenario.
        ValueError: Where ``field`` is neither.
    """
    if field not in BUDGET_FIELDS:
        raise ValueError(f"{field}: not one of {', '.join(BUDGET_FIELDS)}")
    _check_budget(scenario, total_co2e_kg, field)
    estimate(scenario, past_runs, limited=False)  # what is wrong with the scenario itself is said first
    low, high = FIELDS[field].low, FIELDS[field].high
    if field == "parameters" and scenario.active_parameters is not None and scenario.parameters:
        low = max(low, FIELDS["active_parameters"].low * scenario.parameters / scenario.active_parameters)
    least, most = math.ceil(low), int(high)

    def run(size: float) -> Estimate:
        return estimate(with_size(scenario, field, size), past_runs, limited=False)

    def totals(size: float) -> Interval:
        return run(size).total_co2e_kg

    if totals(least).high > total_co2e_kg:
        raise Impossible(
            f"Even the smallest run that can be asked for, of {units.compact(least)} {field}, may emit more than "
            f"{total_co2e_kg:.3g} kg CO2e: allow at least {units.rounded_up(totals(least).high)} kg, "
            "or choose a region with less carbon or a device that needs less energy."
        )
    central = _largest(lambda size: totals(size).central, total_co2e_kg, least, most)
    fits = run(least).mean("total_co2e_kg") <= total_co2e_kg  # of a narrow level the high end may be below the mean
    mean = _largest(lambda size: run(size).mean("total_co2e_kg"), total_co2e_kg, least, most) if fits else None
    careful = _largest(lambda size: totals(size).high, total_co2e_kg, least, most)
    sized = with_size(scenario, field, float(careful))
    problem = str(estimate_many([sized], past_runs)["error"][0])
    return Budget(field, float(central), None if mean is None else float(mean), float(careful), problem)


def _check_budget(scenario: Scenario, total_co2e_kg: float, field: str) -> None:
    if not total_co2e_kg > 0:  # NaN as well
        raise Impossible(
            f"A budget of {total_co2e_kg:g} kg CO2e allows no run, as every run emits something: allow more than 0 kg."
        )
    if scenario.training_flop is not None or scenario.forward_flop_per_sample is not None:
        raise Impossible(
            f"The training compute of this scenario is given directly, so its carbon does not follow from {field}: "
            "give parameters and tokens in its place."
        )
    if scenario.method == "measured" and field == "parameters":
        raise Impossible(
            "With a measured rate the time follows from the tokens alone, not from the parameters: "
            "ask for the tokens, or leave out the measured rate."
        )


def _largest(total_kg: Callable[[float], float], limit_kg: float, least: int, most: int) -> int:
    """The largest whole size from ``least`` to ``most`` whose total, which grows with it, is within ``limit_kg``."""
    from scipy.optimize import brentq  # here, as it is needed only for this

    if total_kg(most) <= limit_kg:
        return most
    # The total is close to a power of the size, so between logarithms a few steps come near; the last are whole ones.
    root = math.exp(
        brentq(
            lambda size: math.log(total_kg(min(max(math.exp(size), least), most)) / limit_kg),
            math.log(least),
            math.log(most),
            xtol=_ROOT / 100,
        )
    )
    near = range(max(least, math.floor(root * (1 - _ROOT))), min(most, math.ceil(root * (1 + _ROOT))) + 1)
    return near[max(0, bisect_right(near, limit_kg, key=total_kg) - 1)]
