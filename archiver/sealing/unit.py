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
from archiver.sealing.keystream import STEP, Keystream
from archiver.sealing.sealed import MEMBER, SealedUnit
from archiver.sealing.winzip_aes import SALT, UnitKeys, derive, truncated_mac
from formats.digests import SHA256, Digest
from formats.target import Target, write_all
from formats.words import mark
from formats.zip.headers import (
    ZIP64_VERSION,
    StatedSizes,
    central_header,
    data_descriptor,
    end_records,
    local_header,
)
from formats.zip.profile import AE2_STORED, AES_FIELD, EPOCH, UNIT
from formats.zip.records import AES, DESCRIPTOR_FOLLOWS, ENCRYPTED, FIELD, UNIX

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

PATIENT_MEMBER = "PAT00001.ZIP"
"""The member of a patient's unit when the package does not number it otherwise."""
VERSION_NEEDED = 51
"""ZIP 5.1: AES encryption (APPNOTE 4.4.3.2); implies ZIP64."""
MADE_BY = (UNIX << 8) | VERSION_NEEDED
"""The system a member says it comes from is the same wherever it is made (APPNOTE 4.4.2.2)."""
ATTRIBUTES = 0o600 << 16
"""External attributes: a file its owner may read and write."""
_AES = FIELD.pack(AES_FIELD, len(AE2_STORED)) + AE2_STORED

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
        sink = UnitSink(measured, derive(passphrase, salt), salt, member)
        yield sink
        sink.finish()
    finally:
        measured.cut()


class UnitSink:
    """Takes the plain archive, front to back."""

    def __init__(self, measured: _Measured, keys: UnitKeys, salt: bytes, member: str) -> None:
        self._measured = measured
        self._name = member
        self._size = 0
        self._sealed: SealedUnit | None = None
        # Sizes are unknown yet; the ZIP64 field says that the descriptor has 64-bit ones (4.3.9.2).
        measured.write(local_header(self._stated(0), zip64=(0, 0), extra=_AES))
        measured.write(salt + keys.verifier)
        self._ciphertext = Ciphertext(measured, keys)
        self._buffered = io.BufferedWriter(self._ciphertext, STEP)

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
        self._buffered.flush()
        measured, member = self._measured, self._stated(self._size)
        measured.write(truncated_mac(self._ciphertext.mac))
        measured.write(data_descriptor(member, zip64=True))
        start = measured.size
        entry = central_header(member, made_by=MADE_BY, attributes=ATTRIBUTES, offset=0, extra=_AES)
        measured.write(entry)
        measured.write(end_records(1, start, len(entry), made_by=ZIP64_VERSION))
        self._sealed = SealedUnit(
            member=self._name,
            size=measured.size,
            digest=Digest(SHA256, measured.state.digest()),
            crc32=measured.crc,
            plain_size=self._size,
            plain_digest=Digest(SHA256, self._ciphertext.plain.digest()),
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

    def _stated(self, size: int) -> StatedSizes:
        """Return what the headers state; AE-2 keeps no CRC-32."""
        name, flags = self._name.encode("ascii"), ENCRYPTED | DESCRIPTOR_FOLLOWS
        return StatedSizes(name, VERSION_NEEDED, flags, AES, 0, EPOCH, 0, size + UNIT.overhead, size)


class Ciphertext(io.RawIOBase):
    """Encrypts what is written to it, and hashes it before and after; ``size`` is how many bytes it was."""

    def __init__(self, target: Target, keys: UnitKeys) -> None:
        self._target = target
        self._keystream = Keystream(keys.cipher)
        self.mac = keys.new_mac()
        self.plain = hashlib.sha256()
        self.size = 0

    def writable(self) -> bool:
        """Say that this stream can be written."""
        return True

    def write(self, data: ReadableBuffer, /) -> int:
        """Encrypt ``data``, and pass it on in pieces of at most :data:`STEP`."""
        view = memoryview(data).cast("B")
        for start in range(0, len(view), STEP):
            piece = view[start : start + STEP]
            self.plain.update(piece)
            sealed = self._keystream.apply(piece)
            self.mac.update(sealed)
            self._target.write(sealed)
        self.size += len(view)
        return len(view)


class _Measured:
    """Passes bytes on and measures them."""

    def __init__(self, target: Target) -> None:
        self._target: Target | None = target
        self.size = 0
        self.crc = 0
        self.state = hashlib.sha256()

    def write(self, data: bytes | memoryview) -> None:
        if self._target is None:
            return
        self.state.update(data)
        self.crc = isal_zlib.crc32(data, self.crc)
        write_all(self._target, data)
        self.size += len(data)

    def cut(self) -> None:
        """Drop what the sink still holds: the garbage collector makes its buffer write that."""
        self._target = None
