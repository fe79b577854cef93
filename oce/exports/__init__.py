"""What can be taken away: an estimate as JSON, CSV, a sentence, LaTeX, a model card, Python, a report.

Every form states the method, its version, the year of the data, the interval and its level. Numbers for people are
those on the screen: the same units, three significant digits. Numbers for machines have all their digits, but for the
model card's, which people quote.
"""

from oce.exports.latex import latex
from oce.exports.model_card import model_card
from oce.exports.python import python_code
from oce.exports.records import to_csv, to_json
from oce.exports.report import html_report, page_report
from oce.exports.sentence import method, statement, statements

__all__ = [
    "html_report",
    "latex",
    "method",
    "model_card",
    "page_report",
    "python_code",
    "statement",
    "statements",
    "to_csv",
    "to_json",
]
