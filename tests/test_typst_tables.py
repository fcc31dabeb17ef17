"""Tables of the PDF: columns and rows as wide and high as Typst itself would make them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from docutils import nodes
from docutils.utils import new_document

from azkz.paths import Checkout
from azkz.typst import columns, letters, markup
from azkz.typst.book import Book, Page
from azkz.typst.press import compiler_of
from azkz.typst.writer import translate

MEASURED = """#set text(font: "Libertinus Serif", size: 1000pt, fallback: false, kerning: {kerning})
#let wide(it) = measure(text(weight: "{weight}", it)).width
#context [#metadata({words}.map(it => (wide(it + "n") - wide("n")).pt()))<widths>]
#context [#metadata(measure("x").height.pt())<height>]
"""
"""Another letter keeps a space from being lost at the end of a line."""

CHECKED = """  layout(size => {
    let high(rows) = measure(
      width: size.width, table(columns: columns, rows: rows, align: align, ..cells),
    ).height.pt()
    let free = high(rows.map(_ => auto))
    [#metadata((rows: rows.map(repr), planned: high(rows), found: free))<table>]
  })
  block("""


def measured(
    folder: Path, words: list[str], weight: str = "regular", *, kerning: bool = False
) -> tuple[list[float], float]:
    """How wide Typst sets words in thousandths of their size, and how high a line is."""
    path = folder / "measured.typ"
    told = markup.array(markup.string(word) for word in words)
    kerned = markup.boolean(value=kerning)
    text = MEASURED.format(weight=weight, words=told, kerning=kerned)
    path.write_text(text, encoding="utf-8")
    compiler = compiler_of(path)
    names = ("<widths>", "<height>")
    widths, height = (json.loads(compiler.query(name, field="value")) for name in names)
    return widths[0], height[0]


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_letters_are_as_wide_as_typst_sets_them(tmp_path: Path, weight: str) -> None:
    """Each of those that the module knows, and a line is as high as the template has it."""
    bold = weight == "bold"
    known = sorted(letters._widths(bold=bold))
    found, height = measured(tmp_path, known, weight)
    assert len(known) > 600
    assert {*"az09 ,.-–%", *"ƏəĞğİıŞşÖöÜüÇç", *"ӘәҒғҚқҢңӨөҰұҮүҺһІі"} <= {*known}
    assert [round(1000 * letters.width(letter, bold=bold)) for letter in known] == [
        round(wide) for wide in found
    ]
    if not bold:
        template = Path(columns.__file__).with_name("template.typ").read_text(encoding="utf-8")
        assert f"#let one-line = {height / 1000}em + " in template


def test_a_line_of_several_letters_is_little_wider_than_these(tmp_path: Path) -> None:
    """Kerning is what the sum of letters does not know."""
    words = [
        "Total of Baku",
        "fifty-five; ‘Wf’ (Ty)",
        "KTZ Express, 1,234.5 million USD",
        "Қазақстан",
    ]
    found, _ = measured(tmp_path, words, kerning=True)
    for word, wide in zip(words, found, strict=True):
        assert wide / 1000 <= letters.width(word) * letters.KERNED
        assert wide / 1000 >= letters.width(word) * 0.97


def test_letters_of_other_fonts_are_told() -> None:
    """What is not known to be that wide counts for wide."""
    assert letters.all_known("Baku–Tbilisi")
    assert not letters.all_known("里海")
    assert letters.width("里海") == 2 * letters.WIDEST


def entry(text: str, *others: nodes.Node) -> nodes.entry:
    """A cell with a paragraph."""
    return nodes.entry("", nodes.paragraph("", "", nodes.Text(text), *others))


def grid(*rows: tuple[nodes.entry, ...]) -> nodes.table:
    """A table with one heading row above others."""
    group = nodes.tgroup(cols=len(rows[0]))
    group += [nodes.colspec(colwidth=1) for _ in rows[0]]
    group += nodes.thead("", nodes.row("", *rows[0]))
    group += nodes.tbody("", *(nodes.row("", *row) for row in rows[1:]))
    return nodes.table("", group)


def written(*content: nodes.Node) -> str:
    """A page of one section with ``content`` in Typst."""
    tree = new_document("page")
    tree["docname"] = "page"
    tree += nodes.section("", nodes.title("", "Page"), *content)
    return translate(tree, Book("page", {"page": Page("page")}))[0]


def test_a_table_of_short_cells_is_planned_whole() -> None:
    """Each column by its longest text, each row as one line."""
    made = written(grid((entry("Year"), entry("Value")), (entry("2023"), entry("529.4"))))
    texts = [letters.width(word, bold=True) for word in ("Year", "Value")]
    wide = "".join(f"{text * columns.SPARE + columns.INSET:.2f}em, " for text in texts)
    assert letters.width("2023") < texts[0]
    assert f"columns: ({wide})" in made
    assert "rows: (one-line, one-line, )" in made


def test_what_is_set_otherwise_is_measured_by_typst() -> None:
    """Code, pictures, strong words, two paragraphs and letters of other fonts."""
    two = nodes.entry("", nodes.paragraph("", "a"), nodes.paragraph("", "b"))
    cells = (
        entry("", nodes.literal("", "a")),
        entry("", nodes.strong("", "a")),
        entry("", nodes.inline("", "a", classes=["verdict"])),
        entry("里"),
        two,
    )
    for cell in cells:
        made = written(grid((entry("Year"), entry("Value")), (entry("2023"), cell)))
        assert "rows: (one-line, auto, )" not in made
        assert "rows: (auto, auto, )" in made
        assert ", auto, )" in made


def test_a_table_in_a_list_is_measured_by_typst() -> None:
    """It has less room than a page, nobody knows how much."""
    table = grid((entry("Year"), entry("Value")), (entry("2023"), entry("529.4")))
    made = written(nodes.bullet_list("", nodes.list_item("", table)))
    assert "columns: (auto, auto, )" in made
    assert "rows:" not in made


def test_cells_over_several_rows_leave_heights_to_typst() -> None:
    """Also in the row of which all cells began above."""
    high = [nodes.entry("", nodes.paragraph("", "a"), morerows=1) for _ in range(2)]
    rows = ((entry("A"), entry("B")), tuple(high), (), (entry("c"), entry("d")))
    assert "rows: (one-line, auto, auto, one-line, )" in written(grid(*rows))


@pytest.mark.usefixtures("built")
def test_the_tables_of_the_report_are_as_high_as_typst_makes_them(
    tmp_path: Path, place: Checkout
) -> None:
    """A row that is planned as one line and takes two would run into the next."""
    folder = tmp_path / "pdf"
    shutil.copytree(place.build / "2026.11" / "pdf", folder)
    template = folder / "template.typ"
    text = template.read_text(encoding="utf-8")
    before, found, after = text.partition("  block(stroke: (bottom: 0.9pt + ink), table(")
    assert found
    template.write_text(before + CHECKED + found.removeprefix("  block(") + after, encoding="utf-8")
    told = json.loads(compiler_of(folder / "azkz.typ").query("<table>", field="value"))
    planned = [table for table in told if "1.66em" in table["rows"]]
    assert len(planned) > 30
    # A heading of one line is lower than a row by as much as bold capitals are.
    assert [it for it in told if abs(it["planned"] - it["found"]) > 0.5] == []
