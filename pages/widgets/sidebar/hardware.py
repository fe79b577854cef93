"""On what and where: the device, its precisions, the region, the PUE."""

from collections.abc import Sequence

import streamlit as st

from oce import catalog
from oce.catalog.caches import cached
from oce.fields import FIELDS
from oce.method import footprint_uncertainty
from oce.resolution.conditions import PAPERS_PUE
from pages.session import controls, state
from pages.widgets import number_entry

NEWEST_FIRST = ("NVIDIA", "Google", "AMD", "Intel", "AWS", "Huawei", "Cerebras")


def show_device() -> None:
    """The device, how it is counted, and its power where none is published."""
    devices = {device.id: device for device in _devices_by_generation()}
    published = state.fields().get("throughput") == "published"
    keep = controls.keep_in_field("device", "device", state.fields().get("device"))

    def label(key: str) -> str:
        offered = devices[key]
        without = " (no published α)" if published and not offered.has_alpha else ""
        return f"{offered.generation} · {offered.name}{without}"

    st.selectbox("Device", list(devices), format_func=label, key="device", on_change=keep, help="Type to search.")
    device = chosen_device()
    if device and device.unit == "chip":
        cores = f", each with {device.cores_per_chip} cores" if (device.cores_per_chip or 1) > 1 else ""
        st.caption(f"Counted in chips{cores}.")
    if device and device.unit == "GPU" and device.cores_per_chip:
        st.caption(f"Counted in cards: software lists each of its {device.cores_per_chip} dies as a device.")
    if device and device.tdp_w is None:
        number_entry.number("power_w", f"Mean power of a {device.name} (W): no TDP is published", step=10.0)


def chosen_device() -> catalog.Device | None:
    """The device of the scenario, if it has any."""
    name = state.fields().get("device")
    return None if name is None else catalog.device(str(name))


def show_region() -> None:
    """The region, with its carbon intensity."""
    keep = controls.keep_in_field("region", "region", state.fields().get("region"))
    labels = _region_labels()
    st.selectbox(
        "Region", labels, format_func=labels.__getitem__, key="region", on_change=keep,
        placeholder="Choose a region",
        help="Type to search: countries, states and zones, cloud regions, and the paper's own values.",
    )  # fmt: skip


def show_pue() -> None:
    """The PUE, with what is used where it is not given."""
    fields = state.fields()
    region = catalog.region(str(fields["region"])) if "region" in fields else None
    usual = PAPERS_PUE if as_in_paper() else footprint_uncertainty.default_pue(region, chosen_device()).pue
    number_entry.number(
        "pue", "PUE", step=0.01, placeholder=f"{usual:g}, if not given",
        help="Power usage effectiveness: energy of the data centre over that of its IT. Empty: the place's or its "
        "operator's figure, else that of public clouds; with the published throughput or your own α 1.",
    )  # fmt: skip


def keep_to_its_precisions() -> None:
    """Lets go of a precision that the device does not have: the device was changed."""
    precision, offered = state.fields().get("precision"), precisions()
    if precision is not None and precision not in offered:
        st.toast(f"Precision: {precision} is not offered here, {offered[0]} is used.")
        state.change(("precision",))


def precisions() -> Sequence[str]:
    """The precisions of the chosen device, the usual precision of training first."""
    device = chosen_device()
    if device is None:
        return FIELDS["precision"].choices
    return tuple(dict.fromkeys((device.training_precision, *device.peak_tflops)))


def as_in_paper() -> bool:
    """Whether power and PUE are taken as the paper takes them, unless they are given."""
    fields = state.fields()
    return fields.get("throughput") == "published" or "log10_alpha_low" in fields


@cached
def _devices_by_generation() -> tuple[catalog.Device, ...]:
    """The generations in use first: newest first within a vendor."""
    newest: dict[str, int] = {}
    for device in catalog.devices():
        newest[device.generation] = max(newest.get(device.generation, 0), device.year or 0)

    def order(device: catalog.Device) -> tuple[int, int, str, bool]:
        vendor, generation = NEWEST_FIRST.index(device.vendor), device.generation
        return vendor, -newest[generation], generation, not device.has_alpha

    return tuple(sorted(catalog.devices(), key=order))


@cached
def _region_labels() -> dict[str, str]:
    kinds = ("country", "world", "cloud", "subnational", "paper")
    regions = sorted(catalog.regions(), key=lambda region: (kinds.index(region.kind), region.name))
    return {region.id: f"{region.name} · {region.g_per_kwh:.0f} g/kWh" for region in regions}
