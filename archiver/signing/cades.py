"""The signature over the ASiC manifest: CAdES baseline B-B, detached (ETSI EN 319 122-1).

The only module that knows pyHanko, whose entry points are asynchronous and
move between minor versions; nothing here may run inside an event loop.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import cms, keys, tsp, x509  # noqa: F401 - tsp registers attributes before cms is used
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes, SimpleSigner
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore

from archiver.errors import SignatureInvalid
from archiver.signing.keys import Signer
from archiver.signing.trust import Trust
from formats.words import mark

DIGEST = "sha256"
ACCEPTED_DIGESTS = frozenset({"sha256", "sha384", "sha512"})
"""Digests ETSI TS 119 312 recommends; no weaker one is accepted."""
MAX_SIGNATURE_BYTES = 1 << 20
"""A signature with its chain and a time-stamp is under 30 kB; long revocation lists may come with it."""
MAX_CERTIFICATES = 16
"""Certificates in one signature; chains are three or four long."""

_SIGNED = frozenset({"content_type", "message_digest", "signing_time", "signing_certificate_v2"})
"""Signed attributes every signature must carry once (EN 319 122-1, clause 6.3)."""
_STAMP = "signature_time_stamp_token"

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
    """A time-stamp over the signature: whose, when, and whether it belongs to it."""

    authority: str
    time: datetime
    genuine: bool
    standing: Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A signature that belongs to its data: whose it is, and how far that can be believed."""

    signer: Certificate
    signed_at: datetime
    standing: Standing
    revoked_at: datetime | None
    stamp: Stamp | None


def sign_manifest(data: bytes, signer: Signer, *, at: datetime) -> bytes:
    """Return the detached CAdES B-B signature over ``data`` in DER, stating ``at`` as its time.

    The certificates on the way to the root travel inside; the root itself does
    not, because a reader must have it from elsewhere anyway.
    """
    above = [_load(one) for one in signer.chain if one not in signer.roots]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(above)
    pen = SimpleSigner(
        signing_cert=_load(signer.certificate),
        signing_key=keys.PrivateKeyInfo.load(signer.key),
        cert_registry=store,
        embed_roots=False,
    )
    settings = PdfCMSSignedAttributes(signing_time=at)
    signing = pen.async_sign_general_data(
        data, DIGEST, detached=True, use_cades=True, signed_attr_settings=settings
    )
    signature: bytes = asyncio.run(signing).dump()
    return signature


def examine_signature(signature: bytes, data: bytes, trust: Trust) -> Examined:
    """Return whose ``signature`` over ``data`` is, and how its certificate stands with ``trust``.

    1. The signature is one plain, detached SignedData of one signer (RFC 5652).
    2. It carries the attributes CAdES asks for, and uses digests of today.
    3. It belongs to ``data``, and the certificate it names made it.
    4. The certificate leads to one of the roots at the moment asked for, and
       is not on a revocation list that came with it.
    5. A time-stamp inside, when there is one, belongs to the signature.

    Raises:
        SignatureInvalid: when one of the first three does not hold.
    """
    if len(signature) > MAX_SIGNATURE_BYTES:
        raise SignatureInvalid(reason=mark("it is longer than any signature"))
    try:
        signed = _signed_data(signature)
        status = asyncio.run(_validate(signed, data, trust))
        return _examined(signed, status)
    except SignatureInvalid:
        raise
    except Exception as fault:  # the parsers above answer broken bytes with any exception there is
        raise SignatureInvalid(reason=mark("it cannot be read")) from fault


def _load(certificate: bytes) -> Any:
    return x509.Certificate.load(certificate, strict=True)


# -- 1 and 2: the shape -------------------------------------------------------------------


def _signed_data(signature: bytes) -> Any:
    content = cms.ContentInfo.load(signature, strict=True)
    if content["content_type"].native != "signed_data":
        raise SignatureInvalid(reason=mark("it is no signature"))
    signed = content["content"]
    if len(signed["signer_infos"]) != 1:
        raise SignatureInvalid(reason=mark("it has not exactly one signer"))
    _plain(signed)
    _attributes(signed["signer_infos"][0])
    return signed


def _plain(signed: Any) -> None:
    """Refuse what no signature of a package has, so that every byte of it means something."""
    signer = signed["signer_infos"][0]
    certificates = list(signed["certificates"])
    content = signed["encap_content_info"]
    named = [one["algorithm"].native for one in signed["digest_algorithms"]]
    if content["content_type"].native != "data" or content["content"].native is not None:
        raise SignatureInvalid(reason=mark("it is not detached from what it signs"))
    if signed["version"].native != "v1" or signer["version"].native != "v1":
        raise SignatureInvalid(reason=mark("it is of another version"))
    if signer["sid"].name != "issuer_and_serial_number":
        raise SignatureInvalid(reason=mark("it does not name its certificate by issuer and number"))
    if not 1 <= len(certificates) <= MAX_CERTIFICATES:
        raise SignatureInvalid(reason=mark("its certificates are missing or too many"))
    if any(one.name != "certificate" for one in certificates):
        raise SignatureInvalid(reason=mark("it holds something that is no certificate"))
    if named != [signer["digest_algorithm"]["algorithm"].native] or named[0] not in ACCEPTED_DIGESTS:
        raise SignatureInvalid(reason=mark("it uses a digest that is not accepted"))
    for algorithm in (signed["digest_algorithms"][0], signer["digest_algorithm"]):
        if algorithm["parameters"].native is not None:
            raise SignatureInvalid(reason=mark("it uses a digest that is not accepted"))


def _attributes(signer: Any) -> None:
    types = [attribute["type"].native for attribute in signer["signed_attrs"]]
    if not set(types) >= _SIGNED or len(set(types)) != len(types):
        raise SignatureInvalid(reason=mark("it lacks what a CAdES signature states"))
    if any(len(attribute["values"]) != 1 for attribute in signer["signed_attrs"]):
        raise SignatureInvalid(reason=mark("it states one thing twice"))
    others = [one["type"].native for one in signer["unsigned_attrs"]]
    if others not in ([], [_STAMP]) or any(len(one["values"]) != 1 for one in signer["unsigned_attrs"]):
        raise SignatureInvalid(reason=mark("it carries something unsigned besides a time-stamp"))


# -- 3 to 5: the cryptography -------------------------------------------------------------


async def _validate(signed: Any, data: bytes, trust: Trust) -> StandardCMSSignatureStatus:
    lists = [one.chosen for one in signed["crls"] if one.name == "crl"]
    rule = RevocationCheckingRule.CRL_REQUIRED if lists else RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
    return await async_validate_detached_cms(
        data,
        signed,
        # a list that came with the signature was put there to be heeded
        signer_validation_context=_context(trust, lists, rule),
        ts_validation_context=_context(trust, lists, RevocationCheckingRule.CHECK_IF_DECLARED_SOFT),
    )


def _context(trust: Trust, lists: list[Any], rule: RevocationCheckingRule) -> ValidationContext:
    above = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
    policy = RevocationCheckingPolicy(ee_certificate_rule=rule, intermediate_ca_cert_rule=above)
    return ValidationContext(
        trust_roots=[_load(root) for root in trust.roots],
        moment=trust.at,
        allow_fetching=False,
        crls=lists or None,
        revinfo_policy=CertRevTrustPolicy(policy),
    )


def _examined(signed: Any, status: StandardCMSSignatureStatus) -> Examined:
    if not status.intact:
        raise SignatureInvalid(reason=mark("it was made over something else"))
    if not status.valid:
        raise SignatureInvalid(reason=mark("its certificate did not make it"))
    if status.trust_problem_indic is AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE:
        raise SignatureInvalid(reason=mark("it uses an algorithm that is not accepted"))
    if status.signer_reported_dt is None:
        raise SignatureInvalid(reason=mark("it lacks what a CAdES signature states"))
    if not _names_its_certificate(signed, status.signing_cert):
        raise SignatureInvalid(reason=mark("it does not name its certificate by issuer and number"))
    _only_the_chain(signed, status)
    revocation = status.revocation_details
    return Examined(
        signer=_certificate(status.signing_cert),
        signed_at=status.signer_reported_dt,
        standing=_standing(status),
        revoked_at=revocation.revocation_date if revocation else None,
        stamp=_stamp(status.timestamp_validity),
    )


def _names_its_certificate(signed: Any, certificate: Any) -> bool:
    """Say whether the signer names its certificate byte for byte; names compare without case otherwise."""
    named, body = signed["signer_infos"][0]["sid"].chosen, certificate["tbs_certificate"]
    return all(named[part].dump() == body[part].dump() for part in ("issuer", "serial_number"))


def _only_the_chain(signed: Any, status: StandardCMSSignatureStatus) -> None:
    """Refuse certificates that do not lead from the signer towards a root: nothing would vouch for them."""
    by_subject = {one.chosen.subject.dump(): one.chosen for one in signed["certificates"]}
    found, certificate = 0, by_subject.get(status.signing_cert.subject.dump())
    while certificate is not None and found < len(by_subject):
        found += 1
        issuer = by_subject.get(certificate.issuer.dump())
        certificate = None if issuer is certificate else issuer
    if found != len(list(signed["certificates"])):
        raise SignatureInvalid(reason=mark("it holds a certificate that is not of its chain"))


def _certificate(certificate: Any) -> Certificate:
    return Certificate(
        subject=certificate.subject.human_friendly,
        fingerprint=certificate.sha256.hex(),
        start=certificate.not_valid_before,
        end=certificate.not_valid_after,
    )


def _standing(status: Any) -> Standing:
    problem = status.trust_problem_indic
    if problem is None and status.trusted:
        return Standing.TRUSTED
    if problem in {AdESIndeterminate.OUT_OF_BOUNDS_NO_POE, AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED}:
        return Standing.OUTSIDE_VALIDITY
    if problem in {AdESIndeterminate.REVOKED_NO_POE, AdESIndeterminate.REVOKED_CA_NO_POE}:
        return Standing.REVOKED
    return Standing.UNTRUSTED


def _stamp(validity: Any) -> Stamp | None:
    if validity is None:
        return None
    return Stamp(
        authority=validity.signing_cert.subject.human_friendly,
        time=validity.timestamp,
        genuine=validity.intact and validity.valid,
        standing=_standing(validity),
    )
