"""The region that a name stands for: a code, a country, a state, a city, or what clouds call their regions."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from oce.catalog import grid_basis
from oce.catalog.caches import cached
from oce.catalog.reader import alone_by_key
from oce.catalog.region_table import Place, Region, places, regions
from oce.errors import InputError, Problem
from oce.near_names import nearest

SHORT = 3  # letters, up to which a name is no word to be compared by
_MOST_CHARACTERS = 100
MOST_COMMAS = 3
CLOUD_AREAS = {  # how AWS names the areas of its regions, and how their codes start
    **{"us": "us-", "eu": "eu-", "europe": "eu-", "asia pacific": "ap-", "canada": "ca-", "south america": "sa-"},
    **{"middle east": "me-", "africa": "af-", "israel": "il-", "mexico": "mx-", "aws govcloud": "us-gov-"},
}


def region(name: str) -> Region:
    """The region called ``name``: an id, an ISO 3166 code or name, an alias, or a city, in any case.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    return region_named(name).region


@dataclass(frozen=True, slots=True)
class RegionNamed:
    """A region by a name, and what was taken for what; empty where the name is the catalogue's."""

    region: Region
    note: str = ""


@cached(most=4096)
def region_named(name: str) -> RegionNamed:
    """The region called ``name``, and what was taken for what.

    A city stands for the grid that it lies in. A code of two letters is a country's; where it is a state's too, the
    note says so.

    Raises:
        InputError: Where there is none, or several are meant by a code, with the nearest names.
    """
    sought = name.strip()
    if sought.casefold().endswith(grid_basis.ALIKE):
        of = region_named(sought[: -len(grid_basis.ALIKE)])
        return RegionNamed(grid_basis.alike(of.region) or of.region, of.note)
    found = _regions_by_name().get(sought.casefold()) or _regions_by_key().get(key_of(sought))
    if found is not None:
        return RegionNamed(found, _note_of_code(sought, found))
    by_code = _subnational_by_code().get(sought.upper(), ())
    if len(by_code) == 1:
        return RegionNamed(by_code[0], f"{sought} is taken for {by_code[0].name}")
    placed = _places_by_key().get(key_of(sought))
    if placed is not None:
        found = _regions_by_name()[placed.region.casefold()]
        return RegionNamed(found, _note_of_city(sought, found) if placed.kind == "city" else "")
    found = _in_cloud_area(sought)
    if found is not None:
        return RegionNamed(found, f"{sought[:60]} is taken for {found.name}")
    parts = _parts(sought)
    if parts is not None:
        return _within(sought, *parts)
    raise InputError([_no_region(name, tuple(candidate.name for candidate in by_code))])


def _note_of_code(sought: str, found: Region) -> str:
    """What a code of two letters could stand for besides ``found``."""
    if found.kind != "country":
        return ""
    state = _regions_by_name().get(f"{sought} (us state)".casefold())
    if state is not None:
        return f"{sought} is taken for the country; write {state.id} for the state"
    if len(sought) != 2:
        return ""
    if sought.upper() == "NA":
        return "NA is taken for Namibia; where a value is missing, leave the cell empty"
    others = [
        candidate for candidate in _subnational_by_code().get(sought.upper(), ()) if candidate.country_iso3 != found.id
    ]
    others = [candidate for candidate in others if candidate.id.startswith(("US-", "CA-"))]
    if not others:
        return ""
    meant = " or ".join(f"{candidate.id} for {candidate.name}" for candidate in others)
    return f"{sought.upper()} is taken for {found.name}, the country; write {meant}"


def _note_of_city(sought: str, found: Region) -> str:
    """A city is taken for its grid; a provider's region there has a figure of its own."""
    here = _cloud_regions_by_city().get(key_of(sought), ())
    clouds = f"; a cloud's region there is {' or '.join(candidate.id for candidate in here[:3])}" if here else ""
    return f"{sought[:60]} is taken for the grid of {found.name}{clouds}"


def _in_cloud_area(sought: str) -> Region | None:
    """The region that AWS calls ``US East (N. Virginia)``."""
    area = _cloud_area(sought)
    if area is None:
        return None
    start, place = area
    here = [
        candidate for candidate in _cloud_regions_by_city().get(place, ()) if candidate.id.startswith(f"aws:{start}")
    ]
    return here[0] if len(here) == 1 else None


def _within(sought: str, place: str, within: str) -> RegionNamed:
    """``New York, NY``: the place, where it lies in what stands behind it; else that, and it says so."""
    states = [
        candidate
        for candidate in _subnational_by_code().get(within.upper(), ())
        if candidate.id.startswith(("US-", "CA-"))
    ]
    outer = [named.region for named in (_maybe_region(within),) if named] + states
    if not outer:
        raise InputError([_no_region(sought)])
    inner = _maybe_region(place) or _maybe_region(place.partition(",")[0])
    if inner is not None:
        for candidate in outer:
            if inner.region.id == candidate.id or (
                inner.region.country_iso3 == candidate.country_iso3 and candidate.kind == "country"
            ):
                return inner
        inside = _regions_by_name().get(f"{place} ({outer[0].name})".casefold())
        if inside is not None:
            return RegionNamed(inside)
    meant = {candidate.id: candidate for candidate in outer}
    if len(meant) > 1:
        raise InputError([_no_region(sought, tuple(candidate.id for candidate in meant.values()))])
    return RegionNamed(outer[0], f"{sought[:60]} is taken for the grid of {outer[0].name}")


def _maybe_region(name: str) -> RegionNamed | None:
    """A region by a name, or ``None``."""
    try:
        return region_named(name)
    except InputError:
        return None


def _no_region(name: str, meant: tuple[str, ...] = ()) -> Problem:
    """What is said of a name that is no region's; ``meant`` are those that it could stand for."""
    allowed, key = "a region of the catalogue", key_of(name)
    if meant:
        return Problem("region", name, allowed, meant[:3])
    known = {alias: candidate.name for candidate in regions() for alias in (candidate.name, *candidate.aliases)}
    if len(key) <= SHORT:  # of a few letters the likeness of letters says nothing
        known = {alias: called for alias, called in known.items() if key_of(alias).startswith(key or " ")}
    return Problem("region", name, allowed, nearest(name, known))


def _known_id(cell: str) -> str:
    try:
        return region(cell).id
    except InputError:
        raise ValueError(f"is “{cell}”, not an id of data/regions.csv") from None


RegionId = Annotated[str, AfterValidator(_known_id)]  # the column of a table that names a region


@cached
def _regions_by_key() -> Mapping[str, Region]:
    """Regions by their names without accents and punctuation, where that leaves one region."""
    return alone_by_key((key, candidate) for name, candidate in _regions_by_name().items() if (key := key_of(name)))


@cached
def _subnational_by_code() -> Mapping[str, tuple[Region, ...]]:
    """States and provinces by the part of their code behind the country's: ``NY`` of ``US-NY``."""
    found: dict[str, tuple[Region, ...]] = {}
    for candidate in regions():
        country, _, code = candidate.id.partition("-")
        if candidate.kind == "subnational" and len(country) == 2 and code.isalpha() and len(code) == 2:
            found[code] = (*found.get(code, ()), candidate)
    return found


@cached
def _places_by_key() -> Mapping[str, Place]:
    return {key_of(place.id): place for place in reversed(places())}


@cached
def _cloud_regions_by_city() -> Mapping[str, tuple[Region, ...]]:
    """Cloud regions by the city that their provider names them after: ``Google Cloud europe-west3 (Frankfurt)``."""
    found: dict[str, tuple[Region, ...]] = {}
    for candidate in regions():
        city = re.search(r"\(([^()]+)\)$", candidate.name)
        if candidate.kind == "cloud" and city:
            key = key_of(city[1])
            for name in (key, key.replace("n ", "northern ", 1) if key.startswith("n ") else key):
                if candidate not in found.get(name, ()):
                    found[name] = (*found.get(name, ()), candidate)
    return found


@cached
def _regions_by_name() -> Mapping[str, Region]:
    return {
        name.casefold(): candidate
        for candidate in reversed(regions())  # the first to carry a name keeps it
        for name in (
            candidate.id,
            candidate.name,
            candidate.country_iso2 if candidate.kind == "country" else "",
            *candidate.aliases,
        )
        if name
    }


# --- what people and clouds call a place: ``Quebec, Canada``, ``New York, NY``, ``Europe (Frankfurt)`` ---


def key_of(name: str) -> str:
    """A place's name without case, accents and punctuation: ``Île-de-France`` is ``ile de france``."""
    text = unicodedata.normalize("NFKD", name[:_MOST_CHARACTERS].replace("&", " and ")).casefold()
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    words = re.findall(r"[^\W_]+", text.replace("'", "").replace("’", ""))
    return " ".join(words).removeprefix("the ")


def _parts(name: str) -> tuple[str, str] | None:
    """``New York, NY`` or ``China (Beijing)`` as a place and what it lies in; ``None`` where a name has no parts."""
    text = name[:_MOST_CHARACTERS].strip()
    bracketed = re.fullmatch(r"([^()]+?) ?\(([^()]+)\)", text)
    if bracketed:
        return bracketed[2].strip(), bracketed[1].strip()
    place, comma, within = text.rpartition(",")
    if not comma or not place.strip() or not within.strip() or text.count(",") > MOST_COMMAS:
        return None
    return place.strip(), within.strip()


def _cloud_area(name: str) -> tuple[str, str] | None:
    """``US East (N. Virginia)`` as how the codes of its area start and the place; ``None`` where it is no such name."""
    found = re.fullmatch(r"(?:AWS |Amazon )?([A-Za-z -]+?) ?\(([^()]+)\)", name[:_MOST_CHARACTERS].strip(), re.I)
    if not found:
        return None
    area = key_of(found[1])
    start = next((code for words, code in CLOUD_AREAS.items() if f"{area} ".startswith(f"{words} ")), None)
    return (start, key_of(found[2])) if start else None
