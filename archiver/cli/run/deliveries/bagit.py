"""What ``deliver --as bagit`` does."""

from __future__ import annotations

from archiver.cli.clock import now
from archiver.cli.exits import SUCCESS
from archiver.cli.options.delivery.delivery import DeliveryOptions
from archiver.cli.options.output import OutputOptions
from archiver.cli.run.deliveries.sealed_source import bytes_of, findings_of, sealed_source
from archiver.cli.run.dossiers.source import SourceOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import progress, say, show_findings, show_json
from archiver.errors import AlreadyExists
from archiver.nouns import FILES
from archiver.operations.deliveries.bag import BagRequest, bag
from archiver.operations.documents.outcomes import findings_json
from formats.words import BYTES, Counted, mark


def run(source: SourceOptions, options: DeliveryOptions, output: OutputOptions, _own: None) -> int:
    """Write the bag, and say what it holds; return the exit status.

    Raises:
        AlreadyExists: when something lies at the target.
        SayHow: when the source is a practice store.
    """
    if options.to.exists():
        raise AlreadyExists(path=str(options.to))
    whom = sealed_source(source)
    request = BagRequest(package=source.path, target=options.to, trust=whom.trust, first_use=whom.first_use)
    with findings_report(output.report) as fill:
        with progress(mark("Writing"), total=bytes_of(source), unit="B") as step:
            outcome = bag(request, clock=now, progress=step)
        findings = findings_of(outcome.verdict, whom)
        fill(findings)
    if output.as_json:
        document = {
            "bagged": 1,
            "path": str(options.to),
            "package": outcome.package,
            "files": outcome.files,
            "size": outcome.size,
        }
        show_json({**document, "findings": findings_json(findings)})
    else:
        say(
            mark("{path}: bag with {files}, {size}."),
            path=str(options.to),
            files=Counted(outcome.files, FILES),
            size=Counted(outcome.size, BYTES),
        )
        say(mark("archiver verify examines the package in it; any BagIt tool compares its digests."))
        show_findings(findings)
    return SUCCESS
