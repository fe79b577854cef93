"""What must hold of several fields together."""

import pytest

from oce import InputError, Scenario

RUN = {"parameters": 70e9, "tokens": 15e12, "device": "H100", "region": "USA"}


@pytest.mark.parametrize(
    ("fields", "problem", "allowed"),
    [
        ({}, "training_flop", "or else parameters and tokens"),
        ({"parameters": 70e9}, "tokens", "needed, with parameters"),
        ({"tokens": 15e12}, "parameters", "needed, with tokens"),
        ({**RUN, "active_parameters": 71e9}, "active_parameters", "at most the total parameters"),
        ({**RUN, "power_w": 700, "power_fraction": 1}, "power_fraction", "only where power_w is not given"),
        ({**RUN, "log10_alpha_low": 1}, "log10_alpha_high", "needed with log10_alpha_low"),
        ({**RUN, "log10_alpha_high": 1}, "log10_alpha_low", "needed with log10_alpha_high"),
        ({**RUN, "log10_alpha_low": 2, "log10_alpha_high": 1}, "log10_alpha_low", "at most log10_alpha_high"),
        ({**RUN, "utilisation": 0.4, "tokens_per_second_per_device": 400}, "utilisation", "only one of"),
        ({**RUN, "utilisation": 0.4, "log10_alpha_low": 1, "log10_alpha_high": 2}, "utilisation", "only one of"),
        (
            {**RUN, "tokens_per_second_per_device": 400, "log10_alpha_low": 1, "log10_alpha_high": 2},
            "tokens_per_second_per_device",
            "only one of",
        ),
        ({"training_flop": 1e24, "tokens_per_second_per_device": 400}, "tokens", "needed with tokens_per_second"),
    ],
)
def test_fields_that_do_not_go_together_are_refused(fields, problem, allowed):
    with pytest.raises(InputError) as caught:
        Scenario(**fields)
    (found,) = caught.value.problems
    assert found.field == problem
    assert allowed in found.allowed


@pytest.mark.parametrize(
    "fields",
    [
        {"training_flop": 1e24},
        {**RUN, "training_flop": 1e24},
        {**RUN, "active_parameters": 70e9},
        {**RUN, "log10_alpha_low": 1, "log10_alpha_high": 1},
    ],
)
def test_fields_that_go_together_are_kept(fields):
    assert Scenario(**fields).given() == fields
