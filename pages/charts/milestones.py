"""The time line: the paper's models by date and carbon."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from oce import catalog, units
from oce.field.timeline import Placed
from oce.interval import Interval
from pages.charts.chart import Chart, Trace, short, table
from pages.charts.labels import Box, line_box, names, note_box, text_positions
from pages.charts.layouts import across, layout, level_note
from pages.charts.log_axis import POWERS, place, span
from pages.charts.theme import BLUE, GREY, device_colour, faded, faint
from pages.charts.traces import centrals, error_bars, marks, segments

OUTLINES: Mapping[str, str] = {  # of a symbol, in a square of 10, as SVG draws it
    "circle": "M5 .5A4.5 4.5 0 1 0 5 9.5A4.5 4.5 0 1 0 5 .5Z",
    "square": "M1 1H9V9H1Z",
    "diamond": "M5 0L10 5L5 10L0 5Z",
    "triangle-up": "M5 1L9.6 9H.4Z",
    "triangle-down": "M5 9L9.6 1H.4Z",
    "cross": "M3.4 .5H6.6V3.4H9.5V6.6H6.6V9.5H3.4V6.6H.5V3.4H3.4Z",
    "x": "M2.3 .5L5 3.2L7.7 .5L9.5 2.3L6.8 5L9.5 7.7L7.7 9.5L5 6.8L2.3 9.5L.5 7.7L3.2 5L.5 2.3Z",
    "star": "M5.0 0.0L6.2 3.3L9.8 3.5L7.0 5.6L7.9 9.0L5.0 7.1L2.1 9.0L3.0 5.6L0.2 3.5L3.8 3.3Z",
    "triangle-left": "M1 5L9 .4V9.6Z",
}
SYMBOLS = (
    *OUTLINES,
    *(f"{name}-open" for name in ("circle", "square", "diamond", "triangle-up", "triangle-down", "star")),
)
WIDTH, HEIGHT, MOST_NAMES = 750.0, 390.0, 24
TONNE = 1000.0
DAYS_OF_ROOM = 75


@dataclass(frozen=True, slots=True)
class Key:
    """What a symbol or a colour of the time line stands for."""

    outline: str  # in a square of 10, as SVG draws it
    filled: bool
    colour: str
    name: str


def keys(placed: Sequence[Placed]) -> tuple[Key, ...]:
    """What the symbols (tasks) and the colours (devices) of the time line stand for."""
    by_colour: dict[str, dict[str, None]] = {}
    for entry in placed:
        device = catalog.device(entry.milestone.device)
        words = device.name.split(" ")
        name = " ".join(words[:2]) if words[0] in ("TPU", "Ascend") else words[0]
        by_colour.setdefault(device_colour(device), {})[name] = None
    symbols = [(task, _symbol(task, placed)) for task in _tasks(placed)]
    tasks = [
        Key(OUTLINES[name.removesuffix("-open")], not name.endswith("-open"), GREY, task) for task, name in symbols
    ]
    devices = [Key(OUTLINES["square"], True, colour, ", ".join(names)) for colour, names in by_colour.items()]
    return (*tasks, *devices)


def timeline(placed: Sequence[Placed], mine: Interval, device: catalog.Device | None = None) -> Chart:
    """Every milestone (oldest first) by date and operational carbon: task by symbol, device by colour, with intervals.

    Where the paper's compute differs from today's, a dash shows what the paper's gives, joined to the mark. The
    scenario's own (``mine``) [kg CO2e] is drawn across. Models on devices of another colour than the scenario's are
    faded, where there are any of its own, and have their names on hover alone.
    """
    colours = [device_colour(catalog.device(entry.milestone.device)) for entry in placed]
    opacity = faded(colours, device)
    symbols = [_symbol(entry.milestone.task, placed) for entry in placed]
    todays = [entry.todays for entry in placed]
    changed = [entry for entry in placed if entry.changed]
    joins = [([_date(entry)] * 2, centrals((entry.papers, entry.todays), TONNE)) for entry in changed]
    traces: list[Trace] = [
        segments("change", joins, color=GREY, width=1, dash="dot"),
        marks(
            "with the paper's compute",
            [_date(entry) for entry in changed],
            centrals((entry.papers for entry in changed), TONNE),
            "<b>%{customdata[1]}</b> with the paper's compute: %{y:.3s} t<br>%{customdata[5]}",
            marker={"color": GREY, "size": 12, "symbol": "line-ew-open", "line": {"width": 2}},
            customdata=[_hover(entry) for entry in changed],
        ),
        marks(
            "models",
            [_date(entry) for entry in placed],
            centrals(todays, TONNE),
            "<b>%{customdata[1]}</b>, %{customdata[2]}<br>%{customdata[3]}<br>%{customdata[4]}<br>%{customdata[5]}",
            error_y=error_bars(todays, TONNE, faint(GREY, 0.8), 1, 0),
            marker={
                "color": colours,
                "opacity": opacity,
                "size": 10,
                "symbol": symbols,
                "line": {"width": [2 if symbol.endswith("-open") else 0 for symbol in symbols]},
            },
            customdata=[_hover(entry) for entry in placed],
        ),
    ]
    low, central, high = mine / TONNE
    known = [central] if central > 0 else []  # a grid of 0 g/kWh has no place on a log axis
    least, most = span([*(carbon.central / TONNE for carbon in todays), *known])
    ends = (least - 0.3, most + 0.35)
    text = f" your scenario: {units.shown(mine.central, units.MASS)}"
    days = [entry.milestone.date.toordinal() for entry in placed]
    first, last = min(days) - DAYS_OF_ROOM, max(days) + 3 * DAYS_OF_ROOM
    free = [note_box(0.0, HEIGHT * place(at, ends), text) for at in known]
    named = [entry for entry, shown in zip(placed, opacity, strict=True) if shown == 1.0]
    traces.append(_names(named, placed, (first, last), ends, free))
    plan = layout(x="", y="operational carbon, t CO2e (log)", height=460)
    dates = [datetime.date.fromordinal(day).isoformat() for day in (first, last)]
    plan["xaxis"] |= {"type": "date", "range": dates, "tickformat": "%Y", "dtick": "M12"}
    plan["yaxis"] |= {**POWERS, "range": list(ends)}
    if known:
        plan["shapes"] = [across("y", low, high, BLUE, 0.12), across("y", central, central, BLUE, 1.0)]
        plan["annotations"] = [level_note(float(np.log10(central)), text, "left")]
    numbers = table(
        ["Model", "What", "Operational carbon [t CO2e]", "With the paper's compute [t CO2e]", "Compute", "From"],
        (
            [name, what, entry.todays / TONNE, entry.papers / TONNE if entry.changed else "", compute, source]
            for entry in placed
            for _, name, what, _, compute, source in (_hover(entry),)
        ),
    )
    figure = {"data": traces, "layout": plan}
    return Chart("The paper's models on a time line", _sentence(placed, mine), numbers, figure)


def _tasks(placed: Sequence[Placed]) -> list[str]:
    return list(dict.fromkeys(entry.milestone.task for entry in placed))


def _symbol(task: str, placed: Sequence[Placed]) -> str:
    return SYMBOLS[_tasks(placed).index(task) % len(SYMBOLS)]


def _date(entry: Placed) -> str:
    return entry.milestone.date.isoformat()


def _hover(entry: Placed) -> list[Any]:
    row = entry.milestone
    between = units.shown_range(entry.todays, units.MASS)
    carbon = f"{units.shown(entry.todays.central, units.MASS)} ({between})"
    what = f"{row.task}, {row.organisation}, {row.date.isoformat()}, {catalog.device(row.device).name}"
    compute = f"{units.scientific(row.training_flop)} FLOP ({row.flop_confidence.lower()})"
    if entry.changed:
        compute += f"; the paper: {units.scientific(row.paper_training_flop)}"
    return [row.id, row.model, what, carbon, compute, short(row.source, 70)]


def _names(
    named: Sequence[Placed],
    placed: Sequence[Placed],
    days: tuple[int, int],
    decades: tuple[float, float],
    free: Sequence[Box],
) -> Trace:
    """The names that fit between the ends of the axes, the changed and the largest first."""
    first, last = days
    ordered = sorted(placed, key=lambda entry: (entry not in named, not entry.changed, -entry.todays.central))
    at = [
        ((entry.milestone.date.toordinal() - first) / (last - first), place(entry.todays.central / TONNE, decades))
        for entry in ordered
    ]
    y = centrals((entry.todays for entry in ordered), TONNE)
    texts = [_name(entry) if entry in named else "" for entry in ordered]
    lines = [_whisker(entry, WIDTH * x, decades) for entry, (x, _) in zip(ordered, at, strict=True)]
    where = text_positions(at, texts, WIDTH, HEIGHT, MOST_NAMES, free, lines)
    return names([_date(entry) for entry in ordered], y, texts, where)


def _whisker(entry: Placed, x: float, decades: tuple[float, float]) -> Box:
    """The room of a model's interval, and of the line to what the paper's compute gives [px]."""
    carbon = [*entry.todays, *([entry.papers.central] if entry.changed else [])]
    low, high = (HEIGHT * place(end / TONNE, decades) for end in (min(carbon), max(carbon)))
    return line_box(x, low, x, high)


def _name(entry: Placed) -> str:
    """The model's name, with how many times more or less compute is known of it today than the paper had."""
    if not entry.changed:
        return entry.milestone.model
    ratio = entry.milestone.compute_ratio
    sign, times = ("×", ratio) if ratio > 1 else ("÷", 1 / ratio)
    return f"{entry.milestone.model} {sign}{units.significant(times, 2)}"


def _sentence(placed: Sequence[Placed], mine: Interval) -> str:
    largest = max(placed, key=lambda entry: entry.todays.central)
    below = sum(entry.todays.central < mine.central for entry in placed)
    most = max(placed, key=lambda entry: max(entry.milestone.compute_ratio, 1 / entry.milestone.compute_ratio))
    ratio = most.milestone.compute_ratio
    times = units.significant(max(ratio, 1 / ratio), 2)
    change = f"{times} times {'more' if ratio > 1 else 'less'}"
    return (
        f"{below} of the {len(placed)} models emitted less than your scenario would; most did "
        f"{largest.milestone.model}: {units.shown(largest.todays.central, units.MASS)}. "
        f"For {most.milestone.model} today's compute is {change} than the paper's."
    )
