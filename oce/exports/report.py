"""A report that prints well: HTML that stands alone and fetches nothing, with room for the charts of the page."""

from html import escape

from oce import descriptions, units
from oce.estimation import Estimate, Named
from oce.exports import sentence

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


def html_report(named: Named, link: str = "") -> str:
    """An HTML document of the answer, the figures, what was assumed, how to cite it, and the link that opens it again.

    Its empty ``<div class='charts'>`` is for the drawings that the browser has of the charts (pages/widgets/report.js).
    """
    heading = descriptions.headline(named[0][1], named[0][0]) if len(named) == 1 else "Training, compared"
    body = [
        f"<h1>{escape(heading)}</h1>",
        *(f"<p>{escape(sentence.statement(name, result))}</p>" for name, result in named),
        _figures(named),
        "<div class='charts'></div>",
        *(_assumed(name, result, len(named) > 1) for name, result in named),
        f"<footer><p>{escape(sentence.method(named[0][1]))}.</p>",
        f"<p>Open it again: {escape(link)}</p></footer>" if link else "</footer>",
    ]
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(heading)}</title><style>{STYLE}</style></head><body>{''.join(body)}</body></html>"
    )


def _figures(named: Named) -> str:
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name, _ in named)
    rows = [
        f"<tr><th scope='row'>{label}</th>"
        + "".join(f"<td>{escape(units.amount(getattr(result, name), units.SCALES[name]))}</td>" for _, result in named)
        + "</tr>"
        for name, label in units.LABELS.items()
    ]
    if any(result.cost is not None for _, result in named):
        cells = "".join(f"<td>{escape(sentence.cost(result))}</td>" for _, result in named)
        rows.append(f"<tr><th scope='row'>Cost</th>{cells}</tr>")
    levels = dict.fromkeys(descriptions.level(result) for _, result in named)
    said = f"<p class='small'>{escape(' '.join(levels))}</p>"
    return f"<table><thead><tr><td></td>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>{said}"


def _assumed(name: str, result: Estimate, several: bool) -> str:
    rows = "".join(
        f"<tr><th scope='row'>{escape(descriptions.label(assumption.field))}</th>"
        f"<td>{escape(descriptions.value(assumption))}</td><td>{escape(assumption.source)}</td><td>{escape(assumption.year)}</td></tr>"
        for assumption in result.assumptions
    )
    given = "".join(
        f"<tr><th scope='row'>{escape(descriptions.label(field))}</th><td>{escape(descriptions.entered(value))}</td>"
        "<td>given</td><td></td></tr>"
        for field, value in result.scenario.given().items()
    )
    notes = "".join(f"<p class='small'>{escape(note.text)}</p>" for note in result.notes)
    of = f": {escape(name)}" if several else ""
    return f"<h2>Given and assumed{of}</h2><table><tbody>{given}{rows}</tbody></table>{notes}"
