"""The hash functions evidence may rest on, by the names of ``hashlib`` and their object identifiers.

Weak ones are known too: an old record is read and then judged by the algorithm
policy, which says more than "unknown".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

from archiver.evidence.der import NULL, OBJECT, SEQUENCE, Element, encode, refuse
from formats.words import mark

DEFAULT = "sha256"
SUCCESSOR = "sha512"
"""What a hash-tree renewal moves to by default: SHA-2 with the longest digest (ETSI TS 119 312, table 1)."""

OIDS: dict[str, str] = {
    "md5": "1.2.840.113549.2.5",
    "sha1": "1.3.14.3.2.26",
    "sha224": "2.16.840.1.101.3.4.2.4",
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
    "sha3_256": "2.16.840.1.101.3.4.2.8",
    "sha3_384": "2.16.840.1.101.3.4.2.9",
    "sha3_512": "2.16.840.1.101.3.4.2.10",
}


def _encoded(oid: str) -> bytes:
    """Return the content of an object identifier (X.690, 8.19)."""
    first, second, *others = map(int, oid.split("."))
    written = bytearray()
    for arc in (40 * first + second, *others):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(0x80 | arc & 0x7F)
        written += bytes(reversed(groups))
    return bytes(written)


_BY_CONTENT = {_encoded(oid): name for name, oid in OIDS.items()}


def size(hash_name: str) -> int:
    """Return the length of a digest in bytes."""
    return hashlib.new(hash_name, usedforsecurity=False).digest_size


def digest(hash_name: str, *parts: bytes | memoryview) -> bytes:
    """Return the hash of ``parts``, one after the other."""
    state = hashlib.new(hash_name, usedforsecurity=False)
    for part in parts:
        state.update(part)
    return state.digest()


def node(hash_name: str, values: Iterable[bytes]) -> bytes:
    """Return an inner node: the hash of ``values`` in binary ascending order (RFC 4998, 4.2)."""
    return digest(hash_name, *sorted(values))


@cache
def identifier(hash_name: str, tag: int = SEQUENCE) -> bytes:
    """Return the AlgorithmIdentifier of a hash, without parameters (RFC 5754, section 2)."""
    return encode(tag, encode(OBJECT, _encoded(OIDS[hash_name])))


def named(element: Element) -> str:
    """Return which hash an AlgorithmIdentifier names; its parameters are absent or NULL.

    Raises:
        EvidenceUnreadable: when it is none of the known ones.
    """
    children = list(element.children())
    oid = children[0] if children else element
    name = _BY_CONTENT.get(bytes(oid.content)) if oid.tag == OBJECT else None
    if name is None or [bytes(one.whole) for one in children[1:]] not in ([], [NULL]):
        refuse(mark("it uses a hash function that is not known here"))
    return name
