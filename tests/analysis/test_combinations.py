"""Devices, regions and numbers of devices together: each as an estimate of it, and what nothing beats."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import catalog, estimate
from oce.analysis import Impossible
from oce.analysis.alternatives import in_region, on_device
from oce.analysis.combinations import combine
from oce.errors import InputError
from tests.support.plans import (
    ALWAYS,
    COMPUTE,
    DEVICES,
    MIXTURE,
    PAST,
    PLACES,
    RUN,
    SAME,
    message,
    one_sentence,
)

SOME = (["h100", "A100-80GB", "TPU v4", "l4"], ["USA", "SWE", "FRA"], [8, 64, 512])


def brute(x, y):
    points = list(zip(x, y, strict=True))
    return [not any(a <= c and b <= d and (a < c or b < d) for a, b in points) for c, d in points]


@pytest.mark.parametrize("scenario", [RUN, MIXTURE, COMPUTE, RUN.replace(tokens_per_second_per_device=900)])
def test_every_combination_is_as_an_estimate_of_it(scenario):
    found = combine(scenario, *SOME, PAST).columns
    count = len(found["device"])
    assert 0 < count <= 4 * 3 * 3  # without what memory, batch and links rule out
    for row in range(count):
        device, region = catalog.device(found["device"][row]), catalog.region(found["region"][row])
        there = in_region(on_device(scenario, device), region).replace(device_count=int(found["device_count"][row]))
        result = estimate(there, PAST)
        for figure in ("time_to_train_hours", "total_co2e_kg"):
            for end in ("low", "central", "high"):
                assert found[f"{figure}_{end}"][row] == pytest.approx(getattr(getattr(result, figure), end), rel=SAME)
    rows = set(zip(found["device"], found["region"], found["device_count"], strict=True))
    assert len(rows) == count


@ALWAYS
@given(
    st.lists(DEVICES.map(lambda one: one.id), min_size=1, max_size=5),
    st.lists(st.sampled_from(PLACES), min_size=1, max_size=4),
    st.lists(st.integers(1, 1000), min_size=1, max_size=4),
)
def test_nothing_beats_what_is_on_the_front_and_something_all_else(devices, regions, counts):
    try:
        found = combine(RUN, devices, regions, counts)
    except Impossible:
        return
    x, y = found.columns["time_to_train_hours_central"], found.columns["total_co2e_kg_central"]
    assert found.pareto_front.tolist() == brute(x, y)
    assert found.pareto_front.any()


def test_a_name_that_is_given_twice_counts_once():
    found = combine(RUN, ["H100", "h100-sxm"], ["USA", "United States"], [16, 16])
    assert len(found.pareto_front) == 1


def test_devices_without_an_estimate_are_left_out_of_the_front():
    assert set(combine(RUN, ["H100", "Trainium1"], ["USA"], [16]).columns["device"]) == {"h100-sxm"}
    text = message(combine, RUN, ["Trainium1"], ["USA"], [8])
    assert one_sentence(text)
    assert "choose others" in text


@pytest.mark.parametrize("nothing", [([], ["USA"], [8]), (["H100"], [], [8]), (["H100"], ["USA"], [])])
def test_nothing_to_combine_is_said(nothing):
    text = message(combine, RUN, *nothing)
    assert one_sentence(text)
    assert "at least one device" in text


def test_too_many_combinations_are_refused_before_any_is_worked_out():
    text = message(combine, RUN, ["H100", "A100"], ["USA"], range(1, 50_002))
    assert one_sentence(text)
    assert "2 × 1 × 50,001" in text
    assert "100,002" in text
    assert "at most 100,000" in text
    assert len(combine(RUN, ["H100", "A100"], ["USA"], range(1000, 51_000)).pareto_front) == 100_000


@pytest.mark.parametrize(
    ("devices", "regions", "counts", "field"),
    [
        (["no such"], ["USA"], [8], "device"),
        (["H100"], ["no such"], [8], "region"),
        (["H100"], ["USA"], [0], "device_count"),
        (["H100"], ["USA"], [1.5], "device_count"),
        (["H100"], ["USA"], [10**8], "device_count"),
    ],
)
def test_a_wrong_choice_is_named(devices, regions, counts, field):
    with pytest.raises(InputError) as caught:
        combine(RUN, devices, regions, counts)
    assert [one.field for one in caught.value.problems] == [field]
