"""The Lifetime page as a person uses it."""

from oce import catalog, estimate, units
from oce.analysis import inference, lifetime
from oce.analysis.lifetime import Service
from tests.support.screen import charts, enter, headline, press, query, settle, slider

RESULT = estimate(catalog.model("llama-3-70b").scenario())


def said(queries, years=4.0, tokens=400):
    size = RESULT.scenario.parameters
    one = inference.modelled(size, size, tokens)
    service = Service(queries, years, one.kwh_per_query, one.embodied_kg_per_query)
    return units.typeset(lifetime.headline(RESULT, service))


def test_a_changed_control_changes_the_answer_and_stays_in_the_link(open_page):
    screen = open_page("/lifetime")
    page = screen.page
    assert headline(page) == said(1e7)
    enter(page, "Queries a day", "200M")
    assert headline(page) == said(2e8)
    press(slider(page, "Years in service, slider"), "ArrowRight")
    assert headline(page) == said(2e8, years=5.0)
    assert query(page) == {"queries_per_day": "200M", "years": "5"}
    page.reload()
    settle(page)
    assert headline(page) == said(2e8, years=5.0)
    assert query(page) == {"queries_per_day": "200M", "years": "5"}
    assert screen.complaints == []


def test_the_curves_add_up_as_drawn(open_page):
    page = open_page("/lifetime?queries_per_day=100M").page
    lines = {one["name"]: one for one in charts(page)[0]["traces"] if one["name"]}
    drawn = [lines[name]["y"] for name in ("training", "inference", "both together")]
    for training, served, both in zip(*drawn, strict=True):
        assert abs(training + served - both) <= 2e-4 * both


def test_what_cannot_be_used_is_said_and_stays(open_page):
    screen = open_page("/lifetime")
    page = screen.page
    enter(page, "Queries a day", "<img src=x>")
    assert "cannot be used; allowed: a number, 0, or 0.001 … 1e12" in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Queries a day", exact=True).input_value() == "<img src=x>"
    assert headline(page) == said(1e7)
    assert query(page) == {}
    assert screen.complaints == []


def test_the_measured_task_of_a_link_is_shown(open_page):
    page = open_page("/lifetime?inference=task&task=task-image-generation", width=390).page
    kwh = inference.measured(0.8)["task-image-generation"]
    assert headline(page) == units.typeset(lifetime.headline(RESULT, Service(1e7, 4.0, kwh)))
    assert "Image generation" in page.locator(".stMain").inner_text()
