"""What to choose: devices for a deadline, size for a budget, a place, the front of time against carbon, and levers.

Everything is asked of :func:`oce.estimation.estimate` or :func:`oce.estimation.estimate_many`; nothing is worked out a
second time here. The more devices, the sooner a run is done and the more it emits, as each is slower
(:mod:`oce.method.scaling`); memory and batch say how few and how many are possible (:mod:`oce.method.limits`). What
nothing can meet is :class:`Impossible`, whose message says what would make it possible.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog, units
from oce.analysis.sensitivity import GOOD_PUE
from oce.catalog import Device, Region
from oce.errors import InputError, Problem
from oce.estimation import COST_COLUMNS, ENDS, Estimate, estimate, estimate_many
from oce.fields import FIELDS
from oce.interval import Interval
from oce.method import embodied, limits, scaling
from oce.method.calibration_file import committed
from oce.method.hardware_features import LOW_PRECISIONS
from oce.method.ratio_basis import Basis, basis
from oce.method.runs import Runs
from oce.resolution.checks import CHECKED_METHODS
from oce.scenario import Scenario

MOST_DEVICES = int(FIELDS["device_count"].high)
MOST_COMBINATIONS = 100_000
GRID = 64  # numbers of devices that are looked at together
HOURS_PER_DAY = 24.0
BUDGET_FIELDS = ("tokens", "parameters")
SAME_MODEL = ("region", "device", "precision", "utilisation", "life", "pue", "overhead")  # the same model, for less
OTHER_MODEL = ("experts", "tokens")  # another model, which may be worse
LEVERS = (*SAME_MODEL, *OTHER_MODEL)
LONG_LIFE_YEARS = 6.0  # BLOOM and Google take so long (see the provenance of the life of a device)
LOW_PRECISION = "fp8"

ACTIVE_SHARE = 1 / 8  # of a mixture of experts: assumed. DeepSeek-V3 (arXiv:2412.19437) has 37 of 671 billion
FEWER_TOKENS = 1 / 2  # assumed

# What belongs to one device and says nothing of another: its rate, its watts.
_OF_ONE_DEVICE = (
    "tokens_per_second_per_device",
    "log10_alpha_low",
    "log10_alpha_high",
    "power_w",
    "host_power_w",
    "price_per_device_hour",
)
_ROOT = 1e-12  # relative: a root that is found is right to much less than so much


class Impossible(ValueError):  # noqa: N818  what the planner asked for is no error of the program
    """A request that nothing can meet; the message is one plain sentence: why, and what would make it possible."""


@dataclass(frozen=True, slots=True)
class DeadlineOption:
    """How many of one device meet a deadline: by the central estimate, and by the slow end of the interval."""

    device: Device
    devices_central: int
    devices_careful: int
    result: Estimate  # on devices_careful of the device


@dataclass(frozen=True, slots=True)
class Budget:
    """The largest tokens or parameters that a carbon budget allows: by the median, the mean, and the high end."""

    field: str  # one of BUDGET_FIELDS
    central: float  # it is as often exceeded as not
    mean: float | None  # many such runs keep to it together; None: not even of the smallest
    careful: float
    problem: str = ""  # why the scenario's own number of devices is not possible at that size; empty where it is


@dataclass(frozen=True, slots=True)
class Place:
    """The run in one region: its total, and what it saves against the scenario's own region."""

    region: Region
    total_co2e_kg: Interval
    saved_kg: float  # of the central total; > 0 is less


@dataclass(frozen=True, slots=True, eq=False)
class Front:
    """Every combination of device, region and number of devices, and which of them nothing beats.

    ``columns``: ``device`` and ``region`` (ids), ``device_count``, then ``time_to_train_hours_low/_central/_high`` [h]
    and ``total_co2e_kg_low/_central/_high`` [kg CO2e]. ``best`` is true where no other combination is at least as fast
    and at least as low in carbon, and better in one of the two (central values).
    """

    columns: dict[str, NDArray[Any]]
    best: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lever:
    """One change on the way to less carbon, with the central total before and after it."""

    key: str  # one of LEVERS
    label: str
    before_kg: float
    after_kg: float
    scenario: Scenario  # after this and all earlier levers

    @property
    def is_same_model(self) -> bool:
        """Whether the same model comes of it; else another one is trained."""
        return self.key in SAME_MODEL


# --- the scenario elsewhere ---


def on_device(scenario: Scenario, device: Device) -> Scenario:
    """The scenario on another device: what was said of its own device alone is left behind.

    That is a measured rate, a range of α, a power in watts, its host's too, and a precision that the other does not
    have. A utilisation and a share of TDP are kept.

    Args:
        scenario: What is trained.
        device: What it is trained on instead; its own device leaves the scenario as it is.

    Returns:
        The scenario on ``device``.

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


def with_size(scenario: Scenario, field: str, value: float) -> Scenario:
    """The scenario with other tokens or parameters; a mixture of experts keeps the share that is active.

    Args:
        scenario: What is trained.
        field: ``tokens`` or ``parameters``.
        value: How many.

    Returns:
        The changed scenario.
    """
    if field == "parameters" and scenario.active_parameters is not None and scenario.parameters:
        active = value * (scenario.active_parameters / scenario.parameters)
        within = min(value, max(FIELDS["active_parameters"].low, active))  # rounding must not carry it outside
        return scenario.replace(parameters=value, active_parameters=within)
    if field == "tokens" and scenario.samples is not None and scenario.tokens_per_sample is not None:
        return scenario.replace(samples=value / scenario.tokens_per_sample)
    return scenario.replace(**{field: value})


def speed_basis(now: Estimate, device: Device) -> Basis | None:
    """What the speed of a device against the scenario's own rests on; ``None`` where the calibration does not say it.

    Args:
        now: The estimate of the scenario.
        device: The device it might run on instead.
    """
    if now.scenario.method != "calibrated" or now.device is None:
        return None
    return basis(now.device, device)


def is_weak(now: Estimate, device: Device) -> bool:
    """Whether nobody has measured a device and the scenario's own on one stack, and the calibration places it."""
    found = speed_basis(now, device)
    return found is not None and found.is_weak


# --- deadline → devices ---


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
    _check_link(run, device)
    limit = days * HOURS_PER_DAY
    central, careful = (_fewest(run, end, limit, past_runs) for end in ("central", "high"))
    if central is None or careful is None:
        _, most = possible_counts(run, past_runs)
        fastest = _shown_up(_needed_days(run, past_runs))
        why = "that can be asked for" if most == MOST_DEVICES else "that do anything at this batch"
        larger = "" if most == MOST_DEVICES else " a larger batch,"
        raise Impossible(
            f"Even {most:,} devices ({device.name}), the most {why}, may take longer than {days:.10g} days: allow at "
            f"least {fastest} days, choose a faster device,{larger} or train on fewer tokens."
        )
    return DeadlineOption(device, central, careful, estimate(run.replace(device_count=careful), past_runs))


def _check_link(run: Scenario, device: Device) -> None:
    """Refuses a device that no plan should rank for this run: its links are too slow for so large a model."""
    why = limits.without_link(run.parameters, device) if run.method in CHECKED_METHODS else ""
    if why:
        raise Impossible(why)


def possible_counts(run: Scenario, past_runs: Runs | None = None) -> tuple[int, int]:
    """The fewest and the most devices that memory and batch allow a scenario, whatever its own number.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    alone = estimate(run.replace(device_count=None), past_runs)
    found = alone.resolved.limits
    if found is None or run.method not in CHECKED_METHODS:
        return 1, MOST_DEVICES
    most = int(found.most[0])
    if run.interconnect == "server" and alone.device is not None and alone.device.interconnect != "ici":
        most = min(most, limits.linked_devices(alone.device))
    return min(int(found.fewest[0]), MOST_DEVICES), min(most, MOST_DEVICES)


def fastest(run: Scenario, past_runs: Runs | None = None) -> Estimate | None:
    """A scenario on the number of devices past which more stop helping: none is done sooner.

    Args:
        run: What is trained; its own number of devices does not matter.
        past_runs: Past runs of the same organisation.

    Returns:
        The estimate on that number; ``None`` where nothing says how many are too many, or none can be.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    low, most = possible_counts(run, past_runs)
    if most == MOST_DEVICES or most < low:
        return None
    high = most
    while True:
        near = np.unique(np.round(np.geomspace(low, high, GRID)).astype(np.int64))
        hours = estimate_many({**run.given(), "device_count": near}, past_runs)["time_to_train_hours_central"]
        if np.all(np.isnan(hours)):
            return None
        best = int(np.nanargmin(hours))
        if high - low < GRID:
            return estimate(run.replace(device_count=int(near[best])), past_runs)
        low, high = int(near[max(best - 1, 0)]), int(near[min(best + 1, len(near) - 1)])


def usual_count(run: Scenario, past_runs: Runs | None = None) -> int:
    """The number of devices usual for a scenario's compute, as far as memory and batch allow it.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    fewest, most = possible_counts(run, past_runs)
    flop = estimate(run.replace(device_count=None), past_runs).training_flop.central
    usual = float(np.exp(scaling.usual_count().at(np.log(np.full(1, flop)))[0]))
    return min(max(round(usual), fewest), most)


def _fewest(run: Scenario, end: str, limit_hours: float, past_runs: Runs | None) -> int | None:
    """The fewest devices that are done in time at an end of the interval, by ever finer grids of counts."""
    low, high = possible_counts(run, past_runs)
    while True:
        near = np.unique(np.round(np.geomspace(low, high, GRID)).astype(np.int64))
        found = estimate_many({**run.given(), "device_count": near}, past_runs)
        if (wrong := "".join(found["error"][:1])) and not np.any(found["error"] == ""):
            raise InputError([Problem("device_count", float(low), wrong)])
        in_time = np.flatnonzero(found[f"time_to_train_hours_{end}"] <= limit_hours)
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
        raise min(too_slow, key=lambda one: one[0])[1]
    return tuple(sorted(found, key=lambda one: (one.devices_careful, one.devices_central, one.device.name)))


def _check_days(days: float) -> None:
    if not days > 0:  # NaN as well
        raise Impossible(
            f"A deadline of {days:g} days cannot be met, as every run takes some time: allow more than 0 days."
        )


def _needed_days(run: Scenario, past_runs: Runs | None) -> float:
    """What the number takes that none beats, at the slow end [days]."""
    soonest = fastest(run, past_runs) or estimate(run.replace(device_count=MOST_DEVICES), past_runs)
    return soonest.time_to_train_hours.high / HOURS_PER_DAY


def _shown_up(value: float) -> str:
    """``value`` with three significant digits, rounded up: who asks for that much will have enough."""
    unit = 10.0 ** (math.floor(math.log10(value)) - 2)
    return units.significant(math.ceil(value * (1 + 1e-9) / unit) * unit)


def by_count(result: Estimate, counts: Sequence[float] | NDArray[np.float64]) -> dict[str, NDArray[Any]]:
    """The figures of a scenario on other numbers of devices, as columns; NaN where a number is not possible.

    Args:
        result: The scenario's estimate.
        counts: Numbers of devices.
    """
    found: dict[str, NDArray[Any]] = estimate_many(
        {**result.scenario.given(), "device_count": np.asarray(counts)}, result.past_runs
    )
    return found


# --- budget → size ---


def budget(scenario: Scenario, total_co2e_kg: float, field: str, past_runs: Runs | None = None) -> Budget:
    """The largest whole number of tokens, or of parameters, whose total is within a carbon budget.

    Args:
        scenario: What is trained, where and on what.
        total_co2e_kg: The budget [kg CO2e].
        field: ``tokens`` or ``parameters``; the latter keep the active share (:func:`with_size`).
        past_runs: Past runs of the same organisation.

    Returns:
        The largest by the central total, by its mean and by the high end; at most what the field allows.

    Raises:
        Impossible: Where the budget is not above zero or too small for any run, or the field does not decide the total.
        InputError: Where there is no estimate for the scenario.
        ValueError: Where ``field`` is neither.
    """
    if field not in BUDGET_FIELDS:
        raise ValueError(f"{field}: not one of {', '.join(BUDGET_FIELDS)}")
    _check_budget(scenario, total_co2e_kg, field)
    estimate(scenario, past_runs, limited=False)  # what is wrong with the scenario itself is said first
    low, high = FIELDS[field].low, FIELDS[field].high
    if field == "parameters" and scenario.active_parameters is not None and scenario.parameters:
        low = max(low, FIELDS["active_parameters"].low * scenario.parameters / scenario.active_parameters)
    least, most = math.ceil(low), int(high)

    def run(size: float) -> Estimate:
        return estimate(with_size(scenario, field, size), past_runs, limited=False)

    def totals(size: float) -> Interval:
        return run(size).total_co2e_kg

    if totals(least).high > total_co2e_kg:
        raise Impossible(
            f"Even the smallest run that can be asked for, of {units.compact(least)} {field}, may emit more than "
            f"{total_co2e_kg:.3g} kg CO2e: allow at least {_shown_up(totals(least).high)} kg, "
            "or choose a region with less carbon or a device that needs less energy."
        )
    central = _largest(lambda size: totals(size).central, total_co2e_kg, least, most)
    fits = run(least).mean("total_co2e_kg") <= total_co2e_kg  # of a narrow level the high end may be below the mean
    mean = _largest(lambda size: run(size).mean("total_co2e_kg"), total_co2e_kg, least, most) if fits else None
    careful = _largest(lambda size: totals(size).high, total_co2e_kg, least, most)
    sized = with_size(scenario, field, float(careful))
    problem = str(estimate_many([sized], past_runs)["error"][0])
    return Budget(field, float(central), None if mean is None else float(mean), float(careful), problem)


def _check_budget(scenario: Scenario, total_co2e_kg: float, field: str) -> None:
    if not total_co2e_kg > 0:  # NaN as well
        raise Impossible(
            f"A budget of {total_co2e_kg:g} kg CO2e allows no run, as every run emits something: allow more than 0 kg."
        )
    if scenario.training_flop is not None or scenario.forward_flop_per_sample is not None:
        raise Impossible(
            f"The training compute of this scenario is given directly, so its carbon does not follow from {field}: "
            "give parameters and tokens in its place."
        )
    if scenario.method == "measured" and field == "parameters":
        raise Impossible(
            "With a measured rate the time follows from the tokens alone, not from the parameters: "
            "ask for the tokens, or leave out the measured rate."
        )


def _largest(total_kg: Callable[[float], float], limit_kg: float, least: int, most: int) -> int:
    """The largest whole size from ``least`` to ``most`` whose total, which grows with it, is within ``limit_kg``."""
    from scipy.optimize import brentq  # here, as it is needed only for this

    if total_kg(most) <= limit_kg:
        return most
    # The total is close to a power of the size, so between logarithms a few steps come near; the last are whole ones.
    root = math.exp(
        brentq(
            lambda size: math.log(total_kg(min(max(math.exp(size), least), most)) / limit_kg),
            math.log(least),
            math.log(most),
            xtol=_ROOT / 100,
        )
    )
    near = range(max(least, math.floor(root * (1 - _ROOT))), min(most, math.ceil(root * (1 + _ROOT))) + 1)
    return near[max(0, bisect_right(near, limit_kg, key=total_kg) - 1)]


# --- where ---


def places(scenario: Scenario, past_runs: Runs | None = None) -> tuple[Place, ...]:
    """The run in every region of the catalogue but the paper's own set, least carbon first.

    The ranking holds intensities of every basis, as ``region.basis`` says: lifecycle figures are not to be compared
    with others without saying so.

    Args:
        scenario: What is trained; its own region, or stated intensity, is what the others are compared with.
        past_runs: Past runs of the same organisation.

    Returns:
        A place for every region.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    now_kg = estimate(scenario, past_runs).total_co2e_kg.central
    regions = [one for one in catalog.regions() if one.kind != "paper"]
    elsewhere = in_region(scenario, regions[0]).given() | {"region": [one.id for one in regions]}
    found = estimate_many(elsewhere, past_runs)
    totals = zip(*(found[f"total_co2e_kg_{end}"].tolist() for end in ENDS), strict=True)
    all_places = [
        Place(region, Interval(*total), now_kg - total[1]) for region, total in zip(regions, totals, strict=True)
    ]
    return tuple(sorted(all_places, key=lambda one: (one.total_co2e_kg.central, one.region.name)))


def moving(from_: Place, to: Place) -> str:
    """One sentence on moving the run: what it saves or adds, and a warning where the two are not counted alike.

    Args:
        from_: Where the run would be.
        to: Where it is moved.

    Returns:
        The sentence.
    """
    before, after = from_.total_co2e_kg.central, to.total_co2e_kg.central
    change = abs(after - before)
    share = f" ({change / before:.0%})" if before > 0 else ""
    way = f"Moving the run from {from_.region.name} to {to.region.name}"
    if change == 0:
        said = f"{way} changes nothing"
    else:
        said = f"{way} {'saves' if after < before else 'adds'} {units.shown(change, units.MASS)}{share}"
    if from_.region.basis == to.region.basis:
        return f"{said}."
    return (
        f"{said}, but the two are not counted alike: the carbon intensity of {from_.region.name} is "
        f"{from_.region.basis}, that of {to.region.name} {to.region.basis}."
    )


# --- the front ---


def front(
    scenario: Scenario,
    devices: Sequence[str],
    regions: Sequence[str],
    counts: Sequence[int],
    past_runs: Runs | None = None,
    against: str = "total_co2e_kg",
) -> Front:
    """Time and carbon of every combination of device, region and number of devices, and those that nothing beats.

    Args:
        scenario: What is trained.
        devices: Devices by id, name or alias; those without an estimate for this scenario are left out.
        regions: Regions by id, name or alias, each at its own intensity.
        counts: Numbers of devices.
        past_runs: Past runs of the same organisation.
        against: What the front is of, beside the time: ``total_co2e_kg``, or ``cost`` where the scenario has a price.

    Returns:
        The product, devices slowest and counts fastest, without what memory, batch and links rule out.

    Raises:
        Impossible: Where there is nothing to combine, or more than 100,000 combinations.
        InputError: Where a name is unknown, or a number of devices not allowed.
    """
    chosen = list({one.id: one for one in map(catalog.device, devices)}.values())
    where = list({one.id: one for one in map(catalog.region, regions)}.values())
    many = list(dict.fromkeys(counts))
    _check_combinations(len(chosen), len(where), len(many))
    _check_counts(many)
    alone = scenario.replace(device_count=None)
    on_each = [(one, in_region(on_device(alone, one), where[0])) for one in chosen if not _slow_link(scenario, one)]
    errors = estimate_many([run for _, run in on_each], past_runs)["error"] if on_each else []
    known = [pair for pair, error in zip(on_each, errors, strict=True) if not error]
    if not known:
        raise Impossible(
            "None of these devices has an estimate for this scenario: choose others, or the calibrated throughput."
        )
    of_each = np.indices((len(known), len(where), len(many)), dtype=np.intp)
    device, region, count = (one.ravel() for one in of_each)
    columns: dict[str, NDArray[Any]] = {
        "device": np.array([one.id for one, _ in known])[device],
        "region": np.array([one.id for one in where])[region],
        "device_count": np.array(many, dtype=np.int64)[count],
    }
    found = estimate_many({**_by_device([run for _, run in known], device), **columns}, past_runs)
    names = [f"{figure}_{end}" for figure in ("time_to_train_hours", "total_co2e_kg") for end in ENDS]
    names += [name for name in COST_COLUMNS if name in found]
    columns |= {name: found[name] for name in names}
    possible = found["error"] == ""  # memory and batch allow the number
    if not np.any(possible):
        raise Impossible(f"None of these numbers of devices is possible: {found['error'][0]}.")
    columns = {name: values[possible] for name, values in columns.items()}
    if f"{against}_central" not in columns:
        raise Impossible(
            "None of these devices has a price: give the price of an hour of your own device, and choose it."
        )
    known_cost = np.isfinite(columns[f"{against}_central"])
    best = not_dominated(
        columns["time_to_train_hours_central"], np.where(known_cost, columns[f"{against}_central"], np.inf)
    )
    return Front(columns, best & known_cost)


def _slow_link(scenario: Scenario, device: Device) -> bool:
    return scenario.method in CHECKED_METHODS and bool(limits.without_link(scenario.parameters, device))


def not_dominated(x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which points no other is at most as large as in both, and smaller in one; of equal points, all.

    Args:
        x: First coordinate of each point.
        y: Second coordinate.

    Returns:
        Whether each is on the front; by sorting, O(n log n).
    """
    if len(x) == 0:
        return np.zeros(0, dtype=np.bool_)
    order = np.lexsort((y, x))
    x_sorted, y_sorted = x[order], y[order]
    new = np.concatenate(([True], x_sorted[1:] != x_sorted[:-1]))
    first = np.flatnonzero(new)[np.cumsum(new) - 1]  # of the points that share an x, the one with the least y
    before = np.concatenate(([np.inf], np.minimum.accumulate(y_sorted)))  # least y of all that come earlier
    best = np.zeros(len(x), dtype=np.bool_)
    best[order] = (y_sorted == y_sorted[first]) & (y_sorted < before[first])
    return best


def _check_combinations(devices: int, regions: int, counts: int) -> None:
    number = devices * regions * counts
    if number == 0:
        raise Impossible(
            "There is nothing to combine: choose at least one device, one region and one number of devices."
        )
    if number > MOST_COMBINATIONS:
        raise Impossible(
            f"Devices × regions × numbers of devices, {devices:,} × {regions:,} × {counts:,}, are {number:,} "
            f"combinations: choose fewer, so that they are at most {MOST_COMBINATIONS:,}."
        )


def _check_counts(counts: Sequence[int]) -> None:
    field = FIELDS["device_count"]
    for count in counts:
        try:
            field.check(count)
        except ValueError as error:
            raise InputError([Problem(field.name, float(count), str(error))]) from None


def _by_device(on_each: Sequence[Scenario], device: NDArray[np.intp]) -> dict[str, Any]:
    """The fields of the scenario on each device, as columns: one value where all have the same."""
    columns: dict[str, Any] = {}
    for name in FIELDS:
        values = [getattr(one, name) for one in on_each]
        if len(set(values)) == 1:
            columns[name] = values[0]
        elif any(isinstance(value, str) for value in values):
            columns[name] = np.array([value or "" for value in values])[device]
        else:
            columns[name] = np.array([np.nan if value is None else value for value in values])[device]
    return columns


# --- what it would take ---


def levers(scenario: Scenario, use: Collection[str] = LEVERS, past_runs: Runs | None = None) -> tuple[Lever, ...]:
    """From the scenario to the best that can be reached, one change after another.

    Each goes to the best reachable value: of the countries with a cloud region, the one with the least lifecycle
    carbon; the device with the least carbon, of those with reported runs and whose embodied carbon is known where that
    of the present one is; fp8 where the device has it; the utilisation of the fast end of the interval; six years of
    life; the PUE of a good fleet; no overhead. The last two train another model, which may be worse: an eighth of the
    parameters active; half the tokens. What would not lower the total is left out. Power caps and cleaner hours are no
    levers here, as there are no data on what they cost in time.

    Args:
        scenario: Where it begins.
        use: The levers to pull, of :data:`LEVERS`; always in that order.
        past_runs: Past runs of the same organisation.

    Returns:
        The levers; the ``after_kg`` of one is the ``before_kg`` of the next.

    Raises:
        InputError: Where there is no estimate for the scenario.
        ValueError: Where ``use`` names no lever.
    """
    unknown = sorted(set(use) - set(LEVERS))
    if unknown:
        raise ValueError(f"{', '.join(unknown)}: not one of {', '.join(LEVERS)}")
    now = estimate(scenario, past_runs)
    found: list[Lever] = []
    for key in (one for one in LEVERS if one in use):
        pulled = _PULL[key](now)
        if pulled is None:
            continue
        label, changed = pulled
        try:
            then = estimate(changed, past_runs)
        except InputError:  # what the scenario's devices cannot train is no way to less
            continue
        before, after = now.total_co2e_kg.central, then.total_co2e_kg.central
        if after < before:
            found.append(Lever(key, label, before, after, changed))
            now = then
    return tuple(found)


Pulled = tuple[str, Scenario] | None  # what changes, and the scenario after it; None where there is nothing to pull


def _pull_region(now: Estimate) -> Pulled:
    hosts = {one.country_iso3 for one in catalog.regions() if one.kind == "cloud"}  # where a run can be rented
    countries = [one for one in catalog.regions() if one.kind == "country" and one.basis == "lifecycle"]
    countries = [one for one in countries if one.country_iso3 in hosts]
    best = min(countries, key=lambda one: (one.g_per_kwh, one.name))
    stated = now.scenario.carbon_intensity_g_per_kwh is not None
    alike = stated or now.region is None or now.region.basis == best.basis
    but = "" if alike or now.region is None else f", {best.basis}; before: {now.region.basis}"
    return f"Region: {best.name} ({best.g_per_kwh:.0f} g/kWh{but})", in_region(now.scenario, best)


def _pull_device(now: Estimate) -> Pulled:
    run = now.scenario
    # On a clean grid embodied carbon decides: a device must not win because nobody has published its own.
    whole = now.embodied_co2e_kg.central > 0
    others = [
        one
        for one in catalog.devices()
        if one.tdp_w is not None
        and not _slow_link(run, one)
        and (not whole or _making_known(one, run))
        # nor because nobody has measured the two on one stack
        and not is_weak(now, one)
    ]
    if not others:
        return None
    found = estimate_many([on_device(run, one) for one in others], now.past_runs)
    totals = np.where(found["error"] == "", found["total_co2e_kg_central"], np.inf)
    best = others[int(np.argmin(totals))]
    changed = on_device(run, best)
    own = "" if changed.method == run.method else f" ({changed.method} throughput, not your own)"
    return (f"Device: {best.name}{own}", changed) if np.isfinite(totals.min()) else None


def _making_known(device: Device, run: Scenario) -> bool:
    """Whether there is a figure for making this device, of the kind that the scenario counts."""
    if run.embodied == "paper":
        return device.beta_g_per_device_hour is not None
    return embodied.making(device.id).known


def _pull_precision(now: Estimate) -> Pulled:
    run, device = now.scenario, now.device
    if device is None or run.method != "calibrated" or LOW_PRECISION not in device.peak_tflops:
        return None
    if (now.precision or "") in LOW_PRECISIONS:
        return None
    return f"Precision: {LOW_PRECISION} instead of {now.precision}", run.replace(precision=LOW_PRECISION)


def _pull_utilisation(now: Estimate) -> Pulled:
    """The speed that the fast end of the interval stands for, as the steady-state utilisation that leads to it."""
    run = now.scenario
    if run.method != "calibrated" or now.utilisation is None or now.level is None:
        return None
    reached = now.utilisation.high
    steady = reached / math.exp(committed().gap_mean)
    if not FIELDS["utilisation"].low <= steady <= 1.0:
        return None
    few = (1.0 - now.level) / 2.0
    label = f"Utilisation: {reached:.0%} over the whole run (what {few:.0%} of such runs pass)"
    return label, run.replace(throughput=None, utilisation=steady)


def _pull_life(now: Estimate) -> Pulled:
    run = now.scenario
    if run.embodied == "paper":
        return None
    years = float(now.resolved.device_life_years[0])
    if years >= LONG_LIFE_YEARS:
        return None
    return f"Life of devices: {LONG_LIFE_YEARS:g} years (now {years:g})", run.replace(device_life_years=LONG_LIFE_YEARS)


def _pull_pue(now: Estimate) -> Pulled:
    good = catalog.pue(GOOD_PUE)
    return f"PUE: {good.pue:g} ({good.operator} {good.site}, {good.year})", now.scenario.replace(pue=good.pue)


def _pull_overhead(now: Estimate) -> Pulled:
    before = float(now.inputs.overhead_fraction)
    return f"Overhead: none (now {before:.0%})", now.scenario.replace(overhead_fraction=0.0)


def _pull_experts(now: Estimate) -> Pulled:
    run = now.scenario
    dense = run.active_parameters is None or run.active_parameters == run.parameters
    if run.training_flop is not None or run.forward_flop_per_sample is not None or run.parameters is None or not dense:
        return None
    label = "Mixture of experts: 1/8 of the parameters active (assumed; DeepSeek-V3 has 37 of 671 billion)"
    return label, run.replace(active_parameters=run.parameters * ACTIVE_SHARE)


def _pull_tokens(now: Estimate) -> Pulled:
    run = now.scenario
    amounts = ("tokens", "samples", "training_flop")
    sizes = {name: getattr(run, name) for name in amounts if getattr(run, name) is not None}
    fewer = {name: size * FEWER_TOKENS for name, size in sizes.items()}
    if any(half < FIELDS[name].low for name, half in fewer.items()):
        return None
    if "training_flop" in fewer:  # it stands for the tokens
        return f"Compute: half ({units.scientific(fewer['training_flop'])} FLOP)", run.replace(**fewer)
    (name, half), *_ = fewer.items()
    return f"{name.capitalize()}: half ({units.compact(half)})", run.replace(**fewer)


_PULL: Mapping[str, Callable[[Estimate], Pulled]] = {
    "region": _pull_region,
    "device": _pull_device,
    "precision": _pull_precision,
    "utilisation": _pull_utilisation,
    "life": _pull_life,
    "pue": _pull_pue,
    "overhead": _pull_overhead,
    "experts": _pull_experts,
    "tokens": _pull_tokens,
}
