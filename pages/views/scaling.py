"""Scaling: is the accuracy worth the carbon?"""

import pandas as pd
import streamlit as st

from oce import catalog, units
from oce.field import accuracy
from oce.field.accuracy import BENCHMARKS, Conditions, Finding, Point
from oce.parsing import parse_number
from pages import charts
from pages.session import state
from pages.session.current_estimate import shown_estimate
from pages.widgets import chart, chart_tables, table
from pages.widgets.text import plain

GRIDS = {"same": "Same grid for all", "own": "Each its own grid"}
MODELS = {"all": "All models", "paper": "The paper's figure 7"}
MOST_STEPS = 12


@st.cache_data(show_spinner=False, max_entries=64)
def finding(benchmark: str, here: Conditions, as_trained: bool, figure_7: bool, level: float) -> Finding | None:
    """What the points say together: a bootstrap, done once for each set of them."""
    found = accuracy.points(benchmark, here, as_trained, figure_7, level)
    return accuracy.finding(found, level) if len(found) > 2 else None


def my_score(benchmark: str) -> float | None:
    """The score that the visitor gave, from the link; says so where it is none."""
    text = state.extra(benchmark)
    if not text:
        return None
    try:
        score = parse_number(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 100:
        st.error(plain(f"{BENCHMARKS[benchmark]} score “{text[:40]}” cannot be used; allowed: 0 … 100 %"))
        return None
    return score


def keep_score(benchmark: str) -> None:
    """Keeps a score that was entered in the link."""
    state.keep_extra(benchmark, st.session_state[f"my_{benchmark}"].strip())


def take(picked: list[str]) -> None:
    """Makes the model of a point that was clicked the scenario."""
    row = next((one for one in accuracy.scored() if one.id == picked[0]), None)
    if row is not None and row.training_flop is None:
        st.toast(f"The compute of {row.model} is not known, only its device-hours: it cannot be your scenario.")
    elif row is not None:
        preset = next((one for one in catalog.models() if row.id == f"{one.id}-{row.benchmark}"), None)
        state.take(preset.fields if preset else row.fields)


def standing(points: tuple[Point, ...], benchmark: str, score: float | None) -> str:
    """Where the scenario stands among the models, in a sentence."""
    name = BENCHMARKS[benchmark]
    if score is not None:
        cheapest = accuracy.cheapest_reaching(points, score)
        if cheapest is None:
            return f"No model here reached your {score:g}% on {name}."
        with_it = units.shown(cheapest.operational_co2e_kg.central, units.MASS)
        times = mine.central / cheapest.operational_co2e_kg.central
        against = f"yours: {units.significant(times, 2)} times that"
        return f"Your {score:g}% on {name} was reached with {with_it} by {cheapest.row.model} ({against})."
    best = accuracy.best_within(points, mine.central)
    if best is None:
        return f"No model here was trained for {name} with as little."
    return (
        f"For at most that, the best score on {name} here is **{best.score:g}%** ({best.row.model}, {best.row.year})."
    )


def price(points: tuple[Point, ...], found: Finding, benchmark: str) -> str:
    """What one more point costs along the front, in a sentence."""
    if found.per_point is None:
        return "Too few models are on the front to say what a further point costs."
    low, central, high = (
        mine.central * (end - 1) for end in (found.per_point.low, found.per_point.central, found.per_point.high)
    )
    more = units.shown_range(type(mine)(low, central, high), units.MASS)
    years = ""
    if found.per_year is not None:
        gain = found.per_year
        clear = gain.low > 0 or gain.high < 0
        years = (
            f" At the same carbon, a model of a year later scores {gain.central:+.1f} points "
            f"({gain.low:+.1f} to {gain.high:+.1f}{'' if clear else ': no clear trend'})."
        )
    return (
        f"**One more point** on {BENCHMARKS[benchmark]} multiplies the carbon by "
        f"**{units.significant(found.per_point.central)}** along the front "
        f"({units.significant(found.per_point.low)}–{units.significant(found.per_point.high)}): from your "
        f"scenario's, {units.shown(central, units.MASS)} more ({more}).{years}"
    )


def steps(points: tuple[Point, ...]) -> None:
    """The front, step by step: what each further point has cost."""
    best = accuracy.front(points)[-MOST_STEPS:]
    rows = []
    for before, after in zip((None, *best), best, strict=False):
        carbon = after.operational_co2e_kg
        gained = cost = ""
        if before is not None:
            more = carbon.central - before.operational_co2e_kg.central
            points_gained = after.score - before.score
            gained, cost = (
                f"+{units.significant(points_gained)}",
                units.shown(more / points_gained, units.MASS),
            )
        rows.append(
            [
                f"{after.row.model} ({after.row.year})",
                f"{after.score:g}%",
                units.shown(carbon.central, units.MASS),
                "reported hours" if after.reported else units.shown_range(carbon, units.MASS),
                gained,
                cost,
            ]
        )
    table.show(["Best so far", "Score", "Carbon", "Interval", "Points gained", "For each of them"], rows)


def rows(points: tuple[Point, ...]) -> pd.DataFrame:
    """The points with their sources, as a table."""
    return pd.DataFrame(
        {
            "Model": [one.row.model for one in points],
            "Year": [one.row.year for one in points],
            "Score, %": [one.score for one in points],
            "Setting": [one.row.setting for one in points],
            "Carbon, t CO2e": [float(f"{one.operational_co2e_kg.central / 1000:.3g}") for one in points],
            "Low, t": [float(f"{one.operational_co2e_kg.low / 1000:.3g}") for one in points],
            "High, t": [float(f"{one.operational_co2e_kg.high / 1000:.3g}") for one in points],
            "Device": [catalog.device(one.row.device).name for one in points],
            "Device-hours": ["reported" if one.reported else "estimated" for one in points],
            "Score from": [one.row.score_source for one in points],
            "Run from": [one.row.source for one in points],
            "Note": [one.row.note for one in points],
        }
    )


result = shown_estimate()
mine = result.operational_co2e_kg
level = result.level or 0.8
here = Conditions(float(result.inputs.carbon_intensity_g_per_kwh), float(result.inputs.pue))

st.title("Is the accuracy worth the carbon?", anchor=False)
if here.g_per_kwh == 0:
    st.warning("At 0 g CO2e/kWh no training emits anything, so there is nothing to compare. Choose another grid.")
    st.stop()
grids = state.choice("grids", "same", GRIDS)
models = state.choice("models", "all", MODELS)
families = state.choice("families", "yes", ("yes", "no"))
own, paper = st.session_state["grids"] == "own", st.session_state["models"] == "paper"
scores = {benchmark: my_score(benchmark) for benchmark in BENCHMARKS}
panels = {}
for benchmark in BENCHMARKS:
    points = accuracy.points(benchmark, here, own, paper, level)
    found = finding(benchmark, here if own else Conditions(100.0, 1.0), own, paper, level)
    panels[benchmark] = points, found
st.markdown(
    f"**Your scenario emits {units.shown(mine.central, units.MASS)}** "
    f"({units.shown_range(mine, units.MASS)}). "
    + " ".join(standing(points, name, scores[name]) for name, (points, _) in panels.items() if points)
)

with st.container(horizontal=True, vertical_alignment="bottom"):
    st.segmented_control(
        "Grid and PUE", list(GRIDS), format_func=GRIDS.get, key="grids", on_change=grids, required=True
    )
    st.segmented_control("Models", list(MODELS), format_func=MODELS.get, key="models", on_change=models, required=True)
    st.segmented_control("Join families", ["yes", "no"], key="families", on_change=families, required=True)
    for benchmark, name in BENCHMARKS.items():
        st.session_state[f"my_{benchmark}"] = state.extra(benchmark)
        st.text_input(
            f"Your {name} score, %",
            key=f"my_{benchmark}",
            on_change=keep_score,
            args=(benchmark,),
            placeholder="if you have one",
            width=190,
        )
where = (
    "Each model under the grid of where it was trained, as far as that is known (today's intensity of the place where "
    "its own was not reported), and its own PUE or else yours."
    if own
    else f"Every model under your grid ({units.significant(here.g_per_kwh)} g CO2e/kWh) and PUE ({here.pue:g}), "
    "so that only model and device differ."
)
st.caption(
    f"Operational carbon of the final run, power at the server's plug. {where} Filled marks: from reported "
    f"device-hours, with the {level:.0%} interval of their power. Open marks: estimated, with that of the hours too. "
    "Click a mark to make it your scenario."
)

for benchmark, (points, found) in panels.items():
    if found is None:
        st.markdown(f"## {BENCHMARKS[benchmark]} against carbon\nToo few models have what this choice needs.")
        continue
    joined = st.session_state["families"] == "yes"
    drawing = charts.accuracy_against_carbon(benchmark, points, found, mine, scores[benchmark], joined)
    chart.show(drawing, f"accuracy-{benchmark}", on_pick=take)
    st.markdown(price(points, found, benchmark))
    with st.expander(f"The front step by step, and all {len(points)} models with their sources"):
        steps(points)
        st.dataframe(rows(points), hide_index=True, alt=f"{BENCHMARKS[benchmark]}: every model with its sources")
    left = ", ".join(f"{count}: {reason}" for reason, count in accuracy.left_out(benchmark).items())
    if left:
        st.caption(f"Not drawn, of {BENCHMARKS[benchmark]}: {left}.")

st.markdown("## What the same score has cost, year by year")
by_year: list[charts.Chart] = []
for column, (benchmark, (points, found)) in zip(st.columns(2, gap="large"), panels.items(), strict=True):
    if found is not None:
        with column:
            by_year.append(charts.price_by_year(benchmark, points, own))
            chart.show(by_year[-1], f"years-{benchmark}", on_pick=take)
st.caption(
    "Correlation is not cause: data, architecture and the year differ too. The training of a teacher model, or of the "
    "model that wrote the training text, is not counted, which favours small models taught by large ones. Intervals "
    "here come from drawing whole families of models again and again. The paper's own claim, from its figure 7: "
    "language scores rise with carbon, vision scores need not."
)
chart_tables.show(lambda: by_year, "years")
