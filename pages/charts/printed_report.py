"""A report of one page that prints well: HTML with its charts drawn into it, and nothing fetched."""

from __future__ import annotations

import html
from collections.abc import Sequence

from oce import descriptions, units
from oce.estimation import Estimate, Named
from oce.exports import sentence
from pages.charts.theme import Chart

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a;
  background: #fff; }
h1 { font-size: 1.45rem; line-height: 1.25; } h2 { font-size: 1.05rem; margin: 1.4rem 0 0.3rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.88rem; }
th, td { text-align: left; vertical-align: top; padding: 0.25rem 0.7rem 0.25rem 0; border-bottom: 1px solid #ccc; }
figure { margin: 0 0 0.8rem; break-inside: avoid; } figcaption { font-size: 0.88rem; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(22rem, 1fr)); gap: 0 1.5rem; }
svg { width: 100%; height: auto; } footer, .small { font-size: 0.8rem; color: #444; }
@media print { body { margin: 0; max-width: none; font-size: 10pt; } @page { margin: 14mm; } }
"""


def html_report(named: Named, charts: Sequence[Chart], link: str = "") -> str:
    """One document: the answer, the figures, the charts, what was assumed, and how to cite it.

    Args:
        named: Name and estimate of each scenario.
        charts: What is drawn, in this order.
        link: Where the same can be opened again.

    Returns:
        HTML that stands alone.
    """
    heading = descriptions.headline(named[0][1], named[0][0]) if len(named) == 1 else "Training, compared"
    body = [
        f"<h1>{_safe(heading)}</h1>",
        *(f"<p>{_safe(sentence.statement(name, one))}</p>" for name, one in named),
        _figures(named),
        f"<div class='charts'>{''.join(map(_figure, charts))}</div>",
        *(_assumed(name, one, len(named) > 1) for name, one in named),
        f"<footer><p>{_safe(sentence.method(named[0][1]))}.</p>",
        f"<p>Open it again: {_safe(link)}</p></footer>" if link else "</footer>",
    ]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_safe(heading)}</title><style>{STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def _figures(named: Named) -> str:
    head = "".join(f"<th scope='col'>{_safe(name)}</th>" for name, _ in named)
    rows = [
        f"<tr><th scope='row'>{label}</th>"
        + "".join(f"<td>{_safe(units.amount(getattr(one, field), units.SCALES[field]))}</td>" for _, one in named)
        + "</tr>"
        for field, label in units.LABELS.items()
    ]
    if any(one.cost is not None for _, one in named):
        cells = "".join(f"<td>{_safe(sentence.cost(one))}</td>" for _, one in named)
        rows.append(f"<tr><th scope='row'>Cost</th>{cells}</tr>")
    levels = dict.fromkeys(descriptions.level(one) for _, one in named)
    said = f"<p class='small'>{_safe(' '.join(levels))}</p>"
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{said}"


def _figure(chart: Chart) -> str:
    from pages.charts.svg import drawn

    said = f"<h2>{_safe(chart.heading)}</h2><figcaption>{_safe(chart.sentence)}</figcaption>"
    return f"<figure>{said}{drawn(chart)}</figure>"


def _assumed(name: str, result: Estimate, several: bool) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{_safe(descriptions.label(one.field))}</th><td>{_safe(descriptions.value(one))}</td>"
        f"<td>{_safe(one.source)}</td><td>{_safe(one.year)}</td></tr>"
        for one in result.assumptions
    )
    given = "".join(
        f"<tr><th scope='row'>{_safe(descriptions.label(field))}</th><td>{_safe(descriptions.entered(value))}</td>"
        "<td>given</td><td></td></tr>"
        for field, value in result.scenario.given().items()
    )
    notes = "".join(f"<p class='small'>{_safe(note.text)}</p>" for note in result.notes)
    of = f": {_safe(name)}" if several else ""
    return f"<h2>Given and assumed{of}</h2><table><tbody>{given}{rows}</tbody></table>{notes}"


def _safe(text: str) -> str:
    return html.escape(text, quote=True)
