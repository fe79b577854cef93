"""Scaling and Landscape as a person uses them."""

from itertools import combinations

import pytest

from oce import Scenario, catalog, estimate, units
from oce.field import equipment_era, leaderboard, timeline
from oce.field.accuracy import Conditions
from tests.support.screen import change, charts, query, resize, turn

NAMED = {"timeline": "/landscape", "accuracy-mmlu": "/scaling", "accuracy-imagenet": "/scaling"}
# Where a mark lies in the window, by the id that it carries: in the trace that has the most of them.
PLACE = """([key, id]) => {
    const plot = document.querySelector(`.st-key-chart-${key} .js-plotly-plot`);
    plot.scrollIntoView({block: "center"});
    const holding = plot._fullData
        .map(trace => [trace, (trace.customdata ?? []).findIndex(data => data[0] === id)])
        .filter(([, at]) => at >= 0)
        .sort(([one], [other]) => other.x.length - one.x.length);
    const [trace, at] = holding[0];
    const {xaxis, yaxis, _size} = plot._fullLayout;
    const {left, top} = plot.getBoundingClientRect();
    return [left + _size.l + xaxis.d2p(trace.x[at]), top + _size.t + yaxis.d2p(trace.y[at])];
}"""


def click_mark(page, key, name):
    """Clicks the mark of a chart that carries this id."""
    page.mouse.move(0, 0)
    x, y = page.evaluate(PLACE, [key, name])
    with change(page):
        page.mouse.click(x, y)


def choose_option(page, name, group=None):
    """Presses a button of a segmented control."""
    within = page.get_by_role("radiogroup", name=group) if group else page
    with change(page):
        within.get_by_role("radio", name=name, exact=True).click()


def chosen(page, name):
    return page.get_by_role("radio", name=name, exact=True).get_attribute("aria-checked") == "true"


def boxes(page, key, selector=".textpoint text"):
    """Text and box of every name on a chart, once it has some: a chart below the window is drawn when there is time."""
    page.locator(f".st-key-chart-{key} {selector}").first.wait_for(state="attached")
    return page.evaluate(
        """([key, selector]) => [...document.querySelectorAll(`.st-key-chart-${key} ${selector}`)].map(text => {
            const {left, top, right, bottom} = text.getBoundingClientRect();
            return [text.textContent, left, top, right, bottom];
        })""",
        [key, selector],
    )


def overlap(one, other):
    """By how much two boxes lie over each other, the narrower way [px]."""
    return min(min(one[at + 2], other[at + 2]) - max(one[at], other[at]) for at in (1, 2))


def overlapping(found):
    return [(one[0], other[0]) for one, other in combinations(found, 2) if overlap(one, other) > 1]


# --- the link ---


@pytest.mark.parametrize(
    ("path", "press", "expected"),
    [
        ("/scaling", ["Each its own grid", "The paper's figure 7"], {"grids": "own", "models": "paper"}),
        (
            "/landscape",
            ["Equipment era", "The paper's α", "Model size"],
            {"view": "era", "unit": "alpha", "by": "size"},
        ),
        ("/landscape", ["The paper's method"], {"against": "published"}),
    ],
)
def test_a_filter_survives_a_reload_by_the_link(open_page, path, press, expected):
    screen = open_page(path)
    page = screen.page
    for name in press:
        choose_option(page, name)
    assert query(page) == expected
    before = [one["traces"] for one in charts(page)]
    screen.go(page.url.removeprefix(screen._url))
    assert query(page) == expected
    assert all(chosen(page, name) for name in press)
    assert [one["traces"] for one in charts(page)] == before
    assert screen.complaints == []


def test_the_filters_of_a_page_are_kept_while_another_is_visited(open_page):
    page = open_page("/landscape?view=era").page
    with change(page):
        page.get_by_role("link", name="Scaling").click()
    assert query(page) == {}
    with change(page):
        page.get_by_role("link", name="Landscape").click()
    assert query(page) == {"view": "era"}
    assert chosen(page, "Equipment era")


@pytest.mark.parametrize(("path", "name", "default"), [("/landscape", "Equipment era", "Models in time")])
def test_the_back_button_takes_a_filter_back(open_page, path, name, default):
    page = open_page(path).page
    choose_option(page, name)
    with change(page):
        page.go_back()
    assert chosen(page, default)
    assert query(page) == {}


def test_a_score_of_ones_own_makes_the_scenario_a_point_and_goes_into_the_link(open_page):
    screen = open_page("/scaling")
    page = screen.page
    entry = page.get_by_label("Your MMLU score, %", exact=True)
    entry.fill("75")
    with change(page):
        entry.press("Enter")
    assert query(page) == {"mmlu": "75"}
    star = next(trace for one in charts(page) for trace in one["traces"] if trace["name"] == "your scenario")
    assert star["y"] == [75]
    assert screen.complaints == []


# --- clicking a model ---


@pytest.mark.parametrize("name", ["gemini-ultra", "flan-137b", "nllb"])
def test_a_mark_on_the_time_line_becomes_the_scenario_by_a_click(open_page, name):
    screen = open_page("/landscape")
    page = screen.page
    milestone = next(one for one in timeline.milestones() if one.id == name)
    click_mark(page, "timeline", name)
    found = query(page)
    assert found["device"] == milestone.device
    assert found["region"] == milestone.region
    assert float(found["training_flop"]) == milestone.training_flop
    count = milestone.device_count or float(found["device_count"])  # where none was published, the usual one
    mine = estimate(Scenario(**{**milestone.fields, "device_count": count})).operational_co2e_kg.central
    assert f"Your scenario's {units.typeset(units.shown(mine, units.MASS))}" in page.locator(".stMain").inner_text()
    assert screen.complaints == []


def test_a_point_of_the_accuracy_chart_becomes_the_scenario_and_keeps_its_place(open_page):
    screen = open_page("/scaling?region=FRA&pue=1.3")
    page = screen.page
    click_mark(page, "accuracy-mmlu", "gemma-2-27b-mmlu")
    found = query(page)
    assert found["device"] == "tpu-v5p"
    assert (found["region"], found["pue"]) == ("FRA", "1.3")
    assert float(found["training_flop"]) == 2.122e24
    assert screen.complaints == []


def test_a_preset_on_the_accuracy_chart_becomes_that_preset(open_page):
    page = open_page("/scaling?region=FRA").page
    click_mark(page, "accuracy-mmlu", "deepseek-v3-mmlu")
    assert query(page)["region"] == catalog.model("deepseek-v3").fields["region"]
    assert page.get_by_role("combobox", name="Model").input_value().startswith("DeepSeek-V3")


def test_a_run_of_the_equipment_era_becomes_the_scenario_by_a_click(open_page):
    screen = open_page("/landscape?view=era")
    page = screen.page
    run = min(equipment_era.run_points(), key=lambda one: one.run.year).run  # far from any other mark
    click_mark(page, "era-runs", run.id)
    assert query(page)["device"] == run.device
    assert float(query(page)["training_flop"]) == run.training_flop
    assert screen.complaints == []


def test_a_row_of_the_leaderboard_becomes_the_scenario(open_page):
    screen = open_page("/landscape")
    page = screen.page
    largest = leaderboard.ranked(Conditions(384.4, 1.08))[0]
    table = page.locator(".st-key-leaderboard")
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    with change(page):
        page.mouse.click(box["x"] + 18, box["y"] + 52)  # the box that ticks the first row, on a canvas
    assert query(page)["device"] == largest.fields["device"]
    assert float(query(page)["training_flop"]) == largest.training_flop
    assert screen.complaints == []


# --- what can be read ---


@pytest.fixture(scope="module", params=NAMED)
def key(request):
    """The charts that name their marks, in turn: the tests of a chart share its page."""
    return request.param


@pytest.fixture(scope="module")
def named(key, tabs):
    """The page of the chart, as loaded in light."""
    screen = tabs.open(NAMED[key], 1280, 800, "light")
    yield screen
    tabs.free(screen)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_two_names_overlap(named, key, scheme):
    turn(named.page, scheme)
    names = boxes(named.page, key)
    assert len(names) >= (1 if key == "timeline" else 8)  # of models on the scenario's device; others have no room
    assert overlapping(names) == []
    assert named.complaints == []


def names_under_the_note(page, key):
    """The names that the note of the scenario lies over."""
    (own,) = boxes(page, key, ".annotation text")
    assert "your scenario" in own[0]
    return [name[0] for name in boxes(page, key) if overlap(own, name) > 1]


def test_the_scenarios_own_note_covers_no_name(named, key):
    assert names_under_the_note(named.page, key) == []


@pytest.mark.parametrize(
    ("chart", "tokens"), [("timeline", "1.5e12"), ("accuracy-mmlu", "1.5e12"), ("accuracy-imagenet", "5e11")]
)
def test_the_note_of_another_scenario_covers_no_name(open_page, chart, tokens):
    page = open_page(f"{NAMED[chart]}?tokens={tokens}", width=1280).page
    assert names_under_the_note(page, chart) == []


def test_every_name_is_within_its_chart(named, key):
    (plot,) = named.page.locator(f".st-key-chart-{key} .js-plotly-plot").all()
    frame = plot.bounding_box()
    for _, left, top, right, bottom in boxes(named.page, key):
        assert frame["x"] - 1 <= left < right <= frame["x"] + frame["width"] + 1
        assert top < bottom


def test_the_key_of_the_time_line_stands_under_it(open_page):
    page = open_page("/landscape").page
    for width in (1280, 390):
        resize(page, width, 800)
        key = page.locator("p.key")
        said = key.inner_text()
        for task in {one.task for one in timeline.milestones()}:
            assert task in said
        box, chart = key.bounding_box(), page.locator(".st-key-chart-timeline").bounding_box()
        assert box["y"] >= chart["y"] + chart["height"] - 1
        assert box["x"] + box["width"] <= width
