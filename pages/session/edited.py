"""The scenario that the sidebar shows and changes: the visitor's own, or on Compare a single option.

An option that is changed here keeps the change as its own, as if its card had been used; your scenario and the other
options stay as they are.
"""

from collections.abc import Mapping
from typing import Any

from oce import catalog
from oce.fields import FIELDS
from pages.session import compared_options, keys, link, preset, state

ALL = 0  # in place of an option's number: your scenario, and with it all options that start from it


def option() -> int:
    """The number of the option that the sidebar changes, else `ALL`."""
    number = keys.EDITED_OPTION.get()
    return number if keys.PAGE.get() == "compare" and number in compared_options.numbers() else ALL


def place() -> int:
    """The place of that option among the others, from 0; raises ValueError where it is none."""
    return compared_options.numbers().index(option())


def choose(number: int) -> None:
    """Makes the sidebar change an option, or `ALL`; a text that cannot be used waits until its scenario is back."""
    before = keys.EDITED_OPTION.get()
    if number == before:
        return
    wrong = {name: keys.entry_wrong(name).get() for name in FIELDS}
    texts = {name: (keys.entry(name).get(), said) for name, said in wrong.items() if said}
    there = (ALL, *compared_options.numbers())
    waiting = {number: held for number, held in keys.EDITED_WRONG.get().items() if number in there} | {before: texts}
    for name in wrong:
        keys.entry_wrong(name).forget()
    for name, (text, said) in waiting.pop(number, {}).items():
        keys.entry(name).set(text)
        keys.entry_wrong(name).set(said)
    for held in (keys.KEPT_SIZE, keys.RATE_WANTED, keys.entry_wrong(keys.RATE)):
        held.forget()
    keys.EDITED_WRONG.set(waiting)
    keys.EDITED_OPTION.set(number)


def fields() -> Mapping[str, float | str]:
    """The fields of the scenario that differ from the defaults."""
    number = option()
    return compared_options.fields_of(number) if number else state.fields()


def change(remove: tuple[str, ...] = (), /, **changes: Any) -> None:
    """Lets go of fields, and changes others; called by controls, before the page runs."""
    number = option()
    if not number:
        state.change(remove, **changes)
        return
    kept = {name: value for name, value in fields().items() if name not in remove}
    compared_options.take(number, kept | changes)


def give(name: str, value: float | str | None) -> None:
    """Gives a field this value, or lets go of it where that is none; called by controls, before the page runs."""
    if value is None:
        change((name,))
    else:
        change(**{name: value})


def model() -> catalog.Model | None:
    """The preset that the scenario is, as long as nothing of it was changed."""
    return link.model_of(fields())


def begin(chosen: str) -> None:
    """Makes a preset the scenario."""
    number = option()
    if number:
        compared_options.begin(number, chosen)
    else:
        preset.begin(chosen)
