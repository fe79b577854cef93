"""The plotly.js of the installed package, less what costs time in every browser and is not needed here.

Whole, it starts 47 kinds of traces before the first chart: 0.70 s of processor time, of which those that are drawn here
take 0.19. Each kind is a module of the file, that is run when the list of kinds calls it; those that are left out of
the list are in the file, but never run.

At every change it searches each trace for all arrays that it has, a tenth of the time of the change. They are needed
where a mark is pointed at, and are searched for then.
"""

import re
from collections.abc import Mapping
from pathlib import Path

TRACES = ("bar", "choropleth", "scattergeo")  # besides scatter, which is part of the core
REGISTERED = re.compile(r"\.register\(\[((?:[\w$]+\(\),?)+)\]\)")  # the list of kinds, each the call of a module
CALL = re.compile(r"([\w$]+)\(\)")
MODULE = re.compile(r"var ([\w$]+)=\w+\(\(")
HANDED_ON = re.compile(r"\.exports=([\w$]+)\(\)")  # by the module of the list: another one,
NAMED = re.compile(r'moduleType:"trace",name:"(\w+)"')  # which says what it is
SHORT = 6_000  # characters that such modules have at most: their parts are modules of their own
ARRAYS = "._arrayAttrs"  # where it keeps what it found
SEARCHED = (  # where it does so, and where it needs what it found
    (re.compile(r"\b([\w$]+)\._arrayAttrs=[\w$]+\.findArrayAttributes\(\1\),"), ""),
    (re.compile(r"=([\w$]+)\._arrayAttrs\b(?!=)"), r"=window.Plotly.PlotSchema.findArrayAttributes(\1)"),
)


def part_of(path: Path) -> bytes:
    """The file as it is sent; as it is in the package where its list of kinds is not as expected."""
    text = path.read_text(encoding="utf-8")
    lines = (part(text) or text).split("\n")  # each whole: over all of it, a pattern takes a tenth of a second
    return "\n".join(_without_search(line) if ARRAYS in line else line for line in lines).encode()


def _without_search(line: str) -> str:
    for pattern, instead in SEARCHED:
        line = pattern.sub(instead, line)
    return line


def part(text: str) -> str:
    """plotly.js that starts with `TRACES` only; empty where they are not all found in it."""
    listed = max(REGISTERED.finditer(text), key=lambda one: len(one[1]), default=None)
    if listed is None:
        return ""
    modules = {one[1]: one.start() for one in MODULE.finditer(text)}
    kinds = {_kind(text, modules, name): name for name in CALL.findall(listed[1])}
    if not kinds.keys() >= set(TRACES):
        return ""
    return f"{text[: listed.start(1)]}{','.join(f'{kinds[one]}()' for one in TRACES)}{text[listed.end(1) :]}"


def _kind(text: str, modules: Mapping[str, int], name: str) -> str:
    """The kind of trace that a module of the list stands for."""
    at = modules.get(name, len(text))
    found = HANDED_ON.search(text, at, at + SHORT)
    at = modules.get(found[1], len(text)) if found else len(text)
    named = NAMED.search(text, at, at + SHORT)
    return named[1] if named else ""
