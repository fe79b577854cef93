"""Typed, cached access to ``data/``: devices, regions, model presets, reported runs, PUE disclosures, equivalences.

Every table is read once, checked row by row (:mod:`oce.catalog.reader`) and then shared, immutable. Names are found by
id, name or alias in any case; an unknown name raises :class:`~oce.errors.InputError` with the nearest names.
"""

from oce.catalog.data_package import data_version, data_year
from oce.catalog.device_family import Family, families, family_of
from oce.catalog.device_lookup import device, device_named
from oce.catalog.device_table import PRECISIONS, SERVERS, Device, DeviceId, devices, machines, reference_precision
from oce.catalog.model_table import Model, model, models
from oce.catalog.reference_tables import PaperRow, Pue, equivalences, paper_rows, pue, pues
from oce.catalog.region_lookup import RegionId, region, region_named
from oce.catalog.region_table import Location, Region, location, locations, places, regions, world
from oce.catalog.run_table import KINDS, MODALITIES, Run, runs
from oce.catalog.search import find_device, find_region

__all__ = [
    "KINDS",
    "MODALITIES",
    "PRECISIONS",
    "SERVERS",
    "Device",
    "DeviceId",
    "Family",
    "Location",
    "Model",
    "PaperRow",
    "Pue",
    "Region",
    "RegionId",
    "Run",
    "data_version",
    "data_year",
    "device",
    "device_named",
    "devices",
    "equivalences",
    "families",
    "family_of",
    "find_device",
    "find_region",
    "location",
    "locations",
    "machines",
    "model",
    "models",
    "paper_rows",
    "places",
    "pue",
    "pues",
    "reference_precision",
    "region",
    "region_named",
    "regions",
    "runs",
    "world",
]
