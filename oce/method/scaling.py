"""What many devices lose: the speed of each falls with the work that each has, and a little with their number.

A step works on a global batch of B tokens on n devices. What a device does between two exchanges is x = B / n tokens,
and the exchange takes as long as x₀ tokens do, so that its speed is

    v(x, n) = x / (x + x₀) × (n / 8)^-γ

x₀ is about the same for all models, as both work and exchange grow with the parameters. It is learnt from runs of one
model at several counts (``data/same_stack_scaling.csv``), γ from those that kept the work of a device: one for 16 bits,
one for fewer, one for devices in several places. Each has its spread.

The calibration has learnt from runs on as many devices as such runs have. So a run's loss is counted from theirs: the
reference is the number of devices usual for its compute among the reported runs, at the batch usual for it.

A batch that is not given is the one usual for the compute, on however many devices: who has more of them may take a
larger batch, but that is another way to train, and to be said. So numbers of devices are compared at one batch.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from oce import catalog
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read
from oce.method import compute
from oce.method.hardware_features import USUAL_SEQUENCE

Floats = NDArray[np.float64]

KINDS = ("work per device kept", "batch kept", "batch free", "between slices", "model grows")
SERVER = 8.0  # devices below which nothing is lost to their number
INFORMATIVE = 8192.0  # tokens per device: a series that stays above says nothing of x₀
LEAST_CHANGE = 1.4  # of the tokens per device, for the same reason
REGIMES = ("server", "cluster", "sites")
CLUSTER = np.full(1, float(REGIMES.index("cluster")))

__all__ = ["REGIMES", "USUAL_SEQUENCE", "default_batch", "law", "loss", "most_devices", "speed"]


class Series(Row):
    """One model on one device at several counts: a row of ``data/same_stack_scaling.csv``."""

    stack: str = ""
    model: str
    device: str = ""  # id; empty where the catalogue has it not
    precision: str = ""
    kind: Annotated[str, OneOf(KINDS)]
    points: int = Field(ge=2, le=1e4)
    count_from: float = Field(ge=1, le=1e7)
    count_to: float = Field(ge=1, le=1e7)
    tokens_per_device_from: float | None = Field(None, ge=1e-3, le=1e12)  # of the global batch
    tokens_per_device_to: float | None = Field(None, ge=1e-3, le=1e12)
    speed_ratio: float | None = Field(None, ge=1e-3, le=1e12)  # per device, at most devices over at fewest
    exponent: float = Field(ge=-3, le=3)  # of speed per device against count
    exponent_se: float = Field(ge=0, le=3)
    left_out: str = ""  # why it is not learnt from; empty where it is
    read_from: str
    licence: str

    @property
    def is_low_precision(self) -> bool:
        """Whether its arithmetic has fewer than 16 bits."""
        return self.precision.startswith(("fp8", "int8", "fp4"))


class Batch(Row):
    """The global batch of a published run: a row of ``data/published_batches.csv``."""

    model: str
    parameters: float = Field(ge=1e5, le=1e14)  # active
    tokens: float = Field(ge=1e5, le=1e16)
    batch_tokens: float = Field(ge=1, le=1e12)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Learnt:
    """A quantity with its spread, and how many models on a device it rests on."""

    centre: float
    sd: float
    models: int


@dataclass(frozen=True, slots=True)
class Law:
    """The law: ln x₀ [ln tokens], and γ for 16 bits, for fewer, and between places."""

    log_x0: Learnt
    gamma: Mapping[str, Learnt]  # of "16 bits", "low precision", "sites"


@dataclass(frozen=True, slots=True)
class Power:
    """ln y = first + second × ln compute: what is usual for a run of some compute."""

    first: float
    second: float
    runs: int

    def at(self, log_flop: Floats) -> Floats:
        """Ln y at some ln FLOP."""
        return self.first + self.second * log_flop


@cached
def series() -> tuple[Series, ...]:
    """Every row of ``data/same_stack_scaling.csv``."""
    return read("same_stack_scaling.csv", Series)


@cached
def batches() -> tuple[Batch, ...]:
    """Every row of ``data/published_batches.csv``."""
    return read("published_batches.csv", Batch)


@cached
def law() -> Law:
    """The law as the series have it, each model on a device counting once."""
    used = [row for row in series() if not row.left_out]
    kept = [row for row in used if row.kind == "work per device kept"]
    gamma = {
        "16 bits": _gamma(row for row in kept if not row.is_low_precision),
        "low precision": _gamma(row for row in kept if row.is_low_precision),
        "sites": _gamma(row for row in used if row.kind == "between slices"),
    }
    found = [(row, _log_x0(row, gamma)) for row in used if row.kind in ("batch kept", "batch free")]
    by_model = _medians((row, value) for row, value in found if value is not None)
    return Law(Learnt(float(np.mean(by_model)), float(np.std(by_model, ddof=1)), len(by_model)), gamma)


@cached
def usual_batch() -> Power:
    """The global batch [tokens] usual for a run's compute, by the published ones."""
    rows = batches()
    flop = [float(compute.training_flop(row.parameters, row.tokens)) for row in rows]
    return _power(flop, [row.batch_tokens for row in rows])


@cached
def usual_count() -> Power:
    """The number of devices usual for a run's compute, by the reported runs."""
    rows = [row for row in catalog.runs() if row.device_count and row.training_flop]
    return _power([row.training_flop or 0.0 for row in rows], [row.device_count or 0.0 for row in rows])


@dataclass(frozen=True, slots=True)
class Loss:
    """Ln of device-time over that of the reference, and its standard deviation; 0 and 0 where no count was given."""

    log_time: Floats
    log_sd: Floats


def loss(
    training_flop: Floats,
    count: Floats,
    batch_tokens: Floats,
    regime: Floats,
    low_precision: Floats,
) -> Loss:
    """What a run on so many devices loses against the usual number for its compute: v(x, n) of the module, in the log.

    Args:
        training_flop: Of the run [FLOP].
        count: Devices; NaN: not given, and then nothing is lost.
        batch_tokens: Global batch [tokens]; NaN: the usual (:func:`default_batch`).
        regime: Place in :data:`REGIMES`.
        low_precision: 1 where its arithmetic has fewer than 16 bits, else 0.

    Returns:
        The loss, in the shape that the arguments broadcast to; below 0 on fewer devices than usual.
    """
    model = law()
    log_flop = np.log(training_flop)
    usual = _log_batch(log_flop)
    log_count = np.log(count)
    batch = usual
    if not np.all(np.isnan(batch_tokens)):
        batch = np.where(np.isnan(batch_tokens), usual, np.log(batch_tokens))
    log_reference = np.maximum(usual_count().at(log_flop), 0.0)
    x0 = np.exp(model.log_x0.centre)
    here = 1.0 / (1.0 + x0 * np.exp(log_count - batch))
    there = 1.0 / (1.0 + x0 * np.exp(log_reference - usual))
    servers, usual_servers = (np.maximum(value - np.log(SERVER), 0.0) for value in (log_count, log_reference))
    gamma, sd = _regime(regime, low_precision)
    usual_gamma, _ = _regime(CLUSTER, low_precision)
    log_time = np.log(there / here) + gamma * servers - usual_gamma * usual_servers
    log_sd = np.hypot(model.log_x0.sd * (there - here), sd * (servers - usual_servers))
    given = ~np.isnan(log_count)
    return Loss(np.where(given, log_time, 0.0), np.where(given, log_sd, 0.0))


def speed(count: ArrayLike, batch_tokens: ArrayLike, regime: str = "cluster", low_precision: bool = False) -> Floats:
    """Speed per device, as a share of what eight devices with all the work they want reach.

    Args:
        count: Devices.
        batch_tokens: Global batch [tokens].
        regime: One of :data:`REGIMES`.
        low_precision: Whether its arithmetic has fewer than 16 bits.

    Returns:
        v(x, n) of the module, between 0 and 1, in the shape that count and batch broadcast to.

    Raises:
        ValueError: Where there is no such regime.
    """
    n = np.asarray(count, dtype=np.float64)
    x = np.asarray(batch_tokens, dtype=np.float64) / n
    gamma, _ = _regime(np.full(1, float(REGIMES.index(regime))), np.full(1, float(low_precision)))
    return np.asarray(x / (x + np.exp(law().log_x0.centre)) * (np.maximum(n, SERVER) / SERVER) ** -gamma)


def most_devices(batch_tokens: ArrayLike, sequence_length: ArrayLike, replica: ArrayLike) -> Floats:
    """Devices past which more do nothing: one sequence for each copy of the model, and each copy as split as it can be.

    Args:
        batch_tokens: Global batch [tokens].
        sequence_length: Tokens in a sequence.
        replica: Devices across which one copy is split (:func:`oce.method.memory.replica_devices`).

    Returns:
        ⌊batch ÷ sequence⌋ × replica, in the shape that the arguments broadcast to.
    """
    sequences = np.maximum(
        np.floor(np.asarray(batch_tokens, dtype=np.float64) / np.asarray(sequence_length, dtype=np.float64)), 1.0
    )
    return np.asarray(sequences * np.asarray(replica, dtype=np.float64))


def default_batch(training_flop: ArrayLike) -> Floats:
    """The global batch where none is given [tokens]: usual for the compute, and the same on any number of devices.

    Args:
        training_flop: Of the run [FLOP].

    Returns:
        Tokens, a line through the published batches in the logarithms (``data/published_batches.csv``), and never fewer
        than the smallest of them.
    """
    return np.exp(_log_batch(np.log(np.asarray(training_flop, dtype=np.float64))))


def largest_batch(training_flop: ArrayLike) -> Floats:
    """The largest global batch that a run of this compute is taken to have [tokens].

    It is as many times the usual as the largest of the published ones.

    Args:
        training_flop: Of the run [FLOP].

    Returns:
        Tokens, in the shape of the compute.
    """
    return np.asarray(default_batch(training_flop) * np.exp(_stretch()))


@cached
def _stretch() -> float:
    """Ln of how many times the usual batch for its compute a published one was at most."""
    rows = batches()
    usual = usual_batch().at(np.log([float(compute.training_flop(row.parameters, row.tokens)) for row in rows]))
    return float(np.max(np.log([row.batch_tokens for row in rows]) - usual))


def _log_batch(log_flop: Floats) -> Floats:
    return np.asarray(np.maximum(usual_batch().at(log_flop), _log_least_batch()))


@cached
def _log_least_batch() -> float:
    return float(np.log(min(row.batch_tokens for row in batches())))


@cached
def _gammas() -> Floats:
    """γ for 16 bits, for fewer and between places, and its standard deviation: 2 × 3."""
    found = [law().gamma[name] for name in ("16 bits", "low precision", "sites")]
    return np.array([[gamma.centre for gamma in found], [gamma.sd for gamma in found]])


def _regime(regime: Floats, low_precision: Floats) -> tuple[Floats, Floats]:
    """γ and its standard deviation: none within a server, more between places."""
    centres, spreads = _gammas()
    where = np.where(regime == REGIMES.index("sites"), 2, np.where(low_precision > 0, 1, 0)).astype(np.intp)
    within = regime != REGIMES.index("server")
    return centres[where] * within, spreads[where] * within


def _gamma(rows: Iterable[Series]) -> Learnt:
    """The median of the models, as a few badly tuned ones lie far out."""
    found = _medians((row, -row.exponent) for row in rows)
    return Learnt(max(float(np.median(found)), 0.0), float(np.std(found, ddof=1)), len(found))


def _log_x0(row: Series, gamma: Mapping[str, Learnt]) -> float | None:
    """Ln x₀ of a series from its two ends, where it says anything of it."""
    first, last, ratio = row.tokens_per_device_from, row.tokens_per_device_to, row.speed_ratio
    if first is None or last is None or ratio is None or last > INFORMATIVE or first < LEAST_CHANGE * last:
        return None
    g = gamma["low precision" if row.is_low_precision else "16 bits"].centre
    alone = ratio * (max(row.count_to, SERVER) / max(row.count_from, SERVER)) ** g
    if not last / first < alone < 1.0:
        return None
    return float(np.log(first * last * (1.0 - alone) / (alone * first - last)))


def _medians(values: Iterable[tuple[Series, float]]) -> list[float]:
    """The median of each model on each device, as a few series are badly tuned."""
    found: dict[tuple[str, str], list[float]] = {}
    for row, value in values:
        found.setdefault((row.model, row.device), []).append(value)
    return [float(np.median(each)) for each in found.values()]


def _power(flop: Sequence[float], values: Sequence[float]) -> Power:
    second, first = np.polyfit(np.log(flop), np.log(values), 1)
    return Power(float(first), float(second), len(values))
