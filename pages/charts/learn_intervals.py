"""The last chart of the Learn page: what narrows the interval."""

from collections.abc import Sequence

from oce import units
from oce.analysis.knowledge import Knowledge
from oce.interval import Interval
from oce.units import DEVICE_HOURS, MASS, significant
from pages.charts.chart import Chart, Trace, table
from pages.charts.layouts import rows_layout
from pages.charts.learn_areas import HEIGHT
from pages.charts.log_axis import few_round_values, span, ticks_at
from pages.charts.theme import GREEN, PURPLE
from pages.charts.traces import interval_marks


def intervals(states: Sequence[Knowledge], level: float) -> Chart:
    """The interval of the total for every state of knowledge, from the least to the most; ``level`` is what they hold.

    The axis is logarithmic: there equal lengths are equal factors.
    """
    carbon = all(state.result.total_co2e_kg.low > 0 for state in states)
    values: list[Interval] = [state.result.total_co2e_kg if carbon else state.result.device_hours for state in states]
    scales = MASS if carbon else DEVICE_HOURS
    unit = units.unit_for(values[0].central, scales)
    traces: list[Trace] = []
    labels: list[str] = []
    for at, (state, value) in enumerate(zip(states, values, strict=True)):
        colour, symbol = (PURPLE, "square") if state.is_published else (GREEN, "diamond")
        between = f"{significant(value.low / unit.size)}–{significant(value.high / unit.size)} {unit.name}"
        look = {"color": colour, "size": 11, "symbol": symbol}
        traces.append(interval_marks(state.label, [value], unit.size, [at], f"{state.label}: {between}", look))
        yours = " (yours)" if state.is_own else ""
        labels.append(f"<b>{state.label}</b>{yours}  {between}, ×{_width(value)}")
    ends = [min(value.low for value in values) / unit.size, max(value.high for value in values) / unit.size]
    what = "total carbon" if carbon else "device-time"
    plan = rows_layout(f"{what} [{unit.name}] (log)", labels, max(HEIGHT, 70 + 54 * len(states)), shift=9)
    plan["margin"]["t"] = 16
    plan["xaxis"] |= {"range": span(ends, 0.03, 0.05), **ticks_at(few_round_values(*ends), 2)}
    plan["yaxis"] |= {"range": [len(states) - 0.6, -0.75], "autorange": False}
    numbers = table(
        ["What is known", f"{what.capitalize()} [{unit.name}]", "High over low"],
        (
            [f"{state.label} (yours)" if state.is_own else state.label, value / unit.size, value.high_over_low]
            for state, value in zip(states, values, strict=True)
        ),
    )
    return Chart("What narrows the interval", _widths(states, values, level), numbers, {"data": traces, "layout": plan})


def _widths(states: Sequence[Knowledge], values: Sequence[Interval], level: float) -> str:
    """How wide each state's interval is, in a sentence."""
    ours = [(state, value) for state, value in zip(states, values, strict=True) if not state.is_published]
    if len(ours) < 2:
        what = "there is no interval" if values[0].low == values[0].high else f"×{_width(values[0])} from end to end"
        return f"All that is known here is {states[0].label}: {what}."
    first, *more = ours
    steps = ", ".join(f"×{_width(value)} with {state.label.removeprefix('+ ')}" for state, value in more)
    paper = "".join(
        f" The paper's α: ×{_width(v)}." for state, v in zip(states, values, strict=True) if state.is_published
    )
    least = f"×{_width(first[1])} from {first[0].label} alone"
    return f"High end over low end, at {100 * level:.3g}%: {least}, {steps}.{paper}"


def _width(value: Interval) -> str:
    return significant(value.high_over_low)
