"""A comparison in the address bar: short, readable, and never undone by rubbish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oce import InputError, catalog, estimate
from oce.method import ratio_basis
from pages.session import link
from pages.views import compare_view
from pages.views.compare_view import Entry

OWN = link.fields_of("llama-3-70b")


def test_it_opens_with_your_scenario_on_h100_a100_and_tpu_v4():
    devices = [entry.scenario(OWN).device for entry in compare_view.default(OWN)]
    assert devices == ["h100-sxm", "a100-sxm-80gb", "tpu-v4"]
    assert [entry.called(OWN) for entry in compare_view.default(OWN)] == ["H100 SXM", "A100 SXM4 80GB", "TPU v4"]


def test_your_own_device_is_among_them():
    own = {**OWN, "device": "b200"}
    assert [entry.scenario(own).device for entry in compare_view.default(own)] == [
        "b200",
        *compare_view.DEFAULT_DEVICES,
    ]


def test_a_precision_that_another_device_lacks_is_let_go_of_there():
    own = {**OWN, "precision": "fp8"}
    entries = compare_view.default(own)
    assert [entry.scenario(own).precision for entry in entries] == ["fp8", None, None]
    assert entries[1].called(own) == "A100 SXM4 80GB, Precision not given"
    assert not compare_view.estimates(entries, own, None).refused


def test_a_comparison_comes_back_from_its_link():
    entries = [
        Entry(),
        Entry({"device": "tpu-v4", "pue": "1.2"}, name="Ours, cooled"),
        Entry(model="gpt-3-175b"),
        Entry({"region": "gcp:us-central1", "tokens": "2e12"}, model="bloom-176b"),
        compare_view.snapshot({**OWN, "tokens": 1e12}),
    ]
    assert compare_view.from_text(compare_view.to_text(entries)) == (entries, [])


def test_one_scenario_without_a_change_is_a_comparison_too():
    assert compare_view.from_text(compare_view.to_text([Entry()])) == ([Entry()], [])


def test_six_scenarios_with_every_field_stay_below_two_thousand_characters():
    changes = {
        "parameters": "1.234e12", "active_parameters": "123.4e9", "tokens": "12.34e12", "device": "a100-sxm-80gb",
        "device_count": "123456", "region": "azure:southcentralus", "pue": "1.234", "power_fraction": "0.75",
        "overhead_fraction": "0.25", "precision": "bf16", "year": "2025", "utilisation": "0.425", "level": "0.95",
    }  # fmt: skip
    entries = [Entry(changes, name=f"Scenario {number}") for number in range(compare_view.MOST)]
    text = compare_view.to_text(entries)
    assert compare_view.from_text(text) == (entries, [])
    assert len("?compare=" + text) < 2000


def test_the_sidebar_moves_every_scenario_that_starts_from_it_and_no_kept_one():
    entry, kept = Entry({"device": "tpu-v4"}), compare_view.snapshot(OWN)
    smaller = {**OWN, "tokens": 1e12}
    assert entry.scenario(smaller).tokens == 1e12
    assert estimate(kept.scenario(smaller)).total_co2e_kg == estimate(kept.scenario(OWN)).total_co2e_kg


def test_a_preset_with_changes_keeps_the_rest_of_its_fields():
    changed = compare_view.changed(Entry(model="gpt-3-175b"), "region", "france").scenario(OWN)
    assert changed.region == "FRA"
    assert changed.tokens == catalog.model("gpt-3-175b").fields["tokens"]


def test_a_speed_that_rests_on_no_measurement_says_so_beside_the_ratio_and_in_the_headline():
    found = compare_view.estimates(
        [Entry({"device": one}) for one in ("h100-sxm", "a100-sxm-80gb", "tpu-v6e")], OWN, None
    )
    words = next(row for row in found.rows(0) if row[0] == "Speed of the two devices")
    assert words[1:3] == ["", "measured"]
    assert words[3] == ratio_basis.WORDS["bracketed"]
    for at, name in enumerate(found.names):
        weak = compare_view.Compared([found.named[at], found.named[2 if at < 2 else 0]], [])
        for baseline in (0, 1):
            assert "may emit" in weak.headline(baseline), name
            assert ratio_basis.WORDS["bracketed"] in weak.headline(baseline)


def test_what_the_devices_speed_rests_on_is_said_once_a_device_and_not_where_it_is_one():
    entries = [Entry({"device": one}) for one in ("h100-sxm", "tpu-v4", "tpu-v4")] + [Entry({"region": "FRA"})]
    said = compare_view.estimates(entries, {**OWN, "device": "h100-sxm"}, None).bases(0)
    assert len(said) == 1
    assert "TPU v4 against H100 SXM: never measured on one stack" in said[0]


@pytest.mark.parametrize(("field", "text"), [("pue", "9"), ("device", "H1000"), ("tokens", "lots"), ("colour", "red")])
def test_what_cannot_be_used_is_named_and_the_rest_kept(field, text):
    with pytest.raises(InputError, match=field):
        compare_view.changed(Entry(), field, text)
    entries, problems = compare_view.from_text(f"{field}-{text}~region-fra~~device-a100")
    assert [entry.changes for entry in entries] == [{"region": "FRA"}, {"device": "a100"}]
    assert problems[0].field.startswith("scenario 1, ")


@given(st.text(max_size=200))
def test_any_text_at_all_gives_a_comparison(text):
    entries, _ = compare_view.from_text(text)
    assert 1 <= len(entries) <= compare_view.MOST
    assert compare_view.from_text(compare_view.to_text(entries))[0] == entries
