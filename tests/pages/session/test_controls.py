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


def test_a_control_of_the_session_follows_its_default_until_something_is_chosen(session):
    controls.keep_in_session("plan_budget", 10.0)
    keep = controls.keep_in_session("plan_budget", 20.0)
    assert session["plan_budget"] == 20.0
    choose(session, "plan_budget", 5.0, keep)
    del session["plan_budget"]  # as Streamlit forgets it with the page
    controls.keep_in_session("plan_budget", 30.0)
    assert session["plan_budget"] == 5.0


def test_what_is_not_offered_any_more_leaves_a_list_and_gives_way_to_the_default(session):
    choose(session, "plan_devices", ["a", "b"], controls.keep_in_session("plan_devices", ["a"], ["a", "b"]))
    controls.keep_in_session("plan_devices", ["a"], ["a", "c"])
    assert session["plan_devices"] == ["a"]
    choose(session, "plan_place", "FRA", controls.keep_in_session("plan_place", "USA", ["USA", "FRA"]))
    controls.keep_in_session("plan_place", "USA", ["USA"])
    assert session["plan_place"] == "USA"


def test_a_key_that_was_never_set_has_its_default_and_forgets_back_to_it(session):
    assert not keys.DRAGGING.is_set()
    assert keys.DRAGGING.get() is False
    state.dragging()
    assert keys.DRAGGING.get() is True
    keys.DRAGGING.forget()
    assert keys.DRAGGING.get() is False
