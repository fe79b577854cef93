"""Data: from where?"""

import dataclasses
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from oce import catalog

TABLES = {
    "Devices": (catalog.devices, "data/devices.csv", "Accelerators: power, dense peaks, the paper's α and β."),
    "Regions": (catalog.regions, "data/regions.csv", "Grid carbon intensity, with its year and basis."),
    "Models": (catalog.models, "data/models.csv", "The presets: models that were trained."),
    "Training runs": (catalog.runs, "data/training_runs.csv", "Reported runs: compute, devices, hours, energy."),
    "PUE": (catalog.pues, "data/pue.csv", "Power usage effectiveness that operators disclosed."),
    "Equivalences": (catalog.equivalences, "data/equivalences.csv", "What carbon and energy are compared with."),
}


@st.cache_data(show_spinner=False)
def table(name: str) -> pd.DataFrame:
    """A table of the catalogue as a data frame, a column a field."""
    rows = [_flat(dataclasses.asdict(one)) for one in TABLES[name][0]()]
    return pd.DataFrame(rows).dropna(axis="columns", how="all")


def _flat(row: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in row.items():
        if isinstance(value, dict):
            flat |= {f"peak_{key}_tflops" if name == "peak_tflops" else key: cell for key, cell in value.items()}
        else:
            flat[name] = ", ".join(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
    return flat


st.title("Every number here has a source", anchor=False)
st.markdown(
    f"Data version **{catalog.data_version()}**. Search in a table with its magnifying glass; licences and what was "
    "left out are in `data/SOURCES.md`."
)
name = st.segmented_control("Table", list(TABLES), default="Devices", required=True, key="data_table")
chosen = name or "Devices"
_, file, about = TABLES[chosen]
st.markdown(f"{about} {len(table(chosen))} rows.")
st.dataframe(table(chosen), hide_index=True, height=560, alt=f"{chosen}: {about}")
st.download_button(
    f"Download {chosen.lower()} as CSV",
    table(chosen).to_csv(index=False).encode(),
    file_name=file.rsplit("/", 1)[-1],
    mime="text/csv",
    on_click="ignore",
)
st.caption(
    "Ember (2026), with major processing by Our World in Data, CC BY 4.0 · "
    "Epoch AI, Data on Machine Learning Hardware, CC BY · "
    "Electricity Maps, ODbL 1.0 · Google Cloud region carbon data, Apache-2.0 · "
    "OpenCarbonEval: Yu, Wu, Deng, Tang, Zhang, arXiv:2405.12843 (2024)"
)
