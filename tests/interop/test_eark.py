"""Dossiers as an E-ARK package: eark-validator, the METS schema, FHIR and our own reader look at it."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections import Counter
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from formats.eark.entries import Agent, DossierEntry, PackageFacts
from formats.eark.write import DossierPackageWriter
from formats.fhir.layout import BundleLine
from formats.fhir.read import read_bundle
from formats.model.dossier import Dossier
from formats.pdlgc.source_rows import read_source_rows
from tests.fhir_judge import judge_bundle
from tests.full_dossier import full_dossier
from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.judges import judge_eark, judges_folder
from tests.material import material

FACTS = PackageFacts(
    identifier="3f1e2c1a-0000-4000-8000-000000000001",
    created=datetime(2026, 11, 29, 12, tzinfo=UTC),
    software="archiver",
    version="0.1.0",
    creator=Agent(name="Cabinet <Été> & fils", identifier="urn:oid:1.2.250.1.71.4.2.2 1999999999"),
)
REP = "representations/rep1"
CONTRADICTED = {
    "CSIP2",  # it asks for "Other", eHealth1 for "OTHER" (EHR2)
    "CSIP4",  # its list of content types ends with version 1 of eHealth1 (EHR4: version 2)
    "CSIP12",  # each creator must be a software, and none may be (SIP11)
    "CSIP13",
    "CSIP16",
    "SIP14",  # it looks for NOTETYPE without a namespace, the schema knows csip:NOTETYPE
    "CSIP63",  # a group without a content type is refused, whatever it is
    "SIP2",  # the profile of every SIP, eHealth1 has its own (EHR1)
}
"""Rules of eark-validator 1.1.3 that eHealth1 or other rules of it contradict; the official example breaks them too."""
XLINK = "{http://www.w3.org/1999/xlink}"
METS = "{http://www.loc.gov/METS/}"


def made(*dossiers: Dossier) -> tuple[bytes, list[Counter[str]]]:
    """Return the package of persons with one dossier each; files have the bytes of their own digest."""
    target, entries, patients = BytesIO(), list[DossierEntry](), list[BundleLine]()
    writer = DossierPackageWriter(target, FACTS, dossiers=entries, patients=patients)
    counts = []
    for dossier in dossiers:
        writer.begin_person()
        counts.append(writer.add(dossier, lambda sha256: BytesIO(sha256.encode())))
    writer.finish()
    return target.getvalue(), counts


@pytest.fixture(scope="module")
def package() -> bytes:
    return made(full_dossier())[0]


def members(package: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(package)) as archive:
        whole = {name: archive.read(name) for name in archive.namelist()}
    assert {name.split("/")[0] for name in whole} == {FACTS.identifier}
    return {name.partition("/")[2]: data for name, data in whole.items()}


def errors(report: dict[str, Any]) -> set[str]:
    found = report["metadata"]["schematron_results"]["messages"]
    return {one["rule_id"] for one in found if one["severity"] == "Error"}


def test_the_validator_of_the_dilcis_board_finds_what_its_own_rules_contradict(
    package: bytes, tmp_path: Path
) -> None:
    (tmp_path / "sip.zip").write_bytes(package)
    report = judge_eark(tmp_path / "sip.zip", tmp_path)
    assert report["structure"]["status"] == "WellFormed"
    assert {one["severity"] for one in report["structure"]["messages"]} <= {"Info"}
    assert report["metadata"]["schema_results"] == {"status": "VALID", "messages": []}
    assert errors(report) == CONTRADICTED


def test_the_official_example_breaks_the_same_rules(tmp_path: Path) -> None:
    with zipfile.ZipFile(material("eark", "eHealth1_example_SIP.zip")) as archive:
        archive.extractall(tmp_path)
    (folder,) = tmp_path.iterdir()
    mets = (folder / "METS.xml").read_bytes()
    # the validator ends with a KeyError at a division without a label, as the example has one
    (folder / "METS.xml").write_bytes(mets.replace(b"<mets:div ID=", b'<mets:div LABEL="Package" ID=', 1))
    broken = errors(judge_eark(folder, tmp_path))
    assert broken - {"CSIP104", "CSIP119"} >= CONTRADICTED - {"SIP14"}


def test_a_package_that_lacks_something_is_seen(package: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "spoilt"
    for name, data in members(package).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.replace(b' TYPE="PHYSICAL"', b"") if name == "METS.xml" else data)
    report = judge_eark(folder, tmp_path)
    assert errors(report) == CONTRADICTED | {"CSIP81"}


def test_both_documents_follow_the_schema(package: bytes) -> None:
    schemas = judges_folder() / "eark_validator" / "ipxml" / "resources" / "schema"
    schema = etree.XMLSchema(etree.parse(str(schemas / "mets.csip.local.v2-0.xsd")))
    found = members(package)
    for name in ("METS.xml", f"{REP}/METS.xml"):
        assert schema.validate(etree.fromstring(found[name])), schema.error_log
        assert not schema.validate(etree.fromstring(found[name].replace(b"CREATEDATE=", b"CREATED=")))


def test_every_file_is_listed_with_what_it_is(package: bytes) -> None:
    found = members(package)
    listed = {"METS.xml"}
    for name in ("METS.xml", f"{REP}/METS.xml"):
        folder = name.removesuffix("METS.xml")
        root = etree.fromstring(found[name])
        for one in [*root.iter(f"{METS}file"), *root.iter(f"{METS}mdRef")]:
            place = one if one.tag == f"{METS}mdRef" else one[0]
            data = found[folder + place.get(f"{XLINK}href", "")]
            listed.add(folder + place.get(f"{XLINK}href", ""))
            assert one.get("SIZE") == str(len(data))
            if one.get("MIMETYPE") not in {"application/pdf", "application/dicom", "image/jpeg"}:
                assert one.get("CHECKSUM") == hashlib.sha256(data).hexdigest()
        identities = [one.get("ID") for one in root.iter() if one.get("ID")]
        assert len(identities) == len(set(identities))
        for pointer in root.iter(f"{METS}fptr"):
            assert pointer.get("FILEID") in identities
    assert listed == set(found)


def test_the_dossier_comes_back_whole() -> None:
    dossier = full_dossier()
    package, (counts,) = made(dossier)
    found = members(package)
    folder = f"{REP}/data/Patient_000001/Case_1/Document_0000001"
    again, findings = read_bundle(BytesIO(found[f"{folder}/dossier.json"]))
    rows = tuple(read_source_rows(BytesIO(found[f"{folder}/source-rows.ndj"])))
    assert not list(findings)
    assert [getattr(again, kind) for kind in ("patient", "acts", "documents", "image_files")] == [
        getattr(dossier, kind) for kind in ("patient", "acts", "documents", "image_files")
    ]
    assert rows == dossier.source_rows
    expected = dossier.counts() | {"file_bytes": 64 * len(dossier.attachments())}
    assert {kind: counts[kind] for kind in expected} == expected


def test_patients_and_conditions_are_fhir(package: bytes) -> None:
    found = members(package)
    for name in (
        "metadata/descriptive/patients.json",
        f"{REP}/metadata/descriptive/Patient_000001.Case_1.conditions.json",
    ):
        faults = [one for one in judge_bundle(BytesIO(found[name])) if one.code != "reference-dangling"]
        assert not [one for one in faults if "reference" not in one.code], faults
        kinds = {entry["resource"]["resourceType"] for entry in json.loads(found[name])["entry"]}
        assert kinds == ({"Patient"} if "patients" in name else {"Condition"})


def test_a_dossier_without_a_diagnosis_and_without_files_is_a_package_too(tmp_path: Path) -> None:
    full = full_dossier()
    bare = Dossier(practice=full.practice, practitioners=full.practitioners, patient=full.patient)
    (tmp_path / "sip.zip").write_bytes(made(bare)[0])
    report = judge_eark(tmp_path / "sip.zip", tmp_path)
    assert (report["structure"]["status"], errors(report)) == ("WellFormed", CONTRADICTED)


# -- through the program -------------------------------------------------------------------


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    small_line.copy(tmp_path, "practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=tmp_path)


def test_of_a_store_and_of_a_package(desk: Program, tmp_path: Path) -> None:
    command = ("deliver", "practice.db", "--all", "--as", "eark", "--to", "sip.zip")
    assert desk(*command).status == 2  # the journal wants to know who, and to whom
    done = desk(*command, "--by", "Dr Malo Kerbrat", "--receiver", "Archives", "--json").ok()
    with zipfile.ZipFile(tmp_path / "sip.zip") as archive:
        (root,) = {name.split("/")[0] for name in archive.namelist()}
        records = {name.split("/")[4] for name in archive.namelist() if f"{REP}/data/" in name}
        assert archive.testzip() is None
    assert root == done.document["package"] and len(records) == done.document["dossiers"] > 20
    assert done.document["counts"]["files"] > 10
    assert (tmp_path / "sip.zip").stat().st_mode & 0o077 == 0
    again = desk(*command, "--by", "Dr Malo Kerbrat", "--receiver", "Archives")
    assert again.status == 42
    opened = ("--identity", "receiver.identity", "--roots", "roots.pem")
    desk("deliver", "package.asice", "--patient", "45", "--as", "eark", "--to", "one.zip", *opened).ok()
    report = judge_eark(tmp_path / "one.zip", tmp_path)
    assert report["structure"]["status"] == "WellFormed"
