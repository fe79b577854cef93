"""The chance that a run keeps to a limit, and what limits say of several options.

The chance is that of the interval's own distribution: a figure's logarithm is normal, with the central value as its
median and, on either side, the width that the interval has there. So a limit at the high end of an 80 % interval is
kept nine times in ten, one at the central value as often as not.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

from oce import units
from oce.analysis import option_names
from oce.estimation import Estimate, Named
from oce.fields import DEFAULTS
from oce.interval import Interval, normal_quantile

FIRST_LEVEL = float(DEFAULTS["level"])  # of an interval, where nothing else is said
EVEN = 0.5  # a chance from which on something is likely


@dataclass(frozen=True, slots=True)
class _Words:
    """How a limit is said."""

    noun: str
    keep: str
    keeps: str
    at_the_high_end: str


WORDS = {
    "time_to_train_hours": _Words("time", "finish within", "finishes within", "even if slow"),
    "total_co2e_kg": _Words("carbon", "stay within", "stays within", "even at the high end"),
    "cost": _Words("cost", "cost at most", "costs at most", "even at the high end"),
}
NUMBERS = {3: "three", 4: "four", 5: "five", 6: "six"}


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
    short_names: tuple[str, ...]  # of each beside the others

    @property
    def keeping(self) -> tuple[str, ...]:
        """The options that keep to every limit even at the high end."""
        return tuple(name for place, name in enumerate(self.names) if all(one.kept[place] for one in self.limits))

    def sentence(self) -> str:
        """Which options keep to which limit even at the high end, and which limit tells them apart."""
        if not self.limits:
            return ""
        ordered = sorted(self.limits, key=lambda one: 0 if all(one.kept) else 1 if any(one.kept) else 2)
        said = "; ".join(_of_limit(self, one) for one in ordered)
        said = f"{said[0].upper()}{said[1:]}."
        alike = [WORDS[one.figure].noun for one in self.limits if all(one.kept)]
        if len(self.names) > 1 and 0 < len(alike) < len(self.limits):
            do = "do" if len(alike) > 1 else "does"
            said += f" {units.listed(alike).capitalize()} {do} not tell them apart."
        elif len(self.limits) > 1 and all(one.tells_apart for one in self.limits):
            them = "both" if len(self.limits) == 2 else "all of them"
            keep = "keep" if len(self.keeping) > 1 else "keeps"
            who = f"{units.listed(self.keeping)} {keep}" if self.keeping else "None is sure to keep"
            said += f" {who} to {them}."
        return said


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
    return Verdict(tuple(name for name, _ in options), limits, currency, option_names.short(options))


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
        days = units.significant(value / 24.0)
        return f"{days} day{'' if value == 24.0 else 's'}"
    return units.shown(value, units.MASS)


def limit_in_words(limit: Limit, currency: str | None) -> str:
    """A limit as it was given: 45 days, not 45.0."""
    number, space, unit = shown(limit.figure, limit.at_most, currency).partition(" ")
    return f"{units.without_zeros(number)}{space}{unit}"


def chance_of(limit: Limit, currency: str | None) -> str:
    """What the chances of a limit are of: ``Chance to finish within 45 days``."""
    return f"Chance to {WORDS[limit.figure].keep} {limit_in_words(limit, currency)}"


def _of_limit(found: Verdict, limit: Limit) -> str:
    """One limit in a clause."""
    words, at_most = WORDS[limit.figure], limit_in_words(limit, found.currency)
    keeping = [place for place, kept in enumerate(limit.kept) if kept]
    others = [place for place, kept in enumerate(limit.kept) if not kept]
    keep, names = words.keep if len(keeping) > 1 else words.keeps, found.names
    if not others:
        every = {1: names[0], 2: "both"}.get(len(names), f"all {NUMBERS.get(len(names), len(names))}")
        return f"{every} {keep} {at_most} {words.at_the_high_end}"
    if len(names) == 1:
        return f"{names[0]} is not sure to {words.keep} {at_most} (up to {_up_to(found, limit, 0)})"
    if not keeping:
        return _none_keeps(found, limit)
    ends = _ends(found, limit)
    own = _up_to(found, limit, keeping[0]) if len(keeping) == 1 else ", ".join(ends[place] for place in keeping)
    rest = ", ".join(ends[place] for place in others)
    who = units.listed(names[place] for place in keeping)
    return f"only {who} {keep} {at_most} {words.at_the_high_end} ({own}; {rest})"


def _up_to(found: Verdict, limit: Limit, place: int) -> str:
    """The high end of an option's figure."""
    value = limit.values[place]
    return "no price" if value is None else shown(limit.figure, value.high, found.currency)


def _ends(found: Verdict, limit: Limit) -> list[str]:
    """The high end of every option's figure, each with its name."""
    return [f"{name} {_up_to(found, limit, place)}" for place, name in enumerate(found.short_names)]


def _none_keeps(found: Verdict, limit: Limit) -> str:
    """That no option is sure to keep to a limit, and which most likely does; without chances, how far each may go."""
    keep = f"{WORDS[limit.figure].keep} {limit_in_words(limit, found.currency)}"
    if all(value is None for value in limit.values):
        return f"whether any would {keep} is not known, as none has a price"
    known = [(chance, place) for place, chance in enumerate(limit.chances) if chance is not None]
    if not known:
        return f"none is sure to {keep} ({', '.join(_ends(found, limit))})"
    chance, place = max(known, key=lambda pair: pair[0])
    likely = "sure" if chance >= EVEN else "likely"
    return f"none is {likely} to {keep} (best chance {in_words(chance)}: {found.names[place]})"
