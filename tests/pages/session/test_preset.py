"""What a preset gave is called the preset's until the visitor confirms it, changes it or lets it go."""

from pages.session import link, preset
from pages.views import explore
from tests.support.app_test import opened

SAID = "From Llama 3 70B's preset: "


def said(app):
    return " ".join(caption.value for caption in app.caption).replace("\\", "")


def typed(app, name, text):
    app.text_input(key=f"{name}_entry").set_value(text).run()
    assert not app.exception
    return app


def test_a_preset_that_nothing_was_changed_of_is_not_told_twice():
    assert SAID not in said(opened("explore"))


def test_another_model_lists_what_is_still_the_presets():
    told = said(typed(opened("explore"), "parameters", "13B"))
    assert SAID in told
    for part in ("16,384 devices", "H100 SXM", "United States", "PUE 1.08", "year 2024"):
        assert part in told


def test_what_the_visitor_changes_or_gives_again_is_theirs():
    app = typed(opened("explore"), "parameters", "13B")
    assert "16,384 devices" not in said(typed(app, "device_count", "512"))
    typed(app, "pue", "1.2")
    assert "PUE" not in said(typed(app, "pue", "1.08"))
    assert "year 2024" in said(app)


def test_kept_it_is_the_visitors_and_nothing_of_the_scenario_changes():
    app = typed(opened("explore"), "parameters", "13B")
    before = app.session_state["fields"]
    app.button(key="preset_keep").click().run()
    assert SAID not in said(app)
    assert app.session_state["fields"] == before


def test_let_go_of_it_the_usual_values_are_taken_and_device_and_place_stay():
    app = typed(opened("explore"), "parameters", "13B")
    app.button(key="preset_let_go").click().run()
    assert SAID not in said(app)
    fields = app.session_state["fields"]
    assert {"pue", "year"}.isdisjoint(fields)
    assert (fields["device"], fields["region"]) == ("h100-sxm", "USA")
    assert fields["device_count"] not in (1.0, link.fields_of("llama-3-70b")["device_count"])


def test_what_a_link_says_is_given_and_the_rest_is_the_presets():
    told = said(opened("explore", parameters="13e9", device_count="512", pue="1.2"))
    assert SAID in told
    assert "devices" not in told.split(SAID)[1].split(".")[0]
    assert "year 2024" in told


def test_another_preset_brings_its_own():
    app = opened("explore", parameters="13e9")
    app.selectbox(key="model").set_value("gpt-3-175b").run()
    assert "preset:" not in said(app)
    assert "From GPT-3 175B's preset: " in said(typed(app, "tokens", "1T"))


def test_the_assumptions_of_explore_and_of_its_preview_list_what_is_the_presets():
    fields = {**link.fields_of("llama-3-70b"), "parameters": 13e9, "device_count": 512.0}
    query = {**link.to_parameters(fields), preset.PARAMETER: "llama-3-70b~region~pue~year"}
    rows = [row for row in explore.previewed(fields, query).tables["assumed"].rows if "preset" in row[2]]
    assert [(row[0], row[1]) for row in rows] == [
        ("Region", "United States"),
        ("PUE", "1.08"),
        ("Year of training", "2024"),
    ]
    assert all(row[2].startswith("from Llama 3 70B's preset") for row in rows)
