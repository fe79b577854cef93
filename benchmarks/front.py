"""The front of 100,000 combinations of device, region and number of devices, as the Plan page asks for it.

Exit 1 where it takes two seconds or longer (median of five). Beside it, by turns in the same run, one call of
``estimate_many`` on as many rows that differ in their numbers alone, the names given once: what the arithmetic takes.

Run as ``python -m benchmarks.front``.
"""

import statistics
import sys

import numpy as np

from benchmarks.estimate_many import seconds_for
from oce import Scenario, catalog, estimate_many
from oce.analysis import combinations

TURNS = 5
MOST_SECONDS = 2.0
RUN = Scenario(parameters=70e9, tokens=15e12, device="H100", device_count=16384, region="USA", pue=1.1)
DEVICES = [one.id for one in catalog.devices() if one.tdp_w][:40]
REGIONS = [one.id for one in catalog.regions() if one.kind != "paper"][:250]
COUNTS = [2**power for power in range(4, 14)]


def main() -> int:
    count = len(DEVICES) * len(REGIONS) * len(COUNTS)
    assert count == combinations.MOST_COMBINATIONS
    scalar_names = RUN.given() | {"device_count": np.resize(np.array(COUNTS), count)}
    actions = {
        "front": lambda: combinations.combine(RUN, DEVICES, REGIONS, COUNTS),
        "one call, names given once": lambda: estimate_many(scalar_names),
    }
    combinations.combine(RUN, DEVICES, REGIONS[:1], COUNTS[-1:])  # files read, caches filled
    times: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(TURNS):
        for name, action in actions.items():
            seconds, found = seconds_for(action)
            if isinstance(found, combinations.Combinations):
                possible, best = len(found.pareto_front), int(found.pareto_front.sum())
            times[name].append(seconds)
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        each = ", ".join(f"{seconds:.3f}" for seconds in found)
        print(f"{name:<27}{count:>9,} combinations {medians[name]:7.3f} s, the median of {each}")
    front, floor = medians.values()
    print(f"combinations that memory, batch and links allow: {possible:,}; that nothing beats: {best}")
    print(f"ratio: the front takes {front / floor:.1f} times as long as the one call")
    print(f"front: {front:.3f} s (must be under {MOST_SECONDS:g})")
    return 0 if front < MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
