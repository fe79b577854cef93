"""``make fuzz``, its second half: files that visitors send and links of pages, with what somebody or something wrote.

Files: a table of past runs, a saved scenario, a comparison, a model's config. Each is read or refused by a message; of
a table, each row is used or named, and a number in it is the number that a link would make of the same text. Pages: a
link with a parameter of the page is shown without an exception, and where it changes nothing that is said.
"""

from __future__ import annotations

import argparse
import json
import logging
import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from streamlit.testing.v1 import AppTest

from oce import InputError
from oce.fields import FIELDS, NUMBER_FIELDS
from oce.importers import model_config, prior_runs, saved_scenarios
from oce.parsing import missing
from pages.session import link
from tests.support.app_test import new_app, path_of
from tests.support.doors import LETTERS, NAMES, NUMBERS, SEED

MOST_PRINTED = 40
Wrong = tuple[str, object, str]  # which door, what came in, what is wrong

RUN = {
    **{"device": "A100", "device_hours": "1000", "training_flop": "4.5e20", "parameters": "7e9", "year": "2024"},
    **{"precision": "bf16", "device_count": "64", "tokens": "1e10", "active_parameters": "", "power_w": "350"},
}
CONFIG = {
    **{"model_type": "llama", "hidden_size": 4096, "num_hidden_layers": 32, "intermediate_size": 11008},
    **{"vocab_size": 32000, "num_attention_heads": 32, "max_position_embeddings": 4096},
}
VALUES: tuple[Any, ...] = (None, True, 0, -1, 1.5, 10**400, [], [1], {}, {"a": 1}, "\ud800", float("nan"), float("inf"))
NEEDS: Mapping[str, Mapping[str, str]] = {  # beside which a parameter counts
    "against": {"view": "models"}, "unit": {"view": "era"}, "by": {"view": "era"},
    "wh_per_query": {"inference": "own"},
}  # fmt: skip


def text(chosen: random.Random, number: bool) -> str:
    """What somebody or something wrote, as often as not in a sound way."""
    if number and chosen.random() < 0.5:
        return f"{10 ** chosen.uniform(-1, 12):.4g}"
    made = "".join(chosen.choices(LETTERS, k=chosen.randint(1, 8)))
    return chosen.choice((*(NUMBERS if number else NAMES), made))


def files(count: int, seed: int) -> Iterator[Wrong]:
    """Reads so many files; gives what is wrong."""
    chosen = random.Random(seed)
    doors: Sequence[Callable[[random.Random], Iterator[Wrong]]] = (past_runs, saved, compared, config)
    for at in range(count):
        yield from doors[at % len(doors)](chosen)


def past_runs(chosen: random.Random) -> Iterator[Wrong]:
    """A sound run beside a run with one or two odd cells."""
    odd = {
        name: text(chosen, name not in ("device", "precision"))
        for name in chosen.sample(sorted(RUN), chosen.choice((1, 1, 2)))
    }
    rows = [list(RUN), list(RUN.values()), [odd.get(name, cell) for name, cell in RUN.items()]]
    content = "\n".join(",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows).encode()
    try:
        found = prior_runs.read(content)
    except InputError:  # the file as a whole: a byte that no text has
        return
    except Exception as error:
        yield "past runs", odd, f"{type(error).__name__}: {error}"
        return
    if len(found.used) + len(found.problems) != 2:
        yield "past runs", odd, f"{len(found.used)} runs used, and said is {found.problems}"
    if len(found.used) < 2:
        return
    run = found.used[1]
    read = {"training_flop": run.training_flop, "year": run.year, "power_w": run.mean_power_w}
    read |= {} if "active_parameters" in odd else {"parameters": run.size}
    for name, value in read.items():
        cell = odd.get(name, "")
        if not missing(cell) and value is not None:
            try:
                wanted = link.number_of(name, cell).value
            except InputError as error:
                yield "past runs", odd, f"{name} is used as {value}; a link is told {error}"
            else:
                if wanted != value:
                    yield "past runs", odd, f"{name} is {value}, in a link {wanted}"


def saved(chosen: random.Random, number: int = 1) -> Iterator[Wrong]:
    """A scenario as it is saved, with fields that are no texts too."""
    estimates = [{"name": text(chosen, False), "scenario": _fields(chosen)} for _ in range(number)]
    content = json.dumps({"estimates": estimates} if number > 1 else estimates[0]).encode()
    try:
        found = saved_scenarios.read(content)
    except InputError:
        return
    except Exception as error:
        yield "saved file", estimates, f"{type(error).__name__}: {error}"
        return
    for estimate, (_, scenario) in zip(estimates, found, strict=True):
        fields: Mapping[str, Any] = estimate["scenario"]  # type: ignore[assignment]
        lost = [
            name for name, value in fields.items()
            if value is not None and not (isinstance(value, str) and missing(value)) and name not in scenario.given()
        ]  # fmt: skip
        if lost:
            yield "saved file", fields, f"nothing is left of {', '.join(lost)}"


def compared(chosen: random.Random) -> Iterator[Wrong]:
    """A comparison of several scenarios."""
    return saved(chosen, chosen.randint(2, 4))


def _fields(chosen: random.Random) -> dict[str, Any]:
    sound = {"parameters": 7e9, "tokens": 2e12, "device": "a100-sxm-80gb", "device_count": 64, "region": "FRA"}
    odd = {
        name: chosen.choice(VALUES) if chosen.random() < 0.3 else text(chosen, name in NUMBER_FIELDS)
        for name in chosen.sample([*sorted(FIELDS), "self", "colour"], chosen.choice((1, 1, 2)))
    }
    return sound | odd


def config(chosen: random.Random) -> Iterator[Wrong]:
    """A model's own config with one or two odd values."""
    odd = {name: chosen.choice((*VALUES, text(chosen, True))) for name in chosen.sample(sorted(CONFIG), 2)}
    try:
        found = model_config.read(json.dumps(CONFIG | odd).encode())
        if not 0 < found.active_parameters <= found.parameters:
            yield "config", odd, f"{found}"
    except InputError:
        return
    except Exception as error:
        yield "config", odd, f"{type(error).__name__}: {error}"


def pages(count: int, seed: int) -> Iterator[Wrong]:
    """Opens so many links of pages; gives what is wrong."""
    chosen = random.Random(seed)
    names = [(page, name) for page, of_page in link.OF_PAGES.items() for name in of_page]
    usual: dict[object, str] = {}
    for at in range(count):
        page, name = names[at % len(names)]
        beside = NEEDS.get(name, {})
        odd = text(chosen, chosen.random() < 0.5)
        if (page, *beside) not in usual:
            usual[page, *beside] = shown(opened(page, beside))
        app = opened(page, {**beside, name: odd})
        if app.exception:
            yield page, {name: odd}, app.exception[0].message
        elif not missing(odd) and shown(app) == usual[page, *beside]:
            yield page, {name: odd}, "nothing is changed, and nothing said"


def run() -> int:
    """Prints what is wrong, and a table of what was tried; 1 where something is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--pages", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    failed = False
    for what, tried, found in (
        ("files: past runs, saved scenarios, comparisons, configs", options.count, files(options.count, options.seed)),
        ("links of pages", options.pages, pages(options.pages, options.seed)),
    ):
        wrong = list(found)
        failed = failed or bool(wrong)
        for door, sent, why in wrong[:MOST_PRINTED]:
            print(f"{door}: {str(sent)[:200]}\n    {why[:200]}")
        print(f"{tried:,} {what}: {len(wrong)} that raised what is no message, or were used or left out in silence")
    return 1 if failed else 0


def opened(page: str, parameters: Mapping[str, str]) -> AppTest:
    """A page with a link's parameters."""
    app = new_app()
    app.switch_page(path_of(page))
    for name, value in parameters.items():
        app.query_params[name] = value
    return app.run()


def shown(app: AppTest) -> str:
    """Everything that a page shows, as a text."""
    return "".join(str(one.proto) for one in app.main)


if __name__ == "__main__":
    logging.disable(logging.WARNING)  # that there is no browser
    sys.exit(run())
