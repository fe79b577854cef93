"""What an estimate filled in: which value, and where it comes from."""

import math

import pytest

from oce import Scenario, catalog, estimate
from oce.method.calibration_file import committed

RUN = Scenario(
    parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1, throughput="published"
)
CALIBRATED = RUN.replace(throughput=None)


@pytest.mark.parametrize(
    ("left_out", "assumed", "value", "source"),
    [
        ("training_flop", "training_flop", 6.3e24, "6 × active parameters × tokens"),
        ("log10_alpha_low", "log10_alpha", "100 … 110", "Table 1"),
        ("power_w", "power_w", 700.0, "TDP of H100 SXM"),
        ("carbon_intensity_g_per_kwh", "carbon_intensity_g_per_kwh", 384.4, "Ember"),
        ("pue", "pue", 1.0, "as in the paper"),
        ("overhead_fraction", "overhead_fraction", 0.0, "only the final run"),
        ("device_count", "device_count", 1.0, "single device"),
        # an eighth of NVIDIA's 1,312 kg for the HGX baseboard, and of a server between BLOOM's and DGX
        ("embodied", "making", 164.0, "NVIDIA, HGX H100 Product Carbon Footprint Summary"),
        ("embodied", "host", math.sqrt(2500 * 6000) / 8, "Luccioni et al. 2022"),
        ("device_life_years", "device_life_years", 4.0, "assumed"),
        ("use_fraction", "use_fraction", 0.85, "Luccioni et al. 2022"),
    ],
)
def test_what_is_left_out_is_listed_with_its_value_and_source(left_out, assumed, value, source):
    scenario = Scenario(parameters=70e9, tokens=15e12, device="H100", region="USA", throughput="published")
    assert left_out not in scenario.given()
    (found,) = [one for one in estimate(scenario).assumptions if one.field == assumed]
    assert found.value == value
    assert source in found.source


MAKING_FIELDS = {"making", "host", "device_life_years", "use_fraction", "beta"}


def of_the_making(scenario):
    return {one.field: one for one in estimate(scenario).assumptions if one.field in MAKING_FIELDS}


def test_the_papers_making_is_its_beta_and_says_what_that_counts():
    found = of_the_making(RUN.replace(embodied="paper"))
    assert set(found) == {"beta"}
    assert (found["beta"].value, found["beta"].unit) == (1.7, "g CO2e per device-hour")
    assert found["beta"].source == "OpenCarbonEval Table 3, bare silicon, 1-year life"


def test_a_life_and_a_use_that_are_given_are_not_assumed():
    assert set(of_the_making(RUN)) == MAKING_FIELDS - {"beta"}
    assert set(of_the_making(RUN.replace(device_life_years=6))) == {"making", "host", "use_fraction"}
    assert set(of_the_making(RUN.replace(device_life_years=6, use_fraction=0.5))) == {"making", "host"}


@pytest.mark.parametrize(
    ("device", "how", "source"),
    [
        ("A100", "no published figure: as A100 SXM4 40GB", "Falk et al. 2025"),
        ("A100-80GB", "no published figure: as A100 SXM4 40GB and 40 GB of memory more", "Falk et al. 2025"),
        ("V100 SXM2 32GB", "no published figure: 8.15 cm² of silicon, 32 GB of memory, and the rest", "ACT"),
        ("L4", "cradle-to-gate", "ADEME"),
    ],
)
def test_how_the_making_is_known_is_said(device, how, source):
    made = of_the_making(CALIBRATED.replace(device=device))["making"]
    assert how in made.source
    assert source in made.source
    assert made.unit == "kg CO2e"


def test_where_the_server_is_in_the_figure_none_is_added():
    found = of_the_making(CALIBRATED.replace(device="TPU v4"))
    assert "host" not in found
    assert found["making"].value == 513.0
    assert "its share of tray and host" in found["making"].source


@pytest.mark.parametrize("unknown", [{"device": "B200", "embodied": "paper"}], ids=str)
def test_of_a_making_that_is_not_known_nothing_is_assumed(unknown):
    assert not of_the_making(CALIBRATED.replace(**unknown))


def assumed(scenario, field):
    (found,) = [one for one in estimate(scenario).assumptions if one.field == field]
    return found


def test_the_calibrated_throughput_says_its_share_of_the_peak_and_the_runs_that_it_rests_on():
    found = assumed(CALIBRATED, "throughput")
    used, model = estimate(CALIBRATED).utilisation, committed()
    assert found.value == f"{used.central:.0%} of the peak ({used.low:.0%}–{used.high:.0%})"
    assert f"{model.runs} reported runs of {model.organisations} organisations" in found.source
    assert f"{model.runs_by_device['h100-sxm']} of them on H100 SXM" in found.source


def test_a_steady_rate_says_what_share_of_it_a_whole_run_keeps():
    found = assumed(RUN.replace(utilisation=0.4), "throughput")
    assert found.value == f"{math.exp(committed().gap_mean):.0%} of steady state"
    assert f"{committed().gap_runs} runs that report both" in found.source


@pytest.mark.parametrize("device", ["H100", "V100"])
def test_a_year_that_is_not_given_is_that_of_the_data_and_said(device):
    found = assumed(CALIBRATED.replace(device=device), "year")
    assert found.value == str(catalog.data_year())
    assert "a plan is for now" in found.source
    given = estimate(CALIBRATED.replace(device=device, year=2024)).assumptions
    assert "year" not in {one.field for one in given}


def test_what_the_speed_of_a_device_rests_on_is_said_but_of_the_reference():
    assert assumed(CALIBRATED.replace(device="H100"), "device_speed").value == "measured"
    assert "bracketed" in assumed(CALIBRATED.replace(device="TPU v4"), "device_speed").value
    assert "device_speed" not in {one.field for one in estimate(CALIBRATED.replace(device="A100-80GB")).assumptions}


def test_a_name_without_its_variant_says_whose_speed_was_taken():
    assert assumed(CALIBRATED.replace(device="A100"), "device_variant").value == "A100 SXM4 80GB"
    assert "device_variant" not in {one.field for one in estimate(CALIBRATED).assumptions}


def test_a_size_that_is_not_given_is_that_usual_for_the_compute_and_said():
    found = assumed(Scenario(training_flop=6.3e24, device="H100", region="USA"), "parameters")
    first, second, _ = committed().fit.size_line
    assert found.value == pytest.approx(10 ** (first + second * math.log10(6.3e24)), rel=1e-9)
    assert "usual for this compute" in found.source
    sized = Scenario(training_flop=6.3e24, parameters=70e9, device="H100", region="USA")
    assert "parameters" not in {one.field for one in estimate(sized).assumptions}


def test_a_looked_up_intensity_says_its_year_and_basis():
    (found,) = [one for one in estimate(RUN).assumptions if one.field == "carbon_intensity_g_per_kwh"]
    assert found.year == "2025"
    assert "lifecycle" in found.source


def test_a_share_of_tdp_is_said():
    (found,) = [one for one in estimate(RUN.replace(power_fraction=0.7)).assumptions if one.field == "power_w"]
    assert found.value == pytest.approx(490.0)
    assert "× 0.7" in found.source


def test_nothing_is_assumed_where_everything_is_given():
    everything = Scenario(
        training_flop=6.3e24,
        device_count=16384,
        carbon_intensity_g_per_kwh=384.4,
        pue=1.1,
        power_w=700,
        overhead_fraction=0,
        log10_alpha_low=100,
        log10_alpha_high=110,
    )
    assert estimate(everything).assumptions == ()
