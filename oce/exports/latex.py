"""An estimate in LaTeX, with siunitx: numbers without separators, every character escaped."""

from __future__ import annotations

import re
import unicodedata

from oce import descriptions, units
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

    Args:
        named: Name and estimate of each.

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
    made = escaped(sentence.embodied(result))
    if result.embodied_co2e_kg.central:
        made = f"{_amount(result.embodied_co2e_kg, units.MASS)} {made}"
    return (
        f"We estimate that training {escaped(name)} (\\num{{{result.training_flop.central:.2e}}} FLOP) "
        f"{escaped(descriptions.where(result))}, PUE \\num{{{sentence.pue(result)}}}, "
        f"takes {_amount(result.device_hours, units.DEVICE_HOURS)}, "
        f"uses {_amount(result.energy_kwh, units.ENERGY)} "
        f"and emits {_amount(result.total_co2e_kg, units.MASS)} "
        f"({_amount(result.operational_co2e_kg, units.MASS)} operational, {made}); "
        f"{escaped(sentence.interval(result))}. {escaped(sentence.method(result))}."
    )


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
    return re.sub(r"CO2e", r"CO\\textsubscript{2}e", escaped(name))
