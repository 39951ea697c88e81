"""What ``inspect`` does, and what every command that opens a package begins with."""

from __future__ import annotations

from pathlib import Path

from archiver.cli.options.accepted_signers import AcceptedSigners, note_doubt, read_accepted
from archiver.cli.options.key_files import keys_of
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.trust import OpeningOptions
from archiver.cli.run.exports.situation import show_situation
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.verify import show_sources
from archiver.cli.terminal.console import note, progress, say, show_json, show_table
from archiver.examination.examine import length_of
from archiver.handover.opening import OpenRequest, open_handover
from archiver.handover.practice_terms import stated_terms
from archiver.operations.documents.inspection import inspected_json, patient_rows
from archiver.operations.documents.outcomes import findings_json
from archiver.scope.rosters.roster_agreement import agreement_sentences
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
        stated = stated_terms(received)
    findings = note_doubt(received.doubt, opening.trust, received.verdict.trusted)
    if output.as_json:
        show_json({**inspected_json(received, stated), "findings": findings_json(findings)})
        return
    rows = patient_rows(received)
    heading = (mark("family name"), mark("given name"), mark("born"))
    show_table(
        rows,
        heading=(mark("number"), *heading, mark("acts"), mark("documents"), mark("images"), mark("unit")),
    )
    say(plural("{count} patient.", "{count} patients."), count=len(rows))
    show_situation(stated.terms, stated.left_out)
    for sentence, facts in agreement_sentences(stated.agreement) if stated.agreement else ():
        say(sentence, **facts)
    for volume in received.volumes:
        show_sources(volume.package.verdict)
    note(mark("This is the sender's list, as the keyring holds it: no dossier was opened."))
