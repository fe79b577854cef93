"""What a calibrated throughput costs: ``estimate_many`` on a million scenarios, calibrated against published.

Both answer for the same scenarios in the same run, by turns, so that whatever else the machine does meets both. Exit
1 where the calibrated estimate takes more than twice as long as the published one (medians of five), or where the
whole calibration with its scores takes longer than a planner would wait.

Run as ``python -m benchmarks.calibrated``.
"""

import statistics
import sys

import numpy as np

from benchmarks.estimate_many import DEVICES, REGIONS, SCENARIOS, Columns, seconds_for
from oce import estimate_many
from oce.evaluation import refit
from oce.method.memory import BYTES_PER_PARAMETER

TURNS = 5
MOST_RATIO = 2.0
LEAST_MEMORY = 30e9  # bytes
MOST_SECONDS = 10.0  # of the calibration: fits, quantiles and scores
THROUGHPUTS = ("published", "calibrated")


def inputs(count: int) -> Columns:
    """Scenarios of every size on devices that have both a published α and runs."""
    random = np.random.default_rng(2405_12843)
    parameters = 10 ** random.uniform(7, 12.5, count)
    room = np.ceil(parameters * BYTES_PER_PARAMETER / LEAST_MEMORY)  # what every one of the devices fits on
    return {
        "parameters": parameters,
        "tokens": 10 ** random.uniform(10, 13.5, count),
        "device": random.choice(np.array(DEVICES), count),
        "device_count": np.ceil(room * 10 ** random.uniform(0, 1.5, count)),
        "region": random.choice(np.array(REGIONS), count),
        "pue": random.uniform(1, 2, count),
    }


def main() -> int:
    columns = inputs(SCENARIOS)
    times: dict[str, list[float]] = {name: [] for name in THROUGHPUTS}
    for name in THROUGHPUTS:  # files read, caches filled
        estimate_many({**{one: values[:1000] for one, values in columns.items()}, "throughput": name})
    for _ in range(TURNS):
        for name, found in times.items():
            seconds, estimates = seconds_for(lambda name=name: estimate_many({**columns, "throughput": name}))
            assert not any(estimates["error"])
            found.append(seconds)
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        each = ", ".join(f"{seconds:.3f}" for seconds in found)
        print(f"{name:<11}{SCENARIOS:>10,} scenarios {medians[name]:8.3f} s, the median of {each}")
    ratio = medians["calibrated"] / medians["published"]
    print(f"ratio: calibrated takes {ratio:.2f} times as long as published (must be at most {MOST_RATIO:g})")
    calibration, document = seconds_for(refit.calibration_document)
    runs = document["calibration"]["runs"]
    print(f"calibration: {runs} runs fitted and scored in {calibration:.2f} s (must be at most {MOST_SECONDS:g})")
    return 0 if ratio <= MOST_RATIO and calibration <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
