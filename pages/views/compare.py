"""Compare: which, and why?"""

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from oce import units
from oce.analysis import grid_basis, stages
from oce.errors import InputError, Problem
from oce.field import projects
from pages import charts
from pages.sections import options, side_by_side
from pages.session import compared_options, compared_scenarios, keys, link, preview_query, state, targets
from pages.session.compared_scenarios import Compared, Entry, Named
from pages.session.current_estimate import title, told
from pages.session.link import Fields
from pages.session.targets import TARGETS, Targets
from pages.widgets import chart_tables, export_panel, option_cards, target_entry, view
from pages.widgets.sidebar import answer
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

WAYS = {"": "Side by side", "sum": "Add up"}
ALIKE = ("no", "yes")  # whether grids are counted alike


def content_of_sum(found: Compared) -> View:
    """What Compare says and draws of scenarios that are stages of one project."""
    project = stages.add_up(found.named)
    table = [["Share of the carbon", *(f"{stage.share:.0%}" for stage in project.stages), "100%"]]
    for name in side_by_side.FIGURES:
        each = [*(getattr(stage.estimate, name) for stage in project.stages), project.figures[name]]
        table.append([units.short_label(name), *(options.with_interval(figure, name) for figure in each)])
    if project.cost is not None:
        costs = [*(stage.estimate.cost for stage in project.stages if stage.estimate.cost), project.cost]
        table.append(["Cost", *(units.money(cost.central, project.currency) for cost in costs)])
    return View(
        headline=f"Together {options.with_interval(project.total_co2e_kg, 'total_co2e_kg')}",
        tables={
            "sums": charts.table(
                ["", *found.names, "Together"], table, labels=[*side_by_side.labels(found), "Together"]
            )
        },
        charts={"stages": charts.timeline_of(project)},
    )


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    text = query.get("compare", "")
    entries, problems = compared_scenarios.from_text(text) if text else (compared_scenarios.default(fields), [])
    if problems:
        raise InputError(problems)
    entries = moved(entries, fields, query)
    adds_up = query.get("together") == "sum"
    alike = link.chosen(query, {"alike": ALIKE})["alike"] == "yes" and not adds_up
    found = compared_scenarios.estimates(entries, fields, None, alike)
    if found.refused or len(found.named) < 2:
        raise InputError([Problem("compare", text, "two scenarios or more")])
    if adds_up:
        shown = content_of_sum(found)
    else:
        at = found.baseline(query.get("baseline", ""))
        shown = side_by_side.content(found, at, rival(found, at, query.get("why")), targets.of_link(query), alike)
    if preview_query.OPTION in query:  # the sidebar shows that option, and its answer
        at, _ = option_moved(query, len(entries))
        _, result = found.named[at]
        shown = replace(shown, lists={**shown.lists, answer.NAME: answer.of_estimate(result)})
    return shown


def moved(entries: list[Entry], own: Fields, query: Mapping[str, str]) -> list[Entry]:
    """The options with the value to which a slider is moved, where that is of one of them; raises InputError."""
    if preview_query.OPTION not in query:
        return entries
    at, name = option_moved(query, len(entries))
    changed = compared_scenarios.changed(entries[at], name, query.get(preview_query.VALUE, ""))
    entries[at] = compared_scenarios.fitted(changed, own)
    return entries


def option_moved(query: Mapping[str, str], count: int) -> tuple[int, str]:
    """The place of the option whose slider is moved, among `count`, and the field; raises InputError."""
    given, _, name = query[preview_query.OPTION].partition("~")
    if given not in map(str, range(count)):
        raise InputError([Problem(preview_query.OPTION, given[:60], f"0 … {count - 1}")])
    return int(given), name


def rival(found: Compared, at: int, chosen: str | None) -> Named:
    """Whom the baseline is explained against: who was chosen, else who emits least of the others, as the headline."""
    others = [pair for number, pair in enumerate(found.named) if number != at]
    least = min(others, key=lambda pair: pair[1].total_co2e_kg.central)
    return next((pair for pair in others if pair[0] == chosen), least)


def opened(saved: export_panel.ScenariosByName) -> None:
    kept = [(name, link.with_ids(scenario)) for name, scenario in saved[: compared_scenarios.MOST]]
    compared_options.keep(
        [compared_scenarios.changed(compared_scenarios.snapshot(own), "name", name) for name, own in kept]
    )


def show() -> None:
    told()
    for problem in compared_scenarios.from_text(state.extra("compare"))[1]:
        st.warning(escape_markdown(f"In the link, {problem}. The rest of it was kept."))
    adds_up = state.extra("together") == "sum"
    alike = state.extra("alike") == "yes" and not adds_up  # what adds up is not ranked
    found = compared_scenarios.estimates(
        compared_options.entries(), compared_options.own(), state.calibration_runs(), alike
    )
    if len(found.named) < 2:
        st.title("Compare two options or more", anchor=False)
        st.markdown("Add one below: an offer, a model that was trained, or your scenario in the sidebar.")
        option_cards.show(found)
    else:
        shown = show_sum(found) if adds_up else show_side_by_side(found)
        chart_tables.show(shown.charts.values(), "compare")
        export_panel.show(found.named, opened, shown.headline)


def show_sum(found: Compared) -> View:
    """The scenarios as stages of one project."""
    shown = content_of_sum(found)
    st.title(escape_markdown(units.typeset(shown.headline)), anchor=False)
    together()
    option_cards.show(found)
    st.caption(
        "Each scenario is a stage of one project, one after another. What the stages share, such as the organisation's "
        "luck or the same grid, is counted once for all of them in the interval."
    )
    view.show_table(shown, "sums")
    example()
    view.show_chart(shown, "stages")
    return shown


def show_side_by_side(found: Compared) -> View:
    """The scenarios against one of them."""
    names, wanted = found.names, state.extra("baseline")
    at = found.baseline(wanted)
    if wanted and wanted != str(at):
        state.refuse("baseline", f"0 … {len(names) - 1}", str(at))
    others = [name for name in names if name != names[at]]
    why_key = f"why_{'_'.join(others)}"
    other = rival(found, at, st.session_state.get(why_key))
    wanted_of_each = targets.of_visitor()
    shown = side_by_side.content(found, at, other, wanted_of_each, state.extra("alike") == "yes")

    # The answer
    count_alike(shown)
    title(escape_markdown(shown.headline))
    view.show_paragraph(shown, "chances", "text")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        limits(found, wanted_of_each)
        together()
    option_cards.show(found)

    # The figures
    st.markdown("## The figures")
    view.show_paragraph(shown, "standing", "text")
    key = f"baseline_{at}_of_{'_'.join(names)}"  # else Streamlit takes a name of before for a choice
    st.selectbox(
        "Baseline",
        range(len(names)),
        index=at,
        format_func=lambda number: names[number],
        key=key,
        on_change=lambda: state.keep_extra("baseline", str(st.session_state[key])),
        help="What the others are compared with.",
    )
    view.show_table(shown, "comparison")
    for name in ("shared", "bases", "levels"):
        view.show_paragraph(shown, name, "remark")

    # The charts
    view.show_chart(shown, "totals")
    st.selectbox("Explain the difference to", others, index=others.index(other[0]), key=why_key)
    keys.PREVIEWED.set({"why": why_key})
    view.show_chart(shown, "why")
    with st.container(key="pairs"):
        view.show_chart(shown, "curves")
        view.show_chart(shown, "times")
    return shown


def count_alike(shown: View) -> None:
    """Says where the grids are not counted alike, and offers to count them so; kept in the link."""
    view.show_paragraph(shown, "grids", "warning")
    now = state.extra("alike") or "no"
    if now not in ALIKE:
        state.refuse("alike", ", ".join(ALIKE), "no")
    with st.container(key="count_alike"):  # stands when empty too: what follows keeps its place, and with it the focus
        if shown.paragraphs["grids"] or now == "yes":
            st.toggle(
                "Count all grids alike",
                value=now == "yes",
                key=f"count_alike_{now}",
                on_change=lambda: state.keep_extra("alike", "" if now == "yes" else "yes"),
                help=f"Takes for each place the figure that is {' and '.join(grid_basis.COMMON)}, where there is one.",
            )


def limits(found: Compared, wanted: Targets) -> None:
    """What is wanted of the scenarios: a deadline, a carbon budget and, where one has a price, a cost."""
    names = [name for name in TARGETS if name != "cost_budget" or side_by_side.is_priced(found) or state.extra(name)]
    with st.container(key="targets"):
        for column, name in zip(st.columns(len(names)), names, strict=True):
            with column:
                target_entry.show(name, wanted)


def together() -> None:
    """Asks whether the scenarios stand side by side or are stages that add up; kept in the link."""
    held = state.extra("together")
    now = "sum" if held == "sum" else ""
    if held not in WAYS:
        state.refuse("together", "sum", "side by side")
    key = f"together_{now}"
    st.segmented_control(
        "The scenarios", list(WAYS), format_func=WAYS.__getitem__, default=now, required=True, key=key,
        on_change=lambda: state.keep_extra("together", st.session_state[key] or ""), label_visibility="collapsed",
    )  # fmt: skip


def example() -> None:
    """Offers the stages of published projects, each by its name, with what of them is assumed."""

    def use() -> None:
        compared_options.keep(compared_scenarios.of_project(keys.COMPARE_PROJECT.get()))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("An example", list(projects.projects()), key=keys.COMPARE_PROJECT.name)
        st.button("Add up its stages", key="compare_use_project", on_click=use)
    notes = dict.fromkeys(stage.note for stage in projects.projects()[name])
    st.caption(escape_markdown(" ".join(notes)))


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
