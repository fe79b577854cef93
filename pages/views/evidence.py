"""Evidence: can I trust it?"""

import html
import math
from collections.abc import Mapping
from itertools import accumulate

import streamlit as st

from oce import catalog, descriptions, units
from oce.analysis import alternatives, comparison
from oce.catalog.measurements import Contrast
from oce.estimation import Estimate
from oce.evaluation import (
    bloom_footprint,
    device_evidence,
    metered_energy,
    own_measurements,
    paper_tables,
    refit,
    scoring,
)
from oce.field import equipment_era
from oce.method import ratio_basis
from oce.method.runs import scored_runs
from oce.scenario import Scenario
from pages import charts
from pages.charts.chart import signed
from pages.sections import bridge, own_runs, parity
from pages.session.current_estimate import cached_estimate, shown_estimate
from pages.session.link import Fields
from pages.widgets import chart, chart_tables, table, view
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

HEADLINE = "Can this number be trusted?"
FIRST_REFERENCES = ("a100-sxm-80gb", "h100-sxm")
MOST_ROWS = 8  # that are seen at once


def methods() -> dict[str, scoring.Evaluation]:
    """Every method's committed scores by its name, ours first."""
    return {method.name: method for method in refit.evaluations()}


def content(result: Estimate) -> View:
    """What Evidence says of an estimate: how runs like it were predicted. All else is the same for everybody."""
    ours, near = next(iter(methods().values())), refit.nearby(result)
    scored = result.scenario.method in ("calibrated", "published")
    whose = "" if scored else " (scores of the calibrated throughput, not of yours)"
    estimate = f"{result.method}. {descriptions.level(result)}"
    return View(
        headline=HEADLINE,
        paragraphs={
            "standing": f"<b>For your scenario:</b> {len(near.runs)} of the {ours.score.runs} reported runs are "
            f"{html.escape(near.alike)}. Predicted without their own organisation, half of them came within "
            f"<b>{near.median_error:.0%}</b> of their reported device-hours, and <b>{near.held} of "
            f"{len(near.runs)}</b> lay inside the interval{whose}.",
            "estimate": f"Your estimate, in total: {units.shown(result.total_co2e_kg.central, units.MASS)} "
            f"({units.shown_range(result.total_co2e_kg, units.MASS)}), {html.escape(estimate)}",
        },
    )


def previewed(fields: Fields, _query: Mapping[str, str]) -> View:
    return content(cached_estimate(Scenario(**fields)))


def show() -> None:
    result = shown_estimate()
    shown = content(result)
    st.title(HEADLINE, anchor=False)
    view.show_paragraph(shown, "standing", "text")
    view.show_paragraph(shown, "estimate", "text")
    show_runs()
    show_scores()
    bridge.show_all(result)
    show_devices()
    show_basis(result)
    show_measured_by_us()
    show_energy()
    show_paper()
    parity.show()
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
        by = st.segmented_control(
            "Group by", list(ours.groups), default="size", required=True, key="group_by", wrap=True
        )
        drawn.append(charts.error_by_group(compared, by or "size"))
        chart.show(drawn[2], "groups")
    chart_tables.show(drawn, "evidence")


def show_scores() -> None:
    ours = next(iter(methods().values()))
    st.markdown("## Every method, on the same runs")
    table.show_records(
        {
            "Method": name,
            "Runs": str(method.score.runs),
            "Median error": f"{refit.median_error_on(method, method.runs):.1%}",
            "Ours, same runs": f"{refit.median_error_on(ours, method.runs):.1%}",
            "Within ×2": f"{method.score.within_2:.0%}",
            "Bias": f"{method.score.bias:+z.2f}".replace("-", "−"),
            "80% interval holds, of runs": give_or_take(method.score.coverage[0.8], method.score.coverage_error[0.8]),
            "of organisations": give_or_take(
                method.score.organisation_coverage[0.8], method.score.organisation_coverage_error[0.8]
            ),
            "its width, high over low": f"×{units.significant(method.score.median_width[0.8])}",
        }
        for name, method in methods().items()
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
    chart_tables.show([contrasts], "contrasts")
    table.show_records(
        {
            "Measured ratios of": name.capitalize(),
            "Ratios": str(score.contrasts),
            "Sources": str(score.sources),
            "Error of ln, rms": f"{score.rms_error:.2f}"
            + ("" if math.isnan(score.rms_error_error) else f" ± {score.rms_error_error:.2f}"),
            "80% interval holds": give_or_take(score.held, score.held_error),
        }
        for name, score in device_evidence.scores().items()
    )
    st.caption(
        "A ratio is of speed per device, on one model; an error of 0.10 is about 10%. Known devices: other sources "
        "have measured both; a new one: none has. The interval is set by language models on one stack: other work and "
        "vendors' own stacks try it on what it was not made for. ±: one standard error, the models of each source "
        "being the units. Most ratios of language models come from two sources."
    )


def show_basis(now: Estimate) -> None:
    """What the ratio of the scenario's device to another rests on."""
    device = now.device
    if device is None:
        return
    st.markdown("### What the ratio of your two devices rests on")
    first, second = (catalog.device(name) for name in FIRST_REFERENCES)
    default = second if device.counted_id == first.id else first
    others = [other.id for other in catalog.devices() if other.id != device.id]
    key = f"evidence_reference_{device.id}"
    picked = st.selectbox(
        f"{device.name} against", others, index=others.index(default.id), key=key, width=320,
        format_func=lambda key: catalog.device(key).name,
    )  # fmt: skip
    reference = catalog.device(picked or default.id)
    rests_on = ratio_basis.basis(reference, device)
    said = f"**{rests_on.word.capitalize()}.** {escape_markdown(rests_on.sentence(reference, device))}."
    if now.scenario.method == "calibrated":
        there = cached_estimate(alternatives.on_device(now.scenario, reference), now.past_runs)
        hours = comparison.ratio(now, there, "device_hours").times
        level = f"{now.level:.0%} interval: " if now.level else ""
        low, central, high = (units.significant(bound, 2) for bound in hours)
        said += (
            f" For your scenario, an hour of one {escape_markdown(device.name)} is taken to be worth "
            f"**{central} hours** ({level}{low}–{high}) of one {escape_markdown(reference.name)}."
        )
    st.markdown(said)
    if rests_on.contrasts:
        table.show_sortable(
            (_measured(contrast, device.counted_id) for contrast in rests_on.contrasts),
            height=table.height(len(rests_on.contrasts), MOST_ROWS),
            column_config={"Read": st.column_config.LinkColumn(display_text="open")},
            key="evidence_measured",
            alt=f"The {len(rests_on.contrasts)} measurements that {device.name} against {reference.name} rests on.",
        )


def _measured(row: Contrast, device: str) -> dict[str, float | str]:
    """A measurement as a row of a table, the device with this id in front where it is of it."""
    pair = [(row.second_device, row.second_precision), (row.first_device, row.first_precision)]
    turned = row.first_device == device != row.second_device
    front, behind = (f"{catalog.device(key).name} {precision}" for key, precision in (pair[::-1] if turned else pair))
    return {
        "Device": front,
        "against": behind,
        "Times as fast": float(f"{1 / row.speed_ratio if turned else row.speed_ratio:.3g}"),
        "Model": row.model,
        "Source": row.source if row.version in row.source else f"{row.source} {row.version}",
        "Evidence": row.evidence,
        "Read": row.address,
    }


def show_measured_by_us() -> None:
    """What we measured on devices ourselves, beside what is said of it."""
    st.markdown("### Measured by us")
    rows, shown = own_measurements.rows(), units.significant
    power, start = (
        f"{shown(min(values))}–{shown(max(values))}"
        for values in ([row.board_power_w for row in rows], [row.seconds_to_first_step for row in rows])
    )
    sooner = [100 * (row.first_tokens_per_second / row.tokens_per_second - 1) for row in rows]
    st.markdown(
        f"On one card of each kind, {rows[0].date}, each case once. The boards drew {power} W of a limit of "
        f"{shown(rows[0].power_limit_w)} W, their TDP. The first step took {start} s, nearly all of it compilation; in "
        f"the second after it the rate differed from the steady rate by {signed(min(sooner), 2)}% to "
        f"{signed(max(sooner), 2)}%: it does not climb."
    )
    table.show_records(
        {
            "Case": f"{row.model}, {row.precision}, {row.sequences} × {row.context_length:,} tokens",
            "Device": catalog.device(row.device).name,
            "Tokens/s": shown(row.tokens_per_second),
            "TFLOP/s of the weights": shown(row.weights_tflops),
            "With attention": shown(row.model_tflops),
            "Board, W": shown(row.board_power_w),
        }
        for row in rows
    )
    table.show_records(
        {
            "Measured by us": check.what,
            "Unit": check.unit,
            "Measured": shown(check.measured),
            "Said": shown(check.said.central),
            "80% interval": f"{shown(check.said.low)}–{shown(check.said.high)}",
            "Held": "yes" if check.is_held else "no",
        }
        for check in own_measurements.checks()
    )
    st.caption(
        "Ratios between devices, precisions and lengths of sequences are learnt from; those of devices and precisions "
        "are said here without ours. A whole run is slower than its steady rate by the gap of the few runs that report "
        "both."
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
    table.show_records(
        {
            "Run": check.run.model,
            "Device": catalog.device(check.run.device).name,
            "Metered": units.shown(check.measured_kwh, units.ENERGY),
            "Said": units.shown(check.said_kwh.central, units.ENERGY),
            "80% interval": units.shown_range(check.said_kwh, units.ENERGY),
            "Held": "yes" if check.held else "no",
        }
        for check in metered
    )
    st.markdown("### BLOOM's published assessment, step by step")
    bloom = bloom_footprint.steps()
    table.show_records(
        {
            "What is counted": step.what,
            "How": step.arithmetic,
            "t CO2e": units.significant(step.co2e_t),
            "Together": units.significant(so_far),
        }
        for step, so_far in zip(bloom, accumulate(step.co2e_t for step in bloom), strict=True)
    )
    st.caption(f"{bloom_footprint.SOURCE}. Published: 24.7 t for the GPUs' electricity, 50.5 t all in.")


def show_paper() -> None:
    """Tables 2, 3 and 1 of the paper beside what its method gives."""
    st.markdown("## The paper, recomputed")
    rows = paper_tables.tables_2_and_3()
    operational, embodied, alphas = st.tabs(["Table 2, operational", "Table 3, embodied", "Table 1, α"])
    with operational:
        st.markdown(
            "Tonnes. GLM-130B and BLOOM were given each other's compute; ViT-L/16 does not come out of any row of "
            "Table 1."
        )
        table.show_records(
            {
                "Model": row.printed.model,
                "Reported": units.significant(row.printed.reported_t),
                "Printed": f"{row.printed.published_t:,.2f}",
                "Ours, own compute": f"{row.operational_t:,.2f}",
                "Ours, compute used": f"{row.operational_used_t:,.2f}",
                "Remark": row.printed.explanation.replace(" -", " −").replace(" %", "%"),
            }
            for row in rows
        )
    with embodied:
        st.markdown("Kilograms: device-hours × β, bare silicon over one year.")
        table.show_records(
            {
                "Model": row.printed.model,
                "Reported": f"{row.printed.reported_embodied_kg:,.2f}",
                "Printed": f"{row.printed.published_embodied_kg:,.2f}",
                "Ours, own compute": f"{row.embodied_kg:,.2f}",
                "Ours, compute used": f"{row.embodied_used_kg:,.2f}",
            }
            for row in rows
        )
    with alphas:
        st.markdown(
            "The scan of Table 1 lost minus signs and exponents; restored, it gives Table 2. What its α means: the "
            "mean throughput of a run of 10²³ FLOP. The interval is μ ± 0.6 σ over the paper's runs."
        )
        table.show_records(
            {
                "Device": row.device.name,
                "TDP W": f"{row.device.tdp_w:g}",
                "Peak TFLOP/s": f"{row.peak_tflops:g}",
                "log₁₀ α": f"{row.device.log10_alpha_low:g} … {row.device.log10_alpha_high:g}",
                "Mean TFLOP/s": f"{units.significant(row.slow_tflops)}–{units.significant(row.fast_tflops)}",
                "Share of peak": f"{row.slow_tflops / row.peak_tflops:.0%}–{row.fast_tflops / row.peak_tflops:.0%}",
            }
            for row in paper_tables.table_1()
        )
    chart.show(charts.alpha_against_peak(equipment_era.run_points()), "era-peak")


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
