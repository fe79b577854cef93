"""What the product says with the data as they are: kept in tests/snapshot.json and compared by tests/test_snapshot.py.

A row added to the data, or a correction to a row, moves many figures by a little; that is looked at once, in the diff
of this file: `python -m tests.support.snapshot` writes it anew, as `python -m tools.docs_tables` does the documents.
What the method says of given numbers is pinned by the tests of the method instead, and does not belong here.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from oce import InputError, Interval, Scenario, catalog, estimate
from oce.catalog import reader
from oce.evaluation import device_evidence, refit

FILE = Path(__file__).parents[1] / "snapshot.json"
DIGITS = 6  # significant: what a machine rounds in its own way lies far behind them
FIGURES = ("total_co2e_kg", "operational_co2e_kg", "embodied_co2e_kg", "energy_kwh", "time_to_train_hours")
RUN = {
    "parameters": 70e9,
    "tokens": 15e12,
    "device": "H100 SXM",
    "device_count": 16384,
    "region": "USA",
    "pue": 1.1,
    "year": 2024,
}
# The README's run, and what else changes which part of the data an estimate rests on.
SCENARIOS: Mapping[str, Mapping[str, Any]] = {
    "the README's run": RUN,
    "by the published throughput": RUN | {"throughput": "published"},
    "by the published embodied carbon": RUN | {"embodied": "paper"},
    "in long sequences": RUN | {"context_length": 8192},
    "as adapters": RUN | {"training": "adapters", "tokens": 1e9, "device_count": 64},
    "at 95 %": RUN | {"level": 0.95},
    "with what is usual": {"parameters": 7e9, "tokens": 2e12, "device": "A100", "region": "France"},
    "on TPUs": {"parameters": 7e9, "tokens": 2e12, "device": "TPU v4", "region": "Oklahoma"},
    "on a device that nobody measured": {"parameters": 7e9, "tokens": 2e12, "device": "MI300X", "region": "Ireland"},
}


def snapshot() -> dict[str, Any]:
    """All that is kept, by subject; figures as low … central … high."""
    return {
        "rows": {path.name: _rows(path) for path in sorted(Path(str(reader.data_folder())).glob("*.csv"))},
        "estimates": {name: _estimated(Scenario(**fields)) for name, fields in SCENARIOS.items()},
        "presets": {one.id: _estimated(one.scenario()) for one in catalog.models()},
        "methods": {one.name: _plain(one.score) for one in refit.evaluations()},
        "devices": {name: _plain(score) for name, score in device_evidence.scores().items()},
    }


def differences(kept: Any, now: Any, at: str = "") -> Iterator[str]:
    """Every place where two snapshots differ, with both values."""
    if isinstance(kept, dict) and isinstance(now, dict):
        for name in sorted({*kept, *now}):
            yield from differences(kept.get(name, "nothing"), now.get(name, "nothing"), f"{at}/{name}" if at else name)
    elif kept != now:
        yield f"{at}: {json.dumps(kept)} → {json.dumps(now)}"


def _rows(path: Path) -> int:
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.DictReader(file))


def _estimated(scenario: Scenario) -> dict[str, str] | str:
    try:
        result = estimate(scenario)
    except InputError as error:
        return str(error)
    return {name: _shown(getattr(result, name)) for name in FIGURES}


def _shown(interval: Interval | None) -> str:
    ends = (interval.low, interval.central, interval.high) if interval else ()
    return " … ".join(f"{end:.{DIGITS}g}" for end in ends)


def _plain(score: Any) -> dict[str, Any]:
    """The fields of a score that are numbers, or numbers by level."""
    return {
        name: {str(level): _rounded(share) for level, share in value.items()}
        if isinstance(value := getattr(score, name), Mapping)
        else _rounded(value)
        for name in score.__dataclass_fields__
    }


def _rounded(value: float) -> float | str:
    """A number of six significant digits; a text where it is NaN, which JSON does not have."""
    if isinstance(value, int):
        return value
    return "not a number" if math.isnan(value) else float(f"{value:.{DIGITS}g}")


def read() -> dict[str, Any]:
    """What was kept."""
    kept: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return kept


def write() -> None:
    """Keeps what the product says now."""
    text = json.dumps(snapshot(), indent=1, ensure_ascii=False, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    before = read() if FILE.exists() else {}
    write()
    print("\n".join(differences(before, read())) or "nothing changed")
