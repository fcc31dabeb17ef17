"""What is said in the end: of a build what it made and left out, of all editions their state."""

from __future__ import annotations

from datetime import date

from azkz.build import edition as editions
from azkz.build.edition import described
from azkz.build.outcome import Outcome
from azkz.paths import Checkout


def summary(place: Checkout, outcome: Outcome) -> str:
    """Edition, places, times and counts, a line each."""
    html, edition = outcome.site / "index.html", outcome.edition
    took = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.seconds.items())
    lines = [described(edition)]
    if html.is_file():
        lines.append(f"HTML  {place.shown(html)}")
    if outcome.pdf:
        lines.append(f"PDF   {place.shown(outcome.pdf)}")
    if outcome.differs:
        lines.append("      not published: it differs from its release; what is published stays")
    elif not outcome.published:
        lines.append("      not published: this is not the whole edition with its own parameters")
    lines.append(f"time  {took}" if took else "      nothing has changed since it was built")
    lines.append(
        f"holds {outcome.numbers} numbers, {outcome.figures} figures, {outcome.sources} sources; "
        f"{len(outcome.left_out)} passages left out for numbers not known on the day"
    )
    return "\n".join(lines)


def explanation(outcome: Outcome) -> str:
    """Why each chapter ran now; each passage that was left out, and why its numbers are missing."""
    ran = [
        f"{name}: {f'ran: {reason}' if reason else 'reused: nothing that it reads has changed'}"
        for name, reason in outcome.reasons.items()
    ]
    passages = (
        "\n".join(
            (
                f"{passage['place']}: {passage['passage']} left out: {passage['text']}",
                *(f"    {k} is not known: {reason}" for k, reason in passage["missing"].items()),
            )
        )
        for passage in outcome.left_out
    )
    return "\n\n".join(("\n".join(ran), *passages))


def overview(place: Checkout, today: date) -> str:
    """Every edition with its day, a line each: which is the newest, released, built."""
    # What checks notebooks and releases takes a while to import; a summary does without.
    from azkz.build import template as templates
    from azkz.build.released import is_released

    declared = templates.load_all(place)["trade"].parameters
    names = editions.names(place)
    lines = []
    for name in names:
        found = editions.load(place, name, declared, today)
        newest = "newest" if name == names[-1] else ""
        released = "released" if is_released(place, name) else "not released"
        built = place.site / name / "index.html"
        state = place.shown(built) if built.is_file() else "not built"
        day = f"as known on {found.as_of}"
        lines.append(f"{name:<10} {day}   {newest:<6}   {released:<12}   {state}   {found.title}")
    return "\n".join(lines)
