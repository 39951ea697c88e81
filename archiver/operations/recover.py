"""Make recovery cards of a receiving key, and the key again from its cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from archiver import disk
from archiver.operations.make_keys import IDENTITY, RECIPIENT, require_absent, write_identity
from archiver.paper.recovery_card import RecoveryKit, print_kit
from archiver.sealing.age import HybridIdentity, read_identities
from archiver.sealing.age.keys import MAX_KEY_FILE
from archiver.sealing.errors import RecoveryRefused
from archiver.sealing.recovery.drill_register import note_kit
from archiver.sealing.recovery.recovery_set import CARDS, THRESHOLD, RecoverySet, split_identity
from formats.words import mark

Clock = Callable[[], datetime]
RESTORED = (IDENTITY, RECIPIENT)
"""The files that cards give back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KitRequest:
    """Which key, whose name stands on the cards, where the PDF goes, and how many cards of how many.

    ``register`` is the folder of the drill register.
    """

    identity: HybridIdentity = field(repr=False)
    owner: str
    target: Path
    register: Path
    threshold: int = THRESHOLD
    cards: int = CARDS


def make_kit(request: KitRequest, *, clock: Clock) -> RecoverySet:
    """Write the printable cards, readable by their owner only, and note the date.

    Raises:
        RecoveryRefused: for numbers of cards that make no sense.
        AlreadyExists, DiskFull, DiskFault: what the disk answered; nothing is replaced.
        KeyUnreadable: when the register is damaged; the cards are made then.
    """
    at = clock().replace(microsecond=0)
    made = split_identity(request.identity, threshold=request.threshold, cards=request.cards)
    with disk.write_aside(request.target, mode=disk.PRIVATE) as stream:
        print_kit(RecoveryKit(cards=made, owner=request.owner, made=at), stream)
    note_kit(request.register, made.key_id, at)
    return made


def restore_key(
    folder: Path,
    identity: HybridIdentity,
    *,
    passphrase: str | None,
    randomness: Callable[[int], bytes],
) -> str:
    """Write ``receiver.identity`` and ``receiver.recipient`` again, and return the recipient.

    Raises:
        AlreadyExists: when one of them is there; then none is written.
        KeyUnreadable: when the passphrase is empty or holds what is no character.
        DiskFull, DiskFault: what the disk answered.
    """
    require_absent(folder, RESTORED)
    recipient = str(identity.to_recipient())
    disk.make_private_folder(folder)
    write_identity(folder, identity, (), passphrase=passphrase, randomness=randomness)
    disk.write_text(folder / RECIPIENT, f"{recipient}\n")
    return recipient


def read_key(source: BinaryIO) -> tuple[HybridIdentity, str]:
    """Return the one post-quantum key in a file of keys, and its owner as the first comment names them.

    Raises:
        RecoveryRefused: when it holds several keys, or one of another kind.
        KeyUnreadable, LimitExceeded: when it cannot be read.
    """
    keys = read_identities(source)
    source.seek(0)
    lines = source.read(MAX_KEY_FILE).decode("utf-8").splitlines()
    if len(keys) != 1:
        raise RecoveryRefused(reason=mark("the file holds several keys"))
    (key,) = keys
    if not isinstance(key, HybridIdentity):
        raise RecoveryRefused(reason=mark("the key is not of the post-quantum kind"))
    comments = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    named = [comment for comment in comments if ":" not in comment and not comment.endswith(".")]
    return key, named[0] if named else ""
