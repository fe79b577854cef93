"""What follows a slider of ours while it moves: a page's view of a scenario, from its link alone, without a session.

A page asks pages/server/application.py for it by `/oce/live` and puts it in place at once (slider.js); the run of the
page that Streamlit makes once the slider is let go gives the same, and all the rest.
"""

import json
from collections.abc import Callable, Mapping
from importlib import import_module

from oce.errors import InputError, Problem
from pages.session import link, preview_query
from pages.session.link import Fields
from pages.widgets import chart, chart_tables
from pages.widgets.sidebar import answer as sidebar_answer
from pages.widgets.view import View

Previewed = Callable[[Fields, Mapping[str, str]], View]  # raises InputError where the link cannot be used


def view_of(page: str) -> Previewed:
    """The function of a page that makes its view from a link; raises InputError where no such page has a preview."""
    if page not in preview_query.PAGES:
        raise InputError([Problem(preview_query.PAGE, page[:60], ", ".join(preview_query.PAGES))])
    found: Previewed = import_module(f"pages.views.{page}").previewed  # when it is asked for: some need pandas
    return found


def answer(query: Mapping[str, str]) -> bytes:
    """The charts of a page, and the texts that stand in place of others, for the scenario of a link.

    Raises:
        InputError: Where something of the link cannot be used: then the page itself has to say so.
    """
    fields, problems = link.from_parameters(preview_query.scenario_of(query))
    if problems:
        raise InputError(problems)
    view = view_of(query.get(preview_query.PAGE, "explore"))(fields, query)
    drawn = {name: chart.packed_anew(drawing, name).decode() for name, drawing in view.charts.items()}
    texts = {sidebar_answer.NAME: sidebar_answer.content(fields)} | view.texts()
    if query.get(preview_query.NUMBERS):
        texts |= {chart_tables.name(drawing): chart_tables.content(drawing) for drawing in view.charts.values()}
    return json.dumps({"texts": texts, "charts": drawn}).encode()
