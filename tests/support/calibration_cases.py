"""Cases, prior runs and a small fit for tests of the calibration."""

import math
from dataclasses import replace
from typing import Any

import numpy as np

from oce import catalog
from oce.evaluation import refit
from oce.method import (
    run_prediction,
    run_utilisation,
)
from oce.method.calibration_file import committed
from oce.method.device_speed import DeviceSpeed
from oce.method.hardware_features import Hardware, hardware
from oce.method.run_utilisation import Fit
from oce.method.runs import Cases, Floats, Runs


def cases(devices: Any = "h100-sxm", precision: str = "", **values: Any) -> Cases:
    """Cases by default like Llama 3 70B, as many as the longest value has."""
    columns = {"size": 70e9, "mixture": False, "compute_flop": 6.3e24, "year": 2024.0, **values}
    names = np.atleast_1d(devices)
    count = max(len(names), *(np.size(value) for value in columns.values()))
    machines = tuple(
        name if isinstance(name, Hardware) else hardware(catalog.device(name), precision) for name in names
    )
    return Cases(
        **{name: np.broadcast_to(np.array(value), (count,)).copy() for name, value in columns.items()},
        hardware=machines,
        code=np.arange(count) if len(names) == count else np.zeros(count, dtype=int),
    )


MODEL = committed().fit


def one_device(factor: float, count: int, device: str = "h100-sxm", size: float = 70e9) -> Runs:
    """Past runs on one device."""
    some = replace(cases(device, size=np.full(count, size)), code=np.zeros(count, dtype=int))
    expected = run_prediction.predict(MODEL, some).mean
    return Runs(some, expected + math.log(factor), np.full(count, "own"), np.ones(count))


SPREADS = {
    "noise": 0.2,
    "noise per decade": 0.1,
    "noise before 2023": 1.5,
    "organisation": 0.3,
    "organisation on device": 0.5,
}

SMALL_SPEED = DeviceSpeed(  # two coefficients of devices, correlated
    ("peak", "device h100-sxm"),
    np.array([0.6, 0.05]),
    np.array([[0.01, -0.002], [-0.002, 0.004]]),
    refit.contrasts_alone().spreads,
)


def invented(seed: int, count: int = 14) -> Runs:
    """Runs of three organisations on two devices, the first far off."""
    random = np.random.default_rng(seed)
    some = Cases(
        10 ** random.uniform(8.5, 11.5, count),
        random.choice([True, False], count),
        10 ** random.uniform(20, 25, count),
        random.choice([2020.0, 2024.0], count),
        (hardware(catalog.device("a100-sxm-80gb")), hardware(catalog.device("h100-sxm"))),
        random.integers(0, 2, count),
    )
    reached = run_utilisation.CENTRE + random.normal(0, 0.4, count)
    reached[0] -= 2.5
    return Runs(some, reached, random.choice(["one", "two", "three"], count), random.choice([1.0, 1.7], count))


def invented_design(some: Cases) -> Floats:
    """peak, h100; run, size, mixture, before 2023. The reference needs no row: its own deviation is none."""
    h100 = (some.devices == "h100-sxm").astype(float)
    z = np.clip(np.log10(some.size) - 10, -2, 1.5)
    return np.column_stack([h100 * peak_of_h100(), h100,
                            np.ones(len(z)), z, some.mixture, some.year < 2023]).astype(float)  # fmt: skip


def peak_of_h100() -> float:
    return math.log(hardware(catalog.device("h100-sxm")).peak_tflops / 312)


def invented_noise(some: Cases) -> Floats:
    z = np.clip(np.log10(some.size) - 10, -2, 1)
    return np.asarray(0.2 * np.exp(-0.1 * z) * np.where(some.year < 2023, 1.5, 1.0))


def luck(first: Cases, second: Cases) -> Floats:
    """Covariance of the organisation's deviation, as it is told: sd 0.3, half of the variance one device's own."""
    apart = np.log10(first.size)[:, None] - np.log10(second.size)[None, :]
    same = first.devices[:, None] == second.devices[None, :]
    return np.asarray(0.3**2 * np.exp(-0.5 * apart**2) * (0.5 + 0.5 * same))


def named(speed: DeviceSpeed) -> DeviceSpeed:
    """The same with the reference known for certain."""
    n = len(speed.names)
    covariance = np.zeros((n + 1, n + 1))
    covariance[:n, :n] = speed.covariance
    return DeviceSpeed((*speed.names, "device a100-sxm-80gb"), np.append(speed.mean, 0.0), covariance, speed.spreads)


SMALL = Fit(
    named(SMALL_SPEED),
    np.array([0.6, 0.05, 0.0, 4.6, 0.2, -0.1, -0.4]),
    np.diag([0.01, 0.004, 0.0, 0.01, 0.004, 0.02, 0.02])
    + 0.001 * np.outer([1, 1, 0, 1, -1, 1, 1], [1, 1, 0, 1, -1, 1, 1]),
    SPREADS,
    np.array([[8.0, 12.0], [19.0, 26.0]]),
    (-3.0, 0.55, 0.4),
)  # fmt: skip

WITHOUT_REFERENCE = [0, 1, 3, 4, 5, 6]
