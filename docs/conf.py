"""How Sphinx builds these pages into site/: `make docs`, which stops at the first warning."""

import os
import pkgutil
import sys
from pathlib import Path
from typing import Any

from docutils import nodes
from pydantic import BaseModel
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))  # autodoc imports this checkout

from oce.version import VERSION  # noqa: E402

project = "OpenCarbonEval explorer"
author = "The OpenCarbonEval explorer developers"
version = release = VERSION

extensions = [
    "myst_parser",
    "sphinx.ext.apidoc",  # docs/reference: a page for each package of oce
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
]
apidoc_modules = [{"path": "../oce", "destination": "reference", "max_depth": 1}]
os.environ["SPHINX_APIDOC_OPTIONS"] = "members"  # its own setting does not reach the modules of a package in Sphinx 9.0
autodoc_default_options = {"ignore-module-all": True}
autodoc_type_aliases = {name: name for name in ("ArrayLike", "Codes", "Floats", "Numeric", "Texts")}
autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
myst_heading_anchors = 3
nitpicky = True
nitpick_ignore_regex = [("py:class|py:exc", r"(?!oce\.).*")]  # types of other packages

html_theme = "alabaster"  # with the reader's own fonts: a page asks no other site for anything
html_title = project
html_static_path = ["style.css"]
html_css_files = ["style.css"]
html_copy_source = False
html_show_copyright = False
html_theme_options = {
    "description": "The carbon of training an AI model, before it is trained",
    "show_powered_by": False,
    "font_family": "system-ui, sans-serif",
    "head_font_family": "system-ui, sans-serif",
}


def short_signature(
    _app: Sphinx, what: str, _name: str, obj: object, _options: object, _signature: str, _returns: str
) -> tuple[str, None] | None:
    """A pydantic model takes its fields as keywords: its own signature repeats every check of every field."""
    return ("(**fields)", None) if what == "class" and isinstance(obj, type) and issubclass(obj, BaseModel) else None


def without_entry(
    _app: Sphinx, _environment: object, node: pending_xref, contnode: nodes.Element
) -> nodes.Element | None:
    """A constant or a type alias has no entry in these pages: a name that exists stands without a link."""
    target, module = node["reftarget"], node.get("py:module")
    for name in (target, f"{module}.{target}"):
        try:
            pkgutil.resolve_name(name)
        except (ImportError, AttributeError, ValueError):
            continue
        return contnode
    return None  # a warning


def setup(app: Sphinx) -> dict[str, Any]:
    """Registers the handlers above with Sphinx."""
    app.connect("autodoc-process-signature", short_signature)
    app.connect("missing-reference", without_entry)
    return {"parallel_read_safe": True}
