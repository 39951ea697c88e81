"""The signature time-stamp (ETSI EN 319 122-1, 5.3): what the token inside a signature proves of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from archiver.signing.algorithms import Use, digest_algorithm, use_of, uses_of
from archiver.signing.certificates.chain import validity_of_path
from archiver.signing.encoding import encoding_of
from archiver.signing.errors import AlgorithmUnknown
from archiver.signing.policy import AlgorithmPolicy
from archiver.signing.revocation.token_revocations import sources_inside, token_revocation
from archiver.signing.signatures.signed_data import SignatureParts, foreign_revocations
from archiver.signing.signatures.validation import validate_token
from archiver.signing.trust.anchors import Trust
from archiver.signing.validity import PathStatus, RevocationJudgement, SignatureTimeStamp
from archiver.verdict import ValidUntil
from formats.digests import Digest


def stamp_inside(parts: SignatureParts, trust: Trust) -> tuple[SignatureTimeStamp | None, tuple[bytes, ...]]:
    """Return the time-stamp of the signature ``parts``, and its certificates (DER) up to a root; nothing without one.

    What rests on an algorithm or a form that is not known here proves nothing; ``SignatureTimeStamp.unread`` names it.
    """
    if parts.token is None:
        return None, ()
    info = parts.token["encap_content_info"]["content"].parsed
    algorithm = digest_algorithm(info["message_imprint"]["hash_algorithm"])
    foreign = foreign_revocations(parts.token)
    try:
        if not algorithm.known:
            raise AlgorithmUnknown(algorithm=algorithm.name)
        imprint = Digest.of(parts.signer["signature"].native, algorithm=algorithm)
        stamp, certification_path = validate_token(parts.token, imprint, trust)
    except AlgorithmUnknown as fault:
        return _unread(info["gen_time"].native, str(fault.facts["algorithm"])), ()
    uses = (use_of(algorithm), *uses_of(parts.token["signer_infos"][0], certification_path))
    chain = tuple(encoding_of(one) for one in certification_path)
    revocation = token_revocation(sources_inside(parts.token), certification_path, stamp.time, trust)
    if revocation.revoked:
        stamp = replace(stamp, path_status=PathStatus.REVOKED)
    holds = first_to_end(uses, trust.policy, validity_of_path(chain)[1])
    ended = ended_algorithm(uses, trust.policy, trust.at)
    stamp = replace(stamp, revocation_unknown=revocation.unknown, examined=revocation.examined)
    return replace(stamp, ended=ended, holds=holds, unread=foreign), chain


def proves_time(stamp: SignatureTimeStamp, revocation: RevocationJudgement) -> bool:
    """Say whether ``stamp``, whose chain has ``revocation``, proves its time, so that the signer is judged at it."""
    unclear = revocation.unsettled or stamp.revocation_unknown
    clear = not (stamp.ended or stamp.unrelated or stamp.unread or unclear)
    return stamp.genuine and stamp.path_status is PathStatus.TRUSTED and clear


def ended_algorithm(uses: Sequence[Use], policy: AlgorithmPolicy, moment: datetime) -> str:
    """Return the first algorithm of ``uses`` that was no longer relied on at ``moment``, or nothing."""
    return next((use.text for use in uses if policy.end(use) <= moment), "")


def first_to_end(uses: Sequence[Use], policy: AlgorithmPolicy, end: datetime) -> ValidUntil:
    """Return which ends first: the certificates at ``end``, or one of the algorithms ``uses``."""
    until, algorithm = min([(end, ""), *((policy.end(use), use.text) for use in uses)])
    return ValidUntil(until=until, algorithm=algorithm)


def _unread(time: datetime, what: str) -> SignatureTimeStamp:
    return SignatureTimeStamp(
        authority="", time=time, genuine=True, path_status=PathStatus.UNTRUSTED, unread=what
    )
