"""Register of states: of which moment what is stored of a source is, by collection or by a package."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime

from archiver.practice.store import PracticeStore
from formats.digests import Digest
from formats.model.people import Patient

_COLLECTED, _RECEIVED, _STATED = "collected_at", "received_state", "stated_state"
"""Settings of a practice: when it was last collected with a change, and of when the latest package is; and of a
patient record: of when its latest plain archive is."""
_IMPORTED_PARTS = (
    "SELECT imports.created, coalesce(stated.parts, '') FROM imports"
    " LEFT JOIN dossier_states AS stated ON stated.package = imports.package AND stated.unit = imports.unit"
    " WHERE imports.patient = ?"
)


def note_import(
    store: PracticeStore,
    patient: str,
    *,
    package: str,
    unit: str,
    plain: Digest,
    created: datetime,
    at: datetime,
    counts: Mapping[str, int],
) -> None:
    """Remember that a unit of a package ``created`` then came in; the first time counts."""
    row = (package, unit, patient, plain.hex, at.isoformat(), json.dumps(dict(counts), sort_keys=True))
    store.db.execute(
        "INSERT OR IGNORE INTO imports (package, unit, patient, plain_sha256, imported_at, counts, created)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (*row, created.isoformat()),
    )


def note_collection(store: PracticeStore, practice: str, *, at: datetime) -> None:
    """Remember that the source of ``practice`` was collected at this moment."""
    store.set_setting(f"{_COLLECTED}/{practice}", at.isoformat())


def note_source(store: PracticeStore, practice: str) -> None:
    """Remember that the source of ``practice`` was collected, in a state of which it is said elsewhere of when."""
    if not was_collected(store, practice):
        store.set_setting(f"{_COLLECTED}/{practice}", "")


def note_received(store: PracticeStore, practice: str, *, created: datetime) -> None:
    """Remember that a package ``created`` then brought what it says of ``practice`` as a whole."""
    known = practice_state(store, practice)
    if known is None or known < created:
        store.set_setting(f"{_RECEIVED}/{practice}", created.isoformat())


def note_stated(store: PracticeStore, patient: str, *, created: datetime) -> None:
    """Remember that a source brought the dossier of ``patient`` as it was at this moment."""
    store.set_setting(f"{_STATED}/{patient}", created.isoformat())


def was_collected(store: PracticeStore, practice: str) -> bool:
    """Tell whether the source of ``practice`` was collected into ``store``."""
    return store.setting(f"{_COLLECTED}/{practice}") is not None


def collected_practices(store: PracticeStore) -> frozenset[str]:
    """Return the practices whose source was collected into ``store``."""
    names = store.db.execute("SELECT name FROM settings WHERE name LIKE ?", (f"{_COLLECTED}/%",))
    return frozenset(name.partition("/")[2] for (name,) in names)


def practice_state(store: PracticeStore, practice: str) -> datetime | None:
    """Return of which moment what is stored of ``practice`` as a whole is, where anybody knows."""
    return max(_settings(store, practice, _COLLECTED, _RECEIVED), default=None)


def dossier_state(store: PracticeStore, patient: Patient) -> datetime | None:
    """Return of which moment the dossier of ``patient`` is as it is stored, where anybody knows."""
    rows = store.db.execute("SELECT created FROM imports WHERE patient = ?", (patient.id,)).fetchall()
    received = (datetime.fromisoformat(row[0]) for row in rows if row[0])
    stated = _settings(store, patient.id, _STATED)
    return max((*received, *stated, *_settings(store, patient.practice, _COLLECTED)), default=None)


def newer_part(store: PracticeStore, patient: Patient, created: datetime) -> datetime | None:
    """Return when the latest package after ``created`` was made that brought the dossier of ``patient`` in part.

    ``None`` where none did, or where something newer brought the dossier whole.
    """
    rows = store.db.execute(_IMPORTED_PARTS, (patient.id,)).fetchall()
    came = [(datetime.fromisoformat(made), bool(parts)) for made, parts in rows if made]
    newer = [(at, in_part) for at, in_part in came if at > created]
    others = (*_settings(store, patient.id, _STATED), *_settings(store, patient.practice, _COLLECTED))
    if not newer or not all(in_part for _, in_part in newer) or any(at > created for at in others):
        return None
    return max(at for at, _ in newer)


def _settings(store: PracticeStore, practice: str, *names: str) -> Iterator[datetime]:
    values = (store.setting(f"{name}/{practice}") for name in names)
    return (datetime.fromisoformat(value) for value in values if value)
