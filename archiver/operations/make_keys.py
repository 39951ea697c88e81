"""Make what a person needs to take part: a key that signs, and an identity that receives.

1. ``signer.p12`` (private) and ``roots.pem``: the certificate others accept.
2. ``receiver.identity`` (private, post-quantum hybrid) and ``receiver.recipient``: what senders seal for.

One passphrase protects both private files, each in its own standard's way. Nothing is ever replaced: a
lost identity is a lost archive.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from archiver import disk
from archiver.errors import AlreadyExists
from archiver.sealing.age import HybridIdentity, encrypt_identities, identity_file
from archiver.signing.keys.key_file import ROOTS, SIGNER, KeySigner, SignerName, make_signer, write_signer
from formats.words import LANGUAGES, mark, translate

IDENTITY = "receiver.identity"
RECIPIENT = "receiver.recipient"
FILES = (SIGNER, ROOTS, IDENTITY, RECIPIENT)
SEED_BYTES = 32
"""A hybrid identity grows from 32 random bytes (age, mlkem768x25519)."""

WARNING = mark("Secret. Whoever has this file can read every archive sealed for it; without it nobody can.")


@dataclass(frozen=True, kw_only=True, slots=True)
class MadeKeys:
    """Where the files lie, the fingerprint others compare, and the text senders seal for."""

    folder: Path
    signer: KeySigner
    recipient: str


def make_keys(
    folder: Path,
    name: SignerName,
    *,
    passphrase: str | None,
    clock: Callable[[], datetime],
    randomness: Callable[[int], bytes],
) -> MadeKeys:
    """Make the four files in ``folder``, which is made if it is not there; ``None`` is no passphrase.

    Raises:
        AlreadyExists: when one of them is there; then none is written.
        KeyUnreadable: when the name does not fit in a certificate, or the passphrase is none.
    """
    require_absent(folder, FILES)
    signer = make_signer(name, at=clock().replace(microsecond=0), random=randomness)
    identity = HybridIdentity(seed=randomness(SEED_BYTES))
    recipient = str(identity.to_recipient())
    with _all_or_none(folder):
        write_signer(folder, signer, passphrase)
        write_identity(folder, identity, [name.name], passphrase=passphrase, randomness=randomness)
        disk.write_text(folder / RECIPIENT, f"# {name.name}\n{recipient}\n")
    return MadeKeys(folder=folder, signer=signer, recipient=recipient)


def require_absent(folder: Path, names: Sequence[str]) -> None:
    """Refuse to replace one of the files ``names``.

    Raises:
        AlreadyExists: when it is there.
    """
    for name in names:
        if (folder / name).exists():
            raise AlreadyExists(path=str(folder / name))


def write_identity(
    folder: Path,
    identity: HybridIdentity,
    comments: Sequence[str],
    *,
    passphrase: str | None,
    randomness: Callable[[int], bytes],
) -> None:
    """Write ``receiver.identity`` for the owner alone, under ``passphrase`` if there is one.

    Raises:
        AlreadyExists: when it is there.
        KeyUnreadable: when the passphrase is empty or holds what is no character.
        DiskFull, DiskFault: what the disk answered.
    """
    warnings = [translate(WARNING, language, "archiver") for language in LANGUAGES]
    text = identity_file([identity], comments=[*comments, *warnings])
    data = text.encode("utf-8")
    if passphrase is not None:
        data = encrypt_identities(text, passphrase, randomness=randomness)
    with disk.write_aside(folder / IDENTITY, mode=disk.PRIVATE) as stream:
        stream.write(data)


@contextmanager
def _all_or_none(folder: Path) -> Iterator[None]:
    """Make the folder; when the block fails, take back what it made."""
    there = folder.exists()
    disk.make_private_folder(folder)
    try:
        yield
    except AlreadyExists:  # somebody else makes keys here at this moment: they are theirs
        raise
    except BaseException:
        for file in FILES:
            disk.remove(folder / file)
        if not there:
            disk.remove_empty_folder(folder)
        raise
