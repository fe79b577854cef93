"""What follows a slider of ours while it moves: the answer to a scenario, from its link alone, without a session.

A page asks serve.py for it by `/oce/live` and puts it in place at once (slider.js); the run of the page that Streamlit
makes once the slider is let go gives the same, and all the rest. Only Explore has such an answer.
"""

from __future__ import annotations

import html
import json
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

import streamlit as st

from oce import catalog, figures, quantities, report, sensitivity
from oce.estimate import Estimate, estimate
from oce.figures import Chart
from oce.scenario import InputError, Scenario
from oce.sensitivity import Swing
from pages.components import chart, link, state

PAGE = ""  # the address of Explore
FIGURES = {
    "Total carbon": "total_co2e_kg",
    "Time to train": "time_to_train_hours",
    "Energy": "energy_kwh",
    "Device-hours": "device_hours",
}


def parameters() -> str:
    """The query that asks for the answer to the visitor's scenario; empty where only a run of the page can give it."""
    if st.session_state.get("page") != PAGE or state.past_runs() or state.link_problems():
        return ""
    return urlencode({**link.to_parameters(state.fields()), "live": "explore"})


def answer(query: Mapping[str, str]) -> bytes:
    """The charts and the texts of Explore for the scenario of a link.

    Raises:
        InputError: Where something of the link cannot be used: then the page itself has to say so.
    """
    fields, problems = link.from_parameters({name: text for name, text in query.items() if name != "live"})
    if problems:
        raise InputError(problems)
    result = estimate(Scenario(**fields))
    swings = sensitivity.swings(result)
    model = next((one for one in catalog.models() if link.fields_of(one.id) == fields), None)
    texts = {
        ".stMain h1": report.headline(result, model.name if model else "this model"),
        "dl.figures": figures_list(result),
        "p.strip": strip(result, swings),
    }
    drawn = {key: chart.packed(one, key).decode() for key, one in charts(result, swings).items()}
    return json.dumps({"texts": texts, "charts": drawn}).encode()


def charts(result: Estimate, swings: Sequence[Swing]) -> dict[str, Chart]:
    """The charts of Explore by their names on the page."""
    return {
        "throughput": figures.throughput_curve(result),
        "time": figures.time_by_devices(result),
        "carbon": figures.carbon_interval(result),
        "tornado": figures.tornado(result, swings),
    }


def figures_list(result: Estimate) -> str:
    """The four figures, as the content of a list."""
    cells = []
    for label, figure in FIGURES.items():
        scale, interval = quantities.SCALES[figure], getattr(result, figure)
        central, _, unit = quantities.shown(interval.central, scale).partition(" ")
        unit = unit.removesuffix("device-hours")  # the label says it
        between = (
            "no interval"
            if interval.low == interval.high
            else quantities.shown_range(interval, scale).removesuffix("device-hours")
        )
        cells.append(
            f"<div><dt>{label}</dt><dd><b>{central}</b> <span>{unit}</span></dd>"
            f"<dd class='interval'>{between}</dd></div>"
        )
    return "".join(cells)


def strip(result: Estimate, swings: Sequence[Swing]) -> str:
    """What the answer rests on most, as the content of a paragraph."""
    most = [one.now for one in swings if one.field not in sensitivity.COMPUTE_FIELDS][:3]
    return (
        f"<b>It rests most on</b> {' · '.join(map(html.escape, most))}. "
        f"<span>{html.escape(f'{result.method}. {report.level(result)}')}</span>"
    )
