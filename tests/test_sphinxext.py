"""The pages: figures, tables, numbers and sources of a small staged book, and what is refused."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from azkz.build.publish import file_hashes
from azkz.build.sphinx import run_sphinx
from azkz.errors import BadInput, Faults
from azkz.report.spreadsheet import as_csv
from conftest import ROOT

SCRIPT = "<script>alert(1)</script> *stars*"
COMMAND = "=cmd()"
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 36">'
    '<text x="1" y="9">466 in 2008</text></svg>\n'
)
LEDGER: Mapping[str, Sequence[Mapping[str, str]]] = {
    "sources": [
        {
            "source": "trend-2024",
            "publisher": "Trend",
            "title": SCRIPT,
            "published": "2024-03-05",
            "url": "https://example.org/a?b=1&c=2",
            "lang": "en",
            "kind": "press",
        },
        {
            "source": "bureau",
            "publisher": "Bureau",
            "title": COMMAND,
            "url": "javascript:alert(1)",
            "lang": "ru",
            "kind": "dataset",
        },
    ],
    "units": [
        {"unit": "million USD", "label": "million USD", "dimension": "USD", "factor": "1000000"}
    ],
    "indicators": [
        {
            "indicator": "trade_turnover",
            "chapter": "trade",
            "label": "Trade turnover",
            "definition": "Exports plus imports.",
            "dimension": "USD",
            "unit": "million USD",
        },
        {
            "indicator": "oil_value",
            "chapter": "energy",
            "label": "Value of oil",
            "definition": "What oil was worth.",
            "dimension": "USD",
            "unit": "million USD",
        },
    ],
    "observations": [
        {
            "id": "trade-0001",
            "chapter": "trade",
            "indicator": "trade_turnover",
            "reporter": "KAZ",
            "ref_area": "KAZ",
            "counterpart_area": "AZE",
            "time_period": "2023",
            "obs_value": "529.4",
            "unit": "million USD",
            "status": "reported",
            "source": "trend-2024",
            "known_from": "2024-03-05",
            "known_from_basis": "published",
        },
        {
            "id": "trade-0002",
            "chapter": "trade",
            "indicator": "trade_turnover",
            "reporter": "KAZ",
            "ref_area": "KAZ",
            "counterpart_area": "AZE",
            "time_period": "2022",
            "obs_value": "463.3",
            "unit": "million USD",
            "status": "reported",
            "source": "bureau",
            "known_from": "2024-03-05",
            "known_from_basis": "published",
        },
    ],
    "events": [
        {
            "id": "event-0001",
            "chapter": "trade",
            "date": "2024-03-05",
            "kind": "meeting",
            "summary": "The commission met.",
            "source": "trend-2024",
            "known_from": "2024-03-05",
            "known_from_basis": "published",
        }
    ],
    "claims": [
        {
            "claim": "turnover-2023",
            "chapter": "trade",
            "paragraph": "4",
            "kind": "figure",
            "statement": "Trade reached 529.4 million USD.",
            "stated_value": "529.4",
            "wording": "almost",
            "unit": "million USD",
            "time_period": "2023",
            "source": "trend-2024",
        },
        {
            "claim": "growth-2023",
            "chapter": "trade",
            "paragraph": "4",
            "kind": "judgement",
            "statement": "Trade grew.",
            "source": "trend-2024",
        },
    ],
    "names": [
        {"code": "KAZ", "name": "Kazakhstan"},
        {"code": "AZE", "name": "Azerbaijan"},
    ],
    "places": [],
    "route": [],
    "outcomes": [],
}
NUMBER = {
    "id": "trade.turnover-2023",
    "chapter": "trade",
    "label": "Turnover in 2023, Kazakh count",
    "kind": "observed",
    "text": "529.4\u00a0million\u00a0USD",
    "unit": "million USD",
    "formula": "trade-0001",
    "observations": ["trade-0001"],
    "sources": ["trend-2024"],
    "known_from": "2024-03-05",
    "alternatives": [
        {
            "observation": "trade-0002",
            "value": 463.3,
            "unit": "million USD",
            "reporter": "KAZ",
            "known_from": "2024-03-05",
            "relation": "revision",
        }
    ],
}
DERIVED = {
    **NUMBER,
    "id": "trade.twice",
    "label": "Twice the turnover",
    "kind": "derived",
    "text": "1058.8\u00a0million\u00a0USD",
    "formula": "trade.turnover-2023 * 2 + trade-0002",
    "alternatives": [],
}
READING = {
    "value": "529.4\u00a0million\u00a0USD",
    "count": "Kazakhstan",
    "known_from": "2024-03-05",
    "agrees": True,
    "stands": True,
    "observations": ["trade-0001"],
    "number": "trade.turnover-2023",
}
VERDICT = {
    "claim": "turnover-2023",
    "verdict": "confirmed with limits",
    "text": "It is {num}`trade.turnover-2023` by {source}`trend-2024`, not *more*.",
    "numbers": ["trade.turnover-2023", "trade.twice"],
    "events": ["event-0001"],
    "reasons": ["Revised since: {num}`trade.twice` (Kazakhstan)."],
    "readings": [
        READING,
        {**READING, "stands": False, "number": ""},
        {
            **READING,
            "value": "463.3\u00a0million\u00a0USD",
            "agrees": False,
            "observations": ["trade-0002"],
            "number": "",
        },
    ],
}
FIGURE = {
    "kind": "figure",
    "id": "trade.long-view",
    "title": f"Trade is {{num}}`trade.turnover-2023` {SCRIPT}",
    "subtitle": "million USD, Kazakh count",
    "caption": "What it means, by {source}`trend-2024`.",
    "alt": 'Line with a peak of "466" in 2008.',
    "sources": ["bureau", "trend-2024"],
    "source_line": "Sources: Bureau; Trend.",
    "unit": "million USD",
    "columns": ["year", "value", "name", "observation"],
    "rows": [[2023, -529.4, COMMAND, "trade-0001"], [2022, "-463.3", "@x", "trade-0002"]],
    "observations": ["trade-0001", "trade-0002"],
}
TABLE = {
    "kind": "table",
    "id": "trade.readings",
    "title": "Readings",
    "note": "A note with {num}`trade.twice`.",
    "columns": [
        {"label": "Page", "align": "left", "unit": ""},
        {"label": "Value", "align": "right", "unit": ""},
    ],
    "rows": [
        [SCRIPT, "529.4"],
        [COMMAND, "{num}`trade.turnover-2023`"],
        [
            "Clicked",
            [
                {"text": "said"},
                {"text": "463", "row": "trade-0002"},
                {"text": "1059", "number": "trade.twice"},
            ],
        ],
        ["Stated on 5 March 2024 with 14 percent", "463.3"],
    ],
    "sources": ["trend-2024"],
    "source_line": "Source: Trend.",
    "observations": ["trade-0001"],
}
CHAPTER = """\
# Trade

```{div} question
Has trade grown?
```

In all {num}`trade.twice:value` {num}`trade.twice:unit` ({num}`trade.turnover-2023:signed`;
{num}`trade.twice:label`).

Trade was {num}`trade.turnover-2023`, says {source}`trend-2024`; the ledger has {count}`sources`
sources.
"""
INDEX = "# Cover\n\n```{azkz-build}\n:line:\n```\n\n```{azkz-key-numbers}\ntrade.twice\n```\n"
GENERATED = {
    "book/audit": "# Audit\n\n```{azkz-audit}\n```\n",
    "book/numbers": "# Numbers\n\n```{azkz-numbers}\n```\n",
    "book/numbers-trade": "# Numbers: Trade\n\n```{azkz-numbers-of} trade\n```\n",
    "book/evidence": "# Evidence\n\n```{azkz-evidence}\n```\n",
    "book/sources": "# Sources\n\n```{azkz-sources}\n```\n",
    "book/indicators": "# Indicators\n\n```{azkz-indicators}\n```\n",
}


class Element(HTMLParser):
    """The elements of a page: tag, attributes, and the text inside, in document order."""

    VOID = frozenset({"img", "link", "meta", "br", "hr", "input"})

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[int] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.found.append((tag, {name: value or "" for name, value in attrs}, []))
        if tag not in self.VOID:
            self._open.append(len(self.found) - 1)

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost element of that name."""
        for place in range(len(self._open) - 1, -1, -1):
            if self.found[self._open[place]][0] == tag:
                del self._open[place:]
                return

    def handle_data(self, data: str) -> None:
        """Give the text to every open element."""
        for index in self._open:
            self.found[index][2].append(data)

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str], str]]:
        """Attributes and text of the elements with that tag; of a class, one word is enough."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            (own, " ".join("".join(text).split()))
            for name, own, text in self.found
            if name == tag
            and all(value in own.get(key, "").split() for key, value in wanted.items())
        ]


def _cell(record: Mapping[str, Any], mime: str, content: str) -> Any:
    cell = nbformat.v4.new_code_cell("report.show()")
    data = {mime: content, "text/plain": "PLAIN TEXT OF THE OUTPUT"}
    cell["outputs"] = [
        nbformat.v4.new_output("display_data", data, metadata={"azkz": dict(record)})
    ]
    return cell


def _notebook(markdown: str, *cells: Any) -> str:
    made = [nbformat.v4.new_markdown_cell(markdown), *cells]
    for index, cell in enumerate(made):
        cell["id"] = f"cell-{index}"
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    text: str = nbformat.writes(nbformat.v4.new_notebook(cells=made, metadata=kernel))
    return text


EXAMPLE = re.compile(r"^ *\*Example\.\*.*$", re.MULTILINE)


def write_ledger(folder: Path, tables: Mapping[str, Sequence[Mapping[str, str]]] = LEDGER) -> None:
    """A ledger of these ``tables``."""
    folder.mkdir(parents=True)
    for name, rows in tables.items():
        with (ROOT / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as real:
            fields = next(csv.reader(real))
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, fields, restval="")
            writer.writeheader()
            writer.writerows({**({"retrieved": "2026-11-23"} if name == "sources" else {}), **row}
                             for row in rows)  # fmt: skip


def make_stage(
    folder: Path,
    *,
    newest: bool = True,
    missing: Sequence[str] = (),
    left_out: Sequence[Mapping[str, Any]] = (),
    chapter: str = CHAPTER,
    pages: Mapping[str, str] = {"book/index": INDEX},
    cells: Sequence[Any] | None = None,
) -> Path:
    """A small staged book: one chapter, the generated pages, and the records of a build."""
    write_ledger(folder / "data")
    stage = folder / "book"
    (stage / "notebooks").mkdir(parents=True)
    shutil.copy(ROOT / "_config.yml", stage)
    shutil.copytree(ROOT / "book", stage / "book")
    method = stage / "book" / "method.md"
    # Its examples cite numbers of real chapters.
    method.write_text(EXAMPLE.sub("", method.read_text(encoding="utf-8")), encoding="utf-8")
    for name, content in {**GENERATED, **pages}.items():
        (stage / f"{name}.md").write_text(content, encoding="utf-8")
    outputs = [_cell(FIGURE, "image/svg+xml", SVG), _cell(TABLE, "text/html", "<table></table>")]
    end = _cell({"kind": "record", "chapter": "trade"}, "text/plain", "RECORD")
    shown = outputs if cells is None else list(cells)
    (stage / "notebooks" / "trade.ipynb").write_text(_notebook(chapter, *shown, end))
    files = [{"file": name} for name in sorted({*GENERATED, *pages} - {"book/index"})]
    parts = [
        {"caption": "Chapters", "numbered": 1, "chapters": [{"file": "notebooks/trade"}]},
        {"caption": "Evidence and method", "chapters": [{"file": "book/method"}, *files]},
    ]
    toc = {"format": "jb-book", "root": "book/index", "parts": parts}
    (stage / "_toc.yml").write_text(yaml.safe_dump(toc))
    unknown = [{"id": key, "reason": "no observation"} for key in missing]
    numbers = {"missing": unknown, "left_out": left_out}
    _write_records(stage, folder / "data", numbers, newest=newest)
    return stage


def _write_records(stage: Path, data: Path, unknown: Mapping[str, Any], *, newest: bool) -> None:
    about = {
        "edition": "2026.11",
        "title": "A small book",
        "as_of": "2026-11-23",
        "newest": newest,
        "published": True,
        "version": "2026.11.0",
        "ledger_sha256": "0" * 64,
        "data": str(data),
        "chapters": ["trade"],
        "others": ["energy", "culture"],
    }
    records = {
        "build.json": about,
        "numbers.json": {"numbers": [NUMBER, DERIVED], "drawn": [], **unknown},
        "verdicts.json": [VERDICT],
    }
    (stage / "_azkz").mkdir()
    for name, content in records.items():
        (stage / "_azkz" / name).write_text(json.dumps(content), encoding="utf-8")


def build(stage: Path, builder: str = "html") -> Path:
    """The output folder of a build of ``stage``."""
    out = stage.parent / builder
    run_sphinx(stage, out, stage.parent / "doctrees", builder, fresh=builder == "html")
    return out


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The HTML of the small book in the newest edition."""
    return build(make_stage(tmp_path_factory.mktemp("newest")))


@pytest.fixture(scope="module")
def trade(html: Path) -> Element:
    """The page of the chapter."""
    return Element(html / "notebooks" / "trade.html")


def test_figure_has_alt_title_caption_and_number(trade: Element) -> None:
    """A figure output becomes a numbered figure with all of its texts."""
    ((attributes, shown),) = trade.all("figure", class_="report-figure")
    assert attributes["id"] == "trade-long-view"
    assert "Figure 1.1" in shown
    assert "What it means, by Trend, 5 March 2024." in shown
    assert any("529.4" in text for _, text in trade.all("strong"))
    assert trade.all("span", class_="subtitle")[0][1] == "million USD, Kazakh count"
    (image,) = [own for own, _ in trade.all("img") if own.get("alt")]
    assert image["alt"] == FIGURE["alt"]


def test_figure_is_written_by_its_content(html: Path, trade: Element) -> None:
    """The drawing lies in a file of its own, unchanged."""
    (image,) = [own for own, _ in trade.all("img") if own.get("alt")]
    assert (html / "notebooks" / image["src"]).read_text(encoding="utf-8") == SVG


def test_picture_of_a_figure_opens_alone(html: Path, trade: Element) -> None:
    """The picture is a link to its own file, which can be enlarged, and keeps its alt text."""
    ((link, _),) = trade.all("a", class_="image-reference")
    assert link["title"] == "Open the figure"
    assert (html / "notebooks" / link["href"]).read_text(encoding="utf-8") == SVG


def test_no_line_ends_within_a_typed_number(html: Path) -> None:
    """A date may part before its year; a number stays with what it counts."""
    page = (html / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "<p>Stated on 5\u00a0March 2024 with 14\u00a0percent</p>" in page


def test_source_line_leads_to_the_sources(html: Path, trade: Element) -> None:
    """Each publisher under a figure is a link to an entry that exists."""
    ((_, line),) = [
        found for found in trade.all("p", class_="figure-source") if "Bureau" in found[1]
    ]
    assert line == "Sources: Bureau; Trend."
    targets = [own["href"] for own, text in trade.all("a", class_="source") if text == "Bureau"]
    assert targets == ["../book/sources.html#source-bureau"]
    ids = {own.get("id") for _, own, _ in Element(html / "book" / "sources.html").found}
    assert {"source-bureau", "source-trend-2024"} <= ids


def test_strings_of_the_ledger_stay_text(html: Path, trade: Element) -> None:
    """Markup and formulas in titles, cells and source titles are shown as they were typed."""
    assert SCRIPT in trade.all("figure", class_="report-figure")[0][1]
    cells = [text for _, text in trade.all("td")]
    assert SCRIPT in cells
    assert COMMAND in cells
    assert not any("alert(1)" in text for _, text in trade.all("script"))
    sources = Element(html / "book" / "sources.html")
    assert [text for _, text in sources.all("span", class_="source-title")] == [COMMAND, SCRIPT]
    assert not any("alert(1)" in text for _, text in sources.all("script"))
    assert not any("javascript:" in own.get("href", "") for own, _ in sources.all("a"))


def test_table_is_numbered_and_framed(trade: Element) -> None:
    """A table output becomes a table with number, note and source in a frame that scrolls."""
    ((attributes, caption),) = trade.all("caption")
    assert "Table 1.1 Readings" in caption, attributes
    assert trade.all("table", class_="report-table")[0][0]["id"] == "trade-readings"
    assert trade.all("td", class_="right")[0][1] == "529.4"
    assert trade.all("p", class_="table-note")[0][1] == "A note with 1058.8 million USD."
    frame = trade.all("div", class_="table-frame")[0][0]
    assert (frame["tabindex"], frame["aria-label"]) == ("0", "Readings")


def test_record_and_plain_outputs_are_not_shown(html: Path) -> None:
    """The record of a chapter and the text forms of its outputs stay off the page."""
    page = (html / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "RECORD" not in page
    assert "PLAIN TEXT OF THE OUTPUT" not in page


def test_code_is_folded(trade: Element) -> None:
    """Every cell's code can be unfolded and none is open; cells without outputs share a fold."""
    folds = trade.all("details", class_="hide")
    assert folds
    assert not any("open" in own for own, _ in folds)
    assert sum("report.show()" in text for _, text in trade.all("pre")) == 3


def test_code_is_taken_out_of_an_older_edition(tmp_path: Path) -> None:
    """Folded, open or without an output: what cells show stays, and one line says where code is."""
    silent, shown = (nbformat.v4.new_code_cell(f"later_{word} = 2025") for word in ("a", "b"))
    shown["metadata"]["tags"] = ["show-input"]
    figure = _cell(FIGURE, "image/svg+xml", SVG)
    stage = make_stage(tmp_path, newest=False, cells=[silent, figure, shown])
    html = build(stage)
    page = Element(html / "notebooks" / "trade.html")
    assert page.all("figure", class_="report-figure")
    assert not page.all("div", class_="cell_input")
    ((_, line),) = page.all("div", class_="code-elsewhere")
    assert line.startswith("The code of this chapter is shown in the newest edition only")
    assert line.endswith("evidence that became known after 23 November 2026.")
    for file in ("notebooks/trade.html", "searchindex.js"):
        text = (html / file).read_text(encoding="utf-8")
        assert not re.search("later_[ab]|report\\.show", text)
    # No edition shows code in print.
    assert "newest edition only" not in (build(stage, "typst") / "azkz.typ").read_text("utf-8")


def test_data_file_is_harmless_and_exact(html: Path, trade: Element) -> None:
    """The CSV of a figure keeps figures as figures and disarms what a spreadsheet would run."""
    (link,) = [own["href"] for own, text in trade.all("a") if text == "Data (CSV)"]
    path = html / "notebooks" / link
    assert path.resolve() == (html / "data" / "trade.long-view.csv").resolve()
    assert path.read_text(encoding="utf-8").splitlines() == [
        "year,value,name,observation",
        "2023,-529.4,'=cmd(),trade-0001",
        "2022,-463.3,'@x,trade-0002",
    ]


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+cmd", "'+cmd"),
        ("-cmd", "'-cmd"),
        ("@sum", "'@sum"),
        ("\tx", "'\tx"),
        ("-5.25", "-5.25"),
        (-5.25, "-5.25"),
        (None, ""),
        ("plain", "plain"),
    ],
)
def test_cells_that_begin_as_formulas_are_marked(cell: object, written: str) -> None:
    """Only text is marked; negative figures and empty cells are as they were."""
    rows = list(csv.reader(as_csv(["a", "b"], [[cell, 1]]).splitlines()))
    assert rows[1] == [written, "1"]


def test_number_leads_to_its_row(html: Path, trade: Element) -> None:
    """A number in prose carries its id, does not break, and its link has a target."""
    links = trade.all("a", class_="number")
    own, _ = next(found for found in links if found[0]["data-number"] == NUMBER["id"])
    page, _, anchor = own["href"].partition("#")
    target = Element(html / "notebooks" / page)
    assert anchor in {attributes.get("id") for _, attributes, _ in target.found}
    text = (html / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert ">529.4\u00a0million\u00a0USD</a>" in text


def test_variants_print_parts_of_a_number(html: Path) -> None:
    """Value, unit, label and sign can be asked for one by one, and each leads to the row."""
    page = (html / "notebooks" / "trade.html").read_text(encoding="utf-8")
    shown = re.findall(r'data-number="([^"]+)"[^>]*>([^<]+)</a>', page)
    for number, text in (
        ("trade.twice", "1058.8"),
        ("trade.twice", "million\u00a0USD"),
        ("trade.twice", "Twice the turnover"),
        ("trade.turnover-2023", "+529.4\u00a0million\u00a0USD"),
    ):
        assert (number, text) in shown


@pytest.mark.parametrize(
    ("cited", "says"),
    [
        ("turnover-2023:vale", "cell 1, line 3: 'vale' is no variant — use one of value, unit"),
        ("word:unit", "trade.word has no unit"),
        ("word:signed", "trade.word has no signed"),
    ],
)
def test_variants_that_there_are_not_are_refused(tmp_path: Path, cited: str, says: str) -> None:
    """A misspelt variant, the unit of a word and the sign of a word stop the build."""
    stage = make_stage(tmp_path, chapter=f"# Trade\n\nIt was {{num}}`trade.{cited}`.\n")
    word = {**DERIVED, "id": "trade.word", "kind": "text", "text": "rose", "formula": ""}
    path = stage / "_azkz" / "numbers.json"
    records = json.loads(path.read_text(encoding="utf-8"))
    records["numbers"].append(word)
    path.write_text(json.dumps(records), encoding="utf-8")
    with pytest.raises(BadInput) as caught:
        build(stage)
    assert says in str(caught.value)


def test_figures_in_cells_lead_to_number_and_row(html: Path, trade: Element) -> None:
    """A computed cell leads to its number, an observed one to its row of the ledger."""
    numbers = [text for own, text in trade.all("a", class_="number") if "1059" in text]
    assert numbers == ["1059"]
    ((own, text),) = trade.all("a", class_="ledger-row")
    assert (own["href"], text) == ("../book/evidence.html#trade-0002", "463")
    assert "<p>said, <a" in (html / "notebooks" / "trade.html").read_text(encoding="utf-8")


def test_annex_links_formulas_and_sources(html: Path) -> None:
    """A number's row leads to the numbers and rows in its formula, and to its sources."""
    page = Element(html / "book" / "numbers-trade.html")
    links = {own["href"]: text for own, text in page.all("a") if "href" in own}
    assert links["#number-trade-turnover-2023"] == "trade.turnover-2023"
    assert links["sources.html#source-trend-2024"] == "5 March 2024"
    _, row = page.all("tr")[1]
    assert "463.3 million USD (revision: Kazakhstan, 5 March 2024)" in row
    _, row = page.all("tr")[2]
    assert "trade.turnover-2023 * 2 + trade-0002" in row
    assert {own["href"] for own, _ in page.all("a", class_="ledger-row")} == {
        "evidence.html#trade-0001",
        "evidence.html#trade-0002",
    }


def test_numbers_are_counted_by_chapter(html: Path) -> None:
    """The page of numbers leads to each chapter's, and to the files for programs."""
    page = Element(html / "book" / "numbers.html")
    (_, row) = page.all("tr")[1]
    assert row == "Trade 1 1 0 2"
    links = {own["href"] for own, _ in page.all("a") if "href" in own}
    assert links >= {"numbers-trade.html", "../numbers.json", "../numbers.csv"}


def test_evidence_has_an_anchor_for_each_row_used(html: Path) -> None:
    """Rows behind numbers, other readings and verdicts are there, with the page they are from."""
    page = Element(html / "book" / "evidence.html")
    anchors = {own.get("id") for _, own, _ in page.found}
    assert anchors >= {"trade-0001", "trade-0002", "event-0001"}
    rows = [text for _, text in page.all("tr")]
    assert (
        "Trade turnover, Kazakhstan–Azerbaijan, 2023 trade-0001 529.4 million USD "
        "Kazakhstan, reported Trend, 5 March 2024 (original page) 5 March 2024 (date of the page)"
    ) in rows
    outside = {own["href"] for own, text in page.all("a") if text == "original page"}
    assert outside == {"https://example.org/a?b=1&c=2"}


def test_audit_shows_verdict_and_evidence(html: Path) -> None:
    """A judged claim has figure, verdict, reasons, readings and more; another is not judged."""
    page = Element(html / "book" / "audit.html")
    marks = [text for _, text in page.all("span", class_="verdict")]
    assert marks.count("Confirmed with limits") == 2
    assert marks.count("Not yet judged") == 2
    _, claim = page.all("dl", class_="claims")[0]
    assert "It is 529.4 million USD by Trend, 5 March 2024, not *more*." in claim
    assert "Stated: almost 529.4 million USD, 2023." in claim
    assert "Revised since: 1058.8 million USD (Kazakhstan)." in claim
    since = "known since 5 March 2024"
    assert f"Agrees: 529.4 million USD, Kazakhstan, {since} (trade-0001), as does one more" in claim
    assert f"Differs: 463.3 million USD, Kazakhstan, {since} (trade-0002)" in claim
    assert "Twice the turnover: 1058.8 million USD" in claim
    assert "Turnover in 2023, Kazakh count: " not in claim
    assert "5 March 2024: The commission met (Trend, 5 March 2024)." in claim


def test_index_shows_cards_and_edition(html: Path) -> None:
    """The cover names edition and day and prints the key numbers."""
    page = Element(html / "book" / "index.html")
    assert page.all("p", class_="edition-line")[0][1] == (
        "Edition 2026.11, as known on 23 November 2026"
    )
    assert page.all("p", class_="key-number-value")[0][1] == "1058.8 million USD"
    assert ">1058.8 million\u00a0USD<" in (html / "book" / "index.html").read_text(encoding="utf-8")


def test_no_page_asks_another_host(html: Path) -> None:
    """No script, style, picture or frame of any page or style sheet comes from elsewhere."""
    asked = [
        own.get("src") or own.get("href", "")
        for path in html.rglob("*.html")
        for tag in ("script", "link", "img", "iframe", "source")
        for own, _ in Element(path).all(tag)
    ]
    assert len(asked) > 50
    assert not [address for address in asked if re.match(r"(https?:)?//", address)]
    styles = [path.read_text(encoding="utf-8") for path in html.rglob("*.css")]
    addresses = [found for text in styles for found in re.findall(r"url\(([^)]*)\)|@import", text)]
    assert not [a for a in addresses if re.match(r"[\"']?(https?:)?//", a)]


def test_scripts_of_the_pages_name_no_other_host(html: Path) -> None:
    """No script that is in a page builds an address of a live-code or formula service."""
    pages = "".join(path.read_text(encoding="utf-8") for path in html.rglob("*.html"))
    for host in ("unpkg", "jsdelivr", "mybinder", "googleapis", "cdnjs"):
        assert host not in pages


def test_two_builds_are_equal(html: Path, tmp_path: Path) -> None:
    """Built in another folder, new or used, every page and file has the same bytes."""
    stage = make_stage(tmp_path)
    made = [file_hashes(html), file_hashes(build(stage)), file_hashes(build(stage))]
    for hashes in made:
        # Sphinx's own note of the settings, which is not published.
        del hashes[".buildinfo"]
    assert made[0] == made[1]
    assert made[1] == made[2]


def test_pdf_takes_figures_and_tables_from_the_same_reading(tmp_path: Path) -> None:
    """The builder of the PDF gets the drawing and the table, without reading the pages again."""
    stage = make_stage(tmp_path)
    build(stage)
    stamp = (tmp_path / "doctrees" / "notebooks" / "trade.doctree").stat().st_mtime_ns
    source = next(build(stage, "typst").glob("azkz.typ")).read_text(encoding="utf-8")
    about = json.loads((stage / "_azkz" / "build.json").read_text(encoding="utf-8"))
    assert f'"SHA-256 {about["ledger_sha256"]}"' in source
    assert '"Across the Caspian contributors (' in source
    assert "report-figure" in source
    assert "A note with" in source
    assert (tmp_path / "doctrees" / "notebooks" / "trade.doctree").stat().st_mtime_ns == stamp


def test_unknown_ids_are_refused_together(tmp_path: Path) -> None:
    """The newest edition names every citation that nothing answers, with place and near ids."""
    chapter = "# Trade\n\nIt was {num}`trade.turnovr-2023`.\n\nAnd {source}`trend-2042`.\n"
    index = "# Cover\n\n{num}`trade.later`\n\n```{azkz-key-numbers}\ntrade.nothing\n```\n"
    missing = ["trade.later", "trade.unsaid"]
    stage = make_stage(tmp_path, chapter=chapter, pages={"book/index": index}, missing=missing)
    with pytest.raises(Faults) as caught:
        build(stage)
    message = str(caught.value)
    assert len(caught.value.faults) == 5
    assert "notebooks/trade.ipynb: number trade.unsaid is not known: no observation" in message
    assert (
        "notebooks/trade.ipynb, cell 1, line 3: no number 'trade.turnovr-2023' — "
        "near it: trade.turnover-2023"
    ) in message
    assert "cell 1, line 5: no source 'trend-2042' — near it: trend-2024" in message
    assert "book/index.md:3: number trade.later is not known: no observation" in message
    assert "book/index.md:6: no number 'trade.nothing'" in message


def test_unknown_ids_in_strings_are_refused(tmp_path: Path) -> None:
    """Titles, captions, notes and cells of outputs are held to the same rule as prose."""
    broken = {**TABLE, "rows": [["{num}`trade.cell`", ""]], "note": "{source}`nobody`"}
    figure = {**FIGURE, "caption": "{num}`trade.caption`"}
    cells = [_cell(figure, "image/svg+xml", SVG), _cell(broken, "text/html", "")]
    with pytest.raises(Faults) as caught:
        build(make_stage(tmp_path, cells=cells))
    for key in ("trade.cell", "nobody", "trade.caption"):
        assert key in str(caught.value)


OLDER = """\
# Trade

Kept paragraph with {num}`trade.turnover-2023`.

Lost paragraph with {num}`trade.gone`.

1. Kept item.
2. Lost item with {num}`trade.gone`.

   More of the lost item.

## Lost heading

- Lost only item {num}`trade.gone`.

## Kept heading

| Page | Value |
|------|-------|
| Kept row | one |
| Lost row | {num}`trade.gone` |

```{admonition} Lost box
Lost box text {num}`trade.gone`.
```
"""


def test_older_edition_leaves_out_what_it_does_not_know(tmp_path: Path) -> None:
    """Paragraphs, list items, rows, and what is left empty go; the rest stays and all is listed."""
    rows = [["Kept cell", "1"], ["Lost cell", "{num}`trade.gone`"]]
    lost = {**TABLE, "id": "trade.lost", "title": "Lost table", "rows": [rows[1]], "note": "Lost."}
    cells = [
        _cell({**TABLE, "rows": rows}, "text/html", ""),
        _cell(lost, "text/html", ""),
        _cell({**FIGURE, "caption": "Lost caption {num}`trade.gone`."}, "image/svg+xml", SVG),
    ]
    index = f"{INDEX}\n## Lost cards\n\n```{{azkz-key-numbers}}\ntrade.gone\n```\n"
    pages = {"book/index": index}
    sentence = {"chapter": "trade", "text": "Lost sentence.", "missing": ["trade.gone"]}
    stage = make_stage(
        tmp_path,
        newest=False,
        chapter=OLDER,
        pages=pages,
        cells=cells,
        missing=["trade.gone"],
        left_out=[sentence],
    )
    out = build(stage)
    page = (out / "notebooks" / "trade.html").read_text(encoding="utf-8")
    page += (out / "book" / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"Lost [a-z]+|trade\.gone|unknown", page) == []
    for kept in ("Kept paragraph", "Kept item", "Kept heading", "Kept row", "Kept cell"):
        assert kept in page
    assert 'id="trade-long-view"' in page
    left_out = json.loads((out / "_azkz" / "left-out.json").read_text(encoding="utf-8"))
    assert sorted(note["passage"] for note in left_out) == [
        *["list item"] * 2,
        *["paragraph"] * 4,
        "sentence",
        *["table row"] * 3,
    ]
    assert [note["missing"] for note in left_out] == [{"trade.gone": "no observation"}] * 10
    assert "notebooks/trade.ipynb, cell 1, line 5" in {note["place"] for note in left_out}


def test_newest_edition_leaves_nothing_out(html: Path) -> None:
    """The list of what was left out is there, and empty."""
    assert json.loads((html / "_azkz" / "left-out.json").read_text(encoding="utf-8")) == []


def test_chapters_that_were_not_asked_for_are_left_out(tmp_path: Path) -> None:
    """In the newest edition, too, a page may cite a chapter that this build does not hold."""
    index = f"{INDEX}\nKept.\n\nLost {{num}}`energy.oil`.\n"
    out = build(make_stage(tmp_path, pages={"book/index": index}))
    page = (out / "book" / "index.html").read_text(encoding="utf-8")
    assert "Kept." in page
    assert "Lost" not in page


def test_page_is_not_left_out_by_its_title(tmp_path: Path) -> None:
    """A page whose own title cites what is unknown is refused in an older edition as well."""
    stage = make_stage(tmp_path, newest=False, chapter="# Trade {num}`trade.gone`\n")
    with pytest.raises(Faults, match=r"trade\.gone"):
        build(stage)


@pytest.mark.parametrize(
    ("chapter", "message"),
    [
        ("# Trade\n\n[nowhere](nowhere.md)\n", "nowhere.md"),
        ("# Trade\n\n{term}`unheard-of`\n", "unheard-of"),
        ("# Trade\n\n```{math}\n1 + 1\n```\n", "a formula needs a script"),
        ("# Trade\n\n{count}`unheard-of`\n", "no count 'unheard-of'"),
    ],
)
def test_warnings_stop_the_build(tmp_path: Path, chapter: str, message: str) -> None:
    """A link to nowhere, an unknown term, a formula or an unknown count stops the build."""
    with pytest.raises(BadInput) as caught:
        build(make_stage(tmp_path, chapter=chapter))
    assert message in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_changed_records_are_read_again(tmp_path: Path) -> None:
    """With the same doctrees, a changed number appears on the pages that print it.

    Without a change no page is written again.
    """
    stage = make_stage(tmp_path)
    build(stage)
    method = tmp_path / "html" / "book" / "method.html"
    stamp = method.stat().st_mtime_ns
    run_sphinx(stage, tmp_path / "html", tmp_path / "doctrees", "html", fresh=False)
    assert method.stat().st_mtime_ns == stamp
    changed = {**NUMBER, "text": "556.7\u00a0million\u00a0USD"}
    records = {"numbers": [changed, DERIVED], "missing": [], "left_out": [], "drawn": []}
    (stage / "_azkz" / "numbers.json").write_text(json.dumps(records), encoding="utf-8")
    run_sphinx(stage, tmp_path / "html", tmp_path / "doctrees", "html", fresh=False)
    page = (tmp_path / "html" / "notebooks" / "trade.html").read_text(encoding="utf-8")
    assert "556.7\u00a0million" in page
    assert "529.4\u00a0million" not in page
