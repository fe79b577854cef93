"""Published projects as examples of stages that add up (:mod:`oce.analysis.stages`).

``data/project_stages.csv`` says which reported runs belong together, and what no report states: a place, a number of
devices. Compute, devices and hours are those of ``data/training_runs.csv`` and ``data/benchmarks.csv``.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, Field

from oce import catalog
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read, require
from oce.field import accuracy
from oce.fields import FIELDS
from oce.scenario import Scenario


def _reported(name: str) -> catalog.Run | accuracy.Scored | None:
    """The run with this id, or ``None``."""
    known: tuple[catalog.Run | accuracy.Scored, ...] = (*catalog.runs(), *accuracy.scored())
    return next((run for run in known if run.id == name), None)


def _known_id(cell: str) -> str:
    require(_reported(cell) is not None, f"is “{cell}”, not an id of training_runs.csv or benchmarks.csv")
    return cell


_RunId = Annotated[str, AfterValidator(_known_id)]


class ProjectStage(Row):
    """A stage of a published project: a row of ``data/project_stages.csv``, and what its run was."""

    project: str
    name: str = Field(alias="stage")
    run: _RunId
    less: _RunId = ""  # the run whose tokens and hours are in those of `run` too
    device_count: float | None = Field(None, ge=1, le=1e7)
    region: str
    pue: float | None = Field(None, ge=1, le=3)
    training: Annotated[str, OneOf(FIELDS["training"].choices)] = ""
    note: str = ""

    @cached_property
    def fields(self) -> Mapping[str, float | str]:
        """The fields of its scenario that are known."""
        run = _reported(self.run)
        assert run is not None
        count, precision = (run.device_count, run.precision) if isinstance(run, catalog.Run) else (None, "")
        return accuracy.training_fields(
            run,
            self._own("tokens"),
            precision=precision or None,
            device_count=self.device_count or count,
            region=self.region,
            pue=self.pue,
            training=self.training or None,
        )

    @property
    def device_hours_reported(self) -> float | None:
        """Device-hours of its run, without those of the run within it [h]."""
        return self._own("device_hours")

    def _own(self, column: str) -> float | None:
        """A number of its run, without that of the run within it."""
        whole, within = getattr(_reported(self.run), column), _reported(self.less)
        if within is None or not within.tokens or not within.device_hours:
            return None if whole is None else float(whole)
        return float((whole or 0.0) - getattr(within, column))

    def scenario(self) -> Scenario:
        """The scenario of this stage."""
        return Scenario(**self.fields)


@cached
def stages() -> tuple[ProjectStage, ...]:
    """Every row of ``data/project_stages.csv``."""
    return read("project_stages.csv", ProjectStage)


@cached
def projects() -> Mapping[str, tuple[ProjectStage, ...]]:
    """The stages of each project by its name, in their order."""
    names = dict.fromkeys(stage.project for stage in stages())
    return {name: tuple(stage for stage in stages() if stage.project == name) for name in names}
