"""Where does it stand? The paper's models on a time line, and a leaderboard of every model in our tables.

The counterpart of figure 1 and of the released leaderboard of OpenCarbonEval (arXiv:2405.12843). Carbon is
operational: device-hours × system power × PUE × grid.
"""

from __future__ import annotations

import datetime
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache

import numpy as np

from oce import catalog
from oce.catalog import Model, Run
from oce.catalog.reader import DataError, Row, read
from oce.estimation import ENDS, estimate_many
from oce.field import accuracy
from oce.fields import FIELDS, Throughput
from oce.interval import Interval
from oce.method import memory
from oce.scenario import known_fields

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
DIFFERENT = 1.1  # compute that differs by more than that is shown twice

Fields = Mapping[str, float | str]


@dataclass(frozen=True, slots=True)
class Milestone:
    """A model of the paper's figure 1, with its compute there and as known today: a row of data/timeline.csv."""

    id: str
    model: str
    task: str
    date: datetime.date
    organisation: str
    modality: str
    parameters: float | None
    paper_training_flop: float
    training_flop: float
    flop_confidence: str  # as Epoch AI states it: Confident, Likely or Speculative
    device: str  # id
    paper_device: str
    region: str  # id, of the paper's own set
    carbon_intensity_g_per_kwh: float
    paper_tdp_w: float
    device_count: float | None
    device_hours_reported: float | None
    device_hours_basis: str
    preset: str  # id of data/models.csv, or empty
    note: str
    source: str

    @property
    def compute_ratio(self) -> float:
        """Today's compute over the paper's."""
        return self.training_flop / self.paper_training_flop

    @property
    def fields(self) -> Fields:
        """Its training as fields of a scenario, under the paper's grid, with today's compute."""
        return known_fields(
            bytes_per_parameter=_held(self.parameters, self.device, self.device_count),
            parameters=self.parameters,
            training_flop=self.training_flop,
            device=self.device,
            device_count=self.device_count,
            modality=self.modality,
            region=self.region,
            year=float(self.date.year),
        )


def _held(parameters: float | None, device: str | None, count: float | None) -> float | None:
    """Bytes of a parameter that its devices had room for, where that is less than usual: the rest lay elsewhere."""
    if parameters is None or device is None or count is None:
        return None
    room = count * catalog.device(device).memory_gb * memory.BYTES_PER_GB / parameters
    return None if room >= memory.BYTES_PER_PARAMETER else math.floor(10.0 * room) / 10.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A milestone with its operational carbon [kg CO2e] for the paper's compute and for today's."""

    milestone: Milestone
    papers: Interval
    todays: Interval

    @property
    def changed(self) -> bool:
        """Whether the two computes differ enough to be worth telling."""
        return max(self.milestone.compute_ratio, 1 / self.milestone.compute_ratio) > DIFFERENT


@dataclass(frozen=True, slots=True)
class Entry:
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


@cache
def milestones() -> tuple[Milestone, ...]:
    """The models of the paper's figure 1, in the order of data/timeline.csv."""
    return read("timeline.csv", _milestone)


def timeline(throughput: Throughput = "calibrated", level: float = 0.8) -> tuple[Placed, ...]:
    """Every milestone with its carbon under the paper's grid, oldest first.

    Args:
        throughput: ``published`` is the paper's recipe: its α, its TDP. ``calibrated`` is ours, at the server's plug.
        level: Of the calibrated interval.
    """
    ordered = sorted(milestones(), key=lambda one: one.date)
    papers, todays = (
        _operational(
            {
                "training_flop": flop,
                "parameters": [one.parameters for one in ordered],
                "device": [_released(one.device) if throughput == "published" else one.device for one in ordered],
                "device_count": [one.device_count for one in ordered] if throughput == "calibrated" else None,
                "bytes_per_parameter": [one.fields.get("bytes_per_parameter") for one in ordered],
                "year": [float(one.date.year) for one in ordered],
                "carbon_intensity_g_per_kwh": [one.carbon_intensity_g_per_kwh for one in ordered],
                "power_w": [one.paper_tdp_w for one in ordered] if throughput == "published" else None,
                "throughput": throughput,
                "level": level,
            }
        )
        for flop in ([one.paper_training_flop for one in ordered], [one.training_flop for one in ordered])
    )
    return tuple(Placed(*one) for one in zip(ordered, papers, todays, strict=True))


def leaderboard(mine: accuracy.Conditions, level: float = 0.8) -> tuple[Entry, ...]:
    """Every model of our tables with its calibrated estimate, the largest emission first.

    Args:
        mine: Grid and PUE for the models whose own are not known.
        level: Share of runs that an estimate's interval is meant to hold.
    """
    entries = _merged()
    place = {"carbon_intensity_g_per_kwh": mine.g_per_kwh, "pue": mine.pue}
    complete = [one.fields if one.own_grid else {**one.fields, **place} for one in entries]
    names = [name for name in FIELDS if any(name in one for one in complete)]
    columns = estimate_many({name: [one.get(name) for one in complete] for name in names} | {"level": level})
    done = []
    for at, entry in enumerate(entries):
        error = str(columns["error"][at])
        hours, kg = (
            None if error else Interval(*(float(columns[f"{name}_{end}"][at]) for end in ENDS))
            for name in ("device_hours", "operational_co2e_kg")
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
    return tuple(sorted(done, key=lambda one: -one.operational_co2e_kg.central if one.operational_co2e_kg else np.inf))


def of_run(key: str) -> Entry | None:
    """A reported run as an entry of the leaderboard, by the run's id."""
    run = next((one for one in catalog.runs() if one.id == key), None)
    return _of_run(run.id, run) if run else None


def _operational(columns: Mapping[str, object]) -> list[Interval]:
    """Operational carbon of rows that can all be estimated."""
    found = estimate_many({name: values for name, values in columns.items() if values is not None})
    wrong = [str(error) for error in found["error"] if error]
    if wrong:
        raise DataError(f"data/timeline.csv: {wrong[0]}")
    ends = [found[f"operational_co2e_kg_{end}"].tolist() for end in ENDS]
    return [Interval(*one) for one in zip(*ends, strict=True)]


@cache
def _merged() -> tuple[Entry, ...]:
    """Every model once: the first table that has it says how it is calculated, the others add what was reported."""
    found: dict[str, Entry] = {}
    for entry in _entries():
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


def _entries() -> Iterable[Entry]:
    by_preset = {_key(one.name): one.id for one in catalog.models()} | {one.id: one.id for one in catalog.models()}

    def key(id_: str, name: str) -> str:
        plain = SAME.get(_key(name), _key(name))
        return by_preset.get(id_) or by_preset.get(plain) or plain

    for model in catalog.models():
        if "training" not in model.fields:  # trained from scratch, and no example
            yield _of_model(model)
    for run in catalog.runs():
        if run.kind == "training run" and run.training_flop is not None:
            yield _of_run(key(run.id, run.model), run)
    for one in milestones():
        yield Entry(
            one.preset or key(one.id, one.model),
            one.model,
            one.organisation,
            one.date.year,
            one.modality,
            one.fields,
            one.device_hours_reported,
            None,
            (one.source,),
            grid="the paper's",
        )
    for row in accuracy.scored():
        if row.status == accuracy.SHOWN and row.training_flop is not None:
            yield Entry(
                key(row.id.removesuffix(f"-{row.benchmark}"), row.model),
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


def _of_model(model: Model) -> Entry:
    return Entry(
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


def _of_run(key: str, run: Run) -> Entry:
    direct = run.tokens is None or run.flop_basis != "6ND" or run.parameters is None
    fields = known_fields(
        bytes_per_parameter=_held(run.parameters, run.device, run.device_count),
        parameters=run.parameters,
        active_parameters=None if run.active_parameters == run.parameters else run.active_parameters,
        tokens=None if direct else run.tokens,
        training_flop=run.training_flop if direct else None,
        device=run.device,
        device_count=run.device_count,
        modality=run.modality,
        precision=run.precision or None,
        year=float(run.year),
        carbon_intensity_g_per_kwh=run.carbon_intensity_g_per_kwh,
        pue=run.pue if run.carbon_intensity_g_per_kwh is not None else None,
    )
    return Entry(
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


def _released(device: str) -> str:
    """The row of a device with the α that the paper's leaderboard was made with, where that differs from Table 1."""
    variant = f"{device}-released"
    return variant if any(one.id == variant for one in catalog.devices()) else device


def _key(name: str) -> str:
    """A model's name without case, blanks and punctuation."""
    return re.sub(r"[^a-z0-9]", "", name.casefold())


def _milestone(row: Row) -> Milestone:
    try:
        date = datetime.date.fromisoformat(row.text("date"))
    except ValueError:
        raise DataError(f"{row.where}: date is “{row.text('date')}”, not a date such as 2024-04-18") from None
    preset = row.text("preset")
    return Milestone(
        **row.texts("id", "organisation", "flop_confidence", "paper_device", "device_hours_basis", "note"),
        model=row.text("model", needed=True),
        task=row.text("task", needed=True),
        date=date,
        modality=row.one_of("modality", catalog.MODALITIES),
        parameters=row.maybe("parameters", 1e5, 1e14),
        paper_training_flop=row.number("paper_training_flop", 1e12, 1e30),
        training_flop=row.number("training_flop", 1e12, 1e30),
        device=catalog.device_in(row).id,
        region=catalog.region_in(row, "region").id,
        carbon_intensity_g_per_kwh=row.number("carbon_intensity_g_per_kwh", 0, 2000),
        paper_tdp_w=row.number("paper_tdp_w", 1, 1e5),
        device_count=row.maybe("device_count", 1, 1e7),
        device_hours_reported=row.maybe("device_hours_reported", 1e-3, 1e12),
        preset=catalog.model(preset).id if preset else "",
        source=row.text("source", needed=True),
    )
