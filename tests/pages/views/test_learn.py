"""The logic of the Learn page, without a browser."""

import html
import re

import pytest

from oce import catalog, estimate
from oce.analysis.knowledge import states_of_knowledge
from oce.units import DURATION, MASS, scientific, shown, typeset
from pages import charts

STEPS = ("1", "2", "3", "4", "5", "6", "7", "8")
PRESET = catalog.model("llama-3-70b").scenario()
LINKS = {
    "preset": {},
    "own utilisation": {"utilisation": "0.4"},
    "measured rate": {"tokens_per_second_per_device": "600"},
    "own alpha": {"log10_alpha_low": "100", "log10_alpha_high": "110"},
    "one alpha": {"log10_alpha_low": "100", "log10_alpha_high": "100"},
    "published": {"throughput": "published"},
    "compute": {"training_flop": "4e20", "device": "v100", "device_count": "1"},
    "experts": {"active_parameters": "7e9"},
    "unknown embodied": {"device": "p100-pcie", "embodied": "paper"},
    "fewest possible": {"device_count": "15", "batch_tokens": "4096"},  # neither twice nor half of them can be
    "no carbon": {"carbon_intensity_g_per_kwh": "0"},
    "another basis": {"region": "gcp:us-central1:own"},
    "tiny": {"parameters": "1e5", "tokens": "1e5", "device_count": "1"},
    "huge": {"parameters": "1e14", "tokens": "1e15", "device_count": "10000000", "pue": "3", "level": "0.9"},
}


def opened(app, **link):
    """The page, by a link; from Explore, as a test starts at the first page."""
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    app.switch_page("pages/views/learn.py").run()
    assert not app.exception
    return app


def words(app):
    """Everything that the page says, as it is read."""
    main = app.main
    said = "\n".join(one.value for kind in ("title", "header", "markdown", "caption") for one in getattr(main, kind))
    return re.sub(r"\\([^\w\s])", r"\1", said) + "\n" + "\n".join(map(plain, main.get("html")))


def plain(element):
    """The text of a piece of HTML."""
    return html.unescape(re.sub(r"<[^>]+>", "", element.proto.body))


def numbered(app):
    return app.title[0].value.partition(" ")[0]


@pytest.mark.parametrize("link", LINKS.values(), ids=LINKS)
def test_every_step_opens_for_every_kind_of_scenario(app, link):
    opened(app, **link)
    for step in STEPS:
        app.segmented_control(key="step").set_value(step).run()
        assert not app.exception
        assert numbered(app) == step
        assert [one.label for one in app.main.expander] == ["The answer", "The numbers as a table"]
        assert "Think first:" in words(app)
        assert not re.search(r"\b(nan|inf|None)\b", words(app), re.IGNORECASE), words(app)


@pytest.mark.parametrize("link", [{}, LINKS["compute"], LINKS["no carbon"]])
def test_all_steps_fit_on_one_page(app, link):
    opened(app, step="all", **link)
    assert [one.value.partition(" ")[0] for one in app.header] == list(STEPS)
    assert len(app.title) == 1
    assert [one.label for one in app.main.expander].count("The answer") == len(STEPS)
    assert app.button(key="learn_next_top").disabled
    assert app.button(key="learn_previous_top").disabled


@pytest.mark.parametrize("step", ["9", "0", "", "two", "-1", "<b>", "1e400"])
@pytest.mark.parametrize("slides", ["", "perhaps"])
def test_rubbish_in_the_link_shows_the_first_step(app, step, slides):
    opened(app, step=step, slides=slides)
    assert numbered(app) == "1"
    assert app.toggle(key="slides_shown").value is False


def test_the_buttons_go_from_step_to_step_and_keep_it_in_the_link(app):
    opened(app)
    assert app.button(key="learn_previous_top").disabled
    for step in STEPS[1:]:
        app.button(key="learn_next_top").click().run()
        assert numbered(app) == step
        assert app.query_params["step"] == step
    assert app.button(key="learn_next_top").disabled
    app.button(key="learn_previous_top").click().run()
    assert numbered(app) == STEPS[-2]


def test_the_end_of_a_step_leads_on_by_the_name_of_the_next(app):
    opened(app, step="2")
    assert app.button(key="learn_previous_end").label == "Previous: Compute"
    assert app.button(key="learn_next_end").label == "Next: Time"
    app.button(key="learn_next_end").click().run()
    assert numbered(app) == "3"


def test_slides_stay_in_the_link_and_offer_nothing_to_take(app):
    opened(app, step="3")
    assert len([one for one in app.button if one.label == "Use this in your scenario"]) == 1
    app.toggle(key="slides_shown").set_value(True).run()
    assert not app.exception
    assert app.query_params["slides"] == "yes"
    assert not [one for one in app.button if one.label == "Use this in your scenario"]
    app.toggle(key="slides_shown").set_value(False).run()
    assert "slides" not in app.query_params


def test_half_the_devices_is_not_offered_where_they_do_not_hold_the_model(app):
    opened(app, **LINKS["fewest possible"]).segmented_control(key="step").set_value("3").run()
    assert "It cannot run" in words(app)
    assert "at least 15 of them" in words(app)


def test_twice_the_parameters_and_tokens_is_four_times_the_compute(app):
    opened(app)
    app.segmented_control(key="learn_1").set_value("both").run()
    four = scientific(4 * estimate(PRESET).training_flop.central)
    assert f"tokens make {four} FLOP, 4 times yours." in words(app)
    assert f"to {four} FLOP" in plain(app.main.expander[0].get("html")[0])


def test_another_number_of_devices_is_tried_and_then_taken(app):
    opened(app, step="3")
    app.select_slider(key="learn_3").set_value("32768").run()
    assert app.session_state["fields"]["device_count"] == 16384  # only tried
    twice = estimate(PRESET.replace(device_count=32768))
    assert f"32,768 devices × {shown(twice.time_to_train_hours.central, DURATION)}" in words(app)
    app.button(key="learn_use_3").click().run()
    assert not app.exception
    assert app.session_state["fields"]["device_count"] == 32768
    assert app.select_slider(key="learn_3").value == "yours"
    assert app.button(key="learn_use_3").disabled


@pytest.mark.parametrize(("link", "change"), [({}, "rises"), ({"utilisation": "0.4"}, "stays")])
def test_the_carbon_rises_with_the_devices_where_it_is_known_that_they_wait_for_each_other(app, link, change):
    opened(app, step="3", **link)
    answer = plain(app.main.expander[0].get("html")[0])
    assert f"The carbon {change}: " in answer
    run = PRESET.replace(**{name: float(value) for name, value in link.items()})
    for count in (16384, 32768):
        assert typeset(shown(estimate(run.replace(device_count=count)).total_co2e_kg.central, MASS)) in answer


def test_another_pue_is_taken(app):
    opened(app, step="4")
    app.select_slider(key="learn_4").set_value("1.56").run()
    app.button(key="learn_use_4").click().run()
    assert app.session_state["fields"]["pue"] == 1.56


def test_another_place_is_taken_in_place_of_an_intensity_of_ones_own(app):
    opened(app, step="5", carbon_intensity_g_per_kwh="100")
    app.select_slider(key="learn_5").set_value("FRA").run()
    there = estimate(PRESET.replace(region="FRA"))
    assert f"(France) = {typeset(shown(there.operational_co2e_kg.central, MASS))}" in words(app)
    app.button(key="learn_use_5").click().run()
    assert app.session_state["fields"]["region"] == "FRA"
    assert "carbon_intensity_g_per_kwh" not in app.session_state["fields"]


def test_a_clean_grid_is_asked_about_a_dirty_one(app):
    opened(app, step="5", region="NOR")
    assert "the run moves to India" in words(app)
    opened(app, step="5", region="IND")
    assert "the run moves to Norway" in words(app)


def test_the_level_is_that_of_the_scenario_until_it_is_chosen(app):
    opened(app, step="6", level="0.5")
    states = states_of_knowledge(estimate(PRESET), 0.5)
    assert charts.intervals(states, 0.5).sentence in words(app)
    app.segmented_control(key="learn_6_0.5").set_value(0.95).run()
    states = states_of_knowledge(estimate(PRESET), 0.95)
    assert charts.intervals(states, 0.95).sentence in words(app)


def test_a_scenario_that_cannot_be_estimated_says_why(app):
    opened(app, step="4", device="b200-sxm", throughput="published")
    assert "has no α" in app.title[0].value
