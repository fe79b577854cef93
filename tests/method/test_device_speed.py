"""The device part: how fast a device is against another, learnt from what one stack did on both."""

import math
from dataclasses import replace

import numpy as np
import pytest

from oce.method import (
    device_speed,
)
from oce.method.hardware_features import hardware
from tests.support.device_ratios import A100, ALONE, DEVICES, H100, said, times


def test_the_reference_has_speed_1_exactly_whatever_is_trained_on_it():
    reference = hardware(A100)
    assert reference.nominal == 0.0
    for x in ((1.0, 0.8, 0.2, 1.0), (1.0, -2.0, -0.1, 0.0)):
        design = ALONE.weights(reference) @ np.array(x)
        assert design @ ALONE.mean == 0.0
        assert design @ ALONE.covariance @ design == 0.0


def test_a_device_against_itself_is_as_fast_and_that_is_certain():
    for one in DEVICES.values():
        assert said(hardware(one), hardware(one)) == (0.0, 0.0)


def test_the_other_way_round_the_ratio_is_the_inverse():
    there, back = said(hardware(A100), hardware(H100)), said(hardware(H100), hardware(A100))
    assert there[0] == pytest.approx(-back[0], abs=1e-12)
    assert there[1] == pytest.approx(back[1], rel=1e-9)


def test_a_card_in_a_slot_is_another_device_than_the_one_on_a_board():
    for slot, board in (("h100-pcie", "h100-sxm"), ("a100-pcie-80gb", "a100-sxm-80gb")):
        assert hardware(DEVICES[slot]).device != hardware(DEVICES[board]).device
        assert times(board, slot) < 0.9


def test_a_device_that_nobody_measured_is_less_sure_than_it_would_be_measured():
    known = {name.removeprefix("device ") for name in ALONE.names if name.startswith("device ")}
    measured = hardware(H100)
    stranger = replace(measured, device="never measured")
    assert measured.device in known
    assert said(hardware(A100), stranger)[1] > 1.2 * said(hardware(A100), measured)[1]


def test_devices_of_a_vendor_that_nobody_measured_share_what_is_not_known_of_it():
    one, other = (replace(hardware(H100), device=name, vendor="a new vendor") for name in ("one", "other"))
    own = ALONE.spreads["device"] ** 2
    assert said(one, other) == pytest.approx((0.0, math.sqrt(2 * own)))
    elsewhere = replace(other, vendor="another new vendor")
    assert said(one, elsewhere)[1] == pytest.approx(math.sqrt(2 * own + 2 * device_speed.VENDOR_SD**2))


def test_to_name_unmeasured_devices_beforehand_changes_no_prediction():
    stranger = replace(hardware(H100), device="never measured", vendor="a new vendor")
    named = ALONE.including([stranger])
    assert said(hardware(A100), stranger, model=named) == pytest.approx(said(hardware(A100), stranger))


@pytest.mark.parametrize("size", [7e9, 13e9, 30e9, 70e9])
@pytest.mark.parametrize("length", [2048, 4096, 8192])
def test_an_h100_is_2_1_to_2_4_times_as_fast_as_an_a100_for_7_to_70_billion_parameters(size, length):
    assert 2.1 <= times("a100-sxm-80gb", "h100-sxm", size=size, length=length) <= 2.4


def test_an_h100_gains_on_an_a100_with_size_and_loses_with_the_length_of_sequences():
    by_size = [times("a100-sxm-80gb", "h100-sxm", size=one) for one in np.geomspace(1e9, 1e11, 9)]
    by_length = [times("a100-sxm-80gb", "h100-sxm", length=one) for one in (1024, 4096, 16384, 65536)]
    assert np.all(np.diff(by_size) > 0)
    assert np.all(np.diff(by_length) < 0)


def test_fp8_is_faster_than_bf16_on_an_h100_the_more_so_the_larger_and_less_for_mixtures():
    gains = [times("h100-sxm", "h100-sxm", ("bf16", "fp8"), size=one) for one in np.geomspace(1e9, 1e11, 9)]
    assert gains[0] > 1
    assert np.all(np.diff(gains) > 0)
    assert times("h100-sxm", "h100-sxm", ("bf16", "fp8"), mixture=True) < times("h100-sxm", "h100-sxm", ("bf16", "fp8"))
