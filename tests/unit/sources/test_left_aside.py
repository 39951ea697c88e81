"""What a mapping leaves aside, takes as it stands or lacks is counted and said: rows in, records out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from formats.findings import Finding
from formats.model.care import Appointment, Note
from formats.model.dates import PartialDate
from formats.model.identity import Sex
from formats.model.money import Payment
from formats.model.people import Patient, PatientStatus, Practitioner, RelatedPerson
from formats.sources.mapped.language.faults import MappingInvalid
from tests.unit.sources.described import Given, given, mapping
from tests.unit.sources.test_read import ACTS, ONE, TWO, acts

PARIS = ZoneInfo("Europe/Paris")
FIELDS = "[tables.PATIENTS.records.fields]\n"


def sentences(found: Given, code: str) -> list[str]:
    return [one.text for one in found.items if isinstance(one, Finding) and one.code == code]


def facts(found: Given, code: str) -> list[dict[str, Any]]:
    return [dict(one.facts) for one in found.items if isinstance(one, Finding) and one.code == code]


def test_every_row_is_a_record_or_set_aside_or_said_otherwise() -> None:
    text = ACTS.replace('kind = "acts"', 'kind = "acts"\nwhen = { column = "ETAT", is = "F" }')
    rows = [
        {"NUM": number, "PATIENT": patient, "ETAT": state}
        for number, (patient, state) in enumerate([(1, "F"), (2, "F"), (1, "X"), (2, ""), (1, "F"), (9, "F")])
    ]
    found = given(text, {"PATIENTS": [ONE, TWO], "ACTES": rows})
    (counts,) = facts(found, "mapped-rows-unselected")
    assert (counts["rows"], counts["made"], counts["count"], counts["others"]) == (6, 3, 2, 1)
    assert len(found.rows("ACTES")) == 6
    (sentence,) = sentences(found, "mapped-rows-unselected")
    assert sentence.startswith(
        "No “when” accepts 2 rows of 6, which travel word for word; 3 became records, 1 did not"
    )


def test_where_every_row_is_accepted_nothing_is_said() -> None:
    assert acts({"NUM": 7, "PATIENT": 1}).codes() == []


@pytest.mark.parametrize(
    ("tables", "reason"),
    [
        ({}, "the source has no such table"),
        ({"ACTES": []}, "the table has no row"),
        ({"ACTES": [{"NUM": 1, "PATIENT": 1, "ETAT": "X"}]}, "no “when” accepts a row of it"),
        ({"ACTES": [{"NUM": 1, "PATIENT": 9, "ETAT": "F"}]}, "no row of it holds what such a record needs"),
    ],
)
def test_a_kind_of_which_nothing_came_says_why(tables: dict[str, Any], reason: str) -> None:
    text = ACTS.replace('kind = "acts"', 'kind = "acts"\nwhen = { column = "ETAT", is = "F" }')
    (sentence,) = sentences(given(text, {"PATIENTS": [ONE], **tables}), "mapped-kind-empty")
    assert sentence.startswith("No record was made of this table (acts): ") and reason in sentence


def test_a_kind_beside_another_of_the_same_rows_says_why() -> None:
    text = """
[[tables.PATIENTS.records]]
kind = "notes"
name = "remark"
when = { column = "REM", filled = true }
fields = { note = "=administrative", text = "REM" }
[[tables.PATIENTS.records]]
kind = "health_statements"
name = "allergies"
fields = { topic = "=allergy", label = "ALL" }
"""
    found = given(text, {"PATIENTS": [{**ONE, "REM": "", "ALL": ""}]})
    reasons = [one["reason"] for one in facts(found, "mapped-kind-empty")]
    assert sorted(reasons) == ["no row of it holds what such a record needs", "no “when” accepts a row of it"]


def test_a_code_that_a_text_has_not_is_said_with_value_and_count() -> None:
    text = ACTS.replace('"LIB"', '{ column = "LIB", codes = { D = "Détartrage" } }')
    found = given(
        text,
        {
            "PATIENTS": [ONE],
            "ACTES": [{"NUM": n, "PATIENT": 1, "LIB": code} for n, code in enumerate("DXXZ")],
        },
    )
    counts = facts(found, "mapped-code-unknown")
    assert [(one["column"], one["value"], one["count"]) for one in counts] == [
        ("LIB", "X", 2),
        ("LIB", "Z", 1),
    ]
    otherwise = text.replace("codes =", 'otherwise = "?", codes =')
    quiet = given(otherwise, {"PATIENTS": [ONE], "ACTES": [{"NUM": 1, "PATIENT": 1, "LIB": "X"}]})
    assert quiet.codes() == []


def test_a_list_of_codes_says_those_it_has_not() -> None:
    text = FIELDS + 'ins_comments = { column = "C", split = ",", codes = { A = "a" } }\n'
    found = given(text, {"PATIENTS": [{**ONE, "C": "A,B, C"}]})
    assert found.one(Patient).ins_comments == ("a", "B", "C")
    assert [one["value"] for one in facts(found, "mapped-code-unknown")] == ["B", "C"]


VISITS = """
[tables.RDV]
key = "NUM"
owner = "PATIENT"
[[tables.RDV.records]]
kind = "appointments"
fields = { status = "=completed", starts_at = { column = "JOUR", clock = "HEURE" } }
"""


def test_a_day_without_its_hour_stays_a_day() -> None:
    rows = [
        {"NUM": n, "PATIENT": 1, "JOUR": "04/09/2025", "HEURE": hour}
        for n, hour in enumerate(["9:30", "", None, "0:00", "tard"])
    ]
    found = given(VISITS, {"PATIENTS": [ONE], "RDV": rows})
    day = date(2025, 9, 4)
    starts = [one.starts_at for one in found.records(Appointment)]
    assert starts == [
        datetime(2025, 9, 4, 9, 30, tzinfo=PARIS),
        day,
        day,
        datetime(2025, 9, 4, tzinfo=PARIS),
        day,
    ]
    assert found.codes() == ["mapped-value-unreadable"]


def test_a_day_alone_is_a_day_and_midnight_a_moment() -> None:
    text = """
[tables.NOTES]
key = "NUM"
owner = "PATIENT"
[[tables.NOTES.records]]
kind = "notes"
fields = { note = "=clinical", text = "T", written_at = "LE" }
"""
    rows = [
        {"NUM": 1, "PATIENT": 1, "T": "a", "LE": "04/09/2025"},
        {"NUM": 2, "PATIENT": 1, "T": "b", "LE": "04/09/2025 00:00"},
    ]
    found = given(text, {"PATIENTS": [ONE], "NOTES": rows})
    assert found.codes() == []
    written = [one.written_at for one in found.records(Note)]
    assert written == [date(2025, 9, 4), datetime(2025, 9, 4, tzinfo=PARIS)]


@pytest.mark.parametrize(
    ("cells", "label"),
    [
        ({"A": "un", "B": "deux"}, "un"),
        ({"A": "", "B": "deux"}, "deux"),
        ({"A": None, "B": None}, ""),
    ],
)
def test_the_first_column_that_holds_something(cells: dict[str, Any], label: str) -> None:
    text = FIELDS + 'occupation = { first_of = ["A", "B"] }\n'
    assert given(text, {"PATIENTS": [{**ONE, **cells}]}).one(Patient).occupation == label


def test_the_first_of_two_amounts_references_and_keys_of_several_columns() -> None:
    text = """
[tables.PAY]
key = "NUM"
owner = "PATIENT"
[[tables.PAY.records]]
kind = "payments"
fields = { amount_cents = { first_of = ["NET", "BRUT"] }, practitioner = { first_of = ["P1", "P2"] } }
[tables.PRATS]
key = "CODE"
[[tables.PRATS.records]]
kind = "practitioners"
fields = { family_name = "NOM" }
"""
    rows = [
        {"NUM": 1, "PATIENT": 1, "NET": "", "BRUT": "12,50", "P1": "", "P2": "LM"},
        {"NUM": 2, "PATIENT": 1, "NET": "x", "BRUT": "3", "P1": "LM", "P2": "ZZ"},
    ]
    found = given(text, {"PATIENTS": [ONE], "PAY": rows, "PRATS": [{"CODE": "LM", "NOM": "Moreau"}]})
    (payment,) = found.records(Payment)
    assert (payment.amount_cents, payment.practitioner) == (1250, found.one(Practitioner).id)
    assert "NET" in sentences(found, "mapped-value-unreadable")[0]


@pytest.mark.parametrize(
    ("value", "empty", "filled"),
    [
        ('status = { column = "MORT", if_filled = "deceased", if_empty = "active" }', "active", "deceased"),
        ('status = { column = "MORT", if_filled = "deceased" }', "active", "deceased"),
    ],
)
def test_a_value_by_whether_a_column_holds_something(value: str, empty: str, filled: str) -> None:
    found = given(FIELDS + value, {"PATIENTS": [ONE, {**TWO, "MORT": "01/02/2020"}]})
    assert [one.status for one in found.records(Patient)] == [PatientStatus(empty), PatientStatus(filled)]


def test_an_empty_cell_may_stand_for_a_word_beside_a_code_table() -> None:
    text = 'sex = { column = "SEXE", codes = { 1 = "M" }, if_empty = "U" }\n'
    found = given(text, {"PATIENTS": [{**ONE, "SEXE": ""}, {**TWO, "SEXE": "1"}]})
    assert [one.traits.sex for one in found.records(Patient)] == [Sex.UNKNOWN, Sex.MALE]


def test_what_an_empty_cell_stands_for_makes_no_statement() -> None:
    text = """
[[tables.PATIENTS.records]]
kind = "health_statements"
name = "a"
fields = { topic = "=allergy", label = "A", status = { column = "A", if_filled = "active", if_empty = "unknown" } }
"""
    found = given(text, {"PATIENTS": [{**ONE, "A": ""}, {**TWO, "A": "Latex"}]})
    assert len(found.rows("PATIENTS")["1"].records) == 1
    assert len(found.rows("PATIENTS")["2"].records) == 2


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ('title = { first_of = ["A"], column = "B" }', "title.first_of"),
        ('status = { column = "A", if_filled = "dead" }', "status.if_filled"),
        ('status = { column = "A", if_empty = 3 }', "status.if_empty"),
        ('attending = { column = "A", if_empty = "LM" }', "attending.if_empty"),
    ],
)
def test_faults_of_such_values_are_named(value: str, place: str) -> None:
    with pytest.raises(MappingInvalid) as refusal:
        mapping(FIELDS + value)
    assert [one.where.split(".fields.")[1] for one in refusal.value.faults][:1] == [place]


PAYER = """
[tables.LIENS]
key = "NUM"
owner = "PATIENT"
[[tables.LIENS.records]]
kind = "related_persons"
fields = { relation = "=payer", other_patient = "PAYEUR" }
"""


def test_a_patient_who_pays_for_themselves_is_no_related_person() -> None:
    rows = [{"NUM": 1, "PATIENT": 1, "PAYEUR": 1}, {"NUM": 2, "PATIENT": 2, "PAYEUR": 1}]
    found = given(PAYER, {"PATIENTS": [ONE, TWO], "LIENS": rows})
    assert found.one(RelatedPerson).patient == found.records(Patient)[1].id
    assert found.codes() == ["mapped-person-is-patient"]


@pytest.mark.parametrize(
    ("day", "hour", "codes"),
    [
        ("00/09/2025", "9:30", ["mapped-time-without-day"]),
        ("", "9:30", ["mapped-time-without-day"]),
        ("", "", []),
        ("00/09/2025", "0:00", []),
        ("00/09/2025", "tard", ["mapped-value-unreadable"]),
    ],
)
def test_a_time_that_no_day_takes_is_said(day: str, hour: str, codes: list[str]) -> None:
    found = given(VISITS, {"PATIENTS": [ONE], "RDV": [{"NUM": 1, "PATIENT": 1, "JOUR": day, "HEURE": hour}]})
    assert found.codes() == codes
    assert found.one(Appointment).starts_at == (PartialDate(2025, 9) if day else None)
    assert found.rows("RDV")["1"].columns["HEURE"] == hour
