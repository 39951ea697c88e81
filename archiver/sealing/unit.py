"""The sealed unit: one dossier as an AE-2 ZIP with exactly one stored member.

The member is the plain patient archive, itself a ZIP, so that names, counts
and dates are hidden and the key is derived once per dossier.
"""

from __future__ import annotations

import base64
import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from isal import isal_zlib

from archiver.sealing.age.wrapping import Randomness
from archiver.sealing.errors import UnitRefused
from archiver.sealing.keystream import STEP
from archiver.sealing.sealed import MEMBER, SealedUnit
from archiver.sealing.unit_zip import UnitEncrypter, UnitZip
from archiver.sealing.winzip_aes import SALT
from formats.target import Target, write_all
from formats.words import mark

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PATIENT_MEMBER = "PAT00001.ZIP"
"""The member of a patient's unit when the package does not number it otherwise."""
PASSPHRASE_BYTES = 32
"""Random bytes behind a unit's passphrase."""


def new_passphrase(randomness: Randomness) -> str:
    """Return 256 random bits as 43 base64url characters."""
    return base64.urlsafe_b64encode(randomness(PASSPHRASE_BYTES)).rstrip(b"=").decode("ascii")


def new_salt(randomness: Randomness) -> bytes:
    """Return the salt of one unit."""
    return randomness(SALT)


@contextmanager
def sealing_unit(
    target: Target, *, passphrase: str, salt: bytes, member: str = PATIENT_MEMBER
) -> Iterator[UnitSink]:
    """Open a sink whose content reaches ``target`` as a sealed unit; ``sealed`` tells its digests after.

    ``target`` is written once, front to back. When the block ends in an
    exception, the unit is left without its end and no reader takes it.

    Raises:
        UnitRefused: the member's name or the salt's size is not that of a unit.
        KeyUnreadable: the passphrase is empty or too long.
    """
    if not MEMBER.fullmatch(member):
        raise UnitRefused(reason=mark("its content has a name that no patient archive has"))
    if len(salt) != SALT:
        raise UnitRefused(reason=mark("its salt has a wrong size"))
    measured = _Measured(target)
    try:
        sink = UnitSink(measured, UnitEncrypter(passphrase, salt), member)
        yield sink
        sink.finish()
    finally:
        measured.cut()


class UnitSink:
    """Takes the plain archive, front to back."""

    def __init__(self, measured: _Measured, encrypter: UnitEncrypter, member: str) -> None:
        self._measured = measured
        self._encrypter = encrypter
        self._name = member
        self._size = 0
        self._sealed: SealedUnit | None = None
        self._zip = UnitZip(measured, encrypter)
        self._member = self._zip.open_member(member)
        self._buffered = io.BufferedWriter(self._member, STEP)

    def write(self, data: ReadableBuffer, /) -> int:
        """Take ``data``; small pieces are gathered, large ones pass without a copy."""
        self._size += self._buffered.write(data)
        return memoryview(data).nbytes

    def tell(self) -> int:
        """Return the bytes taken so far; there is no way back."""
        return self._size

    def flush(self) -> None:
        """Pass on what is gathered."""
        self._buffered.flush()

    def finish(self) -> None:
        """Write MAC, descriptor and directory."""
        self._buffered.close()
        self._zip.close()
        self._sealed = SealedUnit(
            member=self._name,
            size=self._measured.size,
            sha256=self._measured.digest.hexdigest(),
            crc32=self._measured.crc,
            plain_size=self._size,
            plain_sha256=self._encrypter.plain.hexdigest(),
        )

    @property
    def sealed(self) -> SealedUnit:
        """The finished unit.

        Raises:
            UnitRefused: the unit is not finished.
        """
        if self._sealed is None:
            raise UnitRefused(reason=mark("it is not finished"))
        return self._sealed


class _Measured:
    """Passes bytes on and measures them; offers no ``tell``, so that pyzipper never goes back."""

    def __init__(self, target: Target) -> None:
        self._target: Target | None = target
        self.size = 0
        self.crc = 0
        self.digest = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> int:
        if self._target is None:
            return len(data)
        self.digest.update(data)
        self.crc = isal_zlib.crc32(data, self.crc)
        write_all(self._target, data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Leave flushing to the owner of the target."""

    def cut(self) -> None:
        """Drop whatever pyzipper's objects still write when the garbage collector closes them."""
        self._target = None
