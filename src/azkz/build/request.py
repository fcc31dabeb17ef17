"""What can be asked of a build."""

from __future__ import annotations

from dataclasses import dataclass

from azkz.build import CHAPTERS

PARTS = ("html", "pdf")


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for. ``parameters`` are name and text, as the command line gives them.

    ``as_of`` asks for the unnamed edition of that day, with the parameters of ``edition``;
    ``engine`` is one of ``azkz.build.engine.ENGINES``. ``cluster`` is the address of a Dask cluster
    to work on (``azkz.build.cluster``), in whose place ``jobs`` says nothing.
    """

    edition: str
    chapters: tuple[str, ...] = CHAPTERS
    parts: tuple[str, ...] = PARTS
    parameters: tuple[tuple[str, str], ...] = ()
    jobs: int = 2
    as_of: str = ""
    engine: str = "warm"
    cluster: str = ""
