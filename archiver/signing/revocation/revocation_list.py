"""What a revocation list states of a chain (RFC 5280, 5 and 6.3)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from archiver.signing.certificates.loading import load_list
from archiver.signing.revocation.archive_cutoff import KNOWN, speaks_of
from archiver.signing.revocation.statement import ACCEPTED_HASHES, Statement


def of_list(data: bytes, chain: Sequence[x509.Certificate]) -> Statement | None:
    """Return what the list ``data`` (DER) states of ``chain``, or nothing when it counts for nothing.

    The list counts when a certificate of the chain signed it; deltas, indirect lists and
    lists for some reasons only do not.
    """
    try:
        found = load_list(data)
        issuer = _issuerof_list(found, chain)
        scope = None if issuer is None else _scope(found)
        in_time = [speaks_of(one, found.last_update_utc, found.extensions) for one in chain]
    except (ValueError, TypeError, x509.DuplicateExtension):
        return None
    if issuer is None or scope is None or found.next_update_utc is None:
        return None
    concerned = [
        place
        for place, (below, above) in enumerate(pairwise(chain))
        if above == chain[issuer] and scope[_is_authority(below)]
    ]
    entries = {place: found.get_revoked_certificate_by_serial_number(chain[place].serial_number)
               for place in concerned}  # fmt: skip
    revoked = {place: one.revocation_date_utc for place, one in entries.items() if one is not None}
    spoken_of = frozenset(place for place in concerned if place in revoked or in_time[place])
    return Statement(
        speaks_of=spoken_of,
        revoked=revoked,
        end=found.next_update_utc,
        late=bool(concerned) and not spoken_of,
    )


def _issuerof_list(found: x509.CertificateRevocationList, chain: Sequence[x509.Certificate]) -> int | None:
    """Return the place of the certificate that signed the list."""
    if not isinstance(found.signature_hash_algorithm, ACCEPTED_HASHES):
        return None
    for place, one in enumerate(chain):
        key = one.public_key()
        if one.subject != found.issuer or not _may_sign_lists(one):
            continue
        if isinstance(key, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) and found.is_signature_valid(key):
            return place
    return None


def _may_sign_lists(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _scope(found: x509.CertificateRevocationList) -> dict[bool, bool] | None:
    """Return whether the list speaks of authorities (``True``) and of others, or nothing if it is partial."""
    scope = {True: True, False: True}
    for extension in found.extensions:
        value = extension.value
        if isinstance(value, x509.IssuingDistributionPoint):
            if value.indirect_crl or value.only_some_reasons or value.only_contains_attribute_certs:
                return None
            scope = {True: not value.only_contains_user_certs, False: not value.only_contains_ca_certs}
        elif isinstance(value, x509.DeltaCRLIndicator) or (extension.critical and extension.oid not in KNOWN):
            return None
    return scope


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False
