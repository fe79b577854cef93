"""How many devices a deadline takes, and a whole plan: devices, size, places and levers.

Everything is asked of :func:`oce.estimation.estimate` or :func:`oce.estimation.estimate_many`; nothing is worked out a
second time here. The more devices, the sooner a run is done and the more it emits, as each is slower
(:mod:`oce.method.scaling`); memory and batch say how few and how many are possible (:mod:`oce.method.limits`). What
nothing can meet is :class:`oce.analysis.Impossible`, whose message says what would make it possible.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from oce import catalog, units
from oce.analysis import Impossible, inverse, levers, places
from oce.analysis.alternatives import columns_of, link_too_slow, on_device
from oce.analysis.budget import Budget, largest_run
from oce.analysis.device_counts import MOST_DEVICES, counts_within, fastest
from oce.analysis.levers import Lever
from oce.analysis.places import Place
from oce.catalog import Device
from oce.errors import InputError, Problem
from oce.estimation import Estimate, as_columns, estimate, estimate_many, interval_at
from oce.interval import Interval
from oce.method.runs import Runs
from oce.resolution import resolve
from oce.scenario import Scenario

HOURS_PER_DAY = 24.0


@dataclass(frozen=True, slots=True)
class DeadlineOption:
    """How many of one device meet a deadline: by the central estimate, and by the slow end of the interval."""

    device: Device
    devices_central: int
    devices_careful: int
    scenario: Scenario  # on devices_careful of the device; so are the figures
    total_co2e_kg: Interval
    energy_kwh: Interval
    cost: Interval | None  # None without a price
    past_runs: Runs | None = None

    @property
    def result(self) -> Estimate:
        """The whole estimate."""
        return estimate(self.scenario, self.past_runs)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A device that does not meet a deadline."""

    device: Device
    why: Impossible | InputError
    needed_days: float = math.inf  # what the number takes that none beats, at the slow end, where links carry the model


@dataclass(frozen=True, slots=True)
class Deadlines:
    """A deadline on several devices."""

    options: tuple[DeadlineOption, ...]  # fewest devices (careful) first
    left_out: tuple[LeftOut, ...]

    @property
    def nearest(self) -> LeftOut | None:
        """Of the devices that are too slow, the one that comes nearest; ``None`` where none is."""
        too_slow = [one for one in self.left_out if isinstance(one.why, Impossible)]
        return min(too_slow, key=lambda one: one.needed_days, default=None)


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
        places.ranked_from(now),
        levers.pulled_from(now),
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
    found = deadlines(scenario, days, [device], past_runs)
    for one in found.left_out:
        raise one.why
    return found.options[0]


def deadlines(scenario: Scenario, days: float, devices: Sequence[Device], past_runs: Runs | None = None) -> Deadlines:
    """The deadline on each of several devices, asked together.

    Args:
        scenario: What is trained.
        days: The deadline [days].
        devices: The devices to choose from.
        past_runs: Past runs of the same organisation.

    Returns:
        The devices that meet it, and why others do not.

    Raises:
        Impossible: Where ``days`` is not above zero.
    """
    if not days > 0:  # NaN as well
        raise Impossible(
            f"A deadline of {days:g} days cannot be met, as every run takes some time: allow more than 0 days."
        )
    devices = list({device.id: device for device in devices}.values())
    if not devices:
        return Deadlines((), ())
    runs = [on_device(scenario, device) for device in devices]
    counts = _possible_of_each(runs, devices)
    left_out: list[LeftOut] = []
    asked: list[tuple[Device, Scenario, int, int]] = []
    for device, run, one in zip(devices, runs, counts, strict=True):
        if why := link_too_slow(run, device):
            left_out.append(LeftOut(device, Impossible(why)))
        elif isinstance(one, InputError):
            left_out.append(LeftOut(device, one))
        else:
            asked.append((device, run, *one))
    met: list[tuple[Device, Scenario, int, int]] = []
    for (device, run, _, most), central, careful in zip(asked, *_fewest(asked, days, past_runs), strict=True):
        if math.isnan(careful):
            left_out.append(_too_slow(device, run, days, most, past_runs))
        else:
            met.append((device, run.replace(device_count=careful), int(central), int(careful)))
    options = _options(met, past_runs)
    options.sort(key=lambda option: (option.devices_careful, option.devices_central, option.device.name))
    return Deadlines(tuple(options), tuple(left_out))


def _options(met: Sequence[tuple[Device, Scenario, int, int]], past_runs: Runs | None) -> list[DeadlineOption]:
    """Options with their figures, asked together."""
    if not met:
        return []
    found = estimate_many([run for _, run, _, _ in met], past_runs)

    def figure(name: str, row: int) -> Interval:
        return interval_at(found, name, row)

    return [
        DeadlineOption(
            device,
            central,
            careful,
            run,
            figure("total_co2e_kg", row),
            figure("energy_kwh", row),
            None if run.price_per_device_hour is None else figure("cost", row),
            past_runs,
        )
        for row, (device, run, central, careful) in enumerate(met)
    ]


def _possible_of_each(runs: Sequence[Scenario], devices: Sequence[Device]) -> list[tuple[int, int] | InputError]:
    """The fewest and the most devices that memory and batch allow each scenario, or why it has no estimate."""
    columns = as_columns(runs) | {"device_count": 1.0}  # with a number, so that the limits are looked at
    found = resolve(columns, limited=False)
    each: list[tuple[int, int] | InputError] = []
    for row, (run, device) in enumerate(zip(runs, devices, strict=True)):
        if row in found.problems:
            each.append(InputError(found.problems[row]))
            continue
        fewest, most = counts_within(found, row, run, device)
        if fewest > most:
            each.append(_no_count(run, fewest))
        else:
            each.append((fewest, most))
    return each


def _no_count(run: Scenario, fewest: int) -> InputError:
    """Why no number of devices is possible."""
    why = estimate_many([run.replace(device_count=fewest)])["error"][0]
    return InputError([Problem("device_count", float(fewest), why)])


def _fewest(
    asked: Sequence[tuple[Device, Scenario, int, int]], days: float, past_runs: Runs | None
) -> tuple[list[float], list[float]]:
    """The fewest of each device that are done in time by the central estimate, and at the slow end; NaN for none."""
    if not asked:
        return [], []
    runs = [run for _, run, _, _ in asked]
    limit_hours = days * HOURS_PER_DAY

    def ask(question: NDArray[np.intp], counts: inverse.Floats) -> tuple[NDArray[np.bool_], inverse.Floats]:
        slow, run = np.divmod(question, len(runs))
        found = estimate_many(columns_of(runs, run) | {"device_count": counts}, past_runs)
        hours = np.where(slow, found["time_to_train_hours_high"], found["time_to_train_hours_central"])
        with np.errstate(all="ignore"):
            return hours <= limit_hours, np.log(hours / limit_hours)

    low, high = (np.tile(ends, 2) for ends in ([one[2] for one in asked], [one[3] for one in asked]))
    central, careful = inverse.turn(ask, low, high).first_with.reshape(2, len(runs)).tolist()
    return central, careful


def _too_slow(device: Device, run: Scenario, days: float, most: int, past_runs: Runs | None) -> LeftOut:
    needed = _needed_days(run, past_runs)
    why = "that can be asked for" if most == MOST_DEVICES else "that do anything at this batch"
    larger = "" if most == MOST_DEVICES else " a larger batch,"
    said = (
        f"Even {most:,} devices ({device.name}), the most {why}, may take longer than {days:.10g} days: allow at "
        f"least {units.rounded_up(needed)} days, choose a faster device,{larger} or train on fewer tokens."
    )
    return LeftOut(device, Impossible(said), needed)


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
    found = deadlines(scenario, days, devices, past_runs)
    nearest = found.nearest
    if nearest and not found.options:
        raise nearest.why
    return found.options


def _needed_days(run: Scenario, past_runs: Runs | None) -> float:
    """What the number takes that none beats, at the slow end [days]."""
    soonest = fastest(estimate(run.replace(device_count=None), past_runs))
    hours = (
        soonest.hours if soonest else estimate(run.replace(device_count=MOST_DEVICES), past_runs).time_to_train_hours
    )
    return hours.high / HOURS_PER_DAY
