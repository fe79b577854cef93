"""``oce devices``, ``oce regions``, ``oce models``: what can be named; their keys in JSON are what others rely on."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from oce import catalog, units
from oce.commands.terminal import as_json_text
from oce.fields import DEFAULTS

R = TypeVar("R", catalog.Device, catalog.Region, catalog.Model)

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


def devices(options: argparse.Namespace) -> None:
    """The devices, a line each, or as JSON."""

    def cells(device: catalog.Device) -> tuple[str, ...]:
        return (
            *(device.id, device.name, str(device.year or "-"), f"{device.tdp_w:g}" if device.tdp_w else "-"),
            f"{device.peak_tflops[device.training_precision]:g} {device.training_precision}",
            f"{device.log10_alpha_low:.4g} … {device.log10_alpha_high:.4g}" if device.has_alpha else "-",
        )

    _list(options, ("id", "name", "year", "TDP W", "peak TFLOP/s", "log10 alpha"), cells, catalog.devices())


def regions(options: argparse.Namespace) -> None:
    """The regions, a line each, or as JSON."""

    def cells(region: catalog.Region) -> tuple[str, ...]:
        return (region.id, region.name, region.kind, f"{region.g_per_kwh:.4g}", str(region.year or "-"), region.basis)

    _list(options, ("id", "name", "kind", "g CO2e/kWh", "year", "basis"), cells, catalog.regions())


def models(options: argparse.Namespace) -> None:
    """The models, a line each, or as JSON."""

    def cells(model: catalog.Model) -> tuple[str, ...]:
        fields = {"training": DEFAULTS["training"], **model.fields}
        size = {
            name: units.compact(float(fields[name])) if name in fields else "-"
            for name in ("parameters", "tokens", "device_count")
        }
        year = "example" if model.is_example else str(model.year)
        sizes = (size["parameters"], size["tokens"], str(fields["device"]), size["device_count"])
        return (model.id, model.name, year, str(fields["training"]), *sizes, str(fields["region"]))

    header = ("id", "name", "year", "training", "parameters", "tokens", "device", "count", "region")
    _list(options, header, cells, catalog.models())


def _list(
    options: argparse.Namespace, header: Sequence[str], cells: Callable[[R], Sequence[str]], items: Sequence[R]
) -> None:
    if options.json:
        print(as_json_text([_listed(item) for item in items]))
        return
    rows = [header, *map(cells, items)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _listed(row: catalog.Device | catalog.Region | catalog.Model) -> dict[str, Any]:
    """A row by the keys of its kind."""
    if isinstance(row, catalog.Device):
        return {key: row.manufactured_like if key == "made_like" else getattr(row, key) for key in DEVICE_KEYS}
    return {key: getattr(row, key) for key in (REGION_KEYS if isinstance(row, catalog.Region) else MODEL_KEYS)}
