"""What manufacturing a device emits: the whole card and its share of the host server, spread over its hours of use.

The paper counts bare logic silicon over one year (β of its Table 3: 13 kg for an A100). Here the card's published
cradle-to-gate figure is taken where there is one. Where there is none, that of a like device with more or less memory,
or else silicon area × carbon per area, plus memory, plus the rest of a card as on those with a published figure. The
host's share is that of the class of server, by one rule for every device and year. Low and high are the spread of the
published figures.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Annotated, Self

from pydantic import Field, model_validator

from oce import catalog
from oce.catalog import Device, DeviceId
from oce.catalog.caches import cached
from oce.catalog.reader import DataError, Names, OneOf, Row, YesNo, read, require, require_one_of
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


class Figure(Row):
    """A published figure: a row of data/embodied.csv."""

    subject: Annotated[str, OneOf(SUBJECTS)]
    device: DeviceId = ""
    node: str = ""
    kg_co2e: float = Field(ge=0, le=1e5)  # [kg]; of silicon per cm² of good die, of memory per GB
    devices_per_host: float | None = Field(None, ge=1, le=1000)
    servers: Names = Field((), alias="server")  # classes of server whose host it is
    boundary: str = ""
    method: str = ""
    licence: str = ""
    year: str = ""
    used: YesNo  # else shown only, with the reason in the note
    note: str = ""

    @model_validator(mode="after")
    def _host_of_known_servers(self) -> Self:
        require(self.subject != "host" or not self.used or self.servers != (), "server is empty")
        for server in self.servers:
            require_one_of("server", server, catalog.SERVERS)
        return self


@dataclass(frozen=True, slots=True)
class Manufacturing:
    """What manufacturing a device and its share of the host emits, cradle to gate, and how that is known."""

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


@cached
def figures() -> tuple[Figure, ...]:
    """Every published figure, those that are only shown too."""
    return read("embodied.csv", Figure)


@cached
def manufacturing(device_id: str) -> Manufacturing:
    """What manufacturing a device emits, cradle to gate.

    Args:
        device_id: Of data/devices.csv.
    """
    device = catalog.device(device_id)
    with_host = _of(device.id, "card and host share")
    if with_host:
        none = Interval.point(0.0)
        return Manufacturing(_spread(with_host), none, _published(with_host), True, True, _sources(with_host))
    host, host_sources = _host(device)
    cards = _of(device.id, "card")
    if cards:
        return Manufacturing(_spread(cards), host, _published(cards), True, True, _sources(cards) + host_sources)
    if device.manufactured_like:
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
    return Manufacturing(_from_parts(device), host, how, False, known, tuple(dict.fromkeys(sources)))


def g_per_device_hour(kg: Numeric, life_years: Numeric, use_fraction: Numeric) -> Numeric:
    """The manufacturing of a device, spread evenly over the hours in which it is used.

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
    return tuple(figure for figure in _used(subject) if figure.device == device)


def _used(subject: str) -> tuple[Figure, ...]:
    return tuple(figure for figure in figures() if figure.used and figure.subject == subject)


def _sources(found: Sequence[Figure]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(figure.source for figure in found))


def _published(found: Sequence[Figure]) -> str:
    first = found[0]
    more = f", the first of {len(found)} published figures" if len(found) > 1 else ""
    return f"{first.method}{more}: {first.boundary}"


def _spread(found: Sequence[Figure]) -> Interval:
    """The first figure, and the ends of them all; where there is only that, as far as figures of other cards differ."""
    values = [figure.kg_co2e for figure in found]
    if len(values) > 1:
        return Interval(min(values), values[0], max(values))
    return Interval.point(values[0]).widened(math.sqrt(_largest_disagreement()))


@cached
def _largest_disagreement() -> float:
    """How far used figures of one and the same card differ, at most: high over low."""
    ratios = [1.0]
    for device in {figure.device for figure in _used("card")}:
        values = [figure.kg_co2e for figure in _of(device, "card")]
        ratios.append(max(values) / min(values))
    return max(ratios)


def _host(device: Device) -> tuple[Interval, tuple[str, ...]]:
    """A device's share of its host server: as published for its class of server, of whatever year.

    A module that holds its CPU may have all of its host in its own figure.
    """
    hosts = [figure for figure in _used("host") if device.server in figure.servers]
    shares = [figure.kg_co2e / max(figure.devices_per_host or 0.0, device.devices_per_server) for figure in hosts]
    low, high = min(shares), max(shares)
    if low == high:
        factor = math.sqrt(_largest_disagreement())
        low, high = low / factor, high * factor
    central = math.sqrt(low * high)
    return Interval(0.0 if device.server == "superchip" else low, central, high), _sources(hosts)


def _like(device: Device) -> Manufacturing:
    """As a device that is made alike, with the memory that it has more or less, in a server of its own class."""
    like = next((other for other in catalog.devices() if other.id == device.manufactured_like), None)
    if like is None or like.manufactured_like:
        what = "not an id of data/devices.csv" if like is None else "itself made like another"
        raise DataError(f"data/devices.csv, {device.id}: made_like is “{device.manufactured_like}”, {what}")
    made = manufacturing(like.id)
    card, words = made.card_kg, ""
    if device.memory_gb != like.memory_gb:
        more = device.memory_gb - like.memory_gb
        card = card + _per_gb() * more
        words = f" and {abs(more):g} GB of memory {'more' if more > 0 else 'less'}"
    within = made.host_kg.central == 0.0  # the host is in the figure
    host, sources = (made.host_kg, ()) if within else _host(device)
    how = f"no published figure: as {like.name}{words}"
    return Manufacturing(card, host, how, False, made.known, tuple(dict.fromkeys((*_card_sources(like), *sources))))


def _card_sources(device: Device) -> tuple[str, ...]:
    """Where the figure of a card comes from, without that of its host."""
    made, hosts = manufacturing(device.id), _host(device)[1]
    return tuple(source for source in made.sources if source not in hosts)


def _from_parts(device: Device) -> Interval:
    """Silicon, memory and the rest of a card.

    Silicon that is not known is as much as on other accelerators, and the ends then lie as much wider as figures of a
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
    """ACT's figure for the node; where that is not known, for a node of the device's time."""
    nm = device.process_nm or USUAL_NM[(device.year or NEWER_THAN) > NEWER_THAN]
    node = NODES.get(round(nm))
    if node is None:
        raise DataError(f"data/devices.csv, {device.id}: process_nm is {nm:g}, for which there is no figure")
    found = [figure.kg_co2e for figure in _used("silicon") if figure.node == node]
    if not found:
        raise DataError(f"data/embodied.csv has no figure of silicon of {node}")
    return found[0]


@cached
def _usual_die() -> Interval:
    """Logic silicon of accelerators in data-centre servers [cm²]: the least, the median and the most known."""
    servers = ("datacentre-8", "tpu-tray", "pcie")
    known = sorted(
        device.die_cm2 for device in catalog.devices() if device.die_cm2 is not None and device.server in servers
    )
    return Interval(known[0], median(known), known[-1])


@cached
def _per_gb() -> Interval:
    """Carbon of a GB of memory on a card [kg]: the ends published, and their geometric mean."""
    values = [figure.kg_co2e for figure in _used("memory")]
    return Interval(min(values), math.sqrt(min(values) * max(values)), max(values))


@cached
def _rest() -> Interval:
    """Package, board, cooling, assembly [kg]: what published cards have beyond their silicon and memory."""
    found = []
    for figure in _used("card"):
        device = catalog.device(figure.device)
        die = _die_kg(device)
        whole = device.server == "superchip"  # whose figure holds more than the silicon and memory given here
        if die is not None and not whole and figure is _of(device.id, "card")[0]:
            found.append(figure.kg_co2e - die - device.memory_gb * _per_gb().central)
    found = sorted(max(value, 0.0) for value in found)
    return Interval(found[0], median(found), found[-1])
