"""A few of the faults of ``make torture``: the server answers rightly under them, or stops in words."""

import pytest

from tests.support import torture


@pytest.mark.parametrize(
    "fault", [lambda: torture.cut_files(["embodied.csv"]), torture.full_disk], ids=["a cut file", "a full disk"]
)
def test_the_server_is_right_or_says_what_is_wrong(fault):
    assert [row.wrong for row in fault()] == [()]
