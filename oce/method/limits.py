"""How few devices a run fits on, and how many still do something: what memory and batch allow.

One calculation for the rows of a table, for the notes of an estimate and for a plan: arrays that broadcast.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from oce import catalog
from oce.method import memory, scaling
from oce.units import significant

Floats = NDArray[np.float64]

RACK = 72  # devices that the fast link of a rack joins: data sheet of the GB200 and GB300 NVL72
ALONE = ("pcie", "on-wafer")  # no link between devices across which a layer is split


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers of devices that are possible; arrays, NaN where the parameters or the device are not known."""

    fewest: Floats  # whose memory holds the states of the model
    most: Floats  # past which more do nothing
    states_bytes: Floats
    replica: Floats  # devices across which one copy of the model is split, assumed
    batch_tokens: Floats
    sequence_length: Floats


def linked_devices(device: catalog.Device) -> int:
    """Devices that a fast link joins, across which tensors can be split; 1 where there is none."""
    if device.interconnect in ALONE:
        return 1
    if device.interconnect == "nvlink rack":
        return RACK
    return device.devices_per_server if device.interconnect.startswith("nvlink") else max(8, device.devices_per_server)


def limits(
    parameters: ArrayLike,
    memory_gb: ArrayLike,
    linked: ArrayLike,
    training_flop: ArrayLike,
    bytes_per_parameter: ArrayLike = np.nan,
    batch_tokens: ArrayLike = np.nan,
    sequence_length: ArrayLike = np.nan,
) -> Limits:
    """What memory and batch allow.

    Args:
        parameters: All parameters of the model.
        memory_gb: Of a device [GB].
        linked: Devices that a fast link joins (:func:`linked_devices`).
        training_flop: Of the run [FLOP], whose usual batch counts where none is given.
        bytes_per_parameter: Of weights, gradients and optimiser states [bytes]; the usual where NaN.
        batch_tokens: Global batch [tokens]; the largest that a run of this compute is taken to have, where NaN.
        sequence_length: Tokens in a sequence; 4,096 where NaN.

    Returns:
        Numbers of devices, and what they follow from, in the shape that the arguments broadcast to.
    """
    bytes_each = np.where(np.isnan(bytes_per_parameter), memory.BYTES_PER_PARAMETER, bytes_per_parameter)
    length = np.where(np.isnan(sequence_length), scaling.USUAL_SEQUENCE, sequence_length)
    batch = np.where(np.isnan(batch_tokens), scaling.largest_batch(training_flop), batch_tokens)
    states = memory.states_bytes(parameters, bytes_each)
    replica = memory.replica_devices(states, memory_gb, linked)
    return Limits(
        fewest=memory.fewest_devices(states, memory_gb),
        most=scaling.most_devices(batch, length, replica),
        states_bytes=states,
        replica=replica,
        batch_tokens=batch,
        sequence_length=length,
    )


def without_link(parameters: float | None, device: catalog.Device) -> str:
    """Why a device without a fast link is no choice for a large model, in words; empty where it is a choice.

    Args:
        parameters: All parameters of the model; ``None`` where they are not known.
        device: The device.
    """
    if parameters is None or device.interconnect not in memory.SLOW_LINKS:
        return ""
    if not memory.needs_fast_link(parameters, device.memory_gb):
        return ""
    weights = gigabytes(memory.WEIGHT_BYTES * parameters)
    return (
        f"{device.name} has no fast link between its cards, and the weights alone, {weights}, do not fit on one "
        f"({device.memory_gb:g} GB): choose a device with NVLink or its like."
    )


def room_for(states_bytes: float, count: float) -> catalog.Device | None:
    """The device with the least memory of which so many hold these states [bytes]; ``None`` where none does."""
    needed = states_bytes / memory.BYTES_PER_GB / count
    roomy = [
        device
        for device in catalog.devices()
        if device.tdp_w is not None and (count == 1 or linked_devices(device) > 1) and device.memory_gb >= needed
    ]
    return min(roomy, key=lambda device: (device.memory_gb, -(device.year or 0), device.name), default=None)


def gigabytes(amount: float) -> str:
    """An amount of memory [bytes] in words: 1,130 GB."""
    return f"{significant(amount / memory.BYTES_PER_GB)} GB"


def too_few(device: catalog.Device, count: float, fewest: float, states_bytes: float) -> str:
    """What would fit instead of so many of a device, in words; the states in bytes."""
    other = room_for(states_bytes, count)
    or_other = f"; or as many {other.name} ({other.memory_gb:g} GB)" if other is not None else ""
    return (
        f"at least {fewest:,.0f} {device.name}, for {gigabytes(states_bytes)} of weights, gradients and optimiser "
        f"states at {device.memory_gb:g} GB each{or_other}; or fewer bytes_per_parameter"
    )


def too_many(most: float, batch_tokens: float, sequence_length: float, replica: float, stated: bool) -> str:
    """What would be of use instead of so many devices, in words; batch and sequence in tokens."""
    which = "the batch" if stated else "the largest batch of such runs,"
    batch = f"{which}{' of' if stated else ''} {significant(batch_tokens / 1e6)} million tokens"
    split = f"{replica:,.0f} device{'s' if replica != 1 else ''}"
    return (
        f"at most {most:,.0f}: past one sequence of {sequence_length:,.0f} tokens for each copy of the model, on "
        f"{split}, more do nothing at {batch}; or a larger batch_tokens"
    )
