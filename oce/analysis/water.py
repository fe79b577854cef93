"""Water of a number of kilowatt-hours: at the data centre (on-site), and for making the electricity (off-site).

On-site litres are counted per kWh of the IT equipment (WUE, ISO/IEC 30134-9), so PUE has no place in them; off-site
litres per kWh at the meter, which holds PUE once. What is not known is ``None``, never 0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from oce.catalog import Region
from oce.catalog.caches import cached
from oce.catalog.reader import OneOf, Row, read
from oce.errors import needs_extra
from oce.interval import Interval
from oce.units import Unit

SUBJECTS = ("on-site", "energy source")
PROVIDERS = {"aws": "aws-global", "azure": "microsoft-global", "gcp": "google-llm", "ovh": "ovhcloud-global"}

_NO_PUE = "do not multiply by PUE."

VOLUME: Sequence[Unit] = (  # base: litre
    Unit("ml", 1e-3, 0.0),
    Unit("litres", 1.0, 1.0),
    Unit("m³", 1e3, 1e3),
    Unit("million m³", 1e9, 1e9),
)


class WaterFigure(Row):
    """Litres per kWh: of the IT equipment of a provider's data centres, or of electricity from one source."""

    subject: Annotated[str, OneOf(SUBJECTS)]
    entity: str
    region: str = ""  # id of the catalogue's region that it is of; empty: several
    year: int = Field(ge=1990, le=2100)
    l_per_kwh: float = Field(ge=0, le=100)
    low: float | None = Field(None, ge=0, le=100)
    high: float | None = Field(None, ge=0, le=100)
    licence: str = ""
    note: str = ""

    @property
    def remark(self) -> str:
        """The note, without the sentence on PUE that all figures on-site share."""
        return self.note.rpartition(_NO_PUE)[2].strip()


@dataclass(frozen=True, slots=True)
class Water:
    """Litres, on-site and off-site; ``None`` where there is no figure."""

    on_site_l: Interval | None
    off_site_l: Interval | None

    @property
    def total_l(self) -> Interval | None:
        """Both together, where both are known."""
        on_site, off_site = self.on_site_l, self.off_site_l
        if on_site is None or off_site is None:
            return None
        return on_site + off_site


@cached
def figures() -> tuple[WaterFigure, ...]:
    """Every row of data/water.csv."""
    return read("water.csv", WaterFigure)


def places() -> tuple[WaterFigure, ...]:
    """The figures for data centres: whole fleets first, then single regions."""
    on_site = [figure for figure in figures() if figure.subject == "on-site"]
    return tuple(sorted(on_site, key=lambda figure: (":" in figure.region, figure.entity)))


def sources() -> tuple[WaterFigure, ...]:
    """The figures for sources of electricity, least water first."""
    off_site = [figure for figure in figures() if figure.subject == "energy source"]
    return tuple(sorted(off_site, key=lambda figure: figure.l_per_kwh))


def place_for(region: Region | None) -> WaterFigure | None:
    """The figure nearest to a region: its own, else that of its provider's fleet, else of its country's average."""
    if region is None:
        return None
    known = places()
    own = next((figure for figure in known if figure.region == region.id), None)
    fleet = PROVIDERS.get(region.id.partition(":")[0], "") if region.kind == "cloud" else ""
    of_fleet = next((figure for figure in known if figure.id == fleet), None)
    of_country = next((figure for figure in known if figure.region and figure.region == region.country_iso3), None)
    return own or of_fleet or of_country


def off_site_l_per_kwh(region: Region | None) -> float | None:
    """Water consumed in making a kWh of a country's electricity [l/kWh]: the factors that EcoLogits ships, from WRI.

    Raises:
        MissingExtraError: Without EcoLogits, which the extra `lifetime` brings.
    """
    with needs_extra("lifetime"):
        from ecologits.electricity_mix_repository import electricity_mixes  # here, as only the Lifetime page needs it

    if region is None:
        return None
    zone = "WOR" if region.kind == "world" and region.id == "WORLD" else region.country_iso3
    mix = electricity_mixes.find_electricity_mix(zone)
    return None if mix is None else mix.wue


def litres(it_kwh: Interval, pue: float, on_site_l_per_kwh: float | None, off_site_l_per_kwh: float | None) -> Water:
    """Water of so much energy of the IT equipment.

    Args:
        it_kwh: Energy of the IT equipment [kWh], without PUE.
        pue: Power usage effectiveness; it counts once, and off-site only.
        on_site_l_per_kwh: WUE of the data centre [l per kWh of IT equipment]; ``None``: not known.
        off_site_l_per_kwh: Of the electricity [l per kWh at the meter]; ``None``: not known.
    """
    return Water(
        None if on_site_l_per_kwh is None else it_kwh * on_site_l_per_kwh,
        None if off_site_l_per_kwh is None else it_kwh * (pue * off_site_l_per_kwh),
    )
