"""What git says of the checkout; nothing is changed."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass

from azkz.errors import BadInput
from azkz.paths import Checkout

MADE_FROM = (
    "data",
    "notebooks",
    "book",
    "src",
    "_config.yml",
    "_toc.yml",
    "pyproject.toml",
    "uv.lock",
)
"""What an edition is made from: a file there that git does not know makes a checkout dirty."""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that is not as the last commit has it; ``new`` if git does not know it."""

    path: str
    new: bool

    def __str__(self) -> str:
        return f"{self.path} ({'not known to git' if self.new else 'changed'})"


def changes(place: Checkout) -> list[Change]:
    """Tracked files that are changed, and files unknown to git among those of an edition.

    Raises
    ------
    BadInput
        The checkout is no git repository of its own, has no commit, or git is not installed.
    """
    top = _git(place, "rev-parse", "--show-toplevel").strip()
    if not place.root.samefile(top):
        raise _none(place, f"git's repository begins in {top}")
    _git(place, "rev-parse", "--verify", "HEAD")
    records = _git(place, "status", "--porcelain", "-z", "--untracked-files=all").split("\0")
    return list(_changes(records))


def _changes(records: list[str]) -> list[Change]:
    found = []
    lines = iter(records)
    for line in lines:
        if not line:
            continue
        state, path = line[:2], line[3:]
        if "R" in state or "C" in state:
            # The name before comes in a field of its own.
            next(lines, None)
        if state != "??":
            found.append(Change(path, new=False))
        elif path.partition("/")[0] in MADE_FROM:
            found.append(Change(path, new=True))
    return found


def has_tag(place: Checkout, tag: str) -> bool:
    """Whether there is such a tag here.

    Raises
    ------
    BadInput
        The checkout is no git repository, or git is not installed.
    """
    return bool(_git(place, "tag", "--list", tag).strip())


def remote(place: Checkout) -> str:
    """The name of the repository to push to; ``origin`` where there are several or none."""
    names = _git(place, "remote").split()
    return names[0] if len(names) == 1 else "origin"


def _git(place: Checkout, *arguments: str) -> str:
    # As a user's shell would find it: which git that is is the user's affair.
    command = ["git", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603
            command, cwd=place.root, capture_output=True, check=False, encoding="utf-8"
        )
    except OSError as error:
        raise _none(place, f"git cannot be run: {error.strerror}") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise _none(place, said[0] if said else f"git {arguments[0]} failed")
    return done.stdout


def _none(place: Checkout, why: str) -> BadInput:
    todo = "release from a clone of the report's repository, where a release can be committed"
    return BadInput(f"no git checkout with a commit: {why}", str(place.root), todo)
