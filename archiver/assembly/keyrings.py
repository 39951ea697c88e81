"""Write the keyrings of a package: one for those with keys, one for those with a passphrase.

Both hold the same lines, so one commitment in the manifest stands for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from archiver import temporary_files
from archiver.package.build import PackageBuilder
from archiver.package.layout import KEYRING
from archiver.sealing.age import PassphraseRecipient, Randomness, Recipient
from archiver.sealing.age.scrypt import WORK_FACTOR
from archiver.sealing.errors import CommitmentMismatch, RecipientsRefused
from archiver.sealing.keyring import KeyringEntry, KeyringHeader, writing_keyring
from formats.digests import Digest
from formats.words import mark

MIN_PASSPHRASE = 12
"""Characters; a package lies with others for decades, who may try as often as they like."""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeyringRecipients:
    """Who may open: recipients' keys, a passphrase (empty for none), or both.

    ``work_factor`` is the logarithm of the cost of deriving a key from the passphrase.
    """

    recipients: Sequence[Recipient] = ()
    passphrase: str = field(default="", repr=False)
    work_factor: int = WORK_FACTOR

    def __post_init__(self) -> None:
        if self.passphrase and len(self.passphrase) < MIN_PASSPHRASE:
            raise RecipientsRefused(reason=mark("a passphrase of fewer than 12 characters can be guessed"))
        if not self.recipients and not self.passphrase:
            raise RecipientsRefused(reason=mark("there is none"))


def add_keyrings(
    builder: PackageBuilder,
    entries: Iterable[KeyringEntry],
    header: KeyringHeader,
    access: KeyringRecipients,
    *,
    folder: Path,
    randomness: Randomness,
    label: str = "",
) -> Digest:
    """Add a keyring per way of opening, and return the commitment they share.

    The first is ``keyring.age`` unless ``label`` says that others are there
    already; the passphrase has a keyring of its own: ``entries`` are read for each. ``folder`` is where
    the keyrings wait until they are whole.

    Raises:
        RecipientsRefused, UnsafeName, DiskFull, DiskFault.
    """
    commitments = set[Digest]()
    for name, recipients in _files(access, label):
        with temporary_files.spool(folder) as spooled:
            with writing_keyring(spooled, recipients, header=header, randomness=randomness) as keyring:
                for entry in entries:
                    keyring.add(entry)
            spooled.seek(0)
            builder.add_keyring(spooled, name)
            commitments.add(keyring.commitment)
    if len(commitments) != 1:
        raise CommitmentMismatch
    return commitments.pop()


def _files(access: KeyringRecipients, label: str) -> Iterator[tuple[str, Sequence[Recipient]]]:
    first = f"keyring-{label}.age" if label else KEYRING
    if access.recipients:
        yield first, access.recipients
    if access.passphrase:
        labels = "-".join(filter(None, (label, "passphrase")))
        name = f"keyring-{labels}.age" if access.recipients else first
        yield name, [PassphraseRecipient(passphrase=access.passphrase, work_factor=access.work_factor)]
