"""The command line: stable, in what it prints and in how it refuses."""

import csv
import io
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import pytest

from oce import Scenario, catalog, estimate, estimate_many, exports
from oce.cli import main
from oce.method.calibration_file import committed
from tests.support.rules import for_every

ROOT = Path(__file__).parents[1]
EXAMPLE = [
    *("estimate", "--parameters", "70e9", "--tokens", "15e12", "--device", "H100 SXM", "--device-count", "16384"),
    *("--region", "USA", "--pue", "1.1"),
]
PUBLISHED = [*EXAMPLE, "--throughput", "published"]
H100_KG = 164 + math.sqrt(2500 * 6000) / 8  # card and its share of a server
WHOLE_RUN = math.exp(committed().gap_mean)  # share of steady state
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
BY_CALIBRATION = estimate(RUN)
FIGURES = [
    "device_hours",
    "time_to_train_hours",
    "energy_kwh",
    "operational_co2e_kg",
    "embodied_co2e_kg",
    "total_co2e_kg",
]
ADDED = ["training_flop", *(f"{name}_{end}" for name in FIGURES for end in ("low", "central", "high")), "error"]


def shell(*arguments: str, **settings) -> subprocess.CompletedProcess[str]:
    """``python -m oce`` as another tool calls it."""
    options = {"cwd": ROOT, "stdout": subprocess.PIPE, "encoding": "utf-8", "timeout": 60, **settings}
    return subprocess.run([sys.executable, "-m", "oce", *arguments], stderr=subprocess.PIPE, check=False, **options)


@pytest.fixture
def run(capsys):
    """The command line called in this process: exit code, standard output, standard error."""

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as end:
            code = end.code
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return call


@pytest.fixture
def refusal(run):
    """The one line with which a call is refused."""

    def call(*arguments: str) -> str:
        code, out, err = run(*arguments)
        assert (code, out) == (2, "")
        assert err.startswith("oce: ")
        assert err.endswith("\n")
        assert len(err.splitlines()) == 1
        return err

    return call


@pytest.fixture
def table(tmp_path):
    """Writes a CSV file of scenarios and gives its name."""

    def write(text: str, name: str = "scenarios.csv") -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    return write


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


# --- one scenario ---


def test_the_example_of_the_design_prints_the_figures_with_their_intervals():
    done = shell(*PUBLISHED, "--embodied", "paper")
    assert (done.returncode, done.stderr) == (0, "")
    shown = {line[:14].strip(): line[15:] for line in done.stdout.splitlines()}
    assert shown["Compute"] == "6.30 × 10²⁴ FLOP"
    assert shown["Time to train"].split() == ["16.8", "days", "(16.1–17.6", "days)"]
    assert shown["Total"].split() == ["1,970", "t", "CO2e", "(1,890–2,060", "t", "CO2e)"]
    assert shown["Energy"].split() == ["5.10", "GWh", "(4.88–5.32", "GWh)"]


def test_the_whole_card_and_its_share_of_the_server_are_counted_unless_the_papers_making_is_asked_for(run):
    shown = {line[:14].strip(): line[15:] for line in run(*PUBLISHED)[1].splitlines()}
    # 4,880 to 5,322 MWh at 384.4 g/kWh are 1,876 to 2,046 t; 6,337,479 to 6,911,643 h of 164 kg and an eighth of a
    # server's √(2500 × 6000), over 4 × 8,766 × 0.85 h, are 138 to 150 t
    assert shown["Total"].split() == ["2,100", "t", "CO2e", "(2,010–2,200", "t", "CO2e)"]
    assert shown["embodied"].split() == ["144", "t", "CO2e", "(138–150", "t", "CO2e)"]
    assert shown["operational"].split() == ["1,960", "t", "CO2e", "(1,880–2,050", "t", "CO2e)"]


@pytest.mark.parametrize(
    ("options", "central_kg"),
    [
        (["--embodied", "paper"], 6624561.384897 * 1.7 / 1000),
        (["--embodied", "full"], 6624561.384897 * H100_KG / (4 * 8766 * 0.85)),
        (["--device-life-years", "6"], 6624561.384897 * H100_KG / (6 * 8766 * 0.85)),
        (["--use-fraction", "0.5"], 6624561.384897 * H100_KG / (4 * 8766 * 0.5)),
        (["--device-life-years", "6", "--use-fraction", "1"], 6624561.384897 * H100_KG / (6 * 8766)),
        (["--embodied", "paper", "--device-life-years", "6", "--use-fraction", "0.5"], 6624561.384897 * 1.7 / 1000),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_how_the_making_is_counted_is_an_option(run, options, central_kg):
    code, out, err = run(*PUBLISHED, *options, "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["embodied_co2e_kg"]["central"] == pytest.approx(central_kg, rel=1e-8)


def test_json_has_each_figure_under_its_name_with_low_central_and_high(run):
    code, out, err = run(*EXAMPLE, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert list(found)[:7] == ["training_flop", *FIGURES]
    for name in ("training_flop", *FIGURES):
        assert list(found[name]) == ["low", "central", "high"]
        assert 0 < found[name]["low"] <= found[name]["central"] <= found[name]["high"]


def test_json_gives_the_numbers_of_the_library_exactly(run):
    scenario = Scenario(parameters=70e9, tokens=15e12, device="H100 SXM", device_count=16384, region="USA", pue=1.1)
    result, found = estimate(scenario), json.loads(run(*EXAMPLE, "--json")[1])
    for name in FIGURES:
        assert found[name]["central"] == getattr(result, name).central
    assert found["scenario"] == scenario.given()


def test_json_states_method_level_data_version_and_every_assumption(run):
    found = json.loads(run(*PUBLISHED, "--json")[1])
    assert found["method"] == "OpenCarbonEval, published throughput"
    assert found["level"] == pytest.approx(0.4515)
    assert found["data_version"] == catalog.data_version()
    assumed = {one["field"]: one for one in found["assumptions"]}
    assert assumed["power_w"]["value"] == 700
    assert assumed["carbon_intensity_g_per_kwh"]["year"] == "2025"
    assert all(one["source"] for one in assumed.values())


def test_the_calibrated_throughput_is_the_default(run):
    stated, left_out = (json.loads(run(*EXAMPLE, *more, "--json")[1]) for more in (["--throughput", "calibrated"], []))
    assert stated["device_hours"] == left_out["device_hours"]
    assert left_out["method"] == "OpenCarbonEval, calibrated throughput"
    assert left_out["level"] == 0.8
    assert left_out["utilisation"]["central"] == pytest.approx(BY_CALIBRATION.utilisation.central, rel=1e-9)


def test_a_higher_level_is_a_wider_interval(run):
    ratios = []
    for level in ("0.5", "0.8", "0.95"):
        hours = json.loads(run(*EXAMPLE, "--level", level, "--json")[1])["device_hours"]
        ratios.append(hours["high"] / hours["low"])
    assert 1 < ratios[0] < ratios[1] < ratios[2]
    assert ratios[1] == pytest.approx(BY_CALIBRATION.device_hours.high_over_low, rel=1e-9)


@pytest.mark.parametrize(
    ("options", "central_device_hours"),
    [
        (["--utilisation", "0.4"], 6.3e24 / (0.4 * 989e12) / 3600 / WHOLE_RUN),
        (["--tokens-per-second-per-device", "900"], 15e12 / 900 / 3600 / WHOLE_RUN),
        (["--log10-alpha-low", "100", "--log10-alpha-high", "110"], 6624561.384897),
        (["--log10-alpha-low", "-2.56", "--log10-alpha-high=-1e-1"], None),
        (["--training-flop", "6.3e24"], 6624561.384897),
        (["--overhead-fraction", "0.5"], 1.5 * 6624561.384897),
        (["--modality", "language", "--precision", "bf16", "--embodied", "paper", "--level", "0.8"], 6624561.384897),
        (["--throughput", "calibrated"], BY_CALIBRATION.device_hours.central),
        (["--throughput", "calibrated", "--year", "2024"], BY_CALIBRATION.device_hours.central),
        (
            ["--throughput", "calibrated", "--year", "2021"],
            estimate(RUN.replace(year=2021)).device_hours.central,
        ),
    ],
)
def test_every_field_is_an_option(run, options, central_device_hours):
    code, out, err = run(*PUBLISHED, *options, "--json")
    assert (code, err) == (0, "")
    if central_device_hours:
        assert json.loads(out)["device_hours"]["central"] == pytest.approx(central_device_hours, rel=1e-8)


def test_a_carbon_intensity_and_a_power_need_neither_region_nor_device(run):
    given = "--training-flop 3.14e23 --log10-alpha-low -2.5602428817952507 --log10-alpha-high -0.17240877050385794"
    out = run("estimate", *given.split(), "--power-w", "300", "--carbon-intensity-g-per-kwh", "409", "--json")[1]
    assert json.loads(out)["operational_co2e_kg"]["central"] == pytest.approx(562697.95386195, rel=1e-10)  # GPT-3


def test_version_and_help_end_well(run):
    assert run("--version")[0] == 0
    assert run("--help")[0] == 0
    code, out, _ = run("estimate", "--help")
    assert code == 0
    assert "--tokens-per-second-per-device" in out


# --- refusals ---


@for_every(
    ("arguments", "parts"),
    [
        ([], ["a command is needed"]),
        (["guess"], ["guess"]),
        (["estimate", "--parametres", "7e9"], ["--parametres"]),
        (["estimate", "--param", "7e9"], ["--param"]),
        (["estimate", "--parameters"], ["--parameters"]),
        ([*EXAMPLE, "extra"], ["extra"]),
        ([*EXAMPLE, "--device", "H10O"], ["device", "“H10O”", "H100 SXM"]),
        ([*EXAMPLE, "--region", "Frnace"], ["region", "“Frnace”", "France"]),
        ([*EXAMPLE, "--pue", "0.5"], ["pue", "0.5", "1 … 3"]),
        ([*EXAMPLE, "--device-life-years", "0"], ["device_life_years", "0", "0.1 … 30 years"]),
        ([*EXAMPLE, "--device-life-years", "31"], ["device_life_years", "31", "0.1 … 30 years"]),
        ([*EXAMPLE, "--device-life-years", "long"], ["device_life_years", "“long”"]),
        ([*EXAMPLE, "--use-fraction", "0"], ["use_fraction", "0", "0.01 … 1"]),
        ([*EXAMPLE, "--use-fraction", "85"], ["use_fraction", "85", "0.01 … 1"]),
        ([*EXAMPLE, "--embodied", "half"], ["embodied", "“half”", "full, paper"]),
        ([*EXAMPLE, "--parameters", "lots"], ["parameters", "“lots”", "70B"]),
        ([*EXAMPLE, "--parameters", "-5"], ["parameters", "-5", "1e5 … 1e14"]),
        ([*EXAMPLE, "--device-count", "1.5"], ["device_count", "1.5", "whole"]),
        ([*EXAMPLE, "--precision", "bf61"], ["precision", "“bf61”", "nearest: bf16"]),
        ([*PUBLISHED, "--device", "B200"], ["device", "“B200”", "H100 SXM", "utilisation"]),
        (["estimate"], ["training_flop", "parameters and tokens"]),
        (["estimate", "--training-flop", "1e24", "--region", "USA"], ["device", "needed"]),
        (["estimate", "--training-flop", "1e24", "--device", "A100"], ["region", "needed"]),
        ([*EXAMPLE, "--output", "x.csv"], ["--output goes with --input"]),
        ([*EXAMPLE, "--pue", "1\n2"], ["pue"]),
        ([*EXAMPLE, "--device", "X\nY"], ["device"]),
        ([*EXAMPLE, "--pu\ne", "2"], ["unrecognized"]),
    ],
    ids=lambda value: " ".join(value[-2:]),
)
def test_what_cannot_be_used_is_said_in_one_line(refusal, arguments, parts):
    message = refusal(*arguments)
    for part in parts:
        assert part in message


def test_an_unknown_device_ends_the_process_with_2():
    done = shell(*EXAMPLE, "--device", "H10O")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("oce: device: “H10O” is not allowed")
    assert len(done.stderr.splitlines()) == 1


def test_a_terminal_without_unicode_is_no_reason_for_a_traceback():
    done = shell("devices", env={**os.environ, "PYTHONIOENCODING": "ascii"})
    assert "Traceback" not in done.stderr
    assert done.returncode == 0


@pytest.mark.parametrize("arguments", [EXAMPLE, PUBLISHED, ["regions"]], ids=lambda command: command[-1])
def test_json_says_the_same_in_any_encoding(arguments):
    said = [
        json.loads(shell(*arguments, "--json", env={**os.environ, "PYTHONIOENCODING": name}).stdout)
        for name in ("ascii", "utf-8")
    ]
    assert said[0] == said[1]
    assert any(not text.isascii() for text in json.dumps(said[1], ensure_ascii=False).split())


if Path("/dev/full").exists():  # on Linux: a disk without room, to write to

    @pytest.mark.parametrize("arguments", [["devices"], EXAMPLE], ids=["long", "short"])
    def test_a_full_disk_is_said_in_one_line(arguments):
        with Path("/dev/full").open("w") as full:
            done = shell(*arguments, stdout=full)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1


def test_a_reader_who_has_seen_enough_is_no_error():
    command = f"set -o pipefail; '{sys.executable}' -m oce regions | head -n 1"
    done = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("id ")


# --- a file of scenarios ---

HEADER = "run,parameters,tokens,device,region,note\n"
LLAMA = 'llama,70B,15T,H100,USA,"big, new"\n'
BLOOM = "bloom,176e9,366e9,a100,France,\n"


def test_a_file_keeps_its_columns_and_gains_the_documented_ones_in_order(run, table):
    code, out, err = run("estimate", "--input", table(HEADER + LLAMA + BLOOM))
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split(",") == ["run", "parameters", "tokens", "device", "region", "note", *ADDED]
    first, second = read(out)
    kept = {"run": "llama", "parameters": "70B", "tokens": "15T", "device": "H100", "region": "USA", "note": "big, new"}
    assert {name: first[name] for name in kept} == kept
    assert (second["run"], second["note"], second["error"]) == ("bloom", "", "")


def test_numbers_in_a_file_are_those_of_the_library_to_the_last_digit(run, table):
    (row, other) = read(run("estimate", "--input", table(HEADER + LLAMA + BLOOM))[1])
    many = estimate_many(parameters=[70e9, 176e9], tokens=[15e12, 366e9], device=["H100", "A100"], region=["USA", "FR"])
    for name in ADDED[:-1]:
        assert [float(row[name]), float(other[name])] == many[name].tolist()


def test_a_file_written_is_the_file_printed(run, table, tmp_path):
    source, target = table(HEADER + LLAMA + BLOOM), tmp_path / "estimates.csv"
    printed = run("estimate", "--input", source)[1]
    assert run("estimate", "--input", source, "--output", str(target)) == (0, "", "")
    assert target.read_bytes() == printed.encode()


def test_a_file_can_come_from_standard_input_and_go_to_standard_output(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(HEADER + LLAMA))
    code, out, _ = run("estimate", "--input", "-", "--output", "-")
    assert code == 0
    assert read(out)[0]["run"] == "llama"


def test_estimates_can_be_estimated_again(run, table):
    once = run("estimate", "--input", table(HEADER + LLAMA + BLOOM))[1]
    assert run("estimate", "--input", table(once))[1] == once


def test_a_file_from_a_spreadsheet_with_a_byte_order_mark_is_read(run, table):
    code, out, _ = run(
        "estimate", "--input", table("\ufeff" + "parameters,tokens,device,region\r\n7e9,2e12,A100,USA\r\n")
    )
    assert code == 0
    assert read(out)[0]["error"] == ""


@pytest.mark.parametrize(
    ("row", "parts"),
    [
        ("bad,70B,15T,H10O,USA,", ["device", "“H10O”", "H100 SXM"]),
        ("bad,70B,15T,H100,Frnace,", ["region", "“Frnace”", "France"]),
        ("bad,70B,15T,H100,,", ["region", "needed"]),
        ("bad,lots,15T,H100,USA,", ["parameters", "“lots”"]),
        ("bad,70B,1e30,H100,USA,", ["tokens", "1e+30", "1e5 … 1e16"]),
        ("bad,70B,,H100,USA,", ["tokens", "needed"]),
        ("bad,70B,inf,H100,USA,", ["tokens", "“inf”", "1e5 … 1e16"]),
        ("bad", ["needed"]),
    ],
)
def test_a_bad_row_says_why_and_the_others_are_computed(run, table, row, parts):
    code, out, err = run("estimate", "--input", table(HEADER + LLAMA + row + "\n" + BLOOM))
    assert code == 0
    assert err == "oce: 1 of 3 rows could not be estimated; see the column error\n"
    good, bad, last = read(out)
    assert bad["run"] == "bad"
    assert all(part in bad["error"] for part in parts)
    assert not any(bad[name] for name in ADDED[:-1])
    alone = read(run("estimate", "--input", table(HEADER + LLAMA + BLOOM))[1])
    assert [good, last] == alone


@pytest.mark.parametrize("blank", [",,,,,", " , ,,,,", '"",,,,,'])
def test_a_row_of_blank_cells_is_kept_and_told_what_it_lacks(run, table, blank):
    code, out, err = run("estimate", "--input", table(HEADER + LLAMA + blank + "\n" + BLOOM))
    assert (code, err) == (0, "oce: 1 of 3 rows could not be estimated; see the column error\n")
    rows = read(out)
    assert [row["run"].strip() for row in rows] == ["llama", "", "bloom"]
    assert [bool(row["error"]) for row in rows] == [False, True, False]


def test_a_row_with_more_cells_than_columns_is_not_silently_cut(run, table):
    unquoted = "korea,70B,15T,H100,Korea, South,a note\n"
    code, out, _ = run("estimate", "--input", table(HEADER + unquoted + LLAMA))
    assert code == 0
    assert read(out)[0]["error"] != ""
    assert read(out)[1]["error"] == ""


def test_every_row_of_a_file_may_count_the_making_in_its_own_way(run, table):
    rows = (
        "training_flop,device,region,throughput,embodied,device_life_years,use_fraction\n"
        "6.3e24,H100,USA,published,paper,,\n"
        "6.3e24,H100,USA,published,full,6,\n"
        "6.3e24,H100,USA,published,,,0.5\n"
        "6.3e24,H100,USA,published,,,\n"
        "6.3e24,H100,USA,published,,40,\n"
        "6.3e24,H100,USA,published,,,often\n"
    )
    code, out, err = run("estimate", "--input", table(rows), "--device-life-years", "3")
    assert (code, err) == (0, "oce: 2 of 6 rows could not be estimated; see the column error\n")
    *good, too_long, unread = read(out)
    whole = 6624561.384897 * H100_KG / 8766
    kilograms = [6624561.384897 * 1.7 / 1000, whole / 6 / 0.85, whole / 3 / 0.5, whole / 3 / 0.85]
    assert [float(row["embodied_co2e_kg_central"]) for row in good] == pytest.approx(kilograms, rel=1e-8)
    assert "device_life_years: 40 is not allowed" in too_long["error"]
    assert "use_fraction: “often” is not allowed" in unread["error"]


def test_a_row_with_its_own_alphas_is_computed_from_them(run, table):
    rows = (
        "training_flop,log10_alpha_low,log10_alpha_high,power_w,carbon_intensity_g_per_kwh,device\n"
        "5.0000000001e25,26.08153575089343,36.128636984131944,300,436,\n"  # Gemini Ultra
        "1.46e22,26.08153575089343,36.128636984131944,300,409,TPU v4\n"  # Imagen
        "6.3e24,,,,424,H100\n"
    )
    code, out, err = run("estimate", "--input", table(rows), "--throughput", "published")
    assert (code, err) == (0, "")
    tonnes = [float(row["operational_co2e_kg_central"]) / 1000 for row in read(out)]
    assert tonnes == pytest.approx([18874.836015, 5.6496856133476, 1966.1698190374], rel=1e-10)


def test_a_stated_compute_keeps_its_text_and_its_place_and_is_filled_in_where_empty(run, table):
    rows = "parameters,training_flop,tokens,device,region\n70e9,1E24,15e12,A100,USA\n70e9,,15e12,A100,USA\n"
    out = run("estimate", "--input", table(rows))[1]
    header = out.splitlines()[0].split(",")
    assert header == ["parameters", "training_flop", "tokens", "device", "region", *ADDED[1:]]
    assert [row["training_flop"] for row in read(out)] == ["1E24", "6.3e+24"]


def test_an_option_fills_the_rows_that_leave_its_field_empty(run, table):
    rows = "parameters,tokens,device,region\n70e9,15e12,A100,FRA\n70e9,15e12,A100,\n"
    found = read(run("estimate", "--input", table(rows), "--region", "USA", "--pue", "1.1")[1])
    expected = estimate_many(parameters=70e9, tokens=15e12, device="A100", region=["FRA", "USA"], pue=1.1)
    assert [float(row["total_co2e_kg_central"]) for row in found] == expected["total_co2e_kg_central"].tolist()


def test_a_file_of_a_header_alone_gives_a_header_alone_and_is_told(run, table):
    code, out, err = run("estimate", "--input", table(HEADER))
    assert code == 2
    assert err.endswith("has no rows\n")
    assert out == HEADER.strip() + "," + ",".join(ADDED) + "\n"


def test_a_file_that_names_no_field_says_so_in_every_row(run, table):
    code, out, _ = run("estimate", "--input", table("colour,size\nred,7\nblue,8\n"))
    assert code == 2
    assert all("no column" in row["error"] for row in read(out))


def test_an_input_that_cannot_be_read_is_said_in_one_line(refusal, table, tmp_path):
    assert "cannot be read: No such file" in refusal("estimate", "--input", str(tmp_path / "missing.csv"))
    assert "cannot be read: Is a directory" in refusal("estimate", "--input", str(tmp_path))
    assert "is empty" in refusal("estimate", "--input", table(""))
    assert "is empty" in refusal("estimate", "--input", table("\n\n,,\n"))
    assert "tokens more than once" in refusal("estimate", "--input", table("tokens,tokens\n1,2\n"))


def test_a_file_that_is_no_text_is_said_in_one_line(refusal, tmp_path):
    (tmp_path / "odd.csv").write_bytes(b"PK\x03\x04\x14\x00 a spreadsheet")
    assert "is not a CSV file in UTF-8" in refusal("estimate", "--input", str(tmp_path / "odd.csv"))


def test_an_output_that_cannot_be_written_is_said_in_one_line(refusal, table, tmp_path):
    source = table(HEADER + LLAMA)
    for target in (tmp_path, tmp_path / "no" / "such" / "folder.csv"):
        assert f"--output {target} cannot be written" in refusal("estimate", "--input", source, "--output", str(target))


def test_an_unreadable_input_leaves_the_output_alone(refusal, tmp_path):
    target = tmp_path / "estimates.csv"
    target.write_text("precious", encoding="utf-8")
    refusal("estimate", "--input", str(tmp_path / "missing.csv"), "--output", str(target))
    assert target.read_text(encoding="utf-8") == "precious"


def test_an_option_in_no_encoding_is_no_reason_for_a_traceback(table, tmp_path):
    rows, target = table("parameters,tokens,device\n7e9,2e12,A100\n"), tmp_path / "estimates.csv"
    done = shell("estimate", "--input", rows, "--output", str(target), "--region", os.fsdecode(b"\xff"))
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


# --- what can be named ---


@pytest.mark.parametrize(
    ("command", "find", "things"),
    [
        ("devices", catalog.device, catalog.devices()),
        ("regions", catalog.region, catalog.regions()),
        ("models", catalog.model, catalog.models()),
    ],
)
def test_everything_listed_can_be_named(run, command, find, things):
    code, out, err = run(command)
    assert (code, err) == (0, "")
    header, *lines = out.splitlines()
    assert header.split()[:2] == ["id", "name"]
    assert [find(line.split("  ")[0]) for line in lines] == list(things)


@pytest.mark.parametrize("command", ["devices", "regions", "models"])
def test_lists_come_as_json_too(run, command):
    found = json.loads(run(command, "--json")[1])
    assert len(found) == len(getattr(catalog, command)())
    assert all(one["id"] and one["name"] and one["source"] for one in found)


def test_past_runs_with_measured_power_offer_it(run, tmp_path):
    file = tmp_path / "runs.csv"
    file.write_text("device,device_hours,training_flop,power_w\nH100,9000,1e22,610\nH100,8000,1e22,590\n", "utf-8")
    code, _, err = run(*EXAMPLE, "--runs", str(file))
    assert code == 0
    assert "they measured 600 W a device, which --power-w 600 counts with" in err
    assert "measured" not in run(*EXAMPLE, "--runs", str(file), "--power-w", "600")[2]


# --- what was taken for what ---


def test_a_saved_json_opens_and_options_change_it(run, tmp_path):
    saved = tmp_path / "saved.json"
    saved.write_text(run(*EXAMPLE, "--json")[1], encoding="utf-8")
    assert run("estimate", "--open", str(saved), "--json")[1] == run(*EXAMPLE, "--json")[1].replace(
        "{\n", '{\n  "name": "Scenario 1",\n', 1
    )
    changed = json.loads(run("estimate", "--open", str(saved), "--region", "FRA", "--json")[1])
    direct = json.loads(run(*EXAMPLE, "--region", "FRA", "--json")[1])
    assert changed["total_co2e_kg"] == direct["total_co2e_kg"]


def test_several_saved_scenarios_are_all_estimated(run, tmp_path):
    saved = tmp_path / "saved.json"
    named = [(name, estimate(Scenario(training_flop=1e22, device=name, region="FRA"))) for name in ("H100", "A100")]
    saved.write_text(exports.to_json(named), encoding="utf-8")
    found = json.loads(run("estimate", "--open", str(saved), "--json")[1])["estimates"]
    assert [(one["name"], one["total_co2e_kg"]["central"]) for one in found] == [
        (name, result.total_co2e_kg.central) for name, result in named
    ]
    shown = run("estimate", "--open", str(saved))[1]
    assert shown.startswith("H100\n")
    assert "\nA100\n" in shown


def test_a_saved_file_that_cannot_be_opened_is_said_in_one_line(refusal, table, tmp_path):
    assert "cannot be read" in refusal("estimate", "--open", str(tmp_path / "missing.json"))
    assert "no JSON" in refusal("estimate", "--open", table("pue\n1\n"))
    assert "--open goes without --input" in refusal("estimate", "--open", "a.json", "--input", "b.csv")


def test_what_an_option_was_taken_for_is_told_beside_the_answer(run):
    options = [*EXAMPLE[:-4], "--region", "CA", "--device-count", "16.384"]
    shown = run(*options)[1]
    assert "Note: device_count: “16.384” has its thousands marked: 16384" in shown
    assert "US-CA for California" in shown
    notes = [note["text"] for note in json.loads(run(*options, "--json")[1])["notes"]]
    assert any("16384" in note for note in notes)


@pytest.mark.parametrize(
    ("options", "part"),
    [
        (["--power-w", "0.35"], "0.35 kW would be 350 W"),
        (["--power-w", "237000"], "237,000 W"),
        (["--carbon-intensity-g-per-kwh", "0.385"], "385 g/kWh"),
        (["--utilisation", "0.004"], "0.4 % of the peak"),
        (["--utilisation", "0.98"], "nvidia-smi"),
    ],
)
def test_a_value_that_is_probably_meant_otherwise_is_asked_about(run, table, options, part):
    code, shown, _ = run(*EXAMPLE, *options)
    if code == 0:  # 237,000 W is above what the field takes
        assert part in shown
    field = options[0].removeprefix("--").replace("-", "_")
    rows = f"parameters,tokens,device,region,{field}\n70e9,15e12,H100,USA,{options[1]}\n"
    (row,) = read(run("estimate", "--input", table(rows))[1])
    assert part in row.get("read_as", "") or f"{field}: {options[1]}" in row["error"]


def test_a_year_is_never_answered_with_an_example_of_parameters(refusal):
    assert "a number such as 2024, 2010 … 2040" in refusal(*EXAMPLE, "--year", "soon")


def test_an_output_that_says_what_was_taken_for_what_can_be_estimated_again(run, table):
    rows = "params (B);training tokens;GPU;country;PUE\n70;15T;H100;DE;1,2\n"
    once = run("estimate", "--input", table(rows))[1]
    (row,) = read(once)
    assert "US-DE for Delaware" in row["read_as"]
    again = run("estimate", "--input", table(once))[1]
    assert read(again)[0]["total_co2e_kg_central"] == row["total_co2e_kg_central"]


def test_a_column_like_ours_that_is_not_used_is_named_in_the_output_too(run, table):
    rows = "parameters,tokens,device,region,tokens_per_second,note\n7e9,1e12,H100,USA,3000,x\n"
    code, out, err = run("estimate", "--input", table(rows))
    assert code == 0
    for said in (err, read(out)[0]["read_as"]):
        assert "“tokens_per_second” is not used" in said
        assert "“note”" not in said


def test_a_preset_can_be_named_and_options_change_it(capsys):
    assert main(["estimate", "--preset", "Llama 2 70B LoRA", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["scenario"]["training"] == "adapters"
    assert found["total_co2e_kg"]["central"] == estimate(catalog.model("llama-2-70b-lora").fields).total_co2e_kg.central
    assert main(["estimate", "--preset", "rl-8b-example", "--device-count", "128", "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["scenario"]["device_count"] == 128
    assert "An example, not a published run" in err
    assert main(["estimate", "--preset", "llama-3-70b", "--training-flop", "1e21", "--json"]) == 0
    assert main(["estimate", "--preset", "no such model"]) == 2
    assert main(["estimate", "--preset", "llama-3-70b", "--input", "rows.csv"]) == 2
