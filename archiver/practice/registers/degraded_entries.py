"""Entries of dossiers that could not be taken as they were sent: what can be read of them, and the original.

One that is the same in a later package stays as it is, with who looked at it; one that comes whole goes, unless
somebody had looked at it. An allergy of which nobody has looked at the original bars a transfer from being done.
Source: GP2GP, degraded drug allergies.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from archiver.practice.registers.rows import insert_entry, select_entries, update_entry
from archiver.practice.store import PracticeStore
from formats.model.dictionary.entries import code_words
from formats.model.health import HealthTopic
from formats.words import BilingualText, mark

OTHER_ENTRY = mark("other entry")
"""What an entry of no topic of medical history is called."""
ALLERGY = HealthTopic.ALLERGY.value
"""The topic of an entry that bars a transfer from being done until a person has looked."""
OPEN = "reviewed_at = ''"


class DegradationReason(StrEnum):
    """Why an entry is not as it was sent."""

    ELEMENT_UNKNOWN = "element-unknown"
    RESOURCE_UNKNOWN = "resource-unknown"
    WITHOUT_NAME = "without-name"
    ROW_UNREAD = "row-unread"


REASON_WORDS: Mapping[str, str] = {
    DegradationReason.ELEMENT_UNKNOWN: mark("part of it is not understood here"),
    DegradationReason.RESOURCE_UNKNOWN: mark("nothing of it is understood here"),
    DegradationReason.WITHOUT_NAME: mark("it says neither name nor code"),
    DegradationReason.ROW_UNREAD: mark("the sender's program could not be read there"),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Degradation:
    """An entry as it came: ``text`` is what can be read of it, ``original`` (JSON) all of it.

    ``topic`` is the topic of medical history it is of, empty where it is of none; ``record`` the identity of the
    record that was made of it, where one was.
    """

    topic: str
    reason: DegradationReason
    text: str
    original: str
    record: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class DegradedEntry:
    """A degradation in the store; ``reviewed_at`` is empty until somebody has looked at the original."""

    table: ClassVar[str] = "degraded_entries"
    id: int
    patient: str
    package: str
    unit: str
    record: str
    topic: str
    reason: str
    text: str
    original: str
    noted_at: str
    reviewed_by: str
    reviewed_at: str
    remark: str

    @property
    def unread_allergy(self) -> bool:
        """Whether it is an allergy at which nobody has looked."""
        return self.topic == ALLERGY and not self.reviewed_at


def topic_words(entry: DegradedEntry) -> str:
    """Return what the topic of ``entry`` is called."""
    return BilingualText(code_words(HealthTopic(entry.topic))) if entry.topic else OTHER_ENTRY


def note_degraded(
    store: PracticeStore,
    patient: str,
    found: Iterable[Degradation],
    *,
    package: str,
    unit: str,
    at: datetime,
    whole: bool = True,
) -> tuple[DegradedEntry, ...]:
    """Remember what of the dossier of ``patient`` is degraded as a package has it; return those entries.

    Where the package has the ``whole`` dossier, what it has no more goes, unless somebody has looked at it.
    """
    known = {_key(one): one for one in degraded_of(store, patient)}
    entries = []
    for one in found:
        entry = known.pop(_key(one), None)
        entries.append(entry or _insert(store, patient, one, package=package, unit=unit, at=at))
    gone = [(one.id,) for one in known.values() if whole and not one.reviewed_at]
    store.db.executemany("DELETE FROM degraded_entries WHERE id = ?", gone)
    return tuple(entries)


def _key(one: Degradation | DegradedEntry) -> tuple[str, ...]:
    return one.topic, one.record, str(one.reason), one.original


def _insert(
    store: PracticeStore, patient: str, one: Degradation, *, package: str, unit: str, at: datetime
) -> DegradedEntry:
    return insert_entry(
        store,
        DegradedEntry,
        patient=patient,
        package=package,
        unit=unit,
        record=one.record,
        topic=one.topic,
        reason=one.reason.value,
        text=one.text,
        original=one.original,
        noted_at=at.isoformat(),
    )


def degraded_of(store: PracticeStore, patient: str) -> Iterator[DegradedEntry]:
    """Yield the degraded entries of one patient record."""
    return select_entries(store, DegradedEntry, "patient = ?", (patient,))


def degraded_entries(store: PracticeStore, *, unreviewed: bool = True) -> Iterator[DegradedEntry]:
    """Yield the entries at which nobody has looked, or all there are."""
    return select_entries(store, DegradedEntry, OPEN if unreviewed else "TRUE")


def review_entries(
    store: PracticeStore, patients: Iterable[str], *, reviewed_by: str, remark: str, at: datetime
) -> tuple[DegradedEntry, ...]:
    """Write down that somebody has looked at what is degraded in the dossiers of ``patients``; return the entries."""
    found = []
    for patient in patients:
        for one in select_entries(store, DegradedEntry, f"patient = ? AND {OPEN}", (patient,)):
            cells = {"reviewed_by": reviewed_by, "remark": remark}
            update_entry(store, DegradedEntry, one.id, reviewed_at=at.isoformat(), **cells)
            store.note(at.isoformat(), "degraded-reviewed", {"entry": one.id, "patient": patient, **cells})
            found.append(next(select_entries(store, DegradedEntry, "id = ?", (one.id,))))
    return tuple(found)
