"""The first stage of an estimate: from the fields of scenarios to numbers, looked up, filled in or refused.

    columns    fields as read and checked, names looked up
    work       what is to be computed
    conditions what a device-hour costs: power, PUE, grid, manufacturing
    checks     what stands in the way

Each value that is filled in for a single scenario is recorded where that is done, as an
:class:`~oce.assumptions.Assumption`. How long the work takes is the second stage (:mod:`oce.method.device_time`), what
it emits the third (:mod:`oce.estimation`); neither is looked at here.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from oce import catalog
from oce.assumptions import Assumption
from oce.errors import Problem
from oce.fields import DEFAULTS, OWN_METHODS, PAPERS_METHODS, Method
from oce.interval import BOUNDS, normal_quantile
from oce.method import scaling
from oce.method.device_time import METHODS, DeviceTime, ThroughputInputs
from oce.method.footprint import Conditions, Inputs
from oce.method.hardware_features import Hardware, hardware
from oce.method.limits import Limits
from oce.resolution.checks import (
    among,
    check_device,
    check_device_count,
    check_throughput,
    limits_of,
    regimes_of,
)
from oce.resolution.columns import Codes, Floats, Table, gather, or_else, read_table
from oce.resolution.conditions import device_count_of, intensity_of, manufacturing_of, power_of, pue_of
from oce.resolution.work import Work, work_of, writing_tflops
from oce.units import significant


@dataclass(frozen=True, slots=True)
class Resolved:
    """Rows after the first stage: numbers as arrays of one value or ``count``, what was wrong, what was filled in."""

    count: int
    problems: Mapping[int, list[Problem]]  # by row
    records: tuple[Assumption, ...]  # of a single scenario
    devices: list[catalog.Device | None]  # by code, not by row
    regions: list[catalog.Region | None]
    precisions: list[str | None]  # by the code of the hardware
    hardware: list[Hardware | None]  # devices at a precision, by the code in ``throughput``
    methods: Codes  # place in METHODS
    throughput: ThroughputInputs
    conditions: Conditions
    limits: Limits | None  # what memory and batch allow, where that is looked at
    device_life_years: Floats
    use_fraction: Floats  # share of that life in which the device is in use
    price_per_device_hour: Floats  # NaN where not given

    @property
    def method(self) -> Method:
        """How the throughput of a single scenario is had."""
        return METHODS[int(self.methods[0])]

    @property
    def device(self) -> catalog.Device | None:
        """The device of a single scenario."""
        return self.devices[0]

    @property
    def machine(self) -> Hardware | None:
        """That device at its precision, as the calibration sees it."""
        return self.hardware[0]

    @property
    def precision(self) -> str | None:
        """That precision, given or usual for the device."""
        return self.precisions[0]

    @property
    def region(self) -> catalog.Region | None:
        """The region of a single scenario."""
        return self.regions[0]

    def inputs(self, time: DeviceTime) -> Inputs:
        """All that the footprint is worked out from; neutral numbers in rows that are refused, so that none may warn.

        Args:
            time: The device-time of the rows.
        """
        values = {field.name: getattr(self.conditions, field.name) for field in fields(Conditions)}
        values |= {f"device_seconds_{bound}": getattr(time, bound) for bound in BOUNDS}
        if self.problems:
            refused = np.zeros(self.count, dtype=bool)
            refused[list(self.problems)] = True
            values = {name: np.where(refused, 1.0, column) for name, column in values.items()}
        return Inputs(**values)


def resolve(columns: Mapping[str, Any], *, limited: bool = True, recorded: bool = False) -> Resolved:
    """Check every row and fill in what was not given; arrays of one value stand for every row.

    Args:
        columns: Fields of scenarios, each a single value or one value a row.
        limited: Whether numbers of devices that memory and batch rule out are problems.
        recorded: Whether what is filled in is recorded; for a single scenario.

    Returns:
        The numbers that enter the calculation, and what was wrong, by row.

    Raises:
        InputError: Where a column is no field.
        ValueError: Where columns differ in length.
    """
    table = read_table(columns, recorded=recorded)
    work, method = work_of(table), _methods(table)
    precisions, machines = _hardware(table)
    level = table.filled("level")
    throughput = _throughput_inputs(table, work, method, precisions, level)
    check_throughput(table, throughput, method)
    limits = limits_of(table, work, method)
    if limited:
        check_device_count(table, limits, method)
    _record_batch(table, work, method, limits)
    papers = among(method, PAPERS_METHODS)
    power = power_of(table, papers)
    check_device(table, method, power.system_w)
    life, use = table.filled("device_life_years"), table.filled("use_fraction")
    beta, log_sd_making = manufacturing_of(table, life, use)
    pue, log_sd_pue = pue_of(table, papers)
    grid, log_sd_grid = intensity_of(table)
    ours = np.asarray(~papers, dtype=np.float64)  # the paper's interval is that of its hours alone
    conditions = Conditions(
        training_flop=work.training_flop,
        device_count=device_count_of(table),
        power_w=power.system_w,
        host_power_w=power.host_w,
        pue=pue,
        carbon_intensity_g_per_kwh=grid,
        beta_g_per_device_hour=beta,
        overhead_fraction=table.filled("overhead_fraction", "none: only the final run is counted"),
        log_sd_power=power.log_sd * ours,
        log_sd_pue=log_sd_pue * ours,
        log_sd_grid=log_sd_grid * ours,
        log_sd_making=log_sd_making * ours,
        reach=_quantiles(level),
    )
    return Resolved(
        table.count,
        table.problems,
        tuple(table.records or ()),
        table.devices,
        table.regions,
        precisions,
        machines,
        method,
        throughput,
        conditions,
        limits,
        life,
        use,
        table.numbers["price_per_device_hour"],
    )


def _methods(table: Table) -> Codes:
    """Each row's method, as its place in METHODS: what the user knows goes before any model."""
    codes, names = table.texts["throughput"]
    place: Mapping[str | None, int] = {name: at for at, name in enumerate(METHODS)}
    default = place[str(DEFAULTS["throughput"])]
    method = np.array([place.get(name, default) for name in names])[codes]
    for field, name in reversed(list(OWN_METHODS.items())):
        method = np.where(np.isnan(table.numbers[field]), method, place[name])
    return method[:1] if (method == method[0]).all() else method


def _hardware(table: Table) -> tuple[list[str | None], list[Hardware | None]]:
    """Every device at every precision that is asked for: its precision, and how the calibration sees it.

    A precision that the device does not have is a problem of the row.
    """
    codes, names = table.texts["precision"]
    precisions: list[str | None] = []
    machines: list[Hardware | None] = []
    for place, device in enumerate(table.devices):
        for code, name in enumerate(names):
            precisions.append(name or (device.training_precision if device else None))
            machines.append(hardware(device, name or "") if device else None)
            if device and name in catalog.PRECISIONS and name not in device.peak_tflops:
                allowed = f"{', '.join(device.peak_tflops)} on {device.name}"
                table.refuse((table.device_codes == place) & (codes == code), Problem("precision", name, allowed))
    device, precision = table.device, precisions[0]
    if device and names[0] is None and precision:
        peak = f"{precision}, peak {device.peak_tflops[precision]:g} TFLOP/s"
        source = f"usual for training on {device.name} ({device.source})"
        table.record(True, lambda: Assumption("precision", peak, "", source))
    return precisions, machines


def _throughput_inputs(
    table: Table, work: Work, method: Codes, precisions: list[str | None], level: Floats
) -> ThroughputInputs:
    """What the device-time of every row rests on."""
    numbers, devices, device = table.numbers, table.devices, table.device
    own_low, own_high = numbers["log10_alpha_low"], numbers["log10_alpha_high"]
    low = table.of_devices([device.log10_alpha_low if device else None for device in devices])
    high = table.of_devices([device.log10_alpha_high if device else None for device in devices])
    parameters, active, year = (numbers[name] for name in ("parameters", "active_parameters", "year"))
    code = table.device_codes * len(table.texts["precision"][1]) + table.texts["precision"][0]
    each = len(precisions) // len(devices)
    peaks = [
        known.peak_tflops.get(precision or "") if (known := devices[place // each]) else None
        for place, precision in enumerate(precisions)
    ]
    if device:
        alpha = among(method, ("published",)) & ~np.isnan(low)
        bounds = f"{float(low[0]):.4g} … {float(high[0]):.4g}"
        table.record(alpha, lambda: Assumption("log10_alpha", bounds, "log₁₀ 1/s", device.alpha_source, "2024"))
        table.record(
            among(method, ("calibrated",)) & np.isnan(year),
            lambda: Assumption("year", str(catalog.data_year()), "", "year of training not given: a plan is for now"),
        )
    return ThroughputInputs(
        training_flop=work.training_flop,
        learnt_flop=work.learnt_flop,
        written_flop=work.written_flop,
        written_tflops=writing_tflops(table),
        size=or_else(active, parameters),
        mixture=active < (parameters if table.is_given("active_parameters") else np.nan),
        tokens=work.tokens,
        year=or_else(year, catalog.data_year()),
        level=level,
        log10_alpha_low=or_else(own_low, low),
        log10_alpha_high=or_else(own_high, high),
        utilisation=numbers["utilisation"],
        tokens_per_second_per_device=numbers["tokens_per_second_per_device"],
        peak_tflops=gather(peaks, code),
        hardware=code,
        sequence_length=work.sequence_length,
        attention_share=work.attention_share,
        usual_attention_share=work.usual_attention_share,
        device_count=numbers["device_count"],
        batch_tokens=numbers["batch_tokens"],
        regime=regimes_of(table),
    )


def _record_batch(table: Table, work: Work, method: Codes, limits: Limits | None) -> None:
    """Records the batch, where it is the usual one for a compute (:func:`oce.method.scaling.loss` fills it in)."""
    if table.records is None or not table.is_given("device_count") or not np.any(among(method, ("calibrated",))):
        return
    batch = float(scaling.default_batch(work.learnt_flop)[0])
    source = f"usual for this compute: the batches of {len(scaling.batches())} published runs"
    if limits is not None and table.device is not None:
        needed = float(table.numbers["device_count"][0] / limits.replica[0] * limits.sequence_length[0])
        if needed > batch:
            source += (
                "; the same on any number of devices, though on so many each copy of the model has a whole "
                f"sequence only from {significant(needed / 1e6)} million tokens on: give "
                "batch_tokens if yours is larger"
            )
    table.record(np.isnan(table.numbers["batch_tokens"]), lambda: Assumption("batch_tokens", batch, "tokens", source))


def _quantiles(level: Floats) -> Floats:
    """Standard deviations either way that each row's level holds."""
    with np.errstate(all="ignore"):
        levels, places = (
            (level[:1], np.zeros(1, dtype=np.intp))
            if np.all(level == level[0])
            else np.unique(level, return_inverse=True)
        )
    return np.array([normal_quantile(value) if 0.0 < value < 1.0 else 0.0 for value in levels.tolist()])[places]
