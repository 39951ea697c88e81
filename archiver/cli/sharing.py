"""What ``keys share`` does."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.console import note, progress, say
from archiver.cli.key_reading import keys_of
from archiver.cli.key_sources import KeySources
from archiver.cli.openers import openers_of
from archiver.cli.secrets import signer_passphrase
from archiver.operations.receive import ReceiveRequest
from archiver.operations.share import ShareRequest, share
from archiver.signing.keys import load_signer
from archiver.signing.trust import Trust
from formats.words import mark


@dataclass(frozen=True, kw_only=True, slots=True)
class Order:
    """The command line, understood."""

    package: Path
    target: Path
    keys: KeySources
    trust: Trust
    to: tuple[str, ...]
    new_passphrase_file: Path | None
    only: bool
    receiver: str
    signer: Path
    signer_passphrase_file: Path | None


def run(order: Order) -> None:
    """Make the new revision, and say what it is."""
    allowed = openers_of(order.to, order.new_passphrase_file)
    request = ShareRequest(
        opening=ReceiveRequest(package=order.package, identities=keys_of(order.keys), trust=order.trust),
        openers=allowed,
        signer=load_signer(order.signer, signer_passphrase(order.signer_passphrase_file)),
        target=order.target,
        only=order.only,
        receiver=order.receiver,
    )
    size = order.package.stat().st_size if order.package.is_file() else None
    with (
        progress(mark("Verifying"), total=size, unit="B") as checking,
        progress(mark("Copying")) as step,
    ):
        outcome = share(request, clock=now, randomness=secrets.token_bytes, checking=checking, progress=step)
    say(
        mark("{package}: revision {revision}, {units} sealed units unchanged, {size} bytes."),
        package=str(outcome.package),
        revision=outcome.manifest.revision,
        units=len(outcome.manifest.units),
        size=outcome.size,
    )
    if order.only:
        note(mark("Only these recipients open the new revision; the earlier one still opens for the others."))
