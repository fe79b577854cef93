"""Small files that people really had: each gives the right number, or a line that names cause and remedy.

How the expected values were found stands beside them. The command line and the app read the same way
(:func:`oce.importers.prior_runs.read`), so that what is said here is said in both.
"""

import csv
import io
import json
from pathlib import Path

import pytest

from oce import InputError
from oce.cli import main
from oce.importers import prior_runs

CASES = Path(__file__).parent / "cases"
FLOP = 2e20  # 34 % of what eight A40 do in the 495,066 s of cc_one_rank.csv
A40_HOURS = 495_066.1 / 3600 * 8
RUN = ["estimate", "--parameters", "7e9", "--tokens", "2e12", "--device", "A100", "--region", "USA"]


def runs(name, flop=None):
    return prior_runs.read((CASES / name).read_bytes(), flop)


@pytest.fixture
def call(capsys):
    """The command line called in this process: exit code, standard output, standard error."""

    def call(*arguments):
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


def rows(call, name, *options):
    code, out, err = call("estimate", "--input", str(CASES / name), *options)
    return code, list(csv.DictReader(io.StringIO(out))), err


def carbon_kg(call, name):
    """The carbon of a scenario that learns from the runs of a file."""
    code, out, _ = call(*RUN, "--runs", str(CASES / name), "--runs-training-flop", str(FLOP), "--json")
    assert code == 0
    return json.loads(out)["total_co2e_kg"]["central"]


# --- one run counted many times ---


@pytest.mark.parametrize("name", ["cc_one_rank.csv", "cc_eight_ranks.csv", "cc_flush.csv", "cc_excel_de.csv"])
def test_a_run_is_one_run_however_often_it_was_written(call, name):
    """Duration × gpu_count of the one row that holds the whole run; eight ranks end within 7 s of each other."""
    (run,) = runs(name, FLOP).used
    assert run.device.id == "a40"
    assert run.device_hours == pytest.approx(A40_HOURS, rel=1e-4)
    assert run.mean_power_w == pytest.approx(261.03e3 / A40_HOURS, rel=1e-4)  # gpu_energy in kWh
    assert carbon_kg(call, name) == pytest.approx(carbon_kg(call, "cc_one_rank.csv"), rel=1e-4)


def test_what_ranks_and_flushes_were_taken_for_is_told_with_the_other_reading():
    for name, part in (("cc_eight_ranks.csv", "told 8 times"), ("cc_flush.csv", "the last row counts")):
        (note,) = (note for note in runs(name, FLOP).notes if part in note)
        assert note.count("% of peak") == 2


def test_rows_that_follow_one_another_in_one_experiment_are_its_sessions():
    """208, 2,348, 4 and 249 s on one A100: 0.780 h together; of one compute each they would be 14 to 7,900 %."""
    found = runs("cc302_seven_rows.csv", 1e17)
    (run,) = found.used
    assert run.device_hours == pytest.approx((208.2917 + 2347.6695 + 4.0352 + 249.1258) / 3600, rel=1e-5)
    assert "4 sessions of one run" in " ".join(found.notes)


# --- what trackers write ---


def test_every_gpu_that_codecarbon_names_is_known():
    devices = [one["gpu_model"].split(" x ")[1] for one in csv.DictReader((CASES / "cc_gpu_names.csv").open())]
    unknown = [line for line in runs("cc_gpu_names.csv", 1e20).problems if "device: “" in line]
    assert len(devices) == 17
    assert unknown == []


def test_dies_that_software_lists_are_taken_as_cards():
    """Eight GCDs for 100 h are four cards: 400 card-hours, 160 kWh / 400 h = 400 W."""
    found = runs("cc_mi250x_gcds.csv", 1e20)
    assert [(run.device_hours, run.mean_power_w) for run in found.used] == [(400, 400)]
    assert "taken as one card" in " ".join(found.notes)


def test_energy_in_watt_hours_gives_no_power():
    """261,030 kWh in 1,100 device-hours would be 237,000 W; its time is good all the same."""
    found = runs("cc_gpu_energy_in_wh.csv", FLOP)
    assert [run.mean_power_w for run in found.used] == [None]
    assert "237,000 W" in " ".join(found.notes)
    assert "Wh, not kWh" in " ".join(found.notes)


def test_a_file_without_gpus_says_which_columns_to_add():
    with pytest.raises(InputError, match="add columns gpu_model and gpu_count"):
        runs("cc1_no_gpu_columns.csv", 1e15)


def test_a_card_of_a_laptop_is_not_the_desktops():
    (problem,) = runs("cc250_zero.csv", 1e12).problems
    assert "RTX 4080 Laptop GPU" in problem
    assert "nearest" in problem


# --- our own columns ---


def test_minutes_as_hours_are_questioned_with_the_cause():
    """6 × 2.44e9 × 1.1e12 FLOP in 21,600 × 160 h of 312 TFLOP/s are 0.41 % of peak; in minutes 25 %."""
    found = runs("minicpm_minutes_as_hours.csv")
    (problem,) = found.problems
    assert found.used == ()
    assert len(found.questioned) == 1
    assert "minutes written as hours would make it 25 %" in problem
    assert "confirmed" in problem


def test_a_questioned_run_counts_once_it_is_confirmed():
    content = (CASES / "minicpm_minutes_as_hours.csv").read_bytes()
    header, row = content.decode().splitlines()
    assert len(prior_runs.read(content, confirmed=True).used) == 1
    assert len(prior_runs.read(f"{header},confirmed\n{row},yes\n".encode()).used) == 1
    assert prior_runs.read(f"{header},confirmed\n{row},no\n".encode()).used == ()
    (problem,) = prior_runs.read(f"{header},confirmed\n{row},maybe\n".encode()).problems
    assert problem == "row 2: confirmed: “maybe” is not allowed (allowed: yes or no)"


def test_a_date_is_a_year():
    (run,) = runs("minicpm_year_is_date.csv").used
    assert (run.year, run.device_hours) == (2024, 57_600)


# --- files of scenarios ---


def test_a_semicolon_file_is_read_with_its_options(call):
    """France at PUE 1.4 and India at 1.6: not twice the United States at 1."""
    plain = []
    for region, pue in (("FRA", "1.4"), ("IND", "1.6")):
        code, out, _ = call(*RUN[:-2], "--region", region, "--pue", pue, "--json")
        plain.append(json.loads(out)["total_co2e_kg"]["central"])
    code, found, err = rows(call, "semicolon_with_options.csv", *RUN[1:-2])
    assert code == 0
    assert [float(row["total_co2e_kg_central"]) for row in found] == pytest.approx(plain, rel=1e-12)
    assert "semicolons" in err
    assert "semicolons" in found[0]["read_as"]


def test_decimal_commas_of_excel_are_read(call):
    code, found, _ = rows(call, "excel_de_semicolon.csv")
    assert code == 0
    for row, pue in zip(found, ("1.2", "1.1"), strict=True):
        run = [item for name in ("parameters", "tokens", "device", "region") for item in (f"--{name}", row[name])]
        plain = json.loads(call("estimate", *run, "--pue", pue, "--json")[1])
        assert float(row["total_co2e_kg_central"]) == pytest.approx(plain["total_co2e_kg"]["central"], rel=1e-12)


def test_na_is_missing_and_not_namibia(call):
    code, found, _ = rows(call, "r_write_csv_NA.csv")
    assert code == 0
    assert [bool(row["error"]) for row in found] == [False, True, False, False, False]
    assert "region: missing" in found[1]["error"]
    assert "for Namibia write NAM" in found[1]["read_as"]
    germany = float(found[2]["total_co2e_kg_central"])  # PUE, year and device_count of the others are the usual ones
    assert float(found[4]["total_co2e_kg_central"]) == pytest.approx(germany, rel=0.1)


def test_columns_by_other_names_are_read_and_what_contradicts_itself_is_told(call):
    code, (row,), _ = rows(call, "foreign_columns.csv")
    assert code == 2  # its mfu and its tokens/s/gpu are two ways of saying one thing
    assert "only one of utilisation, tokens_per_second_per_device" in row["error"]
    for name in ("tokens_per_second", "years"):
        assert f"“{name}” is not used" in row["read_as"]
    assert "device_count" in row["read_as"]


def test_the_same_columns_without_the_contradiction_give_the_number(call, tmp_path):
    header, row = (CASES / "foreign_columns.csv").read_text().splitlines()
    cells = dict(zip(header.split(","), row.split(","), strict=True))
    del cells["tokens/s/gpu"]
    (tmp_path / "in.csv").write_text(",".join(cells) + "\n" + ",".join(cells.values()) + "\n")
    code, out, _ = call("estimate", "--input", str(tmp_path / "in.csv"))
    (found,) = csv.DictReader(io.StringIO(out))
    plain = "--parameters 7e9 --active-parameters 1e9 --tokens 2e12 --device H100 --region USA --pue 1.5 --year 2024"
    more = "--device-count 64 --utilisation 0.4 --power-w 400 --carbon-intensity-g-per-kwh 50 --overhead-fraction 0.2"
    expected = json.loads(call("estimate", *plain.split(), *more.split(), "--precision", "fp8", "--json")[1])
    assert code == 0
    assert float(found["total_co2e_kg_central"]) == pytest.approx(expected["total_co2e_kg"]["central"], rel=1e-12)


def test_a_table_of_benchmarks_says_what_it_lacks(call):
    code, found, _ = rows(call, "megatron_bridge_2511.csv")
    assert code == 2
    assert "“37556 (36108)”" in found[0]["error"]
    assert all("device: missing" in row["error"] for row in found)


def test_every_case_is_answered_by_both_doors(call):
    """By a number, or by lines that name the file or a row of it; never by silence."""
    silent = []
    for case in sorted(CASES.iterdir()):
        for arguments in (
            (*RUN, "--runs", str(case), "--runs-training-flop", str(FLOP)),
            ("estimate", "--input", str(case)),
        ):
            code, out, err = call(*arguments)
            if code not in (0, 2) or not (out or err) or (code == 2 and not err):
                silent.append((case.name, arguments[-1]))
    assert silent == []
