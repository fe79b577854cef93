"""``oce devices``, ``oce regions``, ``oce models``: what can be named."""

import argparse
from collections.abc import Sequence
from typing import Any

from oce import catalog, units
from oce.catalog.listing import listed
from oce.commands.terminal import as_json_text
from oce.fields import DEFAULTS


def devices(options: argparse.Namespace) -> None:
    """The devices, a line each, or as JSON."""

    def alpha(device: catalog.Device) -> str:
        return f"{device.log10_alpha_low:.4g} … {device.log10_alpha_high:.4g}" if device.has_alpha else "-"

    _list(
        options,
        ("id", "name", "year", "TDP W", "peak TFLOP/s", "log10 alpha"),
        [
            (
                device.id,
                device.name,
                str(device.year or "-"),
                f"{device.tdp_w:g}" if device.tdp_w else "-",
                f"{device.peak_tflops[device.training_precision]:g} {device.training_precision}",
                alpha(device),
            )
            for device in catalog.devices()
        ],
        catalog.devices(),
    )


def regions(options: argparse.Namespace) -> None:
    """The regions, a line each, or as JSON."""
    _list(
        options,
        ("id", "name", "kind", "g CO2e/kWh", "year", "basis"),
        [
            (region.id, region.name, region.kind, f"{region.g_per_kwh:.4g}", str(region.year or "-"), region.basis)
            for region in catalog.regions()
        ],
        catalog.regions(),
    )


def models(options: argparse.Namespace) -> None:
    """The models, a line each, or as JSON."""

    def size(model: catalog.Model, name: str) -> str:
        value = model.fields.get(name)
        return units.compact(float(value)) if value is not None else "-"

    _list(
        options,
        ("id", "name", "year", "training", "parameters", "tokens", "device", "count", "region"),
        [
            (
                model.id,
                model.name,
                "example" if model.is_example else str(model.year),
                str(model.fields.get("training", DEFAULTS["training"])),
                size(model, "parameters"),
                size(model, "tokens"),
                str(model.fields["device"]),
                size(model, "device_count"),
                str(model.fields["region"]),
            )
            for model in catalog.models()
        ],
        catalog.models(),
    )


def _list(
    options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]], items: Sequence[Any]
) -> None:
    if options.json:
        print(as_json_text([listed(item) for item in items]))
        return
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    for row in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
