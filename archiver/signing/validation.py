"""Validation of a signature over the list, and of a time-stamp token: each over its content, and up to a root.

Reading knows nothing of pyHanko: the signature is verified by ``archiver.signing.signer_info``, its
path by ``archiver.signing.certification_path``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from asn1crypto import cms, tsp  # noqa: F401 - tsp registers attributes before cms is used

from archiver.signing.certification_path import Anchors, Path, Usage, find_path
from archiver.signing.chains import climb, is_stranger
from archiver.signing.holder import named
from archiver.signing.signed_data import Data, SignatureParts
from archiver.signing.signer_info import Verified, digest_of, verify
from archiver.signing.standing import Stamp, Standing
from archiver.signing.trust import Service, Trust

_SIGNERS = Usage()
"""What a signer's certificate is for is judged with its reason: ``archiver.signing.usage``."""
_STAMPERS = Usage(purpose="time_stamping")


@dataclass(frozen=True, kw_only=True, slots=True)
class Validated:
    """A signature held against its data and the accepted roots.

    ``intact``: it was made over the data; ``valid``: ``certificate`` (parsed) made it;
    ``unfit``: the digest of the data does not belong to its algorithm. ``way`` (DER) leads from
    the certificate as far up as it goes.
    """

    intact: bool
    valid: bool
    unfit: bool
    certificate: Any
    standing: Standing
    way: tuple[bytes, ...]


def validate_signature(parts: SignatureParts, data: Data, trust: Trust, moment: datetime) -> Validated:
    """Validate the signature over ``data`` and its chain at ``moment``; revocation is judged apart from it.

    Raises:
        AlgorithmUnknown: when it was made with an algorithm, or a kind of key, that is not known here.
    """
    digest = digest_of(data, parts.signer["digest_algorithm"]["algorithm"].native)
    verified = verify(parts.signed, digest)
    anchors = Anchors(roots=trust.anchors(Service.SIGNERS, moment), moment=moment)
    path = _path(parts.signed, verified, anchors, _SIGNERS)
    way = tuple(one.dump() for one in path.certificates[::-1])
    return Validated(
        intact=verified.intact,
        valid=verified.valid,
        unfit=path.unfit,
        certificate=verified.certificate,
        standing=_standing(verified, path),
        way=way or climb(verified.certificate, parts.certificates),
    )


def validate_token(signed: Any, imprint: bytes, trust: Trust) -> tuple[Stamp, list[Any]]:
    """Return how the time-stamp token ``signed`` (a parsed SignedData) stands, and its certificates.

    The list begins with the authority and ends with a root; without a way to a root
    it is the authority alone. Whatever broken bytes make the parsers raise, the caller translates.

    Raises:
        AlgorithmUnknown: when it was made with an algorithm, or a kind of key, that is not known here.
    """
    content = signed["encap_content_info"]["content"]
    said, digest = content.parsed, signed["signer_infos"][0]["digest_algorithm"]["algorithm"].native
    time = said["gen_time"].native
    verified = verify(signed, digest_of(bytes(content), digest))
    lists = [one.chosen for one in signed["crls"] if one.name == "crl"]
    roots = trust.anchors(Service.TIME_STAMPS, time)
    anchors = Anchors(roots=roots, moment=trust.at, lists=lists)
    path = _path(signed, verified, anchors, _STAMPERS)
    way = list(path.certificates) or [verified.certificate]
    inside = [one.chosen for one in signed["certificates"]]
    dedicated, standing = _is_dedicated(verified.certificate), _standing(verified, path)
    stamp = Stamp(
        authority=named(verified.certificate.subject),
        time=time,
        genuine=verified.intact
        and verified.valid
        and said["message_imprint"]["hashed_message"].native == imprint,
        # a root vouches for a name, and not for its having been let stamp
        standing=standing if dedicated or standing is not Standing.TRUSTED else Standing.UNTRUSTED,
        trust_list=trust.trust_list(way[0].dump(), Service.TIME_STAMPS),
        strangers=any(is_stranger(one, way, inside) for one in inside),
        dedicated=dedicated,
    )
    return stamp, way[::-1]


def _path(signed: Any, verified: Verified, anchors: Anchors, usage: Usage) -> Path:
    if not verified.valid:
        return Path(standing=Standing.UNTRUSTED)
    (signer,) = signed["signer_infos"]
    return find_path(signer, verified.certificate, verified.others, anchors, usage)


def _standing(verified: Verified, path: Path) -> Standing:
    trusted = path.standing is Standing.TRUSTED
    return path.standing if verified.intact or not trusted else Standing.UNTRUSTED


def _is_dedicated(certificate: Any) -> bool:
    """Say whether ``certificate`` is for time-stamps and nothing else (RFC 3161, 2.3)."""
    purposes = certificate.extended_key_usage_value
    only = purposes is not None and purposes.native == ["time_stamping"]
    return only and "extended_key_usage" in certificate.critical_extensions
