"""The scenario: the one immutable, validated input of every estimate.

A scenario is made the same way from the sidebar, a link, the command line, a CSV row and Python. Its fields, their
units and what is allowed stand once, in :data:`oce.fields.FIELDS`; :class:`Scenario` and the vectorised
``estimate_many`` are checked by the same rules (:func:`oce.rules.violations`).
"""

from __future__ import annotations

import math
from typing import Annotated, Any, cast

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, ValidationInfo, model_validator

from oce import parsing
from oce.errors import NO_SUCH_FIELD, InputError, Problem
from oce.fields import (
    CURRENCY,
    CURRENCY_ALLOWED,
    DEFAULTS,
    FIELDS,
    NUMBER_FIELDS,
    OWN_METHODS,
    PAPERS_METHODS,
    Architecture,
    Embodied,
    Interconnect,
    Method,
    Modality,
    Precision,
    Throughput,
    Training,
)
from oce.near_names import near_names
from oce.parsing import finite, not_given, number_wanted, read_number
from oce.rules import violations


def _number(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str):
        return None if not_given(str(info.field_name), value) else read_number(str(info.field_name), value).value
    return finite(value)


def _text(value: object, info: ValidationInfo) -> object:
    if isinstance(value, str):
        return None if not_given(str(info.field_name), value) else value.strip()
    return value


def _currency(value: object, info: ValidationInfo) -> object:
    text = _text(value, info)
    if isinstance(text, str) and not CURRENCY.fullmatch(text):
        raise ValueError(CURRENCY_ALLOWED)
    return text


def _choice(value: object, info: ValidationInfo) -> object:
    text = _text(value, info)
    return text.lower() if isinstance(text, str) else text


def _precision(value: object, info: ValidationInfo) -> object:
    text = _text(value, info)
    return parsing.precision(text) if isinstance(text, str) else text


Number = Annotated[float | None, BeforeValidator(_number)]
Name = Annotated[str | None, BeforeValidator(_text)]
Currency = Annotated[str | None, BeforeValidator(_currency)]


class Scenario(BaseModel):
    """What is to be trained, on what, where. Immutable; every field is checked when it is made.

    The fields, with units and ranges, are those of :data:`FIELDS`. A field that is not given is ``None`` here; what is
    then used is in :data:`~oce.fields.DEFAULTS` or looked up from the device and the region, and listed by the
    estimate.

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

    def __init__(self, /, **values: Any) -> None:
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

    def replace(self, /, **changes: Any) -> Scenario:
        """A new scenario with ``changes`` made, checked as any other."""
        return Scenario(**{**self.given(), **changes})

    @property
    def method(self) -> Method:
        """Where the throughput comes from: the user's own value where there is one, else a model."""
        own = (method for field, method in OWN_METHODS.items() if getattr(self, field) is not None)
        return next(own, cast(Method, self.throughput or DEFAULTS["throughput"]))

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
