"""The same scenario on another device, in another region, at another size."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import catalog
from oce.catalog import Device, Region
from oce.estimation import Estimate, as_columns
from oce.fields import FIELDS
from oce.method import limits
from oce.method.ratio_basis import Basis, basis
from oce.resolution.checks import CHECKED_METHODS
from oce.scenario import Scenario

# What belongs to one device and says nothing of another: its rate, its watts.
_OF_ONE_DEVICE = (
    "tokens_per_second_per_device",
    "log10_alpha_low",
    "log10_alpha_high",
    "power_w",
    "host_power_w",
    "price_per_device_hour",
)


def on_device(scenario: Scenario, device: Device) -> Scenario:
    """The scenario on another device: what was said of its own device alone is left behind.

    That is a measured rate, a range of α, a power in watts, its host's too, and a precision that the other does not
    have. A utilisation and a share of TDP are kept. On its own device it stays as it is.

    Raises:
        InputError: Where the scenario's own device is unknown.
    """
    if scenario.device is not None and catalog.device(scenario.device).id == device.id:
        return scenario
    left: dict[str, None] = dict.fromkeys(_OF_ONE_DEVICE)
    if scenario.precision is not None and scenario.precision not in device.peak_tflops:
        left["precision"] = None
    return scenario.replace(**left, device=device.id)


def in_region(scenario: Scenario, region: Region) -> Scenario:
    """The scenario in another region, at that region's own carbon intensity."""
    return scenario.replace(region=region.id, carbon_intensity_g_per_kwh=None)


def columns_of(runs: Sequence[Scenario], of_rows: NDArray[np.intp]) -> dict[str, Any]:
    """Columns for :func:`oce.estimate_many` with a scenario in several rows: a value where all have the same.

    Args:
        runs: The scenarios.
        of_rows: The place of each row's scenario among them.
    """
    return {
        name: np.array(values)[of_rows] if isinstance(values, list) else values
        for name, values in as_columns(runs).items()
    }


def with_size(scenario: Scenario, field: str, value: float) -> Scenario:
    """The scenario with other ``tokens`` or ``parameters``; a mixture of experts keeps the share that is active."""
    return scenario.replace(**{name: float(values[0]) for name, values in sizes(scenario, field, [value]).items()})


def sizes(scenario: Scenario, field: str, values: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """The fields of a scenario that change with its size, as columns (:func:`with_size`)."""
    many = np.asarray(values, dtype=np.float64)
    if field == "parameters" and scenario.active_parameters is not None and scenario.parameters:
        active = many * (scenario.active_parameters / scenario.parameters)
        within = np.minimum(many, np.maximum(FIELDS["active_parameters"].low, active))  # rounding must not leave it
        return {"parameters": many, "active_parameters": within}
    if field == "tokens" and scenario.samples is not None and scenario.tokens_per_sample is not None:
        return {"samples": many / scenario.tokens_per_sample}
    return {field: many}


def speed_basis(now: Estimate, device: Device) -> Basis | None:
    """What a device's speed against the scenario's own rests on; ``None`` where the calibration does not say it."""
    if now.scenario.method != "calibrated" or now.device is None:
        return None
    return basis(now.device, device)


def is_weak(now: Estimate, device: Device) -> bool:
    """Whether nobody has measured a device and the scenario's own on one stack, and the calibration places it."""
    found = speed_basis(now, device)
    return found is not None and found.is_weak


def link_too_slow(scenario: Scenario, device: Device) -> str:
    """Why a device is in no plan for this scenario: its links are too slow for so large a model; empty where not."""
    return limits.without_link(scenario.parameters, device) if scenario.method in CHECKED_METHODS else ""
