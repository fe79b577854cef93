"""The sentences for a proposal: what is trained, on what, where; and how the options compare."""

import pytest

from oce import Scenario, estimate, exports
from oce.analysis import option_names

OFFERS = (("h100-sxm", 512, "US-VA"), ("a100-sxm-80gb", 1024, "IRL"), ("tpu-v4", 1024, "US-OK"))


def options():
    runs = [
        estimate(Scenario(parameters=13e9, tokens=4e12, device=device, device_count=count, region=region))
        for device, count, region in OFFERS
    ]
    return list(zip(option_names.names(runs), runs, strict=True))


def test_the_sentence_of_an_option_says_what_is_trained_and_its_devices_once():
    for (name, result), said in zip(options(), exports.statements(options()), strict=False):
        assert said.startswith("We estimate that training a 13B model (4T tokens, ")
        assert said.count(result.device.name) == 1
        assert option_names.where(result) in said, name
    assert " on 512 H100 SXM in Virginia, PUE " in exports.statements(options())[0]


def test_an_option_with_a_name_of_its_own_has_it_before_its_sentence():
    (_, first), *others = options()
    said = exports.statements([("Our cluster", first), *others])
    assert said[0].startswith("Our cluster: we estimate that training a 13B model")
    assert said[1].startswith("We estimate")


def test_options_are_compared_and_method_and_ranges_said_once():
    text = "\n".join(exports.statements(options(), "All three stay within 200 t CO2e."))
    assert "All three stay within 200 t CO2e. " in text
    assert text.count("Ranges are 80% intervals") == 1
    assert all(text.count(exports.method(result)) == 1 for _, result in options())
    for name, _ in options()[1:]:
        assert f"of {name}" in text


@pytest.mark.parametrize(
    ("parameters", "said"),
    [(13e9, "a 13B model"), (8e9, "an 8B model"), (11e9, "an 11B model"), (110e6, "a 110M model")],
)
def test_a_model_is_called_by_its_size_with_the_article_that_is_spoken(parameters, said):
    run = Scenario(parameters=parameters, tokens=1e12, device="A100", region="IRL")
    assert option_names.trained(estimate(run)) == said
