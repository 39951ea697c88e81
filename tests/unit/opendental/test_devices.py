"""Devices of trace sheets, laboratory work, diagnoses of acts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from formats.model.care import Act, ActStatus, Appointment
from formats.model.dates import AnyDate, PartialDate
from formats.model.devices import LabOrder, MedicalDevice
from formats.model.health import Diagnosis, Questionnaire
from formats.model.mouth import Surface
from tests.unit.opendental.tiny import ROW, Collected, reading


def _card(folder: Path, *fields: tuple[str, str], **sheet: object) -> Collected:
    row = {
        "PatNum": 1,
        "SheetType": 13,
        "Description": "Carte",
        "DateTimeSheet": "2024-03-14 09:00:00",
        **sheet,
    }
    cells = [
        {"SheetNum": 1, "FieldType": 1, "FieldName": name, "FieldValue": value, "YPos": place}
        for place, (name, value) in enumerate(fields)
    ]
    return reading(folder, {"sheet": [row], "sheetfield": cells})


def test_an_implant_card_is_a_device_and_stays_a_form(tmp_path: Path) -> None:
    found = _card(
        tmp_path,
        ("DeviceName", "Implant dentaire"),
        ("DeviceManufacturer", "TitanFictif"),
        ("DeviceModel", "4,1 x 10"),
        ("DeviceReference", "TF4110"),
        ("DeviceLot", "TF-1"),
        ("DeviceUDI", "(01)03760000000017(17)270531(10)TF-9(21)S-7"),
        ("DeviceExpiry", "31/05/2027"),
        ("DeviceImplantedOn", "2024-03-13"),
        ("DeviceTeeth", "19"),
        ("DeviceNote", "30 N.cm"),
    )
    device = found.one(MedicalDevice)
    assert (device.label, device.manufacturer, device.model) == (
        "Implant dentaire",
        "TitanFictif",
        "4,1 x 10",
    )
    assert (device.part_number, device.lot, device.serial) == ("TF4110", "TF-1", "S-7")
    assert (device.udi_di, device.expires_on) == ("03760000000017", date(2027, 5, 31))
    assert (device.implanted_on, device.teeth, device.note) == (date(2024, 3, 13), ("36",), "30 N.cm")
    assert len(found.one(Questionnaire).answers) == 10
    assert {*found.rows("sheet")["1"].records} == {device.id, found.one(Questionnaire).id}


def test_a_number_behind_a_name_tells_devices_apart(tmp_path: Path) -> None:
    found = _card(tmp_path, ("DeviceLot", "A"), ("DeviceLot2", "B"), ("DeviceLot3", ""), ("Lot", "C"))
    first, second = found.records(MedicalDevice)
    assert (first.lot, second.lot) == ("A", "B")
    assert first.id != second.id
    assert first.implanted_on == date(2024, 3, 14)


def test_what_is_no_date_and_no_tooth_is_noticed(tmp_path: Path) -> None:
    found = _card(tmp_path, ("DeviceLot", "A"), ("DeviceExpiry", "bientôt"), ("DeviceTeeth", "99"))
    device = found.one(MedicalDevice)
    assert (device.lot, device.expires_on, device.teeth) == ("A", None, ())
    assert found.codes("sheetfield/2") == found.codes("sheetfield/3") == ["opendental-value-unreadable"]


def test_a_day_that_cannot_be_read_is_not_the_day_of_the_sheet(tmp_path: Path) -> None:
    found = _card(tmp_path, ("DeviceLot", "A"), ("DeviceImplantedOn", "mars 2019"))
    assert found.one(MedicalDevice).implanted_on is None
    assert found.codes("sheetfield/2") == ["opendental-value-unreadable"]


def test_of_two_fields_of_one_name_the_first_counts_and_the_second_is_noticed(tmp_path: Path) -> None:
    found = _card(tmp_path, ("DeviceName", "Implant"), ("DeviceLot", "A"), ("DeviceLot", "B"))
    assert found.one(MedicalDevice).lot == "A"
    assert found.codes("sheetfield/3") == ["opendental-device-field-repeated"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("31/05/2027", date(2027, 5, 31)),
        ("05/2027", PartialDate(2027, 5)),
        ("2027-05", PartialDate(2027, 5)),
        ("2027", PartialDate(2027)),
    ],
)
def test_an_expiry_is_as_precise_as_the_label(tmp_path: Path, written: str, expected: AnyDate) -> None:
    assert _card(tmp_path, ("DeviceExpiry", written)).one(MedicalDevice).expires_on == expected


def test_a_form_without_such_names_is_no_device(tmp_path: Path) -> None:
    assert _card(tmp_path, ("Anticoagulant", "non")).records(MedicalDevice) == []


def test_laboratory_work_is_ordered_and_received(tmp_path: Path) -> None:
    case: ROW = {
        "PatNum": 1,
        "LaboratoryNum": 1,
        "AptNum": 1,
        "ProvNum": 1,
        "DateTimeCreated": "2024-09-23 09:00:00",
        "DateTimeSent": "2024-09-23 17:00:00",
        "DateTimeDue": "2024-10-07 12:00:00",
        "DateTimeRecd": "2024-10-04 11:00:00",
        "Instructions": "Couronne 36, teinte A3",
        "LabFee": 148.5,
        "InvoiceNum": "PF-1",
    }
    lost = {**case, "LaboratoryNum": 7, "AptNum": 0, "LabFee": 0.0, "DateTimeRecd": "0001-01-01 00:00:00"}
    found = reading(
        tmp_path,
        {
            "laboratory": [{"Description": "Prothélia"}],
            "appointment": [{"PatNum": 1, "AptStatus": 1, "ProvNum": 1}],
            "labcase": [case, lost],
        },
    )
    order, other = found.records(LabOrder)
    assert (order.laboratory, order.instructions, order.invoice) == (
        "Prothélia",
        "Couronne 36, teinte A3",
        "PF-1",
    )
    assert (order.cost_cents, order.appointment) == (14850, found.one(Appointment).id)
    assert order.sent_at and order.due_at and order.received_at and order.sent_at < order.received_at
    assert (order.checked_at, other.received_at, other.cost_cents, other.laboratory) == (None, None, None, "")
    assert found.codes("labcase/1") == []
    assert found.codes("labcase/2") == ["opendental-entry-unknown"]


def _acts(folder: Path, **values: object) -> Collected:
    return reading(
        folder,
        {
            "definition": [{"ItemName": "Carie"}],
            "procedurecode": [{"ProcCode": "HBMD053", "Descript": "Restauration", "TreatArea": 1}],
            "procedurelog": [
                {
                    "PatNum": 1,
                    "CodeNum": 1,
                    "ProcStatus": 2,
                    "ProvNum": 1,
                    "ToothNum": "3",
                    "Surf": "MO",
                    **values,
                }
            ],
        },
    )


def test_a_diagnosis_is_bound_to_the_act_and_its_teeth(tmp_path: Path) -> None:
    found = _acts(
        tmp_path, Dx=1, DiagnosticCode="K02.1", DiagnosticCode2="K04.0", IcdVersion=10, IsPrincDiag=1,
        SecDateEntry="2024-03-14",
    )  # fmt: skip
    caries, first, second = found.records(Diagnosis)
    act = found.one(Act)
    for one in (caries, first, second):
        assert (one.act, one.teeth, one.surfaces) == (act.id, ("16",), (Surface.MESIAL, Surface.OCCLUSAL))
        assert (one.recorded_on, one.practitioner) == (date(2024, 3, 14), act.practitioner)
    assert (caries.label, caries.code) == ("Carie", "")
    assert [(one.code, one.principal) for one in (first, second)] == [("K02.1", True), ("K04.0", False)]
    assert first.code_system == "http://hl7.org/fhir/sid/icd-10"
    assert {*found.rows("procedurelog")["1"].records} == {act.id, caries.id, first.id, second.id}


def test_an_act_that_was_struck_out_has_no_diagnosis(tmp_path: Path) -> None:
    found = _acts(tmp_path, ProcStatus=6, Dx=1, DiagnosticCode="K02.1", IcdVersion=10)
    assert found.one(Act).status is ActStatus.CANCELLED
    assert found.records(Diagnosis) == []


def test_an_act_without_a_diagnosis_has_none_and_an_unknown_version_is_noticed(tmp_path: Path) -> None:
    assert _acts(tmp_path).records(Diagnosis) == []
    (tmp_path / "odd").mkdir()
    found = _acts(tmp_path / "odd", DiagnosticCode="X", IcdVersion=11)
    assert found.one(Diagnosis).code_system == ""
    assert found.codes("procedurelog/1") == ["opendental-icd-version-unknown"]
