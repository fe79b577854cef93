"""What a link says of a model's use: defaults where it says nothing, and each thing that is wrong named."""

import pytest

from oce import InputError, catalog
from oce.analysis.lifetime import DEFAULTS
from pages.sections import usage

RUN = catalog.model("llama-3-70b").scenario()


def test_a_link_that_says_nothing_is_the_default_use():
    found = usage.of_link(RUN, {})
    assert found.numbers == DEFAULTS
    assert (found.way, found.fleet) == (usage.MODELLED, usage.NEAREST)


def test_everything_that_is_wrong_is_named_at_once():
    with pytest.raises(InputError) as caught:
        usage.of_link(RUN, {"years": "4000", "task": "juggling", "water": "moon", "queries_per_day": "1M"})
    assert {one.field for one in caught.value.problems} == {"years", "task", "water"}


def test_a_model_that_ecologits_does_not_know_is_measured_or_the_visitors_own():
    vision, protein = (catalog.model(name).scenario() for name in ("vit-l-16", "esm-2-15b"))
    assert usage.of_link(vision, {}).way == usage.TASK
    assert usage.of_link(protein, {}).way == usage.OWN
    assert usage.MODELLED not in usage.ways_of(vision)


def test_an_energy_of_ones_own_is_taken_as_given():
    given = usage.of_link(RUN, {"inference": "own", "wh_per_query": "0.24"})
    found = usage.query_energy(RUN, given, 0.8)
    assert found.kwh.low == found.kwh.high == pytest.approx(0.24e-3)
    assert found.energy_from == "Yours"
