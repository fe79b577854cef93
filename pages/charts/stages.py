"""The stages of a project on one timeline, each with its share of the carbon."""

import html

from oce import units
from oce.analysis.stages import Project
from pages.charts.chart import Chart, table
from pages.charts.layouts import rows_layout
from pages.charts.theme import device_colour
from pages.charts.traces import bars, outside


def timeline_of(project: Project) -> Chart:
    """A bar a stage, from when it starts to when it ends, if each follows the last."""
    last = project.stages[-1].ends_hours
    unit = units.unit_for(last, units.DURATION)
    mass = units.unit_for(sum(stage.estimate.total_co2e_kg.central for stage in project.stages), units.MASS)
    traces = [
        bars(
            stage.name,
            [at],
            [float(f"{(stage.ends_hours - stage.starts_hours) / unit.size:.6g}")],
            device_colour(stage.estimate.device),
            f"{stage.name}: %{{x:.3s}} {unit.name}, {stage.share:.0%} of the carbon",
            base=[float(f"{stage.starts_hours / unit.size:.6g}")],
            **outside([f"{stage.share:.0%}"]),
        )
        for at, stage in enumerate(project.stages)
    ]
    names = [f"<b>{html.escape(stage.name)}</b>" for stage in project.stages]
    plan = rows_layout(f"time since the start [{unit.name}]", names, 90 + 46 * len(names), shift=9)
    plan["xaxis"] |= {"range": [0, 1.15 * last / unit.size]}  # with room for the last share, also on a phone
    largest = max(project.stages, key=lambda stage: stage.share)
    sentence = (
        f"One after another the stages take {units.shown(last, units.DURATION)}; {largest.name} emits most, "
        f"{largest.share:.0%} of it all. Beside each: its share of the carbon."
    )
    numbers = table(
        ["Stage", f"Starts [{unit.name}]", f"Ends [{unit.name}]", f"Carbon [{mass.name}]", "Share of the carbon"],
        (
            [
                stage.name,
                stage.starts_hours / unit.size,
                stage.ends_hours / unit.size,
                stage.estimate.total_co2e_kg / mass.size,
                f"{stage.share:.0%}",
            ]
            for stage in project.stages
        ),
    )
    return Chart("Stages", sentence, numbers, {"data": traces, "layout": plan})
