"""Explore answers why a preset's figure is not the reported one; Evidence lists every one."""

from oce import catalog, units
from oce.evaluation.reported_footprints import bridges, of_model
from oce.field.accuracy import Conditions
from pages.session import link
from tests.support.app_test import opened, text


def test_a_preset_that_reports_carbon_has_its_bridge():
    app = opened("explore")
    assert "in total, when 1,900 t CO₂e of operational carbon was reported?" in text(app)
    assert "Llama 3 model card" in text(app)


def test_a_preset_that_reports_hours_alone_says_that_the_rest_was_not_reported():
    model = catalog.model("deepseek-v3")
    app = opened("explore", **link.to_parameters(link.fields_of(model.id)))
    assert units.shown(of_model(model).device_hours, units.DEVICE_HOURS) in text(app)
    assert "Energy and carbon were not reported." in text(app)


def test_a_scenario_of_ones_own_has_none():
    assert "reported?" not in text(opened("explore", tokens="14e12"))


def test_evidence_lists_every_reported_footprint():
    (table,) = (one.value for one in opened("evidence").dataframe if "Not said" in one.value)
    assert len(table) == len(bridges(Conditions(400.0, 1.1)))
    llama = table[table["Model"] == "Llama 3 70B"].iloc[0]
    assert llama["Reported, t operational"] == 1900
    assert "PUE and grid" in llama["Not said"]
