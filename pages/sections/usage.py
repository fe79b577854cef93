"""How a trained model is used: what the visitor says of it, from the link, its controls, and the energy of a query."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import streamlit as st

from oce import units
from oce.analysis import inference, lifetime, water
from oce.analysis.lifetime import DEFAULTS, ENTRIES
from oce.analysis.water import WaterFigure
from oce.catalog import Region
from oce.errors import InputError, Problem
from oce.estimation import Estimate
from oce.interval import Interval
from oce.scenario import Scenario
from pages.session import controls, link_numbers
from pages.session.controls import Keep
from pages.widgets import number_entry
from pages.widgets.text import escape_markdown

PAPER = "Luccioni, Jernite and Strubell, Power Hungry Processing (FAccT 2024)"
NO_FIGURE = "No figure of its own: as much per kWh as in training"
MODELLED, TASK, OWN = "model", "task", "own"
WAYS = {MODELLED: "EcoLogits", TASK: "Measured", OWN: "My own"}  # of giving the energy of a query
TASKS = {task.id: task for task in inference.tasks()}
FIRST_TASK = {"vision": "task-image-classification", "multimodal": "task-image-captioning"}
MEASURED = ("language", "vision", "multimodal")  # modalities that some measured task is of
NEAREST, UNKNOWN = "nearest", "none"
FLEETS = {place.id: place for place in water.places()}
OF_WAY = {"output_tokens": MODELLED, "wh_per_query": OWN}  # numbers that only one way takes
NICE = (1.0, 2.0, 3.0, 5.0, 7.0)
SLIDERS = {  # what each slider offers, besides the exact value that was entered
    "queries_per_day": [0.0, *(n * 10**e for e in range(3, 10) for n in NICE), 1e10],
    "output_tokens": [*(n * 10**e for e in range(5) for n in NICE), 1e5],
    "years": [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, *map(float, range(2, 21))],
}
HELP = {
    "queries_per_day": "As 10M or 1e7. 10M is a first guess: 10 million users a day with one query each, as was "
    "estimated of ChatGPT in 2023.",
    "years": "From the first day of service to the last.",
    "output_tokens": "Length of an answer: 50 for a short message, 400 for a small conversation, 5,000 for a report. "
    "Hidden reasoning counts too.",
    "wh_per_query": "At the IT equipment: PUE is added to it. 1 Wh is only a placeholder.",
}


@dataclass(frozen=True)
class Usage:
    """How the model is used."""

    numbers: Mapping[str, float]  # each of lifetime.ENTRIES
    way: str  # how the energy of a query is given: one of WAYS
    task: str  # the measured task, where that is the way
    fleet: str  # whose data centres the on-site water is of: NEAREST, UNKNOWN or one of FLEETS

    def is_default(self, name: str) -> bool:
        return self.numbers[name] == DEFAULTS[name]


def modality_of(run: Scenario) -> str:
    return run.modality or "language"


def ways_of(run: Scenario) -> list[str]:
    """The ways of giving the energy of a query that the scenario allows."""
    return [way for way in WAYS if way != MODELLED or (modality_of(run) == "language" and run.parameters is not None)]


def _choices(run: Scenario) -> Mapping[str, tuple[str, list[str]]]:
    """What is chosen by a word: for each the default, and what is allowed."""
    ways, modality = ways_of(run), modality_of(run)
    first = MODELLED if MODELLED in ways else TASK if modality in MEASURED else OWN
    return {
        "inference": (first, ways),
        "task": (FIRST_TASK.get(modality, "task-text-generation"), list(TASKS)),
        "water": (NEAREST, [NEAREST, UNKNOWN, *FLEETS]),
    }


def of_link(run: Scenario, query: Mapping[str, str]) -> Usage:
    """The use that a link states; raises InputError with everything of it that cannot be used."""
    words = {}
    numbers, problems = link_numbers.of_link(ENTRIES, lifetime.read, query)
    for name, (default, allowed) in _choices(run).items():
        words[name] = query.get(name) or default
        if words[name] not in allowed:
            problems.append(Problem(name, words[name], ", ".join(allowed)))
    if problems:
        raise InputError(problems)
    return Usage({**DEFAULTS, **numbers}, words["inference"], words["task"], words["water"])


# --- the energy of a query ---


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


def query_energy(run: Scenario, used: Usage, level: float) -> QueryEnergy:
    """The energy of a query of the scenario's model, as the visitor uses it."""
    if used.way == MODELLED and run.parameters is not None:
        found = _modelled(run.parameters, run.active_parameters or run.parameters, used.numbers["output_tokens"])
    elif used.way == TASK:
        found = _measured(used.task, level)
    else:
        found = _own(used)
    modality, remark = modality_of(run), ""
    if modality != "language":
        remark += " EcoLogits models language models only, so it is not offered here."
    elif MODELLED not in ways_of(run):
        remark += " EcoLogits needs the number of parameters: enter the model size in the sidebar."
    if modality not in MEASURED:
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
    task = TASKS[key]
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


# --- on the page ---


def of_visitor(result: Estimate) -> tuple[Usage, Mapping[str, Keep]]:
    """The use that the visitor states, and what keeps each choice of theirs; what cannot be used is told."""
    numbers = {**DEFAULTS, **link_numbers.of_visitor(ENTRIES, lifetime.read)}
    in_words = {"water": f"{NEAREST}, {UNKNOWN}, or a row of data/water.csv"}
    chosen = {
        name: controls.keep_in_link(name, default, allowed, in_words.get(name, ""))
        for name, (default, allowed) in _choices(result.scenario).items()
    }
    used = Usage(numbers, *(now for now, _ in chosen.values()))
    for name, way in OF_WAY.items():  # without its control, what is wrong with it is told here
        _, said = link_numbers.refused(name)
        if said and used.way != way:
            st.warning(escape_markdown(f"In the link, {said} Until then it is {units.exact(numbers[name])}."))
    return used, {name: keep for name, (_, keep) in chosen.items()}


def show(usage: Usage, ways: list[str], keep: Mapping[str, Keep]) -> None:
    """The controls, but for that of water."""
    left, middle, right = st.columns([5, 5, 7])
    with left:
        _entry("queries_per_day", usage)
    with middle:
        _entry("years", usage)
    with right:
        controls.show_choice("Energy of a query", "inference", {way: WAYS[way] for way in ways}, keep["inference"])
        if usage.way == MODELLED:
            _entry("output_tokens", usage)
        elif usage.way == TASK:
            st.selectbox(
                "Task", list(TASKS), format_func=lambda key: TASKS[key].name, key="task", on_change=keep["task"]
            )
        else:
            _entry("wh_per_query", usage)


def show_fleet(keep: Mapping[str, Keep]) -> None:
    """The control that says whose water is counted."""

    def name(key: str) -> str:
        if key == UNKNOWN:
            return "Not known"
        if key == NEAREST:
            return "Nearest to your region"  # whatever that is: Streamlit takes another label for a choice
        return f"{FLEETS[key].entity} · {FLEETS[key].l_per_kwh:g} l/kWh ({FLEETS[key].year})"

    st.selectbox(
        "On-site water of", [NEAREST, UNKNOWN, *FLEETS], format_func=name, key="water", on_change=keep["water"],
        width=560, help="Litres per kWh of the IT equipment, as the provider discloses them.",
    )  # fmt: skip


def fleet_of(usage: Usage, region: Region | None) -> WaterFigure | None:
    """The figure for on-site water, if there is one."""
    return water.place_for(region) if usage.fleet == NEAREST else FLEETS.get(usage.fleet)


def _entry(name: str, usage: Usage) -> None:
    """A number that is typed, or moved on a slider."""
    unit = " (Wh)" if name == "wh_per_query" else ""
    number_entry.in_link(
        ENTRIES[name], lifetime.read, usage.numbers[name], f"{ENTRIES[name].label}{unit}", HELP[name],
        default=DEFAULTS[name], grid=SLIDERS.get(name, ()),
    )  # fmt: skip
