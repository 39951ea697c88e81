"""What ``inspect`` does, and what every command that opens a package begins with."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.options.accepted_signers import AcceptedSigners, note_doubt, read_accepted
from archiver.cli.options.key_files import keys_of
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.terminal.console import note, progress, say, show_json, show_table
from archiver.cli.terminal.json_documents import findings_json
from archiver.examination.examine import length_of
from archiver.handover.opening import OpenRequest, open_handover
from formats.names import comparable
from formats.words import mark, plural


def opening_of(package: Path, keys: KeySources, trust: OpeningOptions) -> OpenRequest:
    """Return what to read, with the keys from where they are, and whom to accept."""
    whom = read_accepted(trust)
    if keys.cards:
        refuse_unaccepted(package, whom)
    return OpenRequest(package=package, identities=keys_of(keys), trust=whom.trust, first_use=whom.first_use)


def refuse_unaccepted(package: Path, whom: AcceptedSigners) -> None:
    """Refuse what would be refused anyway for want of anybody accepted, before somebody types a hundred words.

    Raises:
        Failure: as ``open_handover``, SignerUntrusted at the latest.
    """
    if not (whom.trust.stated or whom.first_use.accepts):
        open_handover(OpenRequest(package=package, identities=(), trust=whom.trust))


def inspect(opening: OpenRequest, output: OutputOptions) -> None:
    """List who is in a package."""
    with (
        findings_report(output.report) as fill,
        progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as step,
    ):
        received = open_handover(opening, progress=step)
        fill(opening.trust.supplied.ignored())
    findings = note_doubt(received.doubt, opening.trust, received.verdict.trusted)
    entries = (entry for _, entry in received.entries())
    if output.as_json:
        listed = [
            {"unit": one.unit, "patient": dict(one.patient or {}) or None, "counts": dict(one.counts)}
            for one in entries
        ]
        document = {"inspected": 1, "package": received.identifier, "read": False, "units": listed}
        show_json({**document, "findings": findings_json(findings)})
        return
    rows = [
        (
            one.patient.get("number", ""),
            one.patient.get("family", ""),
            one.patient.get("given", ""),
            one.patient.get("birth_date", ""),
            one.counts.get("acts", 0),
            one.counts.get("documents", 0),
            one.counts.get("image_files", 0) + one.counts.get("image_studies", 0),
            one.unit,
        )
        for one in entries
        if one.patient
    ]
    heading = (mark("family name"), mark("given name"), mark("born"))
    rows.sort(key=lambda row: (*map(comparable, row[1:3]), row[3]))
    show_table(
        rows,
        heading=(mark("number"), *heading, mark("acts"), mark("documents"), mark("images"), mark("unit")),
    )
    say(plural("{count} patient.", "{count} patients."), count=len(rows))
    note(mark("This is the sender's list, as the keyring holds it: no dossier was opened."))
