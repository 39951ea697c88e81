"""Clinical documents: whose they are, what they wrap, which replaces which; entries in are records out."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from formats import xml
from formats.cda import document as cda_document
from formats.cda.codes import SECTIONS
from formats.cda.document import NotClinicalDocument
from formats.cda.read import read_documents
from formats.errors import FileNotFound, FormatFailure, LimitExceeded
from formats.findings import Finding, Severity
from formats.model.care import Note
from formats.model.dates import PartialDate
from formats.model.documents import Document
from formats.model.identity import ContactKind, IdentifierType, Sex
from formats.model.people import Patient, Practice, Practitioner, RelatedPerson, Relation
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody, Item, Tally
from tests.clinical import INS, PDF, coded, concern, document, ids, observation, person, section, wrapped
from tests.docs.pages import ROOT
from tests.material import material

PROBLEM = section(
    "11450-4", "Problèmes", concern(observation(coded("value", "icd10", "I20.0", "Angine"))), text="Angine"
)


def items(place: Path) -> list[Item]:
    return list(read_documents(place))


def codes(found: list[Item]) -> list[str]:
    return [one.code for one in found if isinstance(one, Finding)]


def of(found: list[Item], kind: type[Record]) -> list[Record]:
    return [one for one in found if isinstance(one, kind)]


def content(body: FileBody) -> bytes:
    with body.open() as stream:
        return stream.read()


def laid(folder: Path, **documents: bytes) -> Path:
    for name, data in documents.items():
        (folder / f"{name}.xml").write_bytes(data)
    return folder


# -- identity -----------------------------------------------------------------------------


def test_the_header_says_who_the_patient_is(tmp_path: Path) -> None:
    found = items(laid(tmp_path, one=document(PROBLEM)))
    (patient,) = (one for one in found if isinstance(one, Patient))
    traits = patient.traits
    assert (traits.birth_family_name, traits.used_family_name) == ("MARTIN", "PETIT")
    assert (traits.birth_given_names, traits.used_given_name) == (
        ("Jeanne", "Rose", "Anne-Lise"),
        "Jeannette",
    )
    assert (traits.birth_date, traits.sex, traits.birth_place) == (date(1961, 2, 15), Sex.FEMALE, "63220")
    assert [(one.type, one.value) for one in patient.identifiers] == [
        (IdentifierType.INS, INS),
        (IdentifierType.LOCAL, "4711"),
    ]
    assert [(one.lines, one.postal_code, one.city) for one in patient.addresses] == [
        (("7 rue des Exemples",), "63000", "CLERMONT-FERRAND")
    ]
    assert [(one.kind, one.value) for one in patient.contacts] == [
        (ContactKind.MOBILE, "+33199000001"),
        (ContactKind.EMAIL, "jeanne@example.invalid"),
    ]
    (practice,) = (one for one in found if isinstance(one, Practice))
    assert practice.name == "Maison de santé Exemple"
    assert practice.identifiers[0].value == "630000019"
    (author,) = (one for one in found if isinstance(one, Practitioner))
    assert (author.family_name, author.identifiers[0].type, author.identifiers[0].value) == (
        "EXEMPLE", IdentifierType.RPPS, "10000000011",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("born", "expected"), [("1961", PartialDate(1961)), ("196102", PartialDate(1961, 2)), ("x", None)]
)
def test_a_birth_date_is_as_precise_as_it_is_written(tmp_path: Path, born: str, expected: object) -> None:
    found = items(laid(tmp_path, one=document(patient=person(born=born))))
    (patient,) = (one for one in found if isinstance(one, Patient))
    assert patient.traits.birth_date == expected
    assert codes(found) == ([] if expected else ["cda-time"])


def test_who_answers_for_the_patient_comes_with_how_to_reach_them(tmp_path: Path) -> None:
    informant = (
        '<informant><relatedEntity classCode="ECON"><code code="SIS" displayName="Soeur"/>'
        '<telecom value="tel:0199000002"/><relatedPerson><name><family>PETIT</family><given>Anne</given></name>'
        "</relatedPerson></relatedEntity></informant>"
    )
    found = items(laid(tmp_path, one=document(header=informant)))
    (person_,) = (one for one in found if isinstance(one, RelatedPerson))
    assert (person_.relation, person_.family_name, person_.note) == (Relation.EMERGENCY, "PETIT", "Soeur")
    assert person_.contacts[0].value == "0199000002"


# -- content ------------------------------------------------------------------------------


def test_every_section_is_a_note_and_every_row_is_counted(tmp_path: Path) -> None:
    table = "<table><tbody><tr><td>2019</td><td>Angine<br/>instable</td></tr></tbody></table>"
    unread = section(
        "11369-6", "Vaccinations", "<entry><encounter classCode='ENC' moodCode='EVN'/></entry>", text=table
    )
    found = items(laid(tmp_path, one=document(PROBLEM, unread)))
    assert [one.text for one in found if isinstance(one, Note)] == [
        "Problèmes\nAngine",
        "Vaccinations\n2019 | Angine instable",
    ]
    rows = Counter(one.table for one in found if isinstance(one, SourceRow))
    tallies = Counter({one.table: one.rows for one in found if isinstance(one, Tally)})
    assert rows == tallies == {"document": 1, "section": 2, "entry": 2}
    assert codes(found) == ["cda-entry-unread"]
    unread_row = next(
        one for one in found if isinstance(one, SourceRow) and one.columns.get("section") == "11369-6"
    )
    assert unread_row.records == ()
    assert "<encounter" in str(unread_row.columns["xml"])


def test_a_wrapped_file_is_a_document_beside_the_one_that_wraps_it(tmp_path: Path) -> None:
    data = document(level_1=wrapped())
    found = items(laid(tmp_path, one=data))
    sums = [one.attachment.sha256 for one in found if isinstance(one, Document) and one.attachment]
    assert sums == [hashlib.sha256(data).hexdigest(), hashlib.sha256(PDF).hexdigest()]
    bodies = {one.attachment.sha256: content(one) for one in found if isinstance(one, FileBody)}
    assert [bodies[one] for one in sums] == [data, PDF]
    (row,) = (one for one in found if isinstance(one, SourceRow))
    assert f"sha256:{sums[1]}" in str(row.columns["header"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (wrapped(PDF, ' integrityCheck="AAAA"'), "cda-file"),
        (wrapped().replace("JVBE", "!!!!"), "cda-file"),
        (
            '<component><nonXMLBody><text><reference value="lettre.pdf"/></text></nonXMLBody></component>',
            "cda-file-elsewhere",
        ),
    ],
    ids=["other digest", "no base64", "elsewhere"],
)
def test_a_wrapped_file_that_is_not_whole_is_refused_and_the_document_stays(
    tmp_path: Path, body: str, code: str
) -> None:
    found = items(laid(tmp_path, one=document(level_1=body)))
    (fault,) = (one for one in found if isinstance(one, Finding))
    assert (fault.code, fault.severity) == (code, Severity.ERROR)
    assert len(of(found, Document)) == 1


def test_a_digest_beside_a_file_is_checked_and_may_be_right(tmp_path: Path) -> None:
    right = base64.b64encode(hashlib.sha1(PDF, usedforsecurity=False).digest()).decode()
    found = items(laid(tmp_path, one=document(level_1=wrapped(PDF, f' integrityCheck="{right}"'))))
    assert codes(found) == []
    assert len(of(found, Document)) == 2


# -- several documents --------------------------------------------------------------------


def test_a_later_version_takes_the_place_of_an_earlier_one_that_stays_as_a_document(tmp_path: Path) -> None:
    first = document(PROBLEM, number="1", series="s", version="1", made="20260101")
    second = document(PROBLEM, number="2", series="s", version="2", made="20260201")
    found = items(laid(tmp_path, a=second, b=first))
    assert codes(found) == ["cda-replaced"]
    assert len(of(found, Document)) == 2
    assert sum(one.kind == "health_statements" for one in found if isinstance(one, Record)) == 1
    assert len([one for one in found if isinstance(one, Patient)]) == 1
    assert len({one.id for one in found if isinstance(one, Record)}) == len(of(found, Record))


def test_a_document_that_another_says_it_replaces_is_replaced(tmp_path: Path) -> None:
    parent = '<parentDocument><id root="1.2.250.9" extension="1"/></parentDocument>'
    header = f'<relatedDocument typeCode="RPLC">{parent}</relatedDocument>'
    found = items(
        laid(tmp_path, a=document(PROBLEM, number="1"), b=document(PROBLEM, number="2", header=header))
    )
    (one,) = (one for one in found if isinstance(one, Finding))
    assert (one.code, one.where) == ("cda-replaced", "a.xml")


def test_the_same_document_twice_is_read_once(tmp_path: Path) -> None:
    found = items(laid(tmp_path, a=document(PROBLEM), b=document(PROBLEM)))
    assert codes(found) == ["cda-twice"]
    assert len(of(found, Document)) == 1


def test_nobody_gets_the_document_of_another_who_has_their_number(tmp_path: Path) -> None:
    other = document(PROBLEM, number="2", patient=person("DURAND", "Paul", "19500101", "M"), made="20260401")
    found = items(laid(tmp_path, a=document(PROBLEM), b=other))
    assert codes(found) == ["cda-other-patient"]
    first, second = (one for one in found if isinstance(one, Patient))
    assert first.id != second.id
    for patient in (first, second):
        assert sum(getattr(one, "patient", "") == patient.id for one in of(found, Document)) == 1


def test_a_patient_without_a_number_is_told_by_ins_and_without_one_by_the_traits(tmp_path: Path) -> None:
    without = laid(
        tmp_path, a=document(identifiers=ids(number="")), b=document(number="2", identifiers=ids(number=""))
    )
    assert len([one for one in items(without) if isinstance(one, Patient)]) == 1
    nothing = '<id nullFlavor="UNK"/>'
    laid(tmp_path, a=document(identifiers=nothing), b=document(number="2", identifiers=nothing))
    assert len([one for one in items(tmp_path) if isinstance(one, Patient)]) == 1


# -- bad input ----------------------------------------------------------------------------

BOMB = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]>'
BAD = {
    "empty": b"",
    "text": b"ClinicalDocument urn:hl7-org:v3",
    "cut": document(PROBLEM)[:900],
    "other root": b'<a xmlns="urn:hl7-org:v3">ClinicalDocument</a>',
    "nobody": b'<ClinicalDocument xmlns="urn:hl7-org:v3"><recordTarget/></ClinicalDocument>',
    "entities": document(PROBLEM).replace(b"<!-- of fictive people -->", BOMB),
    "long with entities": document(PROBLEM).replace(b"<!-- of fictive people -->", BOMB) + b" " * (9 << 20),
    "deep": document(PROBLEM).replace(b"<component>", b"<component>" + b"<a>" * 300, 1),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_clinical_document_is_refused_alone_and_the_others_are_read(
    tmp_path: Path, name: str
) -> None:
    place = tmp_path / "bad.xml"
    place.write_bytes(BAD[name])
    with pytest.raises(FormatFailure):
        items(place)
    found = items(laid(tmp_path, good=document(PROBLEM)))
    (fault,) = (one for one in found if isinstance(one, Finding))
    assert fault.where == "bad.xml"
    assert len(of(found, Document)) == 1


def test_nothing_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFound):
        items(tmp_path / "nowhere.xml")


def test_a_document_past_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("formats.cda.read.MAX_DOCUMENT_BYTES", 1000)
    place = laid(tmp_path, one=document(PROBLEM)) / "one.xml"
    with pytest.raises(LimitExceeded):
        items(place)


def test_more_documents_than_are_kept_apart_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("formats.cda.read.MAX_DOCUMENTS", 1)
    with pytest.raises(LimitExceeded):
        items(laid(tmp_path, one=document(), two=document(number="2")))


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_page_names_every_section_that_is_read(language: str) -> None:
    page = (ROOT / "docs" / language / "reference" / "clinical-documents.md").read_text(encoding="utf-8")
    assert [code for code in SECTIONS if f"`{code}`" not in page] == []


def test_a_long_scan_is_read_whole(tmp_path: Path) -> None:
    long = PDF + b"\x00" * (9 << 20)
    assert len(document(level_1=wrapped(long))) > xml.LONG_TEXT
    found = items(laid(tmp_path, one=document(level_1=wrapped(long))))
    assert codes(found) == []
    assert {one.attachment.size for one in found if isinstance(one, FileBody)} >= {len(long)}


def test_deep_elements_of_a_long_document_are_refused() -> None:
    data = document(PROBLEM).replace(b"<component>", b"<component>" + b"<a>" * 300, 1)
    data = data.replace(b"</ClinicalDocument>", b"</a>" * 300 + b"</ClinicalDocument>") + b" " * (9 << 20)
    with pytest.raises(FormatFailure):
        cda_document.read_document(data)


def test_another_file_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "style.xsl").write_text("<a/>")
    found = items(laid(tmp_path, one=document(PROBLEM)))
    assert [(one.code, one.where) for one in found if isinstance(one, Finding)] == [("not-cda", "style.xsl")]
    assert NotClinicalDocument.code == "not-cda"


# -- other people's documents -------------------------------------------------------------

EXPECTED = {
    "VSM_1.4_2022.01.xml": {"health_statements": 10, "acts": 1, "notes": 9, "documents": 1},
    "DOC_NON_STRUCTURE_CDA-R2-N1.xml": {"documents": 2},
    "IPS-FR_2024.01.xml": {
        "health_statements": 14,
        "acts": 4,
        "devices": 2,
        "observations": 4,
        "documents": 4,
        "notes": 19,
    },
    "IMG_CR_IMG_2024.01.xml": {"devices": 1, "documents": 2},
    "eP-MED-DM_2024.01_PosoStruct.xml": {"prescriptions": 2, "observations": 2, "documents": 3},
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_example_of_ci_sis_is_read_without_an_error(name: str) -> None:
    found = items(material("cda", "examples", name))
    assert not [one for one in found if isinstance(one, Finding) and one.severity is Severity.ERROR]
    counted = Counter(one.kind for one in found if isinstance(one, Record))
    assert {kind: counted[kind] for kind in EXPECTED[name]} == EXPECTED[name]
    rows = Counter(one.table for one in found if isinstance(one, SourceRow))
    assert rows == {one.table: one.rows for one in found if isinstance(one, Tally) and one.rows}
    assert len({one.id for one in found if isinstance(one, Record)}) == sum(counted.values())
