"""Bridge files: what each says, of which folder it speaks, and when it may not be followed."""

from __future__ import annotations

import tracemalloc
from datetime import date
from pathlib import Path

import pytest

from formats import registry
from formats.dicom.study import FoundStudy, ImagedPatient
from formats.findings import Finding
from formats.imaging_folders.bridge_files.source import NAMES
from formats.imaging_folders.bridge_files.statement import BridgeStatement
from formats.imaging_folders.bridges import BRIDGE_FILES, SEVERAL, UNCONFIRMED, BridgedItem
from formats.model.identity import Sex
from formats.papers.paper import FoundPaper
from tests.unit.dicom.images import codes, image
from tests.unit.imaging_folders.laid_bridges import (
    called_up,
    filedata,
    linkage,
    message,
    patient_ini,
    picture,
    siomin,
    software_folder,
)

BORN = date(1955, 11, 23)


def read(place: Path) -> tuple[list[BridgedItem], list[Finding]]:
    """Return what the source gives, items and findings."""
    with registry.reader_for("bridges")(str(place)) as items:
        every = list(items)
    return [one for one in every if isinstance(one, BridgedItem)], [
        one for one in every if isinstance(one, Finding)
    ]


def statements_at(place: Path) -> list[BridgeStatement]:
    """Return the statements at a place."""
    return [one.found for one in read(place)[0] if isinstance(one.found, BridgeStatement)]


def followed(place: Path) -> dict[str, tuple[str, str]]:
    """Return for each other file the bridge file that speaks for it, and the doubt."""
    found = {}
    for item in read(place)[0]:
        answer = item.folder.statement.key if item.folder.statement else "", item.folder.doubt
        if isinstance(item.found, FoundPaper):
            found[item.found.name] = answer
        elif isinstance(item.found, FoundStudy):
            found |= {file.place: answer for file in item.found.files.values()}
    return found


def test_the_file_of_trophy_names_the_patient_of_its_folder(tmp_path: Path) -> None:
    filedata(tmp_path / "E.rvg" / "E0000001", family="ÉVRARD", given="Zoé", born="19551123")
    (statement,) = statements_at(tmp_path)
    assert statement.key == "E.rvg/E0000001/FILEDATA.txt"
    assert statement.patient == ImagedPatient(family="ÉVRARD", given="Zoé", birth_date=BORN)
    assert statement.columns == {"NOM": "ÉVRARD", "PRENOM": "Zoé", "DATE": "19551123"}


@pytest.mark.parametrize("encoding", ["cp1252", "cp850", "utf-8", "utf-8-sig", "utf-16"])
def test_names_are_read_in_every_encoding_of_windows(tmp_path: Path, encoding: str) -> None:
    filedata(tmp_path, family="Éclair-Noël", given="Françoise", born="19551123", encoding=encoding)
    (statement,) = statements_at(tmp_path)
    assert (statement.patient.family, statement.patient.given) == ("Éclair-Noël", "Françoise")


@pytest.mark.parametrize(
    ("folder", "number"), [("03/103", "103"), ("45/1003457", "1003457"), ("E.rvg/103", ""), ("04/103", "")]
)
def test_the_folder_of_the_numbered_mode_is_the_number(tmp_path: Path, folder: str, number: str) -> None:
    filedata(tmp_path / folder, family="Évrard", given="Zoé", born="19551123")
    (statement,) = statements_at(tmp_path)
    assert statement.patient.number == number


def test_the_mailbox_of_cs_imaging(tmp_path: Path) -> None:
    patient_ini(tmp_path / "P000045", number="45", family="Évrard", given="Zoé", born="19551123")
    (statement,) = statements_at(tmp_path)
    assert statement.patient == ImagedPatient(
        number="45", family="Évrard", given="Zoé", birth_date=BORN, sex=Sex.FEMALE
    )
    assert statement.columns["PATIENT.ID"] == "45"


def test_the_mailbox_of_sidexis_has_each_patient_once(tmp_path: Path) -> None:
    siomin(tmp_path, called_up("45", "Évrard", "Zoé", "23.11.1955") * 2 + called_up("46", "Noël", "Luc", ""))
    first, second = statements_at(tmp_path)
    assert (first.key, second.key) == ("siomin.sdx#1", "siomin.sdx#2")
    assert first.patient == ImagedPatient(
        number="45", family="Évrard", given="Zoé", birth_date=BORN, sex=Sex.FEMALE
    )
    assert (second.patient.number, second.patient.family, second.patient.birth_date) == ("46", "Noël", None)
    assert first.columns["message"] == "U"
    assert first.columns["field_11"] == "OpenDental"


def test_a_message_of_an_unknown_kind_is_kept_and_names_nobody(tmp_path: Path) -> None:
    siomin(tmp_path, message("Q", "x", "y"))
    (statement,) = statements_at(tmp_path)
    assert statement.patient == ImagedPatient()
    assert statement.columns == {"message": "Q", "field_1": "x", "field_2": "y"}


def test_a_mailbox_that_is_cut_says_so_and_what_stands_before(tmp_path: Path) -> None:
    whole = called_up("45", "Évrard", "Zoé", "23.11.1955")
    for cut in (b"\x09", b"\xff\xff abc\r\n", b"\0\0\0\0", whole[:40]):
        siomin(tmp_path, whole + cut)
        items, findings = read(tmp_path)
        assert len(items) == 1
        assert codes(findings) == ["bridge-cut"]


def test_the_mailbox_of_ezdent(tmp_path: Path) -> None:
    linkage(tmp_path / "45", number="45", family="Évrard", given="Zoé", born="23/11/1955")
    (statement,) = statements_at(tmp_path)
    assert statement.patient == ImagedPatient(
        number="45", family="Évrard", given="Zoé", birth_date=BORN, sex=Sex.FEMALE
    )
    assert statement.columns["Address"] == "1 rue des Essais"
    (tmp_path / "45" / "linkage.xml").write_text(
        "<LinkageParameter><Patient><LastName>Évrard</LastName><FirstName>Zoé</FirstName></Patient>"
        "</LinkageParameter>",
        encoding="utf-8",
    )
    (statement,) = statements_at(tmp_path)
    assert (statement.patient.family, statement.patient.given) == ("Évrard", "Zoé")


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("FILEDATA.txt", b"", "bridge-unreadable"),
        ("FILEDATA.txt", b"DATE=19551123\r\n", "bridge-unreadable"),
        ("FILEDATA.txt", b"NOM=\x00\x01", "bridge-unreadable"),
        ("FILEDATA.txt", b"\xef", "bridge-unreadable"),
        ("filedata.TXT", b"x" * ((1 << 20) + 1), "limit-exceeded"),
        ("Patient.ini", b"[OTHER]\r\nID=45\r\n", "bridge-unreadable"),
        ("siomin.sdx", b"", "bridge-unreadable"),
        ("siomin.sdx", b"NOM=Evrard", "bridge-unreadable"),
        ("linkage.xml", b"<LinkageParameter/>", "bridge-unreadable"),
        ("linkage.xml", b"<a", "bridge-unreadable"),
        (
            "linkage.xml",
            b'<!DOCTYPE a [<!ENTITY b "b">]><LinkageParameter><Patient LastName="&b;"/></LinkageParameter>',
            "bridge-unreadable",
        ),
    ],
)
def test_what_is_no_bridge_file_is_a_document_like_any_other(
    tmp_path: Path, name: str, content: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(content)
    items, findings = read(tmp_path)
    assert code in codes(findings)
    (item,) = items
    assert isinstance(item.found, FoundPaper)
    assert item.folder.statement is None


def test_what_is_no_date_is_said_and_the_name_stays(tmp_path: Path) -> None:
    filedata(tmp_path, family="Évrard", given="Zoé", born="19551323")
    items, findings = read(tmp_path)
    assert codes(findings) == ["bridge-date"]
    assert items[0].found.patient == ImagedPatient(family="Évrard", given="Zoé")
    filedata(tmp_path, family="Évrard", given="Zoé", born="00010101")
    assert codes(read(tmp_path)[1]) == []


def test_each_file_hears_the_nearest_bridge_file(tmp_path: Path) -> None:
    filedata(tmp_path / "a", family="Évrard", given="Zoé", born="19551123")
    filedata(tmp_path / "a" / "deep" / "b", family="Noël", given="Luc", born="19600101")
    for place in ("x.jpg", "a/x.jpg", "a/deep/x.jpg", "a/deep/b/x.jpg", "a/deep/b/c/d/x.jpg"):
        picture(tmp_path / place, place.encode())
    assert followed(tmp_path) == {
        "x.jpg": ("", ""),
        "a/x.jpg": ("a/FILEDATA.txt", ""),
        "a/deep/x.jpg": ("", ""),
        "a/deep/b/x.jpg": ("a/deep/b/FILEDATA.txt", ""),
        "a/deep/b/c/d/x.jpg": ("a/deep/b/FILEDATA.txt", ""),
    }


def test_a_mailbox_speaks_only_for_a_folder_called_by_its_patient(tmp_path: Path) -> None:
    for folder in ("000045", "P000045", "Evrard Zoe", "ZOÉ ÉVRARD", "Bin", "450", "2045"):
        patient_ini(tmp_path / folder, number="45", family="Évrard", given="Zoé", born="19551123")
        picture(tmp_path / folder / "deep" / "x.jpg", folder.encode())
        picture(tmp_path / folder / "y.jpg", f"y{folder}".encode())
    found = followed(tmp_path)
    for folder in ("000045", "P000045", "Evrard Zoe", "ZOÉ ÉVRARD"):
        assert found[f"{folder}/deep/x.jpg"] == (f"{folder}/Patient.ini", "")
    for folder in ("Bin", "450", "2045"):
        assert found[f"{folder}/y.jpg"] == (f"{folder}/Patient.ini", UNCONFIRMED)
        assert found[f"{folder}/deep/x.jpg"] == ("", "")


def test_a_mailbox_of_several_patients_speaks_for_none(tmp_path: Path) -> None:
    siomin(
        tmp_path,
        called_up("45", "Évrard", "Zoé", "23.11.1955") + called_up("46", "Noël", "Luc", "01.01.1960"),
    )
    picture(tmp_path / "x.jpg")
    assert followed(tmp_path) == {"x.jpg": ("", SEVERAL)}


def test_the_file_of_the_folder_counts_before_a_mailbox_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "E.rvg" / "E0000001"
    filedata(folder, family="Évrard", given="Zoé", born="19551123")
    patient_ini(folder, number="46", family="Noël", given="Luc", born="19600101")
    picture(folder / "x.jpg")
    assert followed(tmp_path) == {"E.rvg/E0000001/x.jpg": ("E.rvg/E0000001/FILEDATA.txt", "")}


def test_a_study_of_two_folders_hears_neither(tmp_path: Path) -> None:
    filedata(tmp_path / "a", family="Évrard", given="Zoé", born="19551123")
    filedata(tmp_path / "b", family="Noël", given="Luc", born="19600101")
    image(tmp_path / "a" / "1.dcm", instance="1")
    image(tmp_path / "b" / "2.dcm", instance="2")
    assert set(followed(tmp_path).values()) == {("", "")}


def test_every_file_of_a_folder_is_a_statement_a_study_or_a_document(tmp_path: Path) -> None:
    place = software_folder(tmp_path)
    (place / "E.cfg").write_bytes(b"\0\1 unknown")
    items, findings = read(place)
    assert findings == []
    files = {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()}
    assert len(items) == len(files)
    assert registry.recognize(str(place)) == ("bridges",)


def test_the_same_names_are_recognised_and_read() -> None:
    assert BRIDGE_FILES.keys() == NAMES


def test_memory_does_not_grow_with_the_pictures(tmp_path: Path) -> None:
    for number in range(3_000):
        folder = tmp_path / f"{number % 100:02}" / "rvg"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.jpg").write_bytes(b"\xff\xd8\xff%d" % number)
    with registry.reader_for("bridges")(str(tmp_path)) as items:
        next(items)
        tracemalloc.start()
        count = sum(1 for _ in items)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert count == 2_999
    assert peak < 8 << 20
