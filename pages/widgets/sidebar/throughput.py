"""How fast a device trains: calibrated, as the paper published it, or from what the visitor knows."""

from collections.abc import Mapping

import streamlit as st

from oce import catalog, units
from oce.errors import InputError, NotReadError
from oce.fields import FIELDS
from oce.resolution import resolve
from oce.resolution.steady_rate import MFU, TFLOPS, TOKENS, RateScale, rate_scale
from oce.scenario import Scenario
from pages.session import controls, edited, keys, state
from pages.widgets import number_entry
from pages.widgets.text import escape_markdown

CALIBRATED, PUBLISHED = "Calibrated", "As published"
MEASURED, ALPHA = "My measurement", "My α range"
THROUGHPUTS = {  # the fields that each way of giving the throughput sets
    CALIBRATED: (),
    PUBLISHED: ("throughput",),
    MEASURED: ("utilisation", "tokens_per_second_per_device"),
    ALPHA: ("log10_alpha_low", "log10_alpha_high"),
}
MOST_OWN_FIRST = (ALPHA, MEASURED, PUBLISHED)
ALL_THROUGHPUTS = tuple(name for names in THROUGHPUTS.values() for name in names)
UNIT = "own_rate_unit"  # in which a rate is shown
EXAMPLES = {TFLOPS: "410", MFU: "41%", TOKENS: "970"}
LABELS = {TFLOPS: "TFLOP/s", MFU: "MFU", TOKENS: "Tokens/s"}


def show() -> None:
    """How the throughput is given, and its numbers."""
    given = _given()
    by_fields = next(
        (label for label in MOST_OWN_FIRST if any(name in given for name in THROUGHPUTS[label])), CALIBRATED
    )
    now = MEASURED if keys.RATE_WANTED.get() == given else by_fields
    controls.show(keys.THROUGHPUT.name, now)
    st.selectbox(
        "Throughput", list(THROUGHPUTS), key=keys.THROUGHPUT.name, on_change=_throughput_changed,
        help="How fast a device trains: calibrated on reported runs, as the paper published it, or from what you know.",
    )  # fmt: skip
    held = state.past_runs()
    if now == CALIBRATED and held:
        st.caption(f"With {len(held.used)} past runs of yours (Evidence).")
    if now == ALPHA:
        for column, end in zip(st.columns(2), ("low", "high"), strict=True):
            with column:
                number_entry.number(f"log10_alpha_{end}", f"log₁₀ α, {end}")
    elif now == MEASURED:
        _rate(given, by_fields)


def _given() -> dict[str, float | str]:
    """What the scenario says of the throughput."""
    return {name: value for name, value in edited.fields().items() if name in ALL_THROUGHPUTS}


def _rate(given: Mapping[str, float | str], by_fields: str) -> None:
    """The visitor's own rate in steady state, in the unit that they have; empty until they give it."""
    scale = _scale()
    if scale is None or not scale.units:
        st.caption("Give the model, its data and the device first: a rate is measured against them.")
        return
    field = next((name for name in THROUGHPUTS[MEASURED] if name in given), "")
    usual = TOKENS if field == "tokens_per_second_per_device" else TFLOPS
    chosen = next(unit for unit in (keys.RATE_UNIT.get(), usual, *scale.units) if unit in scale.units)
    controls.show(UNIT, chosen)
    st.segmented_control(
        "Your rate of one device, in steady state", scale.units, key=UNIT, required=True,
        on_change=lambda: keys.RATE_UNIT.set(st.session_state[UNIT]),
        format_func=LABELS.__getitem__,
        help="What your own run or profiler shows between stops. MFU: model FLOP utilisation, the share of the "
        "device's dense peak. Tokens/s: of one device, not of all.",
    )  # fmt: skip
    unit = st.session_state[UNIT]
    tflops = scale.tflops(float(given[field]), field) if field else None
    entry, wrong, note = keys.entry(keys.RATE), keys.entry_wrong(keys.RATE), keys.entry_note(keys.RATE)
    if not wrong.get():
        controls.show(entry.name, "" if tflops is None else _shown(scale, tflops, unit))

    def typed() -> None:
        text = entry.get()
        if not text.strip():
            wrong.forget()
            keys.RATE_WANTED.set({})
            edited.change(ALL_THROUGHPUTS)
            return
        try:
            name, found = scale.read(text, unit)
        except NotReadError as error:
            wrong.set(f"“{text[:40]}” cannot be used; allowed: {EXAMPLES[unit]}, or a number with its unit. {error}")
            return
        rate, most = scale.tflops(found.value, name), scale.peak_tflops
        if not FIELDS["utilisation"].low * most <= rate <= most * (1 + 1e-9) or not FIELDS[name].takes(found.value):
            wrong.set(
                f"“{text[:40]}” cannot be used; allowed: above 0, at most the device's dense peak, {most:g} TFLOP/s"
                + (f", here {_worded(scale, most, unit)}" if unit == TOKENS else "")
            )
            return
        wrong.forget()
        keys.RATE_WANTED.forget()
        note.set((found.value, found.note))
        edited.change(ALL_THROUGHPUTS, **{name: found.value})

    st.text_input(
        f"{LABELS[unit]} of one device", key=entry.name, on_change=typed, placeholder=f"such as {EXAMPLES[unit]}",
        help="A number in this unit, or with its own: 410 TFLOP/s, 41%, 970 tokens/s.",
    )  # fmt: skip
    if wrong.get():
        st.error(escape_markdown(wrong.get() + "."))
    if tflops is None:
        until = "the calibrated throughput" if by_fields == CALIBRATED else f"“{by_fields}”"
        st.caption(f"Until you give it, the estimate goes by {until}.")
        return
    of_value, said = note.get()
    others = " = ".join(_worded(scale, tflops, other) for other in scale.units)
    st.caption(escape_markdown(f"{said}. {others}" if said and of_value == given[field] else others))


def _scale() -> RateScale | None:
    """What turns one unit into another for the scenario; none where it is not complete."""
    fields = {name: value for name, value in edited.fields().items() if name not in ALL_THROUGHPUTS}
    try:
        return rate_scale(resolve(Scenario(**fields).given(), limited=False))
    except InputError:
        return None


def _shown(scale: RateScale, tflops: float, unit: str) -> str:
    """A rate as one would type it."""
    value = scale.in_unit(tflops, unit)
    return f"{100.0 * value:.6g}%" if unit == MFU else f"{value:.6g}".replace("e+0", "e").replace("e+", "e")


def _worded(scale: RateScale, tflops: float, unit: str) -> str:
    """A rate in a unit, with the unit."""
    value = scale.in_unit(tflops, unit)
    if unit == MFU:
        return f"{units.significant(100.0 * value)}% of the dense peak, {scale.peak_tflops:g} TFLOP/s"
    return f"{units.significant(value)} {unit}"


def _throughput_changed() -> None:
    """Another way of giving the throughput; where it takes a number that is not known yet, the estimate stays."""
    mode, fields = keys.THROUGHPUT.get(), edited.fields()
    keys.entry_wrong(keys.RATE).forget()
    keys.RATE_WANTED.forget()
    number_entry.forget_wrong()
    if mode == MEASURED:
        keys.RATE_WANTED.set(_given())
        return
    device = catalog.device(str(fields["device"]))
    new: dict[str, float | str] = {}
    if mode == PUBLISHED:
        new = {"throughput": "published"}
    elif mode == ALPHA:
        low, high = device.log10_alpha_low, device.log10_alpha_high
        new = {"log10_alpha_low": 20.0 if low is None else low, "log10_alpha_high": 50.0 if high is None else high}
    edited.change(ALL_THROUGHPUTS, **new)
