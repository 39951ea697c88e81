"""Metadata of a medium as written: valid for the schema, and read back with the documents that they describe."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree

from formats.cda.writer.output import WrittenDocument
from formats.cda.writer.summary import write_summary
from formats.cda.writer.wrapping import write_wrapped
from formats.errors import LimitExceeded
from formats.findings import Finding
from formats.model.care import Act
from formats.model.documents import Attachment, Document
from formats.model.dossier import Dossier
from formats.model.health import HealthStatement
from formats.model.identity import IdentifierType
from formats.model.people import Patient, Practice
from formats.reading import FileBody, Item
from formats.xdm.medium_file import MediumFile, medium_file
from formats.xdm.metadata import (
    MAX_OBJECTS,
    document_type,
    patient_ids,
    read_metadata,
    submission_patient,
    unique_id,
)
from formats.xdm.read import read_media
from formats.xdm.write import SubmissionFacts, write_metadata
from tests.dossiers import TEXTS, dossiers
from tests.full_dossier import full_dossier
from tests.material import material
from tests.unit.cda.written import (
    CLOCK,
    ISSUE,
    carried_acts,
    carried_statements,
    read_acts,
    read_statements,
)

FULL = full_dossier()
FACTS = SubmissionFacts(submitted_at=CLOCK, title="Dossier dentaire", comments="Remis à son successeur")
PDF = b"%PDF-1.7\n% a letter of fictive people\n%%EOF\n"


@cache
def schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(material("xdm", "xsd", "lcm.xsd"))))


def faults(data: bytes) -> list[str]:
    schema().validate(etree.fromstring(data))
    return [one.message for one in schema().error_log]


def metadata(dossier: Dossier, *files: MediumFile, facts: SubmissionFacts = FACTS) -> bytes:
    target = io.BytesIO()
    write_metadata(dossier, files, target, facts=facts)
    return target.getvalue()


def a_summary(dossier: Dossier = FULL, **issue: object) -> tuple[bytes, WrittenDocument]:
    target = io.BytesIO()
    done = write_summary(dossier, target, issue=replace(ISSUE, **issue))  # type: ignore[arg-type]
    return target.getvalue(), done


def lay(folder: Path, dossier: Dossier = FULL) -> Path:
    """Lay a medium with the summary of ``dossier`` and a letter wrapped in a document."""
    place = folder / "IHE_XDM" / "SUBSET01"
    place.mkdir(parents=True)
    data, done = a_summary(dossier)
    (place / "DOC00001.XML").write_bytes(data)
    attachment = Attachment(
        sha256=hashlib.sha256(PDF).hexdigest(), size=len(PDF), media_type="application/pdf"
    )
    letter = Document(
        id=dossier.patient.id,
        patient=dossier.patient.id,
        title="Courrier",
        attachment=attachment,
        created_at=CLOCK,
    )
    with (place / "DOC00002.XML").open("wb") as target:
        wrapped = write_wrapped(dossier, letter, io.BytesIO(PDF), target, issue=ISSUE)
    files = (medium_file(done, "DOC00001.XML"), medium_file(wrapped, "DOC00002.XML"))
    (place / "METADATA.XML").write_bytes(metadata(dossier, *files))
    return folder


def read(place: Path) -> list[Item]:
    return list(read_media(place))


# -- what the schema and the French rules want --------------------------------------------


def test_metadata_are_valid_and_say_what_the_french_rules_want() -> None:
    data, done = a_summary()
    written = metadata(FULL, medium_file(done, "DOC00001.XML"))
    assert faults(written) == []
    stated = read_metadata(written)
    (entry,) = stated.entries
    assert entry.slot("hash") == hashlib.sha1(data, usedforsecurity=False).hexdigest().upper()
    assert entry.slot("size") == str(len(data))
    assert entry.slot("URI") == "DOC00001.XML"
    assert entry.slot("languageCode") == "fr-FR"
    assert entry.slot("creationTime") == "20261101123000"
    assert entry.slot("repositoryUniqueId").startswith("2.25.")
    assert entry.attributes["lid"].startswith("urn:uuid:")
    assert unique_id(entry) == done.number
    assert document_type(entry).code == "SYNTH"
    codes = {one.code for classes in entry.classes.values() for one in classes}
    assert codes == {"11", "N", "urn:asip:ci-sis:vsm:2012", "SA09", "AMBULATOIRE", "SYNTH"}
    assert stated.source == "1.2.250.1.71.4.2.2.1750000001"
    assert [one.kind for one in stated.associations] == ["HasMember"]
    ins, own = patient_ids(entry)
    assert ins == submission_patient(stated) == "279035121518989^^^&1.2.250.1.213.1.4.10&ISO^NH"
    assert own.endswith("&ISO^PI")
    assert "PID-8|F" in entry.slots["sourcePatientInfo"]


def test_a_patient_without_an_ins_is_known_by_the_number_of_the_practice() -> None:
    numbers = tuple(one for one in FULL.patient.identifiers if one.type is not IdentifierType.INS)
    one = replace(FULL, patient=replace(FULL.patient, identifiers=numbers))
    stated = read_metadata(metadata(one, medium_file(a_summary(one)[1], "DOC00001.XML")))
    assert set(patient_ids(stated.entries[0])) == {submission_patient(stated)}
    assert submission_patient(stated).endswith("^PI")


def test_a_later_version_takes_the_place_of_the_one_before() -> None:
    _, first = a_summary()
    _, second = a_summary(version=2, replaces=first.number, written_at=CLOCK + timedelta(days=1))
    written = metadata(FULL, medium_file(first, "DOC00001.XML"), medium_file(second, "DOC00002.XML"))
    assert faults(written) == []
    stated = read_metadata(written)
    before, after = stated.entries
    assert before.attributes["lid"] == after.attributes["lid"]
    assert [(one.source, one.target) for one in stated.associations if one.kind == "RPLC"] == [
        (after.id, before.id)
    ]
    assert b'versionName="2"' in written


def test_a_mutant_is_refused_by_the_schema() -> None:
    root = etree.fromstring(metadata(FULL, medium_file(a_summary()[1], "DOC00001.XML")))
    name = root.find(".//{*}ExtrinsicObject/{*}Name")
    assert name is not None
    name.getparent().insert(0, name)  # type: ignore[union-attr]
    assert faults(etree.tostring(root))


@given(dossiers(texts=TEXTS, kinds=(HealthStatement, Act)))
@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
def test_the_metadata_of_any_dossier_are_valid(dossier: Dossier) -> None:
    written = metadata(dossier, medium_file(a_summary(dossier)[1], "DOC00001.XML"))
    assert faults(written) == []
    assert len(read_metadata(written).entries) == 1


def test_the_same_dossier_and_moment_give_the_same_bytes() -> None:
    files = (medium_file(a_summary()[1], "DOC00001.XML"),)
    assert metadata(FULL, *files) == metadata(FULL, *files)
    later = replace(FACTS, submitted_at=CLOCK + timedelta(seconds=1))
    assert metadata(FULL, *files) != metadata(FULL, *files, facts=later)


def test_more_documents_than_a_reader_takes_are_refused() -> None:
    one = medium_file(a_summary()[1], "DOC00001.XML")
    with pytest.raises(LimitExceeded):
        metadata(FULL, *[one] * (MAX_OBJECTS // 2))


# -- read back ----------------------------------------------------------------------------


def test_a_medium_is_read_back_with_its_documents(tmp_path: Path) -> None:
    found = read(lay(tmp_path))
    assert {one.code for one in found if isinstance(one, Finding)} <= {
        "cda-contradiction"
    }  # each topic in every way
    assert sorted(map(str, read_statements(found))) == sorted(map(str, carried_statements(FULL)))
    assert sorted(map(str, read_acts(found))) == sorted(map(str, carried_acts(FULL)))
    assert [one.traits for one in found if isinstance(one, Patient)] == [FULL.patient.traits]
    assert FULL.practice.name in {one.name for one in found if isinstance(one, Practice)}
    bodies = [
        one for one in found if isinstance(one, FileBody) and one.attachment.media_type == "application/pdf"
    ]
    assert [one.open().read() for one in bodies] == [PDF]


def test_another_document_than_the_described_one_is_refused(tmp_path: Path) -> None:
    place = lay(tmp_path)
    document = place / "IHE_XDM" / "SUBSET01" / "DOC00002.XML"
    data = document.read_bytes()
    document.write_bytes(data.replace(b"Courrier", b"Courriel"))
    assert "xdm-hash" in {one.code for one in read(place) if isinstance(one, Finding)}


def test_what_separates_in_hl7_is_no_separator_within_a_name() -> None:
    traits = replace(FULL.patient.traits, birth_family_name="D&A^B|C~E\\F")
    one = replace(FULL, patient=replace(FULL.patient, traits=traits))
    from formats.xdm.hl7 import traits_of_segment
    from formats.xdm.hl7_text import patient_segment

    assert traits_of_segment(patient_segment(one))[0] == traits
