"""Published projects as examples of stages that add up (:mod:`oce.analysis.stages`).

``data/project_stages.csv`` says which reported runs belong together, and what no report states: a place, a number of
devices. Compute, devices and hours are those of ``data/training_runs.csv`` and ``data/benchmarks.csv``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from oce import catalog
from oce.catalog.reader import DataError, Row, read
from oce.field import accuracy
from oce.fields import FIELDS
from oce.scenario import Scenario, known_fields


@dataclass(frozen=True, slots=True)
class ProjectStage:
    """A stage of a published project: a row of ``data/project_stages.csv`` with what its run was."""

    id: str
    project: str
    name: str
    fields: Mapping[str, float | str]
    device_hours_reported: float | None
    note: str
    source: str

    def scenario(self) -> Scenario:
        """The scenario of this stage."""
        return Scenario(**self.fields)


@cache
def stages() -> tuple[ProjectStage, ...]:
    """Every row of ``data/project_stages.csv``."""
    return read("project_stages.csv", _stage)


@cache
def projects() -> Mapping[str, tuple[ProjectStage, ...]]:
    """The stages of each project by its name, in their order."""
    names = dict.fromkeys(one.project for one in stages())
    return {name: tuple(one for one in stages() if one.project == name) for name in names}


def _stage(row: Row) -> ProjectStage:
    run, before = _run(row, "run"), _run(row, "less")
    assert run is not None
    tokens, hours = run.tokens, run.device_hours
    if before is not None and before.tokens and before.device_hours:
        tokens = (tokens or 0.0) - before.tokens
        hours = (hours or 0.0) - before.device_hours
    from_tokens = run.flop_basis == "6ND" and tokens is not None and run.parameters is not None
    reported_count = run.device_count if isinstance(run, catalog.Run) else None
    count = row.maybe("device_count", 1, 1e7) or reported_count
    return ProjectStage(
        id=row.text("id"),
        project=row.text("project", needed=True),
        name=row.text("stage", needed=True),
        fields=known_fields(
            parameters=run.parameters,
            active_parameters=None if run.active_parameters == run.parameters else run.active_parameters,
            tokens=tokens if from_tokens else None,
            training_flop=None if from_tokens else run.training_flop,
            device=run.device,
            modality=run.modality,
            precision=run.precision or None if isinstance(run, catalog.Run) else None,
            device_count=count,
            region=row.text("region", needed=True),
            pue=row.maybe("pue", 1, 3),
            year=float(run.year),
            training=row.one_of("training", ("", *FIELDS["training"].choices)) or None,
        ),
        device_hours_reported=hours,
        note=row.text("note"),
        source=row.text("source"),
    )


def _run(row: Row, column: str) -> catalog.Run | accuracy.Scored | None:
    """The run that a cell names, by its id; ``None`` where it is empty and may be.

    Raises:
        DataError: Where there is none.
    """
    name = row.text(column, needed=column == "run")
    known: tuple[catalog.Run | accuracy.Scored, ...] = (*catalog.runs(), *accuracy.scored())
    found = next((one for one in known if one.id == name), None)
    if name and found is None:
        raise DataError(f"{row.where}: {column} is “{name}”, not an id of training_runs.csv or benchmarks.csv")
    return found
