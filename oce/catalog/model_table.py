"""The presets of ``data/models.csv``: models that were trained, and examples."""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated

from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read
from oce.errors import InputError, Problem
from oce.fields import FIELDS
from oce.near_names import nearest
from oce.scenario import Scenario, known_fields

PRESET_KINDS = ("published run", "example")
_SCENARIO_FIELDS = (
    *("parameters", "active_parameters", "tokens", "training_flop", "teacher_parameters", "context_length"),
    *("batch_tokens", "device", "region", "modality", "training", "precision", "device_count", "year", "pue"),
)


def _in_range(field: str) -> float | None:
    """A number as a scenario may have it, or none."""
    found: float | None = Field(None, ge=FIELDS[field].low, le=FIELDS[field].high)
    return found


class Model(Row):
    """A preset: the fields of its scenario, and what was reported of its run where it is no example of ours."""

    name: str
    organisation: str = ""
    year: int = Field(ge=1990, le=2100)
    architecture: str = ""
    kind: Annotated[str, OneOf(PRESET_KINDS)]
    parameters: float | None = _in_range("parameters")
    active_parameters: float | None = _in_range("active_parameters")
    tokens: float | None = _in_range("tokens")
    training_flop: float | None = _in_range("training_flop")
    teacher_parameters: float | None = _in_range("teacher_parameters")
    context_length: float | None = _in_range("context_length")
    batch_tokens: float | None = _in_range("batch_tokens")
    device: str  # id
    region: str  # id
    modality: str
    training: Annotated[str, OneOf(FIELDS["training"].choices)] = ""
    precision: Annotated[str, OneOf(FIELDS["precision"].choices)] = ""
    device_count: float = Field(ge=1, le=1e7)
    pue: float | None = Field(None, ge=1, le=3)
    flop_basis: str = ""
    device_hours_reported: float | None = Field(None, ge=0, le=1e12)
    reported_co2e_t: float | None = Field(None, ge=0, le=1e9)
    pue_source: str = ""
    note: str = ""

    @property
    def is_example(self) -> bool:
        """Whether its figures are ours, as no run of its kind is in our sources."""
        return self.kind == "example"

    @cached_property
    def fields(self) -> Mapping[str, float | str]:
        """The fields of its scenario that are known."""
        given = {name: getattr(self, name) or None for name in _SCENARIO_FIELDS}
        return known_fields(**given | {"year": float(self.year)})

    def scenario(self) -> Scenario:
        """The scenario of this model's run."""
        return Scenario(**self.fields)


@cached
def models() -> tuple[Model, ...]:
    """Every model preset.

    Returns:
        The presets, each with the ``fields`` of its scenario, and what was reported of its run.

    Raises:
        DataError: Where the file is damaged, with the place in it.

    Example:
        >>> from oce import Scenario, models
        >>> fields = next(model.fields for model in models() if model.id == "llama-3-70b")
        >>> Scenario(**fields).device
        'h100-sxm'
    """
    return read("models.csv", Model)


def model(name: str) -> Model:
    """The preset called ``name``: its id or name, in any case.

    Raises:
        InputError: Where there is none, with the nearest names.
    """
    sought = name.strip().casefold()
    for preset in models():
        if sought in (preset.id.casefold(), preset.name.casefold()):
            return preset
    near = nearest(name, {alias: preset.name for preset in models() for alias in (preset.id, preset.name)})
    raise InputError([Problem("model", name, "a model of the catalogue", near)])
