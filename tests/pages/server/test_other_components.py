"""A start looks into no installed package for elements of a page."""

import importlib.metadata

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager

from pages.server import other_components


def test_no_installed_package_is_looked_into(monkeypatch):
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", manifest_scanner.scan_component_manifests)
    monkeypatch.setattr(importlib.metadata, "distributions", lambda **_: pytest.fail("packages were looked into"))
    with pytest.raises(pytest.fail.Exception):
        manifest_scanner.scan_component_manifests()
    other_components.look_for_none()
    BidiComponentManager().discover_and_register_components()
