"""What leaves although the source of the practice does not have it any more: counted, left out where somebody says so.

1. The marks (``archiver.practice.registers.gone_records``) of the dossiers that leave are counted, and where everybody
   leaves those of rows of the practice as a whole.
2. A person decides whether they leave. Verbatim rows alone need no decision: a row without a key of its own is another
   one whenever anything in it changes.
3. Left out are the records. A patient who is gone stays here where everybody leaves, unless another record of the
   person leaves, with what is in the dossier beside: images and documents, for one. All of it is counted. Whom a
   roster names leaves, with what of their dossier is not gone.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from archiver.operations.splitting.leaving import LeavingPatients
from archiver.practice import people
from archiver.practice.registers.gone_records import OF_PRACTICE, GoneCounts, gone_by_patient, gone_patients
from archiver.practice.store import PracticeStore
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient
from formats.model.provenance import SourceRow


@dataclass(frozen=True, kw_only=True, slots=True)
class GoneFromSource:
    """How many records that leave are gone from the source, by kind and reason.

    ``beside`` counts by kind what stays with patients who are gone themselves.
    """

    counts: GoneCounts
    beside: Mapping[str, int] = field(default_factory=dict)

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
    beside: Mapping[str, int] = {}
    if everybody:
        gone = gone_patients(store)
        others = set(people.with_linked(store, (one for one in leaving.patients if one not in gone)))
        beside = _records_of(store, [one for one in leaving.patients if one not in others])
        leaving = replace(leaving, patients=tuple(one for one in leaving.patients if one in others))
    found = gone_from_source(store, leaving, everybody=everybody)
    counts = Counter(
        {(kind, why): count for (kind, why), count in found.counts.items() if kind != Patient.kind}
    )
    return leaving, GoneFromSource(counts=counts, beside=beside)


def _records_of(store: PracticeStore, patients: Sequence[str]) -> Mapping[str, int]:
    """Return how many records of each kind ``patients`` have, without kinds of which there is none."""
    counts = {}
    for kind in PATIENT_KINDS:
        query = f"SELECT count(*) FROM [{kind.kind}] WHERE patient IN (SELECT value FROM json_each(?))"  # noqa: S608 - our own
        (counts[kind.kind],) = store.db.execute(query, (json.dumps(patients),)).fetchone()
    return {kind: count for kind, count in counts.items() if count}
