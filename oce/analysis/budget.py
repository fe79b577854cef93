"""How large a model a carbon budget allows, in tokens or in parameters."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import units
from oce.analysis import Impossible, inverse
from oce.analysis.alternatives import sizes, with_size
from oce.estimation import estimate, estimate_many
from oce.fields import FIELDS
from oce.interval import BOUNDS, normal_quantile
from oce.method.runs import Runs
from oce.scenario import Scenario

BUDGET_FIELDS = ("tokens", "parameters")


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
    found = largest_runs(scenario, total_co2e_kg, [field], past_runs)[field]
    if isinstance(found, Impossible):
        raise found
    return found


def largest_runs(
    scenario: Scenario,
    total_co2e_kg: float,
    fields: Sequence[str] = BUDGET_FIELDS,
    past_runs: Runs | None = None,
) -> dict[str, Budget | Impossible]:
    """The same (:func:`largest_run`) for several fields, asked together; what is impossible stands in its place.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    found: dict[str, Budget | Impossible] = {}
    for field in fields:
        try:
            _check_budget(scenario, total_co2e_kg, field)
        except Impossible as why:
            found[field] = why
    asked = [field for field in fields if field not in found]
    if not asked:
        return found
    level = estimate(scenario, past_runs, limited=False).level  # what is wrong with the scenario itself is said first
    least = [_least(scenario, field) for field in asked]
    most = [int(FIELDS[field].high) for field in asked]

    def totals(of: NDArray[np.intp], values: inverse.Floats) -> tuple[inverse.Floats, ...]:
        """The central total, its mean and its high end [kg CO2e] at sizes, each of one of the fields that are asked."""
        columns: dict[str, Any] = scenario.given()
        for place, field in enumerate(asked):
            for name, column in sizes(scenario, field, values).items():
                columns[name] = np.where(of == place, column, columns[name])
        every = estimate_many(columns, past_runs, limited=False)
        low, central, high = (every[f"total_co2e_kg_{bound}"] for bound in BOUNDS)
        return central, central if level is None else _mean(low, central, high, level), high

    def ask(question: NDArray[np.intp], values: inverse.Floats) -> tuple[NDArray[np.bool_], inverse.Floats]:
        figure, of = np.divmod(question, len(asked))
        total_kg = np.choose(figure, totals(of, values))
        with np.errstate(all="ignore"):
            return total_kg > total_co2e_kg, np.log(total_kg / total_co2e_kg)

    within = inverse.turn(ask, np.tile(least, 3), np.tile(most, 3)).last_without.reshape(3, len(asked))
    for place, field in enumerate(asked):
        central, mean, careful = map(float, within[:, place])
        if math.isnan(careful):
            at_least = float(totals(np.full(1, place), np.full(1, float(least[place])))[2][0])
            found[field] = Impossible(
                f"Even the smallest run that can be asked for, of {units.compact(least[place])} {field}, may emit more "
                f"than {total_co2e_kg:.3g} kg CO2e: allow at least {units.rounded_up(at_least)} kg, "
                "or choose a region with less carbon or a device that needs less energy."
            )
        else:
            # Of a narrow level the high end may be below the mean, so that not even the smallest fits on average.
            found[field] = Budget(field, central, None if math.isnan(mean) else mean, careful)
    fitting = [one for one in found.values() if isinstance(one, Budget)]
    sized = [with_size(scenario, one.field, one.careful) for one in fitting]
    problems = estimate_many(sized, past_runs)["error"]
    return found | {one.field: replace(one, problem=str(why)) for one, why in zip(fitting, problems, strict=True)}


def _least(scenario: Scenario, field: str) -> int:
    """The smallest whole size that can be asked for."""
    low = FIELDS[field].low
    if field == "parameters" and scenario.active_parameters is not None and scenario.parameters:
        low = max(low, FIELDS["active_parameters"].low * scenario.parameters / scenario.active_parameters)
    return math.ceil(low)


def _mean(low: inverse.Floats, central: inverse.Floats, high: inverse.Floats, level: float) -> inverse.Floats:
    """Means of columns, as :meth:`oce.interval.Interval.mean` has them."""
    with np.errstate(all="ignore"):
        log_half_width = np.where(low > 0, np.log(high / low) / 2.0, 0.0)
    means: inverse.Floats = central * np.exp((log_half_width / normal_quantile(level)) ** 2 / 2.0)
    return means


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
