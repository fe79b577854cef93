"""Which rows of a file are one run: by run_id, by time on one machine, by project; what cannot be decided is asked."""

import csv
import io
from datetime import datetime, timedelta

import pytest

from oce.importers import prior_runs

HOUR = 3600
COLUMNS = ["timestamp", "project_name", "run_id", "experiment_id", "duration", "gpu_energy", "gpu_count", "gpu_model"]
START = datetime(2025, 3, 1)


def row(start, hours, run="", kwh_per_hour=2.4, project="p", count=8, **more):
    """A row of CodeCarbon: eight A100 at 300 W from ``start`` [h after the first of March] for so many hours."""
    return {
        "timestamp": (START + timedelta(hours=start + hours)).isoformat(),
        "project_name": project,
        "run_id": run or f"{start}-{hours}-{kwh_per_hour}",
        "experiment_id": "e",
        "duration": hours * HOUR,
        "gpu_energy": kwh_per_hour * hours,
        "gpu_count": count,
        "gpu_model": f"{count} x NVIDIA A100-SXM4-80GB",
        **more,
    }


def read(*rows, flop=None):
    file = io.StringIO()
    more = [name for name in dict.fromkeys(name for one in rows for name in one) if name not in COLUMNS]
    writer = csv.DictWriter(file, COLUMNS + more, restval="")
    writer.writeheader()
    writer.writerows(rows)
    return prior_runs.read(file.getvalue().encode(), flop)


def flop_at(share, device_hours):
    """Compute at a share of the peak of an A100."""
    return share * 312e12 * HOUR * device_hours


def hours(found):
    return [run.device_hours for run in found.used]


def test_sessions_with_one_run_id_add_up():
    found = read(row(0, 10, "a"), row(20, 30, "a"), row(60, 5, "a"), flop=flop_at(0.3, 45 * 8))
    assert hours(found) == pytest.approx([45 * 8])
    assert "3 sessions of one run, 30 % of peak" in " ".join(found.notes)


def test_flushes_of_one_run_id_count_once():
    found = read(*(row(0, at, "a") for at in (10, 20, 30)), flop=flop_at(0.3, 30 * 8))
    assert hours(found) == pytest.approx([30 * 8])
    assert "written 3 times" in " ".join(found.notes)


def test_ranks_of_one_machine_count_once():
    found = read(*(row(0, 10 + 0.001 * at, f"rank{at}") for at in range(8)), flop=flop_at(0.3, 80))
    assert hours(found) == pytest.approx([80], rel=0.01)
    assert "told 8 times" in " ".join(found.notes)


def test_machines_of_one_run_add_up_and_their_ranks_count_once():
    nodes = [row(0, 10, f"{node}-{rank}", 2.4 + 0.1 * node) for node in range(4) for rank in range(8)]
    found = read(*nodes, flop=flop_at(0.3, 4 * 80))
    assert hours(found) == pytest.approx([4 * 80])
    assert "one run on 4 machines" in " ".join(found.notes)


def test_runs_of_other_projects_at_one_time_are_runs_of_their_own():
    found = read(row(0, 10, project="p"), row(0, 10, project="q"), flop=flop_at(0.3, 80))
    assert hours(found) == pytest.approx([80, 80])


def test_runs_beside_each_other_that_state_other_computes_are_runs_of_their_own():
    found = read(row(0, 10, "a", training_flop=2e19), row(0, 10, "b", training_flop=3e19))
    assert [run.training_flop for run in found.used] == [2e19, 3e19]


def test_rows_of_like_lengths_that_follow_one_another_are_runs_of_the_same_compute():
    found = read(row(0, 10), row(20, 11), row(40, 10), flop=flop_at(0.3, 80))
    assert hours(found) == pytest.approx([80, 88, 80])
    assert "give them one run_id" in " ".join(found.notes)


def test_rows_of_unlike_lengths_that_follow_one_another_are_the_sessions_of_a_run():
    found = read(row(0, 1), row(20, 30), row(60, 4), flop=flop_at(0.3, 35 * 8))
    assert hours(found) == pytest.approx([35 * 8])


def test_what_cannot_be_decided_is_asked_with_both_utilisations():
    without_energy = [row(0, 10, f"rank{at}", 0.0) for at in range(4)]
    for rows, flop in (
        (without_energy, flop_at(0.3, 80)),  # one machine or four?
        ([row(0, 10, f"rank{at}") for at in range(8)], flop_at(3, 80)),  # one machine would be above its peak
    ):
        found = read(*rows, flop=flop)
        assert found.used == ()
        (problem,) = found.problems
        assert problem.endswith(("run_id", "this run"))
        assert problem.count("% of peak") == 2


def test_rows_of_our_own_with_one_run_id_are_its_sessions():
    text = "run_id,device,hours,device_count,training_flop\na,A100,10,8,{0}\na,A100,30,8,{0}\nb,A100,40,8,{0}\n"
    found = prior_runs.read(text.format(flop_at(0.3, 320)).encode())
    assert hours(found) == pytest.approx([320, 320])


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"duration": "-5"}, "duration: -5 is not allowed"),
        ({"duration": "0"}, "duration: 0 is not allowed"),
        ({"gpu_model": "4 x NVIDIA A1004 x Tesla T4"}, "several"),
        ({"duration": "machine"}, "a column off"),
        ({"gpu_count": "", "gpu_model": ""}, "only runs on GPUs"),
    ],
)
def test_a_row_that_tells_of_no_run_on_gpus_is_named_with_its_cause(changes, part):
    found = read(row(0, 10, "a") | changes, row(0, 10, "b", project="q"), flop=flop_at(0.3, 80))
    assert hours(found) == pytest.approx([80])
    assert part in found.problems[0]


def test_cells_of_a_newer_version_under_an_older_first_line_are_told():
    file = "duration,gpu_energy,gpu_count,gpu_model\n3600,2.4,8,8 x A100,machine,N\n"
    (problem,) = prior_runs.read(file.encode(), 1e18).problems
    assert "newer CodeCarbon" in problem


def test_green_algorithms_and_ml_co2_give_runs_and_a_card_of_autotrain_says_why_not():
    green = (
        "runTime_hour,runTime_min,coreType,numberCPUs,numberGPUs,GPUmodel,PUE\n12,30,GPU,12,8,NVIDIA Tesla V100,1.67\n"
    )
    assert hours(prior_runs.read(green.encode(), 2e19)) == [100]
    said = (
        "A cumulative of 1,200 hours of computation was performed on hardware of type A100 PCIe 40/80GB (TDP of 250W)."
    )
    (run,) = prior_runs.read(said.encode(), flop_at(0.3, 1200)).used
    assert (run.device.id, run.device_hours) == ("a100-pcie-40gb", 1200)
    with pytest.raises(ValueError, match="carbon alone"):
        prior_runs.read(b"---\nco2_eq_emissions:\n  emissions: 0.156\n---\n")


@pytest.mark.parametrize(
    ("columns", "cells", "cause"),
    [
        ("hours,device_count", "21600,160", "minutes written as hours would make it 25 %"),
        ("hours,device_count", "1296000,160", "seconds written as hours would make it 25 %"),
        ("hours,device_count", "57600,160", "device-hours written as hours would make it 25 %"),
        ("device_hours,device_count", "360,160", "wall time written as device-hours, on 160 devices"),
        ("hours,device_count", "15,160", "days written as hours would make it 25 %"),
    ],
)
def test_the_likely_cause_of_a_run_that_cannot_be_is_named(columns, cells, cause):
    text = f"device,{columns},parameters,tokens\nA100-80GB,{cells},2.44e9,1.1e12\n"
    found = prior_runs.read(text.encode())
    assert found.used == ()
    assert cause in found.problems[0]


@pytest.mark.parametrize(
    ("column", "cell"),
    [("runtime_min", "21600"), ("wall time (h)", "360"), ("training_time", "15 days"), ("elapsed", "15-00:00:00")],
)
def test_a_time_is_read_in_the_unit_that_its_column_or_cell_says(column, cell):
    text = f"device,{column},device_count,parameters,tokens\nA100-80GB,{cell},160,2.44e9,1.1e12\n"
    assert hours(prior_runs.read(text.encode())) == pytest.approx([57_600])


@pytest.mark.parametrize("column", ["Runtime", "_runtime", "duration", "elapsed", "training time"])
def test_a_time_without_a_unit_is_asked_for_it(column):
    """Weights & Biases writes seconds, a diary hours."""
    text = f"device,{column},device_count,parameters,tokens\nA100-80GB,360,160,2.44e9,1.1e12\n"
    (problem,) = prior_runs.read(text.encode()).problems
    assert "a time with its unit" in problem


def test_rows_of_our_own_that_are_the_same_are_counted_and_it_is_told():
    found = prior_runs.read(b"device,device_hours,training_flop\nA100,12000,1e21\nA100,12000,1e21\n")
    assert len(found.used) == 2
    assert "rows 2 and 3 are the same: counted as 2 runs" in " ".join(found.notes)
