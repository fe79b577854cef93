"""The options that the visitor compares: kept in the link, each with a number that stays its own while it moves."""

from collections.abc import Mapping
from dataclasses import replace

from oce import catalog
from oce.errors import InputError
from oce.fields import DEFAULTS, FIELDS, NUMBER_FIELDS
from pages.session import compared_scenarios, keys, link, state
from pages.session.compared_scenarios import Entry
from pages.session.link import Fields


def own() -> Fields:
    """The fields of the visitor's scenario, which the sidebar has."""
    return dict(state.fields())


def entries() -> list[Entry]:
    """The options: those of the link, else the default ones."""
    text = state.extra("compare")
    return compared_scenarios.from_text(text)[0] if text else compared_scenarios.default(own())


def numbers() -> tuple[int, ...]:
    """A number for each option, by which its controls are called: it goes along where the option moves."""
    held, many = keys.OPTION_NUMBERS.get(), len(entries())
    if len(held) != many:  # the first run, or another link: none of them is an option of before
        held = _new(many)
        keys.OPTION_NUMBERS.set(held)
        keys.OPTIONS_SAID.set({})
    return held


def _new(many: int) -> tuple[int, ...]:
    """So many numbers that no option has."""
    last = max(keys.OPTION_NUMBERS.get(), default=0)
    return tuple(range(last + 1, last + many + 1))


def keep(options: list[Entry]) -> None:
    """Makes these the options, in place of all that are there."""
    _keep(options, _new(len(options)))
    keys.OPTIONS_SAID.set({})


def add(entry: Entry) -> None:
    """Puts an option after the others."""
    held = numbers()
    _keep([*entries(), entry], (*held, max(held) + 1))


def remove(number: int) -> None:
    """Takes an option away; where it was the baseline, the first is again."""
    at, held, options = numbers().index(number), numbers(), entries()
    _unsay(number)
    _keep([*options[:at], *options[at + 1 :]], (*held[:at], *held[at + 1 :]))


def move(number: int, by: int) -> None:
    """Moves an option on by so many places; past either end it comes in again at the other."""
    held, options = list(numbers()), entries()
    at = held.index(number)
    to = (at + by) % len(held)
    held.insert(to, held.pop(at))
    options.insert(to, options.pop(at))
    _keep(options, tuple(held))


def change(number: int, name: str, text: str, is_id: bool = False) -> None:
    """Changes a field of an option; what cannot be used is said on its card, and the rest kept.

    Args:
        number: The option.
        name: The field, or ``name`` or ``model``.
        text: What was entered; empty for not given.
        is_id: Whether it is an id of the catalogue, and not a name that is to be found.
    """
    at, options, note = numbers().index(number), entries(), ""
    given = {name: text.strip()}
    try:
        if name in link.FINDERS and given[name] and not is_id:
            given, note = _meant(name, given[name])
        for field, value in given.items():
            options[at] = compared_scenarios.changed(options[at], field, value)
    except InputError as error:
        _say(number, name, True, _told(text, error))
        return
    options[at] = compared_scenarios.fitted(options[at], own())
    for field in given:
        _unsay(number, field)
    if note:
        _say(number, name, False, note)
    _keep(options, numbers())


def fields_of(number: int) -> Fields:
    """The fields of an option that differ from the defaults, numbers as numbers."""
    given = entries()[numbers().index(number)].fields(own())
    return link.tidy({name: float(value) if name in NUMBER_FIELDS else value for name, value in given.items()})


def take(number: int, fields: Mapping[str, float | str]) -> None:
    """Gives an option these fields: those that differ from what it had are set on its card, the rest stay as they are.

    Args:
        number: The option.
        fields: All that are to differ from the defaults.
    """
    at, options, before = numbers().index(number), entries(), fields_of(number)
    values = {name: (before.get(name, DEFAULTS.get(name)), fields.get(name, DEFAULTS.get(name))) for name in FIELDS}
    changes = {
        name: "" if name not in fields else link.text_of(fields[name])
        for name, (held, given) in values.items()
        if held != given
    }
    options[at] = compared_scenarios.fitted(replace(options[at], changes={**options[at].changes, **changes}), own())
    for name in changes:
        _unsay(number, name)
    _keep(options, numbers())


def begin(number: int, model: str) -> None:
    """Makes a trained model's run of an option, under its name."""
    at, options = numbers().index(number), entries()
    options[at] = Entry(model=model, name=options[at].name)
    _unsay(number)
    _keep(options, numbers())


def _meant(name: str, text: str) -> tuple[dict[str, str], str]:
    """The fields that a name of a device or a place stands for, and what was taken for what; raises InputError."""
    if name == "region":
        place = catalog.find_region(text)
        return {name: place.region.id}, place.note
    named = catalog.find_device(text)
    count = {} if named.count is None else {"device_count": str(named.count)}
    return {name: named.device.id, **count}, named.note


def follow(number: int) -> None:
    """Lets go of all that an option sets: it is your scenario again, under its name."""
    at, options = numbers().index(number), entries()
    options[at] = Entry(name=options[at].name)
    _unsay(number)
    _keep(options, numbers())


def based_on(number: int, model: str) -> None:
    """Makes a model that was trained what an option starts from; with no model, your scenario."""
    at, options = numbers().index(number), entries()
    options[at] = replace(options[at], model=model)
    _keep(options, numbers())


def wrong(number: int, name: str) -> str:
    """Why what was entered for a field of an option cannot be used; empty where it can."""
    is_wrong, said = keys.OPTIONS_SAID.get().get((number, name), (False, ""))
    return said if is_wrong else ""


def note(number: int, name: str) -> str:
    """What the text of a field was taken for; empty where nothing was."""
    is_wrong, said = keys.OPTIONS_SAID.get().get((number, name), (True, ""))
    return "" if is_wrong else said


def _say(number: int, name: str, is_wrong: bool, said: str) -> None:
    keys.OPTIONS_SAID.set({**keys.OPTIONS_SAID.get(), (number, name): (is_wrong, said)})


def _told(text: str, error: InputError) -> str:
    """Why a text cannot be used, in words."""
    problem = error.problems[0]
    near = f"; nearest: {', '.join(problem.near)}" if problem.near else ""
    return f"“{text.strip()[:40]}” cannot be used; allowed: {problem.allowed}{near}."


def _unsay(number: int, name: str = "") -> None:
    """Drops what was said of a field of an option, or of the whole option."""
    said = keys.OPTIONS_SAID.get().items()
    keys.OPTIONS_SAID.set({key: text for key, text in said if key[0] != number or (name and key[1] != name)})


def _keep(options: list[Entry], held: tuple[int, ...]) -> None:
    """Writes the options into the link; the baseline goes along with its option."""
    before, baseline = numbers(), state.extra("baseline")
    if baseline.isdigit() and int(baseline) < len(before):
        of_baseline = before[int(baseline)]
        state.keep_extra("baseline", str(held.index(of_baseline)) if of_baseline in held else "")
    state.keep_extra("compare", compared_scenarios.to_text(options))
    keys.OPTION_NUMBERS.set(held)
