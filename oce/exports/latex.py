"""An estimate in LaTeX, with siunitx: numbers without separators, every character escaped."""

import unicodedata

from oce import units
from oce.estimation import Estimate, Named
from oce.exports import sentence
from oce.interval import Interval

NEEDS = "% needs \\usepackage{siunitx} and \\usepackage{booktabs}"
ESCAPES = {
    "\\": r"\textbackslash{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "–": "--",
    "—": "---",
    "…": r"\ldots{}",
    "’": "'",
    "“": "``",
    "”": "''",
    "·": r"\textperiodcentered{}",
    "×": r"\texttimes{}",
    "±": r"$\pm$",
    "μ": r"$\mu$",
    "α": r"$\alpha$",
    "β": r"$\beta$",
    "σ": r"$\sigma$",
    "−": "$-$",
    "₂": r"\textsubscript{2}",
    "₁": r"\textsubscript{1}",
    "₀": r"\textsubscript{0}",
}


def latex(named: Named) -> str:
    """A sentence for one estimate; for several, a table with a row for each.

    Returns:
        LaTeX that begins with a comment naming the packages it needs. ASCII only.
    """
    if len(named) == 1:
        return f"{NEEDS}\n{_sentence(*named[0])}\n"
    return f"{NEEDS}\n{_table(named)}\n"


def escaped(text: str) -> str:
    """A text as LaTeX prints it: ASCII, with accents dropped and what has no counterpart left out."""
    whole = "".join(ESCAPES.get(character, character) for character in text)
    return unicodedata.normalize("NFKD", whole).encode("ascii", "ignore").decode()


def _sentence(name: str, result: Estimate) -> str:
    what = f"{escaped(name)} (\\num{{{result.training_flop.central:.2e}}} FLOP)"
    said = sentence.estimated(result, what, f"\\num{{{sentence.pue(result)}}}", _amount, escaped)
    return f"{said}; {escaped(sentence.interval(result))}. {escaped(sentence.method(result))}."


def _table(named: Named) -> str:
    rows = [
        f"{_first_cell(name)} & {_amount(result.time_to_train_hours, units.DURATION)} "
        f"& {_amount(result.energy_kwh, units.ENERGY)} & {_amount(result.total_co2e_kg, units.MASS)} \\\\"
        for name, result in named
    ]
    said = dict.fromkeys(f"{sentence.method(result)}; {sentence.interval(result)}" for _, result in named)
    caption = escaped("Estimated time, energy and total carbon of training. " + ". ".join(said) + ".")
    lines = [r"\begin{table}", r"\centering", r"\begin{tabular}{llll}", r"\toprule"]
    lines += [r"Scenario & Time to train & Energy & Total carbon \\", r"\midrule", *rows, r"\bottomrule"]
    return "\n".join([*lines, r"\end{tabular}", f"\\caption{{{caption}}}", r"\end{table}"])


def _first_cell(name: str) -> str:
    """A name at the start of a row: ``[`` and ``*`` would be options of the line break before it."""
    text = escaped(name)
    return f"{{}}{text}" if text.lstrip().startswith(("[", "*")) else text


def _amount(figure: Interval, scale: units.Scale) -> str:
    """A figure with its range, all in the unit of the central value, as on the screen."""
    unit = units.unit_for(figure.central, scale)
    low, central, high = map(_number, figure / unit.size)
    between = "" if low == high else f" (\\numrange{{{low}}}{{{high}}})"
    return f"\\num{{{central}}}{between}~{_unit(unit.name)}"


def _number(value: float) -> str:
    return units.significant(value).replace(",", "")


def _unit(name: str) -> str:
    """A unit: with CO2e lowered where it has one, words as they are."""
    return escaped(name).replace("CO2e", r"CO\textsubscript{2}e")
