"""The accelerators of ``data/devices.csv``, and the names that clouds rent them under."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from oce.catalog.caches import cached
from oce.catalog.reader import DataError, Names, OneOf, Row, read, require, require_one_of
from oce.fields import FIELDS

PRECISIONS = FIELDS["precision"].choices
INTERCONNECTS = (
    "nvlink",
    "nvlink rack",
    "pcie",
    "ici",
    "infinity fabric",
    "ethernet",
    "neuronlink",
    "hccs",
    "on-wafer",
)
SERVERS = (
    *("datacentre-8", "superchip", "pcie", "inference", "workstation"),
    *("tpu-tray", "trainium", "wafer"),
)


class Device(Row):
    """One kind of accelerator. Peaks are dense, per device; for TPUs a device is a chip."""

    name: str
    vendor: str
    generation: str = ""
    year: int | None = Field(None, ge=1990, le=2100)
    aliases: Names = ()
    unit: str
    cores_per_chip: int | None = Field(None, ge=1, le=1000)
    tdp_w: float | None = Field(None, ge=1, le=1e5)
    peak_fp32_tflops: float | None = Field(None, ge=0, le=1e5)
    peak_tf32_tflops: float | None = Field(None, ge=0, le=1e5)
    peak_fp16_tflops: float | None = Field(None, ge=0, le=1e5)
    peak_bf16_tflops: float | None = Field(None, ge=0, le=1e5)
    peak_fp8_tflops: float | None = Field(None, ge=0, le=1e5)
    peak_fp4_tflops: float | None = Field(None, ge=0, le=1e5)
    training_precision: Annotated[str, OneOf(PRECISIONS)]
    memory_gb: float = Field(ge=0.1, le=1e5)
    memory_bandwidth_gb_per_s: float = Field(ge=1, le=1e8)
    interconnect: Annotated[str, OneOf(INTERCONNECTS)]  # the link between the devices of one server
    devices_per_server: int = Field(ge=1, le=1000)
    server: Annotated[str, OneOf(SERVERS)]  # the class of server that it sits in
    counted_as: str = ""  # id of the device whose same-stack speed stands for its own
    die_cm2: float | None = Field(None, ge=0.1, le=1000)  # of all its logic dies [cm²]
    process_nm: float | None = Field(None, ge=1, le=200)  # feature size of its logic [nm]
    manufactured_like: str = Field("", alias="made_like")  # id of the device whose manufacturing stands for its own
    log10_alpha_low: float | None = Field(None, ge=-12, le=2000)  # of the published throughput [log10 1/s]
    log10_alpha_high: float | None = Field(None, ge=-12, le=2000)
    alpha_source: str = ""
    beta_g_per_device_hour: float | None = Field(None, ge=0, le=1e4)  # of the paper's embodied carbon [g CO2e/h]
    beta_source: str = ""
    note: str = ""
    licence: str = ""

    @model_validator(mode="after")
    def _columns_agree(self) -> Self:
        low, high = self.log10_alpha_low, self.log10_alpha_high
        in_order = low <= high if low is not None and high is not None else low is high
        require(in_order, "log10_alpha_low and _high are not a range")
        require(low is None or self.alpha_source != "", "alpha_source is empty")
        require_one_of("training_precision", self.training_precision, self.peak_tflops)
        return self

    @cached_property
    def peak_tflops(self) -> Mapping[str, float]:
        """Dense peaks by precision [TFLOP/s], those that there are."""
        peaks = {precision: getattr(self, f"peak_{precision}_tflops") for precision in PRECISIONS}
        return {precision: peak for precision, peak in peaks.items() if peak is not None}

    @property
    def counted_id(self) -> str:
        """The id of the device whose measured speed stands for its own: its own, or that of a like device."""
        return self.counted_as or self.id

    @property
    def has_alpha(self) -> bool:
        """Whether the paper gives this device an α."""
        return self.log10_alpha_low is not None


@cached
def devices() -> tuple[Device, ...]:
    """Every device of the catalogue, in the order of ``data/devices.csv``.

    Returns:
        The devices, each with its dense peaks by precision [TFLOP/s], memory [GB] and power [W].

    Raises:
        DataError: Where the file is damaged, with the place in it.

    Example:
        >>> from oce import devices
        >>> [device.name for device in devices() if device.id == "h100-sxm"]
        ['H100 SXM']
    """
    found = read("devices.csv", Device)
    counted_as_themselves = {device.id for device in found if not device.counted_as}
    for device in found:
        if device.counted_as and device.counted_as not in counted_as_themselves:
            what = f"counted_as is “{device.counted_as}”, not the id of a device that is counted as itself"
            raise DataError(f"data/devices.csv, {device.id}: {what}")
    return found


@cached
def devices_by_id() -> Mapping[str, Device]:
    """The devices by their ids."""
    return {device.id: device for device in devices()}


def _known_id(cell: str) -> str:
    if cell not in devices_by_id():
        require(False, f"is “{cell}”, not an id of data/devices.csv")
    return cell


DeviceId = Annotated[str, AfterValidator(_known_id)]  # the column of a table that names a device by its id


def reference_precision(device: Device, precision: str) -> str:
    """The precision whose peak utilisation is counted against: for fp8 and fp4, which a run uses in part, the usual."""
    return device.training_precision if precision in ("fp8", "fp4") else precision


class Machine(Row):
    """A machine that a cloud rents out, by the name of its type."""

    provider: str = ""
    device: DeviceId
    device_count: int | None = Field(None, ge=1, le=1000)  # None: a family of machines of several sizes


@cached
def machines() -> tuple[Machine, ...]:
    """The machines of clouds, by the names that they are rented under."""
    return read("cloud_machines.csv", Machine)
