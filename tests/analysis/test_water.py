"""Water: PUE off-site only and once, what is missing stays missing, and every region has the figure nearest to it."""

import pytest
from ecologits.electricity_mix_repository import electricity_mixes
from ecologits.impacts.llm import compute_llm_impacts
from hypothesis import given
from hypothesis import strategies as st

from oce import catalog
from oce.analysis import water
from oce.analysis.water import litres
from oce.interval import Interval

LITRES = st.floats(0, 20)
KWH = st.lists(st.floats(1e-6, 1e9), min_size=3, max_size=3).map(lambda ends: Interval(*sorted(ends)))


@given(KWH, st.floats(1, 3), LITRES, LITRES)
def test_pue_counts_once_and_off_site_only(kwh, pue, on_site, off_site):
    found, bare = litres(kwh, pue, on_site, off_site), litres(kwh, 1.0, on_site, off_site)
    assert found.on_site_l == bare.on_site_l
    for end in ("low", "central", "high"):
        energy = getattr(kwh, end)
        assert getattr(found.on_site_l, end) == energy * on_site
        assert getattr(found.off_site_l, end) == pytest.approx(energy * pue * off_site)
        assert getattr(found.total_l, end) == pytest.approx(energy * (on_site + pue * off_site))


def test_it_is_the_water_that_ecologits_has():
    theirs = compute_llm_impacts(70, 70, 400, 0.0, 0.0, 0.0, if_electricity_mix_wue=3.1, datacenter_pue=1.3,
                                 datacenter_wue=0.4)  # fmt: skip
    it_kwh = theirs.energy.value / 1.3
    ours = litres(Interval(it_kwh, it_kwh, it_kwh), 1.3, 0.4, 3.1)
    assert ours.total_l.central == pytest.approx(theirs.wcf.value)


def test_what_is_missing_is_never_none_of_it():
    kwh = Interval(1.0, 2.0, 3.0)
    assert litres(kwh, 1.1, None, 2.0).on_site_l is None
    assert litres(kwh, 1.1, None, 2.0).total_l is None
    assert litres(kwh, 1.1, 2.0, None).off_site_l is None
    assert litres(kwh, 1.1, 2.0, None).total_l is None
    assert litres(kwh, 1.1, 0.0, 0.0).total_l == Interval(0.0, 0.0, 0.0)  # a figure of 0 is one


@pytest.mark.parametrize(
    ("region", "found"),
    [
        ("aws:eu-west-1", "aws-eu-west-1"),
        ("azure:westus3", "azure-westus3"),
        ("gcp:us-central1", "google-llm"),
        ("USA", "us-data-centres"),
        ("US-CA", "us-data-centres"),
        ("FRA", None),
        ("WORLD", None),
    ],
)
def test_the_figure_nearest_to_a_region(region, found):
    place = water.place_for(catalog.region(region))
    assert (place.id if place else None) == found


def test_a_cloud_region_without_a_figure_has_that_of_its_fleet():
    own = {one.region for one in water.places()}
    without = [one for one in catalog.regions() if one.id.startswith("aws:") and one.id not in own]
    assert without
    assert {water.place_for(one).id for one in without} == {"aws-global"}


def test_no_region_has_no_water():
    assert water.place_for(None) is None
    assert water.off_site_l_per_kwh(None) is None


@pytest.mark.parametrize("region", ["USA", "FRA", "NOR", "gcp:us-central1", "US-CA"])
def test_off_site_is_the_factor_of_the_country_in_ecologits(region):
    one = catalog.region(region)
    assert water.off_site_l_per_kwh(one) == electricity_mixes.find_electricity_mix(one.country_iso3).wue > 0


def test_the_world_has_a_factor_and_europe_none():
    assert water.off_site_l_per_kwh(catalog.region("WORLD")) == electricity_mixes.find_electricity_mix("WOR").wue
    assert water.off_site_l_per_kwh(catalog.region("EUROPE")) is None


def test_every_country_of_the_catalogue_has_a_factor():
    countries = [one for one in catalog.regions() if one.kind == "country"]
    known = [water.off_site_l_per_kwh(one) for one in countries]
    assert sum(one is not None for one in known) > 0.9 * len(countries)
    assert all(0 <= one < 60 for one in known if one is not None)


def test_figures_on_site_are_per_kwh_of_the_equipment_and_say_so():
    assert len(water.places()) == 57
    assert len(water.sources()) == 11
    for one in water.places():
        assert "do not multiply by PUE" in one.note
        assert "do not multiply" not in one.remark
        assert one.l_per_kwh < 5
    assert [one.l_per_kwh for one in water.sources()] == sorted(one.l_per_kwh for one in water.sources())


def test_a_region_of_a_figure_is_one_of_the_catalogue():
    assert {one.region for one in water.figures() if one.region} <= {one.id for one in catalog.regions()}
