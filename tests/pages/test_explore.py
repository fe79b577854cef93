"""The logic of the app's sidebar and of the Explore page, without a browser."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from oce import catalog, estimate, report
from oce.scenario import Scenario

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def app():
    return AppTest.from_file(str(APP), default_timeout=60)


def opened(app, **link):
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def fields(app):
    return app.session_state["fields"]


def test_it_opens_on_a_real_model(app):
    expected = estimate(catalog.model("llama-3-70b").scenario())
    assert opened(app).title[0].value == report.headline(expected, "Llama 3 70B")


@pytest.mark.parametrize("model", [one.id for one in catalog.models()])
def test_every_preset_opens_and_gives_the_number_of_the_library(app, model):
    opened(app).selectbox(key="model").set_value(model).run()
    assert not app.exception
    preset = catalog.model(model)
    if catalog.device(preset.fields["device"]).has_alpha:
        assert app.title[0].value == report.headline(estimate(preset.scenario()), preset.name)
    else:
        assert "no α" in app.title[0].value


def test_a_changed_preset_is_your_own(app):
    opened(app).select_slider(key="tokens_slider").set_value(2e12).run()
    assert app.selectbox(key="model").value == "Your own"
    assert "this model" in app.title[0].value


def test_mixture_of_experts_counts_active_parameters(app):
    opened(app).segmented_control(key="size").set_value("MoE").run()
    app.text_input(key="active_parameters_entry").input("7B").run()
    expected = Scenario(**{**catalog.model("llama-3-70b").fields, "active_parameters": 7e9})
    assert app.title[0].value == report.headline(estimate(expected))


def test_changing_how_the_compute_is_given_and_back_loses_nothing(app):
    opened(app)
    before = dict(fields(app))
    app.segmented_control(key="size").set_value("Compute").run()
    assert fields(app)["training_flop"] == 6.35e24
    app.segmented_control(key="size").set_value("Dense").run()
    assert fields(app) == before


def test_own_intensity_replaces_the_regions(app):
    opened(app).toggle(key="own_intensity").set_value(True).run()
    app.number_input(key="carbon_intensity_g_per_kwh_number").set_value(50.0).run()
    run = Scenario(**{**catalog.model("llama-3-70b").fields, "carbon_intensity_g_per_kwh": 50})
    assert app.title[0].value == report.headline(estimate(run))
    app.toggle(key="own_intensity").set_value(False).run()
    assert app.selectbox(key="model").value == "llama-3-70b"


@pytest.mark.parametrize("way", ["My α range", "My utilisation", "My measured rate"])
def test_your_own_throughput_can_be_given_and_taken_back(app, way):
    opened(app).selectbox(key="throughput").set_value(way).run()
    assert not app.exception
    assert app.selectbox(key="model").value == "Your own"
    app.selectbox(key="throughput").set_value("As published").run()
    assert app.selectbox(key="model").value == "llama-3-70b"


def test_a_precision_the_new_device_lacks_is_dropped(app):
    opened(app, precision="fp8")
    app.selectbox(key="device").set_value("v100").run()
    assert not app.exception
    assert "precision" not in fields(app)


def test_values_that_do_not_go_together_are_said_and_kept(app):
    opened(app, active_parameters="50e9")
    app.text_input(key="parameters_entry").input("10B").run()
    assert not app.exception
    assert "active" in app.error[0].value
    assert fields(app)["parameters"] == 10e9
    app.text_input(key="active_parameters_entry").input("5B").run()
    assert not app.error


@pytest.mark.parametrize("text", ["", "nan", "1e400", "-5", "70,000", "<script>", "![x](http://example.org)"])
def test_what_cannot_be_read_never_changes_the_scenario(app, text):
    opened(app)
    before = dict(fields(app))
    app.text_input(key="tokens_entry").input(text).run()
    assert not app.exception
    assert fields(app) == before
    assert "cannot be used" in app.error[0].value
    assert app.text_input(key="tokens_entry").value == text
