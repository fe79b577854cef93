"""Scenario → Estimate: time, energy and carbon of a training run, every figure an interval.

One calculation serves one scenario and a million: :func:`estimate` is :func:`estimate_many` on a single row, with
the provenance of every value that was filled in. The steps are

    fields → resolve: :class:`Resolved` → device_time: :class:`DeviceTime` → :func:`oce.method.footprint.calculate`
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.assumptions import Assumption, in_order
from oce.errors import InputError
from oce.fields import FIELDS, TEXT_FIELDS
from oce.interval import BOUNDS, Interval
from oce.method import compute, footprint, throughput
from oce.method.device_time import device_time
from oce.method.footprint import Inputs
from oce.method.runs import Runs
from oce.notes import Note, level_of, method_name, notes, of_throughput
from oce.resolution import Resolved, resolve
from oce.resolution.columns import is_single, row_count
from oce.scenario import Scenario
from oce.version import METHOD_VERSION

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 65_536  # rows that are worked out at a time: as many as a processor's cache holds
FIGURES = (
    "device_hours",
    "time_to_train_hours",
    "energy_kwh",
    "operational_co2e_kg",
    "embodied_co2e_kg",
    "total_co2e_kg",
)
COST_COLUMNS = tuple(f"cost_{bound}" for bound in BOUNDS)  # beside the others where a price is given
OUTPUT_COLUMNS = ("training_flop", *(f"{name}_{bound}" for name in FIGURES for bound in BOUNDS), "error")


@dataclass(frozen=True, slots=True, repr=False)
class Estimate:
    """The estimate for one scenario. Every figure is an :class:`Interval`; its name carries the unit.

    ``device_hours``, time, energy and carbon include PUE once and the overhead. A central figure is the median: the run
    takes more as often as less. ``level`` is the share of runs that each interval is meant to hold, ``None`` where that
    of the hours is the user's own or a single value; ``level_meaning`` says it in words. ``utilisation`` is the mean
    share of the device's dense peak, ``None`` without a known peak; ``log10_alpha`` is the same as the α of the paper's
    throughput curve.

    Two estimates of the same scenario, past runs and data are equal; an estimate can be a key.

    Example:
        >>> from oce import Scenario, estimate
        >>> result = estimate(Scenario(parameters=7e9, tokens=2e12, device="H100", device_count=512, region="USA"))
        >>> result.energy_kwh.low < result.energy_kwh.central < result.energy_kwh.high
        True
        >>> sorted(result.to_dict()["total_co2e_kg"])
        ['central', 'high', 'low']
        >>> result.region.name, [assumption.field for assumption in result.assumptions if assumption.field == "pue"]
        ('United States', ['pue'])
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

    def to_dict(self) -> dict[str, Any]:
        """The estimate for machines, as JSON takes it: every figure with its low, central and high, and all inputs.

        Returns:
            ``training_flop``, each of :data:`FIGURES`, ``cost`` where there is a price, ``utilisation`` and
            ``log10_alpha``, each ``{"low", "central", "high"}`` (``None`` where not known); ``level``,
            ``level_meaning``, ``method``, ``method_version``, ``data_version``; ``scenario``, the fields that were
            given; ``assumptions`` and ``notes``.
        """
        return {
            "training_flop": asdict(self.training_flop),
            **{name: asdict(getattr(self, name)) for name in FIGURES},
            **({"cost": asdict(self.cost)} if self.cost is not None else {}),
            "utilisation": asdict(self.utilisation) if self.utilisation else None,
            "log10_alpha": asdict(self.log10_alpha),
            "level": self.level,
            "level_meaning": self.level_meaning,
            "method": self.method,
            "method_version": METHOD_VERSION,
            "data_version": self.data_version,
            "scenario": self.scenario.given(),
            "assumptions": [asdict(assumption) for assumption in self.assumptions],
            "notes": [asdict(note) for note in self.notes],
        }

    def to_frame(self) -> pd.DataFrame:
        """The figures as a table: a row for each, whose name carries the unit, and columns low, central and high.

        Raises:
            ImportError: Without pandas.
        """
        import pandas as pd  # here, as the library does without it

        names = ("training_flop", *FIGURES, *(() if self.cost is None else ("cost",)))
        return pd.DataFrame({name: [*getattr(self, name)] for name in names}, index=list(BOUNDS)).T

    def __hash__(self) -> int:
        """Of what an estimate follows from, which is shorter than what is in it."""
        return hash((self.scenario, self.past_runs, self.data_version))

    def __repr__(self) -> str:
        """The total, energy and time with their intervals, on what and where, in one line."""
        from oce import descriptions  # here, as it takes an estimate

        return f"<Estimate: {descriptions.summary(self)}>"

    def _repr_html_(self) -> str:
        """The same as a table, for notebooks."""
        from oce import descriptions

        return descriptions.html_table(self)


Named = Sequence[tuple[str, Estimate]]  # scenarios side by side, each with what it is called


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

    Example:
        >>> from oce import Scenario, estimate
        >>> run = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
        >>> result = estimate(run)
        >>> f"{result.training_flop.central:.3g} FLOP on {result.device.name}"
        '6.3e+24 FLOP on H100 SXM'
        >>> 1e6 < result.total_co2e_kg.central < 1e7
        True
    """
    if not isinstance(scenario, Scenario):
        scenario = Scenario(**scenario)
    resolved = resolve(scenario.given(), limited=limited, recorded=True)
    if 0 in resolved.problems:
        raise InputError(resolved.problems[0])
    time = device_time(resolved.throughput, resolved.methods, resolved.hardware, past_runs)
    columns = resolved.inputs(time)
    inputs = Inputs(**{one.name: np.asarray(getattr(columns, one.name)).item() for one in fields(Inputs)})
    figures = footprint.calculate(inputs)
    intervals = {name: Interval(*map(float, getattr(figures, name))) for name in FIGURES}
    utilisation = _utilisation(inputs, resolved.device, resolved.precision)
    prior_runs = 0 if past_runs is None else len(past_runs.log_throughput)
    level, meaning = level_of(resolved, prior_runs)
    return Estimate(
        scenario=scenario,
        training_flop=Interval.point(float(inputs.training_flop)),
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
def estimate_many(
    scenarios: pd.DataFrame, /, past_runs: Runs | None = None, *, limited: bool = True
) -> pd.DataFrame: ...
@overload
def estimate_many(
    scenarios: Mapping[str, Any] | Iterable[Scenario] | None = None,
    /,
    past_runs: Runs | None = None,
    *,
    limited: bool = True,
    **columns: Any,
) -> dict[str, NDArray[Any]]: ...
def estimate_many(
    scenarios: Any = None, /, past_runs: Runs | None = None, *, limited: bool = True, **columns: Any
) -> Any:
    """Estimates for many scenarios in one vectorised call, by the same calculation as :func:`estimate`.

    Args:
        scenarios: A DataFrame or a mapping of columns named like the fields of :class:`Scenario`, or an iterable
            of scenarios. Missing values (NaN, None, empty text) mean "not given"; other columns are ignored.
        past_runs: Past runs of the organisation that trains them, as for :func:`estimate`.
        limited: Whether numbers of devices that memory and batch rule out are refused, as for :func:`estimate`.
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

    Example:
        >>> from oce import estimate_many
        >>> columns = estimate_many(parameters=[7e9, 70e9], tokens=2e12, device="H100", device_count=512, region="USA")
        >>> columns["training_flop"].tolist()
        [8.4e+22, 8.4e+23]
        >>> columns["total_co2e_kg_high"].shape
        (2,)
    """
    if scenarios is None:
        frame = dict(columns)
    elif isinstance(scenarios, Mapping) or hasattr(scenarios, "columns"):
        frame = {name: scenarios[name] for name in scenarios if name in FIELDS}
    else:
        frame = as_columns([scenarios] if isinstance(scenarios, Scenario) else list(scenarios), columns)
    if scenarios is not None:
        frame |= columns
    count = row_count(frame)
    # A list stays one: what is wrong with a cell of it is for the resolution to say.
    long = {
        name: np.asarray(values) if hasattr(values, "__array__") else list(values)
        for name, values in frame.items()
        if not is_single(values) and len(values) != 1
    }
    out: dict[str, NDArray[Any]] = {name: np.empty(count) for name in OUTPUT_COLUMNS[:-1]}
    errors = np.full(count, "", dtype=object)
    for start in range(0, count, BLOCK):
        block = slice(start, start + BLOCK)
        rows = resolve(frame | {name: values[block] for name, values in long.items()}, limited=limited)
        inputs = rows.inputs(device_time(rows.throughput, rows.methods, rows.hardware, past_runs))
        figures = footprint.calculate(inputs)
        out["training_flop"][block] = inputs.training_flop
        for name in FIGURES:
            for bound, values in zip(BOUNDS, getattr(figures, name), strict=True):
                out[f"{name}_{bound}"][block] = values
        if not np.all(np.isnan(rows.price_per_device_hour)):
            for name, hours in zip(COST_COLUMNS, figures.device_hours, strict=True):
                out.setdefault(name, np.full(count, np.nan))[block] = hours * rows.price_per_device_hour
        if rows.problems:
            bad = start + np.fromiter(rows.problems, dtype=np.intp)
            errors[bad] = ["; ".join(map(str, problems)) for problems in rows.problems.values()]
            for column in out.values():
                column[bad] = np.nan
    out["error"] = errors
    if hasattr(scenarios, "columns"):
        return type(scenarios)(out, index=scenarios.index)
    return out


def as_columns(scenarios: Sequence[Scenario], without: Collection[str] = ()) -> dict[str, Any]:
    """Scenarios as columns: a list of one value a row, or a single value where all have the same.

    The first that holds texts is always a list, which says how many rows there are where all scenarios are alike.

    Args:
        scenarios: A row each.
        without: Fields that are left out, as they come from elsewhere.
    """
    texts = [name for name in TEXT_FIELDS if name not in without]
    columns: dict[str, Any] = {}
    for name in FIELDS:
        if name in without:
            continue
        values = [getattr(scenario, name) for scenario in scenarios]
        if name in texts[:1] or len(set(values)) != 1:
            none = "" if name in texts else np.nan
            columns[name] = [none if value is None else value for value in values]
        else:
            columns[name] = values[0]
    return columns


def interval_at(columns: Mapping[str, Any], figure: str, row: int) -> Interval:
    """A figure of one row of what :func:`estimate_many` returned.

    Args:
        columns: The columns.
        figure: One of :data:`FIGURES`, or ``cost``.
        row: Counted from zero; a row without an ``error``.

    Raises:
        ValueError: Where the row has no estimate.
    """
    return Interval(*(float(columns[f"{figure}_{bound}"][row]) for bound in BOUNDS))


def intervals(columns: Mapping[str, Any], figure: str) -> list[Interval]:
    """The same (:func:`interval_at`) of every row."""
    return list(map(Interval, *(np.asarray(columns[f"{figure}_{bound}"]).tolist() for bound in BOUNDS)))


def _cost(device_hours: Interval, price: float | None) -> Interval | None:
    """Device-hours × the price of one: its interval is theirs, as the price is given."""
    if price is None:
        return None
    return device_hours * price


def _utilisation(inputs: Inputs, device: catalog.Device | None, precision: str | None) -> Interval | None:
    """Mean throughput of the final run over the device's dense peak; the slow end of the run is the low one."""
    peak = device.peak_tflops.get(precision or "") if device else None
    if peak is None:
        return None
    fastest = float(inputs.training_flop) / compute.FLOP_PER_TFLOP / peak
    return _device_seconds(inputs).map(lambda seconds: fastest / seconds)


def _log10_alpha(inputs: Inputs) -> Interval:
    """The α with which the compute takes the device-time of each end; the slow end has the low one."""
    tflop = float(inputs.training_flop) / compute.FLOP_PER_TFLOP
    high, central, low = throughput.log10_alpha_for(tflop, [*_device_seconds(inputs)]).tolist()
    return Interval(low, central, high)


def _device_seconds(inputs: Inputs) -> Interval:
    return Interval(*(float(getattr(inputs, f"device_seconds_{bound}")) for bound in BOUNDS))
