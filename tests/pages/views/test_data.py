"""The Data page, without a browser: every table opens, is searched, and says what may be done with it."""

from functools import cache

import pytest

from oce import catalog
from oce.catalog import citation, data_tables, reader
from oce.evaluation import refit
from oce.method import ratio_basis
from oce.method.calibration_file import committed
from oce.method.hardware_features import REFERENCE_DEVICE
from oce.method.runs import scored_runs
from oce.version import METHOD_VERSION
from tests.support.app_test import opened, text
from tests.support.rules import for_every

TABLES = data_tables.tables()


def grid(app):
    return app.dataframe[0].value


@cache
def opened_once(name):
    """The page with a table, for tests that change nothing on it."""
    return opened("data", table=name)


@for_every("name", TABLES)
def test_every_table_opens_whole_with_its_licence(name):
    app = opened_once(name)
    table = TABLES[name]
    rows = reader.content(table.file).decode("utf-8")
    assert app.session_state["table"] == name
    assert f"## {table.title}\n" in text(app)
    assert f"**{len(grid(app))} rows**" in text(app)
    assert rows.count("\n") == len(grid(app)) + 1
    assert set(grid(app).columns) == set(rows.partition("\n")[0].strip().split(","))
    for said in (*table.licence, *table.attribution):
        assert said.partition("arXiv")[0] in text(app)


@for_every("name", TABLES)
def test_numbers_are_numbers_in_the_unit_of_their_name_and_nothing_is_none(name):
    frame = grid(opened_once(name))
    for column in frame:
        if frame[column].dtype.kind in "fi":
            assert frame[column].notna().any()
        else:
            assert all(isinstance(cell, str) for cell in frame[column])
            assert not frame[column].isin(["None", "nan", "NaN"]).any()
    if "parameters" in frame and name != "inference":
        assert 1 < frame["parameters"].max() < 2000  # billion
    if "year" in frame:
        assert frame["year"].dropna().between(2000, 2030).all()


def test_georgia_is_told_from_georgia():
    app = opened("data", table="regions")
    app.text_input(key="data_search").input("georgia").run()
    found = grid(app).set_index("id")
    assert list(found.columns[:2]) == ["name", "kind"]
    assert found.loc["GEO", "kind"] == "country"
    assert found.loc["US-GA", "kind"] == "subnational"
    assert found.loc["GEO", "name"] != found.loc["US-GA", "name"]


def test_what_is_sought_is_found_in_any_column_and_elsewhere():
    app = opened("data", table="devices")
    app.text_input(key="data_search").input("tpu V4").run()
    assert not app.exception
    assert {"tpu-v4", "tpu-v4i"} <= set(grid(app)["id"])
    assert f"{len(grid(app))} of {len(catalog.devices())} rows have “tpu V4”. Also in: " in text(app)
    assert "Training runs (" in text(app)


@for_every("name", TABLES)
def test_what_is_nowhere_is_said_to_be_nowhere(name):
    app = opened("data", table=name)
    app.text_input(key="data_search").input("zzzz").run()
    assert not app.exception
    assert len(app.dataframe) == 0
    assert f"Nothing in {TABLES[name].title} has “zzzz”." in text(app)
    assert "Also in" not in text(app)


def test_what_is_sought_is_shown_letter_by_letter():
    app = opened("data")
    app.text_input(key="data_search").input("**[x](http://a.b)** <b>").run()
    assert any("\\*\\*\\[x\\]\\(http\\:\\/\\/a\\.b\\)\\*\\* \\<b\\>" in one.value for one in app.markdown)


@pytest.mark.parametrize("rubbish", ["foo", "", "../regions", "devices.csv"])
def test_a_table_that_is_none_falls_back_to_the_first(rubbish):
    app = opened("data", table=rubbish)
    assert app.session_state["table"] == "devices"
    assert len(grid(app)) == len(catalog.devices())


def test_the_table_chosen_is_kept_in_the_link():
    app = opened("data")
    assert "table" not in app.query_params
    app.button_group(key="table").set_value("water").run()
    assert app.query_params["table"] in ("water", ["water"])
    app.button_group(key="table").set_value("devices").run()
    assert "table" not in app.query_params


def test_versions_and_calibration_are_said():
    said = text(opened_once("devices"))
    assert f"Method **{METHOD_VERSION}**, data **{catalog.data_version()}** (gathered in November 2026)" in said
    assert f"fitted to **{len(scored_runs())} runs** of **{committed().organisations} groups**" in said


def test_tool_and_paper_are_cited_so_that_they_can_be_copied():
    shown = [one.value for one in opened_once("devices").code]
    assert shown == [citation.bibtex_of_tool(), citation.BIBTEX_OF_PAPER]


def test_the_limits_are_those_of_the_calibration():
    said = text(opened_once("devices"))
    runs = scored_runs()
    assert f"{len(runs)} runs of {len({run.organisation_group for run in runs})} groups" in said
    assert f"{sum(run.modality == 'language' for run in runs)} of the runs language models" in said
    score = refit.evaluations()[0].score
    assert f"the 80% one held {score.coverage[0.8]:.0%} of the runs" in said
    assert f"{score.organisation_coverage[0.8]:.0%} where each organisation counts the same" in said
    reference = catalog.device(REFERENCE_DEVICE)
    placed = sum(ratio_basis.basis(reference, one).kind == "placed" for one in catalog.devices())
    assert f"{placed} are placed by their peak" in said
    assert f"it is {catalog.data_year()}, that of the data" in said.replace("*", "")
