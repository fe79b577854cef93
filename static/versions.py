"""What the site is built from: versions.toml, typed."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("versions.toml")


@dataclass(frozen=True)
class Wheel:
    """A wheel from pip's index."""

    name: str
    version: str
    sha256: str

    @property
    def requirement(self) -> str:
        """As a line of a requirements file; pip refuses a file of another digest."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


@dataclass(frozen=True)
class Pyodide:
    """The npm package, and the platform that its wheels are for."""

    version: str
    integrity: str
    python: str
    platform: str


@dataclass(frozen=True)
class Versions:
    """All of versions.toml."""

    pyodide: Pyodide
    own: tuple[str, ...]
    carrier: Wheel
    carrier_folder: str
    wheels: tuple[Wheel, ...]


def read() -> Versions:
    """The versions of this checkout."""
    found: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    carrier = dict(found["carrier"])
    folder = carrier.pop("folder")
    wheels = tuple(Wheel(name, **about) for name, about in found["wheels"].items())
    return Versions(Pyodide(**found["pyodide"]), tuple(found["own"]["wheels"]), Wheel(**carrier), folder, wheels)
