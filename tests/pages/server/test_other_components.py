"""A start looks into no installed package for elements of a page."""

import importlib.metadata
import importlib.util

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.components.v2.component_manager import BidiComponentManager

from pages.server import other_components


@pytest.fixture
def scanner(monkeypatch):
    """Streamlit's module as it is installed, whatever was changed in the one that this process uses."""
    spec = importlib.util.find_spec(manifest_scanner.__name__)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(manifest_scanner, "scan_component_manifests", module.scan_component_manifests)
    monkeypatch.setattr(importlib.metadata, "distributions", lambda **_: pytest.fail("packages were looked into"))


def test_streamlit_looks_into_every_package(scanner):
    with pytest.raises(pytest.fail.Exception):
        manifest_scanner.scan_component_manifests()


def test_a_server_of_ours_looks_into_none(scanner):
    other_components.look_for_none()
    BidiComponentManager().discover_and_register_components()
    assert manifest_scanner.scan_component_manifests() == []
