"""What ``deliver --as tables`` does."""

from __future__ import annotations

from itertools import chain

from archiver.cli.clock import now
from archiver.cli.options.delivery.delivery import DeliveryOptions, TablesOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.deliveries.persons import chosen_persons, require_who
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json, show_table
from archiver.delivery.table_database import DATABASE
from archiver.delivery.tables import COLUMNS, WORKBOOK
from archiver.errors import AlreadyExists
from archiver.nouns import DOSSIERS
from archiver.operations.deliveries.tabulate import TabulateRequest, tabulate
from archiver.spooled_list import SpooledList
from formats.findings import finding_document
from formats.words import Counted, mark


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, own: TablesOptions) -> int:
    """Write the tables, and say how many rows each has; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target.
        PatientUnknown, PatientAmbiguous: when a patient is none, or several.
    """
    if options.to.exists():
        raise AlreadyExists(path=str(options.to))
    with findings_report(output.report) as fill, open_source(source, reading=False) as opened:
        require_who(opened, options)
        persons = chosen_persons(opened, options, today=now().date(), as_json=output.as_json)
        request = TabulateRequest(
            persons=persons,
            folder=options.to,
            workbook=own.xlsx,
            database=own.sqlite,
            by=options.by,
            receiver=options.receiver,
        )
        with progress(mark("Writing"), total=len(persons)) as step:
            outcome = tabulate(opened.content, request, clock=now, progress=step)
        findings = SpooledList(chain(opened.findings, outcome.findings))
        fill(findings)
    if output.as_json:
        document = {
            "tables": 1,
            "path": str(options.to),
            "workbook": str(options.to / WORKBOOK) if own.xlsx else None,
            "database": str(options.to / DATABASE) if own.sqlite else None,
            "dossiers": outcome.dossiers,
            "rows_by_table": outcome.rows,
        }
        show_json({**document, "findings": map(finding_document, findings)})
    else:
        show_table(sorted(outcome.rows.items()), heading=(mark("table"), mark("rows")))
        say(
            mark("{path} has the tables of {dossiers}; {columns} says what the columns mean."),
            path=str(options.to),
            dossiers=Counted(outcome.dossiers, DOSSIERS),
            columns=COLUMNS,
        )
        if own.xlsx:
            say(mark("{path}: the same tables as one workbook."), path=str(options.to / WORKBOOK))
        if own.sqlite:
            say(mark("{path}: the same tables as one SQLite database."), path=str(options.to / DATABASE))
        show_findings(outcome.findings)
    note(mark("Nothing was taken out, and no file is in it: documents and images are named, not copied."))
    return delivery_status(outcome.findings)
