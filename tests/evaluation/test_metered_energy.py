"""What is said of energy holds against what was metered."""

import pytest

from oce import catalog
from oce.evaluation import metered_energy
from oce.evaluation.metered_energy import OWN_METER, STRICT, evaluate, measured_runs, score
from oce.method.system_power import meters


def test_eighty_per_cent_intervals_hold_most_metered_runs_and_the_median_error_is_small():
    found = score(evaluate())
    assert found.runs == len(measured_runs())
    assert 0.70 <= found.held <= 0.95
    assert found.median_error <= 0.40


def test_only_what_was_measured_is_compared_with():
    metered = {one.run for one in meters() if one.counted}
    for run in measured_runs():
        assert run.energy_basis == "measured" or run.id in metered, run.id
        assert run.training_flop is not None
    assert "bloom-176b" not in {run.id for run in measured_runs()}  # hours × the rated 400 W


def test_every_meter_of_a_run_names_a_run():
    runs = {run.id for run in catalog.runs()}
    assert not [one.id for one in meters() if one.run and one.run not in runs]


def test_a_run_is_said_without_its_own_meter_and_strictly_without_its_organisations():
    own, strict = ({one.run.id: one for one in evaluate(left_out=left)} for left in (OWN_METER, STRICT))
    for name in ("palm-540b", "t5-11b"):
        assert own[name].said_kwh.central != pytest.approx(strict[name].said_kwh.central)
    assert score(tuple(own.values())).median_error < score(tuple(strict.values())).median_error


def test_the_hours_come_from_runs_of_other_organisations():
    asked = []

    def predict(train, test):
        asked.append(({run.organisation_group for run in train}, {run.organisation_group for run in test}))
        from oce.evaluation import refit

        return refit.Calibrated().predict_intervals(train, test)

    evaluate(predict)
    assert asked
    assert not [pair for pair in asked if pair[0] & pair[1]]
    assert sum(metered_energy.by_organisation(evaluate()).values()) == len(measured_runs())
