"""Training compute: how many floating-point operations a run takes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLOP_PER_PARAMETER_PER_TOKEN = 6.0  # 2 forward, 4 backward: Kaplan et al. 2020, arXiv:2001.08361, section 2.1
FLOP_PER_TFLOP = 1e12


def training_flop(
    parameters: ArrayLike,
    tokens: ArrayLike,
    active_parameters: ArrayLike = np.nan,
    stated_flop: ArrayLike = np.nan,
) -> NDArray[np.float64]:
    """Training compute: the stated one where there is one, else 6 × active parameters × tokens.

    For a mixture of experts only the parameters that a token passes through count (LLMCarbon, Faiz et al. 2024,
    section 4.2, uses the base model in the same way). NaN stands for "not given".

    Args:
        parameters: Total parameters.
        tokens: Tokens or samples processed, all epochs.
        active_parameters: Parameters used per token; all of them where NaN.
        stated_flop: Compute that is known directly [FLOP]; used wherever it is not NaN.

    Returns:
        Training compute [FLOP].
    """
    active = np.where(np.isnan(active_parameters), parameters, active_parameters)
    from_size = FLOP_PER_PARAMETER_PER_TOKEN * active * np.asarray(tokens, dtype=np.float64)
    return np.where(np.isnan(stated_flop), from_size, stated_flop)
