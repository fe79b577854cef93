"""Lifetime: and after training?"""

import html
from collections.abc import Sequence

import streamlit as st

from oce import descriptions, units
from oce.analysis import inference, lifetime, water
from oce.analysis.lifetime import DEFAULTS, ENTRIES, HOURS_PER_DAY, PARTS, Service
from oce.analysis.water import VOLUME, Water
from oce.interval import Interval
from oce.units import Unit
from pages import charts
from pages.session import state
from pages.session.current_estimate import shown_estimate, title
from pages.widgets import chart, chart_tables, table
from pages.widgets.text import plain

MODELLED, TASK, OWN = "model", "task", "own"
WAYS = {MODELLED: "EcoLogits", TASK: "Measured", OWN: "My own"}
TASKS = {one.id: one for one in inference.tasks()}
FIRST_TASK = {"vision": "task-image-classification", "multimodal": "task-image-captioning"}
MEASURED = ("language", "vision", "multimodal")  # modalities that some measured task is of
NEAREST, UNKNOWN = "nearest", "none"
FLEETS = {one.id: one for one in water.places()}
NICE = (1.0, 2.0, 3.0, 5.0, 7.0)
SLIDERS = {  # what each slider offers, besides the exact value that was entered
    "queries_per_day": [0.0, *(n * 10**e for e in range(3, 10) for n in NICE), 1e10],
    "output_tokens": [*(n * 10**e for e in range(5) for n in NICE), 1e5],
    "years": [0.1, 0.25, 0.5, 0.75, 1.0, 1.5, *map(float, range(2, 21))],
}
PAPER = "Luccioni, Jernite and Strubell, Power Hungry Processing (FAccT 2024)"
HELP = {
    "queries_per_day": "As 10M or 1e7. 10M is a first guess: 10 million users a day with one query each, as was "
    "estimated of ChatGPT in 2023.",
    "years": "From the first day of service to the last.",
    "output_tokens": "Length of an answer: 50 for a short message, 400 for a small conversation, 5,000 for a report. "
    "Hidden reasoning counts too.",
    "wh_per_query": "At the IT equipment: PUE is added to it. 1 Wh is only a placeholder.",
}


# --- what is entered ---


def entered(name: str) -> float:
    """The number that the link holds under this name, else its default."""
    held = state.extra(name)
    try:
        return lifetime.read(name, held) if held else DEFAULTS[name]
    except ValueError as error:
        if st.session_state.get(f"{name}_wrong", ("",))[0] != held:
            refuse(name, held, str(error))
        return DEFAULTS[name]


def refuse(name: str, text: str, allowed: str) -> None:
    """Keeps a text that cannot be used, for as long as the link stays as it is."""
    said = f"{ENTRIES[name].label}: “{text.strip()[:40]}” cannot be used; allowed: {allowed}."
    st.session_state[f"{name}_wrong"] = (state.extra(name), text, said)


def keep(name: str, value: float) -> None:
    """Keeps a number in the link."""
    st.session_state.pop(f"{name}_wrong", None)
    state.keep_extra(name, "" if value == DEFAULTS[name] else units.exact(value))


def put(key: str, value: object) -> None:
    """Shows `value` in a control, unless it does already."""
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def entry(name: str) -> None:
    """A number that is typed, or moved on a slider; what is wrong with it is said beneath."""
    now, typed_key, moved_key = values[name], f"{name}_typed", f"{name}_moved"
    held, text, said = st.session_state.get(f"{name}_wrong", ("", "", ""))
    refused = bool(said) and held == state.extra(name)
    put(typed_key, text if refused else units.exact(now))

    def typed() -> None:
        given = st.session_state[typed_key]
        try:
            value = lifetime.read(name, given) if given.strip() else DEFAULTS[name]
        except ValueError as error:
            refuse(name, given, str(error))
        else:
            keep(name, value)

    def moved() -> None:
        keep(name, st.session_state[moved_key])

    unit = " (Wh)" if name == "wh_per_query" else ""
    st.text_input(f"{ENTRIES[name].label}{unit}", key=typed_key, on_change=typed, help=HELP[name])
    if name in SLIDERS:
        if now not in SLIDERS[name]:
            st.session_state[f"{name}_exact"] = now  # stays on the slider, so that moving does not rebuild it
        put(moved_key, now)
        st.select_slider(
            f"{ENTRIES[name].label}, slider", sorted({*SLIDERS[name], st.session_state.get(f"{name}_exact", now)}),
            key=moved_key, on_change=moved, format_func=units.compact, label_visibility="collapsed",
        )  # fmt: skip
    if refused:
        st.error(plain(f"{said} Until then it is {units.exact(now)}."))


# --- how it reads ---


def shown(interval: Interval, scale: Sequence[Unit] = units.MASS) -> str:
    """A figure with its interval."""
    central = units.shown(interval.central, scale)
    return central if interval.low == interval.high else f"{central} ({units.shown_range(interval, scale)})"


def between(interval: Interval, scale: Sequence[Unit]) -> str:
    """The interval of one of the figures of the answer."""
    return "no interval" if interval.low == interval.high else units.shown_range(interval, scale)


def cell(label: str, value: str, beneath: str) -> str:
    """One of the figures of the answer."""
    number, _, unit = value.partition(" ")
    label, number, unit, beneath = map(html.escape, (label, number, unit, beneath))
    return f"<div><dt>{label}</dt><dd><b>{number}</b> <span>{unit}</span></dd><dd class='interval'>{beneath}</dd></div>"


def origin(name: str, default: str) -> str:
    """Where a number comes from: the visitor, or what the default is."""
    return default if values[name] == DEFAULTS[name] else "Yours"


def litres(interval: Interval | None) -> str:
    """Water, or that there is no figure."""
    return "no figure" if interval is None else shown(interval, VOLUME)


def fleet_name(key: str) -> str:
    """Whose data centres, in the list."""
    if key == UNKNOWN:
        return "Not known"
    if key == NEAREST:
        return f"Nearest to your region: {nearest.entity if nearest else 'no figure'}"
    return f"{FLEETS[key].entity} · {FLEETS[key].l_per_kwh:g} l/kWh ({FLEETS[key].year})"


# --- the scenario, and how it is used ---

result = shown_estimate()
run = result.scenario
level = result.level or 0.8
pue, grid = float(result.inputs.pue), float(result.inputs.carbon_intensity_g_per_kwh)
modality = run.modality or "language"
ways = [one for one in WAYS if one != MODELLED or (modality == "language" and run.parameters is not None)]
first_way = MODELLED if MODELLED in ways else TASK if modality in MEASURED else OWN
nearest = water.place_for(result.region)

top = st.container()  # the answer: before the warnings, whatever is found out first
values = {name: entered(name) for name in ENTRIES}
keep_way = state.choice("inference", first_way, ways, ", ".join(ways))
keep_task = state.choice("task", FIRST_TASK.get(modality, "task-text-generation"), TASKS, ", ".join(TASKS))
keep_water = state.choice(
    "water", NEAREST, [NEAREST, UNKNOWN, *FLEETS], f"{NEAREST}, {UNKNOWN}, or a row of data/water.csv"
)
elsewhere = {"output_tokens": MODELLED, "wh_per_query": OWN}  # entries that are drawn in one way of counting only
for name, of_way in elsewhere.items():
    held, _, said = st.session_state.get(f"{name}_wrong", ("", "", ""))
    if said and held == state.extra(name) and st.session_state["inference"] != of_way:
        st.warning(plain(f"In the link, {said} Until then it is {units.exact(values[name])}."))
way, task, tokens = st.session_state["inference"], TASKS[st.session_state["task"]], values["output_tokens"]

embodied_kg = None  # as in training
embodied_from = "No figure of its own: as much per kWh as in training"
if way == MODELLED:
    total = float(run.parameters)
    active = float(run.active_parameters or total)
    query = inference.modelled(active, total, tokens)
    kwh, embodied_kg = query.kwh_per_query, query.embodied_kg_per_query
    size = units.compact(float(f"{total:.3g}"))
    if active < total:
        size = f"{units.compact(float(f'{active:.3g}'))} active of {size}"
    query_name, rests = f"Yours: {tokens:,.0f} tokens", f"{tokens:,.0f} tokens of output a query, by EcoLogits"
    energy_from = f"EcoLogits {inference.ecologits_version()}, {size} parameters, 16 bits, 64 requests served at once"
    embodied_from = "EcoLogits: a share of GPUs and servers that last 3 years"
    basis = (
        f"EcoLogits models an answer of {tokens:,.0f} tokens from {size} parameters, with 64 requests served at once. "
        "It states no range; this one is from 128 (low) to 16 (high) at once."
    )
    if query.extrapolated:
        basis += " **Extrapolated:** it was fitted on models of up to 200B active parameters."
    if query.at_floor:
        basis += " It has a floor: below about 1B active parameters a smaller model hardly takes less."
elif way == TASK:
    kwh = task.kwh_per_query(level)
    query_name, rests = f"Yours: {task.name.lower()}", f"a query is {task.name.lower()}, as measured"
    energy_from = f"{PAPER}, Table 2"
    basis = (
        f"Measured: the mean of the models of this task, and {level:.0%} of them around it, taken as log-normal. "
        "Each query ran alone on one A100 of a node of eight, whose idle draw is in it: a busy service takes less."
    )
else:
    own = values["wh_per_query"] / lifetime.WH_PER_KWH
    kwh = Interval.point(own)
    query_name, rests = "Yours", f"{values['wh_per_query']:.3g} Wh a query"
    energy_from = origin("wh_per_query", "A placeholder: enter your own")
    basis = "Your own figure, without an interval: energy of a query at the IT equipment. PUE is added to it."
if modality != "language":
    basis += " EcoLogits models language models only, so it is not offered here."
elif MODELLED not in ways:
    basis += " EcoLogits needs the number of parameters: enter the model size in the sidebar."
if modality not in MEASURED:
    basis += f" No measured task is of the kind “{modality}”, so 1 Wh is only a placeholder: enter what you know."

service = Service(values["queries_per_day"], values["years"], kwh, embodied_kg)
ends = lifetime.at_end(result, service)
even = lifetime.break_even_days(result, service)
share = lifetime.inference_share(result, service)
per_query = lifetime.co2e_kg_per_query(result, service)
in_service = lifetime.years(service.years)

# The answer
with top:
    title(lifetime.headline(result, service))
    if even is None or even.central > lifetime.FAR:
        passes = cell("Passes training", "never", "") if even is None else cell("Passes after", "1,000+ years", "")
    else:
        hours = even * HOURS_PER_DAY
        when = units.shown(hours.central, units.DURATION)
        passes = cell("Passes training after", when, between(hours, units.DURATION))
    part = lifetime.percent(share.central)
    ends_of_share = f"{lifetime.percent(share.low).removesuffix('%')}–{lifetime.percent(share.high)}"
    st.html(
        "<dl class='figures'>"
        + passes
        + cell(f"Inference's share, {in_service}", part, "" if share.low == share.high else ends_of_share)
        + cell(
            f"All carbon, {in_service}",
            units.shown(ends["total"].central, units.MASS),
            between(ends["total"], units.MASS),
        )
        + cell("Carbon of a query", units.shown(per_query.central, units.MASS), lifetime.energy_in_words(kwh))
        + "</dl>"
    )
    asked = f"{units.compact(float(f'{service.queries_per_day:.3g}'))} queries a day"
    assumed = " (assumed: enter yours)" if service.queries_per_day == DEFAULTS["queries_per_day"] else ""
    st.html(
        f"<p class='strip'><b>It rests most on</b> {html.escape(f'{asked}{assumed} · {rests}')}. "
        f"<span>Inference on the same grid ({units.significant(grid)} g CO2e/kWh) and with the same PUE "
        f"({pue:g}) as training.</span></p>"
    )

# How it is used
left, middle, right = st.columns([5, 5, 7])
with left:
    entry("queries_per_day")
with middle:
    entry("years")
with right:
    st.segmented_control(
        "Energy of a query", ways, format_func=WAYS.get, key="inference", on_change=keep_way, required=True
    )
    if way == MODELLED:
        entry("output_tokens")
    elif way == TASK:
        st.selectbox(
            "Task", list(TASKS), format_func=lambda key: TASKS[key].name, key="task", on_change=keep_task,
        )  # fmt: skip
    else:
        entry("wh_per_query")
st.caption(basis)

# The charts and the sums
unit = units.unit_for(ends["total"].central, units.MASS)
earlier = lifetime.lifetime(result, service, [0.0, service.days / 2])


def row(label: str, name: str) -> list[str]:
    """A part, or the total, at three instants."""
    interval = ends[name]
    at_launch, halfway = earlier.total[1] if name == "total" else earlier.part(name)[1]
    amounts = [f"{units.significant(kg / unit.size)} {unit.name}" for kg in (at_launch, halfway, interval.central)]
    low, high = (units.significant(end / unit.size) for end in (interval.low, interval.high))
    of_all = interval.central / ends["total"].central if ends["total"].central > 0 else 0.0
    return [label, *amounts, f"{low}–{high} {unit.name}" if low != high else "none", lifetime.percent(of_all)]


drawn: list[charts.Chart] = []
if ends["total"].central > 0:
    drawn.append(charts.training_against_inference(result, service))
    chart.show(drawn[-1], "life")
    left, right = st.columns(2, gap="large")
    with left:
        drawn.append(charts.parts_of_life(result, service))
        chart.show(drawn[-1], "parts")
    with right:
        drawn.append(charts.shares_of_life(result, service))
        chart.show(drawn[-1], "shares")
    st.markdown("## The sums")
    table.show(
        ["Part", "At launch", f"After {lifetime.years(service.years / 2)}", f"After {in_service}", "Interval", "Share"],
        [*(row(label, name) for name, label in PARTS.items()), row("Total", "total")],
    )
    st.caption(
        f"Training: {descriptions.level(result)} The parts add up to the total at the central values, at every "
        "instant; the total's interval is that of training and that of inference, low to low and high to high, and so "
        "on the careful side. The day on which inference passes training, and its share, take the energy of a query as "
        "independent of training: their relative half-widths add up in quadrature."
    )
else:
    st.info("The grid emits nothing and no figure for making the devices is known, so there are no curves to draw.")

# The energy of a query
drawn.append(charts.energy_of_a_query(inference.tasks(), level, kwh, query_name))
chart.show(drawn[-1], "tasks")
st.caption(
    f"{PAPER}, Table 2: mean and standard deviation over the models of a task, here with the {level:.0%} interval of a "
    "log-normal. One A100 of a node of eight in us-west-2, no batching, idle GPUs included; text generation is only 10 "
    "new tokens. Most of the printed figures have one digit."
)
with st.expander("Eight models for many tasks (Table 3)"):
    table.show(
        ["Model", "Parameters", "Energy of a query", "Carbon with your grid and PUE"],
        [
            [
                one.name,
                units.compact(one.parameters),
                lifetime.energy_in_words(one.kwh_per_query),
                units.shown(one.kwh_per_query * pue * grid / 1000, units.MASS),
            ]
            for one in inference.multi_purpose()
        ],
    )
    st.caption(
        "Mean over question answering, text classification and summarization. The carbon printed there implies about "
        "139 g CO2e/kWh, not the 297.6 that the text states; only the energy is used here."
    )

# The parity
rows = inference.parity()
drawn.append(charts.parity_with_training(rows, lifetime.energy_parity(result, service)))
chart.show(drawn[-1], "parity")
table.show(
    ["Model", "Training", "Fine-tuning", "A query", "Printed", "Recomputed", "Agrees"],
    [
        [
            one.name,
            f"{one.training_kwh:,.0f} kWh",
            f"{one.finetuning_kwh:,.0f} kWh",
            f"{one.kwh_per_query * lifetime.WH_PER_KWH:g} Wh",
            f"{one.printed:,}",
            f"{one.recomputed:,}",
            "to every digit" if one.agrees else f"off by {float(100 * abs(one.printed / one.exactly - 1)):.1g}%",
        ]
        for one in rows
    ],
)
st.caption(f"{PAPER}, Table 5: (training + fine-tuning) ÷ energy of a query, cut off after the point.")

chart_tables.show(lambda: drawn, "lifetime")

# Water
st.markdown("## Water")
st.selectbox(
    "On-site water of", [NEAREST, UNKNOWN, *FLEETS], format_func=fleet_name, key="water", on_change=keep_water,
    width=560, help="Litres per kWh of the IT equipment, as the provider discloses them.",
)  # fmt: skip
picked = st.session_state["water"]
fleet = nearest if picked == NEAREST else FLEETS.get(picked)
off_site = water.off_site_l_per_kwh(result.region)
on_site = None if fleet is None else fleet.l_per_kwh
it_training = lifetime.it_energy_kwh(result)
it_inference = kwh * service.queries
used = {
    "Training": it_training,
    f"Inference, {in_service}": it_inference,
    "Both": it_training + it_inference,
    "One query": kwh,
}
drawn: dict[str, Water] = {name: water.litres(energy, pue, on_site, off_site) for name, energy in used.items()}
both = drawn["Both"]
takes = f"training and {in_service} of inference take"
if both.total_l:
    said = f"{takes.capitalize()} **{shown(both.total_l, VOLUME)}** of water."
elif both.on_site_l or both.off_site_l:
    known, missing = ("On-site", "off-site") if both.on_site_l else ("Off-site", "on-site")
    said = (
        f"{known} alone, {takes} **{litres(both.on_site_l or both.off_site_l)}** of water. There is no total, as the "
        f"{missing} part has no figure: it is missing, not 0."
    )
else:
    said = "Neither part of the water has a figure here: it is missing, not 0."
st.markdown(said)
table.show(
    ["Water of", "On-site", "Off-site", "Together"],
    [[name, *map(litres, (one.on_site_l, one.off_site_l, one.total_l))] for name, one in drawn.items()],
)
on_site_said = (
    f"On-site: {on_site:g} l per kWh of IT equipment, without PUE. {fleet.entity}, {fleet.year}. {fleet.remark} "
    f"Source: {fleet.source}."
    if fleet
    else "On-site: no figure for this place; choose a provider."
)
off_site_said = (
    f"Off-site: {off_site:.3g} l consumed per kWh at the meter, with PUE once: the country's electricity, by the World "
    "Resources Institute, as in EcoLogits. Reservoirs evaporate, so hydropower has little carbon and much water."
    if off_site is not None
    else "Off-site: no figure, as the scenario names no country."
)
st.caption(plain(on_site_said))
st.caption(plain(off_site_said))
with st.expander("Litres per kWh, by source of electricity"):
    table.show(
        ["Source", "Water consumed"],
        [[one.entity, f"{units.significant(one.l_per_kwh)} l/kWh"] for one in water.sources()],
    )
    st.caption("Medians of US studies: Macknick et al. 2012.")

# Assumptions and limits
st.markdown("## What was assumed")
table.show(
    ["Value", "Used", "From"],
    [
        [
            "Queries a day",
            units.compact(service.queries_per_day),
            origin(
                "queries_per_day",
                "Assumed: 10 million users a day, one query each, as was estimated of ChatGPT in 2023 "
                "(Power Hungry Processing, section 4.3)",
            ),
        ],
        ["Years in service", f"{service.years:.3g}", origin("years", "Assumed")],
        *(
            [
                [
                    "Output tokens",
                    f"{tokens:,.0f}",
                    origin("output_tokens", "A small conversation in EcoLogits' calculator"),
                ]
            ]
            if way == MODELLED
            else []
        ),
        ["Energy of a query", lifetime.energy_in_words(kwh), energy_from],
        ["Devices of a query", shown(lifetime.embodied_kg_per_query(result, service)), embodied_from],
        ["PUE", f"{pue:g}", "Your scenario, for training and inference alike"],
        ["Grid", f"{units.significant(grid)} g CO2e/kWh", "Your scenario, for training and inference alike"],
    ],
)
st.markdown(
    "**Limits.** Every day has as many queries as the last, on the same grid; training counts from the first day. "
    "EcoLogits counts the tokens of the answer, not those of a long prompt; 8-bit weights about halve a large model's "
    "energy. Networks, storage, visitors' own devices and retraining are not counted."
)
