"""What a grid's figure counts, and the figure of the same place that counts as the others' do."""

import re

import pytest

from oce import catalog, estimate
from oce.catalog.grid_basis import ALIKE, COMMON, alike, basis_of, counted_alike, figures_alike
from tests.support.rules import for_every

REGIONS = {region.id: region for region in catalog.regions()}


@for_every("name", REGIONS)
def test_every_figure_says_what_it_counts_as_its_source_does(name):
    region, found = REGIONS[name], basis_of(REGIONS[name])
    assert found.counts in str(found) or found.counts in ("unstated", "location-based operational")
    if "flow-traced" in region.note:
        assert found.accounting == "consumption-based"
    if region.kind == "country":
        assert found.kind == ("lifecycle", "production-based")


@for_every("name", REGIONS)
def test_a_figure_counted_alike_is_on_the_common_basis_of_the_same_country_and_has_an_id(name):
    region, found = REGIONS[name], alike(REGIONS[name])
    if found is None:
        return
    assert basis_of(found).kind == COMMON
    assert found.country_iso3 == region.country_iso3
    if region.kind != "paper":
        assert (found.pue, found.pue_year) == (region.pue, region.pue_year)
    assert catalog.region(found.id) == found == alike(found)


@for_every("name", {row.id: row for row in figures_alike()})
def test_a_place_on_the_common_basis_has_a_figure_of_its_own_or_that_of_a_zone(name):
    row = next(one for one in figures_alike() if one.id == name)
    assert (row.g_per_kwh is None) is bool(row.zone)
    assert name in REGIONS
    assert row.zone in ("", *REGIONS)


def test_one_place_has_one_figure_whoever_s_cloud_it_is():
    """Cloud regions of one city have the same figure, but for Google's own, which is a choice of its own."""
    by_city: dict[tuple[str, str], set[float]] = {}
    for region in catalog.regions():
        city = re.search(r"\(([^()]+)\)$", region.name)
        if region.kind == "cloud" and city and not region.id.endswith(":own"):
            place = city[1].rpartition(", ")[2].removeprefix("N. ").removeprefix("Northern ")
            by_city.setdefault((region.country_iso3, place), set()).add(region.g_per_kwh)
    assert len(by_city["USA", "Virginia"]) == 1
    differing = {place for place, figures in by_city.items() if len(figures) > 1}
    assert differing == {("CAN", "Canada Central")}  # AWS calls Montreal so, and Microsoft Toronto


@pytest.mark.parametrize("name", ["US-VA", "gcp:us-east4:own", "gcp:us-east4", "azure:eastus", "aws:us-east-1"])
def test_virginia_counted_alike_has_one_figure(name):
    found = alike(catalog.region(name))
    assert found is not None
    assert found.g_per_kwh == catalog.region("US-MIDA-PJM").g_per_kwh


def test_what_counts_alike_stays_and_what_does_not_is_taken_from_the_common_basis():
    ireland, sweden, virginia = map(catalog.region, ("IRL", "SWE", "aws:us-east-1"))
    assert counted_alike([ireland, sweden]) == (ireland, sweden)
    assert counted_alike([ireland, virginia]) == (catalog.region(f"IRL{ALIKE}"), virginia)
    beijing = catalog.region("CN-BJ")  # nothing else is known of it
    assert counted_alike([beijing, virginia]) == (beijing, virginia)
    assert counted_alike([None, virginia]) == (None, virginia)


def test_an_estimate_on_the_common_basis_differs_in_the_grid_alone():
    run = {"parameters": 7e9, "tokens": 1e12, "device": "H100", "device_count": 64}
    here, there = (estimate({**run, "region": name}) for name in ("aws:eu-west-1", f"aws:eu-west-1{ALIKE}"))
    assert (here.time_to_train_hours, here.embodied_co2e_kg) == (there.time_to_train_hours, there.embodied_co2e_kg)
    assert here.energy_kwh == there.energy_kwh
    ratio = there.operational_co2e_kg.central / here.operational_co2e_kg.central
    assert ratio == pytest.approx(there.region.g_per_kwh / here.region.g_per_kwh)
