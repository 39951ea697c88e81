"""Whether whoever leaves can open the package too: asked, or said on the command line."""

from __future__ import annotations

import sys
from pathlib import Path

from archiver.cli.terminal.console import note
from archiver.cli.terminal.language import localize
from archiver.cli.terminal.prompts import ask_yes_or_no
from archiver.cli.terminal.usage_errors import SayHow
from archiver.scope.situations import SITUATIONS, SituationCode
from archiver.signing.keys.device_address import is_device_address
from formats.words import mark

RECIPIENT = "receiver.recipient"
"""The public key that ``keys new`` makes beside the one that signs."""


def with_own_key(
    to: tuple[str, ...], signer: str, situation: SituationCode | None, *, wanted: bool | None
) -> tuple[str, ...]:
    """Return ``to`` with the key of whoever signs, where they want it or answer so.

    Raises:
        SayHow: when it is wanted and does not lie beside the signing key.
    """
    own = None if is_device_address(signer) else Path(signer).with_name(RECIPIENT)
    if wanted is False or (own is not None and str(own) in map(str, map(Path, to))):
        return to
    there = own is not None and own.is_file()
    if wanted:
        if not there:
            raise SayHow(
                localize(mark("No receiver.recipient lies beside the signing key: name it with --to"))
            )
        return (*to, str(own))
    if situation is None or not SITUATIONS[situation].leaver or not there:
        return to
    if not sys.stdin.isatty():
        note(mark("Your own key does not open the package; --open-with-own-key lets it."))
        return to
    wished = ask_yes_or_no(
        localize(mark("Shall your own key open the package too (yes or no)")), default="no"
    )
    return (*to, str(own)) if wished else to
