"""The packed PDF: what Typst has written, object by object, in a smaller file."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import pytest
import typst
from pypdf import PdfReader
from pypdf.generic import DictionaryObject, IndirectObject, StreamObject

from azkz.typst import packing
from azkz.typst.errors import PdfFailed

SOURCE = """\
#set document(title: "Packed")
#set text(lang: "en")
= Heading <top>
#for at in range(300) [Paragraph #at, with a #link(<top>)[link back] and a
  #link("https://example.org/downstream")[stream endstream]. #parbreak() ]
"""


@pytest.fixture(scope="module")
def plain() -> bytes:
    """A PDF as Typst writes it, with more objects than go into one stream."""
    moment = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
    made = typst.compile(SOURCE.encode(), pdf_standards="ua-1", timestamp=moment)
    assert isinstance(made, bytes)
    return made


def opened(data: bytes) -> PdfReader:
    """The PDF in a reader that forgives nothing."""
    return PdfReader(io.BytesIO(data), strict=True)


def shown(value: Any) -> object:
    """An object as plain values; a reference is the number it leads to."""
    if isinstance(value, IndirectObject):
        return ("to", value.idnum)
    if isinstance(value, DictionaryObject):
        content = value._data if isinstance(value, StreamObject) else b""
        return {key: shown(value.raw_get(key)) for key in value}, content
    return [shown(part) for part in value] if isinstance(value, list) else value


def test_every_object_is_as_before(plain: bytes) -> None:
    """Under its number, from the file's last to its first, and so are the trailer's facts."""
    before, after = opened(plain), opened(packing.packed(plain))
    numbers = sorted(before.xref[0])
    assert len(numbers) > 2 * packing.TOGETHER
    for number in numbers:
        first, second = (
            shown(reader.get_object(IndirectObject(number, 0, reader)))
            for reader in (before, after)
        )
        assert first == second, number
    for fact in ("/Root", "/Info", "/ID"):
        assert shown(before.trailer.raw_get(fact)) == shown(after.trailer.raw_get(fact))


def test_structure_is_compressed(plain: bytes) -> None:
    """What is written plain are the objects that are streams, and nothing else."""
    small = packing.packed(plain)
    assert len(small) < len(plain) / 3
    assert b"/StructElem" not in small
    bodies = re.findall(rb"\n\d+ 0 obj\n(.*?)\nendobj\n", small, re.DOTALL)
    assert bodies
    assert all(body.endswith(b"endstream") for body in bodies)


def test_the_table_says_where_objects_are(plain: bytes) -> None:
    """Each plain object begins where the table has it."""
    small = packing.packed(plain)
    places = opened(small).xref[0]
    assert places
    for number, at in places.items():
        assert small[at:].startswith(b"%d 0 obj\n" % number)


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"startxref", b"startxxxx"), (b"trailer\n", b"trailor\n"), (b"\nendobj\n", b"\nendxxx\n")],
)
def test_another_form_is_refused(plain: bytes, old: bytes, new: bytes) -> None:
    """A PDF whose objects cannot all be found is not printed with some missing."""
    with pytest.raises(PdfFailed, match="unknown form"):
        packing.packed(plain.replace(old, new))
