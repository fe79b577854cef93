"""Scenarios against one of them: the verdict on what is wanted, which emits least, and their figures in a table."""

import html

from oce import descriptions, units
from oce.analysis import comparison, grid_basis, option_names, ratio_words, verdict
from oce.analysis.verdict import Verdict
from oce.exports import sentence
from oce.fields import FIELDS
from pages import charts
from pages.sections import options
from pages.session import link
from pages.session.compared_scenarios import Compared, Named
from pages.session.targets import Targets
from pages.widgets.view import View

MOST_CHARACTERS = 16  # of what stands before a cell on a phone
FIGURES = ("time_to_train_hours", "energy_kwh", "operational_co2e_kg", "embodied_co2e_kg", "total_co2e_kg")


def content(found: Compared, at: int, other: Named, wanted: Targets, alike: bool = False) -> View:
    """What is said and drawn of two scenarios or more.

    Args:
        found: The scenarios.
        at: The place of the baseline.
        other: What the waterfall leads to.
        wanted: Of every scenario.
        alike: Whether the grids were asked to be counted alike.
    """
    base = found.named[at]
    ratios = [comparison.ratio(base[1], result) for _, result in found.named]
    shared = sorted({text for number, ratio in enumerate(ratios) if number != at for text in ratio.shared})
    decided = verdict.verdict(found.named, wanted.deadline_hours, wanted.budget_kg, wanted.cost_budget)
    emits = headline(found, at, ratios)
    return View(
        headline=decided.sentence() or emits,
        paragraphs={
            "grids": grids(found, alike),
            "chances": chances(decided),
            "standing": html.escape(f"{emits}.") if decided.limits else "",
            "shared": html.escape(
                f"Treated as shared, so that it cancels in the ratios: {'; '.join(shared)}." if shared else ""
            ),
            "bases": html.escape(bases(found, at, ratios)),
            "levels": html.escape(" ".join(sorted({descriptions.level(result) for _, result in found.named}))),
        },
        tables={
            "comparison": charts.table(
                ["Scenario", *found.names], rows(found, at, ratios, decided), labels=labels(found)
            )
        },
        charts={
            "totals": charts.totals(found.named),
            "why": charts.waterfall(base, other, comparison.why(base[1], other[1])),
            "curves": charts.throughput_curves(found.named),
            "times": charts.times_by_devices(found.named),
        },
    )


def labels(found: Compared) -> list[str]:
    """What a phone writes before the cells of each option: its device, or as its card is called where that is long."""
    short = option_names.short(found.named)
    if max(map(len, short)) <= MOST_CHARACTERS:
        return list(short)
    places = [at for at in range(len(found.named) + len(found.refused)) if at not in found.refused]
    return [f"Option {at + 1}" for at in places]


def headline(found: Compared, at: int, ratios: list[comparison.Ratio]) -> str:
    """Which emits least, and how much less than the baseline, or that there is no clear difference."""
    base_name, base = found.named[at]
    least = min(found.named, key=lambda pair: pair[1].total_co2e_kg.central)
    if least[1].total_co2e_kg.central < base.total_co2e_kg.central:
        return comparison.sentence(base_name, least[0], comparison.ratio(base, least[1]))
    amount = units.shown(base.total_co2e_kg.central, units.MASS)
    unsure: dict[str, list[str]] = {}
    for number, (name, ratio) in enumerate(zip(option_names.short(found.named), ratios, strict=True)):
        if number != at and not comparison.is_sure(ratio):
            unsure.setdefault(ratio.basis.word if ratio.basis and ratio.basis.is_weak else "", []).append(name)
    if not unsure:
        return f"{base_name} emits least: {amount}"
    others = " and ".join(", ".join(names) + (f" ({word})" if word else "") for word, names in unsure.items())
    lowest = f"{base_name} has the lowest best estimate, {amount}"
    return f"{ratio_words.NO_CLEAR_DIFFERENCE.capitalize()}: {lowest}, but {others} could emit less"


def grids(found: Compared, alike: bool) -> str:
    """A warning where the grids are not counted alike, as HTML; empty where they are."""
    unlike = grid_basis.not_alike([result for _, result in found.named])
    if not unlike:
        return ""
    said = "Not every place has a figure that counts like the others'" if alike else "Grids are not counted alike"
    return html.escape(f"{said}: {'; '.join(unlike)}. Carbon may differ by that alone.")


def chances(decided: Verdict) -> str:
    """How likely each scenario keeps to each limit, as HTML."""
    said = (
        f"<b>{html.escape(verdict.chance_of(limit, decided.currency))}:</b> "
        + html.escape(
            ", ".join(
                f"{name} {verdict.in_words(chance)}"
                for name, chance in zip(decided.short_names, limit.chances, strict=True)
            )
        )
        + "."
        for limit in decided.limits
    )
    return " ".join(said)


def is_priced(found: Compared) -> bool:
    """Whether one of the scenarios has a price, which a cost follows from."""
    return any(result.cost is not None for _, result in found.named)


def rows(found: Compared, at: int, ratios: list[comparison.Ratio], decided: Verdict) -> list[list[str]]:
    """The table: chances, what differs in the scenarios, their figures, and how they stand against the baseline."""
    results = [result for _, result in found.named]
    table = [
        [verdict.chance_of(limit, decided.currency), *map(verdict.in_words, limit.chances)] for limit in decided.limits
    ]
    table.append(["Device", *(result.device.name if result.device else "" for result in results)])
    if len({result.region for result in results}) > 1:
        table.append(["Region", *(result.region.name if result.region else "" for result in results)])
    table.append(["Grid", *map(grid_basis.in_words, results)])
    for name, field in FIELDS.items():
        values = [getattr(result.scenario, name) for result in results]
        if len(set(map(str, values))) > 1 and name not in link.FINDERS:
            table.append([field.label, *map(descriptions.entered, values)])
    for name in FIGURES:
        figures = (options.with_interval(getattr(result, name), name) for result in results)
        table.append([units.short_label(name), *figures])
    if is_priced(found):
        table.append(["Cost", *map(sentence.cost, results)])
    against = ["baseline" if number == at else comparison.in_words(ratio) for number, ratio in enumerate(ratios)]
    table.append([f"Against {found.names[at]}", *against])
    basis = [ratio.basis.word if ratio.basis and number != at else "" for number, ratio in enumerate(ratios)]
    return [*table, ["Speed of the two devices", *basis]] if any(basis) else table


def bases(found: Compared, at: int, ratios: list[comparison.Ratio]) -> str:
    """What the speed of each device against the baseline's rests on, in sentences; a device once."""
    base = found.named[at][1].device
    said = {
        ratio.basis.sentence(base, other.device): None
        for ratio, (_, other) in zip(ratios, found.named, strict=True)
        if ratio.basis and base and other.device and ratio.basis.kind != "same"
    }
    each = " ".join(f"{text}." for text in said)
    return f"What the speed of one device against the other rests on. {each}" if said else ""
