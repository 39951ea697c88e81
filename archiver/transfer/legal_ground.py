"""On what ground dossiers change hands; recorded in every package.

Sources: CSP R4127-264, R4127-275, R4127-276, L1111-7, L1111-8; see docs/explanation.
"""

from __future__ import annotations

from enum import StrEnum


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
