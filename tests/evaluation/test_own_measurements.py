"""Measurements of our own: what is worked out from them follows, and all of them are set beside the estimate."""

import re

import pytest

from oce import catalog
from oce.catalog import measurements
from oce.evaluation import own_measurements
from oce.method import sequence_speed, system_power

ROWS = {one.id: one for one in own_measurements.rows()}
CONTRASTS = [one for one in measurements.contrasts() if one.source == own_measurements.SOURCE]


def test_throughput_is_the_rate_times_the_compute_of_a_token():
    for one in ROWS.values():
        weights = 6 * one.parameters
        attention = 6 * one.layers * one.width * one.context_length  # causal: half of 12 L d s
        assert one.weights_tflops == pytest.approx(one.tokens_per_second * weights / 1e12, rel=1e-4), one.id
        assert one.model_tflops == pytest.approx(one.tokens_per_second * (weights + attention) / 1e12, rel=1e-4), one.id
        assert one.weights_tflops < catalog.device(one.device).peak_tflops[one.precision]


def test_a_step_has_its_sequences():
    assert [one.id for one in ROWS.values() if one.tokens_per_step != one.sequences * one.context_length] == []


def test_the_contrasts_are_the_ratios_of_the_measurements():
    assert CONTRASTS
    for contrast in CONTRASTS:
        first, second = (ROWS[name] for name in re.findall(r"own-h[\w-]+", contrast.read_from))
        ratio = second.tokens_per_second / first.tokens_per_second
        assert contrast.speed_ratio == pytest.approx(ratio, abs=6e-5), contrast.id
        for one, device, precision in (
            (first, contrast.first_device, contrast.first_precision),
            (second, contrast.second_device, contrast.second_precision),
        ):
            assert (one.device, one.precision) == (device, precision)
            assert (one.model, one.parameters, one.context_length) == (
                contrast.model,
                contrast.parameters,
                contrast.sequence_length,
            )
        assert contrast.address == ""  # a table of ours, not a repository


def test_their_power_is_that_of_the_board_alone_and_not_counted():
    metered = {one.id: one for one in system_power.meters() if one.id in ROWS}
    assert metered.keys() == ROWS.keys()
    for name, one in metered.items():
        assert (one.power_w, one.device, one.counted) == (ROWS[name].board_power_w, ROWS[name].device, False)
        # The counter is read twice a second: over some seconds that moves a mean by a hundredth.
        assert ROWS[name].board_power_w <= 1.01 * ROWS[name].power_limit_w


def test_what_was_measured_is_set_beside_what_is_said():
    """A check of each pair of a model that is fitted, and of each model's first case."""
    checks = own_measurements.checks()
    pairs = {
        (one.model, one.first_device, one.second_device, one.second_precision) for one in measurements.fitted(CONTRASTS)
    }
    assert len(checks) == len(pairs) + len(own_measurements.firsts())
    for one in checks:
        assert one.said.low < one.said.central < one.said.high


def test_the_lengths_that_are_learnt_from_are_those_measured():
    rows = [one for one in sequence_speed.rates() if one.source == own_measurements.SOURCE]
    assert rows
    for one in rows:
        of = ROWS[one.id]
        assert (one.device, one.parameters, one.sequence_length, one.tokens_per_second_per_device) == (
            of.device,
            of.parameters,
            of.context_length,
            of.tokens_per_second,
        )
    assert len({ROWS[one.id].tokens_per_step for one in rows}) == 1  # nothing but the length differs
