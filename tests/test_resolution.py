"""From what was given to the numbers that are counted with: looked up, filled in, or refused."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from oce import InputError, Scenario, catalog, estimate, estimate_many
from oce.resolution import alternatives

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)
UNPUBLISHED = sorted(one.id for one in catalog.devices() if not one.has_alpha and one.tdp_w)


@pytest.mark.parametrize("device", UNPUBLISHED)
def test_a_device_without_alpha_is_refused_with_some_that_have_one(device):
    with pytest.raises(InputError, match="the paper has an α for") as caught:
        estimate(RUN.replace(device=device))
    (problem,) = caught.value.problems
    assert problem.field == "device"
    assert problem.near == tuple(one.name for one in alternatives(catalog.device(device)))
    assert len(problem.near) == 3
    for name in problem.near:
        assert catalog.device(name).has_alpha


@pytest.mark.parametrize(("device", "first"), [("H200", "H100 SXM"), ("TPU v5p", "TPU v4"), ("A100 PCIe", "A100")])
def test_the_first_alternative_is_the_nearest_relative(device, first):
    assert alternatives(catalog.device(device))[0].name == first


@pytest.mark.parametrize(
    ("left_out", "field"),
    [("device", "device"), ("region", "region"), ("parameters", "parameters"), ("tokens", "tokens")],
)
def test_what_cannot_be_filled_in_is_asked_for(left_out, field):
    with pytest.raises(InputError) as caught:
        estimate(RUN.replace(**{left_out: None}))
    assert [problem.field for problem in caught.value.problems] == [field]


def test_no_region_is_needed_where_the_intensity_is_given():
    given = RUN.replace(region=None, carbon_intensity_g_per_kwh=384.4)
    assert estimate(given).total_co2e_kg == estimate(RUN).total_co2e_kg


@pytest.mark.parametrize("device", [one.id for one in catalog.devices()])
def test_a_precision_that_a_device_does_not_have_is_refused_with_those_it_has(device):
    run = RUN.replace(device=device, power_w=400, utilisation=0.4)
    peaks = catalog.device(device).peak_tflops
    for precision in catalog.PRECISIONS:
        error = estimate_many([run.replace(precision=precision)])["error"][0]
        if precision in peaks:
            assert error == ""
        else:
            assert error.startswith(f"precision: “{precision}” is not allowed (allowed: {', '.join(peaks)} on ")


@settings(max_examples=200, deadline=None)
@given(
    st.floats(0, 1, exclude_min=True),
    st.sampled_from(["utilisation", "tokens_per_second_per_device"]),
    st.floats(5, 16),
    st.floats(12, 30),
)
@example(1.0, "tokens_per_second_per_device", 5, 30)  # a trillion tokens a second, each of 1e25 FLOP
@example(1e-165, "utilisation", 13, 24)
@example(1e-305, "utilisation", 13, 24)  # too slow for a float: never replaced by the published throughput
@example(1e-320, "tokens_per_second_per_device", 13, 24)
def test_any_rate_is_either_counted_with_or_refused_by_its_name(share, name, log10_tokens, log10_flop):
    rate = share if name == "utilisation" else share * 1e12
    tokens, flop = 10**log10_tokens, 10**log10_flop
    fields = {"tokens": tokens, "training_flop": flop, "device": "H100", "region": "USA", name: rate}
    seconds = tokens / rate if name == "tokens_per_second_per_device" else flop / (rate * 989e12)
    try:
        hours = estimate(Scenario(**fields)).device_hours
    except InputError as error:
        assert {problem.field for problem in error.problems} == {name}  # noqa: PT017
    else:
        assert hours.low == hours.central == hours.high == pytest.approx(seconds / 3600, rel=1e-10)
