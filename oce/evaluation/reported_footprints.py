"""What was reported of every run in our tables, and the bridge from it to our estimate of the same run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from oce import catalog
from oce.analysis.bridge import Bridge, Ours, Reported, bridge
from oce.catalog import Run
from oce.field import leaderboard
from oce.field.accuracy import Conditions
from oce.fields import FIELDS
from oce.method import footprint
from oce.method.device_time import device_time
from oce.resolution import resolve

RUN_OF_PRESET = {"starcoder-15b": "starcoderbase15b"}  # whose figures are those of a run with another key


@dataclass(frozen=True, slots=True)
class Bridged:
    """A model whose run was reported, with its estimate and the bridge between them."""

    model: str
    organisation: str
    year: int
    ours: Ours
    bridge: Bridge
    grid: str  # of leaderboard.GRIDS: which grid ours is under


def of_model(model: catalog.Model) -> Reported:
    """What was reported of a preset's run: by its row, and by that of the table of runs where it has the same."""
    run = leaderboard.runs_by_key().get(RUN_OF_PRESET.get(model.id, model.id))
    own = _of_run(run) if run else Reported()
    tonnes = model.reported_co2e_t
    hours = model.device_hours_reported
    pue = model.pue if model.pue_source == "reported" else None
    return Reported(
        device_hours=own.device_hours if hours is None else hours,
        power_w=own.power_w,
        pue=own.pue if pue is None else pue,
        g_per_kwh=own.g_per_kwh,
        energy_kwh=own.energy_kwh,
        co2e_kg=own.co2e_kg if tonnes is None else 1e3 * tonnes,
        source=model.source,
        note=model.note,
    )


def bridges(mine: Conditions) -> tuple[Bridged, ...]:
    """The bridge of every model whose hours, energy or carbon were reported, those that report the most first.

    Args:
        mine: The grid and PUE that ours is under where the run's own are not known, as the leaderboard has it.
    """
    found = []
    presets = {model.id: model for model in catalog.models() if not model.is_example}
    runs = leaderboard.runs_by_key()
    for model in presets.values():
        found.append((model.name, model.organisation, model.year, of_model(model), model.fields, "its own"))
    for entry in leaderboard.entries():
        if entry.key in runs and entry.key not in presets:
            reported, fields = _of_run(runs[entry.key]), entry.fields_on(mine)
            found.append((entry.model, entry.organisation, entry.year, reported, fields, entry.grid))
    done = []
    for (name, organisation, year, reported, _, grid), mine_of_it in zip(
        found, _ours([fields for *_, fields, _ in found]), strict=True
    ):
        between = bridge(reported, mine_of_it) if mine_of_it else None
        if mine_of_it and between:
            done.append(Bridged(name, organisation, year, mine_of_it, between, grid))
    most = ("operational_co2e_kg", "energy_kwh", "device_hours")
    return tuple(sorted(done, key=lambda one: (most.index(one.bridge.figure), -one.bridge.theirs)))


def _ours(scenarios: Sequence[Mapping[str, float | str]]) -> list[Ours | None]:
    """Our central figures for fields of scenarios, all at once; none where they cannot be estimated."""
    names = [name for name in FIELDS if any(name in fields for fields in scenarios)]
    resolved = resolve({name: [fields.get(name) for fields in scenarios] for name in names})
    inputs = resolved.inputs(device_time(resolved.throughput, resolved.methods, resolved.hardware))
    figures = footprint.calculate(inputs)
    columns = (
        figures.device_hours[1],
        *(inputs.power_w, inputs.pue, inputs.carbon_intensity_g_per_kwh),
        figures.embodied_co2e_kg[1],
    )
    rows = np.broadcast_arrays(*columns, np.arange(len(scenarios)))[:-1]
    return [
        None if at in resolved.problems else Ours(*map(float, values))
        for at, values in enumerate(zip(*rows, strict=True))
    ]


def _of_run(run: Run) -> Reported:
    return Reported(
        device_hours=run.device_hours,
        power_w=run.power_w,
        pue=run.pue,
        g_per_kwh=run.carbon_intensity_g_per_kwh,
        energy_kwh=run.energy_kwh,
        co2e_kg=None if run.co2e_t is None else 1e3 * run.co2e_t,
        source=run.source,
        note=run.note,
    )
