"""What a preview keeps from one build to the next."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from azkz.build.outcome import Outcome
from azkz.build.telling import Told


@dataclass(slots=True)
class Live:
    """A preview, for the builds that it asks for.

    ``pool`` evaluates chapters, in processes that have looked through their code for the build
    before. ``show`` is given what can be shown while chapters are still to run, if there is
    something. ``told`` is what the pages told of other days in the last build, for one that is not
    to wait for it; ``due`` says that it is to be found anew.
    """

    pool: Executor
    told: Told | None = None
    due: bool = True
    show: Callable[[Outcome], None] | None = None
