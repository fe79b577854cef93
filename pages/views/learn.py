"""Learn: why? From a model to its carbon in six steps, each with a live chart, one control and a question."""

from collections.abc import Mapping, Sequence

import streamlit as st

from oce import catalog, descriptions, units
from oce.analysis import planning, sensitivity
from oce.estimation import Estimate
from oce.evaluation.refit import evaluations
from oce.fields import DEFAULTS
from oce.method import footprint
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.units import DEVICE_HOURS, DURATION, ENERGY, MASS, shown, significant
from pages.charts import Chart, learn
from pages.charts.theme import percent
from pages.session import state
from pages.session.current_estimate import known, shown_estimate
from pages.widgets import chart, chart_tables
from pages.widgets.text import plain

STEPS = {
    "1": ("Compute", "What does a token cost?"),
    "2": ("Throughput", "How fast does a device train?"),
    "3": ("Time", "How long does it take?"),
    "4": ("Energy", "How much energy is that?"),
    "5": ("Grid", "How much carbon is that?"),
    "6": ("Uncertainty", "How sure is the answer?"),
}
ALL = "all"
YOURS = "yours"
SIZES = {  # times the parameters, times the tokens
    YOURS: (1.0, 1.0),
    "2 × N": (2.0, 1.0),
    "2 × D": (1.0, 2.0),
    "both": (2.0, 2.0),
}
ALPHAS = (-6.0, -3.0, 0.0, 3.0, 10.0, 30.0, 60.0, 100.0, 150.0)  # Table 1 goes from -6.7 (K80) to 110 (H100)
DEVICES_TIMES = (0.5, 0.75, 1.5, 2.0, 3.0)
GOOD, USUAL = map(catalog.pue, (sensitivity.GOOD_PUE, sensitivity.USUAL_PUE))
PUES = {GOOD.pue: f"{GOOD.operator} {GOOD.site}, {GOOD.year}", USUAL.pue: f"world average, {USUAL.year}"}
MORE_PUES = (1.0, 1.2, 1.3, 1.4, 1.7, 1.85, 2.0)
MARKED = ("FRA", "GBR", "WORLD", "IND")
PLACES = ("NOR", "FRA", "CAN", "GBR", "DEU", "USA", "WORLD", "CHN", "POL", "IND")  # from clean to coal


# --- parts of a step ---


def lesson(step: str, words: str, source: str) -> tuple[st.delta_generator.DeltaGenerator, ...]:
    """The frame of a step with its words in it; returns the places of the chart, and of the control and question."""
    with st.container(key=f"lesson-{step}"):
        with st.container():
            if chosen == ALL:
                st.header(f"{step} · {STEPS[step][1]}", anchor=False)
            else:
                st.title(f"{step} · {STEPS[step][1]}", anchor=False)
            st.markdown(words)
            st.caption(source)
        return st.container(), st.container()


def draw(drawing: Chart, step: str) -> None:
    """The chart of a step, larger on slides."""
    drawn.append(drawing)
    chart.show(learn.enlarged(drawing) if slides else drawing, f"learn-{step}")


def moved(step: str, label: str, own: float, others: Mapping[str, float], texts: Mapping[str, str], hint: str) -> str:
    """A slider over named values, which stands at the scenario's own until it is moved; returns the name."""
    values = {name: value for name, value in others.items() if value != own} | {YOURS: own}
    options = sorted(values, key=lambda name: values[name])
    key = f"learn_{step}"
    if st.session_state.get(key) not in options:
        st.session_state[key] = YOURS
    return str(
        st.select_slider(
            label, options, key=key, help=hint,
            format_func=lambda name: f"{texts[name]} (yours)" if name == YOURS else texts[name],
        )
    )  # fmt: skip


def adopt(step: str, remove: Sequence[str], changes: Mapping[str, float | str]) -> None:
    """Makes what the control of a step shows part of the scenario."""
    state.change(tuple(remove), **changes)
    st.session_state[f"learn_{step}"] = YOURS


def offer(step: str, changes: Mapping[str, float | str], changed: bool, remove: Sequence[str] = ()) -> None:
    """The button that takes over what the control shows; there is nothing to take on a slide."""
    if not slides:
        st.button(
            "Use this in your scenario", key=f"learn_use_{step}",
            on_click=adopt, args=(step, remove, changes), disabled=not changed,
        )  # fmt: skip


def ask(question: str, answer: str) -> None:
    """A question to think about first, with its answer folded."""
    st.markdown(f"**Think first:** {question}")
    with st.expander("The answer"):
        st.markdown(answer)


# --- the six steps ---


def compute_step(result: Estimate) -> None:
    """6 N D, and what a token costs."""
    experts = result.scenario.active_parameters is not None and result.scenario.training_flop is None
    picture, below = lesson(
        "1",
        "To learn from one token, a model does about 6 operations with each of its parameters: 2 on the way forward, "
        "4 on the way back. With N parameters and D tokens that makes\n\n**compute = 6 × N × D**"
        + (". Of a mixture of experts, only the parameters that a token passes through count." if experts else ""),
        "Kaplan et al. 2020, arXiv:2001.08361, section 2.1"
        + ("; LLMCarbon, Faiz et al. 2024, section 4.2." if experts else "."),
    )
    with below:
        if st.session_state.get("learn_1") not in SIZES:
            st.session_state["learn_1"] = YOURS
        size = st.segmented_control("What if", list(SIZES), key="learn_1", required=True)
        now, then = (learn.flop_if(result, *SIZES[name]) for name in (YOURS, "both"))
        ask(
            "the model gets twice the parameters and reads twice the tokens. How many times the compute?",
            f"**Four times**: 6 × 2N × 2D = 4 × 6ND. Yours would go from {units.scientific(now)} to "
            f"{units.scientific(then)} FLOP. Choose “both” above: the area doubles in both directions.",
        )
    with picture:
        draw(learn.compute_area(result, *SIZES[size or YOURS]), "1")


def throughput_step(result: Estimate) -> None:
    """f(t), its area, cold start and main stage."""
    picture, below = lesson(
        "2",
        "No device trains at its peak. After t seconds it does\n\n**f(t) = ln(1 + αt)** TFLOP/s:\n\na cold start, "
        "then a main stage in which the speed hardly changes. α says how fast. The area under the curve is the work "
        "done: the run is over when that is the compute of step 1.",
        f"OpenCarbonEval, section 2.4. Here the cold start ends at {learn.NEARLY:.0%} of the final speed; the paper "
        "does not say where.",
    )
    own = result.log10_alpha.central
    with below:
        others = {f"{value:g}": value for value in ALPHAS}
        texts = {name: learn.alpha_text(value) for name, value in (others | {YOURS: own}).items()}
        name = moved("2", "log₁₀ α", own, others, texts, "The paper's Table 1 goes from −6.7 (K80) to 110 (H100).")
        before, after = (learn.device_hours_at(result, alpha) for alpha in (own, learn.alpha_doubled(own)))
        half = learn.alpha_text(learn.alpha_for_half_the_time(result))
        ask(
            "α is made twice as large. Does the run take half as long?",
            f"**No**, only {percent(1 - after / before)} less: the speed grows with the *logarithm* of α, so "
            f"doubling α adds no more than ln 2 = 0.69 TFLOP/s. For half the time, log₁₀ α has to go from "
            f"{learn.alpha_text(own)} to {half}. That is why α is written as a power of ten.",
        )
    with picture:
        draw(learn.throughput_area(result, (others | {YOURS: own})[name]), "2")


def time_step(result: Estimate) -> None:
    """Little's law and its inverse; twice the devices take half the time at best, and no less carbon."""
    picture, below = lesson(
        "3",
        "Little's law: **work = speed × time**. The work is known (step 1), and so is the speed (step 2). So the "
        "device-time follows: as long as it takes for the area under f(t) to be the compute. The devices share "
        "it:\n\n**time = device-hours ÷ devices**",
        "OpenCarbonEval, section 2.3 and equation 4.",
    )
    own = int(float(result.inputs.device_count))
    fewest, most = planning.possible_counts(result.scenario, result.past_runs)
    counts = {max(fewest, min(most, round(own * times))) for times in DEVICES_TIMES}
    with below:
        others = {str(count): float(count) for count in counts}
        texts = {name: f"{int(name):,}" for name in others} | {YOURS: f"{own:,}"}
        name = moved("3", "Devices", float(own), others, texts, "All else stays as in your scenario.")
        count = own if name == YOURS else int(name)
        offer("3", {"device_count": float(count)}, count != own)
        double = 2 * own <= most
        if double or own // 2 >= max(fewest, 1):
            asked = with_devices(result, 2 * own if double else own // 2)
            ask(
                f"you take {'twice' if double else 'half'} the devices. What happens to the time? And to the carbon?",
                _more_or_fewer(result, asked, double),
            )
        else:
            ask(
                "you take half the devices. What happens to the time? And to the carbon?",
                f"**It cannot run**: the model takes at least {fewest:,} of them, for its weights, gradients and "
                f"optimiser states. Nor do more than {most:,} do anything at this batch.",
            )
    with picture:
        draw(learn.time_area(result, with_devices(result, count)), "3")


def _more_or_fewer(before: Estimate, after: Estimate, double: bool) -> str:
    """What twice or half the devices do to time and carbon, in words: they wait for each other, if that is known."""
    hours = [shown(one.time_to_train_hours.central, DURATION) for one in (before, after)]
    mass = [shown(one.total_co2e_kg.central, MASS) for one in (before, after)]
    if mass[0] == mass[1]:
        return (
            f"The time {'halves' if double else 'doubles'}, from {hours[0]} to {hours[1]}. **The carbon stays**: "
            f"{mass[0]} before, {mass[1]} after. The device-hours are the same, and they are what needs energy. (Many "
            "devices also wait for each other; that does not show here.)"
        )
    return (
        f"The time {'falls, not quite by half' if double else 'rises, to not quite twice as long'}: from {hours[0]} "
        f"to {hours[1]}. **The carbon {'rises' if double else 'falls'}**: {mass[0]} before, {mass[1]} after. The work "
        f"is the same, but the {'more' if double else 'fewer'} devices share it, the "
        f"{'longer' if double else 'shorter'} they wait for each other, and that takes energy too."
    )


def with_devices(result: Estimate, count: int) -> Estimate:
    """The scenario on another number of devices."""
    return known(result.scenario.replace(device_count=count), result.past_runs)


def energy_step(result: Estimate) -> None:
    """Power, TDP and PUE."""
    tdp = result.device.tdp_w if result.device else None
    at_tdp = tdp is not None and float(result.inputs.power_w) == tdp
    picture, below = lesson(
        "4",
        "**energy = power × device-hours × PUE**\n\n"
        + (
            "The power is taken as the TDP, the heat that the device's cooling is built for; a run can draw less "
            "(StarCoder's: 280 of 400 W). "
            if at_tdp
            else f"The power of a device with its share of the server is {significant(float(result.inputs.power_w))} W "
            "in your scenario. "
        )
        + "PUE is the energy of the whole building over that of its computers: cooling and losses come on top.",
        "TDP: OpenCarbonEval, equation 1 (it leaves PUE out). PUE: ISO/IEC 30134-2.",
    )
    own = float(result.inputs.pue)
    with below:
        others = {f"{value:g}": value for value in (*PUES, *MORE_PUES)}
        texts = {f"{value:g}": f"{value:g} ({of})" for value, of in PUES.items()} | {YOURS: f"{own:.3g}"}
        texts |= {name: name for name in others if name not in texts}
        name = moved("4", "PUE", own, others, texts, "1: nothing but the devices. All else stays as in your scenario.")
        pue = own if name == YOURS else others[name]
        offer("4", {"pue": pue}, pue != own)
        power, hours = float(result.inputs.power_w), result.device_hours.central
        faster = float(footprint.energy_kwh(hours / 2, 2 * power, own))
        ask(
            "a newer device draws twice the power, and needs half the time. How much energy does it save?",
            f"**Nothing.** {significant(power)} W × {shown(hours, DEVICE_HOURS)} × PUE {own:.3g} is "
            f"{shown(result.energy_kwh.central, ENERGY)}; {significant(2 * power)} W × "
            f"{shown(hours / 2, DEVICE_HOURS)} × PUE {own:.3g} is {shown(faster, ENERGY)}. A device saves energy only "
            "if its speed grows more than its power.",
        )
    with picture:
        other = known(result.scenario.replace(pue=pue), result.past_runs)
        draw(learn.energy_area(result, other, list(PUES.items())), "4")


def grid_step(result: Estimate) -> None:
    """From energy to carbon."""
    regions = {key: catalog.region(key) for key in PLACES}
    own = float(result.inputs.carbon_intensity_g_per_kwh)
    stated = result.scenario.carbon_intensity_g_per_kwh is not None or result.region is None
    basis = "" if stated or result.region is None or result.region.basis == "lifecycle" else result.region.basis
    picture, below = lesson(
        "5",
        "**carbon = energy × carbon intensity of the grid**\n\nA kilowatt-hour brings little carbon where it comes "
        "from water, wind, sun or nuclear power, and much where it comes from coal.",
        f"OpenCarbonEval, equation 1. Places on the slider: {regions['WORLD'].source}, lifecycle figures."
        + (f" Yours is {basis}: compare with care." if basis else ""),
    )
    with below:
        others = {key: one.g_per_kwh for key, one in regions.items() if stated or one is not result.region}
        mine = "your own figure" if result.region is None or stated else result.region.name
        texts = {key: one.name for key, one in regions.items()} | {YOURS: mine}
        name = moved("5", "Grid", own, others, texts, "From little carbon to much. All else stays as in your scenario.")
        offer("5", {"region": name}, name != YOURS, ("carbon_intensity_g_per_kwh",))
        ends = [regions[PLACES[0]], regions[PLACES[-1]]]
        target = ends[own < ends[0].g_per_kwh * 2]
        there = in_place(result, target)
        kept = result.embodied_co2e_kg.central
        ask(
            f"the run moves to {target.name}. What changes: the time, the energy, the carbon?",
            f"Only the carbon. The time stays {shown(result.time_to_train_hours.central, DURATION)}, the energy "
            f"{shown(result.energy_kwh.central, ENERGY)}. The carbon of running goes from "
            f"{learn.operational(result, there)} to {learn.operational(there, result)}."
            + (
                f" The carbon of making the devices, {shown(kept, MASS)}, stays: it does not come from this grid."
                if kept > 0
                else ""
            ),
        )
    with picture:
        other = result if name == YOURS else in_place(result, regions[name])
        highest = max(one.g_per_kwh for one in regions.values())
        marks = [
            (regions[key].g_per_kwh, regions[key].name) for key in MARKED if regions[key] is not result.region or stated
        ]
        draw(learn.carbon_area(result, other, texts[name], highest, marks), "5")


def in_place(result: Estimate, region: catalog.Region) -> Estimate:
    """The scenario in another place."""
    return known(planning.in_region(result.scenario, region), result.past_runs)


def uncertainty_step(result: Estimate) -> None:
    """Why an interval, and what narrows it."""
    scores = {one.name: one.score for one in evaluations()}
    ours, published = next(iter(scores.values())), scores["Published α"]
    picture, below = lesson(
        "6",
        "Two runs of one model on one device do not take equally long: software, network and failures differ. So the "
        "answer is an interval: an 80% one is meant to hold 80 of 100 runs. **The more is known before the start, the "
        "narrower it gets.**",
        f"Learnt from {ours.runs} reported runs of {ours.organisations} organisations, each predicted without its "
        "organisation (hierarchical conformal prediction: Lee, Barber & Willett 2023, arXiv:2306.06342).",
    )
    own = float(result.scenario.level or DEFAULTS["level"])
    with below:
        key = f"learn_6_{own:g}"  # another level in the scenario begins anew
        st.session_state.setdefault(key, own)
        level = st.segmented_control(
            "The interval shall hold", sorted({*CONFIDENCE_LEVELS, own}), key=key, required=True,
            format_func=lambda one: f"{100 * one:.3g}%",
        )  # fmt: skip
        at = level if level in CONFIDENCE_LEVELS else own if own in CONFIDENCE_LEVELS else 0.8
        narrow, wide = (f"×{significant(one.median_width[at])}" for one in (published, ours))
        ask(
            f"over all reported runs, the interval of the paper's α is {narrow} wide, the calibrated {at:.0%} one "
            f"{wide}. Is the narrow one the better one?",
            f"**No.** The paper's holds {published.coverage[at]:.0%} of the {published.runs} runs it can be "
            f"tried on; the calibrated one holds {ours.coverage[at]:.0%} of {ours.runs}, give or take "
            f"{100 * ours.coverage_error[at]:.0f} points. A narrow interval that "
            "misses most runs promises what it does not know. Measure the tokens per second of your own stack, or "
            "add your past runs on the Evidence page: that narrows it honestly.",
        )
    with picture:
        draw(learn.intervals(learn.states_of_knowledge(result, level or own), level or own), "6")


DRAW = {
    "1": compute_step,
    "2": throughput_step,
    "3": time_step,
    "4": energy_step,
    "5": grid_step,
    "6": uncertainty_step,
}


# --- the page ---


def go(to: str) -> None:
    """Shows another step; called by the buttons, before the page runs."""
    state.keep_extra("step", "" if to == "1" else to)


def show_as_slides() -> None:
    """Keeps in the link whether the page is shown as slides."""
    state.keep_extra("slides", "yes" if st.session_state["slides_shown"] else "")


drawn: list[Chart] = []  # by `draw`
result = shown_estimate()
keep_step = state.choice("step", "1", (*STEPS, ALL))
chosen = st.session_state["step"]
slides = state.extra("slides") == "yes"
if state.extra("slides") not in ("", "yes"):
    state.refuse("slides", "yes", "the page")
st.session_state["slides_shown"] = slides

with st.container(key="slides" if slides else "learn"):
    with st.container(horizontal=True, vertical_alignment="center"):
        st.segmented_control(
            "Step", [*STEPS, ALL], key="step", on_change=keep_step, required=True, label_visibility="collapsed",
            format_func=lambda one: "All" if one == ALL else f"{one} {STEPS[one][0]}",
        )  # fmt: skip
        order = list(STEPS)
        at = order.index(chosen) if chosen in order else None
        for label, way, key in (("Previous", -1, "PageUp"), ("Next", 1, "PageDown")):
            to = None if at is None else at + way
            possible = to is not None and 0 <= to < len(order)
            st.button(
                label, key=f"learn_{label.lower()}", disabled=not possible,
                on_click=go, args=(order[to] if possible else "1",),
                shortcut=key if slides and possible else None,
            )  # fmt: skip
        st.toggle("Show as slides", key="slides_shown", on_change=show_as_slides)
    if chosen == ALL:
        st.title("From a model to its carbon, in six steps", anchor=False)
    model = state.model()
    st.caption(plain(f"Your scenario: training {model.name if model else 'your model'} {descriptions.where(result)}."))
    for step in order if chosen == ALL else [chosen]:
        DRAW[step](result)
    if not slides:
        chart_tables.show(lambda: drawn, "learn")
