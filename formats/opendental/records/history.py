"""Medical history: problems, allergies, medicines."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from formats.findings import Severity
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence, consistent_statement
from formats.opendental import codes
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import ListEntry, LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import mark

_NOTHING = ListEntry(label="")


def disease(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``disease``: a problem from the practice's list."""
    row = joined.row
    listed = context.listed(row, "DiseaseDefNum", context.diseases, _NOTHING)
    yield _statement(
        row,
        id=context.id("disease", row.key),
        patient=context.patient(joined.patient),
        topic=HealthTopic.CONDITION,
        presence=_presence(row, context, "DiseaseDefNum", "ProblemsIndicateNone", listed),
        status=codes.PROBLEM_STATUS.get(row.number("ProbStatus"), HealthStatus.UNKNOWN),
        code_system=listed.system,
        code=listed.code,
        label=listed.label,
        detail=row.text("PatNote"),
        start=row.day("DateStart"),
        end=row.day("DateStop"),
        recorded_at=row.moment("DateTStamp"),
    )


def allergy(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``allergy``: an allergy from the practice's list, and the reaction seen."""
    row = joined.row
    listed = context.listed(row, "AllergyDefNum", context.allergies, _NOTHING)
    yield _statement(
        row,
        id=context.id("allergy", row.key),
        patient=context.patient(joined.patient),
        topic=HealthTopic.ALLERGY,
        presence=_presence(row, context, "AllergyDefNum", "AllergiesIndicateNone", listed),
        status=HealthStatus.ACTIVE if row.number("StatusIsActive") else HealthStatus.INACTIVE,
        code_system=listed.system,
        code=listed.code,
        label=listed.label,
        detail=row.text("Reaction"),
        start=row.day("DateAdverseReaction"),
        recorded_at=row.moment("DateTStamp"),
    )


def medication(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``medicationpat``: a medicine from the list, or one written freely.

    One with an end is of unknown status: whether the end has come is for the reader to see.
    """
    row = joined.row
    listed = context.listed(row, "MedicationNum", context.medicines, _NOTHING)
    code = listed.code or (row.text("RxCui") if row.number("RxCui") else "")
    end = row.day("DateStop")
    yield _statement(
        row,
        id=context.id("medicationpat", row.key),
        patient=context.patient(joined.patient),
        topic=HealthTopic.MEDICATION,
        presence=_presence(row, context, "MedicationNum", "MedicationsIndicateNone", listed),
        status=HealthStatus.UNKNOWN if end else HealthStatus.ACTIVE,
        code_system=codes.RXNORM_SYSTEM if code else "",
        code=code,
        label=listed.label or row.text("MedDescript"),
        detail=row.text("PatNote"),
        start=row.day("DateStart"),
        end=end,
        recorded_at=row.moment("DateTStamp"),
        practitioner=context.practitioner(row, "ProvNum"),
    )


def _statement(row: Row, **fields: Any) -> HealthStatement:
    """Return the statement of ``row``; what it says besides « none » stays in the row, and is noticed."""
    made = HealthStatement(**consistent_statement(fields))
    if made.presence is not fields["presence"]:
        row.notice(
            Severity.WARNING,
            "opendental-none-ended",
            mark(
                "“{entry}” says that there is none, and is no longer in force: it is shown as an entry of that name."
            ),
            entry=made.label,
        )
    return made


def _presence(row: Row, context: LookupContext, column: str, preference: str, listed: ListEntry) -> Presence:
    """Tell « explicitly none »: the entry a preference names for it, or one that is called so."""
    chosen = context.preferences.get(preference, "")
    is_none = bool(chosen) and chosen == row.text(column)
    return Presence.NONE if is_none or listed.label.casefold() in codes.NONE_WORDS else Presence.PRESENT
