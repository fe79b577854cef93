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
  @page { margin: 11mm; } html { font-size: 8.5pt; } body { margin: 0; padding: 0; max-width: none; font-size: 1rem; }
  h1, p { margin: 0 0 0.3rem; } h2 { margin: 0.5rem 0 0; break-after: avoid; } td, th { padding-block: 0.1rem; }
  .charts { grid-template-columns: 1fr 1fr; } figure { margin: 0; } tr { break-inside: avoid; }
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
    base = named[0][1]
    body = [
        *(f"<p>{escape(said)}</p>" for said in sentence.statements(named)),
        _figures(named),
        "<div class='charts'></div>",
        *(_assumed(f": {name}" if several else "", result) for name, result in named),
    ]
    return _document(heading, body, base, link, made_on)


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
        _assumed("", result),
    ]
    return _document(heading, body, result, link, made_on)


def _document(heading: str, body: Iterable[str], result: Estimate, link: str, made_on: date | None) -> str:
    made = f"Made on {made_on:%-d %B %Y}. " if made_on else ""
    again = f"<p>Open it again: <a href='{escape(link, quote=True)}'>{escape(link)}</a></p>" if link else ""
    footer = f"<footer><p>{escape(f'{made}{sentence.method(result)}. {LIMITS} {LIFETIME}')}</p>{again}</footer>"
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
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
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{said}"


def _assumed(of: str, result: Estimate) -> str:
    """What was given and what was filled in; ``of`` ends the heading where there are several."""
    rows = "".join(
        _row(descriptions.label(assumption.field), descriptions.value(assumption), assumption.source, assumption.year)
        for assumption in result.assumptions
    )
    given = "".join(
        _row(descriptions.label(field), descriptions.named(field, value), "given", "")
        for field, value in result.scenario.given().items()
    )
    notes = "".join(f"<p class='small'>{escape(note.text)}</p>" for note in result.notes)
    return f"<h2>Given and assumed{escape(of)}</h2><table><tbody>{given}{rows}</tbody></table>{notes}"
