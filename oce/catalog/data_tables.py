"""The tables of ``data/`` for people: what each is, what its columns are called, and what must be said with its use.

All of that stands in ``data/datapackage.json`` (:mod:`oce.catalog.data_package`). ``data/SOURCES.md`` says the same at
length, and a test holds the two together.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated

from pydantic import AliasPath, BaseModel, BeforeValidator, ConfigDict, Field

from oce import units
from oce.catalog import data_package, reader
from oce.catalog.caches import cached

BILLION, THOUSANDS, MANY = 1e9, 1e4, 1e15  # from where on a number has commas, and a power of ten
IN_BILLIONS = ("parameters", "active_parameters", "tokens")  # shown so: 174.6 is easier read than 1.746e11

_Titles = Annotated[tuple[str, ...], BeforeValidator(lambda found: tuple(each["title"] for each in found))]
_Labels = Annotated[Mapping[str, str], BeforeValidator(lambda found: {each["name"]: each["title"] for each in found})]


class Table(BaseModel):
    """One table of ``data/``, as ``data/datapackage.json`` describes it."""

    model_config = ConfigDict(frozen=True)

    file: str = Field(validation_alias="path")
    title: str
    about: str = Field(validation_alias="description")  # what it is, in one plain sentence
    licence: _Titles = Field(validation_alias="licenses")  # every licence in it; of several, a column says whose
    attribution: _Titles = Field(validation_alias="sources")  # what to say when it is used
    years: str  # {} stands for the first and last year of the column `dated`
    dated: str = ""
    first: tuple[str, ...]  # the columns to show first: what a row is called
    labels: _Labels = Field(validation_alias=AliasPath("schema", "fields"))  # of every column, with its unit
    beside: tuple[str, ...] = ()  # files of data/ that belong to it

    def order(self, columns: Iterable[str]) -> tuple[str, ...]:
        """The columns as people read them: what a row is called, what it says, then where that comes from."""
        names = tuple(columns)
        last: list[str] = [
            name for name in ("aliases", "id", "note", "licence") if name in names and name not in self.first
        ]
        last += [name for name in names if name.endswith("source")]
        return (*self.first, *(name for name in names if name not in (*self.first, *last)), *last)

    def years_covered(self, dates: Iterable[str]) -> str:
        """The years that it covers, in words, from the dates of its rows."""
        found = sorted(set(re.findall(r"\b(?:19|20)\d\d\b", " ".join(dates))))
        return self.years.format("–".join(dict.fromkeys((found[0], found[-1]))) if found else "")


@cached
def tables() -> Mapping[str, Table]:
    """Every table, by the name of its file without its ending."""
    described = (resource for resource in data_package.resources() if "schema" in resource)
    return {resource["name"]: Table.model_validate(resource) for resource in described}


@cached
def other_files() -> Mapping[str, str]:
    """The files of ``data/`` that are no tables and belong to none, and what each is."""
    others = (resource for resource in data_package.resources() if "schema" not in resource)
    return {resource["path"]: resource["description"] for resource in others if "description" in resource}


def section(file: str) -> str:
    """What SOURCES.md says about a file, its tables as lists, which fit a phone; empty where it says nothing."""
    for block in reader.text_file("SOURCES.md").split("\n## ")[1:]:
        heading, _, text = block.partition("\n")
        if file in heading.split(", "):
            return _with_lists(text.strip())
    return ""


def _with_lists(text: str) -> str:
    """Markdown with every table as a list: its first column in bold, the others after it."""
    lines = text.split("\n")
    made = []
    for line, following in zip(lines, [*lines[1:], ""], strict=True):
        if following.startswith("|---") or line.startswith("|---"):
            continue
        if line.startswith("|"):
            first, *others = (cell.strip() for cell in line.strip("|").split("|"))
            made.append(f"- **{first}**: {'; '.join(filter(None, others))}")
        else:
            made.append(line)
    return "\n".join(made)


def shown(column: str, cell: str) -> str:
    """A cell as people read it: a number in few digits, with commas in thousands; text as it is."""
    try:
        number = float(cell)
    except ValueError:
        return cell
    if column in IN_BILLIONS:
        number /= BILLION
    if abs(number) >= MANY:
        return f"{number:.4g}".replace("e+", "e")
    if abs(number) >= THOUSANDS:
        return units.without_zeros(f"{number:,.2f}")
    return f"{number:.6g}"


def searchable(row: Mapping[str, str]) -> str:
    """A row as a text to search in: its cells as they are in the file and as they are shown."""
    return _folded(" ".join(f"{cell} {shown(column, cell)}" for column, cell in row.items()))


def search(rows: Sequence[str], sought: str) -> list[int]:
    """The places of the rows (:func:`searchable`) that have every word sought, in any case, with or without accents.

    Rows with the words as they were typed, side by side, go first, then those with each as a whole word.
    """
    words = _folded(sought).split()
    found = [at for at, row in enumerate(rows) if all(word in row for word in words)]
    if not words:
        return found
    together, *each = (
        re.compile(rf"(?<!\w){re.escape(text)}(?!\w)") for text in (" ".join(words), *dict.fromkeys(words))
    )

    def order(at: int) -> int:
        if together.search(rows[at]):
            return 0
        return 1 if all(word.search(rows[at]) for word in each) else 2

    return sorted(found, key=order)


def _folded(text: str) -> str:
    """Without case and accents: São Paulo is found as sao paulo."""
    letters = unicodedata.normalize("NFKD", text)
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
