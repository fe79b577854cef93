"""What can be chosen on Plan, as it reads in a list, and figures with their intervals."""

from oce import catalog, units
from oce.analysis import alternatives
from oce.catalog.caches import cached
from oce.catalog.grid_basis import basis_of
from oce.estimation import Estimate
from oce.interval import Interval
from oce.scenario import Scenario
from pages.session import state

FIRST_DEVICES = ("h100-sxm", "a100-sxm-80gb", "tpu-v4")
NO_BREAK = "\N{NO-BREAK SPACE}"  # between a number and its unit, in a table


def adopt(scenario: Scenario) -> None:
    """Makes `scenario` the visitor's; called by controls, before the page runs."""
    state.replace(scenario.given())


def own_devices(result: Estimate) -> list[str]:
    return [result.device.id] if result.device else []


def own_regions(result: Estimate) -> list[str]:
    """The region of the scenario, where its intensity is the region's."""
    own = result.region and result.scenario.carbon_intensity_g_per_kwh is None
    return [result.region.id] if result.region and own else []


@cached
def _regions() -> list[str]:
    return [one.id for one in catalog.regions() if one.kind != "paper"]


def regions(result: Estimate) -> list[str]:
    """The regions that can be chosen: all but the paper's own set, and the scenario's own."""
    return list(dict.fromkeys([*_regions(), *own_regions(result)]))


def devices(result: Estimate) -> list[str]:
    """The devices that can be chosen: those with a power, and the scenario's own."""
    with_power = [device.id for device in catalog.devices() if device.tdp_w is not None]
    return list(dict.fromkeys([*with_power, *own_devices(result)]))


def first_devices(result: Estimate) -> list[str]:
    """The devices that are chosen until the visitor chooses others."""
    return list(dict.fromkeys([*FIRST_DEVICES, *own_devices(result)]))


def with_interval(interval: Interval, figure: str) -> str:
    """A figure of an estimate with its interval, which alone may stand on another line."""
    return units.amount(interval, units.SCALES[figure]).replace(" ", NO_BREAK).replace(f"{NO_BREAK}(", " (")


@cached
def device_name(key: str) -> str:
    """What a device is called in a list, with what is counted."""
    device = catalog.device(key)
    return f"{device.name} (chips)" if device.unit == "chip" else device.name


def speed(result: Estimate, device: catalog.Device) -> str:
    """What the speed of a device against the scenario's own rests on, in a word or two."""
    found = alternatives.speed_basis(result, device)
    return found.word if found else ""


def unmeasured(result: Estimate, device: catalog.Device) -> str:
    """A remark on a device that nobody has measured beside the scenario's own; empty where somebody has."""
    return f" (speed {speed(result, device)})" if alternatives.is_weak(result, device) else ""


@cached
def region_name(key: str) -> str:
    """What a region is called in a list, with its intensity and what that counts."""
    region = catalog.region(key)
    return f"{region.name} · {basis_of(region).with_amount(region.g_per_kwh)}"
