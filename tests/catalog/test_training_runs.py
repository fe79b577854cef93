"""The reported runs: every row sound, and only those fit for it fitted and scored on."""

import re
from collections.abc import Callable

import pytest

from oce import catalog
from oce.catalog import Run

RUNS = catalog.runs()
SCORED = [one for one in RUNS if one.scored]
BY_ID = {one.id: one for one in RUNS}


def against(rule: Callable[[Run], bool], runs: list[Run] | tuple[Run, ...] = RUNS) -> list[str]:
    """The runs that a rule does not hold for."""
    return [one.id for one in runs if not rule(one)]


# --- each row ---


def test_a_run_says_who_when_and_where_from():
    def told(run):
        return all((run.source, run.organisation, run.organisation_group, run.model)) and 2012 <= run.year <= 2026

    assert len(BY_ID) == len(RUNS)
    assert against(told) == []
    assert against(lambda run: catalog.device(run.device).id == run.device) == []


def test_a_run_uses_some_but_no_more_than_the_dense_peak_of_its_devices():
    assert against(lambda run: run.utilisation is None or 0.01 < run.utilisation <= 1) == []
    assert (
        against(
            lambda run: (run.utilisation is None) == (run.training_flop is None or run.device_hours is None),
        )
        == []
    )


def test_compute_is_that_of_parameters_and_tokens_where_it_claims_to_be():
    said = [one for one in RUNS if one.flop_basis == "6ND"]
    assert (
        against(lambda run: run.training_flop == pytest.approx(6 * run.active_parameters * run.tokens, rel=0.02), said)
        == []
    )


def test_an_operation_count_made_for_the_table_says_so():
    assert against(lambda run: run.flop_basis != "other formula" or "ompute" in run.note) == []


def test_hours_are_positive_and_said_how_they_were_obtained():
    timed = [one for one in RUNS if one.device_hours is not None]
    assert against(lambda run: (run.device_hours is None) == (run.kind == "energy only")) == []
    assert against(lambda run: run.device_hours > 0 and run.device_hours_basis != "", timed) == []


def test_a_run_lasts_minutes_to_a_year():
    counted = [one for one in RUNS if one.device_hours and one.device_count]
    assert against(lambda run: 1 / 60 <= run.device_hours / run.device_count <= 365 * 24, counted) == []


def test_parameters_are_all_or_fewer_active():
    known = [one for one in RUNS if one.active_parameters is not None]
    assert against(lambda run: run.active_parameters <= run.parameters, known) == []
    assert against(lambda run: (run.active_parameters < run.parameters) == (run.architecture == "moe"), known) == []
    assert against(lambda run: run.size == (run.active_parameters or run.parameters)) == []


def test_reported_energy_and_carbon_lie_in_their_physical_range():
    """A device with its share of the server: 50 W to 2 kW; a data centre: PUE 1 to 2; a grid: 10 to 1,000 g/kWh."""

    def physical(run):
        power = 1000 * run.energy_kwh / run.device_hours if run.energy_kwh and run.device_hours else None
        grid = 1e6 * run.co2e_t / run.energy_kwh if run.co2e_t and run.energy_kwh else None
        return (
            all(one is None or 50 <= one <= 2000 for one in (run.power_w, power))
            and (run.pue is None or 1 <= run.pue <= 2)
            and all(one is None or 10 <= one <= 1000 for one in (run.carbon_intensity_g_per_kwh, grid))
        )

    assert against(physical) == []


def test_energy_and_intensity_give_the_reported_carbon():
    given = [one for one in RUNS if one.energy_kwh and one.carbon_intensity_g_per_kwh and one.co2e_t]
    assert given

    def agrees(run):  # some energies are with, some without the data centre's share
        ratio = run.co2e_t / (run.energy_kwh * run.carbon_intensity_g_per_kwh / 1e6)
        return 0.97 <= ratio <= 1.02 * (run.pue or 1)

    assert against(agrees, given) == []


def test_energy_says_how_it_is_known():
    assert against(lambda run: run.energy_kwh is None or run.energy_basis != "") == []
    assert against(lambda run: not (run.energy_basis and run.energy_kwh is run.co2e_t is run.power_w is None)) == []


def test_energy_that_is_hours_times_power_is_not_called_measured():
    measured = [one for one in RUNS if one.energy_basis == "measured"]
    assert measured
    assert against(lambda run: "× TDP" not in run.note and "hours derive" not in run.note, measured) == []


# --- what is fitted and scored on ---


def test_a_scored_run_is_a_training_run_whose_compute_and_hours_are_known_apart():
    def fit(run):
        apart = run.kind == "training run" and run.flop_independent_of_time == "yes"
        return apart and run.training_flop is not None and run.device_hours is not None

    assert SCORED
    assert against(fit, SCORED) == []
    assert {one.kind for one in RUNS} == set(catalog.KINDS)


def test_a_run_is_scored_unless_a_reason_is_given():
    assert against(lambda run: run.scored == (run.set_aside == "")) == []
    assert any(not one.scored for one in RUNS)


def test_hours_that_were_made_from_a_rate_or_bound_a_run_are_not_scored():
    made = ("rate", "throughput", "step time", "upper bound", "elapsed")
    assert against(lambda run: not any(word in run.device_hours_basis for word in made), SCORED) == []
    assert (
        against(lambda run: "Hours are an upper bound" not in run.note and "without restarts" not in run.note, SCORED)
        == []
    )


def test_compute_that_was_derived_from_time_says_so():
    derived = [one for one in RUNS if one.flop_independent_of_time == "no"]
    assert derived
    assert against(lambda run: "from time" in run.note or "× time" in run.note, derived) == []


def test_a_run_at_the_rate_of_another_stands_beside_one_that_is_scored():
    """The same rate twice counts once: the other is of the same group and device, and runs as fast within 0.5 %."""
    found = [(one, re.match(r"same (?:rate|run) as ([^ ,]+)", one.set_aside)) for one in RUNS]
    twins = [(one, BY_ID[match[1]], "rate" in match[0]) for one, match in found if match]
    assert twins
    for one, other, same_rate in twins:
        assert other.scored, one.id
        assert (other.organisation_group, other.device) == (one.organisation_group, one.device)
        assert not same_rate or one.utilisation == pytest.approx(other.utilisation, rel=0.005)


def test_a_group_holds_the_organisations_that_share_people_and_code():
    for name in ("Google", "Tsinghua", "Stability", "LightOn", "Chandar Lab"):
        assert against(lambda run, name=name: (name in run.organisation) == (name in run.organisation_group)) == []
    names = ("BigScience", "BigCode", "Hugging Face")
    theirs = [one for one in RUNS if any(name in one.organisation for name in names)]
    assert {one.organisation_group for one in theirs} == {"Hugging Face"}


# --- the peak a run is measured against ---


def test_fp8_is_measured_against_the_peak_of_bf16():
    deepseek = BY_ID["deepseek-v3-671b"]
    assert deepseek.precision == "fp8"
    assert deepseek.peak_tflops == catalog.device("h800-sxm").peak_tflops["bf16"] == 989
    assert deepseek.utilisation == pytest.approx(0.3463, abs=1e-3)


def test_without_a_precision_the_usual_one_of_the_device_is_taken():
    llama = BY_ID["llama-65b"]
    assert (llama.precision, llama.peak_tflops) == ("", 312)
    assert llama.utilisation == pytest.approx(5.477e23 / (1022362 * 3600 * 312e12))


def test_fp32_is_measured_against_fp32():
    assert BY_ID["gpt-1"].peak_tflops == 12.6


# --- reported utilisation ---


def test_a_steady_utilisation_that_is_used_stands_beside_the_slower_whole_run():
    usable = [one for one in RUNS if one.utilisation_usable == "yes"]
    assert usable
    assert against(lambda run: run.scored and run.utilisation_reported > run.utilisation, usable) == []


def test_a_reported_utilisation_that_is_not_used_says_why():
    assert against(lambda run: (run.utilisation_reported is None) == (run.utilisation_usable == "")) == []
    assert against(lambda run: (run.utilisation_usable == "no") == ("Reported utilisation not used:" in run.note)) == []
