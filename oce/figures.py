"""Plotly figures as plain dictionaries: pure functions of estimates.

Each chart comes with the sentence that says what it shows for this scenario: its title and its text alternative. No
colour of ink or paper is set here: the page's theme does that, in light and dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oce import quantities, throughput
from oce.catalog import Device
from oce.compute import FLOP_PER_TFLOP
from oce.estimate import Estimate
from oce.interval import Interval
from oce.pace import SECONDS_PER_HOUR
from oce.sensitivity import Swing

Trace = dict[str, Any]

# Okabe and Ito's palette, which people with any colour vision can tell apart, darkened or lightened a little so that
# every colour has a contrast of 3:1 on the light and on the dark ground.
BLUE, ORANGE, GREEN, VERMILION = "#2A86C7", "#C98500", "#0A9472", "#D0602B"
SKY, PURPLE, GREY, OLIVE = "#3E9BC4", "#B8679A", "#808785", "#8F8A1E"
OPERATIONAL, EMBODIED, TOTAL = BLUE, ORANGE, GREEN
REFERENCE = GREY

GENERATION_COLOURS: Mapping[str, str] = {
    "Kepler": GREY,
    "Maxwell": GREY,
    "Pascal": OLIVE,
    "Volta": PURPLE,
    "Turing": OLIVE,
    "Ampere": ORANGE,
    "Ada": SKY,
    "Hopper": BLUE,
    "Blackwell": VERMILION,
}
VENDOR_COLOURS: Mapping[str, str] = {"Google": GREEN, "AMD": VERMILION, "Huawei": PURPLE}

_POINTS = 80


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it is about, the sentence it says, and the Plotly figure (``data`` and ``layout``)."""

    heading: str
    sentence: str
    figure: Mapping[str, Any]


def device_colour(device: Device | None) -> str:
    """The colour of a device in every chart: one for each generation, or vendor outside NVIDIA."""
    if device is None:
        return GREEN
    generation = next((name for name in GENERATION_COLOURS if device.generation.startswith(name)), "")
    return VENDOR_COLOURS.get(device.vendor) or GENERATION_COLOURS.get(generation, GREY)


def throughput_curve(result: Estimate) -> Chart:
    """f(t) of one device over the device-time of the run; the area under it is the compute."""
    inputs = result.inputs
    overhead = 1.0 + float(inputs.overhead_fraction)
    hours = Interval(*(end / overhead for end in _ends(result.device_hours)))  # the final run alone
    low, alpha, high = _ends(result.log10_alpha)
    tflop = result.training_flop.central / FLOP_PER_TFLOP
    mean = tflop / (hours.central * SECONDS_PER_HOUR)
    scale = _scale(hours.high)
    time = hours.high * np.linspace(0.0, 1.0, _POINTS) ** 3  # close together where the curve bends
    run = time[time < hours.central]
    run = np.append(run, hours.central)
    colour = device_colour(result.device)

    def f(at_hours: Any, log10_alpha: float) -> list[float]:
        return _rounded(throughput.throughput(at_hours * SECONDS_PER_HOUR, log10_alpha))

    area = _line(run / scale.size, f(run, alpha), colour, "compute (area)")
    area |= {"fill": "tozeroy", "fillcolor": _faint(colour, 0.22), "line": {"color": colour, "width": 3}}
    traces: list[Trace] = [area]
    if hours.low < hours.high:
        fast, slow = f(time, high), f(time, low)
        upper = _line(time / scale.size, fast, colour, "fast end", dash="dot", width=1)
        lower = _line(time / scale.size, slow, colour, "slow end", dash="dot", width=1)
        traces += [upper, lower | {"fill": "tonexty", "fillcolor": _faint(colour, 0.14)}]
    traces.append(_point(hours.central / scale.size, f(np.array([hours.central]), alpha)[0], colour, "end of the run"))
    shapes, notes = [], []
    peak = result.device.peak_tflops.get(result.precision or "") if result.device else None
    if peak is not None:
        shapes.append(
            {"type": "line", "xref": "paper", "x0": 0, "x1": 1, "y0": peak, "y1": peak}
            | {"line": {"color": REFERENCE, "width": 1.5, "dash": "dash"}}
        )
        label = f"dense {result.precision} peak {peak:g}"
        notes.append(_note(1, peak, label, xref="paper", xanchor="right", yanchor="bottom"))
    layout = _layout(
        x=f"device-time [{scale.name}]",
        y="throughput of one device [TFLOP/s]",
    )
    layout |= {"shapes": shapes, "annotations": notes}
    layout["yaxis"]["rangemode"] = "tozero"
    layout["xaxis"]["range"] = [0, hours.high / scale.size * 1.03]
    share = f", {result.utilisation.central:.0%} of the peak" if result.utilisation else ""
    compute = quantities.scientific(result.training_flop.central)
    sentence = (
        f"Each device runs at {quantities.significant(mean)} TFLOP/s on average{share}; "
        f"the shaded area is the compute, {compute} FLOP."
    )
    return Chart("Throughput", sentence, {"data": traces, "layout": layout})


def time_by_devices(result: Estimate) -> Chart:
    """Time to train against the number of devices, with the scenario's point."""
    count = float(result.inputs.device_count)
    low, high = max(1.0, count / 32), min(1e7, count * 32)
    counts = np.unique(np.round(np.geomspace(low, high, 41)))
    hours = {end: getattr(result.device_hours, end) / counts for end in ("low", "central", "high")}
    scale = quantities.unit_for(result.time_to_train_hours.central, quantities.DURATION)
    colour = device_colour(result.device)
    traces = [_line(counts, _rounded(hours["high"] / scale.size), colour, "slow end", dash="dot", width=1)]
    fast = _line(counts, _rounded(hours["low"] / scale.size), colour, "fast end", dash="dot", width=1)
    traces += [fast | {"fill": "tonexty", "fillcolor": _faint(colour, 0.18)}]
    traces += [_line(counts, _rounded(hours["central"] / scale.size), colour, "central", width=3)]
    central = result.time_to_train_hours.central
    traces.append(_point(count, central / scale.size, colour, "your scenario"))
    layout = _layout(x=f"{_devices_word(result)} (log)", y=f"time to train [{scale.name}] (log)")
    layout["xaxis"] |= {"type": "log", "dtick": 1}
    layout["yaxis"] |= {"type": "log"} | _log_ticks(hours["central"] / scale.size)
    doubled = quantities.shown(central / 2, quantities.DURATION)
    sentence = (
        f"{count:,.0f} {_devices_word(result)} take "
        f"{quantities.shown(central, quantities.DURATION)}; twice as many would take {doubled}, for the same carbon."
    )
    return Chart("Time and devices", sentence, {"data": traces, "layout": layout})


def carbon_interval(result: Estimate) -> Chart:
    """Operational, embodied and total carbon with their intervals, on a log axis."""
    rows = [
        ("Total", result.total_co2e_kg, TOTAL, "diamond"),
        ("Operational", result.operational_co2e_kg, OPERATIONAL, "circle"),
        ("Embodied", result.embodied_co2e_kg, EMBODIED, "square"),
    ]
    rows = [row for row in rows if row[1].central > 0]
    unit = quantities.unit_for(result.total_co2e_kg.central, quantities.MASS)
    traces: list[Trace] = []
    for name, interval, colour, symbol in rows:
        low, central, high = (end / unit.size for end in _ends(interval))
        traces.append(
            {
                "type": "scatter",
                "mode": "markers+text",
                "name": name,
                "x": [central],
                "y": [name],
                "text": [f"<b>{quantities.significant(central)}</b>{_span(low, high)}"],
                "textposition": "top center",
                "cliponaxis": False,
                "error_x": {
                    "type": "data",
                    "symmetric": False,
                    "array": [high - central],
                    "arrayminus": [central - low],
                    "color": colour,
                    "thickness": 3,
                    "width": 5,
                },
                "marker": {"color": colour, "size": 9, "symbol": symbol},
                "hovertemplate": f"{name}: {quantities.significant(central)} {unit.name}<extra></extra>",
            }
        )
    layout = _layout(x=f"carbon [{unit.name}] (log)", y="")
    centrals = np.array([interval.central / unit.size for _, interval, _, _ in rows] or [1.0])
    span = [np.log10(centrals.min()) - 0.7, np.log10(centrals.max()) + 0.7]
    layout["xaxis"] |= {"type": "log", "dtick": 1, "range": span}
    layout["yaxis"] |= {"autorange": "reversed", "type": "category", "showgrid": False}
    layout["margin"]["t"] = 26
    total, embodied = result.total_co2e_kg, result.embodied_co2e_kg
    share = embodied.central / total.central if total.central > 0 else 0.0
    part = "embodied carbon is left out" if embodied.central == 0 else f"making the devices is {_percent(share)} of it"
    sentence = f"The total is {quantities.shown_range(total, quantities.MASS)}; {part}."
    return Chart("Carbon", sentence, {"data": traces, "layout": layout})


def tornado(result: Estimate, swings: Sequence[Swing]) -> Chart:
    """The total at both ends of each input's stated range, the largest swing on top."""
    unit = quantities.unit_for(result.total_co2e_kg.central, quantities.MASS)
    now = result.total_co2e_kg.central / unit.size
    names = [swing.label for swing in swings]
    lows = [swing.low_kg / unit.size for swing in swings]
    highs = [swing.high_kg / unit.size for swing in swings]

    def side(values: Sequence[float], labels: Sequence[str], colour: str, name: str, pattern: str) -> Trace:
        return {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": names,
            "x": [value - now for value in values],
            "base": now,
            "marker": {"color": colour, "pattern": {"shape": pattern, "fgopacity": 0.5}},
            "customdata": [
                [label, f"{quantities.significant(value)} {unit.name}"]
                for label, value in zip(labels, values, strict=True)
            ],
            "hovertemplate": "%{y}: %{customdata[0]}<br>total %{customdata[1]}<extra></extra>",
        }

    traces = [
        side(lows, [s.low_label for s in swings], BLUE, "less", ""),
        side(highs, [s.high_label for s in swings], VERMILION, "more", "/"),
    ]
    layout = _layout(x=f"total carbon [{unit.name}]", y="")
    layout |= {
        "barmode": "overlay",
        "bargap": 0.62,
        "height": 70 + 58 * len(names),
        "shapes": [
            {"type": "line", "y0": at - 0.26, "y1": at + 0.26, "x0": now, "x1": now}
            | {"line": {"color": REFERENCE, "width": 2}}
            for at in range(len(names))
        ],
        # what the ends stand for, above each bar: readable on a phone too, where a category axis would take half
        "annotations": [
            _note(
                0,
                at,
                f"<b>{swing.label}</b>: {swing.low_label} … {swing.high_label}",
                xref="paper",
                xanchor="left",
                yanchor="bottom",
                yshift=11,
            )
            for at, swing in enumerate(swings)
        ],
    }
    layout["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    layout["xaxis"]["rangemode"] = "tozero"
    layout["margin"] |= {"l": 8, "t": 26}
    first = swings[0]
    sentence = (
        f"{first.label} moves the total most: from {quantities.shown(first.low_kg, quantities.MASS)} "
        f"({first.low_label}) to {quantities.shown(first.high_kg, quantities.MASS)} ({first.high_label})."
    )
    return Chart("What moves it", sentence, {"data": traces, "layout": layout})


def _layout(x: str, y: str) -> dict[str, Any]:
    axis = {"zeroline": False, "automargin": True, "fixedrange": True}
    return {
        "height": 300,
        "margin": {"l": 8, "r": 12, "t": 16, "b": 8},
        "showlegend": False,
        "hovermode": "closest",
        "xaxis": {**axis, "title": {"text": x, "standoff": 8}},
        "yaxis": {**axis, "title": {"text": y, "standoff": 8}},
    }


def _line(x: Any, y: Any, colour: str, name: str, dash: str = "solid", width: float = 2) -> Trace:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": _rounded(x),
        "y": y if isinstance(y, list) else _rounded(y),
        "line": {"color": colour, "width": width, "dash": dash},
        "hovertemplate": f"{name}: %{{x:.3s}}, %{{y:.3s}}<extra></extra>",
    }


def _point(x: float, y: float, colour: str, name: str) -> Trace:
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [x],
        "y": [y],
        "marker": {"color": colour, "size": 13, "line": {"color": "white", "width": 2}},
        "hovertemplate": f"{name}: %{{x:.3s}}, %{{y:.3s}}<extra></extra>",
    }


def _note(x: float, y: float, text: str, **place: Any) -> dict[str, Any]:
    return {"x": x, "y": y, "text": text, "showarrow": False, "font": {"size": 12}, **place}


def _log_ticks(values: Any) -> dict[str, Any]:
    """Ticks on a log axis: decades, with 2 and 5 between where there are few."""
    decades = np.log10(np.max(values) / np.min(values))
    return {"dtick": 1} if decades > 2 else {"dtick": "D2" if decades > 1 else "D1"}


def _scale(device_hours: float) -> quantities.Unit:
    return quantities.unit_for(device_hours, quantities.DEVICE_HOURS)


def _devices_word(result: Estimate) -> str:
    if result.device is None:
        return "devices"
    return f"{result.device.name} {'chips' if result.device.unit == 'chip' else 'devices'}"


def _ends(interval: Interval) -> tuple[float, float, float]:
    return (interval.low, interval.central, interval.high)


def _span(low: float, high: float) -> str:
    ends = [quantities.significant(end) for end in (low, high)]
    return "" if ends[0] == ends[1] else f"  ({ends[0]}–{ends[1]})"


def _percent(share: float) -> str:
    return f"{quantities.significant(100 * share, 2)} %"


def _faint(colour: str, opacity: float) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"


def _rounded(values: Any) -> list[float]:
    """Five significant digits: as fine as a pixel, and half the bytes on the wire."""
    return [float(f"{value:.5g}") for value in np.asarray(values, dtype=np.float64).tolist()]
