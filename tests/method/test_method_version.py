"""The version of the method is raised when a number that the method gives changes."""

import hashlib

from oce import catalog, estimate_many
from oce.version import METHOD_VERSION

MODELS = (
    {"parameters": 70e9, "tokens": 15e12},
    {"parameters": 7e9, "tokens": 2e12, "context_length": 32768.0, "batch_tokens": 4e6},
    {"parameters": 671e9, "active_parameters": 37e9, "tokens": 14.8e12, "precision": "fp8"},
    {"parameters": 300e6, "training_flop": 5e20, "modality": "vision", "year": 2021.0},
    {"parameters": 8e9, "tokens": 1e9, "training": "fine-tuning"},
    {"parameters": 8e9, "tokens": 1e9, "training": "adapters"},
    {"parameters": 8e9, "tokens": 1e11, "training": "distillation", "teacher_parameters": 70e9},
)
PLACES = (("H100 SXM", "USA"), ("A100 SXM4 80 GB", "FRA"), ("TPU v4", "gcp:europe-west4"), ("L4", "CHN"))
GIVEN = {"device": "H100", "device_count": 1024.0, "power_w": 900.0, "pue": 1.1, "carbon_intensity_g_per_kwh": 400.0}
SPEEDS = ({"log10_alpha_low": 20.0, "log10_alpha_high": 50.0}, {"tokens_per_second_per_device": 800.0})

# Digests by the versions that gave the numbers. They change only under a new version, and those of old versions stay.
OF_METHOD = {"0.1.0": "203dcc08f1deaa89", "0.2.0": "203dcc08f1deaa89"}  # everything is given: no row of data/ enters
OF_METHOD_AND_DATA = {
    ("0.1.0", "2026.11.2"): "a45c2d290d0b77ee",
    ("0.1.0", "2026.11.3"): "a45c2d290d0b77ee",
    ("0.2.0", "2026.11.4"): "05faaaeca1392302",
}


def digest(scenarios, figures):
    """Of six digits of every figure of every scenario; the scenarios can all be estimated."""
    names = sorted({name for scenario in scenarios for name in scenario})
    found = estimate_many({name: [scenario.get(name) for scenario in scenarios] for name in names})
    assert set(found["error"]) == {""}
    columns = [name for name in found if name.startswith(figures)]
    assert len(columns) >= 3 * len(figures)
    text = "\n".join(f"{name} {number:.5e}" for name in columns for number in found[name])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def test_a_number_of_the_method_changes_only_with_its_version():
    scenarios = [{**GIVEN, **model, **speed} for model in MODELS for speed in SPEEDS if "tokens" in model]
    found = digest(scenarios, ("device_hours", "energy_kwh", "operational_co2e_kg"))
    said = "the numbers changed: raise METHOD_VERSION in oce/version.py, and add its digest here"
    assert OF_METHOD.get(METHOD_VERSION) == found, said


def test_a_number_of_an_estimate_changes_only_with_the_version_of_the_method_or_of_the_data():
    scenarios = [
        {**model, "device": device, "region": region, "device_count": 512.0}
        for model in MODELS
        for device, region in PLACES
        if device == "H100 SXM" or "precision" not in model
    ]
    found = digest(
        scenarios, ("device_hours", "energy_kwh", "operational_co2e_kg", "embodied_co2e_kg", "total_co2e_kg")
    )
    said = "the numbers changed: raise METHOD_VERSION, or data/VERSION where only data changed, and add the digest here"
    assert OF_METHOD_AND_DATA.get((METHOD_VERSION, catalog.data_version())) == found, said
