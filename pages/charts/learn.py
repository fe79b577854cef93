"""The charts of the Learn page: every step is an area, up to the last, which is an interval.

compute = per token × tokens · compute = speed × device-time · device-hours = devices × time
energy = power × device-hours · carbon = carbon intensity × energy
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oce import units
from oce.errors import InputError
from oce.estimation import Estimate, estimate
from oce.interval import Interval
from oce.method import compute, throughput
from oce.method.calibration_file import committed
from oce.method.compute import FLOP_PER_PARAMETER_PER_TOKEN, FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.runs import Runs
from oce.scenario import Scenario
from oce.units import DEVICE_HOURS, DURATION, ENERGY, MASS, Unit, compact, scientific, shown, significant
from pages.charts.theme import (
    BLUE,
    GREEN,
    ORANGE,
    PURPLE,
    REFERENCE,
    VERMILION,
    Chart,
    Trace,
    device_colour,
    faint,
    interval_mark,
    layout,
    line,
    note,
    percent,
    rounded,
)

FORWARD = 2.0  # of the 6 operations per parameter and token: Kaplan et al. 2020, arXiv:2001.08361, section 2.1
NEARLY = 0.9  # share of its final speed at which a device's cold start counts as over: our choice, the paper has none
SEEN = 0.004  # share of the run from which on the cold start can be seen in the chart
HEIGHT, SLIDE_HEIGHT, SLIDE_FONT = 340, 430, 17
_POINTS = 120

OPERATIONS: Sequence[Unit] = (  # base: FLOP per token
    Unit("FLOP", 1.0, 0.0),
    Unit("kFLOP", 1e3, 1e3),
    Unit("MFLOP", 1e6, 1e6),
    Unit("GFLOP", 1e9, 1e9),
    Unit("TFLOP", 1e12, 1e12),
    Unit("PFLOP", 1e15, 1e15),
)
TOKENS: Sequence[Unit] = (
    Unit("tokens", 1.0, 0.0),
    Unit("million tokens", 1e6, 1e6),
    Unit("billion tokens", 1e9, 1e9),
    Unit("trillion tokens", 1e12, 1e12),
)
_LEFT_ABOVE: dict[str, Any] = {"xanchor": "left", "yanchor": "bottom", "xshift": 8}
_OWN_SPEED = ("throughput", "utilisation", "tokens_per_second_per_device", "log10_alpha_low", "log10_alpha_high")


# --- 1: compute ---


@dataclass(frozen=True, slots=True)
class Size:
    """What 6 × N × D is of: parameters that a token passes through, and tokens.

    Where the compute is given directly, they are what would make that much; ``usual`` says that nothing is known of
    the parameters either, so that they are those usual for the compute among the reported runs.
    """

    parameters: float
    tokens: float
    stated: bool
    usual: bool


def size_of(result: Estimate) -> Size:
    """The N and D of a scenario."""
    run = result.scenario
    known = run.active_parameters or run.parameters
    if run.amount == "tokens" and run.size is not None and run.context_length is None:
        assert run.tokens is not None
        return Size(run.size, run.tokens, stated=False, usual=False)
    flop = result.training_flop.central
    parameters = known or float(committed().fit.usual_size(flop))
    return Size(parameters, flop / float(compute.training_flop(parameters, 1.0)), stated=True, usual=known is None)


def flop_if(result: Estimate, parameters_times: float, tokens_times: float) -> float:
    """The compute [FLOP] with so many times the parameters and the tokens."""
    size = size_of(result)
    return float(compute.training_flop(size.parameters * parameters_times, size.tokens * tokens_times))


def compute_area(result: Estimate, parameters_times: float = 1.0, tokens_times: float = 1.0) -> Chart:
    """6 N D as an area: what a token costs, forward and backward, times the tokens."""
    size = size_of(result)
    n, d = size.parameters * parameters_times, size.tokens * tokens_times
    per_token = float(compute.training_flop(n, 1.0))
    own_per_token = float(compute.training_flop(size.parameters, 1.0))
    height = units.unit_for(own_per_token, OPERATIONS)
    width = units.unit_for(size.tokens, TOKENS)
    total = flop_if(result, parameters_times, tokens_times)
    x, y = d / width.size, per_token / height.size
    split = y * FORWARD / FLOP_PER_PARAMETER_PER_TOKEN
    traces = [
        _rectangle(x, (0.0, split), BLUE, "forward"),
        _rectangle(x, (split, y), ORANGE, "backward"),
    ]
    own = (size.tokens / width.size, own_per_token / height.size)
    changed = (parameters_times, tokens_times) != (1.0, 1.0)
    traces += [_outline(*own)] if changed else []
    plan = _plan(f"{width.name}", f"{height.name} per token", (own[0] * 2.1, own[1] * 2.35))
    plan["annotations"] = [
        _inside(0.0, split / 2, f"forward: {FORWARD:g} per parameter"),
        _inside(0.0, (split + y) / 2, f"backward: {FLOP_PER_PARAMETER_PER_TOKEN - FORWARD:g} per parameter"),
        _is(f"{scientific(total)} FLOP"),
        *([_yours(*own)] if changed else []),
    ]
    cost = f"{significant(per_token / height.size)} {height.name}"
    counts = f"6 × {_count(n)} parameters = {cost}"
    if size.stated and not changed:
        whose = "usual for that much compute" if size.usual else "as given"
        sentence = (
            f"Your compute is given directly, {scientific(total)} FLOP: as much as a language model of {_count(n)} "
            f"parameters ({whose}) on {_count(d)} tokens, each of them {counts}."
        )
    else:
        times = "" if not changed else f", {_tick(parameters_times * tokens_times)} times yours"
        sentence = f"One token costs {counts}; {_count(d)} tokens make {scientific(total)} FLOP{times}."
    return Chart("Compute is an area", sentence, {"data": traces, "layout": plan})


# --- 2: throughput ---


def cold_start_share(final_throughput: float) -> float:
    """The share of a run's time until its throughput is 90% of the final one.

    Args:
        final_throughput: f(T) [TFLOP/s], > 0: with f = ln(1 + αt), α drops out.
    """
    v = final_throughput
    return float(np.exp(-(1.0 - NEARLY) * v) * np.expm1(-NEARLY * v) / np.expm1(-v))


def device_hours_at(result: Estimate, log10_alpha: float) -> float:
    """Device-hours of the final run at this α [h]."""
    return float(throughput.device_seconds(_tflop(result), log10_alpha)) / SECONDS_PER_HOUR


def alpha_text(log10_alpha: float) -> str:
    """log10 of an α as it reads: −6, 96.9."""
    return _tick(log10_alpha, 3).replace("-", "−")


def alpha_doubled(log10_alpha: float) -> float:
    """log10 of twice this α."""
    return log10_alpha + float(np.log10(2.0))


def alpha_for_half_the_time(result: Estimate) -> float:
    """log10 of the α at which the final run takes half the device-time."""
    seconds = device_hours_at(result, result.log10_alpha.central) * SECONDS_PER_HOUR
    return float(throughput.log10_alpha_for(_tflop(result), seconds / 2))


def throughput_area(result: Estimate, log10_alpha: float) -> Chart:
    """f(t) at some α until the area under it is the compute, with its cold start and main stage."""
    tflop = _tflop(result)
    hours, own_hours = device_hours_at(result, log10_alpha), device_hours_at(result, result.log10_alpha.central)
    final = float(throughput.final_throughput(tflop, log10_alpha))
    mean = tflop / (hours * SECONDS_PER_HOUR)
    start = cold_start_share(final)
    scale = units.unit_for(hours, DEVICE_HOURS)
    end = hours / scale.size
    time = hours * np.linspace(0.0, 1.0, _POINTS) ** 3  # close together where the curve bends
    colour = device_colour(result.device)

    def f(at_hours: Any) -> list[float]:
        return rounded(throughput.throughput(at_hours * SECONDS_PER_HOUR, log10_alpha))

    area = line(time / scale.size, f(time), colour, "compute (area)", width=3)
    area |= {"fill": "tozeroy", "fillcolor": faint(colour, 0.25)}
    traces: list[Trace] = [area]
    plan = _plan(f"device-time [{scale.name}]", "TFLOP/s of one device", (end * 1.03, final * 1.22))
    visible = start > SEEN
    if visible:
        early = np.append(time[time < start * hours], start * hours)
        cold = line(early / scale.size, f(early), VERMILION, "cold start", width=3)
        traces.append(cold | {"fill": "tozeroy", "fillcolor": faint(VERMILION, 0.35)})
    plan["shapes"] = [_level(mean)]
    plan["annotations"] = [
        note(1, mean, f"mean {significant(mean)}", xref="paper", xanchor="right", yanchor="top"),
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
    return Chart("The area under the curve is the compute", sentence, {"data": traces, "layout": plan})


# --- 3: time ---


def time_area(result: Estimate, other: Estimate) -> Chart:
    """Devices × time = device-hours: another number of devices gives another shape of the same area.

    Args:
        result: The scenario's estimate.
        other: The same with another number of devices.
    """
    count, own_count = (float(one.inputs.device_count) for one in (other, result))
    hours, own_hours = other.time_to_train_hours.central, result.time_to_train_hours.central
    scale = units.unit_for(own_hours, DURATION)
    colour = device_colour(result.device)
    widest, tallest = own_count * 3.1, own_hours * min(2.1, own_count) / scale.size
    along = np.geomspace(own_count * own_hours / scale.size / tallest, widest, _POINTS)
    curve = line(along, own_count * own_hours / scale.size / along, REFERENCE, "the same device-hours", "dot", 1.5)
    traces = [curve, _rectangle(count, (0.0, hours / scale.size), colour, "device-hours")]
    traces += [_outline(own_count, own_hours / scale.size)] if count != own_count else []
    plan = _plan("devices", f"time to train [{scale.name}]", (widest, tallest * 1.15))
    area = shown(other.device_hours.central, DEVICE_HOURS)
    plan["annotations"] = [_is(area), *([_yours(own_count, own_hours / scale.size)] if count != own_count else [])]
    what = "device" if count == 1 else "devices"
    carbon = shown(other.total_co2e_kg.central, MASS)
    unchanged = "" if count == own_count else ", as before"
    still = unchanged if carbon == _carbon(result) else f", instead of {_carbon(result)}"
    sentence = f"{count:,.0f} {what} × {shown(hours, DURATION)} = {area}, which emit {carbon}{still}."
    return Chart("Device-hours are an area", sentence, {"data": traces, "layout": plan})


# --- 4: energy ---


def energy_area(result: Estimate, other: Estimate, marks: Sequence[tuple[float, str]] = ()) -> Chart:
    """Power × device-hours = energy: that of the devices, and on top of it what PUE adds.

    Args:
        result: The scenario's estimate.
        other: The same with another PUE.
        marks: Values of PUE to mark, with what they are of.
    """
    hours, scale = other.device_hours.central, units.unit_for(other.device_hours.central, DEVICE_HOURS)
    x = hours / scale.size
    power = float(other.inputs.power_w)
    pue, own_pue = float(other.inputs.pue), float(result.inputs.pue)
    meter = power * pue
    tallest = power * max(2.0, own_pue)
    traces = [_rectangle(x, (0.0, power), BLUE, "devices")]
    traces += [_rectangle(x, (power, meter), VERMILION, "building")] if pue > 1 else []
    traces += [_outline(x, power * own_pue)] if pue != own_pue else []
    energy = shown(other.energy_kwh.central, ENERGY)
    building = other.energy_kwh.central * (1.0 - 1.0 / pue)
    plan = _plan(f"device-time [{scale.name}]", "W for one device", (x * 1.03, tallest * 1.16))
    plan["shapes"] = [_level(power * value) for value, _ in marks]
    plan["annotations"] = [
        _inside(0.0, power / 2, f"device{' and server' if other.inputs.host_power_w else ''}: {significant(power)} W"),
        *([note(0, meter, f"building: {significant(meter - power)} W", **_LEFT_ABOVE)] if pue > 1 else []),
        *_named([(power * value, f"PUE {value:g}: {of}") for value, of in marks]),
        _is(energy),
        *([_yours(x, power * own_pue)] if pue != own_pue else []),
    ]
    takes = f"the building takes {shown(building, ENERGY)} of it" if pue > 1 else "nothing is added for the building"
    before = "" if pue == own_pue else f" Yours, with PUE {own_pue:.3g}: {shown(result.energy_kwh.central, ENERGY)}."
    sentence = f"{significant(power)} W × {shown(hours, DEVICE_HOURS)} × PUE {pue:.3g} = {energy}; {takes}.{before}"
    return Chart("Energy is an area", sentence, {"data": traces, "layout": plan})


# --- 5: carbon ---


def carbon_area(
    result: Estimate, other: Estimate, place: str, highest_g_per_kwh: float, marks: Sequence[tuple[float, str]] = ()
) -> Chart:
    """Carbon intensity × energy = operational carbon, on another grid.

    Args:
        result: The scenario's estimate.
        other: The same on another grid.
        place: What that grid is called.
        highest_g_per_kwh: Up to where the axis goes [g CO2e/kWh].
        marks: Intensities to mark [g CO2e/kWh], with what they are of.
    """
    energy = other.energy_kwh.central
    scale = units.unit_for(energy, ENERGY)
    x = energy / scale.size
    grams, own_grams = (float(one.inputs.carbon_intensity_g_per_kwh) for one in (other, result))
    highest = max(highest_g_per_kwh, grams, own_grams)
    changed = other is not result
    traces = [_rectangle(x, (0.0, grams), BLUE, "operational carbon")]
    traces += [_outline(x, own_grams)] if changed else []
    plan = _plan(f"energy [{scale.name}]", "g CO2e/kWh", (x * 1.03, highest * 1.2))
    plan["shapes"] = [_level(value) for value, _ in marks]
    carbon = operational(other, result)
    plan["annotations"] = [_is(carbon), *_named(marks), *([_yours(x, own_grams)] if changed else [])]
    making = "" if other.embodied_co2e_kg.central == 0 else f"; with making the devices, {_carbon(other)}"
    on_it = f"{shown(energy, ENERGY)} × {significant(grams)} g CO2e/kWh ({place}) = {carbon}{making}"
    before = ""
    if changed:
        before = f" Running on your own grid ({significant(own_grams)} g CO2e/kWh): {operational(result, other)}"
        ratio = _ratio(own_grams, grams)
        before += f"{ratio and f', {ratio}'}."
    sentence = f"{on_it}.{before}"
    return Chart("Carbon is an area", sentence, {"data": traces, "layout": plan})


# --- 6: uncertainty ---


@dataclass(frozen=True, slots=True)
class Known:
    """What is estimated when so much is known: a row of the last chart."""

    label: str
    result: Estimate
    own: bool  # as much as the visitor's scenario says
    published: bool = False


def states_of_knowledge(result: Estimate, level: float) -> tuple[Known, ...]:
    """The scenario's estimate when less and when more is known of it, from the least on; the paper's own α last.

    A measured speed that nobody has measured yet is taken to be the one that gives the calibrated central value: what
    it is worth is then the width alone.

    Args:
        result: The scenario's estimate.
        level: The share of runs that the intervals are meant to hold.

    Returns:
        The states for which there is an estimate.
    """
    run, device = result.scenario, result.device
    base = run.replace(**dict.fromkeys(_OWN_SPEED), level=level) if device else run.replace(level=level)
    found: list[Known] = []

    def add(label: str, scenario: Scenario, own: bool, past: Runs | None = None, published: bool = False) -> None:
        try:
            found.append(Known(label, estimate(scenario, past), own, published))
        except InputError:  # nothing can be said for this scenario when so little, or just this, is known
            return

    if device is not None:
        calibrated = run.method == "calibrated"
        past = result.past_runs
        what = "size" if run.training_flop is None else "compute"
        known = f"{what} and device" if run.year is None else f"{what}, device and year"
        add(known, base, calibrated and past is None)
        if past is not None:
            add("+ your own past runs", base, calibrated, past)
        if run.method in ("utilisation", "measured"):
            add("+ your measured speed", run.replace(level=level), True)
        elif found and found[-1].result.utilisation:
            whole = found[-1].result.utilisation.central
            steady = min(1.0, whole / float(np.exp(committed().gap_mean)))
            add("+ a measured speed", base.replace(utilisation=steady), False)
        if device.has_alpha:
            published = base.replace(throughput="published")
            add("the paper's α", published, run.method == "published", published=True)
    if run.method == "alpha" or device is None:
        add("your own α range", run.replace(level=level), True)
    return tuple(found)


def intervals(states: Sequence[Known], level: float) -> Chart:
    """The interval of the total for every state of knowledge, on a log axis: there equal lengths are equal factors.

    Args:
        states: At least one.
        level: What the calibrated intervals are meant to hold.
    """
    carbon = all(one.result.total_co2e_kg.low > 0 for one in states)
    values: list[Interval] = [one.result.total_co2e_kg if carbon else one.result.device_hours for one in states]
    scales = MASS if carbon else DEVICE_HOURS
    unit = units.unit_for(values[0].central, scales)
    traces: list[Trace] = []
    notes: list[dict[str, Any]] = []
    for at, (one, value) in enumerate(zip(states, values, strict=True)):
        ends = (value.low / unit.size, value.central / unit.size, value.high / unit.size)
        colour, symbol = (PURPLE, "square") if one.published else (GREEN, "diamond")
        mark = interval_mark(one.label, ends, at, "", color=colour, size=11, symbol=symbol)
        between = f"{significant(ends[0])}–{significant(ends[2])} {unit.name}"
        traces.append(mark | {"mode": "markers", "hovertemplate": f"{one.label}: {between}<extra></extra>"})
        yours = " (yours)" if one.own else ""
        text = f"<b>{one.label}</b>{yours}  {between}, ×{_width(value)}"
        notes.append(note(0, at, text, xref="paper", xanchor="left", yanchor="bottom") | {"yshift": 9})
    lows, highs = (np.array([getattr(value, end) / unit.size for value in values]) for end in ("low", "high"))
    room = 0.05 * np.log10(highs.max() / lows.min()) + 0.03
    plan = layout(x=f"{'total carbon' if carbon else 'device-time'} [{unit.name}] (log)", y="")
    plan["xaxis"] |= {"type": "log", "range": [float(np.log10(lows.min()) - room), float(np.log10(highs.max()) + room)]}
    ticks = _ticks(float(lows.min()), float(highs.max()))
    plan["xaxis"] |= {"tickmode": "array", "tickvals": ticks, "ticktext": [_tick(one) for one in ticks]}
    plan["yaxis"] |= {"range": [len(states) - 0.6, -0.75], "showticklabels": False, "showgrid": False}
    plan |= {"height": max(HEIGHT, 70 + 54 * len(states)), "annotations": notes}
    return Chart("What narrows the interval", _widths(states, values, level), {"data": traces, "layout": plan})


def _widths(states: Sequence[Known], values: Sequence[Interval], level: float) -> str:
    """How wide each state's interval is, in a sentence."""
    ours = [(one, value) for one, value in zip(states, values, strict=True) if not one.published]
    if len(ours) < 2:
        what = "there is no interval" if values[0].low == values[0].high else f"×{_width(values[0])} from end to end"
        return f"All that is known here is {states[0].label}: {what}."
    first, *more = ours
    steps = ", ".join(f"×{_width(value)} with {one.label.removeprefix('+ ')}" for one, value in more)
    paper = "".join(f" The paper's α: ×{_width(v)}." for one, v in zip(states, values, strict=True) if one.published)
    least = f"×{_width(first[1])} from {first[0].label} alone"
    return f"High end over low end, at {100 * level:.3g}%: {least}, {steps}.{paper}"


# --- for a projector ---


def enlarged(chart: Chart) -> Chart:
    """The chart in type that can be read from the back of a room."""
    plan = dict(chart.figure["layout"])
    font = {"size": SLIDE_FONT}
    for axis in ("xaxis", "yaxis"):
        plan[axis] = plan[axis] | {"tickfont": font, "title": plan[axis]["title"] | {"font": font}}
    plan["annotations"] = [one | {"font": font} for one in plan.get("annotations", [])]
    plan |= {"font": font, "height": SLIDE_HEIGHT}
    return dataclasses.replace(chart, figure={**chart.figure, "layout": plan})


# --- parts ---


def _ticks(low: float, high: float) -> list[float]:
    """Round values within a range on a log axis, as many as a phone has room for."""
    decades = 10.0 ** np.arange(np.floor(np.log10(low)), np.ceil(np.log10(high)) + 1)
    for steps in ((1, 1.5, 2, 3, 5, 7), (1, 2, 3, 5), (1, 2, 5), (1, 3), (1,)):
        found = [float(one) for one in np.outer(decades, steps).ravel() if low <= one <= high]
        if len(found) <= 5:
            return found
    return found[:: len(found) // 5 + 1]


def _tick(value: float, digits: int = 2) -> str:
    text = significant(value, digits)
    return text.rstrip("0").removesuffix(".") if "." in text else text


def _tflop(result: Estimate) -> float:
    return result.training_flop.central / FLOP_PER_TFLOP


def _plan(x: str, y: str, ends: tuple[float, float]) -> dict[str, Any]:
    plan = layout(x=x, y=y)
    plan["height"] = HEIGHT
    for axis, end in zip(("xaxis", "yaxis"), ends, strict=True):
        plan[axis] |= {"range": [0.0, end], "nticks": 6}
    return plan


def _rectangle(width: float, between: tuple[float, float], colour: str, name: str) -> Trace:
    """An area from the left edge, between two heights."""
    low, high = between
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": rounded([0.0, width, width, 0.0, 0.0]),
        "y": rounded([low, low, high, high, low]),
        "fill": "toself",
        "fillcolor": faint(colour, 0.3),
        "line": {"color": colour, "width": 2},
        "hoveron": "fills",
        "hoverinfo": "name",
    }


def _outline(width: float, height: float) -> Trace:
    """The scenario's own area, behind another."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "yours",
        "x": rounded([0.0, width, width]),
        "y": rounded([height, height, 0.0]),
        "line": {"color": REFERENCE, "width": 2, "dash": "dash"},
        "hoverinfo": "name",
    }


def _yours(width: float, height: float) -> dict[str, Any]:
    """What the outline is."""
    return note(width / 2, height, "yours", xanchor="center", yanchor="bottom")


def _level(height: float) -> dict[str, Any]:
    place = {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": height, "y1": height}
    return place | {"line": {"color": REFERENCE, "width": 1, "dash": "dot"}}


def _named(marks: Sequence[tuple[float, str]]) -> list[dict[str, Any]]:
    """What the lines across the chart stand for."""
    return [note(1, height, text, xref="paper", xanchor="right", yanchor="bottom") for height, text in marks]


def _inside(x: float, y: float, text: str) -> dict[str, Any]:
    return note(x, y, text, xanchor="left", yanchor="middle", xshift=8)


def _is(amount: str) -> dict[str, Any]:
    """What the area amounts to, in the corner of the chart that areas seldom reach."""
    text = f"<b>area = {amount}</b>"
    return note(1, 1, text, xref="paper", yref="paper", xanchor="right", yanchor="top") | {"font": {"size": 14}}


def _count(value: float) -> str:
    """A large count in three digits: 70.6B."""
    return compact(float(f"{value:.3g}"))


def _times(ratio: float) -> str:
    return f"{significant(ratio, 2)} times"


def _width(value: Interval) -> str:
    return significant(value.ratio)


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
