"""When inference has used as much energy as training: the printed table, recomputed."""

import streamlit as st

from oce.analysis import inference, lifetime
from pages import charts
from pages.sections.usage import PAPER
from pages.widgets import chart, table


def show() -> None:
    """Table 5 of the paper on inference, and what its inputs give."""
    rows = inference.parity()
    st.markdown("### When inference catches up with training, recomputed")
    chart.show(charts.parity_with_training(rows), "parity")
    table.show_records(
        {
            "Model": row.name,
            "Training": f"{row.training_kwh:,.0f} kWh",
            "Fine-tuning": f"{row.finetuning_kwh:,.0f} kWh",
            "A query": f"{row.kwh_per_query * lifetime.WH_PER_KWH:g} Wh",
            "Printed": f"{row.printed:,}",
            "Recomputed": f"{row.recomputed:,}",
            "Agrees": "to every digit"
            if row.agrees
            else f"off by {float(100 * abs(row.printed / row.exactly - 1)):.1g}%",
        }
        for row in rows
    )
    st.caption(f"{PAPER}, Table 5: (training + fine-tuning) ÷ energy of a query, cut off after the point.")
