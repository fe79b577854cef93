"""What a visitor means who types a few words: the region or the device that they fit best.

A name of the catalogue, an alias, a city or a code is what it is (:func:`oce.catalog.region_named`,
:func:`oce.catalog.device_named`). What is none of these, as ``ger`` or ``a100 80``, is found by how the words of a name
start; countries go before their parts, clouds and the paper's own sets.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from oce.catalog.caches import cached
from oce.catalog.device_family import OF_PAPER, family_of, of_paper
from oce.catalog.device_lookup import DeviceNamed, device_named
from oce.catalog.device_table import Device, devices
from oce.catalog.region_lookup import RegionNamed, key_of, region_named
from oce.catalog.region_table import Region, places, regions, regions_by_id
from oce.errors import InputError

REGION_KINDS = ("country", "world", "subnational", "cloud", "paper")  # which goes first where several fit
MOST_WORDS = 8  # of what is typed
FEWEST = 2  # letters: of no more, which may be a code, the start of a word says nothing

T = TypeVar("T")


@cached(most=1024)
def find_region(text: str) -> RegionNamed:
    """The region that a visitor means by ``text``, and what was taken for what.

    Raises:
        InputError: Where nothing fits, with the nearest names.
    """
    try:
        return region_named(text)
    except InputError:
        found = _best(text, _names_of_regions())
        if found is None:
            raise
    return RegionNamed(found, f"{text.strip()[:60]} is taken for {found.name}")


@cached(most=1024)
def find_device(text: str) -> DeviceNamed:
    """The device that a visitor means by ``text``, and what was taken for what.

    A name that leaves its variant open, as A100, stands for the variant that its speed is taken from.

    Raises:
        InputError: Where nothing fits, with the nearest names.
    """
    try:
        named = device_named(text)
    except InputError:
        found = _best(text, _names_of_devices())
        if found is None:
            raise
        return DeviceNamed(found, note=f"{text.strip()[:60]} is taken for {found.name}")
    if of_paper(named.device) and OF_PAPER not in text:
        meant = family_of(named.device).usual
        return DeviceNamed(meant, named.count, f"{text.strip()[:60]} is taken for {meant.name}")
    return named


# --- names by how their words start ---


@dataclass(frozen=True, slots=True)
class _Name(Generic[T]):
    words: tuple[str, ...]
    row: T
    rank: int  # of its kind: the lower goes first


def _best(text: str, names: Iterable[_Name[T]]) -> T | None:
    """The row with a name in which every word of ``text`` starts a word; the shortest such name of the first kind."""
    sought = key_of(text).split()[:MOST_WORDS]
    if len("".join(sought)) <= FEWEST:
        return None
    fits = [name for name in names if all(any(word.startswith(part) for word in name.words) for part in sought)]
    if not fits:
        return None
    return min(fits, key=lambda name: _order(name, sought)).row


def _order(name: _Name[T], sought: Sequence[str]) -> tuple[bool, int, int]:
    """Names that begin as the text does go first, then by kind, then the shorter ones."""
    begins = name.words[0].startswith(sought[0])
    return not begins, name.rank, len(" ".join(name.words))


@cached
def _names_of_regions() -> tuple[_Name[Region], ...]:
    named = [(name, region) for region in regions() for name in (region.id, region.name, *region.aliases)]
    named += [(place.id, regions_by_id()[place.region]) for place in places()]
    return tuple(
        _Name(words, region, REGION_KINDS.index(region.kind))
        for name, region in named
        if (words := tuple(key_of(name).split()))
    )


@cached
def _names_of_devices() -> tuple[_Name[Device], ...]:
    return tuple(
        _Name(words, device, int(of_paper(device)))
        for device in devices()
        for name in (device.name, f"{device.vendor} {device.name}", *device.aliases)
        if (words := tuple(key_of(name).split()))
    )
