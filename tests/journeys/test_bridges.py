"""Folders of imaging software: looked at, collected, the doubtful ones confirmed in the report, and the same again."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest

from tests.journeys.line import Line, asked, contents
from tests.journeys.program import Program
from tests.unit.dicom.images import image
from tests.unit.imaging_folders.laid_bridges import (
    JPEG,
    called_up,
    filedata,
    linkage,
    patient_ini,
    picture,
    siomin,
)

COLLECT = ("collect", "bridges", "imagerie", "--into", "practice.db")
PERRICHON = {"family": "PERRICHON", "given": "Gérard", "born": "19551123"}
BARE = {"PatientID": "", "PatientName": "", "PatientBirthDate": ""}


@pytest.fixture
def desk(demo_line: Line, tmp_path: Path) -> Program:
    demo_line.copy(tmp_path, "practice.db")
    root = tmp_path / "imagerie"
    filedata(root / "P.rvg" / "P0000001", **PERRICHON)
    picture(root / "P.rvg" / "P0000001" / "one.jpg")
    image(root / "P.rvg" / "P0000001" / "two.dcm", study="8801", **BARE)
    filedata(root / "D.rvg" / "D0000001", family="DUBREUIL", given="Marie", born="")
    picture(root / "D.rvg" / "D0000001" / "three.jpg", JPEG + b"3")
    patient_ini(root / "CS" / "P000045", number="45", family="Perrichon", given="Gérard", born="19551123")
    picture(root / "CS" / "P000045" / "four.pdf", b"%PDF-1.4 cut")
    linkage(root / "EzDent" / "Bin", number="45", family="Perrichon", given="Gérard", born="23/11/1955")
    picture(root / "EzDent" / "Bin" / "five.jpg", JPEG + b"5")
    siomin(
        root / "PDATA",
        called_up("45", "Perrichon", "Gérard", "23.11.1955") + called_up("99999", "Personne", "Nul", ""),
    )
    picture(root / "PDATA" / "six.tif", b"II*\0 6")
    return Program(folder=tmp_path)


def lines(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return {one["key"]: one for one in csv.DictReader(stream, delimiter=";") if one["key"]}


def test_the_report_says_which_folder_is_whose_and_by_what(desk: Program) -> None:
    before = contents(desk.folder)
    done = desk(*COLLECT, "--preview", "--report", "report.csv").ok()
    assert "Nothing was written into the store." in done.out
    shown = lines(desk.folder / "report.csv")
    states = {key: (one["state"], one["patient_number"]) for key, one in shown.items()}
    number, name, waits, nobody = "matched-by-number", "matched-by-name", "ambiguous", "unmatched"
    assert states == {
        "P.rvg/P0000001/FILEDATA.txt": (name, "45"),
        "P.rvg/P0000001/one.jpg": (name, "45"),
        "2.25.7.8801": (name, "45"),
        "D.rvg/D0000001/FILEDATA.txt": (waits, ""),
        "D.rvg/D0000001/three.jpg": (waits, ""),
        "CS/P000045/Patient.ini": (number, "45"),
        "CS/P000045/four.pdf": (number, "45"),
        "EzDent/Bin/linkage.xml": (waits, ""),
        "EzDent/Bin/five.jpg": (waits, ""),
        "PDATA/siomin.sdx#1": (number, "45"),
        "PDATA/siomin.sdx#2": (nobody, ""),
        "PDATA/six.tif": (nobody, ""),
    }
    assert "bridge file" in shown["P.rvg/P0000001/one.jpg"]["reason"]
    assert "called up last" in shown["EzDent/Bin/five.jpg"]["reason"]
    assert shown["P.rvg/P0000001/one.jpg"]["family_name"] == "PERRICHON"
    (desk.folder / "report.csv").unlink()
    assert contents(desk.folder) == before


def test_a_folder_is_confirmed_by_the_line_of_its_bridge_file(desk: Program) -> None:
    first = desk(*COLLECT, "--report", "report.csv", "--json").ok().document
    assert first["tables"]["bridge"]["read"] == 6
    assert first["tables"]["file"]["read"] == 5
    assert first["tables"]["study"]["read"] == 1
    assert {one["code"] for one in first["findings"]} >= {"document-damaged", "bridge-ambiguous"}
    waiting = {one["key"] for one in first["unassigned"]}
    assert waiting == {
        *("D.rvg/D0000001/FILEDATA.txt", "D.rvg/D0000001/three.jpg"),
        *("EzDent/Bin/linkage.xml", "EzDent/Bin/five.jpg", "PDATA/siomin.sdx#2", "PDATA/six.tif"),
    }
    report = desk.folder / "report.csv"
    text = report.read_text(encoding="utf-8-sig").splitlines()
    filled = [f"{line}10" if line.startswith("D.rvg/D0000001/FILEDATA.txt;") else line for line in text]
    report.write_text("\n".join(filled), encoding="utf-8")
    second = desk(*COLLECT, "--assign", "report.csv", "--json").ok().document
    assert {one["key"] for one in second["unassigned"]} == waiting - {
        "D.rvg/D0000001/FILEDATA.txt",
        "D.rvg/D0000001/three.jpg",
    }
    query = (
        "SELECT i.value FROM image_files f JOIN patients_identifiers i ON i.owner = f.patient"
        " WHERE f.original_name = ? AND i.value = '10'"
    )
    assert asked(desk.folder / "practice.db", query, "D.rvg/D0000001/three.jpg") == [("10",)]
    assert "Nothing changed." in desk(*COLLECT).ok().out


def test_the_report_of_a_preview_handed_back_assigns_nothing_that_is_in_doubt(desk: Program) -> None:
    desk(*COLLECT, "--preview", "--report", "report.csv").ok()
    done = desk(*COLLECT, "--assign", "report.csv", "--json").ok().document
    assert {one["key"] for one in done["unassigned"]} >= {"EzDent/Bin/five.jpg", "D.rvg/D0000001/three.jpg"}


def test_as_bridges_and_as_images_each_row_is_there_once(desk: Program) -> None:
    desk(*COLLECT).ok()
    again = desk("collect", "dicom", "imagerie", "--into", "practice.db", "--json").ok().document
    assert again["tables"]["study"]["added"] == 0
    assert "Nothing changed." in desk(*COLLECT).ok().out


def test_it_is_recognised_and_collected_by_its_place(desk: Program) -> None:
    done = desk("collect", "imagerie", "--into", "practice.db").ok()
    assert "bridges" in done.err


def test_files_of_an_archive_are_stored_and_remarked_on(desk: Program) -> None:
    place = desk.folder / "disque"
    made = image(desk.folder / "made", study="8802", PatientName="Perrichon^Gérard", PatientID="45")
    place.mkdir()
    with zipfile.ZipFile(place / "etude.zip", "w") as archive:
        archive.write(made, "IM1")
        archive.writestr("vide.dcm", b"")
        archive.writestr("lettre.pdf", b"%PDF-1.4 cut")
    done = desk("collect", "dicom", "disque", "--into", "practice.db", "--report", "r.csv", "--json").ok()
    found = {one["code"] for one in done.document["findings"]}
    assert {"imaging-archive-unpacked", "imaging-document", "imaging-beside"} <= found
    assert done.document["tables"]["study"]["added"] == 1
    (desk.folder / "r.csv").write_text(
        "key;patient_number\netude.zip/vide.dcm;45\netude.zip/lettre.pdf;45\n", encoding="utf-8"
    )
    done = desk("collect", "dicom", "disque", "--into", "practice.db", "--assign", "r.csv", "--json").ok()
    assert {one["code"] for one in done.document["findings"]} >= {"document-damaged", "file-empty"}
    assert done.document["unassigned"] == []


@pytest.mark.parametrize(
    "command", [("bridges", "images"), ("dicom-receive", "--images", "images", "--port", "0")]
)
def test_a_report_among_the_images_is_refused_before_it_is_taken_for_one(
    desk: Program, command: tuple[str, ...]
) -> None:
    (desk.folder / "images").mkdir(exist_ok=True)
    before = contents(desk.folder)
    given = ("collect", *command, "--into", "practice.db", "--report", "images/report.csv")
    ended = desk(*given)
    assert ended.status == 2 and "taken for a document" in ended.err
    assert contents(desk.folder) == before


def test_an_address_of_nothing_is_refused(desk: Program) -> None:
    given = ("collect", "dicom-receive", "--into", "practice.db", "--images", "images", "--address", "")
    ended = desk(*given)
    assert ended.status == 2 and "it names no address" in ended.err


@pytest.mark.parametrize(
    "command",
    [
        ("bridges", "."),
        ("dicom", ""),
        ("documents", "..", "--pattern", "{number}"),
        ("dicom-receive", "--images", ".", "--port", "0"),
    ],
)
def test_the_store_is_no_document_of_itself(desk: Program, command: tuple[str, ...]) -> None:
    before = contents(desk.folder)
    sentence = desk("collect", *command, "--into", "practice.db").refused("store-in-source", 2)
    assert "practice.db" in sentence and contents(desk.folder) == before
