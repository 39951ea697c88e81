"""The signature over the ASiC manifest: CAdES baseline B-B and B-T, detached (ETSI EN 319 122-1).

Which moment counts (ETSI EN 319 102-1, 5.5, in our words): a signature is judged
at the earliest moment at which it provably existed. That is the time of its
time-stamp, once the authority behind it is accepted; else the moment something
outside proves (an evidence record, an archive time-stamp); else the moment asked
for. So a certificate that ended or was revoked *after* a proven time-stamp does
no harm, and one without a time-stamp dies with its dates. The time-stamp itself is
judged at the moment asked for, or at what is proven outside if that is earlier.

Time-stamp tokens that stand alone are validated here too, for ``archiver.signing.tokens``.

The only module that knows pyHanko, whose entry points are asynchronous and
move between minor versions; nothing here may run inside an event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import tsp, x509  # noqa: F401 - tsp registers attributes before cms is used
from cryptography import x509 as pyca_x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, Signer as Pen
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature, validate_tst_signed_data
from pyhanko.sign.validation.status import SignatureStatus, TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    AcceptAllAlgorithms,
    AlgorithmUsagePolicy,
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archiver.errors import SignatureInvalid
from archiver.signing.certificates import roots_of
from archiver.signing.keys import Signer
from archiver.signing.revocation import Judgement, Said, Sources, judge
from archiver.signing.signed_data import (
    ACCEPTED_DIGESTS,
    MAX_SIGNATURE_BYTES,
    SignatureParts,
    enclose,
    read_signature,
    signature_value,
)
from archiver.signing.trust import Service, Trust
from formats.words import mark

__all__ = [
    "MAX_SIGNATURE_BYTES",
    "NO_SOURCES",
    "Certificate",
    "Examined",
    "Stamp",
    "Stamping",
    "Standing",
    "examine_signature",
    "sign_manifest",
    "validate_token",
]

DIGEST = "sha256"
NO_SOURCES = Sources()

Stamping = Callable[[bytes, str], bytes]
"""Gives an RFC 3161 token (ContentInfo DER) over a digest; the second argument names its hash."""

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # they tell their story to the log; here the answer carries it, and nothing may be printed
    logging.getLogger(_name).addHandler(logging.NullHandler())


class Standing(StrEnum):
    """What became of a certificate's chain at the moment asked for."""

    TRUSTED = "trusted"
    OUTSIDE_VALIDITY = "outside-validity"
    REVOKED = "revoked"
    UNTRUSTED = "untrusted"


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """A signer's certificate in the words people compare; ``fingerprint`` is a SHA-256 in hexadecimal."""

    subject: str
    fingerprint: str
    start: datetime
    end: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stamp:
    """A time-stamp over the signature: whose, when, and whether it belongs to it.

    ``trust_list`` names the list that alone vouches for the authority; ``strangers`` says that
    the token holds certificates which are not of its chain, so that nobody vouches for them.
    """

    authority: str
    time: datetime
    genuine: bool
    standing: Standing
    trust_list: str = ""
    strangers: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A signature that belongs to its data: whose it is, and how far that can be believed.

    ``judged_at`` is the moment that counts (see above); ``start`` and ``end`` bound the
    time in which the whole chain is valid; ``revocation`` is what the sources inside say
    of the signer's chain, ``stamp_revocation`` of the time-stamp's.
    """

    signer: Certificate
    signed_at: datetime
    standing: Standing
    judged_at: datetime
    start: datetime
    end: datetime
    revocation: Judgement
    stamp: Stamp | None
    stamp_revocation: Judgement
    trust_list: str = ""


# -- signing ------------------------------------------------------------------------------


class _Pen(Pen):
    """A signer as pyHanko wants it."""

    def __init__(self, signer: Signer) -> None:
        roots = roots_of(signer.chain)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([_load(one) for one in signer.chain if one not in roots])
        super().__init__(signing_cert=_load(signer.certificate), cert_registry=store, embed_roots=False)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 - pyHanko asks so
        if digest_algorithm != DIGEST:
            raise NotImplementedError(digest_algorithm)
        return self._signer.sign(data)


def sign_manifest(
    data: bytes,
    signer: Signer,
    *,
    at: datetime,
    stamp: Stamping | None = None,
    sources: Sources = NO_SOURCES,
) -> bytes:
    """Return the detached CAdES signature over ``data`` in DER, stating ``at`` as its time.

    With ``stamp`` it is a B-T: the token is asked for over the signature's value.
    ``sources`` are what was known about revocations. The certificates on the way
    to the root travel inside; the root itself does not, because a reader must have
    it from elsewhere anyway.

    Raises:
        Failure: what the signer's device or the time-stamping authorities answered.
        LimitExceeded: when the sources are longer than anybody would read.
    """
    settings = PdfCMSSignedAttributes(signing_time=at)
    signing = _Pen(signer).async_sign_general_data(
        data, DIGEST, detached=True, use_cades=True, signed_attr_settings=settings
    )
    signature: bytes = asyncio.run(signing).dump()
    token = None
    if stamp is not None:
        token = stamp(hashlib.sha256(signature_value(signature)).digest(), DIGEST)
    return enclose(signature, token=token, sources=sources)


# -- examining ----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class _Found:
    """A validated signer or authority: pyHanko's status, and the way (DER) from it as far up as it leads."""

    status: Any
    standing: Standing
    way: tuple[bytes, ...]


def examine_signature(
    signature: bytes, data: bytes, trust: Trust, *, proven_at: datetime | None = None
) -> Examined:
    """Return whose ``signature`` over ``data`` is, and how its certificate stands with ``trust``.

    ``proven_at`` is when something outside proves that this very signature existed.

    1. The signature is one plain, detached SignedData of one signer (RFC 5652).
    2. It carries the attributes CAdES asks for, and uses digests of today.
    3. It belongs to ``data``, and the certificate it names made it.
    4. A time-stamp inside, when there is one, belongs to the signature.
    5. The certificate leads to one of the roots at the moment that counts.
    6. Revocation lists and OCSP responses inside speak of these chains.

    Raises:
        SignatureInvalid: when one of the first three does not hold.
    """
    try:
        # 1, 2. the shape
        parts = read_signature(signature)
        # 3. the cryptography
        moment = min(trust.at, proven_at) if proven_at else trust.at
        signer = _signer(parts, data, trust, moment)
        signed_at = _truly_signed(parts, signer.status)
        # 4. the time-stamp
        stamp, stamper = _stamp_inside(parts, replace(trust, at=moment))
        # 6. for the time-stamp: a later revocation counts too, for it could have been dated back
        stamp_said = _said(parts, stamper, stamp.time, signer, moment) if stamp and stamper else _NOTHING
        if stamp and stamp_said.said is Said.REVOKED:
            stamp = replace(stamp, standing=Standing.REVOKED)
        # 5. the chain, when it counts
        if stamp and stamp.genuine and stamp.standing is Standing.TRUSTED and stamp.time < moment:
            moment = stamp.time
            signer = _signer(parts, data, trust, moment)
        # 6. for the signer
        said = _said(parts, signer, moment, stamper)
        start, end = _bounds(signer.way)
        return Examined(
            signer=_certificate(signer.status.signing_cert),
            signed_at=signed_at,
            standing=Standing.REVOKED if said.said is Said.REVOKED else signer.standing,
            judged_at=moment,
            start=start,
            end=end,
            revocation=said,
            stamp=stamp,
            stamp_revocation=stamp_said,
            trust_list=trust.trust_list(signer.way[-1]),
        )
    except SignatureInvalid:
        raise
    except Exception as fault:  # the parsers above answer broken bytes with any exception there is
        raise SignatureInvalid(reason=mark("it cannot be read")) from fault


def validate_token(
    signed: Any, imprint: bytes, trust: Trust, *, algorithms: AlgorithmUsagePolicy | None = None
) -> tuple[Stamp, list[Any]]:
    """Return how the time-stamp token ``signed`` (a parsed SignedData) stands, and its certificates.

    The list begins with the authority and ends with a root; without a way to a root
    it is the authority alone. Algorithms are judged only with ``algorithms``: other
    callers have a policy with dates for that. Whatever broken bytes make the parsers
    raise, the caller translates.
    """
    lists = [one.chosen for one in signed["crls"] if one.name == "crl"]
    time = signed["encap_content_info"]["content"].parsed["gen_time"].native
    anchors = trust.anchors(Service.TIME_STAMPS, time)
    context = _context(anchors, trust.at, lists, algorithms or AcceptAllAlgorithms())
    found = asyncio.run(validate_tst_signed_data(signed, context, lambda _: imprint))
    status = TimestampSignatureStatus(**found)
    path = status.validation_path
    way = list(path.iter_certs(include_root=True)) if path else [status.signing_cert]
    inside = [one.chosen for one in signed["certificates"]]
    stamp = Stamp(
        authority=status.signing_cert.subject.human_friendly,
        time=status.timestamp,
        genuine=status.intact and status.valid,
        standing=_standing(status),
        trust_list=trust.trust_list(way[0].dump()),
        strangers=any(_is_stranger(one, way, inside) for one in inside),
    )
    return stamp, way[::-1]


def _is_stranger(certificate: Any, way: list[Any], inside: list[Any]) -> bool:
    """Say whether ``certificate`` is not of the chain ``way`` (the root first).

    An authority issued twice (a cross certificate) may travel beside the one that
    was followed; so may those above an accepted one that is no root, and nobody
    vouches for the uppermost of them. A root may not differ from the accepted one.
    """
    if any(certificate.dump() == one.dump() for one in way):
        return False
    if way[0].subject != way[0].issuer and certificate.dump() in _climb(way[0], inside):
        loaded = pyca_x509.load_der_x509_certificate(certificate.dump())
        return loaded.subject == loaded.issuer and not _issued(loaded, loaded)
    named = (one for one in way if certificate.subject == one.subject)
    again = any(certificate.public_key == one.public_key for one in named)
    return not again or certificate.subject == certificate.issuer


def _load(certificate: bytes) -> Any:
    return x509.Certificate.load(certificate, strict=True)


def _context(
    anchors: Sequence[bytes], moment: datetime, lists: list[Any], algorithms: AlgorithmUsagePolicy | None
) -> ValidationContext:
    soft = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
    return ValidationContext(
        trust_roots=[_load(root) for root in anchors],
        moment=moment,
        allow_fetching=False,
        crls=lists or None,
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(soft, soft)),
        algorithm_usage_policy=algorithms,
    )


# -- 3 and 5: the signer ------------------------------------------------------------------


def _signer(parts: SignatureParts, data: bytes, trust: Trust, moment: datetime) -> _Found:
    """Validate the signature and the chain at ``moment``; revocation is judged apart from it."""
    digest = hashlib.new(parts.signer["digest_algorithm"]["algorithm"].native, data).digest()
    context = _context(trust.anchors(Service.SIGNERS, moment), moment, [], None)
    validating = async_validate_cms_signature(parts.signed, raw_digest=digest, validation_context=context)
    status = asyncio.run(validating)
    path = status.validation_path
    if path:
        way = tuple(one.dump() for one in path.iter_certs(include_root=True))[::-1]
    else:
        way = _climb(status.signing_cert, parts.certificates)
    return _Found(status=status, standing=_standing(status), way=way)


def _climb(certificate: Any, others: list[Any]) -> tuple[bytes, ...]:
    """Return the certificates inside that truly issued one another, from ``certificate`` upwards."""
    way = [pyca_x509.load_der_x509_certificate(certificate.dump())]
    inside = [pyca_x509.load_der_x509_certificate(one.dump()) for one in others]
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


def _truly_signed(parts: SignatureParts, status: SignatureStatus) -> datetime:
    """Return the time the signer states, when the signature belongs to its data."""
    if not status.intact:
        raise SignatureInvalid(reason=mark("it was made over something else"))
    if not status.valid:
        raise SignatureInvalid(reason=mark("its certificate did not make it"))
    if status.trust_problem_indic is AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE:
        raise SignatureInvalid(reason=mark("it uses an algorithm that is not accepted"))
    if not _names_its_certificate(parts.signer, status.signing_cert):
        raise SignatureInvalid(reason=mark("it does not name its certificate by issuer and number"))
    _only_the_chain(parts, status)
    stated = {one["type"].native: one["values"][0].native for one in parts.signer["signed_attrs"]}
    signed_at = stated["signing_time"]
    if not isinstance(signed_at, datetime):
        raise SignatureInvalid(reason=mark("it lacks what a CAdES signature states"))
    return signed_at


def _names_its_certificate(signer: Any, certificate: Any) -> bool:
    """Say whether the signer names its certificate byte for byte; names compare without case otherwise."""
    named, body = signer["sid"].chosen, certificate["tbs_certificate"]
    return all(named[part].dump() == body[part].dump() for part in ("issuer", "serial_number"))


def _only_the_chain(parts: SignatureParts, status: SignatureStatus) -> None:
    """Refuse certificates that do not lead from the signer towards a root: nothing would vouch for them."""
    by_subject = {one.subject.dump(): one for one in parts.certificates}
    found, certificate = 0, by_subject.get(status.signing_cert.subject.dump())
    while certificate is not None and found < len(by_subject):
        found += 1
        issuer = by_subject.get(certificate.issuer.dump())
        certificate = None if issuer is certificate else issuer
    if found != len(parts.certificates):
        raise SignatureInvalid(reason=mark("it holds a certificate that is not of its chain"))


def _certificate(certificate: Any) -> Certificate:
    return Certificate(
        subject=certificate.subject.human_friendly,
        fingerprint=certificate.sha256.hex(),
        start=certificate.not_valid_before,
        end=certificate.not_valid_after,
    )


def _bounds(way: Sequence[bytes]) -> tuple[datetime, datetime]:
    """Return when every certificate below the root is valid; a root is accepted by itself."""
    below = [_load(one) for one in way[:-1] or way]
    return max(one.not_valid_before for one in below), min(one.not_valid_after for one in below)


def _standing(status: Any) -> Standing:
    problem = status.trust_problem_indic
    if problem is None and status.trusted:
        return Standing.TRUSTED
    if problem in {AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED}:
        return Standing.OUTSIDE_VALIDITY
    if problem in {AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}:
        return Standing.REVOKED
    if status.validation_path is not None and status.validation_time is not None:
        way = [one.dump() for one in status.validation_path.iter_certs(include_root=True)]
        start, end = _bounds(way[::-1])
        if not start <= status.validation_time <= end:
            return Standing.OUTSIDE_VALIDITY
    return Standing.UNTRUSTED


# -- 4 and 6: the time-stamp and the revocations ------------------------------------------

_NOTHING = Judgement(said=Said.NOTHING)


def _stamp_inside(parts: SignatureParts, trust: Trust) -> tuple[Stamp | None, _Found | None]:
    if parts.token is None:
        return None, None
    said = parts.token["encap_content_info"]["content"].parsed["message_imprint"]
    name = said["hash_algorithm"]["algorithm"].native
    if name not in ACCEPTED_DIGESTS:
        raise SignatureInvalid(reason=mark("its time-stamp uses a digest that is not accepted"))
    imprint = hashlib.new(name, parts.signer["signature"].native).digest()
    weak = DisallowWeakAlgorithmsPolicy()  # type: ignore[no-untyped-call]
    stamp, way = validate_token(parts.token, imprint, trust, algorithms=weak)
    found = _Found(status=None, standing=stamp.standing, way=tuple(one.dump() for one in way))
    return stamp, found


def _said(
    parts: SignatureParts,
    found: _Found,
    moment: datetime,
    beside: _Found | None,
    known_by: datetime | None = None,
) -> Judgement:
    if not parts.sources.given:
        return _NOTHING
    others = [beside.way] if beside else []
    return judge(parts.sources, found.way, moment, others=others, known_by=known_by)
