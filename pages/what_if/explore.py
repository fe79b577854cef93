"""Explore: how much, how long, how sure?"""

import streamlit as st

from oce import equivalences, evidence, figures, quantities, report, sensitivity
from oce.scenario import Scenario
from pages.components import chart, explored, link, numbers, state, table, take_away
from pages.components.answer import shown_estimate


def charts() -> tuple[figures.Chart, ...]:
    """Those of the printed report."""
    return tuple(drawn[key] for key in ("carbon", "tornado", "throughput", "time"))


def opened(saved: list[tuple[str, Scenario]]) -> None:
    """Makes the first scenario of a saved file yours."""
    state.replace(link.with_ids(saved[0][1]))


result = shown_estimate()
model = state.model()
name = model.name if model else "this model"
swings = sensitivity.swings(result)
drawn = explored.charts(result, swings)

# The answer
st.title(report.headline(result, name), anchor=False)
st.html(f"<dl class='figures'>{explored.figures_list(result)}</dl>")
st.html(f"<p class='strip'>{explored.strip(result, swings)}</p>")
reported = evidence.reported_run(model, result) if model else ""
with st.container():  # is there with and without a caption: else the charts below would be drawn anew
    if reported:
        st.caption(reported)
    for note in result.notes:
        if note.code != "chips":  # the sidebar says it where the device is chosen
            st.caption(note.text)

st.page_link("pages/trust/evidence.py", label="How far can this be trusted? Every reported run, and your own")

# The charts
left, right = st.columns(2, gap="large")
with left:
    chart.show(drawn["throughput"], "throughput")
with right:
    chart.show(drawn["time"], "time")
left, right = st.columns(2, gap="large")
with left:
    chart.show(drawn["carbon"], "carbon")
    st.markdown("## Picture it")
    for picture in equivalences.pictures(result):
        central, low, high = (quantities.significant(getattr(picture.count, end)) for end in ("central", "low", "high"))
        between = "" if low == high else f" ({low}–{high})"
        st.markdown(f"**{central}** {picture.label}{between}", help=picture.source)
with right:
    chart.show(drawn["tornado"], "tornado")

numbers.show(lambda: list(drawn.values()), "explore")
take_away.show([(name, result)], charts, opened)

# What was assumed
st.markdown("## What was assumed")
table.show(
    ["Value", "Used", "Source", "Year"],
    [[report.label(one.field), report.value(one), one.source, one.year] for one in result.assumptions],
)
st.caption(f"{result.method} {report.VERSION}, data {result.data_version}. Change them in the sidebar.")
