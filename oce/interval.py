"""A figure with its uncertainty, and the arithmetic of such figures."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist

BOUNDS = ("low", "central", "high")


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its uncertainty: ``low`` ≤ ``central`` ≤ ``high``, in the unit that its name says.

    ``+`` adds bound to bound, as of figures that are low together and high together; ``×`` and ``÷`` take a number.
    What is independent goes by :meth:`ratio_to` and :meth:`with_log_variance`. Bounds may be infinite, as the ratio of
    something to nothing is.

    Raises:
        ValueError: Where the three are out of order, or one of them is not a number (NaN).

    Example:
        >>> hours = Interval(90.0, 100.0, 120.0)
        >>> hours * 2 + Interval.point(5.0)
        Interval(low=185.0, central=205.0, high=245.0)
        >>> hours.map(lambda taken: 1000.0 / taken).central  # a falling function turns the bounds around
        10.0
    """

    low: float
    central: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.central <= self.high:  # NaN as well
            raise ValueError(
                f"an interval needs low ≤ central ≤ high, not low={self.low}, central={self.central}, high={self.high}"
            )

    @classmethod
    def point(cls, value: float) -> Interval:
        """A figure without uncertainty."""
        return cls(value, value, value)

    @classmethod
    def from_log_widths(cls, central: float, below: float, above: float) -> Interval:
        """From ``central`` × e^−below to ``central`` × e^above."""
        return cls(central * math.exp(-below), central, central * math.exp(above))

    def __iter__(self) -> Iterator[float]:
        """Low, central and high, in this order."""
        yield from (self.low, self.central, self.high)

    def __contains__(self, value: float) -> bool:
        """Whether a value lies within the bounds."""
        return self.low <= value <= self.high

    def __add__(self, other: Interval) -> Interval:
        """Both figures together, bound by bound: as if both were low, or both high, at once."""
        if not isinstance(other, Interval):
            return NotImplemented
        return Interval(self.low + other.low, self.central + other.central, self.high + other.high)

    def __mul__(self, factor: float) -> Interval:
        """In proportion; a negative factor turns the bounds around."""
        return NotImplemented if isinstance(factor, Interval) else self.map(lambda value: value * factor)

    __rmul__ = __mul__

    def __truediv__(self, divisor: float) -> Interval:
        """In proportion; the ratio of two figures is :meth:`ratio_to`."""
        return NotImplemented if isinstance(divisor, Interval) else self.map(lambda value: value / divisor)

    def map(self, function: Callable[[float], float]) -> Interval:
        """The figure under a function that rises or falls over the whole of the interval.

        Raises:
            ValueError: Where the function does neither, as far as the three values show it.
        """
        low, central, high = map(function, self)
        return Interval(low, central, high) if low <= high else Interval(high, central, low)

    def ratio_to(self, other: Interval) -> Interval | None:
        """This figure over another that is independent of it; ``None`` where a bound of either is zero.

        The widths of the logarithms add up in quadrature: two independent figures are seldom both at a bound.
        """
        if min(self.low, other.low) <= 0:
            return None
        (below, above), (other_below, other_above) = self.log_widths, other.log_widths
        return Interval.from_log_widths(
            self.central / other.central, math.hypot(below, other_above), math.hypot(above, other_below)
        )

    def widened(self, factor: float) -> Interval:
        """With bounds that lie further out by a factor of at least 1."""
        return Interval(self.low / factor, self.central, self.high * factor)

    def with_log_variance(self, further: float) -> Interval:
        """With more that is unsure, or less: ``further`` is added to the square of each width of the logarithm.

        An interval that reaches down to zero is left as it is.
        """
        if further == 0.0 or self.low <= 0.0:
            return self
        below, above = (math.sqrt(max(0.0, width**2 + further)) for width in self.log_widths)
        return Interval.from_log_widths(self.central, below, above)

    @property
    def is_point(self) -> bool:
        """Whether there is no uncertainty in it."""
        return self.low == self.high

    @property
    def high_over_low(self) -> float:
        """How wide it is: high over low (1 where low is zero)."""
        return self.high / self.low if self.low > 0 else 1.0

    @property
    def log_half_width(self) -> float:
        """Half of the logarithm of high over low (0 where low is zero)."""
        return math.log(self.high_over_low) / 2.0

    @property
    def log_widths(self) -> tuple[float, float]:
        """ln(central / low) and ln(high / central), for bounds above zero."""
        return math.log(self.central / self.low), math.log(self.high / self.central)

    def mean(self, confidence_level: float) -> float:
        """The mean, where ``central`` is the median and the logarithm is normal, of which it holds this share."""
        log_sd = self.log_half_width / normal_quantile(confidence_level)
        return self.central * math.exp(log_sd**2 / 2.0)


def normal_quantile(confidence_level: float) -> float:
    """How many standard deviations either way hold this share of a normal distribution."""
    return NormalDist().inv_cdf(0.5 + confidence_level / 2)
