"""What a planner does on the pages: stages add up, a price, a model's own file, kinds of training, long contexts."""

from pathlib import Path

import pytest

from oce.field import projects
from tests.support.app_test import new_app, path_of

ROOT = Path(__file__).parents[3]
CONFIG = (ROOT / "tests" / "cases" / "configs" / "mixtral-8x7b.json").read_text(encoding="utf-8")


def opened(page, **parameters):
    app = new_app()
    for name, value in parameters.items():
        app.query_params[name] = value
    app.session_state["advanced_open"] = True
    app.run()
    if page:
        app.switch_page(path_of(page)).run()
    assert not app.exception
    return app


def fine(app):
    assert not app.exception
    assert not app.error
    return app


def test_the_scenarios_of_compare_add_up():
    app = opened("compare", compare="model-llama-3-8b~~model-llama-3-70b", together="sum")
    assert fine(app).title[0].value.startswith("Together ")


@pytest.mark.parametrize("name", projects.projects())
def test_a_published_project_is_added_up_by_its_name_and_comes_back_from_its_link(name):
    app = opened("compare", together="sum")
    app.selectbox(key="compare_project").select(name)
    app.run().button(key="compare_use_project").click()
    title = fine(app.run()).title[0].value
    assert title.startswith("Together ")
    kept = app.query_params["compare"]
    link = kept if isinstance(kept, str) else kept[0]
    assert fine(opened("compare", compare=link, together="sum")).title[0].value == title


@pytest.mark.parametrize("page", ["", "compare", "plan"])
def test_a_price_is_shown_on_every_page(page):
    app = fine(opened(page, price_per_device_hour="2", currency="EUR"))
    shown = " ".join(str(one.value) for kind in (app.markdown, app.html, app.table) for one in kind)
    shown += " ".join(str(one) for one in app.main)
    assert "EUR" in shown


def test_a_models_own_file_gives_its_sizes():
    app = opened("")
    app.text_area(key="config_text").set_value(CONFIG)
    app.button(key="config_use").click()
    fields = fine(app.run()).session_state["fields"]
    assert fields["parameters"] == 46_702_792_704
    assert fields["active_parameters"] < 13e9


def test_a_file_that_is_no_config_is_said_and_changes_nothing():
    app = opened("")
    before = dict(app.session_state["fields"])
    app.text_area(key="config_text").set_value("{}")
    app.button(key="config_use").click()
    app.run()
    assert app.session_state["fields"] == before
    assert "Hugging Face" in app.error[0].value


@pytest.mark.parametrize("kind", ["fine-tuning", "adapters", "distillation", "reinforcement"])
def test_every_kind_of_training_can_be_chosen(kind):
    app = opened("")
    app.selectbox(key="training_choice").select(kind)
    assert fine(app.run()).session_state["fields"]["training"] == kind


def test_an_example_among_the_models_says_that_it_is_none_that_was_trained():
    app = opened("")
    said = "An example, not a published run: its figures are ours."
    assert said not in [one.value for one in app.caption]
    app.selectbox(key="model").select("rl-8b-example")
    assert said in [one.value for one in fine(app.run()).caption]
    assert app.session_state["fields"]["training"] == "reinforcement"


def test_plan_proposes_only_numbers_of_devices_that_hold_the_model():
    app = opened("plan", device_count="16")  # 15 H100 are the fewest for 70 billion parameters
    assert fine(app).multiselect(key="combine_counts").value == ["x0.25", "x0.5", "x1", "x2"]
    offered = fine(app).selectbox(key="plan_combination").options
    assert {name.split(" × ")[0] for name in offered if "H100" in name} == {"16", "32"}


def test_samples_take_the_place_of_tokens_and_give_them_back():
    app = opened("")
    before = dict(app.session_state["fields"])
    app.segmented_control(key="size").select("Samples")
    assert "tokens" not in fine(app.run()).session_state["fields"]
    app.segmented_control(key="size").select("Dense")
    after = fine(app.run()).session_state["fields"]
    assert after["parameters"] == before["parameters"]
    assert after["tokens"] == pytest.approx(before["tokens"], rel=0.01)


def test_too_few_devices_are_refused_with_how_many_would_do():
    app = opened("", device_count="8")
    assert "at least 15 H100 SXM" in app.error[0].value
