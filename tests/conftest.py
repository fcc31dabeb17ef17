"""What the tests share: the real ledger, throw-away checkouts, the real site, a browser."""

from __future__ import annotations

import functools
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pytest

from azkz.build import CHAPTERS
from azkz.build.chapter import Chapter
from azkz.ledger import Ledger
from azkz.paths import Checkout
from chapter_checks import Numbers, by_name, observations, run

# A process that was started in the background ignores SIGINT and hands that on to what it starts;
# with a handler of its own, the commands under test can be interrupted as by their users.
signal.signal(signal.SIGINT, signal.default_int_handler)

ROOT = Path(__file__).parents[1]
PARTS = ("data", "notebooks", "book", "_config.yml", "_toc.yml")
PAGES = tuple(
    f"{name}.html"
    for name in (
        *(f"notebooks/{chapter}" for chapter in CHAPTERS),
        "book/index",
        "book/summary",
        "book/audit",
        "book/method",
        "book/numbers",
        *(f"book/numbers-{chapter}" for chapter in CHAPTERS),
        "book/evidence",
        "book/sources",
        "book/indicators",
        "book/glossary",
        "book/cite",
        "book/vintages",
        "book/changes",
    )
)
"""The pages of the site, by their paths in the edition's folder."""

FORBID_SKIPS = os.environ.get("AZKZ_FORBID_SKIPS") == "1"


@pytest.fixture(scope="session")
def ledger() -> Ledger:
    """The whole ledger of the repository."""
    return Ledger.load(ROOT / "data")


@pytest.fixture(scope="module")
def chapter(request: pytest.FixtureRequest) -> Chapter:
    """The chapter that a module names as ``CHAPTER``, run once with the parameters it declares."""
    return run(request.module.CHAPTER)


@pytest.fixture(scope="module")
def chapter_numbers(chapter: Chapter) -> Numbers:
    """The chapter's numbers by name."""
    return by_name(chapter)


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    """The observations as written, with their values."""
    return observations()


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
def site(built: Path, azkz: Azkz) -> Path:
    """What is published: every edition, built by the real command in the checkout itself."""
    for name in ("2024.03", "2025.10"):
        done = azkz(Checkout(ROOT), "build", name)
        assert done.returncode == 0, done.stderr
    return built.parent


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


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The address of a server that gives out what is in ``folder``."""
    handler = functools.partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()


@pytest.fixture(scope="session")
def address(built: Path) -> Iterator[str]:
    """The site as a server gives it out."""
    with served(built.parent) as found:
        yield found


class Visit:
    """A page opened in a window of its own, with what it asked for and complained of.

    ``script`` runs in the page before its own scripts; ``options`` are the browser's.
    """

    def __init__(
        self, browser: Any, url: str, width: int, scheme: str, script: str = "", **options: Any
    ) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        self.page = self.context.new_page()
        if script:
            self.page.add_init_script(script)
        self.asked: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("requestfailed", lambda request: self.errors.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", self._listen)
        self.page.goto(url)
        self.page.wait_for_load_state("networkidle")

    def _listen(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()
