"""Documents and pictures: found, missing, hidden in the database, or named to lead astray."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import unicodedata
from pathlib import Path

import pytest

from formats.errors import UnsafeName
from formats.model.documents import Document
from formats.model.imaging import ImageFile, ImageKind
from formats.opendental.database.image_folder import ImageFolder
from tests.unit.opendental.tiny import ROW, Collected, book, collect, write

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
PDF = b"%PDF-1.4 paper"
STL = b"scan".ljust(80) + struct.pack("<I", 1) + struct.pack("<12fH", *[0.5] * 12, 0)


def _papers(folder: Path, rows: list[ROW], files: dict[str, bytes], **tables: list[ROW]) -> Collected:
    images = folder / "images"
    images.mkdir()
    for name, content in files.items():
        path = images / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    rows = [{"PatNum": 1, "DateCreated": "2024-03-14 11:00:00", **row} for row in rows]
    return collect(write(book(document=rows, **tables), folder), images=images)


def test_a_radiograph_keeps_what_the_viewer_stored(tmp_path: Path) -> None:
    found = _papers(
        tmp_path,
        [
            {
                "FileName": "pano.png",
                "ImgType": 1,
                "Description": "Pano",
                "ToothNumbers": "3,19",
                "CropX": 8,
                "CropY": 4,
                "CropW": 140,
                "CropH": 70,
                "WindowingMin": 40,
                "WindowingMax": 200,
                "DegreesRotated": -90,
                "IsFlipped": 1,
            }
        ],
        {"P/PerrichonGerard1/pano.png": PNG},
    )
    image = found.one(ImageFile)
    assert (image.image, image.teeth, image.crop) == (ImageKind.RADIOGRAPH, ("16", "36"), (8, 4, 140, 70))
    assert (image.window, image.rotation, image.flipped) == ((40, 200), 270, True)
    assert image.attachment is not None
    assert image.attachment.media_type == "image/png"
    (body,) = found.bodies()
    assert body.attachment == image.attachment
    for _ in range(2):
        with body.open() as stream:
            assert hashlib.sha256(stream.read()).hexdigest() == image.attachment.sha256


def test_other_kinds_are_documents_and_a_scan_is_a_picture(tmp_path: Path) -> None:
    found = _papers(
        tmp_path,
        [{"FileName": "lettre.jpg", "DocCategory": 1}, {"FileName": "arcade.stl", "ImgType": 3}],
        {"P/PerrichonGerard1/lettre.jpg": PDF, "P/PerrichonGerard1/arcade.stl": STL},
        definition=[{"DefNum": 1, "Category": 18, "ItemName": "Courriers"}],
    )
    letter = found.one(Document)
    assert letter.attachment is not None
    assert (letter.attachment.media_type, letter.category) == ("application/pdf", "Courriers")
    assert found.one(ImageFile).image is ImageKind.SCAN_3D


def test_names_are_found_whatever_their_case_or_unicode_form(tmp_path: Path) -> None:
    found = _papers(
        tmp_path,
        [{"FileName": "Ébauche.PNG", "ImgType": 2}],
        {"p/PERRICHONGERARD1/" + unicodedata.normalize("NFD", "ébauche.png"): PNG},
    )
    assert found.one(ImageFile).attachment is not None
    assert "opendental-files-unlisted" not in found.codes()


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("perdu.jpg", "opendental-file-missing"),
        ("", "opendental-file-missing"),
        ("../../secret.txt", "opendental-file-refused"),
        ("/etc/passwd", "opendental-file-refused"),
        ("CON", "opendental-file-refused"),
        ("folder", "opendental-file-missing"),
    ],
)
def test_a_missing_or_unsafe_file_leaves_the_record_and_a_finding(
    tmp_path: Path, name: str, code: str
) -> None:
    found = _papers(
        tmp_path,
        [{"FileName": name, "Description": "x"}],
        {"secret.txt": b"never", "P/PerrichonGerard1/folder/a.txt": b"a"},
    )
    document = found.one(Document)
    assert (document.attachment, document.title) == (None, "x")
    assert code in found.codes("document/1")
    assert found.bodies() == []


def test_a_windows_path_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / "P" / "Perrichon1").mkdir(parents=True)
    with pytest.raises(UnsafeName):
        ImageFolder(tmp_path).body("Perrichon1", "..\\..\\secret.txt")


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no links")
def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.txt"
    outside.write_bytes(b"never")
    images = tmp_path / "images" / "P" / "PerrichonGerard1"
    images.mkdir(parents=True)
    (images / "link.txt").symlink_to(outside)
    path = write(book(document=[{"PatNum": 1, "FileName": "link.txt"}]), tmp_path)
    found = collect(path, images=tmp_path / "images")
    assert found.bodies() == []
    assert found.codes("document/1") == ["opendental-file-missing"]


def test_a_file_kept_in_the_database_travels_once(tmp_path: Path) -> None:
    found = _papers(
        tmp_path,
        [{"RawBase64": base64.b64encode(PNG).decode(), "ImgType": 1}, {"RawBase64": "x", "ImgType": 1}],
        {},
    )
    whole, broken = found.records(ImageFile)
    assert whole.attachment is not None
    assert (whole.attachment.sha256, whole.attachment.size) == (hashlib.sha256(PNG).hexdigest(), len(PNG))
    (body,) = found.bodies()
    assert body.open().read() == PNG
    assert found.rows("document")["1"].columns["RawBase64"] == f"sha256:{whole.attachment.sha256}"
    assert broken.attachment is None
    assert found.codes("document/2") == ["opendental-file-refused"]
    assert found.rows("document")["2"].columns["RawBase64"] == "x"


def test_files_no_row_describes_are_named(tmp_path: Path) -> None:
    found = _papers(
        tmp_path,
        [{"FileName": "a.pdf"}],
        {
            "P/PerrichonGerard1/a.pdf": PDF,
            "P/PerrichonGerard1/b.pdf": PDF,
            "P/PerrichonGerard1/Thumbnails/a.jpg": b"x",
            "Q/Inconnu/c.pdf": PDF,
            "Letters/d.pdf": PDF,
        },
    )
    (finding,) = [item for item in found.items if getattr(item, "code", "") == "opendental-files-unlisted"]
    assert "2 files" in finding.text
    assert "b.pdf, Q/Inconnu/c.pdf" in finding.text


def test_without_a_folder_one_sentence_counts_what_was_not_looked_for(tmp_path: Path) -> None:
    found = collect(
        write(book(document=[{"PatNum": 1, "FileName": "a"}, {"PatNum": 1, "FileName": "b"}]), tmp_path)
    )
    assert len(found.records(Document)) == 2
    assert found.codes("document") == ["opendental-no-image-folder"]
    assert found.codes("document/1") == []


def test_a_picture_on_a_mount_takes_its_place_and_teeth(tmp_path: Path) -> None:
    found = _papers(
        tmp_path,
        [{"FileName": "bw1.png", "ImgType": 1, "MountItemNum": 1}],
        {"P/PerrichonGerard1/bw1.png": PNG},
        mount=[{"PatNum": 1, "Description": "Bilan"}],
        mountitem=[{"MountNum": 1, "ToothNumbers": "2,3", "ItemOrder": 1}, {"MountNum": 1, "ItemOrder": 2}],
    )
    image = found.one(ImageFile)
    assert (image.title, image.teeth) == ("Bilan", ("17", "16"))
    assert found.rows("mount")["1"].records == (image.id,)
    assert [row.records for row in found.rows("mountitem").values()] == [(image.id,), ()]
