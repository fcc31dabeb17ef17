"""Pages that stand beside the editions: their list, which needs no script, and pages that lead."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from azkz.build.listing import Listed
from azkz.ledger.periods import parse_period

# What follows the "#" or the "?" of the address is kept by the script alone.
_LEAD = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script>location.replace({script} + location.search + location.hash);</script>
<noscript><meta http-equiv="refresh" content="0; url={target}"></noscript>
<link rel="canonical" href="{target}">
<link rel="icon" href="data:,">
</head>
<body><p><a href="{target}">{title}</a></p></body>
</html>
"""

# Colours and letters are those of book/_static/azkz.css.
_LIST = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Editions – {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="{newest}/_static/favicon.svg">
<style>
:root {{ --ink: #1f2933; --muted: #5a6672; --rule: #dfe4e8; --accent: #0b7285; --page: #fff; }}
@media (prefers-color-scheme: dark) {{
  :root {{ --ink: #e6eaee; --muted: #a5b0bb; --rule: #39434e; --accent: #6cc3d3; --page: #121212; }}
}}
body {{
  background: var(--page); color: var(--ink); font: 1.0625rem/1.6 -apple-system,
  BlinkMacSystemFont, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  margin: 0 auto; max-width: 42rem; padding: 2.5rem 1.25rem 4rem;
}}
h1, h2 {{ font-weight: 650; line-height: 1.25; }}
h1 {{ font-size: 2rem; margin: 0 0 1rem; }}
h2 {{ font-size: 1.3rem; margin: 0; }}
p {{ margin: 0 0 0.5rem; }}
a {{ color: var(--accent); text-underline-offset: 0.2em; }}
a:focus-visible {{ outline: 3px solid var(--accent); outline-offset: 2px; }}
.report {{ color: var(--muted); margin-bottom: 0.25rem; }}
.editions {{ list-style: none; margin: 2rem 0; padding: 0; }}
.editions > li {{ border-top: 1px solid var(--rule); padding: 1.1rem 0 1rem; }}
.editions > li.newest {{ border-top: 3px solid var(--accent); }}
.day, .said {{ color: var(--muted); }}
.forms {{ display: flex; flex-wrap: wrap; gap: 0.25rem 1.5rem; list-style: none; padding: 0; }}
.forms {{ margin: 0.35rem 0 0; }}
.forms a {{ display: inline-block; min-height: 24px; }}
.of {{ clip-path: inset(50%); height: 1px; overflow: hidden; position: absolute; width: 1px; }}
</style>
</head>
<body>
<main>
<p class="report">{title}</p>
<h1>Editions</h1>
<p>An edition knows only what was known on its day. A later one may print another value for the
same year; the earlier one stays as it was, at the same address.</p>
<ul class="editions">
{items}
</ul>
<p>Addresses that begin with <a href="latest/index.html">latest</a> lead to the same page of the
newest edition, and <a href="latest/pdf.html">latest/pdf.html</a> to its PDF. The list is also
there <a href="editions.json">as data</a>.</p>
</main>
</body>
</html>
"""

_ITEM = """<li{newest}>
<h2><a href="{name}/index.html">{name}{mark}</a></h2>
<p class="day">As known on {day}</p>
{said}<ul class="forms">
{forms}
</ul>
</li>"""


def lead_page(title: str, target: str) -> bytes:
    """A page that leads to another, with a link for who is not led."""
    # JSON is text of a script but for the end tag of the script.
    script = json.dumps(target).replace("<", "\\u003c")
    page = _LEAD.format(title=escape(title), target=escape(target), script=script)
    return page.encode()


def editions_page(listed: Sequence[Listed]) -> str:
    """The list of editions for readers, the newest first."""
    items = "\n".join(_item(entry) for entry in reversed(listed))
    newest = listed[-1]
    return _LIST.format(title=escape(newest.title), newest=escape(newest.edition), items=items)


def _item(entry: Listed) -> str:
    name = escape(entry.edition)
    forms = {
        "Web pages": "index.html",
        "PDF": entry.pdf,
        "Numbers as JSON": "numbers.json",
        "Numbers as CSV": "numbers.csv",
    }
    links = (
        f'<li><a href="{name}/{escape(file)}">{form}<span class="of"> of {name}</span></a></li>'
        for form, file in forms.items()
    )
    return _ITEM.format(
        name=name,
        newest=' class="newest"' if entry.newest else "",
        mark=", newest" if entry.newest else "",
        day=parse_period(entry.as_of).label,
        said="".join(f'<p class="said">{words}</p>\n' for words in _corrections(entry)),
        forms="\n".join(links),
    )


def _corrections(entry: Listed) -> list[str]:
    """What is to be said of ``entry`` and other editions of the same day, as HTML."""
    found = (("Corrected by", entry.corrected_by), ("Corrects", entry.corrects))
    return [
        f'{words} <a href="{escape(name)}/index.html">{escape(name)}</a>.'
        for words, name in found
        if name
    ]
