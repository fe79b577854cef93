"""What was reported of every run in our tables, and the bridge from it to our estimate of the same run."""

from collections.abc import Mapping
from dataclasses import dataclass

from oce import catalog
from oce.analysis.bridge import Bridge, Reported, bridge
from oce.catalog import Run
from oce.catalog.caches import cached
from oce.errors import InputError
from oce.estimation import Estimate, estimate
from oce.field import leaderboard
from oce.field.accuracy import Conditions
from oce.scenario import Scenario

RUN_OF_PRESET = {"starcoder-15b": "starcoderbase-15b"}  # whose figures are those of a run with another name


@dataclass(frozen=True, slots=True)
class Bridged:
    """A model whose run was reported, with its estimate and the bridge between them."""

    model: str
    organisation: str
    year: int
    reported: Reported
    result: Estimate
    bridge: Bridge
    grid: str  # of leaderboard.GRIDS: which grid ours is under


def of_model(model: catalog.Model) -> Reported:
    """What was reported of a preset's run: by its row, and by that of the table of runs where it has the same."""
    run = _run_of(model.id)
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


def bridges(mine: Conditions, level: float = 0.8) -> tuple[Bridged, ...]:
    """The bridge of every model whose hours, energy or carbon were reported, those that report the most first.

    Args:
        mine: The grid and PUE that ours is under where the run's own are not known, as the leaderboard has it.
        level: Share of runs that an estimate's interval is meant to hold.
    """
    found = []
    place = {"carbon_intensity_g_per_kwh": mine.g_per_kwh, "pue": mine.pue}
    presets = {model.id: model for model in catalog.models() if not model.is_example}
    runs = leaderboard.runs_by_key()
    for model in presets.values():
        found.append((model.name, model.organisation, model.year, of_model(model), model.fields, "its own"))
    for entry in leaderboard.entries():
        if entry.key in runs and entry.key not in presets:
            fields = entry.fields if entry.own_grid else {**entry.fields, **place}
            reported = _of_run(runs[entry.key])
            found.append((entry.model, entry.organisation, entry.year, reported, fields, entry.grid))
    done = []
    for name, organisation, year, reported, fields, grid in found:
        result = _estimate(fields, level)
        between = bridge(reported, result) if result else None
        if result and between:
            done.append(Bridged(name, organisation, year, reported, result, between, grid))
    most = ("operational_co2e_kg", "energy_kwh", "device_hours")
    return tuple(sorted(done, key=lambda one: (most.index(one.bridge.figure), -one.bridge.theirs)))


def _estimate(fields: Mapping[str, float | str], level: float) -> Estimate | None:
    try:
        return estimate(Scenario(**{**fields, "level": level}))
    except InputError:
        return None  # the leaderboard says why


@cached
def _run_of(preset: str) -> Run | None:
    named = RUN_OF_PRESET.get(preset)
    return next((run for run in catalog.runs() if run.id == named), None) or leaderboard.runs_by_key().get(preset)


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
