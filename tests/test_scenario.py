"""The scenario: what is allowed in each field, and what is said where something is not."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import InputError, Scenario
from oce.fields import FIELDS, NUMBER_FIELDS, TEXT_FIELDS
from tests.support.rules import for_every

RUN = {"parameters": 70e9, "tokens": 15e12, "device": "H100", "region": "USA"}
CHOICES = [(field.name, choice) for field in FIELDS.values() for choice in field.choices]
RANGES = {  # as DESIGN.md states them; the rest as the fields themselves say
    "parameters": (1e5, 1e14),
    "tokens": (1e5, 1e16),
    "training_flop": (1e12, 1e30),
    "device_count": (1, 10_000_000),
    "carbon_intensity_g_per_kwh": (0, 2000),
    "pue": (1, 3),
    "overhead_fraction": (0, 10),
}


def scenario_with(field: str, value: object) -> Scenario:
    """A sound scenario but for ``field``, with what that field needs beside it."""
    beside: dict[str, object] = {}
    large = isinstance(value, int | float) and value > 1e9
    if field in ("samples", "tokens_per_sample", "forward_flop_per_sample"):
        beside = {"tokens": None, "samples": 1e6}
    if field == "samples":
        beside |= {"forward_flop_per_sample": 1e6 if large else 1e15}
    elif field == "forward_flop_per_sample":
        beside |= {"samples": 1.0 if large else 1e12}
    elif field == "active_parameters":
        beside = {"parameters": 1e14}
    elif field == "log10_alpha_low":
        beside = {"log10_alpha_high": 2000}
    elif field == "log10_alpha_high":
        beside = {"log10_alpha_low": -12}
    return Scenario(**{**RUN, **beside, field: value})


def refusal(field: str, value: object) -> str:
    """The one line with which ``value`` is refused."""
    with pytest.raises(InputError) as caught:
        scenario_with(field, value)
    assert [problem.field for problem in caught.value.problems if problem.field == field], str(caught.value)
    message = str(caught.value)
    assert len(message.splitlines()) == 1
    return message


# --- ranges ---


@pytest.mark.parametrize(("field", "low", "high"), [(name, *ends) for name, ends in RANGES.items()])
def test_the_ranges_are_those_of_the_design(field, low, high):
    assert (FIELDS[field].low, FIELDS[field].high) == (low, high)


@for_every("field", NUMBER_FIELDS)
def test_both_ends_of_a_range_are_allowed(field):
    low, high = FIELDS[field].low, FIELDS[field].high
    least = math.nextafter(low, math.inf) if FIELDS[field].above else low
    for end in (least, high):
        assert getattr(scenario_with(field, end), field) == end


@for_every("field", NUMBER_FIELDS)
def test_what_lies_outside_a_range_is_refused(field):
    one = FIELDS[field]
    below = one.low if one.above else math.nextafter(one.low, -math.inf)
    above = math.nextafter(one.high, math.inf)
    for value in (below, above, -math.inf, math.inf):
        assert one.allowed in refusal(field, value)


@pytest.mark.parametrize("value", [0, 1.5, 16384.000001])
def test_devices_are_counted_whole(value):
    assert "whole" in refusal("device_count", value)


# --- what is not a number ---


@pytest.mark.parametrize(
    "value",
    [math.nan, np.float64("nan"), "inf", "-inf", "1e999", True, False, np.True_, "many", "1,5,2", [1.5], 1j],
    ids=repr,
)
def test_what_is_not_a_finite_number_is_refused(value):
    for field in NUMBER_FIELDS:
        refusal(field, value)


@pytest.mark.parametrize("text", ["nan", "None", "<NA>", "NaT", "null", "n/a", "-", " "])
def test_a_text_that_says_no_value_is_not_given(text):
    for field in (*NUMBER_FIELDS, "device", "region", "precision", "currency"):
        beside = {"training_flop": 1e21} if field != "training_flop" else {"parameters": 1e9, "tokens": 1e9}
        assert getattr(Scenario(**beside, **{field: text}), field) is None


def test_a_number_too_large_for_a_float_is_refused():
    for field in NUMBER_FIELDS:
        refusal(field, 10**400)


@pytest.mark.parametrize("value", [5, math.nan, True, ["H100"]], ids=repr)
def test_what_is_not_a_text_is_refused_where_a_name_is_needed(value):
    for field in TEXT_FIELDS:
        assert " inf" not in refusal(field, value).partition("allowed: ")[2]


def test_a_scenario_reads_numbers_from_text():
    assert Scenario(**{**RUN, "parameters": "70B", "tokens": "15T"}) == Scenario(**RUN)


@pytest.mark.parametrize("field", ["pue", "device_count", "precision", "modality"])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_blank_means_not_given(field, blank):
    assert scenario_with(field, blank) == Scenario(**RUN)


# --- choices ---


@for_every(("field", "choice"), CHOICES)
def test_a_choice_is_taken_in_any_case(field, choice):
    assert getattr(scenario_with(field, f" {choice.upper()} "), field) == choice


@pytest.mark.parametrize(
    ("field", "value", "near"),
    [("precision", "bf61", "bf16"), ("modality", "langauge", "language"), ("throughput", "publishd", "published")],
)
def test_an_unknown_choice_is_refused_with_what_there_is_and_the_nearest(field, value, near):
    message = refusal(field, value)
    assert ", ".join(FIELDS[field].choices) in message
    assert f"nearest: {near}" in message


# --- messages ---


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("pue", 0.5, "pue: 0.5 is not allowed (allowed: 1 … 3)"),
        ("parameters", 12, "parameters: 12 is not allowed (allowed: 1e5 … 1e14 parameters)"),
        ("pue", "one", "pue: “one” is not allowed (allowed: a number such as 1.1, 1 … 3)"),
        ("utilisation", 40, "utilisation: 40 is not allowed (allowed: 0.0001 … 1)"),
    ],
)
def test_a_message_names_field_value_and_what_is_allowed(field, value, message):
    assert refusal(field, value) == message


@pytest.mark.parametrize(
    ("field", "value"), [("device_count", 10_000_001), ("device_count", 1_000_000.5), ("pue", 3.0000001)]
)
def test_a_refused_value_never_reads_like_an_allowed_one(field, value):
    shown = refusal(field, value).removeprefix(f"{field}: ").partition(" is not allowed")[0]
    assert float(shown) == value


def test_every_problem_is_named_at_once():
    with pytest.raises(InputError) as caught:
        Scenario(**{**RUN, "parameters": 1, "pue": 7, "device_count": 0})
    assert [problem.field for problem in caught.value.problems] == ["parameters", "device_count", "pue"]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("paramaters", "parameters"),
        ("Tokens", "tokens"),
        ("carbon_intensity", "carbon_intensity_g_per_kwh"),
        ("utilization", "utilisation"),
        ("count", "device_count"),
    ],
)
def test_an_unknown_field_is_named_with_near_names(name, near):
    with pytest.raises(InputError, match=f"{name}: no such field; nearest: .*{near}"):
        Scenario(**RUN, **{name: 1})


def test_a_long_value_is_cut():
    assert len(refusal("pue", "x" * 10_000)) < 200


@pytest.mark.parametrize("newline", ["\n", "\r", "\r\n", "\x0b", "\x85", "\u2028"], ids=repr)
def test_a_message_is_one_line_whatever_was_typed(newline):
    refusal("pue", f"1{newline}2")
    refusal("precision", f"b{newline}f16")
    with pytest.raises(InputError) as caught:
        Scenario(**RUN, **{f"p{newline}q": 1})
    assert len(str(caught.value).splitlines()) == 1


@given(st.sampled_from(NUMBER_FIELDS), st.text() | st.floats() | st.integers() | st.booleans() | st.binary())
def test_anything_at_all_is_either_a_number_in_range_or_refused(field, value):
    try:
        kept = getattr(scenario_with(field, value), field)
    except InputError as error:
        kept = None if field in str(error) else error
    assert kept is None or FIELDS[field].low <= kept <= FIELDS[field].high


# --- immutable ---


def test_a_scenario_cannot_be_changed():
    with pytest.raises(AttributeError, match=r"make another with replace\(pue="):
        Scenario(**RUN).pue = 1.1


def test_a_change_makes_another_scenario_checked_as_any():
    run = Scenario(**RUN)
    assert run.replace(pue=1.1).given() == {**RUN, "pue": 1.1}
    assert run.given() == RUN
    with pytest.raises(InputError, match="pue: 7"):
        run.replace(pue=7)


def test_equal_scenarios_are_one():
    assert {Scenario(**RUN), Scenario(**RUN)} == {Scenario(**RUN)}


def test_only_what_was_given_is_given_back_in_the_order_of_the_fields():
    assert list(Scenario(pue=1.1, **RUN).given()) == ["parameters", "tokens", "device", "region", "pue"]
