"""The user's own past runs, from a file: they tell the calibration how this organisation's runs differ.

Several kinds of file are read. Our own: ``device``, ``device_hours`` (or ``hours`` and ``device_count``) and the
compute, as ``training_flop`` or as ``parameters`` and ``tokens``; if known, ``active_parameters``, ``precision``,
``year``, ``run_id`` and ``power_w``, the mean power measured of a device by itself. CodeCarbon's ``emissions.csv`` of
any version (duration, GPU model and count, energy), and Green Algorithms' and ML CO2's, which lack the compute: it is
taken from a column ``training_flop`` added to the file, or from one value stated for every run in it.

Rows of one run are one run (:mod:`oce.importers.sessions`). A run above what any has reached, or far below, is
questioned and not used until it is confirmed. Nothing is stored: bytes in, values out.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np

from oce import catalog
from oce.errors import InputError, NotReadError, Problem
from oce.fields import FIELDS
from oce.importers import columns, sessions, table_file
from oce.importers.plausibility import LEAST_UTILISATION, LEAST_WATTS, MOST_SHARE_OF_TDP, MOST_UTILISATION
from oce.importers.sessions import Session
from oce.method import compute
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.device_speed import hardware
from oce.method.device_time import finished
from oce.method.run_utilisation import Runs
from oce.parsing import precision, quantity
from oce.quantity_units import kind_named
from oce.reading import number_wanted
from oce.units import significant

MOST_BYTES = 5_000_000
MOST_ROWS = 1_000  # a fit among them takes memory with their square
LEAST_FLOP, MOST_FLOP = 1e9, 1e30
OWN_FIELDS = (
    *("device", "device_hours", "hours", "time", "device_count", "training_flop", "parameters", "active_parameters"),
    *("tokens", "power_w"),
    *("precision", "year", "run_id", "confirmed", "timestamp", "project_name", "experiment_id"),
)
OF_CODECARBON = ("duration", "gpu_energy", "tracking_mode")
OF_GREEN_ALGORITHMS = ("runtime_hour", "runtime_min", "coretype")
YES = ("yes", "y", "true", "1", "ok", "confirmed")
LIKELY_UTILISATION = 0.08  # from which on a mistake explains a run
NO_TIME = "needed: only runs on GPUs can be used"
_CAUSES = (  # what is often written for what: the factor by which the time is too long
    (60.0, "minutes written as hours"),
    (3600.0, "seconds written as hours"),
    (2.0, "cores counted as chips, or dies as cards"),
    (1 / 24.0, "days written as hours"),
    (0.5, "cards counted where software lists dies"),
)


@dataclass(frozen=True, slots=True)
class PastRun:
    """One finished run: what it took on what."""

    device: catalog.Device
    precision: str
    training_flop: float
    size: float | None  # active parameters, else parameters
    mixture: bool  # fewer parameters are active than there are
    device_hours: float
    year: float | None
    mean_power_w: float | None  # of one device, where its energy was measured

    @property
    def peak_tflops(self) -> float:
        """Dense peak that its utilisation is counted against [TFLOP/s]."""
        return self.device.peak_tflops[catalog.counted_precision(self.device, self.precision)]

    @property
    def utilisation(self) -> float:
        """Mean throughput over the dense peak, as the calibration counts it."""
        return self.training_flop / FLOP_PER_TFLOP / (self.device_hours * SECONDS_PER_HOUR) / self.peak_tflops

    @property
    def share_of_peak(self) -> float:
        """Mean throughput over the dense peak at its own precision, which nothing passes."""
        return self.utilisation * self.peak_tflops / self.device.peak_tflops[self.precision]

    @property
    def too_fast(self) -> bool:
        """Whether it is above what any run has reached."""
        return self.share_of_peak > MOST_UTILISATION

    @property
    def doubtful(self) -> bool:
        """Whether it is above what any run has reached, or far below what they reach."""
        return self.too_fast or self.utilisation < LEAST_UTILISATION


@dataclass(frozen=True, slots=True)
class PastRuns:
    """The runs of a file that are used, what is wrong with or asked about the others, and what was taken for what."""

    used: tuple[PastRun, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    questioned: tuple[PastRun, ...] = ()  # left out until they are confirmed; each has a line in problems

    @property
    def mean_power_w(self) -> float | None:
        """Mean power of a device by itself [W], over the runs that measured it; ``None`` where none did."""
        measured = [one.mean_power_w for one in self.used if one.mean_power_w is not None]
        return sum(measured) / len(measured) if measured else None

    def for_calibration(self) -> Runs | None:
        """The runs as the calibration takes them; ``None`` where there are none."""
        return _runs(self.used) if self.used else None


def read(content: bytes, training_flop: float | None = None, confirmed: bool = False) -> PastRuns:
    """Read a file of past runs.

    Args:
        content: Of the file: a table with a first line that names the columns.
        training_flop: Compute of every run that does not state its own [FLOP].
        confirmed: Whether runs that are questioned are used all the same.

    Returns:
        The good runs, what was taken for what, and a line about each bad or doubtful one.

    Raises:
        InputError: Where the file as a whole cannot be read.
    """
    if training_flop is not None and not LEAST_FLOP <= training_flop <= MOST_FLOP:
        allowed = f"a number such as 4e22, {LEAST_FLOP:g} … {MOST_FLOP:g} FLOP"
        raise InputError([Problem("training_flop", float(training_flop), allowed)])
    if len(content) > MOST_BYTES:
        raise InputError([Problem("runs", "file", f"at most {MOST_BYTES:,} bytes")])
    content = _from_statement(content)
    try:
        table = table_file.read(
            content, lambda name: columns.field_of(name, columns.OF_RUNS, _ALL) is not None, MOST_ROWS
        )
    except table_file.TableError as error:
        raise InputError([Problem("runs", None, f"the file {error}")]) from None
    twice = table_file.twice(table.header)
    if twice:
        raise InputError([Problem("runs", twice[0], "each column once")])
    kind = _kind(table.header)
    found = columns.of_header(table.header, kind.passed_over(table.header), kind.synonyms, kind.fields)
    if "device" not in found.by_field:
        raise InputError([Problem("runs", None, kind.lacks_device)])
    readers = _Reader(table.decimal, kind, training_flop)
    problems: list[tuple[int, str]] = []
    parts: dict[tuple[int, ...], _Part] = {}
    for number, row in zip(table.lines, table.rows, strict=True):
        if not any(cell.strip() for cell in row):
            continue
        try:
            if any(cell.strip() for cell in row[len(table.header) :]):
                wanted = f"{len(table.header)}, as in the first line{kind.shifted}"
                raise InputError([Problem("row", f"{len(row)} cells", wanted)])
            part = readers.part(number, found.cells(row))
            parts[part.session.lines] = part
        except InputError as error:
            problems.append((number, f"row {number}: {error}"))
    said = () if kind.name != "ours" else (*found.notes, *_repeats([part.session for part in parts.values()]))
    used, questioned, asked, notes = _counted(parts, training_flop, confirmed)
    return PastRuns(
        tuple(used),
        tuple(line for _, line in sorted(problems + asked)),
        (*table.notes, *said, *readers.notes, *notes),
        tuple(questioned),
    )


# --- kinds of file ---


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of file: what its columns are called, and what is said where one is missing."""

    name: str
    fields: tuple[str, ...]
    synonyms: Mapping[str, str]
    passed: Callable[[str], bool]  # columns that mean nothing here and are no mistake
    lacks_device: str
    called: Mapping[str, str] = field(default_factory=dict)  # fields by the names that the file has for them
    shifted: str = ""

    def passed_over(self, header: Sequence[str]) -> list[str]:
        return [name for name in header if self.passed(columns.normal(name))]


_ALL = (*OWN_FIELDS, *OF_CODECARBON, *OF_GREEN_ALGORITHMS)
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


def _kind(header: Sequence[str]) -> _Kind:
    names = {columns.normal(name) for name in header}
    if "duration" in names and names & {
        "emissions",
        "gpu_model",
        "gpu_energy",
        "codecarbon_version",
        "energy_consumed",
    }:
        return _Kind(
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
        return _Kind(
            "Green Algorithms",
            (*OWN_FIELDS, *OF_GREEN_ALGORITHMS),
            {**columns.OF_RUNS, "runtime_hours": "runtime_hour", "runtime_minutes": "runtime_min"},
            lambda name: any(part in name for part in of_tool) or name in ("tdpgpu", "energy_needed"),
            "a file of Green Algorithms without GPUmodel",
            {"device_count": "numberGPUs", "runtime_hour": "runTime_hour", "runtime_min": "runTime_min"},
        )
    return _Kind("ours", OWN_FIELDS, columns.OF_RUNS, lambda name: name in _NOT_OF_RUNS or name == "name", _WANTED)


_STATEMENT = re.compile(
    r"cumulative of\s+([\d.,]+)\s+hours? of computation was performed on hardware of type\s+(.+?)\s*\(TDP", re.I | re.S
)


def _from_statement(content: bytes) -> bytes:
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


# --- rows ---


@dataclass(frozen=True, slots=True)
class _Part:
    """What a row says: the session, and what the calibration wants to know of the run."""

    session: Session
    device: catalog.Device
    precision: str
    size: float | None
    mixture: bool
    year: float | None
    confirmed: bool


class _Reader:
    """Reads rows of one file, and keeps what there is to say about them, each thing once."""

    def __init__(self, decimal: str, kind: _Kind, stated_flop: float | None) -> None:
        self.decimal, self.kind, self.stated_flop = decimal, kind, stated_flop
        self._notes: dict[str, list[int]] = {}

    @property
    def notes(self) -> list[str]:
        """What was taken for what, with the rows."""
        return [f"{sessions.rows(lines)}: {text}" for text, lines in list(self._notes.items())[:100]]

    def _note(self, line: int, text: str) -> None:
        if text:
            self._notes.setdefault(text, []).append(line)

    def part(self, line: int, row: Mapping[str, str]) -> _Part:
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
        sure = row.get("confirmed", "").casefold() in YES
        return _Part(session, device, used_precision, active or parameters, mixture, year, sure)

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
                    raise InputError(
                        [Problem("time", row["time"], "a time with its unit, such as 15 days or 36:00:00")]
                    )
                wall = self.number(line, row, "time", 1e-6, 1e9)
            if wall is None or count is None:
                raise InputError([Problem("device_hours", None, "needed, or else hours and device_count")])
            hours = wall * count
        return hours, None, count

    def _count(self, line: int, row: Mapping[str, str]) -> float | None:
        count = self.number(line, row, "device_count", 1, 1e7)
        if count is None and row.get("device"):
            try:
                count = catalog.device_named(row["device"]).count
            except InputError:
                return None
        return None if count is None else float(count)

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
        named = catalog.device_named(name)
        self._note(line, named.note)
        device = named.device
        if device.unit != "GPU" or not device.cores_per_chip:
            return device, 1
        if self.kind.name != "CodeCarbon":
            dies = device.cores_per_chip
            self._note(line, f"{device.name} is counted in cards; software lists each of its {dies} dies as a device")
            return device, 1
        self._note(
            line,
            f"{device.name} is listed by software die by die: {device.cores_per_chip} listed are taken as one card",
        )
        return device, device.cores_per_chip

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


# --- runs ---


def _repeats(found: Sequence[Session]) -> list[str]:
    """What is said of rows that are the same but for their place, and have no run_id that would tell."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for one in found:
        if not one.run_id:
            alike.setdefault((one.device, one.device_hours, one.training_flop, *one.group), []).extend(one.lines)
    return [
        f"{sessions.rows(lines)} are the same: counted as {len(lines)} runs; if they are one, keep one of them"
        for lines in alike.values()
        if len(lines) > 1
    ]


def _counted(
    parts: Mapping[tuple[int, ...], _Part], stated_flop: float | None, confirmed: bool
) -> tuple[list[PastRun], list[PastRun], list[tuple[int, str]], list[str]]:
    """The runs that count and those that are questioned, a line about each of these, and what was taken for what."""
    by_line = {part.session.lines[0]: part for part in parts.values()}

    def run_of(session: Session) -> PastRun | None:
        part = by_line[session.lines[0]]
        flop = session.training_flop if session.training_flop is not None else stated_flop
        if flop is None:
            return None
        return PastRun(
            part.device, part.precision, flop, part.size, part.mixture, session.device_hours, part.year, _power(session)
        )

    def utilisation(session: Session) -> float | None:
        run = run_of(session)
        return None if run is None else run.utilisation

    found = sessions.grouped([part.session for part in parts.values()], utilisation)
    used, questioned = [], []
    asked = [(int((re.search(r"\d+", line) or ["0"])[0]), line) for line in found.asked]
    notes = list(found.notes)
    for session in found.runs:
        run = run_of(session)
        assert run is not None
        where = sessions.rows(session.lines)
        least = run.training_flop / FLOP_PER_TFLOP / SECONDS_PER_HOUR / run.device.peak_tflops[run.precision]
        if run.device_hours < least * (1 - 1e-9):
            allowed = f"at least {least:.3g}, which the peak of {run.device.name} takes{_causes(run, session)}"
            asked.append((session.lines[0], f"{where}: {Problem('device_hours', run.device_hours, allowed)}"))
            continue
        sure = confirmed or all(by_line[line].confirmed for line in session.lines)
        if run.doubtful and not sure:
            asked.append((session.lines[0], f"{where}: {_question(run, session)}"))
            questioned.append(run)
            continue
        watts = run.mean_power_w
        if watts is not None and not _plausible(watts, run.device):
            notes.append(f"{where}: {_of_power(watts, run.device)}")
            run = PastRun(
                *(run.device, run.precision, run.training_flop, run.size, run.mixture, run.device_hours, run.year),
                mean_power_w=None,
            )
        used.append(run)
    return used, questioned, asked, notes


def _power(session: Session) -> float | None:
    """Mean power of a device [W]."""
    return None if session.power is None else session.power * 1000.0


def _plausible(watts: float, device: catalog.Device) -> bool:
    return watts >= LEAST_WATTS and (device.tdp_w is None or watts <= MOST_SHARE_OF_TDP * device.tdp_w)


def _of_power(watts: float, device: catalog.Device) -> str:
    """What is said of a power that no device draws."""
    said = f"gpu_energy comes to {significant(watts)} W a device"
    if watts < LEAST_WATTS:
        return f"{said}, less than any draws: its power is not used (was the energy of the GPUs measured?)"
    cause = ": it is probably in Wh, not kWh" if _plausible(watts / 1000, device) else ""
    return f"{said}, and the TDP of {device.name} is {device.tdp_w:g} W{cause}; its power is not used"


def _question(run: PastRun, session: Session) -> str:
    """What is asked about a run that is too fast or too slow to be true."""
    share = f"{significant(100 * run.share_of_peak, 2)} % of the peak of {run.device.name}"
    why = "more than any run has reached" if run.too_fast else "less than runs reach"
    return (
        f"{share}, {why}{_causes(run, session)}. Not used; if it is right, write yes in a column confirmed, "
        "or use questioned runs too"
    )


def _causes(run: PastRun, session: Session) -> str:
    """Which usual mistakes would explain a run, with what it would come to; the likelier first."""
    if session.seconds is not None:  # a tracker's own time, so that only the compute was written by hand
        of_flop = "too large" if run.too_fast else "too small, or the GPUs were idle"
        return f"; likely cause: the compute that is stated, {run.training_flop:.3g} FLOP, is {of_flop}"
    causes = list(_CAUSES)
    if run.too_fast:
        count = session.count if session.count and session.count > 1 else run.device.devices_per_server
        causes.insert(0, (1.0 / count, f"wall time written as device-hours, on {count:.0f} devices"))
    elif session.count is not None and session.count > 2:
        causes.append((session.count, "device-hours written as hours"))
    likely = [
        f"{cause} would make it {significant(100 * run.share_of_peak * factor, 2)} %"
        for factor, cause in causes
        if LIKELY_UTILISATION <= run.share_of_peak * factor <= MOST_UTILISATION and (factor > 1) != run.too_fast
    ]
    if not likely:
        likely = (
            ["wall time written as device-hours, or compute too large"] if run.too_fast else ["hours in another unit"]
        )
    return f"; likely cause: {'; or '.join(likely[:3])}"


def _runs(runs: Sequence[PastRun]) -> Runs:
    cases = finished(
        [hardware(run.device, run.precision) for run in runs],
        [run.size for run in runs],
        [run.mixture for run in runs],
        [run.training_flop for run in runs],
        [run.year for run in runs],
    )
    hours = np.array([run.device_hours for run in runs])
    throughput = np.log(cases.compute_flop / hours / SECONDS_PER_HOUR / FLOP_PER_TFLOP)
    return Runs(cases, throughput, np.array(["own"] * len(runs)), np.ones(len(runs)))
