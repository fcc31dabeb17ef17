"""Reads the prose of Markdown: its passages as plain text, what it cites, and typed figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from azkz.build.typed import ROLE, UNIT_ROLE, Typed, typed
from azkz.report.text import split_variant

_LITERAL = re.compile(
    "code|code-block|code-cell|sourcecode|literalinclude|raw|bibliography|toctree|include"
)
"""Directives whose body is no prose."""
_BARE_ARGUMENT = re.compile("div|container|figure|image|include|glossary|only|class")
"""Directives whose argument is a class, a file or a list of flags."""
_PROSE_OPTION = re.compile(r":(?:alt|caption|title|header|name-title):\s*(.+)")
_ID_ROLES = re.compile(r"num|source|count|cite(:\w+)?|ref|numref|eq|doc|download|index|code|math")
"""Roles whose content is an identifier."""
CONDITIONS = ("since", "until")
"""Roles that print nothing and say where a passage stands."""
_DIRECTIVE = re.compile(r"\{([\w:-]+)\}\s*(.*)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, heading, list item or cell as plain text; what is no prose is one character."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A record that a text cites, with the role as ``kind`` and the ``variant`` of a number.

    ``num`` and ``source`` print it, ``since`` and ``until`` only ask whether it is known.
    """

    line: int
    kind: str
    key: str
    variant: str = ""


@dataclass(frozen=True, slots=True)
class Prose:
    """What Markdown says. Lines count from 1."""

    passages: tuple[Passage, ...] = ()
    citations: tuple[Citation, ...] = ()

    def __add__(self, other: Prose) -> Prose:
        return Prose(self.passages + other.passages, self.citations + other.citations)

    def moved(self, lines: int) -> Prose:
        """The same, standing ``lines`` further down."""
        return Prose(
            tuple(replace(each, line=each.line + lines) for each in self.passages),
            tuple(replace(each, line=each.line + lines) for each in self.citations),
        )


@lru_cache(maxsize=1024)
def read(markdown: str) -> Prose:
    """The prose of Markdown in MyST's dialect.

    Code, comments, addresses, anchors, front matter, names and options of directives, and roles
    that hold an identifier are no prose. The bodies of directives are, unless they are code.
    """
    prose = Prose()
    for token in _parser().parse(markdown):
        start = token.map[0] if token.map else 0
        if token.type == "inline":
            prose += _inline(token.children or [], start + 1)
        elif token.type in ("fence", "colon_fence"):
            prose += _directive(token).moved(start)
        elif token.type == "html_block":
            prose += _html(token.content).moved(start)
        elif token.type in ("math_block", "amsmath", "math_block_label"):
            prose += Prose((Passage(start + 1, token.content),))
    return prose


def citation(line: int, kind: str, target: str) -> Citation:
    """What a role cites."""
    key, variant = split_variant(target) if kind == "num" else (target.strip(), "")
    return Citation(line, kind, key, variant)


def typed_digits(markdown: str) -> list[tuple[int, Typed]]:
    """The figures typed into Markdown by hand, each with its line."""
    return [
        (_line(markdown, passage, found), found)
        for passage in read(markdown).passages
        for found in typed(passage.text)
    ]


@cache
def _parser() -> MarkdownIt:
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    # As _config.yml has it, without the quotation marks that only the page gets.
    extensions = {"attrs_block", "attrs_inline", "colon_fence", "deflist"}
    return create_md_parser(MdParserConfig(enable_extensions=extensions), RendererHTML)


def _inline(tokens: Sequence[Token], line: int) -> Prose:
    """One run of text; what stands in it as a hint or a picture's description follows it."""
    text, more, hidden = "", Prose(), False
    for token in tokens:
        here = line + text.count("\n")
        if token.type == "link_open":
            hidden = token.info == "auto"
        elif token.type == "link_close":
            hidden = False
        elif token.type == "image":
            more += _inline(token.children or [], here)
        elif token.type == "myst_role":
            text += _role(token)
            more += _cited(token, here)
        elif not hidden:
            text += _plain(token)
        hint = token.attrs.get("title")
        if hint:
            more += Prose((Passage(here, str(hint)),))
    return Prose((Passage(line, text),)) + more


def _plain(token: Token) -> str:
    match token.type:
        case "softbreak" | "hardbreak":
            return "\n"
        case "code_inline" | "footnote_ref":
            return ROLE
        case "html_inline":
            return ""
        case _:
            return token.content


def _role(token: Token) -> str:
    name = str(token.meta["name"])
    if name in CONDITIONS:
        return ""
    if not _ID_ROLES.fullmatch(name):
        return token.content
    return UNIT_ROLE if name == "num" and split_variant(token.content)[1] == "unit" else ROLE


LISTS = ("azkz-key-numbers", "azkz-vintages")
"""Directives whose body names numbers, one a line."""


def _cited(token: Token, line: int) -> Prose:
    name = str(token.meta["name"])
    if name not in ("num", "source", *CONDITIONS):
        return Prose()
    return Prose((), (citation(line, name, token.content),))


def _directive(token: Token) -> Prose:
    """The prose of a directive, its own fence being line 0; none of plain code."""
    found = _DIRECTIVE.fullmatch(token.info.strip())
    if not found or _LITERAL.fullmatch(found[1]):
        return Prose()
    lines = token.content.split("\n")
    options = _option_lines(lines)
    prose = Prose()
    if found[2] and not _BARE_ARGUMENT.fullmatch(found[1]):
        prose += read(found[2])
    for number, option in enumerate(lines[:options], 2):
        told = _PROSE_OPTION.match(option.strip())
        if told:
            prose += Prose((Passage(number, told[1]),))
    body = lines[options:]
    if found[1] in LISTS:
        ids = [(number, key.strip()) for number, key in enumerate(body, options + 2)]
        return prose + Prose((), tuple(Citation(n, "num", key) for n, key in ids if key))
    return prose + read("\n".join(body)).moved(options + 1)


def _option_lines(lines: Sequence[str]) -> int:
    """How many lines at the head of a directive's body are its options."""
    if lines and lines[0].strip() == "---":
        ends = [at for at, line in enumerate(lines[1:], 1) if line.strip() == "---"]
        return ends[0] + 1 if ends else 0
    return next((at for at, line in enumerate(lines) if not re.match(r":[\w-]+:", line)), 0)


def _html(content: str) -> Prose:
    """The text between tags; comments and tags leave nothing but their line ends."""

    def empty(found: re.Match[str]) -> str:
        return "\n" * found[0].count("\n")

    return Prose((Passage(1, re.sub(r"<!--.*?-->|<[^>]*>", empty, content, flags=re.DOTALL)),))


def _line(markdown: str, passage: Passage, found: Typed) -> int:
    """Where it stands: breaks inside a role or code span are not seen in the plain text."""
    near = passage.line + passage.text.count("\n", 0, found.start)
    words = found.text.split("\n", 1)[0]
    later = markdown.split("\n")[near - 1 :]
    return near + next((at for at, line in enumerate(later) if words in line), 0)
