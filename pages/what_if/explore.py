"""Explore: how much, how long, how sure?"""

import html

import streamlit as st

from oce import equivalences, evidence, figures, quantities, report, sensitivity
from oce.scenario import Scenario
from pages.components import chart, link, state, table, take_away
from pages.components.answer import shown_estimate

FIGURES = {
    "Total carbon": "total_co2e_kg",
    "Time to train": "time_to_train_hours",
    "Energy": "energy_kwh",
    "Device-hours": "device_hours",
}


def charts() -> tuple[figures.Chart, ...]:
    """Those of the printed report."""
    drawn = (figures.carbon_interval(result), figures.tornado(result, swings))
    return (*drawn, figures.throughput_curve(result), figures.time_by_devices(result))


def opened(saved: list[tuple[str, Scenario]]) -> None:
    """Makes the first scenario of a saved file yours."""
    state.replace(link.with_ids(saved[0][1]))


result = shown_estimate()
model = state.model()
name = model.name if model else "this model"
swings = sensitivity.swings(result)

# The answer
st.title(report.headline(result, name), anchor=False)
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
        f"<div><dt>{label}</dt><dd><b>{central}</b> <span>{unit}</span></dd><dd class='interval'>{between}</dd></div>"
    )
st.html(f"<dl class='figures'>{''.join(cells)}</dl>")
most = [one.now for one in swings if one.field not in sensitivity.COMPUTE_FIELDS][:3]
st.html(
    f"<p class='strip'><b>It rests most on</b> {' · '.join(map(html.escape, most))}. "
    f"<span>{html.escape(f'{result.method}. {report.level(result)}')}</span></p>"
)
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
    chart.show(figures.throughput_curve(result), "throughput")
with right:
    chart.show(figures.time_by_devices(result), "time")
left, right = st.columns(2, gap="large")
with left:
    chart.show(figures.carbon_interval(result), "carbon")
    st.markdown("### Picture it")
    for picture in equivalences.pictures(result):
        central, low, high = (quantities.significant(getattr(picture.count, end)) for end in ("central", "low", "high"))
        between = "" if low == high else f" ({low}–{high})"
        st.markdown(f"**{central}** {picture.label}{between}", help=picture.source)
with right:
    chart.show(figures.tornado(result, swings), "tornado")

take_away.show([(name, result)], charts, opened)

# What was assumed
st.markdown("### What was assumed")
table.show(
    ["Value", "Used", "Source", "Year"],
    [[report.label(one.field), report.value(one), one.source, one.year] for one in result.assumptions],
)
st.caption(f"{result.method} {report.VERSION}, data {result.data_version}. Change them in the sidebar.")
