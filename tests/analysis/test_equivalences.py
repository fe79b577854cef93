"""What a run compares with: numbers that a person can picture."""

import pytest

from oce import Scenario, catalog, estimate
from oce.analysis import equivalences


def run(flop):
    return estimate(Scenario(training_flop=flop, device="H100", region="USA"))


@pytest.mark.parametrize("flop", [1e18, 1e20, 1e22, 1e24])
def test_a_number_between_one_and_a_thousand_is_found_for_runs_of_any_size(flop):
    counts = [picture.count.central for picture in equivalences.equivalents(run(flop))]
    assert counts
    assert any(1 <= count <= 1000 for count in counts)


def test_carbon_is_compared_with_carbon_and_energy_with_energy():
    result = run(1e24)
    for picture in equivalences.equivalents(result, most=99):
        one = next(one for one in catalog.equivalences() if picture.label in (one.label_singular, one.label_plural))
        if one.kind == "carbon":
            assert picture.count.central * one.kg_co2e_per_unit == pytest.approx(result.total_co2e_kg.central)
        else:
            assert picture.count.central * one.kwh_per_unit == pytest.approx(result.energy_kwh.central)


def test_every_comparison_has_its_source_and_its_interval():
    for picture in equivalences.equivalents(run(1e24)):
        assert picture.source
        assert picture.count.low < picture.count.central < picture.count.high
