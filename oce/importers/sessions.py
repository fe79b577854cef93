"""From the rows of a file to runs: which rows are one run, and which of them say the same again.

A tracker writes a row a process and a flush: eight ranks of a job write the whole job eight times, a flush every hour
writes the run so far, and a run that was stopped and resumed writes a row each time. Whatever was taken for what is
said, with what the other reading would come to; what cannot be decided is asked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from oce.plausibility import LEAST_UTILISATION, MOST_UTILISATION
from oce.units import significant

SAME_POWER = 0.01  # relative; two trackers on one machine read the same meter
SAME_TIME = 0.05  # relative difference of two durations that are of one job
OVERLAP = 0.8  # of the shorter one's time, from which on two rows are of one time
APART = 1.5  # longest over shortest duration, from which on rows of one compute are no runs of their own


@dataclass(frozen=True, slots=True)
class Session:
    """What a row says of a run, or of a part of it."""

    lines: tuple[int, ...]
    device: str  # id
    count: float | None
    device_hours: float
    training_flop: float | None  # that the row states itself
    kwh: float | None  # of the devices
    run_id: str = ""
    group: tuple[str, str] = ("", "")  # project and experiment
    end: datetime | None = None
    seconds: float | None = None  # that it lasted

    @property
    def start(self) -> datetime | None:
        """When it began, where that is known."""
        return None if self.end is None or self.seconds is None else self.end - timedelta(seconds=self.seconds)

    @property
    def power_w(self) -> float | None:
        """Mean power of a device [W]."""
        return None if not self.kwh else self.kwh / self.device_hours * 1000.0


@dataclass(frozen=True, slots=True)
class Grouped:
    """The runs of a file, what was taken for what, and what could not be decided."""

    runs: tuple[Session, ...]
    notes: tuple[str, ...]
    asked: tuple[str, ...]


Utilisation = Callable[[Session], float | None]  # of a session, with its own compute or the one stated for all


def grouped(sessions: Sequence[Session], utilisation: Utilisation) -> Grouped:
    """The runs that the rows of a file tell of, in the file's order."""
    notes: list[str] = []
    asked: list[str] = []
    runs: list[Session] = []
    for alike in _by(sessions, lambda session: (session.device, session.count, *session.group)):
        told: list[Session] = []
        for of_id in _by(alike, lambda session: session.run_id or session.lines):
            told += _of_one_id(of_id, utilisation, notes, asked) if len(of_id) > 1 else of_id
        at_once: list[Session] = []
        for cluster in _at_one_time(told):
            at_once += _of_one_time(cluster, utilisation, notes, asked) if len(cluster) > 1 else cluster
        runs += _one_after_another(at_once, utilisation, notes)
    runs.sort(key=lambda session: session.lines)
    return Grouped(tuple(runs), tuple(notes), tuple(asked))


def rows(lines: Sequence[int]) -> str:
    """Rows of a file in words: ``row 2``, ``rows 2–9``, ``rows 2, 5 and 7``."""
    ordered = sorted(lines)
    if len(ordered) == 1:
        return f"row {ordered[0]}"
    if ordered == list(range(ordered[0], ordered[-1] + 1)) and len(ordered) > 2:
        return f"rows {ordered[0]}–{ordered[-1]}"
    shown = ordered[:6]
    more = f" and {len(ordered) - 6} more" if len(ordered) > 6 else ""
    return f"rows {', '.join(map(str, shown[:-1]))}{', ' if more else ' and '}{shown[-1]}{more}"


# --- the ways in which rows are one run ---


def _of_one_id(sessions: list[Session], utilisation: Utilisation, notes: list[str], asked: list[str]) -> list[Session]:
    """Rows of one run_id: sessions that add up, or one that was written again and again."""
    lines = _lines(sessions)
    what = f"{rows(lines)} have one run_id"
    if all(session.start is None for session in sessions):
        summed = _added(sessions)
        notes.append(f"{what}: taken as the sessions of one run, {_percent(utilisation(summed))}")
        return [summed]
    ordered = sorted(sessions, key=lambda session: (session.end or datetime.min, session.device_hours))
    if _disjoint(ordered):
        summed = _added(ordered)
        notes.append(
            f"{what} and follow one another: taken as {len(lines)} sessions of one run, {_percent(utilisation(summed))}"
        )
        return [summed]
    last = replace(ordered[-1], lines=lines)
    if all(before.device_hours <= after.device_hours for before, after in pairwise(ordered)):
        summed = _added(ordered)
        summed_percent = _percent(utilisation(summed))
        if _too_fast(utilisation(last)) and not _too_fast(utilisation(summed)):
            asked.append(
                f"{what} and grow: is it one run that was written {len(lines)} times, {_percent(utilisation(last))}, "
                f"or sessions that add up, {summed_percent}? Keep the last row, or sum them into one"
            )
            return []
        notes.append(
            f"{what} and grow: taken as one run that was written {len(lines)} times, the last row counts, "
            f"{_percent(utilisation(last))}; as sessions that add up it would be {summed_percent}"
        )
        return [last]
    longest = max(ordered, key=lambda session: session.device_hours)
    asked.append(
        f"{what} but neither grow nor follow one another: is it one run, {_percent(utilisation(longest))} by its "
        f"longest row, or sessions that add up, {_percent(utilisation(_added(ordered)))}? "
        "Keep the row that holds the run"
    )
    return []


def _of_one_time(
    sessions: list[Session], utilisation: Utilisation, notes: list[str], asked: list[str]
) -> list[Session]:
    """Rows of one time, project and kind of machine: one machine told several times, or several machines of a run."""
    flops = {session.training_flop for session in sessions}
    if len(flops) > 1:
        return sessions  # each has a compute of its own: runs beside each other
    lines = _lines(sessions)
    lasted = [session.seconds or 0.0 for session in sessions]
    together = max(lasted) <= (1 + SAME_TIME) * min(lasted)
    machines = _machines(sessions)
    what = f"{rows(lines)} are of one time, project and kind of machine"
    whole = _added([max(those, key=lambda session: session.device_hours) for those in machines])
    if any(session.power_w is None for session in sessions) and together:
        session = max(sessions, key=lambda session: session.device_hours)
        asked.append(
            f"{what}, and no energy tells whether it is one machine: is it one run told {len(lines)} times, "
            f"{_percent(utilisation(session))}, or one run on {len(lines)} machines, "
            f"{_percent(utilisation(_added(sessions)))}? Keep one row, or give the machines of a run one run_id"
        )
        return []
    if len(machines) == 1:
        told = replace(whole, lines=lines)
        if _too_fast(utilisation(told)) and not _too_fast(utilisation(_added(sessions))):
            asked.append(
                f"{what} and of one power: is it one run told {len(lines)} times, {_percent(utilisation(told))}, or "
                f"one run on {len(lines)} machines, {_percent(utilisation(_added(sessions)))}? Keep one row, or sum "
                "the durations of all into it; or the compute is not that of this run"
            )
            return []
        notes.append(
            f"{what} and of one power: taken as one run told {len(lines)} times (each process wrote the whole "
            f"machine), {_percent(utilisation(told))}; on {len(lines)} machines it would be "
            f"{_percent(utilisation(_added(sessions)))}"
        )
        return [told]
    if not together:
        return [max(those, key=lambda session: session.device_hours) for those in machines]
    told = replace(whole, lines=lines)
    notes.append(
        f"{what}, of {len(machines)} powers: taken as one run on {len(machines)} machines, "
        f"{_percent(utilisation(told))}; as runs of their own {_span(sessions, utilisation)}"
    )
    return [told]


def _one_after_another(sessions: list[Session], utilisation: Utilisation, notes: list[str]) -> list[Session]:
    """Rows without a compute of their own that follow one another: runs, or the sessions of one."""
    parts = [session for session in sessions if session.training_flop is None and session.start is not None]
    if len(parts) < 2 or not _disjoint(sorted(parts, key=lambda session: session.end or datetime.min)):
        return sessions
    each = [utilisation(session) for session in parts]
    if any(share is None for share in each):
        return sessions
    hours = [session.device_hours for session in parts]
    summed = _added(sorted(parts, key=lambda session: session.lines))
    whole = utilisation(summed)
    possible = all(share is not None and LEAST_UTILISATION <= share <= MOST_UTILISATION for share in each)
    what = f"{rows(summed.lines)} follow one another in one project"
    if possible and max(hours) <= APART * min(hours):
        notes.append(
            f"{what}: taken as {len(parts)} runs of the same compute, {_span(parts, utilisation)}; as sessions "
            f"of one run it would be {_percent(whole)}: then give them one run_id"
        )
        return sessions
    if whole is None or not LEAST_UTILISATION <= whole <= MOST_UTILISATION:
        return sessions
    notes.append(
        f"{what}: taken as {len(parts)} sessions of one run, {_percent(whole)}; as runs of the same compute they "
        f"would be {_span(parts, utilisation)}: then state the compute of each in a column training_flop"
    )
    kept = [session for session in sessions if session not in parts]
    return [*kept, summed]


# --- what they share ---


def _by(sessions: Iterable[Session], key: Callable[[Session], object]) -> list[list[Session]]:
    found: dict[object, list[Session]] = {}
    for session in sessions:
        found.setdefault(key(session), []).append(session)
    return list(found.values())


def _at_one_time(sessions: Sequence[Session]) -> list[list[Session]]:
    """Sessions in clusters that overlap for most of their time; those without a time stay alone."""
    alone = [[session] for session in sessions if session.start is None]
    clusters: list[list[Session]] = []
    timed = [session for session in sessions if session.start is not None]
    for session in sorted(timed, key=lambda session: session.start or datetime.min):
        first = clusters[-1][0] if clusters else None
        if first is not None and _overlap(first, session) >= OVERLAP:
            clusters[-1].append(session)
        else:
            clusters.append([session])
    return alone + clusters


def _overlap(first: Session, second: Session) -> float:
    """The time that both share, of the shorter one's."""
    assert first.start and second.start and first.end and second.end  # noqa: PT018
    shared = (min(first.end, second.end) - max(first.start, second.start)).total_seconds()
    return shared / max(min(first.seconds or 0.0, second.seconds or 0.0), 1e-9)


def _disjoint(ordered: Sequence[Session]) -> bool:
    """Whether sessions follow one another, a hundredth of their length aside."""
    if any(session.start is None for session in ordered):
        return False
    return all(
        after.start + timedelta(seconds=0.01 * (after.seconds or 0.0) + 1) >= before.end  # type: ignore[operator]
        for before, after in pairwise(ordered)
    )


def _machines(sessions: Sequence[Session]) -> list[list[Session]]:
    """Sessions by machine: those that read the same power are of one."""
    found: list[list[Session]] = []
    for session in sorted(sessions, key=lambda session: session.power_w or 0.0):
        last = found[-1][0].power_w if found else None
        if last is not None and session.power_w is not None and session.power_w <= (1 + SAME_POWER) * last:
            found[-1].append(session)
        else:
            found.append([session])
    return found


def _added(sessions: Sequence[Session]) -> Session:
    """Sessions as one: times add up, and so does compute where each states another."""
    flops = [session.training_flop for session in sessions if session.training_flop is not None]
    flop = None if not flops else flops[0] if len(set(flops)) == 1 else sum(flops)
    kwh = [session.kwh for session in sessions]
    return replace(
        sessions[-1],
        lines=_lines(sessions),
        device_hours=sum(session.device_hours for session in sessions),
        training_flop=flop,
        kwh=None if any(energy is None for energy in kwh) else sum(energy or 0.0 for energy in kwh),
    )


def _lines(sessions: Sequence[Session]) -> tuple[int, ...]:
    return tuple(sorted(line for session in sessions for line in session.lines))


def _too_fast(share: float | None) -> bool:
    return share is not None and share > MOST_UTILISATION


def _percent(share: float | None) -> str:
    return "compute not known" if share is None else f"{significant(100 * share, 2)} % of peak"


def _span(sessions: Sequence[Session], utilisation: Utilisation) -> str:
    shares = [share for session in sessions if (share := utilisation(session)) is not None]
    if not shares:
        return "compute not known"
    low, high = (significant(100 * share, 2) for share in (min(shares), max(shares)))
    return f"{low} % of peak" if low == high else f"{low}–{high} % of peak"
