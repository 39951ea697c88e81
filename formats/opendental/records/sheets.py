"""Filled-in forms: `sheet` with its `sheetfield` rows, as questionnaires, consents and letters."""

from __future__ import annotations

from collections.abc import Iterator

from formats.model.care import Note, NoteKind
from formats.model.dates import without_time
from formats.model.health import FormAnswer, Questionnaire
from formats.model.provenance import Consent
from formats.opendental.codes import FieldType, SheetType
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.opendental.records.devices import sheet_devices

_LETTERS = frozenset({SheetType.REFERRAL_SLIP, SheetType.PATIENT_LETTER, SheetType.REFERRAL_LETTER})
_PRINTED = frozenset({FieldType.STATIC, FieldType.OUTPUT, FieldType.INPUT})
_SIGNATURE_KIND = 1
"""Characters before a stored signature: which device took it; alone they are no signature."""
UNNAMED = "misc"
"""FieldName of a field the practice added itself; its label stands in other columns."""


def sheet(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``sheet``: a signed consent, a letter, or a form with questions and answers, and devices it traces.

    A form of consent nobody signed is only a form. A sheet the practice deleted
    travels verbatim and becomes nothing.
    """
    row = joined.row
    if row.number("IsDeleted"):
        return
    fields = sorted(joined.of("sheetfield"), key=_place)
    kind = row.number("SheetType")
    if kind == SheetType.CONSENT and _signed(fields):
        yield _consent(joined, context, fields)
    elif kind in _LETTERS:
        yield _letter(joined, context, fields)
    else:
        yield Questionnaire(
            id=context.id("sheet", row.key),
            patient=context.patient(joined.patient),
            title=row.text("Description"),
            answered_at=row.moment("DateTimeSheet"),
            answers=tuple(_answers(fields)),
        )
    yield from sheet_devices(joined, context, fields)


def _place(field: Row) -> tuple[int, int, int]:
    """Forms are read from top to bottom, then from left to right."""
    return field.number("YPos"), field.number("XPos"), int(field.key)


def _signed(fields: list[Row]) -> bool:
    return any(
        field.number("FieldType") == FieldType.SIGNATURE and len(field.text("FieldValue")) > _SIGNATURE_KIND
        for field in fields
    )


def _consent(joined: JoinedRow, context: LookupContext, fields: list[Row]) -> Consent:
    row = joined.row
    signed = (
        field.moment("DateTimeSig") for field in fields if field.number("FieldType") == FieldType.SIGNATURE
    )
    when = next((moment for moment in signed if moment), None) or row.moment("DateTimeSheet")
    return Consent(
        id=context.id("sheet", row.key),
        patient=context.patient(joined.patient),
        subject=row.text("Description"),
        given_on=without_time(when) if when else None,
        text=_printed(fields),
        document=context.reference(row, "DocNum", "document", joined.patient),
    )


def _letter(joined: JoinedRow, context: LookupContext, fields: list[Row]) -> Note:
    return Note(
        id=context.id("sheet", joined.row.key),
        patient=context.patient(joined.patient),
        note=NoteKind.COMMUNICATION,
        text="\n".join(part for part in (joined.row.text("Description"), _printed(fields)) if part),
        written_at=joined.row.moment("DateTimeSheet"),
        signed=_signed(fields),
    )


def _printed(fields: list[Row]) -> str:
    printed = (field.text("FieldValue") for field in fields if field.number("FieldType") in _PRINTED)
    return "\n".join(words for words in printed if words)


def _answers(fields: list[Row]) -> Iterator[FormAnswer]:
    """Yield the answers in the order of the form; a group of boxes is one question."""
    groups: dict[str, list[Row]] = {}
    for field in fields:
        if field.number("FieldType") == FieldType.CHECK_BOX and field.text("RadioButtonValue"):
            groups.setdefault(_question(field), []).append(field)
    for field in fields:
        kind, question, written = field.number("FieldType"), _question(field), field.text("FieldValue")
        if kind in {FieldType.INPUT, FieldType.OUTPUT}:
            yield FormAnswer(question=question, answer=written)
        elif kind == FieldType.COMBO_BOX:
            yield FormAnswer(question=question, answer=written.split(";", 1)[0])
        elif kind == FieldType.CHECK_BOX and not field.text("RadioButtonValue"):
            yield FormAnswer(question=question, answer=written)
        elif kind == FieldType.CHECK_BOX and question in groups:
            yield _group_answer(question, groups.pop(question))


def _group_answer(question: str, boxes: list[Row]) -> FormAnswer:
    """An empty answer means that no box was ticked: asked, and left open."""
    ticked = (box.text("RadioButtonValue") for box in boxes if box.text("FieldValue"))
    return FormAnswer(question=question, answer=", ".join(ticked))


def _question(field: Row) -> str:
    name = field.text("FieldName")
    labels = (
        "" if name == UNNAMED else name,
        field.text("UiLabelMobile"),
        field.text("RadioButtonGroup"),
        field.text("ReportableName"),
    )
    return next((label for label in labels if label), name)
