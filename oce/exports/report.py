"""A report that prints well: HTML that stands alone and fetches nothing, with room for the charts of the page."""

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape

from oce import descriptions, units
from oce.analysis import option_names
from oce.estimation import Estimate, Named
from oce.exports import after_training, sentence

Listed = tuple[str, Sequence[str], Sequence[Sequence[str]]]  # caption, columns, rows
STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a;
  background: #fff; }
h1 { font-size: 1.45rem; line-height: 1.25; } h2 { font-size: 1.05rem; margin: 1.4rem 0 0.3rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.7rem 0.25rem 0; border-bottom: 1px solid #ccc; }
figure { margin: 0 0 0.8rem; break-inside: avoid; } figcaption { font-size: 0.88rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 1.5rem; }
svg { width: 100%; height: auto; } footer, .small { font-size: 0.8rem; color: #444; }
@media print {
  @page { margin: 8mm; } html { font-size: 8pt; } html.single { font-size: 7pt; } /* all of it on one sheet */
  body { margin: 0; padding: 0; max-width: none; font: 1rem Arial, Helvetica, sans-serif; }
  h1 { font-size: 1.3rem; } h1, p { margin: 0 0 0.15rem; line-height: 1.25; }
  h2 { font-size: 1rem; margin: 0.2rem 0 0; break-after: avoid; line-height: 1.25; }
  td, th { padding-block: 0; line-height: 1.25; }
  tr, figure { break-inside: avoid; } table, figcaption, footer, .small { font-size: 1rem; line-height: 1.2; }
  .charts { display: block; columns: 3; column-gap: 1.2rem; margin-block: 0.3rem; } svg { overflow: visible; }
  figure { margin: 0 0 0.3rem; } div.single { columns: 3; column-gap: 1.2rem; }
  .assumed :is(table, tbody, tr, th, td) { display: inline; padding: 0; border: 0; }
  .assumed td::before { content: " "; } .assumed td + td::before { content: ", "; } .assumed td:empty { display: none; }
  .assumed tr:not(:last-child)::after { content: "; "; } .assumed tr:last-child::after { content: "."; }
}
"""


LIMITS = (
    "Counted: electricity of devices, servers and cooling; making of devices and servers. Not counted: buildings, "
    "storage and networks outside the servers, staff, earlier experiments unless given as overhead, and use of the "
    "model. Carbon is location-based: contracts and certificates do not lower it."
)
LIFETIME = "Another use of the model and its water: the page Lifetime of the explorer, by the same link."


def html_report(named: Named, link: str = "", made_on: date | None = None, answer: str = "") -> str:
    """An HTML document of the answer, the figures, what was assumed, how to cite it, and the link that opens it again.

    Its empty ``<div class='charts'>`` is for the drawings that the browser has of the charts (pages/widgets/report.js).

    Args:
        named: Name and estimate of each; the first is what others are compared with.
        link: That opens it again.
        made_on: The day that it bears; none if not given.
        answer: The sentence that decides among several.
    """
    several = len(named) > 1
    heading = (answer or "Training, compared") if several else descriptions.headline(named[0][1], named[0][0])
    body = [
        *(f"<p>{escape(said)}</p>" for said in sentence.statements(named)),
        _figures(named),
        "<div class='charts'></div>",
        _assumed(named),
    ]
    return _document(heading, body, link, made_on, "" if several else "single")


def page_report(
    heading: str,
    result: Estimate,
    tables: Sequence[Listed],
    link: str = "",
    made_on: date | None = None,
    counts_use: bool = False,
) -> str:
    """The same of a page whose answer is more than an estimate: its sentence and its tables, then the estimate.

    Args:
        heading: The sentence that answers.
        result: The estimate that the page starts from.
        tables: Caption, columns and rows of each.
        link: That opens it again.
        made_on: The day that it bears; none if not given.
        counts_use: Whether the answer itself is of use and water, so that nothing is added of the usual use.
    """
    body = [
        f"<p>{escape(sentence.statement(option_names.trained(result), result))}</p>",
        "<div class='charts'></div>",
        *(_listed(*listed) for listed in tables),
        "" if counts_use else _after_training(result),
        _assumed([("", result)]),
    ]
    return _document(heading, body, link, made_on)


def _document(heading: str, body: Iterable[str], link: str, made_on: date | None, look: str = "") -> str:
    made = f"Made on {made_on:%-d %B %Y}. " if made_on else ""
    again = f"<p>Open it again: <a href='{escape(link, quote=True)}'>{escape(link)}</a></p>" if link else ""
    footer = f"<footer><p>{escape(f'{made}{LIMITS} {LIFETIME}')}</p>{again}</footer>"
    return (
        f"<!doctype html><html lang='en' class='{look}'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(heading)}</title><style>{STYLE}</style></head><body><h1>{escape(heading)}</h1>"
        f"{''.join(body)}{footer}</body></html>"
    )


def _row(label: str, *cells: str) -> str:
    return f"<tr><th scope='row'>{escape(label)}</th>{''.join(f'<td>{escape(cell)}</td>' for cell in cells)}</tr>"


def _listed(caption: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table with its caption; nothing where it has no rows."""
    if not rows:
        return ""
    head = "".join(f"<th scope='col'>{escape(column)}</th>" for column in columns)
    title = f"<h2>{escape(caption)}</h2>" if caption else ""
    lines = "".join(_row(*cells) for cells in rows)
    return f"{title}<table><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table>"


def _after_training(result: Estimate) -> str:
    """The water of the training and the usual use, in a line, and what they rest on."""
    named = [("", result)]
    said = " · ".join(f"{label}: {cell}" for label, cell in after_training.rows(named))
    sources = f"<p class='small'>{escape(after_training.sources(named))}</p>"
    return f"<p>{escape(said)}</p>{sources}" if said else sources


def _figures(named: Named) -> str:
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name, _ in named)
    rows = [
        _row(label, *(units.amount(getattr(result, name), units.SCALES[name]) for _, result in named))
        for name, label in units.LABELS.items()
    ]
    if any(result.cost is not None for _, result in named):
        rows.append(_row("Cost", *(sentence.cost(result) for _, result in named)))
    rows += [_row(*cells) for cells in after_training.rows(named)]
    levels = dict.fromkeys(descriptions.level(result) for _, result in named)
    said = f"<p class='small'>{escape(' '.join([*levels, after_training.sources(named)]))}</p>"
    if len(named) == 1:
        return f"<div class='single'><table><tbody>{''.join(rows)}</tbody></table></div>{said}"
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{said}"


def _assumed(named: Named) -> str:
    """What was given and what was filled in: first what all have alike, then what only some have, under their names."""
    each = {name: _values(result) for name, result in named}
    alike = [row for row in each[named[0][0]] if all(row in rows for rows in each.values())]
    parts = [("" if len(named) == 1 else ", by all alike", alike)]
    parts += [(f": {name}", [row for row in rows if row not in alike]) for name, rows in each.items()]
    tables = "".join(f"<h2>Given and assumed{escape(of)}</h2>{_two_kinds(rows)}" for of, rows in parts if rows)
    notes = dict.fromkeys(note.text for _, result in named for note in result.notes)
    return f"<div class='assumed'>{tables}</div><p class='small'>{escape(' '.join(notes))}</p>"


def _values(result: Estimate) -> list[tuple[str, ...]]:
    """What was given, as name and value, and what was filled in, with its source and year too."""
    given = [
        (descriptions.label(field), descriptions.named(field, value))
        for field, value in result.scenario.given().items()
    ]
    filled_in = [
        (descriptions.label(one.field), descriptions.value(one), one.source, one.year) for one in result.assumptions
    ]
    return [*given, *filled_in]


def _two_kinds(rows: Sequence[Sequence[str]]) -> str:
    """What was given in a line, and what was filled in as a table."""
    given = "; ".join(" ".join(row) for row in rows if len(row) == 2)
    line = f"<p class='small'><b>Given:</b> {escape(given)}.</p>" if given else ""
    table = "".join(_row(*row) for row in rows if len(row) > 2)
    return f"{line}<table><tbody>{table}</tbody></table>" if table else line
