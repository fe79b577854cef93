"""Visitors at once: 1, 10, 30 and 100 sessions of `python -m serve` on Explore, 30 on Plan, and 100 of whom 30 on Plan.

Each moves the training tokens to numbers of its own. A move is four positions of the slider, a tenth of a second apart
or as fast as they are answered, then the run of the page; half a second (exponential) goes by before the next. Prints
how long the answers take, what went wrong, whether anyone saw a number that was not theirs, and the memory of the
server with them and after they left. Streamlit keeps a session for two minutes after its visitor left, in case they
come back, so the end of this takes three.

Exit 1 where there is an error or a wrong answer, a p95 is above its bound, or memory does not come back within 10 %.
Run as ``python -m benchmarks.sessions [moves] [positions of the slider in a move]``; with 0 positions the numbers are
typed, and there are more runs than people make. A hundred moves take some two minutes.
"""

import asyncio
import random
import statistics
import sys
from collections.abc import Mapping, Sequence
from functools import cache

from oce import catalog, descriptions, estimate, units
from pages.server import preview
from pages.session import link
from tests.support.app_server import app_server
from tests.support.visitors import Visitor, resident, server_of, visit

# How many are on which page, and the bound of the p95 of a run [s].
GROUPS: tuple[tuple[Mapping[str, int], float], ...] = (
    ({"explore": 1}, 0.3),
    ({"explore": 10}, 0.3),
    ({"explore": 30}, 0.3),
    ({"explore": 100}, 1.5),
    ({"plan": 30}, 1.0),
    ({"explore": 70, "plan": 30}, 1.5),
)
MOVES = 8
POSITIONS, POSITION_SECONDS = 4, 0.1
THINK_SECONDS = 0.5
KEPT_SECONDS = 125  # Streamlit keeps a session for 120 s
TRIM_SECONDS = 62  # serve.py hands memory back every 60 s
MOST_MEMORY = 1.1
LLAMA = catalog.model("llama-3-70b").scenario()


def headline(billions: int) -> str:
    """What Explore has to say for so many tokens."""
    return units.typeset(descriptions.headline(estimate(LLAMA.replace(tokens=billions * 1e9)), "this model"))


@cache
def expected(page: str, billions: int) -> str:
    """What a page has to say for so many tokens."""
    if page == "explore":
        return headline(billions)
    fields, _ = link.from_parameters({"tokens": f"{billions}e9"})
    return units.typeset(preview.view_of(page)(fields, {}).headline)


async def use(
    visitor: Visitor, number: int, moves: int, positions: int, chance: random.Random
) -> list[tuple[str, int, str]]:
    """Moves to one number after another, each of this visitor alone; returns page, number and the headline shown."""
    shown = []
    for move in range(moves):
        await asyncio.sleep(chance.expovariate(1 / THINK_SECONDS))
        billions = 1000 + 100 * number + move
        for passed in range(billions - positions + 1, billions + 1):
            await asyncio.sleep(POSITION_SECONDS)
            dropped = visitor.dropped
            await visitor.follow(passed * 1e9)
            if visitor.dropped == dropped:
                shown.append((visitor.name, passed, visitor.title))
        await visitor.enter(f"{billions}B")
        shown.append((visitor.name, billions, visitor.title))
    return shown


async def together(url: str, pages: Mapping[str, int], moves: int, positions: int) -> tuple[list[Visitor], int]:
    """So many visitors at once, who stay; and how many answers were wrong."""
    visitors = [await visit(url, page=page) for page, number in pages.items() for _ in range(number)]
    for one in visitors:
        one.seconds.clear()
    chance = random.Random(len(visitors))
    shown = await asyncio.gather(*(use(one, at, moves, positions, chance) for at, one in enumerate(visitors)))
    return visitors, sum(title != expected(page, billions) for one in shown for page, billions, title in one)


def p95(seconds: Sequence[float]) -> float:
    """What 95 of 100 do not pass."""
    return sorted(seconds)[int(0.95 * len(seconds))]


async def measured(url: str, moves: int, positions: int) -> int:
    """Everything, in one run."""
    server = server_of(url)
    for page in ("explore", "plan"):  # what is loaded and kept once, whoever comes
        first = await visit(url, page=page)
        await use(first, 50, 20, positions, random.Random(0))
    alone = resident(server)
    print(f"server with one visitor: {alone:.0f} MB")
    failed = False
    for pages, bound in GROUPS:
        visitors, wrong = await together(url, pages, moves, positions)
        for page in pages:
            seconds = [one for visitor in visitors if visitor.name == page for one in visitor.seconds]
            live = [one for visitor in visitors if visitor.name == page for one in visitor.live_seconds] or [0.0]
            failed = failed or p95(seconds) > bound
            print(
                f"{pages[page]:>3} of {len(visitors):>3} on {page:<7}: median {1000 * statistics.median(seconds):5.0f} "
                f"ms, p95 {1000 * p95(seconds):5.0f} ms (bound {1000 * bound:.0f}); while moving: median "
                f"{1000 * statistics.median(live):.0f} ms, p95 {1000 * p95(live):.0f} ms; {len(seconds)} runs"
            )
        errors = [error for visitor in visitors for error in visitor.errors]
        dropped, during = sum(one.dropped for one in visitors), resident(server)
        for one in visitors:
            await one.leave()
        print(
            f"    {len(errors)} errors, {wrong} that were not theirs, {dropped} positions not answered; server "
            f"{during:.0f} MB, {(during - alone) / len(visitors):+.1f} MB a session"
        )
        failed = failed or bool(errors or wrong)
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
