"""What nobody named is called by how many of what, where; and by what else tells it from the others."""

from oce import Scenario, estimate
from oce.analysis.option_names import names, place_name
from oce.catalog import models, region

RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=1024, region="USA")


def called(*runs):
    return names([estimate(run) for run in runs])


def test_an_option_is_called_by_how_many_of_what_and_where():
    assert called(RUN) == ("1,024 H100 SXM in the United States",)
    assert called(RUN.replace(region="Ireland", device="A100-80GB")) == ("1,024 A100 SXM4 80GB in Ireland",)
    assert called(RUN.replace(carbon_intensity_g_per_kwh=50)) == ("1,024 H100 SXM at 50.0 g/kWh",)


def test_a_cloud_region_is_called_by_its_place_and_whose_it_is():
    assert place_name(region("aws:us-east-1")) == "N. Virginia (AWS)"
    assert place_name(region("gcp:us-central2")) == "Oklahoma (Google)"
    assert place_name(region("gcp:us-central2:own")) == "Oklahoma (Google's own figure)"


def test_options_of_one_name_are_told_apart_by_the_fields_that_differ():
    assert called(RUN, RUN.replace(pue=1.25)) == (
        "1,024 H100 SXM in the United States",
        "1,024 H100 SXM in the United States, PUE 1.25",
    )


def test_where_the_models_differ_each_is_named_as_the_catalogue_does_or_by_its_size():
    known = next(one for one in models() if one.id == "llama-2-70b")
    of_it, other = called(Scenario(**{**known.fields, "device_count": 1024}), RUN.replace(parameters=9e9))
    assert of_it.startswith(f"{known.name} on 1,024 ")
    assert other.startswith("9B model (15T tokens) on 1,024 ")
