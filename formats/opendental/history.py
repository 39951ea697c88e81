"""Medical history: problems, allergies, medicines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from formats.findings import Severity
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence
from formats.opendental import codes
from formats.opendental.joined import Joined, Yielded
from formats.opendental.known import Known, Listed
from formats.opendental.row import Row
from formats.words import mark

_NOTHING = Listed(label="")


def disease(joined: Joined, known: Known) -> Iterator[Yielded]:
    """Read ``disease``: a problem from the practice's list."""
    row = joined.row
    listed = _listed(row, "DiseaseDefNum", known.diseases)
    yield HealthStatement(
        id=known.id("disease", row.key),
        patient=known.patient(joined.patient),
        topic=HealthTopic.CONDITION,
        presence=_presence(row, known, "DiseaseDefNum", "ProblemsIndicateNone", listed),
        status=codes.PROBLEM_STATUS.get(row.number("ProbStatus"), HealthStatus.UNKNOWN),
        code_system=listed.system,
        code=listed.code,
        label=listed.label,
        detail=row.text("PatNote"),
        start=row.day("DateStart"),
        end=row.day("DateStop"),
        recorded_at=row.moment("DateTStamp"),
    )


def allergy(joined: Joined, known: Known) -> Iterator[Yielded]:
    """Read ``allergy``: an allergy from the practice's list, and the reaction seen."""
    row = joined.row
    listed = _listed(row, "AllergyDefNum", known.allergies)
    yield HealthStatement(
        id=known.id("allergy", row.key),
        patient=known.patient(joined.patient),
        topic=HealthTopic.ALLERGY,
        presence=_presence(row, known, "AllergyDefNum", "AllergiesIndicateNone", listed),
        status=HealthStatus.ACTIVE if row.number("StatusIsActive") else HealthStatus.INACTIVE,
        code_system=listed.system,
        code=listed.code,
        label=listed.label,
        detail=row.text("Reaction"),
        start=row.day("DateAdverseReaction"),
        recorded_at=row.moment("DateTStamp"),
    )


def medication(joined: Joined, known: Known) -> Iterator[Yielded]:
    """Read ``medicationpat``: a medicine from the list, or one written freely.

    One with an end is of unknown status: whether the end has come is for the reader to see.
    """
    row = joined.row
    listed = _listed(row, "MedicationNum", known.medicines)
    code = listed.code or (row.text("RxCui") if row.number("RxCui") else "")
    end = row.day("DateStop")
    yield HealthStatement(
        id=known.id("medicationpat", row.key),
        patient=known.patient(joined.patient),
        topic=HealthTopic.MEDICATION,
        presence=_presence(row, known, "MedicationNum", "MedicationsIndicateNone", listed),
        status=HealthStatus.UNKNOWN if end else HealthStatus.ACTIVE,
        code_system=codes.RXNORM_SYSTEM if code else "",
        code=code,
        label=listed.label or row.text("MedDescript"),
        detail=row.text("PatNote"),
        start=row.day("DateStart"),
        end=end,
        recorded_at=row.moment("DateTStamp"),
        practitioner=known.practitioner(row, "ProvNum"),
    )


def _listed(row: Row, column: str, entries: Mapping[int, Listed]) -> Listed:
    number = row.number(column)
    if number and number not in entries:
        row.notice(
            Severity.WARNING,
            "opendental-entry-unknown",
            mark("{column} names entry {number} of a list, which is not in the database."),
            column=column,
            number=number,
        )
    return entries.get(number, _NOTHING)


def _presence(row: Row, known: Known, column: str, preference: str, listed: Listed) -> Presence:
    """Tell « explicitly none »: the entry a preference names for it, or one that is called so."""
    chosen = known.preferences.get(preference, "")
    is_none = bool(chosen) and chosen == row.text(column)
    return Presence.NONE if is_none or listed.label.casefold() in codes.NONE_WORDS else Presence.PRESENT
