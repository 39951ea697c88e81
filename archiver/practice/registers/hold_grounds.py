"""What suspends the term of a dossier: the codes, and what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from formats.words import mark


class HoldGround(StrEnum):
    """What suspends the term."""

    CLAIM = "claim"
    APPEAL = "appeal"
    INQUIRY = "inquiry"
    OTHER = "other"


STATED = "stated"
"""The ground of a hold that whoever handed the dossier over states, without saying why."""

SUSPENDING = frozenset({HoldGround.CLAIM, HoldGround.APPEAL, HoldGround.INQUIRY, STATED})
"""Grounds that stop the term (CSP R1112-7), so that it ends later; of one that came with a package nobody knows."""

HOLD_WORDS: Mapping[str, str] = {
    HoldGround.CLAIM: mark("claim"),
    HoldGround.APPEAL: mark("appeal"),
    HoldGround.INQUIRY: mark("inquiry of a court or of the Order"),
    HoldGround.OTHER: mark("other reason"),
    STATED: mark("came with a package"),
}
