"""Where to train: the run in every region, and what moving it saves."""

from dataclasses import dataclass

from oce import catalog, units
from oce.analysis.alternatives import in_region
from oce.catalog import Region
from oce.estimation import Estimate, estimate, estimate_many, intervals
from oce.interval import Interval
from oce.method.runs import Runs
from oce.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Place:
    """The run in one region: its total, and what it saves against the scenario's own region."""

    region: Region
    total_co2e_kg: Interval
    saved_kg: float  # of the central total; > 0 is less


def ranked(scenario: Scenario, past_runs: Runs | None = None) -> tuple[Place, ...]:
    """The run in every region of the catalogue but the paper's own set, least carbon first.

    The ranking holds intensities of every basis, as ``region.basis`` says: lifecycle figures are not to be compared
    with others without saying so.

    Args:
        scenario: What is trained; its own region, or stated intensity, is what the others are compared with.
        past_runs: Past runs of the same organisation.

    Returns:
        A place for every region.

    Raises:
        InputError: Where there is no estimate for the scenario.
    """
    return ranked_from(estimate(scenario, past_runs))


def ranked_from(now: Estimate, basis: str = "") -> tuple[Place, ...]:
    """The same (:func:`ranked`) where the estimate is there already; of a single ``basis``, where one is given."""
    now_kg = now.total_co2e_kg.central
    regions = [region for region in catalog.regions() if region.kind != "paper" and basis in ("", region.basis)]
    elsewhere = in_region(now.scenario, regions[0]).given() | {"region": [region.id for region in regions]}
    found = estimate_many(elsewhere, now.past_runs)
    totals = intervals(found, "total_co2e_kg")
    every = [Place(region, total, now_kg - total.central) for region, total in zip(regions, totals, strict=True)]
    return tuple(sorted(every, key=lambda place: (place.total_co2e_kg.central, place.region.name)))


def moving(from_: Place, to: Place) -> str:
    """One sentence on moving the run: what it saves or adds, and a warning where the two are not counted alike.

    Args:
        from_: Where the run would be.
        to: Where it is moved.

    Returns:
        The sentence.
    """
    before, after = from_.total_co2e_kg.central, to.total_co2e_kg.central
    change = abs(after - before)
    share = f" ({change / before:.0%})" if before > 0 else ""
    way = f"Moving the run from {from_.region.name} to {to.region.name}"
    if change == 0:
        said = f"{way} changes nothing"
    else:
        said = f"{way} {'saves' if after < before else 'adds'} {units.shown(change, units.MASS)}{share}"
    if from_.region.basis == to.region.basis:
        return f"{said}."
    return (
        f"{said}, but the two are not counted alike: the carbon intensity of {from_.region.name} is "
        f"{from_.region.basis}, that of {to.region.name} {to.region.basis}."
    )
