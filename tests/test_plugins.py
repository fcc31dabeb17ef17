"""What packages ask of each other: plugins, looked up once and the same; nothing that runs."""

from __future__ import annotations

import importlib.metadata
import subprocess
import sys
from importlib import import_module

import pytest

from azkz.build import plugins
from azkz.errors import BadInput


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


def test_pages_are_made_without_what_runs_notebooks() -> None:
    """All that makes pages is imported, and neither a database nor a client of kernels with it."""
    code = (
        "import sys; from azkz.build import sphinx; sphinx.load();"
        "print(*sorted({'myst_nb', 'jupyter_cache', 'sqlalchemy', 'nbclient'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["myst_nb"]


def test_every_way_to_run_a_notebook_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The names are those that MyST-NB asks for; whoever turns execution on is told what to do."""
    ways = {name for name in sys.modules if name.startswith("myst_nb.core.execute")}
    for name in ways:
        monkeypatch.delitem(sys.modules, name)
    plugins.run_nothing()
    found = import_module("myst_nb.core.execute")
    for kind in plugins._RUNNING.values():
        assert getattr(found, kind) is plugins.Unused
    for name in plugins._RUNNING:
        monkeypatch.delitem(sys.modules, name)
        assert hasattr(import_module(name), plugins._RUNNING[name])
    with pytest.raises(BadInput, match="execute_notebooks"):
        plugins.Unused()
