"""Two patient records side by side: what a person compares to say whether they are of one person.

Each fact of both records, and whether they agree on it. A fact that one of them lacks speaks for nothing; numbers,
visits and counts help to recognise somebody, and are expected to differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archiver.identity.agreements import ADDRESS, EMAIL, INS, PHONE, Agreement, address_text, agreements
from archiver.identity.compared_traits import civil_sex
from archiver.practice.store import PracticeStore
from formats.model.care import ActStatus, AppointmentStatus
from formats.model.dictionary.entries import code_words, labels
from formats.model.identity import ContactKind, IdentifierType, Traits
from formats.model.people import Patient, PatientStatus, Practice, Practitioner
from formats.words import BilingualText, Words

_TRAITS, _PATIENT = labels(Traits), labels(Patient)
_NUMBERS = {IdentifierType.LOCAL, IdentifierType.CHART}
_PHONES = {ContactKind.PHONE, ContactKind.MOBILE}
_COUNTED = (
    (
        Words("Actes faits", "Acts done"),
        f"SELECT count(*) FROM acts WHERE patient = ? AND status = '{ActStatus.DONE}'",
    ),
    (
        Words("Images", "Images"),
        (
            "SELECT (SELECT count(*) FROM image_studies WHERE patient = ?1)"
            " + (SELECT count(*) FROM image_files WHERE patient = ?1)"
        ),
    ),
    (Words("Documents", "Documents"), "SELECT count(*) FROM documents WHERE patient = ?"),
)
_VISITS = (
    f"SELECT {{0}}(day) FROM (SELECT performed_on AS day FROM acts WHERE patient = ?1 AND status = '{ActStatus.DONE}'"
    " UNION ALL SELECT substr(starts_at, 1, 10) FROM appointments"
    f" WHERE patient = ?1 AND status = '{AppointmentStatus.COMPLETED}')"
)
_PRACTITIONERS = (
    "SELECT practitioner FROM acts WHERE patient = ? AND practitioner IS NOT NULL"
    " GROUP BY practitioner ORDER BY count(*) DESC, practitioner LIMIT 2"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RecordFact:
    """What one record says under a label, line by line."""

    label: Words
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ComparedFact:
    """One fact of two records."""

    label: Words
    one: tuple[str, ...]
    other: tuple[str, ...]
    agreement: Agreement


def side_by_side(store: PracticeStore, one: Patient, other: Patient) -> tuple[ComparedFact, ...]:
    """Return every fact that one of two records has, in the order in which people compare them."""
    found = agreements(one, other)
    facts = zip(_facts(store, one), _facts(store, other), strict=True)
    return tuple(
        ComparedFact(
            label=mine.label,
            one=mine.values,
            other=theirs.values,
            agreement=found.get(mine.label, Agreement.NO_TRAIT),
        )
        for mine, theirs in facts
        if mine.values or theirs.values
    )


_EARLIER = Words("Identités antérieures", "Earlier identities")


def _facts(store: PracticeStore, patient: Patient) -> Iterator[RecordFact]:
    traits = patient.traits
    practice = store.get(Practice, patient.practice)
    yield _fact(_PATIENT["practice"], practice.name if practice else "")
    yield _fact(_TRAITS["birth_family_name"], traits.birth_family_name)
    yield _fact(_TRAITS["birth_given_names"], " ".join(traits.birth_given_names))
    yield _fact(_TRAITS["used_family_name"], traits.used_family_name)
    yield _fact(_TRAITS["used_given_name"], traits.used_given_name)
    yield _fact(_EARLIER, *(_names(one.traits) for one in patient.earlier_traits))
    yield _fact(_TRAITS["birth_date"], traits.birth_date.isoformat() if traits.birth_date else "")
    yield _fact(_TRAITS["sex"], BilingualText(code_words(traits.sex)) if civil_sex(traits) else "")
    yield _fact(_TRAITS["birth_place"], traits.birth_place)
    status = [BilingualText(code_words(patient.ins_status))] if patient.ins_status else []
    yield _fact(INS, *_numbers(patient, {IdentifierType.INS}), *status)
    yield _fact(ADDRESS, *map(address_text, patient.addresses))
    yield _fact(PHONE, *(one.value for one in patient.contacts if one.kind in _PHONES))
    yield _fact(EMAIL, *(one.value for one in patient.contacts if one.kind is ContactKind.EMAIL))
    yield _fact(Words("Numéros", "Numbers"), *_numbers(patient, _NUMBERS))
    yield from _seen(store, patient)
    unusual = patient.status not in {PatientStatus.ACTIVE, PatientStatus.INACTIVE}
    yield _fact(_PATIENT["status"], BilingualText(code_words(patient.status)) if unusual else "")


def _seen(store: PracticeStore, patient: Patient) -> Iterator[RecordFact]:
    """Yield by whom and when the patient was seen, and how much there is."""
    practitioners = [patient.attending] if patient.attending else []
    practitioners += [row[0] for row in store.db.execute(_PRACTITIONERS, (patient.id,)).fetchall()]
    found = (store.get(Practitioner, one) for one in dict.fromkeys(practitioners))
    names = (" ".join(filter(None, (one.title, one.given_name, one.family_name))) for one in found if one)
    yield _fact(Words("Praticien", "Practitioner"), *names)
    for label, which in ((_PATIENT["first_visit"], "min"), (Words("Dernière visite", "Last visit"), "max")):
        ((day,),) = store.db.execute(_VISITS.format(which), (patient.id,)).fetchall()
        yield _fact(label, day or "")
    for label, query in _COUNTED:
        ((count,),) = store.db.execute(query, (patient.id,)).fetchall()
        yield _fact(label, str(count))


def _fact(label: Words, *values: str) -> RecordFact:
    return RecordFact(label=label, values=tuple(one for one in dict.fromkeys(values) if one.strip()))


def _names(traits: Traits) -> str:
    family = " / ".join(filter(None, dict.fromkeys((traits.birth_family_name, traits.used_family_name))))
    given = traits.used_given_name or " ".join(traits.birth_given_names)
    born = traits.birth_date.isoformat() if traits.birth_date else ""
    return " ".join(filter(None, (family, given, born)))


def _numbers(patient: Patient, types: set[IdentifierType]) -> Iterator[str]:
    return (one.value for one in patient.identifiers if one.type in types)
