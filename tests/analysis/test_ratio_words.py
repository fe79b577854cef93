"""A ratio in words: how much less or more, and no ranking where the interval holds both."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce.analysis.ratio_words import in_words, is_apart, sentence
from oce.interval import Interval

WIDTHS = st.floats(0.01, 2.0)
RATIOS = st.builds(Interval.from_log_widths, st.floats(math.log(1e-4), math.log(1e4)).map(math.exp), WIDTHS, WIDTHS)


@pytest.mark.parametrize(
    ("low", "central", "high", "words"),
    [
        (0.1, 0.135, 0.2, "86% less (a seventh; 80–90% less)"),
        (0.5, 0.6, 0.8, "40% less (20–50% less)"),
        (0.6, 0.8, 1.0, "20% less (0–40% less)"),
        (1.1, 1.4, 1.8, "40% more (10–80% more)"),
        (1.2, 1.5, 2.4, "50% more (20% more to 2.4 times as much)"),
        (1.6, 2.1, 2.8, "2.1 times as much (1.6–2.8 times)"),
        (5.0, 12.3, 31.0, "12 times as much (5–31 times)"),
        (2e5, 5e5, 1e6, "500,000 times as much (200,000–1,000,000 times)"),
        (1e-3, 2e-3, 4e-3, "99.8% less (1/500; 99.6–99.9% less)"),
        (0.125, 0.125, 0.125, "88% less (an eighth)"),
        (1.02, 1.02, 1.02, "2% more"),
        (1.0, 1.0, 1.0, "the same"),
        (0.998, 0.998, 0.998, "the same"),
        (0.59, 0.94, 1.49, "no clear difference: best estimate 6% lower; could be 41% lower or 49% higher"),
        (0.8, 1.3, 2.2, "no clear difference: best estimate 30% higher; could be 20% lower or 2.2 times as high"),
        (0.6, 1.0, 1.6, "no clear difference: best estimate the same; could be 40% lower or 60% higher"),
        (0.0, 0.0, 0.0, "100% less"),
    ],
)
def test_a_ratio_is_said_like_this(low, central, high, words):
    assert in_words(Interval(low, central, high)) == words


@given(RATIOS)
def test_there_is_no_clear_difference_where_and_only_where_the_interval_holds_one(times):
    said = sentence("this", "that", times)
    assert in_words(times).startswith("no clear difference") is said.startswith("No clear difference")
    assert in_words(times).startswith("no clear difference") is not is_apart(times)


@given(RATIOS)
def test_a_sentence_says_what_the_words_of_the_ratio_say(times):
    change = in_words(times).removeprefix("no clear difference: best estimate ").partition(" (")[0].partition(";")[0]
    assert change in sentence("this", "that", times)
    assert "e+" not in in_words(times)


def test_who_emits_less_is_named_with_what_it_is_compared_with():
    assert sentence("A", "B", Interval(0.1, 0.135, 0.2)) == "B emits 86% less than A (a seventh; 80–90% less)"
    assert sentence("A", "B", Interval(2.0, 3.0, 4.0)) == "B emits 3 times as much as A (2–4 times)"
    assert sentence("A", "B", Interval.point(1.0)) == "B emits the same as A"
    assert (
        sentence("A", "B", Interval(0.59, 0.94, 1.49))
        == "No clear difference: best estimate of B 6% lower than of A; could be 41% lower or 49% higher"
    )
    assert (
        sentence("A", "B", Interval(0.5, 3.0, 18.0))
        == "No clear difference: best estimate of B 3 times as high as of A; could be 50% lower or 18 times as high"
    )
    assert sentence("A", "B", Interval.point(0.0)) == "B emits nothing"


@pytest.mark.parametrize("times", [Interval(0.5, 0.6, 0.8), Interval(0.5, 0.9, 1.5)])
def test_a_speed_that_nobody_measured_is_said_and_nothing_is_sure(times):
    said = sentence("A", "B", times, "bracketed, not measured")
    assert "bracketed, not measured" in said
    assert "B may emit" in said or "No clear difference" in said
