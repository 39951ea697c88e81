"""Validation of a signature over the list, and of a time-stamp token: each over its content, and up to a root.

The signature is verified by ``archiver.signing.signatures.signer_info``, its path by
``archiver.signing.certificates.certification_path``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp  # noqa: F401 - tsp registers attributes before cms is used

from archiver.signing.algorithms import digest_algorithm
from archiver.signing.certificates.certification_path import Anchors, CertificationPath, Usage, find_path
from archiver.signing.certificates.chain import is_unrelated, issuers_of
from archiver.signing.certificates.subject import name_in
from archiver.signing.encoding import encoding_of
from archiver.signing.signatures.signed_data import Data, SignatureParts
from archiver.signing.signatures.signer_info import SignerInfoCheck, data_digest, verify_signer_info
from archiver.signing.trust.anchors import Service, Trust
from archiver.signing.validity import PathStatus, SignatureTimeStamp
from formats.digests import Digest

_SIGNERS = Usage()
"""What a signer's certificate is for is judged with its reason: ``archiver.signing.certificates.key_usage``."""
_STAMPERS = Usage(purpose="time_stamping")


@dataclass(frozen=True, kw_only=True, slots=True)
class Validation:
    """A signature held against its data and the accepted roots.

    ``intact``: it was made over the data; ``valid``: ``certificate`` (parsed) made it;
    ``unfit``: the digest of the data does not belong to its algorithm. ``certification_path`` (DER) leads from
    the certificate as far up as it goes.
    """

    intact: bool
    valid: bool
    unfit: bool
    certificate: Any
    path_status: PathStatus
    certification_path: tuple[bytes, ...]


def validate_signature(parts: SignatureParts, data: Data, trust: Trust, moment: datetime) -> Validation:
    """Validate the signature over ``data`` and its chain at ``moment``; revocation is judged apart from it.

    Raises:
        AlgorithmUnknown: when it was made with an algorithm, or a kind of key, that is not known here.
    """
    digest = data_digest(data, digest_algorithm(parts.signer["digest_algorithm"]))
    verified = verify_signer_info(parts.signed, digest)
    anchors = Anchors(roots=trust.anchors(Service.SIGNERS, moment), moment=moment)
    path = _path(parts.signed, verified, anchors, _SIGNERS)
    certification_path = tuple(encoding_of(one) for one in path.certificates[::-1])
    return Validation(
        intact=verified.intact,
        valid=verified.valid,
        unfit=path.unfit,
        certificate=verified.certificate,
        path_status=_path_status(verified, path),
        certification_path=certification_path or issuers_of(verified.certificate, parts.certificates),
    )


def validate_token(signed: Any, imprint: Digest, trust: Trust) -> tuple[SignatureTimeStamp, list[Any]]:
    """Return how the time-stamp token ``signed`` (a parsed SignedData) stands, and its certificates.

    The list begins with the authority and ends with a root; without a way to a root
    it is the authority alone. Whatever broken bytes make the parsers raise, the caller translates.

    Raises:
        AlgorithmUnknown: when it was made with an algorithm, or a kind of key, that is not known here.
    """
    content = signed["encap_content_info"]["content"]
    info, algorithm = content.parsed, digest_algorithm(signed["signer_infos"][0]["digest_algorithm"])
    time = info["gen_time"].native
    verified = verify_signer_info(signed, data_digest(bytes(content), algorithm))
    lists = [one.chosen for one in signed["crls"] if one.name == "crl"]
    roots = trust.anchors(Service.TIME_STAMPS, time)
    anchors = Anchors(roots=roots, moment=trust.at, lists=lists)
    path = _path(signed, verified, anchors, _STAMPERS)
    certification_path = list(path.certificates) or [verified.certificate]
    inside = [one.chosen for one in signed["certificates"]]
    dedicated, path_status = _is_dedicated(verified.certificate), _path_status(verified, path)
    stamp = SignatureTimeStamp(
        authority=name_in(verified.certificate.subject),
        time=time,
        genuine=verified.intact
        and verified.valid
        and info["message_imprint"]["hashed_message"].native == imprint.value,
        # a root vouches for a name, and not for its having been let stamp
        path_status=path_status
        if dedicated or path_status is not PathStatus.TRUSTED
        else PathStatus.UNTRUSTED,
        trust_list=trust.trust_list(encoding_of(certification_path[0]), Service.TIME_STAMPS),
        unrelated=any(is_unrelated(one, certification_path, inside) for one in inside),
        dedicated=dedicated,
    )
    return stamp, certification_path[::-1]


def _path(signed: Any, verified: SignerInfoCheck, anchors: Anchors, usage: Usage) -> CertificationPath:
    if not verified.valid:
        return CertificationPath(path_status=PathStatus.UNTRUSTED)
    (signer,) = signed["signer_infos"]
    return find_path(signer, verified.certificate, verified.others, anchors, usage)


def _path_status(verified: SignerInfoCheck, path: CertificationPath) -> PathStatus:
    trusted = path.path_status is PathStatus.TRUSTED
    return path.path_status if verified.intact or not trusted else PathStatus.UNTRUSTED


def _is_dedicated(certificate: Any) -> bool:
    """Say whether ``certificate`` is for time-stamps and nothing else (RFC 3161, 2.3)."""
    purposes = certificate.extended_key_usage_value
    only = purposes is not None and purposes.native == ["time_stamping"]
    return only and "extended_key_usage" in certificate.critical_extensions
