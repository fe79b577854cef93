"""The bars go from the reported figure to ours without a gap, and say the same numbers as the table."""

import pytest

from oce import catalog, estimate
from oce.analysis.bridge import bridge, ours
from oce.evaluation.reported_footprints import of_model
from pages import charts
from tests.support.rules import for_every

REPORTING = [
    (model.id, estimate(model.scenario()))
    for model in catalog.models()
    if not model.is_example and of_model(model).figure in ("operational_co2e_kg", "energy_kwh")
]


def drawn_of(model, result):
    between = bridge(of_model(catalog.model(model)), ours(result))
    return between, charts.bridge(between, result)


@for_every("model, result", REPORTING, ids=lambda one: one if isinstance(one, str) else "")
def test_each_bar_begins_where_the_one_above_ends(model, result):
    between, chart = drawn_of(model, result)
    (trace,) = chart.figure["data"]
    ends = [base + length for base, length in zip(trace["base"], trace["x"], strict=True)]
    size = between.theirs / ends[0]
    assert ends[-1] * size == pytest.approx(between.total, rel=1e-4)
    level = ends[0]
    for base, end in zip(trace["base"][1:], ends[1:], strict=True):
        assert base in (0.0, pytest.approx(level, rel=1e-3))
        level = end


def test_the_sentence_says_what_each_figure_counts_and_what_was_not_said():
    run = estimate(catalog.model("llama-3-70b").scenario())
    _, chart = drawn_of("llama-3-70b", run)
    assert "1,900 t CO2e of operational carbon" in chart.sentence
    assert "in total" in chart.sentence
    assert "PUE and grid (not said)" in chart.sentence
    assert any("not said; its figure leaves 424 g CO2e/kWh" in cell for row in chart.table.rows for cell in row)


@pytest.mark.parametrize(("factor", "said"), [(1.128, "+13%"), (0.979, "−2.1%"), (3.0, "×3.00"), (0.4, "×0.400")])
def test_a_factor_is_a_percentage_while_it_is_small(factor, said):
    assert charts.change(factor) == said
