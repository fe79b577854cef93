"""While a slider moves, a page says and draws what its next run will: one view for both."""

import json

import pytest

from oce import catalog, descriptions, estimate, units
from oce.errors import InputError
from pages.server import preview
from pages.session import link, preview_query
from tests.support.previewed_links import CASES, LINKS


def answered(page, **query):
    return json.loads(preview.answer({preview_query.PAGE: page, **query}))


def test_every_page_with_a_preview_is_tried():
    assert set(LINKS) == set(preview_query.PAGES)


@pytest.mark.parametrize(("page", "query"), CASES)
def test_what_the_preview_says_is_what_the_page_says(app, page, query):
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    if page != "explore":
        app.switch_page(f"pages/views/{page}.py")
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
    assert not app.exception
    shown = "".join(one.proto.body for one in app.get("html"))
    texts = answered(page, **query)["texts"]
    headline = texts.pop("headline")
    assert headline in [one.value.replace("\\", "") for one in app.title]
    for name, text in texts.items():
        assert f"data-oce='{name}'>{text}<" in shown


@pytest.mark.parametrize(("page", "query"), CASES)
def test_every_text_and_chart_is_sound_json(page, query):
    for model in catalog.models():
        fields = {name: str(value) for name, value in model.fields.items()}
        for chart in answered(page, **{**fields, **query})["charts"].values():
            json.loads(chart, parse_constant=pytest.fail)


def test_the_headline_is_that_of_the_scenario():
    assert answered("explore")["texts"]["headline"] == units.typeset(
        descriptions.headline(estimate(catalog.model("llama-3-70b").scenario()), "Llama 3 70B")
    )
    run = catalog.model("llama-3-70b").scenario().replace(tokens=2e12)
    said = units.typeset(descriptions.headline(estimate(run), "this model"))
    assert answered("explore", tokens="2e12")["texts"]["headline"] == said


@pytest.mark.parametrize(
    "query",
    [
        {"tokens": "lots"},
        {"device": "H1000"},
        {"colour": "red"},
        {"live": "compare", "compare": "own~~device-H1000"},
        {"live": "compare", "compare": "own"},
        {"live": "lifetime", "years": "4000"},
        {"live": "lifetime", "task": "juggling"},
        {"live": "scaling", "mmlu": "500"},
        {"live": "scaling", "carbon_intensity_g_per_kwh": "0"},
        {"live": "landscape", "view": "nothing"},
        {"live": "learn", "step": "9"},
        {"live": "plan", "deadline_days": "0"},
        {"live": "plan", "carbon_budget_t": "lots"},
        {"live": "plan", "plan_devices": "h100-sxm~H1000"},
        {"live": "plan", "plan_basis": "none"},
        {"live": "plan", "combine_counts": "x3"},
        {"live": "plan", "combine_counts": "~".join(map(str, range(1, 900)))},
        {"live": "plan", "combine_against": "cost"},
        {"live": "os"},
    ],
)
def test_what_cannot_be_used_is_left_to_the_page(query):
    with pytest.raises(InputError):
        preview.answer(query)


def test_a_control_of_a_step_is_previewed_where_it_stands():
    at = {"live": "learn", "step": "4", "control_4": "1.2"}
    assert preview.answer(at) != preview.answer({**at, "control_4": "yours"})
    assert preview.answer({**at, "control_4": "none of them"}) == preview.answer({**at, "control_4": "yours"})


def test_the_query_of_a_page_opens_the_same_scenario():
    fields = link.fields_of("gpt-3-175b")
    query = {**link.to_parameters(fields), preview_query.PAGE: "compare", "why": "TPU v4"}
    assert link.from_parameters(preview_query.scenario_of(query)) == (fields, [])
