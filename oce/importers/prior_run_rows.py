"""A row of a file of finished runs: what its kind of file calls things, and what it says of a session.

Kinds: our own columns, CodeCarbon's ``emissions.csv``, Green Algorithms' table, and ML CO2's sentence for a paper.
"""

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from oce import catalog
from oce.catalog.device_lookup import DeviceNamed
from oce.errors import InputError, NotReadError, Problem
from oce.fields import FIELDS
from oce.importers import columns, sessions
from oce.importers.sessions import Session
from oce.method import compute
from oce.method.compute import SECONDS_PER_HOUR
from oce.parsing import number_wanted, precision, quantity
from oce.quantity_units import kind_named

LEAST_FLOP, MOST_FLOP = 1e9, 1e30
OWN_FIELDS = (
    *("device", "device_hours", "hours", "time", "device_count", "training_flop", "parameters", "active_parameters"),
    *("tokens", "power_w"),
    *("precision", "year", "run_id", "confirmed", "timestamp", "project_name", "experiment_id"),
)
OF_CODECARBON = ("duration", "gpu_energy", "tracking_mode")
OF_GREEN_ALGORITHMS = ("runtime_hour", "runtime_min", "coretype")
MOST_NAME = 200  # characters of a device's name: a longer cell is none
MOST_SUGGESTED = 50  # unknown devices of a file for which the nearest names are looked for
YES = ("yes", "y", "true", "1", "ok", "confirmed")
NO = ("", "no", "n", "false", "0", "not confirmed")
NO_TIME = "needed: only runs on GPUs can be used"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: what its columns are called, and what is said where one is missing."""

    name: str
    fields: tuple[str, ...]
    synonyms: Mapping[str, str]
    passed: Callable[[str], bool]  # columns that mean nothing here and are no mistake
    lacks_device: str
    called: Mapping[str, str] = field(default_factory=dict)  # fields by the names that the file has for them
    shifted: str = ""

    def passed_over(self, header: Sequence[str]) -> list[str]:
        """Names of the columns that mean nothing here and are no mistake."""
        return [name for name in header if self.passed(columns.normal(name))]


ALL_FIELDS = (*OWN_FIELDS, *OF_CODECARBON, *OF_GREEN_ALGORITHMS)
_NOT_OF_RUNS = tuple(name for name in FIELDS if name not in OWN_FIELDS)
_WANTED = "columns device, device_hours and training_flop, or CodeCarbon's emissions.csv"
_CODECARBONS = frozenset(
    (
        *(
            "emissions",
            "emissions_rate",
            "cpu_power",
            "gpu_power",
            "ram_power",
            "cpu_energy",
            "ram_energy",
            "country_name",
        ),
        *("energy_consumed", "country_iso_code", "region", "cloud_provider", "cloud_region", "os", "python_version"),
        *("codecarbon_version", "cpu_count", "cpu_model", "longitude", "latitude", "ram_total_size", "on_cloud", "pue"),
        *("water_consumed", "wue", "cpu_utilization_percent", "gpu_utilization_percent", "ram_utilization_percent"),
        *("ram_used_gb", "province_name", "province_short_name", "experiment_name"),
    )
)


def kind_of(header: Sequence[str]) -> Kind:
    """The kind of a file, by the names of its columns."""
    names = {columns.normal(name) for name in header}
    if "duration" in names and names & {
        "emissions",
        "gpu_model",
        "gpu_energy",
        "codecarbon_version",
        "energy_consumed",
    }:
        return Kind(
            "CodeCarbon",
            (*OWN_FIELDS, *OF_CODECARBON),
            columns.OF_RUNS,
            lambda name: name in _CODECARBONS,
            "a file of CodeCarbon that names no GPU, as its versions before 2 write it, or as it writes runs on CPUs: "
            "add columns gpu_model and gpu_count (and gpu_energy in kWh)",
            {"device_count": "gpu_count"},
            "; a newer CodeCarbon may have written on under an older one's first line: split the file there",
        )
    if {"gpumodel", "numbergpus"} & names:
        of_tool = (
            "cpu",
            "memory",
            "usage",
            "pue",
            "psf",
            "location",
            "platform",
            "provider",
            "server",
            "app",
            "carbon",
        )
        return Kind(
            "Green Algorithms",
            (*OWN_FIELDS, *OF_GREEN_ALGORITHMS),
            {**columns.OF_RUNS, "runtime_hours": "runtime_hour", "runtime_minutes": "runtime_min"},
            lambda name: any(part in name for part in of_tool) or name in ("tdpgpu", "energy_needed"),
            "a file of Green Algorithms without GPUmodel",
            {"device_count": "numberGPUs", "runtime_hour": "runTime_hour", "runtime_min": "runTime_min"},
        )
    return Kind("ours", OWN_FIELDS, columns.OF_RUNS, lambda name: name in _NOT_OF_RUNS or name == "name", _WANTED)


_STATEMENT = re.compile(
    r"cumulative of\s+([\d.,]+)\s+hours? of computation was performed on hardware of type\s+(.+?)\s*\(TDP", re.I | re.S
)


def from_statement(content: bytes) -> bytes:
    """The sentence that ML CO2's calculator gives for a paper, as a table; any other content as it is.

    Raises:
        InputError: Where it is a model card with carbon alone, such as AutoTrain's.
    """
    start = content[:20_000].decode("utf-8", "ignore")
    found = _STATEMENT.search(start)
    if found:
        device = " ".join(found[2].replace("\\", "").split())[:80].replace('"', "")
        hours = found[1].replace(",", "")
        return f'device,device_hours,training_flop\n"{device}","{hours}",\n'.encode()
    carbon = re.search(r"co2_eq_emissions|CO2 Emissions \(in grams\)", start, re.I)
    if carbon and not re.search(r"device_hours|gpu_model", start.split("\n", 1)[0]):
        raise InputError(
            [
                Problem(
                    "runs",
                    None,
                    "a model card gives carbon alone, neither device nor time: give columns device, device_hours and "
                    "training_flop, or CodeCarbon's emissions.csv of the run",
                )
            ]
        )
    return content


@dataclass(frozen=True, slots=True)
class Part:
    """What a row says: the session, and what the calibration wants to know of the run."""

    session: Session
    device: catalog.Device
    precision: str
    size: float | None
    mixture: bool
    year: float | None
    confirmed: bool


class RowReader:
    """Reads rows of one file, and keeps what there is to say about them, each thing once."""

    def __init__(self, decimal: str, kind: Kind, stated_flop: float | None) -> None:
        self.decimal, self.kind, self.stated_flop = decimal, kind, stated_flop
        self._notes: dict[str, list[int]] = {}
        self._unknown: set[str] = set()

    @property
    def notes(self) -> list[str]:
        """What was taken for what, with the rows."""
        return [f"{sessions.rows(lines)}: {text}" for text, lines in list(self._notes.items())[:100]]

    def _note(self, line: int, text: str) -> None:
        if text:
            self._notes.setdefault(text, []).append(line)

    def part(self, line: int, row: Mapping[str, str]) -> Part:
        """A row, read.

        Raises:
            InputError: Where something that is needed is missing or cannot be used.
        """
        hours, seconds, count = self._time(line, row)
        kwh = self.number(line, row, "gpu_energy", 0, 1e12)
        device, dies = self._device(line, row)
        watts = self.field(line, row, "power_w")
        if kwh is None and watts is not None:
            kwh = watts * hours / dies / 1000.0
        if count is not None:
            count /= dies
        hours /= dies
        used_precision = precision(row.get("precision") or "") or device.training_precision
        if used_precision not in device.peak_tflops:
            allowed = f"{', '.join(device.peak_tflops)} on {device.name}"
            raise InputError([Problem("precision", row.get("precision", ""), allowed)])
        parameters, active, tokens = (
            self.field(line, row, name) for name in ("parameters", "active_parameters", "tokens")
        )
        flop = self.number(line, row, "training_flop", LEAST_FLOP, MOST_FLOP)
        if flop is None and parameters is not None and tokens is not None:
            flop = float(compute.training_flop(parameters, tokens, np.nan if active is None else active))
        if flop is None and self.stated_flop is None:
            more = "; for all runs of the file it can be stated at once" if self.kind.name != "ours" else ""
            raise InputError([Problem("training_flop", None, f"needed, or else parameters and tokens{more}")])
        year, end = self._when(line, row)
        session = Session(
            lines=(line,),
            device=device.id,
            count=count,
            device_hours=hours,
            training_flop=flop,
            kwh=kwh,
            run_id=row.get("run_id", ""),
            group=(row.get("project_name", ""), row.get("experiment_id", "")),
            end=end,
            seconds=seconds,
        )
        mixture = bool(active and parameters and active < parameters)
        sure = row.get("confirmed", "").strip().casefold()
        if sure not in (*YES, *NO):
            raise InputError([Problem("confirmed", row["confirmed"], "yes or no")])
        return Part(session, device, used_precision, active or parameters, mixture, year, sure in YES)

    def _time(self, line: int, row: Mapping[str, str]) -> tuple[float, float | None, float | None]:
        """Device-hours, the seconds that it lasted and the devices, as far as they are known."""
        if self.kind.name == "CodeCarbon" and not row.get("device_hours"):
            if not row.get("device") and not row.get("device_count"):
                raise InputError([Problem("gpu_count", None, NO_TIME)])
            seconds, count = self.number(line, row, "duration", 1e-3, 1e10), self._count(line, row)
            if seconds is None or count is None:
                raise InputError([Problem("gpu_count" if seconds else "duration", None, NO_TIME)])
            return seconds / SECONDS_PER_HOUR * count, seconds, count
        if self.kind.name == "Green Algorithms" and not row.get("device_hours"):
            wall, minutes = (self.number(line, row, name, 0, 1e9) for name in OF_GREEN_ALGORITHMS[:2])
            count = self._count(line, row)
            time = (wall or 0.0) + (minutes or 0.0) / 60
            if not time or count is None or row.get("coretype", "gpu").casefold() == "cpu":
                raise InputError([Problem("numberGPUs" if time else "runTime_hour", None, NO_TIME)])
            return time * count, None, count
        hours, count = self.number(line, row, "device_hours", 1e-6, 1e12), self._count(line, row)
        if hours is None:
            wall = self.number(line, row, "hours", 1e-6, 1e9)
            if wall is None and row.get("time"):
                if not re.search(r"[a-z:]", row["time"], re.I):
                    wanted = "a time with its unit, such as 15 days or 36:00:00"
                    raise InputError([Problem("time", row["time"], wanted)])
                wall = self.number(line, row, "time", 1e-6, 1e9)
            if wall is None or count is None:
                raise InputError([Problem("device_hours", None, "needed, or else hours and device_count")])
            hours = wall * count
        return hours, None, count

    def _count(self, line: int, row: Mapping[str, str]) -> float | None:
        count = self.number(line, row, "device_count", 1, 1e7)
        if count is None and row.get("device"):
            try:
                count = self._named(row["device"]).count
            except InputError:
                return None
        return None if count is None else float(count)

    def _named(self, name: str) -> DeviceNamed:
        """The device called so; the nearest names are looked for a few times a file."""
        if len(name) > MOST_NAME:
            raise InputError([Problem("device", name[:60], f"a name of at most {MOST_NAME} characters")])
        suggest = name in self._unknown or len(self._unknown) < MOST_SUGGESTED
        try:
            return catalog.device_named(name, suggest)
        except InputError:
            if suggest:
                self._unknown.add(name)
            raise

    def _device(self, line: int, row: Mapping[str, str]) -> tuple[catalog.Device, int]:
        """The device, and how many that software lists are one of it."""
        name = row.get("device", "")
        if not name:
            raise InputError([Problem("device", None, "needed")])
        kinds = re.findall(r"\d+ x ", name)
        if self.kind.name == "CodeCarbon":
            if len(kinds) > 1:
                raise InputError([Problem("device", name, "one kind of device a run; this machine has several")])
            name = re.sub(r"^\d+\s*x\s*", "", name)  # "8 x NVIDIA A100-SXM4-80GB", whose number is gpu_count
        named = self._named(name)
        self._note(line, named.note)
        device = named.device
        if device.unit != "GPU" or not device.cores_per_chip:
            return device, 1
        dies = device.cores_per_chip
        if self.kind.name != "CodeCarbon":
            self._note(line, f"{device.name} is counted in cards; software lists each of its {dies} dies as a device")
            return device, 1
        self._note(line, f"{device.name} is listed by software die by die: {dies} listed are taken as one card")
        return device, dies

    def _when(self, line: int, row: Mapping[str, str]) -> tuple[float | None, datetime | None]:
        """The year of training, and when the row was written."""
        end, stamp = None, row.get("timestamp", "")
        with contextlib.suppress(ValueError):
            end = datetime.fromisoformat(stamp).replace(tzinfo=None)
        if row.get("year"):
            return self.field(line, row, "year"), end
        if not stamp:
            return None, end
        try:
            return quantity(stamp, "year", FIELDS["year"].takes).value, end
        except NotReadError:
            return (float(end.year) if end else None), end

    def field(self, line: int, row: Mapping[str, str], name: str) -> float | None:
        """A number of a row that is a field of a scenario."""
        return self.number(line, row, name, FIELDS[name].low, FIELDS[name].high)

    def number(self, line: int, row: Mapping[str, str], name: str, low: float, high: float) -> float | None:
        """A number of a row; ``None`` where its cell is empty.

        Raises:
            InputError: Where it cannot be read or used.
        """
        cell = row.get(name, "")
        if not cell:
            return None
        kind = columns.kind_of(name) or ""
        bounds = f"{low:g} … {high:g}".replace("e+", "e")
        allowed = number_wanted(name) if name in FIELDS else f"a number such as {kind_named(kind).example}, {bounds}"
        if name == "training_flop":
            allowed = f"a number such as {kind_named(kind).example}, {bounds} FLOP"
        whole = name in FIELDS and FIELDS[name].whole
        try:
            found = quantity(cell, kind, lambda value: low <= value <= high and not (whole and value % 1), self.decimal)
        except NotReadError as error:
            hint = f"; {error}" if str(error) else ""
            if self.kind.name == "CodeCarbon" and name in ("duration", "device_count", "gpu_energy"):
                hint += "; do the cells stand a column off, under another version's first line?"
            raise InputError([Problem(self.kind.called.get(name, name), cell, allowed + hint)]) from None
        if not low <= found.value <= high:
            raise InputError([Problem(self.kind.called.get(name, name), found.value, allowed)])
        self._note(line, f"{name}: {found.note}" if found.note else "")
        return found.value
