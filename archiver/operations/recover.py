"""Make recovery cards of a receiving key, and the key again from its cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.operations.make_keys import IDENTITY, RECIPIENT, WARNING
from archiver.paper.recovery_card import RecoveryKit, print_kit
from archiver.sealing.age import HybridIdentity, identity_file, read_identities
from archiver.sealing.age.keys import MAX_KEY_FILE
from archiver.sealing.drill_register import note_kit
from archiver.sealing.errors import RecoveryRefused
from archiver.sealing.recovery import CARDS, THRESHOLD, RecoverySet, split_identity
from formats.regular_files import open_regular
from formats.words import LANGUAGES, mark, translate

Clock = Callable[[], datetime]


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
    with disk.written_aside(request.target, mode=disk.PRIVATE) as stream:
        print_kit(RecoveryKit(cards=made, owner=request.owner, made=at), stream)
    note_kit(request.register, made.key_id, at)
    return made


def restore_key(folder: Path, identity: HybridIdentity) -> str:
    """Write ``receiver.identity`` and ``receiver.recipient`` again, and return the recipient.

    Raises:
        AlreadyExists: when one of them is there; then none is written.
        DiskFull, DiskFault: what the disk answered.
    """
    for file in (IDENTITY, RECIPIENT):
        if (folder / file).exists():
            raise AlreadyExists(path=str(folder / file))
    recipient = str(identity.to_recipient())
    disk.make_private_folder(folder)
    comments = [translate(WARNING, language, "archiver") for language in LANGUAGES]
    disk.write_text(folder / IDENTITY, identity_file([identity], comments=comments), mode=disk.PRIVATE)
    disk.write_text(folder / RECIPIENT, f"{recipient}\n")
    return recipient


def read_key(path: Path) -> tuple[HybridIdentity, str]:
    """Return the one post-quantum key in the file at ``path``, and its owner as the first comment names them.

    Raises:
        RecoveryRefused: when it holds several keys, or one of another kind.
        KeyUnreadable, LimitExceeded, DiskFault: when it cannot be read.
    """
    with disk.told(), open_regular(path) as stream:
        keys = read_identities(stream)
        stream.seek(0)
        lines = stream.read(MAX_KEY_FILE).decode("utf-8").splitlines()
    if len(keys) != 1:
        raise RecoveryRefused(where=str(path), reason=mark("the file holds several keys"))
    (key,) = keys
    if not isinstance(key, HybridIdentity):
        raise RecoveryRefused(where=str(path), reason=mark("the key is not of the post-quantum kind"))
    comments = [line.removeprefix("#").strip() for line in lines if line.startswith("#")]
    named = [comment for comment in comments if ":" not in comment and not comment.endswith(".")]
    return key, named[0] if named else ""
