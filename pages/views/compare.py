"""Compare: which, and why?"""

import html
from collections.abc import Mapping

import streamlit as st

from oce import catalog, descriptions, units
from oce.analysis import comparison, stages
from oce.errors import InputError, Problem
from oce.exports import sentence
from oce.field import projects
from oce.fields import FIELDS
from oce.interval import Interval
from pages import charts
from pages.session import compared_scenarios, keys, link, state
from pages.session.compared_scenarios import Compared, Entry, Named
from pages.session.current_estimate import title, told
from pages.session.link import Fields
from pages.widgets import chart_tables, export_panel, view
from pages.widgets.text import escape_markdown
from pages.widgets.view import View

FIGURES = ("time_to_train_hours", "energy_kwh", "operational_co2e_kg", "embodied_co2e_kg", "total_co2e_kg")
WAYS = {"": "Side by side", "sum": "Add up"}
COLUMNS = {name: field.label for name, field in FIELDS.items()}  # what can be edited in place, beside the name


def content(found: Compared, at: int, other: Named) -> View:
    """What Compare says and draws of two scenarios or more, the baseline `at` a place, and a waterfall to `other`."""
    base = found.named[at]
    ratios = [comparison.ratio(base[1], result) for _, result in found.named]
    shared = sorted({text for number, ratio in enumerate(ratios) if number != at for text in ratio.shared})
    return View(
        headline=headline(found, at, ratios),
        tables={"comparison": charts.table(["Scenario", *found.names], rows(found, at, ratios))},
        charts={
            "totals": charts.totals(found.named),
            "why": charts.waterfall(base, other, comparison.why(base[1], other[1])),
            "curves": charts.throughput_curves(found.named),
            "times": charts.times_by_devices(found.named),
        },
        paragraphs={
            "shared": html.escape(
                f"Treated as shared, so that it cancels in the ratios: {'; '.join(shared)}." if shared else ""
            ),
            "bases": html.escape(bases(found, at, ratios)),
            "levels": html.escape(" ".join(sorted({descriptions.level(result) for _, result in found.named}))),
        },
    )


def content_of_sum(found: Compared) -> View:
    """What Compare says and draws of scenarios that are stages of one project."""
    project = stages.add_up(found.named)
    table = [["Share of the carbon", *(f"{stage.share:.0%}" for stage in project.stages), "100%"]]
    for name in FIGURES:
        each = [*(getattr(stage.estimate, name) for stage in project.stages), project.figures[name]]
        table.append([units.short_label(name), *(_with_interval(figure, name) for figure in each)])
    if project.cost is not None:
        costs = [*(stage.estimate.cost for stage in project.stages if stage.estimate.cost), project.cost]
        table.append(["Cost", *(units.money(cost.central, project.currency) for cost in costs)])
    return View(
        headline=f"Together {_with_interval(project.total_co2e_kg, 'total_co2e_kg')}",
        tables={"sums": charts.table(["", *found.names, "Together"], table)},
        charts={"stages": charts.timeline_of(project)},
    )


def previewed(fields: Fields, query: Mapping[str, str]) -> View:
    text = query.get("compare", "")
    entries, problems = compared_scenarios.from_text(text) if text else (compared_scenarios.default(fields), [])
    if problems:
        raise InputError(problems)
    found = compared_scenarios.estimates(entries, fields, None)
    if found.refused or len(found.named) < 2:
        raise InputError([Problem("compare", text, "two scenarios or more")])
    if query.get("together") == "sum":
        return content_of_sum(found)
    at = found.baseline(query.get("baseline", ""))
    others = [pair for number, pair in enumerate(found.named) if number != at]
    return content(found, at, next((pair for pair in others if pair[0] == query.get("why")), others[0]))


def headline(found: Compared, at: int, ratios: list[comparison.Ratio]) -> str:
    """Which emits least, and how many times less than the baseline."""
    base_name, base = found.named[at]
    least = min(found.named, key=lambda pair: pair[1].total_co2e_kg.central)
    if least[0] != base_name:
        return comparison.sentence(base_name, least[0], comparison.ratio(base, least[1]))
    others = [ratio for number, ratio in enumerate(ratios) if number != at]
    emits = "emits" if all(map(comparison.is_sure, others)) else "may emit"
    amount = units.shown(base.total_co2e_kg.central, units.MASS)
    weak: dict[str, list[str]] = {}
    for name, ratio in zip(found.names, ratios, strict=True):
        if ratio.basis and ratio.basis.is_weak:
            weak.setdefault(ratio.basis.word, []).append(name)
    said = "; ".join(f"{', '.join(names)}: {word}" for word, names in weak.items())
    return f"{base_name} {emits} least: {amount}" + (f" ({said})" if said else "")


def rows(found: Compared, at: int, ratios: list[comparison.Ratio]) -> list[list[str]]:
    """The table: what differs in the scenarios, their figures, and how they stand against the baseline."""
    results = [result for _, result in found.named]
    table = [["Device", *(result.device.name if result.device else "" for result in results)]]
    if len({result.region for result in results}) > 1:
        table.append(["Region", *(result.region.name if result.region else "" for result in results)])
    for name, field in FIELDS.items():
        values = [getattr(result.scenario, name) for result in results]
        if len(set(map(str, values))) > 1 and name not in link.FINDERS:
            table.append([field.label, *map(descriptions.entered, values)])
    for name in FIGURES:
        table.append([units.short_label(name), *(_with_interval(getattr(result, name), name) for result in results)])
    if any(result.cost is not None for result in results):
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


def _with_interval(interval: Interval, name: str) -> str:
    scale = units.SCALES[name]
    return f"{units.shown(interval.central, scale)} ({units.shown_range(interval, scale)})"


def entries() -> list[Entry]:
    """The scenarios that are compared: those of the link, else the default ones."""
    text = state.extra("compare")
    return compared_scenarios.from_text(text)[0] if text else compared_scenarios.default(dict(state.fields()))


def keep(changed: list[Entry]) -> None:
    """Makes these the scenarios that are compared."""
    state.keep_extra("compare", compared_scenarios.to_text(changed))
    keys.COMPARE_WRONG.set(())
    keys.COMPARE_EDITS.set(keys.COMPARE_EDITS.get() + 1)


def edited() -> None:
    """Takes over what was typed into the table; what cannot be used is said, and the rest kept."""
    now, wrong = entries(), []
    edits = st.session_state[table_key()]["edited_rows"]
    for row, cells in edits.items():
        for name, value in cells.items():
            try:
                now[int(row)] = compared_scenarios.changed(now[int(row)], name, "" if value is None else str(value))
            except InputError as error:
                wrong += [f"{now[int(row)].called(dict(state.fields()))}: {problem}" for problem in error.problems]
    keep(now)
    keys.COMPARE_WRONG.set(tuple(wrong))


def table_key() -> str:
    """The key of the table of scenarios: another after each change, as its edits were taken over."""
    return f"compare_table_{keys.COMPARE_EDITS.get()}"


def opened(saved: export_panel.ScenariosByName) -> None:
    kept = [(name, link.with_ids(scenario)) for name, scenario in saved[: compared_scenarios.MOST]]
    keep([compared_scenarios.changed(compared_scenarios.snapshot(own), "name", name) for name, own in kept])


def move(at: int, by: int) -> None:
    now = entries()
    now.insert(at + by, now.pop(at))
    keep(now)


def add(entry: Entry) -> None:
    keep([*entries(), entry])


def remove(at: int) -> None:
    keep([entry for number, entry in enumerate(entries()) if number != at])


def show() -> None:
    own, current = dict(state.fields()), entries()
    told()
    for problem in compared_scenarios.from_text(state.extra("compare"))[1]:
        st.warning(escape_markdown(f"In the link, {problem}. The rest of it was kept."))
    found = compared_scenarios.estimates(current, own, state.calibration_runs())
    for refused in found.refused:
        st.error(escape_markdown(refused))
    if len(found.named) < 2:
        st.title("Compare two scenarios or more", anchor=False)
        st.markdown("Add one below: from your scenario in the sidebar, or from a model that was trained.")
    else:
        shown = show_sum(found) if state.extra("together") == "sum" else show_side_by_side(found)
        chart_tables.show(shown.charts.values(), "compare")
        export_panel.show(found.named, opened)
    edit(current, own)


def show_sum(found: Compared) -> View:
    """The scenarios as stages of one project."""
    shown = content_of_sum(found)
    st.title(escape_markdown(units.typeset(shown.headline)), anchor=False)
    together()
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
    chosen = st.session_state.get(why_key)
    chosen = chosen if chosen in others else others[0]
    shown = content(found, at, next(pair for pair in found.named if pair[0] == chosen))

    # The answer
    title(escape_markdown(shown.headline))
    together()
    key = f"baseline_{at}_of_{len(names)}"
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
    for name in shown.paragraphs:
        view.show_paragraph(shown, name, "remark")

    # The charts
    view.show_chart(shown, "totals")
    st.selectbox("Explain the difference to", others, key=why_key)
    keys.PREVIEWED.set({"why": why_key})
    view.show_chart(shown, "why")
    with st.container(key="pairs"):
        view.show_chart(shown, "curves")
        view.show_chart(shown, "times")
    return shown


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
        keep(compared_scenarios.of_project(keys.COMPARE_PROJECT.get()))

    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("An example", list(projects.projects()), key=keys.COMPARE_PROJECT.name)
        st.button("Add up its stages", key="compare_use_project", on_click=use)
    notes = dict.fromkeys(stage.note for stage in projects.projects()[name])
    st.caption(escape_markdown(" ".join(notes)))


def edit(current: list[Entry], own: Fields) -> None:
    """The scenarios as a table to change, and what is done with whole ones."""
    st.markdown("## The scenarios")
    st.markdown("Change any cell: type a number as 70e9 or 70B, a device or a region by name. Empty is not given.")
    for wrong in keys.COMPARE_WRONG.get():
        st.error(escape_markdown(wrong))
    st.data_editor(
        [{"name": entry.called(own), **cells(entry, own)} for entry in current],
        key=table_key(),
        on_change=edited,
        hide_index=True,
        num_rows="fixed",
        column_config={"name": st.column_config.TextColumn("Name", pinned=True)}
        | {name: st.column_config.TextColumn(label) for name, label in COLUMNS.items()},
    )
    chosen = st.selectbox(
        "Scenario",
        list(range(len(current))),
        format_func=lambda number: f"{number + 1}. {current[number].called(own)}",
        key="compare_chosen",
    )
    at = min(chosen or 0, len(current) - 1)
    full = len(current) >= compared_scenarios.MOST
    with st.container(horizontal=True):
        st.button("Move up", on_click=move, args=(at, -1), disabled=at == 0)
        st.button("Move down", on_click=move, args=(at, 1), disabled=at == len(current) - 1)
        st.button("Duplicate", on_click=add, args=(current[at],), disabled=full)
        st.button("Remove", on_click=remove, args=(at,), disabled=len(current) < 2)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        preset = st.selectbox(
            "Model",
            [model.id for model in catalog.models()],
            format_func=lambda key: catalog.model(key).name,
            key="compare_model",
        )
        st.button("Add this model", on_click=add, args=(Entry(model=preset or ""),), disabled=full)
        st.button("Add your scenario", on_click=add, args=(compared_scenarios.snapshot(own),), disabled=full)
    if full:
        st.caption(f"{compared_scenarios.MOST} scenarios are the most.")


def cells(entry: Entry, own: Fields) -> dict[str, str]:
    """The fields of a scenario as they stand in the table; empty where not given."""
    fields = entry.fields(own)
    return {name: "" if name not in fields else descriptions.entered(fields[name]) for name in COLUMNS}


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
