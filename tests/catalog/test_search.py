"""What a visitor types is the region or the device that is meant, and what was taken for what is said."""

import pytest

from oce import InputError, catalog
from tests.support.rules import for_every

REGIONS = [  # what is typed, and the id
    *[("Deutschland", "DEU"), ("Allemagne", "DEU"), ("germany", "DEU"), ("ger", "DEU"), ("DE", "DEU")],
    *[("Quebec", "CA-QC"), ("Québec", "CA-QC"), ("Montreal", "CA-QC"), ("Montréal", "CA-QC"), ("montr", "CA-QC")],
    *[("UK", "GBR"), ("Great Britain", "GBR"), ("Großbritannien", "GBR"), ("united king", "GBR")],
    *[("USA", "USA"), ("US", "USA"), ("Vereinigte Staaten", "USA"), ("united sta", "USA"), ("États-Unis", "USA")],
    *[("us-east-1", "aws:us-east-1"), ("europe-west4", "gcp:europe-west4"), ("eastus2", "azure:eastus2")],
    *[("Iowa", "US-IA"), ("Council Bluffs", "US-IA"), ("Virginia", "US-VA"), ("N. Virginia", "US-VA")],
    *[("Dublin", "IRL"), ("Irland", "IRL"), ("Schweiz", "CHE"), ("Suisse", "CHE"), ("Wien", "AUT"), ("日本", "JPN")],
    *[("中国", "CHN"), ("españa", "ESP"), ("Oklahoma", "US-OK"), ("canada", "CAN"), ("fran", "FRA"), ("Welt", "WORLD")],
    *[("mexico", "MEX"), ("nether", "NLD"), ("frankf", "DEU"), ("Paper: USA (released data)", "paper-usa")],
]
DEVICES = [
    *[("A100", "a100-sxm-80gb"), ("a100 40", "a100-sxm-40gb"), ("A100 80GB", "a100-sxm-80gb")],
    *[("A100 PCIe", "a100-pcie-40gb"), ("V100", "v100-sxm2-32gb"), ("H100", "h100-sxm"), ("nvidia h1", "h100-sxm")],
    *[("A100 (released data)", "a100-released"), ("TPU v4", "tpu-v4"), ("trill", "tpu-v6e"), ("mi300", "mi300x")],
    *[("p5.48xlarge", "h100-sxm"), ("ironwood", "tpu7x"), ("gaudi3", "gaudi-3")],
]


@for_every(("typed", "found"), REGIONS)
def test_a_region_is_found_by_name_alias_city_code_and_language_countries_first(typed, found):
    assert catalog.find_region(typed).region.id == found


@for_every(("typed", "found"), DEVICES)
def test_a_device_is_found_by_what_people_call_it(typed, found):
    assert catalog.find_device(typed).device.id == found


@pytest.mark.parametrize("typed", ["A100", "frankf", "ger"])
def test_what_a_text_was_taken_for_is_said(typed):
    find = catalog.find_device if typed == "A100" else catalog.find_region
    assert f"{typed} is taken for " in find(typed).note


@pytest.mark.parametrize("typed", ["Atlantis", "xq", "", "germny"])
def test_a_name_that_nothing_has_is_refused(typed):
    with pytest.raises(InputError) as caught:
        catalog.find_region(typed)
    assert ("Germany" in caught.value.problems[0].near) is (typed == "germny")


def test_every_device_is_of_one_family_and_a_family_has_a_usual_variant():
    listed = [device for family in catalog.families() for device in (*family.variants, *family.of_paper)]
    assert sorted(device.id for device in listed) == sorted(device.id for device in catalog.devices())
    assert all(family.variants[0] is family.usual for family in catalog.families())


def test_the_a100s_are_one_family_whose_usual_variant_has_80_gb_on_an_sxm_board():
    (family,) = [family for family in catalog.families() if family.name == "A100"]
    assert family.usual.id == "a100-sxm-80gb"
    assert {device.id for device in family.variants} == {
        *("a100-sxm-80gb", "a100-sxm-40gb", "a100-sxm-80gb-500w", "a100-pcie-40gb", "a100-pcie-80gb")
    }
    assert {device.id for device in family.of_paper} == {"a100", "a100-released"}
