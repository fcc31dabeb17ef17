"""What is released, and whether a build still is what was released.

A release is the numbers and the manifest of a built site, kept under ``data/releases``. It holds by
its files: a build equals it if it has the same files with the same bytes, which is what a reader
gets. The manifest names what a build was made from, too (versions, hashes): these say why files
differ, but where all files are the same they do not matter.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from azkz.build import edition as editions
from azkz.build.edition_names import next_correction
from azkz.build.publish import file_hashes
from azkz.errors import BadInput, CheckFailed
from azkz.paths import Checkout

KEPT = ("numbers.json", "manifest.json")
"""The files of a release, as they are in the built site; with the last of them it is one."""

_NAMED = 4
"""As many files or packages as a message names."""

Json = dict[str, Any]


class ReleaseDiffers(CheckFailed):
    """A build of a released edition has other bytes than the release; it is not published."""

    def __init__(self, edition: str, files: tuple[str, ...], causes: tuple[str, ...]) -> None:
        self.edition, self.files, self.causes = edition, files, causes
        some = "1 file" if len(files) == 1 else f"{len(files)} files"
        super().__init__(
            f"edition {edition} differs from its release in {some}: {_some(files)}\n"
            + "".join(f"    {cause}\n" for cause in causes),
            todo=f"for the released pages, git checkout {tag(edition)} and build there; "
            f"for a correction, {how_to_correct(edition)}",
        )


def refuse(differing: Sequence[ReleaseDiffers]) -> None:
    """Fail if builds of released editions were not published; nothing if there is none.

    Raises
    ------
    CheckFailed
        The message has each of them.
    """
    if differing:
        raise CheckFailed("\n".join(map(str, differing)))


def tag(edition: str) -> str:
    """The tag under which git keeps a released edition."""
    return f"edition-{edition}"


def how_to_correct(edition: str) -> str:
    """Which file makes a correction of an edition, and what it says."""
    correction = next_correction(edition)
    return (
        f"write notebooks/editions/{correction}.yml with the lines of {edition}.yml "
        f'but edition: "{correction}"'
    )


def names(place: Checkout) -> list[str]:
    """The editions that are released and have a file, the newest as-of day last."""
    return [name for name in editions.names(place) if is_released(place, name)]


def is_released(place: Checkout, edition: str) -> bool:
    """Whether there is a release of that name."""
    return (place.releases / edition / "manifest.json").is_file()


def as_of(place: Checkout, edition: str) -> str:
    """The day of a released edition, ISO.

    Raises
    ------
    BadInput
        The release cannot be read.
    """
    return str(_manifest(place, edition).get("as_of", ""))


def is_kept(place: Checkout, edition: str) -> bool:
    """Whether what is published of a released edition is the release, so that nothing is to do."""
    site = place.site / edition
    if not is_released(place, edition) or not site.is_dir():
        return False
    found, kept = file_hashes(site), file_hashes(place.releases / edition)
    own_manifest = found.pop("manifest.json", None)
    return own_manifest == kept["manifest.json"] and found == _manifest(place, edition)["files"]


def compare(place: Checkout, edition: str, site: Path) -> ReleaseDiffers | None:
    """How the build in ``site`` differs from the release of its edition, if there is one.

    Where no file differs, ``site`` gets the manifest of the release: it is the release then.

    Raises
    ------
    BadInput
        The release cannot be read.
    """
    if not is_released(place, edition):
        return None
    released = _manifest(place, edition)
    built: Json = json.loads((site / "manifest.json").read_text(encoding="utf-8"))
    files = _differing(released["files"], built["files"])
    if files:
        return ReleaseDiffers(edition, tuple(files), tuple(_causes(released, built)))
    shutil.copyfile(place.releases / edition / "manifest.json", site / "manifest.json")
    return None


def _manifest(place: Checkout, edition: str) -> Json:
    file = place.releases / edition / "manifest.json"
    try:
        content: Json = json.loads(file.read_text(encoding="utf-8"))
        content["files"].items()
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        todo = f"restore it: git checkout -- {place.shown(file)}"
        raise BadInput(f"the release cannot be read: {error}", place.shown(file), todo) from error
    return content


def _differing(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[str]:
    """The keys under which the two do not say the same, sorted."""
    return sorted(key for key in one.keys() | other.keys() if one.get(key) != other.get(key))


def _causes(old: Json, new: Json) -> Iterator[str]:
    """Why a build may differ from the release: what the two manifests say of their making."""
    found = list(_told(old, new))
    elsewhere = "a page of book/, _config.yml, _toc.yml, or another edition's numbers"
    yield from found or (f"no cause is in the manifests: {elsewhere}",)


def _told(old: Json, new: Json) -> Iterator[str]:
    versions = old.get("versions", {}), new["versions"]
    for name, package in (("azkz", "package: azkz"), ("python", "Python:")):
        was, now = (each.get(name, "unknown") for each in versions)
        if was != now:
            yield f"{package} {now}, was {was}"
    if old.get("code_sha256") != new["code_sha256"]:
        yield "code: the files in src/ are not those of the release"
    if old.get("ledger_sha256") != new["ledger_sha256"]:
        yield "ledger: rows were added or changed since, and its pages print the ledger's hash"
    if templates := _differing(old.get("templates", {}), new["templates"]):
        yield f"templates: {', '.join(f'notebooks/{name}.ipynb' for name in templates)}"
    if parameters := _differing(old.get("parameters", {}), new["parameters"]):
        yield f"parameters: {', '.join(parameters)}"
    if old.get("newest", False) != new["newest"]:
        yield "newest: it was the newest edition, or is now; older editions show no code"
    packages = [each.get("packages", {}) for each in versions]
    if others := _differing(*packages):
        yield f"packages: {_some([_moved(name, *packages) for name in others])}"


def _moved(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> str:
    return f"{name} {new.get(name, 'not installed')} (was {old.get(name, 'not installed')})"


def _some(names: tuple[str, ...] | list[str]) -> str:
    rest = len(names) - _NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return ", ".join(islice(names, _NAMED)) + more
