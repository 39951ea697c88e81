"""What ``archiver mapping preview`` does and prints."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import progress, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import language, localize
from archiver.errors import AlreadyExists
from archiver.handover.kinds import kind_words
from archiver.operations.mapping.preview_mapping import (
    MappingPreview,
    PreviewRequest,
    preview_json,
    preview_mapping,
)
from archiver.operations.mapping.preview_page import ROWS_HEADING, is_preview_page, preview_page, table_rows
from formats.words import mark


def run(request: PreviewRequest, *, page: Path | None, output: OutputOptions) -> None:
    """Read the source and say what would come of it."""
    with ExitStack() as results:
        fill = results.enter_context(findings_report(output.report))
        sheet = results.enter_context(_page(page)) if page else None
        with progress(mark("Reading")) as step:
            preview = preview_mapping(request, progress=step)
        fill(preview.findings)
        if sheet:
            sheet.writelines(preview_page(preview, localize, language(), written_at=now()))
    show_json(preview_json(preview)) if output.as_json else _show(preview, page)


def _page(target: Path) -> AbstractContextManager[BinaryIO]:
    """Open the page; it replaces an earlier one, and nothing else.

    Raises:
        AlreadyExists: when something else lies there.
    """
    if target.exists() and not is_preview_page(target):
        raise AlreadyExists(path=str(target))
    return disk.write_aside(target, mode=disk.PRIVATE, replace=True)


def _show(preview: MappingPreview, page: Path | None) -> None:
    kinds = [(localize(kind_words(kind)), count) for kind, count in preview.kinds.items()]
    show_table(kinds, heading=(mark("kind"), mark("read")))
    show_table(table_rows(preview), heading=ROWS_HEADING)
    rows = [(one.table, one.column, one.filled, " · ".join(one.samples)) for one in preview.columns]
    if rows:
        say(mark("Columns that no rule asks for:"))
        show_table(rows, heading=(mark("table"), mark("column"), mark("filled in"), mark("values")))
    show_findings(preview.findings)
    if page:
        say(mark("Written: {path}."), path=str(page))
    say(mark("Nothing was stored."))
