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

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from archiver.signing.algorithms import Use, uses_of
from archiver.signing.chains import bounds, load
from archiver.signing.errors import SignatureInvalid
from archiver.signing.fingerprint import Fingerprint
from archiver.signing.holder import named
from archiver.signing.keys import Signer
from archiver.signing.policy import AlgorithmPolicy
from archiver.signing.revocation import judge
from archiver.signing.signed_data import (
    ACCEPTED_DIGESTS,
    DIGEST,
    Data,
    SignatureParts,
    enclose,
    read_signature,
    signature_value,
)
from archiver.signing.sources import NO_SOURCES, Sources
from archiver.signing.standing import Certificate, Examined, Judgement, Said, Stamp, Stamping, Standing
from archiver.signing.token_revocations import is_revoked, sources_inside
from archiver.signing.trust import Service, Trust
from archiver.signing.usage import unfit
from archiver.signing.validation import Validated, validate_signature, validate_token
from archiver.verdict import Holding
from formats.words import mark


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
    from archiver.signing.creation import detached_signature  # noqa: PLC0415 - heavy; readers do without

    signature = detached_signature(data, signer, at)
    token = None
    if stamp is not None:
        token = stamp(hashlib.sha256(signature_value(signature)).digest(), DIGEST)
    return enclose(signature, token=token, sources=sources)


def examine_signature(
    signature: bytes, data: Data, trust: Trust, *, proven_at: datetime | None = None
) -> Examined:
    """Return whose ``signature`` over ``data`` is, and how its certificate stands with ``trust``.

    ``proven_at`` is when something outside proves that this very signature existed.

    1. The signature is one plain, detached SignedData of one signer (RFC 5652).
    2. It carries the attributes CAdES asks for, and uses digests of today.
    3. It belongs to ``data``, and the certificate it names made it.
    4. A time-stamp inside, when there is one, belongs to the signature.
    5. The certificate leads to one of the roots at the moment that counts, and is for signing documents.
    6. Revocation lists and OCSP responses inside speak of these chains; so may what the reader gives.
    7. Every algorithm under them was relied on at the moment that counts.

    Raises:
        SignatureInvalid: when one of the first three does not hold.
    """
    try:
        # 1, 2. the shape
        parts = read_signature(signature)
        # 3. the cryptography
        moment = min(trust.at, proven_at) if proven_at else trust.at
        signer = validate_signature(parts, data, trust, moment)
        signed_at = _truly_signed(parts, signer)
        # 4. the time-stamp
        stamp, stamper = _stamp_inside(parts, replace(trust, at=moment))
        # 6. for the time-stamp: a later revocation counts too, for it could have been dated back
        stamp_said = _NOTHING
        if stamp and stamper:
            stamp_said = _said(parts, trust, stamper, stamp.time, signer.way, moment)
        if stamp and stamp_said.said is Said.REVOKED:
            stamp = replace(stamp, standing=Standing.REVOKED)
        # 5. the chain, when it counts
        if stamp and _counts(stamp, stamp_said) and stamp.time < moment:
            moment = stamp.time
            signer = validate_signature(parts, data, trust, moment)
        # 6. for the signer
        said = _said(parts, trust, signer.way, moment, stamper)
        start, end = bounds(signer.way)
        uses = uses_of(parts.signer, [load(one) for one in signer.way])
        own = _holding(uses, trust.policy, end)
        return Examined(
            signer=_certificate(signer.certificate),
            signed_at=signed_at,
            standing=Standing.REVOKED if said.said is Said.REVOKED else signer.standing,
            judged_at=moment,
            start=start,
            end=end,
            revocation=said,
            stamp=stamp,
            stamp_revocation=stamp_said,
            trust_list=trust.trust_list(signer.way[-1], Service.SIGNERS),
            # 7. the algorithms; for the time-stamp it is asked where it is validated
            ended=_ended(uses, trust.policy, moment),
            holds=stamp.holds if stamp and _counts(stamp, stamp_said) else own,
            unfit=unfit(signer.certificate),
        )
    except SignatureInvalid:
        raise
    except Exception as fault:  # the parsers above answer broken bytes with any exception there is
        raise SignatureInvalid(reason=mark("it cannot be read")) from fault


# -- 3: the signer


def _truly_signed(parts: SignatureParts, signer: Validated) -> datetime:
    """Return the time the signer states, when the signature belongs to its data."""
    if not signer.intact:
        raise SignatureInvalid(reason=mark("it was made over something else"))
    if not signer.valid:
        raise SignatureInvalid(reason=mark("its certificate did not make it"))
    if signer.weak:
        raise SignatureInvalid(reason=mark("it uses an algorithm that is not accepted"))
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
    return all(named[part].dump() == body[part].dump() for part in ("issuer", "serial_number"))


def _only_the_chain(parts: SignatureParts, certificate: Any) -> None:
    """Refuse certificates that do not lead from the signer towards a root: nothing would vouch for them."""
    by_subject = {one.subject.dump(): one for one in parts.certificates}
    found, above = 0, by_subject.get(certificate.subject.dump())
    while above is not None and found < len(by_subject):
        found += 1
        issuer = by_subject.get(above.issuer.dump())
        above = None if issuer is above else issuer
    if found != len(parts.certificates):
        raise SignatureInvalid(reason=mark("it holds a certificate that is not of its chain"))


def _certificate(certificate: Any) -> Certificate:
    return Certificate(
        subject=named(certificate.subject),
        fingerprint=Fingerprint(certificate.sha256.hex()),
        start=certificate.not_valid_before,
        end=certificate.not_valid_after,
    )


# -- 4 and 6: the time-stamp and the revocations

_NOTHING = Judgement(said=Said.NOTHING)


def _stamp_inside(parts: SignatureParts, trust: Trust) -> tuple[Stamp | None, tuple[bytes, ...]]:
    if parts.token is None:
        return None, ()
    said = parts.token["encap_content_info"]["content"].parsed["message_imprint"]
    name = said["hash_algorithm"]["algorithm"].native
    if name not in ACCEPTED_DIGESTS:
        raise SignatureInvalid(reason=mark("its time-stamp uses a digest that is not accepted"))
    imprint = hashlib.new(name, parts.signer["signature"].native).digest()
    stamp, way = validate_token(parts.token, imprint, trust, refuse_weak=True)
    uses = uses_of(parts.token["signer_infos"][0], way)
    chain = tuple(one.dump() for one in way)
    if is_revoked(sources_inside(parts.token), way, stamp.time, trust):
        stamp = replace(stamp, standing=Standing.REVOKED)
    holds = _holding(uses, trust.policy, bounds(chain)[1])
    return replace(stamp, ended=_ended(uses, trust.policy, trust.at), holds=holds), chain


def _counts(stamp: Stamp, said: Judgement) -> bool:
    """Say whether ``stamp``, of whose chain ``said`` is told, proves its time, so that the signer is judged at it."""
    clear = not stamp.ended and not stamp.strangers and said.said not in {Said.STALE, Said.UNUSABLE}
    return stamp.genuine and stamp.standing is Standing.TRUSTED and clear


def _ended(uses: Sequence[Use], policy: AlgorithmPolicy, moment: datetime) -> str:
    """Return the first algorithm of ``uses`` that was no longer relied on at ``moment``, or nothing."""
    return next((use.text for use in uses if policy.end(use) <= moment), "")


def _holding(uses: Sequence[Use], policy: AlgorithmPolicy, end: datetime) -> Holding:
    """Return which ends first: the certificates at ``end``, or one of the algorithms ``uses``."""
    until, algorithm = min([(end, ""), *((policy.end(use), use.text) for use in uses)])
    return Holding(until=until, algorithm=algorithm)


def _said(
    parts: SignatureParts,
    trust: Trust,
    way: Sequence[bytes],
    moment: datetime,
    beside: Sequence[bytes],
    known_by: datetime | None = None,
) -> Judgement:
    if not parts.sources.given and not trust.given.sources.given:
        return _NOTHING
    others = [beside] if beside else []
    return judge(parts.sources, way, moment, given=trust.given, others=others, known_by=known_by)
