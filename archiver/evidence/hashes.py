"""Hash functions as evidence records name them, and the inner nodes of hash trees (RFC 4998, 4.2 and 5.1).

Weak ones are known too: an old record is read and then judged by the algorithm
policy, which says more than "unknown".
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from asn1crypto import core

from archiver.evidence.der import NULL, OBJECT, SEQUENCE, EvidenceElement, refuse
from archiver.signing.encoding import encode_element
from formats.digests import ALGORITHMS, SHA512, DigestAlgorithm
from formats.words import mark

SUCCESSOR = SHA512
"""What a hash-tree renewal moves to by default: SHA-2 with the longest digest (ETSI TS 119 312, table 1)."""
_BY_CONTENT = {core.ObjectIdentifier(one.oid).contents: one for one in ALGORITHMS.values()}
"""By the content of the identifier: one that is spelled in another way than X.690, 8.19 is not known."""


def node(algorithm: DigestAlgorithm, values: Iterable[bytes]) -> bytes:
    """Return an inner node: the hash of ``values`` in binary ascending order (RFC 4998, 4.2)."""
    return algorithm.hash_value(*sorted(values))


@cache
def hash_identifier(algorithm: DigestAlgorithm, tag: int = SEQUENCE) -> bytes:
    """Return the AlgorithmIdentifier of a hash, without parameters (RFC 5754, section 2)."""
    return encode_element(tag, encode_element(OBJECT, core.ObjectIdentifier(algorithm.oid).contents))


def algorithm_in(element: EvidenceElement) -> DigestAlgorithm:
    """Return which hash an AlgorithmIdentifier names; of a known one the parameters are absent or NULL.

    Nothing is proven with one that is not known.

    Raises:
        EvidenceUnreadable: when it is no AlgorithmIdentifier.
    """
    children = list(element.children())
    oid = children[0] if children else element
    if oid.tag != OBJECT or not oid.content:
        refuse(mark("a part of it is of another kind than it should be"))
    algorithm = _BY_CONTENT.get(bytes(oid.content))
    if algorithm is None:
        dotted = str(core.ObjectIdentifier.load(bytes(oid.whole)).dotted)
        return DigestAlgorithm(dotted, dotted)
    if [bytes(one.whole) for one in children[1:]] not in ([], [NULL]):
        refuse(mark("a part of it is of another kind than it should be"))
    return algorithm
