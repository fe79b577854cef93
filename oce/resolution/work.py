"""What is to be computed: FLOP, tokens and sequences of each row, and the memory that its parameters take."""

from dataclasses import dataclass

import numpy as np

from oce.assumptions import Assumption
from oce.errors import Problem
from oce.fields import DEFAULTS
from oce.method import compute
from oce.method.hardware_features import USUAL_SEQUENCE
from oce.method.memory import WEIGHT_BYTES
from oce.method.training import FORWARD, GENERATION_SOURCE, RECIPES, Recipe
from oce.resolution.columns import Codes, Floats, Table, gather, or_else

NEEDS_TEACHER = "needed with training distillation"
SHAPE_SOURCE = (
    "inferred from the parameters: N = 12 × layers × width², width = 128 × layers, as published decoders have"
)


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be computed, its tokens, and how they hang together; arrays of one value a row or one for all."""

    training_flop: Floats  # of all [FLOP]
    learnt_flop: Floats  # of it: without what the model writes itself
    written_flop: Floats  # of it: tokens that the model writes itself
    tokens: Floats
    sequence_length: Floats  # as the speed of devices has it [tokens]
    sample_length: Floats  # tokens that are worked on together: of a sequence, or of a sample
    attention_share: Floats  # compute of attention over that of the weights; NaN where attention is not counted
    usual_attention_share: Floats  # the same at the usual length


def work_of(table: Table) -> Work:
    """Compute of every row: stated, of samples, or of parameters and tokens, with attention where a length is given."""
    numbers = table.numbers
    stated, tokens, samples = (numbers[name] for name in ("training_flop", "tokens", "samples"))
    by_sample = table.is_given("samples")
    if by_sample:
        tokens = np.where(np.isnan(samples), tokens, samples * numbers["tokens_per_sample"])
        stated = or_else(compute.sampled_flop(samples, numbers["forward_flop_per_sample"]), stated)
    size = _size(table)
    per_token = _flop_per_token(table, size)
    learnt = or_else(stated, per_token * tokens)
    written = _written_flop(table, size, tokens)
    usual_length = np.full(1, USUAL_SEQUENCE)
    each = or_else(numbers["tokens_per_sample"], usual_length) if by_sample else usual_length
    length = numbers["context_length"]
    share = usual_share = np.full(1, np.nan)
    if table.is_given("context_length"):
        codes, kinds = _architectures(table)
        causal = np.array([kind == "decoder" for kind in kinds])[codes]
        shape = _shape(table, size)
        share = np.where(np.isnan(stated), compute.attention_flop_per_token(shape, length, causal) / per_token, np.nan)
        usual_share = compute.attention_flop_per_token(shape, USUAL_SEQUENCE, causal) / per_token
        learnt = np.where(np.isnan(share), learnt, learnt * (1.0 + share))
        usual_length, each = or_else(length, usual_length), or_else(length, each)
    flop = learnt + written
    table.record(
        np.isnan(numbers["training_flop"]),
        lambda: Assumption("training_flop", float(flop[0]), "FLOP", _formula(table), "2020"),
    )
    return Work(flop, learnt, written, tokens, usual_length, each, share, usual_share)


def writing_tflops(table: Table) -> Floats:
    """Speed of a device that writes: its memory gives every weight once for a token of each answer [TFLOP/s].

    A weight of 2 bytes takes part in 2 FLOP for each answer.
    """
    writes = any(recipe.writes for recipe in _recipes(table)[1])
    answers = table.filled("rollout_batch", "as EcoLogits has requests served at once" if writes else "")
    bandwidth = table.of_devices([device.memory_bandwidth_gb_per_s if device else None for device in table.devices])
    return bandwidth * answers * FORWARD / WEIGHT_BYTES / 1e3


def bytes_per_parameter(table: Table) -> Floats:
    """Memory for each parameter, given or that of the kind of training, with the teacher's weights."""
    codes, recipes = _recipes(table)
    usual = gather([recipe.bytes for recipe in recipes], codes)
    if any(recipe.reads_teacher for recipe in recipes):
        reads = gather([WEIGHT_BYTES if recipe.reads_teacher else 0.0 for recipe in recipes], codes)
        usual = usual + reads * np.nan_to_num(table.numbers["teacher_parameters"]) / table.numbers["parameters"]
    return or_else(table.numbers["bytes_per_parameter"], usual)


def _architectures(table: Table) -> tuple[Codes, list[str]]:
    codes, names = table.texts["architecture"]
    return codes, [name or str(DEFAULTS["architecture"]) for name in names]


def _size(table: Table) -> Floats:
    """Parameters that a token passes through; of an encoder-decoder, either the encoder's or the decoder's."""
    size = or_else(table.numbers["active_parameters"], table.numbers["parameters"])
    codes, kinds = _architectures(table)
    if "encoder-decoder" in kinds:
        size = size * np.array([0.5 if kind == "encoder-decoder" else 1.0 for kind in kinds])[codes]
    return size


def _shape(table: Table, size: Floats) -> compute.Shape:
    """Depth and width, as attention is counted by them."""
    found = compute.shape(size, table.numbers["layers"], table.numbers["width"])
    for name, values in (("layers", found.layers), ("width", found.width)):
        if table.records is not None and np.isnan(table.numbers[name][0]) and not np.isnan(size[0]):
            table.records.append(Assumption(name, round(float(values[0])), "", SHAPE_SOURCE))
    return found


def _recipes(table: Table) -> tuple[Codes, list[Recipe]]:
    codes, names = table.texts["training"]
    return codes, [RECIPES.get(name or "", RECIPES[str(DEFAULTS["training"])]) for name in names]


def _flop_per_token(table: Table, size: Floats) -> Floats:
    """Compute of a token by what the weights do, without attention and what the model writes itself [FLOP]."""
    codes, recipes = _recipes(table)
    own = gather([recipe.flop for recipe in recipes], codes) * size
    if not any(recipe.reads_teacher for recipe in recipes):
        return own
    reads = gather([FORWARD if recipe.reads_teacher else 0.0 for recipe in recipes], codes)
    asked_for = np.isnan(table.numbers["training_flop"]) & np.isnan(table.numbers["forward_flop_per_sample"])
    without = (reads > 0) & np.isnan(table.numbers["teacher_parameters"]) & asked_for
    table.refuse(without, Problem("teacher_parameters", None, NEEDS_TEACHER))
    return own + reads * np.nan_to_num(table.numbers["teacher_parameters"])


def _written_flop(table: Table, size: Floats, tokens: Floats) -> Floats:
    """Compute of writing the tokens that are learnt from [FLOP]; 0 where the model writes none."""
    codes, recipes = _recipes(table)
    if not any(recipe.writes for recipe in recipes):
        return np.zeros(1)
    return np.nan_to_num(gather([FORWARD if recipe.writes else 0.0 for recipe in recipes], codes) * size * tokens)


def _formula(table: Table) -> str:
    """How the compute of a single scenario was worked out."""
    if table.is_given("forward_flop_per_sample"):
        return "3 × forward FLOP per sample × samples (backward twice forward: Kaplan et al. 2020)"
    tokens = "samples × tokens per sample" if table.is_given("samples") else "tokens"
    half = " ÷ 2, as a token passes either the encoder or the decoder"
    half = half if "encoder-decoder" in _architectures(table)[1] else ""
    attention = ""
    if table.is_given("context_length"):
        attention = ", and attention (Narayanan et al. 2021, arXiv:2104.04473, section 5.1)"
    if table.texts["training"][1] == [None]:
        return f"6 × active parameters × {tokens}{half} (Kaplan et al. 2020){attention}"
    (recipe,) = _recipes(table)[1]
    written = f", and 2 to write it ({GENERATION_SOURCE})" if recipe.writes else ""
    return f"{recipe.flop:g} × active parameters × {tokens}{half} ({recipe.source}){written}{attention}"
