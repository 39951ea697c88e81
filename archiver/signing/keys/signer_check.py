"""What a signer's certificate must be, before anything is begun: what readers would refuse is not signed.

1. It is valid at the moment of signing.
2. It is for signing documents (``archiver.signing.certificates.key_usage``).
3. The certificates above it are known, but perhaps for the root: a reader has that one and no other.
4. Every algorithm under the signature and that path is relied on then.
5. It is a valid certification path (RFC 5280, 6.1).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from asn1crypto import algos

from archiver.signing.algorithms import Use, use_of, uses_of
from archiver.signing.certificates.certification_path import Anchors, Usage, find_path
from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.fingerprint import Fingerprint
from archiver.signing.certificates.key_usage import unfit
from archiver.signing.certificates.reading import roots_of
from archiver.signing.certificates.subject import name_in
from archiver.signing.encoding import encoding_of
from archiver.signing.errors import (
    CertificateEnded,
    SignerAlgorithmEnded,
    SignerPathIncomplete,
    SignerPathInvalid,
    SignerUnfit,
)
from archiver.signing.keys.key_file import Signer
from archiver.signing.policy import own_policy
from archiver.signing.validity import PathStatus
from formats.digests import ALGORITHMS


def refuse_unfit(signers: Iterable[Signer | None], at: datetime) -> None:
    """Refuse to let any of ``signers`` sign ``at`` a moment where readers would not accept it.

    Raises:
        CertificateEnded: its certificate had ended by then, or had not begun: perhaps the clock is wrong.
        SignerUnfit, SignerPathIncomplete, SignerPathInvalid, SignerAlgorithmEnded: see the steps above.
    """
    for signer in filter(None, signers):
        path = [parse_certificate(one) for one in (signer.certificate, *signer.chain)]
        _refuse_outside_term(path[0], at)
        _refuse_usage(path[0])
        _refuse_incomplete(path, signer)
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
        raise SignerUnfit(signer=name_in(certificate.subject), fingerprint=fingerprint, reason=reason)


def lacks_root(signer: Signer) -> bool:
    """Say whether the path of ``signer`` ends in an authority that another one certified, and no root was given.

    That one is a root which every reader brings, or there is a gap; nothing here tells which. Where roots
    were given and the path ends in none of them, it is a gap.
    """
    return bool(signer.chain) and not roots_of((signer.chain[-1], *signer.left_out))


def _refuse_incomplete(path: list[Any], signer: Signer) -> None:
    if not roots_of((encoding_of(path[-1]),)) and not lacks_root(signer):
        raise SignerPathIncomplete(signer=name_in(path[0].subject), issuer=name_in(path[-1].issuer))


def _refuse_ended(path: list[Any], at: datetime) -> None:
    policy = own_policy()
    for use in (*uses_of(_signer_info(path[0]), path), *_hash_on_top(path[-1])):
        if policy.end(use) <= at:
            signer = name_in(path[0].subject)
            raise SignerAlgorithmEnded(signer=signer, algorithm=use.text, policy=policy.name)


def _hash_on_top(certificate: Any) -> tuple[Use, ...]:
    """Return the hash function under a certificate whose issuer is not there; a root is accepted by itself."""
    if roots_of((encoding_of(certificate),)):
        return ()
    try:
        name = certificate["signature_algorithm"].hash_algo
    except ValueError:  # the algorithm implies none
        return ()
    algorithm = ALGORITHMS.get(name)
    return (use_of(algorithm),) if algorithm else ()


def _refuse_path(path: list[Any], at: datetime) -> None:
    anchors = Anchors(roots=[encoding_of(path[-1])], moment=at)
    found = find_path(_signer_info(path[0]), path[0], path[1:-1], anchors, Usage())
    if found.path_status is not PathStatus.TRUSTED or not _may_issue(path, at):
        raise SignerPathInvalid(signer=name_in(path[0].subject), root=name_in(path[-1].subject))


def _may_issue(path: list[Any], at: datetime) -> bool:
    """Say whether the last certificate of ``path`` may issue the rest of it (RFC 5280, 6.1.4 k to n); a root may."""
    top = path[-1]
    if len(path) == 1 or roots_of((encoding_of(top),)):
        return True
    usage, below = top.key_usage_value, len(path) - 2
    issues = top.ca and (usage is None or "key_cert_sign" in usage.native)
    deep = top.max_path_length is not None and below > top.max_path_length
    return bool(issues and not deep and top.not_valid_before <= at <= top.not_valid_after)


def _signer_info(certificate: Any) -> dict[str, Any]:
    """Return which algorithms the SignerInfo (RFC 5652, 5.3) of a signature by this key will name."""
    signature = "sha256_ecdsa" if certificate.public_key.algorithm == "ec" else "sha256_rsa"
    return {
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": signature}),
    }
