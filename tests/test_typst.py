"""The PDF: a small book is built by Sphinx, and the file is read back."""

from __future__ import annotations

import datetime as dt
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import typst
from docutils import nodes
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from azkz.errors import ReportError
from azkz.sphinxext.long_table import long_table
from azkz.typst import columns, letters, markup, places, press
from azkz.typst.apart import Apart
from azkz.typst.book import Book, Page, Toctree, links, plan
from azkz.typst.errors import PdfFailed
from azkz.typst.section import holds_annex
from azkz.typst.writer import translate

PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="80" viewBox="0 0 300 80">'
    '<text x="10" y="40" font-family="DejaVu Sans" font-size="12">Drawn Əliyev</text></svg>'
)
NASTY = (
    "<script>alert(1)</script>",
    "=cmd()",
    "#import",
    "$x$",
    "*a*",
    "@ref",
    "// no comment",
    "C:\\path",
    "a~b",
    "\"double\" and 'single'",
    "[x] {y} `z` -- ---",
)
DAY = dt.date(2026, 11, 23)
SCRIPTS = ("Əliyev", "Қазақстан ғ ң ү", "Журнал", "ქართული", "Հայերեն")

INDEX = """\
# Across the Caspian

The summary of everything.

```{toctree}
:caption: Chapters
:numbered:

notebooks/trade
notebooks/energy
```

```{toctree}
:caption: Reference

book/method
```
"""

TRADE = """\
# Trade

{.question}
Has trade grown fivefold?

:::{admonition} Key findings
:class: key-findings
1. It rose to [529.4 million USD](#nasty){.number}.
2. See {doc}`/notebooks/energy` and the [outside](https://example.org/a?b=c).
:::

(nasty)=
## Nasty words

NASTY

SCRIPTS and 中.

## The long view

A claim.[^one] The same note.[^one] See {numref}`fig-long`, {numref}`tab-long` and {cite}`stat`.

:::{figure} long.svg
:name: fig-long
:alt: A line that rises & falls.

**Trade came back to the level of 2008** [million US dollars]{.subtitle}

What it means.

{.figure-source}
Source: a statistical office.
:::

::::{container} html-only
Only on the web.
::::

- outer
  - inner
    1. first
    2. second

> Quoted words.
>
> -- Somebody

```python
print("code")
```

[^one]: The note with *stress*.
"""

ENERGY = """\
# Energy

```{list-table} Rows over several pages
:header-rows: 1
:name: tab-long
* - Year
  - Repeated heading
ROWS
```

| Name | Value |
|:-----|------:|
| left | 12.5 |
"""

METHOD = """\
# Method

Term
: What it means.

```{glossary}
Ledger
  All observations.
```

A {term}`Ledger`.

```{bibliography}
```
"""

MYST_EXTENSIONS = {"attrs_block", "attrs_inline", "colon_fence", "deflist", "dollarmath"}

BIB = "@misc{stat, title={Foreign trade}, author={{Committee}}, year={2024}}\n"


def escaped(text: str) -> str:
    """Text as MyST takes it literally."""
    return re.sub(r"([\\`*_{}\[\]<>()#+\-.!$@~\"'&=/:])", r"\\\1", text)


def pages() -> dict[str, str]:
    """The files of a small book."""
    rows = "\n".join(f"* - {year}\n  - value {year}" for year in range(1900, 2020))
    nasty = "\n\n".join(escaped(text) for text in NASTY)
    trade = TRADE.replace("NASTY", nasty).replace("SCRIPTS", ", ".join(SCRIPTS))
    return {
        "index.md": INDEX,
        "notebooks/trade.md": trade,
        "notebooks/energy.md": ENERGY.replace("ROWS", rows),
        "notebooks/long.svg": PICTURE,
        "book/method.md": METHOD,
        "references.bib": BIB,
    }


def build(folder: Path, files: Mapping[str, str], **overrides: object) -> Path:
    """Build a book in this process and return the PDF."""
    source, output = folder / "source", folder / "out"
    for name, text in files.items():
        path = source / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    config: dict[str, object] = {
        "extensions": ["myst_parser", "sphinxcontrib.bibtex", "azkz.typst"],
        # Named, because extensions add to Sphinx's own default, which later tests share.
        "source_suffix": {".md": "markdown"},
        "bibtex_bibfiles": ["references.bib"],
        "myst_enable_extensions": sorted(MYST_EXTENSIONS),
        "smartquotes": False,
        "numfig": True,
        "numfig_format": {"figure": "Figure %s", "table": "Table %s"},
        "typst_title": "Across the Caspian: Azerbaijan and Kazakhstan in figures",
        "typst_edition": "2026.11",
        "typst_as_of": "2026-11-23",
        "typst_version": "2026.11.0",
        "typst_imprint": [["Licence", "CC BY 4.0 *as typed*"]],
        **overrides,
    }
    warning = io.StringIO()
    with patch_docutils(), docutils_namespace():
        app = Sphinx(
            source, None, output, folder / "doctrees", "typst", config, None, warning, freshenv=True
        )
        app.build()
    assert warning.getvalue() == ""
    press.print_ordered(output)
    return output / "azkz-2026.11.pdf"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small book, built once."""
    return build(tmp_path_factory.mktemp("book"), pages())


@pytest.fixture(scope="module")
def reader(printed: Path) -> PdfReader:
    """The small book, opened."""
    return PdfReader(printed)


@pytest.fixture(scope="module")
def text(reader: PdfReader) -> str:
    """All text of the book with single spaces."""
    return " ".join("\n".join(page.extract_text() for page in reader.pages).split())


def root(reader: PdfReader) -> Any:
    """The catalogue of the file."""
    return reader.trailer["/Root"]


def structure(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every element of the structure tree."""
    pending = [root(reader)["/StructTreeRoot"]]
    while pending:
        node = pending.pop()
        node = node.get_object() if isinstance(node, IndirectObject) else node
        if isinstance(node, list):
            pending.extend(node)
        elif isinstance(node, DictionaryObject):
            yield node
            pending.append(node.get("/K", []))


@pytest.mark.parametrize("words", [*NASTY, *SCRIPTS])
def test_text_is_printed_as_typed(text: str, words: str) -> None:
    """Nothing that a page or the ledger holds is taken for Typst, HTML or a formula."""
    assert " ".join(words.split()) in text


def test_a_letter_without_a_font_is_named(text: str) -> None:
    """A letter that no font holds shows as its code point instead of an empty box."""
    assert "U+4E2D" in text


def test_document_properties(reader: PdfReader) -> None:
    """Title, language and the tags that PDF/UA asks for are there."""
    catalogue = root(reader)
    assert reader.metadata is not None
    assert reader.metadata.title == "Across the Caspian: Azerbaijan and Kazakhstan in figures"
    assert catalogue["/Lang"] == "en-GB"
    assert catalogue["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in catalogue
    assert catalogue["/ViewerPreferences"]["/DisplayDocTitle"]


def test_cover_and_imprint(reader: PdfReader) -> None:
    """Cover and imprint say which edition this is, and imprint lines stay literal."""
    cover, imprint = (reader.pages[index].extract_text() for index in (0, 1))
    for words in ("Edition 2026.11", "As known on 23 November 2026", "2026.11.0"):
        assert words in cover
    assert "CC BY 4.0 *as typed*" in imprint


def test_structure_has_alternatives_headings_and_tables(reader: PdfReader) -> None:
    """Pictures carry their text alternative, headings and heading cells their roles."""
    elements = list(structure(reader))
    roles = {str(element.get("/S")) for element in elements}
    figures = [element for element in elements if element.get("/S") == "/Figure"]
    alternatives = {str(element.get("/Alt")) for element in figures}
    assert alternatives == {"A line that rises & falls."}
    assert {"/H1", "/H2", "/TH", "/TD", "/Note", "/Lbl", "/LI", "/Link"} <= roles


def test_outline_numbers_chapters_only(reader: PdfReader) -> None:
    """Bookmarks lead to every page in order; only the chapters are numbered."""
    titles = [str(item["/Title"]) for item in reader.outline if not isinstance(item, list)]
    kept = [title for title in titles if title not in ("Contents", "Figures", "Tables")]
    assert kept == ["At a glance", "1 Trade", "2 Energy", "Method"]


def test_chapters_open_on_right_pages(reader: PdfReader) -> None:
    """A chapter begins on a page with an odd number, under its label."""
    openers = [
        index for index, page in enumerate(reader.pages, start=1)
        if re.search(r"Chapter [12]\b", page.extract_text())
    ]  # fmt: skip
    assert len(openers) == 2
    assert all(index % 2 for index in openers)


def test_running_heads(reader: PdfReader) -> None:
    """Pages carry chapter, book and edition above, the as-of day and their number below."""
    texts = [" ".join(page.extract_text().split()) for page in reader.pages]
    number, words = next(found for found in enumerate(texts, 1) if "value 1950" in found[1])
    assert "2 Energy" in words
    assert "Across the Caspian · edition 2026.11" in words
    assert re.search(rf"As known on 23 November 2026 {number}\b", words)


def test_long_tables_repeat_their_heading(reader: PdfReader) -> None:
    """A table that runs over pages shows its heading row on each and loses no row."""
    own = [text for page in reader.pages if "value 19" in (text := page.extract_text())]
    assert len(own) > 1
    assert all("Repeated heading" in text for text in own)
    assert set(re.findall(r"value (\d+)", "".join(own))) == {str(y) for y in range(1900, 2020)}


def test_numbers_agree_with_sphinx(text: str) -> None:
    """Captions carry the numbers that references in the text name."""
    assert "See Figure 1.1, Table 2.1 and" in text
    assert "Figure 1.1 Trade came back to the level of 2008 million US dollars" in text
    assert "Table 2.1 Rows over several pages" in text


def test_notes_are_printed_once(text: str) -> None:
    """Two marks share one note, and the note keeps its words."""
    assert text.count("The note with stress.") == 1


def test_web_only_parts_are_left_out(text: str) -> None:
    """What is marked as for the web does not reach the PDF, its neighbours do."""
    assert "Only on the web" not in text
    assert "Quoted words." in text
    assert 'print("code")' in text


def test_links_lead_somewhere(reader: PdfReader) -> None:
    """Every internal link has a page as its destination, and outside links keep their address."""
    names = set(reader.named_destinations)
    inside, outside = 0, set()
    for page in reader.pages:
        for annotation in page.get("/Annots", []):
            link = annotation.get_object()
            action = link.get("/A", {})
            goal = link.get("/Dest", action.get("/D"))
            if "/URI" in action:
                outside.add(str(action["/URI"]))
            elif isinstance(goal, str):
                assert goal in names
                inside += 1
            else:
                assert goal[0].get_object()["/Type"] == "/Page"
                inside += 1
    assert outside == {"https://example.org/a?b=c"}
    assert inside > 10


def test_links_to_anchors_are_as_typst_makes_them(tmp_path: Path) -> None:
    """A link by address ends where Typst's own link to the same anchor does, with its words."""
    place, name = markup.string(places.address("a/b#c")), markup.label("a/b#c")
    body = f"#v(3cm)#h(2cm){markup.anchor('a/b#c')}#link({name})[own]#link({place})[led]"
    press.print_pdf(press.write(tmp_path, press.Cover("T"), body), tmp_path / "a.pdf", DAY)
    page = PdfReader(tmp_path / "a.pdf").pages[-1]
    own, led = (link.get_object() for link in list(page.get("/Annots", [])))
    assert [float(at) for at in led["/Dest"][2:]] == pytest.approx(list(own["/Dest"][2:]))
    assert led["/Dest"][0].get_object() == own["/Dest"][0].get_object() == page
    assert led["/Contents"] == own["/Contents"]
    assert set(led) == set(own)


def test_leaves_kept_for_the_contents_change_nothing(tmp_path: Path) -> None:
    """They are a guess, which the contents themselves replace."""
    body = "".join(
        f"#heading(level: 1, [Part {part}])#pagebreak()#par[Words.]" for part in range(100)
    )
    made = set()
    for leaves in (1, 2, 5):
        document = press.write(tmp_path, press.Cover("T"), body, leaves)
        press.print_pdf(document, tmp_path / "a.pdf", DAY)
        made.add((tmp_path / "a.pdf").read_bytes())
    assert len(made) == 1
    # Cover, imprint, three leaves of contents, and a last one for the last words.
    assert len(PdfReader(tmp_path / "a.pdf").pages) == 2 + 3 + 100 + 1


def test_a_link_to_no_anchor_is_refused(tmp_path: Path) -> None:
    """As Typst itself would, and with the name of the place."""
    body = f"#link({markup.string(places.address('page#gone'))})[lost]"
    document = press.write(tmp_path, press.Cover("T"), body)
    with pytest.raises(PdfFailed, match="page#gone"):
        press.print_pdf(document, tmp_path / "a.pdf", DAY)


def test_same_input_same_bytes(printed: Path, tmp_path: Path) -> None:
    """Two builds in two folders give one file."""
    assert build(tmp_path, pages()).read_bytes() == printed.read_bytes()


def test_what_is_printed_is_not_printed_again(printed: Path, tmp_path: Path) -> None:
    """Unless a picture or the file itself is another than it was."""
    folder = tmp_path / "out"
    shutil.copytree(printed.parent, folder)
    output, picture = folder / printed.name, next((folder / "_images").iterdir())
    before = output.stat().st_mtime_ns
    press.print_ordered(folder)
    assert output.stat().st_mtime_ns == before
    output.write_bytes(b"cut off")
    press.print_ordered(folder)
    assert output.read_bytes() == printed.read_bytes()
    picture.write_text(picture.read_text("utf-8").replace("Drawn", "Redrawn"), encoding="utf-8")
    press.print_ordered(folder)
    assert output.read_bytes() != printed.read_bytes()


def test_what_typst_warns_of_is_an_error(tmp_path: Path) -> None:
    """A font that is not there would be another one in silence; and it is told each time."""
    document = press.write(tmp_path, press.Cover("T"), '#text(font: "No Such Font")[a]')
    press.order(document, "a.pdf", [], DAY)
    for _ in range(2):
        with pytest.raises(PdfFailed, match="no such font"):
            press.print_ordered(tmp_path)


def changed(name: str, change: Callable[[str], str]) -> dict[str, str]:
    """The small book with one file changed."""
    return {file: change(text) if file == name else text for file, text in pages().items()}


def test_objects_are_packed(printed: Path) -> None:
    """The structure for screen readers lies in compressed streams, which every reader opens."""
    data = printed.read_bytes()
    assert re.search(rb"/Type\s*/ObjStm", data)
    assert b"/StructElem" not in data
    assert len(PdfReader(printed, strict=True).pages) == len(PdfReader(io.BytesIO(data)).pages)


def test_unknown_node_names_node_and_page(tmp_path: Path) -> None:
    """A node that the translator does not know stops the build and is named with its page."""
    option = "\n```{eval-rst}\n--flag  An option list.\n```\n"
    with pytest.raises(ReportError) as caught:
        build(tmp_path, changed("book/method.md", lambda page: page + option))
    assert "'option_list'" in str(caught.value)
    assert str(caught.value).startswith("book/method.md")


def test_image_without_alternative_names_image_and_page(tmp_path: Path) -> None:
    """An image without alt text is refused with its page and file."""
    with pytest.raises(PdfFailed) as caught:
        build(tmp_path, changed("notebooks/trade.md", lambda page: page + "\n\n![](long.svg)\n"))
    assert "notebooks/long.svg" in str(caught.value)
    assert str(caught.value).startswith("notebooks/trade.md")


def test_image_from_the_network_is_refused(tmp_path: Path) -> None:
    """No picture is fetched while a book is printed."""
    remote = "\n\n![drawn](https://example.org/a.png)\n"
    with pytest.raises(PdfFailed, match=r"example\.org/a\.png"):
        build(tmp_path, changed("book/method.md", lambda page: page + remote))


def test_formulas_are_refused(tmp_path: Path) -> None:
    """What the web pages do not show is not printed either: a formula is named with its page."""
    with pytest.raises(PdfFailed, match=r"book/method\.md.*'math'"):
        build(tmp_path, changed("book/method.md", lambda page: page + "\n\n$v_1$\n"))


def test_wrong_date_is_named(tmp_path: Path) -> None:
    """A date that is none is refused with the name of the setting."""
    with pytest.raises(PdfFailed, match="typst_as_of: '2024-13-01'"):
        build(tmp_path, pages(), typst_as_of="2024-13-01")


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_any_text_is_one_string_literal(value: str) -> None:
    """Whatever the text, Typst reads the literal back as the same text."""
    assert json.loads(typst.eval(b"", markup.string(value))) == value


def test_long_words_can_break_without_new_letters() -> None:
    """An address is split where a line may break; its parts make up the address again."""
    address = "https://example.org/a_very_long_path/" + "x" * 60 + ".html"
    parts = re.findall(r'#"([^"]*)"', markup.text(f"see {address} there"))
    assert "".join(parts) == f"see {address} there"
    assert max(map(len, parts)) < 40


def test_plan_tells_front_chapters_and_back() -> None:
    """Numbered pages are chapters; what stands before is front matter, after it back matter."""
    toctrees = {
        "index": [Toctree("", ("summary",)), Toctree("Chapters", ("a", "b")), Toctree("", ("z",))],
        "a": [Toctree("", ("a-more",))],
    }
    found = plan("index", toctrees, {"a": "1", "a-more": "1.1", "b": "2"})
    assert [(page.name, page.kind, page.number, page.depth) for page in found.values()] == [
        ("index", "front", "", 0),
        ("summary", "front", "", 0),
        ("a", "chapter", "1", 0),
        ("a-more", "chapter", "1.1", 1),
        ("b", "chapter", "2", 0),
        ("z", "back", "", 0),
    ]


def test_plan_counts_chapters_by_caption() -> None:
    """Without numbers from Sphinx the list called Chapters is counted."""
    toctrees = {"index": [Toctree("Chapters", ("a", "b")), Toctree("Reference", ("z",))]}
    found = plan("index", toctrees, {})
    assert [(page.kind, page.number) for page in found.values()] == [
        ("front", ""), ("chapter", "1"), ("chapter", "2"), ("back", ""),
    ]  # fmt: skip


def test_links_only_to_places_that_exist() -> None:
    """A reference to a place outside the book is printed as its words."""
    tree = nodes.document(None, None)  # type: ignore[arg-type]
    section = nodes.section(ids=["here"])
    section += nodes.title("", "Title")
    paragraph = nodes.paragraph()
    paragraph += nodes.reference("", "kept", refid="here")
    paragraph += nodes.reference("", "plain", refuri="%elsewhere#gone")
    section += paragraph
    tree += section
    assert links(tree, "index", Apart()).wanted == {"index#here"}
    source = translate(tree, Book("index", {"index": Page("index")})).body
    assert source.count("#link(") == 1
    assert '#"plain"' in source


def page_of(*content: nodes.Node) -> str:
    """The Typst source of a page with this content."""
    tree = nodes.document(None, None)  # type: ignore[arg-type]
    tree.extend(content)
    return translate(tree, Book("page", {"page": Page("page")}))[0]


def test_foreign_words_carry_their_language() -> None:
    """A title in another language is marked as such, for screen readers and hyphenation."""
    words = nodes.inline("", "Ticarət", classes=["source-title", "language-az"])
    assert 'text(lang: "az", region: none, "Ticarət")' in page_of(nodes.paragraph("", "", words))


def test_columns_of_figures_stand_right() -> None:
    """The alignment of cells becomes that of their column; its heading stands apart from them."""
    group = nodes.tgroup(cols=2)
    group += [nodes.colspec(colwidth=1), nodes.colspec(colwidth=1)]
    for part, words in ((nodes.thead, ("Year", "Value")), (nodes.tbody, ("2023", "529.4"))):
        left, right = (nodes.entry("", nodes.paragraph("", word)) for word in words)
        right["classes"] = ["right"]
        group += part("", nodes.row("", left, right))
    found = page_of(nodes.table("", group))
    assert "align: (left, right, )" in found
    assert re.findall(r'table-head\("(\w+)"', found) == ["Year", "Value"]


def test_no_figure_is_set_above_the_title_of_its_page() -> None:
    """Below a page's title figures stand in the text; in its sections they move to a page's end."""

    def drawn() -> nodes.figure:
        return nodes.figure("", nodes.image(uri="a.svg", alt="drawn"), nodes.caption("", "Title"))

    part = nodes.section("", nodes.title("", "Part"), drawn(), drawn())
    page = nodes.section("", nodes.title("", "Page"), drawn(), drawn(), part)
    tree = nodes.document(None, None)  # type: ignore[arg-type]
    tree += page
    book = Book("page", {"page": Page("page")}, images={"a.svg": "_images/a.svg"})
    placed = re.findall(r"placed: (\w+)", translate(tree, book)[0])
    assert placed == ["none", "none", "auto", "top"]


def test_a_note_without_a_mark_is_refused() -> None:
    """A note that nothing cites would vanish from print, so it stops the build."""
    note = nodes.footnote("", nodes.label("", "1"), nodes.paragraph("", "Lost."), ids=["note-1"])
    with pytest.raises(PdfFailed, match="cited nowhere"):
        page_of(note)


def test_numbers_are_counted_by_chapter_without_sphinx() -> None:
    """Without Sphinx's numbers figures and tables count within their chapter."""
    tree = nodes.document(None, None)  # type: ignore[arg-type]
    for _ in range(2):
        figure = nodes.figure()
        figure += nodes.image(uri="a.svg", alt="drawn")
        figure += nodes.caption("", "Title")
        tree += figure
    book = Book("a", {"a": Page("a", "chapter", "3")}, images={"a.svg": "_images/a.svg"})
    source = translate(tree, book).body
    assert re.findall(r'number: "([^"]+)"', source) == ["3.1", "3.2"]


def numbers_table(*rows: Sequence[Sequence[nodes.Node]]) -> nodes.Element:
    """The annex of numbers with these rows."""
    classes, anchors = ["numbers-table", "annex"], [f"number-{at}" for at in range(len(rows))]
    return long_table(head=[], rows=rows, right=[], anchors=anchors, classes=classes)


def test_rows_of_the_annex_are_entries() -> None:
    """A row of the annex of numbers becomes an entry that holds all its cells, in their order."""
    texts = ("5 USD", "observed", "", "Trend", "1 May 2024")
    name = [nodes.Text("Turnover "), nodes.literal("", "trade.a")]
    table = numbers_table([name, *([nodes.Text(text)] if text else [] for text in texts)])
    section = nodes.section("", nodes.title("", "Trade"), table, ids=["trade"])
    found = page_of(nodes.section("", nodes.title("", "Numbers"), section, ids=["numbers"]))
    head, _, page = found.partition("#annex-page(")
    assert head == '#[\n#set page(header: running-head("", "Numbers"))\n'
    opening, _, record = page.partition("#number-record(")
    assert opening.index('"Numbers"') < opening.index('"Trade"')
    assert record.startswith('breakable: false, "Turnover ", "trade.a", "5')
    assert ', "observed", [], "Trend", "1 May 2024")' in record


def test_rows_of_the_annex_are_linked() -> None:
    """A row that a cell of another names has its anchor, one that none names does without."""
    link = nodes.reference("", "trade.a", refuri="%page#number-0")
    rows = [[[nodes.Text(f"{at} "), nodes.literal("", "x")], []] for at in range(2)]
    rows[1][1] = [nodes.inline("", "", link)]
    found = page_of(nodes.section("", nodes.title("", "N"), numbers_table(*rows), ids=["n"]))
    assert found.count("#metadata(none)#label(") == 1
    assert '[#metadata(none)#label("page#number-0")#"0 "]' in found
    assert f'#link("{places.address("page#number-0")}"' in found


def test_only_long_entries_break_within() -> None:
    """An entry of more letters than half a column holds."""
    words: list[nodes.Node] = [nodes.Text("word " * 99 + "abcd")]
    keys: list[list[nodes.Node]] = [[nodes.literal("", "x" * more)] for more in (1, 2)]
    table = numbers_table(*([key, words] for key in keys))
    found = page_of(nodes.section("", nodes.title("", "N"), table, ids=["n"]))
    assert re.findall(r"breakable: (\w+)", found) == ["false", "true"]


def test_a_page_of_an_annex_leaves_the_pages_it_lists_alone() -> None:
    """Only the page that holds a list to look things up in is set in columns."""
    item = nodes.definition_list_item("", nodes.term("", "A"), nodes.definition())
    listed = nodes.definition_list("", item, classes=["annex"])
    later = addnodes.start_of_file("", nodes.section("", nodes.title("", "Sources"), listed))
    section = nodes.section("", nodes.title("", "Summary"), later)
    assert not holds_annex(section)
    assert any(map(holds_annex, later.findall(nodes.section)))


def test_room_goes_where_it_saves_lines() -> None:
    """A column of sentences takes room from one that has more than its words need."""
    rows = [["one two three", "a sentence that is long enough to be set in several lines"]] * 3
    wanted = [columns.column(["A"], [row[0] for row in rows]), columns.column(["B"], [rows[0][1]])]
    before = [12.0, 12.0]
    after = columns.settle(wanted, before, rows)
    assert sum(after) == pytest.approx(sum(before))
    assert after[1] > before[1]
    assert after[0] >= wanted[0].minimum


def test_narrow_columns_keep_their_width() -> None:
    """Beside sentences a column of years stays on one line, and letters keep their full size."""
    year = columns.column(["Year"], ["2023"] * 3)
    prose = columns.column(["What it says"], ["word " * 60] * 3)
    found = columns.layout([year, prose], [["2023", "word " * 60]] * 3)
    assert found.columns[0] == "auto"
    assert found.columns[1].endswith("fr")
    assert found.size == columns.SIZES[0]
    assert found.lines > 6


def test_dates_are_not_broken() -> None:
    """A column of dates is never narrower than a date, because no line breaks within one."""
    assert columns.column(["From"], ["2024-03-11"]).minimum >= letters.width("2024-03-11")


def test_many_columns_get_smaller_letters() -> None:
    """A table whose words do not fit side by side is set smaller."""
    wide = [columns.column(["Heading"], ["unbreakable"]) for _ in range(12)]
    assert columns.layout(wide, []).size < columns.SIZES[0]
