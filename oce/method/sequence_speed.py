"""How long a token takes in a long sequence: attention costs more there, and runs slower than the rest of a model.

Of one model on one device, measured at several lengths s of the sequence (``data/sequence_speed.csv``), the time for a
token is close to a + b s. The weights take a, attention b s; and as both compute is known, so is the speed of attention
against that of the weights. Stacks differ in it by more than a factor of three; what a run's own stack does is not
known, so their mean counts, and their spread is in the interval. How another device than the reference differs in it is
the attention term of :mod:`oce.method.device_speed`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.reader import Row, read
from oce.method import compute
from oce.method.hardware_features import REFERENCE_DEVICE, USUAL_SEQUENCE

Floats = NDArray[np.float64]

LONG = 4096.0  # tokens from which on the time grows in proportion
FEWEST = 3  # lengths of a model, for a line through them
ALIKE = 0.1  # of ln size: two models of as many parameters


class Rate(Row):
    """A measured rate: a row of ``data/sequence_speed.csv``."""

    source: str  # the stack
    model: str
    device: str  # id
    parameters: float = Field(ge=1e5, le=1e14)
    sequence_length: float = Field(ge=1, le=1e8)  # [tokens]
    tokens_per_second_per_device: float = Field(ge=1e-6, le=1e12)
    read_from: str
    licence: str


@cached
def rates() -> tuple[Rate, ...]:
    """Every row of ``data/sequence_speed.csv``."""
    return read("sequence_speed.csv", Rate)


@dataclass(frozen=True, slots=True)
class AttentionSpeed:
    """FLOP/s of attention over that of the weights, on the reference device: over stacks, and how they spread."""

    central: float
    log_sd: float  # of a stack that is not among them


@cached
def attention_speed() -> AttentionSpeed:
    """The geometric mean of the stacks' speeds, and the standard deviation between them.

    Of the stack that measured the reference device: the median of its models there. Of another: that, times what it
    reaches against the first on a device and a size that both measured.
    """
    found = stack_speeds()
    logs = np.log(list(found.values()))
    # The mean is not known either: it adds its own variance to that between stacks.
    return AttentionSpeed(float(np.exp(logs.mean())), float(logs.std(ddof=1) * np.sqrt(1.0 + 1.0 / len(logs))))


@cached
def stack_speeds() -> Mapping[str, float]:
    """FLOP/s of attention over that of the weights on the reference device, by source."""
    measured = _measured()
    first = next(place.source for place in measured if place.device == REFERENCE_DEVICE)
    on_reference = [v for place, v in measured.items() if (place.source, place.device) == (first, REFERENCE_DEVICE)]
    found = {first: float(np.median(on_reference))}
    for source in dict.fromkeys(place.source for place in measured if place.source != first):
        times = [
            np.log(v / other)
            for place, v in measured.items()
            for beside, other in measured.items()
            if place.source == source and beside.source == first and place.is_like(beside)
        ]
        if times:
            found[source] = found[first] * float(np.exp(np.median(times)))
    return found


@dataclass(frozen=True, slots=True)
class _Place:
    """What the lengths were measured of."""

    source: str
    model: str
    device: str
    size: float  # [parameters]

    def is_like(self, other: _Place) -> bool:
        return self.device == other.device and abs(np.log(self.size / other.size)) < ALIKE


def _measured() -> dict[_Place, float]:
    """The speed of attention over that of the weights, of every model and device with enough long sequences."""
    of_place: dict[tuple[str, str, str], list[Rate]] = {}
    for rate in rates():
        if rate.sequence_length >= LONG:
            of_place.setdefault((rate.source, rate.model, rate.device), []).append(rate)
    found = {}
    for (source, model, device), rows in of_place.items():
        if len(rows) >= FEWEST:
            size = float(np.mean([rate.parameters for rate in rows]))
            found[_Place(source, model, device, size)] = _of_line(rows, size)
    return found


def _of_line(rows: Sequence[Rate], size: float) -> float:
    length = np.array([rate.sequence_length for rate in rows])
    seconds = 1.0 / np.array([rate.tokens_per_second_per_device for rate in rows])
    slope, start = np.polyfit(length, seconds, 1, w=1.0 / seconds)  # relative errors are alike
    attention = float(compute.attention_flop_per_token(compute.shape(size), 1.0))
    return float((attention / slope) / (compute.FLOP_PER_PARAMETER_PER_TOKEN * size / start))


def time_over_compute(attention_share: ArrayLike, usual_share: ArrayLike) -> Floats:
    """How much longer a FLOP takes than at the usual length, as attention is the slower part.

    Args:
        attention_share: Compute of attention over that of the weights, at the length that is given.
        usual_share: The same at the usual length, 4,096 tokens; what runs reach
            holds some attention, though their compute leaves it out.

    Returns:
        Time of a run over that of a run with the same compute, all of it in the weights, at the usual length, in the
        shape that both broadcast to.
    """
    share, usual = (np.asarray(value, dtype=np.float64) for value in (attention_share, usual_share))
    slow = 1.0 / attention_speed().central
    return np.asarray((1.0 + share * slow) / (1.0 + share) / (1.0 + usual * slow))


def log_sd(attention_share: ArrayLike, usual_share: ArrayLike) -> Floats:
    """How unsure :func:`time_over_compute` is, as the speed of attention is another from stack to stack.

    d ln T / d ln v times the spread of ln v, with T = (1 + a / v) / (1 + a) / (1 + a₀ / v). Below the usual length it
    is negative: the same stack moves both, so differences count.

    Args:
        attention_share: As there.
        usual_share: As there.

    Returns:
        A standard deviation of ln T with its sign, in the shape that both broadcast to.
    """
    speed = attention_speed()
    share, usual = (np.asarray(value, dtype=np.float64) / speed.central for value in (attention_share, usual_share))
    return np.asarray((share / (1.0 + share) - usual / (1.0 + usual)) * speed.log_sd)


__all__ = [
    "USUAL_SEQUENCE",
    "AttentionSpeed",
    "Rate",
    "attention_speed",
    "log_sd",
    "rates",
    "stack_speeds",
    "time_over_compute",
]
