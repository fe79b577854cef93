"""A deadline, a carbon budget, a cost: read as people write them, told where they cannot be, back from a link."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import units
from oce.errors import InputError
from pages.session import link, targets
from pages.session.targets import TARGETS, Targets


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("deadline_days", "45", 45.0),
        ("deadline_days", "45 days", 45.0),
        ("deadline_days", "6 weeks", 42.0),
        ("deadline_days", "36 h", 1.5),
        ("carbon_budget_t", "200", 200.0),
        ("carbon_budget_t", "200 t", 200.0),
        ("carbon_budget_t", "1.5k", 1500.0),
        ("carbon_budget_t", "200 t CO2e", 200.0),
        ("cost_budget", "2.5M", 2.5e6),
    ],
)
def test_a_target_is_read_as_people_write_it(name, text, value):
    assert targets.read(name, text) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize("text", ["0", "-3", "lots", "nan", "inf", "1e99", "t", " "])
@pytest.mark.parametrize("name", TARGETS)
def test_what_is_no_target_is_told_with_what_is_allowed(name, text):
    with pytest.raises(ValueError, match="a number, above 0"):
        targets.read(name, text)
    if text.strip():
        with pytest.raises(InputError) as caught:
            targets.of_link({name: text})
        assert [(one.field, one.value) for one in caught.value.problems] == [(name, text)]


@given(st.fixed_dictionaries({}, optional={name: st.floats(1e-3, 3e4) for name in TARGETS}))
def test_targets_come_back_from_their_link_to_the_last_digit(values):
    assert targets.of_link({name: units.exact(value) for name, value in values.items()}) == Targets(**values)


def test_targets_are_in_the_link_of_the_pages_that_take_them():
    assert set(TARGETS) == set(link.TARGETS) <= set(link.OF_PAGES["plan"])
    assert Targets(deadline_days=2.0, carbon_budget_t=3.0) == Targets(2.0, 3.0)
    assert (Targets(2.0, 3.0).deadline_hours, Targets(2.0, 3.0).budget_kg) == (48.0, 3000.0)
    assert (Targets().deadline_hours, Targets().budget_kg) == (None, None)
