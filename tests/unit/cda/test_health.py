"""What is said of health: facts, what there is none of, and what nobody asked are three things."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from formats.cda.codes import UNNAMED, named_oid, system_oid, system_uri
from formats.cda.read import read_documents
from formats.findings import Finding
from formats.model.dates import PartialDate
from formats.model.health import HealthStatement, HealthStatus, HealthTopic, Presence
from formats.model.provenance import SourceRow
from tests.clinical import agent, coded, concern, document, observation, section

PROBLEM = coded("code", "snomed", "282291009", "diagnostic")
ALLERGY = coded("code", "snomed", "419199007", "allergie")
DRUG_ALLERGY = coded("code", "snomed", "416098002", "allergie médicamenteuse")


def read(folder: Path, *body: str) -> tuple[list[HealthStatement], list[str], list[SourceRow]]:
    """Return statements, codes of findings and rows of entries of a document with these sections."""
    place = folder / "vsm.xml"
    place.write_bytes(document(*body))
    items = list(read_documents(place))
    rows = [one for one in items if isinstance(one, SourceRow) and one.table == "entry"]
    statements = [one for one in items if isinstance(one, HealthStatement)]
    return statements, [one.code for one in items if isinstance(one, Finding)], rows


def allergies(*entries: str) -> str:
    return section("48765-2", "Allergies", *entries)


def test_a_problem_says_what_since_when_and_how_it_stands(tmp_path: Path) -> None:
    value = coded("value", "icd10", "I20.0", "Angine instable")
    severity = observation(
        coded("value", "snomed", "6736007", "modéré"), code=coded("code", "1.2", "SEV", "Sévérité")
    )
    inside = f'<entryRelationship typeCode="SUBJ">{severity}</entryRelationship>'
    entry = concern(observation(value, code=PROBLEM, when="201908", inside=inside))
    (one,), findings, (row,) = read(tmp_path, section("11450-4", "Problèmes actifs", entry))
    assert (one.topic, one.presence, one.status) == (
        HealthTopic.CONDITION, Presence.PRESENT, HealthStatus.ACTIVE,
    )  # fmt: skip
    assert (one.code_system, one.code, one.label) == (
        "http://hl7.org/fhir/sid/icd-10", "I20.0", "Angine instable",
    )  # fmt: skip
    assert one.start == PartialDate(2019, 8)
    assert one.detail == "Sévérité\N{NO-BREAK SPACE}: modéré"
    assert one.recorded_at is not None
    assert one.recorded_at.isoformat() == "2026-03-10T10:15:00+01:00"
    assert row.records == (one.id,)
    assert findings == []


def test_an_allergy_is_to_its_agent_and_has_the_status_that_is_stated(tmp_path: Path) -> None:
    status = observation(coded("value", "1.2", "inactive", "Inactif"), code=coded("code", "loinc", "33999-4"))
    inside = agent("60234100", "PARACETAMOL") + f"<entryRelationship>{status}</entryRelationship>"
    entry = concern(observation("", code=DRUG_ALLERGY, inside=inside))
    (one,), findings, _ = read(tmp_path, allergies(entry))
    assert (one.label, one.code, one.status) == ("PARACETAMOL", "60234100", HealthStatus.INACTIVE)
    assert one.detail == "allergie médicamenteuse"
    assert findings == []


NONE = [
    observation(coded("value", "absent", "no-known-allergies", "Aucune allergie connue"), code=ALLERGY),
    observation(coded("value", "snomed", "716186003", "No known allergy"), code=ALLERGY),
    observation(coded("value"), code=ALLERGY, negated="true"),
    observation("", code=ALLERGY, negated="true"),
]


@pytest.mark.parametrize("statement", NONE, ids=["ips", "snomed", "negated", "negated-without-value"])
def test_none_known_is_an_answer_about_all_of_it(tmp_path: Path, statement: str) -> None:
    (one,), findings, _ = read(tmp_path, allergies(concern(statement)))
    assert (one.topic, one.presence) == (HealthTopic.ALLERGY, Presence.NONE)
    assert (one.label, one.code) == ("", "")
    assert findings == []


DENIED = [
    observation(
        coded("value", "absent", "no-known-food-allergies", "Pas d’allergie alimentaire"), code=ALLERGY
    ),
    observation("", code=ALLERGY, negated="true", inside=agent("60234100", "PARACETAMOL")),
    observation("", code=DRUG_ALLERGY, negated="true"),
]


@pytest.mark.parametrize("statement", DENIED, ids=["kind", "agent", "type"])
def test_one_that_is_denied_says_nothing_of_the_others(tmp_path: Path, statement: str) -> None:
    (one,), findings, _ = read(tmp_path, allergies(concern(statement)))
    assert (one.topic, one.presence) == (HealthTopic.ALLERGY, Presence.REFUTED)
    assert one.label
    assert findings == []


UNKNOWN = [
    observation(coded("value", "absent", "no-allergy-info", "Pas d’information"), code=ALLERGY),
    observation(coded("value", more=' nullFlavor="NASK"'), code='<code nullFlavor="NASK"/>'),
    observation('<value xsi:type="CD" nullFlavor="UNK"/>', code='<code nullFlavor="UNK"/>'),
]


@pytest.mark.parametrize("statement", UNKNOWN, ids=["no-info", "nask", "unk"])
def test_what_nobody_asked_is_no_answer(tmp_path: Path, statement: str) -> None:
    statements, findings, (row,) = read(tmp_path, allergies(concern(statement)))
    assert statements == []
    assert findings == ["cda-not-asked"]
    assert row.records == ()
    assert "observation" in str(row.columns["xml"])


def test_two_problems_of_one_concern_are_two_and_one_that_nobody_knows_hides_neither(tmp_path: Path) -> None:
    values = (
        coded("value", "icd10", "N10", "Pyélonéphrite"),
        coded("value", "absent", "no-problem-info"),
        coded("value", "icd10", "I21.1", "Infarctus"),
    )
    entry = concern(*(observation(value, code=PROBLEM) for value in values), status="completed")
    statements, findings, (row,) = read(tmp_path, section("11348-0", "Antécédents", entry))
    assert [one.code for one in statements] == ["N10", "I21.1"]
    assert {one.status for one in statements} == {HealthStatus.RESOLVED}
    assert row.records == tuple(one.id for one in statements)
    assert findings == ["cda-not-asked"]


def test_no_known_procedures_have_no_place_in_the_model_and_it_is_said(tmp_path: Path) -> None:
    code = coded("code", "absent", "no-known-procedures", "Aucun acte connu")
    entry = f'<entry><procedure classCode="PROC" moodCode="EVN">{code}</procedure></entry>'
    _, findings, (row,) = read(tmp_path, section("47519-4", "Actes", entry, text="Aucun acte connu"))
    assert findings == ["cda-none-known"]
    assert row.records == ()


def test_a_document_that_says_none_and_one_keeps_both_and_says_so(tmp_path: Path) -> None:
    some = concern(observation("", code=ALLERGY, inside=agent("1", "LATEX")))
    statements, findings, _ = read(tmp_path, allergies(concern(NONE[0]), some))
    assert {one.presence for one in statements} == {Presence.NONE, Presence.PRESENT}
    assert findings == ["cda-contradiction"]


def test_a_treatment_says_how_it_is_taken_and_until_when(tmp_path: Path) -> None:
    product = coded("code", "1.2.250.1.213.2.3.1", "63564053", "PLAVIX 75 mg")
    entry = (
        '<entry><substanceAdministration classCode="SBADM" moodCode="EVN"><code code="DRUG" codeSystem="1.2"/>'
        '<effectiveTime xsi:type="IVL_TS"><low value="20190811"/><high value="20200101"/></effectiveTime>'
        '<effectiveTime xsi:type="PIVL_TS"><period value="1" unit="d"/></effectiveTime>'
        f'{coded("routeCode", "0.4", "20053000", "Voie orale")}<doseQuantity><low value="1" unit="{{tablet}}"/>'
        '<high value="2" unit="{tablet}"/></doseQuantity><consumable><manufacturedProduct><manufacturedMaterial>'
        f"{product}</manufacturedMaterial></manufacturedProduct></consumable></substanceAdministration></entry>"
    )
    (one,), findings, _ = read(tmp_path, section("10160-0", "Traitements", entry))
    assert (one.topic, one.label, one.status) == (
        HealthTopic.MEDICATION, "PLAVIX 75 mg", HealthStatus.RESOLVED,
    )  # fmt: skip
    assert (one.start, one.end) == (date(2019, 8, 11), date(2020, 1, 1))
    assert one.detail == "1 {tablet} – 2 {tablet} / 1 d\nVoie orale"
    assert findings == []


def test_no_known_medication_is_none_of_it(tmp_path: Path) -> None:
    code = coded("code", "absent", "no-known-medications", "Aucun traitement")
    entry = (
        f'<entry><substanceAdministration classCode="SBADM" moodCode="EVN">{code}<consumable>'
        '<manufacturedProduct><manufacturedMaterial><code nullFlavor="NA"/></manufacturedMaterial>'
        "</manufacturedProduct></consumable></substanceAdministration></entry>"
    )
    statements, findings, _ = read(tmp_path, section("10160-0", "Traitements", entry))
    assert [(one.topic, one.presence) for one in statements] == [(HealthTopic.MEDICATION, Presence.NONE)]
    assert findings == []


def test_habits_and_the_family_are_told_with_their_values(tmp_path: Path) -> None:
    smoking = observation(
        '<value xsi:type="PQ" value="25" unit="{pack}/a"/>', code=coded("code", "loinc", "74011-8", "Tabac")
    )
    relative = coded("code", "2.16.840.1.113883.5.111", "MTH", "Mère")
    organizer = (
        '<entry><organizer classCode="CLUSTER" moodCode="EVN"><subject><relatedSubject classCode="PRS">'
        f"{relative}</relatedSubject></subject><component>"
        f"{observation(coded('value', 'icd10', 'D57.1', 'Anémie'), code=PROBLEM)}</component></organizer></entry>"
    )
    statements, findings, _ = read(
        tmp_path,
        section("29762-2", "Mode de vie", f"<entry>{smoking}</entry>"),
        section("10157-6", "Antécédents familiaux", organizer),
    )
    assert [(one.topic, one.label, one.detail) for one in statements] == [
        (HealthTopic.HABIT, "Tabac", "25 {pack}/a"),
        (HealthTopic.FAMILY, "Anémie", "Mère"),
    ]
    assert findings == []


# -- what a writer of ours, or another careful one, says besides ----------------------------


def test_a_text_that_is_excluded_denies_itself_alone(tmp_path: Path) -> None:
    named = '<value xsi:type="CD" nullFlavor="OTH"><originalText>Latex</originalText></value>'
    entry = concern(observation(named, code=PROBLEM, negated="true"))
    (one,), _, _ = read(tmp_path, section("11450-4", "Problèmes actifs", entry))
    assert (one.presence, one.label) == (Presence.REFUTED, "Latex")


def test_a_status_that_is_unknown_is_not_the_one_of_the_section(tmp_path: Path) -> None:
    status = observation('<value xsi:type="CE" nullFlavor="UNK"/>', code=coded("code", "loinc", "33999-4"))
    inside = f'<entryRelationship typeCode="REFR">{status}</entryRelationship>'
    value = coded("value", "icd10", "I20.0", "Angine instable")
    entry = concern(observation(value, code=PROBLEM, inside=inside))
    (one,), _, _ = read(tmp_path, section("11450-4", "Problèmes actifs", entry))
    assert one.status is HealthStatus.UNKNOWN


def test_what_somebody_unknown_recorded_is_not_said_of_the_author_of_the_document(tmp_path: Path) -> None:
    unknown = (
        '<author><time nullFlavor="UNK"/><assignedAuthor><id nullFlavor="UNK"/></assignedAuthor></author>'
    )
    value = coded("value", "icd10", "I20.0", "Angine instable")
    entry = concern(observation(value, code=PROBLEM, inside=unknown))
    (one,), _, _ = read(tmp_path, section("11450-4", "Problèmes actifs", entry))
    assert (one.practitioner, one.recorded_at) == (None, None)


def test_a_code_that_says_none_adds_no_words_of_its_own(tmp_path: Path) -> None:
    none = observation(coded("value", "absent", "no-known-problems", "Pas de problème connu"), code=PROBLEM)
    (one,), _, _ = read(tmp_path, section("11450-4", "Problèmes actifs", concern(none)))
    assert (one.presence, one.detail) == (Presence.NONE, "")


def test_a_code_system_without_an_oid_has_its_name(tmp_path: Path) -> None:
    name = "https://example.invalid/codes"
    value = f'<value xsi:type="CD" code="A1" codeSystem="{named_oid(name)}" codeSystemName="{name}" displayName="x"/>'
    entry = concern(observation(value, code=PROBLEM))
    (one,), _, _ = read(tmp_path, section("11450-4", "Problèmes actifs", entry))
    assert (one.code_system, one.code) == (name, "A1")
    assert system_uri(system_oid(name), name) == name
    assert system_uri(UNNAMED) == ""
