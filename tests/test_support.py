"""The tests' own tools: a rule over many rows fails with all that break it."""

import inspect

import pytest

from tests.support.rules import for_every


def test_a_rule_that_holds_for_every_row_passes_and_sees_each():
    seen = []

    @for_every("number", [1, 2, 3])
    def rule(number):
        seen.append(number)

    rule()
    assert seen == [1, 2, 3]


def test_a_rule_fails_with_every_row_that_breaks_it_and_no_other():
    @for_every("name, number", [("one", 1), ("two", -2), ("three", 3), ("four", -4)])
    def rule(name, number):
        assert number > 0, f"{name} is below zero"

    with pytest.raises(AssertionError) as failed:
        rule()
    said = str(failed.value)
    assert said.startswith("2 of 4 rows break the rule:")
    assert "'two', -2" in said
    assert "four is below zero" in said
    assert "three" not in said


def test_what_was_not_raised_counts_as_a_row_that_breaks_the_rule():
    @for_every("text", ["1", "x", "2"])
    def rule(text):
        with pytest.raises(ValueError, match="invalid"):
            int(text)

    with pytest.raises(AssertionError, match="2 of 3 rows"):
        rule()


def test_a_rule_without_rows_is_refused():
    with pytest.raises(AssertionError, match="cannot fail"):
        for_every("number", [])


def test_a_rule_asks_for_its_fixtures_alone():
    @for_every("number", [1])
    def rule(number, tmp_path): ...

    assert list(inspect.signature(rule).parameters) == ["tmp_path"]
