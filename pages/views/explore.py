"""Explore: how much, how long, how sure?"""

import streamlit as st

from oce import descriptions
from oce.analysis import equivalences
from oce.evaluation import refit
from oce.scenario import Scenario
from pages import charts as figures
from pages.session import link, state
from pages.session.current_estimate import shown_estimate, title
from pages.views import explore_view
from pages.widgets import chart, chart_tables, export_panel, table


def charts() -> tuple[figures.Chart, ...]:
    """Those of the printed report."""
    return tuple(drawn[key] for key in ("carbon", "tornado", "throughput", "time"))


def opened(saved: list[tuple[str, Scenario]]) -> None:
    """Makes the first scenario of a saved file yours."""
    state.replace(link.with_ids(saved[0][1]))


result = shown_estimate()
model = state.model()
name = model.name if model else "this model"
swings = explore_view.swings(result)
drawn = explore_view.charts(result, swings)

# The answer
title(descriptions.headline(result, name))
st.html(f"<dl class='figures'>{explore_view.figures_list(result)}</dl>")
st.html(f"<p class='strip'>{explore_view.strip(result, swings)}</p>")
reported = refit.reported_run(model, result) if model else ""
said = [*([reported] if reported else []), *(note.text for note in result.notes if note.code != "chips")]
if said:  # the sidebar says where the device is chosen that it is counted in chips
    st.caption("\n\n".join(said))
else:
    st.empty()  # one element with and without: else the charts below would be drawn anew

st.page_link("pages/views/evidence.py", label="How far can this be trusted? Every reported run, and your own")

# The charts
with st.container(key="pairs"):
    for key, one in drawn.items():
        chart.show(one, key)
    pictures = equivalences.equivalents(result)
    st.markdown("## Picture it\n" + "\n".join(map(explore_view.picture, pictures)), help=explore_view.sources(pictures))

chart_tables.show(lambda: list(drawn.values()), "explore")
export_panel.show([(name, result)], charts, opened)

# What was assumed
st.markdown("## What was assumed")
table.show(
    ["Value", "Used", "Source", "Year"],
    [[descriptions.label(one.field), descriptions.value(one), one.source, one.year] for one in result.assumptions],
)
st.caption(f"{result.method} {descriptions.VERSION}, data {result.data_version}. Change them in the sidebar.")
