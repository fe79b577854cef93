"""The charts of accuracy against carbon."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from oce import units
from oce.field import accuracy
from oce.field.accuracy import Finding, Point
from oce.interval import Interval
from pages.charts.chart import Cell, Chart, Layout, Table, Trace, short, table
from pages.charts.labels import Box, line_box, names, note_box, text_positions
from pages.charts.layouts import across, layout, note
from pages.charts.log_axis import POWERS, place, span
from pages.charts.theme import BLUE, GREEN, GREY, ORANGE, PURPLE, VERMILION, faint
from pages.charts.traces import centrals, error_bars, interval_marks, marks, rounded, segments

ERAS: Mapping[str, tuple[int, str]] = {  # up to which year, and its colour
    "until 2020": (2020, GREY),
    "2021": (2021, PURPLE),
    "2022": (2022, VERMILION),
    "2023": (2023, ORANGE),
    "2024": (2024, GREEN),
    "later": (9999, BLUE),
}
WIDTH, HEIGHT = 755.0, 360.0  # of the plot on a usual screen, for which the names are laid out [px]
MOST_NAMES = 26
NOTE = 20.0  # height of the note at the scenario's line [px]
TONNE = 1000.0


def accuracy_against_carbon(
    benchmark: str,
    points: Sequence[Point],
    found: Finding,
    mine: Interval,
    my_score: float | None = None,
    families: bool = True,
) -> Chart:
    """Score against operational carbon, with the front, the families, and the visitor's scenario among them.

    Args:
        benchmark: A key of :data:`oce.field.accuracy.BENCHMARKS`.
        points: The models, at least three.
        found: What they say together.
        mine: The scenario's operational carbon [kg CO2e].
        my_score: What the visitor expects to score [%]: then the scenario is a point, else a line.
        families: Whether lines join the sizes of a family.
    """
    name = accuracy.BENCHMARKS[benchmark]
    # with room at both ends; the longest intervals may be cut
    decades = span([carbon.central / TONNE for carbon in (*_carbon(points), mine)], 0.1, 0.06)
    scores = [point.score for point in points] + ([] if my_score is None else [my_score])
    low, high = min(scores), max(scores)
    floor, ceiling = low - 0.06 * (high - low), high + 0.12 * (high - low)
    traces: list[Trace] = _family_lines(points) if families else []
    traces.append(_front(points, decades[1]))
    traces += [trace for era in ERAS for trace in _of_era(points, era)]
    text, right = _mine_note(mine, decades)
    x = WIDTH * place(mine.central / TONNE, decades)
    free = [] if my_score is not None else [note_box(x, HEIGHT - NOTE, text, right)]
    traces.append(_names(points, decades, (floor, ceiling), free))
    plan = layout("operational carbon of training, t CO2e (log)", f"{name}, %", height=480, key_at=-0.18)
    plan["xaxis"] |= {**POWERS, "range": decades}
    plan["yaxis"]["range"] = [floor, ceiling]
    _add_mine(plan, traces, mine, my_score, ceiling)
    between = f"{found.correlation.low:.2f} to {found.correlation.high:.2f}"
    sentence = (
        f"{accuracy.in_words(benchmark, found)} {found.models} models, rank correlation "
        f"{found.correlation.central:.2f} ({between})."
    )
    numbers = _models_table(name, points, mine, my_score)
    return Chart(f"{name} against carbon", sentence, numbers, {"data": traces, "layout": plan})


def price_by_year(benchmark: str, points: Sequence[Point], as_trained: bool = False) -> Chart:
    """What the cheapest model emitted that had reached a score by the end of each year; a line for each score.

    ``as_trained`` each is under its own grid: then the grids differ too, and it is said.
    """
    name = accuracy.BENCHMARKS[benchmark]
    traces: list[Trace] = []
    told: str | None = None
    rows: list[list[Cell]] = []
    for at, score in enumerate(accuracy.THRESHOLDS[benchmark]):
        steps = accuracy.cheapest_by_year(points, score)
        if not steps:
            continue
        colour, symbol, dash = (BLUE, ORANGE, GREEN)[at], ("circle", "diamond", "square")[at], ("solid", "dash", "dot")
        rows += [
            [
                f"{score:g}% or more",
                str(year),
                f"{point.row.model} ({point.score:g}%)",
                point.operational_co2e_kg / TONNE,
                short(point.row.source),
            ]
            for year, point in steps
        ]
        traces.append(
            marks(
                f"{score:g}% or more",
                [year for year, _ in steps],
                centrals(_carbon(point for _, point in steps), TONNE),
                "by %{x}: <b>%{customdata[1]}</b> (%{customdata[2]}%), %{y:.3s} t<br>%{customdata[3]}",
                mode="lines+markers",
                line={"color": colour, "width": 2, "shape": "hv", "dash": dash[at]},
                marker={"color": colour, "size": 9, "symbol": symbol},
                customdata=[
                    [point.row.id, point.row.model, f"{point.score:g}", short(point.row.source)] for _, point in steps
                ],
            )
        )
        if told is None or at == 1:  # the middle score is neither too easy nor too rare
            told = _fall(f"{score:g}% on {name}", steps, as_trained)
    plan = layout(x="", y="t CO2e (log)", height=320, key_at=-0.18)
    plan["yaxis"] |= POWERS
    plan["xaxis"] |= {"dtick": 1, "tickformat": "d"}
    sentence = told or f"No model here reaches {accuracy.THRESHOLDS[benchmark][0]:g}% on {name}."
    numbers = table(["Score", "By the end of", "Cheapest model", "Operational carbon [t CO2e]", "From"], rows)
    return Chart(f"{name}: the cost of a score", sentence, numbers, {"data": traces, "layout": plan})


def _models_table(name: str, points: Sequence[Point], mine: Interval, my_score: float | None) -> Table:
    """Every model, from little to much carbon, and the visitor's scenario."""
    rows = [
        (
            f"{point.row.model} ({point.row.year})",
            f"{point.score:.3g}",
            point.operational_co2e_kg / TONNE,
            "reported device-hours" if point.reported else "estimated",
            short(point.row.source),
        )
        for point in points
    ]
    rows.append(("Your scenario", "" if my_score is None else f"{my_score:.3g}", mine / TONNE, "estimated", ""))
    rows.sort(key=lambda row: row[2].central)
    return table(["Model", f"{name} [%]", "Operational carbon [t CO2e]", "How", "From"], rows)


def _fall(score: str, steps: Sequence[tuple[int, Point]], as_trained: bool) -> str:
    """How much cheaper the same score has become, if it has."""
    (first_year, first), (last_year, last) = steps[0], steps[-1]
    conditions = "each under its own grid" if as_trained else "under the same conditions"
    if first is last:
        still = f"{first.row.model} ({first_year}): {_tonnes(first)}, {conditions}"
        return f"{score} is still reached with least by {still}."
    fall = units.significant(first.operational_co2e_kg.central / last.operational_co2e_kg.central, 2)
    return (
        f"{score} had cost {_tonnes(first)} by {first_year} ({first.row.model}) and {_tonnes(last)} by {last_year} "
        f"({last.row.model}): {fall} times less, {conditions}."
    )


def _of_era(points: Sequence[Point], era: str) -> list[Trace]:
    """The models of some years: filled where the hours were reported, open with an interval where estimated."""
    until, colour = ERAS[era]
    since = max((other for other, _ in ERAS.values() if other < until), default=0)
    traces: list[Trace] = []
    for reported in (True, False):
        these = [point for point in points if since < point.row.year <= until and point.reported == reported]
        if not these:
            continue
        carbon = _carbon(these)
        symbol, width = ("circle", 0) if reported else ("diamond-open", 2)
        bars: Trace = {} if reported else {"error_x": error_bars(carbon, TONNE, colour, 1, 0)}
        traces.append(
            marks(
                era,
                centrals(carbon, TONNE),
                [point.score for point in these],
                "<b>%{customdata[1]}</b> (%{customdata[2]}), %{y:.3g}% (%{customdata[3]})<br>"
                "%{customdata[4]}<br>score: %{customdata[5]}<br>run: %{customdata[6]}",
                legendgroup=era,
                showlegend=not traces,
                marker={"color": colour, "size": 9, "symbol": symbol, "line": {"width": width}},
                customdata=[_hover(point) for point in these],
                **bars,
            )
        )
    return traces


def _hover(point: Point) -> list[Any]:
    row = point.row
    how = "reported device-hours" if point.reported else "estimated"
    carbon = units.shown(point.operational_co2e_kg.central, units.MASS)
    if not point.reported:
        carbon += f" ({units.shown_range(point.operational_co2e_kg, units.MASS)})"
    text = f"{carbon}, {how}"
    return [row.id, row.model, row.year, short(row.setting, 40), text, short(row.score_source), short(row.source)]


def _family_lines(points: Sequence[Point]) -> list[Trace]:
    families = dict.fromkeys(point.row.family for point in points if point.row.family)
    sizes = [[point for point in points if point.row.family == family] for family in families]
    pieces = [(centrals(_carbon(these), TONNE), [point.score for point in these]) for these in sizes if len(these) > 1]
    return [segments("one family", pieces, color=faint(GREY, 0.55), width=1)] if pieces else []


def _front(points: Sequence[Point], end: float) -> Trace:
    best = accuracy.unbeaten(points)
    x = [*centrals(_carbon(best), TONNE), *rounded([10.0**end])]
    y = [*(point.score for point in best), best[-1].score]
    look = {"color": VERMILION, "width": 2, "dash": "dash", "shape": "hv"}
    return marks("best so far", x, y, mode="lines", line=look)


def _names(
    points: Sequence[Point], decades: Sequence[float], scores: tuple[float, float], free: Sequence[Box]
) -> Trace:
    """The names that fit: of the front first, then of the paper's models, then of the others."""
    best = accuracy.unbeaten(points)
    ordered = sorted(points, key=lambda point: (point not in best, not point.row.figure_7))
    x, y = centrals(_carbon(ordered), TONNE), [point.score for point in ordered]
    along = [place(carbon.central / TONNE, decades) for carbon in _carbon(ordered)]
    at = [(share, (score - scores[0]) / (scores[1] - scores[0])) for share, score in zip(along, y, strict=True)]
    texts = [point.row.model if len(point.row.model) <= 22 else "" for point in ordered]
    lines = [*free, *_lines(ordered, at, decades)]
    return names(x, y, texts, text_positions(at, texts, WIDTH, HEIGHT, MOST_NAMES, lines))


def _lines(points: Sequence[Point], at: Sequence[tuple[float, float]], decades: Sequence[float]) -> Iterator[Box]:
    """The whiskers, and the steps of the front, of which the models come first: no name goes over them."""
    for point, (_, up) in zip(points, at, strict=True):
        if not point.reported:
            carbon = point.operational_co2e_kg
            low, high = (WIDTH * place(end / TONNE, decades) for end in (carbon.low, carbon.high))
            yield line_box(low, HEIGHT * up, high, HEIGHT * up)
    steps = sorted((WIDTH * x, HEIGHT * y) for x, y in at[: len(accuracy.unbeaten(points))])
    for (x, y), (next_x, next_y) in zip(steps, [*steps[1:], (WIDTH, steps[-1][1])], strict=True):
        yield line_box(x, y, next_x, y)
        yield line_box(next_x, y, next_x, next_y)


def _add_mine(plan: Layout, traces: list[Trace], mine: Interval, my_score: float | None, ceiling: float) -> None:
    low, central, high = mine / TONNE
    if my_score is not None:
        hover = f"your scenario: {units.shown(mine.central, units.MASS)}, %{{y:.3g}}%"
        look = {"color": BLUE, "size": 16, "symbol": "star", "line": {"color": "white", "width": 1}}
        traces.append(interval_marks("your scenario", [mine], TONNE, [my_score], hover, look))
        return
    plan["shapes"] = [across("x", low, high, BLUE, 0.12), across("x", central, central, BLUE, 1.0)]
    text, right = _mine_note(mine, plan["xaxis"]["range"])
    side = "left" if right else "right"
    plan["annotations"] = [note(float(np.log10(central)), ceiling, text, xanchor=side, yanchor="top")]


def _mine_note(mine: Interval, decades: Sequence[float]) -> tuple[str, bool]:
    """What is written at the scenario's line, and whether to the right of it."""
    right = place(mine.central / TONNE, decades) < 0.5
    return f" your scenario: {units.shown(mine.central, units.MASS)} ", right


def _carbon(points: Iterable[Point]) -> list[Interval]:
    return [point.operational_co2e_kg for point in points]


def _tonnes(point: Point) -> str:
    return units.shown(point.operational_co2e_kg.central, units.MASS)
