"""What Plan finds out for a scenario, kept as an estimate is: the page asks for what its slider was just told."""

from dataclasses import dataclass

from oce.analysis.levers import Lever
from oce.analysis.verdict import Verdict
from oce.catalog.caches import cached
from oce.estimation import Estimate
from oce.scenario import Scenario
from pages.sections import carbon_budget, combinations, deadline, levers, places, wanted
from pages.sections.plan_controls import Chosen
from pages.session.current_estimate import cached_estimate

KEPT = 4  # answers; one can hold 100,000 combinations


@dataclass(frozen=True)
class Answers:
    """What was found out; each by its section."""

    wanted: Verdict
    deadline: deadline.Answer
    budget: carbon_budget.Answer
    places: places.Answer
    combinations: combinations.Answer
    levers: tuple[Lever, ...]


def answers(result: Estimate, chosen: Chosen) -> Answers:
    """Everything that Plan asks, each once.

    Args:
        result: The estimate of the scenario.
        chosen: What is asked.
    """
    return _kept(result.scenario, chosen) if result.past_runs is None else _asked(result, chosen)


@cached(most=KEPT)
def _kept(scenario: Scenario, chosen: Chosen) -> Answers:
    return _asked(cached_estimate(scenario), chosen)


def _asked(result: Estimate, chosen: Chosen) -> Answers:
    return Answers(
        wanted.ask(result, chosen.targets),
        deadline.ask(result, chosen),
        carbon_budget.ask(result, chosen),
        places.ask(result, chosen),
        combinations.ask(result, chosen),
        levers.ask(result, chosen),
    )
