"""Folders and discs of images: every file is an instance, a finding, or a DICOMDIR."""

from __future__ import annotations

import shutil
import tracemalloc
import zlib
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pydicom
import pytest
from hypothesis import given, settings
from hypothesis.strategies import integers, lists, sampled_from, tuples
from pydicom.dataset import Dataset

from formats.dicom.read import ImagedPatient, study_record
from formats.dicom.study import FoundStudy
from formats.dicom.write import plan_file_set
from formats.digests import digest_of_file
from formats.errors import FolderNotFound
from formats.findings import Severity
from formats.folders import NotAFolder
from formats.model.identity import Sex
from formats.model.imaging import ImageKind
from formats.papers.paper import PaperPatient
from tests.material import material
from tests.unit.dicom.images import (
    CHARSETS,
    DISCS,
    SAMPLES,
    codes,
    count_of,
    documents_in,
    find_studies,
    image,
    reasons,
    seen,
)

PRACTICE = "6f0c6f0e-7f0a-5c55-9d0b-3b1f1f5b2d10"


def test_an_image_says_who_and_what(tmp_path: Path) -> None:
    path = image(tmp_path / "one", PatientName="D'Évrard^Zoé Marie", IssuerOfPatientID="Cabinet")
    (study,), findings = seen(tmp_path)
    assert findings == []
    assert study.patient == ImagedPatient(
        number="45",
        issuer="Cabinet",
        family="D'Évrard",
        given="Zoé Marie",
        birth_date=date(1955, 11, 23),
        sex=Sex.FEMALE,
    )
    assert study.studied_on == date(2024, 3, 14)
    assert study.studied_at == datetime(2024, 3, 14, 10, 15, 30)  # noqa: DTZ001 (the image names no zone)
    (body,) = study.bodies()
    assert body.attachment.sha256 == digest_of_file(path)[0].hex
    with body.open() as stream:
        assert stream.read() == path.read_bytes()


def test_who_issued_the_number_is_read_with_its_universal_identifier(tmp_path: Path) -> None:
    qualifiers = Dataset()
    qualifiers.UniversalEntityID, qualifiers.UniversalEntityIDType = "1.2.250.1.71.4.2.2.9", "ISO"
    image(tmp_path / "a.dcm", IssuerOfPatientID="Ailleurs", IssuerOfPatientIDQualifiersSequence=[qualifiers])
    image(tmp_path / "b.dcm", study="2", IssuerOfPatientIDQualifiersSequence=[qualifiers])
    studies, _ = seen(tmp_path)
    assert [one.patient.issuer for one in studies] == [
        "Ailleurs&1.2.250.1.71.4.2.2.9",
        "1.2.250.1.71.4.2.2.9",
    ]


def test_the_record_of_a_study_has_a_lasting_identity_and_a_zone(tmp_path: Path) -> None:
    image(tmp_path / "one")
    (study,), _ = seen(tmp_path)
    record = study_record(study, "p1", PRACTICE)
    assert record.studied_at is not None
    assert record.studied_at.isoformat() == "2024-03-14T10:15:30+01:00"
    assert record.id == study_record(study, "p1", PRACTICE).id != study_record(study, "p2", PRACTICE).id
    assert (record.patient, record.patient_number, record.patient_name) == ("p1", "45", "Évrard^Zoé")


def test_a_study_without_a_time_is_of_its_day(tmp_path: Path) -> None:
    image(tmp_path / "one", StudyTime="", TimezoneOffsetFromUTC="-0400")
    (study,), _ = seen(tmp_path)
    assert study.studied_at is None
    assert study_record(study, "p1", PRACTICE).studied_at == date(2024, 3, 14)


def test_a_named_offset_wins_over_the_zone_of_the_practice(tmp_path: Path) -> None:
    image(tmp_path / "one", TimezoneOffsetFromUTC="-0400")
    (study,), _ = seen(tmp_path)
    record = study_record(study, "p1", PRACTICE)
    assert record.studied_at is not None
    assert record.studied_at.astimezone(UTC) == datetime(2024, 3, 14, 14, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "family", "given"),
    [
        ("chrFren.dcm", "Buc", "Jérôme"),
        ("chrFrenMulti.dcm", "Buc", "Jérôme"),
        ("chrGerm.dcm", "Äneas", "Rüdiger"),
        ("chrGreek.dcm", "Διονυσιος", ""),
        ("chrRuss.dcm", "Люкceмбypг", ""),
        ("chrH31.dcm", "Yamada", "Tarou"),
        ("chrKoreanMulti.dcm", "김희중", ""),
        ("chrJapMulti.dcm", "やまだ", "たろう"),
        ("chrX1.dcm", "Wang", "XiaoDong"),
        ("chrX2.dcm", "Wang", "XiaoDong"),
    ],
)
def test_names_in_every_character_set(tmp_path: Path, name: str, family: str, given: str) -> None:
    shutil.copy(CHARSETS / name, tmp_path)
    (study,), findings = seen(tmp_path)
    assert (study.patient.family, study.patient.given) == (family, given)
    assert findings == []


def test_every_file_of_pydicom_is_accounted_for() -> None:
    studies, findings = seen(SAMPLES)
    files = [path for path in SAMPLES.rglob("*") if path.is_file()]
    directories = [path for path in files if "DICOMDIR" in path.name]
    of_one_file = {"not-dicom", "imaging-document", "imaging-beside", "dicom-seen-before"}
    refused = [finding for finding in findings if finding.code in of_one_file]
    assert sum(map(count_of, studies)) + len(refused) + len(directories) == len(files)
    assert Counter(codes(refused))["dicom-seen-before"] == 1
    assert len(documents_in(SAMPLES)) == Counter(codes(refused))["imaging-document"]
    assert [finding.where for finding in findings if finding.code == "dicom-cut-short"] == [
        "MR_truncated.dcm",
        "rtplan_truncated.dcm",
    ]


def test_a_disc_and_its_directory_are_the_same_source() -> None:
    by_folder, by_directory = seen(DISCS), seen(DISCS / "DICOMDIR")
    assert by_folder == by_directory
    assert sum(map(count_of, by_folder[0])) == 81
    assert codes(by_folder[1]) == ["not-dicom", "not-dicom"]
    assert documents_in(DISCS) == []


def test_a_dicomdir_that_promises_missing_files_and_knows_not_all(tmp_path: Path) -> None:
    shutil.copytree(DISCS / "77654033", tmp_path / "77654033")
    shutil.copy(DISCS / "DICOMDIR", tmp_path)
    (tmp_path / "77654033" / "CR1" / "6154").unlink()
    image(tmp_path / "EXTRA")
    studies, findings = seen(tmp_path)
    missing = [finding for finding in findings if finding.code == "dicomdir-missing-file"]
    assert {finding.severity for finding in missing} == {Severity.ERROR}
    assert {str(finding.facts["name"]).split("/")[0] for finding in missing} == {
        "77654033",
        "98892001",
        "98892003",
    }
    assert sum(finding.facts["name"] == "77654033/CR1/6154" for finding in missing) == 1
    assert sum(map(count_of, studies)) == 6 + 1


def test_a_disc_driver_may_show_names_in_lower_case_with_a_version(tmp_path: Path) -> None:
    tiny = DISCS / "TINY_ALPHA"
    shutil.copy(tiny / "DICOMDIR", tmp_path / "dicomdir")
    for path in tiny.rglob("IM*"):
        target = tmp_path / f"{path.relative_to(tiny)}.;1".lower()
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    studies, findings = seen(tmp_path)
    assert findings == []
    assert sum(map(count_of, studies)) == 50


def test_a_dicomdir_cannot_lead_outside(tmp_path: Path) -> None:
    disc = tmp_path / "disc"
    disc.mkdir()
    image(tmp_path / "secret" / "IMG")
    content = (DISCS / "DICOMDIR").read_bytes().replace(b"77654033\\CR1\\6154 ", b"..\\secret\\IMG     ")
    assert b"..\\secret\\IMG" in content
    (disc / "DICOMDIR").write_bytes(content)
    studies, findings = seen(disc)
    assert studies == []
    assert [finding.facts["name"] for finding in findings if finding.code == "unsafe-name"] == [
        "../secret/IMG"
    ]


def test_a_dicomdir_cut_short_is_reported_and_the_images_are_found(tmp_path: Path) -> None:
    shutil.copytree(DISCS / "77654033", tmp_path / "77654033")
    (tmp_path / "DICOMDIR").write_bytes((DISCS / "DICOMDIR").read_bytes()[:2000])
    studies, findings = seen(tmp_path)
    assert "dicom-unreadable" in codes(findings)
    assert sum(map(count_of, studies)) == 7


def test_a_single_image_is_no_folder(tmp_path: Path) -> None:
    with pytest.raises(NotAFolder):
        list(find_studies(image(tmp_path / "one.dcm")))
    with pytest.raises(FolderNotFound):
        list(find_studies(tmp_path / "nowhere"))


def test_an_xml_scan_called_dcm_is_not_an_image() -> None:
    folder = material("imaging")
    studies, findings = seen(folder)
    by_place = {finding.where: finding for finding in findings}
    assert by_place["3shape-scan-not-dicom.dcm"].severity is Severity.WARNING
    assert reasons(findings) == ["not-dicom"]
    assert by_place["panoramic.jpg"].code == "imaging-beside"
    scan, *pictures = documents_in(folder)
    assert (scan.name, scan.image) == ("3shape-scan-not-dicom.dcm", None)
    assert {one.image for one in pictures} == {ImageKind.OTHER, ImageKind.PHOTOGRAPH}
    assert [study.patient.family for study in studies] == ["Doe"]
    assert sum(map(count_of, studies)) + len(findings) == len(list(folder.iterdir()))


@pytest.mark.parametrize("name", ["ExplVR_BigEndNoMeta.dcm", "ExplVR_LitEndNoMeta.dcm", "rtstruct.dcm"])
def test_a_dataset_without_preamble_is_recognised(tmp_path: Path, name: str) -> None:
    shutil.copy(SAMPLES / name, tmp_path)
    studies, findings = seen(tmp_path)
    assert sum(map(count_of, studies)) == 1
    assert codes(findings) == ["dicom-without-header"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"DICM",
        bytes(400),
        b"\x08\0\x05\0" + bytes(300),
        b"\x08\0\x05\0CS\x0a\0ISO_IR 100" + bytes(300),
        b"\x02\0\x10\0" + b"plain text that only begins like a data set. " * 20,
    ],
)
def test_what_only_resembles_dicom_is_not_dicom(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.dcm").write_bytes(content)
    studies, findings = seen(tmp_path)
    assert (studies, reasons(findings)) == ([], ["not-dicom"])
    (document,) = documents_in(tmp_path)
    assert document.attachment is not None
    assert document.attachment.size == len(content)
    (tmp_path / "x.dcm").rename(tmp_path / "x")
    assert codes(seen(tmp_path)[1]) == ["not-dicom"]
    assert documents_in(tmp_path) == []


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
def test_an_image_of_no_study_is_a_document_of_the_patient_it_names(tmp_path: Path, keyword: str) -> None:
    path = image(tmp_path / "one", StudyDescription="Panoramique")
    dataset = pydicom.dcmread(path)
    del dataset[keyword]
    pydicom.dcmwrite(path, dataset, enforce_file_format=False)
    studies, findings = seen(tmp_path)
    assert studies == []
    assert (reasons(findings), findings[0].facts["reason"].facts) == (  # type: ignore[union-attr]
        ["dicom-outside-study"],
        {"missing": keyword},
    )
    (document,) = documents_in(tmp_path)
    assert document.patient == PaperPatient(
        number="45", family="Évrard", given="Zoé", birth_date=date(1955, 11, 23)
    )
    assert (document.title, document.image) == ("Panoramique", None)
    assert document.open is not None
    with document.open() as stream:
        assert stream.read() == path.read_bytes()


def test_the_same_file_twice_is_one_image_and_a_note(tmp_path: Path) -> None:
    shutil.copy(image(tmp_path / "a" / "one"), tmp_path / "two")
    (study,), findings = seen(tmp_path)
    assert count_of(study) == 1
    (finding,) = findings
    assert (finding.code, finding.where, finding.facts) == ("dicom-seen-before", "a/one", {"earlier": "two"})


def test_different_files_with_one_uid_are_both_kept(tmp_path: Path) -> None:
    image(tmp_path / "one")
    image(tmp_path / "two", PixelData=b"\1\2\3\4")
    (study,), findings = seen(tmp_path)
    assert count_of(study) == 2
    assert len(study.files) == 2
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("dicom-same-uid", Severity.WARNING)
    ]


def test_a_study_of_two_patients_is_taken_apart(tmp_path: Path) -> None:
    image(tmp_path / "one", instance="1")
    image(tmp_path / "two", instance="2", PatientID="46", PatientName="Autre^Personne")
    image(tmp_path / "three", instance="3")
    studies, findings = seen(tmp_path)
    assert sorted((study.patient.number, count_of(study)) for study in studies) == [("45", 2), ("46", 1)]
    assert codes(findings) == ["dicom-patients-differ"]
    assert {study_record(study, "p", PRACTICE).id for study in studies} == {
        study_record(study, "p", PRACTICE).id for study in seen(tmp_path)[0]
    }
    assert len({study_record(study, "p", PRACTICE).id for study in studies}) == 2


def test_an_image_that_says_less_about_the_patient_does_not_divide_a_study(tmp_path: Path) -> None:
    image(tmp_path / "one", instance="1")
    image(tmp_path / "two", instance="2", PatientBirthDate="", PatientName="EVRARD^ZOE")
    (study,), findings = seen(tmp_path)
    assert (count_of(study), study.part, findings) == (2, "", [])


def test_an_image_that_fits_two_patients_is_given_to_neither(tmp_path: Path) -> None:
    image(tmp_path / "one", instance="1")
    image(tmp_path / "two", instance="2", PatientID="46", PatientName="Autre^Personne")
    image(tmp_path / "three", instance="3", PatientID="", PatientName="", PatientBirthDate="", PatientSex="")
    studies, _ = seen(tmp_path)
    assert sorted(study.patient.number for study in studies) == ["", "45", "46"]


def test_series_and_images_come_in_their_order(tmp_path: Path) -> None:
    for series, instance in [("2", "1"), ("1", "3"), ("1", "1"), ("1", "2")]:
        image(tmp_path / f"{series}-{instance}", series=series, instance=instance, SeriesNumber=int(series))
    (study,), _ = seen(tmp_path)
    assert [[each.number for each in series.instances] for series in study.series] == [[1, 2, 3], [1]]


def test_links_are_not_followed_out_of_the_folder(tmp_path: Path) -> None:
    outside = image(tmp_path / "outside" / "one")
    folder = tmp_path / "folder"
    image(folder / "own", instance="2")
    try:
        (folder / "file-link").symlink_to(outside)
        (folder / "folder-link").symlink_to(outside.parent, target_is_directory=True)
        (folder / "round").symlink_to(folder, target_is_directory=True)
        (folder / "broken").symlink_to(folder / "gone")
        (folder / "self").symlink_to(folder / "self")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    (study,), findings = seen(folder)
    assert count_of(study) == 1
    assert {finding.where: finding.code for finding in findings} == {
        "file-link": "link-outside",
        "folder-link": "link-outside",
        "round": "link-inside",
        "broken": "unreadable-file",
        "self": "unreadable-file",
    }


@pytest.mark.parametrize("length", [140, 200, 333, 600, 638])
def test_a_file_cut_anywhere_is_kept_or_reported(tmp_path: Path, length: int) -> None:
    whole = image(tmp_path / "whole").read_bytes()
    folder = tmp_path / "cut"
    folder.mkdir()
    (folder / "x.dcm").write_bytes(whole[:length])
    studies, findings = seen(folder)
    assert len(studies) + len([finding for finding in findings if finding.code != "dicom-cut-short"]) == 1
    assert findings


def test_an_image_cut_in_its_pixels_is_kept_with_a_warning(tmp_path: Path) -> None:
    path = image(tmp_path / "x")
    path.write_bytes(path.read_bytes()[:-2])
    (study,), findings = seen(tmp_path)
    assert count_of(study) == 1
    assert [(finding.code, finding.severity) for finding in findings] == [
        ("dicom-cut-short", Severity.WARNING)
    ]


def test_a_huge_length_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = image(tmp_path / "x.dcm")
    whole = path.read_bytes()
    place = whole.index(b"\x10\x00\x10\x00PN")
    path.write_bytes(whole[:place] + b"\x10\x00\x10\x00UT\0\0\xf0\xff\xff\xff" + whole[place + 8 :])
    tracemalloc.start()
    studies, findings = seen(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (studies, reasons(findings)) == ([], ["limit-exceeded"])
    assert peak < 8 << 20


def test_sequences_nested_without_end_are_refused(tmp_path: Path) -> None:
    path = image(tmp_path / "x.dcm")
    whole = path.read_bytes()
    place = whole.index(b"\x10\x00\x10\x00PN")
    opening = b"\x08\x00\x40\x11SQ\0\0\xff\xff\xff\xff\xfe\xff\x00\xe0\xff\xff\xff\xff"
    path.write_bytes(whole[:place] + opening * 20_000 + whole[place:])
    studies, findings = seen(tmp_path)
    assert (studies, reasons(findings)) == ([], ["dicom-unreadable"])


def test_a_deflated_bomb_is_inflated_no_further_than_a_header(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "image_dfl.dcm", tmp_path / "good.dcm")
    whole = (tmp_path / "good.dcm").read_bytes()
    meta = 144 + int.from_bytes(whole[140:144], "little")
    plain = zlib.decompress(whole[meta:], -zlib.MAX_WBITS)
    engine = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    (tmp_path / "bomb.dcm").write_bytes(
        whole[:meta] + engine.compress(plain) + engine.compress(bytes(200 << 20)) + engine.flush()
    )
    tracemalloc.start()
    studies, findings = seen(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(map(count_of, studies)) == 2
    assert codes(findings) == ["dicom-same-uid"]
    assert peak < 64 << 20


@pytest.mark.slow
def test_memory_does_not_grow_with_the_files(tmp_path: Path) -> None:
    path = image(tmp_path / "big", PixelData=bytes(24 << 20))
    for study in range(200):
        image(tmp_path / "small" / str(study), study=str(study + 10))
    assert path.stat().st_size > 24 << 20
    list(find_studies(tmp_path / "small"))  # pydicom fills its dictionaries once
    tracemalloc.start()
    found = sum(isinstance(item, FoundStudy) for item in find_studies(tmp_path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == 201
    assert peak < 6 << 20


def test_a_wrong_birth_date_is_said(tmp_path: Path) -> None:
    path = image(tmp_path / "x")
    path.write_bytes(path.read_bytes().replace(b"19551123", b"19551323"))
    (study,), findings = seen(tmp_path)
    assert study.patient.birth_date is None
    assert "dicom-birth-date" in codes(findings)


def test_the_imaging_folder_of_the_sample_practice() -> None:
    folder = Path(__file__).resolve().parents[3] / "samples" / "practice" / "imaging"
    studies, findings = seen(folder)
    files = [path for path in folder.rglob("*") if path.is_file()]
    copies = codes(findings).count("dicom-seen-before")
    assert copies == 5
    assert reasons(findings) == ["not-dicom"]
    assert sum(map(count_of, studies)) + copies + 1 + 1 == len(files)


@settings(max_examples=150, deadline=None)
@given(
    name=sampled_from(("chrFren.dcm", "chrH31.dcm", "chrX1.dcm", "chrSQEncoding.dcm", "chrKoreanMulti.dcm")),
    flaws=lists(
        tuples(integers(128, 1500), sampled_from((0, 0x1B, 0x5C, 0xFF)) | integers(0, 255)), max_size=12
    ),
    length=integers(0, 4000),
)
def test_no_bytes_bring_the_reader_down(name: str, flaws: list[tuple[int, int]], length: int) -> None:
    content = bytearray((CHARSETS / name).read_bytes())
    for place, byte in flaws:
        content[place % len(content)] = byte
    with TemporaryDirectory() as folder:
        (Path(folder) / "x.dcm").write_bytes(content[:length])
        studies, findings = seen(Path(folder))
        refused = [finding for finding in findings if finding.severity is not Severity.NOTE]
        assert sum(map(count_of, studies)) == 1 or refused
        for study in studies:
            study_record(study, "p", PRACTICE)
            assert len(plan_file_set(list(study.bodies())).files) == 1
