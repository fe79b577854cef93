"""What a slider asks the server for while it moves: the page that is shown, as a query of `/oce/live`."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from pages.session import edited, keys, link, preset, site, state

PAGE = "live"  # the parameter that says which page
NUMBERS = "numbers"  # whether the tables of charts are open on it
PAGES = ("explore", "compare", "plan", "lifetime", "scaling", "landscape", "evidence", "learn")
CONTROLS: Mapping[str, tuple[str, ...]] = {  # parameters for what pages keep in the session and a preview needs
    "compare": ("why",),
    "learn": ("control_1", "control_2", "control_3", "control_4", "control_5", "control_6", "control_7", "control_8"),
}
OPTION, VALUE = "option", "option_value"  # of Compare: the place of the option that a slider changes, with the field
NAMES = (PAGE, preset.PARAMETER, NUMBERS, OPTION, VALUE, *(name for names in CONTROLS.values() for name in names))


def current() -> str:
    """The query for the visitor's page; empty where only a run of the page can answer."""
    page = keys.PAGE.get() or site.FIRST
    if page not in PAGES or state.past_runs() or state.link_problems():
        return ""
    query = {**link.to_parameters(state.fields()), **state.extras_of_page(), PAGE: page}
    held = {name: st.session_state.get(key) for name, key in keys.PREVIEWED.get().items()}
    query |= {name: str(held[name]) for name in CONTROLS.get(page, ()) if held.get(name) is not None}
    if page == "explore":
        query[preset.PARAMETER] = preset.as_parameter()
    return urlencode(query)


def moved(name: str) -> tuple[str, str]:
    """The query while a slider for a field of the sidebar moves, and the parameter that takes its value."""
    query = current()
    if not query or not edited.option():
        return query, name
    return f"{query}&{urlencode({OPTION: f'{edited.place()}~{name}'})}", VALUE


def scenario_of(query: Mapping[str, str]) -> dict[str, str]:
    """The query without what only a preview has: the parameters of the link."""
    return {name: text for name, text in query.items() if name not in NAMES}
