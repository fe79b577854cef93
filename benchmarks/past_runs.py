"""How long each page takes for a change of the tokens with 1,000 past runs of the visitor's own, and without any.

Processor time of the script's own thread, by turns in one run, each number of tokens asked once. Exit 1 where a page
takes more than twice its time without them. Run as ``python -m benchmarks.past_runs [moves]``.
"""

import gc
import random
import statistics
import sys

from streamlit.testing.v1 import AppTest

from benchmarks.script_time import ROOT, timed_runs
from oce.importers import prior_runs
from pages.session import keys, site

MOVES = 7
MOST = 2.0  # times as long as without
DEVICES = ("A100 SXM 80GB", "A100 PCIe 80GB", "H100 SXM", "H100 PCIe", "V100", "TPU v4", "MI250X", "H200")


def file_of(rows: int = prior_runs.MOST_ROWS) -> bytes:
    """A file of so many runs, none like another, at 20 to 50 % of their peak."""
    chance = random.Random(0)
    peak = {
        name: prior_runs.read(f"device,device_hours,training_flop\n{name},1000,1e20\n".encode()) for name in DEVICES
    }
    lines = ["device,device_hours,parameters,tokens,year"]
    for _ in range(rows):
        name = chance.choice(DEVICES)
        read = peak[name]
        [run] = read.used + read.questioned
        parameters, share = 10 ** chance.uniform(8, 11), chance.uniform(0.2, 0.5)
        hours = 6 * parameters * 20 * parameters / 1e12 / run.peak_tflops / share / 3600
        lines.append(f"{name},{hours:.6g},{parameters:.6g},{20 * parameters:.6g},{chance.choice((2022, 2024, 2025))}")
    return "\n".join(lines).encode()


def opened(page: str, held: prior_runs.PriorRuns | None) -> AppTest:
    """A page, of a visitor who holds such runs."""
    test = AppTest.from_file(str(ROOT / "app.py"), default_timeout=300)
    if held is not None:
        test.session_state[keys.PAST_RUNS.name] = held
    test.run()
    test.switch_page(f"pages/views/{page}.py").run()
    assert not test.exception
    return test


def main() -> int:
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else MOVES
    held = prior_runs.read(file_of())
    assert len(held.used) == prior_runs.MOST_ROWS, held.problems[:3]
    seconds, failed = timed_runs(), False
    for page, title in site.PAGES.items():
        tests = {runs is not None: opened(page, runs) for runs in (None, held)}
        gc.collect()
        times: dict[bool, list[float]] = {False: [], True: []}
        for move in range(-1, moves):  # the first warms up
            for with_them, test in tests.items():
                test.text_input(key="tokens_entry").input(f"{2 + 0.1 * (move + 2):.1f}T").run()
                assert not test.exception
                if move >= 0:
                    times[with_them].append(seconds[-1])
        without, within = (statistics.median(times[runs]) for runs in (False, True))
        failed = failed or within > MOST * without
        print(
            f"{title:<9} without {1000 * without:4.0f} ms, with {len(held.used):,} past runs {1000 * within:5.0f} ms: "
            f"{within / without:.1f} times (at most {MOST:g})", flush=True,
        )  # fmt: skip
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
