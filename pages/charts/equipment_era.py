"""The charts of the equipment era: α and utilisation of every reported run, by device."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from oce import catalog, units
from oce.field import equipment_era
from oce.field.equipment_era import RunPoint
from oce.interval import Interval
from oce.method import throughput
from oce.method.compute import FLOP_PER_TFLOP
from pages.charts.chart import Cell, Chart, Table, Trace, short, table
from pages.charts.layouts import layout
from pages.charts.log_axis import POWERS
from pages.charts.theme import GREY, SYMBOLS, VERMILION, device_colour, faded, faint
from pages.charts.traces import centrals, line, marks, rounded, segments

UNITS: Mapping[str, str] = {"utilisation": "share of the dense peak", "alpha": "log₁₀ α (α in 1/s)"}
SIDES: Mapping[str, str] = {"year": "year of training", "size": "active parameters (log)"}
MOST_PEAK = 2600.0  # that the chart of α shows [TFLOP/s]: beyond it there are whole wafers only
SWARM = 0.7  # how much of a year its runs spread over


def runs_over(points: Sequence[RunPoint], unit: str, by: str, device: catalog.Device | None = None) -> Chart:
    """α or utilisation (:data:`UNITS`) of every run, against its year or its model's size (``by``, of :data:`SIDES`).

    Generations differ by colour and symbol; those of other colours than the scenario's device are faded.
    """
    known = [point for point in points if by == "year" or point.run.size]
    ordered = sorted(known, key=lambda point: point.run.year if by == "year" else point.run.size or 0)
    generations = list(dict.fromkeys(_generation(point) for point in sorted(known, key=lambda point: point.run.year)))
    of_each = {name: [point for point in known if _generation(point) == name] for name in generations}
    colours = [device_colour(catalog.device(these[0].run.device)) for these in of_each.values()]
    traces: list[Trace] = []
    for at, (name, opacity) in enumerate(zip(generations, faded(colours, device), strict=True)):
        these, colour = of_each[name], colours[at]
        x = [_spread(point, known) if by == "year" else float(point.run.size or 0) for point in these]
        x = [round(year, 3) for year in x] if by == "year" else rounded(x)  # five digits leave a year a single decimal
        traces.append(_marks(these, x, unit, name, colour, SYMBOLS[at % len(SYMBOLS)]) | {"opacity": opacity})
    plan = layout(x=SIDES[by], y=UNITS[unit], height=450, key_at=1.0)
    if unit == "utilisation":
        plan["yaxis"] |= {"tickformat": ".0%", "rangemode": "tozero"}
    if by == "size":
        plan["xaxis"] |= POWERS
    else:
        plan["xaxis"] |= {"tickformat": "d", "tickangle": 0, "nticks": 6}
    figure = {"data": traces, "layout": plan}
    return Chart("Every reported run", _trend(ordered, unit, by), _runs_table(ordered), figure)


def by_device(groups: Mapping[str, Sequence[RunPoint]], unit: str) -> Chart:
    """The runs on each device, and the paper's interval over them; devices in the order of their peaks."""
    shown = {name: runs for name, runs in groups.items() if len(runs) > 1 or catalog.device(name).has_alpha}
    traces: list[Trace] = []
    papers: list[tuple[list[float], tuple[int, int]]] = []
    inside = total = 0
    rows: list[list[str]] = []
    for at, (name, runs) in enumerate(shown.items()):
        device = catalog.device(name)
        offsets = np.linspace(-0.22, 0.22, len(runs)) if len(runs) > 1 else np.zeros(1)
        ordered = sorted(runs, key=lambda point: _value(point, unit))
        drawn = _marks(ordered, [], unit, device.name, device_colour(device), "circle")
        traces.append(drawn | {"x": drawn["y"], "y": rounded(at + offsets), "showlegend": False})
        ends = _papers(device, runs, unit)
        values = [_shown(_value(point, unit), unit) for point in ordered]
        rows.append([device.name, str(len(runs)), ", ".join(values), " to ".join(_shown(end, unit) for end in ends)])
        if ends:
            papers.append((rounded(ends), (at, at)))
            low, high = _papers(device, runs, "alpha")  # by α, which is what the interval is of
            inside += sum(low <= point.log10_alpha <= high for point in runs)
            total += len(runs)
    bar = segments("the paper's interval", papers, color=faint(VERMILION, 0.45), width=14)
    plan = layout(x=UNITS[unit], y="", height=90 + 34 * len(shown), key_at=1.0)
    names = [f"{catalog.device(name).name} ({len(runs)})" for name, runs in shown.items()]
    plan["yaxis"] |= {"tickvals": list(range(len(shown))), "ticktext": names, "showgrid": False}
    if unit == "utilisation":
        plan["xaxis"] |= {"tickformat": ".0%", "rangemode": "tozero"}
    sentence = (
        f"The paper's interval holds {inside} of the {total} runs on devices that it covers ({inside / total:.0%})."
        if total
        else "No device here has an α of the paper."
    )
    numbers = table(["Device", "Runs", f"{_capital(UNITS[unit])}, of each run", "The paper's interval"], rows)
    return Chart("The runs on each device", sentence, numbers, {"data": [bar, *traces], "layout": plan})


def alpha_against_peak(points: Sequence[RunPoint]) -> Chart:
    """log₁₀ α against the peak: the runs and the line through them, the paper's intervals, the devices without α."""
    fitted = equipment_era.line()
    beyond = sum(point.run.peak_tflops > MOST_PEAK for point in points)
    points = [point for point in points if point.run.peak_tflops <= MOST_PEAK]
    ends = np.linspace(0.0, MOST_PEAK, 2)
    low, middle, high = zip(*(fitted.at(float(end)) for end in ends), strict=True)
    traces: list[Trace] = [
        line(ends, low, GREY, "low", width=0) | {"showlegend": False, "hoverinfo": "skip"},
        line(ends, high, GREY, "four in five runs", width=0)
        | {"fill": "tonexty", "fillcolor": faint(GREY, 0.18), "hoverinfo": "skip", "showlegend": False},
        line(ends, middle, GREY, "line through the runs", dash="dash"),
    ]
    for device in dict.fromkeys(point.run.device for point in points):
        these = [point for point in points if point.run.device == device]
        kind = catalog.device(device)
        peaks = rounded([point.run.peak_tflops for point in these])
        traces.append(
            _marks(these, peaks, "alpha", kind.name, device_colour(kind), "circle")
            | {"showlegend": False, "opacity": 0.75}
        )
    papers = [
        (kind.name, equipment_era.usual_peak(kind), _papers(kind, (), "alpha"))
        for kind in catalog.devices()
        if kind.alpha_source.endswith("Table 1") and kind.log10_alpha_low is not None
    ]
    pieces = [([peak] * 2, alphas) for _, peak, alphas in papers]
    traces.append(segments("the paper's interval", pieces, color=VERMILION, width=5))
    without = [(catalog.device(name), at) for name, at in equipment_era.placed().items()]
    without = [(kind, at) for kind, at in without if equipment_era.usual_peak(kind) <= ends[1]]
    traces.append(
        marks(
            "devices without an α",
            rounded([equipment_era.usual_peak(kind) for kind, _ in without]),
            centrals((at for _, at in without), 1.0),
            "<b>%{customdata[0]}</b>, no α: the line gives %{y:.0f} (%{customdata[1]})<br>%{customdata[2]}",
            marker={"symbol": "diamond-open", "size": 9, "color": GREY, "line": {"width": 2}},
            customdata=[[kind.name, f"{at.low:.0f} … {at.high:.0f}", short(kind.source)] for kind, at in without],
        )
    )
    plan = layout(x="dense peak, TFLOP/s", y=UNITS["alpha"], height=420, key_at=-0.2)
    slope = units.significant(fitted.utilisation.central / throughput.LN10 * 100)
    sentence = (
        f"log₁₀ α grows by {slope} for each 100 TFLOP/s of peak: a mean utilisation of "
        f"{fitted.utilisation.central:.0%} ({fitted.utilisation.low:.0%}–{fitted.utilisation.high:.0%}), whatever the "
        "device. So the line places devices that the paper has no α for."
        + (f" {beyond} runs lie beyond." if beyond else "")
    )
    rows: list[list[Cell]] = [
        [
            catalog.device(point.run.device).name,
            f"{point.run.model}, {point.run.year}",
            point.run.peak_tflops,
            _shown(point.log10_alpha, "alpha"),
        ]
        for point in sorted(points, key=lambda point: point.run.peak_tflops)
    ]
    rows += [
        [name, "the paper's interval", peak, " to ".join(_shown(end, "alpha") for end in alphas)]
        for name, peak, alphas in papers
    ]
    rows += [[kind.name, "no α: the line", equipment_era.usual_peak(kind), _range(at)] for kind, at in without]
    numbers = table(["Device", "What", "Dense peak [TFLOP/s]", _capital(UNITS["alpha"])], rows)
    return Chart("α is the peak in disguise", sentence, numbers, {"data": traces, "layout": plan})


def _marks(runs: Sequence[RunPoint], x: list[float], unit: str, name: str, colour: str, symbol: str) -> Trace:
    y = rounded([_value(point, unit) for point in runs])
    look = {"color": colour, "size": 8, "symbol": symbol}
    hover = "<b>%{customdata[1]}</b>, %{customdata[2]}<br>%{customdata[3]}<br>%{customdata[4]}"
    return marks(name, x, y, hover, marker=look, customdata=[_hover(point, unit) for point in runs])


def _hover(point: RunPoint, unit: str) -> list[Any]:
    run = point.run
    what = f"{run.organisation} {run.year}, {catalog.device(run.device).name}"
    alpha = "" if unit == "utilisation" else f", log₁₀ α {point.log10_alpha:.1f}"
    values = f"{point.utilisation:.0%} of the peak{alpha}"
    return [run.id, run.model, what, values, short(run.source)]


def _runs_table(points: Sequence[RunPoint]) -> Table:
    """Every run with both its figures, whichever is drawn."""
    return table(
        ["Run", "Year", "Device", "Active parameters", "Share of the dense peak", "log₁₀ α", "From"],
        (
            [
                f"{point.run.model}, {point.run.organisation}",
                str(point.run.year),
                catalog.device(point.run.device).name,
                units.compact(float(f"{point.run.size:.3g}")) if point.run.size else "",
                _shown(point.utilisation, "utilisation"),
                _shown(point.log10_alpha, "alpha"),
                short(point.run.source),
            ]
            for point in points
        ),
    )


def _value(point: RunPoint, unit: str) -> float:
    return point.utilisation if unit == "utilisation" else point.log10_alpha


def _shown(value: float, unit: str) -> str:
    return f"{value:.0%}" if unit == "utilisation" else units.significant(value).replace("-", "−")


def _range(at: Interval) -> str:
    """An interval of log₁₀ α, whose bounds may be negative."""
    low, central, high = (_shown(bound, "alpha") for bound in (at.low, at.central, at.high))
    return f"{central} ({low} to {high})"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:] if text.startswith("share") else text


def _generation(point: RunPoint) -> str:
    device = catalog.device(point.run.device)
    return device.generation if device.vendor == "NVIDIA" else device.name


def _spread(point: RunPoint, among: Sequence[RunPoint]) -> float:
    """The year, with the runs of one year side by side, in no order that means anything, so that none hides another."""
    same = sorted((other for other in among if other.run.year == point.run.year), key=lambda other: other.run.id)
    return point.run.year + SWARM * ((same.index(point) + 0.5) / len(same) - 0.5)


def _papers(device: catalog.Device, runs: Sequence[RunPoint], unit: str) -> tuple[float, ...]:
    """The ends of the paper's interval on a device; as utilisation, for the median compute of its runs."""
    if device.log10_alpha_low is None or device.log10_alpha_high is None:
        return ()
    if unit == "alpha":
        return device.log10_alpha_low, device.log10_alpha_high
    tflop = float(np.median([point.run.training_flop or 0.0 for point in runs])) / FLOP_PER_TFLOP
    fastest = tflop / equipment_era.usual_peak(device)
    low, high = (
        fastest / float(throughput.device_seconds(tflop, alpha))
        for alpha in (device.log10_alpha_low, device.log10_alpha_high)
    )
    return low, high


def _trend(ordered: Sequence[RunPoint], unit: str, by: str) -> str:
    """Early against late, or small against large, by medians."""
    half = len(ordered) // 2
    halves = [float(np.median([_value(point, unit) for point in part])) for part in (ordered[:half], ordered[half:])]
    shown = [f"{value:.0%}" if unit == "utilisation" else f"{value:.1f}" for value in halves]
    name = "The median utilisation" if unit == "utilisation" else "The median log₁₀ α"
    if by == "year":
        parts = ("earlier", "later", f"from {ordered[half].run.year}")
    else:
        parts = ("smaller", "larger", f"{units.compact(float(f'{ordered[half].run.size:.3g}'))} up")
    first = f"{name} is {shown[0]} in the {parts[0]} half of {len(ordered)} runs"
    return f"{first} and {shown[1]} in the {parts[1]} ({parts[2]})."
