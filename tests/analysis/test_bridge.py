"""From a reported footprint to ours: the factors multiply to ours over theirs, and what is not said is named."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import Scenario, estimate
from oce.analysis.bridge import INGREDIENTS, REST, Reported, bridge, ours

EXACT = 1e-12  # relative
RUN = estimate(Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1))
OURS = {
    "hours": RUN.device_hours.central,
    "power": float(RUN.inputs.power_w),
    "PUE": 1.1,
    "grid": float(RUN.inputs.carbon_intensity_g_per_kwh),
}


def maybe(low, high):
    return st.none() | st.floats(low, high)


def reports():
    return st.builds(
        Reported,
        device_hours=maybe(1.0, 1e9),
        power_w=maybe(10.0, 2000.0),
        pue=maybe(1.0, 3.0),
        g_per_kwh=maybe(1.0, 1500.0),
        energy_kwh=maybe(1.0, 1e10),
        co2e_kg=maybe(1.0, 1e10),
    )


def not_said(found):
    """The ingredients that the report leaves open."""
    return tuple(name for step in found.steps if not step.said for name in step.of)


@given(reports())
def test_the_factors_multiply_to_ours_over_theirs(reported):
    found = bridge(reported, ours(RUN))
    if found is None:
        assert reported.figure == ""
        return
    assert found.ours == pytest.approx(getattr(RUN, reported.figure).central, rel=EXACT)
    product = math.prod(step.factor for step in found.steps)
    assert product == pytest.approx(found.ours / found.theirs, rel=EXACT)
    assert found.theirs * product * found.making_factor == pytest.approx(found.total, rel=EXACT)


@given(reports())
def test_what_is_not_said_is_named_and_never_among_what_is(reported):
    found = bridge(reported, ours(RUN))
    if found is None:
        return
    said = {name for step in found.steps if step.said for name in step.of} - {REST}
    assert not said & set(not_said(found))
    given_ = {name for name, value in zip(INGREDIENTS, reported.ingredients, strict=True) if value is not None}
    asked = set(
        INGREDIENTS[:1] if found.figure == "device_hours" else INGREDIENTS[: 3 if reported.co2e_kg is None else 4]
    )
    assert said == given_ & asked
    assert set(not_said(found)) == asked - given_


def test_a_report_of_our_own_figures_has_no_step_that_changes_anything():
    reported = Reported(*OURS.values(), RUN.energy_kwh.central, RUN.operational_co2e_kg.central)
    found = bridge(reported, ours(RUN))
    assert [step.name for step in found.steps] == [*INGREDIENTS]
    assert [step.factor for step in found.steps] == pytest.approx([1.0] * 4, rel=EXACT)
    assert found.total == pytest.approx(RUN.total_co2e_kg.central, rel=EXACT)


def test_hours_and_tonnes_alone_leave_power_pue_and_grid_open_together():
    found = bridge(Reported(device_hours=6.4e6, co2e_kg=1.9e6), ours(RUN))
    hours, rest = found.steps
    assert (hours.name, hours.factor) == ("hours", pytest.approx(OURS["hours"] / 6.4e6))
    assert (rest.name, rest.said) == ("power, PUE and grid", False)
    assert rest.theirs == pytest.approx(1.9e6 / 6.4e6 * 1e3)  # g per device-hour
    assert not_said(found) == ("power", "PUE", "grid")


@pytest.mark.parametrize(("in_it", "factor"), [(True, 1.1 / 1.2), (False, 1.1)])
def test_a_pue_that_their_figure_leaves_out_counts_as_one(in_it, factor):
    """BLOOM's 433 MWh are hours × 400 W; its report gives a PUE of 1.2 beside them."""
    kwh = 1e6 * 0.4 * (1.2 if in_it else 1.0)
    found = bridge(Reported(1e6, 400.0, 1.2, 57.0, kwh, kwh * 0.057), ours(RUN))
    pue = next(step for step in found.steps if step.name == "PUE")
    assert (pue.counted, pue.factor) == (in_it, pytest.approx(factor))
    assert REST not in [step.of[0] for step in found.steps]


@pytest.mark.parametrize(("off", "name"), [(1.01, "rounding"), (1.3, "not explained")])
def test_what_their_own_figures_do_not_multiply_to_is_a_step_of_its_own(off, name):
    found = bridge(Reported(1e6, 400.0, None, None, 1e6 * 0.4, None), ours(RUN))
    assert not_said(found) == ("PUE",)
    kwh = 1e6 * 0.4 * 1.5
    found = bridge(Reported(1e6, 400.0, 1.5, 50.0, kwh, kwh * 0.05 * off), ours(RUN))
    last = found.steps[-1]
    assert last.of == (REST,)
    assert last.name.startswith(name)
    assert last.factor == pytest.approx(1 / off)
