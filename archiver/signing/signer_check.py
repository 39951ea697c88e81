"""What a signer's certificate must be, before anything is begun: what readers would refuse is not signed.

1. It is valid at the moment of signing.
2. It is for signing documents (``archiver.signing.usage``).
3. The certificates above it are known, up to a self-signed one: a reader has that one and no other.
4. Every algorithm under the signature and that path is relied on then.
5. It is a valid certification path (RFC 5280, 6.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asn1crypto import algos

from archiver.signing.algorithms import uses_of
from archiver.signing.certificates import roots_of
from archiver.signing.certification_path import Anchors, Usage, find_path
from archiver.signing.chains import load
from archiver.signing.errors import (
    CertificateEnded,
    SignerAlgorithmEnded,
    SignerPathIncomplete,
    SignerPathInvalid,
    SignerUnfit,
)
from archiver.signing.fingerprint import Fingerprint
from archiver.signing.holder import named
from archiver.signing.keys import Signer
from archiver.signing.policy import own_policy
from archiver.signing.standing import Standing
from archiver.signing.usage import unfit


def refuse_unfit(signers: Iterable[Signer | None], at: datetime) -> None:
    """Refuse to let any of ``signers`` sign ``at`` a moment where readers would not accept it.

    Raises:
        CertificateEnded: its certificate had ended by then, or had not begun: perhaps the clock is wrong.
        SignerUnfit, SignerPathIncomplete, SignerPathInvalid, SignerAlgorithmEnded: see the steps above.
    """
    for signer in filter(None, signers):
        path = [load(one) for one in (signer.certificate, *signer.chain)]
        _refuse_outside_term(path[0], at)
        _refuse_usage(path[0])
        _refuse_incomplete(path)
        _refuse_ended(path, at)
        _refuse_path(path, at)


def _refuse_outside_term(certificate: Any, at: datetime) -> None:
    start, end = certificate.not_valid_before, certificate.not_valid_after
    if not start <= at <= end:
        raise CertificateEnded(start=start.isoformat(), end=end.isoformat(), moment=at.isoformat())


def _refuse_usage(certificate: Any) -> None:
    reason = unfit(certificate)
    if reason:
        fingerprint = Fingerprint(certificate.sha256.hex())
        raise SignerUnfit(signer=named(certificate.subject), fingerprint=fingerprint, reason=reason)


def _refuse_incomplete(path: list[Any]) -> None:
    if not roots_of((path[-1].dump(),)):
        raise SignerPathIncomplete(signer=named(path[0].subject), issuer=named(path[-1].issuer))


def _refuse_ended(path: list[Any], at: datetime) -> None:
    policy = own_policy()
    for use in uses_of(_signer_info(path[0]), path):
        if policy.end(use) <= at:
            signer = named(path[0].subject)
            raise SignerAlgorithmEnded(signer=signer, algorithm=use.text, policy=policy.name)


def _refuse_path(path: list[Any], at: datetime) -> None:
    anchors = Anchors(roots=[path[-1].dump()], moment=at)
    found = find_path(_signer_info(path[0]), path[0], path[1:-1], anchors, Usage())
    if found.standing is not Standing.TRUSTED:
        raise SignerPathInvalid(signer=named(path[0].subject), root=named(path[-1].subject))


def _signer_info(certificate: Any) -> dict[str, Any]:
    """Return which algorithms the SignerInfo (RFC 5652, 5.3) of a signature by this key will name."""
    signature = "sha256_ecdsa" if certificate.public_key.algorithm == "ec" else "sha256_rsa"
    return {
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": signature}),
    }
