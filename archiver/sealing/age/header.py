"""The textual header of an age file: its stanzas and the MAC over them (age, "Header")."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from archiver.sealing.age import unpadded
from archiver.sealing.age.parts import AgePart, age_failure
from formats.errors import LimitExceeded
from formats.words import mark

MAX_HEADER = 256 * 1024
"""Bytes of a whole header; 64 hybrid stanzas need about 105,000."""
MAX_STANZAS = 64
"""Recipients of one file; each costs every reader a key agreement."""
COLUMNS = 64
"""Characters of a full line of a stanza's body."""

VERSION = b"age-encryption.org/v1\n"
FAMILY = b"age-encryption.org/"
_END = re.compile(rb"--- ([A-Za-z0-9+/]{43})\n")
_START = re.compile(rb"-> [\x21-\x7e]+(?: [\x21-\x7e]+)*\n")
_BODY = re.compile(rb"[A-Za-z0-9+/]{0,64}\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Stanza:
    """The file key wrapped for one recipient; ``arguments[0]`` names the kind."""

    arguments: tuple[str, ...]
    body: bytes

    def encode(self) -> bytes:
        """Return the stanza's lines; the last is shorter than 64 columns, and may be empty."""
        text = unpadded.encode_unpadded(self.body)
        lines = ["-> " + " ".join(self.arguments)]
        lines += [text[at : at + COLUMNS] for at in range(0, len(text) + 1, COLUMNS)]
        return "".join(f"{line}\n" for line in lines).encode("ascii")


@dataclass(frozen=True, kw_only=True, slots=True)
class AgeHeader:
    """A header whose form is right; :func:`authenticate` tells whether it is genuine."""

    stanzas: tuple[Stanza, ...]
    mac: bytes

    def encode(self) -> bytes:
        """Return the header's bytes, the same as were read."""
        return signed_part(self.stanzas) + f" {unpadded.encode_unpadded(self.mac)}\n".encode("ascii")


def signed_part(stanzas: tuple[Stanza, ...]) -> bytes:
    """Return the bytes the MAC covers: the header up to and including ``---``."""
    return VERSION + b"".join(stanza.encode() for stanza in stanzas) + b"---"


def hkdf_sha256(file_key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Return 32 bytes of HKDF-SHA-256 (RFC 5869)."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=info).derive(file_key)


def bind_header(stanzas: tuple[Stanza, ...], file_key: bytes) -> AgeHeader:
    """Return the header that binds ``stanzas`` to ``file_key``."""
    key = hkdf_sha256(file_key, salt=b"", info=b"header")
    return AgeHeader(stanzas=stanzas, mac=hmac.digest(key, signed_part(stanzas), "sha256"))


def authenticate(header: AgeHeader, file_key: bytes) -> None:
    """Check the MAC.

    Raises:
        SealBroken: the header was changed after it was made.
    """
    if not hmac.compare_digest(bind_header(header.stanzas, file_key).mac, header.mac):
        raise age_failure(AgePart.MAC, mark("the header was changed"))


def read_age_header(source: BinaryIO, first: bytes = b"") -> AgeHeader:
    """Read a header and leave ``source`` at the first byte of the payload.

    ``first`` is the version line when the caller has read it already.

    Raises:
        SealBroken: anything the grammar of age v1 does not allow.
        LimitExceeded: too many stanzas or bytes.
    """
    lines = _Lines(source)
    version = first or lines.take()
    if version != VERSION:
        known = version.startswith(FAMILY)
        reason = mark("it is of another age version than 1") if known else mark("it is not an age file")
        raise age_failure(AgePart.HEADER, reason)
    stanzas: list[Stanza] = []
    while not (end := _END.fullmatch(line := lines.take())):
        if len(stanzas) == MAX_STANZAS:
            raise _too_much(mark("the number of age recipients"), MAX_STANZAS + 1, MAX_STANZAS)
        stanzas.append(_stanza(line, lines))
    if not stanzas:
        raise age_failure(AgePart.HEADER, mark("it names no recipient"))
    return AgeHeader(stanzas=tuple(stanzas), mac=unpadded.decode_unpadded(end[1].decode("ascii")))


class _Lines:
    """The lines of a header, counted against :data:`MAX_HEADER`."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source
        self._left = MAX_HEADER

    def take(self) -> bytes:
        line = self._source.readline(self._left + 1)
        if len(line) > self._left:
            raise _too_much(mark("the size of the age header in bytes"), MAX_HEADER + 1, MAX_HEADER)
        self._left -= len(line)
        if not line.endswith(b"\n"):
            raise age_failure(AgePart.HEADER, mark("it is cut short"))
        return line


def _stanza(start: bytes, lines: _Lines) -> Stanza:
    if not _START.fullmatch(start):
        raise age_failure(AgePart.HEADER, mark("a line is neither a recipient nor the end"))
    body = bytearray()
    while True:
        line = lines.take()
        if not _BODY.fullmatch(line):
            raise age_failure(AgePart.HEADER, mark("a recipient's body is malformed"))
        body += line[:-1]
        if len(line) <= COLUMNS:
            break
    arguments = start[3:-1].decode("ascii").split(" ")
    return Stanza(arguments=tuple(arguments), body=unpadded.decode_unpadded(body.decode("ascii")))


def _too_much(name: str, found: int, limit: int) -> LimitExceeded:
    return LimitExceeded(where=AgePart.HEADER.value, name=name, found=found, limit=limit)
