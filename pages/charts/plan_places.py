"""The charts of places: the map of the world, and the best and the worst of them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from oce import catalog, units
from oce.analysis.places import Place
from oce.catalog import Region
from oce.estimation import Estimate
from oce.interval import Interval
from pages.charts.chart import Chart, Trace, amount, table
from pages.charts.layouts import rows_layout
from pages.charts.log_axis import NOTHING, round_values, tick
from pages.charts.theme import BLUE, GREEN, REFERENCE, VERMILION, faint
from pages.charts.traces import bars, error_bars

OWN_FIGURE = "your own figure"  # the basis of an intensity that the visitor gave
BEST_AND_WORST = 5  # of each, in the ranking
LONGEST_NAME = 32  # that fits above a bar on a phone, with its figures

# From little to much: told apart with any colour vision, and against the ground of both themes.
_SCALE = ((0.0, "#2A6FB7"), (0.25, "#6BA8C9"), (0.5, "#D9C27A"), (0.75, "#DB8A3A"), (1.0, "#B5421A"))
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
        places: The places to show, of a single basis.
        result: The scenario where it is.
    """
    unit = unit_of(places, result)
    countries = {place.region.id: place for place in places if place.region.kind == "country"}
    spots = {place.region.id: spot for place in places if (spot := catalog.location(place.region)) is not None}
    clouds = [place for place in places if place.region.kind == "cloud" and place.region.id in spots]
    shown = [*countries.values(), *clouds]
    amounts = {place.region.id: amount(place.total_co2e_kg, unit.size) for place in shown}

    def hover(place: Place) -> str:
        return f"<b>{place.region.name}</b><br>{amounts[place.region.id]} {unit.name}"

    totals = [place.total_co2e_kg.central / unit.size for place in shown] or [1.0]
    scale = _colours(totals)
    shapes = {shape["id"]: shape for shape in catalog.world()["features"]}
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
            _shapes([place.region.id for place in drawn], shapes, "countries")
            | {
                "z": _log10(place.total_co2e_kg.central / unit.size for place in drawn),
                "text": list(map(hover, drawn)),
                "colorscale": [list(step) for step in _SCALE],
                "zmin": scale["cmin"],
                "zmax": scale["cmax"],
            }
        )
    if clouds:
        traces.append(
            _points([spots[place.region.id] for place in clouds], "cloud regions") | {"text": list(map(hover, clouds))}
        )
        traces[-1]["marker"] |= scale | {
            "color": _log10(place.total_co2e_kg.central / unit.size for place in clouds),
            "colorscale": [list(step) for step in _SCALE],
            "size": 7,
        }
    values = round_values(min(totals), max(totals))
    bar = {"orientation": "h", "thickness": 12, "len": 0.9, "y": 0, "yanchor": "top", "outlinewidth": 0}
    bar |= {
        "title": {"text": f"total carbon [{unit.name}] (log)", "side": "bottom", "font": {"size": 12}},
        "tickmode": "array",
    }
    bar |= {"tickvals": _log10(values), "ticktext": [tick(value) for value in values]}
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
        "margin": {"l": 0, "r": 0, "t": 8, "b": 14},
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
    own_row = ["Your scenario", amount(result.total_co2e_kg, unit.size)]
    numbers = table(_columns(unit), [own_row, *([place.region.name, amounts[place.region.id]] for place in shown)])
    return Chart("The map", _map_sentence(countries, clouds, result, own), numbers, {"data": traces, "layout": plan})


def ranking(places: Sequence[Place], result: Estimate) -> Chart:
    """The totals of the best and the worst places, least first, and the scenario's own among them."""
    unit = unit_of(places, result)
    chosen = list(places)
    if len(chosen) > 2 * BEST_AND_WORST:
        chosen = [*places[:BEST_AND_WORST], *places[-BEST_AND_WORST:]]
    here = (
        "your own intensity" if result.region is None or own_basis(result) == OWN_FIGURE else short_name(result.region)
    )
    rows = [
        (short_name(place.region), place.total_co2e_kg, "best" if place.saved_kg >= 0 else "worst") for place in chosen
    ]
    other = "" if _alike(places, result) else f" ({own_basis(result)})"
    rows = [row for row in rows if row[0] != here] + [(f"Your scenario{other}: {here}", result.total_co2e_kg, "own")]
    rows.sort(key=lambda row: row[1].central)
    looks = {"best": (BLUE, ""), "worst": (VERMILION, "/"), "own": (GREEN, "")}
    trace = bars(
        "total",
        list(range(len(rows))),
        [float(f"{total.central / unit.size:.6g}") for _, total, _ in rows],
        [looks[kind][0] for _, _, kind in rows],
        "%{text}",
        [looks[kind][1] for _, _, kind in rows],
        error_x=error_bars([total for _, total, _ in rows], unit.size, REFERENCE),
        text=[_hover(name, total, unit) for name, total, _ in rows],
        textposition="none",
    )
    labels = [f"<b>{amount(total, unit.size)}</b>  {name}" for name, total, _ in rows]
    plan = rows_layout(f"total carbon [{unit.name}]", labels, 70 + 44 * len(rows), shift=7)
    plan["xaxis"] |= {"rangemode": "tozero", "tickformat": ","}
    numbers = table(_columns(unit), ([name, amount(total, unit.size)] for name, total, _ in rows))
    return Chart("Best and worst", _ranking_sentence(places, result), numbers, {"data": [trace], "layout": plan})


def _columns(unit: units.Unit) -> tuple[str, str]:
    return "Place", f"Total carbon [{unit.name}]"


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
        "lat": [spot.latitude for spot in spots],
        "lon": [spot.longitude for spot in spots],
        "marker": {"line": {"color": "white", "width": 1}},
        "hovertemplate": "%{text}<extra></extra>",
    }


def _own_spot(region: Region, shapes: Mapping[str, Any]) -> catalog.Location | None:
    """Where to mark the scenario's region: its own place, else the middle of its country; ``None`` off the map.

    A state or zone without a place of its own is not marked: the middle of its country lies in another.
    """
    spot = catalog.location(region)
    if spot is not None:
        return spot.replace(id=region.name)
    feature = shapes.get(region.country_iso3)
    if region.kind not in ("country", "cloud") or feature is None:
        return None
    geometry = feature["geometry"]
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    (longitude, latitude), _ = max((_middle(polygon[0]) for polygon in polygons), key=lambda found: found[1])
    country = "" if region.kind == "country" else f" (marked in {feature['properties']['name']})"
    return catalog.Location(
        id=region.name + country,
        latitude=round(latitude, 1),
        longitude=round(longitude, 1),
        source="middle of its shape",
    )


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


def _log10(values: Iterable[float]) -> list[float]:
    return [float(f"{np.log10(max(value, NOTHING)):.4g}") for value in values]


def _map_sentence(
    countries: Mapping[str, Place], clouds: Sequence[Place], result: Estimate, own: catalog.Location | None
) -> str:
    star = f", {result.region.name} (the star)," if own and result.region else ""
    here, total = f"where it is now{star}", units.amount(result.total_co2e_kg, units.MASS)
    if not countries and not clouds:
        return f"No place on the map has a figure of this kind; {here} the run emits {total}."
    of, these = ("countries", list(countries.values())) if countries else ("cloud regions", list(clouds))
    least, most = (pick(these, key=lambda place: place.total_co2e_kg.central) for pick in (min, max))
    dots = f"; the dots are {len(clouds)} cloud regions" if countries and clouds else ""
    grey = "" if countries else " No country has a figure of this kind, so all are grey."
    return (
        f"Over {len(these)} {of} the run would emit from {_place(least)} to {_place(most)}; {here} it emits {total}"
        f"{dots}.{grey}{_not_alike([*these, *clouds], result)}"
    )


def _place(place: Place) -> str:
    return f"{units.shown(place.total_co2e_kg.central, units.MASS)} in {place.region.name}"


def _ranking_sentence(places: Sequence[Place], result: Estimate) -> str:
    if not places:
        return "No place has a figure of this kind."
    better = sum(place.saved_kg > 0 for place in places)
    least = places[0]
    best = f"{units.amount(least.total_co2e_kg, units.MASS)} in {least.region.name}"
    said = f"At {better} of {len(places)} places the run would emit less than where it is now; least: {best}."
    return said + _not_alike(places, result)


def _alike(places: Sequence[Place], result: Estimate) -> bool:
    return {place.region.basis for place in places} <= {own_basis(result)}


def _not_alike(places: Sequence[Place], result: Estimate) -> str:
    """Says where the places and the scenario are not counted alike."""
    if _alike(places, result):
        return ""
    theirs = ", ".join(sorted({place.region.basis for place in places}))
    return f" Not counted alike: the places are {theirs}, your scenario is {own_basis(result)}."


def short_name(region: Region) -> str:
    """A region's name that fits above a bar on a phone: of a cloud region the provider and the place."""
    name = region.name
    if region.kind == "cloud" and name.endswith(")"):
        name = f"{name.split()[0]}, {name[name.index('(') + 1 : -1]}"
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1].rstrip()}…"


def _hover(name: str, interval: Interval, unit: units.Unit) -> str:
    return f"<b>{name}</b><br>{amount(interval, unit.size)} {unit.name}"
