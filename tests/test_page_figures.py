"""Figures that the build itself draws: on a page they are what a chapter's figures are."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from azkz.build.edition import Edition
from azkz.build.stage import stage
from azkz.errors import BadInput, NoEvidence
from azkz.ledger import Ledger
from azkz.paths import Checkout
from azkz.report import style
from azkz.report.figures import page_figure
from azkz.typst import press
from test_sphinxext import FIGURE, INDEX, SVG, Element, build, make_stage

OWN = {**FIGURE, "id": "changes.own", "svg": SVG}
PAGE = f"{INDEX}\n```{{azkz-figure}} changes.own\n```\n"
TEXTS = {"title": "T", "subtitle": "S", "caption": "C", "alt": "A", "unit": "million USD"}


def staged(
    folder: Path, figures: Sequence[Mapping[str, Any]] | None, *, newest: bool = True
) -> Path:
    """A small book whose cover has a figure of the build."""
    made = make_stage(folder, newest=newest, pages={"book/index": PAGE})
    (made / "_azkz" / "figures.json").write_text(json.dumps(figures), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book that has one drawing twice: as a chapter's figure and as one of the build."""
    return build(staged(tmp_path_factory.mktemp("own"), [OWN]))


def shown(page: Path) -> str:
    """The one figure of a page, without what tells one figure from another."""
    text = page.read_text(encoding="utf-8")
    ((found),) = re.findall(r"<figure class=\"[^\"]*report-figure.*?</figure>", text, re.DOTALL)
    found = re.sub(r"Figure\s+[0-9.]+", "Figure", found)
    return re.sub(r"changes[.-]own|trade[.-]long-view|\.\./(book/)?", "", found).replace(
        "book/", ""
    )


def test_both_kinds_look_the_same(html: Path) -> None:
    """Number, title, caption, alt text, source line, picture, link to the data: all is equal."""
    own = shown(html / "book" / "index.html")
    assert own == shown(html / "notebooks" / "trade.html")
    page = Element(html / "book" / "index.html")
    assert page.all("figure", class_="report-figure")[0][0]["id"] == "changes-own"
    (image,) = [attributes for attributes, _ in page.all("img") if attributes.get("alt")]
    assert image["alt"] == FIGURE["alt"]
    assert (html / "book" / image["src"]).read_text(encoding="utf-8") == SVG


def test_its_data_are_a_file(html: Path) -> None:
    """The link under the figure leads to the same rows as a chapter's figure has."""
    page = Element(html / "book" / "index.html")
    (link,) = [own["href"] for own, text in page.all("a") if text == "Data (CSV)"]
    data = (html / "book" / link).read_text(encoding="utf-8")
    assert data == (html / "data" / "trade.long-view.csv").read_text(encoding="utf-8")
    assert link.endswith("data/changes.own.csv")


def test_the_pdf_has_it_too(tmp_path: Path) -> None:
    """Typst gets two figures with the same alt text, and makes a PDF of them."""
    book = staged(tmp_path, [OWN])
    build(book)
    out = build(book, "typst")
    source = (out / "azkz.typ").read_text(encoding="utf-8")
    assert source.count('Line with a peak of \\"466\\" in 2008.') == 2
    press.print_ordered(out)
    assert list(out.glob("*.pdf"))


def test_an_id_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """The newest edition names page, line and the ids that there are."""
    with pytest.raises(BadInput) as caught:
        build(staged(tmp_path, [{**OWN, "id": "changes.owm"}]))
    assert "book/index.md:11: no figure 'changes.own'" in str(caught.value)
    assert "the build draws: changes.owm" in str(caught.value)


@pytest.mark.parametrize(("figures", "newest"), [([], False), (None, True), (None, False)])
def test_an_older_edition_or_a_part_goes_without(
    tmp_path: Path, figures: Sequence[Mapping[str, Any]] | None, *, newest: bool
) -> None:
    """Where the day has no such figure, or the build draws none, nothing stands in its place."""
    out = build(staged(tmp_path, figures, newest=newest))
    page = Element(out / "book" / "index.html")
    assert page.all("p", class_="edition-line")
    assert not page.all("figure")
    assert not (out / "data" / "changes.own.csv").exists()


def test_an_id_that_is_no_name_of_a_file_is_refused(tmp_path: Path) -> None:
    """What would lead out of the folder of data is no id."""
    made = make_stage(tmp_path, pages={"book/index": PAGE.replace("changes.own", "../own")})
    records = json.dumps([{**OWN, "id": "../own"}])
    (made / "_azkz" / "figures.json").write_text(records, encoding="utf-8")
    with pytest.raises(BadInput, match=r"'\.\./own' is not an id"):
        build(made)


def drawn(ledger: Ledger, values: Mapping[str, float]) -> dict[str, Any]:
    """A figure of the build with one mark for each row."""
    marks = list(values.values())
    data = pd.DataFrame({"value": marks, "observation": list(values)})
    with style.figure() as (drawing, axes):
        axes.plot(marks)
        return page_figure("changes.own", ledger, drawing, data, **TEXTS)


def test_a_figure_of_the_build_needs_evidence(ledger: Ledger) -> None:
    """It has drawing, source line and rows; without rows, or with unknown ones, it is refused."""
    rows = sorted(ledger.observations)[:2]
    values = {row: float(ledger.observations[row].value) for row in rows}
    made = drawn(ledger, values)
    assert made["observations"] == rows
    assert made["source_line"].startswith("Source")
    assert made["svg"].startswith("<?xml")
    assert made == drawn(ledger, values)
    with pytest.raises(NoEvidence, match=r"the figures of the build: .*changes\.own has no data"):
        drawn(ledger, {})
    early = ledger.as_of(date(2000, 1, 1))
    assert not early.observations.keys() & set(rows)
    with pytest.raises(BadInput, match="draws rows not known on the day"):
        drawn(early, values)


def test_the_stage_lays_them_out(place: Checkout, tmp_path: Path) -> None:
    """They lie beside the other records, and their rows count as drawn; twins are refused."""
    edition = Edition("2026.11", "T", date(2026, 11, 23), {})
    stage(place, tmp_path / "book", edition, [], {}, [OWN])
    kept = json.loads((tmp_path / "book" / "_azkz" / "figures.json").read_text(encoding="utf-8"))
    assert kept == [OWN]
    numbers = json.loads((tmp_path / "book" / "_azkz" / "numbers.json").read_text(encoding="utf-8"))
    assert numbers["drawn"] == FIGURE["observations"]
    with pytest.raises(BadInput, match=r"two figures have the id changes\.own"):
        stage(place, tmp_path / "book", edition, [], {}, [OWN, OWN])
