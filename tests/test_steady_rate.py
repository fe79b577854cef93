"""TFLOP/s, MFU and tokens/s of a device are one rate seen three ways."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Scenario, catalog, estimate
from oce.errors import NotReadError
from oce.method.calibration_file import committed
from oce.parsing import read_number
from oce.resolution import resolve
from oce.resolution.steady_rate import FIELD_OF, MFU, TFLOPS, TOKENS, rate_scale

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA")
RUNS = {
    "dense": RUN,
    "mixture": RUN.replace(active_parameters=7e9),
    "long sequences": RUN.replace(context_length=131072, device_count=1024),
    "adapters": RUN.replace(training="adapters"),
    "samples": Scenario(
        parameters=3e8,
        samples=3e8,
        tokens_per_sample=256,
        device="A100",
        device_count=64,
        region="FRA",
        modality="vision",
    ),
}


def scale_of(run):
    return rate_scale(resolve(run.given()))


@pytest.mark.parametrize("name", RUNS)
@given(share=st.floats(0.01, 0.9))
def test_the_same_rate_in_each_unit_is_the_same_estimate(name, share):
    run, scale = RUNS[name], scale_of(RUNS[name])
    assert scale.units == (TFLOPS, MFU, TOKENS)
    tokens = scale.in_unit(scale.tflops(share, "utilisation"), TOKENS)
    by_share = estimate(run.replace(utilisation=share))
    by_tokens = estimate(run.replace(tokens_per_second_per_device=tokens))
    assert by_tokens.device_hours.central == pytest.approx(by_share.device_hours.central, rel=1e-9)


def test_a_token_of_a_dense_decoder_takes_six_flop_a_parameter():
    assert scale_of(RUN).flop_per_token == pytest.approx(6 * 70e9)


def test_of_a_stated_compute_without_tokens_there_is_no_rate_of_tokens():
    run = Scenario(training_flop=1e23, device="H100", device_count=64, region="USA")
    assert scale_of(run).units == (TFLOPS, MFU)


@pytest.mark.parametrize(
    ("text", "unit", "read_in", "value"),
    [
        ("410", TFLOPS, TFLOPS, 410),
        ("410 TFLOPS", MFU, TFLOPS, 410),
        ("0.41 PFLOP/s", TOKENS, TFLOPS, 410),
        ("410,5 TF/s", TFLOPS, TFLOPS, 410.5),
        ("41", MFU, MFU, 0.41),
        ("0.41", MFU, MFU, 0.41),
        ("150 %", MFU, MFU, 1.5),  # its field says that it is too much
        ("1k tokens/s", TFLOPS, TOKENS, 1000),
    ],
)
def test_a_rate_is_read_in_its_own_unit_else_in_that_asked_for(text, unit, read_in, value):
    scale = scale_of(RUN)
    field, found = scale.read(text, unit)
    assert field == FIELD_OF[read_in]
    expected = value / scale.peak_tflops if read_in == TFLOPS else value
    assert found.value == pytest.approx(expected)


def test_a_share_without_its_sign_says_how_it_was_read():
    assert "41% of the peak" in scale_of(RUN).read("0.41", MFU)[1].note


@pytest.mark.parametrize("text", ["fast", "410 TFLOP", "3 GPUs", ""])
def test_what_is_no_rate_is_refused(text):
    with pytest.raises(NotReadError):
        scale_of(RUN).read(text, TFLOPS)


def test_a_share_given_as_a_rate_says_what_to_do():
    with pytest.raises(NotReadError, match="divided by the device's dense peak"):
        read_number("utilisation", "410 TFLOP/s")


@pytest.mark.parametrize("given_as", ["utilisation", "tokens_per_second_per_device"])
def test_the_estimate_says_both_rates_and_where_the_difference_comes_from(given_as):
    scale = scale_of(RUN)
    value = 410 / scale.peak_tflops if given_as == "utilisation" else scale.in_unit(410, TOKENS)
    result = estimate(RUN.replace(**{given_as: value}))
    (said,) = [note.text for note in result.notes if note.code == "whole_run"]
    whole = result.utilisation.central * scale.peak_tflops
    assert said.startswith(f"410 TFLOP/s steady, {whole:.0f} over the whole run: restarts, evaluations")
    told = [run.model for run in catalog.runs() if run.tells_gap]
    assert len(told) == committed().gap_runs
    assert f"{len(told)} runs that report both ({', '.join(told)}" in said
