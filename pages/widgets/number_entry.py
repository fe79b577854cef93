"""Controls that show a field of the scenario and change it: large numbers, small ones, shares, choices."""

from collections.abc import Callable, Sequence

import streamlit as st

from oce import units
from oce.errors import InputError
from oce.fields import DEFAULTS, FIELDS
from pages.server import assets
from pages.session import controls, keys, link, state
from pages.widgets import slider
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
    now = state.fields().get(name, DEFAULTS.get(name))
    now = None if now is None else float(now)
    entry, wrong = keys.entry(name), keys.entry_wrong(name)
    if not wrong.get():
        controls.show(entry.name, "" if now is None else units.exact(now))

    def typed() -> None:
        text = entry.get()
        if optional and not text.strip():
            state.change((name,))
            return
        try:
            found = link.number_of(name, text)
        except InputError as error:
            wrong.set(f"{label}: “{text[:40]}” cannot be used; allowed: {error.problems[0].allowed}")
            return
        keys.entry_note(name).set((found.value, found.note))
        take(found.value)

    def take(value: float) -> None:
        wrong.forget()
        state.change(**{name: value})

    st.text_input(
        label, key=entry.name, on_change=typed, help=f"{FIELDS[name].meaning}. As 70e9 or 70B; or move the slider."
    )
    if name in SLIDERS and now is not None:
        beside(name, label, SLIDERS[name], now, take)
    of_value, note = keys.entry_note(name).get()
    if note and of_value == now:
        st.caption(escape_markdown(note))
    if wrong.get():
        kept = "" if now is None else f" Until then the estimate is for {units.exact(now)}."
        st.error(escape_markdown(wrong.get() + "." + kept))


def beside(name: str, label: str, grid: Sequence[float], now: float, take: Callable[[float], None]) -> None:
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


def number(name: str, label: str, step: float, help: str | None = None, placeholder: str | None = None) -> None:
    """A small number, typed or stepped; empty where it is not given."""
    field = FIELDS[name]
    now = state.fields().get(name, DEFAULTS.get(name))
    key = f"{name}_number"
    keep = controls.keep_in_field(name, key, None if now is None else float(now))
    least = float(field.low + (step if field.above else 0))
    st.number_input(
        label, min_value=min(least, least if now is None else float(now)), max_value=float(field.high), step=step,
        key=key, on_change=keep, help=help or field.meaning,
        placeholder=placeholder,
    )  # fmt: skip


def percent(name: str, label: str, placeholder: str | None = None) -> None:
    """A share, typed in per cent."""
    field = FIELDS[name]
    now = state.fields().get(name, DEFAULTS.get(name))
    key = f"{name}_percent"
    controls.show(key, None if now is None else round(100 * float(now), 10))

    def changed() -> None:
        if st.session_state[key] is not None:
            state.change(**{name: st.session_state[key] / 100})
        elif name not in DEFAULTS:
            state.change((name,))

    least = 1.0 if field.above else 0.0
    st.number_input(
        label, min_value=min(least, st.session_state[key] or least), max_value=100.0 * field.high, step=5.0,
        key=key, on_change=changed, help=field.meaning, placeholder=placeholder,
    )  # fmt: skip


def choice(name: str, label: str, options: Sequence[str], shown: Callable[[str], str]) -> None:
    """A choice among a few texts."""
    now = state.fields().get(name, DEFAULTS.get(name, options[0]))
    key = f"{name}_choice"
    keep = controls.keep_in_field(name, key, now)
    st.selectbox(label, options, key=key, format_func=shown, on_change=keep, help=FIELDS[name].meaning)


def forget_wrong() -> None:
    """Drops texts that could not be read: their fields were just given by other means."""
    for name in FIELDS:
        keys.entry_wrong(name).forget()


def three_digits(value: float) -> float:
    """A number as a visitor would type it."""
    return float(f"{value:.3g}")
