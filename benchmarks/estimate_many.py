"""A million scenarios in one call of ``estimate_many``, against a loop that solves each with scipy.

The loop does what the method says, literally: for both ends of α, ``brentq`` finds the device-time whose ``quad`` of
ln(1 + αt) is the compute. It runs on a sample of the same inputs, in the same run. Exit 1 where one call is not at
least a hundred times quicker, or where the two disagree.

Run as ``python -m benchmarks.estimate_many``.
"""

import math
import sys
import time
import warnings
from collections.abc import Callable
from typing import Any, TypeVar

import numpy as np
from scipy.integrate import IntegrationWarning, quad
from scipy.optimize import brentq

from oce import catalog, estimate_many

SCENARIOS = 1_000_000
SAMPLE = 200
LEAST_RATIO = 100
AGREEMENT = 1e-6  # relative: what quad and brentq reach
DEVICES = ("H100 SXM", "A100", "TPU v4", "V100")
REGIONS = ("USA", "FRA", "CHN", "US-CA")

Columns = dict[str, np.ndarray]
T = TypeVar("T")


def inputs(count: int) -> Columns:
    """Scenarios of every size, with a range of α that quad can integrate."""
    random = np.random.default_rng(2405_12843)
    low = random.uniform(-6, 45, count)
    return {
        "parameters": 10 ** random.uniform(7, 12.5, count),
        "tokens": 10 ** random.uniform(9, 13.5, count),
        "device": random.choice(np.array(DEVICES), count),
        "device_count": np.ceil(10 ** random.uniform(0, 5, count)),
        "region": random.choice(np.array(REGIONS), count),
        "pue": random.uniform(1, 2, count),
        "log10_alpha_low": low,
        "log10_alpha_high": low + random.uniform(0, 5, count),
        "embodied": np.full(count, "paper"),  # one rate, beside the method that this is about
    }


def total_co2e_kg(scenario: dict[str, Any]) -> float:
    """One scenario by quadrature and root finding: the central total."""
    device, region = catalog.device(scenario["device"]), catalog.region(scenario["region"])
    assert device.tdp_w is not None
    tflop = 6 * scenario["parameters"] * scenario["tokens"] / 1e12
    ends = (device_seconds(tflop, 10 ** scenario[name]) for name in ("log10_alpha_low", "log10_alpha_high"))
    hours = sum(ends) / 2 / 3600
    operational = hours * device.tdp_w / 1000 * scenario["pue"] * region.g_per_kwh / 1000
    return operational + hours * (device.beta_g_per_device_hour or 0.0) / 1000


def device_seconds(tflop: float, alpha: float) -> float:
    """Where the integral of ln(1 + αt) reaches the compute."""

    def missing(seconds: float) -> float:
        done, _ = quad(lambda t: math.log1p(alpha * t), 0.0, seconds, epsabs=0.0, epsrel=1e-9)
        return float(done) - tflop

    high = 1.0
    while missing(high) < 0:
        high *= 10
    return float(brentq(missing, 0.0, high, xtol=1e-12, rtol=1e-10))


def seconds_for(action: Callable[[], T]) -> tuple[float, T]:
    start = time.process_time()  # of the processor, so that a busy machine counts little
    result = action()
    return time.process_time() - start, result


def main() -> int:
    columns = inputs(SCENARIOS)
    estimate_many({name: values[:1000] for name, values in columns.items()})  # files read, caches filled
    many, estimates = min((seconds_for(lambda: estimate_many(columns)) for _ in range(3)), key=lambda run: run[0])
    assert not any(estimates["error"])

    sample = [{name: values[row].item() for name, values in columns.items()} for row in range(SAMPLE)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", IntegrationWarning)  # the answers are compared below
        loop, solved = seconds_for(lambda: [total_co2e_kg(scenario) for scenario in sample])

    numbers = columns["pue"]
    floor, _ = min((seconds_for(lambda: (np.exp(numbers), np.log(numbers))) for _ in range(3)), key=lambda run: run[0])

    off = float(np.max(np.abs(estimates["total_co2e_kg_central"][:SAMPLE] / np.array(solved) - 1)))
    ratio = (loop / SAMPLE) / (many / SCENARIOS)
    for what, count, seconds in (
        ("one call of estimate_many", SCENARIOS, many),
        ("loop of quad and brentq", SAMPLE, loop),
        ("one exp and one log each", SCENARIOS, floor),
    ):
        print(f"{what:<26}{count:>10,} scenarios {seconds:8.3f} s {seconds / count * 1e6:10.4f} µs each")
    print(f"one call over the arithmetic floor: {many / floor:.0f}")
    print(f"largest relative difference of the totals: {off:.1e} (at most {AGREEMENT:.0e})")
    print(f"ratio: {ratio:,.0f} times quicker than the loop (must be at least {LEAST_RATIO})")
    return 0 if ratio >= LEAST_RATIO and off <= AGREEMENT else 1


if __name__ == "__main__":
    sys.exit(main())
