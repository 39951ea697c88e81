"""Images, pictures and documents go to a real DICOMweb server and a real node, and come back as they were."""

from __future__ import annotations

import csv
import json
import sqlite3
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.encaps import generate_frames

from tests.journeys.line import Line
from tests.journeys.program import Program
from tests.orthanc import PASSWORD, USER, Orthanc, orthanc, orthanc_server
from tests.unit.dicom.images import image

__all__ = ["orthanc", "orthanc_server"]
RECEIVER = ("--by", "Dr Malo Kerbrat", "--receiver", "Cabinet Exemple")
PERRICHON = {
    "PatientName": "Perrichon^Gérard",
    "PatientID": "45",
    "PatientBirthDate": "19551123",
    "PatientSex": "M",
}


@pytest.fixture
def desk(small_line: Line, tmp_path: Path) -> Program:
    copied = small_line.copy(tmp_path, "practice.db")
    (copied / "password.txt").write_text(PASSWORD + "\n", encoding="utf-8")
    return Program(folder=copied)


def web(node: Orthanc) -> tuple[str, ...]:
    return ("--dicomweb", node.web, "--user", USER, "--password-file", "password.txt")


def sent(desk: Program) -> list[dict[str, str]]:
    with (desk.folder / "sent.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, delimiter=";"))


def stored(node: Orthanc) -> dict[str, bytes]:
    """Return the files of a node by their instance UID."""
    files = [node.ask("GET", f"/instances/{one}/file") for one in node.ask("GET", "/instances")]
    return {str(dcmread(BytesIO(data), stop_before_pixels=True).SOPInstanceUID): data for data in files}


def test_every_file_is_stored_by_stow_and_read_back_as_it_was(desk: Program, orthanc: Orthanc) -> None:
    line = ("deliver", "practice.db", "--patient", "45", "--to", "sent.csv", "--encapsulate", *RECEIVER)
    done = desk(*line, *web(orthanc), "--json").ok().document
    assert done["target"] == orthanc.web and done["states"]["refused"] == 0
    desk("deliver", "practice.db", "--patient", "45", "--as", "dicom", "--to", "set", *RECEIVER).ok()
    made = [dcmread(path) for path in (desk.folder / "set" / "DICOM").rglob("*") if path.is_file()]
    there = stored(orthanc)
    assert len(there) == len(made) == done["states"]["sent"] > 2
    for dataset in made:
        back = dcmread(BytesIO(there[dataset.SOPInstanceUID]))
        assert back.file_meta.TransferSyntaxUID == dataset.file_meta.TransferSyntaxUID
        assert back == dataset
    again = desk(*line, *web(orthanc), "--json").ok().document
    assert again["states"] == {"sent": 0, "earlier": len(made), "refused": 0}
    with closing(sqlite3.connect(desk.folder / "practice.db")) as store:
        (detail,) = store.execute("SELECT detail FROM journal WHERE operation = 'delivery'").fetchone()
    assert json.loads(detail)["target"] == orthanc.web


def test_a_jpeg_comes_back_from_a_node_byte_for_byte(desk: Program, orthanc: Orthanc) -> None:
    line = ("deliver", "practice.db", "--all", "--to", "sent.csv", "--encapsulate", *RECEIVER)
    done = desk(*line, "--node", orthanc.address, "--json").ok().document
    there = stored(orthanc)
    assert len(there) == done["states"]["sent"] == len({one["identity"] for one in sent(desk)})
    files = {path.read_bytes() for path in (desk.folder / "practice.files").rglob("*") if path.is_file()}
    frames = 0
    for data in there.values():
        dataset = dcmread(BytesIO(data))
        if dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.4.50":
            (frame,) = generate_frames(dataset.PixelData, number_of_frames=1)
            assert frame in files or frame[:-1] in files
            frames += 1
    assert frames > 0


@pytest.mark.parametrize("service", ["web", "node"])
def test_two_files_of_one_instance_uid_are_both_there(desk: Program, orthanc: Orthanc, service: str) -> None:
    for number in range(2):
        image(desk.folder / "twins" / f"{number}.dcm", PixelData=bytes([number] * 4), **PERRICHON)
    desk("collect", "dicom", "twins", "--into", "practice.db")
    target = web(orthanc) if service == "web" else ("--node", orthanc.address)
    line = ("deliver", "practice.db", "--patient", "45", "--to", "sent.csv", *RECEIVER)
    done = desk(*line, *target, "--json").ok().document
    assert [one["code"] for one in done["findings"]] == ["dicom-own-uid"]
    pixels = [
        dataset.PixelData
        for dataset in map(dcmread, map(BytesIO, stored(orthanc).values()))
        if dataset.StudyInstanceUID == "2.25.7.1"
    ]
    assert sorted(pixels) == [bytes(4), bytes([1] * 4)]


def test_whom_the_server_does_not_let_in_sends_nothing(desk: Program, orthanc: Orthanc) -> None:
    line = ("deliver", "practice.db", "--patient", "45", "--to", "sent.csv", *RECEIVER)
    (desk.folder / "password.txt").write_text("wrong\n", encoding="utf-8")
    sentence = desk(*line, *web(orthanc)).refused("target-unreachable", 40)
    assert "let this one in" in sentence or "broke off" in sentence
    assert not orthanc.ask("GET", "/instances")
    other = f"http://127.0.0.1:{orthanc.http_port}/elsewhere"
    (desk.folder / "password.txt").write_text(PASSWORD + "\n", encoding="utf-8")
    gone = ("--dicomweb", other, "--user", USER, "--password-file", "password.txt")
    assert "STOW-RS" in desk(*line, *gone).refused("target-unreachable", 40)


def test_a_server_that_is_killed_and_comes_back_gets_the_rest(desk: Program, orthanc: Orthanc) -> None:
    line = ("deliver", "practice.db", "--all", "--to", "sent.csv", "--encapsulate", *RECEIVER)
    orthanc.kill()
    try:
        desk(*line, *web(orthanc)).refused("target-unreachable", 40)
    finally:
        orthanc.start()
    done = desk(*line, *web(orthanc), "--json").ok().document
    assert done["states"]["sent"] == len(stored(orthanc)) > 0 == done["states"]["earlier"]


@pytest.mark.parametrize(
    "options",
    [
        ("--dicomweb", "http://127.0.0.1:1/dicom-web", "--node", "PACS@127.0.0.1:1"),
        ("--encapsulate", "--server", "http://127.0.0.1:1/fhir"),
        ("--user", "x", "--node", "PACS@127.0.0.1:1"),
        ("--password-file", "password.txt", "--dicomweb", "http://127.0.0.1:1/dicom-web"),
        ("--token-file", "password.txt", "--user", "x", "--dicomweb", "http://127.0.0.1:1/dicom-web"),
        ("--token-file", "password.txt", "--node", "PACS@127.0.0.1:1"),
    ],
)
def test_options_that_do_not_go_together_are_said(desk: Program, options: tuple[str, ...]) -> None:
    line = ("deliver", "practice.db", "--patient", "45", "--to", "sent.csv", *RECEIVER)
    assert desk(*line, *options).status == 2
    assert not (desk.folder / "sent.csv").exists()


def test_an_address_that_would_be_read_on_the_way_is_none(desk: Program) -> None:
    line = ("deliver", "practice.db", "--patient", "45", "--to", "sent.csv", *RECEIVER)
    desk(*line, "--dicomweb", "http://pacs.example/dicom-web").refused("target-address", 2)
