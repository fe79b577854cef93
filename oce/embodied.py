"""What making a device emits: the whole card with its share of the host server, spread over the hours that it serves.

The paper counts bare logic silicon over one year (β of its Table 3: 13 kg for an A100). Here the card's published
cradle-to-gate figure is taken where there is one. Where there is none, that of a like device with more or less memory,
or else silicon area × carbon per area, plus memory, plus the rest of a card as on those with a published figure. Low
and high are the spread of the published figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from oce import catalog
from oce.carbon import Numeric
from oce.catalog import Device
from oce.interval import Interval
from oce.tables import DataError, Row, read

HOURS_PER_YEAR = 8766.0
GRAMS_PER_KILOGRAM = 1000.0
SUBJECTS = ("card", "card and host share", "host", "die", "silicon", "memory")
NODES: Mapping[int, str] = {28: "28nm", 16: "14nm", 14: "14nm", 12: "14nm", 10: "10nm", 8: "8nm"} | {
    7: "7nm",
    6: "7nm",
    5: "5nm",
    4: "5nm",
    3: "3nm",
}  # of silicon, by feature size [nm]; in between, the larger of ACT's nodes that is near
NEW_HOSTS_FROM = 2022  # devices released from then on sit in a host like AWS's p5, older ones in one like BLOOM's
NEW_HOST, OLD_HOST, TPU_HOST = "host-p5", "host-bloom", "host-tpu-v6e"  # rows of data/embodied.csv


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: a row of data/embodied.csv."""

    id: str
    subject: str  # one of SUBJECTS
    device: str  # id, or empty
    node: str
    kg_co2e: float  # [kg]; of silicon per cm² of good die, of memory per GB
    devices_per_host: float | None
    boundary: str
    method: str
    licence: str
    year: str
    used: bool  # else shown only, with the reason in the note
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class Making:
    """What making one device and its share of the host emits, and how that is known."""

    card_kg: Interval  # with the host share, where a figure does not tell them apart
    host_kg: Interval
    how: str  # in words
    published: bool  # there is a figure for this very device
    sources: tuple[str, ...]

    @property
    def kg(self) -> Interval:
        """Card and host share together [kg CO2e]."""
        card, host = self.card_kg, self.host_kg
        return Interval(card.low + host.low, card.central + host.central, card.high + host.high)


@cache
def figures() -> tuple[Figure, ...]:
    """Every published figure, those that are only shown too."""
    return read("embodied.csv", _figure)


@cache
def making(device_id: str) -> Making | None:
    """What making a device emits; ``None`` where neither a figure nor its silicon is known.

    Args:
        device_id: Of data/devices.csv.
    """
    device = catalog.device(device_id)
    with_host = _of(device.id, "card and host share")
    if with_host:
        return Making(_spread(with_host), Interval(0.0, 0.0, 0.0), _published(with_host), True, _sources(with_host))
    host, host_sources = _host(device)
    cards = _of(device.id, "card")
    if cards:
        return Making(_spread(cards), host, _published(cards), True, _sources(cards) + host_sources)
    if device.made_like:
        return _like(device)
    parts = _from_parts(device)
    if parts is None:
        return None
    how = (
        f"no published figure: {device.die_cm2:g} cm² of silicon, {device.memory_gb:g} GB of memory, and the rest of a "
        "card as on those with one"
    )
    sources = ("ACT (Gupta et al. 2022)", *_sources(_used("memory")), *host_sources)
    return Making(parts, host, how, False, tuple(dict.fromkeys(sources)))


def g_per_device_hour(kg: Numeric, life_years: Numeric, use_fraction: Numeric) -> Numeric:
    """The making of a device, spread evenly over the hours in which it is used.

    As in Luccioni et al. 2022 (BLOOM, arXiv:2211.02001, section 4.1).

    Args:
        kg: Of the device with its host share [kg CO2e].
        life_years: Years in service.
        use_fraction: Share of that time in use.

    Returns:
        Embodied carbon of one device-hour [g CO2e/h].
    """
    return kg * GRAMS_PER_KILOGRAM / (life_years * HOURS_PER_YEAR * use_fraction)


def _of(device: str, subject: str) -> tuple[Figure, ...]:
    return tuple(one for one in _used(subject) if one.device == device)


def _used(subject: str) -> tuple[Figure, ...]:
    return tuple(one for one in figures() if one.used and one.subject == subject)


def _sources(found: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.source for one in found))


def _published(found: Sequence[Figure]) -> str:
    first = found[0]
    more = f", the first of {len(found)} published figures" if len(found) > 1 else ""
    return f"{first.method}{more}: {first.boundary}"


def _spread(found: Sequence[Figure]) -> Interval:
    """The first figure, and the ends of them all; of a single one, as far as figures differ where there are several."""
    values = [one.kg_co2e for one in found]
    if len(values) > 1:
        return Interval(min(values), values[0], max(values))
    factor = math.sqrt(_largest_disagreement())
    return Interval(values[0] / factor, values[0], values[0] * factor)


@cache
def _largest_disagreement() -> float:
    """How far used figures of one and the same card differ, at most: high over low."""
    ratios = [1.0]
    for device in {one.device for one in _used("card")}:
        values = [one.kg_co2e for one in _of(device, "card")]
        ratios.append(max(values) / min(values))
    return max(ratios)


def _host(device: Device) -> tuple[Interval, tuple[str, ...]]:
    """A device's share of its host server: of its own where that is published, else of one of its time."""
    shares = {one.id: one.kg_co2e / (one.devices_per_host or math.inf) for one in _used("host")}
    own = next((one.id for one in _used("host") if one.device == device.id), None)
    if own is None and device.vendor == "Google":
        own = TPU_HOST
    if own is None:
        own = NEW_HOST if (device.year or 0) >= NEW_HOSTS_FROM else OLD_HOST
    source = next(one.source for one in _used("host") if one.id == own)
    return Interval(min(shares.values()), shares[own], max(shares.values())), (source,)


def _like(device: Device) -> Making | None:
    """As a device that is made alike, with the memory that it has more or less."""
    like = next((one for one in catalog.devices() if one.id == device.made_like), None)
    if like is None or like.made_like:
        what = "not an id of data/devices.csv" if like is None else "itself made like another"
        raise DataError(f"data/devices.csv, {device.id}: made_like is “{device.made_like}”, {what}")
    made = making(like.id)
    if made is None:
        return None
    card, words = made.card_kg, ""
    if device.memory_gb != like.memory_gb:
        more = device.memory_gb - like.memory_gb
        per_gb = _per_gb()
        ends = (per_gb.low, per_gb.central, per_gb.high) if more > 0 else (per_gb.high, per_gb.central, per_gb.low)
        card = Interval(*(kg + more * gb for kg, gb in zip((card.low, card.central, card.high), ends, strict=True)))
        words = f" and {abs(more):g} GB of memory {'more' if more > 0 else 'less'}"
    return Making(card, made.host_kg, f"no published figure: as {like.name}{words}", False, made.sources)


def _from_parts(device: Device) -> Interval | None:
    """Silicon, memory and the rest of a card; ``None`` where the silicon is not known."""
    die, memory = _die_kg(device), device.memory_gb
    if die is None:
        return None
    per_gb, rest = _per_gb(), _rest()
    return Interval(
        die + memory * per_gb.low + rest.low,
        die + memory * per_gb.central + rest.central,
        die + memory * per_gb.high + rest.high,
    )


def _die_kg(device: Device) -> float | None:
    """Carbon of the logic dies, by ACT's figure for the node."""
    if device.die_cm2 is None or device.process_nm is None:
        return None
    node = NODES.get(round(device.process_nm))
    if node is None:
        raise DataError(
            f"data/devices.csv, {device.id}: process_nm is {device.process_nm:g}, for which there is no figure"
        )
    return device.die_cm2 * next(one.kg_co2e for one in _used("silicon") if one.node == node)


@cache
def _per_gb() -> Interval:
    """Carbon of a GB of memory on a card [kg]: the ends published, and their geometric mean."""
    values = [one.kg_co2e for one in _used("memory")]
    return Interval(min(values), math.sqrt(min(values) * max(values)), max(values))


@cache
def _rest() -> Interval:
    """Package, board, cooling, assembly [kg]: what published cards have beyond their silicon and memory."""
    found = []
    for one in _used("card"):
        device = catalog.device(one.device)
        die = _die_kg(device)
        whole = device.server == "superchip"  # whose figure holds more than the silicon and memory given here
        if die is not None and not whole and one is _of(device.id, "card")[0]:
            found.append(one.kg_co2e - die - device.memory_gb * _per_gb().central)
    found = sorted(max(value, 0.0) for value in found)
    middle = len(found) // 2
    median = found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2
    return Interval(found[0], median, found[-1])


def _figure(row: Row) -> Figure:
    device, subject = row.text("device"), row.one_of("subject", SUBJECTS)
    return Figure(
        **row.texts("id"),
        subject=subject,
        device=catalog.device_in(row).id if device else "",
        node=row.text("node"),
        kg_co2e=row.number("kg_co2e", 0, 1e5),
        devices_per_host=_devices_per_host(row, subject),
        **row.texts("boundary", "method", "licence", "year"),
        used=row.one_of("used", ("yes", "no")) == "yes",
        **row.texts("note", "source"),
    )


def _devices_per_host(row: Row, subject: str) -> float | None:
    """How many devices share the host: needed where the app computes with it."""
    if subject == "host" and row.text("used") == "yes":
        return row.number("devices_per_host", 1, 1000)
    return row.maybe("devices_per_host", 1, 1000)
