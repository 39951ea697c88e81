"""Codes and addresses of a source become words in both languages; what nobody knows stays as the source has it."""

from __future__ import annotations

import time
from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest

from formats.model.care import Act, ActStatus
from formats.model.dictionary.codes import lists
from formats.model.documents import Attachment, Document
from formats.model.identity import Address, Identifier, IdentifierType
from formats.model.imaging import ImageSeries, ImageStudy
from formats.model.mouth import ChartFinding, ChartKind
from formats.model.provenance import AccessEvent
from formats.opendental.codes import MOVEMENT, PROCEDURE_SYSTEM
from formats.opendental.permissions import permission
from formats.opendental.records.devices import DEVICE_FIELDS
from formats.pdlgc.page.markup import place_link
from formats.pdlgc.page.values import addresses, identifier, language, name_in_images, system_text
from tests.unit.pdlgc.test_page import made, only, section

RAW = (
    "ShiftB",
    "ShiftM",
    "ShiftO",
    "TipB",
    "TipM",
    "urn:",
    "procedurecode",
    "^",
    "120,80",
    "140,96",
    "00:00",
)
"""What a page never shows of what the readers take over."""


def chart(**fields: Any) -> str:
    return section(only(chart_findings=(made(ChartFinding, **fields),)), "chart")


@pytest.mark.parametrize("code", sorted(MOVEMENT.values()))
def test_every_movement_of_open_dental_has_words_and_a_unit(code: str) -> None:
    movement = lists.MOVEMENTS[code]
    text = chart(finding=ChartKind.MOVEMENT, tooth="13", code=code, value=-1.5)
    extent = "−1,5°" if movement.unit == "°" else f"−1,5 {movement.unit}"
    assert " ".join([*dict.fromkeys(movement.words), extent]) in text
    assert not any(one in text for one in RAW)


def test_a_movement_without_an_extent_has_no_unit_and_an_unknown_one_stays() -> None:
    assert "translation vestibulaire buccal shift Actes" not in chart(
        finding=ChartKind.MOVEMENT, tooth="13", code="ShiftB"
    )
    assert " mm" not in chart(finding=ChartKind.MOVEMENT, tooth="13", code="ShiftB")
    assert "Slide 2,5" in chart(finding=ChartKind.MOVEMENT, tooth="13", code="Slide", value=2.5)


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        (ChartKind.DRAWING, "120,80;124,84;130,90;138,92", "dessin drawing 4 points"),
        (ChartKind.DRAWING, "120.5,80;124,84;", "dessin drawing 2 points"),
        (ChartKind.DRAWING, "M 10 10 L 20 20", "dessin drawing M 10 10 L 20 20"),
        (ChartKind.TEXT, "140,96;diastème à surveiller", "texte text diastème à surveiller"),
        (ChartKind.TEXT, "diastème ; 2,5 mm", "texte text diastème ; 2,5 mm"),
        (ChartKind.OTHER, "1,2;3,4", "1,2;3,4"),
    ],
)
def test_a_drawing_is_counted_and_words_stand_without_their_place(
    kind: ChartKind, text: str, expected: str
) -> None:
    assert expected in chart(finding=kind, tooth="", text=text)


@pytest.mark.parametrize("text", ["1,1" * 60_000, "1,11;" * 60_000 + "x", "11111" * 60_000, "-1.1" * 60_000])
def test_a_long_drawing_takes_no_time(text: str) -> None:
    started = time.process_time()
    chart(finding=ChartKind.DRAWING, tooth="", text=text)
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        (PROCEDURE_SYSTEM, "Open Dental, actes du cabinet procedures of the practice"),
        ("urn:opendental:patfield:INS", "Open Dental, champ libre du patient free field of the patient, INS"),
        ("urn:molaire:dossier", "molaire, dossiers"),
        ("urn:julie", "julie"),
        ("urn:uuid:c97b1a1c-3ea1-57d9-8a56-9343aa905664", "propre au cabinet of the practice itself"),
        ("http://hl7.org/fhir/sid/icd-10", "CIM-10 ICD-10"),
        ("urn:oid:1.2.250.1.213.1.4.8", "NIR"),
        ("1.2.250.1.213.1.4.10", "matricule de test test number"),
        ("urn:oid:1.2.3.4", "OID 1.2.3.4"),
        ("https://example.org/list", "https://example.org/list"),
        ("urn:x y", "urn:x y"),
        ("", ""),
    ],
)
def test_a_system_has_a_name(system: str, expected: str) -> None:
    text = system_text(system).replace('<span class="en" lang="en">', "").replace("</span>", "")
    assert text == expected


def test_identifiers_languages_and_addresses_are_words() -> None:
    number = Identifier(
        type=IdentifierType.LOCAL, system="urn:uuid:c97b1a1c-3ea1-57d9-8a56-9343aa905664", value="45"
    )
    assert "urn:" not in identifier(number)
    assert "français" in language("fr")
    assert "French" in language("fr")
    assert language("pt-BR").endswith("(BR)")
    assert language("tlh") == "tlh"
    assert "Belgique" in addresses([Address(city="Namur", country="BE")])
    assert "FRANCE" in addresses([Address(city="Caen", country="FRANCE")])


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Perrichon^Gérard", "Perrichon Gérard"),
        ("NGUYEN^Thi Hoa^^Mme^", "NGUYEN Thi Hoa Mme"),
        ("Yamada^Tarou=山田^太郎", "Yamada Tarou = 山田 太郎"),
        ("^^^", ""),
        ("Plain", "Plain"),
    ],
)
def test_a_name_in_images_has_no_signs_between_its_parts(name: str, shown: str) -> None:
    assert name_in_images(name) == shown


def test_modalities_and_media_types_are_words_with_the_code_of_a_modality_behind() -> None:
    known, unknown = (
        ImageSeries(series_instance_uid=f"2.25.{number}", modality=code)
        for number, code in enumerate(("PX", "ZZ"))
    )
    text = section(
        only(image_studies=(made(ImageStudy, study_instance_uid="2.25.3", series=(known, unknown)),)),
        "image_studies",
    )
    assert "radiographie panoramique panoramic radiograph PX" in text
    assert "ZZ" in text
    files = (Attachment(sha256="0" * 64, size=5, media_type="application/pdf"),)
    assert "5 o · PDF" in section(only(documents=(made(Document, attachment=files[0]),)), "documents")


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        ("UR", "quadrant supérieur droit"),
        ("U", "arcade maxillaire"),
        ("4", "sextant 4"),
        ("40", "quadrant inférieur droit"),
        ("Z9", "Z9"),
    ],
)
def test_a_region_larger_than_a_tooth_is_words(area: str, expected: str) -> None:
    act = made(Act, status=ActStatus.DONE, label="Acte", area=area, performed_on=date(2026, 3, 1))
    assert expected in section(only(acts=(act,)), "acts")


@pytest.mark.parametrize("name", DEVICE_FIELDS)
def test_every_field_of_a_sheet_that_our_reader_names_is_words(name: str) -> None:
    words, number = lists.question_words(f"{name}2")
    assert words is not None
    assert number == "2"
    assert lists.question_words(f"{name}X") == lists.question_words("Fumez-vous ?") == (None, "")


def test_a_link_leads_to_a_file_whatever_it_is_called() -> None:
    name = "DOCUMENTS/Étude #2 (50 %) [a]{b}.pdf"
    assert place_link(name) == "DOCUMENTS/Étude%20%232%20(50%20%25)%20%5Ba%5D%7Bb%7D.pdf"
    assert unquote(place_link(name)) == name
    assert place_link("IHE_XDM/SUBSET01/DOC00001.PDF") == "IHE_XDM/SUBSET01/DOC00001.PDF"


def test_events_of_open_dental_are_words() -> None:
    assert lists.action_words("AppointmentCreate") == ("rendez-vous\u00a0: création", "appointment created")
    assert lists.action_words("ProcComplEdit") == (
        "acte fait\u00a0: modification",
        "completed procedure edited",
    )
    assert lists.action_words("WikiAdmin") is None
    assert lists.action_words("Edit") is None
    known = sum(lists.action_words(permission(number)) is not None for number in range(250))
    assert known > 35
    event = made(AccessEvent, action="PatientEdit", actor="Admin")
    assert "patient : modification" in section(only(access_events=(event,)), "access_events")
