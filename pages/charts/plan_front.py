"""The charts of what nothing beats: time against carbon, and time against cost."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog, units
from oce.analysis.alternatives import speed_basis
from oce.analysis.combinations import Combinations
from oce.estimation import Estimate, interval_at
from pages.charts.chart import Cell, Chart, Layout, Trace, amount, table
from pages.charts.labels import CHARACTER
from pages.charts.layouts import layout
from pages.charts.log_axis import log_axis
from pages.charts.plan_places import short_name
from pages.charts.theme import REFERENCE, device_colour
from pages.charts.traces import centrals, error_bars, marks, rounded

MANY_POINTS = 300  # from which on those that are beaten are drawn fainter
MOST_POINTS = 2_000  # of the combinations are drawn
MOST_ROWS = 300  # of the table
NAME_LEFT_OF = 1.06
PHONE = 225.0  # width of the plot on a small phone [px]
NAMES_APART = 0.08  # of the height, from one name to the next
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "pentagon", "hexagon")
HEIGHT, KEY_AT = 440, -0.2
FRONT_LINE: Layout = {"color": REFERENCE, "width": 2, "shape": "hv"}


def front_of_cost(found: Combinations, result: Estimate) -> Chart:
    """Time against cost: every combination that has a price, and those that nothing beats.

    A point's ``customdata`` begins with its row in the columns of ``found``.
    """
    columns = found.columns
    hours, cost = columns["time_to_train_hours_central"], columns["cost_central"]
    time = units.unit_for(result.time_to_train_hours.central, units.DURATION)
    currency = result.scenario.currency
    traces: list[Trace] = []
    listed: list[int] = []
    for name, these in (("beaten", ~found.pareto_front & np.isfinite(cost)), ("not beaten", found.pareto_front)):
        rows = np.flatnonzero(these)
        rows = rows[np.argsort(hours[rows], kind="stable")]
        if not len(rows):
            continue
        called = [
            f"{int(columns['device_count'][row]):,} × {catalog.device(str(columns['device'][row])).name}, "
            f"{units.money(float(cost[row]), currency)}"
            for row in rows
        ]
        listed[:0] = rows  # those that are not beaten first
        is_beaten = name == "beaten"
        traces.append(
            marks(
                name,
                rounded(hours[rows] / time.size),
                rounded(cost[rows]),
                "%{text}",
                mode="markers" if is_beaten else "lines+markers",
                line=FRONT_LINE,
                marker={"color": device_colour(result.device), "size": 7 if is_beaten else 13},
                customdata=[[int(row)] for row in rows],
                text=called,
            )
        )
    unit = f" [{currency}]" if currency else ""
    numbers = table(
        ["Combination", f"Time to train [{time.name}]", "Cost", "Combinations"],
        (
            [
                _combination_name(columns, row),
                interval_at(columns, "time_to_train_hours", row) / time.size,
                units.money_amount(interval_at(columns, "cost", row), currency),
                "not beaten" if found.pareto_front[row] else "",
            ]
            for row in listed[:MOST_ROWS]
        ),
        left_out=max(0, len(listed) - MOST_ROWS),
    )
    plan = layout(f"time to train [{time.name}] (log)", f"cost{unit} (log)", HEIGHT, KEY_AT)
    plan["xaxis"] |= log_axis(hours / time.size)
    plan["yaxis"] |= log_axis(cost)
    line = np.flatnonzero(found.pareto_front)
    if not len(line):
        return Chart("Time against cost", "None of these has a price.", numbers, {"data": traces, "layout": plan})
    fast, cheap = int(line[np.argmin(hours[line])]), int(line[np.argmin(cost[line])])

    def at(row: int) -> str:
        took = units.shown(float(hours[row]), units.DURATION)
        return f"{took} for {units.money(float(cost[row]), currency)} on {int(columns['device_count'][row]):,}"

    said = at(fast) if fast == cheap else f"from {at(fast)} to {at(cheap)}"
    return Chart("Time against cost", f"Not beaten in both: {said} devices.", numbers, {"data": traces, "layout": plan})


def no_front(result: Estimate, why: str) -> Chart:
    """In the place of the others where there is nothing to combine: the scenario alone, and why."""
    time = units.unit_for(result.time_to_train_hours.central, units.DURATION)
    mass = units.unit_for(result.total_co2e_kg.central, units.MASS)
    hours, kg = result.time_to_train_hours / time.size, result.total_co2e_kg / mass.size
    plan = layout(f"time to train [{time.name}] (log)", f"total carbon [{mass.name}] (log)", HEIGHT, KEY_AT)
    plan["xaxis"] |= log_axis([hours.low, hours.high])
    plan["yaxis"] |= log_axis([kg.low, kg.high])
    numbers = table(
        ["Combination", f"Time to train [{time.name}]", f"Total carbon [{mass.name}]"], [["Your scenario", hours, kg]]
    )
    return Chart("Time against carbon", why, numbers, {"data": [_own_point(result, time, mass)], "layout": plan})


def front(found: Combinations, result: Estimate) -> Chart:
    """Time against carbon: every combination, those that nothing beats joined, and the scenario itself.

    A point's ``customdata`` begins with its row in the columns of ``found``.
    """
    columns, best = found.columns, found.pareto_front
    hours, kg = columns["time_to_train_hours_central"], columns["total_co2e_kg_central"]
    time = units.unit_for(result.time_to_train_hours.central, units.DURATION)
    mass = units.unit_for(result.total_co2e_kg.central, units.MASS)
    x, y = hours / time.size, kg / mass.size
    line = np.flatnonzero(best)[np.argsort(hours[best], kind="stable")]
    rest = _thinned(np.flatnonzero(~best & np.isfinite(hours) & np.isfinite(kg)), MOST_POINTS - len(line))
    names = {key: catalog.region(key).name for key in map(str, np.unique(columns["region"]))}

    def rows(at: NDArray[np.intp]) -> list[list[Any]]:
        return [[int(row), int(columns["device_count"][row]), names[str(columns["region"][row])]] for row in at]

    devices = {key: catalog.device(key) for key in dict.fromkeys(map(str, columns["device"]))}
    symbols = {key: SYMBOLS[number % len(SYMBOLS)] for number, key in enumerate(devices)}
    traces: list[Trace] = [_places(x, y, columns["region"], names)]
    for key, device in devices.items():
        these = rest[columns["device"][rest] == key]
        if not len(these):
            continue
        traces.append(
            marks(
                device.name,
                rounded(x[these]),
                rounded(y[these]),
                f"%{{customdata[1]:,}} × {device.name}, %{{customdata[2]}}<br>%{{x:.3s}} {time.name}, "
                f"%{{y:.3s}} {mass.name}",
                marker={
                    "color": device_colour(device),
                    "size": 7,
                    "opacity": 0.6 if len(rest) < MANY_POINTS else 0.35,
                    "symbol": symbols[key],
                },
                customdata=rows(these),
            )
        )
    traces.append(
        marks(
            "the front",
            rounded(x[line]),
            rounded(y[line]),
            "<b>not beaten</b>: %{text}",
            mode="lines+markers",
            line=FRONT_LINE,
            marker={
                "color": [device_colour(devices[str(key)]) for key in columns["device"][line]],
                "symbol": [symbols[str(key)] for key in columns["device"][line]],
                "size": 13,
                "line": {"color": "white", "width": 1.5},
            },
            customdata=rows(line),
            text=[_combination(columns, row, time, mass) for row in line],
        )
    )
    traces.append(_own_point(result, time, mass))
    own_hours, own_kg = result.time_to_train_hours / time.size, result.total_co2e_kg / mass.size
    plan = layout(f"time to train [{time.name}] (log)", f"total carbon [{mass.name}] (log)", HEIGHT, KEY_AT)
    names_from = np.nanmin(x) / _room_for(traces[0]["text"], x)
    plan["xaxis"] |= log_axis(np.append(x, [own_hours.low, own_hours.high, names_from]))
    plan["yaxis"] |= log_axis(np.append(y, [own_kg.low, own_kg.high]))
    drawn = len(rest) + len(line)
    thinned = f" {drawn:,} of them are drawn." if drawn < np.count_nonzero(np.isfinite(hours)) else ""
    listed = np.append(line, rest)
    rows_of_table: list[list[Cell]] = [["Your scenario", own_hours, own_kg, ""]]
    rows_of_table += [
        [
            _combination_name(columns, int(row)),
            interval_at(columns, "time_to_train_hours", row) / time.size,
            interval_at(columns, "total_co2e_kg", row) / mass.size,
            "not beaten" if best[row] else "",
        ]
        for row in listed[: MOST_ROWS - 1]
    ]
    numbers = table(
        ["Combination", f"Time to train [{time.name}]", f"Total carbon [{mass.name}]", "Combinations"],
        rows_of_table,
        left_out=max(0, len(listed) + 1 - MOST_ROWS),
    )
    sentence = _front_sentence(found, line, result) + thinned
    return Chart("Time against carbon", sentence, numbers, {"data": traces, "layout": plan})


def _places(x: NDArray[Any], y: NDArray[Any], regions: NDArray[Any], names: Mapping[str, str]) -> Trace:
    """The name of each place, left of where it is fastest."""
    fastest = {}
    for key in names:
        rows = np.flatnonzero((regions == key) & np.isfinite(x) & (y > 0))
        if len(rows):
            fastest[key] = int(rows[np.lexsort((y[rows], x[rows]))[0]])
    step = NAMES_APART * np.log(np.nanmax(y) / np.nanmin(y)) if np.nanmin(y, initial=np.inf) > 0 else 0.0
    named: list[list[int]] = []  # rows whose names would overlap stand in a single one
    for row in sorted(fastest.values(), key=lambda row: float(y[row])):
        if named and np.log(y[row] / y[named[-1][0]]) <= step:
            named[-1].append(row)
        else:
            named.append([row])
    first = [rows[0] for rows in named]
    called = [_names([short_name(catalog.region(str(regions[row]))) for row in rows]) for rows in named]
    texts = [f"{name}\N{NO-BREAK SPACE}\N{NO-BREAK SPACE}" for name in called]  # they keep off the mark
    look: Trace = {"text": texts, "textposition": "middle left", "showlegend": False}
    return marks("places", rounded(x[first] / NAME_LEFT_OF), rounded(y[first]), mode="text", **look)


def _room_for(texts: Sequence[str], x: NDArray[Any]) -> float:
    """By what the axis goes on to the left of the marks, so that the longest name is within a phone's drawing."""
    share = min(CHARACTER * max(map(len, texts), default=0) / PHONE, 0.5)
    return float(max(np.nanmax(x) / np.nanmin(x), 2.0) ** (share / (1.0 - share)))


def _names(places: Sequence[str]) -> str:
    """Names of places that are drawn near each other, short enough for a chart."""
    return ", ".join(places) if len(places) <= 2 else f"{places[0]} and {len(places) - 1} more"


def _thinned(rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """At most so many of the rows, evenly spread."""
    most = max(most, 0)
    if len(rows) <= most:
        return rows
    return rows[np.linspace(0, len(rows) - 1, most).astype(np.intp)] if most else rows[:0]


def _own_point(result: Estimate, time: units.Unit, mass: units.Unit) -> Trace:
    """The scenario, with both its intervals."""
    hours, kg = result.time_to_train_hours, result.total_co2e_kg
    colour = device_colour(result.device)
    return marks(
        "your scenario",
        centrals([hours], time.size),
        centrals([kg], mass.size),
        f"your scenario: %{{x:.3s}} {time.name}, %{{y:.3s}} {mass.name}",
        marker={"color": colour, "size": 18, "symbol": "star", "line": {"color": "white", "width": 1.5}},
        error_x=error_bars([hours], time.size, colour),
        error_y=error_bars([kg], mass.size, colour),
    )


def _combination_name(columns: Mapping[str, NDArray[Any]], row: int) -> str:
    """Devices and place of a row of the front."""
    device, region = catalog.device(str(columns["device"][row])), catalog.region(str(columns["region"][row]))
    return f"{int(columns['device_count'][row]):,} × {device.name}, {region.name}"


def _combination(columns: Mapping[str, NDArray[Any]], row: int, time: units.Unit, mass: units.Unit) -> str:
    """A row of the front in words, with its intervals."""
    hours, kg = (interval_at(columns, figure, row) for figure in ("time_to_train_hours", "total_co2e_kg"))
    shown = f"{amount(hours, time.size)} {time.name}, {amount(kg, mass.size)} {mass.name}"
    return f"{_combination_name(columns, row)}<br>{shown}"


def _front_sentence(found: Combinations, line: NDArray[np.intp], result: Estimate) -> str:
    columns = found.columns
    hours, kg = columns["time_to_train_hours_central"], columns["total_co2e_kg_central"]
    count = f"Of {len(hours):,} combination{'s' if len(hours) > 1 else ''}"

    def at(row: int) -> str:
        device, region = catalog.device(str(columns["device"][row])), catalog.region(str(columns["region"][row]))
        took, emitted = (
            units.shown(float(values[row]), scale) for values, scale in ((hours, units.DURATION), (kg, units.MASS))
        )
        weak = basis.word if (basis := speed_basis(result, device)) and basis.is_weak else ""
        but = f" (speed {weak})" if weak else ""
        return f"{took} and {emitted} on {int(columns['device_count'][row]):,} {device.name}{but} in {region.name}"

    if not len(line):
        return f"{count}, none has an estimate."
    fastest, cleanest = int(line[0]), int(line[-1])
    own_hours, own_kg = result.time_to_train_hours.central, result.total_co2e_kg.central
    beaten = (hours <= own_hours) & (kg <= own_kg) & ((hours < own_hours) | (kg < own_kg))
    yours = (
        f"{int(beaten.sum()):,} of them beat yours: no slower, no more carbon, and better in one."
        if beaten.any()
        else "None of them beats yours in both."
    )
    if kg[fastest] == kg[cleanest]:
        return f"{count}, one is both fastest and lowest in carbon: {at(fastest)}. {yours}"
    return f"{count}, {len(line)} are not beaten in both: from {at(fastest)} to {at(cleanest)}. {yours}"
