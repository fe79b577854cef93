"""What the sidebar changes on Compare: your scenario, or a single option and nothing else."""

import pytest
import streamlit as st
from hypothesis import given
from hypothesis import strategies as some

from oce.fields import DEFAULTS
from pages.session import compared_options, edited, keys, link, state
from pages.session.compared_scenarios import Entry

OWN = link.fields_of("llama-3-70b")


@pytest.fixture
def session(monkeypatch):
    """A session on Compare, with the options that it opens with."""
    return begun(monkeypatch)


def begun(monkeypatch):
    held = {"fields": dict(OWN), "extras": {}, "touched": False, "page": "compare"}
    monkeypatch.setattr(st, "session_state", held)
    compared_options.numbers()
    return held


def others_than(at):
    return [entry for place, entry in enumerate(compared_options.entries()) if place != at]


def test_a_change_of_one_option_is_shown_and_is_its_alone(session):
    before = others_than(1)
    edited.choose(2)
    edited.change(parameters=13e9)
    assert edited.fields()["parameters"] == 13e9
    assert edited.fields()["device"] == "a100-sxm-80gb"
    assert state.extra("compare") == "own~~device-a100-sxm-80gb~parameters-13e9~~device-tpu-v4"
    assert others_than(1) == before
    assert dict(state.fields()) == OWN


def test_a_change_for_all_stays_your_scenarios(session):
    edited.change(parameters=13e9)
    assert state.fields()["parameters"] == 13e9
    assert state.extra("compare") == ""


def test_what_an_option_lets_go_of_is_not_given_in_it_whatever_your_scenario_has(session):
    edited.choose(1)
    edited.change(("parameters", "tokens"), training_flop=1e24)
    state.change(tokens=2e12, pue=1.3)
    assert {"parameters", "tokens"}.isdisjoint(edited.fields())
    assert edited.fields()["training_flop"] == 1e24
    assert edited.fields()["pue"] == 1.3  # which it does not set


def test_a_value_that_is_the_default_is_set_where_your_scenario_has_another(session):
    state.change(overhead_fraction=0.2)
    edited.choose(3)
    edited.give("overhead_fraction", DEFAULTS["overhead_fraction"])
    assert edited.fields().get("overhead_fraction", DEFAULTS["overhead_fraction"]) == DEFAULTS["overhead_fraction"]
    assert state.fields()["overhead_fraction"] == 0.2


def test_a_preset_becomes_that_options_run_under_its_name(session):
    compared_options.change(2, "name", "Theirs")
    edited.choose(2)
    edited.begin("gpt-3-175b")
    assert edited.model().id == "gpt-3-175b"
    assert compared_options.entries()[1] == Entry(model="gpt-3-175b", name="Theirs")
    assert state.model().id == "llama-3-70b"


def test_it_is_your_scenario_again_on_another_page_and_where_the_option_is_gone(session):
    edited.choose(3)
    session["page"] = "explore"
    assert edited.option() == edited.ALL
    session["page"] = "compare"
    compared_options.remove(3)
    assert edited.option() == edited.ALL
    edited.choose(edited.option())  # as every run of the sidebar does
    compared_options.keep([Entry(), Entry(), Entry()])
    assert edited.option() == edited.ALL


def test_a_text_that_cannot_be_used_waits_for_its_own_scenario(session):
    keys.entry("pue").set("lots")
    keys.entry_wrong("pue").set("PUE: “lots” cannot be used")
    edited.choose(2)
    assert not keys.entry_wrong("pue").get()
    edited.choose(edited.ALL)
    assert keys.entry("pue").get() == "lots"
    assert "lots" in keys.entry_wrong("pue").get()


@given(
    at=some.integers(0, 2),
    name=some.sampled_from(("pue", "tokens", "device_count", "overhead_fraction")),
    share=some.floats(0.0, 1.0),
)
def test_any_number_comes_back_as_it_was_given_and_the_others_stay(at, name, share):
    low, high = {"pue": (1, 3), "tokens": (1e9, 1e14), "device_count": (1, 1e5), "overhead_fraction": (0, 1)}[name]
    value = float(f"{low + share * (high - low):.3g}") if name != "device_count" else float(round(low + share * high))
    with pytest.MonkeyPatch.context() as patch:
        begun(patch)
        before = others_than(at)
        edited.choose(at + 1)
        edited.give(name, value)
        assert edited.fields().get(name, DEFAULTS.get(name)) == value
        assert others_than(at) == before
        assert dict(state.fields()) == OWN
