"""Preservation profile (ETSI TS 119 511, 6.4; TS 119 512, 5.4.7): by what evidence is made, renewed and judged.

It names the digest algorithms with the day on which each ends, the time-stamping authorities in the order in which they
are asked, the roots in which their certificates end, and the horizon within which what ends is renewed. Its storage
model is *WithoutStorage*: an authority gets digests, and no package leaves the vault.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from archiver.signing.algorithms import use_of
from archiver.signing.certificates.reading import fingerprint
from archiver.signing.policy import AlgorithmPolicy, KeyLengthRule
from archiver.vault.errors import PreservationProfileInvalid
from formats.digests import ALGORITHMS, SHA256, DigestAlgorithm

PROFILE_VERSION = 1
MAX_PROFILE_BYTES = 1 << 20
"""Bytes of a profile; one with twenty roots has about 30,000."""
MAX_AUTHORITIES = 16
"""Time-stamping authorities of a profile; two or three take turns."""
MAX_ROOTS = 64
"""Root certificates of a profile; each authority has one or two."""
HORIZON_DAYS = 90
"""Days before its end within which evidence is renewed."""
MAX_HORIZON_DAYS = 3650
"""Days of the longest horizon: certificates of authorities live some ten years."""
DIGESTS = tuple(name for name, one in ALGORITHMS.items() if one.size >= SHA256.size)
"""Digest algorithms that a profile may name: SHA-2 and SHA-3 of 256 bits and more (ETSI TS 119 312 V1.5.1, table 1)."""
STORAGE_MODEL = "WithoutStorage"
"""PreservationStorageModel (TS 119 512, 5.4.6): nothing but digests goes to whoever attests."""
GOAL = "http://uri.etsi.org/19512/goal/pgd"
"""PreservationGoal (TS 119 512, 4.2): proof of existence of general data, signed or not."""
EVIDENCE_FORMAT = "urn:ietf:rfc:4998:EvidenceRecord"
SERVICE_POLICY = "0.4.0.19511.1.1"
"""Policy identifier of a service that fulfils TS 119 511 without its annex A (4.3.2): who runs a vault may state it."""
_OID = re.compile(r"[0-2](\.(0|[1-9][0-9]{0,38})){1,30}")


@dataclass(frozen=True, kw_only=True, slots=True)
class StampingAuthority:
    """A time-stamping authority: its address, and the policy (an object identifier) it is asked for, or nothing."""

    url: str
    policy: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DigestTerm:
    """A digest algorithm of a profile, and the first day on which it is no longer relied on, or nothing."""

    algorithm: DigestAlgorithm
    until: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PreservationProfile:
    """A preservation profile; ``revision`` counts its changes from 1.

    ``digests`` are in the order of preference, ``authorities`` in the order in which they are asked; ``roots`` (DER)
    are those of all authorities that ever attested anything. ``service_policy`` and ``evidence_policy`` are object
    identifiers, or nothing.
    """

    identifier: str
    revision: int
    valid_from: datetime
    digests: tuple[DigestTerm, ...]
    authorities: tuple[StampingAuthority, ...]
    roots: tuple[bytes, ...]
    horizon_days: int = HORIZON_DAYS
    service_policy: str = ""
    evidence_policy: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def horizon(self) -> timedelta:
        """How long before its end evidence is renewed."""
        return timedelta(days=self.horizon_days)

    def policy(self, known: AlgorithmPolicy) -> AlgorithmPolicy:
        """Return ``known``, in which digest algorithms end no later than the profile says."""
        judgements = dict(known.judgements)
        for one in self.digests:
            if one.until is not None:
                end = min(known.end(use_of(one.algorithm)), datetime.combine(one.until, time(), UTC))
                judgements[one.algorithm.oid] = (KeyLengthRule(bits=0, end=end),)
        return replace(known, judgements=judgements)

    def digest_algorithm(self, policy: AlgorithmPolicy, beyond: datetime) -> DigestAlgorithm | None:
        """Return the first digest algorithm that ``policy`` relies on ``beyond`` a moment, or nothing."""
        return next(
            (one.algorithm for one in self.digests if policy.end(use_of(one.algorithm)) > beyond), None
        )


def is_object_identifier(text: str) -> bool:
    """Say whether ``text`` is an object identifier in dotted form (X.660)."""
    return bool(_OID.fullmatch(text))


def profile_bytes(profile: PreservationProfile) -> bytes:
    """Return ``profile`` in JSON (``preservation-profile.schema.json``)."""
    document = {
        "preservation_profile": PROFILE_VERSION,
        "profile_identifier": profile.identifier,
        "revision": profile.revision,
        "valid_from": profile.valid_from.isoformat(),
        "preservation_storage_model": STORAGE_MODEL,
        "preservation_goals": [GOAL],
        "evidence_formats": [EVIDENCE_FORMAT],
        "preservation_service_policy": profile.service_policy or None,
        "preservation_evidence_policy": profile.evidence_policy or None,
        "digest_algorithms": [
            {
                "name": one.algorithm.name,
                "oid": one.algorithm.oid,
                "until": one.until.isoformat() if one.until else None,
            }
            for one in profile.digests
        ],
        "time_stamping_authorities": [
            {"url": one.url, "policy": one.policy or None} for one in profile.authorities
        ],
        "time_stamping_roots": [
            {"sha256": fingerprint(one), "certificate": base64.b64encode(one).decode()}
            for one in profile.roots
        ],
        "horizon_days": profile.horizon_days,
        **profile.unknown,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


_KNOWN = frozenset(
    (
        *("preservation_profile", "profile_identifier", "revision", "valid_from", "horizon_days"),
        *("preservation_storage_model", "preservation_goals", "evidence_formats", "digest_algorithms"),
        *("preservation_service_policy", "preservation_evidence_policy"),
        *("time_stamping_authorities", "time_stamping_roots"),
    )
)


def read_profile(data: bytes, where: str) -> PreservationProfile:
    """Return the profile that ``data`` is.

    Raises:
        PreservationProfileInvalid: when it is none, or says something that no profile says.
    """
    try:
        document = json.loads(data)
        if document["preservation_profile"] != PROFILE_VERSION:
            raise ValueError(document["preservation_profile"])
        return _checked(_profile(document))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as fault:
        raise PreservationProfileInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def _profile(document: Mapping[str, Any]) -> PreservationProfile:
    if document["preservation_storage_model"] != STORAGE_MODEL:
        raise ValueError(document["preservation_storage_model"])
    return PreservationProfile(
        identifier=str(document["profile_identifier"]),
        revision=int(document["revision"]),
        valid_from=datetime.fromisoformat(document["valid_from"]),
        digests=tuple(_digest_term(one) for one in document["digest_algorithms"]),
        authorities=tuple(
            StampingAuthority(url=str(one["url"]), policy=one["policy"] or "")
            for one in document["time_stamping_authorities"]
        ),
        roots=tuple(
            base64.b64decode(one["certificate"], validate=True) for one in document["time_stamping_roots"]
        ),
        horizon_days=int(document["horizon_days"]),
        service_policy=document["preservation_service_policy"] or "",
        evidence_policy=document["preservation_evidence_policy"] or "",
        unknown={name: value for name, value in document.items() if name not in _KNOWN},
    )


def _digest_term(document: Mapping[str, Any]) -> DigestTerm:
    if document["name"] not in DIGESTS or document["oid"] != ALGORITHMS[document["name"]].oid:
        raise ValueError(document["name"])
    until = document["until"]
    return DigestTerm(
        algorithm=ALGORITHMS[document["name"]], until=date.fromisoformat(until) if until else None
    )


def _checked(profile: PreservationProfile) -> PreservationProfile:
    if not 0 < len(profile.digests) <= len(DIGESTS):
        raise ValueError("digest_algorithms")
    if len({one.algorithm.name for one in profile.digests}) != len(profile.digests):
        raise ValueError("digest_algorithms")
    if not 0 < len(profile.authorities) <= MAX_AUTHORITIES or len(profile.roots) > MAX_ROOTS:
        raise ValueError("time_stamping_authorities")
    if profile.revision < 1 or not 0 <= profile.horizon_days <= MAX_HORIZON_DAYS:
        raise ValueError("horizon_days")
    policies = (profile.service_policy, profile.evidence_policy, *(one.policy for one in profile.authorities))
    for one in policies:
        if one and not is_object_identifier(one):
            raise ValueError(one)
    if profile.valid_from.tzinfo is None:
        raise ValueError("valid_from")
    return profile
