"""Whose record a source's patient row becomes: that of the person who has the number, never of another.

1. The records that share the number are looked up, the latest holder first.
2. The first of them that the row may describe (``archiver.handover.trait_changes``) takes it; its former
   traits stay in its history.
3. When none may, the row becomes a new record, and a person is asked whether it is one with the others.
   The identity of a record follows from the number the source gives the patient; under another holder it has
   one of its own.
4. Where the traits or the INS of a record change, every merge it is part of is examined again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from archiver.handover.trait_changes import another_person, puts_in_doubt, with_history
from archiver.practice import people, questions
from archiver.practice.store import PracticeStore
from formats.model.documents import Document
from formats.model.dossier import PATIENT_KINDS, Dossier
from formats.model.identity import Traits
from formats.model.imaging import ImageFile
from formats.model.people import Patient
from formats.model.provenance import SourceRow
from formats.model.record import NAMESPACE, Record, record_id
from formats.model.references import with_references
from formats.words import mark

IN_DOUBT = mark("they were one person, and the traits or the INS of one have changed")
OUTSIDE = ("other_patient", "payer_patient")
"""Fields that name a dossier outside the record's own, without a declared reference."""
NAMING = tuple(kind for kind in PATIENT_KINDS if any(one.name in OUTSIDE for one in fields(kind)))
"""Kinds of record that have such a field."""
PATIENT_RECORDS = frozenset(kind.kind for kind in PATIENT_KINDS)
"""Kinds of record that belong to one patient."""


@dataclass(frozen=True, kw_only=True, slots=True)
class NumberHolder:
    """Who has a patient number: ``patient`` as it is to be stored, under the identity of its own record.

    ``before`` is what is stored of it, ``others`` are the records of those who had the number besides.
    ``reason`` says why it is somebody else than them, where it is new.
    """

    number: str
    patient: Patient
    before: Patient | None
    others: tuple[Patient, ...] = ()
    reason: str = ""


def number_holder(store: PracticeStore, patient: Patient, *, at: datetime) -> NumberHolder:
    """Follow steps 1 to 3 for ``patient``, whose identity is that of the number; nothing is stored."""
    found = (store.get(Patient, one) for one in store.number_holders(patient.id))
    known = [one for one in found if one is not None]
    reasons = [another_person(one, patient) for one in known]
    before = next((one for one, reason in zip(known, reasons, strict=True) if not reason), None)
    reason = ""
    if before is not None:
        patient_id = before.id
    elif known:
        reason = reasons[0]
        patient_id = record_id(NAMESPACE, Patient.kind, f"{patient.id}/{_spelled(patient.traits)}")
    else:
        patient_id = patient.id
    return NumberHolder(
        number=patient.id,
        patient=with_history(before, replace(patient, id=patient_id), at=at),
        before=before,
        others=tuple(one for one in known if one.id != patient_id),
        reason=reason,
    )


def _spelled(traits: Traits) -> str:
    """Return the traits as a text that is the same wherever the same person takes the same number."""
    names = (traits.birth_family_name, *traits.birth_given_names, traits.used_family_name)
    born = traits.birth_date.isoformat() if traits.birth_date else ""
    return "/".join((*names, traits.used_given_name, born, traits.sex.value))


def note_holder(store: PracticeStore, holder: NumberHolder, *, at: datetime) -> None:
    """Remember who has the number, once the record is stored, and ask about somebody new."""
    if not holder.others:
        return
    _set_holder(store, holder.number, holder.patient.id, at=at)
    if holder.reason:
        for other in holder.others:
            questions.ask_again(store, holder.patient.id, other.id, reason=holder.reason, at=at)


def _set_holder(store: PracticeStore, number: str, patient: str, *, at: datetime) -> None:
    """Remember that ``patient`` has the number now."""
    current = store.number_holders(number)
    if current[:1] == [patient]:
        return
    statement = "INSERT OR IGNORE INTO number_holders (number, patient, since) VALUES (?, ?, ?)"
    for one in current:
        store.db.execute(statement, (number, one, ""))
    store.db.execute(statement.replace("IGNORE", "REPLACE"), (number, patient, at.isoformat()))
    store.note(at.isoformat(), "number-holder", {"number": number, "patient": patient})


def examine_merges(store: PracticeStore, before: Patient | None, now: Patient, *, at: datetime) -> str:
    """Follow step 4 for a record that was ``before``; return who stands for the others it is parted from, or ""."""
    if before is None or (before.traits, before.identifiers) == (now.traits, now.identifiers):
        return ""
    linked = (store.get(Patient, one) for one in people.linked_patients(store, now.id))
    if any(puts_in_doubt(before, now, other) for other in linked if other is not None):
        return questions.take_out(store, now.id, reason=IN_DOUBT, at=at)
    return ""


def identity_under(holder: str, number: str, kind: str, identity: str) -> str:
    """Return the identity a record has with ``holder``; with the number's own record it keeps its own."""
    return identity if holder == number else record_id(NAMESPACE, kind, f"{holder}/{identity}")


def reassign_record(record: Record, number: str, holder: str, owners: dict[str, str]) -> tuple[Record, int]:
    """Return ``record`` of ``number`` as a record of ``holder``, and how many references it loses.

    ``owners`` gives, for the identity of each record of the number, who holds that record: a dossier
    refers to nothing in another.
    """
    lost = 0

    def change(kind: str, identity: str) -> str | None:
        nonlocal lost
        if kind == Patient.kind:
            return holder if identity == number else identity
        if kind not in PATIENT_RECORDS:
            return identity
        if owners.get(identity, holder) == holder:
            return identity_under(holder, number, kind, identity)
        lost += 1
        return None

    made = with_references(record, change)
    made = replace(made, id=identity_under(holder, number, record.kind, record.id))
    for name in OUTSIDE:
        if getattr(made, name, None) == number:
            made = replace(made, **{name: holder})
    return made, lost


def says_the_same(record: Record, there: Record, number: str, holder: str) -> bool:
    """Tell whether ``record`` of ``number`` says what ``there``, of ``holder``, says already, references apart."""
    if isinstance(record, Document | ImageFile) and record.attachment is None:
        # a folder may not be there today
        record = replace(record, attachment=getattr(there, "attachment", None))
    made = replace(reassign_record(record, number, holder, {})[0], id=there.id)
    if isinstance(made, SourceRow) and isinstance(there, SourceRow):
        made = replace(made, records=there.records)  # they follow from its columns
    return _without_references(made) == _without_references(there)


def _without_references(record: Record) -> Record:
    """Return ``record`` without its references to other records of the patient: those may have parted."""
    return with_references(record, lambda kind, identity: None if kind in PATIENT_RECORDS else identity)


def dossier_of(dossier: Dossier, patient: Patient) -> Dossier:
    """Return ``dossier``, of the number its patient has, as the dossier of ``patient``, who has the number too."""
    number, kinds = dossier.patient.id, {record.id: record.kind for record in dossier.records()}
    if number == patient.id:
        return dossier if dossier.patient == patient else replace(dossier, patient=patient)

    def every(kind: type[Record]) -> Iterator[Record]:
        for one in getattr(dossier, kind.kind):
            made, _ = reassign_record(one, number, patient.id, {})
            yield with_rows(made, number, patient.id, kinds, {}) if isinstance(made, SourceRow) else made

    records: dict[str, Any] = {kind.kind: tuple(every(kind)) for kind in PATIENT_KINDS}
    return replace(dossier, patient=patient, **records)


def with_rows(
    row: SourceRow, number: str, holder: str, kinds: dict[str, str], owners: dict[str, str]
) -> SourceRow:
    """Return a moved ``row`` with the identities that the records read from it have now."""

    def now(identity: str) -> str:
        if identity == number:
            return holder
        if identity not in kinds:
            return identity
        return identity_under(owners.get(identity, holder), number, kinds[identity], identity)

    return replace(row, records=tuple(map(now, row.records)))
