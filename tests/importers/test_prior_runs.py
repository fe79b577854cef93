"""The user's own past runs: what a file may look like, which rows are refused and why, and what the rest is worth."""

import csv
import io
import json
import math
import re

import numpy as np
import pytest

from oce import InputError, Scenario, catalog, estimate
from oce.__main__ import main
from oce.importers import prior_runs
from oce.method.run_utilisation import Runs
from tests.support.rules import for_every

RUN = Scenario(parameters=7e9, tokens=1e12, device="A100-80GB", device_count=256, region="USA")
FLOP = 4.2e22
HOURS = 120_000.0  # of an A100 at 312 TFLOP/s: 31 % of the peak


def text(*lines: str) -> bytes:
    return "\n".join(lines).encode()


def one(*lines: str, training_flop: float | None = None) -> prior_runs.PastRun:
    found = prior_runs.read(text(*lines), training_flop)
    assert found.problems == ()
    (run,) = found.used
    return run


def problem(*lines: str, training_flop: float | None = None) -> str:
    """What is said of the only row that cannot be used."""
    (said,) = prior_runs.read(text(*lines), training_flop).problems
    return said


# --- our own columns ---


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("device,device_hours,training_flop", "A100-80GB,120000,4.2e22"),
        ("device,hours,device_count,training_flop", "A100-80GB,468.75,256,4.2e22"),
        ("device,device_hours,parameters,tokens", "A100-80GB,120000,7e9,1e12"),
        ("device,device_hours,parameters,tokens", "a100-sxm-80gb,120k,7B,1T"),
        ("device,device_hours,parameters,active_parameters,tokens", "A100-80GB,120e3,56B,7B,1T"),
        ("tokens,parameters,device_hours,device", "1e12,7e9,120000,A100 SXM4 80GB"),
        ("device,device_hours,training_flop,hours,device_count", "A100-80GB,120000,4.2e22,,"),
        ("device,device_hours,training_flop,note,cost", 'A100-80GB,120000,4.2e22,"the good one, at last",1e6'),
        (" device , device_hours , training_flop ", " A100-80GB , 120000 , 4.2e22 "),
        ("\ufeffdevice,device_hours,training_flop", "A100-80GB,120000,4.2e22"),
        ("device,device_hours,training_flop,parameters,tokens", "A100-80GB,120000,4.2e22,1e9,1e9"),
    ],
)
def test_our_own_file_comes_in_these_forms(header, row):
    run = one(header, row)
    assert run.device.id == "a100-sxm-80gb"
    assert run.training_flop == pytest.approx(FLOP)
    assert run.device_hours == pytest.approx(HOURS)
    assert run.utilisation == pytest.approx(FLOP / (HOURS * 3600 * 312e12)) == pytest.approx(0.3116, abs=1e-4)
    assert run.mean_power_w is None


def test_what_else_is_known_of_a_run_is_kept():
    header = "device,precision,device_hours,parameters,active_parameters,tokens,year"
    run = one(header, "H100,FP16,50000,56e9,7e9,1e12,2022")
    assert (run.precision, run.size, run.year) == ("fp16", 7e9, 2022)
    plain = one("device,device_hours,training_flop", "H100,50000,4.2e22")
    assert (plain.precision, plain.size, plain.year) == ("bf16", None, None)


def test_all_parameters_stand_for_the_size_where_the_active_ones_are_not_known():
    assert one("device,device_hours,training_flop,parameters", "H100,50000,4.2e22,7e9").size == 7e9


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_file_of_any_system_is_read(newline):
    content = newline.join(["device,device_hours,training_flop", "A100,120000,4.2e22", "V100,9000,1e21", ""]).encode()
    assert [run.device.id for run in prior_runs.read(content).used] == ["a100", "v100"]


def test_one_compute_can_be_stated_for_every_run_that_states_none():
    found = prior_runs.read(text("device,device_hours,training_flop", "A100,120000,", "A100,3e5,1e23"), 4.2e22)
    assert [run.training_flop for run in found.used] == [4.2e22, 1e23]
    assert found.problems == ()


def test_the_compute_of_parameters_and_tokens_goes_before_the_one_stated_for_all():
    assert (
        one("device,device_hours,parameters,tokens", "A100,120000,7e9,1e12", training_flop=1e20).training_flop == FLOP
    )


# --- CodeCarbon's file ---

CODECARBON = (
    "timestamp,project_name,run_id,experiment_id,duration,emissions,emissions_rate,cpu_power,gpu_power,ram_power,"
    "cpu_energy,gpu_energy,ram_energy,energy_consumed,country_name,country_iso_code,region,cloud_provider,"
    "cloud_region,os,python_version,codecarbon_version,cpu_count,cpu_model,gpu_count,gpu_model,longitude,latitude,"
    "ram_total_size,tracking_mode,on_cloud,pue"
)
TRACKED = {
    "timestamp": "2024-03-11T08:15:42",
    "project_name": "codecarbon",
    "run_id": "4f0e8e1e-7c5b-4b6e-9a39-3c1f1e9e5d7a",
    "experiment_id": "5b0fa12a-3dd7-45bb-9766-cc326314d9f1",
    "duration": "360000.0",
    "emissions": "102.1",
    "emissions_rate": "0.000283",
    "cpu_power": "112.5",
    "gpu_power": "2471.9",
    "ram_power": "377.6",
    "cpu_energy": "11.25",
    "gpu_energy": "240.0",
    "ram_energy": "37.7",
    "energy_consumed": "288.95",
    "country_name": "France",
    "country_iso_code": "FRA",
    "region": "île-de-france",
    "cloud_provider": "",
    "cloud_region": "",
    "os": "Linux-5.15.0-1048-x86_64-with-glibc2.35",
    "python_version": "3.11.7",
    "codecarbon_version": "2.4.2",
    "cpu_count": "96",
    "cpu_model": "Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz",
    "gpu_count": "8",
    "gpu_model": "8 x NVIDIA A100-SXM4-80GB",
    "longitude": "2.3488",
    "latitude": "48.8534",
    "ram_total_size": "1007.0",
    "tracking_mode": "machine",
    "on_cloud": "N",
    "pue": "1.0",
}


def emissions(*rows: dict[str, str], also: tuple[str, ...] = ()) -> bytes:
    """A file as CodeCarbon writes it, each row a run of its own project with what differs from ``TRACKED``."""
    rows = [{"run_id": f"run {at}", "project_name": f"project {at}"} | row for at, row in enumerate(rows)]
    file = io.StringIO()
    writer = csv.DictWriter(file, [*CODECARBON.split(","), *also], lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows({**TRACKED, **row} for row in rows)
    return file.getvalue().encode()


def test_the_columns_are_those_that_codecarbon_writes():
    assert list(TRACKED) == CODECARBON.split(",")


def test_codecarbons_file_gives_device_hours_and_mean_power_and_lacks_the_compute():
    (run,) = prior_runs.read(emissions({}), 2e20).used
    assert run.device.id == "a100-sxm-80gb"
    assert run.device_hours == pytest.approx(360_000 / 3600 * 8)
    assert run.training_flop == 2e20
    assert run.mean_power_w == pytest.approx(300.0)  # 240 kWh in 800 device-hours
    assert run.utilisation == pytest.approx(2e20 / (800 * 3600 * 312e12))
    (said,) = prior_runs.read(emissions({})).problems
    assert said.startswith("row 2: training_flop: missing")


@pytest.mark.parametrize(
    ("model", "count", "device"),
    [
        ("8 x NVIDIA A100-SXM4-80GB", 8, "a100-sxm-80gb"),
        ("1 x NVIDIA A100-SXM4-40GB", 1, "a100-sxm-40gb"),
        ("4 x Tesla V100-SXM2-32GB", 4, "v100-sxm2-32gb"),
        ("1 x Tesla T4", 1, "t4"),
        ("8 x NVIDIA H100 80GB HBM3", 8, "h100-sxm"),
        ("2 x NVIDIA GeForce RTX 3090", 2, "rtx-3090"),
        ("1 x NVIDIA GeForce RTX 4090", 1, "rtx-4090"),
        ("1 x NVIDIA L4", 1, "l4"),
        ("NVIDIA A100-SXM4-80GB", 8, "a100-sxm-80gb"),
    ],
)
def test_the_names_that_a_driver_gives_to_gpus_are_known(model, count, device):
    flop = 0.3 * catalog.device(device).peak_tflops[catalog.device(device).training_precision] * 1e12 * 360_000 * count
    found = prior_runs.read(emissions({"gpu_model": model, "gpu_count": str(count)}), flop)
    assert found.problems == ()
    assert found.used[0].device.id == device
    assert found.used[0].device_hours == pytest.approx(100 * count)


def test_a_column_added_to_codecarbons_file_gives_each_run_its_own_compute():
    rows = {"training_flop": "2e20"}, {"training_flop": "3e20"}, {"training_flop": ""}
    found = prior_runs.read(emissions(*rows, also=("training_flop",)), 1e20)
    assert [run.training_flop for run in found.used] == [2e20, 3e20, 1e20]


def test_parameters_and_tokens_added_to_codecarbons_file_give_compute_and_size():
    (run,) = prior_runs.read(emissions({"parameters": "1B", "tokens": "30B"}, also=("parameters", "tokens"))).used
    assert run.training_flop == pytest.approx(1.8e20)
    assert run.size == 1e9


@pytest.mark.parametrize(
    ("changes", "parts"),
    [
        ({"gpu_count": "", "gpu_model": ""}, ["gpu_count", "missing", "GPUs"]),  # a run on CPUs
        ({"duration": ""}, ["duration", "missing"]),
        ({"duration": "long"}, ["duration", "“long”"]),
        ({"gpu_count": "0"}, ["gpu_count", "0"]),
        ({"gpu_model": ""}, ["device", "missing"]),
        ({"gpu_model": "8 x NVIDIA A100-SXM9-80GB"}, ["device", "“NVIDIA A100-SXM9-80GB”", "nearest"]),
        ({"gpu_model": "4 x NVIDIA A1004 x Tesla T4"}, ["device", "several"]),  # two kinds in one machine
        ({"duration": "3600"}, ["device_hours", "8", "at least 178"]),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_a_bad_row_of_codecarbons_is_named_and_the_others_are_used(changes, parts):
    found = prior_runs.read(emissions({}, changes, {"duration": "720000.0"}), 2e20)
    assert [run.device_hours for run in found.used] == [pytest.approx(800), pytest.approx(1600)]
    (said,) = found.problems
    assert said.startswith("row 3: ")
    assert all(part in said for part in parts)


def test_a_run_without_measured_gpu_energy_has_no_power():
    for energy in ("", "0.0"):
        assert prior_runs.read(emissions({"gpu_energy": energy}), 2e20).used[0].mean_power_w is None


# --- rows that cannot be used ---

HEADER = "device,precision,device_hours,hours,device_count,parameters,active_parameters,tokens,training_flop,year"
GOOD = "A100,,120000,,,,,,4.2e22,"


@for_every(
    ("row", "parts"),
    [
        (",,120000,,,,,,4.2e22,", ["device: missing"]),
        ("H10O,,120000,,,,,,4.2e22,", ["device: “H10O” is not allowed", "nearest: H100"]),
        ("=1+1,,120000,,,,,,4.2e22,", ["device: “=1+1” is not allowed"]),
        ("A100,,=1+1,,,,,,4.2e22,", ["device_hours: “=1+1” is not allowed"]),
        ("A100,,120000,,,,,,=cmd|' /C calc'!A0,", ["training_flop: “=cmd"]),
        ("A100,,lots,,,,,,4.2e22,", ["device_hours: “lots” is not allowed (allowed: a number"]),
        ("A100,,nan,,,,,,4.2e22,", ["device_hours: missing"]),
        ("A100,,inf,,,,,,4.2e22,", ["device_hours: “inf”"]),
        ("A100,,-5,,,,,,4.2e22,", ["device_hours: -5 is not allowed"]),
        ("A100,,0,,,,,,4.2e22,", ["device_hours: 0 is not allowed"]),
        ("A100,,1e400,,,,,,4.2e22,", ["device_hours: “1e400”"]),
        ("A100,,,,,,,,4.2e22,", ["device_hours: missing", "hours and device_count"]),
        ("A100,,,500,,,,,4.2e22,", ["device_hours: missing", "hours and device_count"]),
        ("A100,,,500,0,,,,4.2e22,", ["device_count: 0 is not allowed"]),
        ("A100,,120000,,,,,,,", ["training_flop: missing", "parameters and tokens"]),
        ("A100,,120000,,,7e9,,,,", ["training_flop: missing", "parameters and tokens"]),
        ("A100,,120000,,,,,1e12,,", ["training_flop: missing", "parameters and tokens"]),
        ("A100,,120000,,,7,,1e12,,", ["parameters: 7 is not allowed", "1e5 … 1e14"]),
        ("A100,,120000,,,,,,1e50,", ["training_flop: 1e+50"]),
        ("A100,,120000,,,,,,4.2e22,1066", ["year: 1066 is not allowed", "2010 … 2040"]),
        ("A100,int3,120000,,,,,,4.2e22,", ["precision: “int3” is not allowed", "bf16"]),
        ("V100,fp8,120000,,,,,,4.2e22,", ["precision: “fp8” is not allowed", "on V100"]),
        ("A100,,100,,,,,,4.2e22,", ["device_hours: 100 is not allowed", "at least 3.74e+04", "peak of A100"]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_bad_row_is_named_with_its_field_and_the_good_ones_are_used(row, parts):
    found = prior_runs.read(text(HEADER, GOOD, row, GOOD))
    assert len(found.used) == 2
    (said,) = found.problems
    assert said.startswith("row 3: ")
    assert "\n" not in said
    assert all(part in said for part in parts)


def test_every_bad_row_is_named():
    found = prior_runs.read(text(HEADER, "H10O,,1,,,,,,1e20,", GOOD, "A100,,,,,,,,1e20,", GOOD, "A100,x,9,,,,,,1e20,"))
    assert [re.match(r"row (\d+): (\w+)", said).groups() for said in found.problems] == [
        ("2", "device"),
        ("4", "device_hours"),
        ("6", "precision"),
    ]
    assert len(found.used) == 2


def test_rows_are_counted_as_the_file_counts_them_blank_lines_too():
    assert problem(HEADER, GOOD, "", ",,,,,,,,,", "H10O,,1,,,,,,1e20,").startswith("row 5: ")


def test_a_row_with_more_cells_than_columns_is_not_silently_cut():
    said = problem("device,training_flop,hours,device_count", "A100,4e19,1,234,8")  # 1,234 hours on 8, not 1 on 234
    assert said.startswith("row 2: ")
    assert "cells" in said


def test_a_row_that_ends_early_lacks_what_is_not_there():
    assert "training_flop: missing" in problem("device,device_hours,training_flop", "A100,120000")


def test_nothing_is_faster_than_the_peak_and_all_that_is_not_may_be():
    at_peak = FLOP / 312e12 / 3600
    header = "device,device_hours,training_flop"
    found = prior_runs.read(text(header, f"A100,{at_peak * 1.000001},4.2e22"), confirmed=True)
    assert found.used[0].utilisation == pytest.approx(1, abs=1e-5)
    assert "at least" in problem(header, f"A100,{at_peak * 0.9999},4.2e22")


def test_a_run_in_fp8_may_be_faster_than_the_peak_of_bf16():
    hours = 6e23 / (0.6 * 1979e12) / 3600  # 60 % of the fp8 peak of an H100
    assert one("device,precision,device_hours,training_flop", f"H100,fp8,{hours},6e23").precision == "fp8"
    too_fast = 6e23 / (1.1 * 1979e12) / 3600
    assert "at least" in problem("device,precision,device_hours,training_flop", f"H100,fp8,{too_fast},6e23")


# --- files that cannot be used ---


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n\n\n",
        b",,,\n,,\n",
        b"\xff\xfe\x00\x01",
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR",
        bytes(1000),
        b"PK\x03\x04 a spreadsheet",
        b"colour,size\nred,7\n",
        b'{"device": "A100"}',
        b"A100,120000,4.2e22\n",
        b'device,device_hours\n"' + b"x" * 200_000,
    ],
    ids=lambda content: repr(content[:24]),
)
def test_a_file_that_is_no_table_of_runs_is_refused_in_one_line(content):
    with pytest.raises(InputError) as caught:
        prior_runs.read(content)
    assert [found.field for found in caught.value.problems] == ["runs"]
    assert len(str(caught.value).splitlines()) == 1


def test_a_file_of_a_header_alone_has_no_runs():
    found = prior_runs.read(text(HEADER))
    assert (found.used, found.problems) == ((), ())
    assert found.for_calibration() is None


def test_too_many_rows_are_refused_and_not_half_read():
    lines = ["device,device_hours,training_flop"] + ["A100,120000,4.2e22"] * prior_runs.MOST_ROWS
    with pytest.raises(InputError, match=f"at most {prior_runs.MOST_ROWS}"):
        prior_runs.read(text(*lines, "A100,120000,4.2e22"))


def test_what_is_learnt_from_the_most_rows_fits_in_memory():
    matrix_bytes = 8 * prior_runs.MOST_ROWS**2  # of the covariance among past runs, of which several are held
    assert matrix_bytes <= 64e6


# --- what the runs are worth ---


def file_of(factor: float, count: int = 3) -> bytes:
    """Runs like ``RUN`` that took ``factor`` times the device-hours that the calibration expects."""
    hours = factor * estimate(RUN).device_hours.central
    rows = [f"A100-80GB,{hours * (1 + 0.01 * at):.0f},7e9,1e12" for at in range(count)]
    return text("device,device_hours,parameters,tokens", *rows)


def test_the_calibration_gets_every_used_run_as_it_sees_its_own():
    found = prior_runs.read(
        text(
            "device,precision,device_hours,parameters,tokens,year",
            "A100 PCIe 80GB,,120000,7e9,1e12,2022",
            "A100,fp32,2000000,7e9,1e12,",
            "H100,fp8,60000,7e9,1e12,",
            "V100,,1000,,,",
        )
    )
    runs = found.for_calibration()
    assert isinstance(runs, Runs)
    assert runs.cases.devices.tolist() == ["a100-pcie-80gb", "a100-sxm-80gb", "h100-sxm"]
    machines = [runs.cases.hardware[at] for at in runs.cases.code]
    assert [one.peak_tflops for one in machines] == [312, 19.49, 989]
    assert [one.low_precision for one in machines] == ["", "", "fp8"]
    assert runs.cases.size.tolist() == [7e9] * 3
    assert runs.cases.year.tolist() == [2022, catalog.data_year(), catalog.data_year()]
    assert len(set(runs.organisation.tolist())) == 1
    assert np.exp(runs.log_throughput) == pytest.approx([one.utilisation * one.peak_tflops for one in found.used])


@pytest.mark.parametrize("factor", [0.6, 2.0])
def test_past_runs_move_an_estimate_their_way_and_narrow_it(factor):
    found = prior_runs.read(file_of(factor)).for_calibration()
    without, within = estimate(RUN), estimate(RUN, found)
    moved = math.log(within.device_hours.central / without.device_hours.central) / math.log(factor)
    assert 0.3 < moved < 1
    assert within.device_hours.high_over_low < without.device_hours.high_over_low
    (said,) = [one.source for one in within.assumptions if one.field == "throughput"]
    assert "and 3 of your own" in said


def test_runs_of_codecarbon_move_an_estimate_as_the_same_runs_in_our_file_do():
    ours = prior_runs.read(text("device,hours,device_count,training_flop", "A100-80GB,100,8,2e20")).for_calibration()
    theirs = prior_runs.read(emissions({}), 2e20).for_calibration()
    assert estimate(RUN, theirs).device_hours == estimate(RUN, ours).device_hours


def test_runs_on_a_device_of_a_vendor_that_the_calibration_has_not_seen_narrow_its_interval():
    run = RUN.replace(device="MI300X")
    hours = estimate(run).device_hours.central
    lines = [f"MI300X,{hours * (1 + 0.01 * at):.0f},7e9,1e12" for at in range(8)]
    found = prior_runs.read(text("device,device_hours,parameters,tokens", *lines)).for_calibration()
    assert estimate(run, found).device_hours.high_over_low < 0.8 * estimate(run).device_hours.high_over_low


# --- the command line ---

ANY_NUMBER = RUN.replace(device_count=None)  # as the command line is asked
ESTIMATE = ["estimate", "--parameters", "7e9", "--tokens", "1e12", "--device", "A100-80GB", "--region", "USA"]


@pytest.fixture
def run(capsys):
    """The command line called in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def saved(tmp_path):
    def save(content: bytes) -> str:
        (tmp_path / "runs.csv").write_bytes(content)
        return str(tmp_path / "runs.csv")

    return save


def test_the_command_line_says_how_much_past_runs_narrowed_the_interval(run, saved):
    code, out, err = run(*ESTIMATE, "--runs", saved(file_of(2.0)), "--json")
    found = prior_runs.read(file_of(2.0)).for_calibration()
    within, without = estimate(ANY_NUMBER, found).device_hours, estimate(ANY_NUMBER).device_hours
    assert code == 0
    assert json.loads(out)["device_hours"]["central"] == pytest.approx(within.central, rel=1e-12)
    narrow, wide = within.high_over_low, without.high_over_low
    assert err == f"oce: 3 past runs used: the interval is x{narrow:.3g} wide, without them x{wide:.3g}\n"


def test_the_command_line_names_bad_rows_and_goes_on(run, saved):
    content = file_of(2.0) + text("", "H10O,100,7e9,1e12", "A100,soon,7e9,1e12")
    code, out, err = run(*ESTIMATE, "--runs", saved(content), "--json")
    assert code == 0
    assert json.loads(out)["device_hours"]["central"] > 0
    first, second, last = err.splitlines()
    assert first.startswith("oce: --runs, row 5: device: “H10O”")
    assert second.startswith("oce: --runs, row 6: device_hours: “soon”")
    assert last.startswith("oce: 3 past runs used")


def test_the_command_line_takes_codecarbons_file_with_the_compute_of_its_runs(run, saved):
    name = saved(emissions({}, {}))
    code, out, err = run(*ESTIMATE, "--runs", name, "--runs-training-flop", "2e20", "--json")
    expected = estimate(ANY_NUMBER, prior_runs.read(emissions({}, {}), 2e20).for_calibration())
    assert code == 0
    assert "they measured 300 W a device, which --power-w 300 counts with" in err
    assert json.loads(out)["device_hours"]["high"] == pytest.approx(expected.device_hours.high, rel=1e-12)
    code, out, err = run(*ESTIMATE, "--runs", name, "--json")  # without it no row can be used: that is no answer
    assert (code, out) == (2, "")
    assert [line[:36] for line in err.splitlines()[:2]] == [
        "oce: --runs, row 2: training_flop: m",
        "oce: --runs, row 3: training_flop: m",
    ]
    assert err.splitlines()[2].endswith("none of its runs can be used")


def test_past_runs_serve_every_row_of_a_file_of_scenarios(run, saved, tmp_path):
    table = tmp_path / "scenarios.csv"
    table.write_text("parameters,tokens,device,region\n7e9,1e12,A100-80GB,USA\n70e9,15e12,H100,USA\n")
    code, out, _ = run("estimate", "--input", str(table), "--runs", saved(file_of(2.0)))
    found = prior_runs.read(file_of(2.0)).for_calibration()
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    hours = estimate(ANY_NUMBER, found).device_hours.central
    assert float(rows[0]["device_hours_central"]) == pytest.approx(hours, rel=1e-12)
    assert float(rows[1]["device_hours_central"]) > 0


@pytest.mark.parametrize(
    ("content", "more", "part"),
    [
        (None, [], "cannot be read: No such file"),
        (b"", [], "runs: missing (the file is empty"),
        (b"\xff\xfe\xff", [], "a CSV file in UTF-8"),
        (b"colour\nred\n", [], "columns device"),
        (b"device,device_hours\nA100,1\n", ["--runs-training-flop", "much"], "--runs-training-flop: much"),
        (b"device,device_hours\nA100,1\n", ["--runs-training-flop", "-5"], "training"),
        (b"device,device_hours\nA100,1\n", ["--runs-training-flop", "0"], "training"),
        (b"device,device_hours\nA100,1\n", ["--runs-training-flop", "inf"], "--runs-training-flop: inf"),
    ],
)
def test_runs_that_cannot_be_read_at_all_are_refused_in_one_line(run, saved, tmp_path, content, more, part):
    name = str(tmp_path / "missing.csv") if content is None else saved(content)
    code, out, err = run(*ESTIMATE, "--runs", name, *more)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1
    assert err.startswith("oce: ")
    assert part in err


def test_the_catalogue_is_not_changed_by_what_is_read():
    before = catalog.devices(), estimate(RUN)
    prior_runs.read(file_of(5.0))
    estimate(RUN, prior_runs.read(file_of(5.0)).for_calibration())
    assert (catalog.devices(), estimate(RUN)) == before
