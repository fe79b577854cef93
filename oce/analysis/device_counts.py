"""On how many devices a run can be, how long it takes on each number, and on how many it is done soonest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce.catalog import Device
from oce.estimation import Estimate, estimate, estimate_many, interval_at
from oce.fields import FIELDS
from oce.interval import Interval
from oce.method import limits, scaling
from oce.method.runs import Runs
from oce.resolution import Resolved
from oce.resolution.checks import CHECKED_METHODS
from oce.resolution.columns import at
from oce.scenario import Scenario

MOST_DEVICES = int(FIELDS["device_count"].high)
GRID = 64  # numbers of devices that are looked at together


@dataclass(frozen=True, slots=True)
class Soonest:
    """The number of devices on which a run is done soonest, and its time to train [h]."""

    devices: int
    hours: Interval


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """A scenario on several numbers of devices: columns as of :func:`oce.estimate_many`, and the soonest of all."""

    columns: dict[str, NDArray[Any]]
    soonest: Soonest | None


def possible_counts(run: Scenario, past_runs: Runs | None = None) -> tuple[int, int]:
    """The fewest and the most devices that memory and batch allow a scenario, whatever its own number.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    return counts_possible_for(estimate(run.replace(device_count=None), past_runs))


def counts_possible_for(result: Estimate) -> tuple[int, int]:
    """The same (:func:`possible_counts`) where the estimate is there already."""
    return counts_within(result.resolved, 0, result.scenario, result.device)


def counts_within(found: Resolved, row: int, run: Scenario, device: Device | None) -> tuple[int, int]:
    """The fewest and the most devices of a row of what was resolved."""
    allowed = found.limits
    if allowed is None or run.method not in CHECKED_METHODS:
        return 1, MOST_DEVICES
    most = int(at(allowed.most, row))
    if run.interconnect == "server" and device is not None and device.interconnect != "ici":
        most = min(most, limits.linked_devices(device))
    return min(int(at(allowed.fewest, row)), MOST_DEVICES), min(most, MOST_DEVICES)


def fastest(result: Estimate) -> Soonest | None:
    """The number of devices past which more stop helping: none is done sooner.

    Args:
        result: Of the scenario on any number of devices.

    Returns:
        That number with its time; ``None`` where nothing says how many are too many, or none can be.
    """
    return curve(result, ()).soonest


def curve(result: Estimate, counts: Sequence[float] | NDArray[Any]) -> Curve:
    """The figures of a scenario on other numbers of devices, and the number that none beats, asked together.

    Args:
        result: The scenario's estimate.
        counts: Numbers of devices.
    """
    counts = np.asarray(counts, dtype=np.float64)
    low, most = counts_possible_for(result)
    if most == MOST_DEVICES or most < low:
        return Curve(by_count(result, counts) if len(counts) else {}, None)
    columns: dict[str, NDArray[Any]] | None = None
    high = most
    while True:
        grid = np.append(np.geomspace(low, high, GRID), max(low, high - 1))
        near = np.unique(np.round(grid).astype(np.int64))
        first = columns is None
        found = by_count(result, np.append(counts, near) if first else near)
        if first:
            columns = {name: values[: len(counts)] for name, values in found.items()}
            found = {name: values[len(counts) :] for name, values in found.items()}
        assert columns is not None
        hours = found["time_to_train_hours_central"]
        if np.all(np.isnan(hours)):
            return Curve(columns, None)
        best = int(np.nanargmin(hours))
        if high - low < GRID or near[best] == high:  # the time has one valley: it still falls at the most there can be
            return Curve(columns, Soonest(int(near[best]), interval_at(found, "time_to_train_hours", best)))
        low, high = int(near[max(best - 1, 0)]), int(near[best + 1])


def usual_count(run: Scenario, past_runs: Runs | None = None) -> int:
    """The number of devices usual for a scenario's compute, as far as memory and batch allow it.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    result = estimate(run.replace(device_count=None), past_runs)
    fewest, most = counts_possible_for(result)
    usual = float(np.exp(scaling.usual_count().at(np.log(np.full(1, result.training_flop.central)))[0]))
    return min(max(round(usual), fewest), most)


def by_count(result: Estimate, counts: Sequence[float] | NDArray[Any]) -> dict[str, NDArray[Any]]:
    """The figures of a scenario on other numbers of devices, as columns; NaN where a number is not possible.

    Args:
        result: The scenario's estimate.
        counts: Numbers of devices.
    """
    found: dict[str, NDArray[Any]] = estimate_many(
        {**result.scenario.given(), "device_count": np.asarray(counts)}, result.past_runs
    )
    return found
