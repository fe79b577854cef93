"""Does it fit? Memory of weights, gradients, optimiser states and activations against that of the devices.

Pure arithmetic on numbers and arrays. Training in mixed precision with Adam holds 16 bytes for each parameter: 2 for
the weight, 2 for its gradient, and 12 in full precision for the weight, its mean and its variance (Rajbhandari et al.
2020, ZeRO, arXiv:1910.02054, section 3.1). However they are sharded, they must lie somewhere.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce.method.compute import Shape

Floats = NDArray[np.float64]

BYTES_PER_PARAMETER = 16.0
WEIGHT_BYTES = 2.0  # of a weight alone, in 16 bits
BYTES_PER_GB = 1e9
TIGHT = 0.8  # share of the memory from which on it is said: communication and fragments take the rest
SLOW_LINKS = ("pcie",)  # between the devices of a server: too slow to split a layer across


def states_bytes(parameters: ArrayLike, bytes_per_parameter: ArrayLike = BYTES_PER_PARAMETER) -> Floats:
    """Memory of weights, gradients and optimiser states of the whole model [bytes].

    Args:
        parameters: All parameters: those of a mixture of experts lie in memory whether they are active or not.
        bytes_per_parameter: For each of them [bytes].

    Returns:
        Bytes, in the shape that both broadcast to.
    """
    return _floats(parameters) * _floats(bytes_per_parameter)


def activation_bytes(of: Shape, sequence_length: ArrayLike) -> Floats:
    """Memory of the activations of one sequence, all but each layer's input computed again [bytes].

    2 s d L (Korthikanti et al. 2022, arXiv:2205.05198, section 5): the least that is in use.

    Args:
        of: Depth and width.
        sequence_length: Tokens in it.

    Returns:
        Bytes, in the shape that they broadcast to.
    """
    return np.asarray(WEIGHT_BYTES * _floats(sequence_length) * of.width * of.layers)


def fewest_devices(states: ArrayLike, memory_gb: ArrayLike) -> Floats:
    """How many devices have room for the states at all: a whole number, at least 1.

    Args:
        states: Of the model [bytes].
        memory_gb: Of a device [GB of 1e9 bytes].

    Returns:
        ⌈states ÷ memory⌉, in the shape that both broadcast to.
    """
    return np.asarray(np.maximum(np.ceil(_floats(states) / BYTES_PER_GB / _floats(memory_gb)), 1.0))


def replica_devices(states: ArrayLike, memory_gb: ArrayLike, linked: ArrayLike) -> Floats:
    """Devices across which one copy of a model can be split: assumed, from its memory.

    As many as its states fill, and at least all that a fast link joins, as tensors are split across these.

    Args:
        states: Of the model [bytes].
        memory_gb: Of a device [GB].
        linked: Devices that a fast link joins; 1 where there is none.

    Returns:
        Devices, in the shape that the arguments broadcast to.
    """
    return np.asarray(np.maximum(fewest_devices(states, memory_gb), linked))


def needs_fast_link(parameters: ArrayLike, memory_gb: ArrayLike) -> NDArray[np.bool_]:
    """Whether not even the weights fit on one device, so that every layer is split across a link.

    Args:
        parameters: All parameters of the model.
        memory_gb: Of a device [GB].

    Returns:
        Truth values, in the shape that both broadcast to.
    """
    return np.asarray(WEIGHT_BYTES * _floats(parameters) > _floats(memory_gb) * BYTES_PER_GB)


def _floats(values: ArrayLike) -> Floats:
    return np.asarray(values, dtype=np.float64)
