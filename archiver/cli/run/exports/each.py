"""What ``export`` does in a situation that seals a package for each person."""

from __future__ import annotations

import secrets

from archiver.assembly.request import ExportRequest
from archiver.cli.clock import now
from archiver.cli.run.exports.situation import show_situation
from archiver.cli.terminal.console import note, progress, say, show_findings, show_json
from archiver.cli.terminal.language import language
from archiver.operations.documents.exports import exported_each_json
from archiver.operations.splitting.export_each import EachOutcome, export_each
from archiver.practice.store import PracticeStore
from formats.words import mark, plural


def seal_each(store: PracticeStore, request: ExportRequest) -> EachOutcome:
    """Seal a package for each person into a new folder, with the list of claims."""
    with progress(mark("Sealing"), total=len(request.patients)) as step:
        return export_each(
            store, request, language=language(), clock=now, randomness=secrets.token_bytes, progress=step
        )


def show_each(outcome: EachOutcome, *, as_json: bool) -> None:
    """Say which packages were made, and what is to be done with the list."""
    if as_json:
        show_json(exported_each_json(outcome))
        return
    say(
        plural(
            "{folder}: {count} package, one for each person.",
            "{folder}: {count} packages, one for each person.",
        ),
        folder=str(outcome.folder),
        count=len(outcome.packages),
    )
    show_situation(outcome.terms, outcome.redactions)
    show_findings(outcome.findings)
    say(mark("List of claims, to fill in: {path}"), path=str(outcome.claims))
    if any(one.passphrase for one in outcome.packages):
        note(mark("It holds the passphrase of each package: give it by another way than the package."))
    note(mark("The list says whose each package is: nobody but those who answer claims may have it."))
