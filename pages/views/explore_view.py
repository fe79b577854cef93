"""What Explore says of an estimate: for the page, and for what follows a slider (live.py)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import lru_cache

from oce import descriptions, units
from oce.analysis import sensitivity
from oce.analysis.equivalences import Equivalent
from oce.analysis.sensitivity import Swing
from oce.estimation import Estimate
from oce.scenario import Scenario
from pages import charts as figures
from pages.charts import Chart
from pages.session.current_estimate import known

FIGURES = ("total_co2e_kg", "time_to_train_hours", "energy_kwh", "device_hours")


def swings(result: Estimate) -> tuple[Swing, ...]:
    """What moves the total most; kept as the estimate is (answer.py)."""
    return _swings(result.scenario) if result.past_runs is None else sensitivity.swings(result)


@lru_cache(maxsize=64)
def _swings(scenario: Scenario) -> tuple[Swing, ...]:
    return sensitivity.swings(known(scenario))


def charts(result: Estimate, swings: Sequence[Swing]) -> dict[str, Chart]:
    """The charts of Explore by their names on the page."""
    return {
        "throughput": figures.throughput_curve(result),
        "time": figures.time_by_devices(result),
        "carbon": figures.carbon_interval(result),
        "tornado": figures.tornado(result, swings),
    }


def figures_list(result: Estimate) -> str:
    """The four figures, and the cost where there is a price, as the content of a list."""
    cells = []
    for figure in FIGURES:
        label, scale, interval = units.LABELS[figure], units.SCALES[figure], getattr(result, figure)
        central, _, unit = units.shown(interval.central, scale).partition(" ")
        unit = unit.removesuffix("device-hours")  # the label says it
        between = (
            "no interval"
            if interval.low == interval.high
            else units.shown_range(interval, scale).removesuffix("device-hours")
        )
        cells.append(
            f"<div><dt>{label}</dt><dd><b>{central}</b> <span>{unit}</span></dd>"
            f"<dd class='interval'>{between}</dd></div>"
        )
    if result.cost is not None:
        (low, low_unit), (central, unit), (high, high_unit) = (
            html.escape(units.money(amount, result.scenario.currency)).partition(" ")[::2] for amount in result.cost
        )
        between = f"{low}–{high} {high_unit}" if low_unit == high_unit else f"{low} {low_unit} – {high} {high_unit}"
        cells.append(
            f"<div><dt>Cost</dt><dd><b>{central}</b> <span>{unit}</span></dd><dd class='interval'>{between}</dd></div>"
        )
    return "".join(cells)


def strip(result: Estimate, swings: Sequence[Swing]) -> str:
    """What the answer rests on most, as the content of a paragraph."""
    most = [one.now for one in swings if one.field not in sensitivity.COMPUTE_FIELDS][:3]
    return (
        f"<b>It rests most on</b> {' · '.join(map(html.escape, most))}. "
        f"<span>{html.escape(f'{result.method}. {descriptions.level(result)}')}</span>"
    )


def picture(one: Equivalent) -> str:
    """What the run compares with, as a line of a list."""
    count = one.count
    central, low, high = map(units.significant, (count.central, count.low, count.high))
    return f"- **{central}** {one.label}" + ("" if low == high else f" ({low}–{high})")


def sources(pictures: Sequence[Equivalent]) -> str:
    """Where the numbers behind the comparisons are from."""
    return "\n".join(f"- {one.label}: {one.source}" for one in pictures)
