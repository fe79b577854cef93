"""The options that are compared: changed one at a time, and what cannot be used costs nothing."""

import pytest
import streamlit as st

from pages.session import compared_options, link, state
from pages.session.compared_scenarios import MOST, Entry


@pytest.fixture
def session(monkeypatch):
    """A session with a scenario, as the options meet it."""
    held = {"fields": link.fields_of("llama-3-70b"), "extras": {}, "touched": False}
    monkeypatch.setattr(st, "session_state", held)
    return held


def kept():
    return state.extra("compare")


def test_a_change_of_an_option_changes_no_other_and_not_your_scenario(session):
    before = dict(state.fields())
    compared_options.change(2, "region", "Ireland")
    assert kept() == "own~~device-a100-sxm-80gb~region-IRL~~device-tpu-v4"
    compared_options.change(1, "device_count", "1k")
    assert kept() == "device_count-1000~~device-a100-sxm-80gb~region-IRL~~device-tpu-v4"
    assert dict(state.fields()) == before


def test_an_option_keeps_its_number_where_it_is_moved_and_goes_round_at_the_ends(session):
    compared_options.move(3, -1)
    assert compared_options.numbers() == (1, 3, 2)
    assert kept() == "own~~device-tpu-v4~~device-a100-sxm-80gb"
    compared_options.move(1, -1)
    assert compared_options.numbers() == (3, 2, 1)
    compared_options.change(3, "pue", "1.2")
    assert kept() == "device-tpu-v4~pue-1.2~~device-a100-sxm-80gb~~own"


def test_the_baseline_goes_along_with_its_option_and_falls_to_the_first_with_its_removal(session):
    state.keep_extra("baseline", "2")
    compared_options.move(3, -2)
    assert state.extra("baseline") == "0"
    compared_options.move(3, 1)
    assert state.extra("baseline") == "1"
    compared_options.remove(3)
    assert state.extra("baseline") == ""
    assert kept() == "own~~device-a100-sxm-80gb"


def test_what_cannot_be_used_is_said_of_that_field_until_it_can_and_survives_other_changes(session):
    before = compared_options.entries()
    compared_options.change(2, "device_count", "lots")
    assert "“lots”" in compared_options.wrong(2, "device_count")
    assert compared_options.entries() == before
    compared_options.change(2, "region", "Ireland")
    compared_options.move(2, 1)
    assert compared_options.wrong(2, "device_count")
    compared_options.change(2, "device_count", "64")
    assert not compared_options.wrong(2, "device_count")


def test_a_removed_option_leaves_nothing_for_the_next_of_its_number(session):
    compared_options.change(3, "pue", "9")
    compared_options.remove(3)
    compared_options.add(Entry({"device": "b200"}))
    assert compared_options.numbers() == (1, 2, 3)
    assert not compared_options.wrong(3, "pue")


def test_another_link_has_options_of_its_own(session):
    compared_options.change(3, "pue", "9")
    before = compared_options.numbers()
    state.keep_extra("compare", "own~~region-FRA")
    after = compared_options.numbers()
    assert len(after) == 2
    assert not {*before} & {*after}
    assert not any(compared_options.wrong(number, "pue") for number in after)


def test_a_device_without_the_precision_lets_go_of_it(session):
    session["fields"] = {**link.fields_of("llama-3-70b"), "precision": "fp8"}
    compared_options.change(1, "device", "v100", is_id=True)
    assert kept().startswith("device-v100~precision-~~")


def test_a_device_or_a_place_is_found_by_what_is_typed_and_that_is_said(session):
    compared_options.change(1, "device", "p5.48xlarge")
    compared_options.change(2, "region", "va")
    assert kept() == "device-h100-sxm~device_count-8~~device-a100-sxm-80gb~region-US-VA~~device-tpu-v4"
    assert "machine" in compared_options.note(1, "device")
    assert "Virginia" in compared_options.note(2, "region")
    compared_options.change(2, "region", "IRL", is_id=True)
    assert not compared_options.note(2, "region")


def test_an_option_can_start_from_another_model_and_let_go_of_what_its_card_sets(session):
    compared_options.change(2, "name", "Ours")
    compared_options.based_on(2, "gpt-3-175b")
    assert kept() == "own~~name-Ours~model-gpt-3-175b~device-a100-sxm-80gb~~device-tpu-v4"
    compared_options.follow(2)
    assert kept() == "own~~name-Ours~~device-tpu-v4"


def test_six_options_are_the_most_that_a_link_gives(session):
    for _ in range(MOST - 3):
        compared_options.add(Entry())
    assert len(compared_options.entries()) == len(compared_options.numbers()) == MOST
