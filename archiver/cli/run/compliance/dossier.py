"""What ``dossier check`` does."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

from archiver import disk
from archiver.cli.clock import now
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import say, show_findings, show_json, show_table
from archiver.cli.terminal.language import language, localize
from archiver.compliance.report_page import table_page
from archiver.operations.compliance.completeness_report import (
    SECTIONS,
    completeness_document,
    count_rows,
    kinds,
    report_tables,
    section_rows,
    summary_lines,
)
from archiver.practice.store import open_store
from archiver.scope.completeness import completeness
from archiver.scope.practice_days import practice_day
from formats.words import mark

TITLE = mark("Are the dossiers complete?")


def check(path: Path, *, page: Path | None, output: OutputOptions) -> None:
    """Say what dossiers lack, and what looks wrong."""
    with ExitStack() as results:
        fill = results.enter_context(findings_report(output.report))
        sheet = results.enter_context(disk.write_aside(page, mode=disk.PRIVATE)) if page else None
        with open_store(path, reading=True) as store:
            today = practice_day(store, now())
            found = completeness(store, today)
        fill(found.findings)
        if sheet:
            title = localize(TITLE)
            sheet.writelines(
                table_page(
                    title,
                    summary_lines(found, today.isoformat(), localize),
                    report_tables(found, localize),
                    language(),
                )
            )
    if output.as_json:
        show_json(completeness_document(found, today.isoformat()))
        return
    show_table(section_rows(found, localize), heading=SECTIONS)
    show_table(count_rows(found.years, localize), heading=(mark("year"), *kinds()))
    show_table(count_rows(found.practitioners, localize), heading=(mark("practitioner"), *kinds()))
    for line in summary_lines(found, today.isoformat(), localize):
        say(mark("{label}"), label=line)
    show_findings(found.findings)
