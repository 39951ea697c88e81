"""The algorithms a signature, a token or a certificate rests on, named as policies list them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

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


DIGEST_OIDS: dict[str, str] = {
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
"""Object identifiers of hash functions by the names of ``hashlib``; weak ones too: a policy says until when."""


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


def uses_of(signer: Any, certification_path: Sequence[Any]) -> tuple[Use, ...]:
    """Return what the SignerInfo ``signer`` and every certificate of ``certification_path`` below the root rest on.

    ``certification_path`` begins with the certificate that signed and ends with a root, or is that certificate alone.
    """
    return tuple(dict.fromkeys(_uses(signer, certification_path)))


def _uses(signer: Any, certification_path: Sequence[Any]) -> Iterator[Use]:
    digest = signer["digest_algorithm"]["algorithm"]
    yield Use(oid=digest.dotted, name=digest.native)
    yield from _signature(signer["signature_algorithm"], digest.native, certification_path[0].public_key)
    for certificate, issuer in pairwise(certification_path):
        yield from _signature(certificate["signature_algorithm"], "", issuer.public_key)


def _signature(algorithm: Any, digest: str, key: Any) -> Iterator[Use]:
    oid, name = algorithm["algorithm"].dotted, algorithm["algorithm"].native
    if oid == _RSA:
        oid, name = _RSA_WITH.get(digest, oid), f"{digest}_rsa"
    if name == "rsassa_pss":
        inner = algorithm["parameters"]["hash_algorithm"]["algorithm"]
        yield Use(oid=inner.dotted, name=inner.native)
    yield Use(oid=oid, name=name, bits=key.bit_size if key.algorithm in _SIZED else 0)
    if key.algorithm == "ec":
        curve = key["algorithm"]["parameters"].chosen
        yield Use(oid=curve.dotted, name=curve.native)
