"""Visitors at once: 1, 10 and 30 sessions of `python -m serve`, each entering its own numbers of training tokens.

Prints how long an answer takes, what went wrong, whether anyone saw a number that was not theirs, and the memory of
the server with them and after they left. A visitor enters a number about every half second (exponential). Streamlit
keeps a session for two minutes after its visitor left, in case they come back, so the end of this takes three.

Exit 1 where 30 sessions bring an error, a wrong answer, a p95 above a second, or memory that does not come back within
10 %. Run as ``python -m benchmarks.sessions [moves]``.
"""

import asyncio
import random
import statistics
import sys

from benchmarks.visitors import Visitor, resident, server_of, visit
from oce import catalog, estimate, report
from tools.app_server import app_server

NUMBERS = (1, 10, 30)
MOVES = 8
THINK_SECONDS = 0.5
KEPT_SECONDS = 125  # Streamlit keeps a session for 120 s
TRIM_SECONDS = 62  # serve.py hands memory back every 60 s
MOST_P95, MOST_MEMORY = 1.0, 1.1
LLAMA = catalog.model("llama-3-70b").scenario()


def headline(billions: int) -> str:
    """What Explore has to say for so many tokens."""
    return report.headline(estimate(LLAMA.replace(tokens=billions * 1e9)), "this model")


async def use(visitor: Visitor, number: int, moves: int, chance: random.Random) -> int:
    """Enters one number after another, each of this visitor alone; returns how many answers were another's."""
    wrong = 0
    for move in range(moves):
        await asyncio.sleep(chance.expovariate(1 / THINK_SECONDS))
        billions = 1000 + 100 * number + move
        await visitor.enter(f"{billions}B")
        wrong += visitor.title != headline(billions)
    return wrong


async def together(url: str, number: int, moves: int) -> tuple[list[Visitor], int]:
    """So many visitors at once, who stay; and how many answers were wrong."""
    visitors = [await visit(url) for _ in range(number)]
    for one in visitors:
        one.seconds.clear()
    chance = random.Random(number)
    wrong = await asyncio.gather(*(use(one, at, moves, chance) for at, one in enumerate(visitors)))
    return visitors, sum(wrong)


async def measured(url: str, moves: int) -> int:
    """Everything, in one run."""
    server = server_of(url)
    first = await visit(url)  # what is loaded and kept once, whoever comes
    await use(first, 50, 20, random.Random(0))
    alone = resident(server)
    print(f"server with one visitor: {alone:.0f} MB")
    medians, failed = {}, False
    for number in NUMBERS:
        visitors, wrong = await together(url, number, moves)
        seconds = sorted(one for visitor in visitors for one in visitor.seconds)
        medians[number], p95 = statistics.median(seconds), seconds[int(0.95 * len(seconds))]
        errors = [error for visitor in visitors for error in visitor.errors]
        during = resident(server)
        for one in visitors:
            await one.socket.close()
        print(
            f"{number:>3} sessions: median {1000 * medians[number]:5.0f} ms, p95 {1000 * p95:5.0f} ms, "
            f"{medians[number] / medians[NUMBERS[0]]:.1f} times one alone; {len(seconds)} answers, "
            f"{len(errors)} errors, {wrong} that were not theirs; "
            f"server {during:.0f} MB, {(during - alone) / number:+.1f} MB a session"
        )
        failed = bool(errors or wrong) or p95 > MOST_P95
    await asyncio.sleep(KEPT_SECONDS)
    await use(first, 50, 5, random.Random(0))  # Streamlit lets go of old sessions, and collects, when somebody is there
    await asyncio.sleep(TRIM_SECONDS)
    after = resident(server)
    print(f"after they left: {after:.0f} MB, {after / alone:.2f} times that with one visitor (at most {MOST_MEMORY})")
    await first.socket.close()
    return 1 if failed or after > MOST_MEMORY * alone else 0


def main() -> int:
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else MOVES
    with app_server() as url:
        return asyncio.run(measured(url, moves))


if __name__ == "__main__":
    sys.exit(main())
