"""Patients, and who pays, decides and is called for them."""

from __future__ import annotations

from collections.abc import Iterator

from formats.findings import Severity
from formats.model.care import Note, NoteKind
from formats.model.dates import without_time
from formats.model.health import HealthStatement, HealthStatus, HealthTopic
from formats.model.identity import (
    INS_NIR_OID,
    INS_OIDS,
    Contact,
    ContactKind,
    Identifier,
    IdentifierType,
    InsStatus,
    Sex,
    Traits,
)
from formats.model.people import Patient, PatientStatus, RelatedPerson, Relation
from formats.opendental import codes
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext, Reach
from formats.opendental.joins.merge_join import JoinedRow, RecordLink, Yielded
from formats.opendental.records.contact import contact_points, postal_addresses
from formats.words import mark

INS, INS_OID, INS_STATUS, BIRTH_NAME, BIRTH_PLACE = "INS", "INS-OID", "INS-STATUS", "BirthName", "BirthPlace"
OCCUPATION = "Occupation"
UNDERSTOOD = frozenset({INS, INS_OID, INS_STATUS, BIRTH_NAME, BIRTH_PLACE, OCCUPATION})
"""Names of the patient fields that hold the INS and the traits the software has no column for."""

_NOTES = (
    ("AddrNote", NoteKind.ADMINISTRATIVE),
    ("FamFinUrgNote", NoteKind.ADMINISTRATIVE),
    ("ApptModNote", NoteKind.ADMINISTRATIVE),
)
_PATIENT_NOTES = (
    ("Medical", NoteKind.CLINICAL),
    ("MedicalComp", NoteKind.CLINICAL),
    ("Treatment", NoteKind.CLINICAL),
    ("Service", NoteKind.ADMINISTRATIVE),
    ("FamFinancial", NoteKind.ADMINISTRATIVE),
    ("ApptPhone", NoteKind.ADMINISTRATIVE),
)


def patient(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``patient`` with its ``patfield`` rows: the person, related persons, alerts and short notes."""
    row = joined.row
    fields = {field.text("FieldName"): field for field in joined.of("patfield")}
    yield _person(row, context, {name: field.text("FieldValue") for name, field in fields.items()})
    for name in UNDERSTOOD & fields.keys():
        yield RecordLink(row=fields[name], record=context.patient(joined.patient))
    yield from _related(row, context)
    yield from _alerts(row, context)
    yield from patient_notes(row, context, _NOTES)


def _person(row: Row, context: LookupContext, fields: dict[str, str]) -> Patient:
    deceased = row.moment("DateTimeDeceased")
    return Patient(
        id=context.patient(int(row.key)),
        practice=context.practice,
        traits=_traits(row, fields),
        identifiers=tuple(_identifiers(row, context, fields)),
        ins_status=_ins_status(row, fields.get(INS_STATUS, "")),
        addresses=postal_addresses(row.cells),
        contacts=contact_points(row.cells),
        status=_status(row),
        deceased_on=without_time(deceased) if deceased else None,
        title=row.text("Title"),
        marital_status=codes.MARITAL_STATUS.get(row.number("Position")),
        occupation=fields.get(OCCUPATION) or row.text("EmploymentNote"),
        employer=context.listed(row, "EmployerNum", context.employers, ""),
        first_visit=row.day("DateFirstVisit"),
        language=row.text("Language"),
        attending=context.practitioner(row, "PriProv"),
        linked=tuple(_merged_into(row, context)),
    )


def _merged_into(row: Row, context: LookupContext) -> Iterator[str]:
    """Yield the patients into whom somebody merged this one in the software; one who is gone is noticed."""
    for number in dict.fromkeys(context.merges.get(int(row.key), ())):
        if number in context.patients:
            yield context.patient(number)
        else:
            row.notice(
                Severity.WARNING,
                "opendental-merge-lost",
                mark("This patient was merged into a patient who is not in the database (PatNum {number})."),
                number=number,
            )


def patient_link(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``patientlink``: the record that was given up in a merge names the other; other links are rows alone."""
    row = joined.row
    given_up = row.number("LinkType") == codes.MERGE and row.number("PatNumFrom") == joined.patient
    if given_up and row.number("PatNumTo") in context.patients:
        yield RecordLink(row=row, record=context.patient(joined.patient))


def _traits(row: Row, fields: dict[str, str]) -> Traits:
    """The software has one family name; it is the birth name too where no field says otherwise.

    The second given name is often an initial; an initial is no civil name.
    """
    middle = row.text("MiddleI")
    given = (row.text("FName"), middle if len(middle.rstrip(".")) > 1 else "")
    return Traits(
        birth_family_name=fields.get(BIRTH_NAME) or row.text("LName"),
        birth_given_names=tuple(name for name in given if name),
        used_family_name=row.text("LName"),
        used_given_name=row.text("Preferred") or row.text("FName"),
        birth_date=row.day("Birthdate"),
        sex=codes.SEX.get(row.number("Gender"), Sex.UNKNOWN),
        birth_place=fields.get(BIRTH_PLACE, ""),
    )


def _identifiers(row: Row, context: LookupContext, fields: dict[str, str]) -> Iterator[Identifier]:
    if ins := fields.get(INS):
        yield _ins(row, ins, fields.get(INS_OID, ""))
    local = f"urn:uuid:{context.practice}"
    yield Identifier(type=IdentifierType.LOCAL, system=local, value=row.key)
    if chart := row.text("ChartNumber"):
        yield Identifier(type=IdentifierType.CHART, system=local, value=chart)
    if nir := row.text("SSN"):
        yield Identifier(type=IdentifierType.NIR, system=INS_NIR_OID, value=nir)


def _ins(row: Row, value: str, oid: str) -> Identifier:
    """An INS without its namespace is kept, but not as an INS: the namespace is never guessed."""
    if oid in INS_OIDS:
        return Identifier(type=IdentifierType.INS, system=oid, value=value)
    row.notice(
        Severity.WARNING,
        "opendental-ins-without-oid",
        mark("The INS has no known OID (“{oid}”); it is kept as another identifier."),
        oid=oid,
    )
    return Identifier(type=IdentifierType.OTHER, system="urn:opendental:patfield:INS", value=value)


def _ins_status(row: Row, word: str) -> InsStatus | None:
    if word and word not in set(InsStatus):
        row.notice(
            Severity.WARNING,
            "opendental-ins-status-unknown",
            mark("“{status}” is no status of an INS identity."),
            status=word,
        )
        return None
    return InsStatus(word) if word else None


def _status(row: Row) -> PatientStatus:
    return codes.PATIENT_STATUS.get(row.number("PatStatus"), PatientStatus.OTHER)


def _related(row: Row, context: LookupContext) -> Iterator[RelatedPerson]:
    ownership_keys = (("Guarantor", Relation.PAYER), ("ResponsParty", Relation.GUARDIAN))
    for column, relation in ownership_keys:
        other = row.number(column)
        if other and str(other) != row.key:
            yield from _other_patient(row, context, column, relation, row.key)


def _other_patient(
    row: Row, context: LookupContext, column: str, relation: Relation, patient_key: str
) -> Iterator[RelatedPerson]:
    """Yield the patient ``column`` names as a related person; one who is gone is noticed."""
    other = row.number(column)
    name = context.patients.get(other)
    if name is None:
        row.notice(
            Severity.WARNING,
            "opendental-patient-unknown",
            mark("{column} names patient {number}, who is not in the database."),
            column=column,
            number=other,
        )
        return
    reach = context.reach.get(other, Reach())
    yield RelatedPerson(
        id=context.id(row.table, f"{row.key}/{column}"),
        patient=context.patient(int(patient_key)),
        relation=relation,
        family_name=name.family,
        given_name=name.given,
        other_patient=context.patient(other),
        contacts=reach.contacts,
        addresses=reach.addresses,
    )


def guardian(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``guardian``: a family member who decides for a child, or who is merely of the family."""
    relation = Relation.GUARDIAN if joined.row.number("IsGuardian") else Relation.FAMILY
    yield from _other_patient(joined.row, context, "PatNumGuardian", relation, str(joined.patient))


def _alerts(row: Row, context: LookupContext) -> Iterator[HealthStatement]:
    """The urgent medical note, the premedication mark and the SNOMED code of smoking."""
    owner = context.patient(int(row.key))
    if urgent := row.text("MedUrgNote"):
        yield HealthStatement(
            id=context.id("patient", f"{row.key}/MedUrgNote"),
            patient=owner,
            topic=HealthTopic.ALERT,
            status=HealthStatus.ACTIVE,
            label=urgent,
        )
    if row.number("Premed"):
        yield HealthStatement(
            id=context.id("patient", f"{row.key}/Premed"),
            patient=owner,
            topic=HealthTopic.ALERT,
            status=HealthStatus.ACTIVE,
            label="Premed",
        )
    if smoking := row.text("SmokingSnoMed"):
        yield HealthStatement(
            id=context.id("patient", f"{row.key}/SmokingSnoMed"),
            patient=owner,
            topic=HealthTopic.HABIT,
            code_system=codes.SNOMED_SYSTEM,
            code=smoking,
        )


def patient_note(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``patientnote``: the emergency contact and the long notes about a patient."""
    row = joined.row
    name, telephone = row.text("ICEName"), row.text("ICEPhone")
    if name or telephone:
        yield RelatedPerson(
            id=context.id("patientnote", f"{row.key}/ICE"),
            patient=context.patient(joined.patient),
            relation=Relation.EMERGENCY,
            family_name=name,
            contacts=(Contact(kind=ContactKind.PHONE, value=telephone),) if telephone else (),
        )
    yield from patient_notes(row, context, _PATIENT_NOTES)


def patient_notes(
    row: Row, context: LookupContext, columns: tuple[tuple[str, NoteKind], ...]
) -> Iterator[Note]:
    """Yield one note for every filled column."""
    for column, kind in columns:
        if written := row.text(column):
            yield Note(
                id=context.id(row.table, f"{row.key}/{column}"),
                patient=context.patient(int(row.key)),
                note=kind,
                text=written,
            )
