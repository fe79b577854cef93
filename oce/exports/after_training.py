"""What a report says beside the carbon of training: its water, and what use adds by the usual assumptions.

Both are of the page Lifetime, where another use can be entered: here a report names what it takes for granted.
"""

from oce import units
from oce.analysis import inference, lifetime, water
from oce.analysis.lifetime import DEFAULTS, Service
from oce.errors import MissingExtraError
from oce.estimation import Estimate, Named
from oce.interval import Interval

MISSING = "no figure"
ROWS = ("Water of training, on-site", "Water of training, off-site", "With use, {}")


def rows(named: Named) -> list[list[str]]:
    """The water of training and the carbon with the usual use, a row each: its label, then a cell for every estimate.

    What is not known is said so; a row that nothing is known of is left out.
    """
    litres = [water_of_training(result) for _, result in named]
    total = [_with_use(result) for _, result in named]
    service_years = lifetime.years(DEFAULTS["years"])
    cells = (
        [_litres(one.on_site_l) for one in litres],
        [_litres(one.off_site_l) for one in litres],
        total,
    )
    found = zip(ROWS, cells, strict=True)
    return [[label.format(service_years), *row] for label, row in found if set(row) != {MISSING}]


def sources(named: Named) -> str:
    """What the rows rest on, and what their ranges leave out, in sentences; each once."""
    on_site = {figure.id: figure for _, result in named if (figure := water.place_for(result.region))}
    said = [
        f"{one.entity} {one.l_per_kwh:g} l per kWh of IT equipment ({one.year}; {one.source})"
        for one in on_site.values()
    ]
    off_site = dict.fromkeys(
        f"{result.region.country_iso3 or result.region.name} {litres:.3g} l"
        for _, result in named
        if result.region and (litres := _off_site(result)) is not None
    )
    text = [f"On-site water: {'; '.join(said)}." if said else "On-site water: no figure here; it is missing, not 0."]
    if off_site:
        text.append(
            f"Off-site: consumed for a kWh at the meter, {', '.join(off_site)} (World Resources Institute, as in "
            f"EcoLogits {inference.ecologits_version()})."
        )
    if said or off_site:
        text.append("The ranges of water are those of the energy; that litres per kWh vary is not in them.")
    return " ".join([*text, *dict.fromkeys(filter(None, (_use(result) for _, result in named)))])


def water_of_training(result: Estimate) -> water.Water:
    """Litres that the training takes, by the figures nearest to its region."""
    place = water.place_for(result.region)
    return water.litres(
        lifetime.it_energy_kwh(result),
        float(result.inputs.pue),
        place.l_per_kwh if place else None,
        _off_site(result),
    )


def usual_service(result: Estimate) -> Service | None:
    """A language model's use by the defaults of the page Lifetime; ``None`` where its energy is not modelled."""
    run = result.scenario
    if (run.modality or "language") != "language" or run.parameters is None:
        return None
    try:
        query = inference.modelled(run.active_parameters or run.parameters, run.parameters, DEFAULTS["output_tokens"])
    except MissingExtraError:
        return None
    return Service(DEFAULTS["queries_per_day"], DEFAULTS["years"], query.kwh_per_query, query.embodied_kg_per_query)


def _off_site(result: Estimate) -> float | None:
    try:
        return water.off_site_l_per_kwh(result.region)
    except MissingExtraError:
        return None


def _litres(volume: Interval | None) -> str:
    return MISSING if volume is None else units.amount(volume, water.VOLUME)


def _with_use(result: Estimate) -> str:
    service = usual_service(result)
    return MISSING if service is None else units.amount(lifetime.at_end(result, service)["total"], units.MASS)


def _use(result: Estimate) -> str:
    """What is assumed of the use; empty where none is reckoned with."""
    if usual_service(result) is None:
        return ""
    many, tokens = units.compact(DEFAULTS["queries_per_day"]), f"{DEFAULTS['output_tokens']:,.0f}"
    return (
        f"With use: {many} queries a day for {lifetime.years(DEFAULTS['years'])} are assumed, each with an answer of "
        f"{tokens} tokens by EcoLogits (its range: 128 to 16 requests served at once), on the grid and with the PUE of "
        "the training."
    )
