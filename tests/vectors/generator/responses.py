"""OCSP responses written by hand (RFC 6960, 4.2.1): any status, any extension of the one answer inside."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.vectors.generator.cms import ECDSA
from tests.vectors.generator.der import explicit, general_time, integer, octets, oid, seq, tlv
from tests.vectors.generator.people import END, REVOKED, Person, root

SHA1 = "1.3.14.3.2.26"
SHA256 = "2.16.840.1.101.3.4.2.1"
BASIC = "1.3.6.1.5.5.7.48.1.1"
ARCHIVE_CUTOFF, CERT_HASH = "1.3.6.1.5.5.7.48.1.6", "1.3.36.8.3.13"
GOOD, UNKNOWN = tlv(0x80, b""), tlv(0x82, b"")


def response(
    about: Person,
    *,
    status: bytes = GOOD,
    at: datetime = REVOKED,
    ends: datetime = END,
    extensions: Sequence[bytes] = (),
) -> bytes:
    """Return what the root answers about ``about``, in DER; ``extensions`` belong to the one answer inside."""
    more = [explicit(1, seq(*extensions))] if extensions else []
    single = seq(_cert_id(about), status, general_time(at), explicit(0, general_time(ends)), *more)
    named = explicit(1, root().certificate.subject.public_bytes())
    body = seq(named, general_time(at), seq(single))
    basic = seq(body, seq(oid(ECDSA["sha256"])), tlv(3, b"\0" + root().sign(body)))
    return seq(tlv(0x0A, b"\0"), explicit(0, seq(oid(BASIC), octets(basic))))


def archive_cutoff(moment: datetime) -> bytes:
    """Return the extension that says since when answers are kept (RFC 6960, 4.4.4)."""
    return seq(oid(ARCHIVE_CUTOFF), octets(general_time(moment)))


def cert_hash(of: Person) -> bytes:
    """Return the extension that shows which certificate is meant (Common PKI, part 4)."""
    digest = hashlib.sha256(of.der).digest()
    return seq(oid(CERT_HASH), octets(seq(seq(oid(SHA256)), octets(digest))))


def _cert_id(about: Person) -> bytes:
    issuer = root().certificate
    key = issuer.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    name = issuer.subject.public_bytes()
    hashed = [octets(hashlib.sha1(one).digest()) for one in (name, key)]  # noqa: S324 - as responders do
    return seq(seq(oid(SHA1), tlv(5, b"")), *hashed, integer(about.certificate.serial_number))
