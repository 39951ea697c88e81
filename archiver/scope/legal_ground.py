"""On what ground dossiers change hands; recorded in every package.

Sources: CSP R4127-264, R4127-275, R4127-276, L1111-7, L1111-8.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from formats.words import mark


class LegalGround(StrEnum):
    COLLABORATION_EXIT = "collaboration-exit"
    REPLACEMENT_END = "replacement-end"
    SUCCESSION = "succession"
    COMPANY_CONTRIBUTION = "company-contribution"
    ASSET_SALE = "asset-sale"
    SHARE_SALE = "share-sale"
    PARTNER_EXIT = "partner-exit"
    MERGER = "merger"
    CESSATION = "cessation"
    ARCHIVE_DEPOSIT = "archive-deposit"
    PATIENT_REQUEST = "patient-request"
    REQUISITION = "requisition"
    NOT_STATED = "not-stated"


GROUND_WORDS = {
    LegalGround.COLLABORATION_EXIT: mark("end of a collaboration"),
    LegalGround.REPLACEMENT_END: mark("end of a replacement"),
    LegalGround.SUCCESSION: mark("succession"),
    LegalGround.COMPANY_CONTRIBUTION: mark("contribution to a company"),
    LegalGround.ASSET_SALE: mark("sale of the practice"),
    LegalGround.SHARE_SALE: mark("sale of shares"),
    LegalGround.PARTNER_EXIT: mark("exit of a partner"),
    LegalGround.MERGER: mark("merger of practices"),
    LegalGround.CESSATION: mark("end of activity"),
    LegalGround.ARCHIVE_DEPOSIT: mark("deposit with an archive company"),
    LegalGround.PATIENT_REQUEST: mark("request of the patient"),
    LegalGround.REQUISITION: mark("requisition"),
    LegalGround.NOT_STATED: mark("not stated"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedSignatures:
    """How many practitioners must have agreed on a roster, and in which texts that stands.

    Where it is one, whoever signs the package is enough.
    """

    count: int
    source: str


_BOTH = AskedSignatures(count=2, source="CSP R4127-262")
"""Patients go from one practitioner to another: neither draws them away without the other's word."""
ASKED_SIGNATURES: Mapping[LegalGround, AskedSignatures] = {
    LegalGround.COLLABORATION_EXIT: AskedSignatures(
        count=2, source="CSP R4127-262, R4127-276; ONCD, 2016-02-02, n° 2291"
    ),
    LegalGround.REPLACEMENT_END: AskedSignatures(count=1, source="CSP R4127-275"),
    LegalGround.SUCCESSION: _BOTH,
    LegalGround.COMPANY_CONTRIBUTION: _BOTH,
    LegalGround.ASSET_SALE: _BOTH,
    LegalGround.SHARE_SALE: _BOTH,
    LegalGround.PARTNER_EXIT: _BOTH,
    LegalGround.MERGER: _BOTH,
    LegalGround.CESSATION: AskedSignatures(count=1, source="CSP R4127-264"),
    LegalGround.ARCHIVE_DEPOSIT: AskedSignatures(count=1, source="CSP L1111-8"),
    LegalGround.PATIENT_REQUEST: AskedSignatures(count=1, source="CSP L1111-7"),
    LegalGround.REQUISITION: AskedSignatures(count=1, source="CPP 60-1, 77-1-1, 99-3"),
    LegalGround.NOT_STATED: _BOTH,
}
"""Signatures asked for on a roster. Nobody gets around them by stating no ground."""


def ground_words(code: str) -> str:
    """Return the words (a gettext sentence) for the ground a package states; an unknown one stays as it is."""
    return GROUND_WORDS[LegalGround(code)] if code in set(LegalGround) else code
