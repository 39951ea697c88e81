"""Certification path (RFC 5280, section 6): from a certificate to one of the roots, at a moment.

The only module that knows the path validation of ``pyhanko_certvalidator``, whose entry points are
asynchronous; nothing here may run inside an event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pyhanko_certvalidator import ValidationContext, find_valid_path
from pyhanko_certvalidator.errors import (
    ExpiredError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    AcceptAllAlgorithms,
    CertRevTrustPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, TrustManager

from archiver.signing.certificates.chain import parse_certificate, validity_of_path
from archiver.signing.encoding import encoding_of, keep_encoding
from archiver.signing.signatures.signer_info import has_fitting_digest
from archiver.signing.validity import PathStatus

MAX_ISSUERS = 128
"""Times an issuer is looked at on the ways from one signature towards a root; a chain has three or four certificates,
and each may have been issued twice. Certificates that are all named alike have more ways than anybody can go."""

# it writes to the log; here the answer carries everything, and nothing may be printed
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())


@dataclass(frozen=True, kw_only=True, slots=True)
class CertificationPath:
    """How a certificate stands; ``certificates`` (parsed) lead from the root to it, and are none without a path.

    ``unfit``: the digest of the content is not the one that belongs to the signature's algorithm.
    """

    path_status: PathStatus
    certificates: tuple[Any, ...] = ()
    unfit: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What a certificate must be for (RFC 5280, 4.2.1.3 and 4.2.1.12); nothing is asked of an accepted root."""

    key_usage: str = ""
    purpose: str = ""

    def allows(self, certificate: Any) -> bool:
        """Say whether ``certificate`` (parsed) names this usage and this purpose."""
        usages, purposes = certificate.key_usage_value, certificate.extended_key_usage_value
        used = not self.key_usage or (usages is not None and self.key_usage in usages.native)
        meant = not self.purpose or (purposes is not None and self.purpose in purposes.native)
        return used and meant


@dataclass(frozen=True, kw_only=True, slots=True)
class Anchors:
    """In which ``roots`` (DER) a path may end at ``moment``; ``lists`` (parsed) speak of revocations.

    Which algorithms are relied on until when, a dated policy says (``archiver.signing.policy``), and not the path.
    """

    roots: Sequence[bytes]
    moment: datetime
    lists: Sequence[Any] = ()


def find_path(
    signer: Any, certificate: Any, others: Sequence[Any], anchors: Anchors, usage: Usage
) -> CertificationPath:
    """Return how ``certificate``, which made the SignerInfo ``signer``, stands; ``others`` may lead to a root."""
    if not has_fitting_digest(signer):
        return CertificationPath(path_status=PathStatus.UNTRUSTED, unfit=True)
    return path_to_root(certificate, others, anchors, usage)


def path_to_root(
    certificate: Any, others: Sequence[Any], anchors: Anchors, usage: Usage
) -> CertificationPath:
    """Return how ``certificate`` stands, whatever it signed; ``others`` may lead to a root."""
    try:
        path = asyncio.run(_valid(certificate, others, _context(anchors)))
    except PathValidationError as fault:
        return _failed(fault, anchors)
    except (PathBuildingError, ValidationError, ValueError):
        return CertificationPath(path_status=PathStatus.UNTRUSTED)
    if path.pkix_len > 0 and not usage.allows(certificate):
        return CertificationPath(path_status=PathStatus.UNTRUSTED)
    return CertificationPath(path_status=PathStatus.TRUSTED, certificates=_certificates(path))


async def _valid(certificate: Any, others: Sequence[Any], context: ValidationContext) -> ValidationPath:
    for one in (certificate, *others):
        keep_encoding(one, one["tbs_certificate"])
    context.certificate_registry.register_multiple(list(others))
    paths = context.path_builder.async_build_paths_lazy(certificate)
    path: ValidationPath = await find_valid_path(certificate, paths, validation_context=context)
    return path


def _failed(fault: PathValidationError, anchors: Anchors) -> CertificationPath:
    """Return the path that ``fault`` speaks of; outside the dates of its certificates, those are what is wrong."""
    certificates, path_status = _certificates(fault.original_path), PathStatus.UNTRUSTED
    start, end = validity_of_path([encoding_of(one) for one in certificates[::-1]])
    ended = isinstance(fault, ExpiredError) and fault.is_ee_cert and not fault.is_side_validation
    if isinstance(fault, RevokedError) and not fault.is_side_validation:
        path_status = PathStatus.REVOKED
    elif ended or not start <= anchors.moment <= end:
        path_status = PathStatus.OUTSIDE_VALIDITY
    return CertificationPath(path_status=path_status, certificates=certificates)


def _certificates(path: ValidationPath) -> tuple[Any, ...]:
    return tuple(path.iter_certs(include_root=True))


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


def _context(anchors: Anchors) -> ValidationContext:
    soft = RevocationCheckingRule.CHECK_IF_DECLARED_SOFT
    for one in anchors.lists:
        keep_encoding(one, one["tbs_cert_list"])
    return ValidationContext(
        trust_roots=[parse_certificate(root) for root in anchors.roots],
        moment=anchors.moment,
        certificate_registry=_Issuers.build(),
        allow_fetching=False,
        crls=list(anchors.lists) or None,
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(soft, soft)),
        algorithm_usage_policy=AcceptAllAlgorithms(),
    )
