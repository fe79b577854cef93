"""A comparison in the address bar: short, readable, and never undone by rubbish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import InputError, catalog, estimate
from pages.session import compared_scenarios, link
from pages.session.compared_scenarios import Entry

OWN = link.fields_of("llama-3-70b")


def test_it_opens_with_your_scenario_on_h100_a100_and_tpu_v4():
    devices = [entry.scenario(OWN).device for entry in compared_scenarios.default(OWN)]
    assert devices == ["h100-sxm", "a100-sxm-80gb", "tpu-v4"]
    assert [entry.called(OWN) for entry in compared_scenarios.default(OWN)] == ["H100 SXM", "A100 SXM4 80GB", "TPU v4"]


def test_your_own_device_is_among_them():
    own = {**OWN, "device": "b200"}
    assert [entry.scenario(own).device for entry in compared_scenarios.default(own)] == [
        "b200",
        *compared_scenarios.DEFAULT_DEVICES,
    ]


def test_a_precision_that_another_device_lacks_is_let_go_of_there():
    own = {**OWN, "precision": "fp8"}
    entries = compared_scenarios.default(own)
    assert [entry.scenario(own).precision for entry in entries] == ["fp8", None, None]
    assert entries[1].called(own) == "A100 SXM4 80GB, Precision not given"
    assert not compared_scenarios.estimates(entries, own, None).refused


def test_a_comparison_comes_back_from_its_link():
    entries = [
        Entry(),
        Entry({"device": "tpu-v4", "pue": "1.2"}, name="Ours, cooled"),
        Entry(model="gpt-3-175b"),
        Entry({"region": "gcp:us-central1", "tokens": "2e12"}, model="bloom-176b"),
        compared_scenarios.snapshot({**OWN, "tokens": 1e12}),
    ]
    assert compared_scenarios.from_text(compared_scenarios.to_text(entries)) == (entries, [])


def test_one_scenario_without_a_change_is_a_comparison_too():
    assert compared_scenarios.from_text(compared_scenarios.to_text([Entry()])) == ([Entry()], [])


def test_six_scenarios_with_every_field_stay_below_two_thousand_characters():
    changes = {
        "parameters": "1.234e12", "active_parameters": "123.4e9", "tokens": "12.34e12", "device": "a100-sxm-80gb",
        "device_count": "123456", "region": "azure:southcentralus", "pue": "1.234", "power_fraction": "0.75",
        "overhead_fraction": "0.25", "precision": "bf16", "year": "2025", "utilisation": "0.425", "level": "0.95",
    }  # fmt: skip
    entries = [Entry(changes, name=f"Scenario {number}") for number in range(compared_scenarios.MOST)]
    text = compared_scenarios.to_text(entries)
    assert compared_scenarios.from_text(text) == (entries, [])
    assert len("?compare=" + text) < 2000


def test_the_sidebar_moves_every_scenario_that_starts_from_it_and_no_kept_one():
    entry, kept = Entry({"device": "tpu-v4"}), compared_scenarios.snapshot(OWN)
    smaller = {**OWN, "tokens": 1e12}
    assert entry.scenario(smaller).tokens == 1e12
    assert estimate(kept.scenario(smaller)).total_co2e_kg == estimate(kept.scenario(OWN)).total_co2e_kg


def test_a_preset_with_changes_keeps_the_rest_of_its_fields():
    changed = compared_scenarios.changed(Entry(model="gpt-3-175b"), "region", "france").scenario(OWN)
    assert changed.region == "FRA"
    assert changed.tokens == catalog.model("gpt-3-175b").fields["tokens"]


@pytest.mark.parametrize(("field", "text"), [("pue", "9"), ("device", "H1000"), ("tokens", "lots"), ("colour", "red")])
def test_what_cannot_be_used_is_named_and_the_rest_kept(field, text):
    with pytest.raises(InputError, match=field):
        compared_scenarios.changed(Entry(), field, text)
    entries, problems = compared_scenarios.from_text(f"{field}-{text}~region-fra~~device-a100")
    assert [entry.changes for entry in entries] == [{"region": "FRA"}, {"device": "a100"}]
    assert problems[0].field.startswith("scenario 1, ")


@given(st.text(max_size=200))
def test_any_text_at_all_gives_a_comparison(text):
    entries, _ = compared_scenarios.from_text(text)
    assert 1 <= len(entries) <= compared_scenarios.MOST
    assert compared_scenarios.from_text(compared_scenarios.to_text(entries))[0] == entries


def test_an_offer_is_your_model_on_its_devices_in_its_place():
    own = {**OWN, "precision": "fp8"}
    entry, notes = compared_scenarios.of_offer("64 TPU v4 in Ireland", own)
    assert entry.fields(own) == {
        **{name: value for name, value in OWN.items() if name != "precision"},
        **{"device": "tpu-v4", "device_count": "64", "region": "IRL"},
    }
    assert not notes


def test_the_sidebar_says_which_options_it_changes_and_what_of_them_stays():
    says = compared_scenarios.changed_by_sidebar
    assert says([Entry(), Entry()]) == "A change here changes all options."
    said = says(
        [Entry(), Entry({"device": "b200", "pue": "1.2"}), Entry({"device": "v100"}), Entry(model="gpt-3-175b")]
    )
    assert said == (
        "A change here changes options 1, 2 and 3, but for what their cards set: Device (2, 3), PUE (2). Option 4 "
        "stays as set."
    )
    assert "no option" in says([Entry(model="gpt-3-175b"), Entry(model="bloom-176b")])
    many = says([Entry(dict.fromkeys(("device", "pue", "tokens", "year", "level", "width"), "1"))])
    assert many.endswith(" and more.")
    assert many.count("(1)") == compared_scenarios.MOST_SHOWN
