"""The files that elements of our own need in the browser, and their addresses in pages/server/application.py.

Each address changes with what is behind it, so a browser may keep what it once got.
"""

import hashlib
import os
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pages.server import plotly_part
from pages.widgets import style

SERVED = (
    "OPENCARBONEVAL_SERVED"  # pages/server/application.py sets it; plain `streamlit run` and AppTest leave it alone
)
PLOTLY = "package_data/plotly.min.js"  # within the plotly package
STYLE = Path(style.__file__).with_name("style.css")
SCRIPTS = ("widgets/chart.js", "widgets/picture.js", "widgets/report.js", "widgets/slider.js", "server/first.js")


def served() -> bool:
    """Whether pages/server/application.py has the app, so that our own elements find their files."""
    return os.environ.get(SERVED) == "1"


@cache
def files() -> Mapping[str, Path]:
    """Every address with its file: plotly.js of the installed package, our own scripts and our style sheet."""
    spec = find_spec("plotly")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("the package plotly is not installed: pip install -r requirements.txt")
    plotly = f"/oce/plotly-{version('plotly')}-{_digest(Path(plotly_part.__file__))}.min.js"
    found = {plotly: Path(spec.submodule_search_locations[0], PLOTLY)}
    found[f"/oce/style-{_digest_of(content(STYLE))}.css"] = STYLE
    for name in SCRIPTS:
        path = Path(__file__).parents[1] / name
        found[f"/oce/{path.stem}-{_digest(path)}{path.suffix}"] = path
    return found


def content(path: Path) -> bytes:
    """What is sent of a file: of plotly.js what the charts need, of the style sheet the themes' colours too."""
    if path == STYLE:
        return style.sheet().encode()
    return plotly_part.part_of(path) if path.name == "plotly.min.js" else path.read_bytes()


def _digest(path: Path) -> str:
    return _digest_of(path.read_bytes())


def _digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]


@cache
def address(name: str) -> str:
    """The address of the file that is called so: plotly.min.js, chart.js, style.css."""
    return next(url for url, path in files().items() if path.name == name)


def script(name: str, *others: str) -> str:
    """A module that hands on to the script of this name, with the addresses of `others`.

    It is short, as Streamlit sends it along with every change.
    """
    script, *rest = (f"new URL({'.' + address(file)!r}, document.baseURI).href" for file in (name, *others))
    arguments = ", ".join(["element", *rest])
    return f"const script = import({script});\nexport default async (element) => (await script).default({arguments});\n"
