"""A ratio in words: how much less or more, as people say it, or that there is no clear difference."""

import math
from collections.abc import Mapping

from oce import units
from oce.interval import Interval

EXACT = 1.005  # ends of an interval that are nearer to each other than that are no interval
LEAST_PERCENT = 0.5  # of a change that is said; below, it is the same
TWICE = 2.0  # from which on it is said how many times as much
NEAR_FRACTION = 0.08  # how far, of it, a ratio may be from a fraction that it is called
FRACTIONS: Mapping[int, str] = {
    **{2: "half", 3: "a third", 4: "a quarter", 5: "a fifth", 6: "a sixth", 7: "a seventh", 8: "an eighth"},
    **{9: "a ninth", 10: "a tenth"},
}
OF_AMOUNT, OF_HEIGHT = ("less", "more", "much"), ("lower", "higher", "high")  # a change is said in either
NO_CLEAR_DIFFERENCE = "no clear difference"
SAME = "the same"


def in_words(times: Interval) -> str:
    """How many times as much, as it is said.

    Returns:
        ``86% less (a seventh; 80–90% less)``, ``2.1 times as much (1.6–2.8 times)``, ``the same``, or, where the
        interval holds 1, ``no clear difference: best estimate 6% lower; could be 41% lower or 49% higher``.
    """
    if times.central == 0.0:
        return "100% less"
    if math.isinf(times.central):
        return "more than nothing"
    if not is_apart(times) and not _is_exact(times):
        return f"{NO_CLEAR_DIFFERENCE}: best estimate {_change(times.central, OF_HEIGHT)}{_could_be(times)}"
    first, second = _change(times.central, OF_AMOUNT), _bracket(times)
    return f"{first} ({second})" if second else first


def sentence(baseline: str, other: str, times: Interval, weak: str = "") -> str:
    """Which of two emits less, or that there is no clear difference.

    Args:
        baseline: What the other is compared with.
        other: What is compared.
        times: How many times the baseline's figure the other's is.
        weak: Why the devices' speed rests on no measurement of both; empty where it does.

    Returns:
        A sentence without a full stop, as for a title.
    """
    if times.central in (0.0, math.inf):
        return f"{other if times.central == 0.0 else baseline} emits nothing"
    if not is_apart(times) and not _is_exact(times):
        change = _change(times.central, OF_HEIGHT)
        remark = f" ({weak})" if weak else ""
        return (
            f"{NO_CLEAR_DIFFERENCE.capitalize()}: best estimate of {other} {change} {_than(change)} of {baseline}"
            f"{_could_be(times)}{remark}"
        )
    change = _change(times.central, OF_AMOUNT)
    within = "; ".join(filter(None, (_bracket(times), weak)))
    remark = f" ({within})" if within else ""
    return f"{other} {'may emit' if weak else 'emits'} {change} {_than(change)} {baseline}{remark}"


def is_apart(times: Interval) -> bool:
    """Whether the interval leaves out 1."""
    return not times.low < 1.0 < times.high


def _is_exact(times: Interval) -> bool:
    return times.high / times.low < EXACT


def _change(value: float, words: tuple[str, str, str]) -> str:
    """``86% less``, ``40% more``, ``2.1 times as much`` (or lower, higher, high), or ``the same``."""
    below, above, many = words
    if value >= TWICE:
        return f"{_times(value)} times as {many}"
    share = _percent(value)
    return f"{share} {below if value < 1.0 else above}" if share else SAME


def _than(change: str) -> str:
    """What stands before that which something is compared with: ``6% lower than``, ``the same as``."""
    return "than" if change.endswith(OF_AMOUNT[:2] + OF_HEIGHT[:2]) else "as"


def _bracket(times: Interval) -> str:
    """What stands in brackets behind a change: the fraction, and the ends of the interval."""
    return "; ".join(filter(None, (_fraction(times.central), "" if _is_exact(times) else _between(times))))


def _could_be(times: Interval) -> str:
    """``; could be 41% lower or 49% higher``."""
    ends = [said for end in (times.low, times.high) if (said := _change(end, OF_HEIGHT)) != SAME]
    return f"; could be {' or '.join(ends)}" if ends else ""


def _between(times: Interval) -> str:
    """The ends of an interval that leaves out 1, the smaller change first: ``80–90% less``, ``1.6–2.8 times``."""
    if times.central >= TWICE:
        return f"{_times(times.low)}–{_times(times.high)} times"
    if times.high >= TWICE:
        return f"{_percent(times.low) or '0%'} more to {_times(times.high)} times as much"
    near, far = (times.high, times.low) if times.high <= 1.0 else (times.low, times.high)
    return f"{_percent(near).rstrip('%') or '0'}–{_percent(far)} {'less' if far < 1.0 else 'more'}"


def _percent(value: float) -> str:
    """How far a ratio below 2 is from 1, in whole per cent, with more digits near to 100; empty at 1."""
    change = 100.0 * abs(value - 1.0)
    if change < LEAST_PERCENT:
        return ""
    nearest = min(change, 100.0 - change) if value < 1.0 else change
    places = max(0, math.ceil(-math.log10(nearest))) if 0.0 < nearest < 1.0 else 0
    return f"{units.without_zeros(f'{change:.{places}f}')}%"


def _fraction(value: float) -> str:
    """What a ratio is near to, as people say it: ``a seventh``, ``1/25``; empty where it is near to none."""
    parts = 1.0 / value
    whole = round(parts)
    if whole in FRACTIONS:
        return FRACTIONS[whole] if abs(parts - whole) <= NEAR_FRACTION * whole else ""
    return f"1/{_times(parts)}" if whole > max(FRACTIONS) else ""


def _times(value: float) -> str:
    """Two significant digits, three from a hundred on, in plain notation."""
    return units.without_zeros(units.significant(value, 3 if value >= 100.0 else 2))
