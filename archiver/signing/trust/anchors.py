"""Whom a reader accepts as a signer, for which moment, and how long algorithms are relied on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from archiver.signing.policy import AlgorithmPolicy, own_policy
from archiver.signing.revocation.supplied import SuppliedSources
from archiver.signing.trust.expectation import Expectation
from formats.digests import Digest


class Service(StrEnum):
    """What an authority of a trust list may vouch for."""

    SIGNERS = "signers"
    TIME_STAMPS = "time-stamps"


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedAuthority:
    """One service of a trust list: its certificate (DER), what it serves, and when it was granted.

    ``statuses`` are moments with what held from then on, the earliest first;
    ``trust_list`` is the name under which the list is known.
    """

    certificate: bytes
    service: Service
    statuses: tuple[tuple[datetime, bool], ...]
    trust_list: str

    def granted(self, moment: datetime) -> bool:
        """Say whether the service was granted at ``moment``."""
        until_then = [granted for start, granted in self.statuses if start <= moment]
        return bool(until_then) and until_then[-1]


@dataclass(frozen=True, kw_only=True, slots=True)
class Trust:
    """Trust anchors in two sets: ``roots`` of signers, ``tsa_roots`` of time-stamping authorities (DER).

    Neither set vouches for what belongs to the other. ``fingerprints`` are lower-case SHA-256 of
    signers' certificates. ``at`` is the moment, with its zone, for which certificates are judged.
    Without roots, fingerprints and listed authorities of signers no signer is accepted and none
    refused: trust stays unknown. ``first_use`` accepts any certificate that holds; whoever sets it
    compares the fingerprint with the one remembered (``archiver.signing.trust.known_signers``).
    ``policy`` says until when algorithms are relied on. ``lists`` are the SHA-256 of signed
    lists that are opened although the algorithm under their signature ended, on the reader's own word.
    ``expected`` are whom the reader expects to have signed: where any is named, each signer must be one of them.
    ``supplied`` is what the reader knows of revocations besides what came with a signature.
    """

    at: datetime
    roots: tuple[bytes, ...] = ()
    tsa_roots: tuple[bytes, ...] = ()
    fingerprints: frozenset[str] = frozenset()
    listed: tuple[ListedAuthority, ...] = ()
    first_use: bool = False
    lists: frozenset[Digest] = frozenset()
    expected: tuple[Expectation, ...] = ()
    supplied: SuppliedSources = field(default_factory=SuppliedSources, compare=False, repr=False)
    policy: AlgorithmPolicy = field(default_factory=own_policy, compare=False, repr=False)

    @property
    def stated(self) -> bool:
        """Whether the reader said whom to accept as a signer."""
        listed = any(one.service is Service.SIGNERS for one in self.listed)
        return bool(self.roots or self.fingerprints or listed or self.first_use)

    def supplied_roots(self, service: Service) -> tuple[bytes, ...]:
        """Return the roots (DER) the reader gave for ``service``."""
        return self.roots if service is Service.SIGNERS else self.tsa_roots

    def anchors(self, service: Service, moment: datetime) -> tuple[bytes, ...]:
        """Return the certificates (DER) in which a chain for ``service`` may end that was used at ``moment``."""
        listed = (one for one in self.listed if one.service is service and one.granted(moment))
        return tuple(dict.fromkeys((*self.supplied_roots(service), *(one.certificate for one in listed))))

    def trust_list(self, anchor: bytes, service: Service) -> str:
        """Return the trust list that alone vouches for ``anchor`` in ``service``; empty for a root given."""
        if anchor in self.supplied_roots(service):
            return ""
        named = (one for one in self.listed if one.service is service and one.certificate == anchor)
        return next((one.trust_list for one in named), "")
