"""How well contrasts are foretold without their source."""

import math

import numpy as np
import pytest

from oce.catalog import measurements
from oce.evaluation import device_evidence


def test_every_contrast_that_is_fitted_is_checked_or_stands_for_others_of_its_pair():
    checked = device_evidence.checked()
    rows = {row.id for row in measurements.fitted(measurements.contrasts())}
    assert {one.row.id for one in checked} <= rows
    pair = [(one.row.source, one.row.model, one.row.first_device, one.row.second_device) for one in checked]
    fitted = measurements.fitted(measurements.contrasts())
    assert set(pair) == {(row.source, row.model, row.first_device, row.second_device) for row in fitted}
    assert all(one.low <= one.said <= one.high for one in checked)


def test_an_interval_that_no_source_of_its_own_has_set_holds_four_contrasts_in_five_or_more():
    language = [one for one in device_evidence.checked() if one.row.is_language and one.row.evidence == "same stack"]
    known = device_evidence.score([one for one in language if one.known_elsewhere])
    assert known.held >= 0.76
    assert known.sources >= 5


def test_a_score_is_the_root_of_the_mean_square_of_ln_said_over_measured():
    one, other = device_evidence.checked()[:2]
    found = device_evidence.score([one, other])
    errors = [math.log(each.said / each.measured) for each in (one, other)]
    assert found.rms_error == pytest.approx(math.sqrt((errors[0] ** 2 + errors[1] ** 2) / 2))
    assert found.contrasts == 2
    assert np.isnan(device_evidence.score([]).rms_error)
