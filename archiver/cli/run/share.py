"""What ``keys share`` does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.options.accepted_signers import note_doubt
from archiver.cli.options.keys import KeySources
from archiver.cli.options.output import OutputOptions
from archiver.cli.options.recipients import recipients_of
from archiver.cli.options.signers import signatures_of
from archiver.cli.options.signing import SigningOptions
from archiver.cli.options.trust import ResigningOptions
from archiver.cli.run.findings_report import findings_report
from archiver.cli.run.inspect import opening_of
from archiver.cli.terminal.console import note, progress, say, show_json
from archiver.nouns import SEALED_UNITS
from archiver.operations.documents.outcomes import shared_json
from archiver.operations.share import ShareRequest, share
from formats.words import BYTES, Counted, mark, plural


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareOrder:
    """The command line, understood."""

    package: Path
    target: Path
    keys: KeySources
    trust: ResigningOptions
    to: tuple[str, ...]
    new_passphrase_file: Path | None
    only: bool
    receiver: str
    signing: SigningOptions


def run(order: ShareOrder, output: OutputOptions) -> None:
    """Make the new revision, and say what it is."""
    allowed = recipients_of(order.to, order.new_passphrase_file)
    opening = opening_of(order.package, order.keys, order.trust)
    signatures = signatures_of(order.signing, opening.trust)
    request = ShareRequest(
        opening=opening,
        access=allowed,
        signer=signatures.signer,
        co_signer=signatures.co_signer,
        stamp=signatures.stamp,
        sources=signatures.sources,
        target=order.target,
        only=order.only,
        receiver=order.receiver,
    )
    size = order.package.stat().st_size if order.package.is_file() else None
    with (
        findings_report(output.report) as fill,
        progress(mark("Verifying"), total=size, unit="B") as checking,
        progress(mark("Copying")) as step,
    ):
        outcome = share(request, clock=now, randomness=secrets.token_bytes, checking=checking, progress=step)
        fill(request.opening.trust.supplied.ignored())
    findings = note_doubt(outcome.doubt, request.opening.trust, outcome.trusted)
    if output.as_json:
        show_json(shared_json(outcome, findings))
        return
    say(
        mark("{package}: revision {revision}, {units}, unchanged, {size}."),
        package=str(outcome.package),
        revision=outcome.manifest.revision,
        units=Counted(len(outcome.manifest.units), SEALED_UNITS),
        size=Counted(outcome.size, BYTES),
    )
    if outcome.destroyed:
        note(
            plural(
                "{count} unit of it was lawfully destroyed before: it stays named, with the statement that says so.",
                "{count} units of it were lawfully destroyed before: they stay named, with the statement that says so.",
            ),
            count=len(outcome.destroyed),
        )
    if order.only:
        note(mark("Only these recipients open the new revision; the earlier one still opens for the others."))
