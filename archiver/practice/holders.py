"""Holders of a patient number: the patient records of the persons who had one number one after the other.

The identity of a record follows from the number the source gives the patient. When another person has
that number, their record has an identity of its own, and the store remembers which records share a number.
"""

from __future__ import annotations

from datetime import datetime

from archiver.practice.store import PracticeStore
from formats.model.record import NAMESPACE, record_id


def set_holder(store: PracticeStore, number: str, patient: str, *, at: datetime) -> None:
    """Remember that ``patient`` has the number now."""
    current = store.number_holders(number)
    if current[:1] == [patient]:
        return
    statement = "INSERT OR IGNORE INTO number_holders (number, patient, since) VALUES (?, ?, ?)"
    for one in current:
        store.db.execute(statement, (number, one, ""))
    store.db.execute(statement.replace("IGNORE", "REPLACE"), (number, patient, at.isoformat()))
    store.note(at.isoformat(), "number-holder", {"number": number, "patient": patient})


def identity_under(holder: str, number: str, kind: str, identity: str) -> str:
    """Return the identity a record has with ``holder``; with the number's own record it keeps its own."""
    return identity if holder == number else record_id(NAMESPACE, kind, f"{holder}/{identity}")
