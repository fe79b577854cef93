"""Energy of one query: measured tasks and models, the parity with training, and the model of EcoLogits.

Measured: Luccioni, Jernite and Strubell, *Power Hungry Processing* (FAccT 2024, arXiv:2311.16863), Tables 2, 3 and 5.
Each query ran alone (no batching) on one A100 80 GB of a node of eight in us-west-2; the idle draw of the other seven
is in the figures. Modelled: EcoLogits (a dependency), for language models of any size.

Every figure is at the IT equipment: the data centre's PUE is not in it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.reader import Row, read
from oce.errors import needs_extra
from oce.interval import Interval, normal_quantile

PER = 1000.0  # queries that the tables count by
BATCHES = (128, 64, 16)  # requests served at once, for the low, central and high end; 64 is what EcoLogits takes
FITTED_UP_TO = 200e9  # active parameters of the largest model that EcoLogits was fitted on
FLOOR = 1e9  # active parameters below which the modelled energy hardly falls any more
BILLION = 1e9


class Task(Row):
    """What a query of one task takes, over the models measured for it (Table 2)."""

    name: str
    mean_kwh_per_1000: float = Field(alias="kwh_per_1000", ge=1e-6, le=1e3)
    sd_kwh_per_1000: float = Field(ge=0, le=1e3)
    place: str = ""
    note: str = ""

    def kwh_per_query(self, confidence_level: float = 0.8) -> Interval:
        """Energy of a query [kWh]: the mean, and the share `confidence_level` of models around it.

        Models are taken as log-normal with the printed mean and deviation, so that no end is below zero. At a low
        level the mean can lie outside; then it is the end.
        """
        variance = math.log1p((self.sd_kwh_per_1000 / self.mean_kwh_per_1000) ** 2)
        mean = self.mean_kwh_per_1000 / PER
        median = mean * math.exp(-variance / 2)
        reach = math.exp(normal_quantile(confidence_level) * math.sqrt(variance))
        return Interval(min(mean, median / reach), mean, max(mean, median * reach))


class MultiPurpose(Row):
    """What a query of a model for many tasks takes, mean over three of them (Table 3)."""

    name: str
    parameters: float = Field(ge=1e6, le=1e13)
    kwh_per_1000: float = Field(ge=1e-6, le=1e3)
    g_per_1000: float = Field(ge=0, le=1e6)
    place: str = ""
    note: str = ""

    @property
    def kwh_per_query(self) -> float:
        """Energy of a query [kWh]."""
        return self.kwh_per_1000 / PER


class Parity(Row):
    """After how many queries inference has used as much energy as training and fine-tuning (Table 5)."""

    name: str
    parameters: float = Field(ge=1e6, le=1e13)
    training_kwh: float = Field(ge=1, le=1e9)
    finetuning_kwh: float = Field(ge=0, le=1e9)
    kwh_per_query: float = Field(alias="kwh_per_inference_printed", ge=1e-9, le=1)
    printed: int = Field(alias="parity_printed", ge=1, le=1e15)
    place: str = ""
    note: str = ""

    @property
    def exactly(self) -> Fraction:
        """The number of queries that follows from the inputs, without rounding."""
        total = Fraction(str(self.training_kwh)) + Fraction(str(self.finetuning_kwh))
        return total / Fraction(str(self.kwh_per_query))

    @property
    def recomputed(self) -> int:
        """The number of queries that follows from the inputs, cut off after the point."""
        return math.floor(self.exactly)

    @property
    def agrees(self) -> bool:
        """Whether every digit that is printed follows from the inputs."""
        return self.recomputed == self.printed


KINDS: Mapping[str, type[Task | MultiPurpose | Parity]] = {"task": Task, "model": MultiPurpose, "parity": Parity}


@dataclass(frozen=True, slots=True)
class Modelled:
    """A query as EcoLogits models it, at the IT equipment."""

    kwh_per_query: Interval
    embodied_kg_per_query: Interval
    extrapolated: bool  # larger than any model that it was fitted on
    at_floor: bool  # so small that its size hardly counts


@cached
def rows() -> tuple[Task | MultiPurpose | Parity, ...]:
    """Every row of data/inference.csv."""
    return read("inference.csv", KINDS)


def tasks() -> tuple[Task, ...]:
    """The ten tasks, as in Table 2."""
    return tuple(row for row in rows() if isinstance(row, Task))


def multi_purpose() -> tuple[MultiPurpose, ...]:
    """The eight models for many tasks, as in Table 3."""
    return tuple(row for row in rows() if isinstance(row, MultiPurpose))


def parity() -> tuple[Parity, ...]:
    """The four models of Table 5."""
    return tuple(row for row in rows() if isinstance(row, Parity))


def measured(confidence_level: float = 0.8) -> dict[str, Interval]:
    """Energy of a query [kWh] of each measured task, by its id."""
    return {task.id: task.kwh_per_query(confidence_level) for task in tasks()}


def modelled(active_parameters: float, total_parameters: float, output_tokens: float) -> Modelled:
    """A query to a language model by EcoLogits, with 16-bit weights.

    The range is that of the requests served at once (:data:`BATCHES`); EcoLogits itself states none. Only the tokens
    of the answer count.

    Args:
        active_parameters: Used per token.
        total_parameters: Held in memory.
        output_tokens: Length of the answer [tokens].

    Raises:
        MissingExtraError: Without EcoLogits, which the extra `lifetime` brings.
    """
    kwh, kg = _per_token(active_parameters, total_parameters)
    return Modelled(
        kwh * output_tokens,
        kg * output_tokens,
        extrapolated=active_parameters > FITTED_UP_TO,
        at_floor=active_parameters < FLOOR,
    )


def ecologits_version() -> str:
    """Which EcoLogits is installed."""
    from importlib.metadata import version

    with needs_extra("lifetime"):
        return version("ecologits")


@cached(most=256)
def _per_token(active_parameters: float, total_parameters: float) -> tuple[Interval, Interval]:
    """Energy [kWh] and embodied carbon [kg CO2e] of one token of output, at each of BATCHES: linear in tokens."""
    with needs_extra("lifetime"):
        from ecologits.impacts.llm import compute_llm_impacts  # here, as only the Lifetime page needs it

    kwh, kg = [], []
    for batch in BATCHES:
        found = compute_llm_impacts(
            active_parameters / BILLION,
            total_parameters / BILLION,
            output_token_count=1.0,
            if_electricity_mix_adpe=0.0,
            if_electricity_mix_pe=0.0,
            if_electricity_mix_gwp=0.0,
            if_electricity_mix_wue=0.0,
            datacenter_pue=1.0,  # ours is applied later, once
            datacenter_wue=0.0,
            batch_size=batch,
        )
        kwh.append(float(found.energy.value))  # type: ignore[arg-type]  # a range only where a size is one
        kg.append(float(found.embodied.gwp.value))  # type: ignore[arg-type]
    return Interval(*kwh), Interval(*kg)
