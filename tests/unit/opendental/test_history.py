"""Medical history, forms, calls, the access log, the mouth, and money."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from formats.model.care import Act, Note, NoteKind
from formats.model.dates import AnyMoment, PartialDate
from formats.model.health import (
    FormAnswer,
    HealthStatement,
    HealthStatus,
    HealthTopic,
    Presence,
    Questionnaire,
)
from formats.model.money import Adjustment, Invoice, InvoiceStatus, Payment
from formats.model.mouth import ChartFinding, ChartKind, PerioExam, PerioKind, PerioSite
from formats.model.people import Coverage, Patient
from formats.model.provenance import AccessEvent, Consent
from tests.unit.opendental.tiny import ROW, ZONE, Collected, reading


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2024-01-18", date(2024, 1, 18)),
        ("2024-01-00", PartialDate(2024, 1)),
        ("2024-00-00 00:00:00", PartialDate(2024)),
        ("2024-01-18 00:00:00", datetime(2024, 1, 18, tzinfo=ZoneInfo(ZONE))),
        ("0001-01-01", None),
        ("0000-00-00 00:00:00", None),
    ],
)
def test_a_date_in_a_column_of_moments_stays_a_date(
    tmp_path: Path, written: str, expected: AnyMoment | None
) -> None:
    form = {"PatNum": 1, "SheetType": 7, "DateTimeSheet": written, "Description": "Lettre"}
    found = reading(
        tmp_path, {"commlog": [{"PatNum": 1, "CommDateTime": written, "Note": "x"}], "sheet": [form]}
    )
    moments = [one.written_at for one in found.records(Note)]
    assert moments == [expected] * len(moments)
    assert {type(one) for one in moments} == {type(expected)}
    assert len(moments) == 2
    assert "opendental-value-unreadable" not in found.codes()


def test_history_tells_none_from_nothing_said(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "preference": [{"PrefName": "AllergiesIndicateNone", "ValueString": "2"}],
            "diseasedef": [{"DiseaseName": "Hypertension", "Icd10Code": "I10"}, {"DiseaseName": "None"}],
            "allergydef": [{"Description": "Latex"}, {"Description": "Rien à signaler"}],
            "medication": [{"MedName": "Ramipril"}],
            "disease": [
                {"PatNum": 1, "DiseaseDefNum": 1, "ProbStatus": 1, "DateStart": "2009-05-01"},
                {"PatNum": 1, "DiseaseDefNum": 2},
            ],
            "allergy": [
                {"PatNum": 1, "AllergyDefNum": 1, "Reaction": "urticaire"},
                {"PatNum": 1, "AllergyDefNum": 2, "StatusIsActive": 1},
            ],
            "medicationpat": [
                {"PatNum": 1, "MedicationNum": 1, "DateStop": "2015-12-31"},
                {"PatNum": 1, "MedDescript": "Tisane"},
            ],
        },
    )
    problem, no_problem, latex, no_allergy, stopped, free = found.records(HealthStatement)
    assert (problem.label, problem.code, problem.status) == ("Hypertension", "I10", HealthStatus.RESOLVED)
    assert (problem.topic, problem.start) == (HealthTopic.CONDITION, date(2009, 5, 1))
    assert [one.presence for one in (problem, no_problem, latex, no_allergy)] == [
        Presence.PRESENT,
        Presence.NONE,
        Presence.PRESENT,
        Presence.NONE,
    ]
    assert (latex.detail, latex.status) == ("urticaire", HealthStatus.INACTIVE)
    assert (stopped.status, stopped.end) == (HealthStatus.UNKNOWN, date(2015, 12, 31))
    assert (free.label, free.status) == ("Tisane", HealthStatus.ACTIVE)


def test_none_tells_of_nothing_else(tmp_path: Path) -> None:
    row = {"PatNum": 1, "DiseaseDefNum": 1, "PatNote": "déclaré", "DateStart": "2024-02-06"}
    found = reading(
        tmp_path, {"diseasedef": [{"DiseaseName": "Aucun", "Icd10Code": "Z00"}], "disease": [row]}
    )
    none = found.one(HealthStatement)
    assert (none.presence, none.status, none.label, none.code) == (
        Presence.NONE, HealthStatus.UNKNOWN, "", "",
    )  # fmt: skip
    assert (none.detail, none.start) == ("déclaré", date(2024, 2, 6))
    assert found.codes("disease/1") == []


@pytest.mark.parametrize("ended", [{"ProbStatus": 2}, {"ProbStatus": 1}, {"DateStop": "2025-01-01"}])
def test_none_that_has_ended_is_none_no_more(tmp_path: Path, ended: ROW) -> None:
    row = {"PatNum": 1, "DiseaseDefNum": 1, **ended}
    found = reading(tmp_path, {"diseasedef": [{"DiseaseName": "Aucun"}], "disease": [row]})
    entry = found.one(HealthStatement)
    assert (entry.presence, entry.label) == (Presence.PRESENT, "Aucun")
    assert found.codes("disease/1") == ["opendental-none-ended"]


def test_a_date_with_a_day_of_zero_is_a_partial_one(tmp_path: Path) -> None:
    rows = [
        {"PatNum": 1, "DateStart": "1983-00-00", "DateStop": "1983-05-00"},
        {"PatNum": 1, "DateStart": "0000-00-00", "DateStop": "1983-13-00"},
    ]
    found = reading(tmp_path, {"disease": rows})
    partial, other = found.records(HealthStatement)
    assert (partial.start, partial.end) == (PartialDate(1983), PartialDate(1983, 5))
    assert (other.start, other.end) == (None, None)
    assert (found.codes("disease/1"), found.codes("disease/2")) == ([], ["opendental-value-unreadable"])


def test_an_entry_of_a_list_that_is_gone_is_noticed(tmp_path: Path) -> None:
    found = reading(tmp_path, {"disease": [{"PatNum": 1, "DiseaseDefNum": 5, "PatNote": "?"}]})
    assert found.one(HealthStatement).detail == "?"
    assert found.codes("disease/1") == ["opendental-entry-unknown"]


def _form(folder: Path, kind: int, *fields: ROW, **values: object) -> Collected:
    sheet = {
        "PatNum": 1,
        "SheetType": kind,
        "Description": "Formulaire",
        "DateTimeSheet": "2024-01-18 08:30:00",
    }
    return reading(
        folder, {"sheet": [{**sheet, **values}], "sheetfield": [{"SheetNum": 1, **f} for f in fields]}
    )


def _box(question: str, choice: str, ticked: bool, top: int) -> ROW:
    return {
        "FieldType": 8,
        "FieldName": question,
        "RadioButtonValue": choice,
        "FieldValue": "X" if ticked else "",
        "YPos": top,
    }


def test_a_questionnaire_is_read_from_top_to_bottom(tmp_path: Path) -> None:
    found = _form(
        tmp_path,
        11,
        {"FieldType": 1, "FieldName": "Remarques", "FieldValue": "valve en 2016", "YPos": 200},
        _box("Anticoagulant", "Oui", True, 60),
        _box("Anticoagulant", "Non", False, 60),
        _box("Fumeur", "Oui", False, 80),
        _box("Fumeur", "Non", False, 80),
        {"FieldType": 8, "FieldName": "misc", "UiLabelMobile": "Enceinte", "FieldValue": "X", "YPos": 90},
        {"FieldType": 13, "FieldName": "Mois", "FieldValue": "mars;janvier|mars", "YPos": 100},
        {"FieldType": 2, "FieldValue": "Cochez.", "YPos": 10},
        {"FieldType": 9, "FieldName": "signature", "FieldValue": "0abc", "YPos": 240},
    )
    form = found.one(Questionnaire)
    assert form.title == "Formulaire"
    assert form.answers == (
        FormAnswer(question="Anticoagulant", answer="Oui"),
        FormAnswer(question="Fumeur", answer=""),
        FormAnswer(question="Enceinte", answer="X"),
        FormAnswer(question="Mois", answer="mars"),
        FormAnswer(question="Remarques", answer="valve en 2016"),
    )
    assert {row.records for row in found.rows("sheetfield").values()} == {(form.id,)}


@pytest.mark.parametrize(("signature", "is_consent"), [("0points", True), ("0", False), ("", False)])
def test_a_consent_is_one_only_when_signed(tmp_path: Path, signature: str, is_consent: bool) -> None:
    found = _form(
        tmp_path,
        6,
        {"FieldType": 2, "FieldValue": "J'accepte l'implant.", "YPos": 1},
        {"FieldType": 9, "FieldValue": signature, "YPos": 2, "DateTimeSig": "2024-01-19 09:00:00"},
    )
    assert (len(found.records(Consent)), len(found.records(Questionnaire))) == (
        int(is_consent),
        int(not is_consent),
    )
    if is_consent:
        consent = found.one(Consent)
        assert (consent.subject, consent.text) == ("Formulaire", "J'accepte l'implant.")
        assert (consent.given, consent.given_on) == (True, date(2024, 1, 19))


def test_letters_are_notes_and_deleted_sheets_only_rows(tmp_path: Path) -> None:
    letter = _form(tmp_path, 8, {"FieldType": 2, "FieldValue": "Cher confrère,"}).one(Note)
    assert (letter.note, letter.text) == (NoteKind.COMMUNICATION, "Formulaire\nCher confrère,")
    deleted = _form(tmp_path, 11, {"FieldType": 1, "FieldValue": "x"}, IsDeleted=1)
    assert deleted.records(Questionnaire) == []
    assert (len(deleted.rows("sheet")), len(deleted.rows("sheetfield"))) == (1, 1)


def test_calls_popups_and_the_access_log(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "commlog": [
                {"PatNum": 1, "Note": "<b>HTML</b>", "UserNum": 1, "CommDateTime": "2025-01-15 10:12:00"}
            ],
            "popup": [{"PatNum": 1, "Description": "INR du jour", "UserNum": 1}],
            "securitylog": [
                {
                    "PatNum": 1,
                    "PermType": 25,
                    "UserNum": 1,
                    "LogText": "créé",
                    "CompName": "ACCUEIL",
                    "LogDateTime": "2025-01-15 10:12:00",
                },
                {"PatNum": 0, "PermType": 8},
            ],
        },
    )
    call, popup = found.records(Note)
    assert (call.text, call.note, popup.note) == (
        "<b>HTML</b>",
        NoteKind.COMMUNICATION,
        NoteKind.ADMINISTRATIVE,
    )
    event = found.one(AccessEvent)
    assert (event.actor, event.action, event.detail, event.device) == (
        "hvauquelin",
        "AppointmentCreate",
        "créé",
        "ACCUEIL",
    )
    assert found.rows("securitylog")["2"].patient is None


def test_the_chart_knows_missing_moved_and_drawn(tmp_path: Path) -> None:
    kinds = [
        ("1", 0, 0.0, ""),
        ("17", 1, 0.0, ""),
        ("A", 2, 0.0, ""),
        ("18", 3, 2.5, ""),
        ("6", 6, -30.0, ""),
        ("", 9, 0.0, "1,2;3,4"),
        ("5", 42, 0.0, ""),
    ]
    found = reading(
        tmp_path,
        {
            "toothinitial": [
                {
                    "PatNum": 1,
                    "ToothNum": tooth,
                    "InitialType": kind,
                    "Movement": movement,
                    "DrawingSegment": drawing,
                }
                for tooth, kind, movement, drawing in kinds
            ]
        },
    )
    marks = found.records(ChartFinding)
    assert [mark.finding for mark in marks] == [
        ChartKind.MISSING,
        ChartKind.HIDDEN,
        ChartKind.PRIMARY,
        ChartKind.MOVEMENT,
        ChartKind.MOVEMENT,
        ChartKind.DRAWING,
        ChartKind.OTHER,
    ]
    assert [mark.tooth for mark in marks] == ["18", "38", "55", "37", "13", "", "14"]
    assert [(mark.code, mark.value) for mark in marks[3:5]] == [("ShiftM", 2.5), ("Rotate", -30.0)]
    assert (marks[0].value, marks[5].text, marks[6].code) == (None, "1,2;3,4", "42")


def test_a_periodontal_exam_holds_what_was_measured_and_nothing_else(tmp_path: Path) -> None:
    nothing = dict.fromkeys(
        ("MBvalue", "Bvalue", "DBvalue", "MLvalue", "Lvalue", "DLvalue", "ToothValue"), -1
    )
    measures = [
        {"SequenceType": 4, "IntTooth": 3, "MBvalue": 5, "DLvalue": 0},
        {"SequenceType": 2, "IntTooth": 3, "Bvalue": 105, "Lvalue": 2},
        {"SequenceType": 6, "IntTooth": 3, "Bvalue": 5, "Lvalue": 0},
        {"SequenceType": 0, "IntTooth": 24, "ToothValue": 2},
        {"SequenceType": 5, "IntTooth": 1, "ToothValue": 1},
        {"SequenceType": 99, "IntTooth": 3, "Bvalue": 1},
        {"SequenceType": 4, "IntTooth": 40, "Bvalue": 1},
    ]
    found = reading(
        tmp_path,
        {
            "perioexam": [{"PatNum": 1, "ExamDate": "2023-01-19", "ProvNum": 1}],
            "periomeasure": [{"PerioExamNum": 1, **nothing, **row} for row in measures],
        },
    )
    exam = found.one(PerioExam)
    assert [(one.tooth, one.measure, one.site, one.value) for one in exam.measures] == [
        ("16", PerioKind.PROBING, PerioSite.MESIOBUCCAL, 5),
        ("16", PerioKind.PROBING, PerioSite.DISTOLINGUAL, 0),
        ("16", PerioKind.GINGIVAL_MARGIN, PerioSite.BUCCAL, -5),
        ("16", PerioKind.GINGIVAL_MARGIN, PerioSite.LINGUAL, 2),
        ("16", PerioKind.BLEEDING, PerioSite.BUCCAL, 1),
        ("16", PerioKind.PLAQUE, PerioSite.BUCCAL, 1),
        ("31", PerioKind.MOBILITY, PerioSite.TOOTH, 2),
        ("18", PerioKind.SKIPPED, PerioSite.TOOTH, 1),
    ]
    assert found.codes("periomeasure/6") == ["opendental-measure-unknown"]
    assert found.codes("periomeasure/7") == ["opendental-tooth-unknown", "opendental-measure-unknown"]


def _money(folder: Path, **tables: list[ROW]) -> Collected:
    return reading(
        folder,
        {
            "patient": [{"PatNum": 2, "LName": "Enfant", "FName": "Tom", "Guarantor": 1}],
            "definition": [{"DefNum": 1, "ItemName": "Chèque"}, {"DefNum": 2, "ItemName": "Remise"}],
            "procedurecode": [{"CodeNum": 1, "ProcCode": "HBJD001", "Descript": "Détartrage"}],
            "procedurelog": [{"PatNum": 2, "CodeNum": 1, "ProcStatus": 2, "ProvNum": 1}],
            "carrier": [{"CarrierName": "Mutuelle"}],
            "insplan": [{"CarrierNum": 1}],
            "inssub": [{"PlanNum": 1, "Subscriber": 1}],
            "patplan": [{"PatNum": 2, "InsSubNum": 1}],
        }
        | tables,
    )


def test_a_claim_is_an_invoice_with_its_lines(tmp_path: Path) -> None:
    claim = {
        "PatNum": 2,
        "ClaimStatus": "R",
        "ClaimType": "P",
        "DateSent": "2024-01-02",
        "PlanNum": 1,
        "InsSubNum": 1,
        "ProvTreat": 1,
        "ClaimFee": 28.92,
        "InsPayEst": 9.0,
        "InsPayAmt": 8.68,
        "ClaimIdentifier": "FSE-1",
    }
    line = {
        "ClaimNum": 1,
        "PatNum": 2,
        "ProcNum": 1,
        "FeeBilled": 28.92,
        "InsPayAmt": 8.68,
        "InsPayEst": 9.0,
        "Status": 1,
        "CodeSent": "HBJD001",
        "WriteOff": 1.5,
    }
    estimate = {"ClaimNum": 0, "PatNum": 2, "ProcNum": 1, "Status": 6}
    found = _money(tmp_path, claim=[claim, {**claim, "ClaimType": "PreAuth"}], claimproc=[line, estimate])
    invoice = found.one(Invoice)
    assert (invoice.number, invoice.status, invoice.payer) == ("FSE-1", InvoiceStatus.SETTLED, "Mutuelle")
    assert (invoice.total_cents, invoice.insurer_cents, invoice.issued_on) == (2892, 868, date(2024, 1, 2))
    assert invoice.coverage == found.one(Coverage).id
    (billed,) = invoice.lines
    assert (billed.act, billed.label, billed.status) == (found.one(Act).id, "HBJD001 Détartrage", "received")
    assert (billed.fee_cents, billed.insurer_cents, billed.written_off_cents) == (2892, 868, 150)
    assert found.rows("claimproc")["1"].records == (invoice.id,)
    assert (found.rows("claimproc")["2"].records, found.codes("claimproc/2")) == ((), [])
    assert found.rows("claim")["2"].records == ()


def test_a_payment_is_shared_among_those_it_is_for(tmp_path: Path) -> None:
    found = _money(
        tmp_path,
        payment=[
            {"PatNum": 1, "PayType": 1, "PayAmt": 50.0, "PayDate": "2024-01-02", "CheckNum": "12"},
            {"PatNum": 1, "PayAmt": 10.0},
            {"PatNum": 1, "PayAmt": 7.0},
        ],
        paysplit=[
            {"PayNum": 1, "PatNum": 1, "SplitAmt": 20.0},
            {"PayNum": 1, "PatNum": 2, "SplitAmt": 30.0, "ProcNum": 1, "DatePay": "2024-01-03"},
            {"PayNum": 2, "PatNum": 1, "SplitAmt": 9.0},
        ],
    )
    own, child, _, undivided = found.records(Payment)
    first, second = found.records(Patient)
    assert (own.patient, child.patient, child.payer, child.payer_patient) == (
        first.id,
        second.id,
        "Gérard Perrichon",
        first.id,
    )
    assert (own.receipt, own.method, own.note) == (child.receipt, "Chèque", "12")
    assert (child.amount_cents, child.act, child.paid_on) == (3000, found.one(Act).id, date(2024, 1, 3))
    assert (undivided.amount_cents, undivided.patient) == (700, first.id)
    assert found.rows("paysplit")["2"].records == (child.id,)
    assert found.rows("payment")["1"].records == (own.id, child.id)
    assert found.codes("payment/2") == ["opendental-payment-parts-differ"]
    assert found.codes("payment/3") == ["opendental-payment-undivided"]


def test_an_adjustment_keeps_its_sign(tmp_path: Path) -> None:
    found = _money(
        tmp_path, adjustment=[{"PatNum": 2, "AdjAmt": -20.5, "AdjType": 2, "ProcNum": 1, "ProvNum": 1}]
    )
    adjustment = found.one(Adjustment)
    assert (adjustment.amount_cents, adjustment.reason, adjustment.act) == (
        -2050,
        "Remise",
        found.one(Act).id,
    )
