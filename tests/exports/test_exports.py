"""What is taken away says what the screen says, and comes back."""

import csv
import io
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from huggingface_hub import ModelCard
from huggingface_hub.utils import endpoint_helpers
from hypothesis import given
from hypothesis import strategies as st

from oce import InputError, Scenario, catalog, descriptions, estimate, estimate_many, exports, units
from oce.estimation import FIGURES
from oce.exports.latex import escaped
from oce.importers import prior_runs, saved_scenarios
from oce.interval import BOUNDS
from oce.version import METHOD_VERSION

LLAMA = catalog.model("llama-3-70b")
SCENARIOS = {
    "a preset": LLAMA.scenario(),
    "the paper's way": Scenario(
        training_flop=3.12e23, device="A100", region="CHN", throughput="published", embodied="paper"
    ),
    "without an interval": Scenario(
        training_flop=1e21, device="V100", region="FRA", log10_alpha_low=3, log10_alpha_high=3, embodied="paper"
    ),
    "without embodied carbon": Scenario(
        training_flop=1e22, device="Gaudi 3", carbon_intensity_g_per_kwh=50, level=0.95
    ),
    "on a grid that emits nothing": Scenario(training_flop=1e20, device="H100", carbon_intensity_g_per_kwh=0, pue=1.2),
    "a steady rate": Scenario(
        parameters=7e9, tokens=1e12, device="TPU v4", region="USA", tokens_per_second_per_device=2000, device_count=512
    ),
}
RESULTS = {name: estimate(scenario) for name, scenario in SCENARIOS.items()}
ALL = pytest.mark.parametrize(("name", "result"), RESULTS.items(), ids=list(RESULTS))
SCREEN = ("device_hours", "energy_kwh", "operational_co2e_kg", "total_co2e_kg")


def texts(name, result):
    return {
        "statement": exports.statement(name, result),
        "LaTeX": exports.latex([(name, result)]),
        "model card": exports.model_card(name, result),
        "Python": exports.python_code(name, result),
        "JSON": exports.to_json([(name, result)]),
        "CSV": exports.to_csv([(name, result)]),
        "report": exports.html_report([(name, result)]),
    }


@ALL
def test_every_form_states_method_version_and_data(name, result):
    for form, text in texts(name, result).items():
        plain = re.sub(r"<[^>]+>|\\", "", text)
        assert METHOD_VERSION in plain, form
        assert result.data_version in plain, form
        assert escaped(result.method).replace("\\", "") in plain or result.method in plain, form


@ALL
def test_every_form_for_people_says_what_the_interval_is(name, result):
    for form in ("statement", "model card", "Python", "report"):
        assert result.level_meaning in texts(name, result)[form].replace("&#x27;", "'"), form


@ALL
def test_the_numbers_for_people_are_those_on_the_screen(name, result):
    for form in ("statement", "model card", "report"):
        text = texts(name, result)[form]
        for figure in SCREEN:
            interval, scale = getattr(result, figure), units.SCALES[figure]
            assert units.shown(interval.central, scale) in text, (form, figure)
            if interval.low != interval.high:
                assert units.shown_range(interval, scale) in text, (form, figure)


@ALL
def test_the_numbers_for_machines_round_to_those_on_the_screen(name, result):
    found = json.loads(exports.to_json([(name, result)]))
    row = next(csv.DictReader(io.StringIO(exports.to_csv([(name, result)]))))
    for figure in FIGURES:
        for end in BOUNDS:
            value = getattr(getattr(result, figure), end)
            assert found[figure][end] == value
            assert float(row[f"{figure}_{end}"]) == value


@ALL
def test_energy_is_never_in_a_sentence_about_carbon_in_a_unit_of_carbon(name, result):
    said = exports.statement(name, result)
    uses = re.search(r"uses ([\d.,]+) (\w+)", said)
    emits = re.search(r"emits ([\d.,]+) (\w+ CO2e)", said)
    assert uses
    assert emits
    assert uses[2] in {unit.name for unit in units.ENERGY}
    assert emits[2] in {unit.name for unit in units.MASS}


# --- JSON comes back ---


@ALL
def test_a_saved_json_opens_as_the_same_scenario(name, result):
    [(again, scenario)] = saved_scenarios.read(exports.to_json([(name, result)]).encode())
    assert again == name
    assert scenario == result.scenario
    assert estimate(scenario).total_co2e_kg == result.total_co2e_kg


def test_several_estimates_are_saved_and_opened_together():
    content = exports.to_json(list(RESULTS.items())).encode()
    assert saved_scenarios.read(content) == [(name, one.scenario) for name, one in RESULTS.items()]


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "file"),
        (b"\xff\xfe\x00", "file"),
        (b"[" * 100_000, "file"),
        (b"[]", "file"),
        (b"{}", "estimate 1"),
        (b'{"scenario": []}', "estimate 1"),
        (b'{"estimates": 3}', "file"),
        (b'{"scenario": {"parameters": "many", "tokens": 1e12}}', "parameters"),
        (b'{"scenario": {"training_flop": NaN}}', "training_flop"),
        (b'{"scenario": {"training_flop": 1e22, "colour": "red"}}', "colour"),
        (b" " * 3_000_000, "file"),
    ],
)
def test_a_file_that_is_none_of_ours_is_refused_by_name(content, named):
    with pytest.raises(InputError) as refused:
        saved_scenarios.read(content)
    assert named in {problem.field for problem in refused.value.problems}


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.just("scenario"), inner),
        max_leaves=8,
    )
)
def test_whatever_is_in_a_file_it_is_opened_or_refused(found):
    try:
        for _, scenario in saved_scenarios.read(json.dumps(found).encode()):
            assert isinstance(scenario, Scenario)
    except InputError as refused:
        said = str(refused)
        assert said


# --- CSV ---


def test_the_csv_is_what_the_command_line_reads():
    rows = list(csv.DictReader(io.StringIO(exports.to_csv(list(RESULTS.items())))))
    given_fields = [name for name in rows[0] if name in Scenario.model_fields and name != "training_flop"]
    columns = {name: [row[name] for row in rows] for name in given_fields}
    columns["training_flop"] = ["" if row["parameters"] else row["training_flop"] for row in rows]
    again = estimate_many(columns)
    assert again["error"].tolist() == [""] * len(rows)
    assert again["total_co2e_kg_central"] == pytest.approx([float(row["total_co2e_kg_central"]) for row in rows])


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", " =1"])
def test_no_name_becomes_a_formula_in_a_spreadsheet(name):
    row = next(csv.DictReader(io.StringIO(exports.to_csv([(name, RESULTS["a preset"])]))))
    assert row["name"] == f"'{name}"


# --- LaTeX ---


def latex_numbers(text):
    return [
        number
        for match in re.finditer(r"\\num(?:range)?((?:\{[^}]*\})+)", text)
        for number in re.findall(r"\{([^}]*)\}", match[1])
    ]


@pytest.mark.parametrize("name", ["[2ex] of", "*", " [x]", "［x］"])
def test_no_name_becomes_an_option_of_the_line_before_it(name):
    result = RESULTS["a preset"]
    rows = exports.latex([("first", result), (name, result)]).splitlines()
    after = [row for before, row in itertools.pairwise(rows) if before.endswith(r"\\")]
    assert len(after) > 1
    assert not [row for row in after if row.lstrip().startswith(("[", "*"))]


@ALL
def test_latex_is_ascii_balanced_and_its_numbers_are_numbers(name, result):
    text = exports.latex([(name, result)])
    assert text.isascii()
    depth = 0
    for character in re.sub(r"\\[{}\\]", "", text):
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    numbers = latex_numbers(text)
    assert numbers
    for number in numbers:  # a comma would be read as a decimal point
        assert re.fullmatch(r"\d+(\.\d+)?(e[+-]?\d+)?", number), number


@ALL
def test_latex_has_the_numbers_of_the_screen(name, result):
    numbers = latex_numbers(exports.latex([(name, result)]))
    for figure in SCREEN:
        interval, scale = getattr(result, figure), units.SCALES[figure]
        central = units.shown(interval.central, scale).split(" ")[0].replace(",", "")
        assert central in numbers, figure


def test_several_estimates_make_a_table_with_a_row_each():
    text = exports.latex(list(RESULTS.items()))
    assert text.count(r"\\") == len(RESULTS) + 1
    assert text.index(r"\begin{table}") < text.index(r"\end{table}")


@given(st.text(max_size=30))
def test_no_name_can_break_latex(name):
    text = escaped(name)
    assert text.isascii()
    bare = re.sub(
        r"\\(text\w+\{\}|ldots\{\}|textsubscript\{\d\}|[&%$#_{}])|\$\\(pm|mu|alpha|beta|sigma)\$|\$-\$", "", text
    )
    assert not set(bare) & set("\\&%$#{}~^<>|"), bare


# --- the model card ---


@ALL
def test_hugging_faces_own_parser_reads_the_model_card(name, result):
    card = ModelCard(exports.model_card(name, result))
    block = card.data.to_dict()["co2_eq_emissions"]
    assert set(block) == {"emissions", "source", "training_type", "geographical_location", "hardware_used"}
    assert isinstance(block["emissions"], int)
    assert block["emissions"] == pytest.approx(1000 * result.total_co2e_kg.central, rel=0.005, abs=0.5)
    assert block["training_type"] == "pre-training"
    assert result.device.name in block["hardware_used"]


@ALL
def test_the_hubs_search_by_emissions_takes_the_number_for_what_it_is(name, result):
    card = ModelCard(exports.model_card(name, result))
    grams = card.data.to_dict()["co2_eq_emissions"]["emissions"]
    if grams:
        within = endpoint_helpers._is_emission_within_threshold(SimpleNamespace(card_data=card.data), grams, grams)
        assert within is True


def test_a_name_with_a_colon_or_quotes_does_not_break_the_metadata():
    result = estimate(Scenario(training_flop=1e22, device="H100", region="USA"))
    assert ModelCard(exports.model_card('a: "b" # c\n---', result)).data.to_dict()["co2_eq_emissions"]["emissions"] > 0


# --- Python ---


def run(code):
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False, timeout=60
    )


@ALL
def test_the_python_reproduces_the_number_when_it_is_run(name, result):
    done = run(exports.python_code(name, result))
    assert done.returncode == 0, done.stderr
    assert f"{result.total_co2e_kg.central:.4g} kg CO2e" in done.stdout


def test_past_runs_are_written_into_the_python():
    own = prior_runs.read(b"device,device_hours,training_flop,year\nH100,2000000,1e24,2024\nH100,900000,4e23,2024\n")
    result = estimate(LLAMA.scenario(), own.for_calibration())
    assert result.total_co2e_kg != RESULTS["a preset"].total_co2e_kg
    done = run(exports.python_code("x", result, own))
    assert done.returncode == 0, done.stderr
    assert f"{result.total_co2e_kg.central:.4g}" in done.stdout


def test_a_name_of_several_lines_stays_in_its_comment():
    done = run(exports.python_code("x\nimport nothing_like_this", RESULTS["a preset"]))
    assert done.returncode == 0, done.stderr


# --- the report ---


@ALL
def test_the_report_stands_alone_and_fetches_nothing(name, result):
    text = exports.html_report([(name, result)], "https://example.org/?device=h100-sxm")
    assert "<script" not in text
    assert not re.search(r"\bsrc\s*=|<link\b|@import", text)  # a link to follow fetches nothing
    assert not re.search(r"url\((?!['\"]?#)", text)
    assert "default-src 'none'" in text
    assert "<div class='charts'></div>" in text  # where the browser puts its drawings (test_take_away.py)


@ALL
def test_the_report_has_the_headline_and_every_assumption_with_its_source(name, result):
    text = exports.html_report([(name, result)]).replace("&#x27;", "'").replace("&amp;", "&").replace("&quot;", '"')
    assert descriptions.headline(result, name) in text
    for one in result.assumptions:
        assert one.source in text
    for note in result.notes:
        assert note.text in text


def test_the_report_is_well_formed():
    result = RESULTS["a preset"]
    text = exports.html_report([("A <b>&", result)])
    body = text[text.index("<body>") : text.index("</body>") + len("</body>")]
    assert ElementTree.fromstring(body) is not None


def test_a_name_with_markup_is_text_in_the_report():
    text = exports.html_report([("<img src=x onerror=alert(1)>", RESULTS["a preset"])])
    assert "<img" not in text


@pytest.mark.parametrize(
    ("flop", "written"), [(1e24, r"\d{8,}"), (1e15, r"0\.\d{3}"), (1e13, r"0\.00\d+")], ids=["large", "small", "tiny"]
)
def test_the_grams_of_a_card_are_never_0_and_have_no_exponent(flop, written):
    """The Hub's own reader takes an exponent for a text, and drops 0."""
    result = estimate(Scenario(training_flop=flop, device="H100", region="FRA"))
    (line,) = re.findall(r"^  emissions: (.+)$", exports.model_card("this", result), re.M)
    assert re.fullmatch(written, line)
    assert float(line) == pytest.approx(result.total_co2e_kg.central * 1000, rel=5e-3)


def test_a_card_says_that_its_grid_is_location_based():
    assert "location-based" in exports.model_card(
        "this", estimate(Scenario(training_flop=1e22, device="H100", region="FRA"))
    )


# --- model card ---


@pytest.mark.parametrize("name", ["a\n---\nco2_eq_emissions: 1", "no", "x: y", "\x85\x7f", "# heading", "1e3"])
def test_no_name_changes_the_metadata_of_a_model_card(name):
    text = exports.model_card(name, RESULTS["a preset"])
    assert ModelCard(text).data.to_dict() == ModelCard(exports.model_card("plain", RESULTS["a preset"])).data.to_dict()
    assert text.count("\n---\n") == 1
