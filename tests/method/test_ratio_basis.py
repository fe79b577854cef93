"""What a ratio of two devices rests on."""

from itertools import pairwise

from oce import catalog
from oce.catalog import measurements
from oce.method import ratio_basis
from oce.method.ratio_basis import basis

DEVICES = {one.id: one for one in catalog.devices()}


def of(first: str, second: str, *precisions: str) -> ratio_basis.Basis:
    return basis(DEVICES[first], DEVICES[second], precisions or ("", ""))


def test_two_devices_that_one_stack_ran_are_measured():
    found = of("a100-sxm-80gb", "h100-sxm")
    assert found.kind == "measured"
    assert not found.is_weak
    assert {(row.first_device, row.second_device) for row in found.contrasts} <= {
        ("a100-sxm-80gb", "h100-sxm"),
        ("h100-sxm", "a100-sxm-80gb"),
    }
    assert all(row.evidence == "same stack" and row.is_language for row in found.contrasts)


def test_what_it_rests_on_is_the_same_both_ways():
    ids = sorted({name for row in measurements.contrasts() for name in (row.first_device, row.second_device)})
    different = [(a, b) for a in ids for b in ids if of(a, b).kind != of(b, a).kind]
    assert different == []


def test_a_tpu_and_an_nvidia_device_are_bracketed_and_never_measured():
    for tpu in ("tpu-v4", "tpu-v5p", "tpu-v6e"):
        found = of(tpu, "h100-sxm")
        assert found.kind == "bracketed"
        assert found.is_weak
    assert "never measured on one stack" in of("a100", "tpu-v4").sentence(DEVICES["a100"], DEVICES["tpu-v4"])


def test_a_device_in_no_measurement_is_placed_and_says_so():
    measured = {name for row in measurements.contrasts() for name in (row.first_device, row.second_device)}
    strangers = [one for one in DEVICES.values() if one.counted_id not in measured]
    assert strangers
    assert {basis(DEVICES["h100-sxm"], one).kind for one in strangers} == {"placed"}
    assert "nobody has measured" in basis(DEVICES["h100-sxm"], strangers[0]).sentence(DEVICES["h100-sxm"], strangers[0])


def test_steps_are_named_in_their_order_and_each_is_measured():
    bases = {name: of("a100-sxm-80gb", name) for name in DEVICES}
    linked = {name: found for name, found in bases.items() if found.kind == "linked"}
    assert linked
    for name, found in linked.items():
        device = DEVICES[name]
        way = ["a100-sxm-80gb", *found.through, device.counted_id]
        pairs = {frozenset((row.first_device, row.second_device)) for row in found.contrasts}
        assert pairs == {frozenset(step) for step in pairwise(way)}
        assert catalog.device(found.through[0]).name in found.sentence(DEVICES["a100-sxm-80gb"], device)


def test_one_device_needs_no_measurement_but_of_its_precisions():
    assert of("h100-sxm", "h100-sxm").kind == "same"
    assert of("a100", "a100-sxm-80gb").kind == "same"
    assert of("h100-sxm", "h100-sxm", "bf16", "fp16").kind == "same"
    assert of("h100-sxm", "h100-sxm", "bf16", "fp8").kind == "measured"
    assert of("h100-sxm", "h100-sxm", "bf16", "tf32").kind == "placed"


def test_every_kind_has_a_word_and_a_sentence_without_a_full_stop():
    for name, device in DEVICES.items():
        found = of("h100-sxm", name)
        text = found.sentence(DEVICES["h100-sxm"], device)
        assert found.word
        assert text[-1] != "."
        assert "  " not in text
