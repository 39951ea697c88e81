"""Whom the signature of a portability archive is by, judged by the roots and revocation lists that a person accepts.

1. The certificate leads to one of the roots (RFC 5280, section 6), at the time that the signature states.
2. No list that somebody of the path signed names the certificate, or one above it, as revoked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archiver.signing.certificates.certification_path import Anchors, CertificationPath, Usage, path_to_root
from archiver.signing.certificates.chain import parse_certificate
from archiver.signing.certificates.loading import load_certificate
from archiver.signing.certificates.subject import name_in
from archiver.signing.encoding import encoding_of
from archiver.signing.revocation.revocation_list import of_list
from archiver.signing.validity import PathStatus
from formats.errors import Fact
from formats.judging.judgement import Judging
from formats.words import Words, mark

CHAIN, REVOCATION = "sign-chain", "sign-revocation"
NO_LIST = Words(
    "aucune liste de révocation donnée n’est de l’autorité du certificat",
    "no revocation list that was given is of the certificate's authority",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class AcceptedAuthorities:
    """What a person accepts: ``roots`` and revocation ``lists`` (DER); ``now`` is for a signature without a time."""

    roots: tuple[bytes, ...]
    lists: tuple[bytes, ...]
    now: datetime

    def judge_signer(
        self, certificates: Sequence[bytes], at: datetime | None, where: str, judging: Judging
    ) -> None:
        """Judge the first of ``certificates`` (DER), with the others above it, ``at`` the time that is stated."""
        try:
            signer, *others = map(parse_certificate, certificates)
        except ValueError:
            judging.check(CHAIN, False, where, "X509Certificate")
            return
        path = path_to_root(signer, others, Anchors(roots=self.roots, moment=at or self.now), Usage())
        trusted = path.path_status is PathStatus.TRUSTED
        judging.check(CHAIN, trusted, where, _fault(path, signer))
        if trusted and self.lists:
            self._judge_revocation(path, where, judging)

    def _judge_revocation(self, path: CertificationPath, where: str, judging: Judging) -> None:
        chain = [load_certificate(encoding_of(one)) for one in reversed(path.certificates)]
        found = [one for one in (of_list(data, chain) for data in self.lists) if one is not None]
        if not any(0 in one.speaks_of for one in found):
            judging.leave((REVOCATION,), NO_LIST)
        for place, one in enumerate(reversed(path.certificates)):
            if any(place in stated.speaks_of for stated in found):
                revoked = any(place in stated.revoked for stated in found)
                judging.check(REVOCATION, not revoked, where, name_in(one.subject))


def _fault(path: CertificationPath, signer: Any) -> Fact:
    if path.path_status is PathStatus.OUTSIDE_VALIDITY:
        return mark("a certificate was not valid at the time of the signature")
    return name_in(signer.issuer)
