"""Evidence: can I trust it?"""

import math
from collections.abc import Sequence
from itertools import accumulate

import pandas as pd
import streamlit as st

from oce import catalog, descriptions, units
from oce.analysis import comparison, planning
from oce.catalog.measurements import Contrast
from oce.errors import InputError, NotReadError
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
from oce.importers import prior_runs
from oce.method import ratio_basis
from oce.method.runs import scored_runs
from oce.reading import number_wanted, read_number
from pages import charts
from pages.session import state
from pages.session.current_estimate import known, shown_estimate
from pages.widgets import chart, chart_tables, table
from pages.widgets.text import plain


def methods() -> dict[str, scoring.Evaluation]:
    """Every method's committed scores by its name, ours first."""
    return {one.name: one for one in refit.evaluations()}


@st.cache_data(show_spinner=False)
def past_runs_score() -> refit.PriorRunsScore:
    """What three past runs are worth: a second's work, done once."""
    return refit.score_prior_runs()


def forget() -> None:
    """Lets go of the visitor's runs and of the file they came from."""
    state.keep_past_runs(None)
    st.session_state["uploads"] += 1


def give_or_take(share: float, error: float) -> str:
    """A share with its standard error, in per cent; without, where there is none or all or nothing is held."""
    return f"{100 * share:.0f}" + (f" ± {100 * error:.0f}" if error > 0 else "") + "%"


def measured(rows: Sequence[Contrast], device: str) -> pd.DataFrame:
    """Measurements as a table; those of the device with this id have it in front."""
    cells = []
    for row in rows:
        pair = ((row.second_device, row.second_precision), (row.first_device, row.first_precision))
        turned = row.first_device == device != row.second_device
        front, behind = (
            f"{catalog.device(one).name} {precision}" for one, precision in (pair[::-1] if turned else pair)
        )
        cells.append(
            {
                "Device": front,
                "against": behind,
                "Times as fast": float(f"{1 / row.speed_ratio if turned else row.speed_ratio:.3g}"),
                "Model": row.model,
                "Source": row.source if row.version in row.source else f"{row.source} {row.version}",
                "Evidence": row.evidence,
                "Read": row.address,
            }
        )
    return pd.DataFrame(cells)


def show_basis(now: Estimate) -> None:
    """What the ratio of the scenario's device to another rests on."""
    device = now.device
    assert device is not None
    first, second = (catalog.device(name) for name in FIRST_REFERENCES)
    default = second if device.counted_id == first.id else first
    others = [one.id for one in catalog.devices() if one.id != device.id]
    key = f"evidence_reference_{device.id}"
    picked = st.selectbox(
        f"{device.name} against", others, index=others.index(default.id), key=key, width=320,
        format_func=lambda one: catalog.device(one).name,
    )  # fmt: skip
    reference = catalog.device(picked or default.id)
    rests_on = ratio_basis.basis(reference, device)
    said = f"**{rests_on.word.capitalize()}.** {plain(rests_on.sentence(reference, device))}."
    if now.scenario.method == "calibrated":
        there = known(planning.on_device(now.scenario, reference), now.past_runs)
        hours = comparison.ratio(now, there, "device_hours").times
        level = f"{now.level:.0%} interval: " if now.level else ""
        low, central, high = (units.significant(one, 2) for one in (hours.low, hours.central, hours.high))
        said += (
            f" For your scenario, an hour of one {plain(device.name)} is taken to be worth **{central} hours** "
            f"({level}{low}–{high}) of one {plain(reference.name)}."
        )
    st.markdown(said)
    if rests_on.contrasts:
        st.dataframe(
            measured(rests_on.contrasts, device.counted_id),
            hide_index=True,
            height=ROW * (min(len(rests_on.contrasts), MOST_ROWS) + 1) + 3,
            column_config={"Read": st.column_config.LinkColumn(display_text="open")},
            key="evidence_measured",
            alt=f"The {len(rests_on.contrasts)} measurements that {device.name} against {reference.name} rests on.",
        )


@st.cache_data(show_spinner=False)
def own_checks() -> tuple[own_measurements.Check, ...]:
    """What we measured beside what is said of it."""
    return own_measurements.checks()


def show_own_measurements() -> None:
    """What we measured ourselves, and what is said of it."""
    rows, shown = own_measurements.rows(), units.significant
    rates = "; ".join(
        f"{one.model}, {one.precision}, {one.context_length:,} tokens long, {catalog.device(one.device).name}: "
        f"{shown(one.tokens_per_second)} tokens/s, {shown(one.weights_tflops)} TFLOP/s"
        for one in rows
    )
    power, start, sooner = (
        f"{shown(min(values))}–{shown(max(values))}"
        for values in (
            [one.board_power_w for one in rows],
            [one.seconds_to_first_step for one in rows],
            [100 * (one.first_tokens_per_second / one.tokens_per_second - 1) for one in rows],
        )
    )
    st.markdown(
        f"On one card, {rows[0].date}, each once: {plain(rates)} (6 × parameters a token). The boards drew {power} W "
        f"of a limit of {shown(rows[0].power_limit_w)} W, their TDP. The first step took {start} s, nearly all of it "
        f"compilation; a second later the rate was {sooner}% above the steady one: it does not climb."
    )
    table.show(
        ["Measured by us", "Unit", "Measured", "Said", "80% interval", "Held"],
        [
            [
                one.what,
                one.unit,
                shown(one.measured),
                shown(one.said.central),
                f"{shown(one.said.low)}–{shown(one.said.high)}",
                "yes" if one.is_held else "no",
            ]
            for one in own_checks()
        ],
    )
    st.caption(
        "Only ratios between devices are learnt from, and here said without ours. In tf32 a device is placed by its "
        "peak, though 32-bit activations move twice the bytes; attention is taken to be as slow against the weights as "
        "llm-foundry measured it. A whole run is slower than its steady rate by the gap of the few runs that report "
        "both."
    )


FIRST_REFERENCES = ("a100-sxm-80gb", "h100-sxm")
ROW, MOST_ROWS = 35, 8  # height of a row [px], and how many are seen at once

result = shown_estimate()
ours = next(iter(methods().values()))

# How far to trust the estimate of this scenario
near = refit.nearby(result)
st.title("Can this number be trusted?", anchor=False)
whose = (
    ""
    if result.scenario.method in ("calibrated", "published")
    else " (scores of the calibrated throughput, not of yours)"
)
st.markdown(
    f"**For your scenario:** {len(near.runs)} of the {ours.score.runs} reported runs are {near.alike}. Predicted "
    f"without their own organisation, half of them came within **{near.median_error:.0%}** of their reported "
    f"device-hours, and **{near.held} of {len(near.runs)}** lay inside the interval{whose}."
)
st.markdown(
    f"Your estimate: {units.shown(result.total_co2e_kg.central, units.MASS)} "
    f"({units.shown_range(result.total_co2e_kg, units.MASS)}), {result.method}. {descriptions.level(result)}"
)

# Every run
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

# The scores
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
    "Error: |predicted / reported − 1| of device-hours. Bias: median of ln(predicted / reported). Of organisations: "
    "each counts the same, however many runs it has. ±: one standard error, organisations being the units; "
    f"{ours.score.organisations} of them are few, and a 95% interval from so few "
    f"(×{units.significant(ours.score.median_width[0.95])} wide) is little more than the largest error seen. "
    "Fitted methods and intervals never see the organisation they are scored on, and every spread is chosen anew "
    "without it; the published α were fitted by its authors on runs that partly are among these. A method that cannot "
    f"answer for a run is scored on the others. {kept_out} more rows of the table are neither fitted nor scored, as "
    "their kind, their compute or a reason of their own says."
)

# Device against device
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
    "A ratio is of speed per device, on one model; an error of 0.10 is about 10%. Known devices: other sources have "
    "measured both; a new one: none has. The interval is set by language models on "
    "one stack: other work and vendors' own stacks try it on what it was not made for. ±: one standard error, the "
    "models of each source being the units. Most ratios of language models come from two sources."
)
if result.device:
    st.markdown("### What the ratio of your two devices rests on")
    show_basis(result)
st.markdown("### Measured by us")
show_own_measurements()

# Energy
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

# The paper
st.markdown("## The paper, recomputed")
rows = paper_tables.tables_2_and_3()
operational, embodied, alphas = st.tabs(["Table 2, operational", "Table 3, embodied", "Table 1, α"])
with operational:
    st.markdown(
        "Tonnes. GLM-130B and BLOOM were given each other's compute; ViT-L/16 does not come out of any row of Table 1."
    )
    table.show(
        ["Model", "Reported", "Printed", "Ours, own compute", "Ours, compute used", "Remark"],
        [
            [
                row.printed.model,
                units.significant(row.printed.reported_t),
                f"{row.printed.published_t:,.2f}",
                f"{row.operational_t:,.2f}",
                f"{row.operational_used_t:,.2f}",
                row.printed.explanation,
            ]
            for row in rows
        ],
    )
with embodied:
    st.markdown("Kilograms: device-hours × β, bare silicon over one year.")
    table.show(
        ["Model", "Reported", "Printed", "Ours, own compute", "Ours, compute used"],
        [
            [
                row.printed.model,
                f"{row.printed.reported_embodied_kg:,.2f}",
                f"{row.printed.published_embodied_kg:,.2f}",
                f"{row.embodied_kg:,.2f}",
                f"{row.embodied_used_kg:,.2f}",
            ]
            for row in rows
        ],
    )
with alphas:
    st.markdown(
        "The scan of Table 1 lost minus signs and exponents; restored, it gives Table 2. What its α means: the mean "
        "throughput of a run of 10²³ FLOP. The interval is μ ± 0.6 σ over the paper's runs."
    )
    table.show(
        ["Device", "TDP W", "Peak TFLOP/s", "log₁₀ α", "Mean TFLOP/s", "Share of peak"],
        [
            [
                row.device.name,
                f"{row.device.tdp_w:g}",
                f"{row.peak_tflops:g}",
                f"{row.device.log10_alpha_low:g} … {row.device.log10_alpha_high:g}",
                f"{units.significant(row.slow_tflops)}–{units.significant(row.fast_tflops)}",
                f"{row.slow_tflops / row.peak_tflops:.0%}–{row.fast_tflops / row.peak_tflops:.0%}",
            ]
            for row in paper_tables.table_1()
        ],
    )

# The visitor's own runs
st.markdown("## Your own runs")
st.markdown(
    "Past runs of your organisation move the calibrated estimate towards how your runs went, and narrow it. A CSV file "
    "with `device`, `device_hours` and `training_flop` (or `parameters` and `tokens`), or CodeCarbon's "
    "`emissions.csv`, or what Green Algorithms or ML CO2 give. Rows with one `run_id` are one run. It is read in "
    "memory, kept for this session only, and never stored."
)
worth = past_runs_score()
st.markdown(
    f"What that is worth, on {worth.runs} reported runs with the three others of their organisation that are nearest "
    f"in size: the median error falls from {worth.error_without:.1%} to {worth.error_with:.1%}, and the 80% interval "
    f"holds {worth.held:.0%}. Runs less alike help less."
)
stated = st.text_input(
    "Compute of each run that does not state it (FLOP)", key="runs_flop", placeholder="for example 4e22"
)
uploads = st.session_state.setdefault("uploads", 0)  # another key empties the control
upload = st.file_uploader("Past runs", type=["csv", "tsv", "txt"], key=f"runs_file_{uploads}")
if upload is not None:
    try:
        flop = read_number("training_flop", stated).value if stated.strip() else None
        sure = bool(st.session_state.get("runs_confirmed"))
        found = prior_runs.read(upload.getvalue(), flop, sure)
    except InputError as error:
        st.error(plain(str(error)))
    except NotReadError as error:
        wanted = number_wanted("training_flop", error)
        st.error(plain(f"“{stated[:40]}” cannot be used as compute; allowed: {wanted}"))
    else:
        for note in found.notes[:20]:
            st.caption(plain(f"Taken so: {note}"))
        for problem in found.problems[:20]:
            st.warning(plain(f"Left out, {problem}"))
        if len(found.problems) > 20:
            st.warning(f"… and {len(found.problems) - 20} more rows.")
        if found.questioned or sure:
            st.checkbox("Use runs that are questioned too", key="runs_confirmed")
        if not found.used:
            st.error("None of its runs can be used.")
        if found.used and (state.past_runs() is None or state.past_runs() != found):
            state.keep_past_runs(found)
            st.rerun()
held = state.past_runs()
if held:
    without = known(state.scenario()).total_co2e_kg
    within = result.total_co2e_kg
    only = "" if result.scenario.method == "calibrated" else " They count with the calibrated throughput only."
    st.success(
        f"{len(held.used)} run{'s are' if len(held.used) > 1 else ' is'} used. Without them the estimate is "
        f"{units.shown_range(without, units.MASS)} (×{without.ratio:.3g} wide), with them "
        f"{units.shown_range(within, units.MASS)} (×{within.ratio:.3g} wide).{only}"
    )
    table.show(
        ["Device", "Compute FLOP", "Device-hours", "Utilisation", "Mean power"],
        [
            [
                run.device.name,
                units.scientific(run.training_flop),
                units.significant(run.device_hours),
                f"{run.utilisation:.0%}",
                "" if run.mean_power_w is None else f"{units.significant(run.mean_power_w)} W",
            ]
            for run in held.used[:50]
        ],
    )
    watts = None if held.mean_power_w is None else float(f"{held.mean_power_w:.3g}")
    with st.container(horizontal=True):
        if watts is not None:
            use = {"remove": ("power_fraction",), "power_w": watts}
            st.button(f"Use their measured {watts:g} W a device", on_click=state.change, kwargs=use)
        st.button("Forget them", on_click=forget)
