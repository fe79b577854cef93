"""The models of the paper's figure 1 on a time line, with their compute there and as known today.

The counterpart of figure 1 of OpenCarbonEval (arXiv:2405.12843). Carbon is operational: device-hours × system power ×
PUE × grid.
"""

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from oce import catalog
from oce.catalog import DeviceId, RegionId
from oce.catalog.caches import cached
from oce.catalog.reader import DataError, OneOf, Row, read, require
from oce.estimation import estimate_many, interval_at
from oce.fields import Throughput
from oce.interval import Interval
from oce.method import memory
from oce.scenario import known_fields

DIFFERENT = 1.1  # compute that differs by more than that is shown twice


def _date(cell: Any) -> Any:
    try:
        return datetime.date.fromisoformat(cell) if isinstance(cell, str) else cell
    except ValueError:
        require(False, f"is “{cell}”, not a date such as 2024-04-18")


class Milestone(Row):
    """A model of the paper's figure 1, with its compute there and as known today: a row of data/timeline.csv."""

    model: str
    task: str
    date: Annotated[datetime.date, BeforeValidator(_date)]
    organisation: str = ""
    modality: Annotated[str, OneOf(catalog.MODALITIES)]
    parameters: float | None = Field(None, ge=1e5, le=1e14)
    paper_training_flop: float = Field(ge=1e12, le=1e30)
    training_flop: float = Field(ge=1e12, le=1e30)
    flop_confidence: str = ""  # as Epoch AI states it: Confident, Likely or Speculative
    device: DeviceId
    paper_device: str = ""
    region: RegionId  # of the paper's own set
    carbon_intensity_g_per_kwh: float = Field(ge=0, le=2000)
    paper_tdp_w: float = Field(ge=1, le=1e5)
    device_count: float | None = Field(None, ge=1, le=1e7)
    device_hours_reported: float | None = Field(None, ge=1e-3, le=1e12)
    device_hours_basis: str = ""
    preset: Annotated[str, AfterValidator(lambda name: catalog.model(name).id)] = ""  # id of data/models.csv
    note: str = ""

    @property
    def compute_ratio(self) -> float:
        """Today's compute over the paper's."""
        return self.training_flop / self.paper_training_flop

    @property
    def fields(self) -> Mapping[str, float | str]:
        """Its training as fields of a scenario, under the paper's grid, with today's compute."""
        return known_fields(
            bytes_per_parameter=bytes_held(self.parameters, self.device, self.device_count),
            parameters=self.parameters,
            training_flop=self.training_flop,
            device=self.device,
            device_count=self.device_count,
            modality=self.modality,
            region=self.region,
            year=float(self.date.year),
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A milestone with its operational carbon [kg CO2e] for the paper's compute and for today's."""

    milestone: Milestone
    papers: Interval
    todays: Interval

    @property
    def changed(self) -> bool:
        """Whether the two computes differ enough to be worth telling."""
        return max(self.milestone.compute_ratio, 1 / self.milestone.compute_ratio) > DIFFERENT


@cached
def milestones() -> tuple[Milestone, ...]:
    """The models of the paper's figure 1, in the order of data/timeline.csv."""
    return read("timeline.csv", Milestone)


def emissions(throughput: Throughput = "calibrated", confidence_level: float = 0.8) -> tuple[Placed, ...]:
    """Every milestone with its carbon under the paper's grid, oldest first.

    Args:
        throughput: ``published`` is the paper's recipe: its α, its TDP. ``calibrated`` is ours, at the server's plug.
        confidence_level: Of the calibrated interval.
    """
    ordered = sorted(milestones(), key=lambda milestone: milestone.date)
    published = throughput == "published"
    columns = {
        "parameters": [milestone.parameters for milestone in ordered],
        "device": [_released(milestone.device) if published else milestone.device for milestone in ordered],
        "device_count": None if published else [milestone.device_count for milestone in ordered],
        "bytes_per_parameter": [milestone.fields.get("bytes_per_parameter") for milestone in ordered],
        "year": [float(milestone.date.year) for milestone in ordered],
        "carbon_intensity_g_per_kwh": [milestone.carbon_intensity_g_per_kwh for milestone in ordered],
        "power_w": [milestone.paper_tdp_w for milestone in ordered] if published else None,
        "throughput": throughput,
        "level": confidence_level,
    }
    papers = _operational(columns | {"training_flop": [milestone.paper_training_flop for milestone in ordered]})
    todays = _operational(columns | {"training_flop": [milestone.training_flop for milestone in ordered]})
    return tuple(Placed(*row) for row in zip(ordered, papers, todays, strict=True))


def bytes_held(parameters: float | None, device: str | None, count: float | None) -> float | None:
    """Bytes of a parameter that its devices had room for, where that is less than usual: the rest lay elsewhere."""
    if parameters is None or device is None or count is None:
        return None
    room = count * catalog.device(device).memory_gb * memory.BYTES_PER_GB / parameters
    return None if room >= memory.BYTES_PER_PARAMETER else math.floor(10.0 * room) / 10.0


def _operational(columns: Mapping[str, object]) -> list[Interval]:
    """Operational carbon of rows that can all be estimated."""
    found = estimate_many({name: values for name, values in columns.items() if values is not None})
    wrong_in = found["error"]
    wrong = [str(error) for error in wrong_in if error]
    if wrong:
        raise DataError(f"data/timeline.csv: {wrong[0]}")
    return [interval_at(found, "operational_co2e_kg", row) for row in range(len(wrong_in))]


def _released(device: str) -> str:
    """The row of a device with the α that the paper's leaderboard was made with, where that differs from Table 1."""
    variant = f"{device}-released"
    return variant if any(known.id == variant for known in catalog.devices()) else device
