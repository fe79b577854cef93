"""A random walk through spellings of valid inputs: none gives another number than the plain one without a word."""

import csv
import io
import math
import random

import pytest

from oce import catalog
from oce.fields import FIELDS
from oce.importers import columns, scenario_rows, table_file
from oce.scenario import Scenario

SPELLINGS = 2_000
NAMES = {  # columns as people call them; {} is a blank, a hyphen or an underscore
    "parameters": ["parameters", "params", "num{}params", "total{}params"],
    "tokens": ["tokens", "training{}tokens", "num{}tokens"],
    "device": ["device", "gpu", "gpu{}type", "accelerator"],
    "device_count": ["device{}count", "gpus", "num{}gpus", "n{}gpus", "#GPUs"],
    "region": ["region", "country", "location"],
    "pue": ["pue"],
    "power_w": ["power{}w", "power (W)", "tdp", "watts"],
    "carbon_intensity_g_per_kwh": ["carbon{}intensity", "ci", "carbon intensity (gCO2e/kWh)", "g_per_kwh"],
    "utilisation": ["utilisation", "utilization", "mfu"],
    "year": ["year", "training{}year"],
}
DEVICES = {
    "a100-sxm-80gb": ["A100-80GB", "NVIDIA A100-SXM4-80GB", "a100 sxm 80gb", "A100 80 GB"],
    "h100-sxm": ["H100", "NVIDIA H100 80GB HBM3", "h100 sxm5", "nvidia_h100_80gb_hbm3"],
    "v100-sxm2-32gb": ["Tesla V100-SXM2-32GB", "v100 32gb"],
    "mi300x": ["AMD Instinct MI300X OAM", "MI300X"],
    "tpu-v4": ["TPU v4", "tpu-v4", "Cloud TPU v4"],
}
REGIONS = {
    "FRA": ["France", "FRA", "FR", "french republic"],
    "USA": ["USA", "US", "United States of America", "U.S."],
    "CA-QC": ["Quebec, Canada", "Québec", "CA-QC"],
    "KOR": ["Korea, Republic of", "South Korea", "KR"],
    "US-NY": ["New York, NY", "US-NY", "new york"],
}
UNITS = {  # a unit, and how much of the field's own it is
    "parameters": [("B", 1e9), (" billion", 1e9), ("bn", 1e9), (" B parameters", 1e9), ("M", 1e6)],
    "tokens": [("T", 1e12), (" T tokens", 1e12), (" trillion", 1e12), ("B", 1e9)],
    "device_count": [(" GPUs", 1), ("", 1)],
    "power_w": [("W", 1), (" kW", 1e3), (" watts", 1), ("kw", 1e3)],
    "carbon_intensity_g_per_kwh": [(" g", 1), (" gCO2e/kWh", 1), (" kg/kWh", 1e3), (" kgCO2/MWh", 1)],
    "utilisation": [("%", 0.01), (" %", 0.01), (" percent", 0.01)],
    "pue": [("", 1), ("%", 0.01)],
}
BESIDE = {"parameters": 1e12, "tokens": 1e12}  # fields that others need beside them
VALUES = {
    "parameters": [7e9, 70e9, 1.3e9, 405e9, 2.44e9],
    "tokens": [1e12, 15e12, 300e9, 1.4e12],
    "device_count": [8, 64, 1024, 16384],
    "power_w": [300, 412.5, 650, 1000],
    "carbon_intensity_g_per_kwh": [56, 385, 27.5, 436.25],
    "utilisation": [0.4, 0.375, 0.52],
    "pue": [1.1, 1.25, 1.058],
    "year": [2021, 2024],
}


def cased(text, rng):
    return rng.choice([text, text, text.upper(), text.lower(), f" {text} "])


def column(field, rng):
    name = rng.choice(NAMES[field]).replace("{}", rng.choice("_- "))
    return name if "(" in name else cased(name, rng)


def figure(value, comma, rng):
    """A number of at most eight decimals, in one of the ways of its locale."""
    text = f"{value:.8f}".rstrip("0").rstrip(".")
    whole, _, part = text.partition(".")
    if len(whole) > 3 and rng.random() < 0.5:
        whole = f"{int(whole):,}".replace(",", rng.choice([".", " "] if comma else [",", "'"]))
    return whole + (("," if comma else ".") + part if part else "")


def quantity(field, value, comma, rng):
    if field == "year":
        return rng.choice([f"{value}", f"{value}-05", f"{value}-05-17", f"17.05.{value}", f"May {value}"])
    if rng.random() < 0.3:
        return repr(value).removesuffix(".0").replace("+", "") if not comma else f"{value:.6g}".replace(".", ",")
    unit, size = rng.choice(UNITS[field])
    return figure(value / size, comma, rng) + unit


def spelled(rng):
    """A table of one scenario in some spelling, and the plain values."""
    separator, comma = rng.choice([(",", False), (";", False), (";", True), ("\t", True), ("\t", False), ("|", False)])
    fields = ["parameters", "tokens", "device", "region"]
    fields += rng.sample(["device_count", "pue", "power_w", "carbon_intensity_g_per_kwh", "utilisation", "year"], 3)
    rng.shuffle(fields)
    plain, cells = {}, []
    for field in fields:
        if field in ("device", "region"):
            known = DEVICES if field == "device" else REGIONS
            plain[field] = rng.choice(list(known))
            cells.append(cased(rng.choice(known[plain[field]]), rng))
        else:
            plain[field] = rng.choice(VALUES[field])
            cells.append(quantity(field, plain[field], comma, rng))
    file = io.StringIO()
    end = rng.choice(["\n", "\r\n"])
    writer = csv.writer(file, delimiter=separator, lineterminator=end)
    writer.writerow([column(field, rng) for field in fields])
    writer.writerow(cells)
    text = (f"sep={separator}{end}" if rng.random() < 0.2 else "") + file.getvalue()
    return text.encode(rng.choice(["utf-8", "utf-8-sig", "utf-16"])), plain


def understood(content):
    """What is made of a table: the values by field, and what is said about them."""
    table = table_file.read(content, lambda name: columns.field_of(name) is not None)
    found = scenario_rows.read(table, {})
    values = {}
    for field, texts in found.cells.items():
        if field == "device":
            values[field] = catalog.device(texts[0]).id
        elif field == "region":
            values[field] = catalog.region(texts[0]).id
        elif texts[0]:
            values[field] = getattr(Scenario(**{"training_flop": 1e21, **BESIDE, field: texts[0]}), field)
    return values, [*found.conflicts.values(), *(note for said in found.notes.values() for note in said)]


def same(found, plain):
    return found == plain if isinstance(plain, str) else found is not None and math.isclose(found, plain, rel_tol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_no_spelling_gives_another_number_than_the_plain_one_without_a_word(seed):
    rng = random.Random(seed)
    wrong, silent_refusals = [], 0
    for _ in range(SPELLINGS // 4):
        content, plain = spelled(rng)
        try:
            values, said = understood(content)
        except ValueError as error:  # refused in words, which a spelling that has two readings may be
            silent_refusals += not str(error)
            continue
        if not all(same(values.get(field), value) for field, value in plain.items()) and not said:
            wrong.append((content, plain, values))
    assert wrong == []
    assert silent_refusals == 0


def test_most_spellings_are_understood():
    """A reader that refuses everything would never be wrong."""
    rng = random.Random(17)
    right = 0
    for _ in range(500):
        content, plain = spelled(rng)
        try:
            values, _ = understood(content)
        except ValueError:
            continue
        right += all(same(values.get(field), value) for field, value in plain.items())
    assert right > 0.9 * 500


def test_the_walk_visits_every_field_that_it_knows():
    assert set(NAMES) <= set(FIELDS)
