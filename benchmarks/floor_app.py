"""The floor that the app is measured against: one slider and one Plotly chart, as Streamlit has them."""

import streamlit as st

st.set_page_config(page_title="Floor", layout="wide")
steepness = st.slider("Steepness", 0, 100, 50)
across = [step / 10 for step in range(200)]
st.plotly_chart(
    {
        "data": [{"type": "scatter", "mode": "lines", "x": across, "y": [step**2 * steepness for step in across]}],
        "layout": {"height": 300},
    },
    key="chart",
)
