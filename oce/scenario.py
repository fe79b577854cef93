"""The scenario: the one immutable, validated input of every estimate.

A scenario is made the same way from the sidebar, a link, the command line, a CSV row and Python. The fields, their
units and what is allowed stand once, in :data:`FIELDS`; :class:`Scenario` and the vectorised ``estimate_many`` are
checked by the same rules (:func:`violations`).
"""

from __future__ import annotations

import difflib
import heapq
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Any, Literal, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo, model_validator

from oce import parsing
from oce.parsing import parse_number as parse_number  # noqa: PLC0414 - it is part of this module for others

Architecture = Literal["decoder", "encoder", "encoder-decoder"]
Interconnect = Literal["server", "cluster", "sites"]
Training = Literal["pre-training", "fine-tuning", "adapters", "distillation", "reinforcement"]
Modality = Literal["language", "vision", "multimodal", "protein", "speech", "other"]
Precision = Literal["fp32", "tf32", "fp16", "bf16", "fp8", "fp4"]
Throughput = Literal["calibrated", "published"]
Embodied = Literal["full", "paper"]
Method = Literal["calibrated", "published", "alpha", "utilisation", "measured"]
PAPERS_METHODS: tuple[Method, ...] = ("published", "alpha")  # energy there is TDP × device-hours, without PUE


CURRENCY = re.compile(r"[^\W\d_]{1,8}|[$€£¥₹₩₽₺₴₪₫฿¢]")
CURRENCY_ALLOWED = "up to 8 letters, or a sign such as €"
NO_SUCH_FIELD = "no such field"
MOST_OF_A_SHARE = 10.0  # a field without a unit that goes higher is a count


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input: which field, its value, what is allowed, and near names."""

    field: str
    value: float | str | None
    allowed: str
    near: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return one plain line, such as ``pue: 0.5 is not allowed (allowed: 1 … 3)``."""
        near = f"; nearest: {', '.join(self.near)}" if self.near else ""
        field = _one_line(self.field)
        if self.allowed == NO_SUCH_FIELD:
            return f"{field}: {NO_SUCH_FIELD}{near}"
        if self.value is None:
            return f"{field}: missing ({self.allowed}){near}"
        shown = f"“{_one_line(self.value)}”" if isinstance(self.value, str) else plain_number(float(self.value))
        return f"{field}: {shown} is not allowed (allowed: {self.allowed}){near}"


def plain_number(value: float) -> str:
    """A number in full, as people write it: 16384, 3.0000001, 7e+10."""
    return repr(value).removesuffix(".0")


def _one_line(text: str) -> str:
    """The start of a text from outside, on one line and without control characters."""
    line = "".join(character if character.isprintable() else " " for character in text[:61])
    return f"{line[:60]}…" if len(text) > 60 else line


class InputError(ValueError):
    """An input that cannot be used. ``problems`` holds every problem found, the message is one line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        """Keep ``problems`` and say them all in one line."""
        self.problems = tuple(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a scenario: what it means, its unit, and what is allowed."""

    name: str
    label: str
    meaning: str
    unit: str = ""
    low: float = -math.inf
    high: float = math.inf
    above: bool = False  # low itself is refused
    whole: bool = False
    choices: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """What is allowed, in words."""
        if self.choices:
            return ", ".join(self.choices)
        if self.name == "currency":
            return CURRENCY_ALLOWED
        if self.name in TEXT_FIELDS:
            return "a text"
        unit = f" {self.unit}" if self.unit else ""
        if self.above:
            return f"above {_plain(self.low)}, at most {_plain(self.high)}{unit}"
        return f"{_plain(self.low)} … {_plain(self.high)}{unit}" + (", whole" if self.whole else "")

    @property
    def kind(self) -> str:
        """What is written for it, a key of :data:`oce.parsing.KINDS`; its unit where that says enough."""
        named = {"year": "year", "pue": "PUE", "batch_tokens": "tokens in a step"}
        named |= dict.fromkeys(("context_length", "tokens_per_sample"), "tokens in a sequence")
        return named.get(self.name) or self.unit or ("share" if self.high <= MOST_OF_A_SHARE else "number")

    def takes(self, value: float) -> bool:
        """Whether ``value`` is allowed."""
        outside = not self.low <= value <= self.high or (self.above and value == self.low)
        return not outside and not (self.whole and value % 1 != 0)

    def check(self, value: float) -> None:
        """Refuse ``value`` where it is not allowed.

        Raises:
            ValueError: With what is allowed, in words.
        """
        if not self.takes(value):
            raise ValueError(self.allowed)


def _plain(bound: float) -> str:
    """A bound as people write it: 1e5 rather than 100000."""
    return re.sub(r"e\+?0*", "e", f"{bound:.0e}") if bound >= 1e5 else f"{bound:g}"


FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("parameters", "Parameters", "Total parameters of the model", "parameters", 1e5, 1e14),
        Field(
            "active_parameters",
            "Active parameters",
            "Parameters used per token (mixture of experts); all of them if not given",
            "parameters",
            1e3,
            1e14,
        ),
        Field("tokens", "Training tokens", "Tokens processed, all epochs", "tokens", 1e5, 1e16),
        Field(
            "training_flop",
            "Training compute",
            "Compute of the run, given directly instead of 6 × active parameters × tokens",
            "FLOP",
            1e12,
            1e30,
        ),
        Field("device", "Device", "Accelerator: name, id or alias from the catalogue, any case"),
        Field("modality", "Modality", "What the model is for", choices=get_args(Modality)),
        Field("precision", "Precision", "Arithmetic that sets the peak", choices=get_args(Precision)),
        Field("device_count", "Devices", "Number of devices; for TPUs, chips", "devices", 1, 1e7, whole=True),
        Field("region", "Region", "Country (ISO 3166 code or name), sub-national zone or cloud region"),
        Field(
            "carbon_intensity_g_per_kwh",
            "Grid carbon intensity",
            "Replaces the region's intensity",
            "g CO2e/kWh",
            0,
            2000,
        ),
        Field("pue", "PUE", "Power usage effectiveness of the data centre", "", 1, 3),
        Field(
            "power_w", "Device power", "Mean power of one device by itself, without its server", "W", 0, 1e5, above=True
        ),
        Field("power_fraction", "Share of TDP", "Mean device power as a share of TDP", "", 0, 10, above=True),
        Field(
            "host_power_w",
            "Host power",
            "What the server adds for each device: processors, memory, fans, losses of its power supplies",
            "W",
            0,
            1e5,
        ),
        Field(
            "overhead_fraction",
            "Overhead",
            "Failed runs, restarts and experiments, as a share of the final run",
            "",
            0,
            10,
        ),
        Field("throughput", "Throughput", "Which throughput model is used", choices=get_args(Throughput)),
        Field(
            "utilisation",
            "Utilisation",
            "Share of the device's dense peak that your stack reaches in steady state (MFU)",
            "",
            1e-4,
            1,
        ),
        Field(
            "tokens_per_second_per_device",
            "Measured rate",
            "Tokens per second that one device does in steady state",
            "tokens/s",
            1e-6,
            1e12,
        ),
        Field("log10_alpha_low", "log₁₀ α, low", "Lower end of your own α range", "log10(1/s)", -12, 2000),
        Field("log10_alpha_high", "log₁₀ α, high", "Upper end of your own α range", "log10(1/s)", -12, 2000),
        Field("embodied", "Embodied carbon", "How manufacturing is counted", choices=get_args(Embodied)),
        Field("device_life_years", "Device life", "Years in service that the making is spread over", "years", 0.1, 30),
        Field("use_fraction", "Share of time in use", "Of the device's life, by anyone", "", 0.01, 1),
        Field("level", "Interval level", "Share of runs the interval is meant to hold", "", 0.01, 0.99),
        Field(
            "year",
            "Year of training",
            "Software has become faster; none: the year of the data",
            "",
            2010,
            2040,
            whole=True,
        ),
        Field(
            "context_length",
            "Context length",
            "Tokens in a training sequence. Given, attention is counted; not given, it is not",
            "tokens",
            1,
            1e8,
        ),
        Field(
            "layers", "Layers", "Depth of the model; inferred from its parameters if not given", "", 1, 1e5, whole=True
        ),
        Field("width", "Width", "Hidden size of the model; inferred from its parameters if not given", "", 1, 1e7),
        Field(
            "architecture",
            "Kind of network",
            "Decoder: a token sees those before it. Encoder: it sees all. Encoder-decoder: it passes half of the model",
            choices=get_args(Architecture),
        ),
        Field(
            "batch_tokens",
            "Global batch",
            "Tokens in a step, on all devices together; that usual for the compute if not given",
            "tokens",
            1,
            1e12,
        ),
        Field(
            "interconnect",
            "Devices are joined",
            "Server: within one, or one rack. Cluster: across servers. Sites: across data centres or slices",
            choices=get_args(Interconnect),
        ),
        Field(
            "bytes_per_parameter",
            "Memory for a parameter",
            "Of weight, gradient and optimiser states: 16 with Adam in mixed precision, 10 with an 8-bit optimiser",
            "bytes",
            0.1,
            64,
        ),
        Field(
            "training",
            "Kind of training",
            "All weights are trained, or adapters alone; or a teacher is imitated, or own answers are learnt from",
            choices=get_args(Training),
        ),
        Field(
            "teacher_parameters",
            "Teacher's parameters",
            "Active parameters of the model that is imitated; it reads every token once",
            "parameters",
            1e3,
            1e14,
        ),
        Field(
            "rollout_batch",
            "Answers at once",
            "Answers that a device writes at the same time, where own answers are learnt from",
            "",
            1,
            1e5,
        ),
        Field(
            "price_per_device_hour",
            "Price of a device-hour",
            "What an hour of one device costs you, with its server; there is no price list here",
            "",
            0,
            1e9,
        ),
        Field("currency", "Currency", "What the price is in, as you write it: EUR, USD, credits"),
        Field(
            "samples",
            "Training samples",
            "Images, pairs, clips or sequences processed, all epochs; instead of tokens",
            "samples",
            1,
            1e16,
        ),
        Field(
            "tokens_per_sample",
            "Tokens per sample",
            "Patches, frames or residues that one sample is cut into",
            "tokens",
            1,
            1e8,
        ),
        Field(
            "forward_flop_per_sample",
            "Forward FLOP per sample",
            "Compute of one sample once through the model; training takes 3 times as much",
            "FLOP",
            1,
            1e24,
        ),
    )
}
TEXT_FIELDS = (
    "device",
    "modality",
    "precision",
    "region",
    "throughput",
    "embodied",
    "architecture",
    "interconnect",
    "training",
    "currency",
)
NUMBER_FIELDS = tuple(name for name in FIELDS if name not in TEXT_FIELDS)

DEFAULTS: Mapping[str, float | str] = {
    "modality": "language",
    "architecture": "decoder",
    "interconnect": "cluster",
    "training": "pre-training",
    "rollout_batch": 64.0,
    "device_count": 1.0,
    "overhead_fraction": 0.0,
    "throughput": "calibrated",
    "embodied": "full",
    "device_life_years": 4.0,
    "use_fraction": 0.85,
    "level": 0.8,
}


def read_number(name: str, text: str, decimal: str = "") -> parsing.Read:
    """Read what was written for a numeric field, in any unit that it takes: ``0.7 kW``, ``40%``, ``1000 PF-days``.

    Args:
        name: The field.
        text: What was written.
        decimal: The decimal sign of the file that it stands in, where that is known.

    Returns:
        The number in the field's unit, which may be outside its range, and a note where it could be meant otherwise.

    Raises:
        written.NotReadError: Where it cannot be read; its message is a hint, and may be empty.
    """
    field = FIELDS[name]
    return parsing.quantity(text, field.kind, field.takes, decimal)


def _number(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str):
        return read_number(str(info.field_name), value).value if value.strip() else None
    return finite(value)


def finite(value: object) -> object:
    """``value``, unless it is no number at all: NaN, a truth value, or too large for any.

    Raises:
        ValueError: For these.
    """
    if isinstance(value, bool | np.bool_):
        raise ValueError("a truth value is no number")
    if isinstance(value, int | float | np.number):
        try:
            if math.isnan(value):
                raise ValueError("NaN is no number")
        except OverflowError as error:
            raise ValueError("too large") from error
    return value


def number_wanted(name: str, error: Exception | None = None) -> str:
    """What a numeric field takes, in words, with the hint of the error that its text was refused with."""
    field = FIELDS[name]
    hint = str(error) if isinstance(error, parsing.NotReadError) else ""
    return f"a number such as {parsing.example(field.kind)}, {field.allowed}" + (f"; {hint}" if hint else "")


def _text(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _currency(value: object) -> object:
    text = _text(value)
    if isinstance(text, str) and not CURRENCY.fullmatch(text):
        raise ValueError(CURRENCY_ALLOWED)
    return text


def _choice(value: object) -> object:
    return (value.strip().lower() or None) if isinstance(value, str) else value


def _precision(value: object) -> object:
    return (parsing.precision(value) or None) if isinstance(value, str) else value


Number = Annotated[float | None, BeforeValidator(_number)]
Name = Annotated[str | None, BeforeValidator(_text)]
Currency = Annotated[str | None, BeforeValidator(_currency)]


class Scenario(BaseModel):
    """What is to be trained, on what, where. Immutable; every field is checked when it is made.

    The fields, with units and ranges, are those of :data:`FIELDS`. A field that is not given is ``None`` here; what
    is then used is in :data:`DEFAULTS` or looked up from the device and the region, and listed by the estimate.

    Raises:
        InputError: Naming each field, its value and what is allowed.

    Example:
        >>> from oce import Scenario
        >>> run = Scenario(parameters="70B", tokens="15T", device="H100", device_count=16384, region="USA", pue=1.1)
        >>> run.parameters, run.replace(device="A100").device
        (70000000000.0, 'A100')
        >>> Scenario(parameters=7e9, tokens=2e12, device="H100", pue=0.5)
        Traceback (most recent call last):
        ...
        oce.scenario.InputError: pue: 0.5 is not allowed (allowed: 1 … 3)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parameters: Number = None
    active_parameters: Number = None
    tokens: Number = None
    training_flop: Number = None
    device: Name = None
    modality: Annotated[Modality | None, BeforeValidator(_choice)] = None
    precision: Annotated[Precision | None, BeforeValidator(_precision)] = None
    device_count: Number = None
    region: Name = None
    carbon_intensity_g_per_kwh: Number = None
    pue: Number = None
    power_w: Number = None
    power_fraction: Number = None
    host_power_w: Number = None
    overhead_fraction: Number = None
    throughput: Annotated[Throughput | None, BeforeValidator(_choice)] = None
    utilisation: Number = None
    tokens_per_second_per_device: Number = None
    log10_alpha_low: Number = None
    log10_alpha_high: Number = None
    embodied: Annotated[Embodied | None, BeforeValidator(_choice)] = None
    device_life_years: Number = None
    use_fraction: Number = None
    level: Number = None
    year: Number = None
    context_length: Number = None
    layers: Number = None
    width: Number = None
    architecture: Annotated[Architecture | None, BeforeValidator(_choice)] = None
    batch_tokens: Number = None
    interconnect: Annotated[Interconnect | None, BeforeValidator(_choice)] = None
    bytes_per_parameter: Number = None
    training: Annotated[Training | None, BeforeValidator(_choice)] = None
    teacher_parameters: Number = None
    rollout_batch: Number = None
    price_per_device_hour: Number = None
    currency: Currency = None
    samples: Number = None
    tokens_per_sample: Number = None
    forward_flop_per_sample: Number = None

    def __init__(self, **values: Any) -> None:
        """Check ``values`` and keep them; raises :class:`InputError`."""
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise InputError(_problems(error)) from None

    @model_validator(mode="after")
    def _check(self) -> Scenario:
        problems = [
            Problem(name, None if math.isnan(value) else value, allowed)
            for name, value, _, allowed in violations(self.numbers())
        ]
        if problems:
            raise InputError(problems)
        return self

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a scenario is immutable."""
        raise AttributeError(f"{name}: a scenario cannot be changed; make another with replace({name}=…)")

    def numbers(self) -> dict[str, float]:
        """The numeric fields, NaN where not given."""
        values = ((name, getattr(self, name)) for name in NUMBER_FIELDS)
        return {name: math.nan if value is None else value for name, value in values}

    def given(self) -> dict[str, float | str]:
        """The fields that were given, in the order of :data:`FIELDS`."""
        return {name: value for name in FIELDS if (value := getattr(self, name)) is not None}

    def replace(self, **changes: Any) -> Scenario:
        """A new scenario with ``changes`` made, checked as any other."""
        return Scenario(**{**self.given(), **changes})

    @property
    def method(self) -> Method:
        """Where the throughput comes from: the user's own value where there is one, else a model."""
        if self.log10_alpha_low is not None:
            return "alpha"
        if self.utilisation is not None:
            return "utilisation"
        if self.tokens_per_second_per_device is not None:
            return "measured"
        return self.throughput or "calibrated"

    @property
    def is_encoder_decoder(self) -> bool:
        """Whether a token passes through half of the model."""
        return self.architecture == "encoder-decoder"

    @property
    def size(self) -> float | None:
        """Parameters that a token passes through; ``None`` where they are not known."""
        active = self.active_parameters or self.parameters
        return active / 2 if active is not None and self.is_encoder_decoder else active

    @property
    def amount(self) -> str:
        """The field that says how much is computed: training_flop, samples or tokens."""
        if self.training_flop is not None:
            return "training_flop"
        return "tokens" if self.samples is None else "samples"

    @property
    def token_count(self) -> float | None:
        """Tokens, given or of the samples; ``None`` where neither is known."""
        if self.samples is not None and self.tokens_per_sample is not None:
            return self.samples * self.tokens_per_sample
        return self.tokens

    @property
    def as_in_paper(self) -> bool:
        """Whether it follows the paper, by its α or one's own: then TDP alone, and no PUE, unless they are given."""
        return self.method in PAPERS_METHODS


def known_fields(**values: float | str | None) -> dict[str, float | str]:
    """Fields of a scenario, without those that are not known."""
    return {name: value for name, value in values.items() if value is not None}


Numbers = TypeVar("Numbers", float, NDArray[np.float64])


def violations(numbers: Mapping[str, Numbers]) -> Iterator[tuple[str, Numbers, bool | NDArray[np.bool_], str]]:
    """Every rule that some row of ``numbers`` breaks.

    Args:
        numbers: Every name of :data:`NUMBER_FIELDS`, each an array of one value a row, or all of them plain numbers;
            NaN where not given.

    Yields:
        The field, its values, which rows break the rule, and what is allowed; only rules that are broken.
    """
    for field, broken, allowed in _rules(numbers):
        if broken if isinstance(broken, bool) else broken.any():
            yield field, numbers[field], broken, allowed or FIELDS[field].allowed


def _rules(values: Mapping[str, Any]) -> Iterator[tuple[str, Any, str]]:
    """Field, whether or where it breaks the rule, and what is allowed (empty: what the field says).

    With the operators that mean the same for numbers and for arrays: ``~`` does not, so what is not given is compared.
    """
    given = {name: value == value for name, value in values.items()}  # noqa: PLR0124 - NaN does not equal itself
    missing = {name: value != value for name, value in values.items()}  # noqa: PLR0124
    for name, value in values.items():
        field = FIELDS[name]
        outside = (value < field.low) | (value > field.high)
        if field.above:
            outside = outside | (value == field.low)
        if field.whole:
            with np.errstate(invalid="ignore"):
                outside = outside | given[name] & (value % 1 != 0)
        yield name, outside, ""
    per_sample, flop_per_sample = given["tokens_per_sample"], given["forward_flop_per_sample"]
    by_flop = given["samples"] & flop_per_sample
    no_tokens = missing["tokens"] & (missing["samples"] | missing["tokens_per_sample"])
    neither = missing["training_flop"] & missing["samples"] & (missing["parameters"] | no_tokens)
    needed = "needed, with {}, where training_flop is not given"
    both = neither & missing["parameters"] & missing["tokens"]
    yield (
        "samples",
        given["samples"] & (given["tokens"] | given["training_flop"]),
        "only without tokens and training_flop",
    )
    yield "samples", missing["samples"] & (per_sample | flop_per_sample), "needed with what one sample takes"
    alone = given["samples"] & missing["tokens_per_sample"] & missing["forward_flop_per_sample"]
    yield "tokens_per_sample", alone, "needed with samples, or else forward_flop_per_sample"
    yield "forward_flop_per_sample", flop_per_sample & per_sample, "only without tokens_per_sample"
    yield "parameters", given["samples"] & per_sample & missing["parameters"], "needed with tokens_per_sample"
    within = FIELDS["tokens"]
    made = values["samples"] * values["tokens_per_sample"]
    yield "samples", (made < within.low) | (made > within.high), f"with tokens_per_sample, {within.allowed}"
    flop = 3.0 * values["samples"] * values["forward_flop_per_sample"]
    whole = FIELDS["training_flop"]
    yield "samples", (flop < whole.low) | (flop > whole.high), f"with forward_flop_per_sample, {whole.allowed}"
    stated = given["training_flop"] | by_flop
    yield "teacher_parameters", given["teacher_parameters"] & stated, "only where the compute follows from parameters"
    unused = stated
    for name in ("context_length", "layers", "width"):
        yield name, given[name] & unused & missing["parameters"], "only where parameters are given"
    yield "training_flop", both, "needed, or else parameters and tokens"
    yield "tokens", neither & given["parameters"], needed.format("parameters")
    yield "parameters", neither & given["tokens"], needed.format("tokens")
    more = values["active_parameters"] > values["parameters"]
    yield "active_parameters", more, "at most the total parameters"
    twice = given["power_w"] & given["power_fraction"]
    yield "power_fraction", twice, "only where power_w is not given"
    for name, other in (
        ("log10_alpha_low", "log10_alpha_high"),
        ("log10_alpha_high", "log10_alpha_low"),
    ):
        yield name, given[other] & missing[name], f"needed with {other}"
    crossed = values["log10_alpha_low"] > values["log10_alpha_high"]
    yield "log10_alpha_low", crossed, "at most log10_alpha_high"
    rate, alpha = given["tokens_per_second_per_device"], given["log10_alpha_low"]
    only = "only one of utilisation, tokens_per_second_per_device and log10_alpha_low/high"
    yield "utilisation", given["utilisation"] & (rate | alpha), only
    yield "tokens_per_second_per_device", rate & alpha, only
    yield "tokens", rate & no_tokens, "needed with tokens_per_second_per_device"


MOST_COMPARED = 12  # names that share most with the one sought: only these are compared letter by letter


def near_names(name: str, names: Sequence[str], most: int = 3) -> tuple[str, ...]:
    """The names most like ``name``, at most ``most`` of them, whatever their case."""
    return _near_names(name[:80].casefold(), tuple(names), most)


@lru_cache(maxsize=1024)
def _near_names(sought: str, names: tuple[str, ...], most: int) -> tuple[str, ...]:
    pairs, first = _pairs_of(sought), sought.split()[:1]
    shared = [(2 * len(pairs & own) / (len(pairs) + len(own) or 1), fold) for fold, own in _folded(names)[1]]
    likeliest = [fold for share, fold in heapq.nlargest(MOST_COMPARED, shared) if share > 0]
    close = difflib.get_close_matches(sought, likeliest, 4 * most, 0.4)
    close.sort(key=lambda fold: fold.split()[:1] != first)  # "A100 XSM" is meant to be some A100
    return tuple(_folded(names)[0][fold] for fold in close[:most])


@lru_cache(maxsize=32)
def _folded(names: tuple[str, ...]) -> tuple[dict[str, str], list[tuple[str, frozenset[str]]]]:
    """The names by their case-folded form, and the pairs of characters in each."""
    by_fold = {candidate.casefold(): candidate for candidate in names}
    return by_fold, [(fold, _pairs_of(fold)) for fold in by_fold]


def _pairs_of(text: str) -> frozenset[str]:
    return frozenset(map("".join, pairwise(text))) | frozenset(text)


def _problems(error: ValidationError) -> list[Problem]:
    """Pydantic's findings in our words."""
    problems: list[Problem] = []
    for detail in error.errors(include_url=False):
        cause = detail.get("ctx", {}).get("error")
        if isinstance(cause, InputError):
            problems += cause.problems
            continue
        name = str(detail["loc"][0]) if detail["loc"] else "scenario"
        value = detail["input"]
        shown = value if isinstance(value, str | float) else str(value)
        if detail["type"] == "extra_forbidden":
            problems.append(Problem(name, shown, NO_SUCH_FIELD, near_names(name, list(FIELDS))))
        else:
            allowed = number_wanted(name, cause) if name in NUMBER_FIELDS else FIELDS[name].allowed
            problems.append(Problem(name, shown, allowed, near_names(str(shown), FIELDS[name].choices)))
    return problems
