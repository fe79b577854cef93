"""The logic of the app's sidebar and of the Explore page, without a browser."""

import re

import pytest

from oce import catalog, descriptions, estimate, units
from oce.scenario import Scenario
from pages.widgets.sidebar.throughput import ALL_THROUGHPUTS


def opened(app, **link):
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def with_advanced(app, **link):
    """Its controls are drawn once it is opened."""
    app.session_state["advanced_open"] = True
    return opened(app, **link)


def fields(app):
    return app.session_state["fields"]


def test_it_opens_on_a_real_model(app):
    expected = estimate(catalog.model("llama-3-70b").scenario())
    assert opened(app).title[0].value == units.typeset(descriptions.headline(expected, "Llama 3 70B"))


@pytest.mark.parametrize("model", [one.id for one in catalog.models()])
def test_every_preset_opens_and_gives_the_number_of_the_library(app, model):
    opened(app).selectbox(key="model").set_value(model).run()
    assert not app.exception
    preset = catalog.model(model)
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(preset.scenario()), preset.name))
    assert "(80% interval: " in app.title[0].value


def test_a_changed_preset_is_your_own(app):
    opened(app).select_slider(key="tokens_slider").set_value(2e12).run()
    assert app.selectbox(key="model").value == "Your own"
    assert "this model" in app.title[0].value


def test_mixture_of_experts_counts_active_parameters(app):
    opened(app).segmented_control(key="size").set_value("MoE").run()
    app.text_input(key="active_parameters_entry").input("7B").run()
    expected = Scenario(**{**catalog.model("llama-3-70b").fields, "active_parameters": 7e9})
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(expected)))


def test_changing_how_the_compute_is_given_and_back_loses_nothing(app):
    opened(app)
    before = dict(fields(app))
    app.segmented_control(key="size").set_value("Compute").run()
    assert fields(app)["training_flop"] == 6.35e24
    app.segmented_control(key="size").set_value("Dense").run()
    assert fields(app) == before


def test_own_intensity_replaces_the_regions(app):
    with_advanced(app).toggle(key="own_intensity").set_value(True).run()
    app.text_input(key="carbon_intensity_g_per_kwh_entry").set_value("50").run()
    run = Scenario(**{**catalog.model("llama-3-70b").fields, "carbon_intensity_g_per_kwh": 50})
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(run)))
    app.toggle(key="own_intensity").set_value(False).run()
    assert app.selectbox(key="model").value == "llama-3-70b"


WAYS = {
    "As published": {"throughput": "published"},
    "My α range": {"log10_alpha_low": 100, "log10_alpha_high": 110},
}


@pytest.mark.parametrize("way", WAYS)
def test_another_throughput_can_be_taken_and_taken_back(app, way):
    opened(app).selectbox(key="throughput").set_value(way).run()
    assert not app.exception
    assert app.selectbox(key="model").value == "Your own"
    run = catalog.model("llama-3-70b").scenario()
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(run.replace(**WAYS[way]))))
    app.selectbox(key="throughput").set_value("Calibrated").run()
    assert app.selectbox(key="model").value == "llama-3-70b"
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(run), "Llama 3 70B"))


def test_one_throughput_replaces_another(app):
    opened(app)
    for way, expected in (*WAYS.items(), *reversed(WAYS.items())):
        app.selectbox(key="throughput").set_value(way).run()
        assert not app.exception
        own = {name: fields(app)[name] for name in ALL_THROUGHPUTS if name in fields(app)}
        assert own == expected


RATES = {  # what is typed in which unit, the field that it is kept in, and TFLOP/s of an H100
    ("TFLOP/s", "410"): ("utilisation", 410.0),
    ("TFLOP/s", "0.41 PFLOP/s"): ("utilisation", 410.0),
    ("MFU", "41%"): ("utilisation", 0.41 * 989),
    ("TFLOP/s", "41 %"): ("utilisation", 0.41 * 989),
    ("tokens/s", "970"): ("tokens_per_second_per_device", 970 * 6 * 70.55e9 / 1e12),
    ("MFU", "970 tokens/s"): ("tokens_per_second_per_device", 970 * 6 * 70.55e9 / 1e12),
}


@pytest.mark.parametrize(("unit", "text"), RATES)
def test_a_rate_of_ones_own_counts_once_it_is_given_in_any_of_its_units(app, unit, text):
    opened(app).selectbox(key="throughput").set_value("My measurement").run()
    run = catalog.model("llama-3-70b").scenario()
    usual = units.typeset(descriptions.headline(estimate(run), "Llama 3 70B"))
    assert app.title[0].value == usual  # nothing is made up
    assert app.text_input(key="own_rate_entry").value == ""
    app.segmented_control(key="own_rate_unit").set_value(unit).run()
    app.text_input(key="own_rate_entry").set_value(text).run()
    assert not app.exception
    field, tflops = RATES[unit, text]
    own = {name: fields(app)[name] for name in ALL_THROUGHPUTS if name in fields(app)}
    assert list(own) == [field]
    given = run.replace(**own)
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(given)))
    steady = estimate(run.replace(utilisation=tflops / 989))
    assert estimate(given).total_co2e_kg.central == pytest.approx(steady.total_co2e_kg.central, rel=1e-7)
    said = [re.sub("<[^>]+>", "", one.proto.body) for one in app.get("html")]  # terms are explained where they stand
    assert any(f"{units.significant(tflops)} TFLOP/s steady" in text for text in said)
    app.segmented_control(key="own_rate_unit").set_value("TFLOP/s").run()
    assert app.text_input(key="own_rate_entry").value == f"{tflops:.6g}"
    app.text_input(key="own_rate_entry").set_value("").run()
    assert app.title[0].value == usual


@pytest.mark.parametrize(
    ("text", "said"), [("fast", "410"), ("1200", "dense peak"), ("0", "above 0"), ("-3", "above 0")]
)
def test_a_rate_that_cannot_be_is_told_and_kept_and_costs_nothing(app, text, said):
    opened(app).selectbox(key="throughput").set_value("My measurement").run()
    before = fields(app)
    app.text_input(key="own_rate_entry").set_value(text).run()
    assert not app.exception
    assert fields(app) == before
    assert app.text_input(key="own_rate_entry").value == text
    assert text in app.error[0].value
    assert said in app.error[0].value


def test_a_device_without_alpha_says_so_as_published_and_offers_the_calibrated_throughput(app):
    opened(app, throughput="published").selectbox(key="device").set_value("b200").run()
    assert not app.exception
    assert "no α for B200" in app.title[0].value
    offered = {button.label: button for button in app.button}
    assert "Use H100 SXM" in offered
    offered["Use the calibrated throughput"].click().run()
    run = catalog.model("llama-3-70b").scenario().replace(device="b200")
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(run)))


@pytest.mark.parametrize("level", [0.5, 0.95])
def test_the_interval_has_the_level_that_was_chosen(app, level):
    with_advanced(app).segmented_control(key="level").set_value(level).run()
    assert not app.exception
    assert f"({level:.0%} interval: " in app.title[0].value
    run = catalog.model("llama-3-70b").scenario().replace(level=level)
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(run)))


def test_the_year_of_training_counts(app):
    with_advanced(app).text_input(key="year_entry").set_value("2020").run()
    assert not app.exception
    run = catalog.model("llama-3-70b").scenario().replace(year=2020)
    assert app.title[0].value == units.typeset(descriptions.headline(estimate(run)))


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
