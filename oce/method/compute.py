"""Training compute: how many floating-point operations a run takes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FLOP_PER_PARAMETER_PER_TOKEN = 6.0  # 2 forward, 4 backward: Kaplan et al. 2020, arXiv:2001.08361, section 2.1
FLOP_PER_TFLOP = 1e12
SECONDS_PER_HOUR = 3600.0
TRAINING_OVER_FORWARD = 3.0  # the backward pass takes twice the forward one (the same source)
ATTENTION_FLOP = 12.0  # of a token, for each layer, unit of width and token that it sees; a third of it forward
CAUSAL = 0.5  # share of the sequence that a token of a decoder sees, on average
WIDTH_OVER_DEPTH = 128.0  # of published decoders: GPT-3 175B 12288/96, Llama 2 7B 4096/32, OPT-175B 12288/96


@dataclass(frozen=True, slots=True)
class Shape:
    """Depth and width of a transformer, as far as they are known or follow from its parameters."""

    layers: Floats
    width: Floats


def shape(size: ArrayLike, layers: ArrayLike = np.nan, width: ArrayLike = np.nan) -> Shape:
    """Depth and width, given or inferred from N = 12 L d² (Kaplan et al. 2020, table 1) and d = 128 L.

    Args:
        size: Active parameters.
        layers: Depth; NaN where not given.
        width: Hidden size; NaN where not given.

    Returns:
        Both; the one that is not given follows from the other, else from the parameters alone.
    """
    size, layers, width = (np.asarray(value, dtype=np.float64) for value in (size, layers, width))
    usual = np.cbrt(size * (WIDTH_OVER_DEPTH / 12.0))
    d = np.where(np.isnan(width), np.where(np.isnan(layers), usual, np.sqrt(size / (12.0 * layers))), width)
    return Shape(np.where(np.isnan(layers), size / (12.0 * d * d), layers), d)


def attention_flop_per_token(of: Shape, context_length: ArrayLike, causal: ArrayLike = True) -> Floats:
    """Compute of attention for a token in training, forward and backward [FLOP].

    12 L d s, halved where a token sees only those before it (Narayanan et al. 2021, arXiv:2104.04473, section 5.1, less
    the recomputation of activations, which is a matter of utilisation and not of compute).

    Args:
        of: Depth and width.
        context_length: Tokens in a sequence.
        causal: Whether a token sees only those before it.

    Returns:
        FLOP per token.
    """
    seen = np.asarray(context_length, dtype=np.float64) * np.where(causal, CAUSAL, 1.0)
    return np.asarray(ATTENTION_FLOP * of.layers * of.width * seen, dtype=np.float64)


def training_flop(
    parameters: ArrayLike,
    tokens: ArrayLike,
    active_parameters: ArrayLike = np.nan,
    stated_flop: ArrayLike = np.nan,
) -> Floats:
    """Training compute: the stated one where there is one, else 6 × active parameters × tokens.

    For a mixture of experts only the parameters that a token passes through count (LLMCarbon, Faiz et al. 2024,
    section 4.2, uses the base model in the same way); the router is one of them, and adds less than a thousandth. NaN
    stands for "not given".

    Args:
        parameters: Total parameters.
        tokens: Tokens processed, all epochs.
        active_parameters: Parameters used per token; all of them where NaN.
        stated_flop: Compute that is known directly [FLOP]; used wherever it is not NaN.

    Returns:
        Training compute [FLOP].
    """
    active = np.where(np.isnan(active_parameters), parameters, active_parameters)
    from_size = FLOP_PER_PARAMETER_PER_TOKEN * active * np.asarray(tokens, dtype=np.float64)
    return np.where(np.isnan(stated_flop), from_size, stated_flop)


def sampled_flop(samples: ArrayLike, forward_flop_per_sample: ArrayLike) -> Floats:
    """Training compute of samples whose forward pass is known: 3 × samples × forward FLOP (Kaplan et al. 2020).

    Args:
        samples: Samples processed, all epochs.
        forward_flop_per_sample: Compute of one sample once through the model [FLOP].

    Returns:
        Training compute [FLOP], in the shape that both broadcast to.
    """
    forward = np.asarray(samples, dtype=np.float64) * np.asarray(forward_flop_per_sample, dtype=np.float64)
    return np.asarray(TRAINING_OVER_FORWARD * forward)
