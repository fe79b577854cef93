"""What α decides: the cold start, and the device-time of the final run."""

import numpy as np
import pytest

from oce import Scenario, estimate
from oce.analysis import alpha

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA")


@pytest.mark.parametrize("final", [1e-6, 0.5, 3.0, 40.0, 400.0])
def test_the_cold_start_ends_at_nine_tenths_of_the_final_speed(final):
    share = alpha.cold_start_share(final)
    # f(t) = ln(1 + αt) with αT = e^v - 1: at the share s of the time, f = ln(1 + s (e^v - 1))
    log_reached = np.log(share) + final + np.log(-np.expm1(-final))
    assert np.logaddexp(0, log_reached) == pytest.approx(0.9 * final, rel=1e-6)
    assert 0 < share < 0.9


@pytest.mark.parametrize("changes", [{}, {"overhead_fraction": 0.5}, {"utilisation": 0.4}, {"throughput": "published"}])
def test_at_its_own_alpha_the_final_run_takes_what_the_estimate_says(changes):
    result = estimate(RUN.replace(**changes))
    own = result.log10_alpha.central
    hours = result.device_hours.central / (1 + float(result.inputs.overhead_fraction))
    assert alpha.device_hours_at(result, own) == pytest.approx(hours)
    assert alpha.device_hours_at(result, alpha.log10_alpha_for_half_the_time(result)) == pytest.approx(hours / 2)
    assert hours / 2 < alpha.device_hours_at(result, alpha.doubled(own)) < hours
