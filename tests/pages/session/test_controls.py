"""A control shows what is kept of it, and keeps what is chosen: in the scenario, in the link, or in the session."""

import pytest
import streamlit as st

from pages.session import controls, keys, link, state


@pytest.fixture
def session(monkeypatch):
    """A session with a scenario, as controls meet it."""
    held = {"fields": link.fields_of("llama-3-70b"), "extras": {}, "touched": False}
    monkeypatch.setattr(st, "session_state", held)
    return held


def choose(session, key, value, keep):
    session[key] = value
    keep()


def test_what_is_chosen_in_a_control_of_a_field_becomes_the_field_and_nothing_lets_go_of_it(session):
    keep = controls.keep_in_field("year", "year_number", None)
    choose(session, "year_number", 2021, keep)
    assert state.fields()["year"] == 2021
    assert session["touched"]
    choose(session, "year_number", None, keep)
    assert "year" not in state.fields()


def test_a_control_of_the_link_leaves_the_link_with_its_default(session):
    now, keep = controls.keep_in_link("grids", "same", ("same", "own"))
    assert now == session["grids"] == "same"
    choose(session, "grids", "own", keep)
    assert state.extra("grids") == "own"
    assert controls.keep_in_link("grids", "same", ("same", "own"))[0] == "own"
    choose(session, "grids", "same", keep)
    assert state.extra("grids") == ""


def test_a_list_of_the_link_leaves_it_with_its_default_and_may_be_empty(session):
    offered = ("a", "b", "c")
    now, keep = controls.keep_list_in_link("plan_devices", ["a", "b"], offered)
    assert now == session["plan_devices"] == ["a", "b"]
    choose(session, "plan_devices", ["c", "a"], keep)
    assert state.extra("plan_devices") == "c~a"
    assert controls.keep_list_in_link("plan_devices", ["a", "b"], offered)[0] == ["c", "a"]
    choose(session, "plan_devices", [], keep)
    assert controls.keep_list_in_link("plan_devices", ["a", "b"], offered)[0] == []
    choose(session, "plan_devices", ["a", "b"], keep)
    assert state.extra("plan_devices") == ""


def test_what_is_not_offered_leaves_a_list_and_is_told(session, monkeypatch):
    told = []
    monkeypatch.setattr(state, "refuse", lambda name, allowed, used: told.append((name, used)))
    session["extras"] = {"plan_devices": "a~x"}
    assert controls.keep_list_in_link("plan_devices", ["b"], ("a", "b"))[0] == ["a"]
    assert told == [("plan_devices", "all but x")]
    assert state.extra("plan_devices") == "a~x"  # the link keeps it


def test_a_key_that_was_never_set_has_its_default_and_forgets_back_to_it(session):
    assert not keys.DRAGGING.is_set()
    assert keys.DRAGGING.get() is False
    state.dragging()
    assert keys.DRAGGING.get() is True
    keys.DRAGGING.forget()
    assert keys.DRAGGING.get() is False
