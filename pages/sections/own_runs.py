"""The visitor's own past runs: read from a file, held for the session, and what they change."""

from hashlib import sha256

import streamlit as st

from oce import units
from oce.catalog.caches import cached
from oce.errors import InputError, NotReadError
from oce.estimation import Estimate
from oce.evaluation import refit
from oce.importers import prior_runs
from oce.importers.prior_runs import PriorRuns
from oce.parsing import number_wanted, read_number
from pages.session import keys, state
from pages.session.current_estimate import cached_estimate
from pages.widgets import table
from pages.widgets.text import escape_markdown

MOST_TOLD = 20  # remarks on a file
MOST_ROWS = 50


_score = cached(refit.score_prior_runs)  # what three past runs are worth: a second's work, done once


def show(result: Estimate) -> None:
    """What past runs are worth, the file to read, and what those that are held change."""
    st.markdown("## Your own runs")
    st.markdown(
        "Past runs of your organisation move the calibrated estimate towards how your runs went, and narrow it. A CSV "
        "file with `device`, `device_hours` and `training_flop` (or `parameters` and `tokens`), or CodeCarbon's "
        "`emissions.csv`, or what Green Algorithms or ML CO2 give. Rows with one `run_id` are one run. It is read in "
        "memory, kept for this session only, and never stored."
    )
    worth = _score()
    st.markdown(
        f"What that is worth, on {worth.runs} reported runs with the three others of their organisation that are "
        f"nearest in size: the median error falls from {worth.error_without:.1%} to {worth.error_with:.1%}, and the "
        f"80% interval holds {worth.held:.0%}. Runs less alike help less."
    )
    stated = st.text_input(
        "Compute of each run that does not state it (FLOP)", key="runs_flop", placeholder="for example 4e22"
    )
    upload = st.file_uploader("Past runs", type=["csv", "tsv", "txt"], key=f"runs_file_{keys.UPLOADS.get()}")
    if upload is not None:
        _read(upload.getvalue(), stated)
    held = state.past_runs()
    if held:
        _show_held(held, result)


def _read(content: bytes, stated: str) -> None:
    """Reads a file of past runs and holds them; what of it cannot be used is told."""
    try:
        flop = read_number("training_flop", stated).value if stated.strip() else None
        sure = keys.RUNS_CONFIRMED.get()
        asked = (sha256(content).digest(), flop, sure)
        before = keys.RUNS_READ.get()
        found = before[1] if before and before[0] == asked else prior_runs.read(content, flop, sure)
        keys.RUNS_READ.set((asked, found))
    except InputError as error:
        st.error(escape_markdown(str(error)))
    except NotReadError as error:
        wanted = number_wanted("training_flop", error)
        st.error(escape_markdown(f"“{stated[:40]}” cannot be used as compute; allowed: {wanted}"))
    else:
        for note in found.notes[:MOST_TOLD]:
            st.caption(escape_markdown(f"Taken so: {note}"))
        for problem in found.problems[:MOST_TOLD]:
            st.warning(escape_markdown(f"Left out, {problem}"))
        if len(found.problems) > MOST_TOLD:
            st.warning(f"… and {len(found.problems) - MOST_TOLD} more rows.")
        if found.questioned or sure:
            st.checkbox("Use runs that are questioned too", key=keys.RUNS_CONFIRMED.name)
        if not found.used:
            st.error("None of its runs can be used.")
        if found.used and (state.past_runs() is None or state.past_runs() != found):
            keys.PAST_RUNS.set(found)
            st.rerun()


def _show_held(held: PriorRuns, result: Estimate) -> None:
    """The runs that are held, and the interval with and without them."""
    without = cached_estimate(state.scenario()).total_co2e_kg
    within = result.total_co2e_kg
    only = "" if result.scenario.method == "calibrated" else " They count with the calibrated throughput only."
    st.success(
        f"{len(held.used)} run{'s are' if len(held.used) > 1 else ' is'} used. Without them the estimate is "
        f"{units.shown_range(without, units.MASS)} (×{without.high_over_low:.3g} wide), with them "
        f"{units.shown_range(within, units.MASS)} (×{within.high_over_low:.3g} wide).{only}"
    )
    table.show_records(
        {
            "Device": run.device.name,
            "Compute FLOP": units.scientific(run.training_flop),
            "Device-hours": units.significant(run.device_hours),
            "Utilisation": f"{run.utilisation:.0%}",
            "Mean power": "" if run.mean_power_w is None else f"{units.significant(run.mean_power_w)} W",
        }
        for run in held.used[:MOST_ROWS]
    )
    watts = None if held.mean_power_w is None else float(f"{held.mean_power_w:.3g}")
    with st.container(horizontal=True):
        if watts is not None:
            st.button(
                f"Use their measured {watts:g} W a device", on_click=state.change,
                args=(("power_fraction",),), kwargs={"power_w": watts},
            )  # fmt: skip
        st.button("Forget them", on_click=_forget)


def _forget() -> None:
    keys.PAST_RUNS.forget()
    keys.RUNS_READ.forget()
    keys.UPLOADS.set(keys.UPLOADS.get() + 1)
