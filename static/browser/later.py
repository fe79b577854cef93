"""What of the wheels does not come with the first page: packs by their names, and what each brings when it is imported.

static/packs.py sorts the files by it, static/browser/start.py the imports.
"""

from __future__ import annotations

from collections.abc import Mapping

LATER: Mapping[str, tuple[str, ...]] = {
    "pandas": ("pandas", "narwhals", "dateutil", "pytz", "tzdata", "six"),
    "scipy": ("scipy", "numpy.f2py"),
    "arrow": ("pyarrow", "nanoarrow"),
    "ecologits": ("ecologits", "wrapt"),
    "more": (
        *("numpy.random", "numpy.fft", "numpy.polynomial", "numpy.testing"),
        *("pydantic.v1", "streamlit.testing"),
    ),
}
PACK_OF: Mapping[str, str] = {module: pack for pack, modules in LATER.items() for module in modules}
