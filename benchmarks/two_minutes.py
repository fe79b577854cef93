"""100 visitors for two minutes, 30 of them on Plan and the others on Explore: the promise of a class, in one table.

They move as those of :mod:`benchmarks.sessions` do. Prints errors, answers that were not theirs, the p95 of a run of
each page, and the server's memory: fresh, after a class of as many that came and left, and after these. What may grow
no more than its bound is the memory from class to class; of a first class's, Python keeps what it cannot free by whole
megabytes (pages/server/memory.py). Exit 1 where one of the bounds does not hold. Streamlit keeps who left for two
minutes, so all of it takes eleven. Run as ``python -m benchmarks.two_minutes [seconds]``.
"""

import asyncio
import random
import sys

from benchmarks.sessions import KEPT_SECONDS, MOST_MEMORY, POSITIONS, TRIM_SECONDS, p95, together, use
from tests.support.app_server import app_server
from tests.support.visitors import Visitor, resident, server_of, visit

PAGES = {"explore": 70, "plan": 30}
SECONDS = 120.0
SHORT_SECONDS = 30.0  # of the class before them
MOST_SECONDS = 1.5
MOST_MOVES = 99  # of one visitor: the numbers of the next begin there


async def left(server: int, visitors: list[Visitor]) -> float:
    """Has visitors leave; returns what the server holds once their time is over [MB]."""
    for one in visitors:
        await one.leave()
    visitors.clear()
    await asyncio.sleep(KEPT_SECONDS + 2 * TRIM_SECONDS)  # the first time it lets go of them, the second it collects
    return resident(server)


async def measured(url: str, seconds: float) -> int:
    """Everything, in one run."""
    server = server_of(url)
    for page in PAGES:  # what is loaded and kept once, whoever comes
        first = await visit(url, page=page)
        await use(first, len(PAGES) * 50 + 50, 20, POSITIONS, random.Random(0))
    fresh = resident(server)
    visitors, _ = await together(url, PAGES, MOST_MOVES, POSITIONS, SHORT_SECONDS)
    before = await left(server, visitors)
    visitors, wrong = await together(url, PAGES, MOST_MOVES, POSITIONS, seconds)
    during, errors = resident(server), [error for one in visitors for error in one.errors]
    dropped = sum(one.dropped for one in visitors)
    runs = {page: [took for one in visitors if one.name == page for took in one.seconds] for page in PAGES}
    after = await left(server, visitors)
    slowest = max(map(p95, runs.values()))
    print(f"{sum(PAGES.values())} visitors for {seconds:.0f} s: {', '.join(f'{n} on {p}' for p, n in PAGES.items())}")
    for page, took in runs.items():
        print(f"p95 of a run of {page:<8} {p95(took):6.2f} s of {len(took):,} runs (at most {MOST_SECONDS})")
    print(f"errors                  {len(errors):6} (0) {' '.join(sorted(set(errors))[:3])[:300]}")
    print(f"numbers not theirs      {wrong:6} (0); {dropped:,} positions of sliders told to wait for the run")
    print(f"memory                  {after / before:6.2f} of the {before:.0f} MB before them (at most {MOST_MEMORY})")
    print(f"                        {fresh:6.0f} MB fresh, {during:.0f} MB with them, {after:.0f} MB after them")
    return 1 if errors or wrong or slowest > MOST_SECONDS or after > MOST_MEMORY * before else 0


def main() -> int:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with app_server() as url:
        return asyncio.run(measured(url, seconds))


if __name__ == "__main__":
    sys.exit(main())
