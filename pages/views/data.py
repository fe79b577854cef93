"""Data: from where?"""

import calendar
import re
from collections import Counter
from io import StringIO
from typing import Literal

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from oce import catalog
from oce.catalog import citation, data_tables, measurements, reader
from oce.catalog.data_tables import Table, tables
from oce.evaluation import refit
from oce.fields import DEFAULTS
from oce.method import ratio_basis, system_power
from oce.method.calibration_file import committed
from oce.method.hardware_features import REFERENCE_DEVICE
from oce.method.runs import scored_runs
from oce.version import METHOD_VERSION
from pages.session import controls, keys
from pages.widgets import table as plain_table
from pages.widgets.text import escape_markdown

MOST_ROWS = 14  # that are seen at once
FIRST = 150  # width of the column that stays when the others move: on a phone it must leave room for them [px]
Width = Literal["small", "medium", "large"] | int | None
LINKS = re.compile(r"(arXiv:\d{4}\.\d{5}|https?://[^\s;,)]+)")


@st.cache_resource(show_spinner=False)
def texts(stem: str) -> pd.DataFrame:
    """A table as it is in the file, every cell a text."""
    return pd.read_csv(StringIO(reader.text_file(tables()[stem].file)), dtype=str, keep_default_na=False)


@st.cache_resource(show_spinner=False)
def searchable(stem: str) -> list[str]:
    return [data_tables.searchable(row) for row in texts(stem).to_dict("records")]


@st.cache_resource(show_spinner=False)
def numbers(stem: str) -> dict[str, pd.Series]:
    """The columns that hold nothing but numbers, as numbers in the unit of their label."""
    found = {}
    for column, cells in texts(stem).items():
        values = pd.to_numeric(cells.mask(cells == ""), errors="coerce")
        if values.notna().any() and (values.notna() == (cells != "")).all():
            found[column] = values / data_tables.BILLION if column in data_tables.IN_BILLIONS else values
    return found


def config(table: Table, column: str, values: pd.Series | None) -> ColumnConfig:
    """How a column is shown: numbers right-aligned, in the digits that they need; texts as wide as they are long."""
    label, pinned, said = table.labels[column], column == table.first[0], f"`{column}` in the file"
    if values is None:
        longest = texts(table.file.removesuffix(".csv"))[column].str.len().max()
        fitting: Width = "large" if longest > 60 else "medium" if longest > 18 else None
        width: Width = FIRST if pinned else fitting
        return st.column_config.TextColumn(label, pinned=pinned, help=said, width=width)
    largest = values.abs().max()
    if label.startswith("Year"):
        style = "%d"
    elif largest >= data_tables.MANY:
        style = "scientific"
    elif largest >= data_tables.THOUSANDS and (values.dropna() * 100 % 1 == 0).all():
        style = "localized"
    else:
        style = "%.6g"
    return st.column_config.NumberColumn(label, pinned=pinned, help=said, format=style)


def show_grid(stem: str, places: list[int]) -> None:
    """The rows at these places as a grid, and the one that was picked in full below it."""
    table, rows, known = tables()[stem], texts(stem).iloc[places], numbers(stem)
    order = table.order(rows.columns)
    frame = pd.DataFrame({name: known[name].iloc[places] if name in known else rows[name] for name in order})
    picked = st.dataframe(
        frame,
        key=f"grid-{stem}-{keys.DATA_SEARCH.get()}",
        hide_index=True,
        height=plain_table.height(len(frame), MOST_ROWS),
        column_config={name: config(table, name, known.get(name)) for name in order},
        placeholder="",
        on_select="rerun",
        selection_mode="single-cell",
        alt=f"{table.title}: {table.about}",
    ).selection.cells
    if not picked:
        st.caption("Click a column's name to sort by it, or any cell to read its row in full.")
        return
    row = rows.iloc[picked[0][0]]
    with st.container(border=True, key="row"):
        st.markdown(
            "\n".join(
                f"- {escape_markdown(table.labels[name])}: **{linked(data_tables.shown(name, row[name]))}**"
                for name in order
                if row[name]
            )
        )


def linked(text: str) -> str:
    """A text as Markdown that shows it as it is, with its addresses and arXiv numbers as links."""
    parts = LINKS.split(text)
    for at in range(1, len(parts), 2):
        address = parts[at].replace("arXiv:", "https://arxiv.org/abs/")
        parts[at] = f"[{escape_markdown(parts[at])}]({address})"
    return "".join(part if at % 2 else escape_markdown(part) for at, part in enumerate(parts))


def download(file: str) -> None:
    """A button that gives a file of data/, as it is there."""
    mime = {"csv": "text/csv", "json": "application/json", "geojson": "application/geo+json"}
    st.download_button(
        f"Download {file}",
        reader.content(file),
        file_name=file,
        mime=mime.get(file.rpartition(".")[2], "text/plain"),
        key=f"download-{file}",
        on_click="ignore",
    )


def licence(table: Table) -> str:
    """Under which licence a table is; where the rows differ, that they say it."""
    names = " · ".join(table.licence)
    differ = len(table.licence) > 1 and "licence" in texts(table.file.removesuffix(".csv"))
    return f"{names} (each row says which)" if differ else names


def years(stem: str) -> str:
    table = tables()[stem]
    return table.years_covered(texts(stem)[table.dated] if table.dated else ())


def limits() -> list[str]:
    """What the number does not say, each in a sentence or two."""
    runs = scored_runs()
    language = sum(run.modality == "language" for run in runs)
    ours, *others = refit.evaluations()
    published = next(method for method in others if method.name == "Published α")
    here = refit.median_error_on(ours, published.runs)
    compared = measurements.fitted(measurements.contrasts())
    devices = {device for contrast in compared for device in (contrast.first_device, contrast.second_device)}
    reference = catalog.device(REFERENCE_DEVICE)
    of_kind = Counter(ratio_basis.basis(reference, device).kind for device in catalog.devices())
    share, error = ours.score.coverage[0.8], ours.score.coverage_error[0.8]
    by_organisation, its_error = ours.score.organisation_coverage[0.8], ours.score.organisation_coverage_error[0.8]
    return [
        "**Only the final run is counted.** Failed runs, experiments and data preparation are in the result only as "
        "the overhead you give, which is 0 unless you do. Use after training is on the Lifetime page.",
        "**Power is that at the server's plug,** metered while training where somebody metered it, else the device's "
        f"rated power (TDP) × {system_power.factor().centre:.2f}, as {system_power.factor().devices} metered devices "
        "have it. Switches, storage and other servers are not in it. PUE is the place's or its operator's figure, else "
        "that of public clouds. The published throughput and your own α take the TDP alone and no PUE, as the paper.",
        "**The grid is one yearly average,** of the latest year there is: no hours, no seasons. Lifecycle and direct "
        "figures stand side by side, and are not comparable one to one; the table says which is which.",
        "**Carbon is location-based.** Certificates, offsets and power purchase agreements do not lower it.",
        "**Compute is 6 × active parameters × tokens,** unless you give it. Without a context length it "
        "leaves out attention.",
        f"**It has learnt from what was published:** {committed().runs} runs of {committed().organisations} groups of "
        f"organisations, {language} of the runs language models. Those who publish nothing may differ.",
        f"**How fast one device is against another** comes from {len(compared):,} measured ratios over {len(devices)} "
        f"devices, most of them of NVIDIA's. Of the {len(catalog.devices())} devices here {of_kind['bracketed']} are "
        "only bracketed by what two vendors reach on stacks of their own and by claims, TPU v4 against A100 and H100 "
        f"among them, and {of_kind['placed']} are placed by their peak, memory bandwidth and link. A word beside the "
        "number says so.",
        "**Each interval is its own:** that of energy has the hours, power and PUE in it, that of carbon the grid and "
        "the making too, each taken as independent of the others, in quadrature; what you give counts as known. "
        "Compute enters as a single value. The calibrated interval is "
        "meant for a run of an organisation never seen, on average, not for each alike: the 80% one held "
        f"{share:.0%} of the runs (give or take {100 * error:.0f} points) and {by_organisation:.0%} where each "
        f"organisation counts the same ({100 * its_error:.0f}). It is wide, as organisations differ; your own past "
        "runs or a measured rate narrow it.",
        f"**Where the year of training is not given it is {catalog.data_year()},** that of the data: a plan is for "
        "now. Presets and past runs carry their own.",
        (
            f"**The published α has the nearer central value on the {published.score.runs} runs that it covers,** a"
            if published.score.median_error < here
            else f"**The published α covers {published.score.runs} of those runs,** with a"
        )
        + f" median error of {published.score.median_error:.1%} against {here:.1%}, though it was partly fitted on "
        f"them; its interval held {published.score.coverage[0.8]:.0%} of them.",
        "**Embodied carbon is that of the card and its share of the host server,** spread over "
        f"{DEFAULTS['device_life_years']:g} years at {DEFAULTS['use_fraction']:.0%} use, both assumed unless you give "
        "them. The host's share is that of the class of server, by one rule for every year. Buildings, network, "
        "separate storage and disposal are left out; where a device's silicon is not known, it is a wide guess.",
    ]


def show() -> None:
    st.title("Every number here has a source", anchor=False)
    year, month, *_ = catalog.data_version().split(".")
    gathered = f"{calendar.month_name[int(month)]} {year}"
    fitted = reader.json_file(refit.CALIBRATION)
    st.markdown(
        f"Method **{METHOD_VERSION}**, data **{catalog.data_version()}** (gathered in {gathered}). The calibration "
        f"(method {fitted['version']}, data {fitted['data_version']}) is fitted to **{committed().runs} runs** of "
        f"**{committed().organisations} groups** of organisations."
    )
    stem, keep = controls.keep_in_link("table", "devices", tables())
    st.pills(
        "Table",
        list(tables()),
        format_func=lambda name: tables()[name].title,
        key="table",
        on_change=keep,
        required=True,
    )
    table = tables()[stem]

    st.markdown(f"## {table.title}\n{table.about}")
    st.markdown(
        f"**{len(texts(stem))} rows**, {years(stem)}. Licence: **{escape_markdown(licence(table))}**.  \n"
        f"Attribution: {linked(' · '.join(table.attribution))}"
    )
    sought = st.text_input(
        "Search", key=keys.DATA_SEARCH.name, placeholder="words in any column", type="search", max_chars=100, width=320
    )
    found = {name: data_tables.search(searchable(name), sought) for name in tables()}
    if sought.strip():
        elsewhere = ", ".join(
            f"{tables()[name].title} ({len(places)})" for name, places in found.items() if places and name != stem
        )
        here = f"{len(found[stem])} of {len(texts(stem))} rows have" if found[stem] else f"Nothing in {table.title} has"
        st.markdown(f"{here} “{escape_markdown(sought.strip())}”." + (f" Also in: {elsewhere}." if elsewhere else ""))
    if found[stem]:
        show_grid(stem, found[stem])

    with st.container(horizontal=True):
        for file in (table.file, *table.beside):
            download(file)
    said = data_tables.section(table.file)
    if said:
        with st.expander(f"Columns, origin and licence of {table.file}, at length"):
            st.markdown(said)
    with st.expander(f"All {len(tables())} tables at a glance"):
        plain_table.show(
            ["Table", "What it is", "Rows", "Years", "Licence"],
            [
                [other.title, other.about, str(len(texts(name))), years(name), licence(other)]
                for name, other in tables().items()
            ],
        )

    st.markdown(
        "## The other files\n" + "\n".join(f"- `{file}`: {about}" for file, about in data_tables.other_files().items())
    )
    with st.container(horizontal=True):
        for file in data_tables.other_files():
            download(file)

    st.markdown(
        "## How to cite\nThis tool, with the versions that gave your number, and the paper whose method it follows "
        "(`CITATION.cff` says the same):"
    )
    st.code(citation.bibtex_of_tool(), language=None, wrap_lines=True)
    st.code(citation.BIBTEX_OF_PAPER, language=None, wrap_lines=True)

    st.markdown("## What the number does not say\n" + "\n".join(f"- {limit}" for limit in limits()))


if __name__ == "__main__":  # Streamlit runs the file of the page
    show()
