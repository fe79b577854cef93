"""How long a token takes in a long sequence: attention costs more there, and runs slower than the rest of a model.

Of one model on one device, measured at several lengths s of the sequence (``data/sequence_speed.csv``), the time for a
token is close to a + b s. The weights take a, attention b s; and as both compute is known, so is the speed of attention
against that of the weights. It is the median of the models on the reference device; how another device differs in it is
the attention term of :mod:`oce.method.device_speed`.
"""

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


class Rate(Row):
    """A measured rate: a row of ``data/sequence_speed.csv``."""

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


@cached
def attention_speed() -> float:
    """FLOP/s of attention over that of the weights, on the reference device: the median of its models."""
    found: list[float] = []
    by_model: dict[str, list[Rate]] = {}
    for rate in rates():
        if rate.device == REFERENCE_DEVICE and rate.sequence_length >= LONG:
            by_model.setdefault(rate.model, []).append(rate)
    for rows in by_model.values():
        if len(rows) < FEWEST:
            continue
        length = np.array([rate.sequence_length for rate in rows])
        seconds = 1.0 / np.array([rate.tokens_per_second_per_device for rate in rows])
        slope, start = np.polyfit(length, seconds, 1, w=1.0 / seconds)  # relative errors are alike
        size = float(np.mean([rate.parameters for rate in rows]))
        attention = float(compute.attention_flop_per_token(compute.shape(size), 1.0))
        found.append((attention / slope) / (compute.FLOP_PER_PARAMETER_PER_TOKEN * size / start))
    return float(np.median(found))


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
    slow = 1.0 / attention_speed()
    return np.asarray((1.0 + share * slow) / (1.0 + share) / (1.0 + usual * slow))


__all__ = ["USUAL_SEQUENCE", "Rate", "attention_speed", "rates", "time_over_compute"]
