"""The user's own past runs, from a CSV file: they tell the calibration how this organisation's runs differ.

Two kinds of file are read. Our own: ``device``, ``device_hours`` (or ``hours`` and ``device_count``) and the compute,
as ``training_flop`` or as ``parameters`` and ``tokens``; if known, ``active_parameters``, ``precision``, ``year`` and
``power_w``, the mean power measured of a device by itself. And CodeCarbon's ``emissions.csv`` (duration, GPU model and
count, energy, country), which lacks the compute: it is taken from a column ``training_flop`` added to the file, or from
one value stated for every run in it.

Nothing is stored: text in, values out.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from oce import catalog, compute
from oce.calibration import Runs
from oce.compute import FLOP_PER_TFLOP
from oce.device_speed import hardware
from oce.pace import SECONDS_PER_HOUR, finished
from oce.scenario import FIELDS, InputError, Problem, number_wanted, parse_number

MOST_BYTES = 5_000_000
MOST_ROWS = 1_000  # a fit among them takes memory with their square
LEAST_FLOP, MOST_FLOP = 1e9, 1e30
CODECARBON = ("duration", "gpu_model", "gpu_count")  # columns by which its file is known


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


@dataclass(frozen=True, slots=True)
class PastRuns:
    """The runs of a file that can be used, and what was wrong with the others, by line."""

    used: tuple[PastRun, ...]
    problems: tuple[str, ...]

    @property
    def mean_power_w(self) -> float | None:
        """Mean power of a device by itself [W], over the runs that measured it; ``None`` where none did."""
        measured = [one.mean_power_w for one in self.used if one.mean_power_w is not None]
        return sum(measured) / len(measured) if measured else None

    def for_calibration(self) -> Runs | None:
        """The runs as the calibration takes them; ``None`` where there are none."""
        return _runs(self.used) if self.used else None


def read(content: bytes, training_flop: float | None = None) -> PastRuns:
    """Read a file of past runs.

    Args:
        content: The CSV file, in UTF-8, with a first line that names the columns.
        training_flop: Compute of every run that does not state its own [FLOP].

    Returns:
        The good rows, and a line about each bad one.

    Raises:
        InputError: Where the file as a whole cannot be read.
    """
    if training_flop is not None and not LEAST_FLOP <= training_flop <= MOST_FLOP:
        allowed = f"a number such as 4e22, {LEAST_FLOP:g} … {MOST_FLOP:g} FLOP"
        raise InputError([Problem("training_flop", float(training_flop), allowed)])
    if len(content) > MOST_BYTES:
        raise InputError([Problem("runs", "file", f"at most {MOST_BYTES:,} bytes")])
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        lines = [(reader.line_num, line) for line in reader if any(cell.strip() for cell in line)]
    except (UnicodeDecodeError, csv.Error):
        raise InputError([Problem("runs", "file", "a CSV file in UTF-8")]) from None
    if len(lines) > MOST_ROWS + 1:
        raise InputError([Problem("runs", f"{len(lines) - 1} rows", f"at most {MOST_ROWS} rows")])
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    twice = sorted({column for column in header if column and header.count(column) > 1})
    if twice:
        raise InputError([Problem("runs", twice[0], "each column once")])
    take: Callable[[Mapping[str, str], float | None], PastRun]
    if set(CODECARBON) <= set(header):
        take = _from_codecarbon
    elif "device" in header:
        take = _from_ours
    else:
        raise InputError(
            [Problem("runs", "file", "columns device, device_hours and training_flop, or CodeCarbon's emissions.csv")]
        )
    used, problems = [], []
    for number, line in lines[1:]:
        try:
            if any(cell.strip() for cell in line[len(header) :]):
                raise InputError([Problem("row", f"{len(line)} cells", f"{len(header)}, as in the first line")])
            used.append(take(dict(zip(header, (cell.strip() for cell in line), strict=False)), training_flop))
        except InputError as error:
            problems.append(f"row {number}: {error}")
    return PastRuns(tuple(used), tuple(problems))


def _from_ours(row: Mapping[str, str], stated_flop: float | None) -> PastRun:
    hours = _number(row, "device_hours", 1e-6, 1e12)
    if hours is None:
        wall, count = _number(row, "hours", 1e-6, 1e9), _number(row, "device_count", 1, 1e7)
        if wall is None or count is None:
            raise InputError([Problem("device_hours", None, "needed, or else hours and device_count")])
        hours = wall * count
    return _checked(row, row.get("device", ""), hours, stated_flop, _field(row, "power_w"))


def _from_codecarbon(row: Mapping[str, str], stated_flop: float | None) -> PastRun:
    seconds, count = _number(row, "duration", 1e-3, 1e10), _number(row, "gpu_count", 1, 1e7)
    if seconds is None or count is None:
        raise InputError(
            [Problem("gpu_count" if seconds else "duration", None, "needed: only runs on GPUs can be used")]
        )
    hours = seconds / SECONDS_PER_HOUR * count
    kwh = _number(row, "gpu_energy", 0, 1e12)
    power = None if not kwh else kwh * 1000.0 / hours
    name = re.sub(r"^\d+\s*x\s*", "", row.get("gpu_model", ""))  # "8 x NVIDIA A100-SXM4-80GB"
    year = row.get("timestamp", "")[:4]  # 2024-05-01T12:00:00
    return _checked({"year": year if year.isdigit() else ""} | dict(row), name, hours, stated_flop, power)


def _checked(
    row: Mapping[str, str], name: str, hours: float, stated_flop: float | None, power_w: float | None
) -> PastRun:
    if not name:
        raise InputError([Problem("device", None, "needed")])
    device = catalog.device(name)
    precision = (row.get("precision") or device.training_precision).lower()
    if precision not in device.peak_tflops:
        raise InputError([Problem("precision", precision, f"{', '.join(device.peak_tflops)} on {device.name}")])
    parameters, active, tokens = (_field(row, field) for field in ("parameters", "active_parameters", "tokens"))
    flop = _number(row, "training_flop", LEAST_FLOP, MOST_FLOP)
    if flop is None and parameters is not None and tokens is not None:
        flop = float(compute.training_flop(parameters, tokens, np.nan if active is None else active))
    flop = flop if flop is not None else stated_flop
    if flop is None:
        raise InputError([Problem("training_flop", None, "needed, or else parameters and tokens")])
    mixture = bool(active and parameters and active < parameters)
    run = PastRun(device, precision, flop, active or parameters, mixture, hours, _field(row, "year"), power_w)
    least = flop / FLOP_PER_TFLOP / SECONDS_PER_HOUR / device.peak_tflops[precision]
    if hours < least * (1 - 1e-9):
        raise InputError(
            [Problem("device_hours", hours, f"at least {least:.3g}, which the peak of {device.name} takes")]
        )
    return run


def _field(row: Mapping[str, str], name: str) -> float | None:
    return _number(row, name, FIELDS[name].low, FIELDS[name].high)


def _number(row: Mapping[str, str], name: str, low: float, high: float) -> float | None:
    """A number of a row; ``None`` where its cell is empty."""
    cell = row.get(name, "")
    if not cell:
        return None
    allowed = number_wanted(name) if name in FIELDS else f"a number, {low:g} … {high:g}"
    try:
        value = parse_number(cell)
    except ValueError:
        raise InputError([Problem(name, cell, allowed)]) from None
    if not low <= value <= high:
        raise InputError([Problem(name, value, allowed)])
    return value


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
