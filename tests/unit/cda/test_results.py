"""Results, procedures, prescriptions and devices of clinical documents."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from formats.cda.read import read_documents
from formats.model.care import Act, ActStatus, Prescription
from formats.model.devices import MedicalDevice
from formats.model.observations import Comparator, Interpretation, Observation, ObservationCategory
from formats.reading import Item
from tests.clinical import coded, document, observation, section

CRP = coded("code", "loinc", "1988-5", "CRP")


def read(folder: Path, *body: str) -> list[Item]:
    (folder / "one.xml").write_bytes(document(*body))
    return list(read_documents(folder / "one.xml"))


def results(folder: Path, *observations: str, code: str = "30954-2") -> list[Observation]:
    parts = "".join(f"<component>{one}</component>" for one in observations)
    label = coded("code", "loinc", "26436-6", "Biologie")
    entry = f'<entry><organizer classCode="BATTERY" moodCode="EVN">{label}{parts}</organizer></entry>'
    return [one for one in read(folder, section(code, "Résultats", entry)) if isinstance(one, Observation)]


def test_a_measure_keeps_its_digits_its_unit_and_its_range(tmp_path: Path) -> None:
    ranged = (
        '<interpretationCode code="H"/><referenceRange><observationRange><value xsi:type="IVL_PQ">'
        '<low value="0.0" unit="mg/L"/><high value="6.0" unit="mg/L"/></value></observationRange></referenceRange>'
    )
    (one,) = results(
        tmp_path,
        observation(
            '<value xsi:type="PQ" value="7.50" unit="mg/L"/>', code=CRP, when="20260301", inside=ranged
        ),
    )
    assert (one.label, one.panel, one.observed_on) == ("CRP", "Biologie", date(2026, 3, 1))
    result = one.result
    assert (str(result.value), result.unit, result.unit_code) == ("7.50", "mg/L", "mg/L")
    assert (result.low, result.high) == (Decimal("0.0"), Decimal("6.0"))
    assert result.interpretation is Interpretation.HIGH


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            '<value xsi:type="IVL_PQ"><high value="1" unit="mg/L" inclusive="false"/></value>',
            (Decimal(1), Comparator.LESS, ""),
        ),
        (
            '<value xsi:type="IVL_PQ"><low value="2" unit="g"/><high value="3" unit="g"/></value>',
            (None, None, "2 g – 3 g"),
        ),
        ('<value xsi:type="ED">&lt;1.0 mg/L</value>', (None, None, "<1.0 mg/L")),
        ('<value xsi:type="CD" code="A" codeSystem="1.2" displayName="Jaune"/>', (None, None, "Jaune")),
        ('<value xsi:type="PQ" value="1e99999999" unit="g"/>', (None, None, "1e99999999 g")),
        ('<value xsi:type="BL" value="true"/>', (None, None, "true")),
    ],
)
def test_every_type_of_value_is_told(tmp_path: Path, value: str, expected: tuple[object, ...]) -> None:
    (one,) = results(tmp_path, observation(value, code=CRP))
    assert (one.result.value, one.result.comparator, one.result.text) == expected


def test_vital_signs_are_of_their_category(tmp_path: Path) -> None:
    value = '<value xsi:type="PQ" value="58" unit="kg"/>'
    (one,) = results(
        tmp_path, observation(value, code=coded("code", "loinc", "29463-7", "Poids")), code="8716-3"
    )
    assert one.category is ObservationCategory.VITAL_SIGNS


def act(folder: Path, more: str, *, code: str = "47519-4", mood: str = "EVN") -> Act:
    what = coded("code", "ccam", "HBLD036", "Pose d’une couronne")
    entry = (
        f'<entry><procedure classCode="PROC" moodCode="{mood}">{what}<effectiveTime value="20180114"/>{more}'
        "</procedure></entry>"
    )
    (one,) = (one for one in read(folder, section(code, "Actes", entry)) if isinstance(one, Act))
    return one


def test_a_procedure_is_an_act_done_where_the_document_is_kept_or_elsewhere(tmp_path: Path) -> None:
    here = act(tmp_path, "")
    assert (here.status, here.code_system, here.code) == (
        ActStatus.DONE, "https://smt.esante.gouv.fr/terminologie-ccam", "HBLD036",
    )  # fmt: skip
    assert here.performed_on == date(2018, 1, 14)
    other = (
        "<performer><assignedEntity><assignedPerson><name><family>AUTRE</family></name></assignedPerson>"
        "<representedOrganization><name>Hôpital Exemple</name></representedOrganization></assignedEntity></performer>"
    )
    elsewhere = act(tmp_path, other)
    assert (elsewhere.status, elsewhere.note) == (ActStatus.EXISTING_ELSEWHERE, "Hôpital Exemple")


def test_what_is_planned_is_no_act_that_was_done(tmp_path: Path) -> None:
    assert act(tmp_path, "", mood="INT").status is ActStatus.PLANNED
    assert act(tmp_path, "", code="18776-5").status is ActStatus.PLANNED
    assert act(tmp_path, '<statusCode code="aborted"/>').status is ActStatus.CANCELLED


def test_a_prescription_and_a_device(tmp_path: Path) -> None:
    product = coded("code", "1.2.250.1.213.2.3.1", "63107752", "PARACETAMOL 500 mg")
    prescription = (
        '<entry><substanceAdministration classCode="SBADM" moodCode="INT"><repeatNumber value="3"/><consumable>'
        f"<manufacturedProduct><manufacturedMaterial>{product}</manufacturedMaterial></manufacturedProduct>"
        '</consumable><entryRelationship><supply classCode="SPLY" moodCode="RQO"><quantity value="2" unit="{box}"/>'
        "</supply></entryRelationship></substanceAdministration></entry>"
    )
    device = (
        '<entry><supply classCode="SPLY" moodCode="EVN"><effectiveTime xsi:type="IVL_TS"><low value="2019"/>'
        '</effectiveTime><participant typeCode="DEV"><participantRole classCode="MANU"><id root="1.3.160" '
        'extension="(01)04012345678901(10)L7(21)S9"/>'
        f"<playingDevice>{coded('code', '1.2.250.1.213.2.68', 'J01', 'Stimulateur')}"
        "<manufacturerModelName>M1</manufacturerModelName></playingDevice></participantRole></participant></supply></entry>"
    )
    found = read(
        tmp_path, section("57828-6", "Prescription", prescription), section("46264-8", "Dispositifs", device)
    )
    (drug,) = (one for one in found if isinstance(one, Prescription))
    assert (drug.product, drug.quantity, drug.refills) == ("PARACETAMOL 500 mg", "2 {box}", "3")
    (implant,) = (one for one in found if isinstance(one, MedicalDevice))
    assert (implant.label, implant.model) == ("Stimulateur", "M1")
    assert (implant.udi, implant.udi_di) == ("(01)04012345678901(10)L7(21)S9", "04012345678901")
    assert (implant.lot, implant.serial, implant.note) == ("L7", "S9", "")
    assert implant.implanted_on is not None
    assert implant.implanted_on.isoformat() == "2019"


def device(folder: Path, *numbers: str) -> MedicalDevice:
    entry = (
        '<entry><supply classCode="SPLY" moodCode="EVN"><participant typeCode="DEV"><participantRole classCode="MANU">'
        f"{''.join(numbers)}<playingDevice><manufacturerModelName>M1</manufacturerModelName></playingDevice>"
        "</participantRole></participant></supply></entry>"
    )
    (one,) = (
        one
        for one in read(folder, section("46264-8", "Dispositifs", entry))
        if isinstance(one, MedicalDevice)
    )
    return one


@pytest.mark.parametrize(
    ("root", "extension", "udi", "identifier"),
    [
        ("1.3.160", "0104012345678901", "0104012345678901", "04012345678901"),
        ("2.16.840.1.113883.3.3719", "+A99912345/99", "+A99912345/99", ""),
        ("1.2.250.9", "(01)04012345678901", "(01)04012345678901", "04012345678901"),
        ("1.2.250.9", "(01)04012345678902", "", ""),
        ("1.2.250.9", "SN-17", "", ""),
        ("9d0b7a52-0000-4000-8000-000000000001", "", "", ""),
    ],
)
def test_an_id_of_a_device_is_its_udi_by_its_issuer_or_its_form(
    tmp_path: Path, root: str, extension: str, udi: str, identifier: str
) -> None:
    written = f' extension="{extension}"' if extension else ""
    one = device(tmp_path, '<id nullFlavor="UNK"/>', f'<id root="{root}"{written}/>')
    assert (one.udi, one.udi_di) == (udi, identifier)
    assert one.note == ("" if udi else "^".join(filter(None, (root, extension))))


def test_of_several_ids_one_is_the_udi_and_the_others_are_noted(tmp_path: Path) -> None:
    one = device(
        tmp_path, '<id root="1.2.250.9" extension="77"/>', '<id root="1.3.160" extension="0104012345678901"/>'
    )
    assert (one.udi, one.note) == ("0104012345678901", "1.2.250.9^77")


@pytest.mark.parametrize(
    ("site", "teeth", "area"),
    [
        ('<targetSiteCode nullFlavor="NA"><originalText>dent 16</originalText></targetSiteCode>', ("16",), ""),
        (coded("targetSiteCode", "snomed", "38199008", "Dents 16, 17 et 26"), ("16", "17", "26"), ""),
        (coded("targetSiteCode", "snomed", "38199008", "dents 14-16"), (), "dents 14-16"),
        (
            "<targetSiteCode displayName=\"dent\"><originalText>dent n° 46</originalText></targetSiteCode>",
            ("46",),
            "",
        ),
        ('<targetSiteCode code="11" codeSystem="1.0.3950" displayName="incisive"/>', ("11",), ""),
        ('<targetSiteCode code="19" codeSystem="1.0.3950" displayName="rien"/>', (), "rien"),
        ('<targetSiteCode nullFlavor="NA"><originalText>dent 19</originalText></targetSiteCode>', (), "dent 19"),
        ('<targetSiteCode nullFlavor="NA"><originalText>16</originalText></targetSiteCode>', (), "16"),
        ('<targetSiteCode nullFlavor="NA"><originalText>avant la dent 16</originalText></targetSiteCode>', (),
         "avant la dent 16"),
    ],
)  # fmt: skip
def test_teeth_are_those_that_a_site_says_and_nothing_else(
    tmp_path: Path, site: str, teeth: tuple[str, ...], area: str
) -> None:
    one = act(tmp_path, site)
    assert (one.teeth, one.area) == (teeth, area)
    other = act(tmp_path, site + coded("targetSiteCode", "snomed", "1", "mandibule"))
    assert (other.teeth, other.area) == (teeth, ", ".join(filter(None, (area, "mandibule"))))
