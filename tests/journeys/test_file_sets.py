"""Dossiers are delivered as DICOM file-sets: every file is an object, or is named, and viewers reach every instance."""

from __future__ import annotations

import csv
import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
from pydicom import dcmread

from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.tools import need
from tests.unit.dicom.images import image

READING = ("--identity", "receiver.identity", "--roots", "roots.pem")
RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")
PERRICHON = {
    "PatientName": "Perrichon^Gérard",
    "PatientID": "45",
    "PatientBirthDate": "19551123",
    "PatientSex": "M",
}


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    names = ("practice.db", "package.asice", "receiver.identity", "roots.pem")
    return Program(folder=small_line.copy(tmp_path, *names))


def listed(folder: Path) -> dict[Path, str]:
    """Return the files that a DICOMDIR lists, as dcmtk reads it, with their instance UIDs."""
    dumped = subprocess.run([need("dcmdump"), "-q", folder / "DICOMDIR"], capture_output=True, check=True)
    assert not dumped.stderr
    found: dict[Path, str] = {}
    for line in dumped.stdout.decode("latin-1").splitlines():
        value = line[line.find("[") + 1 : line.find("]")]
        if "ReferencedFileID" in line:
            path = folder.joinpath(*value.split("\\"))
        elif "ReferencedSOPInstanceUIDInFile" in line:
            found[path] = value
    return found


def test_every_file_of_a_dossier_is_listed_and_the_same_each_time(desk: Program) -> None:
    line = ("deliver", "practice.db", "--patient", "45", "--as", "dicom", *RECEIVER)
    done = desk(*line, "--to", "set", "--json").ok().document
    (person,) = done["persons"]
    counts = person["dossiers"][0]["counts"]
    found = listed(desk.folder / "set")
    assert len(found) == counts["dicom_files"] > counts["dicom_made"] > 0 == counts["dicom_left"]
    for path, uid in found.items():
        assert dcmread(path, stop_before_pixels=True).SOPInstanceUID == uid
    desk(*line, "--to", "again").ok()
    files = sorted(one.relative_to(desk.folder / "set") for one in (desk.folder / "set").rglob("*"))
    for name in files:
        one, two = desk.folder / "set" / name, desk.folder / "again" / name
        assert one.is_dir() or one.read_bytes() == two.read_bytes()
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        query = "SELECT detail FROM journal WHERE operation = 'delivery'"
        noted = [json.loads(detail) for (detail,) in store.execute(query)]
    assert [one["form"] for one in noted] == ["dicom", "dicom"]


def test_a_package_gives_the_same_objects_as_the_store(desk: Program) -> None:
    line = ("--patient", "45", "--as", "dicom")
    desk("deliver", "practice.db", *line, "--to", "store", *RECEIVER).ok()
    desk("deliver", "package.asice", *line, "--to", "package", *READING).ok()
    store, package = (set(listed(desk.folder / name).values()) for name in ("store", "package"))
    assert store == package


def test_of_many_each_has_a_file_set_and_what_becomes_no_object_is_named(desk: Program) -> None:
    done = desk("deliver", "package.asice", "--all", "--as", "dicom", "--to", "sets", *READING, "--json").ok()
    assert all((desk.folder / one["path"] / "DICOMDIR").is_file() for one in done.document["persons"])
    left = sum(one["dossiers"][0]["counts"]["dicom_left"] for one in done.document["persons"])
    codes = [one["code"] for one in done.document["findings"]]
    assert left == codes.count("dicom-no-object") + codes.count("dicom-object-refused") > 0
    with (desk.folder / "sets" / "PATIENTS.CSV").open(encoding="utf-8-sig", newline="") as stream:
        assert len(list(csv.DictReader(stream, delimiter=";"))) == len(done.document["persons"])


def test_files_of_one_instance_uid_are_reached_by_viewers(desk: Program) -> None:
    for number in range(3):
        image(desk.folder / "twins" / f"{number}.dcm", PixelData=bytes([number] * 4), **PERRICHON)
    desk("collect", "dicom", "twins", "--into", "practice.db")
    done = desk(
        "deliver", "practice.db", "--patient", "45", "--as", "dicom", "--to", "set", *RECEIVER, "--json"
    ).ok()
    assert [one["code"] for one in done.document["findings"]].count("dicom-own-uid") == 2
    found = listed(desk.folder / "set")
    pixels = {}
    for path, uid in found.items():
        dataset = dcmread(path)
        if "PixelData" in dataset and dataset.get("StudyInstanceUID") == "2.25.7.1":
            before = dataset.get("OriginalAttributesSequence")
            known = before[0].ModifiedAttributesSequence[0].SOPInstanceUID if before else uid
            pixels[uid] = (known, dataset.PixelData)
    assert sorted(data for _, data in pixels.values()) == [bytes([number] * 4) for number in range(3)]
    assert {known for known, _ in pixels.values()} == {"2.25.7.1.1.1"} and len(set(found.values())) == len(
        found
    )
    plain = [one.read_bytes() for one in (desk.folder / "set" / "DICOM" / "PLAIN").iterdir()]
    originals = [one.read_bytes() for one in (desk.folder / "twins").iterdir()]
    assert len(plain) == 2 and all(one in originals for one in plain)


def test_a_target_that_exists_is_left_alone(desk: Program) -> None:
    (desk.folder / "set").mkdir()
    (desk.folder / "set" / "mine.txt").write_text("x", encoding="utf-8")
    line = ("deliver", "practice.db", "--patient", "45", "--as", "dicom", "--to", "set", *RECEIVER)
    desk(*line).refused("already-exists", 42)
    assert [one.name for one in (desk.folder / "set").iterdir()] == ["mine.txt"]
