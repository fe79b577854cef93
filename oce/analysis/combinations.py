"""Every combination of device, region and number of devices: how soon each is done, and how much it emits."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from oce import catalog
from oce.analysis import Impossible
from oce.analysis.alternatives import columns_of, in_region, link_too_slow, on_device
from oce.analysis.pareto import pareto_front
from oce.errors import InputError, Problem
from oce.estimation import COST_COLUMNS, estimate_many
from oce.fields import FIELDS
from oce.interval import BOUNDS
from oce.method.runs import Runs
from oce.scenario import Scenario

MOST_COMBINATIONS = 100_000
NO_ESTIMATE = "None of these devices has an estimate for this scenario: choose others, or the calibrated throughput."


@dataclass(frozen=True, slots=True, eq=False)
class Combinations:
    """Every combination of device, region and number of devices, and which of them nothing beats.

    ``columns``: ``device`` and ``region`` (ids), ``device_count``, then ``time_to_train_hours_low/_central/_high`` [h]
    and ``total_co2e_kg_low/_central/_high`` [kg CO2e]. ``pareto_front`` is true where no other combination is at least
    as fast and at least as low in carbon, and better in one of the two (central values).
    """

    columns: dict[str, NDArray[Any]]
    pareto_front: NDArray[np.bool_]


def combine(
    scenario: Scenario,
    devices: Sequence[str],
    regions: Sequence[str],
    counts: Sequence[int],
    past_runs: Runs | None = None,
    against: str = "total_co2e_kg",
) -> Combinations:
    """Time and carbon of every combination of device, region and number of devices, and those that nothing beats.

    Args:
        scenario: What is trained.
        devices: Devices by id, name or alias; those without an estimate for this scenario are left out.
        regions: Regions by id, name or alias, each at its own intensity.
        counts: Numbers of devices.
        past_runs: Past runs of the same organisation.
        against: What is set against the time: ``total_co2e_kg``, or ``cost`` where the scenario has a price.

    Returns:
        The product, devices slowest and counts fastest, without what memory, batch and links rule out.

    Raises:
        Impossible: Where there is nothing to combine, or more than 100,000 combinations.
        InputError: Where a name is unknown, or a number of devices not allowed.
    """
    chosen = list({device.id: device for device in map(catalog.device, devices)}.values())
    where = list({region.id: region for region in map(catalog.region, regions)}.values())
    many = list(dict.fromkeys(counts))
    _check_combinations(len(chosen), len(where), len(many))
    _check_counts(many)
    known = [device for device in chosen if not link_too_slow(scenario, device)]
    if not known:
        raise Impossible(NO_ESTIMATE)
    on_each = [in_region(on_device(scenario.replace(device_count=None), device), where[0]) for device in known]
    of_each = np.indices((len(known), len(where), len(many)), dtype=np.intp)
    device, region, count = (places.ravel() for places in of_each)
    columns: dict[str, NDArray[Any]] = {
        "device": np.array([one.id for one in known])[device],
        "region": np.array([place.id for place in where])[region],
        "device_count": np.array(many, dtype=np.int64)[count],
    }
    found = estimate_many({**columns_of(on_each, device), **columns}, past_runs)
    names = [f"{figure}_{bound}" for figure in ("time_to_train_hours", "total_co2e_kg") for bound in BOUNDS]
    names += [name for name in COST_COLUMNS if name in found]
    columns |= {name: found[name] for name in names}
    possible = found["error"] == ""  # memory and batch allow the number
    if not np.any(possible):
        if all(estimate_many(on_each, past_runs)["error"]):
            raise Impossible(NO_ESTIMATE)
        raise Impossible(f"None of these numbers of devices is possible: {found['error'][0]}.")
    columns = {name: values[possible] for name, values in columns.items()}
    if f"{against}_central" not in columns:
        raise Impossible(
            "None of these devices has a price: give the price of an hour of your own device, and choose it."
        )
    known_cost = np.isfinite(columns[f"{against}_central"])
    on_front = pareto_front(
        columns["time_to_train_hours_central"], np.where(known_cost, columns[f"{against}_central"], np.inf)
    )
    return Combinations(columns, on_front & known_cost)


def _check_combinations(devices: int, regions: int, counts: int) -> None:
    number = devices * regions * counts
    if number == 0:
        raise Impossible(
            "There is nothing to combine: choose at least one device, one region and one number of devices."
        )
    if number > MOST_COMBINATIONS:
        raise Impossible(
            f"Devices × regions × numbers of devices, {devices:,} × {regions:,} × {counts:,}, are {number:,} "
            f"combinations: choose fewer, so that they are at most {MOST_COMBINATIONS:,}."
        )


def _check_counts(counts: Sequence[int]) -> None:
    field = FIELDS["device_count"]
    for count in counts:
        try:
            field.check(count)
        except ValueError as error:
            raise InputError([Problem(field.name, float(count), str(error))]) from None
