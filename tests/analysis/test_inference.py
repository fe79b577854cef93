"""The energy of a query: as printed, as recomputed, and as EcoLogits has it, which only one page loads."""

import json
import math
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pytest
from ecologits.impacts.llm import compute_llm_impacts
from hypothesis import given, settings
from hypothesis import strategies as st

from oce.analysis import inference
from oce.analysis.inference import BATCHES, modelled
from tests.support.rules import for_every

ROOT = Path(__file__).parents[2]
OFTEN = settings(max_examples=60, deadline=None)
SIZES = st.floats(math.log(1e6), math.log(1e13)).map(math.exp)


def by_ecologits(active, total, tokens, batch=64):
    return compute_llm_impacts(
        active / 1e9, total / 1e9, tokens, 0.0, 0.0, 0.0, 0.0, datacenter_pue=1.0, datacenter_wue=0.0, batch_size=batch
    )


# --- what was measured ---


def test_the_tables_are_whole():
    assert len(inference.tasks()) == 10
    assert len(inference.multi_purpose()) == 8
    assert len(inference.parity()) == 4
    assert len(inference.rows()) == 22


@pytest.mark.parametrize(
    ("task", "mean", "sd"),
    [
        ("task-text-classification", 0.002, 0.001),
        ("task-extractive-qa", 0.003, 0.001),
        ("task-masked-language-modelling", 0.003, 0.001),
        ("task-token-classification", 0.004, 0.002),
        ("task-image-classification", 0.007, 0.001),
        ("task-object-detection", 0.038, 0.02),
        ("task-text-generation", 0.047, 0.03),
        ("task-summarization", 0.049, 0.01),
        ("task-image-captioning", 0.063, 0.02),
        ("task-image-generation", 2.907, 3.31),
    ],
)
def test_table_2(task, mean, sd):
    one = next(one for one in inference.tasks() if one.id == task)
    assert (one.mean_kwh_per_1000, one.sd_kwh_per_1000) == (mean, sd)
    assert inference.measured()[task].central == mean / 1000


@for_every("task", inference.tasks(), ids=lambda one: one.id)
@for_every("level", [0.01, 0.5, 0.8, 0.95, 0.99])
def test_the_interval_of_a_task_holds_its_mean_and_is_above_zero(task, level):
    found = task.kwh_per_query(level)
    assert 0 < found.low <= found.central <= found.high


@pytest.mark.parametrize("task", inference.tasks(), ids=lambda one: one.id)
def test_the_interval_of_a_task_is_that_of_a_log_normal_with_its_mean_and_deviation(task):
    found = task.kwh_per_query(0.8)
    z = NormalDist().inv_cdf(0.9)
    mu, sigma = math.log(found.low * found.high) / 2, math.log(found.high / found.low) / 2 / z
    mean = math.exp(mu + sigma**2 / 2)
    assert mean * 1000 == pytest.approx(task.mean_kwh_per_1000)
    assert mean * 1000 * math.sqrt(math.exp(sigma**2) - 1) == pytest.approx(task.sd_kwh_per_1000)
    drawn = np.random.default_rng(0).lognormal(mu, sigma, 100_000)
    assert np.mean((drawn > found.low) & (drawn < found.high)) == pytest.approx(0.8, abs=0.01)


def test_a_higher_level_is_never_narrower():
    for one in inference.tasks():
        levels = [one.kwh_per_query(level) for level in (0.01, 0.3, 0.5, 0.8, 0.95)]
        assert [i.low for i in levels] == sorted((i.low for i in levels), reverse=True)
        assert [i.high for i in levels] == sorted(i.high for i in levels)


@pytest.mark.parametrize(
    ("model", "kwh"),
    [
        ("model-flan-t5-base", 0.026),
        ("model-flan-t5-xxl", 0.083),
        ("model-bloomz-560m", 0.054),
        ("model-bloomz-7b", 0.104),
    ],
)
def test_table_3(model, kwh):
    one = next(one for one in inference.multi_purpose() if one.id == model)
    assert one.kwh_per_query == kwh / 1000


# --- Table 5 ---


@pytest.mark.parametrize(
    ("name", "printed", "recomputed", "agrees"),
    [
        ("BLOOMz-7B", 592_570_000, 592_570_000, True),
        ("BLOOMz-3B", 395_602_740, 395_561_643, False),
        ("BLOOMz-1B", 292_467_741, 292_467_741, True),
        ("BLOOMz-560M", 204_592_592, 204_592_592, True),
    ],
)
def test_table_5_is_recomputed_from_its_inputs(name, printed, recomputed, agrees):
    one = next(one for one in inference.parity() if one.name == name)
    assert (one.printed, one.recomputed, one.agrees) == (printed, recomputed, agrees)
    assert float(one.exactly) == pytest.approx((one.training_kwh + one.finetuning_kwh) / one.kwh_per_query, rel=1e-14)


def test_what_does_not_agree_in_table_5_is_a_hundredth_of_a_percent_off():
    off = [one for one in inference.parity() if not one.agrees]
    assert [one.name for one in off] == ["BLOOMz-3B"]
    assert float(off[0].printed / off[0].exactly - 1) == pytest.approx(1.04e-4, rel=0.01)


def test_seven_billion_is_exact():
    assert next(one for one in inference.parity() if one.name == "BLOOMz-7B").exactly == Fraction(592_570_000)


# --- what is modelled ---


@OFTEN
@given(SIZES, st.floats(0.01, 1), st.floats(1, 1e5))
def test_a_modelled_query_is_that_of_ecologits(active, share, tokens):
    total = active / share
    found = modelled(active, total, tokens)
    for end, batch in zip(("low", "central", "high"), (128, 64, 16), strict=True):
        theirs = by_ecologits(active, total, tokens, batch)
        assert getattr(found.kwh_per_query, end) == pytest.approx(theirs.energy.value, rel=1e-12)
        assert getattr(found.embodied_kg_per_query, end) == pytest.approx(theirs.embodied.gwp.value, rel=1e-12)
        assert theirs.usage.gwp.value == 0  # embodied alone


def test_the_centre_is_what_ecologits_says_without_being_told():
    theirs = compute_llm_impacts(70, 70, 400, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0)
    assert modelled(70e9, 70e9, 400).kwh_per_query.central == pytest.approx(theirs.energy.value, rel=1e-12)
    assert 64 in BATCHES


@OFTEN
@given(SIZES, st.floats(0.01, 1), st.floats(1, 1e5), st.floats(1, 10))
def test_a_modelled_query_is_linear_in_tokens_and_grows_with_the_model(active, share, tokens, times):
    total = active / share
    one, longer = modelled(active, total, tokens), modelled(active, total, times * tokens)
    larger = modelled(active * times, total * times, tokens)
    for end in ("low", "central", "high"):
        kwh = getattr(one.kwh_per_query, end)
        assert getattr(longer.kwh_per_query, end) == pytest.approx(times * kwh)
        assert getattr(larger.kwh_per_query, end) >= kwh
    for interval in (one.kwh_per_query, one.embodied_kg_per_query):
        assert 0 < interval.low < interval.central < interval.high


def test_eight_bit_weights_about_halve_a_large_model():
    sixteen, eight = (
        compute_llm_impacts(70, 70, 400, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, model_quantization_bits=bits).energy.value
        for bits in (16, 8)
    )
    assert 0.4 < eight / sixteen < 0.6


def test_what_is_outside_the_fit_says_so():
    assert not modelled(200e9, 400e9, 1).extrapolated
    assert modelled(201e9, 400e9, 1).extrapolated
    assert modelled(0.5e9, 0.5e9, 1).at_floor
    assert not modelled(1e9, 1e9, 1).at_floor
    tiny, small = (modelled(size, size, 1).kwh_per_query.central for size in (1e7, 1e9))
    assert small / tiny < 1.02


# --- what is loaded ---


def loaded_after(code: str) -> set[str]:
    """The packages that are loaded once `code` ran."""
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport json, sys; print(json.dumps(list(sys.modules)))"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.partition(".")[0] for name in json.loads(done.stdout.splitlines()[-1])}


def test_the_package_and_its_figures_do_not_load_ecologits():
    code = "import oce.cli, pages.charts; from oce.analysis import inference, lifetime, water; inference.measured()"
    assert "ecologits" not in loaded_after(code)


OPEN = """
from streamlit.testing.v1 import AppTest
app = AppTest.from_file("app.py", default_timeout=120).run()
assert not app.exception
for page in {pages}:
    assert not app.switch_page(page).run().exception
"""
OTHERS = sorted(
    str(path.relative_to(ROOT)) for path in (ROOT / "pages" / "views").glob("*.py") if not path.stem.endswith("_view")
)


def test_only_the_lifetime_page_loads_ecologits():
    life = "pages/views/lifetime.py"
    assert life in OTHERS
    assert "ecologits" not in loaded_after(OPEN.format(pages=[page for page in OTHERS if page != life]))
    assert "ecologits" in loaded_after(OPEN.format(pages=[life]))


def test_a_query_is_modelled_without_a_network():
    code = """
import socket
def refuse(*_, **__):
    raise OSError("no network")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from oce import catalog
from oce.analysis import inference, water
assert inference.modelled(70e9, 70e9, 400).kwh_per_query.central > 0
assert water.off_site_l_per_kwh(catalog.region("USA")) > 0
"""
    assert "ecologits" in loaded_after(code)
