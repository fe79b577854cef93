"""Compare: which, and why?"""

import streamlit as st

from oce import catalog, descriptions
from oce.errors import InputError
from oce.field import projects
from oce.fields import FIELDS
from oce.scenario import Scenario
from pages import charts as figures
from pages.server import preview
from pages.session import link, state
from pages.session.current_estimate import title, told
from pages.views import compare_view
from pages.views.compare_view import Entry
from pages.widgets import chart, export_panel, table
from pages.widgets import chart_tables as numbers
from pages.widgets.text import plain

COLUMNS = {name: field.label for name, field in FIELDS.items()}  # what can be edited in place, beside the name


def entries() -> list[Entry]:
    """The scenarios that are compared: those of the link, else the default ones."""
    text = state.extra("compare")
    return compare_view.from_text(text)[0] if text else compare_view.default(dict(state.fields()))


def keep(changed: list[Entry]) -> None:
    """Makes these the scenarios that are compared."""
    state.keep_extra("compare", compare_view.to_text(changed))
    st.session_state["compare_wrong"] = []
    st.session_state["compare_edits"] = st.session_state.get("compare_edits", 0) + 1


def edited() -> None:
    """Takes over what was typed into the table; what cannot be used is said, and the rest kept."""
    now, wrong = entries(), []
    edits = st.session_state[f"compare_table_{st.session_state.get('compare_edits', 0)}"]["edited_rows"]
    for row, cells in edits.items():
        for name, value in cells.items():
            try:
                now[int(row)] = compare_view.changed(now[int(row)], name, "" if value is None else str(value))
            except InputError as error:
                wrong += [f"{now[int(row)].called(dict(state.fields()))}: {problem}" for problem in error.problems]
    keep(now)
    st.session_state["compare_wrong"] = wrong


def charts() -> tuple[figures.Chart, ...]:
    """Those of the printed report."""
    return figures.totals(named), figures.throughput_curves(named), figures.times_by_devices(named)


def opened(saved: list[tuple[str, Scenario]]) -> None:
    """Compares the scenarios of a saved file."""
    kept = [(name, compare_view.snapshot(link.with_ids(one))) for name, one in saved[: compare_view.MOST]]
    keep([compare_view.changed(entry, "name", name) for name, entry in kept])


def move(at: int, by: int) -> None:
    """Moves a scenario up or down."""
    now = entries()
    now.insert(at + by, now.pop(at))
    keep(now)


def add(entry: Entry) -> None:
    """Adds a scenario at the end."""
    keep([*entries(), entry])


def remove(at: int) -> None:
    """Removes a scenario."""
    keep([entry for number, entry in enumerate(entries()) if number != at])


def together() -> None:
    """Asks whether the scenarios stand side by side or are stages that add up; kept in the link."""
    ways = {"": "Side by side", "sum": "Add up"}
    now = "sum" if state.extra("together") == "sum" else ""
    key = f"together_{now}"

    def changed() -> None:
        state.keep_extra("together", st.session_state[key] or "")

    st.segmented_control(
        "The scenarios", list(ways), format_func=ways.__getitem__, default=now, required=True, key=key,
        on_change=changed, label_visibility="collapsed",
    )  # fmt: skip


def example() -> None:
    """Offers the stages of published projects, each by its name, with what of them is assumed."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("An example", list(projects.projects()), key="compare_project")
        st.button("Add up its stages", key="compare_use_project", on_click=show_project)
    notes = dict.fromkeys(one.note for one in projects.projects()[name])
    st.caption(plain(" ".join(f"{note}" for note in notes)))


def show_project() -> None:
    """Compares the stages of the project that is chosen."""
    keep(compare_view.of_project(st.session_state["compare_project"]))


own = dict(state.fields())
current = entries()
told()
for problem in compare_view.from_text(state.extra("compare"))[1]:
    st.warning(plain(f"In the link, {problem}. The rest of it was kept."))

# The estimates
found = compare_view.estimates(current, own, state.calibration_runs())
named, names = found.named, found.names
for sentence in found.refused:
    st.error(plain(sentence))
if len(named) < 2:
    st.title("Compare two scenarios or more", anchor=False)
    st.markdown("Add one below: from your scenario in the sidebar, or from a model that was trained.")
elif state.extra("together") == "sum":
    headline, sums, drawn = found.added()
    st.title(plain(headline), anchor=False)
    together()
    st.caption(
        "Each scenario is a stage of one project, one after another. What the stages share, such as the organisation's "
        "luck or the same grid, is counted once for all of them in the interval."
    )
    table.show(["", *names, "Together"], sums)
    example()
    chart.show(drawn["stages"], "stages")
    numbers.show(lambda: list(drawn.values()), "compare")
    export_panel.show(named, charts, opened)
else:
    at = found.baseline(state.extra("baseline"))
    base_name = names[at]
    wanted = state.extra("baseline")
    if wanted and wanted != str(at):
        state.refuse("baseline", f"0 … {len(names) - 1}", str(at))

    # The answer
    title(plain(found.headline(at)))
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
    table.show(["Scenario", *names], found.rows(at))
    shared = sorted({text for number, one in enumerate(found.ratios(at)) if number != at for text in one.shared})
    if shared:
        st.caption("Treated as shared, so that it cancels in the ratios: " + "; ".join(shared) + ".")
    if rests_on := found.bases(at):
        st.caption(plain("What the speed of one device against the other rests on. " + " ".join(rests_on)))
    levels = sorted({descriptions.level(one) for _, one in named})
    st.caption(" ".join(levels))

    # The charts
    others = [name for name in names if name != base_name]
    why_key = f"why_{'_'.join(others)}"
    totals = st.container()
    asked = st.selectbox("Explain the difference to", others, key=why_key) or others[0]
    st.session_state[preview.WHY] = why_key
    drawn = found.charts(at, next(pair for pair in named if pair[0] == asked))
    with totals:
        chart.show(drawn["totals"], "totals")
    chart.show(drawn["why"], "why")
    with st.container(key="pairs"):
        chart.show(drawn["curves"], "curves")
        chart.show(drawn["times"], "times")

    numbers.show(lambda: list(drawn.values()), "compare")
    export_panel.show(named, charts, opened)

# The scenarios
st.markdown("## The scenarios")
st.markdown("Change any cell: type a number as 70e9 or 70B, a device or a region by name. Empty is not given.")
for sentence in st.session_state.get("compare_wrong", []):
    st.error(plain(sentence))
cells = [
    {
        "name": entry.called(own),
        **{
            name: "" if (value := entry.fields(own).get(name)) is None else descriptions.entered(value)
            for name in COLUMNS
        },
    }
    for entry in current
]
st.data_editor(
    cells,
    key=f"compare_table_{st.session_state.get('compare_edits', 0)}",
    on_change=edited,
    hide_index=True,
    num_rows="fixed",
    column_config={"name": st.column_config.TextColumn("Name", pinned=True)}
    | {name: st.column_config.TextColumn(label) for name, label in COLUMNS.items()},
)
numbers = list(range(len(current)))
chosen = st.selectbox(
    "Scenario", numbers, format_func=lambda n: f"{n + 1}. {current[n].called(own)}", key="compare_chosen"
)
chosen = min(chosen or 0, len(current) - 1)
full = len(current) >= compare_view.MOST
with st.container(horizontal=True):
    st.button("Move up", on_click=move, args=(chosen, -1), disabled=chosen == 0)
    st.button("Move down", on_click=move, args=(chosen, 1), disabled=chosen == len(current) - 1)
    st.button("Duplicate", on_click=add, args=(current[chosen],), disabled=full)
    st.button("Remove", on_click=remove, args=(chosen,), disabled=len(current) < 2)
with st.container(horizontal=True, vertical_alignment="bottom"):
    preset = st.selectbox(
        "Model",
        [one.id for one in catalog.models()],
        format_func=lambda key: catalog.model(key).name,
        key="compare_model",
    )
    st.button("Add this model", on_click=add, args=(Entry(model=preset or ""),), disabled=full)
    st.button("Add your scenario", on_click=add, args=(compare_view.snapshot(own),), disabled=full)
if full:
    st.caption(f"{compare_view.MOST} scenarios are the most.")
