"""The chance that a run keeps to a limit, and what limits say of several options.

The chance is that of the interval's own distribution: a figure's logarithm is normal, with the central value as its
median and, on either side, the width that the interval has there. So a limit at the high end of an 80 % interval is
kept nine times in ten, one at the central value as often as not.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from oce import units
from oce.estimation import Estimate, Named
from oce.interval import Interval, normal_quantile

FIRST_LEVEL = 0.8  # of an interval, where nothing else is said


@dataclass(frozen=True, slots=True)
class _Words:
    """How a limit is said."""

    noun: str
    keep: str
    keeps: str
    infinitive: str
    at_the_high_end: str


WORDS = {
    "time_to_train_hours": _Words("time", "are done within", "is done within", "be done within", "even if slow"),
    "total_co2e_kg": _Words("carbon", "stay within", "stays within", "stay within", "even at the high end"),
    "cost": _Words("cost", "cost at most", "costs at most", "cost at most", "even at the high end"),
}


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit, and how each option stands to it.

    ``chances`` are those of keeping to it; ``None`` where an interval stands for no share of runs, as one of the
    visitor's own does, or where an option has no such figure.
    """

    figure: str  # time_to_train_hours, total_co2e_kg or cost
    at_most: float  # in the unit of the figure
    values: tuple[Interval | None, ...]
    chances: tuple[float | None, ...]

    @property
    def kept(self) -> tuple[bool, ...]:
        """Which options keep to it even at the high end of their interval."""
        return tuple(value is not None and value.high <= self.at_most for value in self.values)

    @property
    def tells_apart(self) -> bool:
        """Whether some options keep to it even at the high end, and others do not."""
        return any(self.kept) and not all(self.kept)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What limits say of options: the chance of each, and which of them keep to every limit."""

    names: tuple[str, ...]
    limits: tuple[Limit, ...]
    currency: str | None

    @property
    def keeping(self) -> tuple[str, ...]:
        """The options that keep to every limit even at the high end."""
        return tuple(name for place, name in enumerate(self.names) if all(one.kept[place] for one in self.limits))

    def sentence(self) -> str:
        """Which options keep to which limit even at the high end, and which limit tells them apart."""
        said = [_of_limit(self, one) for one in self.limits]
        alike = [WORDS[one.figure].noun for one in self.limits if not one.tells_apart]
        if len(self.names) > 1 and 0 < len(alike) < len(self.limits):
            do = "do" if len(alike) > 1 else "does"
            said.append(f"{' and '.join(alike).capitalize()} {do} not tell them apart.")
        return " ".join(said)


def chance_within(interval: Interval, limit: float, level: float = FIRST_LEVEL) -> float:
    """The chance that a figure is at most a limit.

    Args:
        interval: The figure, whose central value is its median.
        limit: In the figure's unit.
        level: The share of runs that the interval holds.

    Returns:
        0 to 1; where there is no uncertainty, one of the two.
    """
    if interval.is_point or limit <= 0.0 or interval.central <= 0.0:
        return 1.0 if interval.central <= limit else 0.0
    distance = math.log(limit / interval.central)
    below, above = interval.log_widths if interval.low > 0.0 else (math.inf, math.log(interval.high / interval.central))
    width = below if distance < 0.0 else above
    if width == 0.0:
        return 0.0 if distance < 0.0 else 1.0
    return NormalDist().cdf(distance / width * normal_quantile(level))


def verdict(
    options: Named,
    deadline_hours: float | None = None,
    budget_kg: float | None = None,
    cost: float | None = None,
) -> Verdict:
    """What limits say of options: the chance that each keeps to each, and what tells them apart.

    Args:
        options: Estimates, each with its name.
        deadline_hours: The longest time to train [h], if there is a deadline.
        budget_kg: The most total carbon [kg CO2e], if there is a budget.
        cost: The most that it may cost, in the currency of the scenarios; those without a price have no chance stated.

    Returns:
        A verdict with a limit for each that is given.

    Example:
        >>> from oce import Scenario, estimate
        >>> run = Scenario(parameters=7e9, tokens=2e12, device="H100", device_count=512, region="USA")
        >>> found = verdict([("512 H100", estimate(run))], deadline_hours=30 * 24)
        >>> found.limits[0].chances[0] > 0.9, found.keeping
        (True, ('512 H100',))
    """
    results = [result for _, result in options]
    given = {"time_to_train_hours": deadline_hours, "total_co2e_kg": budget_kg, "cost": cost}
    limits = tuple(_limit(figure, at_most, results) for figure, at_most in given.items() if at_most is not None)
    currency = next((one.scenario.currency for one in results if one.scenario.currency), None)
    return Verdict(tuple(name for name, _ in options), limits, currency)


def in_words(chance: float | None) -> str:
    """A chance as people read it: whole per cent, and never quite none or all of it."""
    if chance is None:
        return "not known"
    return "under 1%" if chance < 0.01 else "over 99%" if chance > 0.99 else f"{chance:.0%}"


def _limit(figure: str, at_most: float, results: list[Estimate]) -> Limit:
    values: list[Interval | None] = [getattr(result, figure) for result in results]
    chances = tuple(
        None
        if value is None or (result.level is None and not value.is_point)
        else chance_within(value, at_most, result.level or FIRST_LEVEL)
        for value, result in zip(values, results, strict=True)
    )
    return Limit(figure, at_most, tuple(values), chances)


def shown(figure: str, value: float, currency: str | None) -> str:
    """A figure that is limited, with its unit; a time in days, as deadlines are."""
    if figure == "cost":
        return units.money(value, currency)
    if figure == "time_to_train_hours":
        return f"{units.significant(value / 24.0)} days"
    return units.shown(value, units.MASS)


def limit_in_words(limit: Limit, currency: str | None) -> str:
    """A limit as it was given: 45 days, not 45.0."""
    number, space, unit = shown(limit.figure, limit.at_most, currency).partition(" ")
    return f"{number.rstrip('0').rstrip('.') if '.' in number else number}{space}{unit}"


def _of_limit(found: Verdict, limit: Limit) -> str:
    """One limit in a sentence."""
    words, at_most = WORDS[limit.figure], limit_in_words(limit, found.currency)
    up_to = {
        name: "no price" if value is None else shown(limit.figure, value.high, found.currency)
        for name, value in zip(found.names, limit.values, strict=True)
    }
    keeping = [name for name, kept in zip(found.names, limit.kept, strict=True) if kept]
    others = [name for name in found.names if name not in keeping]
    several = len(found.names) > 1
    keep = words.keep if len(keeping) > 1 else words.keeps
    if not others:
        every = {1: found.names[0], 2: "Both"}.get(len(found.names), f"All {len(found.names)}")
        return f"{every} {keep} {at_most} {words.at_the_high_end}."
    listed = "; ".join(f"{name} {up_to[name]}" if several else f"up to {up_to[name]}" for name in [*keeping, *others])
    if keeping:
        return f"Only {' and '.join(keeping)} {keep} {at_most} {words.at_the_high_end} ({listed})."
    none = "None is" if several else f"{found.names[0]} is not"
    return f"{none} sure to {words.infinitive} {at_most} ({listed})."
