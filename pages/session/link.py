"""The address bar: a scenario as query parameters and back. Pure; what is wrong in a link is named, the rest kept.

A link is short: it holds only what differs from the scenario that the app opens with.
"""

from collections.abc import Callable, Collection, Iterable, Mapping

from oce import catalog, descriptions, units
from oce.catalog.caches import cached
from oce.errors import NO_SUCH_FIELD, InputError, NotReadError, Problem
from oce.fields import DEFAULTS, FIELDS
from oce.importers import scenario_rows
from oce.near_names import near_names
from oce.parsing import number_wanted, read_number
from oce.quantity_units import Read
from oce.scenario import Scenario
from pages.session import site

Fields = dict[str, float | str]

FIRST_MODEL = "llama-3-70b"  # what a visitor without a link sees
MOST_NAMED = 20  # of the parameters that are none of ours
MOST_CHARACTERS = 10_000  # of a list of choices
NONE = "none"
TARGETS = ("deadline_days", "carbon_budget_t", "cost_budget")  # what is wanted of a run (pages/session/targets.py)
OF_PAGES: Mapping[str, tuple[str, ...]] = {  # what a page keeps in the link beside the scenario
    "compare": (*TARGETS, "compare", "baseline", "together", "alike"),
    "plan": (
        *TARGETS,
        *("plan_devices", "plan_basis", "plan_place", "plan_levers"),
        *("combine_devices", "combine_regions", "combine_counts", "combine_against"),
    ),
    "lifetime": ("inference", "task", "output_tokens", "wh_per_query", "queries_per_day", "years", "water"),
    "scaling": ("grids", "models", "families", "mmlu", "imagenet"),
    "landscape": ("view", "against", "unit", "by", "search"),
    "learn": ("step", "slides"),
    "data": ("table",),
}
EXTRAS = tuple(dict.fromkeys(name for names in OF_PAGES.values() for name in names))
_DEFAULTS = {name: value for name, value in DEFAULTS.items() if name != "device_count"}
NOT_OURS = ("embed", "embed_options", *EXTRAS)  # Streamlit's own, and theirs


Find = Callable[[str], catalog.Device | catalog.Region]
FINDERS: Mapping[str, Find] = {"device": catalog.device, "region": catalog.region}  # fields given by a name or an id


@cached
def _presets() -> Mapping[str, Fields]:
    return {model.id: tidy(model.fields) for model in catalog.models()}


def fields_of(model: str) -> Fields:
    """The fields of a preset, as the app keeps them: ids for names, and nothing that is a default anyway."""
    return dict(_presets()[catalog.model(model).id])


def model_of(fields: Mapping[str, float | str]) -> catalog.Model | None:
    """The preset that these fields are, where nothing of it was changed."""
    return next((catalog.model(name) for name, preset in _presets().items() if preset == fields), None)


def origin(parameters: Mapping[str, str], fields: Mapping[str, float | str]) -> tuple[str, frozenset[str]]:
    """The preset that the scenario of a link began from, and the fields that the link gives itself."""
    preset = model_of(fields)
    return (preset.id, frozenset()) if preset else (FIRST_MODEL, frozenset(parameters))


def tidy(fields: Mapping[str, float | str]) -> Fields:
    """`fields` in a fixed order, without those that say what is the default; a count is kept, as 1 may be too few."""
    return {name: fields[name] for name in FIELDS if name in fields and fields[name] != _DEFAULTS.get(name)}


def to_parameters(fields: Mapping[str, float | str]) -> dict[str, str]:
    """The query parameters of a scenario: what differs from the first one."""
    first = _opening(fields)
    full = {**{name: _DEFAULTS.get(name, "") for name in first}, **fields}  # "" stands for not given
    return {name: text_of(full[name]) for name in FIELDS if name in full and full[name] != first.get(name)}


def from_parameters(parameters: Mapping[str, str]) -> tuple[Fields, list[Problem]]:
    """The scenario of a link, and what was wrong with it.

    Each parameter that cannot be used is left out, as if the link did not have it, and named; the others are kept.
    """
    strange = [name for name in parameters if name not in FIELDS and name not in NOT_OURS]
    problems = [
        Problem(name[:60], parameters[name], NO_SUCH_FIELD, near_names(name, list(FIELDS)))
        for name in strange[:MOST_NAMED]
    ]
    given = {name: text for name, text in parameters.items() if name in FIELDS}
    while True:
        fields = {**_opening(given), **given}
        try:
            scenario = Scenario(**fields)
            named = with_ids(scenario)
            named |= {} if "device_count" in given else _count_named(given.get("device", ""))
        except InputError as error:
            wrong = [problem for problem in error.problems if problem.field in given] or [error.problems[0]]
            problems += wrong
            left = {name: text for name, text in given.items() if name not in {problem.field for problem in wrong}}
            if left == given:  # what is wrong is not in the link itself: nothing of it can be used
                return fields_of(FIRST_MODEL), problems
            given = left
        else:
            return tidy(named), problems


def notes_of(parameters: Mapping[str, str]) -> list[str]:
    """What was taken for what in a link: numbers, devices and places that could have been meant otherwise."""
    given = {name: text for name, text in parameters.items() if name in FIELDS}
    named = [scenario_rows.name_note(name, given[name]) for name in FINDERS if name in given]
    return [*scenario_rows.notes_of(given), *filter(None, named)]


def of_other_pages(page: str, parameters: Mapping[str, str]) -> list[str]:
    """What a link says that another page than this one understands, in words."""
    return [
        f"{name} is for the page {site.PAGES[other]}"
        for other, names in OF_PAGES.items()
        for name in names
        if name in parameters and name not in OF_PAGES.get(page, ())
    ]


def _count_named(device: str) -> Fields:
    """The devices that a name says how many of it are: those of a slice or a machine."""
    try:
        count = catalog.device_named(device).count if device else None
    except InputError:
        count = None
    return {} if count is None else {"device_count": float(count)}


def _opening(given: Mapping[str, float | str]) -> Fields:
    """The first scenario, less what the link's own way of giving the compute replaces."""
    first = fields_of(FIRST_MODEL)
    if "training_flop" in given or "samples" in given:
        first = {name: value for name, value in first.items() if name not in ("parameters", "tokens")}
    return first


def with_ids(scenario: Scenario) -> Fields:
    """The fields of a scenario, with ids for the names of device and region.

    Raises:
        InputError: Where there is no such device or region, or the device lacks the precision.
    """
    fields = scenario.given()
    problems: list[Problem] = []
    for name, find in FINDERS.items():
        if name in fields:
            try:
                fields[name] = find(str(fields[name])).id
            except InputError as error:
                problems += error.problems
    if not problems and scenario.precision and scenario.device:
        device = catalog.device(scenario.device)
        if scenario.precision not in device.peak_tflops:
            allowed = f"{', '.join(device.peak_tflops)} on {device.name}"
            problems.append(Problem("precision", scenario.precision, allowed))
    if problems:
        raise InputError(problems)
    return fields


def list_to_text(chosen: Iterable[str]) -> str:
    """Several choices as one text for the link; no choice at all is ``none``."""
    return "~".join(chosen) or NONE


def list_from_text(text: str) -> list[str]:
    """The choices that a text of the link holds, each once."""
    return [] if text == NONE else list(dict.fromkeys(word for word in text[:MOST_CHARACTERS].split("~") if word))


def chosen(query: Mapping[str, str], allowed: Mapping[str, Collection[str]]) -> dict[str, str]:
    """What a link says of some choices, else the first that is allowed; raises InputError for any other."""
    found = {name: query.get(name) or next(iter(texts)) for name, texts in allowed.items()}
    wrong = [Problem(name, text, ", ".join(allowed[name])) for name, text in found.items() if text not in allowed[name]]
    if wrong:
        raise InputError(wrong)
    return found


def number_of(name: str, text: str) -> Read:
    """The number that is written for a field, checked alone; raises InputError. What it needs beside it may follow."""
    value: float | str = text
    try:
        found = read_number(name, text)
        value = found.value
        FIELDS[name].check(value)
    except ValueError as error:
        allowed = number_wanted(name, error) if isinstance(error, NotReadError) else str(error)
        raise InputError([Problem(name, value, allowed)]) from None
    return found


def entered(name: str, value: float | str) -> str:
    """A field as a visitor would write it: 15T, United States."""
    find = FINDERS.get(name)
    return find(str(value)).name if find else descriptions.entered(value)


def text_of(value: float | str) -> str:
    """Short and exact: 70e9, 15e12, 16384, 1.08."""
    if isinstance(value, str):
        return value
    text = units.exact(value)
    return text.replace("T", "e12").replace("B", "e9").replace("M", "e6")
