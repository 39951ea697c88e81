"""What revocation lists and OCSP responses say against a time-stamp: those in its token, and the reader's own.

They are heeded when the issuer signed them (a response also when one did whom the issuer
authorised), however old: they were put there to be read later, and what says nothing against
a token leaves it as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from archiver.signing.given import Heed
from archiver.signing.loading import load_certificate, load_list
from archiver.signing.ocsp_response import of_response
from archiver.signing.signed_data import OCSP_RESPONSE
from archiver.signing.sources import Sources
from archiver.signing.trust import Trust

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


def sources_inside(signed: Any) -> Sources:
    """Return the lists and responses in the parsed SignedData of a token; of what else may be there nobody knows."""
    others = [one.chosen for one in signed["crls"] if one.name == "other"]
    return Sources(
        lists=tuple(one.chosen.dump() for one in signed["crls"] if one.name == "crl"),
        responses=tuple(
            one["other_rev_info"].dump()
            for one in others
            if one["other_rev_info_format"].dotted == OCSP_RESPONSE
        ),
    )


def is_revoked(sources: Sources, way: Sequence[Any], made: datetime, trust: Trust) -> bool:
    """Say whether one of ``sources`` speaks against a token; what became of each is written down in ``trust``.

    ``made`` is the time it tells, ``way`` leads from its authority's certificate (parsed) to a root.
    """
    chain = [load_certificate(one.dump()) for one in way]
    entries = [*_of_lists(sources.lists, chain, trust), *_of_responses(sources.responses, chain, trust)]
    return any(_speaks_against(since, reason, made, trust.at) for since, reason in entries)


_Entry = tuple[datetime, x509.ReasonFlags | None]
"""Since when a certificate of the chain is revoked, and why."""


def _of_lists(lists: Iterable[bytes], chain: Sequence[x509.Certificate], trust: Trust) -> Iterator[_Entry]:
    loaded = [(data, load_list(data)) for data in lists]
    for certificate, issuer in pairwise(chain):
        for data, found in loaded:
            if found.issuer != issuer.subject or not _signed_by(found, issuer):
                continue
            trust.given.note(data, Heed.HEEDED)
            entry = found.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if entry is not None:
                yield entry.revocation_date_utc, _reason(entry)


def _of_responses(
    responses: Iterable[bytes], chain: Sequence[x509.Certificate], trust: Trust
) -> Iterator[_Entry]:
    for data in responses:
        found = of_response(data, chain)
        if found is None:
            continue
        trust.given.note(data, Heed.HEEDED)
        for place, since in found.revoked.items():
            yield since, found.reasons.get(place)


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
