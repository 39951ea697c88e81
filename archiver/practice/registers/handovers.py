"""Register of handovers: what was exported to whom, dossier by dossier, and the receipts and proofs that came back.

No name is written down: whose a dossier was, the patient record tells as long as the practice keeps it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from archiver.practice.registers.rows import insert_entry, select_entries, update_entry
from archiver.practice.store import PracticeStore


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportRecord:
    """A package or a set that was exported: ``counts`` is what it announces, sums of money included.

    ``situation`` is a code, or empty where none was stated.
    """

    package: str
    file: str
    revision: int
    signed_list: str
    created: datetime
    ground: str
    situation: str
    receiver: str
    counts: Mapping[str, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportedUnit:
    """A unit of a handover: whose (empty for the practice's part, of which ``counts`` is nothing), what it holds."""

    unit: str
    patient: str = ""
    counts: Mapping[str, int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordedReceipt:
    """A receipt that came back, as it was checked: ``accepted``, ``done`` and ``whole`` are 1 where they hold.

    ``left_aside`` counts the units that the receiver left aside on purpose, whole or in part.
    """

    table: ClassVar[str] = "receipts"
    id: int
    package: str
    sha256: str
    received_at: str
    receiver: str
    signer: str
    fingerprint: str
    acknowledged: int
    left_aside: int
    differences: int
    accepted: int
    done: int
    whole: int
    recorded_at: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeliveryProof:
    """How, to whom and on what day a package was handed over; who claimed it, and how their identity was checked."""

    table: ClassVar[str] = "proofs_of_delivery"
    id: int
    package: str
    conveyance: str
    recipient: str
    delivered_on: str
    claimed_by: str
    claimed_on: str
    identity_check: str
    recorded_by: str
    recorded_at: str


_PUT = (
    "INSERT OR REPLACE INTO handovers"
    " (package, file, revision, signed_list, created, ground, situation, receiver, counts)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_PUT_UNIT = "INSERT OR REPLACE INTO sent_units (package, unit, patient, counts) VALUES (?, ?, ?, ?)"
_SELECT = (
    "SELECT package, file, revision, signed_list, created, ground, situation, receiver, counts FROM handovers"
)


def note_handover(
    store: PracticeStore,
    handover: ExportRecord,
    units: Iterable[ExportedUnit],
    *,
    at: datetime,
    operation: str = "export",
) -> None:
    """Remember that ``handover``, which holds ``units``, was exported; the journal has it as ``operation``."""
    store.db.execute(
        _PUT,
        (
            handover.package,
            handover.file,
            handover.revision,
            handover.signed_list,
            handover.created.isoformat(),
            handover.ground,
            handover.situation,
            handover.receiver,
            _text(handover.counts),
        ),
    )
    rows = [(handover.package, one.unit, one.patient, _text(one.counts)) for one in units]
    store.db.executemany(_PUT_UNIT, rows)
    detail = {"package": handover.package, "file": handover.file, "receiver": handover.receiver}
    store.note(at.isoformat(), operation, detail | {"units": len(rows)})


def _text(counts: Mapping[str, int] | None) -> str:
    return "" if counts is None else json.dumps(dict(counts), sort_keys=True)


def handovers(store: PracticeStore) -> Iterator[ExportRecord]:
    """Yield the handovers, in the order in which they were exported."""
    return map(_of_row, store.db.execute(f"{_SELECT} ORDER BY created, rowid").fetchall())


def find_handover(store: PracticeStore, package: str) -> ExportRecord | None:
    """Return the handover of a package or a set, or ``None``."""
    row = store.db.execute(f"{_SELECT} WHERE package = ?", (package,)).fetchone()
    return _of_row(row) if row else None


def handovers_of_file(store: PracticeStore, name: str) -> Sequence[ExportRecord]:
    """Return the handovers whose file was called ``name``."""
    return list(
        map(_of_row, store.db.execute(f"{_SELECT} WHERE file = ? ORDER BY rowid", (name,)).fetchall())
    )


def _of_row(row: tuple[Any, ...]) -> ExportRecord:
    package, file, revision, signed_list, created, ground, situation, receiver, counts = row
    return ExportRecord(
        package=package,
        file=file,
        revision=revision,
        signed_list=signed_list,
        created=datetime.fromisoformat(created),
        ground=ground,
        situation=situation,
        receiver=receiver,
        counts=json.loads(counts),
    )


def count_exported_units(store: PracticeStore, package: str) -> int:
    """Return how many units one handover has."""
    query = "SELECT count(*) FROM sent_units WHERE package = ?"
    found: int = store.db.execute(query, (package,)).fetchone()[0]
    return found


def exported_units(store: PracticeStore, package: str) -> Iterator[ExportedUnit]:
    """Yield the units of one handover."""
    query = "SELECT unit, patient, counts FROM sent_units WHERE package = ? ORDER BY rowid"
    for unit, patient, counts in store.db.execute(query, (package,)).fetchall():
        yield ExportedUnit(unit=unit, patient=patient, counts=json.loads(counts) if counts else None)


def note_receipt(store: PracticeStore, at: datetime, **cells: str | int) -> RecordedReceipt:
    """Remember a receipt as it was checked; one that is there already is as it was checked last."""
    known = next(select_entries(store, RecordedReceipt, "sha256 = ?", (cells["sha256"],)), None)
    if known is None:
        made = insert_entry(store, RecordedReceipt, recorded_at=at.isoformat(), **cells)
        store.note(at.isoformat(), "receipt-recorded", {"receipt": made.id, **cells})
        return made
    if any(getattr(known, name) != value for name, value in cells.items()):
        update_entry(store, RecordedReceipt, known.id, **cells)
        store.note(at.isoformat(), "receipt-checked-again", {"receipt": known.id, **cells})
    return next(select_entries(store, RecordedReceipt, "id = ?", (known.id,)))


def receipts(store: PracticeStore, package: str) -> Iterator[RecordedReceipt]:
    """Yield the receipts of one handover, in the order in which they came."""
    return select_entries(store, RecordedReceipt, "package = ?", (package,))


def note_proof_of_delivery(store: PracticeStore, at: datetime, **cells: str) -> bool:
    """Remember that a package was handed over; return whether that was not remembered already."""
    same = " AND ".join(f"{name} = ?" for name in cells)
    if next(select_entries(store, DeliveryProof, same, tuple(cells.values())), None) is not None:
        return False
    made = insert_entry(store, DeliveryProof, recorded_at=at.isoformat(), **cells)
    store.note(at.isoformat(), "handover-delivered", {"proof": made.id, **cells})
    return True


def proofs_of_delivery(store: PracticeStore, package: str) -> Iterator[DeliveryProof]:
    """Yield the proofs that one package was handed over, in the order in which they were written down."""
    return select_entries(store, DeliveryProof, "package = ?", (package,))
