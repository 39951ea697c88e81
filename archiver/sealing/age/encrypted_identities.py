"""Identity files under a passphrase, as ``age -p`` makes them of what ``age-keygen`` wrote: age files themselves."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from archiver.errors import KeyUnreadable
from archiver.sealing.age.armor import BEGIN
from archiver.sealing.age.file import decrypting, encrypt, read_stanzas
from archiver.sealing.age.header import FAMILY
from archiver.sealing.age.keys import MAX_KEY_FILE
from archiver.sealing.age.scrypt import PassphraseIdentity, PassphraseRecipient, only_passphrase
from archiver.sealing.age.wrapping import Randomness
from archiver.sealing.errors import SealBroken
from archiver.sealing.passphrase import spellings
from formats.errors import LimitExceeded
from formats.words import mark


def encrypt_identities(text: str, passphrase: str, *, randomness: Randomness) -> bytes:
    """Return the identity file ``text`` under ``passphrase``, in the binary form, which needs no other tool.

    Raises:
        KeyUnreadable: the passphrase is empty, or holds what is no character.
    """
    target = io.BytesIO()
    recipient = PassphraseRecipient(passphrase=passphrase)
    encrypt(io.BytesIO(text.encode("utf-8")), target, [recipient], randomness=randomness)
    return target.getvalue()


def are_encrypted(source: BinaryIO) -> bool:
    """Say whether the identity file, at whose start ``source`` is and stays, is under a passphrase.

    Its header is read, so that nobody is asked for a passphrase in vain.

    Raises:
        KeyUnreadable: it is an age file, but damaged, or for something else than a passphrase.
        LimitExceeded: its header, or the work factor of its passphrase, is beyond a limit.
    """
    first = source.read(max(len(FAMILY), len(BEGIN)))
    source.seek(0)
    if not first.startswith((FAMILY, BEGIN)):
        return False
    with _of_the_whole_file():
        if not only_passphrase(read_stanzas(source)):
            raise KeyUnreadable(reason=mark("it is encrypted, but not under a passphrase alone"))
    source.seek(0)
    return True


def decrypt_identities(source: BinaryIO, passphrase: str) -> BinaryIO:
    """Return the identity file that was encrypted, to be read from its start.

    Of one longer than any file of keys so much comes as shows that it is. The passphrase may have been
    written otherwise on another system.

    Raises:
        WrongPassphrase: it is another one.
        KeyUnreadable: the file is damaged.
        LimitExceeded: it goes past a limit of age files.
    """
    identities = [PassphraseIdentity(passphrase=one) for one in spellings(passphrase)]
    with _of_the_whole_file():
        return io.BytesIO(decrypting(source, identities).read(MAX_KEY_FILE + 1))


@contextmanager
def _of_the_whole_file() -> Iterator[None]:
    """Say what fails in the block of the file and not of a part of it, which nobody looks for in a file of keys."""
    try:
        yield
    except SealBroken as fault:
        raise KeyUnreadable(reason=mark("it is damaged")) from fault
    except LimitExceeded as fault:
        fault.where = ""
        raise
