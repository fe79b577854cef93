"""An estimate in a sentence for a paper, and what each export says of the method."""

from collections.abc import Callable

from oce import descriptions, units
from oce.estimation import Estimate
from oce.interval import Interval
from oce.version import METHOD_VERSION, VERSION

CITED = "Yu, Wu, Deng, Tang and Zhang, OpenCarbonEval, arXiv:2405.12843 (2024)"


def statement(name: str, result: Estimate) -> str:
    """Two sentences: what was estimated, with every input that a reader needs to repeat it, and by which method."""
    said = cost(result)
    priced = f" It costs {said}." if said else ""
    return f"{estimated(result, f'{name} ({size(result)})', pue(result))}.{priced} {method(result)}."


def estimated(
    result: Estimate,
    what: str,
    pue_as_written: str,
    amount: Callable[[Interval, units.Scale], str] = units.amount,
    text: Callable[[str], str] = str,
) -> str:
    """The figures with their intervals, a sentence without its stop: ``amount`` writes figures, ``text`` words."""
    made = text(embodied(result))
    if result.embodied_co2e_kg.central:
        made = f"{amount(result.embodied_co2e_kg, units.MASS)} {made}"
    return (
        f"We estimate that training {what} {text(descriptions.where(result))}, PUE {pue_as_written}, takes "
        f"{amount(result.time_to_train_hours, units.DURATION)}, or {amount(result.device_hours, units.DEVICE_HOURS)}, "
        f"uses {amount(result.energy_kwh, units.ENERGY)} "
        f"and emits {amount(result.total_co2e_kg, units.MASS)} "
        f"({amount(result.operational_co2e_kg, units.MASS)} operational, {made}); {text(interval(result))}"
    )


def method(result: Estimate) -> str:
    """Method, version and year of the data and what the grid counts, as every export says it."""
    versions = f"explorer {VERSION}, method {METHOD_VERSION}, data {result.data_version}"
    return f"Method: {result.method} ({versions}{_grid(result)}; {CITED})"


def _grid(result: Estimate) -> str:
    """What the grid's intensity is, in words; of one that was given nothing is known."""
    if result.region is None or result.scenario.carbon_intensity_g_per_kwh is not None:
        return ", carbon at the intensity given"
    of = f" of {result.region.year}" if result.region.year else ""
    basis = result.region.basis
    counted = {"lifecycle": "location-based, lifecycle", "direct": "location-based, direct emissions"}
    return f", grid{of}, {counted.get(basis, 'location-based' if basis == 'unstated' else basis)}"


def embodied(result: Estimate) -> str:
    """How the making of the devices is counted."""
    if not result.embodied_co2e_kg.central:
        return "embodied carbon not counted"
    run = result.scenario
    if run.embodied == "paper":
        return "embodied (bare silicon over one year, as in the paper)"
    life, use = (float(value[0]) for value in (result.resolved.device_life_years, result.resolved.use_fraction))
    return f"embodied (card and server over {life:g} years, {use:.0%} in use)"


def interval(result: Estimate) -> str:
    """What the ranges are."""
    if not descriptions.timed(result):
        return f"there is no interval: {result.level_meaning}"
    share = "" if result.level is None else f"{result.level:.0%} intervals, "
    return f"ranges are {share}{result.level_meaning}"


def cost(result: Estimate) -> str:
    """What it costs, with its range; empty without a price."""
    return "" if result.cost is None else units.money_amount(result.cost, result.scenario.currency)


def size(result: Estimate) -> str:
    """Parameters, tokens and compute, as far as they were given."""
    run = result.scenario
    words = []
    if run.parameters is not None:
        active = f", {units.compact(run.active_parameters)} active" if run.active_parameters is not None else ""
        words.append(f"{units.compact(run.parameters)} parameters{active}")
    if run.tokens is not None and run.training_flop is None:
        words.append(f"{units.compact(run.tokens)} tokens")
    if run.samples is not None:
        words.append(f"{units.compact(run.samples)} samples")
    return ", ".join([*words, f"{units.scientific(result.training_flop.central)} FLOP"])


def pue(result: Estimate) -> str:
    """PUE with three significant digits."""
    return f"{float(result.inputs.pue):.3g}"
