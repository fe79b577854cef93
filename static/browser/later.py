"""What of Python's packages does not come with the first page: packs by their names, and what brings them.

static/packs.py sorts the files by it. Beside the packs that are named here, `REST` has the modules, of the wheels and
of the standard library, that the first page does not load: the build finds out which.
"""

from __future__ import annotations

import importlib
import importlib.abc
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from types import ModuleType

LATER: Mapping[str, tuple[str, ...]] = {
    "pandas": ("pandas", "narwhals", "dateutil", "pytz", "tzdata", "six"),
    "scipy": ("scipy", "numpy.f2py"),
    "arrow": ("pyarrow", "nanoarrow"),
    "ecologits": ("ecologits", "wrapt"),
}
PACK_OF: Mapping[str, str] = {module: pack for pack, modules in LATER.items() for module in modules}
REST = "rest"
SITE = "/lib/python3.14/site-packages"
LIBRARY = "/lib/python314.zip"  # the standard library; what of it comes later lies in SITE
NAMES_OF_REST = "modules-of-rest.txt"  # in SITE


class BringPack(importlib.abc.MetaPathFinder):
    """Brings the pack of a module when it is imported for the first time.

    Args:
        bring: Writes the files of a pack into Python's file system.
        rest: The modules of the pack `REST`.
    """

    def __init__(self, bring: Callable[[str], None], rest: Sequence[str]) -> None:
        self._bring = bring
        self._rest = frozenset(rest)
        self._brought: set[str] = set()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Has the pack written into the file system, and leaves the rest to Python."""
        pack = PACK_OF.get(fullname) or (REST if fullname in self._rest else None)
        if pack is None:
            return None
        if pack not in self._brought:
            self._bring(pack)
            self._brought.add(pack)
            importlib.invalidate_caches()
        where = None if path is None else [*path, *(one.replace(LIBRARY, SITE, 1) for one in path)]
        return PathFinder.find_spec(fullname, where, target)


def install(bring: Callable[[str], None]) -> None:
    """Packs are brought from now on, by this function."""
    importlib.invalidate_caches()
    names = Path(SITE, NAMES_OF_REST).read_text(encoding="utf-8").split()
    sys.meta_path.append(BringPack(bring, names))
