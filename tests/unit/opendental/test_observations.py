"""Vital signs and results of biology."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from formats.model.dates import AnyDate, PartialDate
from formats.model.observations import (
    LOINC_SYSTEM,
    Comparator,
    Interpretation,
    Observation,
    ObservationCategory,
    ObservationStatus,
    ObservedValue,
)
from tests.unit.opendental.tiny import ROW, Collected, book, collect, reading, write


def _vital(folder: Path, **values: object) -> Collected:
    return reading(folder, {"vitalsign": [{"PatNum": 1, "DateTaken": "2024-01-18", **values}]})


def test_a_blood_pressure_is_one_observation_of_two_components(tmp_path: Path) -> None:
    found = _vital(tmp_path, BpSystolic=148, BpDiastolic=86, Documentation="assis")
    pressure = found.one(Observation)
    assert (pressure.category, pressure.code_system, pressure.code) == (
        ObservationCategory.VITAL_SIGNS,
        LOINC_SYSTEM,
        "85354-9",
    )
    assert [(part.code, part.result.value, part.result.unit_code) for part in pressure.components] == [
        ("8480-6", Decimal(148), "mm[Hg]"),
        ("8462-4", Decimal(86), "mm[Hg]"),
    ]
    assert (pressure.observed_on, pressure.note) == (date(2024, 1, 18), "assis")
    assert found.rows("vitalsign")["1"].records == (pressure.id,)


def test_what_was_not_measured_is_no_observation(tmp_path: Path) -> None:
    found = _vital(tmp_path, Height=68.9, Weight=180.0, Pulse=72, WeightExamCode="3141-9")
    pulse, height, weight = found.records(Observation)
    assert (pulse.code, str(pulse.result.value), pulse.result.unit_code) == ("8867-4", "72", "/min")
    assert (height.code, str(height.result.value), height.result.unit_code) == ("8302-2", "68.9", "[in_i]")
    assert (weight.code, str(weight.result.value), weight.result.unit_code) == ("3141-9", "180", "[lb_av]")
    (tmp_path / "none").mkdir()
    assert _vital(tmp_path / "none").records(Observation) == []


def _biology(folder: Path, **values: object) -> tuple[Collected, Observation]:
    order = {
        "PatNum": 1,
        "ProvNum": 1,
        "SendingFacility": "Labo",
        "ObsTestDescript": "Hémostase",
        "DateTimeCollected": "2024-03-12 07:40:00",
        "DateTimeReported": "2024-03-12 16:00:00",
        "NoteLab": "sous AVK",
    }
    result = {"MedLabNum": 1, "ObsText": "INR", "ObsLoinc": "6301-6", "ResultStatus": "F", **values}
    found = reading(folder, {"medlab": [order], "medlabresult": [result]})
    return found, found.one(Observation)


def test_a_result_of_biology_has_its_number_unit_and_range(tmp_path: Path) -> None:
    found, inr = _biology(
        tmp_path,
        ObsValue="2,80",
        ObsUnits="ratio",
        ReferenceRange="2,0 - 3,0",
        AbnormalFlag="_gt",
        Note="à jeun",
    )
    assert inr.result == ObservedValue(
        value=Decimal("2.80"),
        unit="ratio",
        low=Decimal("2.0"),
        high=Decimal("3.0"),
        range_text="2,0 - 3,0",
        interpretation=Interpretation.CRITICAL_HIGH,
    )
    assert str(inr.result.value) == "2.80"
    assert (inr.code, inr.label, inr.panel, inr.laboratory) == ("6301-6", "INR", "Hémostase", "Labo")
    assert (inr.observed_on, inr.status) == (date(2024, 3, 12), ObservationStatus.FINAL)
    assert inr.issued_at is not None and inr.issued_at.hour == 16
    assert (inr.note, inr.practitioner is not None) == ("à jeun\nsous AVK", True)
    (row,) = found.rows("medlabresult").values()
    assert row.records == (inr.id,)


@pytest.mark.parametrize(
    ("written", "number", "comparator", "text"),
    [
        ("<0.5", Decimal("0.5"), Comparator.LESS, ""),
        (">= 40", Decimal(40), Comparator.AT_LEAST, ""),
        ("-3", Decimal(-3), None, ""),
        ("négatif", None, None, "négatif"),
        ("2+", None, None, "2+"),
        ("K+ is >6.5 mEq/L", None, None, "K+ is >6.5 mEq/L"),
        ("1" * 40, None, None, "1" * 40),
        ("", None, None, ""),
    ],
)
def test_a_value_is_a_number_only_where_it_is_one(
    tmp_path: Path, written: str, number: Decimal | None, comparator: Comparator | None, text: str
) -> None:
    _, read = _biology(tmp_path, ObsValue=written, ReferenceRange="<200", ObsLoinc="LC-7", ObsID="7")
    assert (read.result.value, read.result.comparator, read.result.text) == (number, comparator, text)
    assert (read.result.low, read.result.high, read.result.range_text) == (None, None, "<200")
    assert (read.code_system, read.code) == ("", "7")


@pytest.mark.parametrize(
    ("column", "written"), [("AbnormalFlag", "U"), ("AbnormalFlag", "H,D"), ("ResultStatus", "W")]
)
def test_a_flag_or_status_that_is_not_known_is_noticed(tmp_path: Path, column: str, written: str) -> None:
    found, read = _biology(tmp_path, ObsValue="1", **{column: written})
    assert found.codes("medlabresult/1") == ["opendental-value-unreadable"]
    assert (read.status is ObservationStatus.UNKNOWN) == (column == "ResultStatus")


@pytest.mark.parametrize("written", ["None", ""])
def test_no_flag_is_nothing_to_notice(tmp_path: Path, written: str) -> None:
    found, read = _biology(tmp_path, ObsValue="1", AbnormalFlag=written)
    assert (found.codes("medlabresult/1"), read.result.interpretation) == ([], None)


def test_a_sample_is_dated_as_precisely_as_the_source_knows(tmp_path: Path) -> None:
    order = {"PatNum": 1, "DateTimeCollected": "2012-05-00 00:00:00"}
    found = reading(tmp_path, {"medlab": [order], "medlabresult": [{"MedLabNum": 1, "ResultStatus": "F"}]})
    assert found.one(Observation).observed_on == PartialDate(2012, 5)


def _with_tables(folder: Path, *statements: str) -> Collected:
    return collect(write(book(), folder, *statements))


def test_a_panel_of_an_older_version_is_read(tmp_path: Path) -> None:
    found = _with_tables(
        tmp_path,
        "CREATE TABLE labpanel (LabPanelNum INTEGER PRIMARY KEY, PatNum INTEGER, ServiceName TEXT)",
        "CREATE TABLE labresult (LabResultNum INTEGER PRIMARY KEY, LabPanelNum INTEGER, TestName TEXT,"
        " TestID TEXT, ObsValue TEXT, ObsUnits TEXT, ObsRange TEXT, AbnormalFlag INTEGER, DateTimeTest TEXT)",
        "INSERT INTO labpanel VALUES (1, 1, 'Lipides')",
        "INSERT INTO labresult VALUES (1, 1, 'LDL', '2089-1', '1.31', 'g/L', '0.5-1.0', 3, '2012-05-01 08:00:00')",
    )
    ldl = found.one(Observation)
    assert (ldl.code_system, ldl.code, ldl.panel) == (LOINC_SYSTEM, "2089-1", "Lipides")
    assert (ldl.result.value, ldl.result.interpretation) == (Decimal("1.31"), Interpretation.HIGH)
    assert ldl.observed_on == date(2012, 5, 1)


HL7: tuple[tuple[ROW, ObservedValue], ...] = (
    ({"ValueType": "NM", "Numeric": 5.5}, ObservedValue(value=Decimal("5.5"))),
    (
        {"ValueType": "SN", "Comparator": ">", "Number1": 100.0},
        ObservedValue(value=Decimal(100), comparator=Comparator.MORE),
    ),
    (
        {"ValueType": "SN", "Number1": 1.0, "SeparatorOrSuffix": ":", "Number2": 128.0},
        ObservedValue(text="1:128"),
    ),
    ({"ValueType": "SN", "Number1": 2.0, "SeparatorOrSuffix": "+"}, ObservedValue(text="2+")),
    ({"ValueType": "SN", "Comparator": "<>", "Number1": 5.0}, ObservedValue(text="<>5")),
    ({"ValueType": "ST", "Text": "trouble"}, ObservedValue(text="trouble")),
    ({"ValueType": "CWE", "CodedElementText": "absent"}, ObservedValue(text="absent")),
)


@pytest.mark.parametrize(("cells", "expected"), HL7, ids=range(len(HL7)))
def test_an_hl7_result_is_read_by_its_value_type(tmp_path: Path, cells: ROW, expected: ObservedValue) -> None:
    names = ("Numeric", "Comparator", "Number1", "SeparatorOrSuffix", "Number2", "Text", "CodedElementText")
    columns = ", ".join(f"ObservationValue{name} {'REAL' if 'N' in name else 'TEXT'}" for name in names)
    values = ", ".join(repr(cells.get(name, 0.0 if "N" in name else "")) for name in names)
    found = _with_tables(
        tmp_path,
        "CREATE TABLE ehrlab (EhrLabNum INTEGER PRIMARY KEY, PatNum INTEGER, ObservationDateTimeStart TEXT)",
        "CREATE TABLE ehrlabresult (EhrLabResultNum INTEGER PRIMARY KEY, EhrLabNum INTEGER, ValueType TEXT,"
        f" ObservationIdentifierID TEXT, ObservationIdentifierCodeSystemName TEXT, {columns})",
        "INSERT INTO ehrlab VALUES (1, 1, '20130402081500')",
        f"INSERT INTO ehrlabresult VALUES (1, 1, '{cells['ValueType']}', '718-7', 'LN', {values})",
    )
    read = found.one(Observation)
    assert read.result == expected
    assert (read.code_system, read.code, read.observed_on) == (LOINC_SYSTEM, "718-7", date(2013, 4, 2))
    assert found.codes("ehrlabresult/1") == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("201304", PartialDate(2013, 4)),
        ("2013", PartialDate(2013)),
        ("20130402081500-0500", date(2013, 4, 2)),
    ],
)
def test_an_hl7_time_is_as_precise_as_it_is_long(tmp_path: Path, written: str, expected: AnyDate) -> None:
    found = _with_tables(
        tmp_path,
        "CREATE TABLE ehrlab (EhrLabNum INTEGER PRIMARY KEY, PatNum INTEGER)",
        "CREATE TABLE ehrlabresult (EhrLabResultNum INTEGER PRIMARY KEY, EhrLabNum INTEGER, ValueType TEXT,"
        " ObservationValueText TEXT, ObservationDateTime TEXT)",
        "INSERT INTO ehrlab VALUES (1, 1)",
        f"INSERT INTO ehrlabresult VALUES (1, 1, 'ST', 'trouble', '{written}')",
    )
    assert found.one(Observation).observed_on == expected


def test_an_hl7_result_nobody_understands_is_noticed(tmp_path: Path) -> None:
    found = _with_tables(
        tmp_path,
        "CREATE TABLE ehrlab (EhrLabNum INTEGER PRIMARY KEY, PatNum INTEGER, ObservationDateTimeStart TEXT)",
        "CREATE TABLE ehrlabresult (EhrLabResultNum INTEGER PRIMARY KEY, EhrLabNum INTEGER, ValueType TEXT)",
        "INSERT INTO ehrlab VALUES (1, 1, 'hier')",
        "INSERT INTO ehrlabresult VALUES (1, 1, 'XX')",
    )
    assert found.one(Observation).observed_on is None
    assert found.codes("ehrlabresult/1") == ["opendental-result-unread"]
    assert found.codes("ehrlab/1") == ["opendental-value-unreadable"]


@pytest.mark.parametrize("kind", ["NM", "SN"])
@pytest.mark.parametrize("cell", ["NULL", "''", "'?'", "'nan'"])
def test_a_number_that_is_not_there_is_no_zero(tmp_path: Path, kind: str, cell: str) -> None:
    found = _with_tables(
        tmp_path,
        "CREATE TABLE ehrlab (EhrLabNum INTEGER PRIMARY KEY, PatNum INTEGER)",
        "CREATE TABLE ehrlabresult (EhrLabResultNum INTEGER PRIMARY KEY, EhrLabNum INTEGER, ValueType TEXT,"
        " ObservationValueNumeric TEXT, ObservationValueNumber1 TEXT)",
        "INSERT INTO ehrlab VALUES (1, 1)",
        f"INSERT INTO ehrlabresult VALUES (1, 1, '{kind}', {cell}, {cell})",
    )
    assert found.one(Observation).result == ObservedValue()
    assert found.codes("ehrlabresult/1")[-1] == "opendental-result-unread"
