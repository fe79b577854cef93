"""Visitors at once: 1, 10 and 30 sessions of `python -m serve`, each moving the training tokens to numbers of its own.

A move is four positions of the slider, a tenth of a second apart or as fast as they are answered, then the run of the
page; half a second (exponential) goes by before the next. Prints how long the answers take, what went wrong, whether
anyone saw a number that was not theirs, and the memory of the server with them and after they left. Streamlit keeps a
session for two minutes after its visitor left, in case they come back, so the end of this takes three.

Exit 1 where 30 sessions bring an error, a wrong answer, a p95 above a second, or memory that does not come back within
10 %. Run as ``python -m benchmarks.sessions [moves] [positions of the slider in a move]``; with 0 positions the numbers
are typed, and there are more runs than people make.
"""

import asyncio
import random
import statistics
import sys

from oce import catalog, descriptions, estimate
from tests.support.app_server import app_server
from tests.support.visitors import Visitor, resident, server_of, visit

NUMBERS = (1, 10, 30)
MOVES = 8
POSITIONS, POSITION_SECONDS = 4, 0.1
THINK_SECONDS = 0.5
KEPT_SECONDS = 125  # Streamlit keeps a session for 120 s
TRIM_SECONDS = 62  # serve.py hands memory back every 60 s
MOST_P95, MOST_MEMORY = 1.0, 1.1
LLAMA = catalog.model("llama-3-70b").scenario()


def headline(billions: int) -> str:
    """What Explore has to say for so many tokens."""
    return descriptions.headline(estimate(LLAMA.replace(tokens=billions * 1e9)), "this model")


async def use(
    visitor: Visitor, number: int, moves: int, positions: int, chance: random.Random
) -> list[tuple[int, str]]:
    """Moves to one number after another, each of this visitor alone; returns them, each with the headline shown."""
    shown = []
    for move in range(moves):
        await asyncio.sleep(chance.expovariate(1 / THINK_SECONDS))
        billions = 1000 + 100 * number + move
        for passed in range(billions - positions + 1, billions + 1):
            await asyncio.sleep(POSITION_SECONDS)
            await visitor.follow(passed * 1e9)
            shown.append((passed, visitor.title))
        await visitor.enter(f"{billions}B")
        shown.append((billions, visitor.title))
    return shown


async def together(url: str, number: int, moves: int, positions: int) -> tuple[list[Visitor], int]:
    """So many visitors at once, who stay; and how many answers were wrong."""
    visitors = [await visit(url) for _ in range(number)]
    for one in visitors:
        one.seconds.clear()
    chance = random.Random(number)
    shown = await asyncio.gather(*(use(one, at, moves, positions, chance) for at, one in enumerate(visitors)))
    return visitors, sum(title != headline(billions) for one in shown for billions, title in one)


async def measured(url: str, moves: int, positions: int) -> int:
    """Everything, in one run."""
    server = server_of(url)
    first = await visit(url)  # what is loaded and kept once, whoever comes
    await use(first, 50, 20, positions, random.Random(0))
    alone = resident(server)
    print(f"server with one visitor: {alone:.0f} MB")
    medians, failed = {}, False
    for number in NUMBERS:
        visitors, wrong = await together(url, number, moves, positions)
        seconds = sorted(one for visitor in visitors for one in visitor.seconds)
        live = [one for visitor in visitors for one in visitor.live_seconds] or [0.0]
        medians[number], p95 = statistics.median(seconds), seconds[int(0.95 * len(seconds))]
        errors = [error for visitor in visitors for error in visitor.errors]
        during = resident(server)
        for one in visitors:
            await one.leave()
        print(
            f"{number:>3} sessions: median {1000 * medians[number]:5.0f} ms, p95 {1000 * p95:5.0f} ms, "
            f"{medians[number] / medians[NUMBERS[0]]:.1f} times one alone; while moving: median "
            f"{1000 * statistics.median(live):.0f} ms; {len(seconds)} runs, "
            f"{len(errors)} errors, {wrong} that were not theirs; "
            f"server {during:.0f} MB, {(during - alone) / number:+.1f} MB a session"
        )
        failed = bool(errors or wrong) or p95 > MOST_P95
    await asyncio.sleep(KEPT_SECONDS)
    # Streamlit lets go of old sessions, and collects, when somebody is there.
    await use(first, 50, 5, positions, random.Random(0))
    await asyncio.sleep(TRIM_SECONDS)
    after = resident(server)
    print(f"after they left: {after:.0f} MB, {after / alone:.2f} times that with one visitor (at most {MOST_MEMORY})")
    await first.leave()
    return 1 if failed or after > MOST_MEMORY * alone else 0


def main() -> int:
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else MOVES
    positions = int(sys.argv[2]) if len(sys.argv) > 2 else POSITIONS
    with app_server() as url:
        return asyncio.run(measured(url, moves, positions))


if __name__ == "__main__":
    sys.exit(main())
