"""A leaderboard of every model in our tables.

The counterpart of the released leaderboard of OpenCarbonEval (arXiv:2405.12843). Carbon is operational: device-hours ×
system power × PUE × grid.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from oce import catalog
from oce.catalog import Run
from oce.catalog.caches import cached
from oce.estimation import estimate_many, interval_at
from oce.field import accuracy
from oce.field.timeline import bytes_held, milestones
from oce.fields import FIELDS
from oce.interval import Interval

GRIDS = ("its own", "the paper's", "yours")
SAME = {  # names of one and the same run, as :func:`_key` has them, and the key that it goes by
    "lamda": "lamda137b",
    "glam64b64e280btokens": "glam-64b-64e",
    "switch": "switchtransformer15t",
    "metapseudolabel": "metapseudolabelsefficientnetl2",
    "vitg14jft3b": "vit-g-14",
    "vith14jft300m": "vit-h-14",
    "vitl16jft300m": "vit-l-16",
    "stablediffusionv1tov14": "stable-diffusion-v1",
    "coatnet": "coatnet7",
    "bloomberggpt": "bloomberggpt50b",
    "gsharddense": "gsharddense23bgpipe",
}

Fields = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class RankedModel:
    """A model of the leaderboard: what it was, what is estimated for it, and what was reported."""

    key: str
    model: str
    organisation: str
    year: int
    modality: str
    fields: Fields  # of its scenario; without a grid or PUE where its own are not known
    reported_device_hours: float | None
    reported_co2e_t: float | None
    sources: tuple[str, ...]
    training_flop: float = np.nan
    device_hours: Interval | None = None  # None where it cannot be estimated
    operational_co2e_kg: Interval | None = None
    grid: str = "yours"  # one of GRIDS: which grid its carbon is under
    problem: str = ""  # why it cannot be estimated

    @property
    def own_grid(self) -> bool:
        """Whether its carbon is under a grid of its own, not that of the scenario."""
        return self.grid != "yours"

    def fields_on(self, mine: accuracy.Conditions) -> Fields:
        """The fields of its scenario, with the grid and PUE of ``mine`` where it has none of its own."""
        place = {"carbon_intensity_g_per_kwh": mine.g_per_kwh, "pue": mine.pue}
        return self.fields if self.own_grid else {**self.fields, **place}


def ranked(mine: accuracy.Conditions, confidence_level: float = 0.8) -> tuple[RankedModel, ...]:
    """Every model of our tables with its estimate, the largest first; on the grid ``mine`` where it has none."""
    complete = [entry.fields_on(mine) for entry in entries()]
    names = [name for name in FIELDS if any(name in given for given in complete)]
    columns = estimate_many(
        {name: [given.get(name) for given in complete] for name in names} | {"level": confidence_level}
    )
    done = []
    for at, entry in enumerate(entries()):
        error = str(columns["error"][at])
        hours, kg = (
            None if error else interval_at(columns, name, at) for name in ("device_hours", "operational_co2e_kg")
        )
        done.append(
            replace(
                entry,
                training_flop=float(columns["training_flop"][at]),
                device_hours=hours,
                operational_co2e_kg=kg,
                problem=error,
            )
        )
    return tuple(
        sorted(done, key=lambda model: -model.operational_co2e_kg.central if model.operational_co2e_kg else np.inf)
    )


def of_run(key: str) -> RankedModel | None:
    """A reported run as an entry of the leaderboard, by the run's id."""
    found = next((run for run in catalog.runs() if run.id == key), None)
    return _of_run(found.id, found) if found else None


@cached
def runs_by_key() -> Mapping[str, Run]:
    """The reported run of each entry that is one, by the entry's key."""
    found: dict[str, Run] = {}
    for run in catalog.runs():
        found.setdefault(_key_of(run.id, run.model), run)
    return found


@cached
def entries() -> tuple[RankedModel, ...]:
    """Every model of our tables once, not yet estimated.

    The first table that has it says how it is calculated, the others add what was reported.
    """
    found: dict[str, RankedModel] = {}
    for entry in _of_every_table():
        first = found.setdefault(entry.key, entry)
        if first is not entry:
            found[entry.key] = replace(
                first,
                organisation=first.organisation or entry.organisation,
                reported_device_hours=first.reported_device_hours or entry.reported_device_hours,
                reported_co2e_t=first.reported_co2e_t or entry.reported_co2e_t,
                sources=tuple(dict.fromkeys((*first.sources, *entry.sources))),
            )
    return tuple(found.values())


def _of_every_table() -> Iterable[RankedModel]:
    for model in catalog.models():
        if "training" not in model.fields:  # trained from scratch, and no example
            yield RankedModel(
                model.id,
                model.name,
                model.organisation,
                model.year,
                str(model.fields["modality"]),
                model.fields,
                model.device_hours_reported,
                model.reported_co2e_t,
                (model.source,),
                grid="its own",
            )
    for run in catalog.runs():
        if run.kind == "training run" and run.training_flop is not None:
            yield _of_run(_key_of(run.id, run.model), run)
    for milestone in milestones():
        yield RankedModel(
            milestone.preset or _key_of(milestone.id, milestone.model),
            milestone.model,
            milestone.organisation,
            milestone.date.year,
            milestone.modality,
            milestone.fields,
            milestone.device_hours_reported,
            None,
            (milestone.source,),
            grid="the paper's",
        )
    for row in accuracy.scored():
        if row.status == accuracy.SHOWN and row.training_flop is not None:
            yield RankedModel(
                _key_of(row.id.removesuffix(f"-{row.benchmark}"), row.model),
                row.model,
                "",
                row.year,
                row.modality,
                row.fields | row.own_place,
                row.device_hours,
                None,
                (row.source,),
                grid="its own" if row.own_place else "yours",
            )


def _key_of(id_: str, name: str) -> str:
    """The key of an entry by its id and name: that of its preset where it has one."""
    plain, presets = SAME.get(_key(name), _key(name)), _presets_by_name()
    return presets.get(id_) or presets.get(plain) or plain


@cached
def _presets_by_name() -> Mapping[str, str]:
    """The ids of the presets by their plain names and by their ids."""
    return {name: model.id for model in catalog.models() for name in (_key(model.name), model.id)}


def _of_run(key: str, run: Run) -> RankedModel:
    fields = accuracy.training_fields(
        run,
        run.tokens,
        bytes_per_parameter=bytes_held(run.parameters, run.device, run.device_count),
        device_count=run.device_count,
        precision=run.precision or None,
        carbon_intensity_g_per_kwh=run.carbon_intensity_g_per_kwh,
        pue=run.pue if run.carbon_intensity_g_per_kwh is not None else None,
    )
    return RankedModel(
        key,
        run.model,
        run.organisation,
        run.year,
        run.modality,
        fields,
        run.device_hours,
        run.co2e_t,
        (run.source,),
        grid="yours" if run.carbon_intensity_g_per_kwh is None else "its own",
    )


def _key(name: str) -> str:
    """A model's name without case, blanks and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())
