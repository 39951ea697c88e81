"""Certificates that issued one another: the way from a signer towards a root, and who is not on it.

Certificates are DER where they leave, and parsed (``asn1crypto``) where they come from a signature.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.signing.certificates.loading import load_certificate
from archiver.signing.certificates.reading import has_issued, may_have_issued
from archiver.signing.encoding import encoding_of
from formats.errors import LimitExceeded
from formats.words import mark

MAX_COMMON_NAME = 64
"""Bytes of a common name: RFC 5280 (appendix A.1, ub-common-name) counts characters, libraries their UTF-8."""
ROOT_SUFFIX = ", root"
"""What follows the holder's name in the name of a root made for one certificate."""
MAX_KEY_CERTIFICATES = 256
"""Certificates beside one signing key, in its file or on its device; a path has three or four."""


def parse_certificate(certificate: bytes) -> Any:
    """Return the DER ``certificate`` parsed."""
    return x509.Certificate.load(certificate, strict=True)


def issuers_of(certificate: Any, others: list[Any]) -> tuple[bytes, ...]:
    """Return the certificates inside that truly issued one another, from ``certificate`` upwards."""
    certification_path = [load_certificate(encoding_of(certificate))]
    inside = [load_certificate(encoding_of(one)) for one in others]
    while len(certification_path) <= len(inside):
        above = next(
            (
                one
                for one in inside
                if one not in certification_path and has_issued(one, certification_path[-1])
            ),
            None,
        )
        if above is None:
            break
        certification_path.append(above)
    return tuple(one.public_bytes(Encoding.DER) for one in certification_path)


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


def vouches_for_one(certification_path: Sequence[bytes]) -> bool:
    """Say whether the root of ``certification_path`` (DER, root last) can vouch for this signer and for nobody else.

    It is the signer's own certificate; or it issued the signer's itself, may issue no authority, and bears
    the signer's own name with ``, root`` behind it: whatever else it issued would be of the same holder.
    """
    leaf, root = parse_certificate(certification_path[0]), parse_certificate(certification_path[-1])
    if len(certification_path) == 1:
        return bool(leaf.subject == leaf.issuer)
    below, above = _attributes(leaf), _attributes(root)
    names = below.pop("common_name", ""), above.pop("common_name", "")
    return (
        len(certification_path) == 2
        and root.max_path_length == 0
        and below == above
        and root_name(names[0]) == names[1]
    )


def root_name(common_name: str) -> str:
    """Return the common name of the root made for the holder of ``common_name`` alone."""
    max_name = MAX_COMMON_NAME - len(ROOT_SUFFIX)
    return common_name.encode("utf-8")[:max_name].decode("utf-8", "ignore") + ROOT_SUFFIX


def _attributes(certificate: Any) -> dict[str, str]:
    """Return the subject of a parsed certificate; nothing of one that names a thing twice, or in no text."""
    parts = [one for relative in certificate.subject.chosen for one in relative]
    try:
        found = {str(one["type"].native): str(one["value"].native) for one in parts}
    except (ValueError, TypeError):
        return {}
    return found if len(found) == len(parts) else {}


def validity_of_path(certification_path: Sequence[bytes]) -> tuple[datetime, datetime]:
    """Return when every certificate below the root is valid; a root is accepted by itself."""
    below = [parse_certificate(one) for one in certification_path[:-1] or certification_path]
    return max(one.not_valid_before for one in below), min(one.not_valid_after for one in below)


def is_unrelated(certificate: Any, certification_path: list[Any], inside: list[Any]) -> bool:
    """Say whether ``certificate`` is not of the chain ``certification_path`` (the root first).

    An authority issued twice (a cross certificate) may travel beside the one that
    was followed; so may those above an accepted one that is no root, and nobody
    vouches for the uppermost of them. A root may not differ from the accepted one.
    """
    if any(encoding_of(certificate) == encoding_of(one) for one in certification_path):
        return False
    if certification_path[0].subject != certification_path[0].issuer and encoding_of(
        certificate
    ) in issuers_of(certification_path[0], inside):
        loaded = load_certificate(encoding_of(certificate))
        return loaded.subject == loaded.issuer and not has_issued(loaded, loaded)
    named = (one for one in certification_path if certificate.subject == one.subject)
    again = any(certificate.public_key == one.public_key for one in named)
    return not again or certificate.subject == certificate.issuer
