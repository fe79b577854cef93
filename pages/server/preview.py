"""What follows a slider of ours while it moves: the answer to a scenario, from its link alone, without a session.

A page asks pages/server/application.py for it by `/oce/live` and puts it in place at once (slider.js); the run of the
page that Streamlit makes once the slider is let go gives the same, and all the rest. Explore and Compare have such
answers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from oce import descriptions
from oce.errors import InputError, Problem
from oce.scenario import Scenario
from pages.charts import Chart
from pages.session import link, state
from pages.session.current_estimate import known
from pages.session.link import Fields
from pages.views import compare_view, explore_view
from pages.widgets import chart, table

PAGES = {"": "explore", "compare": "compare"}  # by their addresses
WHY = "compare_why"  # the key of Compare's control that says which two the waterfall explains


def parameters() -> str:
    """The query that asks for the answer to the visitor's scenario; empty where only a run of the page can give it."""
    page = PAGES.get(st.session_state.get("page", ""))
    if not page or state.past_runs() or state.link_problems():
        return ""
    query = {**link.to_parameters(state.fields()), "live": page}
    if page == "compare":
        why = st.session_state.get(str(st.session_state.get(WHY, WHY)))
        query |= {"compare": state.extra("compare"), "baseline": state.extra("baseline"), "why": why or ""}
    return urlencode(query)


def answer(query: Mapping[str, str]) -> bytes:
    """The charts of a page, and the texts that stand in place of others, for the scenario of a link.

    Raises:
        InputError: Where something of the link cannot be used: then the page itself has to say so.
    """
    fields, problems = link.from_parameters({name: text for name, text in query.items() if name not in ("live", "why")})
    if problems:
        raise InputError(problems)
    texts, charts = (_compare if query.get("live") == "compare" else _explore)(fields, query)
    drawn = {key: chart.packed(one, key).decode() for key, one in charts.items()}
    return json.dumps({"texts": texts, "charts": drawn}).encode()


def _explore(fields: Fields, _query: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Chart]]:
    result = known(Scenario(**fields))
    swings = explore_view.swings(result)
    model = link.model_of(fields)
    texts = {
        ".stMain h1": descriptions.headline(result, model.name if model else "this model"),
        "dl.figures": explore_view.figures_list(result),
        "p.strip": explore_view.strip(result, swings),
    }
    return texts, explore_view.charts(result, swings)


def _compare(fields: Fields, query: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Chart]]:
    text = query.get("compare", "")
    entries, problems = compare_view.from_text(text) if text else (compare_view.default(fields), [])
    if problems:
        raise InputError(problems)
    found = compare_view.estimates(entries, fields, None)
    if found.refused or len(found.named) < 2:
        raise InputError([Problem("compare", text, "two scenarios or more")])
    at = found.baseline(query.get("baseline", ""))
    others = [pair for number, pair in enumerate(found.named) if number != at]
    other = next((pair for pair in others if pair[0] == query.get("why")), others[0])
    texts = {
        ".stMain h1": found.headline(at),
        ".stMain table.plain": table.content(["Scenario", *found.names], found.rows(at)),
    }
    return texts, found.charts(at, other)
