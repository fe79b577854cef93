"""Small tables of reference: disclosed PUEs, what carbon compares with, and the paper's own tables."""

from pydantic import Field

from oce.catalog.caches import cached
from oce.catalog.reader import Row, read


class Pue(Row):
    """A disclosed power usage effectiveness."""

    operator: str = ""
    site: str = ""
    year: str = ""
    pue: float = Field(ge=1, le=3)
    note: str = ""


class Equivalence(Row):
    """Something a person can picture, per unit of carbon or of energy."""

    label_singular: str
    label_plural: str
    kind: str  # carbon or energy
    kg_co2e_per_unit: float | None = Field(None, ge=0, le=1e9)
    kwh_per_unit: float | None = Field(None, ge=0, le=1e9)
    year: str = ""
    note: str = ""


class PaperRow(Row):
    """A row of the paper's Tables 2 and 3, as printed; ``zettaflop_used`` is the compute that gives what is printed."""

    model: str
    zettaflop: float = Field(ge=0, le=1e6)
    zettaflop_used: float = Field(ge=0, le=1e6)
    device: str  # id
    carbon_intensity_g_per_kwh: float = Field(ge=0, le=2000)
    reported_t: float = Field(ge=0, le=1e6)
    published_t: float = Field(ge=0, le=1e6)
    reported_embodied_kg: float = Field(ge=0, le=1e6)
    published_embodied_kg: float = Field(ge=0, le=1e6)
    llmcarbon_t: float = Field(ge=0, le=1e6)
    svr_t: float = Field(ge=0, le=1e6)
    tree_t: float = Field(ge=0, le=1e6)
    explanation: str = ""


@cached
def pues() -> tuple[Pue, ...]:
    """Disclosed PUE values of providers, sites and surveys."""
    return read("pue.csv", Pue)


def pue(key: str) -> Pue:
    """The disclosed PUE with this id.

    Raises:
        StopIteration: Where there is none.
    """
    return next(disclosed for disclosed in pues() if disclosed.id == key)


@cached
def equivalences() -> tuple[Equivalence, ...]:
    """What a tonne or a kilowatt-hour can be compared with."""
    return read("equivalences.csv", Equivalence)


@cached
def paper_rows() -> tuple[PaperRow, ...]:
    """The paper's Tables 2 and 3, as printed."""
    return read("paper.csv", PaperRow)
