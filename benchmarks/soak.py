"""Thousands of reruns in one session: the memory of the server stays what it is.

Exit 1 where it grows by more than 5 MB from the first quarter to the end, on Explore or on Plan, each with a server of
its own. Run as ``python -m benchmarks.soak [runs of Explore]``; Plan runs a fifth as often.
"""

import asyncio
import sys

from benchmarks.sessions import expected
from tests.support.app_server import app_server
from tests.support.visitors import resident, server_of, visit

RUNS = 3000
SHARES = {"explore": 1.0, "plan": 0.2}  # of the runs
MOST_GROWTH = 5.0  # MB


async def soaked(url: str, page: str, runs: int) -> list[float]:
    """The memory of the server after each quarter of so many runs of a page [MB]."""
    server, visitor = server_of(url), await visit(url, page=page)
    memory = []
    for run in range(runs):
        billions = 1000 + run
        await visitor.enter(f"{billions}B")
        assert not visitor.errors
        assert visitor.title == expected(page, billions)
        if (run + 1) % (runs // 4) == 0:
            memory.append(resident(server))
    await visitor.socket.close()
    return memory


def main() -> int:
    asked = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    failed = False
    for page, share in SHARES.items():
        runs = round(asked * share)
        with app_server() as url:
            memory = asyncio.run(soaked(url, page, runs))
        growth = memory[-1] - memory[0]
        failed = failed or growth > MOST_GROWTH
        print(f"{page}: {runs} runs in one session; after each quarter {', '.join(f'{one:.1f}' for one in memory)} MB")
        print(f"growth from the first quarter to the end: {growth:+.1f} MB (at most {MOST_GROWTH:g})")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
