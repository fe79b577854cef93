"""The answer in the sidebar, which covers the page on a phone: what a control there changes is seen beside it."""

import html
from collections.abc import Mapping

from oce import units
from oce.errors import InputError
from oce.estimation import Estimate
from oce.method.runs import Runs
from oce.scenario import Scenario
from pages.session.current_estimate import cached_estimate, refusal

NAME = "answer"  # of the part of the page, which follows a slider (pages/server/preview.py)
FIGURES = ("total_co2e_kg", "time_to_train_hours")


def content(fields: Mapping[str, float | str], past_runs: Runs | None = None) -> str:
    """Carbon and time of a scenario with their intervals, as HTML; what stands in the way where it has no estimate."""
    try:
        return of_estimate(cached_estimate(Scenario(**fields), past_runs))
    except InputError as error:
        return html.escape(refusal(error))


def of_estimate(result: Estimate) -> str:
    """The same of an estimate."""
    figures = ((getattr(result, name), units.SCALES[name]) for name in FIGURES)
    return units.typeset(
        " ".join(
            f"<span><b>{units.shown(figure.central, scale)}</b>"
            f"{'' if figure.is_point else f' {units.shown_range(figure, scale)}'}</span>"
            for figure, scale in figures
        )
    )
