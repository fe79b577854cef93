"""Thousands of reruns in one session: the memory of the server stays what it is.

Exit 1 where it grows by more than 5 MB from the first quarter to the end. Run as ``python -m benchmarks.soak [runs]``.
"""

import asyncio
import sys

from benchmarks.sessions import headline
from tests.support.app_server import app_server
from tests.support.visitors import resident, server_of, visit

RUNS = 3000
MOST_GROWTH = 5.0  # MB


async def soaked(url: str, runs: int) -> list[float]:
    """The memory of the server after each quarter of so many runs [MB]."""
    server, visitor = server_of(url), await visit(url)
    memory = []
    for run in range(runs):
        billions = 1000 + run
        await visitor.enter(f"{billions}B")
        assert not visitor.errors
        assert visitor.title == headline(billions)
        if (run + 1) % (runs // 4) == 0:
            memory.append(resident(server))
    await visitor.socket.close()
    return memory


def main() -> int:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with app_server() as url:
        memory = asyncio.run(soaked(url, runs))
    growth = memory[-1] - memory[0]
    print(f"{runs} runs in one session; server after each quarter: {', '.join(f'{one:.1f}' for one in memory)} MB")
    print(f"growth from the first quarter to the end: {growth:+.1f} MB (at most {MOST_GROWTH:g})")
    return 0 if growth <= MOST_GROWTH else 1


if __name__ == "__main__":
    sys.exit(main())
