"""Live preview: serves a build, rebuilds it when a file is saved, and reloads the page."""

from __future__ import annotations

import functools
import html
import io
import json
import threading
import time
import webbrowser
from concurrent.futures import Executor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from datetime import date
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from azkz.build.interrupts import Interrupts
from azkz.build.live import Live
from azkz.build.outcome import Outcome
from azkz.build.progress import Steps
from azkz.build.request import Request
from azkz.build.run import build
from azkz.build.sphinx import collect
from azkz.build.workers import Lasting
from azkz.errors import BadInput, ReportError
from azkz.paths import Checkout

POLL = 0.05
"""Seconds between two looks at the files."""

WAIT = 20.0
"""Seconds after which a page that asks for news is told that there are none."""

_DRAFT = "Pictures and tables are those of the last run: new ones are being drawn."
"""What a page says that is shown before its chapter has run."""

_SCRIPT = """
<script>
(() => {
  let seen = null, news = -1;
  const bar = document.createElement("pre");
  bar.style.cssText = "position:fixed;inset:auto 0 0 0;max-height:50vh;overflow:auto;margin:0;" +
    "padding:1rem;color:#fff;z-index:9999;white-space:pre-wrap;display:none";
  document.body.append(bar);
  const ask = async () => {
    let pause = 0;
    try {
      const state = await (await fetch("/__preview?" + news)).json();
      if (seen !== null && state.build !== seen) return location.reload();
      seen = state.build;
      news = state.news;
      bar.setAttribute("role", state.error ? "alert" : "status");
      bar.textContent = state.error || state.note;
      bar.style.background = state.error ? "#7f1d1d" : "#1f2933";
      bar.style.display = bar.textContent ? "block" : "none";
    } catch { pause = 500; }
    setTimeout(ask, pause);
  };
  addEventListener("load", ask);
})();
</script>
"""


class State:
    """What the pages ask for: how many builds have succeeded, and the last error if any."""

    def __init__(self) -> None:
        self.site: Path | None = None
        self._builds = self._news = 0
        self._error = self._note = ""
        self._content = b""
        self._changed = threading.Condition()

    def show(self, site: Path, note: str = "") -> None:
        """Let pages be reloaded, if the site is not what they show already, and show a ``note``."""
        content = (site / "manifest.json").read_bytes()
        with self._changed:
            if content != self._content or self._error or note != self._note:
                self.site, self._content, self._error, self._note = site, content, "", note
                self._builds += 1
                self._tell()

    def fail(self, error: str) -> None:
        """Let pages show an error; they stay as they are."""
        with self._changed:
            self._error, self._note = error, ""
            self._tell()

    def _tell(self) -> None:
        self._news += 1
        self._changed.notify_all()

    def after(self, news: int, seconds: float) -> dict[str, Any]:
        """The state, as soon as it is another than that with the number ``news``."""
        with self._changed:
            self._changed.wait_for(lambda: self._news != news, seconds)
            return {
                "build": self._builds,
                "error": self._error,
                "note": self._note,
                "news": self._news,
            }

    @property
    def error(self) -> str:
        """What was wrong with the last build."""
        return self._error


def preview(
    place: Checkout, edition: str, chapters: tuple[str, ...], port: int, today: date, *, show: bool
) -> None:
    """Serve until interrupted. Only the site is built: the PDF is for ``azkz build``."""
    state = State()
    request = Request(edition=edition, chapters=chapters, parts=("html",))
    server = _serve(port, state)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/"
    print(f"serving {address} (Ctrl-C ends)", flush=True)
    if show:
        webbrowser.open(address)
    interrupts = Interrupts()
    pool = Lasting(request.jobs)
    try:
        _watch(place, request, state, today, interrupts, pool)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        server.shutdown()


def _serve(port: int, state: State) -> ThreadingHTTPServer:
    try:
        return ThreadingHTTPServer(("127.0.0.1", port), functools.partial(_Handler, state))
    except OSError as error:
        raise BadInput(
            f"the port cannot be used: {error.strerror}",
            f"--port {port}",
            "give another one, or 0 for any that is free",
        ) from error


def _watch(
    place: Checkout,
    request: Request,
    state: State,
    today: date,
    interrupts: Interrupts,
    pool: Executor,
) -> None:
    seen: dict[Path, float] = {}
    live = Live(pool)
    while not interrupts.came:
        found = _stamps(place)
        if found != seen:
            changed = sorted(place.shown(p) for p in found if found[p] != seen.get(p))
            if seen:
                print(f"changed: {', '.join(changed) or 'a file was removed'}", flush=True)
            seen = found
            # What the pages tell of other days takes longer and follows.
            shown = live.told is not None and _rebuild(
                place, request, state, today, interrupts, live
            )
            if not shown or _stamps(place) == seen:
                live.due = True
                _rebuild(place, request, state, today, interrupts, live)
                live.due = False
        time.sleep(POLL)
    raise KeyboardInterrupt


def _rebuild(
    place: Checkout,
    request: Request,
    state: State,
    today: date,
    interrupts: Interrupts,
    live: Live,
) -> bool:
    """Build and show; whether that went well. A first try that fails may be for want of more."""
    begun = time.perf_counter()

    def show(outcome: Outcome) -> None:
        state.show(outcome.site, _DRAFT)
        print(f"text and numbers in {time.perf_counter() - begun:.1f} s", flush=True)

    live.show = show
    try:
        outcome = build(place, request, Steps(io.StringIO()), today, live)
    except (ReportError, OSError, BrokenProcessPool) as error:
        if live.due:
            state.fail(str(error))
            print(error, flush=True)
        return False
    state.show(outcome.site)
    rest = " with all that is told of other days" if live.due else ""
    # While nobody waits.
    with interrupts.held():
        collect()
    print(f"built{rest} in {time.perf_counter() - begun:.1f} s", flush=True)
    return True


def _stamps(place: Checkout) -> dict[Path, float]:
    folders = (place.data, place.notebooks, place.book)
    files = [path for folder in folders for path in folder.rglob("*")]
    files += [place.root / "_config.yml", place.root / "_toc.yml"]
    stamps = {}
    for path in files:
        # An editor that saves by renaming may take a file away between listing and looking.
        with suppress(OSError):
            if path.is_file() and ".ipynb_checkpoints" not in path.parts:
                stamps[path] = path.stat().st_mtime
    return stamps


class _Handler(SimpleHTTPRequestHandler):
    def __init__(self, state: State, *arguments: object) -> None:
        self._state = state
        super().__init__(*arguments, directory=str(state.site or Path()))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path.startswith("/__preview"):
            asked = urlsplit(self.path).query
            news = int(asked) if asked.isdecimal() else -1
            content = json.dumps(self._state.after(news, WAIT)).encode()
            self._send(content, "application/json")
        elif self._state.site is None:
            self._send(_waiting(self._state.error), "text/html; charset=utf-8")
        elif (page := self._page()) is not None:
            self._send(page, "text/html; charset=utf-8")
        else:
            super().do_GET()

    def log_message(self, *_arguments: object) -> None:
        """Say nothing: the terminal is for builds and errors."""

    def _page(self) -> bytes | None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix != ".html" or not path.is_file():
            return None
        text = path.read_text(encoding="utf-8")
        return text.replace("</body>", f"{_SCRIPT}</body>").encode()

    def _send(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)


def _waiting(error: str) -> bytes:
    said = f"<pre>{html.escape(error)}</pre>" if error else "<p>The first build is under way.</p>"
    return f"<!doctype html><title>Preview</title><body>{said}{_SCRIPT}</body>".encode()
