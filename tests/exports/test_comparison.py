"""Scenarios side by side on the command line: ratios to a baseline, why, and what they rest on."""

import json
import subprocess
import sys

import pytest

from oce import Scenario, estimate
from oce.analysis import comparison
from oce.errors import InputError
from oce.exports.comparison import COMPARED, Limits, comparison_json, comparison_text

RUN = Scenario(parameters=70e9, tokens=2e12, device="A100 SXM4 80GB", device_count=512, region="USA")
NAMED = [
    ("ours", estimate(RUN)),
    ("H100", estimate(RUN.replace(device="H100 SXM", device_count=256))),
    ("France", estimate(RUN.replace(region="France"))),
]
ROWS = """name,parameters,tokens,device,device_count,region
ours,70e9,2e12,A100 SXM4 80GB,512,USA
H100,70e9,2e12,H100 SXM,256,USA
France,70e9,2e12,A100 SXM4 80GB,512,France
"""


def compare(text, *options):
    return subprocess.run(
        [sys.executable, "-m", "oce", "compare", "--input", "-", *options],
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_command_line_says_what_the_library_says():
    told = compare(ROWS, "--json", "--baseline", "H100")
    assert told.returncode == 0
    assert json.loads(told.stdout) == json.loads(json.dumps(comparison_json(NAMED, "H100")))
    assert compare(ROWS).stdout.strip() == comparison_text(NAMED)


def test_a_ratio_is_that_of_the_central_figures_and_the_baselines_own_is_one():
    found = comparison_json(NAMED)
    assert found["baseline"] == "ours"
    for (name, one), said in zip(NAMED, found["scenarios"], strict=True):
        assert said["name"] == name
        for figure in COMPARED:
            expected = getattr(one, figure).central / getattr(NAMED[0][1], figure).central
            ratio = said["ratio"][figure]
            assert ratio["central"] == pytest.approx(expected)
            assert ratio["low"] <= ratio["central"] <= ratio["high"]
    assert all(ratio == {"low": 1, "central": 1, "high": 1} for ratio in found["scenarios"][0]["ratio"].values())


def test_the_attribution_adds_up_to_the_difference_of_the_totals():
    base = NAMED[0][1].total_co2e_kg.central
    for (_, one), said in zip(NAMED, comparison_json(NAMED)["scenarios"], strict=True):
        assert sum(said["attribution"].values()) == pytest.approx(one.total_co2e_kg.central - base, abs=1e-6 * base)
        assert set(said["attribution"]) == set(comparison.FACTORS)


def test_another_device_says_what_its_speed_rests_on_and_the_same_says_that_it_is():
    ours, h100, france = comparison_json(NAMED)["scenarios"]
    assert "on one stack" in h100["rests_on"]
    assert "never measured" not in h100["rests_on"]
    tpu = comparison_json([NAMED[0], ("TPU", estimate(RUN.replace(device="TPU v4")))])["scenarios"][1]
    assert "never measured on one stack" in tpu["rests_on"]
    assert ours["sentence"] == "the baseline"
    assert ours["rests_on"] == ""
    assert "less" in france["sentence"]


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        (
            ROWS,
            ("--baseline", "oors"),
            "baseline: “oors” is not allowed (allowed: the name of a scenario); nearest: ours",
        ),
        (ROWS.replace("France,70e9", "ours,70e9"), (), "name: “ours” is not allowed"),
        (ROWS.replace("H100 SXM", "H100 SXN"), (), "H100: device: “H100 SXN” is not allowed"),
        ("\n".join(ROWS.splitlines()[:2]), (), "scenarios: 1 is not allowed (allowed: 2 … 1000)"),
        (ROWS + ",7e9,1e12,A100,1,USA,and more\n", (), "row 4: 7 cells where the first line names 6 columns"),
    ],
)
def test_what_cannot_be_compared_is_one_line_and_status_two(text, options, said):
    told = compare(text, *options)
    assert told.returncode == 2
    assert told.stdout == ""
    assert told.stderr.startswith(f"oce: {said}")
    assert len(told.stderr.splitlines()) == 1


def test_a_single_estimate_is_no_comparison():
    with pytest.raises(InputError, match="scenarios"):
        comparison_json(NAMED[:1])


def test_limits_give_the_verdict_first_and_the_chance_of_every_scenario():
    wanted = Limits(deadline_hours=60 * 24, budget_kg=200_000)
    found = comparison_json(NAMED, wanted=wanted)
    assert [one["figure"] for one in found["verdict"]["limits"]] == ["time_to_train_hours", "total_co2e_kg"]
    assert all(set(one["chances"]) == {"ours", "H100", "France"} for one in found["verdict"]["limits"])
    told = compare(ROWS, "--deadline-days", "60", "--carbon-budget-t", "200")
    assert told.stdout.startswith(found["verdict"]["sentence"])
    assert "Chance to finish within 60 days: ours " in told.stdout
    assert "verdict" not in comparison_json(NAMED)


@pytest.mark.parametrize("text", ["soon", "-4", "0", "nan"])
def test_a_limit_that_is_none_is_refused_by_name(text):
    told = compare(ROWS, f"--deadline-days={text}")
    assert told.returncode == 2
    assert "--deadline-days" in told.stderr
    assert f"“{text}” is not a number above 0" in told.stderr


def test_limits_are_not_of_a_sum():
    assert "go without --sum" in compare(ROWS, "--sum", "--cost-budget", "1e6").stderr


def test_grids_that_do_not_count_alike_are_named():
    mixed = [*NAMED[:1], ("Oklahoma", estimate(RUN.replace(region="US-OK")))]
    assert comparison_json(NAMED)["grids_not_alike"] == []
    said = comparison_json(mixed)["grids_not_alike"]
    assert said == ["United States lifecycle, production-based", "Oklahoma direct, production-based"]
    assert "Grids are not counted alike: " + "; ".join(said) in comparison_text(mixed)
