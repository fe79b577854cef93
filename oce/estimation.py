"""Scenario → Estimate: time, energy and carbon of a training run, every figure an interval.

One calculation serves one scenario and a million: :func:`estimate` is :func:`estimate_many` on a single row, with
the provenance of every value that was filled in. The steps are

    fields → resolve: :class:`Resolved` → device_time: :class:`DeviceTime` → calculate: :class:`Figures`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import catalog
from oce.assumptions import Assumption, in_order
from oce.errors import InputError
from oce.fields import FIELDS
from oce.interval import Interval
from oce.method import compute, footprint, throughput
from oce.method.compute import SECONDS_PER_HOUR
from oce.method.device_time import device_time
from oce.method.footprint import Inputs, Numeric
from oce.method.runs import Runs
from oce.notes import Note, level_of, method_name, notes, of_throughput
from oce.resolution import Resolved, resolve
from oce.resolution.columns import row_count
from oce.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

BLOCK = 16_384  # rows that are worked out at a time: as many as a processor's cache holds
FIGURES = (
    "device_hours",
    "time_to_train_hours",
    "energy_kwh",
    "operational_co2e_kg",
    "embodied_co2e_kg",
    "total_co2e_kg",
)
ENDS = ("low", "central", "high")
COST_COLUMNS = tuple(f"cost_{end}" for end in ENDS)  # beside the others where a price is given
OUTPUT_COLUMNS = ("training_flop", *(f"{name}_{end}" for name in FIGURES for end in ENDS), "error")


@dataclass(frozen=True, slots=True)
class Figures:
    """The results, each as (low, central, high); floats or arrays."""

    device_hours: tuple[Numeric, Numeric, Numeric]
    time_to_train_hours: tuple[Numeric, Numeric, Numeric]
    energy_kwh: tuple[Numeric, Numeric, Numeric]
    operational_co2e_kg: tuple[Numeric, Numeric, Numeric]
    embodied_co2e_kg: tuple[Numeric, Numeric, Numeric]
    total_co2e_kg: tuple[Numeric, Numeric, Numeric]


@dataclass(frozen=True, slots=True)
class Estimate:
    """The estimate for one scenario. Every figure is an :class:`Interval`; its name carries the unit.

    ``device_hours``, time, energy and carbon include PUE once and the overhead. A central figure is the median: the run
    takes more as often as less. ``level`` is the share of runs that each interval is meant to hold, ``None`` where that
    of the hours is the user's own or a single value; ``level_meaning`` says it in words. ``utilisation`` is the mean
    share of the device's dense peak, ``None`` without a known peak; ``log10_alpha`` is the same as the α of the paper's
    throughput curve.
    """

    scenario: Scenario
    training_flop: Interval
    device_hours: Interval
    time_to_train_hours: Interval
    energy_kwh: Interval
    operational_co2e_kg: Interval
    embodied_co2e_kg: Interval
    total_co2e_kg: Interval
    cost: Interval | None  # device-hours × price, in the currency of the scenario; None without a price
    utilisation: Interval | None
    log10_alpha: Interval
    past_runs: Runs | None
    inputs: Inputs
    device: catalog.Device | None
    region: catalog.Region | None
    precision: str | None
    level: float | None
    level_meaning: str
    method: str
    data_version: str
    assumptions: tuple[Assumption, ...]
    notes: tuple[Note, ...]
    resolved: Resolved = field(repr=False, compare=False)  # the scenario after the first stage

    def mean(self, figure: str) -> float:
        """The mean of a figure, for budgets: above the median, as what takes longer may take much longer.

        Args:
            figure: One of :data:`FIGURES`.

        Returns:
            The mean, in the figure's unit; the central value where its interval stands for no share of runs.
        """
        interval: Interval = getattr(self, figure)
        return interval.central if self.level is None else interval.mean(self.level)


Named = Sequence[tuple[str, Estimate]]  # scenarios side by side, each with what it is called


def calculate(inputs: Inputs) -> Figures:
    """Device-hours, time, energy and carbon: the whole of the method, for floats and arrays alike.

    Central figures are products, and operational + embodied = total. Each interval is its own: the half-widths of the
    logarithms of what enters a figure, hours first, add up in quadrature, as of independent quantities; the total takes
    its two parts in proportion to their shares, with the hours and none else in both (first order). Device-hours
    include the overhead, and so do time, energy and carbon.

    Args:
        inputs: Every number that enters.

    Returns:
        The figures at the low, central and high end.
    """
    hours_per_second = (1.0 + inputs.overhead_fraction) / SECONDS_PER_HOUR
    low, central, high = (getattr(inputs, f"device_seconds_{end}") * hours_per_second for end in ENDS)
    # Everything is linear in device-hours: a factor for each figure, formed once.
    kwh = footprint.energy_kwh(1.0, inputs.power_w, inputs.pue)
    operational = footprint.operational_co2e_kg(kwh, inputs.carbon_intensity_g_per_kwh)
    embodied = footprint.embodied_co2e_kg(1.0, inputs.beta_g_per_device_hour)
    total = operational + embodied
    of_energy = inputs.log_sd_power**2 + inputs.log_sd_pue**2
    of_operational = of_energy + inputs.log_sd_grid**2
    of_embodied = inputs.log_sd_making**2
    with np.errstate(all="ignore"):  # a total of nothing has no shares, nor hours of nothing a width
        share = np.nan_to_num(np.divide(operational, total))
        of_total = share**2 * of_operational + (1.0 - share) ** 2 * of_embodied
        widths = np.nan_to_num(np.log(np.divide(central, low))), np.nan_to_num(np.log(np.divide(high, central)))

    def figure(factor: Numeric, variance: Numeric) -> tuple[Numeric, Numeric, Numeric]:
        further = variance * inputs.reach**2
        if not np.any(further):
            return low * factor, central * factor, high * factor
        below, above = (np.exp(np.sqrt(width * width + further) - width) for width in widths)
        return low * factor / below, central * factor, high * factor * above

    return Figures(
        device_hours=(low, central, high),
        time_to_train_hours=figure(1.0 / inputs.device_count, 0.0),
        energy_kwh=figure(kwh, of_energy),
        operational_co2e_kg=figure(operational, of_operational),
        embodied_co2e_kg=figure(embodied, of_embodied),
        total_co2e_kg=figure(total, of_total),
    )


def estimate(
    scenario: Scenario | Mapping[str, Any], past_runs: Runs | None = None, *, limited: bool = True
) -> Estimate:
    """The footprint of training ``scenario``, with its interval and everything that was assumed.

    Args:
        scenario: What is trained, on what, where; or its fields.
        past_runs: Past runs of the same organisation (:mod:`oce.importers.prior_runs`); the calibrated throughput
            learns from them.
        limited: Whether numbers of devices that memory and batch rule out are refused.

    Returns:
        The estimate.

    Raises:
        InputError: Where the device or the region is unknown or missing, or the throughput cannot be had for it.
    """
    if not isinstance(scenario, Scenario):
        scenario = Scenario(**scenario)
    resolved = resolve({name: [value] for name, value in scenario.given().items()}, limited=limited, recorded=True)
    if 0 in resolved.problems:
        raise InputError(resolved.problems[0])
    time = device_time(resolved.throughput, resolved.methods, resolved.hardware, past_runs)
    columns = resolved.inputs(time)
    inputs = Inputs(**{one.name: float(np.ravel(getattr(columns, one.name))[0]) for one in fields(Inputs)})
    figures = calculate(inputs)
    intervals = {name: Interval(*map(float, getattr(figures, name))) for name in FIGURES}
    utilisation = _utilisation(inputs, resolved.device, resolved.precision)
    prior_runs = 0 if past_runs is None else len(past_runs.log_throughput)
    level, meaning = level_of(resolved, prior_runs)
    return Estimate(
        scenario=scenario,
        training_flop=Interval(*(float(inputs.training_flop),) * 3),
        **intervals,
        cost=_cost(intervals["device_hours"], scenario.price_per_device_hour),
        utilisation=utilisation,
        log10_alpha=_log10_alpha(inputs),
        past_runs=past_runs,
        inputs=inputs,
        device=resolved.device,
        region=resolved.region,
        precision=resolved.precision,
        level=level,
        level_meaning=meaning,
        method=method_name(resolved.method, prior_runs),
        data_version=catalog.data_version(),
        assumptions=in_order((*resolved.records, *of_throughput(resolved, utilisation, prior_runs))),
        notes=tuple(notes(scenario, resolved, time, utilisation, prior_runs)),
        resolved=resolved,
    )


@overload
def estimate_many(scenarios: pd.DataFrame, /, past_runs: Runs | None = None) -> pd.DataFrame: ...
@overload
def estimate_many(
    scenarios: Mapping[str, Any] | Iterable[Scenario] | None = None,
    /,
    past_runs: Runs | None = None,
    **columns: Any,
) -> dict[str, NDArray[Any]]: ...
def estimate_many(scenarios: Any = None, /, past_runs: Runs | None = None, **columns: Any) -> Any:
    """Estimates for many scenarios in one vectorised call, by the same calculation as :func:`estimate`.

    Args:
        scenarios: A DataFrame or a mapping of columns named like the fields of :class:`Scenario`, or an iterable
            of scenarios. Missing values (NaN, None, empty text) mean "not given"; other columns are ignored.
        past_runs: Past runs of the organisation that trains them, as for :func:`estimate`.
        **columns: The same as keywords; arrays of one length, or single values for every row. Beside a table, they
            take the place of its columns.

    Returns:
        Columns: ``training_flop``, then ``device_hours_low/_central/_high``, ``time_to_train_hours_…``,
        ``energy_kwh_…``, ``operational_co2e_kg_…``, ``embodied_co2e_kg_…``, ``total_co2e_kg_…``, and ``error``, the
        message where a row cannot be estimated (its figures are NaN) and empty elsewhere. Where a price is given for
        any row, ``cost_low/_central/_high`` stand before it. A DataFrame for a
        DataFrame (same index), else a dictionary of arrays.

    Raises:
        ValueError: Where the columns differ in length.
    """
    if scenarios is None:
        frame = dict(columns)
    elif isinstance(scenarios, Mapping) or hasattr(scenarios, "columns"):
        frame = {name: scenarios[name] for name in scenarios if name in FIELDS}
    else:
        given = [one.given() for one in ([scenarios] if isinstance(scenarios, Scenario) else scenarios)]
        frame = {name: [one.get(name) for one in given] for name in FIELDS}
    if scenarios is not None:
        frame |= columns
    if row_count(frame) == 0:
        empty = {name: np.empty(0, dtype=object if name == "error" else np.float64) for name in OUTPUT_COLUMNS}
        return type(scenarios)(empty, index=scenarios.index) if hasattr(scenarios, "columns") else empty
    rows = resolve(frame)
    inputs = rows.inputs(device_time(rows.throughput, rows.methods, rows.hardware, past_runs))
    out: dict[str, NDArray[Any]] = {"training_flop": _spread(inputs.training_flop, rows.count)}
    out |= {f"{name}_{end}": np.empty(rows.count) for name in FIGURES for end in ENDS}
    for start in range(0, rows.count, BLOCK):
        block = slice(start, start + BLOCK)
        figures = calculate(_block(inputs, block))
        for name in FIGURES:
            for end, values in zip(ENDS, getattr(figures, name), strict=True):
                out[f"{name}_{end}"][block] = values
    if not np.all(np.isnan(rows.price_per_device_hour)):
        out |= {
            name: out[f"device_hours_{end}"] * rows.price_per_device_hour
            for name, end in zip(COST_COLUMNS, ENDS, strict=True)
        }
    figures_of = tuple(out)
    out["error"] = np.full(rows.count, "", dtype=object)
    if rows.problems:
        bad = np.fromiter(rows.problems, dtype=np.intp)
        out["error"][bad] = ["; ".join(map(str, problems)) for problems in rows.problems.values()]
        for name in figures_of:
            out[name][bad] = np.nan
    if hasattr(scenarios, "columns"):
        return type(scenarios)(out, index=scenarios.index)
    return out


def _cost(device_hours: Interval, price: float | None) -> Interval | None:
    """Device-hours × the price of one: its interval is theirs, as the price is given."""
    if price is None:
        return None
    return Interval(*(getattr(device_hours, end) * price for end in ENDS))


def _block(inputs: Inputs, rows: slice) -> Inputs:
    """These rows of the inputs; what is one value for all stays so."""
    values = (np.asarray(getattr(inputs, one.name)) for one in fields(Inputs))
    return Inputs(*(one if one.size == 1 else one[rows] for one in values))


def _spread(values: ArrayLike, count: int) -> Floats:
    """``values`` as a writable array of ``count``."""
    array = np.asarray(values, dtype=np.float64)
    return array if array.shape == (count,) and array.flags.owndata else np.array(np.broadcast_to(array, (count,)))


def _utilisation(inputs: Inputs, device: catalog.Device | None, precision: str | None) -> Interval | None:
    """Mean throughput of the final run over the device's dense peak; the slow end of the run is the low one."""
    peak = device.peak_tflops.get(precision or "") if device else None
    if peak is None:
        return None
    fastest = float(inputs.training_flop) / compute.FLOP_PER_TFLOP / peak
    return Interval(*(fastest / seconds for seconds in _slow_to_fast(inputs)))


def _log10_alpha(inputs: Inputs) -> Interval:
    """The α with which the compute takes the device-time of each end; the slow end has the low one."""
    tflop = float(inputs.training_flop) / compute.FLOP_PER_TFLOP
    return Interval(*(float(throughput.log10_alpha_for(tflop, seconds)) for seconds in _slow_to_fast(inputs)))


def _slow_to_fast(inputs: Inputs) -> tuple[float, float, float]:
    return tuple(float(getattr(inputs, f"device_seconds_{end}")) for end in reversed(ENDS))  # type: ignore[return-value]
