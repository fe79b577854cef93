"""Devices and places by the names that drivers, schedulers, clouds and people have for them."""

import time

import pytest

from oce import InputError, Scenario, catalog, estimate

DEVICES = [  # a name, the device, and how many of it the name stands for
    ("8 x Tesla P100-SXM2-16GB", "p100-sxm", 8),  # CodeCarbon
    ("NVIDIA A100-SXM4-80GB", "a100-sxm-80gb", None),  # nvidia-smi
    ("NVIDIA H100 80GB HBM3", "h100-sxm", None),
    ("NVIDIA GH200 120GB", "gh200", None),
    ("NVIDIA TITAN RTX", "titan-rtx", None),
    ("AMD Instinct MI300X OAM", "mi300x", None),
    ("AMD INSTINCT MI250 (MCM) OAM AC MBA", "mi250", None),
    ("gpu:a100:4", "a100", 4),  # Slurm
    ("gpu:nvidia_h100_80gb_hbm3:8", "h100-sxm", 8),
    ("v4-8", "tpu-v4", 4),  # Google: cores up to v5p, two to a chip
    ("v3-8", "tpu-v3", 4),
    ("v5p-128", "tpu-v5p", 64),
    ("v5litepod-16", "tpu-v5e", 16),
    ("v6e-8", "tpu-v6e", 8),
    ("TPU v5 lite", "tpu-v5e", None),  # JAX
    ("a2-megagpu-16g", "a100-sxm-40gb", 16),  # clouds
    ("a2-megagpu", "a100-sxm-40gb", 16),
    ("p5.48xlarge", "h100-sxm", 8),
    ("ND H100 v5", "h100-sxm", 8),
    ("Standard_ND96isr_H100_v5", "h100-sxm", 8),
    ("ct5p-hightpu-4t", "tpu-v5p", 4),
    ("ct5p", "tpu-v5p", None),
    ("ml.p4d.24xlarge", "a100-sxm-40gb", 8),
    ("tpu-v5-lite-podslice", "tpu-v5e", None),
    ("DGX H100", "h100-sxm", 8),
    ("A100 PCIe 40/80GB", "a100-pcie-40gb", None),  # ML CO2
]


@pytest.mark.parametrize(("name", "device", "count"), DEVICES)
def test_a_device_is_known_by_what_tools_and_clouds_print(name, device, count):
    found = catalog.device_named(name)
    assert (found.device.id, found.count) == (device, count)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Tesla V100-SXM3-32GB", "taken for V100 SXM2 32GB"),
        ("NVIDIA A100-SXM-64GB", "taken for A100"),
        ("v4-8", "4 chips"),
        ("p5.48xlarge", "8 × H100 SXM"),
    ],
)
def test_what_was_taken_for_what_is_told_beside_the_estimate(name, part):
    result = estimate(Scenario(training_flop=1e22, device=name, region="FRA"))
    assert part in " ".join(note.text for note in result.notes)


@pytest.mark.parametrize(
    "name", ["RTX 4080 Laptop GPU", "NVIDIA GeForce RTX 3090 Ti", "A100-SXM4-80GB MIG 3g.40gb", "TPU v5", "A100X"]
)
def test_a_word_that_makes_another_device_is_never_dropped(name):
    with pytest.raises(InputError) as caught:
        catalog.device(name)
    assert caught.value.problems[0].near


def test_near_names_survive_a_vendor_in_front():
    with pytest.raises(InputError) as caught:
        catalog.device("NVIDIA H10O")
    assert caught.value.problems[0].near[0] == "H100 SXM"


def test_a_slice_fills_in_the_chips_that_it_has_and_a_given_number_goes_before_it():
    run = Scenario(training_flop=1e22, device="v4-8", region="FRA")
    assert estimate(run).inputs.device_count == 4
    (source,) = [one.source for one in estimate(run).assumptions if one.field == "device_count"]
    assert "v4-8" in source
    assert estimate(run.replace(device_count=32)).inputs.device_count == 32


def test_cards_whose_dies_software_lists_say_how_they_are_counted():
    for name in ("MI250X", "K80"):
        notes = estimate(Scenario(training_flop=1e22, device=name, region="FRA")).notes
        assert "counted in cards" in " ".join(note.text for note in notes)


def test_every_machine_of_a_cloud_holds_at_most_what_a_server_of_its_kind_does_twice():
    assert not [one.id for one in catalog.machines() if (one.device_count or 1) > 16]


PLACES = [
    ("Frankfurt", "DEU"),
    ("Frankfurt, Germany", "DEU"),
    ("Northern Virginia", "US-VA"),
    ("N. Virginia", "US-VA"),
    ("US East (N. Virginia)", "aws:us-east-1"),
    ("Europe (Frankfurt)", "aws:eu-central-1"),
    ("Quebec, Canada", "CA-QC"),
    ("New York, NY", "US-NY"),
    ("San Francisco, CA", "US-CA"),
    ("Toronto, CA", "CA-ON"),
    ("Tel Aviv, IL", "ISR"),
    ("Paris, Texas", "US-TX"),
    ("Korea, Republic of", "KOR"),
    ("Russian Federation", "RUS"),
    ("Viet Nam", "VNM"),
    ("U.S.", "USA"),
    ("zurich", "CHE"),
    ("us-east-1", "aws:us-east-1"),
    ("us-east1", "gcp:us-east1"),
    ("TX", "US-TX"),
    ("China (Beijing)", "CN-BJ"),
    ("San Jose, California, United States", "US-CA"),
    ("Melbourne, Victoria, Australia", "AU-VIC"),
]


@pytest.mark.parametrize(("name", "region"), PLACES)
def test_a_place_is_known_by_its_city_its_long_name_and_its_cloud(name, region):
    assert catalog.region(name).id == region


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("NA", "leave the cell empty"),
        ("CA", "US-CA for California"),
        ("DE", "US-DE for Delaware"),
        ("Georgia", "US-GA"),
        ("Frankfurt", "the grid of Germany"),
        ("TX", "Texas"),
    ],
)
def test_a_name_that_could_be_meant_otherwise_is_told(name, part):
    notes = estimate(Scenario(training_flop=1e22, device="H100", region=name)).notes
    assert part in " ".join(note.text for note in notes)


@pytest.mark.parametrize("name", ["France", "FRA", "US-CA", "USA", "fr", "United Kingdom", "Québec"])
def test_a_name_of_the_catalogue_is_not_remarked_on(name):
    assert catalog.region_named(name).note == ""


@pytest.mark.parametrize("name", ["EU", "EU-27", "European Union", "eu 27"])
def test_the_union_is_not_peru(name):
    assert catalog.region(name).id == "EU27"


@pytest.mark.parametrize(("name", "meant"), [("WA", "Washington"), ("Springfield, IL", "US-IL")])
def test_a_code_that_stands_for_two_places_is_asked(name, meant):
    with pytest.raises(InputError) as caught:
        catalog.region(name)
    assert meant in caught.value.problems[0].near


def test_a_thousand_unknown_names_are_compared_in_a_second():
    start = time.process_time()
    for number in range(1000):
        for find in (catalog.device, catalog.region):
            with pytest.raises(InputError):
                find(f"nowhere{number}")
    assert time.process_time() - start < 5.0
