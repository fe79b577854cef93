"""What the grids of several options count, and whether a ranking of them by carbon means anything."""

from collections.abc import Sequence

from oce import units
from oce.analysis import option_names
from oce.catalog import Region
from oce.catalog.grid_basis import COMMON, basis_of, count_alike, counted_alike
from oce.estimation import Estimate

__all__ = ["COMMON", "counted_alike", "in_words", "not_alike", "place_of"]

OWN_FIGURE = "your own figure"


def place_of(result: Estimate) -> Region | None:
    """The region whose intensity is used; ``None`` where the scenario gives one of its own."""
    return result.region if result.scenario.carbon_intensity_g_per_kwh is None else None


def basis(result: Estimate) -> str:
    """What the intensity of an estimate counts: ``lifecycle, consumption-based, 2025``."""
    place = place_of(result)
    return str(basis_of(place)) if place else OWN_FIGURE


def in_words(result: Estimate) -> str:
    """The intensity with what it counts: ``418 g/kWh, lifecycle, consumption-based, 2025``."""
    return f"{units.significant(float(result.inputs.carbon_intensity_g_per_kwh))} g/kWh, {basis(result)}"


def not_alike(results: Sequence[Estimate]) -> tuple[str, ...]:
    """The places with what each counts, where they do not count alike (:func:`count_alike`); else empty."""
    places = [place_of(result) for result in results]
    if count_alike(places):
        return ()
    said = [basis_of(place).in_words if place else OWN_FIGURE for place in places]
    where = [option_names.where(result).removeprefix("in ").removeprefix("the ") for result in results]
    return tuple(dict.fromkeys(f"{place} {counts}" for place, counts in zip(where, said, strict=True)))
