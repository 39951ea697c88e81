"""On what ground dossiers change hands; recorded in every package.

Sources: CSP R4127-264, R4127-275, R4127-276, L1111-7, L1111-8.
"""

from __future__ import annotations

from enum import StrEnum

from formats.words import mark


class LegalGround(StrEnum):
    COLLABORATION_EXIT = "collaboration-exit"
    REPLACEMENT_END = "replacement-end"
    SUCCESSION = "succession"
    COMPANY_CONTRIBUTION = "company-contribution"
    ASSET_SALE = "asset-sale"
    SHARE_SALE = "share-sale"
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
    LegalGround.CESSATION: mark("end of activity"),
    LegalGround.ARCHIVE_DEPOSIT: mark("deposit with an archive company"),
    LegalGround.PATIENT_REQUEST: mark("request of the patient"),
    LegalGround.REQUISITION: mark("requisition"),
    LegalGround.NOT_STATED: mark("not stated"),
}


def ground_words(code: str) -> str:
    """Return the words (a gettext sentence) for the ground a package states; an unknown one stays as it is."""
    return GROUND_WORDS[LegalGround(code)] if code in set(LegalGround) else code
