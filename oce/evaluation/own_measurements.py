"""Measurements of our own: how fast a small GPT trains on one card, what the board draws, and what is said of it.

``tools/measure_gpt.py`` measures; ``data/own_measurements.csv`` holds what it found. Its ratios between devices are
rows of ``data/same_stack.csv`` too, its boards' power of ``data/system_power.csv``. Nothing else is learnt from it.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from oce import catalog
from oce.analysis import comparison
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
    """What we measured beside what is said of it: ratios of devices, precisions and lengths, and whole runs.

    A ratio of devices is said by a fit without our measurements (data/calibration.json). The others are said by the
    estimate; what was measured of them is in no fit. Intervals are of 80 %. A steady rate is turned into that of a
    whole run by the gap of the calibration, whose own spread is not in the figure.
    """
    return (*_ratios_of_devices(), *_ratios_of_runs(), *_whole_runs())


def _ratios_of_devices() -> Iterator[Check]:
    for check in device_evidence.checked():
        row = check.row
        if row.source == SOURCE:
            second, first = (catalog.device(name).name for name in (row.second_device, row.first_device))
            said = Interval(check.low, check.said, check.high)
            yield Check(f"{second} over {first}, {row.model}", "", check.measured, said)


def _bases() -> Mapping[tuple[str, str], OwnMeasurement]:
    """The first case of every device and model: what its others are set beside."""
    found: dict[tuple[str, str], OwnMeasurement] = {}
    for case in rows():
        found.setdefault((case.device, case.model), case)
    return found


def _ratios_of_runs() -> Iterator[Check]:
    """Of the same device and model: another precision, or another length of the sequence."""
    for case in rows():
        base = _bases()[case.device, case.model]
        if case is base:
            continue
        changed = f"{case.precision} over {base.precision}"
        if case.precision == base.precision:
            changed = f"{case.context_length:,} over {base.context_length:,} tokens in a sequence"
        times = comparison.ratio(_said(case, base.parameters), _said(base, base.parameters), "device_hours").times
        name = f"{changed}, {base.model}, {catalog.device(base.device).name}"
        yield Check(name, "", case.tokens_per_second / base.tokens_per_second, times)


def _whole_runs() -> Iterator[Check]:
    gap = math.exp(committed().gap_mean)
    for case in _bases().values():
        name = f"{case.model}, {case.precision}, {catalog.device(case.device).name}: whole run, steady rate × {gap:.2g}"
        yield Check(name, "tokens/s", gap * case.tokens_per_second, _tokens_per_second(case))


def _tokens_per_second(case: OwnMeasurement) -> Interval:
    tokens = TOKENS_PER_PARAMETER * case.parameters
    return _said(case, case.parameters).device_hours.map(lambda hours: tokens / hours / SECONDS_PER_HOUR)


def _said(case: OwnMeasurement, parameters: int) -> Estimate:
    """What is said of a whole run of the case on its one card; its learnt positions cost memory, not time."""
    return estimate(
        Scenario(
            parameters=parameters,
            tokens=TOKENS_PER_PARAMETER * parameters,
            layers=case.layers,
            width=case.width,
            context_length=case.context_length,
            precision=case.precision,
            device=case.device,
            device_count=1,
            region=REGION,
        )
    )
