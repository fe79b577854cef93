"""Invented contrasts between devices, and what is said of a ratio."""

import math
from typing import Any

import numpy as np

from oce import catalog
from oce.catalog.measurements import Contrast
from oce.evaluation import refit
from oce.method import (
    device_speed_fit,
)
from oce.method.device_speed import DeviceSpeed
from oce.method.hardware_features import REFERENCE_DEVICE, Hardware, attention_share, hardware, size_covariate

DEVICES = {one.id: one for one in catalog.devices()}

A100, H100 = DEVICES[REFERENCE_DEVICE], DEVICES["h100-sxm"]

ALONE = refit.contrasts_alone()


def contrast(first: str, second: str, speed_ratio: float, **changes: Any) -> Contrast:
    """A measurement of a dense model of 7 billion parameters at 4,096 tokens, in bf16, by one stack."""
    fields: dict[str, Any] = {
        "id": f"{first} {second} {speed_ratio} {changes}",
        "source": "somebody",
        "version": "1",
        "stack": "a stack",
        "model": "a model",
        "kind": "language pre-training",
        "parameters": 7e9,
        "active_parameters": None,
        "sequence_length": 4096.0,
        "first_device": first,
        "first_precision": "bf16",
        "first_count": 8.0,
        "second_device": second,
        "second_precision": "bf16",
        "second_count": 8.0,
        "speed_ratio": speed_ratio,
        "evidence": "same stack",
        "left_out": "",
        "note": "",
        "read_from": "somewhere",
        "licence": "MIT",
    }
    return Contrast(**{**fields, **changes})


def seen(*rows: Contrast) -> device_speed_fit.Observed:
    return device_speed_fit.observed(rows, DEVICES)


def said(
    first: Hardware,
    second: Hardware,
    size: float = 7e9,
    length: float = 4096.0,
    mixture: bool = False,
    model: DeviceSpeed = ALONE,
    new: float = 0.0,
) -> tuple[float, float]:
    """Mean and standard deviation of ln(second / first)."""
    x = np.array([[1.0, float(size_covariate(size)), float(attention_share(size, length)), float(mixture)]])
    found = model.predict([(first, second)], x, np.array([new]))
    return float(found.mean[0]), float(found.sd[0])


def times(first: str, second: str, precisions: tuple[str, str] = ("", ""), **how: Any) -> float:
    """How many times as fast the second is."""
    slow, fast = (
        hardware(DEVICES[name], precision) for name, precision in zip((first, second), precisions, strict=True)
    )
    return math.exp(said(slow, fast, **how)[0])
