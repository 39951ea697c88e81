"""What revocation lists and OCSP responses say against a time-stamp: those in its token, and the reader's own.

They are heeded when the issuer signed them (a response also when one did whom the issuer
authorised), however old: they were put there to be read later, and what says nothing against
a token leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from archiver.signing.certificates.loading import load_certificate, load_list
from archiver.signing.encoding import encoding_of
from archiver.signing.revocation.ocsp_response import of_response
from archiver.signing.revocation.revocation_list import of_list
from archiver.signing.revocation.sources import Sources
from archiver.signing.revocation.statement import Statement
from archiver.signing.revocation.supplied import SourceUse
from archiver.signing.signatures.signed_data import response_of
from archiver.signing.trust.anchors import Trust

_IssuerKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | ed448.Ed448PublicKey
_HARMLESS = frozenset(
    {
        x509.ReasonFlags.unspecified,
        x509.ReasonFlags.affiliation_changed,
        x509.ReasonFlags.superseded,
        x509.ReasonFlags.cessation_of_operation,
    }
)
"""Reasons that say nothing against what was signed before (RFC 3161, section 4)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRevocation:
    """What sources say against a token: its authority was ``revoked``, or is ``unknown`` to who should know it.

    ``examined``: at least one of them speaks of the authority's certificate.
    """

    revoked: bool
    unknown: bool
    examined: bool


def sources_inside(signed: Any) -> Sources:
    """Return the lists and responses in the parsed SignedData of a token; of what else may be there nobody knows.

    A response is there as RFC 5940 (2.1.1) says, or, as many authorities do, as its basic part alone.
    """
    others = [one.chosen for one in signed["crls"] if one.name == "other"]
    return Sources(
        lists=tuple(encoding_of(one.chosen) for one in signed["crls"] if one.name == "crl"),
        responses=tuple(one for one in map(_response, others) if one is not None),
    )


def _response(other: Any) -> bytes | None:
    try:
        return response_of(other)
    except (ValueError, TypeError):  # nobody signed that it is there: what cannot be read says nothing
        return None


def token_revocation(
    sources: Sources, certification_path: Sequence[Any], made: datetime, trust: Trust
) -> TokenRevocation:
    """Return what ``sources`` say against a token; what became of each is written down in ``trust``.

    ``made`` is the time it tells, ``certification_path`` leads from its authority's certificate (parsed) to a root.
    """
    chain = [load_certificate(encoding_of(one)) for one in certification_path]
    statements = [*_of_lists(sources.lists, chain, trust), *_of_responses(sources.responses, chain, trust)]
    entries = [(since, one.reasons.get(place)) for one in statements for place, since in one.revoked.items()]
    return TokenRevocation(
        revoked=any(_speaks_against(since, reason, made, trust.at) for since, reason in entries),
        unknown=any(one.unknown for one in statements),
        examined=any(0 in one.speaks_of for one in statements),
    )


def _of_lists(lists: Iterable[bytes], chain: Sequence[x509.Certificate], trust: Trust) -> Iterator[Statement]:
    loaded = [(data, load_list(data)) for data in lists]
    for place, (certificate, issuer) in enumerate(pairwise(chain)):
        for data, found in loaded:
            if found.issuer != issuer.subject or not _signed_by(found, issuer):
                continue
            trust.supplied.note(data, SourceUse.HEEDED)
            entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
            good = of_list(data, chain)
            yield Statement(
                speaks_of=frozenset({place}) if entry or (good and place in good.speaks_of) else frozenset(),
                revoked={place: entry.revocation_date_utc} if entry else {},
                end=trust.at,
                reasons={place: reason} if entry and (reason := _reason(entry)) else {},
            )


def _of_responses(
    responses: Iterable[bytes], chain: Sequence[x509.Certificate], trust: Trust
) -> Iterator[Statement]:
    for data in responses:
        found = of_response(data, chain)
        if found is not None:
            trust.supplied.note(data, SourceUse.LATE if found.late else SourceUse.HEEDED)
            yield found


def _signed_by(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    return isinstance(key, _IssuerKey) and found.is_signature_valid(key)


def _reason(entry: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    """Return why ``entry`` was revoked; a reason that nobody knows is none, and the gravest."""
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason
    except (ValueError, x509.ExtensionNotFound, x509.DuplicateExtension):
        return None


def _speaks_against(since: datetime, reason: x509.ReasonFlags | None, made: datetime, at: datetime) -> bool:
    """A key that only went out of use leaves its earlier tokens alone; any other spoils all (RFC 3161, 4)."""
    return since <= (made if reason in _HARMLESS else at)
