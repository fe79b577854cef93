"""The logic of the Lifetime page, without a browser."""

import re

import pytest

from oce import catalog, estimate, units
from oce.analysis import inference, lifetime
from oce.analysis.lifetime import Service
from oce.interval import Interval

RUN = catalog.model("llama-3-70b").scenario()


def opened(app, **link):
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    app.switch_page("pages/views/lifetime.py")
    for name, value in link.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def modelled(run=RUN, queries=1e7, years=4.0, tokens=400):
    active = run.active_parameters or run.parameters
    query = inference.modelled(active, run.parameters, tokens)
    return Service(queries, years, query.kwh_per_query, query.embodied_kg_per_query)


def said(service, run=RUN):
    return units.typeset(lifetime.headline(estimate(run), service))


def title(app):
    assert not app.exception
    return app.title[0].value


def link(app):
    return dict(app.query_params.items())


def words(app):
    said = "\n".join(one.value for one in (*app.caption, *app.markdown, *(each for each in app.get("html"))))
    return re.sub(r"</?abbr[^>]*>", "", said)


def html_of(app):
    return "\n".join(one.proto.body for one in app.get("html"))


def test_it_opens_with_a_language_model_by_ecologits(app):
    assert title(opened(app)) == said(modelled())
    assert link(app) == {}
    assert app.segmented_control(key="inference").value == "model"
    assert "assumed: enter yours" in html_of(app)


def test_every_control_changes_the_answer_and_the_link(app):
    opened(app).text_input(key="queries_per_day_typed").input("200M").run()
    assert title(app) == said(modelled(queries=2e8))
    app.text_input(key="years_typed").input("1.5").run()
    assert title(app) == said(modelled(queries=2e8, years=1.5))
    app.text_input(key="output_tokens_typed").input("1k").run()
    assert title(app) == said(modelled(queries=2e8, years=1.5, tokens=1000))
    assert link(app) == {"queries_per_day": "200M", "years": "1.5", "output_tokens": "1000"}
    assert "assumed: enter yours" not in html_of(app)


def test_a_slider_is_the_same_as_typing(app):
    opened(app).select_slider(key="queries_per_day_slider").set_value(1e9).run()
    assert title(app) == said(modelled(queries=1e9))
    assert app.text_input(key="queries_per_day_typed").value == "1B"
    app.select_slider(key="years_slider").set_value(10.0).run()
    assert title(app) == said(modelled(queries=1e9, years=10.0))


def test_the_default_again_leaves_nothing_in_the_link(app):
    opened(app, years="7").text_input(key="years_typed").input("4").run()
    assert link(app) == {}
    app.text_input(key="queries_per_day_typed").input("5M").run()
    app.text_input(key="queries_per_day_typed").input("").run()
    assert link(app) == {}
    assert title(app) == said(modelled())


def test_a_link_opens_what_it_was_copied_from(app):
    opened(app, queries_per_day="50M", years="2", inference="task", task="task-summarization")
    task = inference.measured(0.8)["task-summarization"]
    assert title(app) == said(Service(5e7, 2.0, task))
    assert not app.error
    assert not app.warning


def test_a_measured_task_has_the_interval_of_the_level(app):
    opened(app, inference="task", level="0.95")
    run = RUN.replace(level=0.95)
    assert title(app) == said(Service(1e7, 4.0, inference.measured(0.95)["task-text-generation"]), run)
    app.selectbox(key="task").set_value("task-image-generation").run()
    assert title(app) == said(Service(1e7, 4.0, inference.measured(0.95)["task-image-generation"]), run)
    assert link(app)["task"] == "task-image-generation"


def test_a_figure_of_ones_own(app):
    opened(app).segmented_control(key="inference").set_value("own").run()
    app.text_input(key="wh_per_query_typed").input("0.24").run()
    assert title(app) == said(Service(1e7, 4.0, Interval(2.4e-4, 2.4e-4, 2.4e-4)))
    assert link(app) == {"inference": "own", "wh_per_query": "0.24"}


@pytest.mark.parametrize(
    "text", ["abc", "nan", "-5", "1e400", "70,000", "<script>alert(1)</script>", "![x](http://e.org)"]
)
@pytest.mark.parametrize("name", ["queries_per_day", "years", "output_tokens"])
def test_what_cannot_be_used_is_named_and_stays_where_it_was_typed(app, name, text):
    opened(app, **{name: "2"}).text_input(key=f"{name}_typed").input(text).run()
    kept = modelled(**{{"queries_per_day": "queries", "years": "years", "output_tokens": "tokens"}[name]: 2.0})
    assert title(app) == said(kept)
    assert len(app.error) == 1
    assert lifetime.ENTRIES[name].label in app.error[0].value
    assert "cannot be used; allowed" in app.error[0].value.replace("\\", "")
    assert "Until then it is 2" in app.error[0].value.replace("\\", "")
    assert app.text_input(key=f"{name}_typed").value == text
    assert link(app) == {name: "2"}
    app.text_input(key=f"{name}_typed").input("3").run()
    assert not app.error
    assert link(app) == {name: "3"}


def test_rubbish_in_the_link_is_named_and_the_rest_is_kept(app):
    opened(
        app, queries_per_day="lots", years="4000", output_tokens="-1", inference="guess", task="juggling",
        water="moon", pue="1.2",
    )  # fmt: skip
    run = RUN.replace(pue=1.2)
    assert title(app) == said(modelled(run), run)
    assert len(app.error) == 3
    warned = [one.value.replace("\\", "") for one in app.warning]
    assert len(warned) == 3
    for name, value in (("inference", "guess"), ("task", "juggling"), ("water", "moon")):
        assert any(f"{name}: “{value}” is not allowed (allowed: " in one for one in warned)
    assert app.text_input(key="queries_per_day_typed").value == "lots"
    app.text_input(key="queries_per_day_typed").input("still wrong").run()
    assert app.text_input(key="queries_per_day_typed").value == "still wrong"
    app.text_input(key="queries_per_day_typed").input("1M").run()
    assert title(app) == said(modelled(run, queries=1e6), run)
    assert len(app.error) == 2


@pytest.mark.parametrize(
    ("model", "way", "task"),
    [
        ("vit-l-16", "task", "task-image-classification"),
        ("clip-vit-l-14", "task", "task-image-captioning"),
        ("esm-2-15b", "own", None),
    ],
)
def test_what_is_no_language_model_has_no_ecologits(app, model, way, task):
    opened(app).selectbox(key="model").set_value(model).run()
    assert not app.exception
    control = app.segmented_control(key="inference")
    assert control.value == way
    assert list(control.options) == ["Measured", "My own"]
    if task:
        assert app.selectbox(key="task").value == task
    assert "EcoLogits models language models only" in words(app)
    assert ("No measured task is of the kind" in words(app)) == (model == "esm-2-15b")


def test_a_scenario_without_parameters_says_what_is_missing(app):
    opened(app, training_flop="1e24")
    assert app.segmented_control(key="inference").value == "task"
    assert "EcoLogits needs the number of parameters" in words(app)


def test_a_mixture_of_experts_is_served_with_its_active_parameters(app):
    opened(app).selectbox(key="model").set_value("deepseek-v3").run()
    run = catalog.model("deepseek-v3").scenario()
    assert title(app) == said(modelled(run), run)
    assert "37B active of 671B" in words(app)


def test_a_model_beyond_the_fit_says_extrapolated(app):
    assert "Extrapolated" not in words(opened(app))
    app.selectbox(key="model").set_value("llama-3.1-405b").run()
    assert "Extrapolated" in words(app)


def test_without_queries_training_is_all_of_it(app):
    assert title(opened(app, queries_per_day="0")).startswith("Without queries, training is all of it")
    assert "never" in html_of(app)


def test_on_a_grid_without_carbon_the_page_stands(app):
    opened(app, carbon_intensity_g_per_kwh="0")
    run = RUN.replace(carbon_intensity_g_per_kwh=0)
    assert title(app) == said(modelled(run), run)


@pytest.mark.parametrize("model", ["llama-3-70b", "stable-diffusion-v1"])
def test_the_sums_of_the_table_are_right_before_rounding(app, model):
    opened(app).selectbox(key="model").set_value(model).run()
    assert not app.exception
    body = next(one.proto.body for one in app.get("html") if "At launch" in one.proto.body)
    rows = [re.findall(r"<td[^>]*>([^<]*)</td>", row) for row in re.findall(r"<tr><th scope='row'.*?</tr>", body)]
    assert len(rows) == 5
    for column in range(3):
        amounts = [float(row[column].split()[0].replace(",", "")) for row in rows]
        assert len({row[column].split(maxsplit=1)[1] for row in rows}) == 1  # one unit
        assert sum(amounts[:-1]) == pytest.approx(amounts[-1], rel=0.01)


# --- water ---


def water_table(app):
    return next(one.proto.body for one in app.get("html") if "On-site</th>" in one.proto.body)


def test_water_that_has_no_figure_is_marked_and_never_0(app):
    opened(app, region="FRA")
    assert "no figure" in water_table(app)
    assert "There is no total" in words(app)
    app.selectbox(key="water").set_value("ovhcloud-global").run()
    assert "no figure" not in water_table(app)
    assert link(app) == {"region": "FRA", "water": "ovhcloud-global"}
    app.selectbox(key="water").set_value("none").run()
    assert "no figure" in water_table(app)


def test_water_of_the_visitors_own_intensity_without_a_country(app):
    opened(app, region="EUROPE", water="aws-global")
    assert "as the scenario names no country" in words(app)


def test_a_choice_of_water_is_called_the_same_in_every_region(app):
    """Streamlit takes a label that is no more for a choice of the visitor's, and the link would keep it."""
    first = opened(app, region="USA").selectbox(key="water").options
    assert opened(app, region="FRA").selectbox(key="water").options == first
