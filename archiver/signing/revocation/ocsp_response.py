"""What an OCSP response states of a chain (RFC 6960, 3.2 and 4.2.2.2)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from archiver.signing.revocation.archive_cutoff import KNOWN, speaks_of
from archiver.signing.revocation.statement import ACCEPTED_HASHES, Statement

UNDATED = timedelta(days=1)
"""How long a response that names no next update counts."""


def of_response(data: bytes, chain: Sequence[x509.Certificate]) -> Statement | None:
    """Return what the response ``data`` (DER) states of ``chain``, or nothing when it counts for nothing.

    It counts when the issuer of the certificate it names signed it, or one that issuer
    authorised for OCSP.
    """
    try:
        found = ocsp.load_der_ocsp_response(data)
        if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        place = next((at for at in range(len(chain) - 1) if _names(found, chain[at], chain[at + 1])), None)
        if place is None or not _vouched_for(found, chain[place + 1]):
            return None
        status, date = found.certificate_status, found.revocation_time_utc
        end = found.next_update_utc or found.this_update_utc + UNDATED
        extensions = found.single_extensions
        in_time = speaks_of(chain[place], found.this_update_utc, extensions)
        if any(one.critical and one.oid not in KNOWN for one in extensions):
            return None
    except (ValueError, TypeError, x509.DuplicateExtension, x509.InvalidVersion, UnsupportedAlgorithm):
        return None
    reason = _reason(found)
    here = frozenset({place})
    if status is ocsp.OCSPCertStatus.UNKNOWN:
        return Statement(speaks_of=here, revoked={}, end=end, unknown=here)
    late = date is None and not in_time
    return Statement(
        speaks_of=frozenset() if late else here,
        revoked={} if date is None else {place: date},
        end=end,
        late=late,
        reasons={} if reason is None else {place: reason},
    )


def _reason(found: ocsp.OCSPResponse) -> x509.ReasonFlags | None:
    """Return why it was revoked; a reason that nobody knows is none, and the gravest."""
    try:
        return found.revocation_reason
    except ValueError:
        return None


def _names(found: ocsp.OCSPResponse, certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Say whether the response speaks of ``certificate`` (RFC 6960, 4.1.1: CertID)."""
    if found.serial_number != certificate.serial_number:
        return False
    asked = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, found.hash_algorithm).build()
    return (asked.issuer_name_hash, asked.issuer_key_hash) == (found.issuer_name_hash, found.issuer_key_hash)


def _vouched_for(found: ocsp.OCSPResponse, issuer: x509.Certificate) -> bool:
    """Say whether the issuer signed the response, or one it authorised (RFC 6960, 4.2.2.2)."""
    inside = list(found.certificates)
    delegates = [one for one in inside if _is_delegate(one, issuer, found)]
    # nothing but the chain may come along: it would mean nothing
    if any(one != issuer and one not in delegates for one in inside):
        return False
    return any(_made(found, one) for one in (issuer, *delegates))


def _is_delegate(one: x509.Certificate, issuer: x509.Certificate, found: ocsp.OCSPResponse) -> bool:
    try:
        one.verify_directly_issued_by(issuer)
        purposes = one.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (InvalidSignature, ValueError, TypeError, x509.ExtensionNotFound):
        return False
    in_time = one.not_valid_before_utc <= found.produced_at_utc <= one.not_valid_after_utc
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes and in_time


def _made(found: ocsp.OCSPResponse, by: x509.Certificate) -> bool:
    key, digest = by.public_key(), found.signature_hash_algorithm
    if not isinstance(digest, ACCEPTED_HASHES):
        return False
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(found.signature, found.tbs_response_bytes, padding.PKCS1v15(), digest)
            return True
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(found.signature, found.tbs_response_bytes, ec.ECDSA(digest))
            return True
    except InvalidSignature:
        return False
    return False
