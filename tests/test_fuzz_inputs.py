"""Rubbish through every door: each is answered by a message or a default, never by an exception, and soon."""

import csv
import io
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oce import InputError, Scenario, catalog, estimate
from oce.cli import main
from oce.fields import FIELDS
from oce.importers import prior_runs, saved_scenarios
from pages.session import compared_scenarios, link
from tests.support.app_test import new_app, path_of

ROOT = Path(__file__).parents[1]
MOST_SECONDS = 5.0  # of processor time, so that what else runs counts little
SCRIPT = "<script>alert(1)</script>"
PICTURE = "![x](http://elsewhere.example/x.png)"
NASTY = (SCRIPT, PICTURE, "\u202etxet", "\x00", "x" * 10_000, "-1", "1e999", "nan", "²", "9" * 5_000, "=cmd()")

nasty = st.sampled_from(NASTY)
plain_value = (
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20) | st.just(10**400) | nasty
)  # fmt: skip
anything = plain_value | st.binary(max_size=5) | st.lists(plain_value, max_size=3) | st.dictionaries(nasty, nasty)
name = st.sampled_from([*FIELDS, "colour", "__class__", ""])


def refused(action):
    """What `action` was refused with, as a text that can be shown; empty where it was not."""
    try:
        action()
    except InputError as error:
        message = str(error)
    else:
        return ""
    assert "\n" not in message
    message.encode()
    return message


# --- the library ---


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(name, anything, max_size=5))
def test_a_scenario_of_anything_at_all_is_made_or_refused(fields):
    refused(lambda: Scenario(**fields))


# --- links ---


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(name | st.text(max_size=20), nasty | st.text(max_size=20), max_size=6))
def test_a_link_of_anything_at_all_gives_a_scenario(parameters):
    fields, problems = link.from_parameters(parameters)
    Scenario(**fields)
    "".join(map(str, problems)).encode()


words = st.lists(
    st.tuples(st.sampled_from([*FIELDS, "name", "model", "own", ""]), nasty | st.text(max_size=10)).map("-".join),
    max_size=6,
).map("~".join)


@settings(max_examples=100, deadline=None)
@given(words)
def test_a_comparison_of_anything_at_all_can_be_worked_out_or_says_why_not(text):
    own = link.fields_of(link.FIRST_MODEL)
    entries, _ = compared_scenarios.from_text(text)
    for entry in entries:
        assert not set(entry.called(own)) & set("<>")
        refused(lambda entry=entry: entry.scenario(own))
    assert compared_scenarios.from_text(compared_scenarios.to_text(entries))[0] == entries


@pytest.mark.parametrize(
    "open_it",
    [
        lambda: link.from_parameters({"device": "nvidia h100 " * 100_000}),
        lambda: link.from_parameters({"tokens": "9" * 1_000_000}),
        lambda: link.from_parameters({f"x{number}": "1" for number in range(20_000)}),
        lambda: compared_scenarios.from_text("device-h10~" * 100_000),
        lambda: compared_scenarios.from_text("model-zzz~" * 100_000),
    ],
)
def test_a_link_of_any_length_is_read_soon_and_answered_in_few_words(open_it):
    start = time.process_time()
    problems = open_it()[1]
    assert time.process_time() - start < MOST_SECONDS
    assert len(problems) < 2_000


# --- files ---

SCENARIO = ["--training-flop", "1e22", "--device", "A100", "--region", "FRA"]
cell = st.sampled_from(
    ["a100", "h100", "1e22", "1e6", "8 x NVIDIA A100-SXM4-80GB", "3", "١", "", "2024-05-01", "bf16", "inf", *NASTY]
) | st.text(st.characters(codec="utf-8"), max_size=8)
OURS = ["device", "device_hours", "hours", "device_count", "training_flop", "parameters", "tokens", "precision", "year"]
CODECARBONS = ["duration", "gpu_model", "gpu_count", "gpu_energy", "timestamp", "training_flop", "<b>"]
columns = st.lists(st.sampled_from([*OURS, *CODECARBONS]), min_size=1, max_size=8)
table = st.tuples(columns, st.lists(st.lists(cell, max_size=9), max_size=4))
encoding = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])


def as_csv(content, encoding):
    text = io.StringIO()
    writer = csv.writer(text, escapechar="\\")
    writer.writerows([content[0], *content[1]])
    return text.getvalue().encode(encoding, "replace")


def run_row(hours, share, spoilt):
    """A run on A100s at a share of their peak, but for the cells that are spoilt."""
    row = {"device": "A100", "device_hours": f"{hours:.6g}", "training_flop": f"{share * 312e12 * 3600 * hours:.6g}"}
    return row | spoilt


sound = st.builds(run_row, st.floats(10, 1e6), st.floats(0.05, 0.7), st.just({}))
printable = cell.filter(str.isprintable)  # anything else makes the whole file none
spoilt = st.builds(
    run_row, st.floats(10, 1e6), st.floats(0, 2), st.dictionaries(st.sampled_from(OURS), printable, max_size=4)
)


@settings(max_examples=150, deadline=None)
@given(table, encoding)
def test_past_runs_of_any_cells_are_used_or_named(content, encoding):
    found = []
    if not refused(lambda: found.append(prior_runs.read(as_csv(content, encoding)))):
        "".join(found[0].problems).encode()


@settings(max_examples=100, deadline=None)
@given(st.lists(sound, min_size=1, max_size=3), st.lists(spoilt, max_size=3), encoding, st.randoms())
def test_the_sound_runs_of_a_file_are_used_whatever_stands_beside_them(good, bad, encoding, chance):
    rows = [*good, *bad]
    chance.shuffle(rows)
    found = prior_runs.read(as_csv((OURS, [[row.get(name, "") for name in OURS] for row in rows]), encoding))
    "".join(found.problems).encode()
    runs = found.for_calibration()
    assert runs is not None
    carbon = estimate(catalog.model("llama-3-70b").scenario(), runs).total_co2e_kg
    assert 0 < carbon.low <= carbon.central <= carbon.high < math.inf


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_past_runs_of_any_bytes_are_refused_in_one_line(content):
    refused(lambda: prior_runs.read(content))


@settings(max_examples=60, deadline=None)
@given(table, encoding)
def test_the_command_line_answers_every_csv_file(tmp_path_factory, content, encoding):
    folder = tmp_path_factory.mktemp("doors")
    (folder / "in.csv").write_bytes(as_csv(content, encoding))
    code = main(["estimate", "--input", str(folder / "in.csv"), "--output", str(folder / "out.csv")])
    assert code in (0, 2)
    assert main(["estimate", *SCENARIO, "--runs", str(folder / "in.csv")]) in (0, 2)


GARBAGE = {
    "bytes": b"\x00\xff\x93garbage" * 5_000_000,
    "one line": b"x" * 50_000_000,
    "lines": b"garbage, of <b>words</b>, =cmd()\n" * 1_500_000,
}


@pytest.mark.parametrize("kind", GARBAGE)
@pytest.mark.parametrize("option", ["--input", "--runs"])
def test_fifty_megabytes_of_garbage_are_refused_soon_in_one_line(tmp_path, capsys, kind, option):
    file = tmp_path / "garbage.csv"
    file.write_bytes(GARBAGE[kind])
    start = time.process_time()
    assert main(["estimate", *(SCENARIO if option == "--runs" else []), option, str(file)]) == 2
    assert time.process_time() - start < MOST_SECONDS
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("oce: ")
    assert said.err.count("\n") == 1
    assert len(said.err) < 400


def test_bytes_that_are_no_text_on_standard_input_are_refused():
    found = subprocess.run(
        [sys.executable, "-m", "oce", "estimate", "--input", "-"],
        input=b"parameters,\x01\n1,2\n", capture_output=True, cwd=ROOT, env={"LC_ALL": "C"}, check=False,
    )  # fmt: skip
    assert found.returncode == 2
    assert found.stderr.decode().startswith("oce: --input - is not a CSV file in UTF-8")


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(name, plain_value | st.lists(plain_value, max_size=2), max_size=4), plain_value)
def test_json_of_any_fields_opens_or_is_refused(fields, called):
    found = []
    content = json.dumps({"name": called, "scenario": fields}).encode()
    if not refused(lambda: found.extend(saved_scenarios.read(content))):
        for entry, _ in found:
            entry.encode()


@pytest.mark.parametrize("field", ["self", "cls", "__init__", "model_config", "_private"])
def test_a_saved_field_with_a_name_that_python_uses_is_no_such_field(field):
    assert "no such field" in refused(lambda: saved_scenarios.read(json.dumps({"scenario": {field: 1}}).encode()))


@pytest.mark.parametrize(
    "content",
    [
        b'{"name": "\\ud800", "scenario": {"training_flop": 1e22}}',  # half a character: nothing could show it
        b'{"scenario": {' + b",".join(b'"k%d": 1' % number for number in range(100_000)) + b"}}",
        b'{"scenario": {"training_flop": ' + b"9" * 10_000 + b"}}",
    ],
)
def test_json_that_would_break_or_hold_up_the_page_is_refused_soon(content):
    start = time.process_time()
    assert 0 < len(refused(lambda: saved_scenarios.read(content))) < 400
    assert time.process_time() - start < MOST_SECONDS


# --- pages ---

MARKDOWN = ("title", "header", "markdown", "caption", "warning", "error", "info")


def opened(page, parameters, **held):
    app = new_app()
    for key, value in held.items():
        app.session_state[key] = value
    if page:
        app.switch_page(path_of(page))
    for key, text in parameters.items():
        app.query_params[key] = text
    app.run()
    assert [one.message for one in app.exception] == []
    return app


def shown_as_text(app):
    """Holds where neither the Markdown nor the HTML of the page makes markup of what is nasty."""
    markdown = "\n".join(one.value for kind in MARKDOWN for one in app.get(kind))
    html = "\n".join(one.proto.body for one in app.get("html"))
    return SCRIPT not in markdown + html and PICTURE not in markdown


@pytest.mark.parametrize("page", link.OF_PAGES)
@pytest.mark.parametrize("text", [NASTY, tuple(reversed(NASTY))], ids=["one way", "the other"])
def test_a_page_shrugs_off_anything_in_what_it_keeps_in_the_link(page, text):
    parameters = {key: text[at % len(text)] for at, key in enumerate(link.OF_PAGES[page])}
    assert shown_as_text(opened(page, parameters))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_comparison_called_anything_and_against_anything_is_shown_letter_by_letter(text):
    parameters = {"compare": f"name-{text}~~name-{text}~device-a100", "baseline": text}
    assert shown_as_text(opened("compare", parameters))


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_a_scenario_of_rubbish_in_the_link_is_named_on_the_page(text):
    app = opened("", {"device": text, "tokens": text, text[:50]: text})
    assert app.warning[0].value.startswith("In the link, ")
    assert shown_as_text(app)


def test_a_control_shows_the_value_of_the_link_where_it_is_smaller_than_its_steps():
    app = opened("", {"device": "a100", "power_w": "5"}, advanced_open=True)
    assert app.text_input(key="power_w_entry").value == "5"
    app = opened("", {"power_fraction": "0.001"}, advanced_open=True)
    assert app.text_input(key="power_fraction_entry").value == "0.1"
