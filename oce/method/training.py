"""What the weights do: which part of them is trained, what else runs beside, and what that costs and holds.

Of the 6 FLOP for each parameter and token (:mod:`oce.method.compute`), 2 go forward, 2 carry the gradient back to the
inputs, and 2 give that of the weights. What is frozen saves the last; what only reads costs the first.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from oce.method.memory import BYTES_PER_PARAMETER, WEIGHT_BYTES

FORWARD = 2.0  # FLOP for each parameter and token
GENERATION_SOURCE = "weights read once for each token of so many answers: Pope et al. 2022, arXiv:2211.05102, section 2"
ADAPTER_SHARE = 0.01  # of the parameters, trained: assumed; LoRA of rank 16 to 64 has 0.2 to 1 %


@dataclass(frozen=True, slots=True)
class Recipe:
    """A kind of training: FLOP for each parameter and token, bytes for each parameter, and where that comes from."""

    label: str
    flop: float  # of the trained model, without what it writes itself
    reads_teacher: bool
    writes: bool  # whether every token was first written by the model itself
    bytes: float
    source: str


RECIPES: Mapping[str, Recipe] = {
    "pre-training": Recipe("Pre-training", 6.0, False, False, BYTES_PER_PARAMETER, "Kaplan et al. 2020, section 2.1"),
    "fine-tuning": Recipe(
        "Fine-tuning, all weights", 6.0, False, False, BYTES_PER_PARAMETER, "as pre-training: Kaplan et al. 2020"
    ),
    "adapters": Recipe(
        "Adapters (LoRA)",
        4.0,
        False,
        False,
        WEIGHT_BYTES + ADAPTER_SHARE * BYTES_PER_PARAMETER,
        "frozen weights need no gradients of their own: Hu et al. 2021, arXiv:2106.09685, section 4",
    ),
    "distillation": Recipe(
        "Distillation",
        6.0,
        True,
        False,
        BYTES_PER_PARAMETER,
        "and 2 for each of the teacher's: Hinton et al. 2015, arXiv:1503.02531",
    ),
    "reinforcement": Recipe(
        "Reinforcement learning",
        8.0,
        False,
        True,
        BYTES_PER_PARAMETER + 2.0 * WEIGHT_BYTES,  # the reference, and the copy that writes
        "trained, read by a frozen reference, and written: Ouyang et al. 2022, arXiv:2203.02155, section 3",
    ),
}
