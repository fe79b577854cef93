"""How long the server's script takes for one change of the tokens, without a browser.

The pages run as serve.py runs them, with the app's own elements; the floor app beside them, by turns in one run. The
time of the processor in the script's own thread, so that a busy machine counts little.

Run as ``python -m benchmarks.script_time [moves]``.
"""

import gc
import logging
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

from pages.server import assets

os.environ[assets.SERVED] = "1"  # before the pages ask
logging.disable(logging.WARNING)  # that there is no browser

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner  # noqa: E402
from streamlit.testing.v1 import AppTest  # noqa: E402

ROOT = Path(__file__).parents[1]
MOVES = 40
PAGES = {"Explore": "pages/views/explore.py", "Compare": "pages/views/compare.py", "Plan": "pages/views/plan.py"}


def timed_runs() -> list[float]:
    """The seconds of every run from now on, as they happen."""
    seconds: list[float] = []
    run = ScriptRunner._run_script

    def timed(self: ScriptRunner, *arguments: Any, **options: Any) -> None:
        start = time.thread_time()
        run(self, *arguments, **options)
        seconds.append(time.thread_time() - start)

    ScriptRunner._run_script = timed  # type: ignore[method-assign]
    return seconds


def main() -> int:
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else MOVES
    tests = {"floor": AppTest.from_file(str(Path(__file__).with_name("floor_app.py")), default_timeout=60)}
    for name in PAGES:
        tests[name] = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, test in tests.items():
        test.run()
        if name in PAGES:
            test.switch_page(PAGES[name]).run()
        assert not test.exception
    gc.collect()
    gc.freeze()
    seconds = timed_runs()
    times: dict[str, list[float]] = {name: [] for name in tests}
    for move in range(-2, moves):  # the first two warm up
        for name, test in tests.items():
            if name == "floor":
                test.slider[0].set_value(move % 100)
            else:
                test.text_input(key="tokens_entry").input(
                    f"{2 + 0.1 * (move + 2):.1f}T"
                )  # none twice: answers are kept
            test.run()
            if move >= 0:
                times[name].append(seconds[-1])
    medians = {name: statistics.median(found) for name, found in times.items()}
    for name, found in times.items():
        print(
            f"{name:<8} script, processor time: median {1000 * medians[name]:5.1f} ms, "
            f"p95 {1000 * sorted(found)[int(0.95 * len(found))]:5.1f} ms; "
            f"{medians[name] / medians['floor']:.1f} times the floor ({len(found)} moves)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
