"""Plugins of installed packages: looked up once, and the same."""

from __future__ import annotations

import importlib.metadata
from importlib import import_module

import pytest

from azkz.build import plugins


@pytest.mark.parametrize("module", plugins._ASKING)
def test_asking_modules_are_told_what_is_known(
    module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They find what they would find, without another look at what is installed."""
    wanted = {"group": "pybtex.style.formatting", "name": "plain"}
    asking = import_module(module)
    monkeypatch.setattr(asking, "entry_points", importlib.metadata.entry_points)
    found = list(asking.entry_points(**wanted))
    plugins.look_up_once()
    plugins._known()
    monkeypatch.setattr(importlib.metadata, "distributions", None)
    assert found == list(asking.entry_points(**wanted))
    assert len(found) == 1
    assert not list(asking.entry_points(group="pybtex.style.formatting", name="no such style"))
