"""An estimate in a sentence for a paper, and what each export says of the method."""

from collections.abc import Callable, Iterable

from oce import descriptions, units
from oce.analysis import comparison, option_names
from oce.estimation import Estimate, Named
from oce.interval import Interval
from oce.version import METHOD_VERSION, VERSION

CITED = "Yu, Wu, Deng, Tang and Zhang, OpenCarbonEval, arXiv:2405.12843 (2024)"


def statement(name: str, result: Estimate) -> str:
    """Two sentences: what was estimated, with every input that a reader needs to repeat it, and by which method.

    ``name`` is what is trained, as it reads after "training".
    """
    return f"{_with_cost(name, result, ranges=True)} {method(result)}."


def statements(named: Named, answer: str = "") -> tuple[str, ...]:
    """The paragraphs for a proposal: of one estimate, or of several options, which are compared with the first.

    A single estimate is called by what is trained. Options are called by what they run on, which the sentence of each
    says itself; one with another name has that before its sentence.

    Args:
        named: The estimates.
        answer: The sentence that decides among options; none if empty.
    """
    if len(named) == 1:
        return (statement(*named[0]),)
    (base_name, base), *others = named
    each = []
    for name, result in named:
        said = _with_cost(option_names.trained(result), result, ranges=False)
        each.append(said if name.endswith(option_names.option(result)) else f"{name}: {said[:1].lower()}{said[1:]}")
    ratios = (comparison.sentence(base_name, name, comparison.ratio(base, other)) for name, other in others)
    ranges = (interval(result) for _, result in named)
    methods = (method(result) for _, result in named)
    return (*each, _once([answer.rstrip("."), *ratios]), _once([*ranges, *methods]))


def _once(sentences: Iterable[str]) -> str:
    """Sentences, each once and with its stop."""
    return " ".join(f"{one[:1].upper()}{one[1:]}." for one in dict.fromkeys(sentences) if one)


def _with_cost(name: str, result: Estimate, ranges: bool) -> str:
    said = cost(result)
    priced = f" It costs {said}." if said else ""
    known = f"{units.compact(result.scenario.parameters or 0.0)} model" in name
    figures = estimated(result, f"{name} ({size(result, known)})", pue(result))
    return f"{figures}{f'; {interval(result)}' if ranges else ''}.{priced}"


def estimated(
    result: Estimate,
    what: str,
    pue_as_written: str,
    amount: Callable[[Interval, units.Scale], str] = units.amount,
    text: Callable[[str], str] = str,
) -> str:
    """The figures with their ranges, a sentence without its stop: ``amount`` writes figures, ``text`` words."""
    made = text(embodied(result))
    if result.embodied_co2e_kg.central:
        made = f"{amount(result.embodied_co2e_kg, units.MASS)} {made}"
    return (
        f"We estimate that training {what} {text(where(result))}, PUE {pue_as_written}, takes "
        f"{amount(result.time_to_train_hours, units.DURATION)}, or {amount(result.device_hours, units.DEVICE_HOURS)}, "
        f"uses {amount(result.energy_kwh, units.ENERGY)} "
        f"and emits {amount(result.total_co2e_kg, units.MASS)}: "
        f"{amount(result.operational_co2e_kg, units.MASS)} operational, {made}"
    )


def where(result: Estimate) -> str:
    """On how many of what, and where: ``on 512 H100 SXM in Virginia``."""
    place = descriptions.place(result)
    named = place if place.startswith("at ") else option_names.where(result)
    return f"on {descriptions.how_many_counted(result)} {named}"


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


def size(result: Estimate, known: bool = False) -> str:
    """Parameters, tokens and compute, as far as they were given; ``known``: the parameters were said before."""
    run = result.scenario
    words = []
    if run.parameters is not None and not known:
        words.append(f"{units.compact(run.parameters)} parameters")
    if run.active_parameters is not None:
        words.append(f"{units.compact(run.active_parameters)} active{' parameters' if known else ''}")
    if run.tokens is not None and run.training_flop is None:
        words.append(f"{units.compact(run.tokens)} tokens")
    if run.samples is not None:
        words.append(f"{units.compact(run.samples)} samples")
    return ", ".join([*words, f"{units.scientific(result.training_flop.central)} FLOP"])


def pue(result: Estimate) -> str:
    """PUE with three significant digits."""
    return f"{float(result.inputs.pue):.3g}"
