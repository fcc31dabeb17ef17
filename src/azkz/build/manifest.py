"""What a build was made from and what it made: versions, hashes, parameters, chapter keys."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import azkz
from azkz.build.edition import Edition
from azkz.build.template import Template


@cache
def code_hash() -> str:
    """SHA-256 over the package's own files."""
    folder = Path(azkz.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".py", ".typ"}:
            digest.update(f"{path.relative_to(folder).as_posix()}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def packages() -> dict[str, str]:
    """Installed packages and their versions, by name."""
    found = {d.metadata["Name"].lower(): d.version for d in distributions()}
    return dict(sorted(found.items()))


def manifest(
    edition: Edition,
    ledger_sha256: str,
    templates: Mapping[str, Template],
    keys: Mapping[str, str],
    files: Mapping[str, str],
    *,
    newest: bool = False,
) -> dict[str, Any]:
    """The manifest of the design: enough to say why two builds differ."""
    return {
        **correction(edition),
        "edition": edition.name,
        "newest": newest,
        "as_of": edition.as_of.isoformat(),
        "parameters": dict(edition.parameters),
        "versions": {
            "azkz": azkz.__version__,
            "python": platform.python_version(),
            "packages": packages(),
        },
        "ledger_sha256": ledger_sha256,
        "code_sha256": code_hash(),
        "templates": {name: template.sha256 for name, template in templates.items()},
        "chapters": dict(keys),
        "files": dict(files),
    }


def correction(edition: Edition) -> dict[str, str]:
    """What the records of a correction say beside those of other editions: what it corrects."""
    return {"corrects": edition.corrects} if edition.corrects else {}
