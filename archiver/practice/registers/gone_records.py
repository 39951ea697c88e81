"""Register of gone records: what a source gave once and does not give any more. It stays, for twenty years or longer.

A software loses rows by deletions, and as often by merges of two patients, corrections and mistakes: nothing says
that what is gone may be destroyed. Only what a complete collection of the same source did not find is marked, and a
record that comes back is not gone any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.words import mark

if TYPE_CHECKING:
    from archiver.practice.store import PracticeStore

MARKED: tuple[type[Record], ...] = (Patient, *PATIENT_KINDS)
"""Kinds of record that are marked; the practice and who works there are not."""
OF_PRACTICE = ""
"""Whose a row of the practice as a whole is, in the register."""


class GoneReason(StrEnum):
    """What became of the row that a record was read from."""

    ROW_GONE = "row-gone"
    ROW_CHANGED = "row-changed"
    NOT_MADE = "not-made"
    UNCLEAR = "unclear"


REASON_WORDS = {
    GoneReason.ROW_GONE: mark("the software does not have its row any more"),
    GoneReason.ROW_CHANGED: mark(
        "its row, or one beside it, was changed in the software and does not give it any more"
    ),
    GoneReason.NOT_MADE: mark(
        "its row is there as before, and what reads it (the mapping) does not make it any more"
    ),
    GoneReason.UNCLEAR: mark("rows of its table have other keys now, and none has its content"),
}
"""The reasons, as sentences of the catalogue."""


@dataclass(frozen=True, slots=True)
class GoneRecord:
    """A record of ``kind`` that is gone from the source of ``system`` ``since`` a moment (ISO 8601).

    ``patient`` is whose it is, ``OF_PRACTICE`` for a row of the practice as a whole.
    """

    kind: str
    id: str
    system: str
    patient: str
    reason: GoneReason
    since: str


_READING = "collected_reading"
"""Setting of a system: the digest of what read it, its mapping for one, and the version of the program."""
_COLUMNS = ", ".join(f"[{one.name}]" for one in fields(GoneRecord))


def mark_records(store: PracticeStore, records: Iterable[GoneRecord]) -> int:
    """Mark ``records``, but for those that are marked already; return how many that are."""
    before = store.db.total_changes
    marks = ", ".join("?" * len(fields(GoneRecord)))
    statement = f"INSERT OR IGNORE INTO gone_records ({_COLUMNS}) VALUES ({marks})"
    store.db.executemany(statement, map(astuple, records))
    return store.db.total_changes - before


def unmark_records(store: PracticeStore, kind: str, identities: Iterable[str]) -> int:
    """Remove the marks of these records of ``kind``; return how many that are."""
    before = store.db.total_changes
    statement = "DELETE FROM gone_records WHERE kind = ? AND id = ?"
    store.db.executemany(statement, ((kind, one) for one in identities))
    return store.db.total_changes - before


def note_reading(store: PracticeStore, system: str, reading: str) -> bool:
    """Remember what read the source of ``system``; return whether it was read by something else before."""
    name = f"{_READING}/{system}"
    before = store.setting(name)
    if before != reading:
        store.set_setting(name, reading)
    return before not in {None, reading}


def marked_places(store: PracticeStore, system: str, kind: str) -> list[tuple[str, int | None]]:
    """Return the marked records of ``kind`` of ``system``, each with its place in its table, if it is stored."""
    query = (
        f"SELECT gone_records.id, there.rowid FROM gone_records LEFT JOIN [{kind}] AS there"
        " ON there.id = gone_records.id WHERE gone_records.kind = ? AND gone_records.system = ?"
    )
    return store.db.execute(query, (kind, system)).fetchall()


def gone_records(store: PracticeStore, patient: str | None = None) -> Iterator[GoneRecord]:
    """Yield the gone records of ``patient``, or ``OF_PRACTICE``, or all by patient, in the order of their marking."""
    where, values = ("TRUE", ()) if patient is None else ("patient = ?", (patient,))
    query = f"SELECT {_COLUMNS} FROM gone_records WHERE {where} ORDER BY patient, rowid"
    for kind, identity, system, owner, reason, since in store.db.execute(query, values):
        yield GoneRecord(kind, identity, system, owner, GoneReason(reason), since)


def gone_identities(store: PracticeStore, patient: str) -> frozenset[str]:
    """Return the identities of the gone records of ``patient``."""
    return frozenset(
        one for (one,) in store.db.execute("SELECT id FROM gone_records WHERE patient = ?", (patient,))
    )


def gone_patients(store: PracticeStore, system: str = "") -> frozenset[str]:
    """Return the patient records that are gone themselves, from the source of ``system`` or from any."""
    query = "SELECT id FROM gone_records WHERE kind = ?1 AND (?2 = '' OR system = ?2)"
    return frozenset(one for (one,) in store.db.execute(query, (Patient.kind, system)))


GoneCounts = Counter[tuple[str, GoneReason]]
"""How many records are gone, by kind and reason."""


def gone_by_patient(store: PracticeStore) -> dict[str, GoneCounts]:
    """Return how many records of each patient, and of the practice as a whole, are gone."""
    found: dict[str, GoneCounts] = {}
    query = "SELECT patient, kind, reason, count(*) FROM gone_records GROUP BY patient, kind, reason"
    for patient, kind, reason, count in store.db.execute(query):
        found.setdefault(patient, Counter())[kind, GoneReason(reason)] = count
    return found


def gone_counts(store: PracticeStore, system: str) -> Counter[str]:
    """Return how many records of the source of ``system`` are gone, by kind."""
    query = "SELECT kind, count(*) FROM gone_records WHERE system = ? GROUP BY kind"
    return Counter(dict(store.db.execute(query, (system,)).fetchall()))


def gone_rows(store: PracticeStore, system: str) -> Counter[str]:
    """Return how many verbatim rows of the source of ``system`` are gone, by table."""
    query = (
        "SELECT [table], count(*) FROM source_rows JOIN gone_records USING (id)"
        " WHERE kind = ? AND gone_records.system = ? GROUP BY [table]"
    )
    return Counter(dict(store.db.execute(query, (SourceRow.kind, system)).fetchall()))


def gone_of_system(store: PracticeStore, system: str) -> dict[tuple[str, GoneReason], tuple[int, datetime]]:
    """Return how many records of the source of ``system`` are gone, by kind and reason, and since when the first is."""
    query = (
        "SELECT kind, reason, count(*), min(since) FROM gone_records WHERE system = ? GROUP BY kind, reason"
    )
    return {
        (kind, GoneReason(reason)): (count, datetime.fromisoformat(since))
        for kind, reason, count, since in store.db.execute(query, (system,))
    }
