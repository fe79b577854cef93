"""The answer to the scenario: its estimate, or what stands in the way."""

from collections.abc import Mapping, Sequence

import streamlit as st

from oce import catalog, units
from oce.analysis import sensitivity
from oce.analysis.sensitivity import Swing
from oce.catalog.caches import cached
from oce.errors import InputError, Problem
from oce.estimation import Estimate, estimate
from oce.field.accuracy import Conditions
from oce.fields import DEFAULTS, FIELDS
from oce.method.runs import Runs
from oce.resolution.checks import alternatives
from oce.scenario import Scenario
from pages.session import keys, link, state
from pages.widgets.text import escape_markdown, unescaped

KEPT = 64  # estimates
MOST_TOLD = 20  # notes about a link


def cached_estimate(scenario: Scenario, past_runs: Runs | None = None) -> Estimate:
    """The estimate; kept where it rests on nobody's own runs, as many ask for the same.

    The run of a page asks for what its slider was just told (pages/server/preview.py), and a class opens one link.
    """
    return _estimate(scenario) if past_runs is None else estimate(scenario, past_runs)


_estimate = cached(most=KEPT)(estimate)


def cached_swings(result: Estimate) -> tuple[Swing, ...]:
    """What moves the total of an estimate most; kept as the estimate is."""
    return _swings(result.scenario) if result.past_runs is None else sensitivity.swings(result)


@cached(most=KEPT)
def _swings(scenario: Scenario) -> tuple[Swing, ...]:
    return sensitivity.swings(cached_estimate(scenario))


def conditions_of(result: Estimate) -> Conditions:
    """Grid and PUE of the scenario."""
    return Conditions(float(result.inputs.carbon_intensity_g_per_kwh), float(result.inputs.pue))


def level_of(result: Estimate) -> float:
    """The share that intervals beside an estimate's are to hold: as its own, the usual where it states none."""
    return result.level or float(DEFAULTS["level"])


def told() -> None:
    """Says what of the link could not be used, and what of it was taken for what."""
    for warning in warnings(state.link_problems(), state.fields()):
        st.warning(escape_markdown(warning))
    notes = remark(state.link_notes())
    if notes:
        st.caption(escape_markdown(notes))


def warnings(problems: Sequence[Problem], fields: Mapping[str, float | str]) -> list[str]:
    """What of a link could not be used, a sentence each, given the fields that are used."""
    used = [
        f"; {link.entered(one.field, fields[one.field])} is used" if one.field in fields else "" for one in problems
    ]
    return [
        units.typeset(f"In the link, {one}{instead}. The rest of it was kept.")
        for one, instead in zip(problems, used, strict=True)
    ]


def remark(notes: Sequence[str]) -> str:
    """What of a link was taken for what, as a sentence; empty where nothing."""
    return "In the link, " + "; ".join(notes[:MOST_TOLD]) + "." if notes else ""


def title(headline: str) -> None:
    """The sentence that answers, as Markdown: on the page, and for the browser's title."""
    sentence = heading(headline, state.link_problems())
    keys.HEADLINE.set(unescaped(sentence))
    st.title(sentence, anchor=False)


def heading(headline: str, problems: Sequence[Problem]) -> str:
    """The sentence that answers; where something of the link could not be used, it says that it is another answer."""
    refused = {problem.field for problem in problems}
    wrong = [name for name in FIELDS if name in refused]
    names = " and ".join(FIELDS[name].label for name in wrong[:3]) + (" and more" if len(wrong) > 3 else "")
    said = units.typeset(headline)
    return f"Not as the link asks ({names} could not be used): {said}" if wrong else said


def shown_estimate() -> Estimate:
    """The estimate of the visitor's scenario; where there is none, says why, offers a way on, and ends the page."""
    told()
    try:
        return cached_estimate(state.scenario(), state.calibration_runs())
    except InputError as error:
        device = catalog.device(str(state.fields()["device"])) if "device" in state.fields() else None
        if device and not device.has_alpha and [problem.field for problem in error.problems] == ["device"]:
            _offer_devices(device)
        else:
            st.title(refusal(error), anchor=False)
            for problem in error.problems:
                st.error(escape_markdown(units.typeset(str(problem))))
        st.stop()


def refusal(error: InputError) -> str:
    """What is said above the problems of a scenario that has no estimate."""
    missing = all(problem.value is None for problem in error.problems)
    return "A value is missing" if missing else "These values do not go together"


def _offer_devices(device: catalog.Device) -> None:
    """Says that the paper has no α for the device, with buttons for some like it that have one."""
    st.title(f"The paper has no α for {device.name}", anchor=False)
    st.warning(
        "So the published throughput cannot say how long it takes. The calibrated one can; or take a device that has "
        "an α."
    )
    with st.container(horizontal=True):
        st.button("Use the calibrated throughput", on_click=state.change, args=(("throughput",),))
        for other in alternatives(device):
            st.button(f"Use {other.name}", key=f"use-{other.id}", on_click=state.change, kwargs={"device": other.id})
