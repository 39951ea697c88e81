"""The signature over the ASiC manifest: CAdES baseline B-B and B-T, detached (ETSI EN 319 122-1).

Which moment counts (ETSI EN 319 102-1, 5.5, in our words): a signature is judged
at the earliest moment at which it provably existed. That is the time of its
time-stamp, once the authority behind it is accepted and nothing leaves that time open;
else the moment something outside proves (an evidence record, an archive time-stamp);
else the moment asked for. So a certificate that ended or was revoked *after* a proven time-stamp does
no harm, and one without a time-stamp dies with its dates. The time-stamp itself is
judged at the moment asked for, or at what is proven outside if that is earlier.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from archiver.signing.algorithms import Use, uses_of
from archiver.signing.certificates.chain import parse_certificate, validity_of_path, vouches_for_one
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.certificates.key_usage import unfit
from archiver.signing.certificates.loading import is_readable
from archiver.signing.certificates.subject import name_and_number, name_in, subject_name
from archiver.signing.encoding import encoding_of
from archiver.signing.errors import AlgorithmUnknown, SignatureAlgorithmUnknown, SignatureInvalid
from archiver.signing.keys.key_file import Signer
from archiver.signing.revocation.judgement import judge_revocation
from archiver.signing.revocation.sources import NO_SOURCES, Sources
from archiver.signing.signatures.creation import cades_signature
from archiver.signing.signatures.signature_time_stamp import (
    ended_algorithm,
    first_to_end,
    proves_time,
    stamp_inside,
)
from archiver.signing.signatures.signed_data import (
    DIGEST,
    Data,
    SignatureParts,
    read_signature,
)
from archiver.signing.signatures.signer_info import unknown_of
from archiver.signing.signatures.validation import Validation, validate_signature
from archiver.signing.trust.anchors import Service, Trust
from archiver.signing.validity import (
    Certificate,
    ContradictedTime,
    Contradiction,
    PathStatus,
    Proof,
    RevocationJudgement,
    RevocationStatus,
    SignatureExamination,
    SignatureTimeStamp,
    Stamping,
)
from formats.digests import Digest
from formats.words import mark

CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a signer's clock may be ahead of an authority's (RFC 4120, 7.5.8): no contradiction, but two clocks."""


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
    return cades_signature(Digest.of(data, algorithm=DIGEST), signer, at=at, stamp=stamp, sources=sources)


def examine_signature(
    signature: bytes,
    data: Data,
    trust: Trust,
    *,
    proven_at: Sequence[datetime] = (),
    besides: Sequence[Use] = (),
) -> SignatureExamination:
    """Return whose ``signature`` over ``data`` is, and how its certificate stands with ``trust``.

    ``proven_at`` are moments at which something outside proves that this very signature existed.
    ``besides`` are algorithms that what it signs rests on.

    1. The signature is one plain, detached SignedData of one signer (RFC 5652).
    2. It carries the attributes CAdES asks for.
    3. It belongs to ``data``, and the certificate it names made it.
    4. A time-stamp inside, when there is one, belongs to the signature.
    5. No proven time contradicts another: none is before the certificate began, before the time stated,
       or, outside, before the time-stamp inside. One that does proves nothing.
    6. The certificate leads to one of the roots at the moment that counts, and is for signing documents.
    7. Revocation lists and OCSP responses inside speak of these chains; so may what the reader gives.
    8. Every algorithm under them was relied on at the moment that counts.

    Raises:
        SignatureInvalid: when one of the first three does not hold; as ``SignatureAlgorithmUnknown`` when
            nobody here knows what it was made with.
    """
    try:
        # 1, 2. the shape
        parts = read_signature(signature)
        return _examined(parts, data, trust, sorted(proven_at), besides)
    except SignatureInvalid:
        raise
    except AlgorithmUnknown as fault:
        raise SignatureAlgorithmUnknown(algorithm=fault.facts["algorithm"]) from fault
    except Exception as fault:  # the parsers above answer broken bytes with any exception there is
        raise SignatureInvalid(reason=mark("it cannot be read")) from fault


def examine_stamp(
    signature: bytes, trust: Trust, *, proven_at: Sequence[datetime] = ()
) -> tuple[SignatureTimeStamp | None, RevocationJudgement]:
    """Return how the time-stamp inside a ``signature`` stands that nobody here can verify; follows 1, 2, 4 and 7.

    Raises:
        SignatureInvalid: when the signature has another shape, or the time-stamp cannot be read.
    """
    try:
        parts = read_signature(signature)
        beside = [one for one in (encoding_of(one) for one in parts.certificates) if is_readable(one)]
        stamp, revocation, _ = _stamped(parts, trust, min((trust.at, *proven_at)), beside)
    except SignatureInvalid:
        raise
    except Exception as fault:  # see above
        raise SignatureInvalid(reason=mark("it cannot be read")) from fault
    return stamp, revocation


def _examined(
    parts: SignatureParts, data: Data, trust: Trust, proven_at: Sequence[datetime], besides: Sequence[Use]
) -> SignatureExamination:
    """Follow steps 3 to 8 for a signature that provably existed at the first of ``proven_at``, if any."""
    moment = min((trust.at, *proven_at[:1]))
    # 3. the cryptography
    signer = validate_signature(parts, data, trust, moment)
    signed_at = _truly_signed(parts, signer)
    # 4. the time-stamp, and 7. for it
    stamp, stamp_revocation, stamper = _stamped(parts, trust, moment, signer.certification_path)
    # 5. what contradicts it
    stamped = stamp if stamp and proves_time(stamp, stamp_revocation) else None
    contradiction = _contradiction(signer.certificate, signed_at, stamped, proven_at)
    if contradiction and contradiction.proof is Proof.EVIDENCE:
        without = _examined(parts, data, trust, proven_at[1:], besides)
        return replace(without, contradiction=contradiction)
    # 6. the chain, when it counts
    if stamped and not contradiction and stamped.time < moment:
        moment = stamped.time
        signer = validate_signature(parts, data, trust, moment)
    # 7. for the signer
    revocation = _judge_chain(parts, trust, signer.certification_path, moment, stamper)
    start, end = validity_of_path(signer.certification_path)
    unread = next(filter(None, map(unknown_of, parts.certificates)), "")
    # what nobody here can check vouches for nothing, so nothing rests on it
    checked = signer.certification_path[:1] if unread else signer.certification_path
    uses = (*besides, *uses_of(parts.signer, [parse_certificate(one) for one in checked]))
    return SignatureExamination(
        signer=_certificate(signer.certificate),
        signed_at=signed_at,
        path_status=PathStatus.REVOKED
        if revocation.status is RevocationStatus.REVOKED
        else signer.path_status,
        judged_at=moment,
        start=start,
        end=end,
        revocation=revocation,
        stamp=stamp,
        stamp_revocation=stamp_revocation,
        trust_list=trust.trust_list(signer.certification_path[-1], Service.SIGNERS),
        # 8. the algorithms; for the time-stamp it is asked where it is validated
        ended=ended_algorithm(uses, trust.policy, moment),
        holds=stamped.holds if stamped and not contradiction else first_to_end(uses, trust.policy, end),
        contradiction=contradiction,
        unfit=unfit(signer.certificate),
        unread=unread,
        root=subject_name(signer.certification_path[-1]),
        sole=vouches_for_one(signer.certification_path),
    )


# -- 4: the time-stamp


def _stamped(
    parts: SignatureParts, trust: Trust, moment: datetime, beside: Sequence[bytes]
) -> tuple[SignatureTimeStamp | None, RevocationJudgement, Sequence[bytes]]:
    """Return the time-stamp at ``moment``, what is known of its chain, and that; ``beside`` are the signer's (DER)."""
    stamp, stamper = stamp_inside(parts, replace(trust, at=moment))
    if stamp is None or not stamper:
        return stamp, _NOTHING, stamper
    # a later revocation counts too, for it could have been dated back
    revocation = _judge_chain(parts, trust, stamper, stamp.time, beside, moment)
    if revocation.status is RevocationStatus.REVOKED:
        stamp = replace(stamp, path_status=PathStatus.REVOKED)
    return stamp, revocation, stamper


# -- 5: times that contradict each other


def _contradiction(
    certificate: Any, signed_at: datetime, stamp: SignatureTimeStamp | None, proven_at: Sequence[datetime]
) -> Contradiction | None:
    """Return the first proven time that cannot be true beside what else is known, evidence before the time-stamp."""
    known = {
        ContradictedTime.CERTIFICATE: certificate.not_valid_before,
        ContradictedTime.STATED: signed_at - CLOCK_TOLERANCE,
    }
    proofs: list[tuple[Proof, datetime, str, dict[ContradictedTime, datetime]]] = []
    if proven_at:
        beside = {ContradictedTime.TIME_STAMP: stamp.time - CLOCK_TOLERANCE} if stamp else {}
        proofs.append((Proof.EVIDENCE, proven_at[0], "", {**known, **beside}))
    if stamp:
        proofs.append((Proof.TIME_STAMP, stamp.time, stamp.authority, known))
    times = {
        ContradictedTime.STATED: signed_at,
        ContradictedTime.TIME_STAMP: stamp.time if stamp else signed_at,
    }
    for proof, moment, authority, limits in proofs:
        for against, limit in limits.items():
            if moment < limit:
                other = times.get(against, limit)
                return Contradiction(
                    proof=proof, moment=moment, authority=authority, against=against, other=other
                )
    return None


# -- 3: the signer


def _truly_signed(parts: SignatureParts, signer: Validation) -> datetime:
    """Return the time the signer states, when the signature belongs to its data."""
    if not signer.intact:
        raise SignatureInvalid(reason=mark("it was made over something else"))
    if not signer.valid:
        raise SignatureInvalid(reason=mark("its certificate did not make it"))
    if signer.unfit:
        raise SignatureInvalid(reason=mark("its digest is not the one that belongs to its algorithm"))
    if not _names_its_certificate(parts.signer, signer.certificate):
        raise SignatureInvalid(reason=mark("it does not name its certificate by issuer and number"))
    _only_the_chain(parts, signer.certificate)
    stated = {one["type"].native: one["values"][0].native for one in parts.signer["signed_attrs"]}
    signed_at = stated["signing_time"]
    if not isinstance(signed_at, datetime):
        raise SignatureInvalid(reason=mark("it lacks what a CAdES signature states"))
    return signed_at


def _names_its_certificate(signer: Any, certificate: Any) -> bool:
    """Say whether the signer names its certificate byte for byte; names compare without case otherwise."""
    named, body = signer["sid"].chosen, certificate["tbs_certificate"]
    return all(encoding_of(named[part]) == encoding_of(body[part]) for part in ("issuer", "serial_number"))


def _only_the_chain(parts: SignatureParts, certificate: Any) -> None:
    """Refuse certificates that do not lead from the signer towards a root: nothing would vouch for them."""
    by_subject = {encoding_of(one.subject): one for one in parts.certificates}
    found, above = 0, by_subject.get(encoding_of(certificate.subject))
    while above is not None and found < len(by_subject):
        found += 1
        issuer = by_subject.get(encoding_of(above.issuer))
        above = None if issuer is above else issuer
    if found != len(parts.certificates):
        raise SignatureInvalid(reason=mark("it holds a certificate that is not of its chain"))


def _certificate(certificate: Any) -> Certificate:
    name, number = name_and_number(certificate.subject)
    return Certificate(
        subject=name_in(certificate.subject),
        name=name,
        number=number,
        fingerprint=Fingerprint(certificate.sha256.hex()),
        start=certificate.not_valid_before,
        end=certificate.not_valid_after,
    )


# -- 7: the revocations

_NOTHING = RevocationJudgement(status=RevocationStatus.NOTHING)


def _judge_chain(
    parts: SignatureParts,
    trust: Trust,
    certification_path: Sequence[bytes],
    moment: datetime,
    beside: Sequence[bytes],
    known_by: datetime | None = None,
) -> RevocationJudgement:
    if not parts.sources.present and not trust.supplied.sources.present:
        return _NOTHING
    others = [beside] if beside else []
    return judge_revocation(
        parts.sources, certification_path, moment, supplied=trust.supplied, others=others, known_by=known_by
    )
