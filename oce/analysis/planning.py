"""How many devices a deadline takes, and a whole plan: devices, size, places and levers.

Everything is asked of :func:`oce.estimation.estimate` or :func:`oce.estimation.estimate_many`; nothing is worked out a
second time here. The more devices, the sooner a run is done and the more it emits, as each is slower
(:mod:`oce.method.scaling`); memory and batch say how few and how many are possible (:mod:`oce.method.limits`). What
nothing can meet is :class:`oce.analysis.Impossible`, whose message says what would make it possible.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog, units
from oce.analysis import Impossible, levers, places
from oce.analysis.alternatives import link_too_slow, on_device
from oce.analysis.budget import Budget, largest_run
from oce.analysis.levers import Lever
from oce.analysis.places import Place
from oce.catalog import Device
from oce.errors import InputError, Problem
from oce.estimation import Estimate, estimate, estimate_many, interval_at
from oce.fields import FIELDS
from oce.interval import Interval
from oce.method import limits, scaling
from oce.method.runs import Runs
from oce.resolution.checks import CHECKED_METHODS
from oce.scenario import Scenario

MOST_DEVICES = int(FIELDS["device_count"].high)
GRID = 64  # numbers of devices that are looked at together
HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class Soonest:
    """The number of devices on which a run is done soonest, and its time to train [h]."""

    devices: int
    hours: Interval


@dataclass(frozen=True, slots=True)
class DeadlineOption:
    """How many of one device meet a deadline: by the central estimate, and by the slow end of the interval."""

    device: Device
    devices_central: int
    devices_careful: int
    result: Estimate  # on devices_careful of the device


@dataclass(frozen=True, slots=True, repr=False)
class Plan:
    """What to choose for a scenario."""

    now: Estimate  # of the scenario as it is
    options: tuple[DeadlineOption, ...]  # devices that meet the deadline, fewest first; none without a deadline
    largest: Budget | None  # tokens within the budget; None without one
    places: tuple[Place, ...]  # every region, least carbon first
    levers: tuple[Lever, ...]  # one change after another to less carbon

    def __repr__(self) -> str:
        """The first of each, in one line."""
        found = [f"{option.devices_careful:,} × {option.device.name}" for option in self.options[:1]]
        found += [f"at most {units.compact(self.largest.careful)} tokens"] if self.largest else []
        found += [f"least carbon in {place.region.name}" for place in self.places[:1]]
        return f"<Plan: {', '.join(found)}; {len(self.levers)} levers>"


def plan(
    scenario: Scenario,
    *,
    deadline_days: float | None = None,
    budget_co2e_kg: float | None = None,
    devices: Sequence[str] = (),
    past_runs: Runs | None = None,
) -> Plan:
    """What to choose: how many of which device by when, how many tokens within a budget, where, and what helps most.

    Args:
        scenario: What is trained, and what is chosen for it so far.
        deadline_days: When it has to be done [days], if there is a deadline.
        budget_co2e_kg: The most that it may emit [kg CO2e], if there is a budget.
        devices: Devices to choose from for the deadline, by id, name or alias; the scenario's own, if none is given.
        past_runs: Past runs of the same organisation.

    Returns:
        The plan.

    Raises:
        Impossible: Where nothing meets the deadline or the budget; the message says what would.
        InputError: Where there is no estimate for the scenario, or a device is unknown.

    Example:
        >>> from oce import Scenario, plan
        >>> run = Scenario(parameters=7e9, tokens=2e12, device="H100", region="USA")
        >>> found = plan(run, deadline_days=30, budget_co2e_kg=50_000, devices=["H100", "A100"])
        >>> [option.device.name for option in found.options]
        ['H100 SXM', 'A100']
        >>> found.options[0].result.time_to_train_hours.high <= 30 * 24
        True
    """
    now = estimate(scenario, past_runs)
    chosen = [catalog.device(name) for name in devices] or ([] if now.device is None else [now.device])
    return Plan(
        now,
        () if deadline_days is None else deadline_options(scenario, deadline_days, chosen, past_runs),
        None if budget_co2e_kg is None else largest_run(scenario, budget_co2e_kg, "tokens", past_runs),
        places.ranked(scenario, past_runs),
        levers.pulled(scenario, past_runs=past_runs),
    )


def deadline(scenario: Scenario, days: float, device: Device, past_runs: Runs | None = None) -> DeadlineOption:
    """The smallest number of one device that finishes in time; exact to one device.

    Args:
        scenario: What is trained; its own device and number of devices do not matter.
        days: The deadline [days].
        device: What it is trained on (:func:`on_device`).
        past_runs: Past runs of the same organisation.

    Returns:
        The numbers of devices with which the central estimate, and the slow end of the interval, are within ``days``.

    Raises:
        Impossible: Where ``days`` is not above zero, or 10 million devices are too few.
        InputError: Where there is no estimate for the device.
    """
    _check_days(days)
    run = on_device(scenario, device)
    if why := link_too_slow(run, device):
        raise Impossible(why)
    limit = days * HOURS_PER_DAY
    central, careful = (_fewest(run, bound, limit, past_runs) for bound in ("central", "high"))
    if central is None or careful is None:
        _, most = possible_counts(run, past_runs)
        fastest = units.rounded_up(_needed_days(run, past_runs))
        why = "that can be asked for" if most == MOST_DEVICES else "that do anything at this batch"
        larger = "" if most == MOST_DEVICES else " a larger batch,"
        raise Impossible(
            f"Even {most:,} devices ({device.name}), the most {why}, may take longer than {days:.10g} days: allow at "
            f"least {fastest} days, choose a faster device,{larger} or train on fewer tokens."
        )
    return DeadlineOption(device, central, careful, estimate(run.replace(device_count=careful), past_runs))


def possible_counts(run: Scenario, past_runs: Runs | None = None) -> tuple[int, int]:
    """The fewest and the most devices that memory and batch allow a scenario, whatever its own number.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    return _possible(estimate(run.replace(device_count=None), past_runs))


def _possible(result: Estimate) -> tuple[int, int]:
    run, found = result.scenario, result.resolved.limits
    if found is None or run.method not in CHECKED_METHODS:
        return 1, MOST_DEVICES
    most = int(found.most[0])
    if run.interconnect == "server" and result.device is not None and result.device.interconnect != "ici":
        most = min(most, limits.linked_devices(result.device))
    return min(int(found.fewest[0]), MOST_DEVICES), min(most, MOST_DEVICES)


def fastest(result: Estimate) -> Soonest | None:
    """The number of devices past which more stop helping: none is done sooner.

    Args:
        result: Of the scenario on any number of devices.

    Returns:
        That number with its time; ``None`` where nothing says how many are too many, or none can be.
    """
    low, most = _possible(result)
    if most == MOST_DEVICES or most < low:
        return None
    high = most
    while True:
        grid = np.append(np.geomspace(low, high, GRID), max(low, high - 1))
        near = np.unique(np.round(grid).astype(np.int64))
        found = by_count(result, near)
        hours = found["time_to_train_hours_central"]
        if np.all(np.isnan(hours)):
            return None
        best = int(np.nanargmin(hours))
        if high - low < GRID or near[best] == high:  # the time has one valley: it still falls at the most there can be
            return Soonest(int(near[best]), interval_at(found, "time_to_train_hours", best))
        low, high = int(near[max(best - 1, 0)]), int(near[best + 1])


def usual_count(run: Scenario, past_runs: Runs | None = None) -> int:
    """The number of devices usual for a scenario's compute, as far as memory and batch allow it.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    fewest, most = possible_counts(run, past_runs)
    flop = estimate(run.replace(device_count=None), past_runs).training_flop.central
    usual = float(np.exp(scaling.usual_count().at(np.log(np.full(1, flop)))[0]))
    return min(max(round(usual), fewest), most)


def _fewest(run: Scenario, bound: str, limit_hours: float, past_runs: Runs | None) -> int | None:
    """The fewest devices that are done in time at an end of the interval, by ever finer grids of counts."""
    low, high = possible_counts(run, past_runs)
    while True:
        near = np.unique(np.round(np.geomspace(low, high, GRID)).astype(np.int64))
        found = estimate_many({**run.given(), "device_count": near}, past_runs)
        if (wrong := "".join(found["error"][:1])) and not np.any(found["error"] == ""):
            raise InputError([Problem("device_count", float(low), wrong)])
        in_time = np.flatnonzero(found[f"time_to_train_hours_{bound}"] <= limit_hours)
        if len(in_time) == 0:
            return None
        first = int(in_time[0])
        if first == 0 or near[first] - near[first - 1] == 1:
            return int(near[first])
        low, high = int(near[first - 1]), int(near[first])


def why_not(scenario: Scenario, days: float, device: Device, past_runs: Runs | None = None) -> str:
    """Why a device is no option for a deadline, in a sentence; empty where it is one."""
    try:
        deadline(scenario, days, device, past_runs)
    except (Impossible, InputError) as why:
        return str(why)
    return ""


def deadline_options(
    scenario: Scenario, days: float, devices: Sequence[Device], past_runs: Runs | None = None
) -> tuple[DeadlineOption, ...]:
    """The deadline on each of several devices, fewest devices (careful) first.

    Args:
        scenario: What is trained.
        days: The deadline [days].
        devices: The devices to choose from.
        past_runs: Past runs of the same organisation.

    Returns:
        An option for each device that has an estimate and can meet the deadline.

    Raises:
        Impossible: Where ``days`` is not above zero, or no device can meet the deadline: as the device says that
            comes nearest.
    """
    _check_days(days)
    found: list[DeadlineOption] = []
    too_slow: list[tuple[float, Impossible]] = []
    for device in devices:
        try:
            found.append(deadline(scenario, days, device, past_runs))
        except InputError:
            continue
        except Impossible as why:
            no_link = limits.without_link(scenario.parameters, device)
            needed = math.inf if no_link else _needed_days(on_device(scenario, device), past_runs)
            too_slow.append((needed, why))
    if too_slow and not found:
        raise min(too_slow, key=lambda pair: pair[0])[1]
    return tuple(sorted(found, key=lambda option: (option.devices_careful, option.devices_central, option.device.name)))


def _check_days(days: float) -> None:
    if not days > 0:  # NaN as well
        raise Impossible(
            f"A deadline of {days:g} days cannot be met, as every run takes some time: allow more than 0 days."
        )


def _needed_days(run: Scenario, past_runs: Runs | None) -> float:
    """What the number takes that none beats, at the slow end [days]."""
    soonest = fastest(estimate(run.replace(device_count=None), past_runs))
    hours = (
        soonest.hours if soonest else estimate(run.replace(device_count=MOST_DEVICES), past_runs).time_to_train_hours
    )
    return hours.high / HOURS_PER_DAY


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
