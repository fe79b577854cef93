"""The Evidence and Plan pages, without a browser: what a ratio of two devices rests on is said for any two."""

import re

import pytest

from oce import catalog
from oce.evaluation import refit
from oce.method import ratio_basis
from oce.method.ratio_basis import WORDS
from tests.support.app_test import opened, text


def tables(app):
    return " ".join(one.proto.body for one in app.get("html"))


def measured(app):
    """The tables of measurements, beside that of the bridges."""
    return [one.value for one in app.dataframe if "Times as fast" in one.value]


@pytest.mark.parametrize("kind", sorted({"measured", "linked", "other work", "bracketed", "placed"}))
def test_each_kind_of_basis_is_said_with_its_measurements(kind):
    reference = catalog.device("a100-sxm-80gb")
    device = next(one for one in catalog.devices() if ratio_basis.basis(reference, one).kind == kind and one.tdp_w)
    app = opened("evidence", device=device.id)
    assert f"**{WORDS[kind].capitalize()}.**" in text(app)
    found = ratio_basis.basis(reference, device)
    assert found.sentence(reference, device) in text(app)
    assert list(map(len, measured(app))) == ([len(found.contrasts)] if found.contrasts else [])


def test_another_reference_is_taken():
    app = opened("evidence", device="h100-sxm")
    app.selectbox(key="evidence_reference_h100-sxm").select("tpu-v4").run()
    assert "never measured on one stack" in text(app)
    assert set(measured(app)[0]["Evidence"]) >= {"two vendors"}


def test_your_own_rate_needs_no_ratio_but_is_told_what_there_is():
    app = opened("evidence", device="h100-sxm", utilisation="0.4")
    assert "is taken to be worth" not in text(app)
    assert "**Measured.**" in text(app)


def test_what_the_intervals_hold_is_said_by_run_and_by_organisation_with_its_error():
    score = refit.evaluations()[0].score
    held = f"{100 * score.organisation_coverage[0.8]:.0f} ± {100 * score.organisation_coverage_error[0.8]:.0f}%"
    assert held in tables(opened("evidence"))


def test_a_device_placed_by_its_data_sheet_says_so_in_the_plan():
    placed = next(
        one
        for one in catalog.devices()
        if one.tdp_w and ratio_basis.basis(catalog.device("h100-sxm"), one).kind == "placed"
    )
    app = opened("plan", device="h100-sxm", parameters="1e8", tokens="1e10", device_count="8")
    app.multiselect(key="plan_devices").set_value(["h100-sxm", "tpu-v4", placed.id]).run()
    assert not app.exception
    assert WORDS["placed"] in tables(app)
    assert WORDS["bracketed"] in tables(app)
    assert re.search(rf"Nobody has measured [^.]*{placed.name} beside H100 SXM", tables(app))


def test_every_digit_of_table_5_is_there():
    body = tables(opened("evidence"))
    for figure in ("592,570,000", "395,602,740", "395,561,643", "292,467,741", "204,592,592", "off by 0.01%"):
        assert figure in body
    assert body.count("to every digit") == 5  # three here, two of what Power Hungry Processing printed
