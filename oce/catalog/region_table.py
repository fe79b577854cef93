"""The places of ``data/``: their grid carbon intensity, cities in them, where they are, and the shapes of countries."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from oce.catalog import reader
from oce.catalog.caches import cached
from oce.catalog.reader import Names, OneOf, Row, read

BASES = ("lifecycle", "direct", "location-based operational", "unstated")
PLACES = ("city", "name")
PLACEHOLDER_G_PER_KWH = 1000.0  # what Ember has, to the digit, for four countries, two of which others put lower
OWN_FIGURE = ":own"  # ends the id of a cloud region with its provider's own figure


class Region(Row):
    """A place with its grid carbon intensity, the year and the basis it was worked out on."""

    name: str
    kind: str  # country, world, subnational, cloud or paper
    country_iso3: str = ""
    country_iso2: str = ""
    aliases: Names = ()
    g_per_kwh: float = Field(ge=0, le=2000)
    year: int | None = Field(None, ge=1990, le=2100)
    basis: Annotated[str, OneOf(BASES)]
    pue: float | None = Field(None, ge=1, le=3)
    pue_year: str = ""
    licence: str = ""
    note: str = ""

    @property
    def placeholder(self) -> bool:
        """Whether its figure looks as if it was put in for want of a measurement."""
        return self.g_per_kwh == PLACEHOLDER_G_PER_KWH


class Place(Row):
    """What people call a place that is no region of its own, and the region whose grid it is on."""

    region: str  # id
    kind: Annotated[str, OneOf(PLACES)]


class Location(Row):
    """Roughly where a cloud region, a state or a zone is; its id is the region's.

    A cloud region by the city or state in its provider's name for it, a state or zone by its middle.
    """

    latitude: float = Field(ge=-90, le=90)  # [degrees]
    longitude: float = Field(ge=-180, le=180)


@cached
def regions() -> tuple[Region, ...]:
    """Every region: countries, the world, zones, cloud regions and the paper's own set.

    Returns:
        The regions, each with the carbon intensity of its grid [g CO2e/kWh], its year and what it counts.

    Raises:
        DataError: Where a file is damaged, with the place in it.

    Example:
        >>> from oce import regions
        >>> [region.name for region in regions() if region.id == "SWE"]
        ['Sweden']
    """
    return read("regions.csv", Region) + read("regions_odbl.csv", Region)


@cached
def regions_by_id() -> Mapping[str, Region]:
    """The regions by their ids."""
    return {region.id: region for region in regions()}


@cached
def places() -> tuple[Place, ...]:
    """Cities, and countries by their long names and in other languages, each with the region whose grid it is on."""
    return read("place_names.csv", Place)


@cached
def locations() -> tuple[Location, ...]:
    """Where the states and zones are, and the cloud regions whose name says it."""
    return read("cloud_locations.csv", Location)


def location(region: Region) -> Location | None:
    """Where a region is, also where it is listed a second time with its provider's own figure."""
    return _locations_by_id().get(region.id.removesuffix(OWN_FIGURE))


@cached
def _locations_by_id() -> Mapping[str, Location]:
    return {known.id: known for known in locations()}


@cached
def world() -> Mapping[str, Any]:
    """The shapes of the countries as GeoJSON; a feature's id is the country's ISO 3166-1 alpha-3 code."""
    return reader.from_json_file("world.geojson", _shapes)


def _shapes(content: Mapping[str, Any]) -> Mapping[str, Any]:
    for feature in content["features"]:
        if not (isinstance(feature["id"], str) and isinstance(feature["geometry"]["coordinates"], list)):
            raise ValueError(f"the shape of {feature['id']} is none")
    return content
