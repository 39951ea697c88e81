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
    DisallowedAlgorithmError,
    ExpiredError,
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import (
    AcceptAllAlgorithms,
    AlgorithmUsagePolicy,
    CertRevTrustPolicy,
    DisallowWeakAlgorithmsPolicy,
    RevocationCheckingPolicy,
    RevocationCheckingRule,
)
from pyhanko_certvalidator.registry import CertificateRegistry, TrustManager

from archiver.signing.chains import bounds, load
from archiver.signing.signer_info import has_fitting_digest
from archiver.signing.standing import Standing

MAX_ISSUERS = 128
"""Times an issuer is looked at on the ways from one signature towards a root; a chain has three or four certificates,
and each may have been issued twice. Certificates that are all named alike have more ways than anybody can go."""

# it writes to the log; here the answer carries everything, and nothing may be printed
logging.getLogger("pyhanko_certvalidator").addHandler(logging.NullHandler())


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """How a certificate stands; ``certificates`` (parsed) lead from the root to it, and are none without a path.

    ``weak``: the signature, or a certificate of the path, rests on an algorithm that is not accepted.
    """

    standing: Standing
    certificates: tuple[Any, ...] = ()
    weak: bool = False


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

    With ``refuse_weak`` a path that rests on what is weak today is not accepted.
    """

    roots: Sequence[bytes]
    moment: datetime
    lists: Sequence[Any] = ()
    refuse_weak: bool = True

    @property
    def policy(self) -> AlgorithmUsagePolicy:
        """Which algorithms are accepted."""
        return DisallowWeakAlgorithmsPolicy() if self.refuse_weak else AcceptAllAlgorithms()  # type: ignore[no-untyped-call]


def find_path(signer: Any, certificate: Any, others: Sequence[Any], anchors: Anchors, usage: Usage) -> Path:
    """Return how ``certificate``, which made the SignerInfo ``signer``, stands; ``others`` may lead to a root."""
    if not _is_accepted(signer, certificate, anchors.policy):
        return Path(standing=Standing.UNTRUSTED, weak=True)
    try:
        path = asyncio.run(_valid(certificate, others, _context(anchors)))
    except PathValidationError as fault:
        return _failed(fault, anchors)
    except (PathBuildingError, ValidationError, ValueError):
        return Path(standing=Standing.UNTRUSTED)
    if path.pkix_len > 0 and not usage.allows(certificate):
        return Path(standing=Standing.UNTRUSTED)
    return Path(standing=Standing.TRUSTED, certificates=_certificates(path))


async def _valid(certificate: Any, others: Sequence[Any], context: ValidationContext) -> ValidationPath:
    context.certificate_registry.register_multiple(list(others))
    paths = context.path_builder.async_build_paths_lazy(certificate)
    path: ValidationPath = await find_valid_path(certificate, paths, validation_context=context)
    return path


def _is_accepted(signer: Any, certificate: Any, policy: AlgorithmUsagePolicy) -> bool:
    """Say whether the algorithms of the SignerInfo itself are accepted, and fit each other."""
    signature, digest = signer["signature_algorithm"], signer["digest_algorithm"]
    return (
        bool(policy.signature_algorithm_allowed(signature, moment=None, public_key=certificate.public_key))
        and bool(policy.digest_algorithm_allowed(digest, moment=None))
        and has_fitting_digest(signer)
    )


def _failed(fault: PathValidationError, anchors: Anchors) -> Path:
    """Return the path that ``fault`` speaks of; outside the dates of its certificates, those are what is wrong."""
    certificates, standing = _certificates(fault.original_path), Standing.UNTRUSTED
    start, end = bounds([one.dump() for one in certificates[::-1]])
    ended = isinstance(fault, ExpiredError) and fault.is_ee_cert and not fault.is_side_validation
    if isinstance(fault, RevokedError) and not fault.is_side_validation:
        standing = Standing.REVOKED
    elif ended or not start <= anchors.moment <= end:
        standing = Standing.OUTSIDE_VALIDITY
    weak = isinstance(fault, DisallowedAlgorithmError) and fault.banned_since is None
    return Path(standing=standing, certificates=certificates, weak=weak)


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
    return ValidationContext(
        trust_roots=[load(root) for root in anchors.roots],
        moment=anchors.moment,
        certificate_registry=_Issuers.build(),
        allow_fetching=False,
        crls=list(anchors.lists) or None,
        revinfo_policy=CertRevTrustPolicy(RevocationCheckingPolicy(soft, soft)),
        algorithm_usage_policy=anchors.policy,
    )
