"""The stages of a project on one timeline, each with its share of the carbon."""

from __future__ import annotations

from oce import units
from oce.analysis.stages import Project
from pages.charts.theme import Chart, Trace, device_colour, layout


def timeline_of(project: Project) -> Chart:
    """One bar a stage, from when it starts to when it ends, if one follows another."""
    last = project.stages[-1].ends_hours
    unit = units.unit_for(last, units.DURATION)
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": one.name,
            "x": [float(f"{(one.ends_hours - one.starts_hours) / unit.size:.6g}")],
            "base": [float(f"{one.starts_hours / unit.size:.6g}")],
            "y": [one.name],
            "text": [f"{one.share:.0%}"],
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": device_colour(one.estimate.device)},
            "hovertemplate": f"%{{y}}: %{{x:.3s}} {unit.name}, {one.share:.0%} of the carbon<extra></extra>",
        }
        for one in project.stages
    ]
    plan = layout(x=f"time since the start [{unit.name}]", y="")
    plan |= {"height": 140 + 44 * len(project.stages), "showlegend": False}
    plan["xaxis"] |= {"range": [0, 1.15 * last / unit.size]}  # with room for the last share, also on a phone
    plan["yaxis"] |= {"autorange": "reversed", "type": "category"}
    largest = max(project.stages, key=lambda one: one.share)
    sentence = (
        f"One after another the stages take {units.shown(last, units.DURATION)}; {largest.name} emits most, "
        f"{largest.share:.0%} of it all. Beside each: its share of the carbon."
    )
    return Chart("Stages", sentence, {"data": traces, "layout": plan})
