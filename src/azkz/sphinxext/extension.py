"""Everything that the report adds to Sphinx, by name."""

from __future__ import annotations

from sphinx.application import Sphinx
from sphinx.util.typing import ExtensionMetadata

from azkz import __version__
from azkz.sphinxext import (
    access,
    annex,
    asking,
    audit,
    cards,
    changes,
    code,
    counts,
    edition,
    evidence,
    figures,
    leaving_out,
    long_table,
    numbers,
    numbers_annex,
    outline,
    pages,
    printed,
    sealed,
    search,
    sharing,
    site,
    standing,
    vintages,
    writing,
)
from azkz.sphinxext.domain import ReportDomain
from azkz.typst.builder import WANTED

DIRECTIVES = {
    "div": pages.Division,
    "azkz-key-numbers": pages.KeyNumbers,
    "azkz-chapters": pages.Chapters,
    "azkz-findings": pages.Findings,
    "azkz-build": pages.Build,
    "azkz-cite": pages.Cite,
    "azkz-figure": figures.PageFigure,
    "azkz-numbers": numbers_annex.NumbersSummary,
    "azkz-numbers-of": numbers_annex.NumbersOfChapter,
    "azkz-evidence": evidence.Evidence,
    "azkz-sources": annex.SourcesAnnex,
    "azkz-indicators": annex.IndicatorsAnnex,
    "azkz-audit": audit.Audit,
    "azkz-editions": changes.Editions,
    "azkz-changes": changes.Changes,
    "azkz-vintages": vintages.Vintages,
}


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register roles, directives, nodes, transforms and events with Sphinx."""
    app.setup_extension("azkz.typst")
    app.add_domain(ReportDomain)
    app.add_role("num", numbers.RecordRole())
    app.add_role("source", numbers.RecordRole())
    app.add_role("since", standing.ConditionRole())
    app.add_role("until", standing.ConditionRole())
    app.add_role("count", counts.CountRole())
    for name, directive in DIRECTIVES.items():
        app.add_directive(name, directive)
    _add_nodes(app)
    app.add_transform(standing.Stand)
    app.add_transform(leaving_out.LeaveOut)
    app.add_transform(site.FoldCode)
    app.add_transform(site.RefuseFormulas)
    app.add_post_transform(long_table.ResolveRecords)
    app.add_post_transform(long_table.WriteTables)
    app.add_post_transform(site.FinishPage)
    app.add_post_transform(sealed.OpenForPdf)
    app.add_post_transform(sealed.OpenForHtml)
    app.add_builder(writing.SiteBuilder, override=True)
    app.add_search_language(search.EnglishOnce)
    app.connect("builder-inited", code.keep_formatters)
    app.connect("builder-inited", code.keep_formatted)
    app.connect("builder-inited", site.keep_templates)
    # After MyST-NB's own handler of the event, which sets what this one changes.
    app.connect("builder-inited", site.configure_notebooks, priority=600)
    app.connect("builder-inited", site.copy_style_sheet)
    shared = sharing.Shared()
    app.connect("env-get-outdated", asking.outdated)
    app.connect("env-before-read-docs", shared.note)
    app.connect("doctree-read", outline.keep)
    # Around Sphinx's own, which numbers sections and figures.
    app.connect("env-get-updated", outline.number_by_outlines, priority=100)
    app.connect("env-get-updated", outline.show_pages, priority=800)
    app.connect("env-get-updated", shared.outdated, priority=900)
    app.connect("env-updated", leaving_out.refuse_unknown)
    app.connect("html-page-context", cards.add_cards)
    app.connect("html-page-context", edition.add_edition)
    app.connect("html-page-context", access.name_toggles, priority=access.AFTER_THEMES)
    app.connect("html-collect-pages", sharing.complete_search)
    app.connect(WANTED, printed.write_wanted)
    app.connect("build-finished", site.write_files)
    app.connect("build-finished", sharing.remove_stale)
    return {
        "version": __version__,
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _add_nodes(app: Sphinx) -> None:
    app.add_node(numbers.number_link, html=(numbers.visit_number_link, numbers.depart_number_link))
    app.add_node(site.table_frame, html=(site.visit_table_frame, site.depart_table_frame))
    app.add_node(numbers.unknown_record)
    app.add_node(long_table.long_table)
    app.add_node(sealed.sealed)
    app.add_node(standing.condition)
