"""A control for what is wanted of a run: typed, kept in the link, and told where it cannot be used."""

import streamlit as st

from oce import units
from pages.session import controls, keys, state, targets
from pages.session.targets import TARGETS, Targets
from pages.widgets.text import escape_markdown


def show(name: str, now: Targets, placeholder: str = "none") -> None:
    """The control.

    Args:
        name: One of :data:`pages.session.targets.TARGETS`.
        now: What the link holds.
        placeholder: Shown where it holds nothing.
    """
    field, value = TARGETS[name], getattr(now, name)
    entry, wrong = keys.entry(name), keys.entry_refused(name)
    held, text, said = wrong.get()
    refused = bool(said) and held == state.extra(name)
    controls.show(entry.name, text if refused else "" if value is None else units.exact(value))

    def typed() -> None:
        given = entry.get()
        try:
            found = units.exact(targets.read(name, given)) if given.strip() else ""
        except ValueError as error:
            targets.refuse(name, given, str(error))
        else:
            wrong.forget()
            state.keep_extra(name, found)

    unit = f" ({units.typeset(field.unit)})" if field.unit else ""
    st.text_input(
        f"{field.label}{unit}", key=entry.name, on_change=typed, help=f"{field.meaning}.", placeholder=placeholder
    )
    if refused:
        until = "there is none" if value is None else f"it is {units.exact(value)}"
        st.error(escape_markdown(f"{said} Until then {until}."))
