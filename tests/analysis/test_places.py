"""Where to train: every place as an estimate there, and a warning where two are not counted alike."""

import pytest

from oce import catalog, estimate, units
from oce.analysis import places
from oce.analysis.alternatives import in_region
from oce.analysis.places import moving
from tests.support.plans import PAST, RUN, SAME, one_sentence


def test_every_place_but_the_papers_own_is_ranked_as_an_estimate_there():
    ranking = places.ranked(RUN, PAST)
    assert {one.region for one in ranking} == {one for one in catalog.regions() if one.kind != "paper"}
    centrals = [one.total_co2e_kg.central for one in ranking]
    assert centrals == sorted(centrals)
    now = estimate(RUN, PAST).total_co2e_kg
    for place in ranking[::50]:
        there = estimate(RUN.replace(region=place.region.id), PAST).total_co2e_kg
        for end in ("low", "central", "high"):
            assert getattr(place.total_co2e_kg, end) == pytest.approx(getattr(there, end), rel=SAME)
        assert place.saved_kg == pytest.approx(now.central - there.central, rel=SAME, abs=SAME * now.central)
    own = next(one for one in ranking if one.region.id == "USA")
    assert own.saved_kg == pytest.approx(0, abs=SAME * now.central)


def test_a_stated_intensity_is_left_behind_but_compared_with():
    stated = RUN.replace(region=None, carbon_intensity_g_per_kwh=1000)
    assert in_region(stated, catalog.region("SWE")) == RUN.replace(region="SWE")
    moved = {one.region.id: one for one in places.ranked(stated)}
    fixed = {one.region.id: one for one in places.ranked(RUN)}
    assert moved["SWE"].total_co2e_kg == fixed["SWE"].total_co2e_kg
    assert moved["SWE"].saved_kg > fixed["SWE"].saved_kg > 0


@pytest.mark.parametrize("mode", ["paper", "full"])
def test_moving_is_said_in_a_sentence_either_way(mode):
    run = RUN.replace(embodied=mode)
    at = {one.region.id: one for one in places.ranked(run)}
    here, there = (estimate(in_region(run, catalog.region(name))).total_co2e_kg.central for name in ("USA", "SWE"))
    tonnes = units.shown(here - there, units.MASS)
    less, more = (f"{100 * (here - there) / one:.0f}" for one in (here, there))
    assert moving(at["USA"], at["SWE"]) == f"Moving the run from United States to Sweden saves {tonnes} ({less}%)."
    assert moving(at["SWE"], at["USA"]) == f"Moving the run from Sweden to United States adds {tonnes} ({more}%)."
    assert moving(at["SWE"], at["SWE"]) == "Moving the run from Sweden to Sweden changes nothing."


def test_moving_between_places_that_are_not_counted_alike_warns():
    ranking = places.ranked(RUN)
    by_basis = {one.region.basis: one for one in ranking}
    assert len(by_basis) == 3
    for one in by_basis.values():
        for other in by_basis.values():
            text = moving(one, other)
            assert one_sentence(text)
            assert ("not counted alike" in text) == (one is not other)
            if one is not other:
                assert f"{one.region.name} is {one.region.basis}" in text
                assert f"{other.region.name} {other.region.basis}" in text
