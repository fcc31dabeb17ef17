"""What the theme leaves without a name, for readers who hear the pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

AFTER_THEMES = 900


def name_toggles(
    _app: Sphinx,
    _pagename: str,
    _templatename: str,
    context: dict[str, Any],
    _doctree: nodes.document | None,
) -> None:
    """Name the buttons of the contents that unfold the pages below an entry.

    The theme draws them with an icon alone.
    """
    generate: Callable[..., Any] | None = context.get("generate_toctree_html")
    if generate is None:
        return

    def named(*arguments: Any, **options: Any) -> Any:
        contents = generate(*arguments, **options)
        for toggle in contents.find_all("summary") if hasattr(contents, "find_all") else ():
            entry = toggle.find_parent("li").find("a")
            if not toggle.get_text(strip=True) and entry is not None:
                toggle["aria-label"] = f"Pages below {entry.get_text(strip=True)}"
        return contents

    context["generate_toctree_html"] = named
