"""What a long sequence costs: attention is slower than the rest of a model, and how much so differs by stack."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Scenario, compare, estimate
from oce.method import sequence_speed

SHARES = st.floats(1e-4, 20.0)
USUAL = st.floats(1e-3, 0.5)


def rate(name):
    return next(one for one in sequence_speed.rates() if one.id == name)


def run_of(one, length):
    size = one.parameters
    fields = {"parameters": size, "tokens": 20 * size, "device": one.device, "device_count": 8, "region": "USA"}
    return estimate(Scenario(**fields, context_length=length))


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("mpt-7b-h100-sxm-2048", "mpt-7b-h100-sxm-65536"),
        ("own-h100-gpt-1-3b-bf16-2048-by-8", "own-h100-gpt-1-3b-bf16-16384-by-1"),
    ],
)
def test_what_either_stack_measured_between_lengths_lies_in_the_interval_of_their_ratio(short, long):
    first, second = rate(short), rate(long)
    measured = first.tokens_per_second_per_device / second.tokens_per_second_per_device
    ends = [run_of(first, one.sequence_length) for one in (first, second)]
    assert measured in compare(*ends).ratio("device_hours").times


def test_the_stacks_differ_and_the_speed_lies_between_them():
    speeds = sequence_speed.stack_speeds()
    assert len(speeds) >= 2
    assert min(speeds.values()) < sequence_speed.attention_speed().central < max(speeds.values())
    apart = math.log(max(speeds.values()) / min(speeds.values()))
    assert sequence_speed.attention_speed().log_sd > apart / 2


@given(SHARES, USUAL)
def test_the_spread_of_the_time_is_its_derivative_by_the_speed_of_attention(share, usual):
    speed, step = sequence_speed.attention_speed(), 1e-6

    def log_time(v):
        return math.log((1 + share / v) / (1 + share) / (1 + usual / v))

    slope = (log_time(speed.central * math.exp(step)) - log_time(speed.central * math.exp(-step))) / (2 * step)
    assert float(sequence_speed.log_sd(share, usual)) == pytest.approx(-slope * speed.log_sd, abs=1e-6)


@given(USUAL)
def test_at_the_usual_length_the_speed_of_attention_does_not_matter(usual):
    assert float(sequence_speed.log_sd(usual, usual)) == 0.0
    assert float(sequence_speed.time_over_compute(usual, usual)) == pytest.approx(1 / (1 + usual))


def test_the_longer_the_sequence_the_wider_the_interval():
    run = rate("own-h100-gpt-1-3b-bf16-2048-by-8")
    widths = [run_of(run, length).device_hours.log_half_width for length in (4096, 16384, 65536)]
    assert np.all(np.diff(widths) > 0)
