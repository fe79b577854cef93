"""From a reported footprint to ours: a step a factor."""

import html
from collections.abc import Iterator
from dataclasses import dataclass

from oce import units
from oce.analysis.bridge import REST, Bridge, Step
from oce.estimation import Estimate
from oce.units import Unit
from pages.charts.chart import Cell, Chart, Table, signed, table
from pages.charts.layouts import rows_layout
from pages.charts.theme import BLUE, REFERENCE, VERMILION
from pages.charts.traces import bars, outside, rounded

MOST_AS_PERCENT = 2.0  # a factor above it, or below one over it, is shown as a factor
THE_SAME = 5e-4  # of a factor: no bar, and not in the sentence; the table has it
EXACT = 1e-7  # per cent: that of floating-point numbers
FIGURES = {"operational_co2e_kg": "operational carbon", "energy_kwh": "energy", "device_hours": "device-hours"}


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the chart: what is written above it and beside it, from where to where it goes, and its colour."""

    label: str
    text: str
    start: float
    end: float
    colour: str


def bridge(between: Bridge, result: Estimate) -> Chart:
    """Lying bars from the reported figure to ours, each beginning where the one above ends."""
    unit = units.unit_for(max(between.theirs, between.total), units.SCALES[between.figure])
    drawn = list(_drawn(between, unit))
    names = [str(at) for at in range(len(drawn))]
    lengths = rounded([(bar.end - bar.start) / unit.size for bar in drawn])
    trace = bars("", names, lengths, [bar.colour for bar in drawn], "%{text}")
    trace |= {"base": rounded([bar.start / unit.size for bar in drawn]), "customdata": [bar.label for bar in drawn]}
    trace |= outside([bar.text for bar in drawn])
    plan = rows_layout(
        f"{FIGURES[between.figure].split()[-1]} [{unit.name}]", [bar.label for bar in drawn], 60 + 46 * len(drawn)
    )
    most = max(max(bar.start, bar.end) for bar in drawn) / unit.size
    plan["xaxis"]["range"] = [0, 1.18 * most]  # with room for what is written beside the longest
    plan["yaxis"]["type"] = "category"
    said, numbers = sentence(between, result), _table(between, result)
    return Chart("From the reported figure to ours", said, numbers, {"data": [trace], "layout": plan})


def sentence(between: Bridge, result: Estimate) -> str:
    """Both figures, each with what it counts, and every factor between them."""
    scale, what = units.SCALES[between.figure], FIGURES[between.figure]
    ours = units.amount(getattr(result, between.figure), scale)
    of_what = "" if what == "device-hours" else f" of {what}"
    said = f"Reported: {units.shown(between.theirs, scale)}{of_what}. Ours: {ours}"
    if between.making_kg:
        total = units.amount(result.total_co2e_kg, scale)
        said += f", and with the making of the devices {total} in total"
    steps = [f"{name_of(step)} {change(step.factor)}" for step in between.steps if differs(step)]
    steps += [f"devices +{units.shown(between.making_kg, scale)}"] if between.making_kg else []
    return f"{said}. Between them: {', '.join(steps)}." if steps else f"{said}."


def name_of(step: Step) -> str:
    """What a step is of, and that the report leaves it open where it does."""
    if not step.said:
        return f"{step.name} (not said)"
    return step.name if step.counted else f"{step.name} (left out of what was reported)"


def differs(step: Step) -> bool:
    """Whether a step changes anything that is seen."""
    return abs(step.factor - 1.0) > THE_SAME


def change(factor: float) -> str:
    """A factor as people say it: +12%, −9.1%, ×3.02."""
    if not 1.0 / MOST_AS_PERCENT <= factor <= MOST_AS_PERCENT:
        return f"×{units.significant(factor)}"
    percent = 100.0 * (factor - 1.0)
    if abs(percent) < EXACT:
        return "the same"
    return f"{signed(percent, 2)}%"


def _drawn(between: Bridge, unit: Unit) -> Iterator[Bar]:
    def amount(value: float) -> str:
        return units.significant(value / unit.size)

    what, level = FIGURES[between.figure], between.theirs
    yield Bar(f"<b>Reported</b>, {what}", amount(level), 0.0, level, REFERENCE)
    for step, after in zip(between.steps, between.levels(), strict=True):
        if differs(step):
            label = f"<b>{html.escape(_capital(name_of(step)))}</b> {change(step.factor)}"
            yield Bar(label, signed((after - level) / unit.size), level, after, VERMILION if after > level else BLUE)
        level = after
    yield Bar(f"<b>Ours</b>, {what}", amount(between.ours), 0.0, between.ours, REFERENCE)
    if between.making_kg:
        making = signed(between.making_kg / unit.size)
        yield Bar("<b>Making the devices</b>", making, between.ours, between.total, VERMILION)
        yield Bar("<b>Ours</b>, total carbon", amount(between.total), 0.0, between.total, REFERENCE)


def _table(between: Bridge, result: Estimate) -> Table:
    scale, what = units.SCALES[between.figure], FIGURES[between.figure]
    theirs, ours, making, total = (
        units.shown(value, scale) for value in (between.theirs, between.ours, between.making_kg, between.total)
    )
    rows: list[list[Cell]] = [[_capital(step.name), *_both(step), change(step.factor)] for step in between.steps]
    if between.figure == "operational_co2e_kg":
        reported, kwh = between.reported.energy_kwh, result.energy_kwh.central
        said = "not said" if reported is None else units.shown(reported, units.ENERGY)
        rows.append(
            ["Energy", said, units.shown(kwh, units.ENERGY), "" if reported is None else change(kwh / reported)]
        )
    rows.append([f"Together: {what}", theirs, ours, change(between.ours / between.theirs)])
    if between.making_kg:
        rows.append(["Making the devices", "", making, change(between.making_factor)])
        rows.append(["Total carbon", "", total, change(between.total / between.theirs)])
    return table(("Step", "Reported", "Ours", "Ours over reported"), rows)


def _both(step: Step) -> tuple[str, str]:
    """Theirs and ours of a step, in words."""
    if step.of == (REST,):
        return "", ""
    theirs, ours = (_value(step, value) for value in (step.theirs, step.ours))
    if not step.said:
        return f"not said; its figure leaves {theirs}", ours
    return (theirs if step.counted else f"{theirs}, left out of its figure"), ours


def _value(step: Step, value: float) -> str:
    if step.of == ("hours",):
        return units.shown(value, units.DEVICE_HOURS)
    return f"{units.significant(value)} {step.unit}".strip()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
