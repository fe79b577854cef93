"""Estimates as JSON, for machines; :mod:`oce.importers.saved_scenarios` reads their scenarios back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from oce.estimation import FIGURES, Estimate, Named
from oce.version import VERSION


def as_json(result: Estimate) -> dict[str, Any]:
    """The estimate for machines: the figures under their names, each with low, central and high, and all inputs."""
    return {
        "training_flop": asdict(result.training_flop),
        **{name: asdict(getattr(result, name)) for name in FIGURES},
        **({"cost": asdict(result.cost)} if result.cost is not None else {}),
        "utilisation": asdict(result.utilisation) if result.utilisation else None,
        "log10_alpha": asdict(result.log10_alpha),
        "level": result.level,
        "level_meaning": result.level_meaning,
        "method": result.method,
        "method_version": VERSION,
        "data_version": result.data_version,
        "scenario": result.scenario.given(),
        "assumptions": [asdict(assumption) for assumption in result.assumptions],
        "notes": [asdict(note) for note in result.notes],
    }


def to_json(named: Named) -> str:
    """One estimate as a JSON object, several as an object with a list of them; each with its name."""
    objects = [{"name": name, **as_json(result)} for name, result in named]
    content = objects[0] if len(objects) == 1 else {"estimates": objects}
    return json.dumps(content, indent=2, ensure_ascii=False)
