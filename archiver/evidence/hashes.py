"""The hash functions evidence may rest on, by the names of ``hashlib`` and their object identifiers.

Weak ones are known too: an old record is read and then judged by the algorithm
policy, which says more than "unknown".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache

from asn1crypto import core

from archiver.evidence.der import NULL, OBJECT, SEQUENCE, EvidenceElement, encode_element, refuse
from archiver.signing.algorithms import DIGEST_OIDS
from formats.words import mark

DEFAULT = "sha256"
SUCCESSOR = "sha512"
"""What a hash-tree renewal moves to by default: SHA-2 with the longest digest (ETSI TS 119 312, table 1)."""

OIDS = DIGEST_OIDS


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


def digest_size(hash_name: str) -> int:
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
def hash_identifier(hash_name: str, tag: int = SEQUENCE) -> bytes:
    """Return the AlgorithmIdentifier of a hash, without parameters (RFC 5754, section 2)."""
    return encode_element(tag, encode_element(OBJECT, _encoded(OIDS[hash_name])))


def hash_name_of(element: EvidenceElement) -> str:
    """Return which hash an AlgorithmIdentifier names; of a known one the parameters are absent or NULL.

    One that is not known here is named by its object identifier, and nothing is proven with it.

    Raises:
        EvidenceUnreadable: when it is no AlgorithmIdentifier.
    """
    children = list(element.children())
    oid = children[0] if children else element
    if oid.tag != OBJECT or not oid.content:
        refuse(mark("a part of it is of another kind than it should be"))
    name = _BY_CONTENT.get(bytes(oid.content))
    if name is None:
        return str(core.ObjectIdentifier.load(bytes(oid.whole)).dotted)
    if [bytes(one.whole) for one in children[1:]] not in ([], [NULL]):
        refuse(mark("a part of it is of another kind than it should be"))
    return name
