"""What must hold of the numbers of a scenario: of each by itself, and of several together."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from oce.fields import FIELDS

Numbers = TypeVar("Numbers", float, NDArray[np.float64])


def violations(numbers: Mapping[str, Numbers]) -> Iterator[tuple[str, Numbers, bool | NDArray[np.bool_], str]]:
    """Every rule that some row of ``numbers`` breaks.

    Args:
        numbers: Every name of :data:`~oce.fields.NUMBER_FIELDS`, each an array of one value a row, or all of them
            plain numbers; NaN where not given.

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
        if missing[name] is True:  # a plain number that is not given breaks no rule of its own
            continue
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
    for name in ("context_length", "layers", "width"):
        yield name, given[name] & stated & missing["parameters"], "only where parameters are given"
    yield "training_flop", both, "needed, or else parameters and tokens"
    yield "tokens", neither & given["parameters"], needed.format("parameters")
    yield "parameters", neither & given["tokens"], needed.format("tokens")
    more = values["active_parameters"] > values["parameters"]
    yield "active_parameters", more, "at most the total parameters"
    twice = given["power_w"] & given["power_fraction"]
    yield "power_fraction", twice, "only where power_w is not given"
    for name, other in (("log10_alpha_low", "log10_alpha_high"), ("log10_alpha_high", "log10_alpha_low")):
        yield name, given[other] & missing[name], f"needed with {other}"
    crossed = values["log10_alpha_low"] > values["log10_alpha_high"]
    yield "log10_alpha_low", crossed, "at most log10_alpha_high"
    rate, alpha = given["tokens_per_second_per_device"], given["log10_alpha_low"]
    only = "only one of utilisation, tokens_per_second_per_device and log10_alpha_low/high"
    yield "utilisation", given["utilisation"] & (rate | alpha), only
    yield "tokens_per_second_per_device", rate & alpha, only
    yield "tokens", rate & no_tokens, "needed with tokens_per_second_per_device"
