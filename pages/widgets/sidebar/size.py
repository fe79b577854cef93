"""How much is computed: by parameters and tokens, by samples, or as it is stated."""

from collections.abc import Mapping

import streamlit as st

from oce.fields import FIELDS
from oce.method.compute import FLOP_PER_PARAMETER_PER_TOKEN, TRAINING_OVER_FORWARD
from pages.session import controls, edited, keys, link
from pages.widgets import number_entry
from pages.widgets.number_entry import three_digits

DENSE, EXPERTS, SAMPLES, COMPUTE = "Dense", "MoE", "Samples", "Compute"
OF_SAMPLES = ("samples", "tokens_per_sample", "forward_flop_per_sample")
KEPT = ("parameters", "active_parameters", "tokens", "training_flop")  # for when the visitor comes back to them
PATCHES = 256.0  # of an image of 224 pixels, cut into patches of 14: where the visitor begins


def show() -> None:
    """How the compute is given, and its numbers."""
    fields = edited.fields()
    mode = _size_mode(fields)
    controls.show(keys.SIZE.name, mode)
    st.segmented_control(
        "Architecture", [DENSE, EXPERTS, SAMPLES, COMPUTE], key=keys.SIZE.name, on_change=_size_changed, required=True,
        help="Dense, or MoE (mixture of experts): 6 × active parameters × tokens. Samples: images, clips, proteins. "
        "Compute: the FLOP of the run.",
    )  # fmt: skip
    if mode == SAMPLES:
        _samples()
        return
    if mode == COMPUTE:
        number_entry.large("training_flop", "Training compute (FLOP)")
        number_entry.large("parameters", "Model size, if known (parameters)", optional=True)
        return
    number_entry.large("parameters", "Parameters" if mode == DENSE else "Total parameters")
    if mode == EXPERTS:
        number_entry.large("active_parameters", "Active parameters")
    number_entry.large("tokens", "Training tokens")


def _size_mode(fields: Mapping[str, float | str]) -> str:
    if "training_flop" in fields:
        return COMPUTE
    return SAMPLES if "samples" in fields else EXPERTS if "active_parameters" in fields else DENSE


def _samples() -> None:
    """Samples, and what each of them takes: patches or tokens through all parameters, or its forward FLOP."""
    by_flop = "forward_flop_per_sample" in edited.fields()
    number_entry.large("parameters", "Parameters", optional=by_flop)
    number_entry.large("samples", "Training samples")
    if by_flop:
        number_entry.large("forward_flop_per_sample", "Forward FLOP per sample")
        return
    number_entry.large("tokens_per_sample", "Patches or tokens per sample")

    def forward() -> None:
        fields = edited.fields()
        each = FLOP_PER_PARAMETER_PER_TOKEN / TRAINING_OVER_FORWARD * float(fields["parameters"])
        flop = three_digits(each * float(fields["tokens_per_sample"]))
        number_entry.forget_wrong()
        edited.change(("tokens_per_sample", "context_length", "layers", "width"), forward_flop_per_sample=flop)

    st.button(
        "Give FLOP per sample instead", on_click=forward, type="tertiary",
        help="For convolutions and U-Nets, whose parameters see a sample at several sizes.",
    )  # fmt: skip


def _size_changed() -> None:
    """Changes how the compute is given, and keeps what the other way had for when the visitor comes back."""
    fields, mode = edited.fields(), keys.SIZE.get()
    kept = {**keys.KEPT_SIZE.get(), **{name: fields[name] for name in KEPT if name in fields}}
    keys.KEPT_SIZE.set(kept)
    number_entry.forget_wrong()
    flop, tokens = _work_of(fields)
    if mode == COMPUTE:
        edited.change(("active_parameters", "tokens", *OF_SAMPLES), training_flop=three_digits(flop))
        return
    if mode == SAMPLES:
        parameters = float(fields.get("active_parameters", fields.get("parameters", kept.get("parameters", 1e9))))
        many = tokens or flop / (FLOP_PER_PARAMETER_PER_TOKEN * parameters)
        edited.change(
            ("active_parameters", "tokens", "training_flop"),
            parameters=parameters,
            tokens_per_sample=PATCHES,
            samples=three_digits(max(many / PATCHES, FIELDS["tokens"].low / PATCHES + 1.0)),
        )
        return
    first = link.fields_of(link.FIRST_MODEL)
    parameters = float(fields.get("parameters", kept.get("parameters", first["parameters"])))
    tokens = tokens or float(kept.get("tokens", 0))
    if not tokens:  # as many as give the compute that was stated
        stated = flop / (FLOP_PER_PARAMETER_PER_TOKEN * parameters)
        tokens = three_digits(min(max(stated, FIELDS["tokens"].low), FIELDS["tokens"].high))
    active = {"active_parameters": min(float(kept.get("active_parameters", parameters)), parameters)}
    edited.change(
        ("training_flop", "active_parameters", *OF_SAMPLES),
        parameters=parameters,
        tokens=tokens,
        **(active if mode == EXPERTS else {}),
    )


def _work_of(fields: Mapping[str, float | str]) -> tuple[float, float]:
    """Compute [FLOP] without attention, and tokens (0: not known) of what the fields say now."""
    given = {name: float(fields.get(name, 0)) for name in (*KEPT, *OF_SAMPLES)}
    tokens = given["tokens"] or given["samples"] * given["tokens_per_sample"]
    by_samples = TRAINING_OVER_FORWARD * given["samples"] * given["forward_flop_per_sample"]
    active = given["active_parameters"] or given["parameters"]
    return given["training_flop"] or by_samples or FLOP_PER_PARAMETER_PER_TOKEN * active * tokens, tokens
