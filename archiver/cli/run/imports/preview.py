"""What ``import --preview`` does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from archiver import disk, temporary_files
from archiver.cli.clock import now
from archiver.cli.commands.import_ import PreviewOptions
from archiver.cli.exits import INCOMPLETE, SUCCESS
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.import_ import Chooser, import_findings, progresses
from archiver.cli.terminal.console import note, say, show_findings, show_json, show_table
from archiver.cli.terminal.language import language, localize
from archiver.examination.examine import packed_sizes
from archiver.handover.opening import OpenRequest
from archiver.operations.imports.preview import ImportPreview, import_preview_json, preview_import
from archiver.operations.imports.preview_page import HEADING, import_preview_page, preview_list, preview_rows
from archiver.operations.imports.preview_text import preview_sentences
from archiver.practice.practitioners import practice_of_store
from archiver.practice.store import PracticeStore, open_store
from archiver.worker_pool import WorkerPool, processes_for
from formats.findings import finding_document
from formats.words import mark, plural


def preview(
    into: Path,
    opening: OpenRequest,
    choose: Chooser,
    options: PreviewOptions,
    output: OutputOptions,
    *,
    own: str,
) -> int:
    """Show what an import would bring, keep nothing, and return the exit status it would have.

    Raises:
        AlreadyExists: where a page or a list would go.
    """
    with ExitStack() as results:
        fill = results.enter_context(findings_report(output.report))
        page, sheet = (
            results.enter_context(disk.write_aside(place, mode=disk.PRIVATE)) if place else None
            for place in (options.page, options.list)
        )
        pool = results.enter_context(WorkerPool(processes_for(packed_sizes(opening.package))))
        store = results.enter_context(_store(into))
        with (
            progresses(opening) as steps,
            preview_import(
                store, opening, clock=now, choose=choose, own=own, pool=pool, **steps
            ) as previewed,
        ):
            findings = list(import_findings(previewed.receipt, opening))
            fill(findings)
            practice = practice_of_store(store)
            if page:
                page.writelines(
                    import_preview_page(
                        previewed, practice=practice.name if practice else "", language=language()
                    )
                )
            if sheet:
                sheet.writelines(preview_list(previewed, localize))
            if output.as_json:
                show_json({**import_preview_json(previewed), "findings": map(finding_document, findings)})
            else:
                _show(previewed)
                show_findings(findings)
    note(mark("Nothing was taken in: this says what an import would do."))
    receipt = previewed.receipt
    return INCOMPLETE if receipt.refused or receipt.unread_allergies else SUCCESS


@contextmanager
def _store(path: Path) -> Iterator[PracticeStore]:
    """Open the store at ``path``, or a new one that is gone afterwards."""
    with ExitStack() as stack:
        there = path.exists()
        if not there:
            path = stack.enter_context(temporary_files.scratch()) / path.name
        yield stack.enter_context(open_store(path, create=not there, reading=there))


def _show(previewed: ImportPreview) -> None:
    show_table(list(preview_rows(previewed, localize)), heading=HEADING)
    for sentence, facts in preview_sentences(previewed.receipt):
        say(sentence, **facts)
    asked = sum(len(one.questions) for one in previewed.dossiers())
    say(plural("{count} question would be asked.", "{count} questions would be asked."), count=asked)
    if asked:
        note(mark("--page shows both records of each question side by side."))
