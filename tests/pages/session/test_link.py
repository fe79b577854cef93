"""A scenario in the address bar: short, exact, and never undone by rubbish."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import catalog, estimate
from oce.errors import InputError
from oce.fields import FIELDS, NUMBER_FIELDS
from oce.scenario import Scenario
from pages.session import link
from tests.support.rules import for_every


def test_the_first_scenario_needs_no_parameters():
    assert link.to_parameters(link.fields_of(link.FIRST_MODEL)) == {}
    assert link.from_parameters({}) == (link.fields_of(link.FIRST_MODEL), [])


def test_a_preset_that_is_not_there_is_named():
    with pytest.raises(InputError, match="“llama-9” is not allowed"):
        link.fields_of("llama-9")


@for_every("model", [one.id for one in catalog.models()])
def test_every_preset_comes_back_from_its_link(model):
    fields = link.fields_of(model)
    assert link.from_parameters(link.to_parameters(fields)) == (fields, [])


def test_a_link_is_readable_and_short():
    fields = {**link.fields_of("llama-3-70b"), "parameters": 405e9, "tokens": 15.6e12, "device": "a100", "pue": 1.25}
    written = {"parameters": "405e9", "tokens": "15.6e12", "device": "a100", "pue": "1.25"}
    assert link.to_parameters(fields) == written


def test_a_default_that_differs_from_the_first_scenario_is_written():
    fields = {
        name: value for name, value in link.fields_of("llama-3-70b").items() if name not in ("pue", "device_count")
    }
    assert link.to_parameters(fields) == {"device_count": "", "pue": ""}
    assert link.from_parameters({"device_count": "", "pue": ""}) == (fields, [])


def test_a_count_of_1_is_kept_as_given_for_it_may_be_too_few():
    fields, problems = link.from_parameters({"device_count": "1"})
    assert (fields["device_count"], problems) == (1.0, [])


def test_names_become_ids():
    fields, problems = link.from_parameters({"device": "NVIDIA A100", "region": "france"})
    assert (fields["device"], fields["region"], problems) == ("a100", "FRA", [])


def test_a_link_with_its_compute_does_not_inherit_parameters_and_tokens():
    fields, problems = link.from_parameters({"training_flop": "1e23"})
    assert not problems
    assert fields["training_flop"] == 1e23
    assert "parameters" not in fields
    assert "tokens" not in fields


def test_what_is_wrong_is_named_and_what_is_right_is_kept():
    link_ = {"tokens": "2T", "pue": "9", "device": "H1000", "colour": "red", "parameters": "nan", "embed": "true"}
    fields, problems = link.from_parameters(link_)
    assert fields == {**link.fields_of(link.FIRST_MODEL), "tokens": 2e12}
    assert {problem.field for problem in problems} == {"pue", "device", "colour", "parameters"}


def test_two_values_that_do_not_go_together_are_named():
    fields, problems = link.from_parameters({"active_parameters": "100e9", "parameters": "10e9"})
    assert [problem.field for problem in problems] == ["active_parameters"]
    assert fields["parameters"] == 10e9


@given(st.dictionaries(st.sampled_from([*FIELDS, "x", "embed"]), st.text(max_size=30), max_size=8))
def test_any_link_at_all_gives_a_scenario_that_is_valid(parameters):
    fields, _ = link.from_parameters(parameters)
    Scenario(**fields)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            name: st.floats(max(FIELDS[name].low, 1e-6), FIELDS[name].high)
            for name in NUMBER_FIELDS
            if name in ("parameters", "tokens", "carbon_intensity_g_per_kwh", "pue", "overhead_fraction", "power_w")
        },
    )
)
def test_a_scenario_comes_back_from_its_link_to_the_last_digit(changes):
    if "power_w" in changes and not math.isfinite(changes["power_w"]):
        return
    fields = link.tidy({**link.fields_of("llama-3-70b"), **changes})
    back, problems = link.from_parameters(link.to_parameters(fields))
    assert problems == []
    assert back == fields
    totals = [estimate(Scenario(**one), limited=False).total_co2e_kg for one in (back, fields)]
    assert totals[0] == totals[1]


def test_in_compute_mode_the_model_size_is_in_the_link_even_where_it_is_the_first_models():
    """It decides the utilisation: without it the link would open another estimate."""
    first = link.fields_of(link.FIRST_MODEL)
    fields = link.tidy({**{name: one for name, one in first.items() if name != "tokens"}, "training_flop": 1e20})
    written = link.to_parameters(fields)
    assert written["parameters"] == "70.55e9"
    assert link.from_parameters(written) == (fields, [])


def test_a_year_that_is_not_given_is_in_the_link_too():
    fields = {name: one for name, one in link.fields_of(link.FIRST_MODEL).items() if name != "year"}
    assert link.to_parameters(fields) == {"year": ""}
    assert link.from_parameters({"year": ""}) == (fields, [])


def test_a_precision_that_the_device_lacks_is_named():
    fields, problems = link.from_parameters({"precision": "fp8", "device": "v100"})
    assert [problem.field for problem in problems] == ["precision"]
    assert fields["device"] == "v100"


@pytest.mark.parametrize("text", ["2e+12", "2e 12", "2E+12", "2T", "2 trillion", "2,000,000,000,000"])
def test_a_number_is_read_as_people_and_browsers_write_it(text):
    fields, problems = link.from_parameters({"tokens": text})
    assert (fields["tokens"], problems) == (2e12, [])


def test_what_a_link_was_taken_for_is_told():
    assert link.notes_of({"region": "FRA", "device": "h100-sxm", "pue": "1.2", "tokens": "2e12"}) == []
    said = " ".join(link.notes_of({"region": "CA", "device": "Tesla V100-SXM3-32GB", "device_count": "16.384"}))
    assert "US-CA" in said
    assert "V100 SXM2 32GB" in said
    assert "16384" in said


def test_a_slice_in_a_link_brings_its_chips():
    fields, problems = link.from_parameters({"device": "v4-512"})
    assert (fields["device"], fields["device_count"], problems) == ("tpu-v4", 256, [])
    assert link.from_parameters({"device": "v4-512", "device_count": "64"})[0]["device_count"] == 64
