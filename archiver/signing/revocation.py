"""What revocation lists and OCSP responses that came with a signature say of its chain.

Rules (RFC 5280, 6.3; RFC 6960, 3.2; ETSI EN 319 102-1, 5.2.5):

1. A source counts only when a certificate of the chain signed it, or one that
   certificate authorised for OCSP; deltas, indirect lists and lists for some
   reasons only do not count.
2. A certificate revoked before the moment asked for is revoked; one revoked
   later was good then, and what was published later may say so.
3. A source tells nothing about a moment after its next update: it is stale.

Nothing is fetched. A source nobody in the chain vouches for is *unusable*,
never passed over: somebody put it there to be heeded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from archiver.disk import told
from archiver.errors import RevocationUnreadable
from formats.errors import LimitExceeded
from formats.words import mark

MAX_SOURCE_BYTES = 4 << 20
"""One list or response; the largest list of the French health authority we know of is under 3 MB."""
MAX_SOURCES = 16
"""Lists and responses with one signature: one per certificate of the signer's and the time-stamp's chains."""
UNDATED = timedelta(days=1)
"""How long a response that names no next update counts."""

_HASHES = (hashes.SHA256, hashes.SHA384, hashes.SHA512)


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """Revocation lists (CertificateList DER) and OCSP responses (OCSPResponse DER)."""

    lists: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()

    @property
    def given(self) -> bool:
        """Whether there is any."""
        return bool(self.lists or self.responses)


class Said(StrEnum):
    """What sources say of a chain at a moment."""

    NOTHING = "nothing"
    GOOD = "good"
    REVOKED = "revoked"
    STALE = "stale"
    UNUSABLE = "unusable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """What was said; ``moment`` is when it was revoked, or until when the stale source told anything."""

    said: Said
    moment: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Statement:
    """One source, vouched for: which certificates of the chain (by place) it speaks of, and until when."""

    speaks_of: frozenset[int]
    revoked: dict[int, datetime]
    end: datetime


_Reader = Callable[[bytes, Sequence[x509.Certificate]], _Statement | None]


def read_sources(lists: Sequence[Path], responses: Sequence[Path]) -> Sources:
    """Read revocation lists (PEM or DER) and OCSP responses (DER) from files.

    Raises:
        RevocationUnreadable: when a file holds something else, or a response that is a refusal.
        LimitExceeded: when there are too many, or one is too long.
        DiskFault: when the disk refuses.
    """
    if len(lists) + len(responses) > MAX_SOURCES:
        found = len(lists) + len(responses)
        raise LimitExceeded(name="number of revocation lists and responses", found=found, limit=MAX_SOURCES)
    return Sources(lists=tuple(map(_list_file, lists)), responses=tuple(map(_response_file, responses)))


def judge(
    sources: Sources,
    way: Sequence[bytes],
    moment: datetime,
    *,
    others: Sequence[Sequence[bytes]] = (),
    known_by: datetime | None = None,
) -> Judgement:
    """Return what ``sources`` say of the chain ``way`` (DER, signer first) at ``moment``.

    A source that claims to speak of one of the ``others`` instead (the chain of
    a time-stamp beside the signature) is judged with that one. With ``known_by``
    a revocation until then counts, however late.
    """
    chain = _load_all(way)
    beside = [_load_all(other) for other in others]
    statements = []
    for source, reader in _with_readers(sources):
        here = _concerns(source, chain)
        if not here and any(_concerns(source, other) for other in beside):
            continue
        found = reader(source, chain)
        if found is None:
            return Judgement(said=Said.UNUSABLE)
        statements.append(found)
    return _judged(statements, moment, max(moment, known_by or moment))


def apportion(sources: Sources, chains: Sequence[Sequence[bytes]]) -> list[Sources]:
    """Return for each of ``chains`` (DER) the sources that belong with it.

    What concerns none of them, a time-stamping authority's list for instance, goes with each.
    """
    loaded = list(map(_load_all, chains))
    shares = []
    for chain in loaded:
        kept = {
            source
            for source, _ in _with_readers(sources)
            if _concerns(source, chain) or not any(_concerns(source, other) for other in loaded)
        }
        lists = tuple(one for one in sources.lists if one in kept)
        shares.append(Sources(lists=lists, responses=tuple(one for one in sources.responses if one in kept)))
    return shares


def _load_all(chain: Sequence[bytes]) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(one) for one in chain]


def _with_readers(sources: Sources) -> Iterator[tuple[bytes, _Reader]]:
    for one in sources.lists:
        yield one, _of_list
    for one in sources.responses:
        yield one, _of_response


def _concerns(source: bytes, chain: Sequence[x509.Certificate]) -> bool:
    """Say whether ``source`` claims to speak of a certificate of ``chain``, truly or not."""
    try:
        issuer = x509.load_der_x509_crl(source).issuer
        return any(one.issuer == issuer for one in chain)
    except ValueError:
        pass
    try:
        number = ocsp.load_der_ocsp_response(source).serial_number
        return any(one.serial_number == number for one in chain)
    except ValueError:
        return False


def _judged(statements: Sequence[_Statement], moment: datetime, known_by: datetime) -> Judgement:
    dates = [date for one in statements for date in one.revoked.values() if date <= known_by]
    if dates:
        return Judgement(said=Said.REVOKED, moment=min(dates))
    ends: dict[int, datetime] = {}
    for one in statements:
        for place in one.speaks_of:
            ends[place] = max(one.end, ends.get(place, one.end))
    stale = [end for end in ends.values() if end < moment]
    if stale:
        return Judgement(said=Said.STALE, moment=min(stale))
    return Judgement(said=Said.GOOD if 0 in ends else Said.NOTHING)


# -- revocation lists ---------------------------------------------------------------------


def _of_list(data: bytes, chain: Sequence[x509.Certificate]) -> _Statement | None:
    try:
        found = x509.load_der_x509_crl(data)
        issuer = _issuer_of_list(found, chain)
        scope = None if issuer is None else _scope(found)
    except (ValueError, TypeError, x509.DuplicateExtension):
        return None
    if issuer is None or scope is None or found.next_update_utc is None:
        return None
    speaks_of = [
        place
        for place, (below, above) in enumerate(pairwise(chain))
        if above == chain[issuer] and scope[_is_authority(below)]
    ]
    entries = {place: found.get_revoked_certificate_by_serial_number(chain[place].serial_number)
               for place in speaks_of}  # fmt: skip
    return _Statement(
        speaks_of=frozenset(speaks_of),
        revoked={place: one.revocation_date_utc for place, one in entries.items() if one is not None},
        end=found.next_update_utc,
    )


def _issuer_of_list(found: x509.CertificateRevocationList, chain: Sequence[x509.Certificate]) -> int | None:
    """Return the place of the certificate that signed the list."""
    if not isinstance(found.signature_hash_algorithm, _HASHES):
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
        elif isinstance(value, x509.DeltaCRLIndicator) or extension.critical:
            return None
    return scope


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


# -- OCSP ---------------------------------------------------------------------------------


def _of_response(data: bytes, chain: Sequence[x509.Certificate]) -> _Statement | None:
    try:
        found = ocsp.load_der_ocsp_response(data)
        if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        place = next((at for at in range(len(chain) - 1) if _names(found, chain[at], chain[at + 1])), None)
        if place is None or not _vouched_for(found, chain[place + 1]):
            return None
        status, date = found.certificate_status, found.revocation_time_utc
        end = found.next_update_utc or found.this_update_utc + UNDATED
    except (ValueError, TypeError, x509.DuplicateExtension):
        return None
    if status is ocsp.OCSPCertStatus.UNKNOWN:
        return None
    return _Statement(
        speaks_of=frozenset({place}), revoked={place: date} if date is not None else {}, end=end
    )


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
    if not isinstance(digest, _HASHES):
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


# -- files --------------------------------------------------------------------------------


def _list_file(path: Path) -> bytes:
    data = _read(path)
    try:
        load = x509.load_pem_x509_crl if b"-----BEGIN" in data else x509.load_der_x509_crl
        return load(data).public_bytes(Encoding.DER)
    except ValueError as fault:
        raise RevocationUnreadable(where=str(path), reason=mark("it is no revocation list")) from fault


def _response_file(path: Path) -> bytes:
    data = _read(path)
    try:
        found = ocsp.load_der_ocsp_response(data)
    except ValueError as fault:
        raise RevocationUnreadable(where=str(path), reason=mark("it is no OCSP response")) from fault
    if found.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise RevocationUnreadable(where=str(path), reason=mark("it says that there is no answer"))
    return data


def _read(path: Path) -> bytes:
    with told(), path.open("rb") as stream:
        data = stream.read(MAX_SOURCE_BYTES + 1)
    if len(data) > MAX_SOURCE_BYTES:
        name = "file size in bytes"
        raise LimitExceeded(where=str(path), name=name, found=path.stat().st_size, limit=MAX_SOURCE_BYTES)
    return data
