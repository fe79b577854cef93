"""A chart: its heading, the sentence it says, its numbers as a table, and the Plotly dictionary that draws them."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from oce import units
from oce.interval import Interval

Trace = dict[str, Any]
Layout = dict[str, Any]
Cell = str | float | Interval

SLIDE_HEIGHT, SLIDE_FONT = 430, 17
ROWS_OF_A_CURVE = 9  # of the dozens of points that make it look smooth


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers of a chart, for whoever cannot see or point at them.

    Attributes:
        columns: What each column holds, with its unit; the first says what a row is about.
        cells: A row each, of a value for each column.
        left_out: How many more rows there would be.
        labels: What a phone writes before a cell for each column but the first; as the columns are called if empty.
    """

    columns: tuple[str, ...]
    cells: tuple[tuple[Cell, ...], ...]
    left_out: int = 0
    labels: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The cells as texts, written when they are asked for: few tables of charts are ever opened.

        Figures have three significant digits at most, intervals their ends.
        """
        return tuple(tuple(map(_cell, row)) for row in self.cells)


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: what it is about, the sentence it says, its numbers, and the Plotly figure (``data``, ``layout``)."""

    heading: str
    sentence: str
    table: Table
    figure: Mapping[str, Any]


def table(
    columns: Iterable[str], rows: Iterable[Iterable[Cell]], left_out: int = 0, labels: Iterable[str] = ()
) -> Table:
    """A table: numbers get three significant digits, intervals their ends, texts stay."""
    return Table(tuple(columns), tuple(map(tuple, rows)), left_out, tuple(labels))


def _cell(value: Cell) -> str:
    if isinstance(value, Interval):
        return amount(value)
    return value if isinstance(value, str) else units.significant(value)


def amount(interval: Interval, size: float = 1.0) -> str:
    """An interval as ``central (low–high)``, in a unit of this size, without its name; alone if exact."""
    low, central, high = (units.significant(bound / size) for bound in interval)
    if math.isinf(interval.high):
        return f"{central} ({low} or more)"
    return central if low == high else f"{central} ({low}–{high})"


def sampled(count: int) -> list[int]:
    """Which of so many points of a curve its table lists: a few, evenly spread, both ends among them."""
    last = ROWS_OF_A_CURVE - 1
    return list(range(count)) if count <= last else [round(at * (count - 1) / last) for at in range(last + 1)]


def signed(change: float, digits: int = 3) -> str:
    """A change with its sign: +12.3, −9.10."""
    return f"{'−' if change < 0 else '+'}{units.significant(abs(change), digits)}"


def percent(share: float) -> str:
    """A share, with two significant digits."""
    return f"{units.significant(100 * share, 2)}%"


def short(text: str, most: int = 60) -> str:
    """A text that fits into what is shown on hover."""
    return text if len(text) <= most else text[: most - 1] + "…"


def enlarged(chart: Chart) -> Chart:
    """The chart in type that can be read from the back of a room."""
    plan = dict(chart.figure["layout"])
    font = {"size": SLIDE_FONT}
    for axis in ("xaxis", "yaxis"):
        plan[axis] = plan[axis] | {"tickfont": font, "title": plan[axis]["title"] | {"font": font}}
    plan["annotations"] = [text | {"font": font} for text in plan.get("annotations", [])]
    plan |= {"font": font, "height": SLIDE_HEIGHT}
    return replace(chart, figure={**chart.figure, "layout": plan})
