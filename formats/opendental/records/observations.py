"""Vital signs (`vitalsign`) and results of biology (`medlab`, `ehrlab` and the older `labpanel`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from formats.findings import Severity
from formats.model.dates import AnyDate, parse_date
from formats.model.observations import (
    LOINC_SYSTEM,
    Comparator,
    Interpretation,
    Observation,
    ObservationCategory,
    ObservationComponent,
    ObservationStatus,
    ObservedValue,
)
from formats.opendental import codes
from formats.opendental.database.row import Row
from formats.opendental.joins.lookup_context import LookupContext
from formats.opendental.joins.merge_join import JoinedRow, Yielded
from formats.words import mark

_NUMBER = r"-?[0-9]{1,18}(?:[.,][0-9]{1,18})?"
_VALUE = re.compile(rf"(<=|>=|<|>)?\s*({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})\s*-\s*({_NUMBER})")
_HL7_TIME = re.compile(r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})[0-9.]*(?:[+-][0-9]{4})?)?)?")
_LOINC_CODE = re.compile(r"[0-9]{1,5}-[0-9]")

BLOOD_PRESSURE, SYSTOLIC, DIASTOLIC = "85354-9", "8480-6", "8462-4"
HEIGHT, WEIGHT, HEART_RATE = "8302-2", "29463-7", "8867-4"
"""LOINC codes of vital signs, those of FHIR's vital signs profile."""


def vital_signs(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``vitalsign``: blood pressure, pulse, height and weight in the units of the software (inches, pounds).

    0 says that nothing was measured; the remark of the row stands with its first measure.
    """
    row, note = joined.row, joined.row.text("Documentation")
    for name, code, result, components in _measures(row):
        yield Observation(
            id=context.id("vitalsign", f"{row.key}/{name}"),
            patient=context.patient(joined.patient),
            category=ObservationCategory.VITAL_SIGNS,
            code_system=LOINC_SYSTEM,
            code=code,
            observed_on=row.day("DateTaken"),
            result=result,
            components=components,
            note=note,
        )
        note = ""


_Measure = tuple[str, str, ObservedValue, tuple[ObservationComponent, ...]]


def _measures(row: Row) -> Iterator[_Measure]:
    pressures = tuple(
        ObservationComponent(
            code_system=LOINC_SYSTEM,
            code=code,
            result=ObservedValue(value=Decimal(value), unit="mmHg", unit_code="mm[Hg]"),
        )
        for column, code in (("BpSystolic", SYSTOLIC), ("BpDiastolic", DIASTOLIC))
        if (value := row.number(column))
    )
    if pressures:
        yield "Bp", BLOOD_PRESSURE, ObservedValue(), pressures
    if pulse := row.number("Pulse"):
        yield "Pulse", HEART_RATE, ObservedValue(value=Decimal(pulse), unit="/min", unit_code="/min"), ()
    for column, exam, code, unit, unit_code in (
        ("Height", "HeightExamCode", HEIGHT, "in", "[in_i]"),
        ("Weight", "WeightExamCode", WEIGHT, "lb", "[lb_av]"),
    ):
        if size := row.real(column):
            measured = ObservedValue(value=_plain(size), unit=unit, unit_code=unit_code)
            yield column, _loinc(row.text(exam)) or code, measured, ()


def _plain(number: float) -> Decimal:
    """Return a number of the database without the zero behind the point that a whole one gets."""
    return Decimal(int(number)) if number.is_integer() else Decimal(repr(number))


def _loinc(written: str) -> str:
    return written if _LOINC_CODE.fullmatch(written) else ""


def medical_laboratory(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``medlab`` with its ``medlabresult`` rows: one result each; the lab's remark stands with the first."""
    order = joined.row
    remark, practitioner = order.text("NoteLab"), context.practitioner(order, "ProvNum")
    for row in joined.of("medlabresult"):
        loinc = _loinc(row.text("ObsLoinc"))
        yield Observation(
            id=context.id("medlabresult", row.key),
            patient=context.patient(joined.patient),
            category=ObservationCategory.LABORATORY,
            status=_status(row, "ResultStatus"),
            code_system=LOINC_SYSTEM if loinc else "",
            code=loinc or row.text("ObsID"),
            label=row.text("ObsText") or row.text("ObsLoincText"),
            panel=order.text("ObsTestDescript") or order.text("ObsTestLoincText"),
            observed_on=order.day("DateTimeCollected"),
            issued_at=row.moment("DateTimeObs") or order.moment("DateTimeReported"),
            practitioner=practitioner,
            laboratory=row.text("FacilityID") or order.text("SendingFacility"),
            result=_result(
                row, "ObsValue", "ObsUnits", "ReferenceRange", _interpretation(row, "AbnormalFlag")
            ),
            note="\n".join(part for part in (row.text("Note"), remark) if part),
        )
        remark = ""


def laboratory_panel(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``labpanel`` with its ``labresult`` rows: results of biology as older versions keep them."""
    panel = joined.row
    for row in joined.of("labresult"):
        code = row.text("TestID")
        yield Observation(
            id=context.id("labresult", row.key),
            patient=context.patient(joined.patient),
            category=ObservationCategory.LABORATORY,
            code_system=LOINC_SYSTEM if _loinc(code) else "",
            code=code,
            label=row.text("TestName"),
            panel=panel.text("ServiceName"),
            observed_on=row.day("DateTimeTest"),
            laboratory=panel.text("LabNameAddress"),
            specimen=panel.text("SpecimenSource"),
            result=_result(
                row, "ObsValue", "ObsUnits", "ObsRange", codes.LAB_FLAGS.get(row.number("AbnormalFlag"))
            ),
            note=panel.text("SpecimenCondition"),
        )


def electronic_laboratory(joined: JoinedRow, context: LookupContext) -> Iterator[Yielded]:
    """Read ``ehrlab`` with its ``ehrlabresult`` rows: results that came as HL7 messages (OBR, OBX)."""
    order = joined.row
    for row in joined.of("ehrlabresult"):
        name = "ObservationIdentifier"
        yield Observation(
            id=context.id("ehrlabresult", row.key),
            patient=context.patient(joined.patient),
            category=ObservationCategory.LABORATORY,
            status=_status(row, "ObservationResultStatus"),
            code_system=codes.HL7_CODE_SYSTEMS.get(row.text(f"{name}CodeSystemName"), ""),
            code=row.text(f"{name}ID"),
            label=row.text(f"{name}Text") or row.text(f"{name}TextOriginal"),
            panel=order.text("UsiText") or order.text("UsiTextOriginal"),
            observed_on=_hl7_day(row, "ObservationDateTime") or _hl7_day(order, "ObservationDateTimeStart"),
            laboratory=row.text("PerformingOrganizationName"),
            result=_hl7_result(row),
        )


def _hl7_result(row: Row) -> ObservedValue:
    """Return what an OBX segment says; its value type tells in which columns (HL7 v2, OBX-2 and OBX-5)."""
    kind, name = row.text("ValueType"), "ObservationValue"
    low, high = _limits(row.text("referenceRange"))
    number, comparator, text = None, None, ""
    if kind in {"NM", "SN"}:
        number, comparator, text = _hl7_number(row, kind)
    else:
        written = (row.text(f"{name}{part}") for part in ("CodedElementText", "Text", "DateTime"))
        text = next(filter(None, written), "")
    if number is None and not text:
        _unread(row, kind)
    ucum = row.text("UnitsCodeSystemName") == "UCUM"
    return ObservedValue(
        value=number,
        comparator=comparator,
        unit=row.text("UnitsText") or row.text("UnitsID"),
        unit_code=row.text("UnitsID") if ucum else "",
        text=text,
        low=low,
        high=high,
        range_text=row.text("referenceRange"),
        interpretation=_interpretation(row, "AbnormalFlags"),
    )


def _hl7_number(row: Row, kind: str) -> tuple[Decimal | None, Comparator | None, str]:
    """Return a numeric (NM) or structured numeric (SN) as a number with its comparator, else as a text.

    A text is what has two numbers (a ratio, a range), a suffix or a comparator that FHIR lacks (``<>``). An
    empty or unreadable cell is no number, and makes the whole nothing.
    """
    name, simple = "ObservationValue", kind == "NM"
    sign = row.text(f"{name}Comparator")
    separator = "" if simple else row.text(f"{name}SeparatorOrSuffix")
    numbers = [row.real(f"{name}Numeric" if simple else f"{name}Number1")]
    if separator not in {"", "+"}:
        numbers.append(row.real(f"{name}Number2"))
    found = [_plain(number) for number in numbers if number is not None]
    if len(found) < len(numbers):
        return None, None, ""
    if separator or sign not in {"", "=", *codes.COMPARATORS}:
        return None, None, f"{sign}{found[0]}{separator}{''.join(map(str, found[1:]))}"
    return found[0], codes.COMPARATORS.get(sign), ""


def _result(
    row: Row, value: str, unit: str, reference: str, interpretation: Interpretation | None
) -> ObservedValue:
    """Return a result: a number where the cell is one, with or without a comparator, else its words."""
    written = row.text(value)
    match = _VALUE.fullmatch(written)
    low, high = _limits(row.text(reference))
    return ObservedValue(
        value=_decimal(match.group(2)) if match else None,
        comparator=Comparator(match.group(1)) if match and match.group(1) else None,
        unit=row.text(unit),
        text="" if match else written,
        low=low,
        high=high,
        range_text=row.text(reference),
        interpretation=interpretation,
    )


def _limits(written: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the limits of a range written « low - high »; other ways to write one are left as they are."""
    match = _RANGE.fullmatch(written)
    return (_decimal(match.group(1)), _decimal(match.group(2))) if match else (None, None)


def _decimal(written: str) -> Decimal | None:
    match = re.fullmatch(_NUMBER, written)
    return Decimal(written.replace(",", ".")) if match else None


def _status(row: Row, column: str) -> ObservationStatus:
    written = row.text(column)
    found = codes.RESULT_STATUS.get(written)
    if found is None and written:
        row.unreadable(column, written, mark("a known status of a result"))
    return found or ObservationStatus.UNKNOWN


def _interpretation(row: Row, column: str) -> Interpretation | None:
    """Return the first flag of a list; others, and one that is not known, are noticed."""
    written = row.text(column)
    first, _, others = written.partition(",")
    found = codes.ABNORMAL_FLAGS.get(first)
    if others or (found is None and first not in codes.NO_FLAG):
        row.unreadable(column, written, mark("one known interpretation of a result"))
    return found


def _hl7_day(row: Row, column: str) -> AnyDate | None:
    """Return the date of an HL7 time, ``YYYY[MM[DD[HHMM…]]]``."""
    written = row.text(column)
    if not written:
        return None
    match = _HL7_TIME.fullmatch(written)
    try:
        if match:
            return parse_date("-".join(filter(None, match.groups())))
    except ValueError:
        pass
    row.unreadable(column, written, mark("a date"))
    return None


def _unread(row: Row, kind: str) -> None:
    row.notice(
        Severity.WARNING,
        "opendental-result-unread",
        mark("The value of a result of type “{kind}” is not understood; the result travels without it."),
        kind=kind[:60],
    )
