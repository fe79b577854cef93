"""Scenarios side by side, for machines and as a short text: each one's ratio to the baseline, and why."""

from dataclasses import asdict, dataclass
from typing import Any

from oce import units
from oce.analysis import comparison, grid_basis, stages, verdict
from oce.analysis.verdict import Verdict
from oce.errors import InputError, Problem
from oce.estimation import Estimate, Named
from oce.near_names import near_names
from oce.version import METHOD_VERSION

COMPARED = ("total_co2e_kg", "energy_kwh", "time_to_train_hours")  # the figures whose ratio is given
MOST_COMPARED = 1_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What is wanted of every scenario; ``None`` where nothing is."""

    deadline_hours: float | None = None
    budget_kg: float | None = None
    cost: float | None = None


NO_LIMITS = Limits()


def comparison_json(named: Named, baseline: str = "", wanted: Limits = NO_LIMITS) -> dict[str, Any]:
    """Every scenario's estimate, ratios to the baseline, attribution and sentence.

    Without a name the first is the baseline.

    Returns:
        ``baseline``, and ``scenarios`` in their order. A scenario has its ``estimate`` as ``to_dict`` gives it;
        ``ratio`` of total carbon, energy and time to the baseline, each ``{"low", "central", "high"}``; ``rests_on``,
        what the speed of one device against the other rests on; ``attribution``, what each factor adds to the total on
        the way from the baseline [kg CO2e]; and ``sentence``. ``grids_not_alike`` lists what the grids count,
        where they are not to be ranked. With limits ``verdict`` has its ``sentence`` and ``limits``, with ``chances``.

    Raises:
        InputError: Where the baseline is none of them, a name stands twice, or there are fewer than two or too many.
    """
    first, base = _baseline(named, baseline)
    decided = _decided(named, wanted)
    limits = [
        {"figure": one.figure, "at_most": one.at_most, "chances": dict(zip(decided.names, one.chances, strict=True))}
        for one in decided.limits
    ]
    return {
        "method_version": METHOD_VERSION,
        "data_version": base.data_version,
        **({"verdict": {"sentence": decided.sentence(), "limits": limits}} if limits else {}),
        "grids_not_alike": list(grid_basis.not_alike([result for _, result in named])),
        "baseline": first,
        "scenarios": [
            {"name": name, "estimate": result.to_dict(), **_against(first, base, name, result)}
            for name, result in named
        ],
    }


def comparison_text(named: Named, baseline: str = "", wanted: Limits = NO_LIMITS) -> str:
    """The verdict where there are limits, and a line for each scenario: its total, and how it compares."""
    first, base = _baseline(named, baseline)
    decided, unlike = _decided(named, wanted), grid_basis.not_alike([result for _, result in named])
    lines = [decided.sentence()] if decided.limits else []
    for limit in decided.limits:
        each = zip(decided.names, map(verdict.in_words, limit.chances), strict=True)
        lines.append(f"{verdict.chance_of(limit, decided.currency)}: {', '.join(map(' '.join, each))}")
    lines += [f"Grids are not counted alike: {'; '.join(unlike)}."] if unlike else []
    for name, result in named:
        total = result.total_co2e_kg
        amount = f"{units.shown(total.central, units.MASS)} ({units.shown_range(total, units.MASS)})"
        lines.append(f"{name}: {amount}, {_time(result.time_to_train_hours.central)}")
        if name != first:
            found = _against(first, base, name, result)
            lines += [f"  {found['sentence']}.", *([f"  {found['rests_on']}."] if found["rests_on"] else [])]
    return "\n".join(lines)


def sum_json(named: Named) -> dict[str, Any]:
    """The stages of a project and their sum.

    Returns:
        ``sum``, every figure as ``{"low", "central", "high"}``, with ``cost`` where every stage has a price; and
        ``stages`` in their order, each with its ``estimate``, its ``share`` of the carbon, and ``starts_hours`` and
        ``ends_hours`` where one follows another.

    Raises:
        InputError: Where a name stands twice, or there are none or too many.
    """
    project = _project(named)
    cost = {} if project.cost is None else {"cost": asdict(project.cost)}
    return {
        "method_version": METHOD_VERSION,
        "data_version": named[0][1].data_version,
        "sum": {**{name: asdict(figure) for name, figure in project.figures.items()}, **cost},
        "stages": [
            {
                "name": stage.name,
                "share": stage.share,
                "starts_hours": stage.starts_hours,
                "ends_hours": stage.ends_hours,
                "estimate": stage.estimate.to_dict(),
            }
            for stage in project.stages
        ],
    }


def sum_text(named: Named) -> str:
    """A line for each stage, with its share and its time, and their sum."""
    project = _project(named)
    lines = [
        f"{stage.name}: {units.shown(stage.estimate.total_co2e_kg.central, units.MASS)} ({stage.share:.0%}), "
        f"from {_time(stage.starts_hours)} to {_time(stage.ends_hours)}"
        for stage in project.stages
    ]
    total, energy = project.figures["total_co2e_kg"], project.figures["energy_kwh"]
    cost = "" if project.cost is None else f", {units.money(project.cost.central, project.currency)}"
    lines.append(
        f"Together: {units.shown(total.central, units.MASS)} "
        f"({units.shown_range(total, units.MASS)}), {units.shown(energy.central, units.ENERGY)}, "
        f"{_time(project.figures['time_to_train_hours'].central)} one after another{cost}"
    )
    return "\n".join(lines)


def _decided(named: Named, wanted: Limits) -> Verdict:
    return verdict.verdict(named, wanted.deadline_hours, wanted.budget_kg, wanted.cost)


def _time(hours: float) -> str:
    return units.shown(hours, units.DURATION)


def _project(named: Named) -> stages.Project:
    _check_names([name for name, _ in named], 1)
    return stages.add_up(named)


def _check_names(names: list[str], fewest: int) -> None:
    if not fewest <= len(names) <= MOST_COMPARED:
        raise InputError([Problem("scenarios", float(len(names)), f"{fewest} … {MOST_COMPARED}")])
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError([Problem("name", twice, "a name that no other scenario has")])


def _against(first: str, base: Estimate, name: str, other: Estimate) -> dict[str, Any]:
    ratios = {figure: comparison.ratio(base, other, figure) for figure in COMPARED}
    total = ratios["total_co2e_kg"]
    rests_on = ""
    if total.basis is not None and base.device is not None and other.device is not None and other is not base:
        rests_on = total.basis.sentence(base.device, other.device)
    return {
        "ratio": {figure: asdict(found.times) for figure, found in ratios.items()},
        "rests_on": rests_on,
        "attribution": {part.factor: part.change_kg for part in comparison.why(base, other)},
        "sentence": "the baseline" if name == first else comparison.sentence(first, name, total),
    }


def _baseline(named: Named, baseline: str) -> tuple[str, Estimate]:
    names = [name for name, _ in named]
    _check_names(names, 2)
    if not baseline:
        return named[0]
    if baseline not in names:
        raise InputError([Problem("baseline", baseline, "the name of a scenario", near_names(baseline, names))])
    return named[names.index(baseline)]
