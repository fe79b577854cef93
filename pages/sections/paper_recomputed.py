"""The tables of the paper beside what its method gives."""

from __future__ import annotations

import streamlit as st

from oce import units
from oce.evaluation import paper_tables
from pages.widgets import table


def show() -> None:
    """Tables 2, 3 and 1."""
    st.markdown("## The paper, recomputed")
    rows = paper_tables.tables_2_and_3()
    operational, embodied, alphas = st.tabs(["Table 2, operational", "Table 3, embodied", "Table 1, α"])
    with operational:
        st.markdown(
            "Tonnes. GLM-130B and BLOOM were given each other's compute; ViT-L/16 does not come out of any row of "
            "Table 1."
        )
        table.show(
            ["Model", "Reported", "Printed", "Ours, own compute", "Ours, compute used", "Remark"],
            [
                [
                    row.printed.model,
                    units.significant(row.printed.reported_t),
                    f"{row.printed.published_t:,.2f}",
                    f"{row.operational_t:,.2f}",
                    f"{row.operational_used_t:,.2f}",
                    row.printed.explanation,
                ]
                for row in rows
            ],
        )
    with embodied:
        st.markdown("Kilograms: device-hours × β, bare silicon over one year.")
        table.show(
            ["Model", "Reported", "Printed", "Ours, own compute", "Ours, compute used"],
            [
                [
                    row.printed.model,
                    f"{row.printed.reported_embodied_kg:,.2f}",
                    f"{row.printed.published_embodied_kg:,.2f}",
                    f"{row.embodied_kg:,.2f}",
                    f"{row.embodied_used_kg:,.2f}",
                ]
                for row in rows
            ],
        )
    with alphas:
        st.markdown(
            "The scan of Table 1 lost minus signs and exponents; restored, it gives Table 2. What its α means: the "
            "mean throughput of a run of 10²³ FLOP. The interval is μ ± 0.6 σ over the paper's runs."
        )
        table.show(
            ["Device", "TDP W", "Peak TFLOP/s", "log₁₀ α", "Mean TFLOP/s", "Share of peak"],
            [
                [
                    row.device.name,
                    f"{row.device.tdp_w:g}",
                    f"{row.peak_tflops:g}",
                    f"{row.device.log10_alpha_low:g} … {row.device.log10_alpha_high:g}",
                    f"{units.significant(row.slow_tflops)}–{units.significant(row.fast_tflops)}",
                    f"{row.slow_tflops / row.peak_tflops:.0%}–{row.fast_tflops / row.peak_tflops:.0%}",
                ]
                for row in paper_tables.table_1()
            ],
        )
