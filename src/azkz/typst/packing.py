"""The same PDF a third as large.

Typst writes each object on its own and plain, and a tagged book has tens of thousands of them. Here
those that are no streams are put together into compressed ones (ISO 32000-1, 7.5.7), and the table
of where objects are becomes a stream, too (7.5.8). Objects keep their numbers, streams their bytes.
"""

from __future__ import annotations

import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from struct import Struct

import numpy as np

from azkz.typst.errors import PdfFailed

TOGETHER = 500
"""So many objects are packed into one stream; a reader unpacks all to see one."""

LEVEL = 5
"""The next level of compression takes half as much time again, for half a percent."""

_TAIL = re.compile(
    rb"xref\n0 (?P<count>\d+)\n(?P<table>[0-9 nf\r\n]+)trailer\n<</Size \d+(?P<trailer>.*)>>\n"
    rb"startxref\n(?P<start>\d+)\n%%EOF\s*",
    re.DOTALL,
)
_START = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")
_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*)\nendobj\n\s*", re.DOTALL)
_ENTRY = 20
_PLAIN, _PACKED = 1, 2
_WIDTHS = (1, 4, 2)
_ROW = Struct(">BIH")  # of these widths

Place = tuple[int, int, int]
"""How an object is kept, the place of its bytes or the stream with it, and its rank in that."""

_FREE: Place = (0, 0, 65535)


def packed(data: bytes) -> bytes:
    """The PDF ``data``, as Typst has written it, with its objects in compressed streams.

    Raises
    ------
    PdfFailed
        Typst writes PDFs in another form.
    """
    start = _START.search(data, max(len(data) - 100, 0))
    tail = _TAIL.fullmatch(data, int(start[1])) if start else None
    if tail is None:
        raise _unknown("table of objects")
    offsets = _offsets(tail["table"], tail.start())
    found = _Packing(data[: offsets[0]])
    for begin, end in pairwise(offsets):
        made = _OBJECT.fullmatch(data, begin, end)
        if made is None:
            raise _unknown(f"object at {begin}")
        found.add(int(made[1]), made[2])
    return found.finished(int(tail["count"]), tail["trailer"])


def _offsets(table: bytes, end: int) -> list[int]:
    """Where objects begin, in the order of the file, and where the last one ends."""
    entries = (table[at : at + _ENTRY] for at in range(0, len(table), _ENTRY))
    return [*sorted(int(entry[:10]) for entry in entries if entry[17:18] == b"n"), end]


class _Packing:
    """The new file as far as it is written."""

    def __init__(self, header: bytes) -> None:
        self._parts = [header]
        self._length = len(header)
        self._places: dict[int, Place] = {}
        self._plain: list[tuple[int, bytes]] = []

    def add(self, number: int, body: bytes) -> None:
        """Write a stream as it is, keep another object for later."""
        if body.endswith(b"endstream"):
            self._write(number, body)
        else:
            self._plain.append((number, body))

    def finished(self, count: int, trailer: bytes) -> bytes:
        """The whole file. New streams take the numbers after the ``count`` that are given."""
        groups = [self._plain[at : at + TOGETHER] for at in range(0, len(self._plain), TOGETHER)]
        # Compressing leaves Python to others.
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for objects, body in zip(groups, pool.map(_packed, groups), strict=True):
                for rank, (number, _) in enumerate(objects):
                    self._places[number] = (_PACKED, count, rank)
                self._write(count, body)
                count += 1
        start = self._length
        self._places[count] = (_PLAIN, start, 0)
        rows = b"".join(_ROW.pack(*self._places.get(number, _FREE)) for number in range(count + 1))
        facts = b"/Type/XRef/W[%d %d %d]/Size %d%s/DecodeParms<</Predictor 12/Columns %d>>" % (
            *(*_WIDTHS, count + 1, trailer, _ROW.size),
        )
        self._write(count, _stream(facts, _by_difference(rows)))
        return b"".join((*self._parts, b"startxref\n%d\n%%%%EOF\n" % start))

    def _write(self, number: int, body: bytes) -> None:
        self._places[number] = (_PLAIN, self._length, 0)
        part = b"%d 0 obj\n%s\nendobj\n" % (number, body)
        self._parts.append(part)
        self._length += len(part)


def _packed(objects: list[tuple[int, bytes]]) -> bytes:
    """The stream that holds these objects, each by its number."""
    index, at = [], 0
    for number, body in objects:
        index.append(b"%d %d" % (number, at))
        at += len(body) + 1
    first = b" ".join(index) + b"\n"
    facts = b"/Type/ObjStm/N %d/First %d" % (len(objects), len(first))
    return _stream(facts, first + b"\n".join(body for _, body in objects))


def _by_difference(rows: bytes) -> bytes:
    """Each row as what it adds to the one before, byte by byte: PNG's filter 2, named in front."""
    table = np.frombuffer(rows, np.uint8).reshape(-1, _ROW.size)
    added = np.diff(table, axis=0, prepend=np.uint8(0))
    return np.insert(added, 0, 2, axis=1).tobytes()


def _stream(facts: bytes, content: bytes) -> bytes:
    shrunk = zlib.compress(content, LEVEL)
    head = b"<<%s/Filter/FlateDecode/Length %d>>" % (facts, len(shrunk))
    return b"%s\nstream\n%s\nendstream" % (head, shrunk)


def _unknown(what: str) -> PdfFailed:
    return PdfFailed(f"Typst writes PDFs in an unknown form: {what}", "azkz.typst.packing")
