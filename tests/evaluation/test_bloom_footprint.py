"""BLOOM's published assessment comes out of this package's own functions, step by step."""

import pytest

from oce.evaluation import bloom_footprint
from oce.evaluation.bloom_footprint import DYNAMIC_T, TOTAL_T, steps


def test_the_electricity_of_the_gpus_is_what_was_published():
    first = steps()[0]
    assert f"{first.co2e_t:.1f}" == f"{DYNAMIC_T:.1f}"
    assert "433,196 kWh" in first.arithmetic


def test_making_the_hardware_is_the_eleven_tonnes_that_were_published():
    assert sum(one.co2e_t for one in steps() if one.what.startswith("Making")) == pytest.approx(11.2, abs=0.05)


def test_all_steps_make_the_published_total_and_what_is_not_worked_out_says_so():
    assert sum(one.co2e_t for one in steps()) == pytest.approx(TOTAL_T)
    assert "not in our sources" in steps()[-1].arithmetic
    assert steps()[-1].co2e_t == pytest.approx(14.6, abs=0.05)
    assert bloom_footprint.SOURCE
