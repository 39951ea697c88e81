"""Signatures and chains as pyHanko makes and validates them; nothing of it leaves this module.

The only module that knows pyHanko, whose entry points are asynchronous and
move between minor versions; nothing here may run inside an event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import cms, tsp  # noqa: F401 - tsp registers attributes before cms is used
from pyhanko.sign.ades.report import AdESIndeterminate
from pyhanko.sign.attributes import (
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
    SigningTimeProvider,
)
from pyhanko.sign.signers.pdf_cms import Signer as Pen
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature, validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.policy_decl import (
    AcceptAllAlgorithms,
    AlgorithmUsagePolicy,
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, SimpleCertificateStore, TrustManager

from archiver.signing.certificates import roots_of
from archiver.signing.chains import bounds, climb, is_stranger, load
from archiver.signing.holder import named
from archiver.signing.keys import Signer
from archiver.signing.signed_data import SignatureParts
from archiver.signing.standing import Stamp, Standing
from archiver.signing.trust import Service, Trust

DIGEST = "sha256"
MAX_ISSUERS = 128
"""Times an issuer is looked at on the ways from one signature towards a root; a chain has three or four certificates,
and each may have been issued twice. Certificates that are all named alike have more ways than anybody can go."""
CENTURY_END = 2050
"""First year that a time of two digits cannot say (RFC 5652, 11.3)."""

for _name in ("pyhanko", "pyhanko_certvalidator"):
    # they tell their story to the log; here the answer carries it, and nothing may be printed
    logging.getLogger(_name).addHandler(logging.NullHandler())


@dataclass(frozen=True, kw_only=True, slots=True)
class Validated:
    """A signature held against its data and the accepted roots.

    ``intact``: it was made over the data; ``valid``: ``certificate`` (parsed) made it;
    ``weak``: it rests on an algorithm that is not accepted. ``way`` (DER) leads from
    the certificate as far up as it goes.
    """

    intact: bool
    valid: bool
    weak: bool
    certificate: Any
    standing: Standing
    way: tuple[bytes, ...]


def detached_signature(data: bytes, signer: Signer, at: datetime) -> bytes:
    """Return the CAdES B-B signature of ``signer`` over ``data`` (DER), stating ``at`` as its time."""
    signing = _Pen(signer, at).async_sign_general_data(data, DIGEST, detached=True, use_cades=True)
    signature: bytes = asyncio.run(signing).dump()
    return signature


def validate_signature(parts: SignatureParts, data: bytes, trust: Trust, moment: datetime) -> Validated:
    """Validate the signature over ``data`` and its chain at ``moment``; revocation is judged apart from it."""
    digest = hashlib.new(parts.signer["digest_algorithm"]["algorithm"].native, data).digest()
    context = _context(trust.anchors(Service.SIGNERS, moment), moment, [], None)
    validating = async_validate_cms_signature(parts.signed, raw_digest=digest, validation_context=context)
    status = asyncio.run(validating)
    path = status.validation_path
    if path:
        way = tuple(one.dump() for one in path.iter_certs(include_root=True))[::-1]
    else:
        way = climb(status.signing_cert, parts.certificates)
    return Validated(
        intact=status.intact,
        valid=status.valid,
        weak=status.trust_problem_indic is AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE,
        certificate=status.signing_cert,
        standing=_standing(status),
        way=way,
    )


def validate_token(
    signed: Any, imprint: bytes, trust: Trust, *, refuse_weak: bool = False
) -> tuple[Stamp, list[Any]]:
    """Return how the time-stamp token ``signed`` (a parsed SignedData) stands, and its certificates.

    The list begins with the authority and ends with a root; without a way to a root
    it is the authority alone. With ``refuse_weak`` what is weak today is
    not accepted; other callers have a policy with dates for that. Whatever broken bytes make the parsers
    raise, the caller translates.
    """
    lists = [one.chosen for one in signed["crls"] if one.name == "crl"]
    time = signed["encap_content_info"]["content"].parsed["gen_time"].native
    anchors = trust.anchors(Service.TIME_STAMPS, time)
    algorithms = DisallowWeakAlgorithmsPolicy() if refuse_weak else AcceptAllAlgorithms()  # type: ignore[no-untyped-call]
    context = _context(anchors, trust.at, lists, algorithms)
    found = asyncio.run(validate_tst_signed_data(signed, context, lambda _: imprint))
    status = TimestampSignatureStatus(**found)
    path = status.validation_path
    way = list(path.iter_certs(include_root=True)) if path else [status.signing_cert]
    inside = [one.chosen for one in signed["certificates"]]
    dedicated, standing = _is_dedicated(status.signing_cert), _standing(status)
    stamp = Stamp(
        authority=named(status.signing_cert.subject),
        time=status.timestamp,
        genuine=status.intact and status.valid,
        # a root vouches for a name, and not for its having been let stamp
        standing=standing if dedicated or standing is not Standing.TRUSTED else Standing.UNTRUSTED,
        trust_list=trust.trust_list(way[0].dump()),
        strangers=any(is_stranger(one, way, inside) for one in inside),
        dedicated=dedicated,
    )
    return stamp, way[::-1]


def _is_dedicated(certificate: Any) -> bool:
    """Say whether ``certificate`` is for time-stamps and nothing else (RFC 3161, 2.3)."""
    purposes = certificate.extended_key_usage_value
    only = purposes is not None and purposes.native == ["time_stamping"]
    return only and "extended_key_usage" in certificate.critical_extensions


class _Stated(SignedAttributeProviderSpec):
    """What a CAdES signature states: whose certificate made it, and when, byte for byte as pyHanko would say it."""

    def __init__(self, certificate: Any, at: datetime) -> None:
        self._certificate = certificate
        self._at = at

    def signed_attr_providers(
        self,
        data_digest: bytes,  # noqa: ARG002 - pyHanko asks so
        digest_algorithm: str,  # noqa: ARG002
    ) -> Iterator[CMSAttributeProvider]:
        yield SigningCertificateV2Provider(signing_cert=self._certificate)
        yield _StatedTime(self._at)


class _StatedTime(SigningTimeProvider):
    """A time that says its century from 2050 on, as RFC 5652 (11.3) asks."""

    async def build_attr_value(self, dry_run: bool = False) -> Any:
        if self.timestamp.astimezone(UTC).year < CENTURY_END:
            return await super().build_attr_value(dry_run)
        return cms.Time({"generalized_time": self.timestamp})


class _Pen(Pen):
    """A signer as pyHanko wants it, who signs ``at`` a moment."""

    def __init__(self, signer: Signer, at: datetime) -> None:
        roots = roots_of(signer.chain)
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple([load(one) for one in signer.chain if one not in roots])
        super().__init__(signing_cert=load(signer.certificate), cert_registry=store, embed_roots=False)
        self.signed_attr_prov_spec = _Stated(self.signing_cert, at)
        self._signer = signer

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: ARG002 - pyHanko asks so
        if digest_algorithm != DIGEST:
            raise NotImplementedError(digest_algorithm)
        return self._signer.sign(data)


class _Issuers(CertificateRegistry):
    """Who may have issued a certificate, by name, until ``MAX_ISSUERS`` were looked at."""

    def __init__(self, *, cert_fetcher: None = None) -> None:
        super().__init__(cert_fetcher=cert_fetcher)
        self._left = MAX_ISSUERS

    def find_potential_issuers(self, cert: Any, trust_manager: TrustManager) -> Iterator[Any]:
        for issuer in super().find_potential_issuers(cert, trust_manager):
            if not self._left:
                return
            self._left -= 1
            yield issuer


def _context(
    anchors: Sequence[bytes], moment: datetime, lists: list[Any], algorithms: AlgorithmUsagePolicy | None
) -> ValidationContext:
    soft = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
    return ValidationContext(
        trust_roots=[load(root) for root in anchors],
        moment=moment,
        certificate_registry=_Issuers.build(),
        allow_fetching=False,
        crls=lists or None,
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(soft, soft)),
        algorithm_usage_policy=algorithms,
    )


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
        start, end = bounds(way[::-1])
        if not start <= status.validation_time <= end:
            return Standing.OUTSIDE_VALIDITY
    return Standing.UNTRUSTED
