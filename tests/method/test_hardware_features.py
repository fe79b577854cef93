"""What the device part knows of a device: attention, size, memory that is of use, the place of each kind."""

from dataclasses import replace

import pytest

from oce import catalog
from oce.catalog import measurements
from oce.method import device_speed_fit, hardware_features
from oce.method.device_speed_fit import GRID
from oce.method.hardware_features import REFERENCE_DEVICE, attention_share, hardware, size_covariate

DEVICES = {one.id: one for one in catalog.devices()}

A100, H100 = DEVICES[REFERENCE_DEVICE], DEVICES["h100-sxm"]


def test_a_row_that_is_counted_as_another_device_is_that_device():
    counted = [one for one in DEVICES.values() if one.counted_as]
    assert counted
    assert [one.id for one in counted if hardware(one) != hardware(DEVICES[one.counted_as])] == []


def test_attention_is_the_share_that_it_has_of_the_compute_of_a_decoder():
    """Counted out: 6 s d FLOP a token and layer for causal attention, 72 d² for the weights of the layer."""
    for depth, length in ((12, 2048), (32, 4096), (96, 65536)):
        width = 128 * depth
        parameters = 12 * depth * width**2
        counted = 6 * length * width / (6 * length * width + 72 * width**2)
        usual = (1e10 * 128 / 12) ** (1 / 3)
        assert attention_share(parameters, length) == pytest.approx(counted - 4096 / (4096 + 12 * usual), rel=1e-12)
    assert attention_share(1e10, 4096) == 0.0


def test_size_counts_in_decades_and_only_within_its_range():
    assert size_covariate([1e10, 1e11, 1e9]).tolist() == [0.0, 1.0, -1.0]
    low, high = hardware_features.SIZE_RANGE
    assert size_covariate([1e3, 1e30]).tolist() == [low, high]


def test_memory_faster_than_the_arithmetic_can_use_makes_no_device_faster():
    usual = hardware(H100)
    useful = 2 * usual.peak_tflops * 2039 / 312
    assert replace(usual, bandwidth_gb_per_s=useful).nominal == replace(usual, bandwidth_gb_per_s=9e9).nominal
    assert replace(usual, bandwidth_gb_per_s=useful / 2).nominal < replace(usual, bandwidth_gb_per_s=useful).nominal


def test_every_kind_of_work_and_every_precision_has_its_place():
    assert set(device_speed_fit.SCATTER_OF) == set(measurements.KINDS)
    known = {*hardware_features.LOW_PRECISIONS, *hardware_features.WIDE_PRECISIONS, "fp16", "bf16"}
    assert known == {*measurements.PRECISIONS, "fp4"}
    for name in GRID:
        assert list(GRID[name]) == sorted(GRID[name])


def test_32_bits_are_wide_where_a_device_has_16_and_as_ever_where_it_has_not():
    assert (hardware(H100, "tf32").wide, hardware(H100, "bf16").wide, hardware(H100).wide) == ("tf32", "", "")
    assert hardware(catalog.device("k80"), "fp32") == hardware(catalog.device("k80"))
