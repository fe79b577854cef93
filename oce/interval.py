"""A figure with its uncertainty."""

from __future__ import annotations

import math
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

    def mean(self, level: float) -> float:
        """The mean, where ``central`` is the median and the logarithm is normal.

        Args:
            level: Share that the interval holds.
        """
        log_sd = math.log(self.ratio) / 2.0 / normal_reach(level)
        return self.central * math.exp(log_sd**2 / 2.0)


def normal_reach(level: float) -> float:
    """How many standard deviations either way hold this share of a normal distribution."""
    return NormalDist().inv_cdf(0.5 + level / 2)
