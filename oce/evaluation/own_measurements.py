"""Measurements of our own: how fast a small GPT trains on one card, what the board draws, and what is said of it.

``tools/measure_gpt.py`` measures; ``data/own_measurements.csv`` holds what it found. Its ratios between devices are
rows of ``data/same_stack.csv`` too, its boards' power of ``data/system_power.csv``, its lengths of sequences of
``data/sequence_speed.csv``. Nothing else is learnt from it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from oce import catalog
from oce.catalog import DeviceId
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read
from oce.estimation import Estimate, estimate
from oce.evaluation import device_evidence
from oce.interval import Interval
from oce.method.calibration_file import committed
from oce.method.compute import SECONDS_PER_HOUR
from oce.scenario import Scenario

SOURCE = "own measurement"  # what data/same_stack.csv calls it
TOKENS_PER_PARAMETER = 20.0  # of the whole run that a steady rate is set beside (Hoffmann et al. 2022)
REGION = "USA"  # a scenario has one; no speed depends on it


class OwnMeasurement(Row):
    """One case on one card: a row of ``data/own_measurements.csv``."""

    date: str
    device: DeviceId
    precision: Annotated[str, OneOf(catalog.PRECISIONS)]
    model: str
    layers: int = Field(ge=1, le=1e4)
    width: int = Field(ge=1, le=1e6)
    parameters: int = Field(ge=1e5, le=1e14)
    context_length: int = Field(ge=1, le=1e8)  # [tokens]
    sequences: int = Field(ge=1, le=1e6)  # of a step
    tokens_per_step: int = Field(ge=1, le=1e9)
    seconds_to_first_step: float = Field(ge=0, le=1e5)  # from before the model is made; most of it is compilation
    first_tokens_per_second: float = Field(ge=1e-6, le=1e12)  # in the second after the first step
    seconds_measured: float = Field(ge=0, le=1e6)
    tokens_per_second: float = Field(ge=1e-6, le=1e12)  # steady
    weights_tflops: float = Field(ge=0, le=1e5)  # 6 N × tokens/s
    model_tflops: float = Field(ge=0, le=1e5)  # with causal attention, 6 L d s a token
    board_power_w: float = Field(ge=1, le=1e5)  # mean, by NVML's energy counter
    power_limit_w: float = Field(ge=1, le=1e5)
    temperature_c: float = Field(ge=0, le=200)
    clock_mhz: float = Field(ge=1, le=1e5)
    software: str
    licence: str


@cached
def rows() -> tuple[OwnMeasurement, ...]:
    """Every measurement."""
    return read("own_measurements.csv", OwnMeasurement)


@dataclass(frozen=True, slots=True)
class Check:
    """What we measured beside what is said of it."""

    what: str
    unit: str
    measured: float
    said: Interval

    @property
    def is_held(self) -> bool:
        """Whether the interval holds what was measured."""
        return self.measured in self.said


@cached
def checks() -> tuple[Check, ...]:
    """What we measured beside what is said of it: ratios of devices and precisions, and whole runs.

    A ratio is said by a fit without our measurements (data/calibration.json). Whole runs are said by the estimate; what
    was measured of them is in no fit. Ratios of lengths are not here, as only one other stack has measured any.
    Intervals are of 80 %. A steady rate is turned into that of a whole run by the gap of the calibration, whose own
    spread is not in the figure.
    """
    return (*_ratios(), *_whole_runs())


def _ratios() -> Iterator[Check]:
    for check in device_evidence.checked():
        row = check.row
        if row.source == SOURCE:
            second, first = (catalog.device(name).name for name in (row.second_device, row.first_device))
            what = f"{second} over {first}, {row.model}"
            if row.first_device == row.second_device:
                what = f"{row.second_precision} over {row.first_precision}, {row.model}, {first}"
            yield Check(what, "", check.measured, Interval(check.low, check.said, check.high))


def firsts() -> Mapping[tuple[str, str], OwnMeasurement]:
    """The first case of every device and model: whose whole run is set beside the estimate."""
    found: dict[tuple[str, str], OwnMeasurement] = {}
    for case in rows():
        found.setdefault((case.device, case.model), case)
    return found


def _whole_runs() -> Iterator[Check]:
    gap = math.exp(committed().gap_mean)
    for case in firsts().values():
        name = f"{case.model}, {case.precision}, {catalog.device(case.device).name}: whole run, steady rate × {gap:.2g}"
        yield Check(name, "tokens/s", gap * case.tokens_per_second, _tokens_per_second(case))


def _tokens_per_second(case: OwnMeasurement) -> Interval:
    tokens = TOKENS_PER_PARAMETER * case.parameters
    return _said(case).device_hours.map(lambda hours: tokens / hours / SECONDS_PER_HOUR)


def _said(case: OwnMeasurement) -> Estimate:
    """What is said of a whole run of the case on its one card."""
    return estimate(
        Scenario(
            parameters=case.parameters,
            tokens=TOKENS_PER_PARAMETER * case.parameters,
            layers=case.layers,
            width=case.width,
            context_length=case.context_length,
            precision=case.precision,
            device=case.device,
            device_count=1,
            region=REGION,
        )
    )
