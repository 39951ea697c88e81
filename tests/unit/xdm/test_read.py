"""Media of documents: each is the one that its metadata describe, or refused alone; what they say is kept."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from formats.cda.document import NotClinicalDocument
from formats.errors import Failure, FileNotFound
from formats.findings import Finding, Severity
from formats.model.documents import Document
from formats.model.health import HealthStatement
from formats.model.identity import IdentifierType
from formats.model.imaging import ImageFile
from formats.model.people import Patient, Practice, Practitioner
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.reading import FileBody, Item, Tally
from formats.registry import recognize
from formats.xdm.medium import NotMedium
from formats.xdm.read import read_media
from tests.clinical import coded, concern, document, observation, person, section
from tests.material import material
from tests.unit.xdm.medium import Entry, lay, lay_zip

PROBLEM = section("11450-4", "Problèmes", concern(observation(coded("value", "icd10", "I20.0", "Angine"))))
VSM = document(PROBLEM)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
PDF = b"%PDF-1.7 a letter"


def items(place: Path) -> list[Item]:
    return list(read_media(place))


def codes(found: list[Item]) -> list[str]:
    return [one.code for one in found if isinstance(one, Finding)]


def lengths(found: list[Item], kind: type[Record]) -> int:
    return sum(isinstance(one, kind) for one in found)


@pytest.mark.parametrize("make", [lay, lay_zip], ids=["folder", "zip"])
def test_a_medium_gives_its_documents_of_every_kind(tmp_path: Path, make: object) -> None:
    entries = [Entry("DOC0001.XML", VSM), Entry("DOC0002.PDF", PDF), Entry("DOC0003.PNG", PNG)]
    place = (lay if make is lay else lay_zip)(tmp_path / "medium", entries)
    found, contents = [], []
    for one in read_media(place):
        found.append(one)
        if isinstance(one, FileBody):
            with one.open() as stream:
                contents.append(stream.read())
    assert codes(found) == []
    (patient,) = (one for one in found if isinstance(one, Patient))
    (practice,) = (one for one in found if isinstance(one, Practice))
    assert (patient.traits.birth_family_name, practice.name) == ("MARTIN", "Maison de santé Exemple")
    documents = [one for one in found if isinstance(one, Document)]
    assert [(one.original_name, one.patient, one.code) for one in documents] == [
        ("DOC0002.PDF", patient.id, "11488-4"),
        ("DOC0001.XML", patient.id, ""),
    ]
    assert documents[0].created_at is not None
    assert documents[0].created_at.isoformat() == "2026-03-10T09:15:00+00:00"
    assert (lengths(found, ImageFile), lengths(found, HealthStatement), lengths(found, Practitioner)) == (
        1,
        1,
        1,
    )
    assert sorted(contents) == sorted([VSM, PDF, PNG])


def test_every_object_and_every_row_is_counted_and_the_medium_says_who_made_it(tmp_path: Path) -> None:
    found = items(lay(tmp_path / "medium", [Entry("DOC0001.XML", VSM)]))
    rows = Counter(one.table for one in found if isinstance(one, SourceRow))
    assert rows == {one.table: one.rows for one in found if isinstance(one, Tally) and one.rows}
    assert rows["object"] == 3
    assert rows["file"] == 2
    texts = [str(one.columns["text"]) for one in found if isinstance(one, SourceRow) and one.table == "file"]
    assert texts == ["<html/>", "Émetteur : logiciel d’exemple".replace("’", "?") + "\r\n"]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Entry("DOC0001.XML", VSM, hash="0" * 40), "xdm-hash"),
        (Entry("DOC0001.XML", VSM, size="7"), "xdm-size"),
        (Entry("DOC0001.XML", VSM, there=False), "xdm-missing"),
        (Entry("", VSM), "xdm-missing"),
        (Entry("DOC0001.XML", VSM[:600]), "format"),
    ],
    ids=["hash", "size", "missing", "no name", "not whole"],
)
def test_a_document_that_is_not_the_one_described_is_refused_and_the_rest_goes_on(
    tmp_path: Path, entry: Entry, code: str
) -> None:
    found = items(lay(tmp_path / "medium", [entry, Entry("DOC0002.PDF", PDF)]))
    (fault,) = (one for one in found if isinstance(one, Finding))
    assert (fault.code, fault.severity) == (code, Severity.ERROR)
    assert [one.original_name for one in found if isinstance(one, Document)] == ["DOC0002.PDF"]


@pytest.mark.parametrize("entry", [Entry("D.PDF", PDF, hash=""), Entry("D.PDF", PDF, size="")])
def test_what_cannot_be_compared_is_taken_and_said(tmp_path: Path, entry: Entry) -> None:
    found = items(lay(tmp_path / "medium", [entry]))
    assert codes(found) == ["xdm-unchecked"]
    assert lengths(found, Document) == 1


def test_a_file_that_nobody_describes_is_named(tmp_path: Path) -> None:
    place = lay(tmp_path / "medium", [Entry("DOC0001.XML", VSM)])
    (place / "IHE_XDM" / "SUBSET01" / "EXTRA.XML").write_bytes(VSM)
    (place / "AUTORUN.EXE").write_bytes(b"MZ")
    found = items(place)
    assert codes(found) == ["xdm-undescribed", "xdm-undescribed"]
    assert lengths(found, Document) == 1


def test_a_document_that_an_association_replaces_stays_as_a_document_alone(tmp_path: Path) -> None:
    old = Entry("DOC0001.XML", document(PROBLEM, number="1", made="20260101101500+0100"), id="urn:uuid:old")
    new = Entry("DOC0002.XML", document(PROBLEM, number="2"), id="urn:uuid:new")
    found = items(lay(tmp_path / "medium", [old, new], replaces=("urn:uuid:new", "urn:uuid:old")))
    assert codes(found) == ["cda-replaced"]
    assert (lengths(found, Document), lengths(found, HealthStatement)) == (2, 1)


def test_a_document_that_the_sender_withdraws_tells_nothing(tmp_path: Path) -> None:
    found = items(lay(tmp_path / "medium", [Entry("DOC0001.XML", VSM, action="D")]))
    assert codes(found) == ["xdm-withdrawn"]
    assert (lengths(found, Document), lengths(found, HealthStatement)) == (1, 0)


def test_metadata_of_another_patient_are_named_and_the_document_is_believed(tmp_path: Path) -> None:
    other = document(PROBLEM, patient=person("DURAND", "Paul", "19500101", "M"))
    found = items(lay(tmp_path / "medium", [Entry("DOC0001.XML", other)]))
    assert codes(found) == ["xdm-other-patient"]
    (patient,) = (one for one in found if isinstance(one, Patient))
    assert patient.traits.birth_family_name == "DURAND"


def test_a_patient_of_documents_alone_is_the_one_of_the_metadata(tmp_path: Path) -> None:
    (patient,) = (
        one for one in items(lay(tmp_path / "medium", [Entry("D.PDF", PDF)])) if isinstance(one, Patient)
    )
    traits = patient.traits
    assert (traits.birth_family_name, traits.birth_given_names, traits.birth_place) == (
        "MARTIN", ("Jeanne", "Rose", "Anne-Lise"), "63220",
    )  # fmt: skip
    assert [one.type for one in patient.identifiers] == [IdentifierType.INS, IdentifierType.LOCAL]
    (same,) = (
        one for one in items(lay(tmp_path / "other", [Entry("D.XML", VSM)])) if isinstance(one, Patient)
    )
    assert patient.id == same.id


def test_a_folder_of_many_media_is_read_as_they_lie(tmp_path: Path) -> None:
    lay(tmp_path / "in" / "one", [Entry("DOC0001.XML", VSM)])
    lay_zip(tmp_path / "in" / "two", [Entry("D.PDF", PDF)])
    with zipfile.ZipFile(tmp_path / "in" / "photos.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    (tmp_path / "in" / "broken.zip").write_bytes(b"PK\x03\x04 broken")
    found = items(tmp_path / "in")
    assert codes(found) == ["zip-refused", "xdm-undescribed"]
    assert (lengths(found, Document), lengths(found, Patient)) == (2, 1)


def test_names_of_any_case_and_a_folder_around_are_read(tmp_path: Path) -> None:
    place = lay(tmp_path / "medium", [Entry("DOC0001.XML", VSM)])
    shutil.move(place / "IHE_XDM", place / "around")
    (place / "around" / "SUBSET01").rename(place / "around" / "subset01")
    (place / "around").rename(place / "Ihe_Xdm")
    folder = place / "Ihe_Xdm" / "subset01"
    (folder / "METADATA.XML").rename(folder / "Metadata.xml")
    (folder / "DOC0001.XML").rename(folder / "doc0001.xml")
    assert lengths(items(tmp_path), Document) == 1


@pytest.mark.parametrize("data", [b"", b"<a/>", b"<!DOCTYPE a []><a/>", b"\xff\xfe" * 40])
def test_metadata_that_cannot_be_read_stop_their_submission_alone(tmp_path: Path, data: bytes) -> None:
    place = lay(tmp_path / "in" / "one", [Entry("DOC0001.XML", VSM)])
    lay(tmp_path / "in" / "two", [Entry("D.PDF", PDF)])
    (place / "IHE_XDM" / "SUBSET01" / "METADATA.XML").write_bytes(data)
    found = items(tmp_path / "in")
    assert codes(found)[0] in {"format", "xdm-metadata"}
    assert codes(found)[1:] == ["xdm-undescribed"]
    assert lengths(found, Document) == 1


def test_where_no_medium_is_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileNotFound):
        items(tmp_path / "nowhere")
    with pytest.raises(NotMedium):
        items(tmp_path)
    (tmp_path / "a.zip").write_bytes(b"no archive")
    with pytest.raises(Failure):
        items(tmp_path / "a.zip")
    assert NotMedium.code != NotClinicalDocument.code


def test_more_archives_than_may_be_open_are_read(tmp_path: Path) -> None:
    for number in range(20):
        lay_zip(
            tmp_path / "in" / f"m{number}", [Entry("D.PDF", PDF + bytes([number]), unique=f"1.2.{number}")]
        )
    assert lengths(items(tmp_path / "in"), Document) == 20


EXPECTED = {
    "BIO-CR-BIO_2024.01_Microbiologie_V2_Delete": ({"documents": 1}, ["xdm-withdrawn"]),
    "DOC_NON_STRUCTURE_CDA-R2-N1": ({"documents": 2}, []),
    "IMG_CR_IMG_2024.01": ({"documents": 2, "devices": 1}, ["cda-entry-unread"]),
    "IPS-FR_2024.01": ({"documents": 4, "health_statements": 15}, ["cda-entry-parts", "cda-entry-unread"]),
    "LDL-SES_2022.01": ({"documents": 1}, ["cda-entry-unread"]),
    "VAC_2023.01": ({"documents": 1}, ["cda-entry-unread"]),
    "VSM_1.4_2022.01": ({"documents": 1, "health_statements": 10, "acts": 1}, []),
    "eP-MED-DM_2024.01_PosoStruct": ({"documents": 3, "prescriptions": 2}, ["cda-entry-unread"]),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_every_medium_of_ci_sis_is_read(name: str) -> None:
    found = items(material("xdm", "packages", f"{name}.zip"))
    expected, findings = EXPECTED[name]
    counted = Counter(one.kind for one in found if isinstance(one, Record))
    assert {kind: counted[kind] for kind in expected} == expected
    assert sorted(set(codes(found))) == findings
    assert counted["patients"] == 1
    rows = Counter(one.table for one in found if isinstance(one, SourceRow))
    assert rows == {one.table: one.rows for one in found if isinstance(one, Tally) and one.rows}


def test_an_example_whose_document_was_changed_is_refused(tmp_path: Path) -> None:
    source = material("xdm", "packages", "VSM_1.4_2022.01.zip")
    changed = tmp_path / "changed.zip"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(changed, "w") as after:
        for one in before.infolist():
            data = before.read(one)
            after.writestr(one.filename, data.replace(b"PLAVIX", b"PLAVOX"))
    found = items(changed)
    assert "xdm-hash" in codes(found)
    assert lengths(found, Document) == 0
    assert io.BytesIO(changed.read_bytes()).read(2) == b"PK"


def test_a_medium_that_is_packed_in_an_archive(tmp_path: Path) -> None:
    inner = lay_zip(tmp_path / "inner", [Entry("DOC0001.XML", VSM)]).read_bytes()
    with zipfile.ZipFile(tmp_path / "outer.zip", "w") as archive:
        archive.writestr("README.TXT", b"x")
        archive.writestr("IHE_XDM.ZIP", inner)
    (tmp_path / "inner.zip").unlink()
    assert recognize(str(tmp_path / "outer.zip")) == ("xdm",)
    found = items(tmp_path / "outer.zip")
    assert lengths(found, HealthStatement) == 1 and codes(found) == []
    assert lengths(items(tmp_path), HealthStatement) == 1


def test_a_packed_medium_that_is_none_stops_no_other(tmp_path: Path) -> None:
    lay_zip(tmp_path / "whole", [Entry("DOC0001.XML", VSM)])
    for name, data in (("cut", b"PK\x03\x04" + bytes(40)), ("empty", b"PK\x05\x06" + bytes(18))):
        with zipfile.ZipFile(tmp_path / f"{name}.zip", "w") as archive:
            archive.writestr("IHE_XDM.ZIP", data)
    found = items(tmp_path)
    assert lengths(found, HealthStatement) == 1
    assert codes(found).count("not-xdm") == 2
