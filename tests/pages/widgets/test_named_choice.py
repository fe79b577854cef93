"""A device or a region is found by what is typed, and what stands for no card or place of today comes last."""

import pytest

from oce import catalog
from pages.widgets import named_choice
from tests.support.app_test import opened, typed_into


@pytest.mark.parametrize(
    ("control", "text", "found"),
    [("region", "Montreal", "CA-QC"), ("region", "USA", "USA"), ("device", "A100", "a100-sxm-80gb")],
)
def test_what_is_typed_is_looked_up(control, text, found):
    app = opened("explore", region="FRA")
    typed_into(app.selectbox(key=control), text)
    assert app.session_state["fields"][control] == found
    said = " ".join(caption.value for caption in app.caption)
    assert (f"{text} is taken for" in said) is (text != "USA")


def test_a_name_that_is_none_is_said_with_the_nearest_to_press_and_the_choice_stays():
    app = opened("explore", region="FRA")
    typed_into(app.selectbox(key="region"), "Germny")
    assert app.session_state["fields"]["region"] == "FRA"
    assert "“Germny” is not known here; France" in app.error[0].value
    app.button(key="region-near-Germany").click().run()
    assert app.session_state["fields"]["region"] == "DEU"
    assert not app.error


def test_the_name_of_a_machine_brings_its_number_of_devices():
    app = opened("explore")
    typed_into(app.selectbox(key="device"), "p5.48xlarge")
    assert app.session_state["fields"]["device_count"] == 8


def test_a_family_is_listed_once_and_its_variants_are_offered_once_it_is_chosen():
    app = opened("explore", device="a100-pcie-40gb")
    assert app.selectbox(key="device").value == "a100-sxm-80gb"
    assert sum("A100" in label for label in named_choice.device_labels().values()) == 3  # two of them the paper's
    app.selectbox(key="device_variant").set_value("a100-sxm-40gb").run()
    assert app.session_state["fields"]["device"] == "a100-sxm-40gb"


@pytest.mark.parametrize("labels", [named_choice.device_labels, named_choice.region_labels])
def test_the_papers_own_come_last_and_say_so(labels):
    named = [label.startswith(named_choice.OF_PAPER) for label in labels().values()]
    assert named == sorted(named)
    assert any(named)
    assert len(set(labels().values())) == len(named)


def test_every_device_and_region_can_be_reached():
    variants = {device.id for family in catalog.families() for device in family.variants}
    assert variants | set(named_choice.device_labels()) == {device.id for device in catalog.devices()}
    assert set(named_choice.region_labels()) == {region.id for region in catalog.regions()}
