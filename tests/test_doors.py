"""A scenario is the same whichever door it comes by, and what is no value is refused by all of them."""

import numpy as np
import pytest

from oce import InputError, Scenario, estimate_many
from tests.support import doors, fuzzed_pages

GOOD = {"parameters": 7e9, "tokens": 2e12, "device": "a100", "device_count": 64, "region": "FRA"}
NO_VALUES = ([1.1], [[1.1]], {"a": 1}, {1}, 1 + 0j, np.complex128(1), True, np.True_, object, 10**400, np.ones(2))


def test_every_door_makes_the_same_of_the_same_texts():
    wrong = []
    for texts in doors.inputs(250):
        found, what = doors.differences(texts)
        wrong += [f"{what}: {texts}: {[f'{door}: {made}' for door, made in found.items()]}"] if what else []
    assert wrong == []


def test_every_file_is_read_or_refused_in_words_and_nothing_of_it_is_used_or_left_out_in_silence():
    assert list(fuzzed_pages.files(400, doors.SEED)) == []


def test_every_link_of_a_page_is_shown_and_what_changes_nothing_is_said():
    assert list(fuzzed_pages.pages(15, doors.SEED)) == []


@pytest.mark.parametrize("value", NO_VALUES, ids=repr)
def test_what_is_no_number_is_refused_as_a_value_and_in_a_column(value):
    with pytest.raises(InputError) as caught:
        Scenario(**{**GOOD, "pue": value})
    assert caught.value.problems[0].field == "pue"
    assert "pue" in estimate_many({name: [given] for name, given in {**GOOD, "pue": value}.items()})["error"][0]


@pytest.mark.parametrize("value", [5, 5.5, True, ["a100"], {"a": 1}, 1j], ids=repr)
def test_what_is_no_name_is_refused_as_a_value_and_in_a_column(value):
    with pytest.raises(InputError) as caught:
        Scenario(**{**GOOD, "device": value})
    assert caught.value.problems[0].field == "device"
    columns = {name: [given] for name, given in {**GOOD, "device": value}.items()}
    assert "device" in estimate_many(columns)["error"][0]
    assert "device" in estimate_many({**columns, "device": 5})["error"][0]


def test_a_count_that_is_refused_is_not_worked_with():
    [error] = estimate_many({**{name: [value] for name, value in GOOD.items()}, "device_count": [0]})["error"]
    assert "device_count" in error
