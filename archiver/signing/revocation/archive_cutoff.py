"""Whether a revocation source speaks of a certificate that had ended when the source was issued.

By itself it does not: an authority may drop a certificate from its lists once it has ended (RFC 5280, 5),
so its absence says nothing. It does where the source says that it keeps them: by ``expiredCertsOnCRL``
(X.509, 9.5.2.8) on a list, by the archive cutoff (RFC 6960, 4.4.4) in an OCSP response, or where the
response shows by ``CertHash`` that its author knows this very certificate (Common PKI, part 4, 3.1.2).
"""

from __future__ import annotations

from datetime import datetime

from asn1crypto import algos, core
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from archiver.signing.algorithms import digest_algorithm
from formats.digests import SHA1, SHA256, SHA384, SHA512

_EXPIRED_ON_LIST = x509.ObjectIdentifier("2.5.29.60")
_ARCHIVE_CUTOFF = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.6")
_CERT_HASH = x509.ObjectIdentifier("1.3.36.8.3.13")
_CERT_HASHES = (SHA1, SHA256, SHA384, SHA512)
"""Hash functions of ``CertHash`` that are taken: a certificate is named by it, and no more."""
KNOWN = frozenset({_EXPIRED_ON_LIST, _ARCHIVE_CUTOFF, _CERT_HASH})
"""Extensions that are understood here, critical or not."""


def speaks_of(certificate: x509.Certificate, issued: datetime, extensions: x509.Extensions) -> bool:
    """Say whether a source of ``issued`` with these ``extensions`` can tell that ``certificate`` is good.

    Raises:
        ValueError: when one of the extensions cannot be read.
    """
    end = certificate.not_valid_after_utc
    if issued <= end:
        return True
    for one in extensions:
        value = getattr(one.value, "value", b"")
        if one.oid in {_EXPIRED_ON_LIST, _ARCHIVE_CUTOFF}:
            if core.GeneralizedTime.load(value, strict=True).native <= end:
                return True
        elif one.oid == _CERT_HASH and _is_hash_of(value, certificate):
            return True
    return False


def _is_hash_of(value: bytes, certificate: x509.Certificate) -> bool:
    stated = algos.DigestInfo.load(value, strict=True)
    algorithm = digest_algorithm(stated["digest_algorithm"])
    if algorithm not in _CERT_HASHES:
        return False
    return bool(stated["digest"].native == algorithm.hash_value(certificate.public_bytes(Encoding.DER)))
