"""The prose of the report: what was typed by hand is found, and the check names its place."""

from __future__ import annotations

import inspect
import json
import random
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from azkz.build import CHAPTERS
from azkz.build.authored import PROSE, Notebook
from azkz.build.chapter import Chapter
from azkz.build.citations import Cited, Known, unprinted
from azkz.build.prose import Citation, read, typed_digits
from azkz.build.template import Template, load
from azkz.build.typed import NAMES, ROLE, UNIT_ROLE, typed
from azkz.ledger import Ledger
from azkz.paths import Checkout
from azkz.report import Report
from conftest import Azkz

REFUSED = {
    # What a figure looks like.
    "It was 529.4 in all.": "529.4",
    "up 12 percent": "12",
    "some 1,200 of them": "1,200",
    "some 1\u202f200 of them": "1\u202f200",
    "5 km away": "5",
    "the 15 places": "15",
    "a 7": "7",
    "changed by +4": "+4",
    "changed by −0.5": "−0.5",
    "12–14 days": "12",
    "5bn": "5",
    "12kt of it": "12",
    "½ of it": "½",
    "at 10:30": "10",
    "٥ days": "٥",
    # What is no year.
    "2000 tonnes": "2000",
    "1995 containers": "1995",
    "in 2000 tonnes": "2000",
    "2000 km": "2000",
    "2000 loaded containers": "2000",
    "carried 2000 apples": "2000",
    "a 2000-tonne ship": "2000",
    f"2000 {UNIT_ROLE}": "2000",
    "grew by 2000%": "2000",
    "USD 2000": "2000",
    "$2000": "2000",
    "at least 2000": "2000",
    "+2000": "+2000",
    "1899": "1899",
    "2100": "2100",
    "2019.5": "2019.5",
    "1995,000": "1995,000",
    "2010–2005": "2010",
    "2023/22": "2023",
    f"20{ROLE}": "20",
    f"{ROLE}2023": "2023",
    # What is no date, ordinal or name.
    "32 March": "32",
    "529.11 March": "529.11",
    "1,200 and 5 March": "1,200",
    "11 march": "11",
    "2024-13-01": "2024",
    "22th": "22",
    "USD529": "529",
    "EUR-500": "500",
    "x12": "12",
    "CC BY 4.05": "4.05",
    "2026.13": "2026.13",
    'a "quoted text and 5 more': "5",
    "“never closed, 5 km, and a “word”": "5",
    'a 5" pipe of 6" width': "5",
    # Figures in words.
    "ten billion euro": "ten billion euro",
    "Twelve thousand tonnes": "Twelve thousand tonnes",
    "fourteen times a year": "fourteen times",
    "seven percent": "seven percent",
    "twenty-five per cent": "twenty-five per cent",
    "four hundred and sixty": "four hundred",
    "half a million": "half a million",
    "two thirds of it": "two thirds",
    "three-quarters": "three-quarters",
    "grew fivefold": "fivefold",
    "forty kilometres": "forty kilometres",
}

ALLOWED = (
    *("in 2023", "(2024)", "2019–2021", "2023/24", "2019–21", "2010 to 2017", "the 1990s"),
    *("2023, 2024 and 2025", "In 2023 exports rose", "the 2023 figures", "mid-2023", "pre-2020"),
    *("2022 was higher", "Of 2023 one page", "since 2005–2020", "2024: two counts", "2024's"),
    *("11 March 2024", "13 and 14 October 2022", "25–27 May 2023", "5 March", "March 2024"),
    *("From 29 November 2025 attacks", "2024-03-11", "2025-01/2025-10", "16 Mar 2023"),
    *("1st", "the 19th commission", "11th, 22nd and 103rd"),
    *("CO2", "the G7", "SHA-256", "PDF/UA-1", "COP29", "edition 2026.11", *NAMES),
    *("among the “top 15”", '"about 500" or more', "“529.4 million\nUSD”", "«5 km»"),
    *("one page", "two counts", "five partners", "seven months", "thirty years", "the first half"),
    *("see https://example.org/529.4/12", "www.example.org/7", f"{ROLE} of {ROLE}", ""),
)

MARKDOWN = """---
title: 1
---
(anchor-2)=
# Heading
% comment 3

`code 4` and {num}`x.y-5` {source}`a-6` {cite:p}`b7` {count}`claims` [link](page.md#9 )
<https://example.org/10> and <!-- 11 --> <b class="c12">bold</b>

1. first
2. second

| a | b |
|---|--:|
| c | d |

```{admonition} Title
:class: c-13

Words.
```

```{azkz-key-numbers}
trade.turnover-14
```

```python
code = 15
```

:::{div} lead-16
Words.
:::

{lead=17}
Words[^18].

[^18]: A note.

<!--
19

20
-->
"""

PLACES = {
    "Heading": "Heading 7.5",
    "first": "first 7.5",
    "| c |": "| c 7.5 |",
    "Title": "Title 7.5",
    "Words.\n```": "Words 7.5.\n```",
    "Words.\n:::": "Words 7.5.\n:::",
    "Words[^18]": "Words **7**.5[^18]",
    "A note": "A note of 7.5",
    "[link]": "[link 7.5]",
    "#9 )": '#9 "hint 7.5")',
    "bold</b>": "7.5</b>",
    "`code 4` and": "![a picture of 7.5](p.png) and",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_typed_figure_is_found(text: str) -> None:
    """Whatever looks like a figure and is none of the exceptions is refused, as it stands."""
    first = typed(text)[0]
    assert first.text == text[first.start : first.start + len(first.text)] == REFUSED[text]


@pytest.mark.parametrize("text", ALLOWED)
def test_dates_names_and_quotations_may_be_typed(text: str) -> None:
    """Dates, years, ordinals, names, quotations and small counts in words are no figures."""
    assert typed(text) == []
    assert typed(f"It was so ({text}), as said.") == []


WORDS = st.lists(
    st.sampled_from(
        [
            "the",
            "trade",
            "of",
            "both",
            "countries",
            "was",
            "in",
            "by",
            "then",
            "about",
            "more",
            "than",
            "rose",
            "to",
        ]
    ),
    max_size=4,
).map(" ".join)
FIGURES = st.one_of(
    st.decimals(0, 10_000, places=1).map(str),
    st.integers(0, 1899).map(str),
    st.integers(2100, 10**9).map(lambda number: f"{number:,}"),
    st.builds("{} {}".format, st.integers(0, 10**6), st.sampled_from(["km", "percent", "tonnes"])),
)


@given(WORDS, FIGURES, WORDS)
def test_no_figure_slips_through_among_words(before: str, figure: str, after: str) -> None:
    """A figure with decimals, groups or a unit, or outside the years, is found among any words."""
    assert any(each.text in figure for each in typed(f"{before} {figure} {after}."))


@given(WORDS, st.dates(), WORDS)
def test_no_day_is_taken_for_a_figure(before: str, day: object, after: str) -> None:
    """A day in the report's form is none, whatever stands around it."""
    text = f"{day:%d %B} 2024" if str(day)[8] != "0" else f"{day:%d %B} 2024".lstrip("0")
    assert typed(f"{before} {text}, {after}") == []


def test_what_is_no_prose_is_passed_over() -> None:
    """Code, roles, addresses, comments, options, enumerators and front matter may hold digits."""
    assert typed_digits(MARKDOWN) == []


@pytest.mark.parametrize("place", PLACES)
def test_prose_is_read_wherever_it_stands(place: str) -> None:
    """Headings, lists, tables, directives, hints, notes: the figure is found, with its line."""
    assert place in MARKDOWN
    broken = MARKDOWN.replace(place, PLACES[place], 1)
    line = next(
        at
        for at, (was, now) in enumerate(zip(MARKDOWN.split("\n"), broken.split("\n"), strict=True))
        if was != now
    )
    assert [(at, found.text) for at, found in typed_digits(broken)] == [(line + 1, "7.5")]


def test_citations_are_read_with_their_lines() -> None:
    """Roles, with their variants, and the ids of key numbers are what a page cites."""
    lines = MARKDOWN.split("\n")
    key_line = lines.index("trade.turnover-14") + 1
    assert read(MARKDOWN).citations == (
        Citation(8, "num", "x.y-5"),
        Citation(8, "source", "a-6"),
        Citation(key_line, "num", "trade.turnover-14"),
    )
    assert read("a\n{num}`x.y:unit`").citations == (Citation(2, "num", "x.y", "unit"),)


def notebook(*cells: str) -> Notebook:
    """A chapter of code cells."""
    content = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    return Notebook(Template("trade", Path("trade.ipynb"), nbformat.writes(content).encode(), {}))


CODE = {
    "a caption": ('report.figure("a", x, caption="up\\n"\n"12 percent")', (1, 2)),
    "an f-string": ('report.figure("a", x, title=f"{y} of\\n"\nf"{z:.2f} and 12")', (1, 2)),
    "a condition": ('report.table("a", x, note="no" if y > 3 else "12")', (1, 1)),
    "a value put in": ("report.table('a', x, title=f\"{'12' if y else 'no'}\")", (1, 1)),
    "a sum": ('report.verdict("a", "no " + "12")', (1, 1)),
    "sentences": ('report.verdict("a", report.sentences("no", "12"))', (1, 1)),
    "a label": ('report.number("a", x, "up 12")', (1, 1)),
    "a word": ('report.text("a", "12", "a word", x)', (1, 1)),
    "a list joined": ('report.figure("a", x, alt="; ".join(f"{r} 12" for r in y))', (1, 1)),
    "a name": ('title = "12"\nreport.figure("a", x, title=title)', (1, 1)),
    "a name of another cell": (
        '\nwords, y = "12", 3\n---report.table("a", x, title=words)',
        (1, 2),
    ),
    "a loop": ('for n, t in (("a", "12"),):\n    report.number(n, x, t)', (1, 1)),
    "a function": ('def f():\n    return "12"\n---report.table("a", x, title=f())', (1, 2)),
    "a parameter": ('def f(t):\n    report.count("a", x, t)\n---f("12")', (2, 1)),
    "another report": ('mine = Report("a", b)\nmine.number("a", x, "12")', (1, 2)),
}


@pytest.mark.parametrize("case", CODE)
def test_prose_in_code_is_read(case: str) -> None:
    """What code hands to the report is found with cell and line, however it is put together."""
    source, (cell, line) = CODE[case]
    found = list(notebook(*source.split("---")).typed_digits())
    assert {(at.number, where, each.text.split()[0]) for at, where, each in found} == {
        (cell, line, "12")
    }


def test_what_code_says_to_python_is_no_prose() -> None:
    """Positions, formats, keys, ids, conditions and the texts of drawings may hold digits."""
    source = """axes.set(xlim=(0, 640)); axes.text(1, 2, "12")
row = ledger.reading("a", source="page-2024-13-07", period="12")
report.number("a-12", row, f"in {values['12']:.12f} {x if y == '12' else z}", decimals=1)
report.figure("b-12", x, title=f"Of {float(x):.0f} {{num}}`a.b-12`", unit="12", data=y[:12])"""
    assert list(notebook(source).typed_digits()) == []


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_digit_typed_into_any_line_of_a_chapter_is_found(chapter: str, place: Checkout) -> None:
    """Every line of prose in every Markdown cell: one digit behind it is told with that line."""
    tried = 0
    for cell in Notebook(load(place, chapter)).markdown:
        lines = cell.source.split("\n")
        for at, line in enumerate(lines):
            if not is_prose(line):
                continue
            broken = "\n".join([*lines[:at], f"{line} 7.3", *lines[at + 1 :]])
            assert [(where, each.text) for where, each in typed_digits(broken)] == [(at + 1, "7.3")]
            tried += 1
    assert tried > 20


def is_prose(line: str) -> bool:
    """Whether a line of a chapter's Markdown is text, and no fence or option."""
    return bool(line.strip()) and not line.startswith(("```", ":"))


def record(key: str, *inputs: str) -> dict[str, object]:
    """As much of a number's record as the check reads."""
    return {"id": key, "inputs": list(inputs)}


def test_what_enters_a_printed_number_is_printed() -> None:
    """Inputs of inputs count; numbers that cite nobody and that nobody cites do not."""
    numbers = [record("trade.a", "trade.b"), record("trade.b", "trade.c"), record("trade.c")]
    numbers += [record("trade.d", "trade.e"), record("trade.e", "trade.d")]
    chapter = Chapter("trade", b"", numbers=numbers)
    cells = notebook(
        'report.number("a", x, "A")', '\nfor n in "de":\n    f(n)\nreport.count("e", x)'
    )
    found = unprinted(
        [Cited("book/index.md", 0, Citation(1, "num", "trade.a"))],
        Known([chapter], (), ()),
        [chapter],
        {"trade": cells},
    )
    assert [(each.cell, each.line, each.what.split()[1]) for each in found] == [
        (0, 0, "trade.d"),
        (2, 4, "trade.e"),
    ]


Break = Callable[[Checkout], str]
"""Breaks one thing in a checkout; returns how the message begins."""


def edit_cell(where: Checkout, chapter: str, find: str, put: str) -> tuple[int, int]:
    """Put something into the first code or text that has ``find``; cell and line of it."""
    file = where.notebooks / f"{chapter}.ipynb"
    content = nbformat.read(file, as_version=4)
    number, cell = next((n, c) for n, c in enumerate(content.cells, 1) if find in c.source)
    line = cell.source[: cell.source.index(find)].count("\n") + 1
    cell.source = cell.source.replace(find, put, 1)
    nbformat.write(content, file)
    return number, line


def type_digit(where: Checkout, chapter: str, seed: int) -> str:
    """Type a figure into a line of prose that chance chooses; where it stands."""
    chance = random.Random(seed)  # noqa: S311  the same choice in every run
    file = where.notebooks / f"{chapter}.ipynb"
    content = nbformat.read(file, as_version=4)
    cells = [(n, c) for n, c in enumerate(content.cells, 1) if c.cell_type == "markdown"]
    number, cell = chance.choice(cells)
    lines = cell.source.split("\n")
    at = chance.choice([at for at, line in enumerate(lines) if is_prose(line)])
    lines[at] += " 529.4"
    cell.source = "\n".join(lines)
    nbformat.write(content, file)
    return f"notebooks/{chapter}.ipynb, cell {number}, line {at + 1}"


@pytest.mark.usefixtures("built")
def test_one_digit_in_each_chapter_is_named(copy: Checkout, azkz: Azkz) -> None:
    """Exit code 1, and the cell and line of the digit in every chapter, in their order."""
    places = [type_digit(copy, chapter, seed) for seed, chapter in enumerate(CHAPTERS)]
    done = azkz(copy, "check")
    assert done.returncode == 1, done.stderr
    told = [line for line in done.stderr.splitlines() if line.startswith("notebooks/")]
    assert told == [
        f'{place}: "529.4" is typed by hand — name it with report.number and cite it with {{num}}'
        for place in sorted(places)
    ]
    assert done.stderr.endswith(f"\n{len(CHAPTERS)} faults\n")
    assert "Traceback" not in done.stderr


def cite_unknown(where: Checkout) -> str:
    """Misspell the id of a number in a chapter's first finding."""
    cell, line = edit_cell(where, "trade", "{num}`trade.aim`", "{num}`trade.aims`")
    place = f"notebooks/trade.ipynb, cell {cell}, line {line}"
    return f"{place}: no number 'trade.aims' — near it: trade.aim"


def cite_unknown_on_a_page(where: Checkout) -> str:
    """Misspell the id of a number on the page about the method."""
    page = where.book / "method.md"
    text = page.read_text(encoding="utf-8")
    page.write_text(
        text.replace("corridor.need-covered", "corridor.need-cuvered"), encoding="utf-8"
    )
    line = text[: text.index("corridor.need-covered")].count("\n") + 1
    return (
        f"book/method.md:{line}: no number 'corridor.need-cuvered' — near it: corridor.need-covered"
    )


def cite_unknown_in_code(where: Checkout) -> str:
    """Misspell an id in a caption."""
    find, put = "differ by {num}`energy.gap-2023`", "differ by {num}`energy.gap-2032`"
    cell, line = edit_cell(where, "energy", find, put)
    place = f"notebooks/energy.ipynb, cell {cell}, line {line}"
    return f"{place}: no number 'energy.gap-2032' — near it: energy.gap-2023"


def name_for_nothing(where: Checkout) -> str:
    """Name a number that nothing cites."""
    new = 'report.number("for-nothing", aim, "An aim")\n'
    cell, line = edit_cell(where, "trade", "aims = pd.DataFrame(", f"{new}aims = pd.DataFrame(")
    place = f"notebooks/trade.ipynb, cell {cell}, line {line}"
    return f"{place}: number trade.for-nothing is printed nowhere — cite it"


def draw_without_data(where: Checkout) -> str:
    """Leave a figure without a row."""
    cell, _ = edit_cell(where, "culture", "data=drawn.drop(", "data=drawn.iloc[:0].drop(")
    file = where.notebooks / "culture.ipynb"
    source = nbformat.read(file, as_version=4).cells[cell - 1].source
    line = source[: source.index("report.figure(")].count("\n") + 1
    return f"notebooks/culture.ipynb, cell {cell}, line {line}: figure culture."


def draw_without_source(where: Checkout) -> str:
    """Take the ids of the rows from the data of a figure."""
    find = "    data=long_view,\n"
    cell, _ = edit_cell(where, "trade", find, '    data=long_view.drop(columns="observation"),\n')
    return f"notebooks/trade.ipynb, cell {cell}, line 1: figure trade.long-view rests on no obs"


FAULTS: dict[str, tuple[Break, ...]] = {
    "an id that nothing defines": (cite_unknown_on_a_page, cite_unknown),
    "an id in code": (cite_unknown_in_code,),
    "a number that nothing prints": (name_for_nothing,),
    "a figure without data": (draw_without_data,),
    "a figure without source": (draw_without_source,),
}


@pytest.mark.usefixtures("built")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_the_prose_ends_with_1_and_names_its_place(
    fault: str, copy: Checkout, azkz: Azkz
) -> None:
    """Exit code 1 with file, cell, line and what to do, and nothing else is found."""
    expected = [break_it(copy) for break_it in FAULTS[fault]]
    done = azkz(copy, "check")
    assert done.returncode == 1, done.stderr
    told = [line for line in done.stderr.splitlines() if re.match(r"(book|notebooks)/", line)]
    assert len(told) == len(expected), done.stderr
    for line, start in zip(told, expected, strict=True):
        assert line.startswith(start)
        assert " — " in line
    assert "Traceback" not in done.stderr


@pytest.mark.usefixtures("built")
def test_a_build_refuses_a_figure_without_data(copy: Checkout, azkz: Azkz) -> None:
    """The chapter fails at the cell, with what to do, and nothing is published."""
    start = draw_without_data(copy).partition(", line")[0]
    done = azkz(copy, "build")
    assert done.returncode == 3
    assert start in done.stderr
    assert "has no data — give it what is drawn" in done.stderr
    assert not copy.site.exists()


def test_broken_input_is_told_before_the_prose(copy: Checkout, azkz: Azkz) -> None:
    """What makes the rest unreadable comes alone, with exit code 2."""
    type_digit(copy, "trade", 0)
    rows = (copy.data / "observations.csv").read_text(encoding="utf-8")
    (copy.data / "observations.csv").write_text(rows.replace(",350,", ",many,", 1), "utf-8")
    done = azkz(copy, "check")
    assert done.returncode == 2
    assert "observations.csv:3:" in done.stderr
    assert "529.4" not in done.stderr


def test_a_clean_check_says_what_was_checked(place: Checkout, built: Path, azkz: Azkz) -> None:
    """The repository's own prose holds; the counts are those of ledger, numbers and pages."""
    done = azkz(place, "check")
    assert done.returncode == 0, done.stderr
    numbers = len(json.loads((built / "numbers.json").read_text(encoding="utf-8"))["numbers"])
    drawn = (path.name.partition(".")[0] for path in (built / "data").glob("*.csv"))
    figures = sum(chapter in CHAPTERS for chapter in drawn)
    pages = len(list(place.book.glob("*.md")))
    observations = len(Ledger.load(place.data).observations)
    assert done.stdout.startswith(f"no fault in {observations} observations, ")
    assert (
        f"{numbers} numbers, {figures} figures, {len(CHAPTERS)} notebooks and {pages} pages"
        in done.stdout
    )


def test_every_method_that_takes_prose_is_read() -> None:
    """A method of the report with a text for readers is on the list, at its place."""
    words = {"title", "subtitle", "caption", "alt", "note", "label", "text"}
    found = {}
    for name, method in inspect.getmembers(Report, inspect.isfunction):
        takes = list(inspect.signature(method).parameters.values())[1:]
        places = {
            each.name: None if each.kind is each.KEYWORD_ONLY else at
            for at, each in enumerate(takes)
            if each.name in words
        }
        if places and not name.startswith("_"):
            found[name] = places
    assert found == PROSE
