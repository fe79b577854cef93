"""The eight steps of the Learn page: for each its words, its control, its chart, a question and the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from oce import catalog, units
from oce.analysis import alpha, alternatives, device_counts, knowledge, levers, sensitivity
from oce.analysis.equivalent_size import equivalent_size
from oce.estimation import Estimate
from oce.evaluation.refit import evaluations
from oce.fields import DEFAULTS, FIELDS
from oce.method import footprint
from oce.method.conformal import CONFIDENCE_LEVELS
from oce.units import DEVICE_HOURS, DURATION, ENERGY, MASS, shown, significant
from pages import charts
from pages.charts import Chart
from pages.charts.chart import percent
from pages.session.current_estimate import cached_estimate

YOURS = "yours"
# times the parameters, times the tokens
SIZES = {YOURS: (1.0, 1.0), "2 × N": (2.0, 1.0), "2 × D": (1.0, 2.0), "both": (2.0, 2.0)}
ALPHAS = (-6.0, -3.0, 0.0, 3.0, 10.0, 30.0, 60.0, 100.0, 150.0)  # Table 1 goes from -6.7 (K80) to 110 (H100)
DEVICES_TIMES = (0.5, 0.75, 1.5, 2.0, 3.0)
GOOD, USUAL = map(catalog.pue, (sensitivity.GOOD_PUE, sensitivity.USUAL_PUE))
PUES = {GOOD.pue: f"{GOOD.operator} {GOOD.site}, {GOOD.year}", USUAL.pue: f"world average, {USUAL.year}"}
MORE_PUES = (1.0, 1.2, 1.3, 1.4, 1.7, 1.85, 2.0)
MARKED = ("FRA", "GBR", "WORLD", "IND")
LIVES = (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
CHOICES = {"all but the model": levers.SAME_MODEL, "the model too": levers.LEVERS}
PLACES = ("NOR", "FRA", "CAN", "GBR", "DEU", "USA", "WORLD", "CHN", "POL", "IND")  # from clean to coal


@dataclass(frozen=True)
class Control:
    """The control of a step: a slider, or a row of buttons."""

    name: str  # in the session
    label: str
    options: tuple[Any, ...]
    default: Any  # where it stands until it is moved: the scenario's own
    texts: Mapping[Any, str]  # each option as it is shown
    hint: str = ""
    is_slider: bool = False


@dataclass(frozen=True)
class Offer:
    """What of the scenario the control would change, and whether it would."""

    changes: Mapping[str, float | str]
    is_change: bool
    remove: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lesson:
    """A step: words and source, the control and what it offers, the chart, the question and the answer."""

    words: str
    source: str
    control: Control
    chart: Chart
    question: str
    answer: str
    offer: Offer | None = None


Choose = Callable[[Control], Any]  # what a control stands at: one of its options


def _slider(step: str, label: str, values: Mapping[str, float], texts: Mapping[str, str], hint: str) -> Control:
    """A slider over named values, which stands at the scenario's own until it is moved."""
    others = [name for name, value in values.items() if value != values[YOURS]]
    options = tuple(sorted([*others, YOURS], key=values.__getitem__))
    named = {name: texts.get(name, name) for name in others} | {YOURS: f"{texts[YOURS]} (yours)"}
    return Control(step, label, options, YOURS, named, hint, is_slider=True)


def compute(result: Estimate, choose: Choose) -> Lesson:
    """6 N D, and what a token costs."""
    experts = result.scenario.active_parameters is not None and result.scenario.training_flop is None
    control = Control("1", "What if", tuple(SIZES), YOURS, {name: name for name in SIZES})
    now, then = (equivalent_size(result).training_flop(*SIZES[name]) for name in (YOURS, "both"))
    return Lesson(
        words="To learn from one token, a model does about 6 operations with each of its parameters: 2 on the way "
        "forward, 4 on the way back. With N parameters and D tokens that makes\n\n**compute = 6 × N × D**"
        + (". Of a mixture of experts, only the parameters that a token passes through count." if experts else ""),
        source="Kaplan et al. 2020, arXiv:2001.08361, section 2.1"
        + ("; LLMCarbon, Faiz et al. 2024, section 4.2." if experts else "."),
        control=control,
        chart=charts.compute_area(result, *SIZES[choose(control)]),
        question="the model gets twice the parameters and reads twice the tokens. How many times the compute?",
        answer=f"**Four times**: 6 × 2N × 2D = 4 × 6ND. Yours would go from {units.scientific(now)} to "
        f"{units.scientific(then)} FLOP. Choose “both” above: the area doubles in both directions.",
    )


def throughput(result: Estimate, choose: Choose) -> Lesson:
    """f(t), its area, cold start and main stage."""
    own = result.log10_alpha.central
    values = {f"{value:g}": value for value in ALPHAS} | {YOURS: own}
    texts = {name: charts.alpha_text(value) for name, value in values.items()}
    hint = "The paper's Table 1 goes from −6.7 (K80) to 110 (H100)."
    control = _slider("2", "log₁₀ α", values, texts, hint)
    before, after = (alpha.device_hours_at(result, at) for at in (own, alpha.doubled(own)))
    half = charts.alpha_text(alpha.log10_alpha_for_half_the_time(result))
    return Lesson(
        words="No device trains at its peak. After t seconds it does\n\n**f(t) = ln(1 + αt)** TFLOP/s:\n\na cold "
        "start, then a main stage at almost one speed; α says how fast. The area under the curve is the work: the run "
        "ends when it is the compute of step 1.",
        source=f"OpenCarbonEval, section 2.4; that the cold start ends at {alpha.END_OF_COLD_START:.0%} of the final "
        "speed is ours.",
        control=control,
        chart=charts.throughput_area(result, values[choose(control)]),
        question="α is made twice as large. Does the run take half as long?",
        answer=f"**No**, only {percent(1 - after / before)} less: the speed grows with the *logarithm* of α, so "
        f"doubling α adds no more than ln 2 = 0.69 TFLOP/s. For half the time, log₁₀ α has to go from "
        f"{charts.alpha_text(own)} to {half}. That is why α is written as a power of ten.",
    )


def time(result: Estimate, choose: Choose) -> Lesson:
    """Little's law and its inverse; twice the devices take half the time at best, and no less carbon."""
    own = int(float(result.inputs.device_count))
    fewest, most = device_counts.possible_counts(result.scenario, result.past_runs)
    counts = {max(fewest, min(most, round(own * times))) for times in DEVICES_TIMES}
    values = {str(count): count for count in counts} | {YOURS: own}
    texts = {name: f"{count:,}" for name, count in values.items()}
    control = _slider("3", "Devices", values, texts, "All else stays as in your scenario.")
    count = values[choose(control)]
    double = 2 * own <= most
    if double or own // 2 >= max(fewest, 1):
        answer = _more_or_fewer(result, with_devices(result, 2 * own if double else own // 2), double)
    else:
        answer = (
            f"**It cannot run**: the model takes at least {fewest:,} of them, for its weights, gradients and "
            f"optimiser states. Nor do more than {most:,} do anything at this batch."
        )
    return Lesson(
        words="Little's law: **work = speed × time**. The work is known (step 1), and so is the speed (step 2). So the "
        "device-time follows: as long as it takes for the area under f(t) to be the compute. The devices share "
        "it:\n\n**time = device-hours ÷ devices**",
        source="OpenCarbonEval, section 2.3 and equation 4.",
        control=control,
        chart=charts.time_area(result, with_devices(result, count)),
        question=f"you take {'twice' if double else 'half'} the devices. What happens to the time? And to the carbon?",
        answer=answer,
        offer=Offer({"device_count": float(count)}, count != own),
    )


def _more_or_fewer(before: Estimate, after: Estimate, double: bool) -> str:
    """What twice or half the devices do to time and carbon, in words: they wait for each other, if that is known."""
    hours = [shown(result.time_to_train_hours.central, DURATION) for result in (before, after)]
    mass = [shown(result.total_co2e_kg.central, MASS) for result in (before, after)]
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
    return cached_estimate(result.scenario.replace(device_count=count), result.past_runs)


def energy(result: Estimate, choose: Choose) -> Lesson:
    """Power, TDP and PUE."""
    tdp = result.device.tdp_w if result.device else None
    power, own = float(result.inputs.power_w), float(result.inputs.pue)
    values = {f"{value:g}": value for value in (*PUES, *MORE_PUES)} | {YOURS: own}
    texts = {f"{value:g}": f"{value:g} ({of})" for value, of in PUES.items()} | {YOURS: f"{own:.3g}"}
    hint = "1: nothing but the devices. All else stays as in your scenario."
    control = _slider("4", "PUE", values, texts, hint)
    pue = values[choose(control)]
    hours = result.device_hours.central
    faster = float(footprint.energy_kwh(hours / 2, 2 * power, own))
    return Lesson(
        words="**energy = power × device-hours × PUE**\n\n"
        + (
            "The power is taken as the TDP, the heat that the device's cooling is built for; a run can draw less "
            "(StarCoder's: 280 of 400 W). "
            if power == tdp
            else f"The power of a device with its share of the server is {significant(power)} W in your scenario. "
        )
        + "PUE is the energy of the whole building over that of its computers: cooling and losses come on top.",
        source="TDP: OpenCarbonEval, equation 1 (it leaves PUE out). PUE: ISO/IEC 30134-2.",
        control=control,
        chart=charts.energy_area(
            result, cached_estimate(result.scenario.replace(pue=pue), result.past_runs), list(PUES.items())
        ),
        question="a newer device draws twice the power, and needs half the time. How much energy does it save?",
        answer=f"**Nothing.** {significant(power)} W × {shown(hours, DEVICE_HOURS)} × PUE {own:.3g} is "
        f"{shown(result.energy_kwh.central, ENERGY)}; {significant(2 * power)} W × "
        f"{shown(hours / 2, DEVICE_HOURS)} × PUE {own:.3g} is {shown(faster, ENERGY)}. A device saves energy only "
        "if its speed grows more than its power.",
        offer=Offer({"pue": pue}, pue != own),
    )


def grid(result: Estimate, choose: Choose) -> Lesson:
    """From energy to carbon."""
    regions = {key: catalog.region(key) for key in PLACES}
    own = float(result.inputs.carbon_intensity_g_per_kwh)
    stated = result.scenario.carbon_intensity_g_per_kwh is not None or result.region is None
    basis = "" if stated or result.region is None or result.region.basis == "lifecycle" else result.region.basis
    others = {key: region.g_per_kwh for key, region in regions.items() if stated or region is not result.region}
    mine = "your own figure" if result.region is None or stated else result.region.name
    texts = {key: region.name for key, region in regions.items()} | {YOURS: mine}
    hint = "From little carbon to much. All else stays as in your scenario."
    control = _slider("5", "Grid", others | {YOURS: own}, texts, hint)
    name = choose(control)
    other = result if name == YOURS else in_place(result, regions[name])
    highest = max(region.g_per_kwh for region in regions.values())
    marked = [regions[key] for key in MARKED if regions[key] is not result.region or stated]
    marks = [(region.g_per_kwh, region.name) for region in marked]
    ends = [regions[PLACES[0]], regions[PLACES[-1]]]
    target = ends[own < ends[0].g_per_kwh * 2]
    there, kept = in_place(result, target), result.embodied_co2e_kg.central
    return Lesson(
        words="**carbon = energy × carbon intensity of the grid**\n\nA kilowatt-hour brings little carbon where it "
        "comes from water, wind, sun or nuclear power, and much where it comes from coal.",
        source=f"OpenCarbonEval, equation 1. Places on the slider: {regions['WORLD'].source}, lifecycle figures."
        + (f" Yours is {basis}: compare with care." if basis else ""),
        control=control,
        chart=charts.carbon_area(result, other, texts[name], highest, marks),
        question=f"the run moves to {target.name}. What changes: the time, the energy, the carbon?",
        answer=f"Only the carbon. The time stays {shown(result.time_to_train_hours.central, DURATION)}, the energy "
        f"{shown(result.energy_kwh.central, ENERGY)}. The carbon of running goes from "
        f"{charts.operational(result, there)} to {charts.operational(there, result)}."
        + (
            f" The carbon of making the devices, {shown(kept, MASS)}, stays: it does not come from this grid."
            if kept > 0
            else ""
        ),
        offer=Offer({"region": name}, name != YOURS, ("carbon_intensity_g_per_kwh",)),
    )


def in_place(result: Estimate, region: catalog.Region) -> Estimate:
    return cached_estimate(alternatives.in_region(result.scenario, region), result.past_runs)


def uncertainty(result: Estimate, choose: Choose) -> Lesson:
    """Why an interval, and what narrows it."""
    scores = {method.name: method.score for method in evaluations()}
    ours, published = next(iter(scores.values())), scores["Published α"]
    own = float(result.scenario.level or DEFAULTS["level"])
    levels = tuple(sorted({*CONFIDENCE_LEVELS, own}))
    name = f"6_{own:g}"  # another level in the scenario begins anew
    texts = {level: f"{100 * level:.3g}%" for level in levels}
    control = Control(name, "The interval shall hold", levels, own, texts)
    level = choose(control)
    at = level if level in CONFIDENCE_LEVELS else own if own in CONFIDENCE_LEVELS else 0.8
    narrow, wide = (f"×{significant(score.median_width[at])}" for score in (published, ours))
    return Lesson(
        words="Two runs of one model on one device do not take equally long: software, network and failures differ. So "
        "the answer is an interval: an 80% one is meant to hold 80 of 100 runs. **The more is known before the start, "
        "the narrower it gets.**",
        source=f"Learnt from {ours.runs} reported runs of {ours.organisations} organisations, each predicted without "
        "its organisation (hierarchical conformal prediction: Lee, Barber & Willett 2023, arXiv:2306.06342).",
        control=control,
        chart=charts.intervals(knowledge.states_of_knowledge(result, level), level),
        question=f"over all reported runs, the interval of the paper's α is {narrow} wide, the calibrated {at:.0%} one "
        f"{wide}. Is the narrow one the better one?",
        answer=f"**No.** The paper's holds {published.coverage[at]:.0%} of the {published.runs} runs it can be "
        f"tried on; the calibrated one holds {ours.coverage[at]:.0%} of {ours.runs}, give or take "
        f"{100 * ours.coverage_error[at]:.0f} points. A narrow interval that "
        "misses most runs promises what it does not know. Measure the tokens per second of your own stack, or "
        "add your past runs on the Evidence page: that narrows it honestly.",
    )


def making(result: Estimate, choose: Choose) -> Lesson:
    """The devices have to be made, too."""
    own = float(result.resolved.device_life_years[0])
    values = {f"{years:g}": years for years in LIVES if years != own} | {YOURS: own}
    texts = {name: f"{years:g} years" for name, years in values.items()}
    hint = "How long the devices serve before they are replaced. All else stays as in your scenario."
    control = _slider("7", "Device life", values, texts, hint)
    life = values[choose(control)]
    named = [("Your scenario", result)]
    if life != own:
        named.append((f"{life:g} years of life", with_life(result, life)))
    short = with_life(result, max(own / 2, FIELDS["device_life_years"].low))
    made, total = result.embodied_co2e_kg.central, result.total_co2e_kg.central
    share = f"{percent(made / total)} of the total" if made > 0 and total > 0 else "not counted in your scenario"
    return Lesson(
        words="**total = carbon of running + carbon of making**\n\nBefore a device computes anything, its chips, its "
        "memory and its server have to be made. That carbon is spread over the hours that the device serves; a run "
        f"carries the share of the hours it takes. In your scenario that is {shown(made, MASS)}, {share}.",
        source="How making is counted, device by device: the table of embodied carbon on the page Data.",
        control=control,
        chart=charts.totals(named),
        question="the devices are replaced after half the years. What happens to the carbon of making?",
        answer=f"**It doubles**, from {shown(made, MASS)} to {shown(short.embodied_co2e_kg.central, MASS)}: the same "
        "devices, spread over half the hours. On a clean grid this can outweigh the electricity; on a grid of coal it "
        "hardly shows. A newer device that saves power has to save more than its making costs.",
        offer=Offer({"device_life_years": life}, life != own),
    )


def with_life(result: Estimate, years: float) -> Estimate:
    return cached_estimate(result.scenario.replace(device_life_years=years), result.past_runs)


def choice(result: Estimate, choose: Choose) -> Lesson:
    """What would you do?"""
    control = Control("8", "You may change", tuple(CHOICES), next(iter(CHOICES)), {name: name for name in CHOICES})
    pulled = levers.pulled_from(result, CHOICES[choose(control)])
    first = max(pulled, key=lambda lever: lever.before_kg - lever.after_kg, default=None)
    now = result.total_co2e_kg.central
    least = pulled[-1].after_kg if pulled else now
    named = f"**{first.label}**: {shown(first.before_kg - first.after_kg, MASS)} less. " if first else ""
    return Lesson(
        words="You know the chain now: compute, speed, time, energy, grid, making. Each link can be changed by "
        "somebody: who designs the model, who buys the devices, who chooses the place. **What would you do first?**",
        source="The best values that can be reached, one change after another; the page Plan says where each is from.",
        control=control,
        chart=charts.lever_steps(pulled, result),
        question="which single change helps most here? And what can no change of these take away?",
        answer=f"{named}All of them together leave {shown(least, MASS)} of {shown(now, MASS)}: the work itself, on the "
        "best devices in the cleanest place. What then remains is to ask whether the run is needed, and how often the "
        "model will be used: see Lifetime.",
    )


Teach = Callable[[Estimate, Choose], Lesson]
STEPS: Mapping[str, Teach] = {
    "1": compute,
    "2": throughput,
    "3": time,
    "4": energy,
    "5": grid,
    "6": uncertainty,
    "7": making,
    "8": choice,
}
