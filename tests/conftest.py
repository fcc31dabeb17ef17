"""What the tests share: the real ledger, throw-away checkouts, the real site, a browser."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from azkz.ledger import Ledger
from azkz.paths import Checkout

ROOT = Path(__file__).parents[1]
PARTS = ("data", "notebooks", "book", "_config.yml", "_toc.yml")
FORBID_SKIPS = os.environ.get("AZKZ_FORBID_SKIPS") == "1"


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """The whole ledger of the repository."""
    return Ledger.load(ROOT / "data")


@pytest.fixture(scope="session")
def place() -> Checkout:
    """The checkout under test."""
    return Checkout(ROOT)


def copy_checkout(target: Path, *, with_store: bool = True) -> Checkout:
    """A throw-away checkout, with the results that the real one has already."""
    target.mkdir(parents=True, exist_ok=True)
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(
                source, target / part, ignore=shutil.ignore_patterns(".ipynb_checkpoints")
            )
        else:
            shutil.copy(source, target / part)
    store = ROOT / "_build" / "store"
    if with_store and store.is_dir():
        shutil.copytree(store, target / "_build" / "store")
    return Checkout(target)


@pytest.fixture
def copy(tmp_path: Path) -> Checkout:
    """A throw-away checkout that a test may break."""
    return copy_checkout(tmp_path / "checkout")


Azkz = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def azkz() -> Azkz:
    """The command, run as its users run it: ``azkz(checkout, "build", ...)``."""

    def run(where: Checkout, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).with_name("azkz")), *arguments]
        # Without a copy the width that readline has noted behind Python's back is handed on.
        return subprocess.run(
            command,
            cwd=where.root,
            env=os.environ.copy(),
            capture_output=True,
            text=True,
            check=False,
            timeout=600,
        )

    return run


@pytest.fixture(scope="session")
def built(azkz: Azkz) -> Path:
    """The newest edition, built by the real command in the checkout itself."""
    done = azkz(Checkout(ROOT), "build", "2026.11")
    assert done.returncode == 0, done.stderr
    return ROOT / "_site" / "2026.11"


@pytest.fixture(scope="session")
def chromium() -> Iterator[object]:
    """A headless browser with a fresh profile; tests are skipped where none is installed."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        if FORBID_SKIPS:
            pytest.fail("no Chromium is installed and skipping is forbidden")
        pytest.skip("no Chromium is installed")
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    flags += ["--disable-component-update", "--disable-sync"]
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=flags)
        yield browser
        browser.close()
