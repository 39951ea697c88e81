"""What ``deliver --as seda`` does."""

from __future__ import annotations

from archiver.cli.clock import now
from archiver.cli.exits import SUCCESS
from archiver.cli.options.delivery.delivery import DeliveryOptions, SedaOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.deliveries.sealed_source import bytes_of, findings_of, sealed_source
from archiver.cli.run.dossiers.source import SourceOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.cli.terminal.usage_errors import SayHow
from archiver.delivery.sealed.transfer_terms import read_transfer_terms
from archiver.errors import AlreadyExists
from archiver.nouns import FILES, SEALED_UNITS
from archiver.operations.deliveries.transfer import TransferOutcome, TransferRequest, transfer
from archiver.operations.documents.outcomes import findings_json
from archiver.package.checks.check_set import is_set
from formats.seda.codes import NOT_STATED
from formats.words import BYTES, Counted, mark, plural


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, own: SedaOptions) -> int:
    """Write the SIP, and say what it holds; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target.
        SayHow: when the source is a practice store or a set.
    """
    if options.to.exists():
        raise AlreadyExists(path=str(options.to))
    whom = sealed_source(source)
    if is_set(source.path):
        raise SayHow(mark("A transfer is of one package: name each volume of the set"))
    request = TransferRequest(
        package=source.path,
        target=options.to,
        trust=whom.trust,
        first_use=whom.first_use,
        terms=read_transfer_terms(own.transfer_terms) if own.transfer_terms else {},
    )
    with findings_report(output.report) as fill:
        with progress(mark("Writing"), total=bytes_of(source), unit="B") as step:
            outcome = transfer(request, clock=now, progress=step)
        findings = findings_of(outcome.verdict, whom)
        fill(findings)
    if output.as_json:
        document = {
            "transferred": 1,
            "path": str(options.to),
            "package": outcome.transfer.package,
            "message": outcome.transfer.identifier,
            "files": outcome.files,
            "units": outcome.units,
            "without_term": outcome.without_term,
            "on_hold": outcome.on_hold,
            "size": outcome.size,
        }
        show_json({**document, "findings": findings_json(findings)})
    else:
        _show(outcome, options)
        show_findings(findings)
    return SUCCESS


def _show(outcome: TransferOutcome, options: DeliveryOptions) -> None:
    say(
        mark("{path}: SEDA 2.3 transfer ({files}, {units}, {size})."),
        path=str(options.to),
        files=Counted(outcome.files, FILES),
        units=Counted(outcome.units, SEALED_UNITS),
        size=Counted(outcome.size, BYTES),
    )
    if outcome.without_term:
        say(
            plural(
                "{count} sealed unit has no term: it has no appraisal rule, and is kept.",
                "{count} sealed units have no term: they have no appraisal rule, and are kept.",
            ),
            count=outcome.without_term,
        )
    if outcome.on_hold:
        say(
            plural(
                "{count} sealed unit is on hold: a hold rule says so.",
                "{count} sealed units are on hold: a hold rule says so.",
            ),
            count=outcome.on_hold,
        )
    terms = outcome.transfer.terms
    rules = terms.rules
    say(
        mark("The archive must know the rules {appraisal} ({years} years), {access} and {hold}."),
        appraisal=rules.appraisal,
        years=rules.appraisal_years,
        access=rules.access,
        hold=rules.hold,
    )
    if not terms.agreement or terms.archival_agency.identifier == NOT_STATED:
        note(mark("The archive's agreement or its name is not stated: --transfer-terms."))
