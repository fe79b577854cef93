"""Plan: with what, where, by when?"""

import dataclasses
import math
from collections.abc import Callable, Collection
from typing import Any

import pandas as pd
import streamlit as st

from oce import catalog, descriptions, units
from oce.analysis import Impossible, alternatives, budget, combinations, levers, places, planning
from oce.estimation import interval_at
from oce.exports import sentence
from oce.interval import Interval
from oce.scenario import Scenario
from pages import charts
from pages.session import state
from pages.session.current_estimate import known, shown_estimate, title
from pages.widgets import chart, chart_tables, table
from pages.widgets.text import plain

FIRST_DEVICES = ("h100-sxm", "a100-sxm-80gb", "tpu-v4")
FIRST_REGIONS = ("USA", "FRA", "SWE")
COUNTS = tuple(2**power for power in range(18))
NO_BREAK = "\N{NO-BREAK SPACE}"  # between a number and its unit, in a table
MOST_ROWS = 30  # of a table that is read, not searched
BASES = {  # what places are ranked by, each by itself but for the last
    "lifecycle": (
        "Lifecycle",
        "Lifecycle figures: with building the power stations and producing their fuel.",
    ),
    "direct": (
        "Direct",
        "Direct figures: only what power stations emit. For US states, Chinese provinces and cloud regions there; "
        "lower than lifecycle figures for the same power.",
    ),
    "location-based operational": (
        "Google's own",
        "Google's own figures for its cloud regions: weighted by hour, without producing the fuel.",
    ),
    "": (
        "All, mixed",
        "Mixed: lifecycle, direct and Google's own figures in one list, though they are not counted alike. A place "
        "with direct figures looks better than it is.",
    ),
}
KINDS = {"country": "country", "world": "average", "subnational": "state or zone", "cloud": "cloud region"}
SAME_MODEL = {
    "region": "Region",
    "device": "Device",
    "precision": "fp8",
    "utilisation": "Better utilisation",
    "life": "Longer device life",
    "pue": "PUE",
    "overhead": "Less overhead",
}
OTHER_MODEL = {"experts": "Mixture of experts", "tokens": "Fewer tokens"}
LEVERS = SAME_MODEL | OTHER_MODEL
NOT_AT_FIRST = ("utilisation",)  # what nobody can simply choose


def following(key: str, default: Any, allowed: Collection[Any] | None = None) -> Callable[[], None]:
    """Shows `default` in the control called `key` until the visitor changes it, and keeps what they chose.

    Returns the callback that keeps it. What is not `allowed` any more leaves a list, or gives way to the default.
    """
    now = st.session_state.get(f"{key}_own", default)
    if allowed is not None and isinstance(now, list):
        now = [one for one in now if one in allowed]
    elif allowed is not None and now not in allowed:
        now = default
    if key not in st.session_state or st.session_state[key] != now:
        st.session_state[key] = now

    def changed() -> None:
        st.session_state[f"{key}_own"] = st.session_state[key]

    return changed


def adopt(scenario: Scenario) -> None:
    """Makes `scenario` the visitor's; called by controls, before the page runs."""
    state.replace(scenario.given())


def shown(interval: Interval, figure: str) -> str:
    """A figure of an estimate with its interval."""
    scale = units.SCALES[figure]
    central = units.shown(interval.central, scale).replace(" ", NO_BREAK)
    between = units.shown_range(interval, scale).replace(" ", NO_BREAK)
    return central if interval.low == interval.high else f"{central} ({between})"


def device_name(key: str) -> str:
    """What a device is called in a list, with what is counted."""
    one = catalog.device(key)
    return f"{one.name} (chips)" if one.unit == "chip" else one.name


def speed(device: catalog.Device) -> str:
    """What the speed of a device against the scenario's own rests on, in a word or two."""
    found = alternatives.speed_basis(result, device)
    return found.word if found else ""


def unmeasured(device: catalog.Device) -> str:
    """A remark on a device that nobody has measured beside the scenario's own; empty where somebody has."""
    return f" (speed {speed(device)})" if alternatives.is_weak(result, device) else ""


def region_name(key: str) -> str:
    """What a region is called in a list, with its intensity and, where it is not the usual one, its basis."""
    one = catalog.region(key)
    basis = "" if one.basis == "lifecycle" else f", {one.basis}"
    return f"{one.name} · {one.g_per_kwh:.0f} g/kWh{basis}"


result = shown_estimate()
own, past = result.scenario, result.past_runs
priced = own.price_per_device_hour is not None
own_device = [result.device.id] if result.device else []
own_region = [result.region.id] if result.region and own.carbon_intensity_g_per_kwh is None else []
devices = list(dict.fromkeys([*(one.id for one in catalog.devices() if one.tdp_w is not None), *own_device]))
first_devices = list(dict.fromkeys([*FIRST_DEVICES, *own_device]))

time, total = result.time_to_train_hours, result.total_co2e_kg
title(
    f"{units.shown(time.central, units.DURATION)} and {units.shown(total.central, units.MASS)}: what would you change?"
)
st.markdown(
    f"Your scenario {descriptions.where(result)} takes {units.shown_range(time, units.DURATION)} and emits "
    f"{units.shown_range(total, units.MASS)}. {descriptions.level(result)}"
)

# Deadline → devices
st.markdown("## By when? The devices it takes")
left, right = st.columns([1, 3], gap="large")
with left:
    days = st.number_input(
        "Deadline (days)", 0.0, 36_525.0, step=1.0, format="%0.5g",
        key="plan_days", on_change=following("plan_days", 30.0),
    )  # fmt: skip
with right:
    picked = st.multiselect(
        "Devices", devices, format_func=device_name,
        wrap=True, key="plan_devices", on_change=following("plan_devices", first_devices, devices),
    )  # fmt: skip
options: tuple[planning.DeadlineOption, ...] = ()
try:
    options = planning.deadline_options(own, float(days or 0.0), [catalog.device(key) for key in picked], past)
except Impossible as why:
    st.warning(plain(str(why)))
else:
    left_out = [device_name(key) for key in picked if key not in {one.device.id for one in options}]
    if not picked:
        st.markdown("Choose a device.")
    for key in picked if left_out else ():
        if device_name(key) in left_out and options:
            why_not = planning.why_not(own, float(days or 0.0), catalog.device(key), past)
            st.caption(plain(f"Left out: {device_name(key)}. {why_not}"))
if options:
    fewest = options[0]
    st.markdown(
        f"To finish within **{days:g} days** even at the slow end of the interval takes at least "
        f"**{fewest.devices_careful:,} {device_name(fewest.device.id)}**{unmeasured(fewest.device)}. More devices "
        "shorten the time, and each is slower: energy and carbon rise."
    )
    said_of_speed = [f"Speed against {result.device.name}"] if result.device and own.method == "calibrated" else []
    table.show(
        [
            "Device",
            "Devices, central estimate",
            "Devices, to be careful",
            "Carbon",
            "Energy",
            *(["Cost"] if priced else []),
            *said_of_speed,
        ],
        [
            [
                device_name(one.device.id),
                f"{one.devices_central:,}",
                f"{one.devices_careful:,}",
                shown(one.result.total_co2e_kg, "total_co2e_kg"),
                shown(one.result.energy_kwh, "energy_kwh"),
                *([sentence.cost(one.result) or "no price"] if priced else []),
                *(speed(one.device) for _ in said_of_speed),
            ]
            for one in options
        ],
    )
    weak = [one.device.name for one in options if alternatives.is_weak(result, one.device)]
    if weak:
        st.caption(
            plain(
                f"Nobody has measured {' or '.join(weak)} and {result.device.name if result.device else ''} on one "
                "stack: how they compare may turn out otherwise. Evidence shows what it rests on."
            )
        )
    with st.container(horizontal=True):
        for one in options[:6]:
            st.button(
                f"Use {one.devices_careful:,} {one.device.name}", key=f"plan_use_{one.device.id}",
                on_click=adopt, args=(one.result.scenario,),
            )  # fmt: skip

# Carbon budget → tokens or parameters
st.markdown("## Within how much carbon? The largest run that fits")
rounded_t = float(f"{total.central / 1000:.3g}")
budget_t = st.number_input(
    "Carbon budget (t CO2e)", 0.0, 1e9, step=10.0 ** math.floor(math.log10(rounded_t or 1.0) - 0.5), format="%0.9g",
    key="plan_budget", on_change=following("plan_budget", rounded_t), width=320,
)  # fmt: skip
fitting: list[tuple[budget.Budget, Scenario]] = []
refused: list[str] = []
for field in budget.BUDGET_FIELDS:
    try:
        found = budget.largest_run(own, 1000 * float(budget_t or 0.0), field, past)
    except Impossible as why:
        refused.append(str(why))
    else:
        fitting.append((found, alternatives.with_size(own, field, found.careful)))
for why_not in dict.fromkeys(refused[:1] if own.amount != "tokens" else refused):
    st.warning(plain(why_not))
if fitting:
    table.show(
        ["All else as it is", "Yours", "Largest, central estimate", "Largest, on average", "Largest, to be careful"],
        [
            [
                one.field.capitalize(),
                units.compact(float(f"{getattr(own, 'token_count' if one.field == 'tokens' else one.field):.3g}")),
                units.compact(float(f"{one.central:.3g}")),
                "none" if one.mean is None else units.compact(float(f"{one.mean:.3g}")),
                units.compact(float(f"{one.careful:.3g}")),
            ]
            for one, _ in fitting
        ],
    )
    for one, _ in fitting:
        if one.problem:
            st.caption(plain(f"That many {one.field} need another number of devices than yours. {one.problem}"))
    st.caption(
        "Central estimate: the median, exceeded as often as not. On average: the mean, above the median, which is "
        "what many such runs come to. To be careful: even the high end of the interval is within the budget."
    )
    with st.container(horizontal=True):
        for one, smaller in fitting:
            st.button(
                f"Use {units.compact(float(f'{one.careful:.3g}'))} {one.field}", key=f"plan_use_{one.field}",
                on_click=adopt, args=(smaller,),
            )  # fmt: skip

# Where
st.markdown("## Where? Every place, for your scenario")
basis = st.segmented_control(
    "Carbon intensity", list(BASES), format_func=lambda key: BASES[key][0], required=True,
    key="plan_basis", on_change=following("plan_basis", "lifecycle"),
)  # fmt: skip
chosen = [one for one in places.ranked(own, past) if one.region.basis == basis or not basis]
st.caption(BASES[basis or ""][1])
chart.show(charts.world_map(chosen, result), "map")
st.caption(
    "Grey: no figure of this kind. Not on the map, but in the table: small countries, states and zones, and cloud "
    "regions that are not named after a city or state."
)
left, right = st.columns([3, 2], gap="large")
with left:
    chart.show(charts.ranking(chosen, result), "ranking")
with right:
    st.markdown("### Move the run")
    by_id = {one.region.id: one for one in chosen}
    target = st.selectbox(
        "New place", list(by_id), help="Type to search; least carbon first.",
        format_func=lambda key: (
            f"{by_id[key].region.name} · {units.shown(by_id[key].total_co2e_kg.central, units.MASS)}"
        ),
        key="plan_place", on_change=following("plan_place", chosen[0].region.id, by_id),
    )  # fmt: skip
    there = by_id[target]
    here = (
        result.region
        if result.region and own.carbon_intensity_g_per_kwh is None
        else dataclasses.replace(there.region, id="", name="where it is now", basis="your own figure")
    )
    st.markdown(plain(places.moving(places.Place(here, total, 0.0), there)))
    st.markdown(f"There it would emit {shown(there.total_co2e_kg, 'total_co2e_kg')}.")
    st.button(
        "Make it your region", key="plan_move",
        on_click=adopt, args=(alternatives.in_region(own, there.region),), disabled=target in own_region,
    )  # fmt: skip
unit = charts.unit_of(chosen, result)


def in_unit(kg: float) -> float:
    """An amount of carbon in the table's unit, three significant digits."""
    return float(f"{kg / unit.size:.3g}")


st.dataframe(
    pd.DataFrame(
        {
            "Place": [one.region.name for one in chosen],
            f"Total ({unit.name})": [in_unit(one.total_co2e_kg.central) for one in chosen],
            "from": [in_unit(one.total_co2e_kg.low) for one in chosen],
            "to": [in_unit(one.total_co2e_kg.high) for one in chosen],
            f"Saved ({unit.name})": [in_unit(one.saved_kg) for one in chosen],
            "g CO2e/kWh": [float(f"{one.region.g_per_kwh:.3g}") for one in chosen],
            "Basis": [one.region.basis for one in chosen],
            "Year": [one.region.year for one in chosen],
            "Kind": [KINDS[one.region.kind] for one in chosen],
            "Country": [one.region.country_iso3 for one in chosen],
        }
    ),
    hide_index=True,
    height=320,
    key="plan_places",
    alt=f"Every place with its total, least first: {len(chosen)} rows.",
)

# The front
st.markdown("## With what, where, how many? Every combination")
left, right = st.columns(2, gap="large")
with left:
    front_devices = st.multiselect(
        "Devices to combine", devices, format_func=device_name,
        wrap=True, key="plan_front_devices", on_change=following("plan_front_devices", first_devices, devices),
    )  # fmt: skip
with right:
    regions = [one.id for one in catalog.regions() if one.kind != "paper" or one.id in own_region]
    front_regions = st.multiselect(
        "Regions to combine", regions, format_func=region_name,
        wrap=True, key="plan_front_regions",
        on_change=following("plan_front_regions", list(dict.fromkeys([*FIRST_REGIONS, *own_region])), regions),
    )  # fmt: skip
count = int(float(result.inputs.device_count))
fewest_count, most_count = planning.possible_counts(own, past)
near = sorted({count, *(n for n in (count // 4, count // 2, 2 * count) if max(fewest_count, 1) <= n <= most_count)})
front_counts = st.multiselect(
    "Device counts to combine", sorted({*COUNTS, *near, *st.session_state.get("plan_front_counts_own", [])}),
    format_func=lambda number: f"{number:,}",
    wrap=True, key="plan_front_counts", on_change=following("plan_front_counts", near),
)  # fmt: skip
against = "total_co2e_kg"
if priced:
    axes = {"total_co2e_kg": "Carbon", "cost": "Cost"}
    against = st.segmented_control(
        "Time against", list(axes), format_func=axes.__getitem__, required=True,
        key="plan_against", on_change=following("plan_against", "total_co2e_kg"),
    )  # fmt: skip
asked = (own, state.past_runs(), tuple(front_devices), tuple(front_regions), tuple(front_counts), against)
try:
    if st.session_state.get("plan_front_asked") != asked:
        with st.spinner("Working out every combination …"):
            st.session_state["plan_front"] = combinations.combine(own, *asked[2:5], past, against)
        st.session_state["plan_front_asked"] = asked
    front: combinations.Combinations | None = st.session_state["plan_front"]
except Impossible as why:
    st.warning(plain(str(why)))
    front = None
if front is not None:
    columns = front.columns
    on_front = sorted(
        map(int, front.pareto_front.nonzero()[0]), key=lambda row: (columns["time_to_train_hours_central"][row], row)
    )

    def combination(row: int) -> Scenario:
        """The scenario of a row of the front."""
        device, region = catalog.device(str(columns["device"][row])), catalog.region(str(columns["region"][row]))
        on_it = alternatives.in_region(alternatives.on_device(own, device), region)
        return on_it.replace(device_count=int(columns["device_count"][row]))

    def called(row: int) -> str:
        """A row of the front, as it reads in a list."""
        what = f"{int(columns['device_count'][row]):,} × {device_name(str(columns['device'][row]))}"
        place = catalog.region(str(columns["region"][row])).name
        return f"{what}, {place}{unmeasured(catalog.device(str(columns['device'][row])))}"

    def figure(row: int, name: str) -> str:
        """A figure of a row of the front with its interval."""
        return shown(interval_at(columns, name, row), name)

    def money(row: int) -> str:
        """What a row of the front costs; a price is of the visitor's own device alone."""
        cost = float(columns["cost_central"][row]) if "cost_central" in columns else math.nan
        return units.money(cost, own.currency) if math.isfinite(cost) else "no price"

    def use(row: int) -> None:
        """Makes a row of the front the visitor's scenario."""
        adopt(combination(row))

    drawn = charts.front(front, result) if against == "total_co2e_kg" else charts.front_of_cost(front, result)
    chart.show(drawn, "front", on_pick=lambda data: use(int(data[0])))
    chart_tables.show(lambda: [drawn], "front")
    bases = {catalog.region(key).basis for key in front_regions}
    if len(bases) > 1:
        st.warning(plain(f"Not counted alike: the regions chosen have {', '.join(sorted(bases))} figures."))
    st.caption(
        "Click a point to make it your scenario, or choose one here. With more devices time falls and carbon rises, "
        "as each has less of the batch to work on. Numbers that memory or batch rule out are left out."
    )
    table.show(
        ["On the front", "Time to train", "Carbon", *(["Cost"] if priced else [])],
        [
            [
                called(row),
                figure(row, "time_to_train_hours"),
                figure(row, "total_co2e_kg"),
                *([money(row)] if priced else []),
            ]
            for row in on_front[:MOST_ROWS]
        ],
    )
    if len(on_front) > MOST_ROWS:
        st.caption(f"The fastest {MOST_ROWS} of {len(on_front)}; all are in the list below.")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.selectbox("Combination", on_front, format_func=called, key="plan_combination", width=560)
        st.button("Make it your scenario", key="plan_use_front", on_click=use, args=(row,))

# What would it take
st.markdown("## What would it take?")
pulled: list[str] = []
for heading, offered in (
    ("The same model, for less:", SAME_MODEL),
    ("Another model, perhaps worse:", OTHER_MODEL),
):
    st.caption(heading)
    with st.container(horizontal=True):
        pulled += [
            key
            for key, label in offered.items()
            if st.checkbox(
                label,
                key=f"plan_lever_{key}",
                on_change=following(f"plan_lever_{key}", key not in NOT_AT_FIRST),
            )
        ]
steps = levers.pulled(own, pulled, past)
chart.show(charts.lever_steps(steps, result), "levers")
if steps:
    table.show(
        ["Change", "Saves", "Leaves"],
        [
            [
                one.label if one.is_same_model else f"{one.label}: another model",
                units.shown(one.before_kg - one.after_kg, units.MASS).replace(" ", NO_BREAK),
                shown(known(one.scenario, past).total_co2e_kg, "total_co2e_kg"),
            ]
            for one in steps
        ],
    )
    st.button("Make all of it your scenario", key="plan_use_levers", on_click=adopt, args=(steps[-1].scenario,))
unused = [label for key, label in LEVERS.items() if key in pulled and key not in {one.key for one in steps}]
if unused:
    st.caption(plain(f"Would not lower the total any more: {', '.join(unused)}."))
