"""What making a device emits: the whole card with its share of the host server, spread over the hours that it serves.

The paper counts bare logic silicon over one year (β of its Table 3: 13 kg for an A100). Here the card's published
cradle-to-gate figure is taken where there is one. Where there is none, that of a like device with more or less memory,
or else silicon area × carbon per area, plus memory, plus the rest of a card as on those with a published figure. The
host's share is that of the class of server, by one rule for every device and year. Low and high are the spread of the
published figures.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from statistics import median

from oce import catalog
from oce.catalog import Device
from oce.catalog.reader import DataError, Row, read
from oce.interval import Interval
from oce.method.footprint import Numeric

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
USUAL_NM: Mapping[bool, int] = {False: 7, True: 5}  # where the node is not known: by whether the device is newer than
NEWER_THAN = 2021


@dataclass(frozen=True, slots=True)
class Figure:
    """A published figure: a row of data/embodied.csv."""

    id: str
    subject: str  # one of SUBJECTS
    device: str  # id, or empty
    node: str
    kg_co2e: float  # [kg]; of silicon per cm² of good die, of memory per GB
    devices_per_host: float | None
    servers: tuple[str, ...]  # classes of server whose host it is
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
    known: bool  # from a figure, a like device or its silicon; else from what other accelerators have
    sources: tuple[str, ...]

    @property
    def kg(self) -> Interval:
        """Card and host share together [kg CO2e]."""
        return self.card_kg + self.host_kg


@cache
def figures() -> tuple[Figure, ...]:
    """Every published figure, those that are only shown too."""
    return read("embodied.csv", _figure)


@cache
def making(device_id: str) -> Making:
    """What making a device emits.

    Args:
        device_id: Of data/devices.csv.
    """
    device = catalog.device(device_id)
    with_host = _of(device.id, "card and host share")
    if with_host:
        return Making(_spread(with_host), Interval.point(0.0), _published(with_host), True, True, _sources(with_host))
    host, host_sources = _host(device)
    cards = _of(device.id, "card")
    if cards:
        return Making(_spread(cards), host, _published(cards), True, True, _sources(cards) + host_sources)
    if device.made_like:
        return _like(device)
    known = device.die_cm2 is not None and device.process_nm is not None
    silicon = (
        f"{device.die_cm2:g} cm² of silicon"
        if known
        else f"silicon not known, as on other accelerators ({_usual_die().low:.3g}–{_usual_die().high:.3g} cm²)"
    )
    parts = f"{silicon}, {device.memory_gb:g} GB of memory"
    how = f"no published figure: {parts}, and the rest of a card as on those with one"
    sources = ("ACT (Gupta et al. 2022)", *_sources(_used("memory")), *host_sources)
    return Making(_from_parts(device), host, how, False, known, tuple(dict.fromkeys(sources)))


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
    return Interval.point(values[0]).widened(math.sqrt(_largest_disagreement()))


@cache
def _largest_disagreement() -> float:
    """How far used figures of one and the same card differ, at most: high over low."""
    ratios = [1.0]
    for device in {one.device for one in _used("card")}:
        values = [one.kg_co2e for one in _of(device, "card")]
        ratios.append(max(values) / min(values))
    return max(ratios)


def _host(device: Device) -> tuple[Interval, tuple[str, ...]]:
    """A device's share of its host server: as published for its class of server, of whatever year.

    A module that holds its CPU may have all of its host in its own figure.
    """
    hosts = [one for one in _used("host") if device.server in one.servers]
    shares = [one.kg_co2e / max(one.devices_per_host or 0.0, device.devices_per_server) for one in hosts]
    low, high = min(shares), max(shares)
    if low == high:
        factor = math.sqrt(_largest_disagreement())
        low, high = low / factor, high * factor
    central = math.sqrt(low * high)
    return Interval(0.0 if device.server == "superchip" else low, central, high), _sources(hosts)


def _like(device: Device) -> Making:
    """As a device that is made alike, with the memory that it has more or less, in a server of its own class."""
    like = next((one for one in catalog.devices() if one.id == device.made_like), None)
    if like is None or like.made_like:
        what = "not an id of data/devices.csv" if like is None else "itself made like another"
        raise DataError(f"data/devices.csv, {device.id}: made_like is “{device.made_like}”, {what}")
    made = making(like.id)
    card, words = made.card_kg, ""
    if device.memory_gb != like.memory_gb:
        more = device.memory_gb - like.memory_gb
        card = card + _per_gb() * more
        words = f" and {abs(more):g} GB of memory {'more' if more > 0 else 'less'}"
    within = made.host_kg.central == 0.0  # the host is in the figure
    host, sources = (made.host_kg, ()) if within else _host(device)
    how = f"no published figure: as {like.name}{words}"
    return Making(card, host, how, False, made.known, tuple(dict.fromkeys((*_card_sources(like), *sources))))


def _card_sources(device: Device) -> tuple[str, ...]:
    """Where the figure of a card comes from, without that of its host."""
    made, hosts = making(device.id), _host(device)[1]
    return tuple(one for one in made.sources if one not in hosts)


def _from_parts(device: Device) -> Interval:
    """Silicon, memory and the rest of a card.

    Silicon that is not known is as much as on other accelerators, and the ends then lie as much wider as figures of one
    card differ.
    """
    die, wider = _die_kg(device), 1.0
    if die is None:
        dies, wider = _usual_die() * _silicon_kg_per_cm2(device), math.sqrt(_largest_disagreement())
    else:
        dies = Interval.point(die)
    return (dies + _per_gb() * device.memory_gb + _rest()).widened(wider)


def _die_kg(device: Device) -> float | None:
    """Carbon of the logic dies, by ACT's figure for the node."""
    if device.die_cm2 is None or device.process_nm is None:
        return None
    return device.die_cm2 * _silicon_kg_per_cm2(device)


def _silicon_kg_per_cm2(device: Device) -> float:
    """ACT's figure for the node; where that is not known, for one of the device's time."""
    nm = device.process_nm or USUAL_NM[(device.year or NEWER_THAN) > NEWER_THAN]
    node = NODES.get(round(nm))
    if node is None:
        raise DataError(f"data/devices.csv, {device.id}: process_nm is {nm:g}, for which there is no figure")
    return next(one.kg_co2e for one in _used("silicon") if one.node == node)


@cache
def _usual_die() -> Interval:
    """Logic silicon of accelerators in data-centre servers [cm²]: the least, the median and the most known."""
    servers = ("datacentre-8", "tpu-tray", "pcie")
    known = sorted(one.die_cm2 for one in catalog.devices() if one.die_cm2 is not None and one.server in servers)
    return Interval(known[0], median(known), known[-1])


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
    return Interval(found[0], median(found), found[-1])


def _figure(row: Row) -> Figure:
    device, subject = row.text("device"), row.one_of("subject", SUBJECTS)
    return Figure(
        **row.texts("id"),
        subject=subject,
        device=catalog.device_in(row).id if device else "",
        node=row.text("node"),
        kg_co2e=row.number("kg_co2e", 0, 1e5),
        devices_per_host=row.maybe("devices_per_host", 1, 1000),
        servers=_servers(row, subject),
        **row.texts("boundary", "method", "licence", "year"),
        used=row.one_of("used", ("yes", "no")) == "yes",
        **row.texts("note", "source"),
    )


def _servers(row: Row, subject: str) -> tuple[str, ...]:
    """Whose host it is: needed where the app computes with it."""
    found = row.names("server")
    if subject == "host" and row.text("used") == "yes":
        row.text("server", needed=True)
    for one in found:
        if one not in catalog.SERVERS:
            raise DataError(f"{row.where}: server is “{one}”, not one of {', '.join(catalog.SERVERS)}")
    return found
