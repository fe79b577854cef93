"""Typed, cached access to ``data/``: devices, regions, model presets, reported runs, PUE disclosures, equivalences.

Every table is read once, checked row by row (:mod:`oce.catalog.reader`) and then shared, immutable. Names are found by
id, name or alias in any case; an unknown one raises :class:`~oce.errors.InputError` with the nearest names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from oce.catalog import device_names, place_names, reader
from oce.catalog.reader import DataError, Row, read
from oce.errors import InputError, Problem
from oce.fields import FIELDS
from oce.near_names import near_names
from oce.scenario import Scenario

PRECISIONS = FIELDS["precision"].choices
PLACES = ("city", "name")
SHORT = 3  # letters, up to which a name is no word to be compared by
BASES = ("lifecycle", "direct", "location-based operational", "unstated")
PLACEHOLDER_G_PER_KWH = 1000.0  # what Ember has, to the digit, for four countries, two of which others put lower
OWN_FIGURE = ":own"  # ends the id of a cloud region with its provider's own figure
PRESET_KINDS = ("published run", "example")  # of data/models.csv
PRESET_NUMBERS = (
    *("parameters", "active_parameters", "tokens", "training_flop"),
    *("teacher_parameters", "context_length", "batch_tokens"),
)
KINDS = ("training run", "reference recipe", "fine-tuning", "aggregate", "energy only")
ENERGY_BASES = ("measured", "hours × power", "estimated")
MODALITIES = FIELDS["modality"].choices
INTERCONNECTS = (
    "nvlink",
    "nvlink rack",
    "pcie",
    "ici",
    "infinity fabric",
    "ethernet",
    "neuronlink",
    "hccs",
    "on-wafer",
)
SERVERS = (
    *("datacentre-8", "superchip", "pcie", "inference", "workstation"),
    *("tpu-tray", "trainium", "wafer"),
)


@dataclass(frozen=True, slots=True)
class Device:
    """One kind of accelerator. Peaks are dense, per device; for TPUs a device is a chip."""

    id: str
    name: str
    vendor: str
    generation: str
    year: int | None
    aliases: tuple[str, ...]
    unit: str
    cores_per_chip: int | None
    tdp_w: float | None
    peak_tflops: Mapping[str, float]  # by precision [TFLOP/s]
    training_precision: str
    memory_gb: float
    memory_bandwidth_gb_per_s: float
    interconnect: str  # one of INTERCONNECTS: the link between the devices of one server
    devices_per_server: int
    server: str  # one of SERVERS: the class of server that it sits in
    counted_as: str  # id of the device whose same-stack speed stands for its own, or empty
    die_cm2: float | None  # of all its logic dies [cm²]
    process_nm: float | None  # feature size of its logic [nm]
    made_like: str  # id of the device whose making stands for its own, or empty
    log10_alpha_low: float | None  # of the published throughput [log10 1/s]
    log10_alpha_high: float | None
    alpha_source: str
    beta_g_per_device_hour: float | None  # of the paper's embodied carbon [g CO2e/h]
    beta_source: str
    note: str
    source: str
    licence: str

    @property
    def counted_id(self) -> str:
        """The id of the device whose measured speed stands for its own: its own, or that of a like one."""
        return self.counted_as or self.id

    @property
    def has_alpha(self) -> bool:
        """Whether the paper gives this device an α."""
        return self.log10_alpha_low is not None


@dataclass(frozen=True, slots=True)
class Region:
    """A place with its grid carbon intensity, the year and the basis it was worked out on."""

    id: str
    name: str
    kind: str  # country, world, subnational, cloud or paper
    country_iso3: str
    country_iso2: str
    aliases: tuple[str, ...]
    g_per_kwh: float
    year: int | None
    basis: str  # one of BASES
    pue: float | None
    pue_year: str
    source: str
    licence: str
    note: str

    @property
    def placeholder(self) -> bool:
        """Whether its figure looks like one that was put in for want of a measurement."""
        return self.g_per_kwh == PLACEHOLDER_G_PER_KWH


@dataclass(frozen=True, slots=True)
class Model:
    """A preset: the fields of its scenario, and what was reported of its run where it is no example of ours."""

    id: str
    name: str
    organisation: str
    year: int
    architecture: str
    kind: str  # one of PRESET_KINDS
    fields: Mapping[str, float | str]
    flop_basis: str
    device_hours_reported: float | None
    reported_co2e_t: float | None
    pue_source: str
    note: str
    source: str

    @property
    def is_example(self) -> bool:
        """Whether its figures are ours, as no run of its kind is in our sources."""
        return self.kind == "example"

    def scenario(self) -> Scenario:
        """The scenario of this model's run."""
        return Scenario(**self.fields)


@dataclass(frozen=True, slots=True)
class Run:
    """A training run as it was reported: what was trained on what, in how many device-hours, with how much energy."""

    id: str
    model: str
    organisation: str
    organisation_group: str  # organisations whose runs share people and code
    year: int
    modality: str  # one of MODALITIES
    architecture: str  # dense or moe
    kind: str  # one of KINDS
    parameters: float | None
    active_parameters: float | None
    tokens: float | None  # of images and pairs: samples
    training_flop: float | None
    flop_basis: str  # 6ND, reported or other formula
    flop_independent_of_time: str  # yes, no or hours from flop
    device: str  # id
    precision: str  # one of PRECISIONS, or empty: not stated
    device_count: float | None
    device_hours: float | None
    device_hours_basis: str
    utilisation_reported: float | None
    utilisation_usable: str  # yes or no: as a steady utilisation beside the whole run's
    energy_kwh: float | None
    energy_basis: (
        str  # one of ENERGY_BASES: how energy and carbon came to be, or empty: not stated, or neither is given
    )
    power_w: float | None  # per device
    pue: float | None
    carbon_intensity_g_per_kwh: float | None
    co2e_t: float | None
    region: str  # as reported
    confidence: str  # high, medium or low
    set_aside: str  # why it is neither fitted nor scored, or empty
    note: str
    source: str

    @property
    def scored(self) -> bool:
        """Whether methods are fitted and scored on this run: nothing that is known of it speaks against it."""
        return not self.set_aside

    @property
    def peak_tflops(self) -> float:
        """Dense peak of its device [TFLOP/s] at its precision, else the device's usual one; fp8, fp4 count as that."""
        one = device(self.device)
        return one.peak_tflops[counted_precision(one, self.precision or one.training_precision)]

    @property
    def utilisation(self) -> float | None:
        """Mean throughput of the whole run over the dense peak of its devices."""
        if self.training_flop is None or self.device_hours is None:
            return None
        return self.training_flop / self.device_hours / 3600 / 1e12 / self.peak_tflops

    @property
    def size(self) -> float | None:
        """Active parameters; where they are not known, all of them."""
        return self.active_parameters or self.parameters


@dataclass(frozen=True, slots=True)
class Pue:
    """A disclosed power usage effectiveness."""

    id: str
    operator: str
    site: str
    year: str
    pue: float
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """A row of the paper's Tables 2 and 3, as printed; ``zettaflop_used`` is the compute that gives what is printed."""

    id: str
    model: str
    zettaflop: float
    zettaflop_used: float
    device: str  # id
    carbon_intensity_g_per_kwh: float
    reported_t: float
    published_t: float
    reported_embodied_kg: float
    published_embodied_kg: float
    llmcarbon_t: float
    svr_t: float
    tree_t: float
    explanation: str
    source: str


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Something a person can picture, per unit of carbon or of energy."""

    id: str
    label_singular: str
    label_plural: str
    kind: str  # carbon or energy
    kg_co2e_per_unit: float | None
    kwh_per_unit: float | None
    year: str
    source: str
    note: str


@dataclass(frozen=True, slots=True)
class Location:
    """Roughly where a cloud region is, by the city or state that its provider names it after."""

    id: str  # of the region
    latitude: float  # [degrees]
    longitude: float
    source: str


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine that a cloud rents out, by the name of its type."""

    id: str
    provider: str
    device: str  # id
    device_count: int | None  # None: a family of machines of several sizes
    source: str


@dataclass(frozen=True, slots=True)
class Place:
    """What people call a place that is no region of its own, and the region whose grid it is on."""

    id: str
    region: str  # id
    kind: str  # one of PLACES
    source: str


def device(name: str) -> Device:
    """The device called ``name``: an id, a name or an alias in any case, or what drivers and clouds print for it.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    return device_named(name).device


@dataclass(frozen=True, slots=True)
class DeviceNamed:
    """A device by a name, with what else the name says."""

    device: Device
    count: int | None = None  # of devices, where the name says it: those of a machine or of a TPU slice
    note: str = ""  # what was taken for what; empty where the name is the catalogue's


@lru_cache(maxsize=4096)
def device_named(name: str) -> DeviceNamed:
    """The device called ``name``, how many of it the name stands for, and what was taken for what.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    machine = _machines_by_name().get(device_names.machine_key(name))
    if machine:
        one = _devices_by_name()[device_names.key(machine.device)]
        many = f"machine with {machine.device_count} × " if machine.device_count else "machine with "
        note = f"{name.strip()[:60]} is a {many}{one.name}; what is counted is devices, not machines"
        return DeviceNamed(one, machine.device_count, note)
    for spelling in device_names.spellings(name):
        found = _devices_by_name().get(spelling.key) or (
            _devices_by_board().get(spelling.key) if spelling.loose else None
        )
        if found is not None:
            return DeviceNamed(found, spelling.count, _device_note(name, found, spelling))
    called = {alias: one.name for one in devices() for alias in (one.name, *one.aliases)}
    near = _nearest(device_names.told(name), called)
    allowed = "a device of the catalogue"
    if device_names.is_part(name):
        allowed += "; this is a part of one: give the whole device, and its hours by the share that was used"
    raise InputError([Problem("device", name, allowed, near)])


def _device_note(name: str, found: Device, spelling: device_names.Spelling) -> str:
    """What was taken for what; empty where nothing was dropped that could tell two devices apart."""
    said = []
    if spelling.loose and (spelling.memory_gb is None or abs(spelling.memory_gb / found.memory_gb - 1) > 0.1):
        said.append(f"{name.strip()[:60]} is not in the catalogue by that name: taken for {found.name}")
    if spelling.count is not None and spelling.count > 1:
        unit = found.unit if found.unit != "GPU" else "device"
        said.append(f"{name.strip()[:60]} is {spelling.count} {unit}s ({spelling.counted})")
    return "; ".join(said)


def device_in(row: Row) -> Device:
    """The device that a row of another table names by its id.

    Raises:
        DataError: Where it is no id of the catalogue.
    """
    used = next((one for one in devices() if one.id == row.text("device", needed=True)), None)
    if used is None:
        raise DataError(f"{row.where}: device is “{row.text('device')}”, not an id of data/devices.csv")
    return used


def region_in(row: Row, column: str) -> Region:
    """The region that a row of another table names by its id.

    Raises:
        DataError: Where it is no region of the catalogue.
    """
    try:
        return region(row.text(column, needed=True))
    except InputError:
        raise DataError(f"{row.where}: {column} is “{row.text(column)}”, not an id of data/regions.csv") from None


def counted_precision(device: Device, precision: str) -> str:
    """The precision whose peak utilisation is counted against: for fp8 and fp4, which a run uses in part, the usual."""
    return device.training_precision if precision in ("fp8", "fp4") else precision


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


@lru_cache(maxsize=4096)
def region_named(name: str) -> RegionNamed:
    """The region called ``name``, and what was taken for what.

    A city stands for the grid that it lies in. A code of two letters is a country's; where it is a state's too, the
    note says so.

    Raises:
        InputError: Where there is none, or several are meant by a code, with the nearest names.
    """
    sought = name.strip()
    found = _regions_by_name().get(sought.casefold()) or _regions_by_key().get(place_names.key(sought))
    if found is not None:
        return RegionNamed(found, _note_of_code(sought, found))
    by_code = _subnational_by_code().get(sought.upper(), ())
    if len(by_code) == 1:
        return RegionNamed(by_code[0], f"{sought} is taken for {by_code[0].name}")
    placed = _places_by_key().get(place_names.key(sought))
    if placed is not None:
        found = _regions_by_name()[placed.region.casefold()]
        return RegionNamed(found, _note_of_city(sought, found) if placed.kind == "city" else "")
    found = _in_cloud_area(sought)
    if found is not None:
        return RegionNamed(found, f"{sought[:60]} is taken for {found.name}")
    parts = place_names.parts(sought)
    if parts is not None:
        return _within(sought, *parts)
    raise InputError([_no_region(name, tuple(one.name for one in by_code))])


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
    others = [one for one in _subnational_by_code().get(sought.upper(), ()) if one.country_iso3 != found.id]
    others = [one for one in others if one.id.startswith(("US-", "CA-"))]
    if not others:
        return ""
    meant = " or ".join(f"{one.id} for {one.name}" for one in others)
    return f"{sought.upper()} is taken for {found.name}, the country; write {meant}"


def _note_of_city(sought: str, found: Region) -> str:
    """A city is taken for its grid; a provider's region there has a figure of its own."""
    here = _cloud_regions_by_city().get(place_names.key(sought), ())
    clouds = f"; a cloud's region there is {' or '.join(one.id for one in here[:3])}" if here else ""
    return f"{sought[:60]} is taken for the grid of {found.name}{clouds}"


def _in_cloud_area(sought: str) -> Region | None:
    """The region that AWS calls ``US East (N. Virginia)``."""
    area = place_names.cloud_area(sought)
    if area is None:
        return None
    start, place = area
    here = [one for one in _cloud_regions_by_city().get(place, ()) if one.id.startswith(f"aws:{start}")]
    return here[0] if len(here) == 1 else None


def _within(sought: str, place: str, within: str) -> RegionNamed:
    """``New York, NY``: the place, where it lies in what stands behind it; else that, and it says so."""
    states = [one for one in _subnational_by_code().get(within.upper(), ()) if one.id.startswith(("US-", "CA-"))]
    outer = [named.region for named in (_maybe_region(within),) if named] + states
    if not outer:
        raise InputError([_no_region(sought)])
    inner = _maybe_region(place) or _maybe_region(place.partition(",")[0])
    if inner is not None:
        for one in outer:
            if inner.region.id == one.id or (inner.region.country_iso3 == one.country_iso3 and one.kind == "country"):
                return inner
        inside = _regions_by_name().get(f"{place} ({outer[0].name})".casefold())
        if inside is not None:
            return RegionNamed(inside)
    meant = {one.id: one for one in outer}
    if len(meant) > 1:
        raise InputError([_no_region(sought, tuple(one.id for one in meant.values()))])
    return RegionNamed(outer[0], f"{sought[:60]} is taken for the grid of {outer[0].name}")


def _maybe_region(name: str) -> RegionNamed | None:
    """A region by a name, or ``None``."""
    try:
        return region_named(name)
    except InputError:
        return None


def _no_region(name: str, meant: tuple[str, ...] = ()) -> Problem:
    """What is said of a name that is no region's; ``meant`` are those that it could stand for."""
    allowed, key = "a region of the catalogue", place_names.key(name)
    if meant:
        return Problem("region", name, allowed, meant[:3])
    known = {alias: one.name for one in regions() for alias in (one.name, *one.aliases)}
    if len(key) <= SHORT:  # of a few letters the likeness of letters says nothing
        known = {alias: called for alias, called in known.items() if place_names.key(alias).startswith(key or " ")}
    return Problem("region", name, allowed, _nearest(name, known))


def model(name: str) -> Model:
    """The preset called ``name``: its id or name, in any case.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    for one in models():
        if name.strip().casefold() in (one.id.casefold(), one.name.casefold()):
            return one
    near = _nearest(name, {alias: one.name for one in models() for alias in (one.id, one.name)})
    raise InputError([Problem("model", name, "a model of the catalogue", near)])


@cache
def devices() -> tuple[Device, ...]:
    """Every device of the catalogue, in the order of ``data/devices.csv``."""
    found = read("devices.csv", _device)
    own = {one.id for one in found if not one.counted_as}
    for one in found:
        if one.counted_as and one.counted_as not in own:
            what = f"counted_as is “{one.counted_as}”, not the id of a device that is counted as itself"
            raise DataError(f"data/devices.csv, {one.id}: {what}")
    return found


@cache
def regions() -> tuple[Region, ...]:
    """Every region: countries, the world, zones, cloud regions and the paper's own set."""
    return read("regions.csv", _region) + read("regions_odbl.csv", _region)


@cache
def models() -> tuple[Model, ...]:
    """Every model preset."""
    return read("models.csv", _model)


@cache
def runs() -> tuple[Run, ...]:
    """Every reported training run, of which those that are ``scored`` are fitted and scored on."""
    return read("training_runs.csv", _run)


@cache
def pues() -> tuple[Pue, ...]:
    """Disclosed PUE values of providers, sites and surveys."""
    return read(
        "pue.csv",
        lambda row: Pue(
            **row.texts("id", "operator", "site", "year"),
            pue=row.number("pue", 1, 3),
            **row.texts("source", "note"),
        ),
    )


def pue(key: str) -> Pue:
    """The disclosed PUE with this id.

    Raises:
        StopIteration: Where there is none.
    """
    return next(one for one in pues() if one.id == key)


@cache
def equivalences() -> tuple[Equivalence, ...]:
    """What a tonne or a kilowatt-hour can be compared with."""
    return read("equivalences.csv", _equivalence)


@cache
def paper_rows() -> tuple[PaperRow, ...]:
    """The paper's Tables 2 and 3, as printed."""
    return read("paper.csv", _paper_row)


@cache
def cloud_locations() -> tuple[Location, ...]:
    """Where the cloud regions are whose name says it."""
    return read(
        "cloud_locations.csv",
        lambda row: Location(
            **row.texts("id"),
            latitude=row.number("latitude", -90, 90),
            longitude=row.number("longitude", -180, 180),
            **row.texts("source"),
        ),
    )


def cloud_location(region: Region) -> Location | None:
    """Where a cloud region is, also where it is listed a second time with its provider's own figure."""
    return _locations_by_id().get(region.id.removesuffix(OWN_FIGURE))


@cache
def _locations_by_id() -> Mapping[str, Location]:
    return {one.id: one for one in cloud_locations()}


@cache
def machines() -> tuple[Machine, ...]:
    """The machines of clouds, by the names that they are rented under."""
    return read(
        "cloud_machines.csv",
        lambda row: Machine(
            **row.texts("id", "provider"),
            device=device_in(row).id,
            device_count=row.whole("device_count", 1, 1000),
            source=row.text("source"),
        ),
    )


@cache
def places() -> tuple[Place, ...]:
    """Cities and long names of countries, each with the region whose grid it is on."""
    return read(
        "place_names.csv",
        lambda row: Place(
            **row.texts("id"),
            region=row.text("region", needed=True),
            kind=row.one_of("kind", PLACES),
            source=row.text("source"),
        ),
    )


@cache
def world() -> Mapping[str, Any]:
    """The shapes of the countries as GeoJSON; a feature's id is the country's ISO 3166-1 alpha-3 code."""
    return reader.from_json_file("world.geojson", _shapes)


def _shapes(content: Mapping[str, Any]) -> Mapping[str, Any]:
    for one in content["features"]:
        if not (isinstance(one["id"], str) and isinstance(one["geometry"]["coordinates"], list)):
            raise ValueError(f"the shape of {one['id']} is none")
    return content


@cache
def data_version() -> str:
    """The version of the data, as written in ``data/VERSION``."""
    version = reader.text_file("VERSION").strip()
    if not re.fullmatch(r"\d{4}\.\d{2}(\.\d+)?", version):
        raise DataError(f"data/VERSION, line 1: “{version[:40]}” is no version such as 2026.11")
    return version


@cache
def data_year() -> int:
    """The year of the data: that of a training whose year is not given, as a plan is for now."""
    return int(data_version()[:4])


def _device(row: Row) -> Device:
    peaks = {name: row.maybe(f"peak_{name}_tflops", 0, 1e5) for name in PRECISIONS}
    known = {name: peak for name, peak in peaks.items() if peak is not None}
    low, high = (row.maybe(f"log10_alpha_{end}", -12, 2000) for end in ("low", "high"))
    if (low is None) != (high is None) or (low is not None and high is not None and low > high):
        raise DataError(f"{row.where}: log10_alpha_low and _high are not a range")
    return Device(
        **row.texts("id", "name", "vendor", "generation"),
        year=row.whole("year", 1990, 2100),
        aliases=row.names("aliases"),
        unit=row.text("unit", needed=True),
        cores_per_chip=row.whole("cores_per_chip", 1, 1000),
        tdp_w=row.maybe("tdp_w", 1, 1e5),
        peak_tflops=known,
        training_precision=row.one_of("training_precision", known),
        memory_gb=row.number("memory_gb", 0.1, 1e5),
        memory_bandwidth_gb_per_s=row.number("memory_bandwidth_gb_per_s", 1, 1e8),
        interconnect=row.one_of("interconnect", INTERCONNECTS),
        devices_per_server=row.count("devices_per_server", 1, 1000),
        server=row.one_of("server", SERVERS),
        counted_as=row.text("counted_as"),
        die_cm2=row.maybe("die_cm2", 0.1, 1000),
        process_nm=row.maybe("process_nm", 1, 200),
        made_like=row.text("made_like"),
        log10_alpha_low=low,
        log10_alpha_high=high,
        alpha_source=row.text("alpha_source", needed=low is not None),
        beta_g_per_device_hour=row.maybe("beta_g_per_device_hour", 0, 1e4),
        **row.texts("beta_source", "note", "source", "licence"),
    )


def _region(row: Row) -> Region:
    return Region(
        **row.texts("id", "name", "kind", "country_iso3", "country_iso2"),
        aliases=row.names("aliases"),
        g_per_kwh=row.number("g_per_kwh", 0, 2000),
        year=row.whole("year", 1990, 2100),
        basis=row.one_of("basis", BASES),
        pue=row.maybe("pue", 1, 3),
        **row.texts("pue_year", "source", "licence", "note"),
    )


def _model(row: Row) -> Model:
    fields: dict[str, float | str] = {}
    for name in PRESET_NUMBERS:
        number = row.maybe(name, FIELDS[name].low, FIELDS[name].high)
        if number is not None:
            fields[name] = number
    for name in ("device", "region", "modality"):
        fields[name] = row.text(name, needed=True)
    for name in ("training", "precision"):
        chosen = row.one_of(name, ("", *FIELDS[name].choices))
        if chosen:
            fields[name] = chosen
    fields["device_count"] = row.number("device_count", 1, 1e7)
    fields["year"] = row.number("year", 1990, 2100)
    pue = row.maybe("pue", 1, 3)
    if pue is not None:
        fields["pue"] = pue
    return Model(
        **row.texts("id", "name", "organisation"),
        year=int(row.number("year", 1990, 2100)),
        kind=row.one_of("kind", PRESET_KINDS),
        fields=fields,
        device_hours_reported=row.maybe("device_hours_reported", 0, 1e12),
        reported_co2e_t=row.maybe("reported_co2e_t", 0, 1e9),
        **row.texts("architecture", "flop_basis", "pue_source", "note", "source"),
    )


def _run(row: Row) -> Run:
    used = device_in(row)
    precision = row.one_of("precision", ("", *PRECISIONS))
    if precision and counted_precision(used, precision) not in used.peak_tflops:
        raise DataError(f"{row.where}: precision is “{precision}”, for which {used.name} has no peak")
    flop, hours, reported = (
        row.maybe(column, low, high)
        for column, low, high in (
            ("training_flop", 1e9, 1e30),
            ("device_hours", 1e-3, 1e12),
            ("utilisation_reported", 0.001, 1),
        )
    )
    energy, carbon = row.maybe("energy_kwh", 0, 1e12), row.maybe("co2e_t", 0, 1e9)
    kind = row.one_of("kind", KINDS)
    independent = row.one_of("flop_independent_of_time", ("yes", "no", "hours from flop") if flop else ("",))
    fit = kind == "training run" and independent == "yes" and hours is not None
    return Run(
        **row.texts("id"),
        model=row.text("model", needed=True),
        organisation=row.text("organisation", needed=True),
        organisation_group=row.text("organisation_group", needed=True),
        year=int(row.number("year", 1990, 2100)),
        modality=row.one_of("modality", MODALITIES),
        architecture=row.one_of("architecture", ("dense", "moe")),
        kind=kind,
        parameters=row.maybe("parameters", 1, 1e15),
        active_parameters=row.maybe("active_parameters", 1, 1e15),
        tokens=row.maybe("tokens", 1, 1e18),
        training_flop=flop,
        flop_basis=row.one_of("flop_basis", ("6ND", "reported", "other formula") if flop else ("",)),
        flop_independent_of_time=independent,
        device=used.id,
        precision=precision,
        device_count=row.maybe("device_count", 1, 1e7),
        device_hours=hours,
        device_hours_basis=row.text("device_hours_basis", needed=hours is not None),
        utilisation_reported=reported,
        utilisation_usable=row.one_of("utilisation_usable", ("yes", "no") if reported else ("",)),
        energy_kwh=energy,
        energy_basis=row.one_of("energy_basis", ("", *ENERGY_BASES) if energy or carbon else ("",)),
        power_w=row.maybe("power_w", 1, 1e5),
        pue=row.maybe("pue", 1, 3),
        carbon_intensity_g_per_kwh=row.maybe("carbon_intensity_g_per_kwh", 0, 2000),
        co2e_t=carbon,
        **row.texts("region"),
        confidence=row.one_of("confidence", ("high", "medium", "low")),
        set_aside=_set_aside(row, fit),
        **row.texts("note", "source"),
    )


def _set_aside(row: Row, fit: bool) -> str:
    """Why a run is neither fitted nor scored; a run that is not fit for it has to say so."""
    reason = row.text("set_aside")
    if not (reason or fit):
        raise DataError(
            f"{row.where}: set_aside is empty; only a training run with compute apart from its hours is scored"
        )
    return reason


def _paper_row(row: Row) -> PaperRow:
    return PaperRow(
        **row.texts("id", "model", "device", "explanation", "source"),
        zettaflop=row.number("zettaflop", 0, 1e6),
        zettaflop_used=row.number("zettaflop_used", 0, 1e6),
        carbon_intensity_g_per_kwh=row.number("carbon_intensity_g_per_kwh", 0, 2000),
        reported_t=row.number("reported_t", 0, 1e6),
        published_t=row.number("published_t", 0, 1e6),
        reported_embodied_kg=row.number("reported_embodied_kg", 0, 1e6),
        published_embodied_kg=row.number("published_embodied_kg", 0, 1e6),
        llmcarbon_t=row.number("llmcarbon_t", 0, 1e6),
        svr_t=row.number("svr_t", 0, 1e6),
        tree_t=row.number("tree_t", 0, 1e6),
    )


def _equivalence(row: Row) -> Equivalence:
    return Equivalence(
        **row.texts("id", "label_singular", "label_plural", "kind"),
        kg_co2e_per_unit=row.maybe("kg_co2e_per_unit", 0, 1e9),
        kwh_per_unit=row.maybe("kwh_per_unit", 0, 1e9),
        **row.texts("year", "source", "note"),
    )


def _nearest(name: str, known: Mapping[str, str]) -> tuple[str, ...]:
    """The names, at most three, of what is called most like ``name``; ``known`` is name or alias → name."""
    return tuple(dict.fromkeys(known[alias] for alias in near_names(name, list(known), most=6)))[:3]


def _device_key(name: str) -> str:
    """A device's name without vendor, case, blanks and punctuation."""
    return device_names.key(name)


@cache
def _devices_by_name() -> Mapping[str, Device]:
    return {_device_key(name): one for one in devices() for name in (one.id, one.name, *one.aliases)}


@cache
def _devices_by_board() -> Mapping[str, Device]:
    """The devices by their names without the number of the SXM board, where that leaves one device."""
    found: dict[str, dict[str, Device]] = {}
    for key, one in _devices_by_name().items():
        found.setdefault(re.sub(r"sxm[2-5](?=\D|\d{2}|$)", "sxm", key), {})[one.id] = one
    return {key: next(iter(those.values())) for key, those in found.items() if len(those) == 1}


@cache
def _machines_by_name() -> Mapping[str, Machine]:
    return {device_names.machine_key(one.id): one for one in machines()}


@cache
def _regions_by_key() -> Mapping[str, Region]:
    """Regions by their names without accents and punctuation, where that leaves one region."""
    found: dict[str, dict[str, Region]] = {}
    for name, one in _regions_by_name().items():
        found.setdefault(place_names.key(name), {})[one.id] = one
    return {key: next(iter(those.values())) for key, those in found.items() if len(those) == 1 and key}


@cache
def _subnational_by_code() -> Mapping[str, tuple[Region, ...]]:
    """States and provinces by the part of their code behind the country's: ``NY`` of ``US-NY``."""
    found: dict[str, tuple[Region, ...]] = {}
    for one in regions():
        country, _, code = one.id.partition("-")
        if one.kind == "subnational" and len(country) == 2 and code.isalpha() and len(code) == 2:
            found[code] = (*found.get(code, ()), one)
    return found


@cache
def _places_by_key() -> Mapping[str, Place]:
    return {place_names.key(one.id): one for one in reversed(places())}


@cache
def _cloud_regions_by_city() -> Mapping[str, tuple[Region, ...]]:
    """Cloud regions by the city that their provider names them after: ``Google Cloud europe-west3 (Frankfurt)``."""
    found: dict[str, tuple[Region, ...]] = {}
    for one in regions():
        city = re.search(r"\(([^()]+)\)$", one.name)
        if one.kind == "cloud" and city:
            key = place_names.key(city[1])
            for name in (key, key.replace("n ", "northern ", 1) if key.startswith("n ") else key):
                if one not in found.get(name, ()):
                    found[name] = (*found.get(name, ()), one)
    return found


@cache
def _regions_by_name() -> Mapping[str, Region]:
    return {
        name.casefold(): one
        for one in reversed(regions())  # the first to carry a name keeps it
        for name in (one.id, one.name, one.country_iso2 if one.kind == "country" else "", *one.aliases)
        if name
    }
