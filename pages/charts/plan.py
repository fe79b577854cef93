"""The charts of a plan: where on the map, which places are best, time against carbon, and the levers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog, units
from oce.analysis.alternatives import speed_basis
from oce.analysis.combinations import Combinations
from oce.analysis.levers import Lever
from oce.analysis.places import Place
from oce.catalog import Region
from oce.estimation import Estimate, interval_at
from oce.interval import Interval
from pages.charts.theme import (
    BLUE,
    GREEN,
    REFERENCE,
    VERMILION,
    Chart,
    Trace,
    device_colour,
    faint,
    layout,
    note,
    rounded,
)

OWN_FIGURE = "your own figure"  # the basis of an intensity that the visitor gave
BEST_AND_WORST = 5  # of each, in the ranking
LONGEST_NAME = 32  # that fits above a bar on a phone, with its figures
MANY_POINTS = 300  # from which on those that are beaten are drawn fainter
MOST_POINTS = 2_000  # of the front's combinations are drawn
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "star", "pentagon", "hexagon")

# From little to much: told apart with any colour vision, and against the ground of both themes.
_SCALE = ((0.0, "#2A6FB7"), (0.25, "#6BA8C9"), (0.5, "#D9C27A"), (0.75, "#DB8A3A"), (1.0, "#B5421A"))
_NOTHING = 1e-12  # stands for zero on a log scale
_MISSING = faint(REFERENCE, 0.3)
_BORDER = {"color": REFERENCE, "width": 0.5}


def own_basis(result: Estimate) -> str:
    """What the scenario's own carbon intensity is: a basis of the catalogue's regions, or the visitor's own figure."""
    given = result.scenario.carbon_intensity_g_per_kwh is not None
    return OWN_FIGURE if given or result.region is None else result.region.basis


def unit_of(places: Sequence[Place], result: Estimate) -> units.Unit:
    """The unit of mass for the scenario and its places: that of its own total, or where this is nothing, of theirs."""
    own = result.total_co2e_kg.central
    middle = places[len(places) // 2].total_co2e_kg.central if places else own
    return units.unit_for(own if own > 0 else middle, units.MASS)


def world_map(places: Sequence[Place], result: Estimate) -> Chart:
    """The total in every country, and in the cloud regions whose place is known; the scenario's own marked.

    Nothing is fetched: the shapes are part of the figure, and there is no base layer.

    Args:
        places: The places to show, of one basis.
        result: The scenario where it is.
    """
    unit = unit_of(places, result)
    countries = {one.region.id: one for one in places if one.region.kind == "country"}
    spots = {one.region.id: spot for one in places if (spot := catalog.cloud_location(one.region)) is not None}
    clouds = [one for one in places if one.region.id in spots]
    shown = [*countries.values(), *clouds]
    totals = [one.total_co2e_kg.central / unit.size for one in shown] or [1.0]
    scale = _colours(totals)
    shapes = {one["id"]: one for one in catalog.world()["features"]}
    drawn = [countries[key] for key in shapes if key in countries]
    grey = [key for key in shapes if key not in countries]
    traces: list[Trace] = [
        _shapes(grey, shapes, "no figure")
        | {
            "z": [0] * len(grey),
            "colorscale": [[0, _MISSING], [1, _MISSING]],
            "text": [f"{shapes[key]['properties']['name']}: no figure of this kind" for key in grey],
        }
    ]
    if drawn:
        traces.append(
            _shapes([one.region.id for one in drawn], shapes, "countries")
            | {
                "z": _log10(one.total_co2e_kg.central / unit.size for one in drawn),
                "text": [_hover(one.region.name, one.total_co2e_kg, unit) for one in drawn],
                "colorscale": [list(step) for step in _SCALE],
                "zmin": scale["cmin"],
                "zmax": scale["cmax"],
            }
        )
    if clouds:
        traces.append(
            _points([spots[one.region.id] for one in clouds], "cloud regions")
            | {"text": [_hover(one.region.name, one.total_co2e_kg, unit) for one in clouds]}
        )
        traces[-1]["marker"] |= scale | {
            "color": _log10(one.total_co2e_kg.central / unit.size for one in clouds),
            "colorscale": [list(step) for step in _SCALE],
            "size": 7,
        }
    values = _round_values(min(totals), max(totals))
    bar = {"orientation": "h", "thickness": 12, "len": 0.9, "y": 0, "yanchor": "top", "outlinewidth": 0}
    bar |= {"title": {"text": f"total carbon [{unit.name}] (log)", "side": "bottom"}, "tickmode": "array"}
    bar |= {"tickvals": _log10(values), "ticktext": [_tick(value) for value in values]}
    if drawn:
        traces[1] |= {"showscale": True, "colorbar": bar}
    elif clouds:
        traces[-1]["marker"] |= {"showscale": True, "colorbar": bar}
    own = _own_spot(result.region, shapes) if result.region else None
    if own:
        traces.append(
            _points([own], "your scenario") | {"text": [_hover(f"Your scenario, {own.id}", result.total_co2e_kg, unit)]}
        )
        traces[-1]["marker"] = {
            "size": 17,
            "symbol": "star",
            "color": GREEN,
            "line": {"color": "white", "width": 1.5},
        }
    plan = {
        "height": 430,
        "margin": {"l": 0, "r": 0, "t": 8, "b": 0},
        "showlegend": False,
        "dragmode": False,
        "geo": {
            "visible": False,  # no base layer: nothing is fetched
            "bgcolor": "rgba(0,0,0,0)",
            "projection": {"type": "natural earth"},
            "lonaxis": {"range": [-170, 190]},
            "lataxis": {"range": [-57, 84]},
        },
    }
    return Chart("The map", _map_sentence(countries, clouds, result, own), {"data": traces, "layout": plan})


def ranking(places: Sequence[Place], result: Estimate) -> Chart:
    """The totals of the best and the worst places, least first, and the scenario's own among them."""
    unit = unit_of(places, result)
    chosen = list(places)
    if len(chosen) > 2 * BEST_AND_WORST:
        chosen = [*places[:BEST_AND_WORST], *places[-BEST_AND_WORST:]]
    here = "your own intensity" if result.region is None or own_basis(result) == OWN_FIGURE else _short(result.region)
    rows = [(_short(one.region), one.total_co2e_kg, "best" if one.saved_kg >= 0 else "worst") for one in chosen]
    other = "" if _alike(places, result) else f" ({own_basis(result)})"
    rows = [row for row in rows if row[0] != here] + [(f"Your scenario{other}: {here}", result.total_co2e_kg, "own")]
    rows.sort(key=lambda row: row[1].central)
    looks = {"best": (BLUE, ""), "worst": (VERMILION, "/"), "own": (GREEN, "")}
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": "total",
            "x": [float(f"{total.central / unit.size:.6g}") for _, total, _ in rows],
            "y": list(range(len(rows))),
            "marker": {
                "color": [looks[kind][0] for _, _, kind in rows],
                "pattern": {"shape": [looks[kind][1] for _, _, kind in rows], "fgopacity": 0.5},
            },
            "error_x": {
                "type": "data",
                "symmetric": False,
                "array": rounded([(total.high - total.central) / unit.size for _, total, _ in rows]),
                "arrayminus": rounded([(total.central - total.low) / unit.size for _, total, _ in rows]),
                "color": REFERENCE,
                "thickness": 1.5,
                "width": 4,
            },
            "text": [_hover(name, total, unit) for name, total, _ in rows],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    plan = layout(x=f"total carbon [{unit.name}]", y="")
    plan |= {
        "bargap": 0.66,
        "height": 70 + 44 * len(rows),
        "annotations": [
            note(0, at, f"<b>{_amount(total, unit)}</b>  {name}", xref="paper", xanchor="left", yanchor="bottom")
            | {"yshift": 7}
            for at, (name, total, _) in enumerate(rows)
        ],
    }
    plan["margin"]["t"] = 26
    plan["xaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    plan["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    return Chart("Best and worst", _ranking_sentence(places, result), {"data": traces, "layout": plan})


def front_of_cost(found: Combinations, result: Estimate) -> Chart:
    """Time against cost: every combination that has a price, and those that nothing beats.

    A point's ``customdata`` begins with its row in the columns of ``found``.
    """
    columns = found.columns
    hours, cost = columns["time_to_train_hours_central"], columns["cost_central"]
    time = units.unit_for(result.time_to_train_hours.central, units.DURATION)
    currency = result.scenario.currency
    traces: list[Trace] = []
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
        traces.append(
            {
                "type": "scatter",
                "mode": "markers" if name == "beaten" else "lines+markers",
                "name": name,
                "x": rounded(hours[rows] / time.size),
                "y": rounded(cost[rows]),
                "line": {"color": REFERENCE, "width": 2, "shape": "hv"},
                "marker": {"color": device_colour(result.device), "size": 7 if name == "beaten" else 13},
                "customdata": [[int(row)] for row in rows],
                "text": called,
                "hovertemplate": "%{text}<extra></extra>",
            }
        )
    unit = f" [{currency}]" if currency else ""
    plan = layout(x=f"time to train [{time.name}] (log)", y=f"cost{unit} (log)")
    plan |= {"height": 440, "showlegend": True, "legend": {"orientation": "h", "y": -0.2, "x": 0}}
    plan["xaxis"] |= _log_axis(hours / time.size)
    plan["yaxis"] |= _log_axis(cost)
    line = np.flatnonzero(found.pareto_front)
    if not len(line):
        return Chart("Time against cost", "None of these has a price.", {"data": traces, "layout": plan})
    fast, cheap = int(line[np.argmin(hours[line])]), int(line[np.argmin(cost[line])])

    def at(row: int) -> str:
        took = units.shown(float(hours[row]), units.DURATION)
        return f"{took} for {units.money(float(cost[row]), currency)} on {int(columns['device_count'][row]):,}"

    said = at(fast) if fast == cheap else f"from {at(fast)} to {at(cheap)}"
    return Chart("Time against cost", f"Not beaten in both: {said} devices.", {"data": traces, "layout": plan})


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
    traces: list[Trace] = []
    for key, device in devices.items():
        these = rest[columns["device"][rest] == key]
        if not len(these):
            continue
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": device.name,
                "x": rounded(x[these]),
                "y": rounded(y[these]),
                "marker": {
                    "color": device_colour(device),
                    "size": 7,
                    "opacity": 0.6 if len(rest) < MANY_POINTS else 0.35,
                    "symbol": symbols[key],
                },
                "customdata": rows(these),
                "hovertemplate": f"%{{customdata[1]:,}} × {device.name}, %{{customdata[2]}}<br>%{{x:.3s}} {time.name}, "
                f"%{{y:.3s}} {mass.name}<extra></extra>",
            }
        )
    traces.append(
        {
            "type": "scatter",
            "mode": "lines+markers",
            "name": "the front",
            "x": rounded(x[line]),
            "y": rounded(y[line]),
            "line": {"color": REFERENCE, "width": 2, "shape": "hv"},
            "marker": {
                "color": [device_colour(devices[str(key)]) for key in columns["device"][line]],
                "symbol": [symbols[str(key)] for key in columns["device"][line]],
                "size": 13,
                "line": {"color": "white", "width": 1.5},
            },
            "customdata": rows(line),
            "text": [_combination(columns, row, time, mass) for row in line],
            "hovertemplate": "<b>not beaten</b>: %{text}<extra></extra>",
        }
    )
    traces.append(_own_point(result, time, mass))
    own_hours, own_kg = result.time_to_train_hours, result.total_co2e_kg
    plan = layout(x=f"time to train [{time.name}] (log)", y=f"total carbon [{mass.name}] (log)")
    plan |= {"height": 440, "showlegend": True, "legend": {"orientation": "h", "y": -0.2, "x": 0}}
    plan["xaxis"] |= _log_axis(np.append(x, [own_hours.low / time.size, own_hours.high / time.size]))
    plan["yaxis"] |= _log_axis(np.append(y, [own_kg.low / mass.size, own_kg.high / mass.size]))
    drawn = len(rest) + len(line)
    thinned = f" {drawn:,} of them are drawn." if drawn < np.count_nonzero(np.isfinite(hours)) else ""
    return Chart(
        "Time against carbon", _front_sentence(found, line, result) + thinned, {"data": traces, "layout": plan}
    )


def lever_steps(levers: Sequence[Lever], result: Estimate) -> Chart:
    """From the scenario's total down to the best that the levers reach, a step each."""
    before = result.total_co2e_kg.central
    after = levers[-1].after_kg if levers else before
    unit = units.unit_for(before, units.MASS)
    ends = [before, *(one.after_kg for one in levers), after]
    names = ["Your scenario", *(one.label.partition(" (")[0] for one in levers), "All of it"]
    kinds = ["total", *("saved" for _ in levers), "total"]
    lows = [0.0, *(min(one.before_kg, one.after_kg) for one in levers), 0.0]
    sizes = [before, *(abs(one.before_kg - one.after_kg) for one in levers), after]
    texts = [
        units.significant(before / unit.size),
        *(f"−{units.significant((one.before_kg - one.after_kg) / unit.size)}" for one in levers),
        units.significant(after / unit.size),
    ]
    traces: list[Trace] = [
        {
            "type": "bar",
            "orientation": "h",
            "name": "total",
            "y": list(range(len(names))),
            "base": rounded(np.array(lows) / unit.size),
            "x": rounded(np.array(sizes) / unit.size),
            "marker": {"color": [GREEN if kind == "total" else BLUE for kind in kinds]},
            "text": [
                f"{name}: {text} {unit.name}, leaves {units.significant(end / unit.size)}"
                for name, text, end in zip(names, texts, ends, strict=True)
            ],
            "textposition": "none",
            "hovertemplate": "%{text}<extra></extra>",
        }
    ]
    plan = layout(x=f"total carbon [{unit.name}]", y="")
    plan |= {
        "bargap": 0.66,
        "height": 70 + 50 * len(names),
        "annotations": [
            note(0, at, f"<b>{name}</b>  {text}", xref="paper", xanchor="left", yanchor="bottom") | {"yshift": 8}
            for at, (name, text) in enumerate(zip(names, texts, strict=True))
        ],
    }
    plan["margin"]["t"] = 26
    plan["xaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    plan["yaxis"] |= {"autorange": "reversed", "showticklabels": False, "showgrid": False}
    return Chart("The levers", _levers_sentence(levers, result), {"data": traces, "layout": plan})


# --- the map ---


def _shapes(ids: Sequence[str], shapes: Mapping[str, Any], name: str) -> Trace:
    """A choropleth of these countries; only their own shapes go with it."""
    return {
        "type": "choropleth",
        "name": name,
        "geojson": {"type": "FeatureCollection", "features": [_bare(shapes[key]) for key in ids]},
        "locations": list(ids),
        "marker": {"line": _BORDER},
        "showscale": False,
        "hovertemplate": "%{text}<extra></extra>",
    }


def _bare(feature: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "Feature", "id": feature["id"], "geometry": feature["geometry"]}


def _points(spots: Sequence[catalog.Location], name: str) -> Trace:
    return {
        "type": "scattergeo",
        "mode": "markers",
        "name": name,
        "lat": [one.latitude for one in spots],
        "lon": [one.longitude for one in spots],
        "marker": {"line": {"color": "white", "width": 1}},
        "hovertemplate": "%{text}<extra></extra>",
    }


def _own_spot(region: Region, shapes: Mapping[str, Any]) -> catalog.Location | None:
    """Where to mark the scenario's region: its own place, else the middle of its country; ``None`` off the map."""
    spot = catalog.cloud_location(region)
    if spot is not None:
        return catalog.Location(region.name, spot.latitude, spot.longitude, spot.source)
    feature = shapes.get(region.country_iso3)
    if region.kind not in ("country", "subnational", "cloud") or feature is None:
        return None
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    (longitude, latitude), _ = max((_middle(polygon[0]) for polygon in polygons), key=lambda one: one[1])
    country = "" if region.kind == "country" else f" (marked in {feature['properties']['name']})"
    return catalog.Location(region.name + country, round(latitude, 1), round(longitude, 1), "middle of its shape")


def _middle(ring: Sequence[Sequence[float]]) -> tuple[tuple[float, float], float]:
    """Centroid and size of a ring, on a plane; across the date line it is unrolled first."""
    points = np.array(ring, dtype=np.float64)
    points[:, 0] = np.rad2deg(np.unwrap(np.deg2rad(points[:, 0])))
    (x0, y0), (x1, y1) = points[:-1].T, points[1:].T
    cross = x0 * y1 - x1 * y0
    area = cross.sum() / 2
    centre = (float(((x0 + x1) * cross).sum() / (6 * area)), float(((y0 + y1) * cross).sum() / (6 * area)))
    return centre, abs(float(area))


def _colours(totals: Sequence[float]) -> dict[str, float]:
    """The ends of the colour scale, in decades."""
    low, high = _log10([min(totals), max(totals)])
    return {"cmin": low, "cmax": high if high > low else low + 1e-3}


def _round_values(low: float, high: float) -> list[float]:
    """1, 2 and 5 of each decade between two values, of many decades 1 alone; the two themselves where none is."""
    first, last = (int(end(np.log10(max(value, _NOTHING)))) for end, value in ((np.floor, low), (np.ceil, high)))
    steps = (1, 2, 5) if last - first <= 3 else (1,)
    found = [n * 10.0**e for e in range(first, last + 1) for n in steps if low <= n * 10.0**e <= high]
    return found if len(found) > 1 else sorted({low, high})


def _tick(value: float) -> str:
    """A round value on an axis: 10 rather than 10.0."""
    text = units.significant(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _log10(values: Iterable[float]) -> list[float]:
    return [float(f"{np.log10(max(value, _NOTHING)):.4g}") for value in values]


def _map_sentence(
    countries: Mapping[str, Place], clouds: Sequence[Place], result: Estimate, own: catalog.Location | None
) -> str:
    star = f", {result.region.name} (the star)," if own and result.region else ""
    here, total = f"where it is now{star}", _shown(result.total_co2e_kg)
    if not countries and not clouds:
        return f"No place on the map has a figure of this kind; {here} the run emits {total}."
    of, these = ("countries", list(countries.values())) if countries else ("cloud regions", list(clouds))
    least, most = (pick(these, key=lambda one: one.total_co2e_kg.central) for pick in (min, max))
    dots = f"; the dots are {len(clouds)} cloud regions" if countries and clouds else ""
    grey = "" if countries else " No country has a figure of this kind, so all are grey."
    return (
        f"Over {len(these)} {of} the run would emit from {_place(least)} to {_place(most)}; {here} it emits {total}"
        f"{dots}.{grey}{_not_alike([*these, *clouds], result)}"
    )


def _place(one: Place) -> str:
    return f"{units.shown(one.total_co2e_kg.central, units.MASS)} in {one.region.name}"


def _ranking_sentence(places: Sequence[Place], result: Estimate) -> str:
    if not places:
        return "No place has a figure of this kind."
    better = sum(one.saved_kg > 0 for one in places)
    least = places[0]
    best = f"{_shown(least.total_co2e_kg)} in {least.region.name}"
    said = f"At {better} of {len(places)} places the run would emit less than where it is now; least: {best}."
    return said + _not_alike(places, result)


def _alike(places: Sequence[Place], result: Estimate) -> bool:
    return {one.region.basis for one in places} <= {own_basis(result)}


def _not_alike(places: Sequence[Place], result: Estimate) -> str:
    """Says where the places and the scenario are not counted alike."""
    if _alike(places, result):
        return ""
    theirs = ", ".join(sorted({one.region.basis for one in places}))
    return f" Not counted alike: the places are {theirs}, your scenario is {own_basis(result)}."


# --- the front ---


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
    bars = {}
    for axis, interval, size in (("error_x", hours, time.size), ("error_y", kg, mass.size)):
        bars[axis] = {
            "type": "data",
            "symmetric": False,
            "array": rounded([(interval.high - interval.central) / size]),
            "arrayminus": rounded([(interval.central - interval.low) / size]),
            "color": colour,
            "thickness": 1.5,
            "width": 4,
        }
    return {
        "type": "scatter",
        "mode": "markers",
        "name": "your scenario",
        "x": rounded([hours.central / time.size]),
        "y": rounded([kg.central / mass.size]),
        "marker": {"color": colour, "size": 18, "symbol": "star", "line": {"color": "white", "width": 1.5}},
        "hovertemplate": f"your scenario: %{{x:.3s}} {time.name}, %{{y:.3s}} {mass.name}<extra></extra>",
        **bars,
    }


def _combination(columns: Mapping[str, NDArray[Any]], row: int, time: units.Unit, mass: units.Unit) -> str:
    """A row of the front in words, with its intervals."""
    device, region = catalog.device(str(columns["device"][row])), catalog.region(str(columns["region"][row]))
    hours, kg = (interval_at(columns, name, row) for name in ("time_to_train_hours", "total_co2e_kg"))
    what = f"{int(columns['device_count'][row]):,} × {device.name}, {region.name}"
    return f"{what}<br>{_amount(hours, time)} {time.name}, {_amount(kg, mass)} {mass.name}"


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


def _log_axis(values: Any) -> dict[str, Any]:
    """A log axis with room on both sides and ticks at round values."""
    known = np.asarray(values, dtype=np.float64)
    known = known[np.isfinite(known) & (known > 0)]
    low, high = (float(known.min()) / 1.25, float(known.max()) * 1.25) if len(known) else (1.0, 10.0)
    ticks = _round_values(low, high)
    return {
        "type": "log",
        "range": [float(np.log10(low)), float(np.log10(high))],
        "tickmode": "array",
        "tickvals": ticks,
        "ticktext": [_tick(value) for value in ticks],
    }


# --- the levers ---


def _levers_sentence(levers: Sequence[Lever], result: Estimate) -> str:
    before = result.total_co2e_kg
    if not levers:
        return f"None of these would lower the {units.shown(before.central, units.MASS)} of your scenario."
    after = levers[-1].after_kg
    most = max(levers, key=lambda one: one.before_kg - one.after_kg)
    saved = units.shown(most.before_kg - most.after_kg, units.MASS)
    times = f", {units.significant(before.central / after, 2)} times less" if after > 0 else ""
    return (
        f"All together would take the run from {_shown(before)} to {units.shown(after, units.MASS)}{times}; "
        f"the largest step is “{most.label}”, {saved} less."
    )


# --- figures as texts ---


def _shown(interval: Interval) -> str:
    """An amount of carbon with its interval."""
    central = units.shown(interval.central, units.MASS)
    between = units.shown_range(interval, units.MASS)
    return central if interval.low == interval.high else f"{central} ({between})"


def _amount(interval: Interval, unit: units.Unit) -> str:
    """A figure with its interval, without the unit."""
    low, central, high = (units.significant(end / unit.size) for end in (interval.low, interval.central, interval.high))
    return central if low == high else f"{central} ({low}–{high})"


def _short(region: Region) -> str:
    """A region's name that fits above a bar on a phone: of a cloud region the provider and the place."""
    name = region.name
    if region.kind == "cloud" and name.endswith(")"):
        name = f"{name.split()[0]}, {name[name.index('(') + 1 : -1]}"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _hover(name: str, interval: Interval, unit: units.Unit) -> str:
    return f"<b>{name}</b><br>{_amount(interval, unit)} {unit.name}"
