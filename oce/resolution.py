"""From the fields of scenarios to the numbers that enter the calculation: check, look up, fill in.

Rows are columns here: every field is an array of one value a row, or of a single value that stands for every row. A
row that cannot be used keeps its problems, by field, and never disturbs the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.interval import normal_reach
from oce.method import compute, embodied, footprint_uncertainty, limits, scaling, sequence_speed, system_power
from oce.method.device_time import METHODS, Asked, Pace, pace
from oce.method.footprint import Numeric
from oce.method.hardware_features import LOW_PRECISIONS, USUAL_SEQUENCE, Hardware, hardware
from oce.method.memory import WEIGHT_BYTES
from oce.method.runs import Runs
from oce.method.training import FORWARD, RECIPES, Recipe
from oce.parsing import missing
from oce.parsing import precision as read_precision
from oce.scenario import (
    CURRENCY,
    DEFAULTS,
    FIELDS,
    NO_SUCH_FIELD,
    NUMBER_FIELDS,
    PAPERS_METHODS,
    TEXT_FIELDS,
    InputError,
    Method,
    Problem,
    finite,
    near_names,
    number_wanted,
    read_number,
    violations,
)

Floats = NDArray[np.float64]
Codes = NDArray[np.intp]
Texts = tuple[Codes, list[str | None]]  # a column of names: codes into the distinct ones

OWN_METHODS: Mapping[str, Method] = {  # a field of the user's own, and the method that it stands for
    "tokens_per_second_per_device": "measured",
    "utilisation": "utilisation",
    "log10_alpha_low": "alpha",
}
CHECKED_METHODS: tuple[Method, ...] = ("calibrated", "utilisation")  # whose number of devices must hold the run
FEW_NAMES = 16
PAPERS_PUE = 1.0  # the paper adds nothing for cooling and losses, nor for the server around a device
NEEDS_DEVICE = "needed; without it give power_w and log10_alpha_low/high"
NEEDS_POWER = "needed: the catalogue has no TDP for this device"
NEEDS_REGION = "needed, or else carbon_intensity_g_per_kwh"
NEEDS_PEAK = "only with a device whose peak is known"
NEEDS_RATE = "a rate that the device can have: at most its dense peak"
NEEDS_TEACHER = "needed with training distillation"
NEEDS_ALPHA = (
    "with the published throughput, a device that the paper has an α for; "
    "or give utilisation, tokens_per_second_per_device or log10_alpha_low/high"
)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The numbers that enter the calculation, after every look-up; floats or arrays that broadcast."""

    training_flop: Numeric  # [FLOP]
    device_seconds_low: Numeric  # device-time of the final run [s]
    device_seconds_central: Numeric
    device_seconds_high: Numeric
    device_count: Numeric
    power_w: Numeric  # of a device with what its server adds [W]
    host_power_w: Numeric  # of which the server adds [W]
    pue: Numeric
    carbon_intensity_g_per_kwh: Numeric  # [g CO2e/kWh]
    beta_g_per_device_hour: Numeric  # making of the device, for each of its hours [g CO2e/h]; 0: not known
    overhead_fraction: Numeric
    log_sd_power: Numeric  # standard deviations of the logarithm; 0: given, or none known
    log_sd_pue: Numeric
    log_sd_grid: Numeric
    log_sd_making: Numeric
    reach: Numeric  # standard deviations either way that the level holds


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows after look-up: inputs as arrays of one value or ``count``; what was wrong, by row."""

    count: int
    inputs: Inputs
    problems: dict[int, list[Problem]]
    devices: list[catalog.Device | None]  # by code, not by row
    regions: list[catalog.Region | None]
    machines: list[Hardware | None]  # device at a precision, by the code in asked
    asked: Asked
    pace: Pace
    price_per_device_hour: Floats  # NaN where not given


class _Problems(dict[int, list[Problem]]):
    def add(self, broken: bool | NDArray[np.bool_], count: int, make: Any) -> None:
        """Note ``make(row)`` for every row that is ``broken``."""
        if not np.any(broken):
            return
        for row in np.flatnonzero(np.broadcast_to(broken, (count,))):
            self.note(int(row), make(int(row)))

    def note(self, row: int, problem: Problem) -> None:
        """Note a problem of a row, unless the field's value has one already: a second says nothing new."""
        others = self.setdefault(row, [])
        if not any(other.field == problem.field and problem.value in (None, other.value) for other in others):
            others.append(problem)


def resolve(columns: Mapping[str, Any], past_runs: Runs | None = None, *, limited: bool = True) -> Rows:
    """Check every row and fill in what was not given; arrays of one value stand for every row.

    Args:
        columns: Fields of scenarios, each a single value or one value a row.
        past_runs: Past runs of the same organisation, which the calibrated throughput takes into account.
        limited: Whether numbers of devices that memory and batch rule out are problems.

    Returns:
        The numbers that enter the calculation, and what was wrong, by row.

    Raises:
        InputError: Where a column is no field.
        ValueError: Where columns differ in length.
    """
    table = _read(columns)
    numbers, problems, count = table.numbers, table.problems, table.count
    asked, method = _asked(table)
    machines = _machines(table)
    times = pace(asked, method, machines, past_runs)
    _check_pace(asked, method, table)
    if limited:
        _check_count(table, asked, method)
    papers = np.isin(method, [METHODS.index(name) for name in PAPERS_METHODS])
    power = _power(table, papers)
    no_device = np.array([text is None for text in table.texts["device"][1]])[table.device_codes]
    needed = no_device & (np.isnan(power.system_w) | np.isnan(times.central))
    problems.add(needed, count, lambda row: Problem("device", None, NEEDS_DEVICE))
    beta, log_sd_making = _beta(table)
    pue, log_sd_pue = _pue(table, papers)
    grid, log_sd_grid = _intensity(table)
    ours = np.asarray(~papers, dtype=np.float64)  # the paper's interval is that of its hours alone
    inputs = Inputs(
        training_flop=asked.training_flop,
        device_seconds_low=times.low,
        device_seconds_central=times.central,
        device_seconds_high=times.high,
        device_count=_device_count(table),
        power_w=power.system_w,
        host_power_w=power.host_w,
        pue=pue,
        carbon_intensity_g_per_kwh=grid,
        beta_g_per_device_hour=beta,
        overhead_fraction=_or_default(numbers, "overhead_fraction"),
        log_sd_power=power.log_sd * ours,
        log_sd_pue=log_sd_pue * ours,
        log_sd_grid=log_sd_grid * ours,
        log_sd_making=log_sd_making * ours,
        reach=_reach(asked.level),
    )
    if problems:  # neutral numbers where a row is refused: its figures are thrown away, and nothing may warn
        inputs = _neutral(inputs, problems, count)
    return Rows(
        count, inputs, problems, table.devices, table.regions, machines, asked, times, numbers["price_per_device_hour"]
    )


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns as read: numbers with NaN where not given, names as codes, and what the catalogue has for them."""

    count: int
    numbers: Mapping[str, Floats]
    texts: Mapping[str, Texts]
    devices: list[catalog.Device | None]  # by code
    regions: list[catalog.Region | None]
    problems: _Problems

    @property
    def device_codes(self) -> Codes:
        return self.texts["device"][0]

    def of_devices(self, values: Sequence[float | None]) -> Floats:
        """A value a device as one value a row."""
        return _gather(values, self.device_codes)

    def working_codes(self, *columns: NDArray[Any]) -> tuple[Codes, Codes]:
        """Codes of the devices to work with, and each row's place in what comes of them.

        Where these columns are the same for every row, a device is worked out once; else every row is.
        """
        if all(len(one) == 1 for one in columns):
            return np.arange(len(self.devices), dtype=np.intp), self.device_codes
        count = max(len(self.device_codes), *(len(one) for one in columns))
        return np.broadcast_to(self.device_codes, (count,)), np.arange(count, dtype=np.intp)

    def known_device(self) -> NDArray[np.bool_]:
        return np.array([one is not None for one in self.devices])[self.device_codes]


def _read(columns: Mapping[str, Any]) -> _Table:
    """Columns checked by the rules of :mod:`oce.scenario`, with names looked up."""
    unknown = [name for name in columns if name not in FIELDS]
    if unknown:
        raise InputError([Problem(name, name, NO_SUCH_FIELD, near_names(name, list(FIELDS))) for name in unknown])
    count, problems = row_count(columns), _Problems()
    numbers = {name: _numbers(name, columns.get(name), count, problems) for name in NUMBER_FIELDS}
    alone = all(len(values) == 1 for values in numbers.values())  # then plain numbers are ten times quicker than arrays
    rules = violations({name: float(values[0]) for name, values in numbers.items()}) if alone else violations(numbers)
    for name, _, broken, allowed in rules:
        values = numbers[name]
        problems.add(broken, count, lambda row, n=name, v=values, a=allowed: Problem(n, _shown(v, row), a))
    texts = {name: _factorise(columns.get(name)) for name in TEXT_FIELDS}
    for name in ("modality", "precision", "throughput", "embodied", "architecture", "interconnect", "training"):
        texts[name] = _choices(name, texts[name], count, problems)
    _check_currency(texts["currency"], count, problems)
    devices = _look_up(catalog.device, *texts["device"], count, problems)
    regions = _look_up(catalog.region, *texts["region"], count, problems)
    return _Table(count, numbers, texts, devices, regions, problems)


def _asked(table: _Table) -> tuple[Asked, Codes]:
    """What decides the pace of every row, and by which method."""
    numbers = table.numbers
    own_low, own_high = numbers["log10_alpha_low"], numbers["log10_alpha_high"]
    low = table.of_devices([one.log10_alpha_low if one else None for one in table.devices])
    high = table.of_devices([one.log10_alpha_high if one else None for one in table.devices])
    parameters, active = numbers["parameters"], numbers["active_parameters"]
    year = numbers["year"]
    work, method = _work(table), _methods(numbers, table.texts["throughput"])
    asked = Asked(
        training_flop=work.training_flop + work.written_flop,
        written_flop=work.written_flop,
        written_tflops=_writing_tflops(table),
        size=np.where(np.isnan(active), parameters, active),
        mixture=active < parameters,
        tokens=work.tokens,
        year=np.where(np.isnan(year), catalog.data_year(), year),
        level=_or_default(numbers, "level"),
        log10_alpha_low=np.where(np.isnan(own_low), low, own_low),
        log10_alpha_high=np.where(np.isnan(own_high), high, own_high),
        utilisation=numbers["utilisation"],
        tokens_per_second_per_device=numbers["tokens_per_second_per_device"],
        peak_tflops=_peaks(table),
        hardware=table.device_codes * len(table.texts["precision"][1]) + table.texts["precision"][0],
        sequence_length=work.sequence_length,
        time_over_compute=work.time_over_compute,
        sample_length=work.sample_length,
        **_loss(table, work, method),
    )
    return asked, method


def _loss(table: _Table, work: _Work, method: Codes) -> dict[str, Floats]:
    """What the number of devices costs; nothing where it was not given."""
    numbers, count = table.numbers, table.numbers["device_count"]
    if _none(count) or not np.any(method == METHODS.index("calibrated")):
        return {"log_loss": np.zeros(1), "log_loss_sd": np.zeros(1)}
    codes, names = table.texts["precision"]
    low = _gather([float((name or "") in LOW_PRECISIONS) for name in names], codes)
    with np.errstate(all="ignore"):  # what is no number has a problem of its own
        found = scaling.loss(work.training_flop, count, numbers["batch_tokens"], _regimes(table), low)
    return {"log_loss": np.nan_to_num(found.log_time), "log_loss_sd": np.nan_to_num(found.log_sd)}


def _room(table: _Table) -> tuple[Floats, Floats]:
    """Devices that a fast link joins, and the memory of each [GB]."""
    linked = table.of_devices([limits.linked_devices(one) if one else None for one in table.devices])
    return linked, table.of_devices([one.memory_gb if one else None for one in table.devices])


def _regimes(table: _Table) -> Floats:
    """Each row's interconnect, as its place in REGIMES."""
    codes, names = table.texts["interconnect"]
    known = scaling.REGIMES
    default = str(DEFAULTS["interconnect"])
    return _gather([float(known.index(name if name in known else default)) for name in names], codes)


def _check_count(table: _Table, asked: Asked, method: Codes) -> None:
    """Refuses numbers of devices on which a run cannot be: too few to hold it, or more than can do anything.

    With a rate or an α of one's own, or the paper's, it is only said: those who have measured know that it fits.
    """
    numbers, count = table.numbers, table.numbers["device_count"]
    checked = np.isin(method, [METHODS.index(name) for name in CHECKED_METHODS])
    if _none(count) or not np.any(checked):
        return
    devices = table.devices
    joined, memory_gb = _room(table)
    in_pod = table.of_devices([float(one.interconnect == "ici") if one else None for one in devices])

    def joined_said(row: int) -> Problem:
        said = f"at most {_shown(joined, row):,.0f} within one server or rack; or interconnect cluster"
        return Problem("device_count", _shown(count, row), said)

    within = _regimes(table) == scaling.REGIMES.index("server")
    if np.any(within):
        apart = checked & within & (count > joined) & (in_pod == 0.0)
        table.problems.add(apart, table.count, joined_said)

    if _none(numbers["parameters"]):
        return
    with np.errstate(all="ignore"):
        found = limits.limits(
            numbers["parameters"],
            memory_gb,
            joined,
            asked.training_flop,
            _bytes_per_parameter(table),
            numbers["batch_tokens"],
            asked.sample_length,
        )
        few, many = checked & (count < found.fewest), checked & (count > found.most)
    codes = table.device_codes

    def of(values: Floats, row: int) -> float:
        return float(values[row if len(values) > 1 else 0])

    def few_said(row: int) -> Problem:
        device = devices[codes[row if len(codes) > 1 else 0]]
        assert device is not None
        said = limits.too_few(device, of(count, row), of(found.fewest, row), of(found.states_bytes, row))
        return Problem("device_count", of(count, row), said)

    def many_said(row: int) -> Problem:
        stated = not np.isnan(of(numbers["batch_tokens"], row))
        most, batch, length, replica = (
            of(one, row) for one in (found.most, found.batch_tokens, found.sequence_length, found.replica)
        )
        return Problem("device_count", of(count, row), limits.too_many(most, batch, length, replica, stated))

    table.problems.add(few, table.count, few_said)
    table.problems.add(many, table.count, many_said)


@dataclass(frozen=True, slots=True)
class _Work:
    """What is to be computed [FLOP], its tokens, and how its length of sequence slows it."""

    training_flop: Floats
    tokens: Floats
    sequence_length: Floats  # as the speed of devices has it
    time_over_compute: Floats
    sample_length: Floats  # tokens that are worked on together: of a sequence, or of a sample
    written_flop: Floats  # of tokens that the model writes itself


def _work(table: _Table) -> _Work:
    """Compute of every row: stated, of samples, or of parameters and tokens, with attention where a length is given."""
    numbers = table.numbers
    parameters, active, stated = (numbers[name] for name in ("parameters", "active_parameters", "training_flop"))
    tokens, samples = numbers["tokens"], numbers["samples"]
    if not _none(samples):
        tokens = np.where(np.isnan(samples), tokens, samples * numbers["tokens_per_sample"])
        by_flop = compute.sampled_flop(samples, numbers["forward_flop_per_sample"])
        stated = np.where(np.isnan(by_flop), stated, by_flop)
    codes, names = table.texts["architecture"]
    kinds = [name or DEFAULTS["architecture"] for name in names]
    size = np.where(np.isnan(active), parameters, active)
    if "encoder-decoder" in kinds:  # a token passes either through the encoder or through the decoder
        size = size * np.array([0.5 if kind == "encoder-decoder" else 1.0 for kind in kinds])[codes]
    per_token = _flop_per_token(table, size)
    flop = np.where(np.isnan(stated), per_token * tokens, stated)
    written = _written_flop(table, size, tokens)
    length = numbers["context_length"]
    if _none(length):
        usual_length = np.full(1, USUAL_SEQUENCE)
        each = usual_length if _none(samples) else _or(numbers["tokens_per_sample"], usual_length)
        return _Work(flop, tokens, usual_length, np.ones(1), each, written)
    of = compute.shape(size, numbers["layers"], numbers["width"])
    causal = np.array([kind == "decoder" for kind in kinds])[codes]
    weights = per_token
    share = np.where(np.isnan(stated), compute.attention_flop_per_token(of, length, causal) / weights, np.nan)
    usual = compute.attention_flop_per_token(of, USUAL_SEQUENCE, causal) / weights
    known = ~np.isnan(share)
    slower = np.where(known, sequence_speed.time_over_compute(share, usual), 1.0)
    return _Work(
        np.where(known, flop * (1.0 + share), flop),
        tokens,
        _or(length, np.full(1, USUAL_SEQUENCE)),
        slower,
        _or(length, _or(numbers["tokens_per_sample"], np.full(1, USUAL_SEQUENCE))),
        written,
    )


def _writing_tflops(table: _Table) -> Floats:
    """Speed of a device that writes: its memory gives every weight once for a token of each answer [TFLOP/s].

    A weight of 2 bytes takes part in 2 FLOP for each answer.
    """
    bandwidth = table.of_devices([one.memory_bandwidth_gb_per_s if one else None for one in table.devices])
    return bandwidth * _or_default(table.numbers, "rollout_batch") * FORWARD / WEIGHT_BYTES / 1e3


def _recipes(table: _Table) -> tuple[Codes, list[Recipe]]:
    codes, names = table.texts["training"]
    return codes, [RECIPES.get(name or "", RECIPES[str(DEFAULTS["training"])]) for name in names]


def _flop_per_token(table: _Table, size: Floats) -> Floats:
    """Compute of a token by what the weights do, without attention and what the model writes itself [FLOP]."""
    codes, recipes = _recipes(table)
    own = _gather([one.flop for one in recipes], codes) * size
    if not any(one.reads_teacher for one in recipes):
        return own
    reads = _gather([FORWARD if one.reads_teacher else 0.0 for one in recipes], codes)
    asked_for = np.isnan(table.numbers["training_flop"]) & np.isnan(table.numbers["forward_flop_per_sample"])
    without = (reads > 0) & np.isnan(table.numbers["teacher_parameters"]) & asked_for
    table.problems.add(without, table.count, lambda row: Problem("teacher_parameters", None, NEEDS_TEACHER))
    return own + reads * np.nan_to_num(table.numbers["teacher_parameters"])


def _written_flop(table: _Table, size: Floats, tokens: Floats) -> Floats:
    """Compute of writing the tokens that are learnt from [FLOP]; 0 where the model writes none."""
    codes, recipes = _recipes(table)
    if not any(one.writes for one in recipes):
        return np.zeros(1)
    return np.nan_to_num(_gather([FORWARD if one.writes else 0.0 for one in recipes], codes) * size * tokens)


def _bytes_per_parameter(table: _Table) -> Floats:
    """Memory for each parameter, given or that of the kind of training, with the teacher's weights."""
    codes, recipes = _recipes(table)
    usual = _gather([one.bytes for one in recipes], codes)
    if any(one.reads_teacher for one in recipes):
        reads = _gather([WEIGHT_BYTES if one.reads_teacher else 0.0 for one in recipes], codes)
        usual = usual + reads * np.nan_to_num(table.numbers["teacher_parameters"]) / table.numbers["parameters"]
    return _or(table.numbers["bytes_per_parameter"], usual)


def _or(values: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isnan(values), otherwise, values)


def _none(values: Floats) -> bool:
    """Whether a column was not given at all, so that what follows from it need not be worked out."""
    return len(values) == 1 and bool(np.isnan(values[0]))


@dataclass(frozen=True, slots=True)
class _Power:
    """Power of a device with its share of the server [W], what of it the server adds, and how unsure it is."""

    system_w: Floats
    host_w: Floats
    log_sd: Floats


def _power(table: _Table, papers: NDArray[np.bool_]) -> _Power:
    """System power of a device [W]: as metered or placed by its TDP; or what the device is said to draw, and its host.

    A device's own draw, stated in watts or as a share of its TDP, comes with the host that the table has for it. Where
    it is stated, power counts as known. The paper takes the TDP alone.
    """
    stated, share, host = (table.numbers[name] for name in ("power_w", "power_fraction", "host_power_w"))
    codes, places = table.working_codes(stated, share, host, papers)
    found = [system_power.system_power(one.id) if one else None for one in table.devices]
    system, usual_host, log_sd = (
        _gather([getattr(one, name) if one else None for one in found], codes)
        for name in ("power_w", "host_w", "log_sd")
    )
    known = np.array([one is not None for one in table.devices])[codes]
    # Of a device without a TDP the host is as on others, in proportion to what it is said to draw.
    factor = system_power.factor().centre
    usual_host = np.where(np.isnan(usual_host), np.where(known, stated * (factor - 1.0), 0.0), usual_host)
    tdp = _gather([one.tdp_w if one else None for one in table.devices], codes)
    drawn = np.where(
        np.isnan(stated), np.where(np.isnan(share), np.where(papers, tdp, system - usual_host), tdp * share), stated
    )
    added = np.where(np.isnan(host), np.where(papers, 0.0, usual_host), host)
    power = drawn + added
    unknown = np.isnan(power) & known
    if np.any(unknown):
        table.problems.add(
            np.broadcast_to(unknown, codes.shape)[places],
            table.count,
            lambda row: Problem("power_w", None, NEEDS_POWER),
        )
    unsure = np.where(np.isnan(stated) & np.isnan(share), np.nan_to_num(log_sd), 0.0)
    return _Power(*(np.broadcast_to(one, codes.shape)[places] for one in (power, added, unsure)))


def _pue(table: _Table, papers: NDArray[np.bool_]) -> tuple[Floats, Floats]:
    """PUE, and how unsure it is: stated, or that of the place or its operator, or a survey's; 1 as in the paper."""
    stated = table.numbers["pue"]
    codes = table.texts["region"][0]
    default, log_sd = (np.empty((len(table.devices), len(table.regions))) for _ in range(2))
    for i, device in enumerate(table.devices):
        for j, region in enumerate(table.regions):
            found = footprint_uncertainty.default_pue(region, device)
            default[i, j], log_sd[i, j] = found.pue, found.log_sd
    given = ~np.isnan(stated)
    if np.all(given):
        return stated, np.zeros(1)
    usual = np.where(papers, PAPERS_PUE, default[table.device_codes, codes])
    return np.where(given, stated, usual), np.where(given, 0.0, log_sd[table.device_codes, codes])


def _beta(table: _Table) -> tuple[Floats, Floats]:
    """Making of the device for each hour of its use [g CO2e/h], in full or the paper's β, and how unsure it is."""
    names, counted = table.texts["embodied"]
    of_paper = np.array([(name or DEFAULTS["embodied"]) == "paper" for name in counted])[names]
    life, use = (_or_default(table.numbers, name) for name in ("device_life_years", "use_fraction"))
    codes, places = table.working_codes(of_paper, life, use)
    papers = _gather([one.beta_g_per_device_hour or 0.0 if one else 0.0 for one in table.devices], codes)
    made = [embodied.making(one.id) if one else None for one in table.devices]
    kg = _gather([one.kg.central if one else 0.0 for one in made], codes)
    log_sd = _gather([footprint_uncertainty.making_log_sd(one.kg) if one else 0.0 for one in made], codes)
    with np.errstate(all="ignore"):  # a life of zero has a problem of its own
        full = kg * embodied.g_per_device_hour(1.0, life, use)
    return np.where(of_paper, papers, full)[places], np.where(of_paper, 0.0, log_sd)[places]


def _intensity(table: _Table) -> tuple[Floats, Floats]:
    """Carbon intensity of the electricity [g CO2e/kWh], and how unsure it is: stated, or the region's.

    Never a silent default.
    """
    stated = table.numbers["carbon_intensity_g_per_kwh"]
    codes, names = table.texts["region"]
    grid = _gather([one.g_per_kwh if one else None for one in table.regions], codes)
    unsure = [footprint_uncertainty.grid_log_sd(one) if one else 0.0 for one in table.regions]
    given = ~np.isnan(stated)
    neither = ~given & np.array([name is None for name in names])[codes]
    table.problems.add(neither, table.count, lambda row: Problem("region", None, NEEDS_REGION))
    return np.where(given, stated, grid), np.where(given, 0.0, _gather(unsure, codes))


def _device_count(table: _Table) -> Floats:
    """Devices: as given, or as many as the name of a machine or a slice says, else one."""
    codes, names = table.texts["device"]
    named = [
        catalog.device_named(name).count if name is not None and one is not None else None
        for name, one in zip(names, table.devices, strict=True)
    ]
    stated = table.numbers["device_count"]
    usual = [float(count or DEFAULTS["device_count"]) for count in named]
    return np.where(np.isnan(stated), _gather(usual, codes), stated)


def _reach(level: Floats) -> Floats:
    """Standard deviations either way that each row's level holds."""
    with np.errstate(all="ignore"):
        levels, places = (
            (level[:1], np.zeros(1, dtype=np.intp))
            if np.all(level == level[0])
            else np.unique(level, return_inverse=True)
        )
    return np.array([normal_reach(one) if 0.0 < one < 1.0 else 0.0 for one in levels.tolist()])[places]


def _methods(numbers: Mapping[str, Floats], throughputs: Texts) -> Codes:
    """Each row's method, as its place in METHODS: what the user knows goes before any model."""
    codes, names = throughputs
    place = {name: at for at, name in enumerate(METHODS)}
    default = place[str(DEFAULTS["throughput"])]  # type: ignore[index]
    method = np.array([place.get(name, default) for name in names])[codes]  # type: ignore[call-overload]
    for field, name in OWN_METHODS.items():
        method = np.where(np.isnan(numbers[field]), method, place[name])
    return np.asarray(method, dtype=np.intp)


def _check_pace(asked: Asked, method: Codes, table: _Table) -> None:
    """What stands in the way of a row's device-time."""
    codes, names = table.texts["device"]
    problems, count = table.problems, table.count

    def by(name: Method) -> NDArray[np.bool_]:
        return np.asarray(method == METHODS.index(name))

    def no_alpha(row: int) -> Problem:
        code = codes[row if len(codes) > 1 else 0]
        one = table.devices[code]
        assert one is not None
        return Problem("device", names[code], NEEDS_ALPHA, tuple(other.name for other in alternatives(one)))

    problems.add(by("published") & table.known_device() & np.isnan(asked.log10_alpha_low), count, no_alpha)
    nameless = np.array([name is None for name in names])[codes]
    without = by("utilisation") & nameless
    used = asked.utilisation
    problems.add(without, count, lambda row: Problem("utilisation", _shown(used, row), NEEDS_PEAK))
    at_peak = asked.training_flop / compute.FLOP_PER_TFLOP / asked.peak_tflops
    with np.errstate(all="ignore"):  # a rate of zero has a problem of its own
        steady: Mapping[str, Floats] = {
            "utilisation": at_peak / asked.utilisation,
            "tokens_per_second_per_device": asked.tokens / asked.tokens_per_second_per_device,
        }
    for field, seconds in steady.items():
        values: Floats = getattr(asked, field)
        possible = np.isfinite(seconds) & (seconds >= at_peak * (1 - 1e-9)) | np.isnan(seconds) | np.isnan(at_peak)
        beyond = by(OWN_METHODS[field]) & ~possible
        problems.add(beyond, count, lambda row, n=field, v=values: Problem(n, _shown(v, row), NEEDS_RATE))


def alternatives(device: catalog.Device, most: int = 3) -> tuple[catalog.Device, ...]:
    """The devices with a published α that are most like ``device``: same family first, then nearest in peak."""

    def unlikeness(other: catalog.Device) -> tuple[bool, bool, float]:
        ratio = other.peak_tflops[other.training_precision] / device.peak_tflops[device.training_precision]
        family = other.name.split()[0] != device.name.split()[0]
        return (family, other.generation != device.generation, abs(float(np.log(ratio))))

    return tuple(sorted((one for one in catalog.devices() if one.has_alpha), key=unlikeness)[:most])


def _machines(table: _Table) -> list[Hardware | None]:
    """Every device at every precision that is asked for, as the calibration sees it."""
    return [
        hardware(device, precision or "") if device else None
        for device in table.devices
        for precision in table.texts["precision"][1]
    ]


def _peaks(rows: _Table) -> Floats:
    """Dense peak of each row's device at its precision [TFLOP/s]; NaN where unknown.

    A precision that the device does not have is a problem of the row.
    """
    device_codes, devices = rows.device_codes, rows.devices
    codes, precisions = rows.texts["precision"]
    table = np.full((len(devices), len(precisions)), np.nan)
    for i, device in enumerate(devices):
        for j, precision in enumerate(precisions):
            if device is None:
                continue
            table[i, j] = device.peak_tflops.get(precision or device.training_precision, np.nan)
            if np.isnan(table[i, j]) and precision in catalog.PRECISIONS:
                problem = Problem("precision", precision, f"{', '.join(device.peak_tflops)} on {device.name}")
                rows.problems.add((device_codes == i) & (codes == j), rows.count, lambda _, p=problem: p)
    return np.asarray(table[device_codes, codes])


def _neutral(inputs: Inputs, problems: Mapping[int, object], count: int) -> Inputs:
    bad = np.zeros(count, dtype=bool)
    bad[list(problems)] = True
    return Inputs(**{name: np.where(bad, 1.0, getattr(inputs, name)) for name in Inputs.__slots__})


def row_count(columns: Mapping[str, Any]) -> int:
    """The number of rows of columns that are arrays or single values.

    Raises:
        ValueError: Where columns differ in length.
    """
    lengths = {name: len(values) for name, values in columns.items() if not np.isscalar(values) and values is not None}
    longest = max(lengths.values(), default=1)
    for name, length in lengths.items():
        if length not in (1, longest):
            raise ValueError(f"{name}: {length} values where other columns have {longest}")
    return 0 if 0 in lengths.values() else longest


def _numbers(name: str, values: Any, count: int, problems: _Problems) -> Floats:
    """A column of numbers, NaN where not given; text is read as people write numbers."""
    if values is None:
        return np.full(1, np.nan)
    array = np.atleast_1d(np.asarray(values))
    if array.dtype.kind in "iuf":
        return array.astype(np.float64, copy=False)
    parsed = np.full(len(array), np.nan)
    for row, value in enumerate(array):
        if _not_given(value):
            continue
        try:
            parsed[row] = read_number(name, value).value if isinstance(value, str) else float(finite(value))  # type: ignore[arg-type]
        except (TypeError, ValueError) as error:
            problem = Problem(name, str(value), number_wanted(name, error))
            for bad in range(count) if len(array) == 1 else (row,):
                problems.note(bad, problem)
    return parsed


def _not_given(value: Any) -> bool:
    """Whether there is no number in a cell."""
    return value is None or missing(str(value))


def _no_name(value: Any) -> bool:
    """Whether there is no name in a cell; NA is Namibia's code, and what reads files tells the two apart."""
    return value is None or str(value).strip() in ("", "None", "nan", "<NA>", "NaT")


def _factorise(values: Any) -> Texts:
    """A column of names as codes into its few distinct ones (None where not given)."""
    if values is None or isinstance(values, str):
        return np.zeros(1, dtype=np.intp), [None if _no_name(values) else str(values).strip()]
    array = np.asarray(values)
    found, codes = _distinct(array if array.dtype.kind == "U" else array.astype(str))
    return codes, [None if _no_name(text) else text.strip() for text in found]


def _distinct(texts: NDArray[np.str_]) -> tuple[list[str], Codes]:
    """The distinct texts and each one's place among them: by comparing, which beats sorting where they are few."""
    found: list[str] = []
    codes = np.full(len(texts), -1, dtype=np.intp)
    for _ in range(FEW_NAMES):
        first = int(np.argmin(codes))  # the first that has no place yet, if any
        if len(texts) == 0 or codes[first] >= 0:
            return found, codes
        codes[texts == texts[first]] = len(found)
        found.append(str(texts[first]))
    left = codes < 0
    others, places = np.unique(texts[left], return_inverse=True)
    codes[left] = places + len(found)
    return found + others.tolist(), codes


def _look_up(find: Any, codes: Codes, names: Sequence[str | None], count: int, problems: _Problems) -> list[Any]:
    found: list[Any] = []
    for code, name in enumerate(names):
        try:
            found.append(None if name is None else find(name))
        except InputError as error:
            found.append(None)
            problems.add(codes == code, count, lambda _, e=error: e.problems[0])
    return found


def _choices(name: str, texts: Texts, count: int, problems: _Problems) -> Texts:
    """A column of choices in lower case; one that is not offered is a problem of its rows."""
    field, (codes, values) = FIELDS[name], texts
    if name == "precision":
        values = [value and read_precision(value) for value in values]
    for code, value in enumerate(values):
        if value is not None and value.lower() not in field.choices:
            problem = Problem(name, value, field.allowed, near_names(value, field.choices))
            problems.add(codes == code, count, lambda _, p=problem: p)
    return codes, [value and value.lower() for value in values]


def _check_currency(texts: Texts, count: int, problems: _Problems) -> None:
    codes, values = texts
    for code, value in enumerate(values):
        if value is not None and not CURRENCY.fullmatch(value):
            problem = Problem("currency", value, FIELDS["currency"].allowed)
            problems.add(codes == code, count, lambda _, p=problem: p)


def _gather(values: Sequence[float | None], codes: Codes) -> Floats:
    return np.array([np.nan if value is None else value for value in values], dtype=np.float64)[codes]


def _or_default(numbers: Mapping[str, Floats], name: str) -> Floats:
    return np.where(np.isnan(numbers[name]), DEFAULTS[name], numbers[name])


def _shown(values: Floats, row: int) -> float | None:
    value = float(values[row if len(values) > 1 else 0])
    return None if np.isnan(value) else value
