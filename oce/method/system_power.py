"""What one device draws at the plug of its server, host, switches in the box and fans included: its system power.

Metered where somebody metered it (data/system_power.csv), else the data sheet's TDP times a factor learnt from those
that were. ln(system power / TDP) of a device is normal around a centre that data-centre servers share; the systems in
which a device was metered are normal around the device's own. A device's posterior is between the centre and its
meters, nearer to these the more there are; a run's own system lies around that once more.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Self

from pydantic import Field, model_validator

from oce import catalog
from oce.catalog import Device, DeviceId
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, YesNo, read, require, require_one_of

BASES = ("server at its plug", "device's share of its server", "card alone")
# TDPs that are a board's rating, which its chip never draws: they say nothing of other devices' factor.
BOARD_RATED = ("tpu-v2", "tpu-v3")
# Spread of ln(system power / TDP) from device to device. Stated, not fitted: the four metered devices whose TDP is the
# chip's own differ by 0.05, all six by 0.3, and both are too few. Outside data-centre servers nobody metered a plug.
DATA_CENTRE = 0.15
SPREADS: Mapping[str, float] = {
    "datacentre-8": DATA_CENTRE,
    "superchip": 0.25,
    "tpu-tray": 0.25,
    "trainium": 0.25,
    "wafer": 0.25,
    "pcie": 0.25,
    "workstation": 0.25,
    "inference": 0.4,  # beside a card of 70 W a host weighs more
}


class Metered(Row):
    """A measurement of power while training: a row of data/system_power.csv."""

    device: DeviceId
    system: str  # rows of one system are workloads, and count once
    organisation: str
    metered: str = ""  # what was, in words
    basis: Annotated[str, OneOf(BASES)]
    power_w: float = Field(ge=1, le=1e5)  # mean, per device [W]
    devices: int | None = Field(None, ge=1, le=1e7)
    counted: YesNo  # else shown only, for the reason in why_not
    why_not: str = ""
    run: str = ""  # id in data/training_runs.csv, where it is of such a run
    year: int = Field(ge=2000, le=2100)
    licence: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _counted_with_its_server(self) -> Self:
        if self.counted:
            require_one_of("basis", self.basis, BASES[:2])
        require(self.counted or self.why_not != "", "why_not is empty")
        return self


@dataclass(frozen=True, slots=True)
class SystemPower:
    """System power of a device: the median [W], its uncertainty for a run not metered, and what it rests on."""

    power_w: float
    log_sd: float
    systems: int  # in which it was metered; 0: placed by its TDP
    host_w: float  # what the server adds to the device's own draw [W]
    how: str  # in words
    source: str


@dataclass(frozen=True, slots=True)
class Factor:
    """System power over TDP, as learnt from metered servers."""

    log_centre: float
    log_sd_systems: float  # of one device, from system to system
    devices: int

    @property
    def centre(self) -> float:
        """The factor itself."""
        return math.exp(self.log_centre)


@cached
def meters() -> tuple[Metered, ...]:
    """Every measurement, those that are only shown too."""
    return read("system_power.csv", Metered)


@cached(most=64)
def factor(without: tuple[str, ...] = ()) -> Factor:
    """System power over TDP: the mean of the metered devices, each counting once, and the scatter of their systems.

    Args:
        without: Organisations, or ids of runs, whose meters are left out.
    """
    found = {device: list(systems.values()) for device, systems in _systems(without).items()}
    means = {device: sum(values) / len(values) for device, values in found.items()}
    rated = [mean for device, mean in means.items() if device not in BOARD_RATED]
    squares = sum((value - means[device]) ** 2 for device, values in found.items() for value in values)
    freedom = sum(len(values) - 1 for values in found.values())
    return Factor(sum(rated) / len(rated), math.sqrt(squares / freedom), len(rated))


@cached(most=1024)
def system_power(device_id: str, without: tuple[str, ...] = ()) -> SystemPower | None:
    """What a device draws at its server's plug while training; ``None`` where not even its TDP is known.

    Args:
        device_id: Of data/devices.csv.
        without: Organisations, or ids of runs, whose meters are left out (to test what is said of them).
    """
    device = catalog.device(device_id)
    if device.tdp_w is None:
        return None
    learnt = factor(without)
    spread = SPREADS.get(device.server, DATA_CENTRE)
    systems = _of_chip(device, without)
    prior, each = 1.0 / spread**2, 1.0 / learnt.log_sd_systems**2  # precisions: of the centre, and of one system
    log_ratio = (learnt.log_centre * prior + sum(systems) * each) / (prior + len(systems) * each)
    variance = 1.0 / (prior + len(systems) * each) + learnt.log_sd_systems**2
    power = device.tdp_w * math.exp(log_ratio)
    # A device's own draw is its TDP; where that is a board's rating, it is what the usual host leaves of the meter.
    chip = device.tdp_w if device.tdp_w <= power else power / learnt.centre
    if systems:
        how = f"metered in {len(systems)} system{'s' if len(systems) > 1 else ''}"
    else:
        how = f"TDP × {learnt.centre:.2f}, as {learnt.devices} devices metered in their servers"
    return SystemPower(power, math.sqrt(variance), len(systems), power - chip, how, "data/system_power.csv")


def _of_chip(device: Device, without: tuple[str, ...]) -> list[float]:
    """ln(metered power / TDP) of every system with the same chip in the same kind of server."""
    assert device.tdp_w is not None
    found: list[float] = []
    for other, systems in _systems(without).items():
        metered = catalog.device(other)
        assert metered.tdp_w is not None
        if _chip(metered) == _chip(device):
            found += [value + math.log(metered.tdp_w / device.tdp_w) for value in systems.values()]
    return found


def _chip(device: Device) -> tuple[str, str, str, str]:
    """What devices with one chip in one kind of server share; an export variant is the same chip with less link."""
    peak = f"{device.peak_tflops[device.training_precision]:.2g}"
    return (device.vendor, device.generation.removesuffix(" (export)"), device.server, peak)


@cached(most=64)
def _systems(without: tuple[str, ...]) -> Mapping[str, Mapping[str, float]]:
    """ln(system power / TDP) by device and system, the mean over its workloads."""
    values: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for meter in meters():
        tdp = catalog.device(meter.device).tdp_w
        if meter.counted and tdp is not None and not {meter.organisation, meter.run} & set(without):
            values[meter.device][meter.system].append(math.log(meter.power_w / tdp))
    return {
        device: {name: sum(found) / len(found) for name, found in systems.items()} for device, systems in values.items()
    }
