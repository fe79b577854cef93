"""An offer in one line is read as people write it; what cannot be read is named, and nothing of it dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import InputError, catalog
from pages.session import offers
from pages.session.offers import Offer


def read(line):
    offer = offers.read(line)
    return offer.device, offer.count, offer.region


@pytest.mark.parametrize(
    "line",
    [
        "512 H100 in Virginia", "512 H100 SXM, Virginia", "512x H100 at Virginia", "512 × H100 (Virginia)",
        "  512   h100 @ us-va ", "512 H100 VA", "512 H100 · Virginia", "512xH100 Virginia",
    ],
)  # fmt: skip
def test_number_device_and_place_are_told_apart_however_they_are_joined(line):
    assert read(line) == ("h100-sxm", "512", "US-VA")


@pytest.mark.parametrize(("text", "count"), [("1,024", "1024"), ("1 024", "1024"), ("1k", "1000"), ("16384", "16384")])
def test_a_number_is_read_in_every_notation(text, count):
    assert read(f"{text} A100 in Ireland") == ("a100-sxm-80gb", count, "IRL")


def test_what_an_offer_leaves_out_stays_open():
    assert offers.read("TPU v4").changes == {"device": "tpu-v4"}
    assert offers.read("TPU v4 in Oklahoma").changes == {"device": "tpu-v4", "region": "US-OK"}
    assert offers.read("H100 SXM").region == ""  # SXM is Sint Maarten too
    assert offers.read("RTX 4090 France").changes == {"device": "rtx-4090", "region": "FRA"}


def test_a_slice_says_how_many_chips_it_has_and_a_code_what_it_was_taken_for():
    offer = offers.read("v4-512 OK")
    assert (offer.device, offer.count, offer.region) == ("tpu-v4", "256", "US-OK")
    assert any("slice of 512 cores" in note for note in offer.notes)
    assert any("Oklahoma" in note for note in offer.notes)


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("", "offer"), ("512", "device"), ("in Ireland", "offer"), ("512 H100 in Atlantis", "region"),
        ("512 H1000 in Ireland", "device"), ("1,5 H100", "device_count"), ("2 p5.48xlarge in Virginia", "offer"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named(line, field):
    with pytest.raises(InputError) as refused:
        offers.read(line)
    assert [problem.field for problem in refused.value.problems] == [field]


def test_all_that_is_wrong_in_an_offer_is_named_at_once():
    with pytest.raises(InputError) as refused:
        offers.read("1,5 H1000 in Atlantis")
    assert [problem.field for problem in refused.value.problems] == ["device_count", "device", "region"]


@given(st.text(max_size=80))
def test_any_line_is_an_offer_of_the_catalogue_or_refused(line):
    try:
        offer = offers.read(line)
    except InputError:
        return
    assert isinstance(offer, Offer)
    assert catalog.device(offer.device).id == offer.device
    assert not offer.region or catalog.region(offer.region).id == offer.region
