"""What becomes, in an export, of records that the source of the practice does not have any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from archiver.compliance.request_words import Omission
from archiver.practice.registers.gone_records import OF_PRACTICE, gone_by_patient
from archiver.practice.store import PracticeStore
from archiver.scope.handover_terms import HandoverTerm
from formats.model.provenance import SourceRow

GONE = "gone_records"
"""What counts call these records."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GoneLeaving:
    """How many ``records`` that the source does not have any more leave with the dossiers, or, ``left_out``, do not.

    ``beside`` counts by kind what does not leave either, for it is of patients who are gone themselves.
    """

    records: int = 0
    left_out: bool = False
    beside: Mapping[str, int] = field(default_factory=dict)

    def terms(self) -> Mapping[HandoverTerm, str]:
        """Return what the practice's unit says of them."""
        return {HandoverTerm.GONE: str(self.records)} if self.records and not self.left_out else {}

    def counts(self) -> Mapping[str, int]:
        """Return what the manifest says of them."""
        return {**({GONE: self.records} if self.records else {}), **self.beside} if self.left_out else {}


NOTHING_GONE = GoneLeaving()


def gone_practice_rows(store: PracticeStore) -> Counter[str]:
    """Return how many rows of the practice as a whole its source does not have any more, as a redaction."""
    counts = gone_by_patient(store).get(OF_PRACTICE)
    return Counter({f"{SourceRow.kind}:{Omission.GONE.value}": counts.total()} if counts else {})
