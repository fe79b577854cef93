"""The charts of the Learn page up to the carbon: every step is an area.

compute = per token × tokens · compute = speed × device-time · device-hours = devices × time
energy = power × device-hours · carbon = carbon intensity × energy
"""

from collections.abc import Sequence

import numpy as np

from oce import units
from oce.analysis import alpha
from oce.analysis.equivalent_size import equivalent_size
from oce.estimation import Estimate
from oce.method import compute, throughput
from oce.method.compute import FLOP_PER_PARAMETER_PER_TOKEN, SECONDS_PER_HOUR
from oce.units import DEVICE_HOURS, DURATION, ENERGY, MASS, Unit, compact, scientific, shown, significant
from pages.charts.chart import Cell, Chart, Layout, Table, Trace, percent, sampled, table
from pages.charts.device_curve import throughput_at, times
from pages.charts.layouts import layout, level, level_note, note
from pages.charts.log_axis import tick
from pages.charts.theme import BLUE, ORANGE, REFERENCE, VERMILION, device_colour, faint
from pages.charts.traces import line, marks, rounded

FORWARD = 2.0  # of the 6 operations per parameter and token: Kaplan et al. 2020, arXiv:2001.08361, section 2.1
SEEN = 0.004  # share of the run from which on the cold start can be seen in the chart
HEIGHT = 340
_POINTS = 120

OPERATIONS: Sequence[Unit] = (  # base: FLOP per token
    Unit("FLOP", 1.0, 0.0),
    *(Unit(f"{prefix}FLOP", size, size) for prefix, size in zip("kMGTP", (1e3, 1e6, 1e9, 1e12, 1e15), strict=True)),
)
TOKENS: Sequence[Unit] = (
    Unit("tokens", 1.0, 0.0),
    *(Unit(f"{count} tokens", size, size) for count, size in (("million", 1e6), ("billion", 1e9), ("trillion", 1e12))),
)
_LEFT_ABOVE: Layout = {"xanchor": "left", "yanchor": "bottom", "xshift": 8}
_DOTTED: Layout = {"width": 1, "dash": "dot"}
_Row = tuple[str, Cell, Cell]  # of a table: a figure, as drawn, and the scenario's own


def compute_area(result: Estimate, parameters_times: float = 1.0, tokens_times: float = 1.0) -> Chart:
    """6 N D as an area: what a token costs, forward and backward, times the tokens."""
    size = equivalent_size(result)
    n, d = size.parameters * parameters_times, size.tokens * tokens_times
    per_token = float(compute.training_flop(n, 1.0))
    own_per_token = float(compute.training_flop(size.parameters, 1.0))
    height = units.unit_for(own_per_token, OPERATIONS)
    width = units.unit_for(size.tokens, TOKENS)
    total = size.training_flop(parameters_times, tokens_times)
    x, y = d / width.size, per_token / height.size
    split = y * FORWARD / FLOP_PER_PARAMETER_PER_TOKEN
    own = (size.tokens / width.size, own_per_token / height.size)
    changed = (parameters_times, tokens_times) != (1.0, 1.0)
    traces = [_rectangle(x, (0.0, split), BLUE, "forward"), _rectangle(x, (split, y), ORANGE, "backward")]
    plan = _plan(width.name, f"{height.name} per token", (own[0] * 2.1, own[1] * 2.35))
    plan["annotations"] = [
        _inside(0.0, split / 2, f"forward: {FORWARD:g} × N"),
        _inside(0.0, (split + y) / 2, f"backward: {FLOP_PER_PARAMETER_PER_TOKEN - FORWARD:g} × N"),
        _is(f"{scientific(total)} FLOP"),
    ]
    cost = f"{significant(per_token / height.size)} {height.name}"
    counts = f"6 × {_count(n)} parameters = {cost}"
    if size.is_equivalent and not changed:
        whose = "usual for that much compute" if size.is_usual else "as given"
        sentence = (
            f"Your compute is given directly, {scientific(total)} FLOP: as much as a language model of {_count(n)} "
            f"parameters ({whose}) on {_count(d)} tokens, each of them {counts}."
        )
    else:
        times = "" if not changed else f", {tick(parameters_times * tokens_times, 2)} times yours"
        sentence = f"One token costs {counts}; {_count(d)} tokens make {scientific(total)} FLOP{times}."
    per, forward = f", of a token [{height.name}]", FORWARD / FLOP_PER_PARAMETER_PER_TOKEN
    rows: list[_Row] = [
        ("Parameters that a token passes through", _count(n), _count(size.parameters)),
        (f"Forward{per}", split, own[1] * forward),
        (f"Backward{per}", y - split, own[1] * (1.0 - forward)),
        (f"Forward and backward{per}", y, own[1]),
        (width.name.capitalize(), x, own[0]),
        ("Compute [FLOP]", scientific(total), scientific(size.training_flop())),
    ]
    return _area_chart("Compute", sentence, _beside(rows, changed), traces, plan, own if changed else None)


def alpha_text(log10_alpha: float) -> str:
    """log10 of an α as it reads: −6, 96.9."""
    return tick(log10_alpha, 3).replace("-", "−")


def throughput_area(result: Estimate, log10_alpha: float) -> Chart:
    """f(t) at some α until the area under it is the compute, with its cold start and main stage."""
    tflop = alpha.tflop(result)
    hours, own_hours = (alpha.device_hours_at(result, a) for a in (log10_alpha, result.log10_alpha.central))
    final = float(throughput.final_throughput(tflop, log10_alpha))
    mean = tflop / (hours * SECONDS_PER_HOUR)
    start = alpha.cold_start_share(final)
    scale = units.unit_for(hours, DEVICE_HOURS)
    end = hours / scale.size
    time = times(hours, _POINTS)
    colour = device_colour(result.device)
    area = line(time / scale.size, throughput_at(time, log10_alpha), colour, "compute (area)", width=3)
    area |= {"fill": "tozeroy", "fillcolor": faint(colour, 0.25)}
    traces: list[Trace] = [area]
    plan = _plan(f"device-time [{scale.name}]", "TFLOP/s of one device", (end * 1.03, final * 1.22))
    visible = start > SEEN
    if visible:
        early = np.append(time[time < start * hours], start * hours)
        cold = line(early / scale.size, throughput_at(early, log10_alpha), VERMILION, "cold start", width=3)
        traces.append(cold | {"fill": "tozeroy", "fillcolor": faint(VERMILION, 0.35)})
    plan["shapes"] = [level(mean, **_DOTTED)]
    plan["annotations"] = [
        level_note(mean, f"mean {significant(mean)}") | {"yanchor": "top"},
        _inside(end * 0.5, final * 0.45, "main stage"),
        _is(f"{scientific(result.training_flop.central)} FLOP"),
    ]
    if visible:
        narrow = start < 0.25
        plan["annotations"].append(_inside(end * start if narrow else 0.0, final * 0.15, "cold start"))
    took = "less than 0.1%" if start < 0.001 else percent(start)
    unseen = "" if visible else ": too short to be seen, unless α is made smaller"
    mine = log10_alpha == result.log10_alpha.central and result.utilisation is not None
    share = f" ({percent(result.utilisation.central)} of its peak)" if mine and result.utilisation else ""
    against = "" if log10_alpha == result.log10_alpha.central else f", {_times(hours / own_hours)} as long as yours"
    total = f"{scientific(result.training_flop.central)} FLOP"
    sentence = (
        f"With log₁₀ α = {alpha_text(log10_alpha)} a device does {significant(mean)} TFLOP/s on average{share}, and "
        f"needs {shown(hours, DEVICE_HOURS)} for the area to be {total}{against}. "
        f"The cold start takes {took} of that{unseen}."
    )
    rows: list[list[Cell]] = [[time[at] / scale.size, area["y"][at], ""] for at in sampled(_POINTS)]
    if visible:
        rows += [[cold["x"][at], cold["y"][at], "cold start"] for at in sampled(len(cold["x"]))]
    rows.append([end, mean, "mean of the run"])
    numbers = table([f"Device-time [{scale.name}]", "Throughput of one device [TFLOP/s]", "Point"], rows)
    return Chart("The area under the curve is the compute", sentence, numbers, {"data": traces, "layout": plan})


def time_area(result: Estimate, other: Estimate) -> Chart:
    """Devices × time = device-hours: another number of devices (``other``) gives another shape of the same area."""
    count, own_count = (float(run.inputs.device_count) for run in (other, result))
    hours, own_hours = other.time_to_train_hours.central, result.time_to_train_hours.central
    scale = units.unit_for(own_hours, DURATION)
    colour = device_colour(result.device)
    widest, tallest = own_count * 3.1, own_hours * min(2.1, own_count) / scale.size
    along = np.geomspace(own_count * own_hours / scale.size / tallest, widest, _POINTS)
    curve = line(along, own_count * own_hours / scale.size / along, REFERENCE, "the same device-hours", "dot", 1.5)
    traces = [curve, _rectangle(count, (0.0, hours / scale.size), colour, "device-hours")]
    plan = _plan("devices", f"time to train [{scale.name}]", (widest, tallest * 1.15))
    area = shown(other.device_hours.central, DEVICE_HOURS)
    plan["annotations"] = [_is(area)]
    changed = count != own_count
    what = "device" if count == 1 else "devices"
    carbon = shown(other.total_co2e_kg.central, MASS)
    unchanged = ", as before" if changed else ""
    still = unchanged if carbon == _carbon(result) else f", instead of {_carbon(result)}"
    sentence = f"{count:,.0f} {what} × {shown(hours, DURATION)} = {area}, which emit {carbon}{still}."
    rows: list[list[Cell]] = [[curve["x"][at], curve["y"][at], "the same device-hours"] for at in sampled(_POINTS)]
    rows.append([f"{count:,.0f}", hours / scale.size, f"drawn: {area}, {carbon}"])
    own = (own_count, own_hours / scale.size)
    if changed:
        own_area = shown(result.device_hours.central, DEVICE_HOURS)
        rows.append([f"{own_count:,.0f}", own[1], f"yours: {own_area}, {_carbon(result)}"])
    numbers = table(["Devices", f"Time to train [{scale.name}]", "Point"], rows)
    return _area_chart("Device-hours", sentence, numbers, traces, plan, own if changed else None)


def energy_area(result: Estimate, other: Estimate, known: Sequence[tuple[float, str]] = ()) -> Chart:
    """Power × device-hours = energy, with another PUE (``other``): that of the devices, and on top what PUE adds.

    Known values of PUE are marked, with what they are of.
    """
    hours, scale = other.device_hours.central, units.unit_for(other.device_hours.central, DEVICE_HOURS)
    x = hours / scale.size
    power = float(other.inputs.power_w)
    pue, own_pue = float(other.inputs.pue), float(result.inputs.pue)
    meter = power * pue
    tallest = power * max(2.0, own_pue)
    traces = [_rectangle(x, (0.0, power), BLUE, "devices")]
    traces += [_rectangle(x, (power, meter), VERMILION, "building")] if pue > 1 else []
    energy = shown(other.energy_kwh.central, ENERGY)
    building = other.energy_kwh.central * (1.0 - 1.0 / pue)
    plan = _plan(f"device-time [{scale.name}]", "W for one device", (x * 1.03, tallest * 1.16))
    plan["shapes"] = [level(power * value, **_DOTTED) for value, _ in known]
    plan["annotations"] = [
        _inside(0.0, power / 2, f"device{' and server' if other.inputs.host_power_w else ''}: {significant(power)} W"),
        *([note(0, meter, f"building: {significant(meter - power)} W", **_LEFT_ABOVE)] if pue > 1 else []),
        *(level_note(power * value, f"PUE {value:g}: {of}") for value, of in known),
        _is(energy),
    ]
    takes = f"the building takes {shown(building, ENERGY)} of it" if pue > 1 else "nothing is added for the building"
    before = "" if pue == own_pue else f" Yours, with PUE {own_pue:.3g}: {shown(result.energy_kwh.central, ENERGY)}."
    sentence = f"{significant(power)} W × {shown(hours, DEVICE_HOURS)} × PUE {pue:.3g} = {energy}; {takes}.{before}"
    own_power = float(result.inputs.power_w)
    rows: list[_Row] = [
        (f"Device-time [{scale.name}]", x, result.device_hours.central / scale.size),
        ("Power of a device [W]", power, own_power),
        ("PUE", f"{pue:.3g}", f"{own_pue:.3g}"),
        ("Power with the building [W]", meter, own_power * own_pue),
        ("Energy", energy, shown(result.energy_kwh.central, ENERGY)),
        *((f"Power at {of} (PUE {value:g}) [W]", power * value, "") for value, of in known),
    ]
    changed = pue != own_pue
    own = (x, power * own_pue)
    return _area_chart("Energy", sentence, _beside(rows, changed), traces, plan, own if changed else None)


def carbon_area(
    result: Estimate, other: Estimate, place: str, highest_g_per_kwh: float, known: Sequence[tuple[float, str]] = ()
) -> Chart:
    """Carbon intensity × energy = operational carbon, on another grid (``other``), which is called ``place``.

    Known intensities [g CO2e/kWh] are marked, with what they are of, on an axis up to the highest.
    """
    energy = other.energy_kwh.central
    scale = units.unit_for(energy, ENERGY)
    x = energy / scale.size
    grams, own_grams = (float(run.inputs.carbon_intensity_g_per_kwh) for run in (other, result))
    highest = max(highest_g_per_kwh, grams, own_grams)
    changed = other is not result
    traces = [_rectangle(x, (0.0, grams), BLUE, "operational carbon")]
    plan = _plan(f"energy [{scale.name}]", "g CO2e/kWh", (x * 1.03, highest * 1.2))
    plan["shapes"] = [level(value, **_DOTTED) for value, _ in known]
    carbon = operational(other, result)
    plan["annotations"] = [_is(carbon), *(level_note(value, of) for value, of in known)]
    making = "" if other.embodied_co2e_kg.central == 0 else f"; with making the devices, {_carbon(other)}"
    on_it = f"{shown(energy, ENERGY)} × {significant(grams)} g CO2e/kWh ({place}) = {carbon}{making}"
    before = ""
    if changed:
        before = f" Running on your own grid ({significant(own_grams)} g CO2e/kWh): {operational(result, other)}"
        ratio = _ratio(own_grams, grams)
        before += f"{ratio and f', {ratio}'}."
    sentence = f"{on_it}.{before}"
    rows: list[_Row] = [
        (f"Energy [{scale.name}]", x, result.energy_kwh.central / scale.size),
        ("Carbon intensity [g CO2e/kWh]", f"{significant(grams)} ({place})", own_grams),
        ("Operational carbon", carbon, operational(result, other)),
        *((f"Carbon intensity of {of} [g CO2e/kWh]", value, "") for value, of in known),
    ]
    own = (x, own_grams)
    return _area_chart("Carbon", sentence, _beside(rows, changed), traces, plan, own if changed else None)


def _beside(rows: Sequence[_Row], changed: bool) -> Table:
    """What is drawn, and where it is not the scenario's own, that beside it."""
    columns = ("Figure", "Drawn", "Yours")
    return table(columns, rows) if changed else table(columns[:2], (row[:2] for row in rows))


def _plan(x: str, y: str, ends: tuple[float, float]) -> Layout:
    plan = layout(x=x, y=y)
    plan["height"] = HEIGHT
    for axis, end in zip(("xaxis", "yaxis"), ends, strict=True):
        plan[axis] |= {"range": [0.0, end], "nticks": 6}
    return plan


def _area_chart(
    of: str, sentence: str, numbers: Table, traces: list[Trace], plan: Layout, own: tuple[float, float] | None
) -> Chart:
    """The chart of an area, with the width and height of the scenario's own as an outline where this is another."""
    if own:
        width, height = own
        x, y = rounded([0.0, width, width]), rounded([height, height, 0.0])
        dashed = {"color": REFERENCE, "width": 2, "dash": "dash"}
        traces.append(marks("yours", x, y, mode="lines", line=dashed, hoverinfo="name"))
        plan["annotations"].append(note(width / 2, height, "yours", xanchor="center", yanchor="bottom"))
    verb = "are" if of.endswith("s") else "is"
    return Chart(f"{of} {verb} an area", sentence, numbers, {"data": traces, "layout": plan})


def _rectangle(width: float, between: tuple[float, float], colour: str, name: str) -> Trace:
    """An area from the left edge, between two heights."""
    low, high = between
    x, y = rounded([0.0, width, width, 0.0, 0.0]), rounded([low, low, high, high, low])
    look = {"fill": "toself", "fillcolor": faint(colour, 0.3), "hoveron": "fills", "hoverinfo": "name"}
    return marks(name, x, y, mode="lines", line={"color": colour, "width": 2}, **look)


def _inside(x: float, y: float, text: str) -> Layout:
    return note(x, y, text, xanchor="left", yanchor="middle", xshift=8)


def _is(amount: str) -> Layout:
    """What the area amounts to, in the corner of the chart that areas seldom reach."""
    text = f"<b>area = {amount}</b>"
    return note(1, 1, text, xref="paper", yref="paper", xanchor="right", yanchor="top") | {"font": {"size": 14}}


def _count(value: float) -> str:
    """A large count in three digits: 70.6B."""
    return compact(float(f"{value:.3g}"))


def _times(ratio: float) -> str:
    return f"{significant(ratio, 2)} times"


def _carbon(result: Estimate) -> str:
    return shown(result.total_co2e_kg.central, MASS)


def operational(result: Estimate, beside: Estimate) -> str:
    """The operational carbon, in a unit that fits: nothing at all is so in the unit of what it stands beside."""
    kg = result.operational_co2e_kg.central
    if kg > 0:
        return shown(kg, MASS)
    return f"0 {units.unit_for(max(1.0, beside.operational_co2e_kg.central), MASS).name}"


def _ratio(own: float, other: float) -> str:
    """How the scenario's own compares with the other: 9.3 times as much."""
    if min(own, other) == 0 or own == other:
        return ""
    return f"{_times(own / other)} as much" if own > other else f"{_times(other / own)} less"
