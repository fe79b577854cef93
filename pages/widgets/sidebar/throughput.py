"""How fast a device trains: calibrated, as the paper published it, or from what the visitor knows."""

import streamlit as st

from oce import catalog
from oce.method.compute import FLOP_PER_PARAMETER_PER_TOKEN, FLOP_PER_TFLOP
from pages.session import controls, keys, state
from pages.widgets import number_entry
from pages.widgets.number_entry import three_digits

CALIBRATED, PUBLISHED = "Calibrated", "As published"
UTILISATION, RATE, ALPHA = "My utilisation", "My measured rate", "My α range"
THROUGHPUTS = {  # the fields that each way of giving the throughput sets
    CALIBRATED: (),
    PUBLISHED: ("throughput",),
    UTILISATION: ("utilisation",),
    RATE: ("tokens_per_second_per_device",),
    ALPHA: ("log10_alpha_low", "log10_alpha_high"),
}
MOST_OWN_FIRST = (ALPHA, UTILISATION, RATE, PUBLISHED)
ALL_THROUGHPUTS = tuple(name for names in THROUGHPUTS.values() for name in names)


def show() -> None:
    """How the throughput is given, and its numbers."""
    fields = state.fields()
    now = next((label for label in MOST_OWN_FIRST if any(name in fields for name in THROUGHPUTS[label])), CALIBRATED)
    by_tokens = now == RATE or "tokens" in fields or "tokens_per_sample" in fields
    offered = [label for label in THROUGHPUTS if label != RATE or by_tokens]
    controls.show(keys.THROUGHPUT.name, now)
    st.selectbox(
        "Throughput", offered, key=keys.THROUGHPUT.name, on_change=_throughput_changed,
        help="How fast a device trains: calibrated on reported runs, as the paper published it, or from what you know.",
    )  # fmt: skip
    held = state.past_runs()
    if now == CALIBRATED and held:
        st.caption(f"With {len(held.used)} past runs of yours (Evidence).")
    if now == ALPHA:
        for column, end in zip(st.columns(2), ("low", "high"), strict=True):
            with column:
                number_entry.number(f"log10_alpha_{end}", f"log₁₀ α, {end}")
    elif now == UTILISATION:
        number_entry.percent("utilisation", "Utilisation in steady state, MFU (%)")
    elif now == RATE:
        number_entry.large("tokens_per_second_per_device", "Tokens/s per device, steady state")


def _throughput_changed() -> None:
    """Starts the new way of giving the throughput from where the scenario is: nothing jumps."""
    mode, fields = keys.THROUGHPUT.get(), state.fields()
    device = catalog.device(str(fields["device"]))
    new: dict[str, float | str] = {}
    if mode == PUBLISHED:
        new = {"throughput": "published"}
    elif mode == ALPHA:
        low, high = device.log10_alpha_low, device.log10_alpha_high
        new = {"log10_alpha_low": 20.0 if low is None else low, "log10_alpha_high": 50.0 if high is None else high}
    elif mode == UTILISATION:
        new = {"utilisation": 0.4}
    elif mode == RATE:
        active = float(fields.get("active_parameters", fields.get("parameters", 1e9)))
        peak = device.peak_tflops[device.training_precision] * FLOP_PER_TFLOP
        new = {"tokens_per_second_per_device": three_digits(0.4 * peak / (FLOP_PER_PARAMETER_PER_TOKEN * active))}
    number_entry.forget_wrong()
    state.change(ALL_THROUGHPUTS, **new)
