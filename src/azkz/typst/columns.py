"""How wide the columns of a table are, and how large its letters.

Typst gives a column either its natural width or a share of what is left. A column of numbers must
never wrap, a column of sentences must, and a heading longer than its numbers has to wrap for them.
So the widths are weighed here from the text of the cells, in units of the table's letter size.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from azkz.typst.letters import KERNED, width

TEXT_WIDTH = 419.5
"""Width of the printed text in points; the template's margins leave this."""

SIZES = (9.0, 8.5, 8.0, 7.5, 7.0, 6.5)
"""Letter sizes of tables in points, the largest that fits is taken."""

INSET = 1.1
"""White on both sides of a cell together."""

SPARE = 1.03
"""How much wider a column is than what has to fit into it."""

HEADING_LINES = 2.4
"""A heading longer than its column may take about so many lines."""

LONGEST_WORD = 9.0
"""Longer words are broken, so a column need not be wider for them."""

LONGEST_GROUP = 12.0
"""The same for words that are held together, such as a number with its unit."""

_HELD = frozenset("\xa0\u202f")

SHORT = 8.5
"""A column of lines up to this width does not wrap, if such columns leave half of the room."""

EVENNESS = 0.8
"""At 1 columns would be equally high on average; below it, short cells get some more room."""

STEP = 0.8
"""How much one column gives to another at a time while the best widths are sought."""

STEPS = 15
"""How often at most."""

RAGGED = 1.1
"""Wrapped lines are not full; how much longer that makes a text."""

_BREAKS = re.compile(r"(?<=[-/–])(?!\d)|[ \t\n]+")


@dataclass(frozen=True, slots=True)
class Column:
    """What a column needs: its longest word, its longest line, its heading on one line.

    The heading counts for ``preferred`` only as wrapped over a few lines. ``weight`` is how much
    text the column holds, as the width of an average cell. ``certain`` says whether these are the
    widths of what is printed: pictures, code and the like are as wide as Typst finds them.
    """

    minimum: float
    preferred: float
    heading: float
    weight: float
    certain: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """Widths as Typst writes them, letter size in points, and the lines that the body takes.

    ``room`` is what each column leaves to its text in units of the letter size, 0 where Typst
    finds that.
    """

    columns: tuple[str, ...]
    size: float
    lines: int
    room: tuple[float, ...]

    def holds(self, index: int, text: str, *, bold: bool = False) -> bool:
        """Whether ``text`` surely takes one line of a column."""
        return width(text, bold=bold) * KERNED <= self.room[index]


def column(headings: Sequence[str], body: Sequence[str], *, certain: bool = False) -> Column:
    """What one column needs for these cells."""
    lines = [line for cell in body for line in cell.splitlines()] or [""]
    longest = max(width(line) for line in lines)
    heading = max((width(cell, bold=True) for cell in headings), default=0.0)
    wrapped = max(_longest_word(" ".join(headings)), heading / HEADING_LINES)
    word = max((_longest_part(cell) for cell in (*headings, *body)), default=0.0)
    wanted = max(longest, min(heading, wrapped), 1.0)
    average = sum(map(width, body)) / max(len(body), 1)
    return Column(word * SPARE, wanted, heading, max(average, 1.0) ** EVENNESS, certain)


def _longest_word(text: str) -> float:
    return max((width(word, bold=True) for word in _BREAKS.split(text) if word), default=0.0)


def _longest_part(text: str) -> float:
    """The longest word, but not more than where it may be broken."""
    return max((_part(word) for word in _BREAKS.split(text) if word), default=0.0)


def _part(word: str) -> float:
    return min(width(word), LONGEST_WORD if _HELD.isdisjoint(word) else LONGEST_GROUP)


def layout(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Layout:
    """Widths and size for a table with these columns and rows of cell texts."""
    for size in SIZES:
        room = TEXT_WIDTH / size - INSET * len(columns)
        if sum(column.minimum for column in columns) <= room:
            break
    wanted = [max(column.preferred, column.heading) for column in columns]
    if sum(wanted) * SPARE <= room:
        given = wanted
        parts = [_fixed(column, part) for column, part in zip(columns, wanted, strict=True)]
    elif sum(column.preferred * SPARE for column in columns) <= room:
        given = [column.preferred for column in columns]
        parts = [_satisfied(column) for column in columns]
    else:
        given = settle(columns, share(columns, room), rows)
        parts = [
            _satisfied(column) if part >= column.preferred else (part + INSET, "fr")
            for column, part in zip(columns, given, strict=True)
        ]
    shown = tuple(f"{part:.2f}{unit}" if part else unit for part, unit in parts)
    found = tuple(_rooms(parts, TEXT_WIDTH / size))
    return Layout(shown, size, _lines(_widths(rows), given)[0], found)


Part = tuple[float, str]
"""The width of a column with its inset, and the unit; 0 and ``auto`` where Typst finds it."""

_NATURAL: Part = (0.0, "auto")


def _fixed(column: Column, text: float) -> Part:
    return (text * SPARE + INSET, "em") if column.certain else _NATURAL


def _satisfied(column: Column) -> Part:
    """As wide as what stands below the heading, which may be wider."""
    if column.heading <= column.preferred:
        return _fixed(column, column.preferred)
    return column.preferred * SPARE + INSET, "em"


def _rooms(parts: Sequence[Part], whole: float) -> Iterator[float]:
    """What each column leaves to its text, where all is known."""
    fixed = sum(part for part, unit in parts if unit == "em")
    shares = sum(part for part, unit in parts if unit == "fr")
    certain = _NATURAL not in parts
    for part, unit in parts:
        wide = part if unit == "em" else part * (whole - fixed) / shares if certain else 0.0
        yield max(wide - INSET, 0.0)


def share(columns: Sequence[Column], room: float) -> list[float]:
    """Divide ``room`` so that the columns come to about the same height.

    Columns of short lines, such as years and values, keep them whole. Each other is due a part by
    how much it holds. Who is due less than the longest word gets that, who is due more than wanted
    gets what is wanted, and the rest is divided among the others anew.
    """
    parts = {i: own.preferred * SPARE for i, own in enumerate(columns) if own.preferred <= SHORT}
    if sum(parts.values()) > room / 2:
        parts = {}
    while len(parts) < len(columns):
        others = [index for index in range(len(columns)) if index not in parts]
        left = room - sum(parts.values())
        weight = sum(columns[index].weight for index in others)
        due = {index: left * columns[index].weight / weight for index in others}
        short = {i: columns[i].minimum for i in others if due[i] < columns[i].minimum}
        full = {i: columns[i].preferred * SPARE for i in others}
        full = {i: wanted for i, wanted in full.items() if wanted <= due[i]}
        parts.update(short or full or due)
    return [parts[index] for index in range(len(columns))]


def settle(
    columns: Sequence[Column], given: Sequence[float], rows: Sequence[Sequence[str]]
) -> list[float]:
    """Move room between columns as long as the table gets shorter by it."""
    widths = _widths(rows)
    best, lines = list(given), _lines(widths, given)
    for _ in range(STEPS):
        moved = [(_lines(widths, parts), parts) for parts in _moves(columns, best)]
        found = min(moved, default=(lines, best))
        if found[0] >= lines:
            break
        lines, best = found
    return best


def _moves(columns: Sequence[Column], given: list[float]) -> Iterator[list[float]]:
    for giver, taker in permutations(range(len(columns)), 2):
        parts = list(given)
        parts[giver] -= STEP
        parts[taker] += STEP
        short = columns[giver].preferred <= SHORT
        needed = columns[giver].preferred * SPARE if short else columns[giver].minimum
        if parts[giver] >= needed and given[taker] < columns[taker].preferred:
            yield parts


def _widths(rows: Sequence[Sequence[str]]) -> list[list[float]]:
    return [[width(cell) for cell in row] for row in rows]


def _lines(rows: Sequence[Sequence[float]], given: Sequence[float]) -> tuple[int, float]:
    """Lines of the table; between tables of as many lines, how much fuller their cells are."""
    lines, fullness = 0, 0.0
    for row in rows:
        cells = list(zip(row, given, strict=False))
        lines += max((_height(text, part) for text, part in cells), default=1)
        fullness += max((text / max(part, 1.0) for text, part in cells), default=0.0)
    return lines, fullness


def _height(text: float, part: float) -> int:
    return 1 if text <= part else math.ceil(RAGGED * text / max(part, 1.0))
