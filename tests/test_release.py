"""Releases: what stands against one, what it writes, and that it is never overwritten."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path

import nbformat
import pytest
import yaml
from pypdf import PdfReader

from azkz.build import released
from azkz.build.edition import Edition
from azkz.build.outcome import Outcome
from azkz.build.progress import Steps
from azkz.build.publish import file_hashes
from azkz.build.release import JOURNAL, Refused, contents, release
from azkz.build.release_texts import Counts, with_release, with_version
from azkz.build.together import put_back, write_together
from azkz.errors import BadInput
from azkz.paths import Checkout
from conftest import ROOT, Azkz, copy_checkout
from test_interrupted import wait_for

EDITION, DAY = "2026.11", date(2026, 11, 23)
TODAY = date(2026, 12, 1)


def git(where: Checkout, *arguments: str) -> str:
    """Git in a throw-away checkout, without the user's own settings."""
    alone = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    done = subprocess.run(
        ["git", *arguments], cwd=where.root, env=alone, capture_output=True, text=True, check=True
    )
    return done.stdout


def repository(target: Path) -> Checkout:
    """A copy of the checkout as a git repository with one commit."""
    where = copy_checkout(target)
    for name in ("CHANGELOG.md", "CITATION.cff", ".gitignore"):
        shutil.copy(ROOT / name, target)
    shutil.rmtree(where.releases, ignore_errors=True)
    git(where, "init", "--quiet")
    git(where, "config", "user.name", "A. Author")
    git(where, "config", "user.email", "author@example.org")
    commit(where)
    return where


def commit(where: Checkout) -> None:
    """Commit whatever there is."""
    git(where, "add", "--all")
    git(where, "commit", "--quiet", "--message", "Keep the report")


def tried(where: Checkout, name: str = EDITION) -> Refused:
    """What is said against the release; nothing may be written then."""
    before = git(where, "status", "--porcelain")
    with pytest.raises(Refused) as caught:
        release(where, name, Steps(StringIO()), TODAY)
    assert git(where, "status", "--porcelain") == before
    return caught.value


def write_correction(where: Checkout, name: str, day: str = "") -> None:
    """An edition file made from that of the newest edition as the message says."""
    text = (where.editions / f"{EDITION}.yml").read_text(encoding="utf-8")
    text = text.replace(f'edition: "{EDITION}"', f'edition: "{name}"')
    text = text.replace(DAY.isoformat(), day or DAY.isoformat())
    (where.editions / f"{name}.yml").write_text(text, encoding="utf-8")


def pretend_release(where: Checkout, name: str = EDITION) -> None:
    """The files of a release of the edition, of a day."""
    folder = where.releases / name
    folder.mkdir(parents=True)
    content = {"edition": name, "as_of": DAY.isoformat(), "files": {}}
    for file in released.KEPT:
        (folder / file).write_text(json.dumps(content), encoding="utf-8")


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory, built: Path) -> Checkout:
    """A repository as committed, with the results of the chapters; no test changes it."""
    assert built.is_dir()
    return repository(tmp_path_factory.mktemp("clean") / "checkout")


@pytest.fixture
def where(clean: Checkout, tmp_path: Path) -> Checkout:
    """A repository to break."""
    return Checkout(Path(shutil.copytree(clean.root, tmp_path / "checkout", symlinks=True)))


def change_a_page(where: Checkout) -> None:
    """Change a file that git knows."""
    with (where.book / "method.md").open("a", encoding="utf-8") as file:
        file.write("\nMore.\n")


def leave_a_page(where: Checkout) -> None:
    """Leave a file that git does not know where the build would take it."""
    (where.book / "draft page.md").write_text("# Draft\n", encoding="utf-8")


def type_a_figure(where: Checkout) -> None:
    """Commit prose that the check refuses."""
    with (where.book / "method.md").open("a", encoding="utf-8") as file:
        file.write("\nIt was 529.4 million.\n")
    commit(where)


def release_already(where: Checkout) -> None:
    """Commit a release of the name."""
    pretend_release(where)
    commit(where)


def tag_already(where: Checkout) -> None:
    """Tag the commit."""
    git(where, "tag", "edition-2026.11")


def lose_the_heading(where: Checkout) -> None:
    """Commit a change log in which nothing is unreleased."""
    text = where.changelog.read_text(encoding="utf-8").replace("## [Unreleased]\n", "")
    where.changelog.write_text(text, encoding="utf-8")
    commit(where)


def break_the_citation(where: Checkout) -> None:
    """Commit a citation that is no YAML."""
    where.citation.write_text("version: [\n", encoding="utf-8")
    commit(where)


def forget_git(where: Checkout) -> None:
    """Take the repository away."""
    shutil.rmtree(where.root / ".git")


AGAINST: dict[str, tuple[Callable[[Checkout], None], tuple[str, ...]]] = {
    "a change": (
        change_a_page,
        (r"book/method\.md \(changed\): .*not as its last commit.* — comm",),
    ),
    "a new file": (leave_a_page, (r"book/draft page\.md \(not known to git\)",)),
    "a failing check": (type_a_figure, (r"book/method\.md:\d+: \"529\.4.*typed by hand",)),
    "a release": (
        release_already,
        (
            r"data/releases/2026\.11: is released already: .* never overwritten",
            r"write notebooks/editions/2026\.11\.1\.yml with the lines of 2026\.11\.yml",
            r'edition: "2026\.11\.1"',
        ),
    ),
    "a tag": (tag_already, (r"edition-2026\.11: the tag exists already — .*git tag -d",)),
    "no heading": (lose_the_heading, (r"CHANGELOG\.md: has no heading Unreleased — write",)),
    "no citation": (break_the_citation, (r"CITATION\.cff: is no YAML: .* — mend",)),
}


@pytest.mark.parametrize("case", AGAINST)
def test_what_stands_against_a_release_is_said(case: str, where: Checkout) -> None:
    """Each reason alone: what is wrong, where, what to do, and not a file is written."""
    spoil, patterns = AGAINST[case]
    spoil(where)
    refused = tried(where)
    assert len(refused.reasons) == 1, refused
    for pattern in patterns:
        assert re.search(pattern, refused.reasons[0]), refused


def test_without_git_nothing_is_released(where: Checkout) -> None:
    """What is in no repository cannot be kept; that is said once."""
    forget_git(where)
    with pytest.raises(Refused, match="no git checkout with a commit") as caught:
        release(where, EDITION, Steps(StringIO()), TODAY)
    assert len(caught.value.reasons) == 1
    assert not where.releases.exists()


def test_a_release_of_another_repository_around_it_is_refused(where: Checkout) -> None:
    """A copy inside of some other repository is not the report's own."""
    forget_git(where)
    outer = Checkout(where.root.parent)
    git(outer, "init", "--quiet")
    with pytest.raises(Refused, match="git's repository begins in"):
        release(where, EDITION, Steps(StringIO()), TODAY)


def test_all_reasons_are_said_at_once(where: Checkout, azkz: Azkz) -> None:
    """The command says every reason in one go, and exits with 1."""
    for spoil in (type_a_figure, release_already, tag_already, lose_the_heading, leave_a_page):
        spoil(where)
    done = azkz(where, "release", EDITION)
    assert done.returncode == 1
    assert done.stderr.endswith("5 reasons\n")
    for case in ("a failing check", "a release", "a tag", "no heading", "a new file"):
        assert re.search(AGAINST[case][1][0], done.stderr), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["2023-06-30", "2026.12", "2026.11.0", "newest"])
def test_only_an_edition_with_a_file_is_released(name: str, where: Checkout, azkz: Azkz) -> None:
    """A day, an edition that there is not, and what is no name are wrong use."""
    done = azkz(where, "release", name)
    assert done.returncode == 2
    assert "There are: 2024.03, 2025.10, 2026.11" in done.stderr
    assert git(where, "status", "--porcelain") == ""


def test_a_correction_needs_what_it_corrects(where: Checkout) -> None:
    """A first correction needs a release of the edition, a second one of the first."""
    for name in ("2024.03.1", "2024.03.2"):
        # Older than the newest, whose chapters have run already.
        write_correction(where, name, "2024-03-11")
    commit(where)
    first = tried(where, "2024.03.1")
    assert "corrects 2024.03, which is not released — release 2024.03 first" in str(first)
    assert "corrects 2024.03.1, which is not released" in str(tried(where, "2024.03.2"))


def test_a_correction_keeps_the_day(where: Checkout) -> None:
    """What was known on another day is no correction."""
    pretend_release(where)
    write_correction(where, "2026.11.1", "2026-11-20")
    text = where.changelog.read_text(encoding="utf-8")
    where.changelog.write_text(f"{text}\n## [{EDITION}] - 2026-11-24\n", encoding="utf-8")
    commit(where)
    refused = tried(where, "2026.11.1")
    assert len(refused.reasons) == 1
    assert (
        'is as of 2026-11-20, but corrects 2026.11 of 2026-11-23 — write as_of: "2026-11-23"'
        in str(refused)
    )


# What is written, text by text.

LOG = """# Changelog

## [Unreleased]

### Added

- More.

[Unreleased]: https://example.org/compare
"""


def edition(name: str) -> Edition:
    """An edition of that name, of one day."""
    return Edition(name, "Title", DAY, {})


def test_each_correction_is_told_by_the_entry_that_it_corrects() -> None:
    """Three releases in a row: what was unreleased stays with the first, addresses at the end."""
    log = LOG
    for name in ("2026.11", "2026.11.1", "2026.11.2"):
        log = with_release(log, edition(name), Counts(1234, 1, 2), TODAY)
    held = "As known on 23 November 2026: 1,234 numbers, 1 figure and 2 sources."
    assert log.replace("\u00a0", " ").split("\n\n") == [
        "# Changelog",
        "## [Unreleased]",
        "## [2026.11.2] - 2026-12-01",
        f"{held} Corrects 2026.11.1.",
        "## [2026.11.1] - 2026-12-01",
        "Corrected by 2026.11.2.",
        f"{held} Corrects 2026.11.",
        "## [2026.11] - 2026-12-01",
        "Corrected by 2026.11.1.",
        held,
        "### Added",
        "- More.",
        "[Unreleased]: https://example.org/compare\n",
    ]


def test_the_citation_keeps_all_but_two_values() -> None:
    """Comments, order, quotes of other lines and the end of the file stay as they are."""
    text = "# How to cite\nversion: '1'  # of the data\nurl: 'x'\ndate-released: 2020-01-01\n"
    made = with_version(text, edition("2026.11"), TODAY)
    assert made == (
        '# How to cite\nversion: "2026.11"  # of the data\n'
        "url: 'x'\ndate-released: \"2026-12-01\"\n"
    )


@pytest.mark.parametrize("text", ["url: x\n", "version: '1'\n", "authors:\n  version: '1'\n"])
def test_a_citation_without_version_or_day_is_refused(text: str) -> None:
    """Neither is added where it was not: the file has been changed by hand."""
    with pytest.raises(BadInput, match="has no version or date-released"):
        with_version(text, edition("2026.11"), TODAY)


def test_an_older_edition_does_not_become_the_one_to_cite(where: Checkout) -> None:
    """With 2026.11 released already, the release of 2024.03 leaves the citation alone."""
    pretend_release(where)
    site = where.site / "2024.03"
    site.mkdir(parents=True)
    for file in released.KEPT:
        (site / file).write_text("{}", encoding="utf-8")
    older = replace(edition("2024.03"), as_of=date(2024, 3, 11))
    made = Outcome(older, site, True, None, {}, 1, 1, 1, (), {})
    written = [where.shown(path) for path in contents(where, made, TODAY)]
    folder = "data/releases/2024.03"
    assert written == ["CHANGELOG.md", f"{folder}/numbers.json", f"{folder}/manifest.json"]


# From here on one repository goes the whole way: release, build again, change, correction.


@pytest.fixture(scope="module")
def kept(clean: Checkout, azkz: Azkz) -> tuple[Checkout, str]:
    """A repository in which the newest edition is released, with what the command said."""
    where = Checkout(clean.root.parent / "released")
    shutil.copytree(clean.root, where.root, symlinks=True)
    for older in ("2024.03", "2025.10"):
        # A build compares with older editions, which would be evaluated for nothing here.
        (where.editions / f"{older}.yml").unlink()
    commit(where)
    done = azkz(where, "release", EDITION)
    assert done.returncode == 0, done.stderr
    return where, done.stdout


def test_a_release_keeps_numbers_and_manifest(kept: tuple[Checkout, str]) -> None:
    """Both are those of the built site, byte for byte; the manifest holds its files."""
    where, _ = kept
    site, folder = where.site / EDITION, where.releases / EDITION
    assert sorted(path.name for path in folder.iterdir()) == sorted(released.KEPT)
    for name in released.KEPT:
        assert (folder / name).read_bytes() == (site / name).read_bytes()
    files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
    found = file_hashes(site)
    del found["manifest.json"]
    assert files == found
    assert released.is_kept(where, EDITION)


def test_the_change_log_gets_an_entry(kept: tuple[Checkout, str]) -> None:
    """What was unreleased moves under the edition, with the counts of the build."""
    where, said = kept
    before = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    after = where.changelog.read_text(encoding="utf-8")
    head, items = before.split("## [Unreleased]\n")
    numbers = json.loads((where.releases / EDITION / "numbers.json").read_text(encoding="utf-8"))
    counts = re.search(r"is released: (.*)", said)
    assert counts
    assert counts[1].startswith(f"{len(numbers['numbers']):,} numbers, ")
    assert after.startswith(f"{head}## [Unreleased]\n\n## [{EDITION}] - 20")
    assert f"\n\nAs known on 23 November 2026: {counts[1]}.\n" in after.replace("\u00a0", " ")
    assert after.endswith(items)


def test_the_citation_names_the_release(kept: tuple[Checkout, str]) -> None:
    """Version and day are those of the release, every other line is as it was."""
    where, _ = kept
    before = (ROOT / "CITATION.cff").read_text(encoding="utf-8").splitlines()
    after = where.citation.read_text(encoding="utf-8").splitlines()
    changed = [line for line, old in zip(after, before, strict=True) if line != old]
    assert all(line.startswith(("version: ", "date-released: ")) for line in changed)
    cited = yaml.safe_load("\n".join(after))
    entry = re.search(rf"\[{EDITION}\] - (\S+)", where.changelog.read_text(encoding="utf-8"))
    assert entry
    assert (cited["version"], cited["date-released"]) == (EDITION, entry[1])


def test_the_release_can_be_committed_as_the_command_says(kept: tuple[Checkout, str]) -> None:
    """The commands that it prints commit all that it wrote, tag it, and name the tag to push."""
    where, said = kept
    commands = [shlex.split(line) for line in said.splitlines() if line.startswith("    git ")]
    assert [command[1] for command in commands] == ["add", "commit", "tag", "push"]
    for command in commands[:3]:
        git(where, *command[1:])
    assert git(where, "status", "--porcelain") == ""
    assert git(where, "describe", "--exact-match").strip() == "edition-2026.11"
    assert commands[3][2:] == ["origin", "HEAD", "edition-2026.11"]


def test_a_build_that_equals_the_release_is_published(
    kept: tuple[Checkout, str], azkz: Azkz
) -> None:
    """Built again from what was released, the site has the same bytes, the manifest too."""
    where, _ = kept
    before = file_hashes(where.site / EDITION)
    shutil.rmtree(where.site)
    done = azkz(where, "build", EDITION)
    assert done.returncode == 0, done.stderr
    assert file_hashes(where.site / EDITION) == before
    assert "not published" not in done.stdout


def test_all_editions_are_built_but_for_released_ones(
    kept: tuple[Checkout, str], azkz: Azkz
) -> None:
    """What is published as it was released is kept, whatever the checkout has become since."""
    where, _ = kept
    before = file_hashes(where.site)
    rows = where.data / "observations.csv"
    saved = rows.read_bytes()
    rows.write_bytes(saved.replace(b"page has no date", b"undated", 1))
    done = azkz(where, "build", "--all")
    rows.write_bytes(saved)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"edition {EDITION} is released and published as it was; kept")
    assert file_hashes(where.site) == before


def test_a_build_that_differs_is_not_published(kept: tuple[Checkout, str], azkz: Azkz) -> None:
    """With another notebook the published bytes stay, and the cause is said."""
    where, _ = kept
    before = file_hashes(where.site)
    notebook = where.notebooks / "culture.ipynb"
    saved = notebook.read_bytes()
    content = nbformat.read(notebook, as_version=4)
    content.cells[0].source += "\n\nA further sentence."
    nbformat.write(content, notebook)
    done = azkz(where, "build", EDITION)
    notebook.write_bytes(saved)
    assert done.returncode == 1
    assert file_hashes(where.site) == before
    left = file_hashes(where.build / EDITION / "site")
    assert left["notebooks/culture.html"] != before[f"{EDITION}/notebooks/culture.html"]
    assert "HTML  _build/2026.11/site/index.html" in done.stdout
    assert "not published: it differs from its release" in done.stdout
    some = re.search(r"edition 2026\.11 differs from its release in (\d+) files: (.*)", done.stderr)
    assert some
    differing = [name for name in left if before.get(f"{EDITION}/{name}") != left[name]]
    assert int(some[1]) == len(differing) - 1, "the manifest itself is not counted"
    assert "\n    templates: notebooks/culture.ipynb\n" in done.stderr
    assert not re.search(r"^ +(ledger|code|newest|Python|packages):", done.stderr, re.MULTILINE)
    assert "git checkout edition-2026.11" in done.stderr
    assert "write notebooks/editions/2026.11.1.yml" in done.stderr


CAUSES: dict[str, tuple[tuple[str, ...], object]] = {
    "ledger: rows were added or changed since": (("ledger_sha256",), "other"),
    "code: the files in src/ are not those": (("code_sha256",), "other"),
    "package: azkz 1, was": (("versions", "azkz"), "1"),
    "Python: 2.7, was": (("versions", "python"), "2.7"),
    "packages: papermill 1 (was ": (("versions", "packages", "papermill"), "1"),
    "templates: notebooks/trade.ipynb": (("templates", "trade"), "other"),
    "parameters: base_year": (("parameters", "base_year"), 2018),
    "newest: it was the newest edition, or is now": (("newest",), False),
    "no cause is in the manifests: a page of book/": (("files", "index.html"), "other"),
}


@pytest.mark.parametrize("says", CAUSES)
def test_the_cause_of_a_difference_is_said(
    says: str, kept: tuple[Checkout, str], tmp_path: Path
) -> None:
    """Each thing that the manifests record, and how it is told when it alone differs."""
    where, _ = kept
    made = json.loads((where.releases / EDITION / "manifest.json").read_text(encoding="utf-8"))
    made["files"]["index.html"] = "another page"
    path, text = CAUSES[says]
    part = made
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = text
    (tmp_path / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    differs = released.compare(where, EDITION, tmp_path)
    assert differs
    assert differs.files == ("index.html",)
    (cause,) = differs.causes
    assert cause.startswith(says)


def test_other_versions_do_not_matter_where_the_files_are_the_same(
    kept: tuple[Checkout, str], tmp_path: Path
) -> None:
    """What a reader gets decides: with the same files it is the release, with its manifest."""
    where, _ = kept
    manifest = where.releases / EDITION / "manifest.json"
    made = json.loads(manifest.read_text(encoding="utf-8"))
    made["versions"]["python"] = "3.99"
    (tmp_path / "manifest.json").write_text(json.dumps(made), encoding="utf-8")
    assert released.compare(where, EDITION, tmp_path) is None
    assert (tmp_path / "manifest.json").read_bytes() == manifest.read_bytes()


def test_a_damaged_release_is_named(where: Checkout) -> None:
    """A release that cannot be read is restored from git, not overwritten."""
    release_already(where)
    (where.releases / EDITION / "manifest.json").write_text("{", encoding="utf-8")
    with pytest.raises(
        BadInput, match=r"releases/2026\.11/manifest\.json: the release cannot be read"
    ):
        released.as_of(where, EDITION)


def test_a_site_that_is_not_the_release_is_not_taken_for_it(kept: tuple[Checkout, str]) -> None:
    """One byte of one file, or one file more, and it is no longer what was released."""
    where, _ = kept
    page, more = where.site / EDITION / "index.html", where.site / EDITION / "more.html"
    old = page.read_bytes()
    page.write_bytes(old + b"\n")
    assert not released.is_kept(where, EDITION)
    page.write_bytes(old)
    more.write_bytes(b"")
    assert not released.is_kept(where, EDITION)
    more.unlink()
    assert released.is_kept(where, EDITION)


def test_a_correction_says_what_it_corrects(kept: tuple[Checkout, str], azkz: Azkz) -> None:
    """A correction is an edition of its own: its pages, records and the change log say of what."""
    where, _ = kept
    before = {name: file_hashes(where.releases / EDITION)[name] for name in released.KEPT}
    site = file_hashes(where.site / EDITION)
    write_correction(where, "2026.11.1")
    commit(where)
    done = azkz(where, "release", "2026.11.1")
    assert done.returncode == 0, done.stderr
    assert file_hashes(where.releases / EDITION) == before
    assert file_hashes(where.site / EDITION) == site
    for name in released.KEPT:
        record = json.loads((where.releases / "2026.11.1" / name).read_text(encoding="utf-8"))
        assert record["corrects"] == EDITION
    cover = (where.site / "2026.11.1" / "book" / "index.html").read_text(encoding="utf-8")
    assert "; corrects edition 2026.11<" in cover
    pdf = PdfReader(where.site / "2026.11.1" / "azkz-2026.11.1.pdf")
    assert "Edition 2026.11\n" in "".join(page.extract_text() for page in pdf.pages[:4])
    log = where.changelog.read_text(encoding="utf-8")
    first, second = log.split("## [2026.11.1]")[1].split("## [2026.11] ")
    assert "Corrects 2026.11." in first
    assert second.partition("\n\n")[2].startswith("Corrected by 2026.11.1.")
    assert yaml.safe_load(where.citation.read_text(encoding="utf-8"))["version"] == "2026.11.1"


# Stopped half way.

KILLED = """
import os, pathlib, signal, sys
from azkz.build.together import write_together
from azkz.paths import Checkout
root, journal, renames = pathlib.Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
done = 0
replace = pathlib.Path.replace
def counting(self, target):
    global done
    if done == renames:
        os.kill(os.getpid(), signal.SIGKILL)
    done += 1
    return replace(self, target)
pathlib.Path.replace = counting
new = {root / "a.txt": b"new a", root / "b.txt": b"new b", root / "kept" / "c.txt": b"new c"}
write_together(Checkout(root), journal, new)
"""


@pytest.mark.parametrize("renames", range(5))
def test_files_are_written_together(renames: int, tmp_path: Path) -> None:
    """Killed before any of its renames, what it wrote is undone; after the last, it is done."""
    (tmp_path / "a.txt").write_bytes(b"old a")
    (tmp_path / "b.txt").write_bytes(b"old b")
    where = Checkout(tmp_path)
    command = [sys.executable, "-c", KILLED, str(tmp_path), JOURNAL, str(renames)]
    ended = subprocess.run(command, check=False, timeout=60).returncode
    assert ended == (0 if renames == 4 else -signal.SIGKILL)
    undone = put_back(where, JOURNAL)
    found = {
        path.relative_to(tmp_path).as_posix(): path.read_text(encoding="utf-8")
        for path in tmp_path.rglob("*.txt")
    }
    if renames == 4:
        assert found == {"a.txt": "new a", "b.txt": "new b", "kept/c.txt": "new c"}
    else:
        assert found == {"a.txt": "old a", "b.txt": "old b"}
        assert undone == ["a.txt", "b.txt"][: max(0, renames - 1)]
        assert not (tmp_path / "kept").exists()
        assert not list(tmp_path.glob(".part-*"))
    assert put_back(where, JOURNAL) == []


def test_an_edit_after_a_stop_is_not_lost(tmp_path: Path) -> None:
    """What its author has changed since is left alone, and named."""
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"old")
    command = [sys.executable, "-c", KILLED, str(tmp_path), JOURNAL, "2"]
    subprocess.run(command, check=False, timeout=60)
    (tmp_path / "a.txt").write_bytes(b"mine")
    with pytest.raises(BadInput, match=r"a\.txt: was changed after .* stopped half way"):
        put_back(Checkout(tmp_path), JOURNAL)
    assert (tmp_path / "a.txt").read_bytes() == b"mine"


def test_files_that_cannot_all_be_written_are_left(tmp_path: Path) -> None:
    """Where one file cannot be written, those before it are as they were."""
    (tmp_path / "a.txt").write_bytes(b"old")
    (tmp_path / "file").write_bytes(b"no folder")
    contents = {tmp_path / "a.txt": b"new", tmp_path / "file" / "b.txt": b"new"}
    with pytest.raises(OSError, match="file"):
        write_together(Checkout(tmp_path), JOURNAL, contents)
    assert (tmp_path / "a.txt").read_bytes() == b"old"


def test_a_killed_release_is_undone_by_the_next(where: Checkout, azkz: Azkz) -> None:
    """Killed between its files, the next release says so and starts from what was there."""
    old = where.changelog.read_bytes()
    journal = where.build / JOURNAL
    write_together(where, JOURNAL, {where.changelog: b"half written"})
    assert not journal.exists()
    where.changelog.write_bytes(old)
    command = [sys.executable, "-c", KILLED.replace('root / "a.txt"', 'root / "CHANGELOG.md"')]
    subprocess.run([*command, str(where.root), JOURNAL, "2"], check=False, timeout=60)
    assert where.changelog.read_bytes() == b"new a"
    (where.root / "pyproject.toml").write_text("", encoding="utf-8")
    done = azkz(where, "release", EDITION)
    assert "restore: a release was stopped half way; as before again: CHANGELOG.md" in done.stderr
    assert where.changelog.read_bytes() == old
    assert "pyproject.toml (not known to git)" in done.stderr
    assert "CHANGELOG" not in done.stderr.partition("is not released")[2]


def test_a_release_killed_while_it_builds_changes_nothing(where: Checkout) -> None:
    """Until the build is done the checkout is as committed."""
    command = [str(Path(sys.executable).with_name("azkz")), "release", EDITION]
    process = subprocess.Popen(
        command, cwd=where.root, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    wait_for(where.build / EDITION / "html", process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert git(where, "status", "--porcelain") == ""
