"""What ``deliver --as fhir`` does."""

from __future__ import annotations

from itertools import chain

from archiver.cli.clock import now
from archiver.cli.options.delivery.delivery import DeliveryOptions, FhirOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.deliveries.persons import chosen_persons, require_who
from archiver.cli.run.deliveries.status import delivery_status
from archiver.cli.run.dossiers.source import SourceOptions, open_source
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json, show_table
from archiver.errors import AlreadyExists
from archiver.handover.missing_lines import content_sentences
from archiver.nouns import DOSSIERS, FILES
from archiver.operations.deliveries.fhir import FhirOutcome, FhirRequest, write_fhir
from archiver.spooled_list import SpooledList
from formats.findings import finding_document
from formats.words import BYTES, Counted, mark, plural

_ROWS = plural(
    "{count} row of the source, word for word, is left out: no type of resource is meant for it.",
    "{count} rows of the source, word for word, are left out: no type of resource is meant for them.",
)


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, own: FhirOptions) -> int:
    """Write the resources, and say what they hold; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target.
        PatientUnknown, PatientAmbiguous: when a patient is none, or several.
    """
    if options.to.exists():
        raise AlreadyExists(path=str(options.to))
    ndjson = not options.patient if own.ndjson is None else own.ndjson
    with findings_report(output.report) as fill, open_source(source, reading=False) as opened:
        require_who(opened, options)
        persons = chosen_persons(opened, options, today=now().date(), as_json=output.as_json)
        request = FhirRequest(
            persons=persons, folder=options.to, ndjson=ndjson, by=options.by, receiver=options.receiver
        )
        with progress(mark("Writing"), total=len(persons)) as step:
            outcome = write_fhir(opened.content, request, clock=now, progress=step)
        findings = SpooledList(chain(opened.findings, outcome.findings))
        fill(findings)
    if output.as_json:
        show_json(_document(outcome, request) | {"findings": map(finding_document, findings)})
    else:
        _show(outcome, request)
        show_findings(outcome.findings)
    note(mark("Nothing was taken out and nothing is encrypted: send it by a way that keeps it secret."))
    return delivery_status(outcome.findings)


def _document(outcome: FhirOutcome, request: FhirRequest) -> dict[str, object]:
    return {
        "exported_fhir": 1,
        "path": str(request.folder),
        "layout": "ndjson" if request.ndjson else "documents",
        "dossiers": outcome.dossiers,
        "documents": (str(request.folder / one) for one in outcome.documents),
        "counts": dict(outcome.counts),
        "resources": dict(outcome.resources),
        "rows_left_out": outcome.rows_left_out,
        "size": outcome.size,
    }


def _show(outcome: FhirOutcome, request: FhirRequest) -> None:
    show_table(sorted(outcome.resources.items()), heading=(mark("type of resource"), mark("resources")))
    facts: dict[str, str | int] = {
        "path": str(request.folder),
        "dossiers": Counted(outcome.dossiers, DOSSIERS),
        "files": Counted(outcome.counts["files"], FILES),
        "size": Counted(outcome.size, BYTES),
    }
    if request.ndjson:
        say(mark("{path}: FHIR R4 as NDJSON ({dossiers}, {files}, {size})."), **facts)
    else:
        say(mark("{path}: FHIR R4 as documents ({dossiers}, {files}, {size})."), **facts)
    for sentence, content in content_sentences(outcome.counts):
        say(sentence, **content)
    if outcome.rows_left_out:
        say(_ROWS, count=outcome.rows_left_out)
