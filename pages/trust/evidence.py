"""Evidence: can I trust it?"""

import streamlit as st

from oce import evidence, figures, paper, past_runs, quantities, report, scoring
from oce.scenario import InputError, number_wanted, read_number
from oce.written import NotReadError
from pages.components import chart, numbers, state, table
from pages.components.answer import known, shown_estimate
from pages.components.text import plain


def methods() -> dict[str, scoring.Evaluation]:
    """Every method's committed scores by its name, ours first."""
    return {one.name: one for one in evidence.evaluations()}


@st.cache_data(show_spinner=False)
def past_runs_score() -> evidence.PastRunsScore:
    """What three past runs are worth: a second's work, done once."""
    return evidence.score_past_runs()


def forget() -> None:
    """Lets go of the visitor's runs and of the file they came from."""
    state.keep_past_runs(None)
    st.session_state["uploads"] += 1


result = shown_estimate()
ours, undated = list(methods().values())[:2]
published = methods()["Published α"]

# How far to trust the estimate of this scenario
near = evidence.nearby(result)
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
    f"Your estimate: {quantities.shown(result.total_co2e_kg.central, quantities.MASS)} "
    f"({quantities.shown_range(result.total_co2e_kg, quantities.MASS)}), {result.method}. {report.level(result)}"
)

# Every run
names = list(methods())
picked = st.selectbox("Method", names, key="method", help="Every method is scored on the same runs, the same way.")
method = methods()[picked or names[0]]
st.caption(method.about)
drawn = [figures.predicted_against_reported(method, evidence.scored_runs())]
chart.show(drawn[0], "runs")
left, right = st.columns(2, gap="large")
compared = [ours] if method.name == ours.name else [ours, method]
with left:
    drawn.append(figures.coverage_curve(compared))
    chart.show(drawn[1], "coverage")
with right:
    by = st.segmented_control("Group by", list(ours.groups), default="size", required=True, key="group_by")
    drawn.append(figures.error_by_group(compared, by or "size"))
    chart.show(drawn[2], "groups")
numbers.show(lambda: drawn, "evidence")

# The scores
st.markdown("## Every method, on the same runs")
table.show(
    [
        "Method",
        "Runs",
        "Median error",
        "Ours, same runs",
        "Within ×1.5",
        "Within ×2",
        "Bias",
        "50 / 80 / 95% intervals hold",
        "their width, high / low",
    ],
    [
        [
            one.name,
            str(one.score.runs),
            f"{one.score.median_error:.1%}",
            f"{evidence.median_error_on(ours, one.runs):.1%}",
            f"{one.score.within_1_5:.0%}",
            f"{one.score.within_2:.0%}",
            f"{one.score.bias:+.2f}",
            " / ".join(f"{100 * one.score.coverage[level]:.0f}" for level in scoring.LEVELS) + " %",
            "×" + " / ".join(quantities.significant(one.score.median_width[level]) for level in scoring.LEVELS),
        ]
        for one in methods().values()
    ],
)
st.caption(
    "The calibration's fixed constants were set with these scores in view: expect a little worse on organisations to "
    "come. With 20 organisations, what the intervals hold is itself uncertain by some six points. "
    "Error: |predicted / reported − 1| of device-hours. Bias: median of ln(predicted / reported). Fitted methods and "
    "intervals never see the organisation they are scored on; the published α were fitted by its authors on runs that "
    "partly are among these. A method that cannot answer for a run is scored on the others. Where the year of training "
    f"is not given, the calibrated method errs by {evidence.median_error_on(undated, published.runs):.1%} on the "
    f"{published.score.runs} runs that the published α covers, and the published α by "
    f"{published.score.median_error:.1%}: there its central value is the better one, though its interval holds "
    f"{published.score.coverage[0.8]:.0%}."
)

# The paper
st.markdown("## The paper, recomputed")
rows = paper.tables_2_and_3()
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
                quantities.significant(row.printed.reported_t),
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
                f"{quantities.significant(row.slow_tflops)}–{quantities.significant(row.fast_tflops)}",
                f"{row.slow_tflops / row.peak_tflops:.0%}–{row.fast_tflops / row.peak_tflops:.0%}",
            ]
            for row in paper.table_1()
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
        found = past_runs.read(upload.getvalue(), flop, sure)
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
        f"{quantities.shown_range(without, quantities.MASS)} (×{without.ratio:.3g} wide), with them "
        f"{quantities.shown_range(within, quantities.MASS)} (×{within.ratio:.3g} wide).{only}"
    )
    table.show(
        ["Device", "Compute FLOP", "Device-hours", "Utilisation", "Mean power"],
        [
            [
                run.device.name,
                quantities.scientific(run.training_flop),
                quantities.significant(run.device_hours),
                f"{run.utilisation:.0%}",
                "" if run.mean_power_w is None else f"{quantities.significant(run.mean_power_w)} W",
            ]
            for run in held.used[:50]
        ],
    )
    watts = held.measured_power_w()
    with st.container(horizontal=True):
        if watts is not None:
            use = {"remove": ("power_fraction",), "power_w": watts}
            st.button(f"Use their measured {watts:g} W a device", on_click=state.change, kwargs=use)
        st.button("Forget them", on_click=forget)
