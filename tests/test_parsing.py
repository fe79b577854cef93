"""Quantities as people write them: the right value, or a refusal that helps in the words of that field."""

import pytest

from oce import InputError, Scenario
from oce.errors import NotReadError
from oce.fields import FIELDS, NUMBER_FIELDS
from oce.parsing import missing, parse_number, precision, quantity, read_number
from oce.quantity_units import KINDS, kind_named
from tests.support.rules import for_every

PF_DAY = 1e15 * 86_400  # FLOP
READ = [  # field, as written, decimal sign of the file, the number in the field's unit
    ("parameters", "7 billion", "", 7e9),
    ("parameters", "7bn", "", 7e9),
    ("parameters", "70B parameters", "", 70e9),
    ("parameters", "1,3 Mrd", "", 1.3e9),
    ("parameters", "7_000_000_000", "", 7e9),
    ("parameters", "1.000e9", "", 1e9),
    ("tokens", "15 T tokens", "", 15e12),
    ("tokens", "15.000.000.000", "", 15e9),
    ("tokens", "1.5 × 10¹²", "", 1.5e12),
    ("tokens", "2e 12", "", 2e12),  # the + of a link arrives as a blank
    ("training_flop", "6 ZFLOP", "", 6e21),
    ("training_flop", "1000 PF-days", "", 1000 * PF_DAY),
    ("training_flop", "3640 petaflop/s-days", "", 3640 * PF_DAY),
    ("training_flop", "10^23", "", 1e23),
    ("device_count", "16 384", "", 16384),
    ("device_count", "16k GPUs", "", 16000),
    ("power_w", "700W", "", 700),
    ("power_w", "0.7 kW", "", 700),
    ("power_w", "0,7 kW", "", 700),
    ("power_w", "1.234,5", "", 1234.5),
    ("power_w", "412,5", ",", 412.5),
    ("pue", "120%", "", 1.2),
    ("pue", "1,2", "", 1.2),
    ("carbon_intensity_g_per_kwh", "385 g", "", 385),
    ("carbon_intensity_g_per_kwh", "0.385 kgCO2e/kWh", "", 385),
    ("carbon_intensity_g_per_kwh", "385 kg/MWh", "", 385),
    ("carbon_intensity_g_per_kwh", "1000 lb/MWh", "", 453.59237),
    ("utilisation", "40 %", "", 0.4),
    ("tokens_per_second_per_device", "3k tokens/s/GPU", "", 3000),
    ("device_life_years", "48 months", "", 4),
    ("year", "2024-05", "", 2024),
    ("year", "2024-02-04", "", 2024),
    ("year", "04.02.2024", "", 2024),
    ("year", "May 2024", "", 2024),
]


@for_every(("field", "text", "decimal", "value"), READ)
def test_a_quantity_in_any_unit_of_its_field_is_read(field, text, decimal, value):
    assert read_number(field, text, decimal).value == pytest.approx(value, rel=1e-14)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("h", "15 days", 360),
        ("h", "2 weeks", 336),
        ("h", "90 min", 1.5),
        ("h", "36:30:00", 36.5),
        ("h", "1-12:00:00", 36),  # Slurm: days-hours
        ("h", "1d 12h", 36),
        ("device-hours", "2400 GPU-days", 57_600),
        ("device-hours", "1.7M GPU hours", 1.7e6),
        ("s", "2 h", 7200),
        ("kWh", "500 Wh", 0.5),
        ("kWh", "3.6 MJ", 1),
    ],
)
def test_times_and_energies_of_past_runs_are_read(kind, text, value):
    assert quantity(text, kind, lambda _: True).value == pytest.approx(value)


NOTED = [  # what could be meant otherwise, and what the note must name
    ("tokens", "٣38,238", "", 338_238, "read as 338238"),  # digits of any script, in groups too
    ("device_count", "16.384", "", 16384, "16384"),
    ("device_count", "64.000", "", 64, "not 64000"),
    ("power_w", "1.000", "", 1, "not 1000"),
    ("power_w", "1.000", ",", 1000, "not 1"),
    ("device_count", "16,384", "", 16384, "16384"),
    ("training_flop", "3e23 FLOPS", "", 3e23, "a count"),
]


@pytest.mark.parametrize(("field", "text", "decimal", "value", "part"), NOTED)
def test_what_could_be_meant_otherwise_is_told(field, text, decimal, value, part):
    found = read_number(field, text, decimal)
    assert found.value == value
    assert part in found.note


def test_what_can_be_read_in_one_way_needs_no_note():
    assert [text for field, text, decimal, _ in READ if read_number(field, text, decimal).note] == []


@pytest.mark.parametrize(
    ("field", "text", "parts"),
    [
        ("power_w", "1,000", ["1000 or 1"]),
        ("parameters", "8x7B", ["active_parameters", "70B"]),
        ("year", "soon", ["2024"]),
        ("power_w", "200 Wh", ["energy", "kW"]),
        ("device_count", "64 nodes", ["not servers"]),
        ("device_count", "512 cores", ["chips"]),
        ("training_flop", "300 PFLOP/s", ["rate"]),
        ("tokens", "12,34,567", ["15T"]),
        ("carbon_intensity_g_per_kwh", "385 ppm", ["385"]),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_its_field_takes(field, text, parts):
    with pytest.raises(InputError) as caught:
        Scenario(**{"training_flop": 1e22, field: text})
    (problem,) = (one for one in caught.value.problems if one.field == field)
    assert all(part in str(problem) for part in parts)


def test_every_field_refuses_with_an_example_that_it_takes_itself():
    wrong = []
    for name in NUMBER_FIELDS:
        for shown in kind_named(FIELDS[name].kind).example.split(" or "):
            if not FIELDS[name].takes(read_number(name, shown).value):
                wrong.append((name, shown))
    assert wrong == []


def test_every_kind_reads_its_own_example():
    for kind, one in KINDS.items():
        for shown in one.example.split(" or "):
            assert quantity(shown, kind, lambda _: True).value > 0


@pytest.mark.parametrize("text", ["", "x" * 5000, "²", "--5", "1__0", "0x10", "1e", "e5", "∞", "9" * 5000, "1 2 3"])
def test_rubbish_is_no_number(text):
    with pytest.raises(NotReadError):
        read_number("tokens", text)


def test_what_tools_write_for_a_missing_value_is_missing():
    assert [text for text in ("NA", "n/a", "NaN", "-", "None", "#N/A", "<NA>", " ", "null") if not missing(text)] == []
    assert [text for text in ("0", "NAM", "no", "1") if missing(text)] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("torch.bfloat16", "bf16"),
        ("16-mixed", "fp16"),
        ("float32", "fp32"),
        ("FP8-CS", "fp8"),
        ("nvfp4", "fp4"),
        ("bf61", "bf61"),
    ],
)
def test_a_precision_is_known_by_what_frameworks_call_it(text, name):
    assert precision(text) == name


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("70B", 70e9),
        ("70b", 70e9),
        ("72.5B", 72.5e9),
        ("15T", 15e12),
        ("15 T", 15e12),
        (" 70e9 ", 70e9),
        ("1.5e+9", 1.5e9),
        ("1.8G", 1.8e9),
        ("355M", 355e6),
        ("16k", 16e3),
        ("16384", 16384.0),
        ("-2.56", -2.56),
    ],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", " ", "B", "70BB", "7 0B", "70_000", "0x10", "1e", "e9", "1e3k", "1,000", "—"])
def test_what_no_one_means_as_a_number_is_not_read(text):
    with pytest.raises(ValueError, match="a number such as 70e9 or 70B"):
        parse_number(text)
