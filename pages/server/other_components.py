"""No installed package is asked for elements of a page: those of the app are its own.

Streamlit 1.67 reads the metadata of every installed package at the start of a server, to find packages that bring
elements (`[tool.streamlit.component]`): a tenth of the time until the first page is answered.
"""

from pathlib import Path

from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.manifest_scanner import ComponentManifest


def _none(max_workers: int | None = None) -> list[tuple[ComponentManifest, Path]]:
    """The elements of installed packages that the app shows."""
    return []


def look_for_none() -> None:
    """Has Streamlit look for none, from now on."""
    manifest_scanner.scan_component_manifests = _none
