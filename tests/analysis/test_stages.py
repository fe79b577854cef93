"""Stages of one project add up: central figures do, intervals respect what the stages share."""

import itertools
import json
import math

import pytest

from oce import Scenario, catalog, estimate
from oce.__main__ import main
from oce.analysis import projects, stages
from oce.estimation import FIGURES
from pages import charts

RUN = {"parameters": 70e9, "tokens": 10e12, "device": "H100", "region": "USA", "device_count": 2048}
LONG = {**RUN, "tokens": 8e11, "context_length": 65536}
ELSEWHERE = {**RUN, "tokens": 5e12, "device": "TPU v5p", "region": "FRA", "device_count": 4096}


def project(*runs):
    return stages.add_up([(f"stage {number}", estimate(Scenario(**one))) for number, one in enumerate(runs)])


def test_central_figures_add_and_shares_make_a_whole():
    found = project(RUN, LONG, ELSEWHERE)
    for name in FIGURES:
        parts = [getattr(one.estimate, name).central for one in found.stages]
        assert found.figures[name].central == pytest.approx(sum(parts))
    assert sum(one.share for one in found.stages) == pytest.approx(1.0)


def test_one_stage_is_itself():
    found = project(RUN)
    alone = found.stages[0].estimate
    for name in FIGURES:
        parts = [getattr(getattr(alone, name), end) for end in ("low", "central", "high")]
        assert [getattr(found.figures[name], end) for end in ("low", "central", "high")] == pytest.approx(parts)


def test_the_same_stage_twice_is_as_unsure_as_once():
    once, twice = project(RUN).total_co2e_kg, project(RUN, RUN).total_co2e_kg
    assert twice.high_over_low == pytest.approx(once.high_over_low, rel=1e-6)


def test_unlike_stages_are_surer_together_than_the_sum_of_their_ends_and_never_surer_than_independent_ones():
    found = project(RUN, ELSEWHERE)
    parts = [one.estimate.total_co2e_kg for one in found.stages]
    assert found.total_co2e_kg.high < sum(one.high for one in parts)
    assert found.total_co2e_kg.low > sum(one.low for one in parts)
    widths = [
        one.share * math.log(one.estimate.total_co2e_kg.high / one.estimate.total_co2e_kg.central)
        for one in found.stages
    ]
    independent = found.total_co2e_kg.central * math.exp(math.hypot(*widths))
    assert found.total_co2e_kg.high >= independent * (1 - 1e-9)


def test_one_stage_follows_another():
    found = project(RUN, LONG)
    assert found.stages[0].starts_hours == 0.0
    assert found.stages[1].starts_hours == found.stages[0].ends_hours
    assert found.stages[-1].ends_hours == pytest.approx(found.figures["time_to_train_hours"].central)


def test_cost_adds_only_where_all_have_a_price_in_one_currency():
    priced = {"price_per_device_hour": 2, "currency": "EUR"}
    assert project(RUN, {**RUN, **priced}).cost is None
    assert project({**RUN, **priced, "currency": "USD"}, {**RUN, **priced}).cost is None
    both = project({**RUN, **priced}, {**LONG, **priced})
    assert both.cost.central == pytest.approx(sum(one.estimate.cost.central for one in both.stages))


def test_the_timeline_has_a_bar_for_every_stage():
    chart = charts.timeline_of(project(RUN, LONG))
    assert [trace["name"] for trace in chart.figure["data"]] == ["stage 0", "stage 1"]


def test_the_command_line_adds_rows_up(tmp_path, capsys):
    file = tmp_path / "stages.csv"
    file.write_text(
        "name,parameters,tokens,device,device_count,region\n"
        "first,70e9,10e12,H100,2048,USA\nsecond,70e9,1e12,H100,2048,FRA\n",
        encoding="utf-8",
    )
    assert main(["compare", "--input", str(file), "--sum"]) == 0
    assert "Together: " in capsys.readouterr().out
    assert main(["compare", "--input", str(file), "--sum", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    parts = [one["estimate"]["total_co2e_kg"]["central"] for one in found["stages"]]
    assert found["sum"]["total_co2e_kg"]["central"] == pytest.approx(sum(parts))
    assert main(["compare", "--input", str(file), "--sum", "--baseline", "first"]) == 2


def test_every_preset_beside_another_has_a_sum():
    models = catalog.models()
    for one, other in itertools.pairwise(models):
        found = stages.add_up([(one.id, estimate(one.fields)), (other.id, estimate(other.fields))])
        assert found.total_co2e_kg.low <= found.total_co2e_kg.central <= found.total_co2e_kg.high


# --- published projects ---


@pytest.mark.parametrize("name", projects.projects())
def test_what_was_reported_of_a_project_lies_within_the_sum_of_its_stages(name):
    stages_of = projects.projects()[name]
    assert len(stages_of) > 1
    found = stages.add_up([(one.name, estimate(one.scenario())) for one in stages_of])
    reported = [one.device_hours_reported for one in stages_of]
    if None not in reported:
        hours = found.figures["device_hours"]
        assert hours.low <= sum(reported) <= hours.high


def test_a_stage_that_is_reported_with_the_one_before_it_is_what_both_took_less_that():
    first, second = projects.projects()["PaliGemma 3B"]
    assert (first.fields["tokens"], second.fields["tokens"]) == (350e9, 90e9)
    assert (first.device_hours_reported, second.device_hours_reported) == (18_432, 7_680)


def test_stages_come_by_name_or_in_pairs():
    named = {"first": estimate(RUN), "second": estimate(RUN | {"tokens": 1e11})}
    assert len({stages.add_up(named), stages.add_up(list(named.items()))}) == 1
