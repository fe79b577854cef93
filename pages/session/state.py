"""The visitor's scenario, kept for the session and mirrored in the address bar."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

import streamlit as st

from oce import catalog
from oce.analysis import device_counts
from oce.errors import InputError, Problem
from oce.fields import FIELDS
from oce.importers.prior_runs import PriorRuns
from oce.method.runs import Runs
from oce.scenario import Scenario
from pages.session import keys, link, space_frame
from pages.widgets.text import escape_markdown

MOST_KEPT = 200  # characters of a value that cannot be used, in the address
MOST_LINKS = 50  # that the session remembers having written


def load(page: str) -> None:
    """Takes the scenario from the link: at the start, and when the address changed by other hands than ours.

    A run that a control started may still carry the address from before our last write, and Streamlit empties the
    address when another page is chosen: both keep the scenario. Any other address was asked for (the back button).
    """
    parameters, written = st.query_params.to_dict(), keys.LINKS_WRITTEN.get()
    stale = keys.TOUCHED.get() and parameters in written
    emptied = not parameters and page != keys.PAGE.get()
    keys.TOUCHED.set(False)
    keys.PAGE.set(page)
    if keys.FIELDS.is_set() and (stale or emptied or parameters == written[-1]):
        return
    others = {name: text for name, text in keys.EXTRAS.get().items() if name not in link.OF_PAGES.get(page, ())}
    keys.EXTRAS.set(others | {name: parameters[name] for name in link.EXTRAS if name in parameters})
    found, problems = link.from_parameters(parameters)
    keys.FIELDS.set(found)
    keys.FIELDS_OF_LINK.set(dict(found))
    began, given = link.origin(parameters, found)
    keys.PRESET.set(began)
    keys.CONFIRMED.set(given)
    keys.LINK_PROBLEMS.set(problems)
    wrong = {problem.field for problem in problems} & set(parameters)
    keys.LINK_WRONG.set({name: parameters[name] for name in wrong if len(parameters[name]) <= MOST_KEPT})
    keys.LINK_NOTES.set([*link.notes_of(parameters), *link.of_other_pages(page, parameters)] if parameters else [])


def save() -> None:
    """Writes the scenario into the address bar, where it is not there already."""
    if keys.DRAGGING.get():
        keys.DRAGGING.forget()
        return
    wrong = keys.LINK_WRONG.get() if _as_loaded() else {}
    parameters = {**link.to_parameters(fields()), **wrong, **extras_of_page()}
    if st.query_params.to_dict() != parameters:
        st.query_params.from_dict(parameters)
    written = keys.LINKS_WRITTEN.get()
    if not written or written[-1] != parameters:
        keys.LINKS_WRITTEN.set([*written[-MOST_LINKS:], parameters])
    space_frame.tell(parameters)


def fields() -> Mapping[str, float | str]:
    """The fields of the visitor's scenario that differ from the defaults."""
    return keys.FIELDS.get()


def change(remove: tuple[str, ...] = (), /, **changes: Any) -> None:
    """Lets go of fields of the scenario, and changes others; called by controls, before the page runs."""
    replace({name: value for name, value in fields().items() if name not in remove} | changes)
    confirm(changes)


def give(name: str, value: float | str | None) -> None:
    """Gives a field this value, or lets go of it where that is none; called by controls, before the page runs."""
    if value is None:
        change((name,))
    else:
        change(**{name: value})


def dragging() -> None:
    """Keeps this run out of the address bar, and so out of the browser's history: a slider is being dragged."""
    keys.DRAGGING.set(True)


def replace(new: Mapping[str, float | str]) -> None:
    """Makes these the fields of the scenario; those that differ from what they were are the visitor's."""
    before, now = keys.FIELDS.get(), link.tidy(new)
    confirm(name for name, value in now.items() if before.get(name) != value)
    keys.FIELDS.set(now)
    keys.TOUCHED.set(True)


def confirm(names: Iterable[str] = FIELDS) -> None:
    """Takes fields for the visitor's own, whatever gave them."""
    keys.CONFIRMED.set(keys.CONFIRMED.get() | set(names))


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
    return keys.EXTRAS.get().get(name, "")


def extras_of_page() -> dict[str, str]:
    """What the page that is shown keeps in the link beside the scenario."""
    of_page = link.OF_PAGES.get(keys.PAGE.get(), ())
    return {name: text for name, text in keys.EXTRAS.get().items() if text and name in of_page}


def keep_extra(name: str, text: str) -> None:
    """Keeps something of a page in the link; called by controls, before the page runs."""
    keys.EXTRAS.set({**keys.EXTRAS.get(), name: text})
    keys.TOUCHED.set(True)


def refuse(name: str, allowed: str, used: str) -> None:
    """Says that what the link holds under this name cannot be used, and what is used instead; the link keeps it."""
    st.warning(escape_markdown(f"In the link, {Problem(name, extra(name), allowed)}; {used} is used."))


def take(model: Mapping[str, float | str]) -> None:
    """Makes a model the scenario; what it does not say of the place stays as it is, but for another model's PUE.

    On how many devices, if it does not say: as many as are usual for its compute, as the charts it is taken from have.
    """
    own_grid = "region" in model or "carbon_intensity_g_per_kwh" in model
    own_pue = ("pue",) if "pue" in keys.CONFIRMED.get() else ()
    place = () if own_grid else ("region", "carbon_intensity_g_per_kwh", *own_pue)
    stays = {name: value for name, value in fields().items() if name in (*place, "device_count", "level")}
    new = stays | dict(model)
    replace(new if "device_count" in model else new | usual_count(new))
    confirm()


def usual_count(of: Mapping[str, float | str]) -> dict[str, float]:
    """The field for as many devices as are usual for a scenario; none where it has no estimate, which the page says."""
    try:
        return {"device_count": float(device_counts.usual_count(Scenario(**of)))}
    except InputError:
        return {}


def address() -> str:
    """The whole link that opens this page as it is."""
    base = (st.context.url or "").split("?")[0]
    return f"{base}?{urlencode(keys.LINKS_WRITTEN.get()[-1])}"


def past_runs() -> PriorRuns | None:
    """The visitor's own past runs, held for this session only."""
    return keys.PAST_RUNS.get()


def calibration_runs() -> Runs | None:
    """The visitor's own past runs as an estimate takes them."""
    held = past_runs()
    return held.for_calibration() if held else None


def link_problems() -> list[Problem]:
    """What was wrong in the link that was opened, until the visitor changes something."""
    return keys.LINK_PROBLEMS.get() if _as_loaded() else []


def link_notes() -> list[str]:
    """What was taken for what in the link that was opened, until the visitor changes something."""
    return keys.LINK_NOTES.get() if _as_loaded() else []


def _as_loaded() -> bool:
    return keys.FIELDS.get() == keys.FIELDS_OF_LINK.get()
