"""Acts, notes, plans, quotes, appointments, recalls, prescriptions."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from formats.model.care import (
    CCAM_SYSTEM,
    Act,
    ActStatus,
    Appointment,
    AppointmentStatus,
    Note,
    PlanStatus,
    Prescription,
    Quote,
    Recall,
    TreatmentPlan,
)
from formats.model.documents import Document
from formats.model.mouth import Surface
from formats.opendental.codes import PROCEDURE_SYSTEM
from tests.unit.opendental.tiny import ROW, Collected, reading

CODES: list[ROW] = [
    {"CodeNum": 1, "ProcCode": "HBMD038", "Descript": "Restauration", "TreatArea": 1},
    {"CodeNum": 2, "ProcCode": "HN002", "Descript": "Gouttière", "TreatArea": 4},
    {"CodeNum": 3, "ProcCode": "C", "Descript": "Consultation", "TreatArea": 0},
    {"CodeNum": 4, "ProcCode": "HBLD785", "Descript": "Bridge", "TreatArea": 7},
]


def _acts(folder: Path, *rows: ROW, **tables: list[ROW]) -> Collected:
    acts = [{"PatNum": 1, "ProvNum": 1, "ProcStatus": 2, "CodeNum": 1, "UnitQty": 1, **row} for row in rows]
    return reading(
        folder,
        {
            "procedurecode": CODES,
            "appointment": [{"PatNum": 1, "ProvNum": 1, "AptStatus": 2}],
            "procedurelog": acts,
        }
        | tables,
    )


def test_an_act_is_read_with_code_tooth_surfaces_and_fee(tmp_path: Path) -> None:
    found = _acts(
        tmp_path,
        {
            "ProcDate": "2024-03-14",
            "ToothNum": "30",
            "Surf": "MOD",
            "ProcFee": 60.95,
            "AptNum": 1,
            "CodeMod1": "N",
            "DiagnosticCode": "K02.1",
            "BillingNote": "vu",
        },
    )
    act = found.one(Act)
    assert (act.status, act.performed_on) == (ActStatus.DONE, date(2024, 3, 14))
    assert (act.code_system, act.code, act.label) == (CCAM_SYSTEM, "HBMD038", "Restauration")
    assert (act.teeth, act.surfaces) == (("46",), (Surface.MESIAL, Surface.OCCLUSAL, Surface.DISTAL))
    assert (act.fee_cents, act.quantity, act.modifiers) == (6095, 1, ("N",))
    assert (act.diagnosis, act.note) == ("K02.1", "vu")
    assert act.appointment == found.one(Appointment).id
    assert found.codes("procedurelog/1") == []


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (1, ActStatus.PLANNED),
        (3, ActStatus.EXISTING),
        (4, ActStatus.EXISTING_ELSEWHERE),
        (5, ActStatus.REFERRED),
        (6, ActStatus.CANCELLED),
        (7, ActStatus.CONDITION),
        (8, ActStatus.PLANNED),
    ],
)
def test_every_status_of_an_act_is_known(tmp_path: Path, number: int, status: ActStatus) -> None:
    act = _acts(tmp_path, {"ProcStatus": number, "ProcDate": "2024-03-14"}).one(Act)
    assert act.status is status
    assert (act.performed_on is None) is (status is ActStatus.PLANNED)


def test_an_unknown_status_is_never_guessed(tmp_path: Path) -> None:
    found = _acts(tmp_path, {"ProcStatus": 42})
    assert found.records(Act) == []
    assert found.codes("procedurelog/1") == ["opendental-act-status-unknown"]
    assert found.rows("procedurelog")["1"].records == ()


def test_regions_ranges_and_quantities(tmp_path: Path) -> None:
    found = _acts(
        tmp_path,
        {"CodeNum": 2, "Surf": "UR"},
        {"CodeNum": 4, "ToothRange": "7,8,9"},
        {"CodeNum": 3, "UnitQty": 3, "ProcFee": 10.0},
        {"CodeNum": 3, "Surf": "L"},
        {"CodeNum": 1, "ToothNum": "3", "Surf": "L"},
    )
    area, bridge, several, arch, lingual = found.records(Act)
    assert (area.area, area.surfaces) == ("UR", ())
    assert bridge.teeth == ("12", "11", "21")
    assert (several.quantity, several.fee_cents, several.code_system) == (3, 3000, PROCEDURE_SYSTEM)
    assert (arch.area, arch.surfaces) == ("L", ())
    assert (lingual.area, lingual.surfaces) == ("", (Surface.LINGUAL,))


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"ToothNum": "99"}, "opendental-tooth-unknown"),
        ({"Surf": "XYZ", "ToothNum": "8"}, "opendental-surface-unknown"),
        ({"ProvNum": 0}, "opendental-practitioner-missing"),
        ({"ProvNum": 77}, "opendental-practitioner-unknown"),
        ({"AptNum": 77}, "opendental-reference-lost"),
        ({"CodeNum": 9999, "OldCode": "SC12"}, "opendental-code-unknown"),
        ({"ProcFee": 33.3333}, "opendental-amount-rounded"),
        ({"ProcFee": 1e300}, "opendental-value-unreadable"),
    ],
)
def test_what_is_wrong_with_an_act_is_left_open_and_said(tmp_path: Path, row: ROW, code: str) -> None:
    found = _acts(tmp_path, row)
    assert found.codes("procedurelog/1") == [code]
    act = found.one(Act)
    assert act.teeth in {(), ("11",)}
    assert act.surfaces == ()


def test_an_appointment_of_another_patient_is_no_reference(tmp_path: Path) -> None:
    found = _acts(tmp_path, {"PatNum": 2, "AptNum": 1}, patient=[{"PatNum": 2, "LName": "x", "Guarantor": 2}])
    assert found.one(Act).appointment is None
    assert found.codes("procedurelog/1") == ["opendental-reference-lost"]


def test_every_note_of_an_act_is_kept_with_its_author(tmp_path: Path) -> None:
    found = _acts(
        tmp_path,
        {},
        procnote=[
            {
                "PatNum": 1,
                "ProcNum": 1,
                "UserNum": 1,
                "Note": "d'abord",
                "EntryDateTime": "2024-07-01 18:45:00",
            },
            {"PatNum": 1, "ProcNum": 1, "UserNum": 9, "Note": "ensuite", "Signature": "0abc"},
            {"PatNum": 1, "ProcNum": 1, "UserNum": 1, "Note": ""},
        ],
    )
    first, second = found.records(Note)
    assert first.act == second.act == found.one(Act).id
    assert (first.author, first.signed, first.written_at) == (
        "hvauquelin",
        False,
        datetime(2024, 7, 1, 18, 45, tzinfo=ZoneInfo("Europe/Paris")),
    )
    assert first.practitioner is not None
    assert (second.author, second.signed, second.practitioner) == ("9", True, None)


def _plan(folder: Path, **values: object) -> Collected:
    plan = {"PatNum": 1, "Heading": "Devis", "DateTP": "2024-09-03", "UserNumPresenter": 1, **values}
    lines = [
        {
            "TreatPlanNum": 1,
            "PatNum": 1,
            "ProcNumOrig": 1,
            "ProcCode": "HBMD038",
            "Descript": "Restauration",
            "ToothNumTP": "30",
            "Surf": "MO",
            "FeeAmt": 60.95,
            "PriInsAmt": 10.0,
            "SecInsAmt": 5.5,
            "PatAmt": 45.45,
            "ItemOrder": 1,
        },
        {
            "TreatPlanNum": 1,
            "PatNum": 1,
            "ProcNumOrig": 404,
            "ProcCode": "HN002",
            "Surf": "UR",
            "ItemOrder": 0,
        },
    ]
    return _acts(
        folder,
        {"ProcStatus": 1},
        treatplan=[plan],
        proctp=lines,
        treatplanattach=[{"TreatPlanNum": 1, "ProcNum": 1, "Priority": 1}],
        definition=[{"DefNum": 1, "Category": 20, "ItemName": "urgent"}],
        document=[{"PatNum": 1, "FileName": "devis.pdf"}],
    )


def test_a_saved_plan_is_a_quote_with_its_prices(tmp_path: Path) -> None:
    found = _plan(
        tmp_path,
        TPStatus=0,
        Signature="0sig",
        SignatureText="Lu et approuvé",
        DocNum=1,
        DateTSigned="2024-09-03 17:20:00",
    )
    quote = found.one(Quote)
    assert found.records(TreatmentPlan) == []
    assert (quote.issued_on, quote.signed_by, quote.signature) == (date(2024, 9, 3), "Lu et approuvé", "0sig")
    assert quote.document == found.one(Document).id
    first, second = quote.items
    assert (first.code, first.act, first.surfaces, first.teeth) == ("HN002", None, (), ())
    assert (second.act, second.teeth) == (found.one(Act).id, ("46",))
    assert (second.fee_cents, second.insurer_cents, second.patient_cents) == (6095, 1550, 4545)
    assert found.rows("proctp")["1"].records == (quote.id,)
    assert found.codes("proctp/2") == []


def test_a_live_plan_names_its_acts_and_is_a_quote_once_signed(tmp_path: Path) -> None:
    found = _plan(tmp_path, TPStatus=1)
    plan = found.one(TreatmentPlan)
    assert (plan.status, plan.items[0].act, plan.items[0].priority) == (
        PlanStatus.ACTIVE,
        found.one(Act).id,
        "urgent",
    )
    assert found.records(Quote) == []
    signed = _plan(tmp_path, TPStatus=2, Signature="0sig")
    assert signed.one(TreatmentPlan).status is PlanStatus.INACTIVE
    assert signed.one(Quote).id != signed.one(TreatmentPlan).id


def test_an_appointment_has_a_length_a_room_and_a_reason(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "operatory": [{"OpName": "Fauteuil 1"}],
            "appointment": [
                {
                    "PatNum": 1,
                    "AptStatus": 5,
                    "Pattern": "//XXXX//",
                    "Op": 1,
                    "ProvNum": 1,
                    "ProvHyg": 1,
                    "AptDateTime": "2025-02-14 11:00:00",
                    "ProcDescript": "contrôle",
                    "Note": "non venu",
                },
                {"PatNum": 1, "AptStatus": 3, "ProvNum": 1},
                {"PatNum": 1, "AptStatus": 44, "ProvNum": 1},
            ],
        },
    )
    broken, open_one, strange = found.records(Appointment)
    assert (broken.status, broken.minutes, broken.room) == (AppointmentStatus.BROKEN, 40, "Fauteuil 1")
    assert (broken.reason, broken.note, broken.assistant) == ("contrôle", "non venu", broken.practitioner)
    assert (open_one.status, open_one.starts_at, open_one.minutes) == (
        AppointmentStatus.UNSCHEDULED,
        None,
        None,
    )
    assert strange.status is AppointmentStatus.OTHER
    assert found.codes("appointment/3") == ["opendental-appointment-status-unknown"]


def test_recalls_and_prescriptions(tmp_path: Path) -> None:
    found = reading(
        tmp_path,
        {
            "recalltype": [{"Description": "Contrôle annuel"}],
            "recall": [
                {
                    "PatNum": 1,
                    "RecallTypeNum": 1,
                    "RecallInterval": 1 << 24,
                    "DateDueCalc": "2026-02-10",
                    "IsDisabled": 1,
                }
            ],
            "rxpat": [
                {
                    "PatNum": 1,
                    "RxDate": "2024-03-14",
                    "Drug": "Paracétamol 1 g",
                    "Sig": "1 cp",
                    "Disp": "16",
                    "ProvNum": 1,
                    "RxCui": 161,
                    "PatientInstruction": "après le repas",
                }
            ],
        },
    )
    recall, prescription = found.one(Recall), found.one(Prescription)
    assert (recall.reason, recall.interval, recall.due_on) == ("Contrôle annuel", "P1Y", date(2026, 2, 10))
    assert not recall.active
    assert (prescription.product, prescription.quantity, prescription.code) == (
        "Paracétamol 1 g",
        "16",
        "161",
    )
    assert prescription.directions == "1 cp\naprès le repas"
