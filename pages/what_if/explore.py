"""Explore: how much, how long, how sure?"""

import streamlit as st

from oce import equivalences, evidence, figures, report
from oce.scenario import Scenario
from pages.components import chart, explored, link, numbers, state, table, take_away
from pages.components.answer import shown_estimate, title


def charts() -> tuple[figures.Chart, ...]:
    """Those of the printed report."""
    return tuple(drawn[key] for key in ("carbon", "tornado", "throughput", "time"))


def opened(saved: list[tuple[str, Scenario]]) -> None:
    """Makes the first scenario of a saved file yours."""
    state.replace(link.with_ids(saved[0][1]))


result = shown_estimate()
model = state.model()
name = model.name if model else "this model"
swings = explored.swings(result)
drawn = explored.charts(result, swings)

# The answer
title(report.headline(result, name))
st.html(f"<dl class='figures'>{explored.figures_list(result)}</dl>")
st.html(f"<p class='strip'>{explored.strip(result, swings)}</p>")
reported = evidence.reported_run(model, result) if model else ""
said = [*([reported] if reported else []), *(note.text for note in result.notes if note.code != "chips")]
if said:  # the sidebar says where the device is chosen that it is counted in chips
    st.caption("\n\n".join(said))
else:
    st.empty()  # one element with and without: else the charts below would be drawn anew

st.page_link("pages/trust/evidence.py", label="How far can this be trusted? Every reported run, and your own")

# The charts
with st.container(key="pairs"):
    for key, one in drawn.items():
        chart.show(one, key)
    pictures = equivalences.pictures(result)
    st.markdown("## Picture it\n" + "\n".join(map(explored.picture, pictures)), help=explored.sources(pictures))

numbers.show(lambda: list(drawn.values()), "explore")
take_away.show([(name, result)], charts, opened)

# What was assumed
st.markdown("## What was assumed")
table.show(
    ["Value", "Used", "Source", "Year"],
    [[report.label(one.field), report.value(one), one.source, one.year] for one in result.assumptions],
)
st.caption(f"{result.method} {report.VERSION}, data {result.data_version}. Change them in the sidebar.")
