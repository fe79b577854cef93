"""What of one visitor's messages is taken, and how fast."""

import pytest

from pages.server.websocket_bounds import Pace


def test_a_burst_is_taken_at_once_and_a_flood_at_its_pace():
    pace = Pace(per_second=10, burst=5)
    waits = [pace.seconds_to_wait(pace._then) for _ in range(25)]
    assert waits[:5] == [0.0] * 5
    assert waits[5:] == pytest.approx([0.1 * number for number in range(1, 21)])


def test_who_sends_slowly_never_waits():
    pace = Pace(per_second=10, burst=2)
    assert not any(pace.seconds_to_wait(pace._then + 0.1) for _ in range(100))
