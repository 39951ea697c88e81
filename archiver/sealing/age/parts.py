"""The parts of an age file, and the failure that names the part that is broken."""

from __future__ import annotations

from enum import StrEnum

from archiver.sealing.errors import SealBroken


class AgePart(StrEnum):
    """Where in an age file a fault was found; the ``where`` of its failure."""

    ARMOR = "age armor"
    HEADER = "age header"
    MAC = "age header MAC"
    PAYLOAD = "age payload"


def age_failure(part: AgePart, reason: str) -> SealBroken:
    """Return the failure that says ``reason`` about ``part``."""
    return SealBroken(where=part.value, reason=reason)
