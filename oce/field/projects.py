"""Published projects as examples of stages that add up (:mod:`oce.analysis.stages`).

``data/project_stages.csv`` says which reported runs belong together, and what no report states: a place, a number of
devices. Compute, devices and hours are those of ``data/training_runs.csv`` and ``data/benchmarks.csv``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, Field

from oce import catalog
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read, require
from oce.field import accuracy
from oce.fields import FIELDS
from oce.scenario import Scenario


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


@cached
def stages() -> tuple[ProjectStage, ...]:
    """Every row of ``data/project_stages.csv``."""
    return tuple(map(_stage, read("project_stages.csv", _StageRow)))


@cached
def projects() -> Mapping[str, tuple[ProjectStage, ...]]:
    """The stages of each project by its name, in their order."""
    names = dict.fromkeys(stage.project for stage in stages())
    return {name: tuple(stage for stage in stages() if stage.project == name) for name in names}


def _reported(name: str) -> catalog.Run | accuracy.Scored | None:
    """The run with this id, or ``None``."""
    known: tuple[catalog.Run | accuracy.Scored, ...] = (*catalog.runs(), *accuracy.scored())
    return next((run for run in known if run.id == name), None)


def _known_id(cell: str) -> str:
    require(_reported(cell) is not None, f"is “{cell}”, not an id of training_runs.csv or benchmarks.csv")
    return cell


_RunId = Annotated[str, AfterValidator(_known_id)]


class _StageRow(Row):
    """A row of ``data/project_stages.csv``."""

    project: str
    stage: str
    run: _RunId
    less: _RunId = ""  # the run whose tokens and hours are in those of `run` too
    device_count: float | None = Field(None, ge=1, le=1e7)
    region: str
    pue: float | None = Field(None, ge=1, le=3)
    training: Annotated[str, OneOf(FIELDS["training"].choices)] = ""
    note: str = ""


def _stage(row: _StageRow) -> ProjectStage:
    run, before = _reported(row.run), _reported(row.less)
    assert run is not None
    tokens, hours = run.tokens, run.device_hours
    if before is not None and before.tokens and before.device_hours:
        tokens = (tokens or 0.0) - before.tokens
        hours = (hours or 0.0) - before.device_hours
    count, precision = (run.device_count, run.precision) if isinstance(run, catalog.Run) else (None, "")
    return ProjectStage(
        id=row.id,
        project=row.project,
        name=row.stage,
        fields=accuracy.training_fields(
            run,
            tokens,
            precision=precision or None,
            device_count=row.device_count or count,
            region=row.region,
            pue=row.pue,
            training=row.training or None,
        ),
        device_hours_reported=hours,
        note=row.note,
        source=row.source,
    )
