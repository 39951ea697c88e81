"""Certificates that issued one another: the way from a signer towards a root, and who is not on it.

Certificates are DER where they leave, and parsed (``asn1crypto``) where they come from a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.signing.certificates import has_issued, may_have_issued
from archiver.signing.loading import load_certificate
from formats.errors import LimitExceeded
from formats.words import mark

MAX_KEY_CERTIFICATES = 256
"""Certificates beside one signing key, in its file or on its device; a path has three or four."""


def load(certificate: bytes) -> Any:
    """Return the DER ``certificate`` parsed."""
    return x509.Certificate.load(certificate, strict=True)


def climb(certificate: Any, others: list[Any]) -> tuple[bytes, ...]:
    """Return the certificates inside that truly issued one another, from ``certificate`` upwards."""
    way = [load_certificate(certificate.dump())]
    inside = [load_certificate(one.dump()) for one in others]
    while len(way) <= len(inside):
        above = next((one for one in inside if one not in way and has_issued(one, way[-1])), None)
        if above is None:
            break
        way.append(above)
    return tuple(one.public_bytes(Encoding.DER) for one in way)


def path_above(certificate: bytes, others: Sequence[bytes]) -> tuple[bytes, ...]:
    """Return the certification path above a DER ``certificate``, found among ``others`` in whatever order.

    The shortest one that ends in a self-signed certificate; without any, the one that goes farthest.

    Raises:
        LimitExceeded: when there are more certificates than any key file holds.
    """
    found = tuple(dict.fromkeys(one for one in others if one != certificate))
    if len(found) > MAX_KEY_CERTIFICATES:
        name = mark("the number of certificates")
        raise LimitExceeded(name=name, found=len(found), limit=MAX_KEY_CERTIFICATES)
    loaded = {one: load_certificate(one) for one in (certificate, *found)}
    paths: list[tuple[bytes, ...]] = [(certificate,)]
    seen = {certificate}
    for path in paths:
        if may_have_issued(loaded[path[-1]], loaded[path[-1]]):
            return path[1:]
        above = [one for one in found if one not in seen and may_have_issued(loaded[one], loaded[path[-1]])]
        seen.update(above)
        paths += [(*path, one) for one in above]
    return paths[-1][1:]


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
        return loaded.subject == loaded.issuer and not has_issued(loaded, loaded)
    named = (one for one in way if certificate.subject == one.subject)
    again = any(certificate.public_key == one.public_key for one in named)
    return not again or certificate.subject == certificate.issuer
