"""What ``deliver --as eark`` does."""

from __future__ import annotations

import secrets
from itertools import chain

from archiver.cli.clock import now
from archiver.cli.options.delivery.delivery import DeliveryOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.deliveries.persons import chosen_persons, require_who
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.errors import AlreadyExists
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import DOSSIERS, FILES
from archiver.operations.deliveries.eark import EarkRequest, write_eark
from archiver.spooled_list import SpooledList
from formats.findings import finding_document
from formats.words import BYTES, Counted, mark


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, _own: None) -> int:
    """Write the package, and say what it holds; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target.
        PatientUnknown, PatientAmbiguous: when a patient is none, or several.
    """
    if options.to.exists():
        raise AlreadyExists(path=str(options.to))
    with findings_report(output.report) as fill, open_source(source, reading=False) as opened:
        require_who(opened, options)
        persons = chosen_persons(opened, options, today=now().date(), as_json=output.as_json)
        request = EarkRequest(persons=persons, target=options.to, by=options.by, receiver=options.receiver)
        with progress(mark("Writing"), total=len(persons)) as step:
            outcome = write_eark(
                opened.content, request, clock=now, randomness=secrets.token_bytes, progress=step
            )
        findings = SpooledList(chain(opened.findings, outcome.findings))
        fill(findings)
    if output.as_json:
        document = {
            "packaged": 1,
            "path": str(options.to),
            "package": outcome.package,
            "dossiers": outcome.dossiers,
            "counts": dict(outcome.counts),
            "size": outcome.size,
        }
        show_json({**document, "findings": map(finding_document, findings)})
    else:
        say(
            mark("{path}: E-ARK package ({dossiers}, {files}, {size})."),
            path=str(options.to),
            dossiers=Counted(outcome.dossiers, DOSSIERS),
            files=Counted(outcome.counts["files"], FILES),
            size=Counted(outcome.size, BYTES),
        )
        for sentence, facts in content_sentences(outcome.counts):
            say(sentence, **facts)
        show_findings(outcome.findings)
    note(mark("Nothing was taken out and nothing is encrypted: send it by a way that keeps it secret."))
    return delivery_status(outcome.findings)
