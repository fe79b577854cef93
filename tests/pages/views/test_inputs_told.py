"""What comes by a link or an upload and cannot be used, or could be meant otherwise, is told where it is looked for."""

import io
from pathlib import Path

import pytest
import streamlit as st

from tests.support.app_test import path_of

CASES = Path(__file__).parents[2] / "cases"


def opened(app, page="", **link):
    if page:
        app.switch_page(path_of(page))
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def shown(app, *kinds):
    """What is shown in these elements, letter by letter."""
    return " ".join(one.value for kind in kinds for one in app.get(kind)).replace("\\", "")


def warnings(app):
    return shown(app, "warning")


@pytest.mark.parametrize("page", ["", "compare", "lifetime"])
def test_the_headline_does_not_stand_there_as_if_the_link_had_been_used(app, page):
    opened(app, page, device="H2000", pue="9")
    assert app.title[0].value.startswith("Not as the link asks (Device and PUE could not be used): ")
    assert "“H2000” is not allowed" in warnings(app)


def test_once_something_is_changed_the_headline_is_that_of_what_is_shown(app):
    opened(app, device="H2000")
    app.text_input(key="tokens_entry").input("2T").run()
    assert not app.title[0].value.startswith("Not as")


@pytest.mark.parametrize(
    ("page", "name"),
    [
        ("scaling", "grids"),
        ("scaling", "models"),
        ("scaling", "families"),
        ("landscape", "view"),
        ("landscape", "against"),
        ("landscape", "unit"),
        ("landscape", "by"),
        ("lifetime", "inference"),
        ("lifetime", "water"),
        ("learn", "step"),
        ("learn", "slides"),
        ("compare", "baseline"),
    ],
)
def test_a_value_that_a_page_cannot_use_is_told_and_what_is_used_instead(app, page, name):
    said = warnings(opened(app, page, **{name: "nonsense"}))
    assert f"{name}: “nonsense” is not allowed" in said
    assert "is used" in said


def test_an_entry_that_is_not_drawn_is_told_of_too(app):
    assert "cannot be used" in warnings(opened(app, "lifetime", wh_per_query="nonsense"))


def test_a_word_that_is_no_field_of_a_comparison_is_told(app):
    opened(app)
    assert "scenario 1, nonsense" in warnings(opened(app, "compare", compare="nonsense"))


def test_what_a_link_was_taken_for_is_told(app):
    opened(app, region="CA", device="v4-8")
    said = shown(app, "caption")
    assert "US-CA for California" in said
    assert "4 chips" in said


def test_an_entry_takes_units_and_says_what_it_was_taken_for(app):
    opened(app)
    app.text_input(key="device_count_entry").input("16.384").run()
    assert app.session_state["fields"]["device_count"] == 16384
    assert "thousands marked" in shown(app, "caption")
    app.text_input(key="device_count_entry").input("64 nodes").run()
    assert "not servers" in shown(app, "error")


@pytest.mark.parametrize(
    ("case", "flop", "part"),
    [
        ("cc_eight_ranks.csv", "2e20", "told 8 times"),
        ("cc_gpu_energy_in_wh.csv", "200 EFLOP", "Wh, not kWh"),
        ("minicpm_minutes_as_hours.csv", "", "minutes written as hours"),
        ("cc1_no_gpu_columns.csv", "1e15", "add columns gpu_model"),
        ("semicolon_with_options.csv", "", "columns device, device"),
    ],
)
def test_an_upload_is_read_as_on_the_command_line_and_says_what_it_was_taken_for(app, monkeypatch, case, flop, part):
    content = (CASES / case).read_bytes()
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: io.BytesIO(content))
    opened(app, "evidence")
    app.text_input(key="runs_flop").input(flop).run()
    assert not app.exception
    assert part in shown(app, "caption", "warning", "error")


def test_a_questioned_run_is_used_once_it_is_confirmed(app, monkeypatch):
    content = (CASES / "minicpm_minutes_as_hours.csv").read_bytes()
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: io.BytesIO(content))
    opened(app, "evidence")
    assert "past_runs" not in app.session_state
    app.checkbox(key="runs_confirmed").check().run()
    assert len(app.session_state["past_runs"].used) == 1
