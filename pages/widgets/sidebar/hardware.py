"""On what and where: the device, its precisions, the region, the PUE."""

from collections.abc import Sequence

import streamlit as st

from oce import catalog
from oce.fields import FIELDS
from oce.method import footprint_uncertainty
from oce.resolution.conditions import PAPERS_PUE
from pages.session import edited
from pages.widgets import named_choice, number_entry


def show_device() -> None:
    """The device, how it is counted, and its power where none is published."""
    now, published = edited.fields().get("device"), edited.fields().get("throughput") == "published"
    named_choice.show_device("device", None if now is None else str(now), _take_device, published)
    device = chosen_device()
    if device and device.unit == "chip":
        cores = f", each with {device.cores_per_chip} cores" if (device.cores_per_chip or 1) > 1 else ""
        st.caption(f"Counted in chips{cores}.")
    if device and device.unit == "GPU" and device.cores_per_chip:
        st.caption(f"Counted in cards: software lists each of its {device.cores_per_chip} dies as a device.")
    if device and device.tdp_w is None:
        number_entry.number("power_w", f"Mean power of a {device.name} (W): no TDP is published")


def chosen_device() -> catalog.Device | None:
    """The device of the scenario, if it has any."""
    name = edited.fields().get("device")
    return None if name is None else catalog.device(str(name))


def show_region() -> None:
    """The region, with its carbon intensity."""
    now = edited.fields().get("region")
    named_choice.show_region(
        "region", None if now is None else str(now), lambda region, _: edited.give("region", region)
    )


def _take_device(device: str | None, count: float | None) -> None:
    """Takes a device, and as many as the name that was typed stands for: those of a machine or a slice."""
    edited.give("device", device)
    if count is not None:
        edited.change(device_count=float(count))


def show_pue() -> None:
    """The PUE, with what is used where it is not given."""
    fields = edited.fields()
    region = catalog.region(str(fields["region"])) if "region" in fields else None
    usual = PAPERS_PUE if as_in_paper() else footprint_uncertainty.default_pue(region, chosen_device()).pue
    number_entry.number(
        "pue", "PUE", placeholder=f"{usual:g}, if not given",
        help="Power usage effectiveness: energy of the data centre over that of its IT. Empty: the place's or its "
        "operator's figure, else that of public clouds; with the published throughput or your own α 1.",
    )  # fmt: skip


def keep_to_its_precisions() -> None:
    """Lets go of a precision that the device does not have: the device was changed."""
    precision, offered = edited.fields().get("precision"), precisions()
    if precision is not None and precision not in offered:
        st.toast(f"Precision: {precision} is not offered here, {offered[0]} is used.")
        edited.change(("precision",))


def precisions() -> Sequence[str]:
    """The precisions of the chosen device, the usual precision of training first."""
    device = chosen_device()
    if device is None:
        return FIELDS["precision"].choices
    return tuple(dict.fromkeys((device.training_precision, *device.peak_tflops)))


def as_in_paper() -> bool:
    """Whether power and PUE are taken as the paper takes them, unless they are given."""
    fields = edited.fields()
    return fields.get("throughput") == "published" or "log10_alpha_low" in fields
