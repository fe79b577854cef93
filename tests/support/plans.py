"""Scenarios that plans are made for, and what the messages of a plan that cannot be must be like."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest
from hypothesis import assume, settings
from hypothesis import strategies as st

from oce import InputError, Scenario, catalog, estimate
from oce.analysis import Impossible
from oce.analysis.device_counts import MOST_DEVICES, possible_counts
from oce.analysis.planning import deadlines
from oce.catalog import Device
from oce.importers import prior_runs
from oce.method.runs import Runs

ALWAYS = settings(max_examples=60, deadline=None)
SAME = 1e-9  # relative: the same but for rounding
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
MIXTURE = RUN.replace(parameters=671e9, active_parameters=37e9)
COMPUTE = Scenario(training_flop=1e24, device="A100", region="USA")
PAST = prior_runs.read(
    b"device,device_hours,parameters,tokens,year\n"
    b"A100-80GB,120000,7e9,1e12,2024\nA100-80GB,230000,13e9,1e12,2024\nH100,610000,70e9,1e12,2025\n"
).for_calibration()
H100, A100, TRAINIUM = (catalog.device(name) for name in ("H100", "A100", "Trainium1"))


def log_floats(low: float, high: float) -> st.SearchStrategy[float]:
    """Numbers whose logarithm is spread evenly."""
    return st.floats(math.log(low), math.log(high)).map(math.exp)


POWERED = [one for one in catalog.devices() if one.tdp_w]
PLACES = [one.id for one in catalog.regions()]
DEVICES = st.sampled_from(POWERED)
RATES = st.sampled_from(
    [
        {},
        {"level": 0.95},
        {"year": 2024},
        {"throughput": "published", "device": "V100"},
        {"utilisation": 0.4},
        {"tokens_per_second_per_device": 1.0},
        {"log10_alpha_low": 10, "log10_alpha_high": 40},
    ]
)
SCENARIOS = st.builds(
    lambda fields, rate: Scenario(**{**fields, **rate}),
    st.fixed_dictionaries(
        {
            "parameters": log_floats(1e6, 1e13),
            "tokens": log_floats(1e6, 1e15),
            "device": st.sampled_from([one.id for one in POWERED]),
            "region": st.sampled_from(PLACES),
        },
        optional={
            "device_count": st.integers(1, MOST_DEVICES),
            "carbon_intensity_g_per_kwh": log_floats(1, 2000),
            "pue": st.floats(1, 3),
            "overhead_fraction": st.floats(0, 10),
            "power_w": log_floats(1, 5000),
        },
    ),
    RATES,
)


def possible(scenario: Scenario) -> Scenario:
    """The scenario, where it has an estimate: a device may be too slow for a rate that is stated."""
    try:
        estimate(scenario, limited=False)
    except InputError:
        assume(False)
    fewest, most = possible_counts(scenario)
    if scenario.device_count is None:
        return scenario
    return scenario.replace(device_count=min(max(scenario.device_count, fewest), most))


def message(ask: Callable[..., object], *args: object, **kwargs: object) -> str:
    """What is said where a plan is impossible."""
    with pytest.raises(Impossible) as caught:
        ask(*args, **kwargs)
    return str(caught.value)


def why_not(scenario: Scenario, days: float, device: Device, past_runs: Runs | None = None) -> str:
    """Why a device is no option for a deadline, in a sentence; empty where it is one."""
    return "".join(str(one.why) for one in deadlines(scenario, days, [device], past_runs).left_out)


def one_sentence(text: str) -> bool:
    """Whether a text is a single sentence."""
    return text[0].isupper() and text.endswith(".") and ". " not in text and "\n" not in text


def allowed(text: str) -> float:
    """The number that the message says would be enough."""
    found = re.search(r"allow at least ([\d,.]+)", text)
    assert found
    return float(found.group(1).replace(",", ""))
