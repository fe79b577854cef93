"""The parameters and tokens of a scenario make its compute, given or not."""

import pytest

from oce import Scenario, estimate
from oce.analysis.equivalent_size import equivalent_size
from oce.method.compute import training_flop

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA")
ALONE = Scenario(training_flop=4e20, device="V100", device_count=8, region="FRA")
WITH_SIZE = Scenario(training_flop=4e20, parameters=3e8, device="TPU v3", device_count=7, region="FRA")


@pytest.mark.parametrize("run", [RUN, RUN.replace(active_parameters=7e9), ALONE, WITH_SIZE])
@pytest.mark.parametrize("times", [(1, 1), (2, 1), (1, 2), (2, 2)])
def test_so_many_times_the_parameters_and_tokens_are_as_many_times_the_compute(run, times):
    result = estimate(run)
    flop = result.training_flop.central * times[0] * times[1]
    assert equivalent_size(result).training_flop(*times) == pytest.approx(flop)


def test_of_a_mixture_of_experts_the_parameters_that_a_token_passes_through_count():
    assert equivalent_size(estimate(RUN.replace(active_parameters=7e9))).parameters == 7e9
    assert not equivalent_size(estimate(RUN)).is_equivalent


@pytest.mark.parametrize(("run", "is_usual"), [(ALONE, True), (WITH_SIZE, False)])
def test_compute_that_was_given_directly_has_a_size_that_makes_as_much(run, is_usual):
    size = equivalent_size(estimate(run))
    assert size.is_equivalent
    assert size.is_usual == is_usual
    assert float(training_flop(size.parameters, size.tokens)) == pytest.approx(4e20)
