"""What ``keys share`` does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from archiver.cli.acceptance import note_opened
from archiver.cli.clock import now
from archiver.cli.console import note, progress, say, show_json
from archiver.cli.findings_report import findings_report
from archiver.cli.inspection import opening_of
from archiver.cli.key_sources import KeySources
from archiver.cli.openers import openers_of
from archiver.cli.output_options import OutputOptions
from archiver.cli.shapes import shared_json
from archiver.cli.signers import signatures_of
from archiver.cli.signing_options import SigningOptions
from archiver.cli.trust_options import ResigningOptions
from archiver.nouns import SEALED_UNITS
from archiver.operations.share import ShareRequest, share
from formats.words import BYTES, Counted, mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
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


def run(order: Order, output: OutputOptions) -> None:
    """Make the new revision, and say what it is."""
    allowed = openers_of(order.to, order.new_passphrase_file)
    opening = opening_of(order.package, order.keys, order.trust)
    signatures = signatures_of(order.signing, opening.trust)
    request = ShareRequest(
        opening=opening,
        openers=allowed,
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
        fill(request.opening.trust.given.ignored())
    findings = note_opened(outcome.doubt, request.opening.trust, outcome.trusted)
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
    if order.only:
        note(mark("Only these recipients open the new revision; the earlier one still opens for the others."))
