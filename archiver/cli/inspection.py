"""What ``inspect`` does, and what every command that opens a package begins with."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.acceptance import Accepted, accepted, note_opened
from archiver.cli.console import note, progress, say, show_json, show_table
from archiver.cli.findings_report import findings_report
from archiver.cli.key_reading import keys_of
from archiver.cli.key_sources import KeySources
from archiver.cli.output_options import OutputOptions
from archiver.cli.shapes import findings_json
from archiver.cli.trust_options import OpeningOptions
from archiver.operations.examine import length_of
from archiver.operations.handed_over import OpenRequest, open_everything
from formats.names import comparable
from formats.words import mark, plural


def opening_of(package: Path, keys: KeySources, trust: OpeningOptions) -> OpenRequest:
    """Return what to read, with the keys from where they are, and whom to accept."""
    whom = accepted(trust)
    if keys.cards:
        refuse_unaccepted(package, whom)
    return OpenRequest(package=package, identities=keys_of(keys), trust=whom.trust, first_use=whom.first_use)


def refuse_unaccepted(package: Path, whom: Accepted) -> None:
    """Refuse what would be refused anyway for want of anybody accepted, before somebody types a hundred words.

    Raises:
        Failure: as ``open_everything``, SignerUntrusted at the latest.
    """
    if not (whom.trust.stated or whom.first_use.accepts):
        open_everything(OpenRequest(package=package, identities=(), trust=whom.trust))


def inspect(opening: OpenRequest, output: OutputOptions) -> None:
    """List who is in a package."""
    with (
        findings_report(output.report) as fill,
        progress(mark("Verifying"), total=length_of(opening.package, opening.trust), unit="B") as step,
    ):
        handed = open_everything(opening, progress=step)
        fill(opening.trust.given.ignored())
    findings = note_opened(handed.doubt, opening.trust, handed.verdict.trusted)
    entries = [entry for _, entry in handed.entries()]
    if output.as_json:
        listed = [
            {"unit": one.unit, "patient": dict(one.patient or {}) or None, "counts": dict(one.counts)}
            for one in entries
        ]
        told = {"inspected": 1, "package": handed.identifier, "read": False, "units": listed}
        show_json({**told, "findings": findings_json(findings)})
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
