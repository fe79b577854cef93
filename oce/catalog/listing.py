"""Devices, regions and presets as ``oce devices --json`` and its like list them: the keys are what others rely on."""

from typing import Any

from oce.catalog.device_table import Device
from oce.catalog.model_table import Model
from oce.catalog.region_table import Region

DEVICE_KEYS = (
    *("id", "name", "vendor", "generation", "year", "aliases", "unit", "cores_per_chip", "tdp_w", "peak_tflops"),
    *("training_precision", "memory_gb", "memory_bandwidth_gb_per_s", "interconnect", "devices_per_server", "server"),
    *("counted_as", "die_cm2", "process_nm", "made_like", "log10_alpha_low", "log10_alpha_high", "alpha_source"),
    *("beta_g_per_device_hour", "beta_source", "note", "source", "licence"),
)
REGION_KEYS = (
    *("id", "name", "kind", "country_iso3", "country_iso2", "aliases", "g_per_kwh", "year", "basis", "pue"),
    *("pue_year", "source", "licence", "note"),
)
MODEL_KEYS = (
    *("id", "name", "organisation", "year", "architecture", "kind", "fields", "flop_basis", "device_hours_reported"),
    *("reported_co2e_t", "pue_source", "note", "source"),
)


def listed(row: Device | Region | Model) -> dict[str, Any]:
    """A row by the keys of its kind."""
    if isinstance(row, Device):
        return {key: row.manufactured_like if key == "made_like" else getattr(row, key) for key in DEVICE_KEYS}
    return {key: getattr(row, key) for key in (REGION_KEYS if isinstance(row, Region) else MODEL_KEYS)}
