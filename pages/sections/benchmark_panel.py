"""One benchmark of the Scaling page: its models, what they say together, and where the scenario stands."""

import html
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from oce import catalog, units
from oce.catalog.caches import cached
from oce.errors import InputError, Problem
from oce.field import accuracy
from oce.field.accuracy import BENCHMARKS, Conditions, Finding, Point
from oce.interval import Interval
from oce.parsing import parse_number

MOST_STEPS = 12
SCORES = "0 … 100 %"
SAME = Conditions(100.0, 1.0)  # under one grid for all, what the points say together is the same under any


@dataclass(frozen=True)
class Panel:
    """The models of a benchmark, and what they say together (nothing of fewer than three)."""

    points: tuple[Point, ...]
    finding: Finding | None


def tonnes(kg: float) -> float:
    """Three significant digits of an amount [t]."""
    return float(f"{kg / 1000:.3g}")


def panel(benchmark: str, here: Conditions, as_trained: bool, figure_7: bool, level: float) -> Panel:
    """The models of a benchmark: `as_trained`, each under its own grid, else `here`; all, or those of figure 7."""
    points = accuracy.points(benchmark, here, as_trained, figure_7, level)
    return Panel(points, _finding(benchmark, here if as_trained else SAME, as_trained, figure_7, level))


@cached(most=64)
def _finding(benchmark: str, here: Conditions, as_trained: bool, figure_7: bool, level: float) -> Finding | None:
    """A bootstrap, done once for each set of points."""
    found = accuracy.points(benchmark, here, as_trained, figure_7, level)
    return accuracy.finding(found, level) if len(found) > 2 else None


def own_score(benchmark: str, text: str) -> float | None:
    """The visitor's score on a benchmark [%]; none where none is given; raises InputError where it is no score."""
    if not text:
        return None
    try:
        score = parse_number(text)
    except ValueError:
        score = -1.0
    if not 0 <= score <= 100:
        raise InputError([Problem(benchmark, text, SCORES)])
    return score


def standing(benchmark: str, points: tuple[Point, ...], mine: Interval, score: float | None) -> str:
    """Where the scenario stands among the models, in a sentence, as HTML."""
    name = BENCHMARKS[benchmark]
    if score is not None:
        cheapest = accuracy.cheapest_reaching(points, score)
        if cheapest is None:
            return f"No model here reached your {score:g}% on {name}."
        with_it = units.shown(cheapest.operational_co2e_kg.central, units.MASS)
        times = mine.central / cheapest.operational_co2e_kg.central
        against = f"yours: {units.significant(times, 2)} times that"
        model = html.escape(cheapest.row.model)
        return f"Your {score:g}% on {name} was reached with {with_it} by {model} ({against})."
    best = accuracy.best_within(points, mine.central)
    if best is None:
        return f"No model here was trained for {name} with as little."
    return (
        f"For at most that, the best score on {name} here is <b>{best.score:g}%</b> "
        f"({html.escape(best.row.model)}, {best.row.year})."
    )


def price(benchmark: str, found: Finding, mine: Interval) -> str:
    """What one more point costs along the front, in a sentence, as HTML."""
    if found.per_point is None:
        return "Too few models are on the front to say what a further point costs."
    more = found.per_point.map(lambda times: mine.central * (times - 1))
    years = ""
    if found.per_year is not None:
        gain = found.per_year
        clear = gain.low > 0 or gain.high < 0
        years = (
            f" At the same carbon, a model of a year later scores {gain.central:+.1f} points "
            f"({gain.low:+.1f} to {gain.high:+.1f}{'' if clear else ': no clear trend'})."
        ).replace("-", "−")
    return (
        f"<b>One more point</b> on {BENCHMARKS[benchmark]} multiplies the carbon by "
        f"<b>{units.significant(found.per_point.central)}</b> along the front "
        f"({units.significant(found.per_point.low)}–{units.significant(found.per_point.high)}): from your "
        f"scenario's, {units.shown(more.central, units.MASS)} more ({units.shown_range(more, units.MASS)}).{years}"
    )


def steps(points: tuple[Point, ...]) -> Iterator[dict[str, str]]:
    """The front, step by step: what each further point has cost."""
    best = accuracy.unbeaten(points)[-MOST_STEPS:]
    for before, after in zip((None, *best[:-1]), best, strict=True):
        carbon = after.operational_co2e_kg
        gained = cost = ""
        if before is not None:
            more = carbon.central - before.operational_co2e_kg.central
            points_gained = after.score - before.score
            gained, cost = f"+{units.significant(points_gained)}", units.shown(more / points_gained, units.MASS)
        yield {
            "Best so far": f"{after.row.model} ({after.row.year})",
            "Score": f"{after.score:g}%",
            "Carbon": units.shown(carbon.central, units.MASS),
            "Interval": "reported hours" if after.reported else units.shown_range(carbon, units.MASS),
            "Points gained": gained,
            "For each of them": cost,
        }


def with_sources(point: Point) -> dict[str, Any]:
    """A model with its sources, as a row of a table to sort and search."""
    low, central, high = map(tonnes, point.operational_co2e_kg)
    return {
        "Model": point.row.model,
        "Year": point.row.year,
        "Score, %": point.score,
        "Setting": point.row.setting,
        "Operational, t CO2e": central,
        "Low, t": low,
        "High, t": high,
        "Device": catalog.device(point.row.device).name,
        "Device-hours": "reported" if point.reported else "estimated",
        "Score from": point.row.score_source,
        "Run from": point.row.source,
        "Note": point.row.note,
    }
