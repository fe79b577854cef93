"""What is offered to whoever mistyped a name."""

from hypothesis import given
from hypothesis import strategies as st

from oce.fields import FIELDS
from oce.near_names import near_names


@given(st.text())
def test_names_near_to_anything_are_at_most_three(name):
    assert len(near_names(name, list(FIELDS))) <= 3
