"""Controls that show a field of the scenario and change it: large numbers, small ones, shares, choices.

And numbers that a page keeps in the link beside it.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from oce import units
from oce.errors import InputError
from oce.fields import DEFAULTS, FIELDS, Field
from oce.quantity_units import Read
from pages.server import assets
from pages.session import controls, edited, keys, link, link_numbers
from pages.widgets import slider
from pages.widgets.glossary import with_meanings
from pages.widgets.text import escape_markdown

NICE = (1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9)
SLIDERS = {  # what each slider offers, besides the exact value that was entered
    "parameters": [n * 10**e for e in range(6, 13) for n in NICE] + [1e13],
    "active_parameters": [n * 10**e for e in range(6, 13) for n in NICE] + [1e13],
    "samples": [n * 10**e for e in range(6, 13) for n in NICE] + [1e13],
    "tokens": [n * 10**e for e in range(8, 14) for n in NICE] + [1e14],
    "training_flop": [n * 10**e for e in range(17, 27) for n in NICE] + [1e27],
    "device_count": sorted({2**k for k in range(18)} | {3 * 2**k for k in range(17)}),
}


def large(name: str, label: str, optional: bool = False) -> None:
    """A large number: typed exactly, or moved on a logarithmic slider."""
    now = _now(name)

    def take(value: float) -> None:
        keys.entry_wrong(name).forget()
        edited.give(name, value)

    said = f"{FIELDS[name].meaning}. As 70e9 or 70B; or move the slider."
    _box(name, label, optional, lambda text: link.number_of(name, text), units.exact, said)
    if name in SLIDERS and now is not None:
        _beside(name, label, SLIDERS[name], now, take)
    _told(name, units.exact)


def number(name: str, label: str, help: str | None = None, placeholder: str | None = None) -> None:
    """A small number, typed in any notation; empty where it is not given."""
    _box(
        name,
        label,
        True,
        lambda text: link.number_of(name, text),
        units.exact,
        help or FIELDS[name].meaning,
        placeholder,
    )
    _told(name, units.exact)


def percent(name: str, label: str, placeholder: str | None = None) -> None:
    """A share, typed in per cent."""

    def read(text: str) -> Read:
        try:
            return link.number_of(name, text if text.rstrip().endswith("%") else f"{text} %")
        except InputError as error:
            field = FIELDS[name]
            above = "above " if field.above else ""
            allowed = f"a number such as 15.5, {above}{_in_percent(field.low)} to {_in_percent(field.high)} %"
            raise InputError([replace(problem, allowed=allowed) for problem in error.problems]) from None

    _box(name, label, True, read, _in_percent, FIELDS[name].meaning, placeholder)
    _told(name, lambda share: f"{_in_percent(share)} %")


def _in_percent(share: float) -> str:
    return units.exact(round(100 * share, 10))


def _now(name: str) -> float | None:
    now = edited.fields().get(name, DEFAULTS.get(name))
    return None if now is None else float(now)


def _box(
    name: str,
    label: str,
    optional: bool,
    read: Callable[[str], Read],
    shown: Callable[[float], str],
    help: str,
    placeholder: str | None = None,
) -> None:
    """A box for a number; what is typed is read as at every door, and what cannot be used stays as it was typed.

    A browser's own number box drops the comma of 41,5 and says nothing of a number that is out of range.
    """
    now, entry, wrong = _now(name), keys.entry(name), keys.entry_wrong(name)
    if not wrong.get():
        controls.show(entry.name, "" if now is None else shown(now))

    def typed() -> None:
        text = entry.get()
        if optional and not text.strip():
            wrong.forget()
            edited.give(name, None)
            return
        try:
            found = read(text)
        except InputError as error:
            wrong.set(f"{label}: “{text[:40]}” cannot be used; allowed: {error.problems[0].allowed}")
            return
        wrong.forget()
        keys.entry_note(name).set((found.value, found.note))
        edited.give(name, found.value)

    st.text_input(label, key=entry.name, on_change=typed, help=with_meanings(help, label), placeholder=placeholder)


def _told(name: str, shown: Callable[[float], str]) -> None:
    """What the text that was typed was taken for, or why it cannot be used and what stands in its place."""
    now = _now(name)
    of_value, note = keys.entry_note(name).get()
    if note and of_value == now:
        st.caption(escape_markdown(note))
    if wrong := keys.entry_wrong(name).get():
        kept = "" if now is None else f" Until then the estimate is for {shown(now)}."
        st.error(escape_markdown(f"{wrong}.{kept}"))


def in_link(
    field: Field,
    read: link_numbers.Read,
    now: float | None,
    label: str,
    help: str,
    default: float | None = None,
    grid: Sequence[float] = (),
    placeholder: str | None = None,
) -> None:
    """A number that the page keeps in the link; what cannot be used stays as it was typed, and is told beneath.

    Args:
        field: What it is.
        read: Reads it.
        now: The number that is used; none where there is none.
        label: Of the box.
        help: Of the box.
        default: Used where nothing is typed, and not written into the link.
        grid: The positions of a slider beside it; none without one.
        placeholder: Shown where there is no number.
    """
    entry, (text, said) = keys.number_typed(field.name), link_numbers.refused(field.name)
    controls.show(entry.name, text if said else "" if now is None else units.exact(now))

    def typed() -> None:
        given = entry.get()
        try:
            value = read(field.name, given) if given.strip() else default
        except ValueError as error:
            link_numbers.refuse(field, given, str(error))
        else:
            link_numbers.keep(field.name, value, default)

    st.text_input(label, key=entry.name, on_change=typed, help=with_meanings(help, label), placeholder=placeholder)
    if grid and now is not None:
        _beside(field.name, field.label, grid, now, lambda value: link_numbers.keep(field.name, value, default))
    if said:
        until = "there is none" if now is None else f"it is {units.exact(now)}"
        st.error(escape_markdown(f"{said} Until then {until}."))


def _beside(name: str, label: str, grid: Sequence[float], now: float, take: Callable[[float], None]) -> None:
    """The slider beside a number that is typed: ours, which follows the finger, or Streamlit's.

    It has the positions of the grid, and the exact value that was entered. ``take`` is told where it was moved to,
    before the page runs.
    """
    # The value that was entered stays on the slider until another is entered, so that moving does not rebuild it.
    extra = keys.slider_extra(name)
    if now not in grid:
        extra.set(now)
    entered = extra.get()
    options = sorted({*grid, now if entered is None else entered})
    if assets.served():
        slider.show(f"{label}, slider", name, options, now, take)
        return
    moved = keys.slider(name)
    controls.show(moved.name, now)
    st.select_slider(
        f"{label}, slider", options, key=moved.name, on_change=lambda: take(moved.get()), format_func=units.compact,
        label_visibility="collapsed",
    )  # fmt: skip


def choice(name: str, label: str, options: Sequence[str], shown: Callable[[str], str]) -> None:
    """A choice among a few texts."""
    now = edited.fields().get(name, DEFAULTS.get(name, options[0]))
    key = f"{name}_choice"
    keep = controls.keep_in_field(name, key, now)
    st.selectbox(
        label, options, key=key, format_func=shown, on_change=keep, help=with_meanings(FIELDS[name].meaning, label)
    )


def forget_wrong() -> None:
    """Drops texts that could not be read: their fields were just given by other means."""
    for name in FIELDS:
        keys.entry_wrong(name).forget()


def three_digits(value: float) -> float:
    """A number as a visitor would type it."""
    return float(f"{value:.3g}")
