"""Every reported footprint beside ours: once each, exact, and the same number as everywhere else."""

import math

import pytest

from oce import catalog, estimate
from oce.evaluation.reported_footprints import bridges, of_model
from oce.field.accuracy import Conditions
from tests.support.rules import for_every

FOUND = bridges(Conditions(400.0, 1.1))
REPORTING = [model for model in catalog.models() if of_model(model).figure and not model.is_example]


@for_every("one", FOUND, ids=lambda one: one.model)
def test_every_bridge_multiplies_up_exactly(one):
    product = math.prod(step.factor for step in one.bridge.steps)
    assert product == pytest.approx(one.bridge.ours / one.bridge.theirs, rel=1e-12)


def test_every_preset_that_reports_is_there_under_its_own_grid_and_once():
    names = [one.model for one in FOUND]
    assert len(names) == len(set(names))
    own = {one.model: one for one in FOUND if one.grid == "its own"}
    assert {model.name for model in REPORTING} <= set(own)
    for model in REPORTING:
        result = estimate(model.scenario())
        found = own[model.name]
        assert found.ours.figure("energy_kwh") == pytest.approx(result.energy_kwh.central, rel=1e-12)
        if found.bridge.making_kg:
            assert found.bridge.total == pytest.approx(result.total_co2e_kg.central, rel=1e-12)


def test_an_example_of_ours_reports_nothing():
    assert {model.name for model in catalog.models() if model.is_example}.isdisjoint(one.model for one in FOUND)


def test_a_preset_and_its_row_of_the_runs_say_the_same():
    runs = {run.id: run for run in catalog.runs()}
    for model in catalog.models():
        run = runs.get(model.id)
        if run and run.co2e_t is not None and model.reported_co2e_t is not None:
            assert run.co2e_t == pytest.approx(model.reported_co2e_t, rel=1e-3)


def test_what_meta_does_not_say_is_not_filled_in():
    llama = of_model(catalog.model("llama-3-70b"))
    assert (llama.device_hours, llama.power_w, llama.co2e_kg) == (6.4e6, 700.0, 1.9e6)
    assert (llama.pue, llama.g_per_kwh, llama.energy_kwh) == (None, None, None)
