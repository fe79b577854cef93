"""Evidence: can I trust it?"""

from __future__ import annotations

import html
import math
from collections.abc import Mapping
from itertools import accumulate

import streamlit as st

from oce import catalog, descriptions, units
from oce.estimation import Estimate
from oce.evaluation import bloom_footprint, device_evidence, metered_energy, refit, scoring
from oce.method.runs import scored_runs
from oce.scenario import Scenario
from pages import charts
from pages.sections import device_basis, measured_by_us, own_runs, paper_recomputed
from pages.session.current_estimate import cached_estimate, shown_estimate
from pages.session.link import Fields
from pages.widgets import chart, chart_tables, table, view
from pages.widgets.view import View

HEADLINE = "Can this number be trusted?"


def methods() -> dict[str, scoring.Evaluation]:
    """Every method's committed scores by its name, ours first."""
    return {one.name: one for one in refit.evaluations()}


# --- what it says of a scenario ---


def content(result: Estimate) -> View:
    """What Evidence says of an estimate: how runs like it were predicted. All else is the same for everybody."""
    ours, near = next(iter(methods().values())), refit.nearby(result)
    whose = (
        ""
        if result.scenario.method in ("calibrated", "published")
        else " (scores of the calibrated throughput, not of yours)"
    )
    estimate = f"{result.method}. {descriptions.level(result)}"
    return View(
        headline=HEADLINE,
        paragraphs={
            "standing": f"<b>For your scenario:</b> {len(near.runs)} of the {ours.score.runs} reported runs are "
            f"{html.escape(near.alike)}. Predicted without their own organisation, half of them came within "
            f"<b>{near.median_error:.0%}</b> of their reported device-hours, and <b>{near.held} of "
            f"{len(near.runs)}</b> lay inside the interval{whose}.",
            "estimate": f"Your estimate: {units.shown(result.total_co2e_kg.central, units.MASS)} "
            f"({units.shown_range(result.total_co2e_kg, units.MASS)}), {html.escape(estimate)}",
        },
    )


def previewed(fields: Fields, _query: Mapping[str, str]) -> View:
    """The view while a slider moves."""
    return content(cached_estimate(Scenario(**fields)))


# --- the page ---


def show() -> None:
    """Draws the page."""
    result = shown_estimate()
    shown = content(result)
    st.title(HEADLINE, anchor=False)
    view.show_paragraph(shown, "standing", "text")
    view.show_paragraph(shown, "estimate", "text")
    show_runs()
    show_scores()
    show_devices()
    device_basis.show(result)
    measured_by_us.show()
    show_energy()
    paper_recomputed.show()
    own_runs.show(result)


def give_or_take(share: float, error: float) -> str:
    """A share with its standard error, in per cent; without, where there is none or all or nothing is held."""
    return f"{100 * share:.0f}" + (f" ± {100 * error:.0f}" if error > 0 else "") + "%"


def show_runs() -> None:
    """Every reported run against what one of the methods predicts."""
    ours = next(iter(methods().values()))
    names = list(methods())
    picked = st.selectbox("Method", names, key="method", help="Every method is scored on the same runs, the same way.")
    method = methods()[picked or names[0]]
    st.caption(method.about)
    drawn = [charts.predicted_against_reported(method, scored_runs())]
    chart.show(drawn[0], "runs")
    left, right = st.columns(2, gap="large")
    compared = [ours] if method.name == ours.name else [ours, method]
    with left:
        drawn.append(charts.coverage_curve(compared))
        chart.show(drawn[1], "coverage")
    with right:
        by = st.segmented_control("Group by", list(ours.groups), default="size", required=True, key="group_by")
        drawn.append(charts.error_by_group(compared, by or "size"))
        chart.show(drawn[2], "groups")
    chart_tables.show(lambda: drawn, "evidence")


def show_scores() -> None:
    """The scores of every method."""
    ours = next(iter(methods().values()))
    st.markdown("## Every method, on the same runs")
    table.show(
        [
            "Method",
            "Runs",
            "Median error",
            "Ours, same runs",
            "Within ×2",
            "Bias",
            "80% interval holds, of runs",
            "of organisations",
            "its width, high over low",
        ],
        [
            [
                one.name,
                str(one.score.runs),
                f"{refit.median_error_on(one, one.runs):.1%}",
                f"{refit.median_error_on(ours, one.runs):.1%}",
                f"{one.score.within_2:.0%}",
                f"{one.score.bias:+z.2f}",
                give_or_take(one.score.coverage[0.8], one.score.coverage_error[0.8]),
                give_or_take(one.score.organisation_coverage[0.8], one.score.organisation_coverage_error[0.8]),
                f"×{units.significant(one.score.median_width[0.8])}",
            ]
            for one in methods().values()
        ],
    )
    kept_out = len(catalog.runs()) - len(scored_runs())
    st.caption(
        "Error: |predicted / reported − 1| of device-hours. Bias: median of ln(predicted / reported). Of "
        "organisations: each counts the same, however many runs it has. ±: one standard error, organisations being "
        f"the units; {ours.score.organisations} of them are few, and a 95% interval from so few "
        f"(×{units.significant(ours.score.median_width[0.95])} wide) is little more than the largest error seen. "
        "Fitted methods and intervals never see the organisation they are scored on, and every spread is chosen anew "
        "without it; the published α were fitted by its authors on runs that partly are among these. A method that "
        f"cannot answer for a run is scored on the others. {kept_out} more rows of the table are neither fitted nor "
        "scored, as their kind, their compute or a reason of their own says."
    )


def show_devices() -> None:
    """How ratios between devices are said against how they were measured."""
    contrasts = charts.said_against_measured(device_evidence.checked())
    chart.show(contrasts, "contrasts")
    chart_tables.show(lambda: [contrasts], "contrasts")
    table.show(
        ["Measured ratios of", "Ratios", "Sources", "Error of ln, rms", "80% interval holds"],
        [
            [
                name.capitalize(),
                str(one.contrasts),
                str(one.sources),
                f"{one.rms_error:.2f}" + ("" if math.isnan(one.rms_error_error) else f" ± {one.rms_error_error:.2f}"),
                give_or_take(one.held, one.held_error),
            ]
            for name, one in device_evidence.scores().items()
        ],
    )
    st.caption(
        "A ratio is of speed per device, on one model; an error of 0.10 is about 10%. Known devices: other sources "
        "have measured both; a new one: none has. The interval is set by language models on one stack: other work and "
        "vendors' own stacks try it on what it was not made for. ±: one standard error, the models of each source "
        "being the units. Most ratios of language models come from two sources."
    )


def show_energy() -> None:
    """Energy as it is said against meters, and BLOOM's assessment."""
    metered = metered_energy.committed()
    energy_chart = charts.energy_said_against_metered(metered)
    chart.show(energy_chart, "energy")
    strict = metered_energy.score(metered_energy.committed(metered_energy.STRICT))
    st.caption(
        f"{', '.join(f'{count} of {name}' for name, count in metered_energy.by_organisation(metered).items())}. Hours: "
        "without the organisation's runs. Power: without the run's own meter. Without any meter of its organisation, "
        f"which for a TPU means without any, the interval holds {strict.held:.0%} and the median error is "
        f"{strict.median_error:.0%}."
    )
    table.show(
        ["Run", "Device", "Metered", "Said", "80% interval", "Held"],
        [
            [
                one.run.model,
                catalog.device(one.run.device).name,
                units.shown(one.measured_kwh, units.SCALES["energy_kwh"]),
                units.shown(one.said_kwh.central, units.SCALES["energy_kwh"]),
                units.shown_range(one.said_kwh, units.SCALES["energy_kwh"]),
                "yes" if one.held else "no",
            ]
            for one in metered
        ],
    )
    st.markdown("### BLOOM's published assessment, step by step")
    bloom = bloom_footprint.steps()
    table.show(
        ["What is counted", "How", "t CO2e", "Together"],
        [
            [one.what, one.arithmetic, units.significant(one.co2e_t), units.significant(so_far)]
            for one, so_far in zip(bloom, accumulate(one.co2e_t for one in bloom), strict=True)
        ],
    )
    st.caption(f"{bloom_footprint.SOURCE}. Published: 24.7 t for the GPUs' electricity, 50.5 t all in.")


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
