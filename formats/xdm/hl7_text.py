"""Data types of HL7 v2 written: numbers (CX), professionals (XCN), organisations (XON), lines of a PID segment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from formats.cda.codes import ORGANISATION_OID, PROFESSIONAL_OID
from formats.cda.writer.patient import ins_numbers, own_numbers
from formats.cda.writer.people import national_id, professional_ids
from formats.cda.writer.values import date_stamp, moment_stamp
from formats.model.dates import AnyMoment
from formats.model.dossier import Dossier
from formats.model.identity import Address, Sex, Traits
from formats.model.people import PatientStatus, Practice, Practitioner

MAX_VALUE = 256
"""Characters of a value of a slot (ebRIM 3.0, LongName)."""
_ESCAPES = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\"}
"""What separates in HL7 v2 (2.7.1), and what stands for it in a text."""
_SEXES = {Sex.MALE: "M", Sex.FEMALE: "F"}


def utc_stamp(at: datetime) -> str:
    """Return a moment in UTC to the second, as metadata have it (DTM)."""
    try:
        at = at.astimezone(UTC)
    except OverflowError:  # in the first or the last hours that a calendar has
        at = at.replace(tzinfo=UTC)
    return moment_stamp(at)[:-5]


def utc_or_day(at: AnyMoment) -> str:
    """Return a moment in UTC; a date, as precise as it is known, as it is."""
    return utc_stamp(at) if isinstance(at, datetime) else date_stamp(at)


def whole_stamp(stamp: str) -> str:
    """Return a time stamp (TS) as metadata have it: a date as it is, a moment in UTC."""
    if len(stamp) <= len("20261128") or stamp.isdecimal():
        return stamp
    return utc_stamp(datetime.strptime(stamp, "%Y%m%d%H%M%S%z"))


def escape_text(text: str) -> str:
    """Return a text as it stands within a component."""
    return "".join(_ESCAPES.get(one, one) for one in " ".join(text.split()))


def issued_cx(value: str, oid: str, kind: str) -> str:
    """Return a number with who issued it (CX): ``kind`` NH is the INS, PI a number of the practice."""
    return f"{escape_text(value)}^^^&{oid}&ISO^{kind}"


def patient_cx(dossier: Dossier) -> str:
    """Return the number by which all know the patient: the INS, else the practice's own."""
    for oid, value in ins_numbers(dossier.patient):
        return issued_cx(value, oid, "NH")
    return source_patient_cx(dossier)


def source_patient_cx(dossier: Dossier) -> str:
    """Return the number that the practice calls the patient by."""
    oid, value, _ = next(own_numbers(dossier))
    return issued_cx(value, oid, "PI")


def professional_xcn(one: Practitioner, practice: Practice) -> str:
    """Return a professional with their first number (XCN)."""
    oid, number, _ = professional_ids(one, practice)[0]
    kind = "IDNPS" if oid == PROFESSIONAL_OID else "PI"
    family, given = escape_text(one.family_name), escape_text(one.given_name)
    return f"{escape_text(number)}^{family}^{given}^^^^^^&{oid}&ISO^D^^^{kind}"


def organisation_xon(practice: Practice) -> str:
    """Return the practice with its national number, where it has one (XON)."""
    number = national_id(practice)
    if number is None:
        return escape_text(practice.name)
    return f"{escape_text(practice.name)}^^^^^&{ORGANISATION_OID}&ISO^IDNST^^^{escape_text(number[1])}"


def patient_segment(dossier: Dossier) -> Iterator[str]:
    """Yield the lines of ``sourcePatientInfo`` (IHE ITI TF-3, 4.2.3.2.23; CI-SIS), those that say something."""
    patient, traits = dossier.patient, dossier.patient.traits
    for oid, value in ins_numbers(patient):
        yield f"PID-3|{issued_cx(value, oid, 'NH')}"
        break
    else:
        yield f"PID-3|{source_patient_cx(dossier)}"
    yield from _names(traits)
    if traits.birth_date:
        yield f"PID-7|{date_stamp(traits.birth_date)}"
    yield f"PID-8|{_SEXES.get(traits.sex, 'U')}"
    if traits.birth_place.strip():
        yield f"PID-11|^^^^^^BDL^^{escape_text(traits.birth_place)}"
    for address in patient.addresses[:1]:
        yield from _address(address)
    if patient.deceased_on:
        yield f"PID-29|{date_stamp(patient.deceased_on)}"
    if patient.deceased_on or patient.status is PatientStatus.DECEASED:
        yield "PID-30|Y"


def _names(traits: Traits) -> Iterator[str]:
    given = [escape_text(name) for name in traits.birth_given_names if name.strip()]
    if traits.birth_family_name.strip() or given:
        first = given[0] if given else ""
        yield f"PID-5|{escape_text(traits.birth_family_name)}^{first}^{' '.join(given)}^^^^L"
    if traits.used_family_name.strip() or traits.used_given_name.strip():
        yield f"PID-5|{escape_text(traits.used_family_name)}^{escape_text(traits.used_given_name)}^^^^^D"


def _address(one: Address) -> Iterator[str]:
    lines = [escape_text(line) for line in one.lines if line.strip()]
    first, rest = (lines[0] if lines else ""), ", ".join(lines[1:])
    line = f"PID-11|{first}^{rest}^{escape_text(one.city)}^^{escape_text(one.postal_code)}^{escape_text(one.country)}^H"
    if len(line) <= MAX_VALUE and (lines or one.city.strip() or one.postal_code.strip()):
        yield line
