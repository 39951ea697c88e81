"""What leaves although the source of the practice does not have it any more: counted, left out where somebody says so.

1. The marks (``archiver.practice.registers.gone_records``) of the dossiers that leave are counted, and where everybody
   leaves those of rows of the practice as a whole.
2. A person decides whether they leave. Verbatim rows alone need no decision: a row without a key of its own is another
   one whenever anything in it changes.
3. Left out are the records. A patient who is gone stays here where everybody leaves, unless another record of the
   person leaves; whom a roster names leaves, with what of their dossier is not gone.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from archiver.operations.splitting.leaving import LeavingPatients
from archiver.practice import people
from archiver.practice.registers.gone_records import OF_PRACTICE, GoneCounts, gone_by_patient, gone_patients
from archiver.practice.store import PracticeStore
from formats.model.people import Patient
from formats.model.provenance import SourceRow


@dataclass(frozen=True, kw_only=True, slots=True)
class GoneFromSource:
    """How many records that leave are gone from the source, by kind and reason."""

    counts: GoneCounts

    @property
    def records(self) -> int:
        """All of them."""
        return self.counts.total()

    @property
    def to_decide(self) -> bool:
        """Whether somebody has to say whether they leave."""
        return any(kind != SourceRow.kind for kind, _ in self.counts)


def gone_from_source(store: PracticeStore, leaving: LeavingPatients, *, everybody: bool) -> GoneFromSource:
    """Follow step 1."""
    found, counts = gone_by_patient(store), GoneCounts()
    for patient in (*people.with_linked(store, leaving.patients), *([OF_PRACTICE] if everybody else [])):
        counts.update(found.get(patient, {}))
    return GoneFromSource(counts=counts)


def without_gone(
    store: PracticeStore, leaving: LeavingPatients, *, everybody: bool
) -> tuple[LeavingPatients, GoneFromSource]:
    """Follow step 3: return who leaves, and what is left out of their dossiers."""
    if everybody:
        gone = gone_patients(store)
        staying = set(people.with_linked(store, (one for one in leaving.patients if one not in gone)))
        leaving = replace(leaving, patients=tuple(one for one in leaving.patients if one in staying))
    found = gone_from_source(store, leaving, everybody=everybody)
    counts = Counter(
        {(kind, why): count for (kind, why), count in found.counts.items() if kind != Patient.kind}
    )
    return leaving, GoneFromSource(counts=counts)
