"""Prior runs of the user's organisation, from a file: they tell the calibration how this organisation's runs differ.

Several kinds of file are read. Our own: ``device``, ``device_hours`` (or ``hours`` and ``device_count``) and the
compute, as ``training_flop`` or as ``parameters`` and ``tokens``; if known, ``active_parameters``, ``precision``,
``year``, ``run_id`` and ``power_w``, the mean power measured of a device by itself. CodeCarbon's ``emissions.csv`` of
any version (duration, GPU model and count, energy), and Green Algorithms' and ML CO2's, which lack the compute: it is
taken from a column ``training_flop`` added to the file, or from one value stated for every run in it.

Rows of the same run are one run (:mod:`oce.importers.sessions`). A run above what any has reached, or far below, is
questioned and not used until it is confirmed. Nothing is stored: bytes in, values out.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from oce import catalog
from oce.errors import InputError, Problem
from oce.importers import columns, sessions, table_file
from oce.importers.prior_run_rows import ALL_FIELDS, LEAST_FLOP, MOST_FLOP, Part, RowReader, from_statement, kind_of
from oce.importers.sessions import Session
from oce.method.compute import FLOP_PER_TFLOP, SECONDS_PER_HOUR
from oce.method.hardware_features import hardware
from oce.method.runs import Runs, finished
from oce.plausibility import LEAST_UTILISATION, LEAST_WATTS, MOST_SHARE_OF_TDP, MOST_UTILISATION
from oce.units import significant

MOST_BYTES = 5_000_000
MOST_ROWS = 1_000  # a fit among them takes memory with their square
LIKELY_UTILISATION = 0.08  # from which on a mistake explains a run
_CAUSES = (  # what is often written for what: the factor by which the time is too long
    (60.0, "minutes written as hours"),
    (3600.0, "seconds written as hours"),
    (2.0, "cores counted as chips, or dies as cards"),
    (1 / 24.0, "days written as hours"),
    (0.5, "cards counted where software lists dies"),
)


@dataclass(frozen=True, slots=True)
class PriorRun:
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
        return self.device.peak_tflops[catalog.reference_precision(self.device, self.precision)]

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
class PriorRuns:
    """The runs of a file that are used, what is wrong with or asked about the others, and what was taken for what."""

    used: tuple[PriorRun, ...]
    problems: tuple[str, ...]
    notes: tuple[str, ...] = ()
    questioned: tuple[PriorRun, ...] = ()  # left out until they are confirmed; each has a line in problems
    _runs: Runs | None = field(init=False, repr=False, compare=False)  # made once: every estimate asks for them

    def __post_init__(self) -> None:
        """Makes the arrays of the calibration."""
        object.__setattr__(self, "_runs", _for_calibration(self.used))

    @property
    def mean_power_w(self) -> float | None:
        """Mean power of a device by itself [W], over the runs that measured it; ``None`` where none did."""
        measured = [run.mean_power_w for run in self.used if run.mean_power_w is not None]
        return sum(measured) / len(measured) if measured else None

    def for_calibration(self) -> Runs | None:
        """The runs as the calibration takes them; ``None`` where there are none."""
        return self._runs


def _for_calibration(runs: Sequence[PriorRun]) -> Runs | None:
    if not runs:
        return None
    return finished(
        [hardware(run.device, run.precision) for run in runs],
        [run.size for run in runs],
        [run.mixture for run in runs],
        [run.training_flop for run in runs],
        [run.year for run in runs],
        [run.device_hours for run in runs],
        ["own"] * len(runs),
        [1.0] * len(runs),
    )


def read(content: bytes, training_flop: float | None = None, confirmed: bool = False) -> PriorRuns:
    """Read a file of prior runs.

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
    content = from_statement(content)
    try:
        table = table_file.read(
            content, lambda name: columns.field_of(name, columns.OF_RUNS, ALL_FIELDS) is not None, MOST_ROWS
        )
    except table_file.TableError as error:
        raise InputError([Problem("runs", None, f"the file {error}")]) from None
    twice = table_file.twice(table.header)
    if twice:
        raise InputError([Problem("runs", twice[0], "each column once")])
    kind = kind_of(table.header)
    found = columns.of_header(table.header, kind.passed_over(table.header), kind.synonyms, kind.fields)
    if "device" not in found.by_field:
        raise InputError([Problem("runs", None, kind.lacks_device)])
    readers = RowReader(table.decimal, kind, training_flop)
    problems: list[tuple[int, str]] = []
    parts: dict[tuple[int, ...], Part] = {}
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
    return PriorRuns(
        tuple(used),
        tuple(line for _, line in sorted(problems + asked)),
        (*table.notes, *said, *readers.notes, *notes),
        tuple(questioned),
    )


def _repeats(found: Sequence[Session]) -> list[str]:
    """What is said of rows that are the same but for their place, and have no run_id that would tell."""
    alike: dict[tuple[object, ...], list[int]] = {}
    for session in found:
        if not session.run_id:
            what = (session.device, session.device_hours, session.training_flop, *session.group)
            alike.setdefault(what, []).extend(session.lines)
    return [
        f"{sessions.rows(lines)} are the same: counted as {len(lines)} runs; if they are one, keep one of them"
        for lines in alike.values()
        if len(lines) > 1
    ]


def _counted(
    parts: Mapping[tuple[int, ...], Part], stated_flop: float | None, confirmed: bool
) -> tuple[list[PriorRun], list[PriorRun], list[tuple[int, str]], list[str]]:
    """The runs that count and those that are questioned, a line about each of these, and what was taken for what."""
    by_line = {part.session.lines[0]: part for part in parts.values()}

    def run_of(session: Session) -> PriorRun | None:
        part = by_line[session.lines[0]]
        flop = session.training_flop if session.training_flop is not None else stated_flop
        if flop is None:
            return None
        return PriorRun(
            part.device, part.precision, flop, part.size, part.mixture, session.device_hours, part.year, session.power_w
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
            run = replace(run, mean_power_w=None)
        used.append(run)
    return used, questioned, asked, notes


def _plausible(watts: float, device: catalog.Device) -> bool:
    return watts >= LEAST_WATTS and (device.tdp_w is None or watts <= MOST_SHARE_OF_TDP * device.tdp_w)


def _of_power(watts: float, device: catalog.Device) -> str:
    """What is said of a power that no device draws."""
    said = f"gpu_energy comes to {significant(watts)} W a device"
    if watts < LEAST_WATTS:
        return f"{said}, less than any draws: its power is not used (was the energy of the GPUs measured?)"
    cause = ": it is probably in Wh, not kWh" if _plausible(watts / 1000, device) else ""
    return f"{said}, and the TDP of {device.name} is {device.tdp_w:g} W{cause}; its power is not used"


def _question(run: PriorRun, session: Session) -> str:
    """What is asked about a run that is too fast or too slow to be true."""
    share = f"{significant(100 * run.share_of_peak, 2)} % of the peak of {run.device.name}"
    why = "more than any run has reached" if run.too_fast else "less than runs reach"
    return (
        f"{share}, {why}{_causes(run, session)}. Not used; if it is right, write yes in a column confirmed, "
        "or use questioned runs too"
    )


def _causes(run: PriorRun, session: Session) -> str:
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
