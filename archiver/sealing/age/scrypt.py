"""The passphrase recipient type (age, "The scrypt recipient type"; RFC 7914)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from archiver.sealing.age import unpadded
from archiver.sealing.age.header import Stanza
from archiver.sealing.age.parts import AgePart, age_failure
from archiver.sealing.age.wrapping import Randomness, Strength, of_kind, open_key, seal_key
from archiver.sealing.passphrase import passphrase_bytes
from formats.errors import LimitExceeded
from formats.words import mark

KIND = "scrypt"
SALT = 16
"""Bytes of the salt."""
WORK_FACTOR = 18
"""Base-two logarithm of the cost when writing: 256 MiB and about a second, as stock age."""
MAX_WORK_FACTOR = 20
"""The largest accepted when reading: 1 GiB; the stock JavaScript reader stops there too."""

_LABEL = b"age-encryption.org/v1/scrypt"
_DECIMAL = re.compile(r"[1-9][0-9]*")


def _wrap_key(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    kdf = Scrypt(salt=_LABEL + salt, length=32, n=1 << work_factor, r=8, p=1)
    return kdf.derive(passphrase_bytes(passphrase))


@dataclass(frozen=True, kw_only=True, slots=True)
class PassphraseRecipient:
    """Whoever knows the passphrase; always the only recipient of a file."""

    strength: ClassVar[Strength] = Strength.PASSPHRASE
    passphrase: str = field(repr=False)
    work_factor: int = WORK_FACTOR

    def __post_init__(self) -> None:
        passphrase_bytes(self.passphrase)
        if not 1 <= self.work_factor <= MAX_WORK_FACTOR:
            raise _too_much(self.work_factor)

    def wrap(self, file_key: bytes, randomness: Randomness) -> Stanza:
        """Wrap ``file_key`` under the passphrase and a fresh salt."""
        salt = randomness(SALT)
        key = _wrap_key(self.passphrase, salt, self.work_factor)
        return Stanza(
            arguments=(KIND, unpadded.encode_unpadded(salt), str(self.work_factor)),
            body=seal_key(key, file_key),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class PassphraseIdentity:
    """The passphrase, for opening."""

    passphrase: str = field(repr=False)

    def __post_init__(self) -> None:
        passphrase_bytes(self.passphrase)

    def unwrap(self, stanzas: Sequence[Stanza]) -> bytes | None:
        """Return the file key when the passphrase is the right one.

        Raises:
            SealBroken: the stanza is malformed.
            LimitExceeded: its cost is beyond :data:`MAX_WORK_FACTOR`.
        """
        for stanza in of_kind(stanzas, KIND, arguments=3):
            salt, work_factor = unpadded.decode_unpadded(stanza.arguments[1]), _judged(stanza.arguments[2])
            if len(salt) != SALT:
                raise age_failure(AgePart.HEADER, mark("the salt of the passphrase has a wrong size"))
            if file_key := open_key(_wrap_key(self.passphrase, salt, work_factor), stanza.body):
                return file_key
        return None


def only_passphrase(stanzas: Sequence[Stanza]) -> bool:
    """Say whether a passphrase, and nothing else, opens a file with these ``stanzas``.

    Raises:
        SealBroken: the stanza is malformed.
        LimitExceeded: its cost is beyond :data:`MAX_WORK_FACTOR`.
    """
    locks = of_kind(stanzas, KIND, arguments=3)
    for lock in locks:
        _judged(lock.arguments[2])
    return len(locks) == len(stanzas) == 1


def _judged(text: str) -> int:
    if not _DECIMAL.fullmatch(text):
        raise age_failure(AgePart.HEADER, mark("the work factor of the passphrase is malformed"))
    # compared by length first: a number of a hundred thousand digits must cost nothing
    work_factor = int(text) if len(text) <= len(str(MAX_WORK_FACTOR)) else 10 ** len(str(MAX_WORK_FACTOR))
    if work_factor > MAX_WORK_FACTOR:
        raise _too_much(work_factor)
    return work_factor


def _too_much(found: int) -> LimitExceeded:
    name = mark("the work factor of the passphrase")
    return LimitExceeded(where=AgePart.HEADER.value, name=name, found=found, limit=MAX_WORK_FACTOR)
