"""A figure with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its uncertainty: ``low`` ≤ ``central`` ≤ ``high``, in the unit its name says."""

    low: float
    central: float
    high: float

    @property
    def ratio(self) -> float:
        """How wide it is: high over low (1 where both are zero)."""
        return self.high / self.low if self.low > 0 else 1.0


def normal_reach(level: float) -> float:
    """How many standard deviations either way hold this share of a normal distribution."""
    return NormalDist().inv_cdf(0.5 + level / 2)
