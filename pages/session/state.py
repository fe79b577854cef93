"""The visitor's scenario, kept for the session and mirrored in the address bar."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from oce import catalog
from oce.analysis import planning
from oce.errors import InputError, Problem
from oce.importers.prior_runs import PriorRuns
from oce.method.runs import Runs
from oce.scenario import Scenario
from pages.session import link, space_frame
from pages.widgets.text import plain

_FIELDS, _PROBLEMS, _LOADED = "fields", "link_problems", "fields_of_link"
_WRITTEN, _TOUCHED, _PAGE, _PAST_RUNS, _EXTRAS = "links_written", "touched", "page", "past_runs", "extras"
_MOVING, _NOTES = "moving", "link_notes"


def load(page: str) -> None:
    """Takes the scenario from the link: at the start, and when the address changed by other hands than ours.

    A run that a control started may still carry the address from before our last write, and Streamlit empties the
    address when another page is chosen: both keep the scenario. Any other address was asked for (the back button).
    """
    state = st.session_state
    parameters = st.query_params.to_dict()
    stale = state.get(_TOUCHED, False) and parameters in state.get(_WRITTEN, [])
    emptied = not parameters and page != state.get(_PAGE)
    state[_TOUCHED], state[_PAGE] = False, page
    if _FIELDS in state and (stale or emptied or parameters == state[_WRITTEN][-1]):
        return
    others = {name: text for name, text in state.get(_EXTRAS, {}).items() if name not in link.OF_PAGES.get(page, ())}
    state[_EXTRAS] = others | {name: parameters[name] for name in link.EXTRAS if name in parameters}
    fields, problems = link.from_parameters(parameters)
    state[_FIELDS], state[_PROBLEMS], state[_LOADED] = fields, problems, dict(fields)
    state[_NOTES] = link.notes_of(parameters) if parameters else []
    state.setdefault(_WRITTEN, [])


def save() -> None:
    """Writes the scenario into the address bar, where it is not there already."""
    state = st.session_state
    if state.pop(_MOVING, False):
        return
    parameters = link.to_parameters(state[_FIELDS])
    of_page = link.OF_PAGES.get(state[_PAGE], ())
    parameters |= {name: text for name, text in state[_EXTRAS].items() if text and name in of_page}
    if st.query_params.to_dict() != parameters:
        st.query_params.from_dict(parameters)
    if not state[_WRITTEN] or state[_WRITTEN][-1] != parameters:
        state[_WRITTEN] = [*state[_WRITTEN][-50:], parameters]
    space_frame.tell(parameters)


def fields() -> Mapping[str, float | str]:
    """The fields of the visitor's scenario that differ from the defaults."""
    found: dict[str, float | str] = st.session_state[_FIELDS]
    return found


def change(remove: tuple[str, ...] = (), **changes: Any) -> None:
    """Changes fields of the scenario; called by controls, before the page runs."""
    kept = {name: value for name, value in fields().items() if name not in remove}
    st.session_state[_FIELDS] = link.tidy({**kept, **changes})
    st.session_state[_TOUCHED] = True


def still_moving() -> None:
    """Keeps this run out of the address bar, and so out of the browser's history: a slider is being dragged."""
    st.session_state[_MOVING] = True


def replace(new: Mapping[str, float | str]) -> None:
    """Makes `new` the scenario."""
    st.session_state[_FIELDS] = link.tidy(new)
    st.session_state[_TOUCHED] = True


def scenario() -> Scenario:
    """The visitor's scenario.

    Raises:
        InputError: Where two fields do not go together; each alone was checked when it was entered.
    """
    return Scenario(**fields())


def model() -> catalog.Model | None:
    """The preset that the scenario is, as long as nothing of it was changed."""
    return link.model_of(fields())


def extra(name: str) -> str:
    """What a page keeps in the link under this name; empty where nothing."""
    found: str = st.session_state[_EXTRAS].get(name, "")
    return found


def keep_extra(name: str, text: str) -> None:
    """Keeps something of a page in the link; called by controls, before the page runs."""
    st.session_state[_EXTRAS] = {**st.session_state[_EXTRAS], name: text}
    st.session_state[_TOUCHED] = True


def refuse(name: str, allowed: str, used: str) -> None:
    """Says that what the link holds under this name cannot be used, and what is used instead; the link keeps it."""
    st.warning(plain(f"In the link, {Problem(name, extra(name), allowed)}; {used} is used."))


def choice(name: str, default: str, allowed: Collection[str], in_words: str = "") -> Callable[[], None]:
    """Shows in the control called `name` what the link holds under that name, else the default.

    What the link holds and is not allowed is told.

    Args:
        name: Of the control, and of what the link holds.
        default: Used where the link holds nothing, or nothing that is allowed.
        allowed: What can be chosen.
        in_words: What can be chosen, for people, where it is too much to list.

    Returns:
        The callback that keeps what the visitor chooses.
    """
    held = extra(name)
    st.session_state[name] = held if held in allowed else default
    if held and held not in allowed:
        refuse(name, in_words or ", ".join(allowed), default)

    def keep() -> None:
        chosen = st.session_state[name]
        keep_extra(name, "" if chosen in (None, default) else chosen)

    return keep


def take(model: Mapping[str, float | str]) -> None:
    """Makes a model the scenario; what it does not say of the place stays as it is.

    On how many devices, if it does not say: as many as are usual for its compute, as the charts it is taken from have.
    """
    own_grid = "region" in model or "carbon_intensity_g_per_kwh" in model
    place = () if own_grid else ("region", "carbon_intensity_g_per_kwh", "pue")
    stays = {name: value for name, value in fields().items() if name in (*place, "device_count", "level")}
    new = stays | dict(model)
    if "device_count" not in model:
        with suppress(InputError):  # no estimate, which the page says
            new["device_count"] = float(planning.usual_count(Scenario(**new)))
    replace(new)


def address() -> str:
    """The whole link that opens this page as it is."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(st.session_state[_WRITTEN][-1])}"


def past_runs() -> PriorRuns | None:
    """The visitor's own past runs, held for this session only."""
    held: PriorRuns | None = st.session_state.get(_PAST_RUNS)
    return held


def calibration_runs() -> Runs | None:
    """The visitor's own past runs as an estimate takes them."""
    held = past_runs()
    return held.for_calibration() if held else None


def keep_past_runs(found: PriorRuns | None) -> None:
    """Holds the visitor's past runs in the session, or lets go of them."""
    st.session_state[_PAST_RUNS] = found


def link_problems() -> list[Problem]:
    """What was wrong in the link that was opened, until the visitor changes something."""
    return st.session_state[_PROBLEMS] if st.session_state[_FIELDS] == st.session_state[_LOADED] else []


def link_notes() -> list[str]:
    """What was taken for what in the link that was opened, until the visitor changes something."""
    state = st.session_state
    found: list[str] = state.get(_NOTES, []) if state[_FIELDS] == state[_LOADED] else []
    return found
