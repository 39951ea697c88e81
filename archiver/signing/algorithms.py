"""The algorithms a signature, a token or a certificate rests on, named as policies list them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from formats.digests import DigestAlgorithm, algorithm_of

_RSA = "1.2.840.113549.1.1.1"
_RSA_WITH = {
    "md5": "1.2.840.113549.1.1.4",
    "sha1": "1.2.840.113549.1.1.5",
    "sha224": "1.2.840.113549.1.1.14",
    "sha256": "1.2.840.113549.1.1.11",
    "sha384": "1.2.840.113549.1.1.12",
    "sha512": "1.2.840.113549.1.1.13",
    "sha3_256": "2.16.840.1.101.3.4.3.14",
    "sha3_384": "2.16.840.1.101.3.4.3.15",
    "sha3_512": "2.16.840.1.101.3.4.3.16",
}
"""CMS may name RSA alone, the digest beside it (RFC 3370, 3.2); policies list the pair (RFC 8017, A.2.4)."""
_SIZED = frozenset({"rsa", "rsassa_pss", "ec", "dsa"})
"""Kinds of keys that come in several lengths under one identifier."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Use:
    """One algorithm something rests on: its object identifier, its name, and the key's length in bits.

    ``bits`` is 0 where there is no key: for a hash function, or a curve by its name.
    """

    oid: str
    name: str
    bits: int = 0

    @property
    def text(self) -> str:
        """The name as people read it, with the length of the key."""
        return f"{self.name} ({self.bits})" if self.bits else self.name


def use_of(algorithm: DigestAlgorithm) -> Use:
    """Return the use of a hash function."""
    return Use(oid=algorithm.oid, name=algorithm.name)


def digest_algorithm(identifier: Any) -> DigestAlgorithm:
    """Return the hash function that ``identifier`` (a parsed AlgorithmIdentifier) names, known here or not."""
    named = identifier["algorithm"]
    return algorithm_of(named.dotted, named.native)


def uses_of(signer: Any, certification_path: Sequence[Any]) -> tuple[Use, ...]:
    """Return what the SignerInfo ``signer`` and every certificate of ``certification_path`` below the root rest on.

    ``certification_path`` begins with the certificate that signed and ends with a root, or is that certificate alone.
    """
    return tuple(dict.fromkeys(_uses(signer, certification_path)))


def _uses(signer: Any, certification_path: Sequence[Any]) -> Iterator[Use]:
    hashed = digest_algorithm(signer["digest_algorithm"])
    yield use_of(hashed)
    yield from _signature(signer["signature_algorithm"], hashed.name, certification_path[0].public_key)
    for certificate, issuer in pairwise(certification_path):
        yield from _signature(certificate["signature_algorithm"], "", issuer.public_key)


def _signature(algorithm: Any, hashed: str, key: Any) -> Iterator[Use]:
    oid, name = algorithm["algorithm"].dotted, algorithm["algorithm"].native
    if oid == _RSA:
        oid, name = _RSA_WITH.get(hashed, oid), f"{hashed}_rsa"
    if name == "rsassa_pss":
        yield use_of(digest_algorithm(algorithm["parameters"]["hash_algorithm"]))
    yield Use(oid=oid, name=name, bits=key.bit_size if key.algorithm in _SIZED else 0)
    if key.algorithm == "ec":
        curve = key["algorithm"]["parameters"].chosen
        yield Use(oid=curve.dotted, name=curve.native)
