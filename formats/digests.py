"""Digest algorithms, the digests of bytes under them, and how a digest is written and read.

There are as many digests as a package has members, up to 500,000: both types are tuples, which are made and
compared in little time. Two digests are equal when algorithm and value are; a digest equals no text and no bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from formats.regular_files import open_regular

if TYPE_CHECKING:
    from hashlib import _Hash

BUFFER = 1 << 20
"""Bytes read at a time; large enough that calls cost nothing, small enough to stay in cache."""
_HEX = re.compile(r"[0-9a-f]+")


class DigestMalformed(ValueError):
    """A text that is no digest under the algorithm it is said to be of."""


class DigestAlgorithm(NamedTuple):
    """Hash function: its name in ``hashlib``, object identifier, bytes of a digest, and URI in XML (RFC 9231, 2.1).

    One that is not known here has no ``size``: a digest under it is compared, and never computed.
    """

    name: str
    oid: str
    size: int = 0
    uri: str = ""

    @property
    def known(self) -> bool:
        """Whether digests under it can be computed here."""
        return self.size > 0

    def new(self) -> _Hash:
        """Return a hash object."""
        return hashlib.new(self.name, usedforsecurity=False)

    def hash_value(self, *parts: bytes | memoryview) -> bytes:
        """Return the hash value of ``parts``, one after the other."""
        state = self.new()
        for part in parts:
            state.update(part)
        return state.digest()


_DSIG, _XENC = "http://www.w3.org/2000/09/xmldsig#", "http://www.w3.org/2001/04/xmlenc#"
_DSIG_2001 = "http://www.w3.org/2001/04/xmldsig-more#"
_DSIG_2007 = "http://www.w3.org/2007/05/xmldsig-more#"
SHA1 = DigestAlgorithm("sha1", "1.3.14.3.2.26", 20, f"{_DSIG}sha1")
SHA256 = DigestAlgorithm("sha256", "2.16.840.1.101.3.4.2.1", 32, f"{_XENC}sha256")
SHA384 = DigestAlgorithm("sha384", "2.16.840.1.101.3.4.2.2", 48, f"{_DSIG_2001}sha384")
SHA512 = DigestAlgorithm("sha512", "2.16.840.1.101.3.4.2.3", 64, f"{_XENC}sha512")
ALGORITHMS = {
    one.name: one
    for one in (
        DigestAlgorithm("md5", "1.2.840.113549.2.5", 16, f"{_DSIG_2001}md5"),
        SHA1,
        DigestAlgorithm("sha224", "2.16.840.1.101.3.4.2.4", 28, f"{_DSIG_2001}sha224"),
        SHA256,
        SHA384,
        SHA512,
        DigestAlgorithm("sha3_256", "2.16.840.1.101.3.4.2.8", 32, f"{_DSIG_2007}sha3-256"),
        DigestAlgorithm("sha3_384", "2.16.840.1.101.3.4.2.9", 48, f"{_DSIG_2007}sha3-384"),
        DigestAlgorithm("sha3_512", "2.16.840.1.101.3.4.2.10", 64, f"{_DSIG_2007}sha3-512"),
    )
}
"""All that are known, by their names; weak ones too: a policy says until when each is relied on."""
_BY_OID = {one.oid: one for one in ALGORITHMS.values()}


def algorithm_of(oid: str, name: str) -> DigestAlgorithm:
    """Return the algorithm with the object identifier ``oid``; one that is not known here is called ``name``."""
    return _BY_OID.get(oid) or DigestAlgorithm(name, oid)


class Digest(NamedTuple):
    """Digest of some bytes: under which algorithm, and its value.

    Text from outside is read by ``from_hex`` and ``from_base64``, which raise ``DigestMalformed`` unless it has
    the one form, and the length that the algorithm gives.
    """

    algorithm: DigestAlgorithm
    value: bytes

    @classmethod
    def of(cls, *parts: bytes | memoryview, algorithm: DigestAlgorithm = SHA256) -> Digest:
        """Return the digest of ``parts``, one after the other."""
        return cls(algorithm, algorithm.hash_value(*parts))

    @classmethod
    def from_hex(cls, text: str, algorithm: DigestAlgorithm = SHA256) -> Digest:
        """Return the digest that ``text`` is in lower-case hexadecimal."""
        if len(text) != 2 * algorithm.size or not _HEX.fullmatch(text):
            raise DigestMalformed(text)
        return cls(algorithm, bytes.fromhex(text))

    @classmethod
    def from_base64(cls, text: str, algorithm: DigestAlgorithm = SHA256) -> Digest:
        """Return the digest that ``text`` is in base64 with padding, without a line break (RFC 4648, 4)."""
        try:
            value = binascii.a2b_base64(text, strict_mode=True)
        except ValueError as fault:
            raise DigestMalformed(text) from fault
        if len(value) != algorithm.size or not algorithm.known:
            raise DigestMalformed(text)
        return cls(algorithm, value)

    @property
    def hex(self) -> str:
        """The value in lower-case hexadecimal."""
        return self.value.hex()

    @property
    def base64(self) -> str:
        """The value in base64 with padding."""
        return base64.b64encode(self.value).decode("ascii")


def chunks(stream: BinaryIO, size: int = BUFFER) -> Iterator[bytes]:
    """Yield what is left in ``stream`` in pieces of at most ``size`` bytes."""
    while piece := stream.read(size):
        yield piece


def digest_of_stream(stream: BinaryIO) -> tuple[Digest, int]:
    """Return the SHA-256 of what is left in ``stream``, and its length in bytes."""
    state = hashlib.sha256()
    length = 0
    for piece in chunks(stream):
        state.update(piece)
        length += len(piece)
    return Digest(SHA256, state.digest()), length


def digest_of_file(path: Path) -> tuple[Digest, int]:
    """Return the SHA-256 of the file at ``path``, and its length in bytes."""
    with open_regular(path) as stream:
        return digest_of_stream(stream)
