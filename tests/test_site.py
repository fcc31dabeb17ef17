"""The published site and PDF of the newest edition, and what they must never hold."""

from __future__ import annotations

import csv
import io
import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from azkz.build import CHAPTERS
from azkz.build.publish import file_hashes
from azkz.ledger.opened import opened
from azkz.typst import press
from azkz.typst.places import SCHEME
from conftest import PAGES, Azkz, copy_checkout


class Page(HTMLParser):
    """What a page asks for, links to, and shows."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.asked: list[str] = []
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.numbers: list[tuple[str, str]] = []
        self.images: list[dict[str, str]] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, pairs: list[tuple[str, str | None]]) -> None:
        """Collect."""
        attributes = {name: value or "" for name, value in pairs}
        self.ids.add(attributes.get("id", ""))
        if tag in ("script", "img", "iframe", "source", "video", "audio", "embed"):
            self.asked.append(attributes.get("src", ""))
        if tag == "link" and attributes.get("rel") not in ("canonical", "next", "prev"):
            self.asked.append(attributes.get("href", ""))
        if tag == "a":
            self.links.append(attributes.get("href", ""))
            if "data-number" in attributes:
                self.numbers.append((attributes["data-number"], attributes["href"]))
        if tag == "img":
            self.images.append(attributes)


@pytest.fixture(scope="module")
def pages(built: Path) -> dict[str, Page]:
    """Every page of the site by its path."""
    return {p.relative_to(built).as_posix(): Page(p) for p in sorted(built.rglob("*.html"))}


def test_has_all_its_pages(built: Path, pages: dict[str, Page]) -> None:
    """The cover, every chapter, the pages of evidence and method, the PDF and machine files."""
    assert set(PAGES) <= pages.keys()
    for name in ("index.html", "azkz-2026.11.pdf", "numbers.json", "numbers.csv", "manifest.json"):
        assert (built / name).is_file()
    editions = json.loads((built.parent / "editions.json").read_text(encoding="utf-8"))
    assert [entry["edition"] for entry in editions if entry["newest"]] == ["2026.11"]
    assert "2026.11/index.html" in (built.parent / "index.html").read_text(encoding="utf-8")


def test_asks_no_other_host(built: Path, pages: dict[str, Page]) -> None:
    """No page, style sheet or script loads anything from anywhere else."""
    for path, page in pages.items():
        away = [a for a in page.asked if re.match(r"(?:[a-z]+:)?//", a)]
        assert not away, (path, away)
    for sheet in built.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        assert not re.search(r"(?:@import|url\()\s*[\"']?(?:https?:)?//", text), sheet


def test_every_link_inside_the_site_has_its_target(built: Path, pages: dict[str, Page]) -> None:
    """No link leads to a page or an anchor that is not there."""
    broken = []
    for path, page in pages.items():
        for link in page.links:
            if re.match(r"[a-z]+:|//", link) or not link:
                continue
            target, _, anchor = link.partition("#")
            found = (page.path.parent / target).resolve() if target else page.path
            name = found.relative_to(built).as_posix() if found.is_relative_to(built) else ""
            if not found.is_file() or (anchor and name in pages and anchor not in pages[name].ids):
                broken.append((path, link))
    assert not broken


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_has_its_figures(chapter: str, built: Path) -> None:
    """At least four figures, each with alt text, caption, sources that link, and data as CSV."""
    page = (built / "notebooks" / f"{chapter}.html").read_text(encoding="utf-8")
    figures = re.findall(r"<figure class=\"[^\"]*report-figure.*?</figure>", page, re.DOTALL)
    assert len(figures) >= 4
    for figure in figures:
        image = re.search(r"<img[^>]*>", figure)
        assert image is not None
        alt = re.search(r'alt="([^"]*)"', image[0])
        assert alt is not None
        assert len(alt[1]) > 40
        assert re.search(r'<span class="caption-text">.*?\w{3}', figure, re.DOTALL)
        assert "figure-source" in figure
        assert re.search(r"sources\.html#(?:source|publisher)-", figure)
        data = re.search(r'href="([^"]+\.csv)"', figure)
        assert data is not None
        assert (built / "notebooks" / data[1]).resolve().is_file()


def test_every_figure_of_the_chapters_is_on_its_page(built: Path) -> None:
    """None is lost on the way: as many images as the executed notebooks hold."""
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    for chapter in CHAPTERS:
        csvs = [p for p in manifest["files"] if p.startswith(f"data/{chapter}.")]
        page = (built / "notebooks" / f"{chapter}.html").read_text(encoding="utf-8")
        assert page.count('<figure class="') == len(csvs) >= 4


def test_code_is_folded_and_can_be_unfolded(built: Path) -> None:
    """The code of every chapter is in its page, inside a fold of its own."""
    for chapter in CHAPTERS:
        page = (built / "notebooks" / f"{chapter}.html").read_text(encoding="utf-8")
        cells = page.count("cell_input")
        assert cells >= 8
        assert page.count("<details") >= cells


def test_numbers_resolve_to_rows_of_the_ledger(built: Path, ledger: object) -> None:
    """Every number's observations and sources are rows of the ledger, known on the day."""
    from azkz.ledger import Ledger

    assert isinstance(ledger, Ledger)
    record = json.loads((built / "numbers.json").read_text(encoding="utf-8"))
    assert record["edition"] == "2026.11"
    assert [n["id"] for n in record["numbers"]] == sorted(n["id"] for n in record["numbers"])
    for number in record["numbers"]:
        assert number["observations"]
        for key in number["observations"]:
            row = ledger.observations.get(key) or ledger.events[key]
            assert row.known_from.isoformat() <= record["as_of"]
        assert set(number["sources"]) <= set(ledger.sources)


def test_every_number_in_a_page_leads_to_its_own_row(built: Path, pages: dict[str, Page]) -> None:
    """At least 250 numbers; each that a page prints is one of them and leads to its row."""
    numbers = _numbers(built)
    assert len(numbers) >= 250
    printed = set()
    for page in pages.values():
        for key, link in page.numbers:
            target, _, anchor = link.partition("#")
            found = (page.path.parent / target).resolve() if target else page.path
            row = pages[found.relative_to(built).as_posix()]
            assert anchor == f"number-{key.replace('.', '-')}"
            assert anchor in row.ids, (page.path, key)
            assert row.path.stem == f"numbers-{numbers[key]['chapter']}"
            printed.add(key)
    chapters = [page for name, page in pages.items() if name.startswith("notebooks/")]
    assert len(printed) >= 250
    assert {key for page in chapters for key, _ in page.numbers} <= printed


def test_every_row_behind_a_number_has_its_place(built: Path, pages: dict[str, Page]) -> None:
    """Each observation and event used, and each other reading, is an anchor of the evidence."""
    anchors = pages["book/evidence.html"].ids
    for number in _numbers(built).values():
        assert set(number["observations"]) <= anchors, number["id"]
        assert {other["observation"] for other in number["alternatives"]} <= anchors
    for data in (built / "data").glob("*.csv"):
        for row in csv.DictReader(data.open(encoding="utf-8", newline="")):
            cited = row.get("observation") or row.get("observations") or ""
            assert set(cited.split()) <= anchors, (data, row)


def test_the_numbers_as_csv_say_what_the_record_says(built: Path) -> None:
    """Row by row the same id, value, text, formula, evidence and relations."""
    with (built / "numbers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    numbers = list(_numbers(built).values())
    assert [row["id"] for row in rows] == [number["id"] for number in numbers]
    for row, number in zip(rows, numbers, strict=True):
        assert (float(row["value"]) if row["value"] else None) == number["value"]
        for column in ("label", "kind", "unit", "text", "formula"):
            assert row[column] == number[column]
        for column in ("inputs", "observations", "sources"):
            assert row[column].split() == number[column]
        others = [*row["repeats"].split(), *row["revisions"].split(), *row["disagreements"].split()]
        assert sorted(others) == sorted(o["observation"] for o in number["alternatives"])


def test_every_link_in_the_pdf_has_its_target(built: Path) -> None:
    """Links within the book lead to a page of it, all others are addresses."""
    reader = _reader(built)
    pages = {page.indirect_reference.idnum for page in reader.pages if page.indirect_reference}
    names, within = reader.named_destinations, 0
    for page in reader.pages:
        for reference in page.get("/Annots") or []:
            link = reference.get_object()
            if "/A" in link:
                assert str(link["/A"]["/URI"]).startswith(("https://", "http://"))
                continue
            place = link["/Dest"]
            page_of: Any = place[0] if isinstance(place, list) else names[place].page
            assert page_of.idnum in pages
            within += 1
    assert within > 2000


def test_every_number_in_the_pdf_leads_to_its_row(built: Path) -> None:
    """In the text that is printed each number is a link, to the place where its row stands."""
    text = _source_of_the_pdf(built)
    # So a number would be written that leads nowhere.
    assert "number-text(" not in text
    linked = re.findall(rf'#link\("{SCHEME}(book/numbers-[^"]+)", "', text)
    assert len(linked) >= 1000
    rows = {f"book/numbers-{n['chapter']}#number-{n['id'].replace('.', '-')}"
            for n in _numbers(built).values()}  # fmt: skip
    assert set(linked) <= rows
    written = re.findall(r'#number-record\(.*?<?label\("([^"]+)"\)', text)
    assert set(linked) <= set(written)


def test_leaves_are_kept_for_the_contents_of_the_pdf(built: Path) -> None:
    """As many as they take, or what follows would be set once more."""
    pages = [page.extract_text() for page in _reader(built).pages[:12]]
    taken = sum("Contents" in text.partition("\n")[0] for text in pages)
    kept = re.search(r"leaves: (\d+)", _source_of_the_pdf(built))
    assert kept
    assert int(kept[1]) == taken


def test_the_pdf_carries_every_row_of_evidence(built: Path) -> None:
    """The attached table has the rows that the page of evidence shows, with what they say."""
    page = (built / "book" / "evidence.html").read_text(encoding="utf-8")
    shown = dict(re.findall(r'<p id="([a-z]+-\d+)">.*?</p></td>\n<td><p>(.*?)</p>', page))
    assert len(shown) >= 1000
    (table,) = _reader(built).attachments["evidence.csv"]
    found = list(csv.DictReader(io.StringIO(table.decode())))
    said = {row["row"]: _same(row["says"]) for row in found}
    assert said == {key: _same(unescape(words)) for key, words in shown.items()}
    assert len(said) == len(found)
    ledger = opened(built.parents[1] / "data")
    for row in found:
        own = ledger.observations.get(row["row"]) or ledger.events[row["row"]]
        second = getattr(own, "source2", "") in ledger.sources
        assert row["sources"].count("http") >= 1 + second


def _same(words: str) -> str:
    """Words without the marks that keep a line whole or a table harmless."""
    return words.replace("\u00a0", " ").removeprefix("'")


def test_the_manifest_names_every_file(built: Path) -> None:
    """What is published is what the manifest says, byte for byte."""
    manifest = json.loads((built / "manifest.json").read_text(encoding="utf-8"))
    found = file_hashes(built)
    del found["manifest.json"]
    assert manifest["files"] == found


def test_the_pdf_is_a_tagged_book(built: Path) -> None:
    """At least forty pages, tagged, with language, title, bookmarks and the chapters."""
    reader = PdfReader(built / "azkz-2026.11.pdf")
    root: Any = reader.trailer["/Root"]
    assert len(reader.pages) >= 40
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert reader.metadata is not None
    assert "Azerbaijan and Kazakhstan in figures" in str(reader.metadata.title)
    titles = [str(entry.title) for entry in _flat(reader.outline)]
    for name in CHAPTERS:
        assert any(name.capitalize() in title for title in titles), (name, titles[:20])


def test_two_builds_are_the_same_bytes(built: Path, tmp_path: Path, azkz: Azkz) -> None:
    """From nothing, in another folder, the chapters run again: every published byte is equal."""
    where = copy_checkout(tmp_path / "another folder", with_store=False)
    done = azkz(where, "build")
    assert done.returncode == 0, done.stderr
    assert ": unchanged in" not in done.stderr
    assert file_hashes(where.site / "2026.11") == file_hashes(built)


def test_an_older_edition_is_the_same_bytes_again(site: Path, tmp_path: Path, azkz: Azkz) -> None:
    """Its chapters, the editions before it and the vintages are evaluated anew."""
    where = copy_checkout(tmp_path / "another folder", with_store=False)
    done = azkz(where, "build", "2025.10")
    assert done.returncode == 0, done.stderr
    assert file_hashes(where.site / "2025.10") == file_hashes(site / "2025.10")


def test_editions_of_one_checkout_differ_by_their_day_alone(site: Path) -> None:
    """Code, notebooks, ledger, packages and all parameters but those that follow the day."""
    said = []
    for edition in ("2024.03", "2025.10", "2026.11"):
        made = json.loads((site / edition / "manifest.json").read_text(encoding="utf-8"))
        parameters = made["parameters"]
        own = {name: parameters.pop(name) for name in ("edition", "as_of", "last_year")}
        assert own["last_year"] == int(made["as_of"][:4]) - 1
        assert (made.pop("edition"), made.pop("as_of")) == (own["edition"], own["as_of"])
        assert made.pop("newest") == (edition == "2026.11")
        said.append({name: made[name] for name in made if name not in ("chapters", "files")})
    assert said[0] == said[1] == said[2]


NASTY = "<script>alert(1)</script>"
FORMULA = "=cmd()"


def test_markup_and_formulas_in_the_ledger_stay_text(tmp_path: Path, azkz: Azkz) -> None:
    """A title and notes that hold a script and a formula are read as typed, everywhere."""
    where = copy_checkout(tmp_path / "checkout")
    sources = where.data / "sources.csv"
    rows = list(csv.DictReader(sources.open(encoding="utf-8", newline="")))
    used = {"trend-2024-03-05-igc-joint-production", "wits-kz-exports"}
    for row in rows:
        if row["source"] in used:
            row["title"] = f"{FORMULA} {NASTY} *bold* $x$ #import \\\\ `code`"
            row["publisher"] = f"{FORMULA} {NASTY}"
    with sources.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0], lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    observations = where.data / "observations.csv"
    text = observations.read_text(encoding="utf-8")
    observations.write_text(
        text.replace("Kazakh statistics,\n", f'Kazakh statistics,"{FORMULA} {NASTY}"\n'),
        encoding="utf-8",
    )
    done = azkz(where, "build")
    assert done.returncode == 0, done.stderr
    site = where.site / "2026.11"
    for page in site.rglob("*.html"):
        assert NASTY not in page.read_text(encoding="utf-8"), page
    shown = (site / "book" / "sources.html").read_text(encoding="utf-8")
    assert "=cmd() &lt;script&gt;alert(1)&lt;/script&gt; *bold* $x$ #import" in shown
    words = " ".join("".join(p.extract_text() for p in _reader(site).pages).split())
    assert "=cmd() <script>alert(1)</script> *bold* $x$ #import" in words
    for data in site.rglob("*.csv"):
        for cells in csv.reader(data.open(encoding="utf-8", newline="")):
            assert not any(re.match(r"[=@]|[+-](?![\d.])", cell) for cell in cells), (data, cells)


def _numbers(site: Path) -> dict[str, dict[str, Any]]:
    record = json.loads((site / "numbers.json").read_text(encoding="utf-8"))
    return {number["id"]: number for number in record["numbers"]}


def _source_of_the_pdf(site: Path) -> str:
    """All that is printed: the book, and the lists that are written apart from it."""
    folder = site.parents[1] / "_build" / site.name / "pdf"
    parts = json.loads((folder / press.ORDER).read_text(encoding="utf-8"))["parts"]
    lists = [name for name in parts if name.endswith(".typ")]
    assert len(lists) == len(CHAPTERS) + 1
    return "".join((folder / name).read_text(encoding="utf-8") for name in (press.SOURCE, *lists))


def _reader(site: Path) -> PdfReader:
    return PdfReader(site / "azkz-2026.11.pdf")


def _flat(outline: Any) -> list[Any]:
    if not isinstance(outline, list):
        return [outline]
    return [entry for part in outline for entry in _flat(part)]
