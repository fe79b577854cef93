"""The reported training runs of ``data/training_runs.csv``."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from oce.catalog.caches import cached
from oce.catalog.device_table import PRECISIONS, Device, DeviceId, devices_by_id, reference_precision
from oce.catalog.reader import OneOf, Row, read, require, require_one_of
from oce.fields import FIELDS

KINDS = ("training run", "reference recipe", "fine-tuning", "aggregate", "energy only")
ENERGY_BASES = ("measured", "hours × power", "estimated")
MODALITIES = FIELDS["modality"].choices


class Run(Row):
    """A training run as it was reported: what was trained on what, in how many device-hours, with how much energy."""

    model: str
    organisation: str
    organisation_group: str  # organisations whose runs share people and code
    year: int = Field(ge=1990, le=2100)
    modality: Annotated[str, OneOf(MODALITIES)]
    architecture: Annotated[str, OneOf(("dense", "moe"))]
    kind: Annotated[str, OneOf(KINDS)]
    parameters: float | None = Field(None, ge=1, le=1e15)
    active_parameters: float | None = Field(None, ge=1, le=1e15)
    tokens: float | None = Field(None, ge=1, le=1e18)  # of images and pairs: samples
    training_flop: float | None = Field(None, ge=1e9, le=1e30)
    flop_basis: str = ""  # 6ND, reported or other formula
    flop_independent_of_time: str = ""  # yes, no or hours from flop
    device: DeviceId
    precision: Annotated[str, OneOf(PRECISIONS)] = ""  # empty: not stated
    device_count: float | None = Field(None, ge=1, le=1e7)
    device_hours: float | None = Field(None, ge=1e-3, le=1e12)
    device_hours_basis: str = ""
    utilisation_reported: float | None = Field(None, ge=0.001, le=1)
    utilisation_usable: str = ""  # yes or no: as a steady utilisation beside the whole run's
    energy_kwh: float | None = Field(None, ge=0, le=1e12)
    energy_basis: str = (
        ""  # one of ENERGY_BASES: how energy, carbon or power came to be; empty: not stated, or none given
    )
    power_w: float | None = Field(None, ge=1, le=1e5)  # per device
    pue: float | None = Field(None, ge=1, le=3)
    carbon_intensity_g_per_kwh: float | None = Field(None, ge=0, le=2000)
    co2e_t: float | None = Field(None, ge=0, le=1e9)
    region: str = ""  # as reported
    confidence: Annotated[str, OneOf(("high", "medium", "low"))]
    set_aside: str = ""  # why it is neither fitted nor scored, or empty
    note: str = ""

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        used, flop = self._device, self.training_flop is not None
        has_peak = not self.precision or reference_precision(used, self.precision) in used.peak_tflops
        require(has_peak, f"precision is “{self.precision}”, for which {used.name} has no peak")
        independent = ("yes", "no", "hours from flop") if flop else ("",)
        require_one_of("flop_independent_of_time", self.flop_independent_of_time, independent)
        require_one_of("flop_basis", self.flop_basis, ("6ND", "reported", "other formula") if flop else ("",))
        require(self.device_hours is None or self.device_hours_basis != "", "device_hours_basis is empty")
        usable = ("yes", "no") if self.utilisation_reported is not None else ("",)
        require_one_of("utilisation_usable", self.utilisation_usable, usable)
        known = ("", *ENERGY_BASES) if self.energy_kwh or self.co2e_t or self.power_w else ("",)
        require_one_of("energy_basis", self.energy_basis, known)
        apart = self.kind == "training run" and self.flop_independent_of_time == "yes" and self.device_hours is not None
        unfit = "set_aside is empty; only a training run with compute apart from its hours is scored"
        require(apart or self.set_aside != "", unfit)
        return self

    @property
    def _device(self) -> Device:
        return devices_by_id()[self.device]

    @property
    def scored(self) -> bool:
        """Whether methods are fitted and scored on this run: nothing that is known of it speaks against it."""
        return not self.set_aside

    @property
    def peak_tflops(self) -> float:
        """Dense peak of its device [TFLOP/s] at its precision, else the device's usual; fp8 and fp4 count as that."""
        used = self._device
        return used.peak_tflops[reference_precision(used, self.precision or used.training_precision)]

    @property
    def utilisation(self) -> float | None:
        """Mean throughput of the whole run over the dense peak of its devices."""
        if self.training_flop is None or self.device_hours is None:
            return None
        return self.training_flop / self.device_hours / 3600 / 1e12 / self.peak_tflops

    @property
    def tells_gap(self) -> bool:
        """Whether it tells both the utilisation in steady state and that of the whole run."""
        return bool(self.utilisation_usable == "yes" and self.utilisation and self.utilisation_reported)

    @property
    def size(self) -> float | None:
        """Active parameters; where they are not known, all of them."""
        return self.active_parameters or self.parameters


@cached
def runs() -> tuple[Run, ...]:
    """Every reported training run, of which those that are ``scored`` are fitted and scored on."""
    return read("training_runs.csv", Run)
