"""Figures as people read them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Interval
from oce.parsing import parse_number
from oce.units import (
    DEVICE_HOURS,
    DURATION,
    ENERGY,
    MASS,
    compact,
    exact,
    listed,
    scientific,
    shown,
    shown_range,
    significant,
)
from tests.support.rules import for_every


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1966.17, "1,970"),
        (18.067, "18.1"),
        (0.684934, "0.685"),
        (0.00012345, "0.000123"),
        (9.996, "10.0"),
        (999.6, "1,000"),
        (1234567.0, "1,230,000"),
        (-18.067, "-18.1"),
        (5.0, "5.00"),
        (0.0, "0"),
    ],
)
def test_numbers_have_three_significant_digits(value, text):
    assert significant(value) == text


@given(st.floats(1e-9, 1e15))
def test_rounding_moves_a_number_by_half_a_percent_at_most(value):
    assert float(significant(value).replace(",", "")) == pytest.approx(value, rel=5.001e-3)


@for_every(
    ("value", "scale", "text"),
    [
        (1_966_170.0, MASS, "1,970 t CO2e"),
        (684.93, MASS, "685 kg CO2e"),
        (0.0123, MASS, "12.3 g CO2e"),
        (0.000_004_5, MASS, "4.50 mg CO2e"),
        (18_874_836.0, MASS, "18,900 t CO2e"),
        (2.5e9, MASS, "2.50 Mt CO2e"),
        (0.0, MASS, "0 mg CO2e"),
        (0.25, ENERGY, "250 Wh"),
        (4.2, ENERGY, "4.20 kWh"),
        (433_000.0, ENERGY, "433 MWh"),
        (4_637_192.97, ENERGY, "4.64 GWh"),
        (3.1e9, ENERGY, "3.10 TWh"),
        (1 / 3600, DURATION, "1.00 seconds"),
        (0.5, DURATION, "30.0 minutes"),
        (36.0, DURATION, "36.0 hours"),
        (404.33, DURATION, "16.8 days"),
        (6_624_561.0, DURATION, "756 years"),
        (291_409.6, DEVICE_HOURS, "291,000 device-hours"),
        (6_624_561.0, DEVICE_HOURS, "6.62 million device-hours"),
        (1.5e9, DEVICE_HOURS, "1.50 billion device-hours"),
    ],
)
def test_a_figure_is_shown_in_the_unit_that_fits(value, scale, text):
    assert shown(value, scale) == text


def test_a_range_is_in_the_unit_of_its_central_value():
    assert shown_range(Interval(1_880_963.7, 1_966_169.8, 2_051_375.9), MASS) == "1,880–2,050 t CO2e"
    assert shown_range(Interval(900.0, 1_500.0, 2_100.0), MASS) == "0.900–2.10 t CO2e"
    assert shown_range(Interval(300.0, 800.0, 1_300.0), MASS) == "300–1,300 kg CO2e"


def test_a_range_whose_ends_look_the_same_is_one_number():
    assert shown_range(Interval(685.01, 685.02, 685.03), MASS) == "685 kg CO2e"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (16384.0, "16384"),
        (0.5, "0.5"),
        (1e6, "1M"),
        (950e6, "950M"),
        (70.6e9, "70.6B"),
        (15e12, "15T"),
        (1e15, "1000T"),
        (1e16, "1e16"),
        (6.3e24, "6.3e24"),
    ],
)
def test_large_counts_are_short(value, text):
    assert compact(value) == text


@given(st.floats(1e-3, 1e30))
def test_a_compact_count_is_read_back(value):
    assert parse_number(compact(value)) == pytest.approx(value, rel=5.001e-4)


@given(st.floats(1e-12, 1e30) | st.integers(0, 10**16).map(float))
def test_an_exact_count_is_read_back_exactly(value):
    assert parse_number(exact(value)) == value


@pytest.mark.parametrize(("value", "text"), [(16384.0, "16384"), (70.55e9, "70.55B"), (15e12, "15T"), (1e16, "10000T")])
def test_an_exact_count_is_short_where_it_can_be(value, text):
    assert exact(value) == text


@pytest.mark.parametrize(
    ("names", "most", "text"),
    [
        ("", None, ""),
        ("A", None, "A"),
        ("AB", None, "A and B"),
        ("ABC", 3, "A, B and C"),
        ("ABCD", 3, "A, B, C and 1 more"),
        ("ABC", 1, "A and 2 more"),
    ],
)
def test_names_are_listed_with_an_and_before_the_last(names, most, text):
    assert listed(names, most) == text


def test_powers_of_ten_are_written_out():
    assert scientific(6.3e24) == "6.30 × 10²⁴"
    assert scientific(0.00021) == "2.10 × 10⁻⁴"
