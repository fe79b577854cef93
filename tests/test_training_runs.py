"""The reported runs: every row sound, and only those fit for it fitted and scored on."""

import pytest

from oce import catalog

RUNS = catalog.runs()
SCORED = [one for one in RUNS if one.scored]
every_run = pytest.mark.parametrize("run", RUNS, ids=lambda one: one.id)


def run(name: str) -> catalog.Run:
    (found,) = (one for one in RUNS if one.id == name)
    return found


# --- each row ---


@every_run
def test_a_run_says_who_when_and_where_from(run):
    assert run.source
    assert run.organisation
    assert run.organisation_group
    assert run.model == run.model.strip() != ""
    assert 2012 <= run.year <= 2025
    assert catalog.device(run.device).id == run.device


@every_run
def test_a_run_uses_some_but_no_more_than_the_dense_peak_of_its_devices(run):
    if run.utilisation is not None:
        assert 0.01 < run.utilisation <= 1
    assert (run.utilisation is None) == (run.training_flop is None or run.device_hours is None)


@every_run
def test_compute_is_that_of_parameters_and_tokens_where_it_claims_to_be(run):
    if run.flop_basis == "6ND":
        assert run.training_flop == pytest.approx(6 * run.active_parameters * run.tokens, rel=0.02)


@every_run
def test_an_operation_count_made_for_the_table_says_so(run):
    if run.flop_basis == "other formula":
        assert "ompute" in run.note


@every_run
def test_hours_are_positive_and_said_how_they_were_obtained(run):
    assert (run.device_hours is None) == (run.kind == "energy only")
    if run.device_hours is not None:
        assert run.device_hours > 0
        assert run.device_hours_basis
    if run.device_hours and run.device_count:
        assert 0.5 <= run.device_hours / run.device_count <= 365 * 24


@every_run
def test_parameters_are_all_or_fewer_active(run):
    if run.active_parameters is not None:
        assert run.active_parameters <= run.parameters
        assert (run.active_parameters < run.parameters) == (run.architecture == "moe")
    assert run.size == (run.active_parameters or run.parameters)


@every_run
def test_reported_energy_and_carbon_lie_in_their_physical_range(run):
    assert run.power_w is None or 150 <= run.power_w <= 800
    assert run.pue is None or 1.05 <= run.pue <= 1.25
    assert run.carbon_intensity_g_per_kwh is None or 20 <= run.carbon_intensity_g_per_kwh <= 700
    if run.energy_kwh and run.device_hours:
        assert 150 <= 1000 * run.energy_kwh / run.device_hours <= 800
    if run.co2e_t and run.energy_kwh:
        assert 20 <= 1e6 * run.co2e_t / run.energy_kwh <= 700


def test_energy_and_intensity_give_the_reported_carbon():
    given = [one for one in RUNS if one.energy_kwh and one.carbon_intensity_g_per_kwh and one.co2e_t]
    assert len(given) >= 10
    for one in given:  # some energies are with, some without the data centre's share
        ratio = one.co2e_t / (one.energy_kwh * one.carbon_intensity_g_per_kwh / 1e6)
        assert 0.97 <= ratio <= 1.02 * (one.pue or 1), one.id


# --- what is fitted and scored on ---


def test_a_hundred_runs_of_twenty_groups_are_scored():
    assert len(RUNS) == 163
    assert len(SCORED) == 100
    assert len({one.organisation_group for one in SCORED}) == 20


def test_only_training_runs_are_scored():
    assert {one.kind for one in SCORED} == {"training run"}
    assert {one.kind for one in RUNS} == set(catalog.KINDS)


def test_compute_that_was_derived_from_time_is_never_scored():
    derived = [one for one in RUNS if one.flop_independent_of_time == "no"]
    assert len(derived) == 6
    assert not any(one.scored for one in derived)
    assert all("from time" in one.note or "× time" in one.note for one in derived)


def test_gpt_3_whose_hours_derive_from_its_compute_is_not_scored():
    gpt_3 = run("gpt-3-175b")
    assert gpt_3.flop_independent_of_time == "hours from flop"
    assert not gpt_3.scored


def test_a_run_without_compute_or_hours_is_not_scored():
    assert not any(one.scored for one in RUNS if one.training_flop is None or one.device_hours is None)


def test_a_group_holds_the_organisations_that_share_people_and_code():
    for one in RUNS:
        for name in ("Google", "Tsinghua", "Stability"):
            assert (name in one.organisation) == (name in one.organisation_group)
        if one.organisation in {"BigScience", "BigCode", "Hugging Face"}:
            assert one.organisation_group == "Hugging Face"


# --- the peak a run is measured against ---


def test_fp8_is_measured_against_the_peak_of_bf16():
    deepseek = run("deepseek-v3-671b")
    assert deepseek.precision == "fp8"
    assert deepseek.peak_tflops == catalog.device("h800-sxm").peak_tflops["bf16"] == 989
    assert deepseek.utilisation == pytest.approx(0.3463, abs=1e-3)


def test_without_a_precision_the_usual_one_of_the_device_is_taken():
    llama = run("llama-65b")
    assert (llama.precision, llama.peak_tflops) == ("", 312)
    assert llama.utilisation == pytest.approx(5.477e23 / (1022362 * 3600 * 312e12))


def test_fp32_is_measured_against_fp32():
    assert run("gpt-1").peak_tflops == 12.6


# --- reported utilisation ---


def test_five_runs_report_a_steady_utilisation_beside_the_whole_runs():
    usable = {one.id: one for one in RUNS if one.utilisation_usable == "yes"}
    assert set(usable) == {"llama-3.1-405b", "palm-540b", "glm-130b", "plamo-13b", "paligemma-3b-stage-1"}
    for one in usable.values():
        assert one.scored
        assert one.utilisation_reported > one.utilisation


@every_run
def test_a_reported_utilisation_that_is_not_used_says_why(run):
    assert (run.utilisation_reported is None) == (run.utilisation_usable == "")
    assert (run.utilisation_usable == "no") == ("Reported utilisation not used:" in run.note)
