"""How long `import oce` takes in a new interpreter, against the packages that it cannot do without: numpy and pydantic.

By turns in one run; each the median of nine, less that of an interpreter that imports nothing.

Run as ``python -m benchmarks.import_oce [turns]``.
"""

import statistics
import subprocess
import sys
import time

TURNS = 9
STATEMENTS = {"nothing": "pass", "numpy, pydantic": "import numpy, pydantic", "oce": "import oce"}


def seconds(statement: str) -> float:
    """How long a new interpreter takes for it."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True)
    return time.perf_counter() - start


def main() -> int:
    turns = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    found: dict[str, list[float]] = {name: [] for name in STATEMENTS}
    for _ in range(turns):
        for name, statement in STATEMENTS.items():
            found[name].append(seconds(statement))
    start = statistics.median(found.pop("nothing"))
    medians = {name: statistics.median(times) - start for name, times in found.items()}
    for name, median in medians.items():
        print(f"import {name}: {1000 * median:.0f} ms, {median / medians['numpy, pydantic']:.2f} times the floor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
