"""Methods whose predictions are known beforehand, to be scored."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from oce import catalog
from oce.catalog import Run
from oce.evaluation import cross_validation
from oce.evaluation.cross_validation import Floats
from oce.method.conformal import CONFIDENCE_LEVELS

SCORED = [run for run in catalog.runs() if run.scored]

TEMPLATE = SCORED[0]


def hours_of(runs: Sequence[Run]) -> Floats:
    return np.array([run.device_hours for run in runs], dtype=np.float64)


def runs_with_noise(organisations: int, each: int, seed: int) -> list[Run]:
    """Runs whose device-hours scatter about the same value, independently of everything else."""
    hours = np.random.default_rng(seed).lognormal(math.log(1000), 0.5, size=(organisations, each))
    return [
        TEMPLATE.replace(id=f"run-{i}-{j}", organisation_group=f"organisation {i}", device_hours=float(value))
        for i, row in enumerate(hours)
        for j, value in enumerate(row)
    ]


@dataclass
class Times:
    """Predicts the reported device-hours times a factor: what no method can, and the scores must tell apart."""

    factor: float = 1.0
    unanswered: frozenset[str] = frozenset()
    name = "times"
    about = "A constant multiple of the truth."
    fitted = False

    def predict(self, _train: Sequence[Run], test: Sequence[Run]) -> Floats:
        return np.where([run.id in self.unanswered for run in test], math.nan, self.factor * hours_of(test))


@dataclass
class Median:
    """Predicts the median device-hours of the runs it learns from, and remembers what it was shown."""

    seen: list[tuple[frozenset[str], frozenset[str]]] = field(default_factory=list)
    name = "median"
    about = "The median of the other runs."
    fitted = True

    def predict(self, train: Sequence[Run], test: Sequence[Run]) -> Floats:
        learnt, asked = (frozenset(run.organisation_group for run in runs) for runs in (train, test))
        self.seen.append((learnt, asked))
        return np.full(len(test), np.median(hours_of(train)))


class MedianAndHalf(Median):
    """The same with an interval of its own: a factor of 1.5, 2 and 3 either way."""

    def predict_intervals(self, train: Sequence[Run], test: Sequence[Run]) -> cross_validation.Predicted:
        central = self.predict(train, test)
        factors = dict(zip(CONFIDENCE_LEVELS, (1.5, 2.0, 3.0), strict=True))
        return cross_validation.Predicted(
            central,
            {level: central / factor for level, factor in factors.items()},
            {level: central * factor for level, factor in factors.items()},
        )
