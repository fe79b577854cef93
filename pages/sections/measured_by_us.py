"""What we measured on devices ourselves, beside what is said of it."""

from __future__ import annotations

import streamlit as st

from oce import catalog, units
from oce.catalog.caches import cached
from oce.evaluation import own_measurements
from pages.widgets import table
from pages.widgets.text import escape_markdown


@cached
def _checks() -> tuple[own_measurements.Check, ...]:
    """What we measured beside what is said of it."""
    return own_measurements.checks()


def show() -> None:
    """What we measured ourselves, and what is said of it."""
    st.markdown("### Measured by us")
    rows, shown = own_measurements.rows(), units.significant
    rates = "; ".join(
        f"{one.model}, {one.precision}, {one.context_length:,} tokens long, {catalog.device(one.device).name}: "
        f"{shown(one.tokens_per_second)} tokens/s, {shown(one.weights_tflops)} TFLOP/s"
        for one in rows
    )
    power, start, sooner = (
        f"{shown(min(values))}–{shown(max(values))}"
        for values in (
            [one.board_power_w for one in rows],
            [one.seconds_to_first_step for one in rows],
            [100 * (one.first_tokens_per_second / one.tokens_per_second - 1) for one in rows],
        )
    )
    st.markdown(
        f"On one card, {rows[0].date}, each once: {escape_markdown(rates)} (6 × parameters a token). The boards drew "
        f"{power} W of a limit of {shown(rows[0].power_limit_w)} W, their TDP. The first step took {start} s, nearly "
        f"all of it compilation; a second later the rate was {sooner}% above the steady one: it does not climb."
    )
    table.show(
        ["Measured by us", "Unit", "Measured", "Said", "80% interval", "Held"],
        [
            [
                one.what,
                one.unit,
                shown(one.measured),
                shown(one.said.central),
                f"{shown(one.said.low)}–{shown(one.said.high)}",
                "yes" if one.is_held else "no",
            ]
            for one in _checks()
        ],
    )
    st.caption(
        "Only ratios between devices are learnt from, and here said without ours. In tf32 a device is placed by its "
        "peak, though 32-bit activations move twice the bytes; attention is taken to be as slow against the weights as "
        "llm-foundry measured it. A whole run is slower than its steady rate by the gap of the few runs that report "
        "both."
    )
