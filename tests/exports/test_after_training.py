"""What a report says beside the carbon of training: as the page Lifetime has it, and nothing where nothing is known."""

import pytest

from oce import exports, units
from oce.analysis import lifetime, water
from oce.estimation import estimate
from oce.exports import after_training
from oce.scenario import Scenario
from pages.sections import usage
from pages.views import lifetime as page

RUN = Scenario(parameters=13e9, tokens=4e12, device="H100 SXM", device_count=512, region="US-VA")
WITHOUT_PLACE = RUN.replace(region=None, carbon_intensity_g_per_kwh=300.0)


def rows(*runs):
    return {row[0]: row[1:] for row in after_training.rows([(str(run), estimate(run)) for run in runs])}


@pytest.mark.parametrize("region", ["US-VA", "aws:eu-west-1", "FRA"])
def test_water_and_use_are_what_the_page_lifetime_opens_with(region):
    result = estimate(RUN.replace(region=region))
    shown = page.content(result, usage.of_link(result.scenario, {}))
    of_training = next(row for row in shown.tables["water-use"].rows if row[0] == "Training")
    found = rows(RUN.replace(region=region))
    assert [cells for label, cells in found.items() if "on-site" in label] in ([[of_training[1]]], [])
    assert found["Water of training, off-site"] == [of_training[2]]
    total = lifetime.at_end(result, after_training.usual_service(result))["total"]
    assert found["With use, 4 years"] == [units.amount(total, units.MASS)]
    assert units.shown(total.central, units.MASS) in shown.headline


def test_water_that_is_not_known_is_missing_and_not_0():
    assert rows(WITHOUT_PLACE).keys() == {"With use, 4 years"}
    assert after_training.sources([("", estimate(WITHOUT_PLACE))]).startswith("On-site water: no figure here")
    both = rows(RUN, RUN.replace(region="IRL"))
    assert both["Water of training, on-site"][1] == after_training.MISSING


def test_what_is_no_language_model_has_no_use_by_default():
    assert not any("use" in label for label in rows(RUN.replace(modality="vision")))
    assert "queries" not in after_training.sources([("", estimate(RUN.replace(modality="vision")))])


def test_a_report_names_the_sources_of_its_water_and_what_it_assumes_of_use():
    result = estimate(RUN)
    figure = water.place_for(result.region)
    for text in (
        exports.html_report([("a 13B model", result)]),
        exports.html_report([("one", result), ("other", estimate(WITHOUT_PLACE))]),
        exports.page_report("The answer", result, []),
    ):
        assert figure.source in text
        assert "World Resources Institute" in text
        assert "10M queries a day for 4 years are assumed" in text


def test_a_report_of_use_itself_adds_no_other_use():
    assert "queries" not in exports.page_report("The answer", estimate(RUN), [], counts_use=True)
