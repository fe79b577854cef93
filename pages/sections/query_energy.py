"""The energy of a query: modelled, measured or the visitor's own, with what it rests on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from oce import units
from oce.analysis import inference, lifetime
from oce.interval import Interval
from oce.scenario import Scenario
from pages.sections import usage
from pages.sections.usage import Usage

PAPER = "Luccioni, Jernite and Strubell, Power Hungry Processing (FAccT 2024)"
NO_FIGURE = "No figure of its own: as much per kWh as in training"


@dataclass(frozen=True)
class QueryEnergy:
    """The energy of a query at the IT equipment, the carbon of making the devices, and where both are from."""

    kwh: Interval
    embodied_kg: Interval | None  # [kg CO2e]; none: as much per kWh as in training
    name: str  # what the query is called beside others
    rests: str  # what the figure rests on, in a few words
    energy_from: str
    embodied_from: str
    basis: str  # what the visitor should know of it, as Markdown


def of_usage(run: Scenario, used: Usage, level: float) -> QueryEnergy:
    """The energy of a query of the scenario's model, as the visitor uses it."""
    if used.way == usage.MODELLED and run.parameters is not None:
        found = _modelled(run.parameters, run.active_parameters or run.parameters, used.numbers["output_tokens"])
    elif used.way == usage.TASK:
        found = _measured(used.task, level)
    else:
        found = _own(used)
    modality, remark = usage.modality_of(run), ""
    if modality != "language":
        remark += " EcoLogits models language models only, so it is not offered here."
    elif usage.MODELLED not in usage.ways_of(run):
        remark += " EcoLogits needs the number of parameters: enter the model size in the sidebar."
    if modality not in usage.MEASURED:
        remark += f" No measured task is of the kind “{modality}”, so 1 Wh is only a placeholder: enter what you know."
    return found if not remark else replace(found, basis=found.basis + remark)


def _modelled(total: float, active: float, tokens: float) -> QueryEnergy:
    query = inference.modelled(active, total, tokens)
    size = units.compact(float(f"{total:.3g}"))
    if active < total:
        size = f"{units.compact(float(f'{active:.3g}'))} active of {size}"
    basis = (
        f"EcoLogits models an answer of {tokens:,.0f} tokens from {size} parameters, with 64 requests served at once. "
        "It states no range; this one is from 128 (low) to 16 (high) at once."
    )
    if query.extrapolated:
        basis += " **Extrapolated:** it was fitted on models of up to 200B active parameters."
    if query.at_floor:
        basis += " It has a floor: below about 1B active parameters a smaller model hardly takes less."
    return QueryEnergy(
        query.kwh_per_query,
        query.embodied_kg_per_query,
        f"Yours: {tokens:,.0f} tokens",
        f"{tokens:,.0f} tokens of output a query, by EcoLogits",
        f"EcoLogits {inference.ecologits_version()}, {size} parameters, 16 bits, 64 requests served at once",
        "EcoLogits: a share of GPUs and servers that last 3 years",
        basis,
    )


def _measured(key: str, level: float) -> QueryEnergy:
    task = usage.TASKS[key]
    return QueryEnergy(
        task.kwh_per_query(level),
        None,
        f"Yours: {task.name.lower()}",
        f"a query is {task.name.lower()}, as measured",
        f"{PAPER}, Table 2",
        NO_FIGURE,
        f"Measured: the mean of the models of this task, and {level:.0%} of them around it, taken as log-normal. "
        "Each query ran alone on one A100 of a node of eight, whose idle draw is in it: a busy service takes less.",
    )


def _own(used: Usage) -> QueryEnergy:
    given = used.numbers["wh_per_query"]
    return QueryEnergy(
        Interval.point(given / lifetime.WH_PER_KWH),
        None,
        "Yours",
        f"{given:.3g} Wh a query",
        "A placeholder: enter your own" if used.is_default("wh_per_query") else "Yours",
        NO_FIGURE,
        "Your own figure, without an interval: energy of a query at the IT equipment. PUE is added to it.",
    )
