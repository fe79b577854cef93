"""``oce devices``, ``oce regions``, ``oce models``: what can be named."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from oce import catalog, units
from oce.commands.terminal import as_json_text
from oce.scenario import DEFAULTS


def devices(options: argparse.Namespace) -> None:
    """The devices, a line each, or as JSON."""

    def alpha(one: catalog.Device) -> str:
        return f"{one.log10_alpha_low:.4g} … {one.log10_alpha_high:.4g}" if one.has_alpha else "-"

    _list(
        options,
        ("id", "name", "year", "TDP W", "peak TFLOP/s", "log10 alpha"),
        [
            (
                one.id,
                one.name,
                str(one.year or "-"),
                f"{one.tdp_w:g}" if one.tdp_w else "-",
                f"{one.peak_tflops[one.training_precision]:g} {one.training_precision}",
                alpha(one),
            )
            for one in catalog.devices()
        ],
        catalog.devices(),
    )


def regions(options: argparse.Namespace) -> None:
    """The regions, a line each, or as JSON."""
    _list(
        options,
        ("id", "name", "kind", "g CO2e/kWh", "year", "basis"),
        [
            (one.id, one.name, one.kind, f"{one.g_per_kwh:.4g}", str(one.year or "-"), one.basis)
            for one in catalog.regions()
        ],
        catalog.regions(),
    )


def models(options: argparse.Namespace) -> None:
    """The models, a line each, or as JSON."""

    def size(one: catalog.Model, name: str) -> str:
        value = one.fields.get(name)
        return units.compact(float(value)) if value is not None else "-"

    _list(
        options,
        ("id", "name", "year", "training", "parameters", "tokens", "device", "count", "region"),
        [
            (
                one.id,
                one.name,
                "example" if one.is_example else str(one.year),
                str(one.fields.get("training", DEFAULTS["training"])),
                size(one, "parameters"),
                size(one, "tokens"),
                str(one.fields["device"]),
                size(one, "device_count"),
                str(one.fields["region"]),
            )
            for one in catalog.models()
        ],
        catalog.models(),
    )


def _list(
    options: argparse.Namespace, header: Sequence[str], rows: Sequence[Sequence[str]], items: Sequence[Any]
) -> None:
    if options.json:
        print(as_json_text([asdict(item) for item in items]))
        return
    widths = [max(len(row[at]) for row in (header, *rows)) for at in range(len(header))]
    for row in (header, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
