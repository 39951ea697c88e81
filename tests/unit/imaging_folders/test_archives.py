"""Archives among images: those with DICOM are unpacked, and every file counts wherever it lies."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from formats import registry
from formats.folders import NotAFolder
from formats.papers.paper import FoundPaper
from tests.unit.dicom.images import codes, count_of, documents_in, find_studies, image, seen

PICTURE = b"\xff\xd8\xff\xe0 a picture"


def packed(files: dict[str, bytes]) -> bytes:
    """Return an archive of ``files``."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def images(folder: Path, count: int) -> dict[str, bytes]:
    """Return images of one series by their names."""
    made = [image(folder / f"{number}", instance=str(number)) for number in range(1, count + 1)]
    return {f"serie/{path.name}.dcm": path.read_bytes() for path in made}


def test_an_archive_of_images_is_read_in_its_stead(tmp_path: Path) -> None:
    files = images(tmp_path / "made", 12)
    place = tmp_path / "place"
    (place / "deep").mkdir(parents=True)
    (place / "deep" / "study.zip").write_bytes(packed({**files, "photo.jpg": PICTURE, "read.txt": b"viewer"}))
    (study,), findings = seen(place)
    assert count_of(study) == 12
    assert codes(findings) == ["imaging-archive-unpacked", "imaging-beside", "not-dicom"]
    (document,) = documents_in(place)
    assert document.name == "deep/study.zip/photo.jpg"
    with registry.reader_for("dicom")(str(place)) as items:
        (picture,) = (found for found in items if isinstance(found, FoundPaper))
        assert picture.open is not None
        with picture.open() as stream:
            assert stream.read() == PICTURE


def test_the_bytes_of_each_image_come_out_of_the_archive(tmp_path: Path) -> None:
    files = images(tmp_path / "made", 3)
    (tmp_path / "study.zip").write_bytes(packed(files))
    with registry.reader_for("dicom")(str(tmp_path / "study.zip")) as items:
        bodies = [body for study in items if hasattr(study, "bodies") for body in study.bodies()]
        found = []
        for body in bodies:
            with body.open() as stream:
                found.append(stream.read())
    assert sorted(found) == sorted(files.values())


def test_a_long_image_in_an_archive_is_read_in_any_order(tmp_path: Path) -> None:
    path = image(tmp_path / "made", Rows=3000, Columns=2000, PixelData=bytes(6_000_000))
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "one.zip").write_bytes(packed({"IM1": path.read_bytes()}))
    (study,), findings = seen(tmp_path / "place")
    assert count_of(study) == 1
    assert codes(findings) == ["imaging-archive-unpacked"]
    with registry.reader_for("dicom")(str(tmp_path / "place")) as items:
        (body,) = (body for found in items if hasattr(found, "bodies") for body in found.bodies())
        with body.open() as stream:
            assert stream.read() == path.read_bytes()


def test_archives_within_archives_are_unpacked_twice_and_no_further(tmp_path: Path) -> None:
    (name, data), *_ = images(tmp_path / "made", 1).items()
    inner = packed({name: data})
    place = tmp_path / "place"
    place.mkdir()
    (place / "patient.zip").write_bytes(packed({"study.zip": inner}))
    (study,), findings = seen(place)
    assert count_of(study) == 1
    assert codes(findings) == ["imaging-archive-unpacked", "imaging-archive-unpacked"]
    (place / "patient.zip").write_bytes(packed({"more.zip": packed({"study.zip": inner})}))
    studies, findings = seen(place)
    assert studies == []
    assert [one.name for one in documents_in(place)] == ["patient.zip"]


def test_an_archive_that_cannot_be_opened_is_a_document(tmp_path: Path) -> None:
    whole = packed(images(tmp_path / "made", 2))
    place = tmp_path / "place"
    place.mkdir()
    (place / "cut.zip").write_bytes(whole[: len(whole) // 2])
    studies, findings = seen(place)
    assert studies == []
    assert codes(findings) == ["imaging-archive-closed", "imaging-beside"]
    assert [one.name for one in documents_in(place)] == ["cut.zip"]


def test_a_dicomdir_in_an_archive_promises_its_own_files(tmp_path: Path) -> None:
    from tests.unit.dicom.images import DISCS

    names = [path for path in (DISCS / "77654033").rglob("*") if path.is_file()]
    files = {f"disc/{path.relative_to(DISCS).as_posix()}": path.read_bytes() for path in names[1:]}
    files["disc/DICOMDIR"] = (DISCS / "DICOMDIR").read_bytes()
    (tmp_path / "disc.zip").write_bytes(packed(files))
    studies, findings = seen(tmp_path)
    missing = [one.facts["name"] for one in findings if one.code == "dicomdir-missing-file"]
    assert names[0].relative_to(DISCS).as_posix() in missing
    assert not any(one.relative_to(DISCS).as_posix() in missing for one in names[1:])
    assert sum(map(count_of, studies)) == len(names) - 1


def test_every_file_is_counted_on_the_disk_and_in_archives(tmp_path: Path) -> None:
    files = images(tmp_path / "made", 4)
    place = tmp_path / "place"
    place.mkdir()
    (place / "a.zip").write_bytes(packed({**files, "scan.dcm": b"<?xml version='1.0'?><HPS/>"}))
    (place / "b.zip").write_bytes(packed({"viewer.exe": b"MZ\0"}))
    (place / "c.pdf").write_bytes(b"%PDF-1.4")
    (place / "d.exe").write_bytes(b"MZ\0")
    studies, findings = seen(place)
    documents = {one.name for one in documents_in(place)}
    left = {one.where for one in findings if one.code == "not-dicom"}
    assert documents == {"a.zip/scan.dcm", "b.zip", "c.pdf"}
    assert left == {"d.exe"}
    assert sum(map(count_of, studies)) + len(documents) + len(left) == 4 + 1 + 1 + 1 + 1


def test_one_uid_on_different_files_of_two_archives_keeps_both(tmp_path: Path) -> None:
    one = image(tmp_path / "made" / "1").read_bytes()
    other = image(tmp_path / "made" / "2", PatientComments="edited").read_bytes()
    place = tmp_path / "place"
    place.mkdir()
    (place / "a.zip").write_bytes(packed({"IM1": one}))
    (place / "b.zip").write_bytes(packed({"IM1": other}))
    (study,), findings = seen(place)
    assert count_of(study) == 2
    assert Counter(codes(findings))["dicom-same-uid"] == 1
    assert {file.place for file in study.files.values()} == {"a.zip/IM1", "b.zip/IM1"}


def test_a_file_that_is_no_image_and_no_archive_is_no_place(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_bytes(b"text")
    with pytest.raises(NotAFolder):
        list(find_studies(tmp_path / "x.txt"))


def test_archives_of_images_are_recognised(tmp_path: Path) -> None:
    (tmp_path / "place").mkdir()
    (tmp_path / "place" / "study.zip").write_bytes(packed(images(tmp_path / "made", 1)))
    (tmp_path / "other.zip").write_bytes(packed({"a.txt": b"text"}))
    assert registry.recognize(str(tmp_path / "place")) == ("dicom",)
    assert registry.recognize(str(tmp_path / "place" / "study.zip")) == ("dicom",)
    assert registry.recognize(str(tmp_path / "other.zip")) == ()
