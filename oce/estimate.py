"""Scenario → Estimate: time, energy and carbon of a training run, every figure an interval.

One calculation serves one scenario and a million: :func:`estimate` is :func:`estimate_many` on a single row, with
the provenance of every value that was filled in. The steps are

    fields → (look up device and region) → :class:`Inputs` → :func:`calculate` → :class:`Figures`
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import carbon, catalog, compute, throughput
from oce.carbon import Numeric
from oce.scenario import (
    DEFAULTS,
    FIELDS,
    NO_SUCH_FIELD,
    NUMBER_FIELDS,
    TEXT_FIELDS,
    InputError,
    Method,
    Problem,
    Scenario,
    near_names,
    parse_number,
    violations,
)

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]

SECONDS_PER_HOUR = 3600.0
PUBLISHED_LEVEL = 0.4515  # share of a normal distribution within mu ± 0.6 sigma, the paper's interval (section 3.2)

FIGURES = (
    "device_hours",
    "time_to_train_hours",
    "energy_kwh",
    "operational_co2e_kg",
    "embodied_co2e_kg",
    "total_co2e_kg",
)
ENDS = ("low", "central", "high")
OUTPUT_COLUMNS = ("training_flop", *(f"{name}_{end}" for name in FIGURES for end in ENDS), "error")


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with its uncertainty: ``low`` ≤ ``central`` ≤ ``high``, in the unit its name says."""

    low: float
    central: float
    high: float

    @property
    def ratio(self) -> float:
        """How wide it is: high over low (1 where both are zero)."""
        return self.high / self.low if self.low > 0 else 1.0


@dataclass(frozen=True, slots=True)
class Assumption:
    """A value that the estimate filled in: what was used, and where it comes from."""

    field: str
    value: float | str
    unit: str
    source: str
    year: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader of an estimate should know; ``code`` is stable, ``text`` is for people."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Inputs:
    """The numbers that enter the calculation, after every look-up; floats or arrays that broadcast."""

    training_flop: Numeric  # [FLOP]
    log10_alpha_low: Numeric  # [log10 1/s]
    log10_alpha_high: Numeric
    device_count: Numeric
    power_w: Numeric  # [W]
    pue: Numeric
    carbon_intensity_g_per_kwh: Numeric  # [g CO2e/kWh]
    beta_g_per_device_hour: Numeric  # [g CO2e/h]; 0 where it is not known
    overhead_fraction: Numeric


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

    ``device_hours``, time, energy and carbon include PUE once and the overhead. ``level`` is the share of runs that
    the interval is meant to hold, ``None`` where the range is the user's own or a single value; ``level_meaning``
    says it in words. ``utilisation`` is the mean share of the device's dense peak, ``None`` without a known peak.
    """

    scenario: Scenario
    training_flop: Interval
    device_hours: Interval
    time_to_train_hours: Interval
    energy_kwh: Interval
    operational_co2e_kg: Interval
    embodied_co2e_kg: Interval
    total_co2e_kg: Interval
    utilisation: Interval | None
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


def calculate(inputs: Inputs) -> Figures:
    """Device-hours, time, energy and carbon: the whole of the method, for floats and arrays alike.

    The interval's ends are those of α (a higher α is faster, so it gives the low end); the central value is the
    mean of the two ends, which is what the paper's "midpoint of this interval" turns out to be (its released
    predictions are reproduced by it). Device-hours include the overhead, and so do time, energy and carbon.

    Args:
        inputs: Every number that enters.

    Returns:
        The figures at the low, central and high end. Operational + embodied = total at each.
    """
    tflop = inputs.training_flop / compute.FLOP_PER_TFLOP
    hours_per_second = (1.0 + inputs.overhead_fraction) / SECONDS_PER_HOUR
    low = throughput.device_seconds(tflop, inputs.log10_alpha_high) * hours_per_second
    single = inputs.log10_alpha_low is inputs.log10_alpha_high
    high = low if single else throughput.device_seconds(tflop, inputs.log10_alpha_low) * hours_per_second
    device_hours = (low, 0.5 * (low + high), high)
    # Everything else is linear in device-hours: a factor for each figure, formed once.
    kwh = carbon.energy_kwh(1.0, inputs.power_w, inputs.pue)
    operational = carbon.operational_co2e_kg(kwh, inputs.carbon_intensity_g_per_kwh)
    embodied = carbon.embodied_co2e_kg(1.0, inputs.beta_g_per_device_hour)

    def times(factor: Numeric) -> tuple[Numeric, Numeric, Numeric]:
        return (device_hours[0] * factor, device_hours[1] * factor, device_hours[2] * factor)

    return Figures(
        device_hours=device_hours,
        time_to_train_hours=times(1.0 / inputs.device_count),
        energy_kwh=times(kwh),
        operational_co2e_kg=times(operational),
        embodied_co2e_kg=times(embodied),
        total_co2e_kg=times(operational + embodied),
    )


def estimate(scenario: Scenario) -> Estimate:
    """The footprint of training ``scenario``, with its interval and everything that was assumed.

    Args:
        scenario: What is trained, on what, where.

    Returns:
        The estimate.

    Raises:
        InputError: Where the device or the region is unknown or missing, or the throughput cannot be had for it.
    """
    rows = _resolve({name: [value] for name, value in scenario.given().items()})
    if 0 in rows.problems:
        raise InputError(rows.problems[0])
    inputs = Inputs(**{name: float(np.ravel(getattr(rows.inputs, name))[0]) for name in Inputs.__slots__})
    figures = calculate(inputs)
    device, region = rows.devices[0], rows.regions[0]
    level, meaning = _level(scenario.method, device)
    precision = scenario.precision or (device.training_precision if device else None)
    intervals = {name: Interval(*map(float, getattr(figures, name))) for name in FIGURES}
    utilisation = _utilisation(inputs, intervals["device_hours"], device, precision)
    return Estimate(
        scenario=scenario,
        training_flop=Interval(*(float(inputs.training_flop),) * 3),
        **intervals,
        utilisation=utilisation,
        inputs=inputs,
        device=device,
        region=region,
        precision=precision,
        level=level,
        level_meaning=meaning,
        method=_METHODS[scenario.method],
        data_version=catalog.data_version(),
        assumptions=tuple(_assumptions(scenario, inputs, device, region, precision)),
        notes=tuple(_notes(device, region, utilisation, scenario)),
    )


@overload
def estimate_many(scenarios: pd.DataFrame, /) -> pd.DataFrame: ...
@overload
def estimate_many(
    scenarios: Mapping[str, Any] | Iterable[Scenario] | None = None, /, **columns: Any
) -> dict[str, NDArray[Any]]: ...
def estimate_many(scenarios: Any = None, /, **columns: Any) -> Any:
    """Estimates for many scenarios in one vectorised call, by the same calculation as :func:`estimate`.

    Args:
        scenarios: A DataFrame or a mapping of columns named like the fields of :class:`Scenario`, or an iterable
            of scenarios. Missing values (NaN, None, empty text) mean "not given"; other columns are ignored.
        **columns: The same as keywords; arrays of one length, or single values for every row.

    Returns:
        Columns: ``training_flop``, then ``device_hours_low/_central/_high``, ``time_to_train_hours_…``,
        ``energy_kwh_…``, ``operational_co2e_kg_…``, ``embodied_co2e_kg_…``, ``total_co2e_kg_…``, and ``error``, the
        message where a row cannot be estimated (its figures are NaN) and empty elsewhere. A DataFrame for a
        DataFrame (same index), else a dictionary of arrays.

    Raises:
        ValueError: Where the columns differ in length.
    """
    if scenarios is None:
        frame = dict(columns)
    elif isinstance(scenarios, Mapping) or hasattr(scenarios, "columns"):
        frame = {name: scenarios[name] for name in scenarios if name in FIELDS}
    else:
        given = [one.given() for one in scenarios]
        frame = {name: [one.get(name) for one in given] for name in FIELDS}
    rows = _resolve(frame)
    out: dict[str, NDArray[Any]] = {"training_flop": _spread(rows.inputs.training_flop, rows.count)}
    figures = calculate(rows.inputs)
    for name in FIGURES:
        for end, values in zip(ENDS, getattr(figures, name), strict=True):
            out[f"{name}_{end}"] = _spread(values, rows.count)
    out["error"] = np.full(rows.count, "", dtype=object)
    if rows.problems:
        bad = np.fromiter(rows.problems, dtype=np.intp)
        out["error"][bad] = ["; ".join(map(str, problems)) for problems in rows.problems.values()]
        for name in OUTPUT_COLUMNS[:-1]:
            out[name][bad] = np.nan
    if hasattr(scenarios, "columns"):
        return type(scenarios)(out, index=scenarios.index)
    return out


def _spread(values: ArrayLike, count: int) -> Floats:
    """``values`` as a writable array of ``count``."""
    array = np.asarray(values, dtype=np.float64)
    return array if array.shape == (count,) and array.flags.owndata else np.array(np.broadcast_to(array, (count,)))


# --- from fields to inputs ---


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows after look-up: inputs as arrays of one value or ``count``; what was wrong, by row."""

    count: int
    inputs: Inputs
    problems: dict[int, list[Problem]]
    devices: list[catalog.Device | None]  # by code, not by row
    regions: list[catalog.Region | None]


class _Problems(dict[int, list[Problem]]):
    def add(self, broken: NDArray[np.bool_], count: int, make: Any) -> None:
        """Note ``make(row)`` for every row that is ``broken``."""
        for row in np.flatnonzero(np.broadcast_to(broken, (count,))):
            self.setdefault(int(row), []).append(make(int(row)))


def _resolve(columns: Mapping[str, Any]) -> _Rows:
    """Check every row and fill in what was not given; arrays of one value stand for every row."""
    unknown = [name for name in columns if name not in FIELDS]
    if unknown:
        raise InputError([Problem(name, name, NO_SUCH_FIELD, near_names(name, list(FIELDS))) for name in unknown])
    count = _count(columns)
    problems = _Problems()
    numbers = {name: _numbers(name, columns.get(name), count, problems) for name in NUMBER_FIELDS}
    for name, values, broken, allowed in violations(numbers):
        problems.add(broken, count, lambda row, n=name, v=values, a=allowed: Problem(n, _shown(v, row), a))
    texts = {name: _factorise(columns.get(name)) for name in TEXT_FIELDS}
    for name in ("modality", "precision", "throughput", "embodied"):
        _check_choices(name, *texts[name], count, problems)
    devices = _look_up(catalog.device, *texts["device"], count, problems)
    regions = _look_up(catalog.region, *texts["region"], count, problems)

    device_codes, region_codes = texts["device"][0], texts["region"][0]
    flop = compute.training_flop(
        numbers["parameters"], numbers["tokens"], numbers["active_parameters"], numbers["training_flop"]
    )
    low, high = _alphas(numbers, flop, devices, texts, count, problems)
    fraction = _or_default(numbers, "power_fraction")
    tdp = _gather([one.tdp_w if one else None for one in devices], device_codes)
    power = np.where(np.isnan(numbers["power_w"]), tdp * fraction, numbers["power_w"])
    known = np.array([one is not None for one in devices])[device_codes]
    needs_power = "needed: the catalogue has no TDP for this device"
    problems.add(np.isnan(power) & known, count, lambda row: Problem("power_w", None, needs_power))
    no_device = np.array([text is None for text in texts["device"][1]])[device_codes]
    needs_device = "needed; without it give power_w and log10_alpha_low/high"
    problems.add(
        no_device & (np.isnan(power) | np.isnan(low)),
        count,
        lambda row: Problem("device", None, needs_device),
    )
    grid = _gather([one.g_per_kwh if one else None for one in regions], region_codes)
    stated = numbers["carbon_intensity_g_per_kwh"]
    intensity = np.where(np.isnan(stated), grid, stated)
    no_region = np.array([text is None for text in texts["region"][1]])[region_codes]
    needs_region = "needed, or else carbon_intensity_g_per_kwh"
    problems.add(np.isnan(stated) & no_region, count, lambda row: Problem("region", None, needs_region))
    beta = _gather([one.beta_g_per_device_hour if one else None for one in devices], device_codes)
    inputs = Inputs(
        training_flop=flop,
        log10_alpha_low=low,
        log10_alpha_high=high,
        device_count=_or_default(numbers, "device_count"),
        power_w=power,
        pue=_or_default(numbers, "pue"),
        carbon_intensity_g_per_kwh=intensity,
        beta_g_per_device_hour=np.nan_to_num(beta),
        overhead_fraction=_or_default(numbers, "overhead_fraction"),
    )
    if problems:  # neutral numbers where a row is refused: its figures are thrown away, and nothing may warn
        inputs = _neutral(inputs, problems, count)
    return _Rows(count, inputs, problems, devices, regions)


def _alphas(
    numbers: Mapping[str, Floats],
    flop: Floats,
    devices: Sequence[catalog.Device | None],
    texts: Mapping[str, tuple[Codes, list[str | None]]],
    count: int,
    problems: _Problems,
) -> tuple[Floats, Floats]:
    """log10 α at both ends: the user's own, or from a utilisation or a rate, or the device's."""
    codes, names = texts["device"]
    low = _gather([one.log10_alpha_low if one else None for one in devices], codes)
    high = _gather([one.log10_alpha_high if one else None for one in devices], codes)
    utilisation, rate = numbers["utilisation"], numbers["tokens_per_second_per_device"]
    if not (np.all(np.isnan(utilisation)) and np.all(np.isnan(rate))):
        peak = _peaks(devices, texts, count, problems)
        no_peak = ~np.isnan(utilisation) & np.isnan(peak)
        needs_peak = "only with a device whose peak is known"
        problems.add(no_peak, count, lambda row: Problem("utilisation", _shown(utilisation, row), needs_peak))
        tflop = flop / compute.FLOP_PER_TFLOP
        with np.errstate(all="ignore"):  # rows that were refused
            seconds = np.where(np.isnan(rate), tflop / (utilisation * peak), numbers["tokens"] / rate)
        usable = np.isfinite(seconds) & (seconds > 0) & np.isfinite(tflop)
        point = throughput.log10_alpha_for(np.where(usable, tflop, 1.0), np.where(usable, seconds, 1.0))
        low, high = np.where(usable, point, low), np.where(usable, point, high)
    own_low, own_high = numbers["log10_alpha_low"], numbers["log10_alpha_high"]
    low = np.where(np.isnan(own_low), low, own_low)
    high = np.where(np.isnan(own_high), high, own_high)
    missing = np.isnan(low) & np.array([one is not None for one in devices])[codes]
    if np.any(missing):
        allowed = (
            "with the published throughput, a device that the paper has an α for; "
            "or give utilisation, tokens_per_second_per_device or log10_alpha_low/high"
        )

        def problem(row: int) -> Problem:
            code = codes[row if len(codes) > 1 else 0]
            one = devices[code]
            assert one is not None
            return Problem("device", names[code], allowed, tuple(other.name for other in alternatives(one)))

        problems.add(missing, count, problem)
    return low, high


def alternatives(device: catalog.Device, most: int = 3) -> tuple[catalog.Device, ...]:
    """The devices with a published α that are most like ``device``: same family first, then nearest in peak."""

    def unlikeness(other: catalog.Device) -> tuple[bool, bool, float]:
        ratio = other.peak_tflops[other.training_precision] / device.peak_tflops[device.training_precision]
        family = other.name.split()[0] != device.name.split()[0]
        return (family, other.generation != device.generation, abs(float(np.log(ratio))))

    return tuple(sorted((one for one in catalog.devices() if one.has_alpha), key=unlikeness)[:most])


def _peaks(
    devices: Sequence[catalog.Device | None],
    texts: Mapping[str, tuple[Codes, list[str | None]]],
    count: int,
    problems: _Problems,
) -> Floats:
    """Dense peak of each row's device at its precision [TFLOP/s]; NaN where unknown."""
    device_codes, _ = texts["device"]
    codes, precisions = texts["precision"]
    table = np.full((len(devices), len(precisions)), np.nan)
    for i, device in enumerate(devices):
        for j, precision in enumerate(precisions):
            if device is not None:
                table[i, j] = device.peak_tflops.get(precision or device.training_precision, np.nan)
    return np.asarray(table[device_codes, codes])


def _neutral(inputs: Inputs, problems: Mapping[int, object], count: int) -> Inputs:
    bad = np.zeros(count, dtype=bool)
    bad[list(problems)] = True
    return Inputs(**{name: np.where(bad, 1.0, getattr(inputs, name)) for name in Inputs.__slots__})


def _count(columns: Mapping[str, Any]) -> int:
    lengths = {name: len(values) for name, values in columns.items() if not np.isscalar(values) and values is not None}
    longest = max(lengths.values(), default=1)
    for name, length in lengths.items():
        if length not in (1, longest):
            raise ValueError(f"{name}: {length} values where other columns have {longest}")
    return 0 if 0 in lengths.values() else longest


def _numbers(name: str, values: Any, count: int, problems: _Problems) -> Floats:
    """A column of numbers, NaN where not given; text is read as people write numbers."""
    if values is None:
        return np.full(min(1, count), np.nan)
    array = np.atleast_1d(np.asarray(values))
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=False)
    parsed = np.full(len(array), np.nan)
    for row, value in enumerate(array):
        if _not_given(value):
            continue
        try:
            if isinstance(value, bool | np.bool_):
                raise ValueError("a number")
            parsed[row] = parse_number(value) if isinstance(value, str) else float(value)
        except (TypeError, ValueError) as error:
            allowed = str(error) if isinstance(error, ValueError) else "a number"
            broken = np.zeros(count, dtype=bool)
            broken[row if len(array) > 1 else slice(None)] = True
            problems.add(broken, count, lambda _, v=str(value), a=allowed: Problem(name, v, a))
    return parsed


def _not_given(value: Any) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or str(value) in ("nan", "<NA>", "NaT")


def _factorise(values: Any) -> tuple[Codes, list[str | None]]:
    """A column of names as codes into its few distinct ones (None where not given)."""
    if values is None or isinstance(values, str):
        return np.zeros(1, dtype=np.intp), [None if _not_given(values) else str(values).strip()]
    array = np.asarray(values)
    if array.dtype.kind == "U":
        found, codes = np.unique(array, return_inverse=True)
        return codes, [text.strip() or None for text in found.tolist()]
    seen: dict[Any, int] = {}
    codes = np.fromiter((seen.setdefault(value, len(seen)) for value in array.tolist()), np.intp, len(array))
    return codes, [None if _not_given(value) else str(value).strip() for value in seen]


def _look_up(find: Any, codes: Codes, names: Sequence[str | None], count: int, problems: _Problems) -> list[Any]:
    found: list[Any] = []
    for code, name in enumerate(names):
        try:
            found.append(None if name is None else find(name))
        except InputError as error:
            found.append(None)
            problems.add(codes == code, count, lambda _, e=error: e.problems[0])
    return found


def _check_choices(name: str, codes: Codes, values: Sequence[str | None], count: int, problems: _Problems) -> None:
    field = FIELDS[name]
    for code, value in enumerate(values):
        if value is not None and value.lower() not in field.choices:
            problem = Problem(name, value, field.allowed, near_names(value, field.choices))
            problems.add(codes == code, count, lambda _, p=problem: p)


def _gather(values: Sequence[float | None], codes: Codes) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)[codes]


def _or_default(numbers: Mapping[str, Floats], name: str) -> Floats:
    return np.where(np.isnan(numbers[name]), DEFAULTS[name], numbers[name])


def _shown(values: Floats, row: int) -> float | None:
    value = float(values[row if len(values) > 1 else 0])
    return None if np.isnan(value) else value


# --- what is said about an estimate ---

_METHODS: Mapping[Method, str] = {
    "published": "OpenCarbonEval, published throughput",
    "alpha": "OpenCarbonEval, your own α",
    "utilisation": "OpenCarbonEval, your own utilisation",
    "measured": "OpenCarbonEval, your measured rate",
}


def _level(method: Method, device: catalog.Device | None) -> tuple[float | None, str]:
    if method == "alpha":
        return None, "that of the α you gave"
    if method != "published":
        return None, "your rate is taken as the mean of the whole run, with no uncertainty added"
    assert device is not None
    if device.log10_alpha_low == device.log10_alpha_high:
        return None, "the paper has a single run on this device"
    return (
        PUBLISHED_LEVEL,
        "the paper's, μ ± 0.6 σ of log α over its runs, which would hold 45 % of them",
    )


def _utilisation(
    inputs: Inputs, device_hours: Interval, device: catalog.Device | None, precision: str | None
) -> Interval | None:
    """Mean throughput of the final run over the device's dense peak; the slow end of the run is the low one."""
    peak = device.peak_tflops.get(precision or "") if device else None
    if peak is None:
        return None
    final_run = float(inputs.training_flop) * (1.0 + float(inputs.overhead_fraction))
    done = final_run / compute.FLOP_PER_TFLOP / SECONDS_PER_HOUR / peak
    return Interval(done / device_hours.high, done / device_hours.central, done / device_hours.low)


def _assumptions(
    scenario: Scenario,
    inputs: Inputs,
    device: catalog.Device | None,
    region: catalog.Region | None,
    precision: str | None,
) -> Iterable[Assumption]:
    """Every value that was filled in, in the order in which it matters."""
    if scenario.training_flop is None:
        source = "6 × active parameters × tokens (Kaplan et al. 2020)"
        yield Assumption("training_flop", float(inputs.training_flop), "FLOP", source, "2020")
    if scenario.method == "published" and device:
        alpha = f"{device.log10_alpha_low:.4g} … {device.log10_alpha_high:.4g}"
        yield Assumption("log10_alpha", alpha, "log₁₀ 1/s", device.alpha_source, "2024")
    if scenario.power_w is None and device:
        share = scenario.power_fraction or DEFAULTS["power_fraction"]
        source = f"TDP of {device.name} × {share:g} ({device.source})"
        yield Assumption("power_w", float(inputs.power_w), "W", source, str(device.year or ""))
    if scenario.carbon_intensity_g_per_kwh is None and region:
        source = f"{region.name}, {region.basis} ({region.source})"
        yield Assumption("carbon_intensity_g_per_kwh", region.g_per_kwh, "g CO2e/kWh", source, str(region.year or ""))
    if scenario.pue is None:
        yield Assumption("pue", 1.0, "", "none, as in the paper: nothing is added for cooling and losses", "2024")
    if scenario.overhead_fraction is None:
        yield Assumption("overhead_fraction", 0.0, "", "none: only the final run is counted")
    if scenario.device_count is None:
        yield Assumption("device_count", 1.0, "devices", "not given: the time is that of a single device")
    if device and device.beta_g_per_device_hour is not None:
        source = f"{device.beta_source}, 1-year life"
        yield Assumption("embodied", device.beta_g_per_device_hour, "g CO2e per device-hour", source, "2024")
    if scenario.precision is None and precision:
        assert device is not None
        peak = f"{precision}, peak {device.peak_tflops[precision]:g} TFLOP/s"
        yield Assumption("precision", peak, "", f"usual for training on {device.name} ({device.source})")


def _notes(
    device: catalog.Device | None,
    region: catalog.Region | None,
    utilisation: Interval | None,
    scenario: Scenario,
) -> Iterable[Note]:
    """What a careful reader would want to be told."""
    if device and device.unit == "chip" and device.cores_per_chip:
        cores = device.cores_per_chip
        say = "one core" if cores == 1 else f"{cores} cores"
        yield Note("chips", f"{device.name} is counted in chips; one chip has {say}.")
    if utilisation and utilisation.high > 1:
        assert device is not None
        yield Note("above_peak", f"The fast end of the interval is above the peak of {device.name}.")
    if device is None or device.beta_g_per_device_hour is None:
        which = device.name if device else "an unnamed device"
        yield Note(
            "no_embodied",
            f"No figure for the making of {which} is published here: embodied carbon is left out.",
        )
    if region and scenario.carbon_intensity_g_per_kwh is None and region.basis != "lifecycle":
        if region.basis == "unstated":
            yield Note("basis", "The paper does not say what its grid intensity counts: compare it with care.")
        else:
            yield Note("basis", f"The intensity of {region.name} is {region.basis}, not lifecycle: compare with care.")
