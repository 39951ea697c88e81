"""Certificates that issued one another: the way from a signer towards a root, and who is not on it.

Certificates are DER where they leave, and parsed (``asn1crypto``) where they come from a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.signing.loading import load_certificate


def load(certificate: bytes) -> Any:
    """Return the DER ``certificate`` parsed."""
    return x509.Certificate.load(certificate, strict=True)


def climb(certificate: Any, others: list[Any]) -> tuple[bytes, ...]:
    """Return the certificates inside that truly issued one another, from ``certificate`` upwards."""
    way = [load_certificate(certificate.dump())]
    inside = [load_certificate(one.dump()) for one in others]
    while len(way) <= len(inside):
        above = next((one for one in inside if one not in way and _issued(way[-1], one)), None)
        if above is None:
            break
        way.append(above)
    return tuple(one.public_bytes(Encoding.DER) for one in way)


def _issued(certificate: pyca_x509.Certificate, issuer: pyca_x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def bounds(way: Sequence[bytes]) -> tuple[datetime, datetime]:
    """Return when every certificate below the root is valid; a root is accepted by itself."""
    below = [load(one) for one in way[:-1] or way]
    return max(one.not_valid_before for one in below), min(one.not_valid_after for one in below)


def is_stranger(certificate: Any, way: list[Any], inside: list[Any]) -> bool:
    """Say whether ``certificate`` is not of the chain ``way`` (the root first).

    An authority issued twice (a cross certificate) may travel beside the one that
    was followed; so may those above an accepted one that is no root, and nobody
    vouches for the uppermost of them. A root may not differ from the accepted one.
    """
    if any(certificate.dump() == one.dump() for one in way):
        return False
    if way[0].subject != way[0].issuer and certificate.dump() in climb(way[0], inside):
        loaded = load_certificate(certificate.dump())
        return loaded.subject == loaded.issuer and not _issued(loaded, loaded)
    named = (one for one in way if certificate.subject == one.subject)
    again = any(certificate.public_key == one.public_key for one in named)
    return not again or certificate.subject == certificate.issuer
