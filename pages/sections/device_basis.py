"""What the ratio of the scenario's device to another rests on: the measurements, and what they come to here."""

from __future__ import annotations

import streamlit as st

from oce import catalog, units
from oce.analysis import alternatives, comparison
from oce.catalog.measurements import Contrast
from oce.estimation import Estimate
from oce.method import ratio_basis
from pages.session.current_estimate import cached_estimate
from pages.widgets import table
from pages.widgets.text import escape_markdown

FIRST_REFERENCES = ("a100-sxm-80gb", "h100-sxm")
ROW, MOST_ROWS = 35, 8  # height of a row [px], and how many are seen at once


def show(now: Estimate) -> None:
    """What the ratio of the scenario's device to another rests on."""
    device = now.device
    if device is None:
        return
    st.markdown("### What the ratio of your two devices rests on")
    first, second = (catalog.device(name) for name in FIRST_REFERENCES)
    default = second if device.counted_id == first.id else first
    others = [other.id for other in catalog.devices() if other.id != device.id]
    key = f"evidence_reference_{device.id}"
    picked = st.selectbox(
        f"{device.name} against", others, index=others.index(default.id), key=key, width=320,
        format_func=lambda key: catalog.device(key).name,
    )  # fmt: skip
    reference = catalog.device(picked or default.id)
    rests_on = ratio_basis.basis(reference, device)
    said = f"**{rests_on.word.capitalize()}.** {escape_markdown(rests_on.sentence(reference, device))}."
    if now.scenario.method == "calibrated":
        there = cached_estimate(alternatives.on_device(now.scenario, reference), now.past_runs)
        hours = comparison.ratio(now, there, "device_hours").times
        level = f"{now.level:.0%} interval: " if now.level else ""
        low, central, high = (units.significant(bound, 2) for bound in hours)
        said += (
            f" For your scenario, an hour of one {escape_markdown(device.name)} is taken to be worth "
            f"**{central} hours** ({level}{low}–{high}) of one {escape_markdown(reference.name)}."
        )
    st.markdown(said)
    if rests_on.contrasts:
        table.show_sortable(
            (_measured(contrast, device.counted_id) for contrast in rests_on.contrasts),
            height=ROW * (min(len(rests_on.contrasts), MOST_ROWS) + 1) + 3,
            column_config={"Read": st.column_config.LinkColumn(display_text="open")},
            key="evidence_measured",
            alt=f"The {len(rests_on.contrasts)} measurements that {device.name} against {reference.name} rests on.",
        )


def _measured(row: Contrast, device: str) -> dict[str, float | str]:
    """A measurement as a row of a table, the device with this id in front where it is of it."""
    pair = [(row.second_device, row.second_precision), (row.first_device, row.first_precision)]
    turned = row.first_device == device != row.second_device
    front, behind = (f"{catalog.device(key).name} {precision}" for key, precision in (pair[::-1] if turned else pair))
    return {
        "Device": front,
        "against": behind,
        "Times as fast": float(f"{1 / row.speed_ratio if turned else row.speed_ratio:.3g}"),
        "Model": row.model,
        "Source": row.source if row.version in row.source else f"{row.source} {row.version}",
        "Evidence": row.evidence,
        "Read": row.address,
    }
