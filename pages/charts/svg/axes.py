"""Axes: where a value is, how far an axis goes, and what is written along it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from oce.units import SUPERSCRIPTS
from pages.charts.svg import bars
from pages.charts.svg.elements import Spec

PADDING = 0.05  # of the range, left free at an end that is not zero
STEPS = 8  # at most, from one tick of a linear axis to its last
MOST_DECADES = 10  # with a tick each, on a log axis


@dataclass(frozen=True, slots=True)
class Axis:
    """From the place ``first`` on the pixel ``start`` to the place ``last`` on the pixel ``end``.

    The place of a value is its logarithm on a log axis, and the number of a name among the others.
    """

    spec: Spec
    log: bool
    names: tuple[str, ...]  # of an axis of categories
    first: float
    last: float
    start: float = 0.0
    end: float = 1.0

    @property
    def title(self) -> str:
        """What it shows; may be empty."""
        return str(self.spec.get("title", {}).get("text", ""))

    def pixel(self, value: str | float) -> float:
        """Where a value is.

        Raises:
            ValueError: Where the axis does not reach it.
        """
        share = (_place(value, self.names, self.log) - self.first) / (self.last - self.first)
        if not -1e-6 <= share <= 1 + 1e-6:
            raise ValueError(f"{value!r} is beyond the end of its axis: it cannot be drawn as SVG")
        return self.start + share * (self.end - self.start)

    def ticks(self) -> list[tuple[float, str]]:
        """The values that are told, each with its label."""
        if not self.spec.get("showticklabels", True):
            return []
        if self.names or self.spec.get("type") == "category":
            return [(float(at), name) for at, name in enumerate(self.names)]
        low, high = sorted((self.first, self.last))
        values = _round_powers(low, high) if self.log else _multiples(low, high)
        return [(value, _number(value)) for value in values]


def axis(figure: Spec, letter: str) -> Axis:
    """An axis, long enough for all that is drawn along it: a linear one begins or ends at zero, or passes it."""
    spec = figure["layout"].get(f"{letter}axis", {})
    log, values = spec.get("type") == "log", _values(figure, letter)
    names = tuple(dict.fromkeys(value for value in values if isinstance(value, str)))
    if "range" in spec:
        return Axis(spec, log, names, *map(float, spec["range"]))
    if names or spec.get("type") == "category":
        low, high = -0.5, max(1, len(names)) - 0.5
    else:
        places = [_place(value, (), log) for value in values] + ([] if log else [0.0])
        low, high = min(places), max(places)
        room = PADDING * (high - low) or 1.0
        high += room if log or high > 0 or low == 0 else 0.0
        low -= room if log or low < 0 else 0.0
    return Axis(spec, log, names, *((high, low) if spec.get("autorange") == "reversed" else (low, high)))


def _values(figure: Spec, letter: str) -> list[str | float]:
    """All that is drawn along an axis."""
    values: list[str | float] = []
    for trace in figure["data"]:
        if trace["type"] != "scatter":
            along = (trace["type"] == "bar") == (letter == "x")
            for bar in bars.of(trace):
                values += [bar.foot, bar.head] if along else [bar.at]
            continue
        values += trace[letter]
        values += [end for ends in error_ends(trace) for end in ends] if letter == "x" else []
    for shape in figure["layout"].get("shapes", ()):
        values += [] if f"{letter}ref" in shape else [shape[f"{letter}0"], shape[f"{letter}1"]]
    return values


def error_ends(trace: Spec) -> list[tuple[float, float]]:
    """The values at which the error bar of each point ends; none without errors."""
    error = trace.get("error_x")
    if error is None:
        return []
    ends = zip(trace["x"], error["arrayminus"], error["array"], strict=True)
    return [(x - minus, x + plus) for x, minus, plus in ends]


def _place(value: str | float, names: tuple[str, ...], log: bool) -> float:
    if isinstance(value, str):
        return float(names.index(value))
    if not isinstance(value, (int, float)) or not math.isfinite(value) or (log and value <= 0):
        raise ValueError(f"{value!r} has no place on {'a log' if log else 'an'} axis: it cannot be drawn as SVG")
    return math.log10(value) if log else float(value)


def _multiples(low: float, high: float) -> list[float]:
    least = (high - low) / STEPS
    size = 10.0 ** math.floor(math.log10(least))
    step = next(size * digit for digit in (1, 2, 5, 10) if size * digit >= least * (1 - 1e-9))
    return [number * step for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]


def _round_powers(low: float, high: float) -> list[float]:
    """Powers of ten between two, or 1, 2 and 5 of each where there are few."""
    every = math.ceil((high - low) / MOST_DECADES)
    digits = (1,) if high - low > 2 else (1, 2, 5)
    powers = [power for power in range(math.floor(low), math.ceil(high) + 1) if power % every == 0]
    values = [float(f"{digit}e{power}") for power in powers for digit in digits]
    return [value for value in values if low - 1e-9 <= math.log10(value) <= high + 1e-9]


def _number(value: float) -> str:
    """A number of an axis: 4,000 and 0.01, 2 × 10⁶ and 10¹⁸."""
    if value == 0 or 1e-4 <= abs(value) * (1 + 1e-9) < 1e6:
        return f"{value:,.10g}".replace("-", "−")
    mantissa, exponent = f"{value:.9e}".split("e")
    digits, power = f"{float(mantissa):g}", f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return (power if digits == "1" else f"{digits} × {power}").replace("-", "−")
