"""The logic of Scaling and Landscape, without a browser: what the link says is shown, and what is picked is taken."""

import re

import pytest

from oce import Scenario, catalog, estimate, units
from oce.analysis import device_counts
from oce.field import accuracy, equipment_era, leaderboard, timeline
from pages.session import link, state
from tests.support.app_test import opened

PAGES = ("scaling", "landscape")
LINKS = {
    "as it opens": {},
    "published throughput": {"throughput": "published"},
    "another level": {"level": "0.95"},
    "tiny": {"parameters": "1e5", "tokens": "1e5", "device_count": "1"},
    "huge": {"parameters": "1e14", "tokens": "1e16", "device_count": "1e6", "carbon_intensity_g_per_kwh": "2000"},
    "nearly clean": {"carbon_intensity_g_per_kwh": "1e-6"},
}
VIEWS = {
    "scaling": [
        {"grids": grids, "models": models, "families": families}
        for grids, models, families in (("own", "all", "yes"), ("same", "paper", "no"), ("own", "paper", "yes"))
    ],
    "landscape": [
        {"view": "models", "against": "published"},
        {"view": "era"},
        {"view": "era", "unit": "alpha", "by": "size"},
        {"view": "era", "unit": "alpha"},
        {"view": "energy"},
    ],
}
FIRST = catalog.model("llama-3-70b")


def text(app):
    said = [one.value for one in (*app.title, *app.markdown, *app.caption)]
    shown = " ".join([*said, *(re.sub(r"<[^>]+>", "", one.proto.body) for one in app.get("html"))])
    return shown.replace("CO₂e", "CO2e")


def query(app):
    return {name: values[0] if isinstance(values, list) else values for name, values in app.query_params.items()}


# --- the pages ---


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("name", LINKS)
def test_a_page_opens_with_any_scenario_and_says_what_it_emits(page, name):
    app = opened(page, **LINKS[name])
    assert not app.exception
    assert not app.error
    run = Scenario(**{**FIRST.fields, **LINKS[name]})
    assert units.shown(estimate(run).operational_co2e_kg.central, units.MASS) in text(app)
    assert "nan" not in text(app).split()


@pytest.mark.parametrize(("page", "view"), [(page, view) for page in PAGES for view in VIEWS[page]])
def test_every_choice_comes_back_from_the_link(page, view):
    app = opened(page, **view)
    assert not app.exception
    for name, value in view.items():
        assert app.segmented_control(key=name).value == value
    assert query(app) == view


@pytest.mark.parametrize("page", PAGES)
def test_a_choice_goes_into_the_link_and_the_default_leaves_it(page):
    name, value, default = {"scaling": ("grids", "own", "same"), "landscape": ("view", "era", "models")}[page]
    app = opened(page)
    app.segmented_control(key=name).set_value(value).run()
    assert not app.exception
    assert query(app) == {name: value}
    app.segmented_control(key=name).set_value(default).run()
    assert query(app) == {}


@pytest.mark.parametrize(("page", "name", "default"), [("scaling", "grids", "same"), ("landscape", "view", "models")])
def test_a_choice_that_there_is_not_leaves_the_default(page, name, default):
    app = opened(page, **{name: "nonsense"})
    assert not app.exception
    assert app.segmented_control(key=name).value == default


def test_what_is_searched_for_comes_back_from_the_link():
    app = opened("landscape", search="gemini")
    assert not app.exception
    assert app.text_input(key="search").value == "gemini"
    table = app.dataframe[-1].value
    assert list(table["Model"]) == ["Gemini Ultra"]


def test_what_is_searched_for_is_found_in_the_leaderboard_and_goes_into_the_link():
    app = opened("landscape")
    app.text_input(key="search").input("Gemini").run()
    assert list(app.dataframe[-1].value["Model"]) == ["Gemini Ultra"]
    assert query(app) == {"search": "Gemini"}


def test_a_search_that_finds_nothing_says_so():
    app = opened("landscape")
    app.text_input(key="search").input("no such model").run()
    assert not app.exception
    assert app.info[0].value.startswith("No model of our tables")


@pytest.mark.parametrize("page", PAGES)
def test_at_no_grams_the_page_says_that_there_is_nothing_to_compare(page):
    app = opened(page, carbon_intensity_g_per_kwh="0")
    assert not app.exception
    assert any("0 g CO₂e/kWh" in one.value for one in app.warning)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("device", ["trainium1", "cs-2"])
def test_without_the_power_of_the_device_the_page_says_so(page, device):
    app = opened(page, device=device)
    assert not app.exception
    assert app.title[0].value == "A value is missing"
    assert "power" in app.error[0].value


# --- a score of one's own ---


@pytest.mark.parametrize(
    ("benchmark", "score"), [("mmlu", "abc"), ("mmlu", "500"), ("mmlu", "<b>80</b>"), ("imagenet", "nan")]
)
def test_a_bad_score_in_the_link_is_named_once_and_the_page_goes_on(benchmark, score):
    name = accuracy.BENCHMARKS[benchmark]
    app = opened("scaling", **{benchmark: score})
    assert not app.exception
    said = [one.value.replace("\\", "") for one in app.error]
    assert said == [f"{name} score “{score}” cannot be used; allowed: 0 … 100 %"]
    assert "For at most that" in text(app)


def test_a_score_is_compared_with_the_least_that_reached_it():
    app = opened("scaling", mmlu="80")
    assert app.text_input(key="my_mmlu").value == "80"
    result = estimate(FIRST.scenario())
    here = accuracy.Conditions(result.inputs.carbon_intensity_g_per_kwh, result.inputs.pue)
    cheapest = accuracy.cheapest_reaching(accuracy.points("mmlu", here), 80)
    assert "Your 80% on MMLU was reached with" in text(app)
    assert f"by {cheapest.row.model} (yours: " in text(app)


def test_a_score_that_nobody_reached_is_said():
    assert "No model here reached your 100% on MMLU." in text(opened("scaling", mmlu="100"))


def test_a_score_that_is_entered_goes_into_the_link_and_out_of_it():
    app = opened("scaling")
    app.text_input(key="my_imagenet").input(" 88.5 ").run()
    assert query(app) == {"imagenet": "88.5"}
    app.text_input(key="my_imagenet").input("").run()
    assert query(app) == {}


def test_the_page_says_how_many_models_are_not_drawn_and_why():
    app = opened("scaling")
    for benchmark in accuracy.BENCHMARKS:
        for reason, count in accuracy.left_out(benchmark).items():
            assert f"{count}: {reason}" in text(app)


def test_the_time_line_says_that_the_paper_counts_otherwise():
    said = text(opened("landscape"))
    assert "The paper says 42 models; its text lists 43, over 15 tasks" in said


# --- what is picked becomes the scenario ---


@pytest.fixture
def session(monkeypatch):
    """A session with a scenario of its own, as the callbacks of the charts meet it."""
    own = dict(FIRST.fields) | {"region": "SWE", "pue": 1.3, "device_count": 512.0, "level": 0.5, "utilisation": 0.4}
    held = {"fields": own, "touched": False, "confirmed": frozenset({"pue"})}
    monkeypatch.setattr(state.st, "session_state", held)
    return held


def taken(session, model):
    state.take(model)
    assert session["touched"]
    return session["fields"]


@pytest.mark.parametrize("milestone", timeline.milestones(), ids=lambda one: one.id)
def test_a_milestone_brings_its_own_place(session, milestone):
    fields = taken(session, milestone.fields)
    assert fields["region"] == milestone.fields["region"]
    assert fields.get("pue", 1.0) == milestone.fields.get("pue", 1.0)
    assert "utilisation" not in fields
    assert fields["level"] == 0.5
    result = estimate(Scenario(**fields))
    assert result.region.id == milestone.fields["region"]


def test_a_scored_model_is_put_where_the_scenario_was(session):
    row = next(one for one in accuracy.scored() if one.id == "gemma-7b-mmlu")
    fields = taken(session, row.fields)
    kept = {"region": "SWE", "pue": 1.3, "level": 0.5}
    assert {name: fields[name] for name in kept} == kept
    assert "device_count" not in row.fields
    assert fields["device_count"] == device_counts.usual_count(Scenario(**fields))  # not the 512 of the scenario before
    assert fields["device"] == "tpu-v5e"
    assert "utilisation" not in fields
    assert estimate(Scenario(**fields)).inputs.carbon_intensity_g_per_kwh == catalog.region("SWE").g_per_kwh


def test_a_preset_brings_its_own_place(session):
    fields = taken(session, catalog.model("bloom-176b").fields)
    assert fields["region"] == catalog.model("bloom-176b").fields["region"]
    assert fields["pue"] == catalog.model("bloom-176b").fields["pue"]


@pytest.mark.parametrize("stated", [True, False])
def test_a_run_with_a_reported_grid_brings_it_and_one_without_stays_here(session, stated):
    run = next(one for one in catalog.runs() if (one.carbon_intensity_g_per_kwh is not None) == stated and one.scored)
    fields = taken(session, leaderboard.of_run(run.id).fields)
    assert ("region" in fields) == (not stated)
    assert fields.get("carbon_intensity_g_per_kwh") == run.carbon_intensity_g_per_kwh
    assert fields.get("pue", 1.0) == ((run.pue or 1.0) if stated else 1.3)


def test_a_model_of_the_leaderboard_without_a_grid_of_its_own_stays_here(session):
    here = accuracy.Conditions(400.0, 1.1)
    entry = next(one for one in leaderboard.ranked(here) if not one.own_grid and one.operational_co2e_kg)
    fields = taken(session, entry.fields)
    assert (fields["region"], fields["pue"]) == ("SWE", 1.3)
    assert "carbon_intensity_g_per_kwh" not in fields


MODELS = [
    *(one.fields for one in (*catalog.models(), *timeline.milestones())),
    *(one.fields for one in accuracy.scored() if one.status == accuracy.SHOWN and one.training_flop),
    *(leaderboard.of_run(one.run.id).fields for one in equipment_era.run_points()),
]


def test_what_is_taken_is_all_that_the_link_needs(session):
    """The address that comes of it opens the same scenario."""
    for model in MODELS:
        fields = dict(taken(session, model))
        again, problems = link.from_parameters(link.to_parameters(fields))
        assert problems == []
        assert again == fields
