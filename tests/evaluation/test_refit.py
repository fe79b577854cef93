"""How far an estimate can be trusted, told from the runs that are like it."""

import math

import pytest

from oce import Scenario, catalog, estimate
from oce.evaluation import paper_tables, refit

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", year=2024)


@pytest.mark.parametrize("device", [one.id for one in catalog.devices() if one.tdp_w])
def test_every_device_has_runs_near_it_and_says_in_what_they_are_alike(device):
    near = refit.nearby(estimate(RUN.replace(device=device)))
    assert len(near.runs) >= refit.ENOUGH_RUNS
    assert near.alike
    assert 0 <= near.held <= len(near.runs)
    assert math.isfinite(near.median_error)


def test_runs_on_the_same_device_come_first():
    near = refit.nearby(estimate(RUN))
    assert {run.device for run in near.runs} == {"h100-sxm"}
    assert near.alike.startswith("on H100 SXM")


def test_the_scores_are_those_of_the_method_in_use():
    for own in ({}, {"year": None}, {"utilisation": 0.4}):
        assert refit.nearby(estimate(RUN.replace(**own))).method == "Calibrated"
    assert refit.nearby(estimate(RUN.replace(throughput="published"))).method == "Published α"


def test_what_was_reported_of_a_preset_is_said_with_where_it_lies():
    llama = catalog.model("llama-3-70b")
    assert "inside the interval" in refit.reported_run(llama, estimate(llama.scenario()))
    diffusion = catalog.model("stable-diffusion-v1")
    said = refit.reported_run(diffusion, estimate(diffusion.scenario()))
    assert "150,000 device-hours, above the interval" in said


def test_three_past_runs_of_the_same_organisation_lower_the_error_and_the_interval_still_holds():
    score = refit.score_prior_runs()
    assert score.runs > 70
    assert score.error_with < score.error_without
    assert 0.74 <= score.held <= 0.90


def test_the_papers_tables_come_out_but_for_one_row():
    rows = {row.printed.id: row for row in paper_tables.tables_2_and_3()}
    assert [name for name, row in rows.items() if not row.reproduced] == ["vit-l-16"]
    for name in ("glm-130b", "bloom-176b", "starcoder-15b", "llama-3-70b"):
        assert rows[name].embodied_used_kg == pytest.approx(rows[name].printed.published_embodied_kg, abs=0.006)
    assert rows["glm-130b"].operational_t == pytest.approx(223.84, abs=0.005)
    assert rows["bloom-176b"].operational_t == pytest.approx(27.17, abs=0.005)


def test_table_1_has_its_eight_devices_and_none_is_faster_than_its_peak():
    rows = paper_tables.table_1()
    assert len(rows) == 8
    assert all(0 < row.slow_tflops < row.fast_tflops < row.peak_tflops for row in rows)


def test_the_committed_scores_are_there_for_every_method_with_ours_first():
    names = [one.name for one in refit.evaluations()]
    assert names[0] == "Calibrated"
    assert {"Published α", "LLMCarbon", "Constant 30 %", "Support vector regression", "Decision tree"} <= set(names)
