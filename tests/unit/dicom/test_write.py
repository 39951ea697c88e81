"""File-sets: every file has a place, and every listed file leads to itself."""

from __future__ import annotations

import gc
import random
import re
import shutil
import warnings
from pathlib import Path

import pydicom
from pydicom.dataset import Dataset
from pydicom.fileset import FileSet as PydicomFileSet

from formats.dicom.write import UNLISTED, FileSet, plan_file_set
from formats.digests import digest_of_file
from formats.findings import Severity
from tests.unit.dicom.images import CHARSETS, DISCS, SAMPLES, codes, image, lay_out, seen, source

NAME = re.compile(r"DICOM(/[A-Z0-9_]{1,8}){2,4}")


def records(directory: Path) -> list[Dataset]:
    """Return the directory records as pydicom reads them."""
    return list(pydicom.dcmread(directory).DirectoryRecordSequence)


def opened(directory: Path) -> list[tuple[str, str]]:
    """Return path and instance UID of what pydicom's file-set holds, and let its temporary folder go."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        file_set = PydicomFileSet(directory)
        found = [(each.path, str(each.SOPInstanceUID)) for each in file_set]
        del file_set
        gc.collect()
    return found


def planned(paths: list[Path]) -> FileSet:
    """Return the plan for some files."""
    return plan_file_set([source(path) for path in paths])


def test_one_image_has_one_place_and_four_records(tmp_path: Path) -> None:
    path = image(tmp_path / "one")
    plan = planned([path])
    assert plan.files == (("DICOM/PA000001/ST000001/SE000001/IM000001", digest_of_file(path)[0].hex),)
    assert plan.findings == ()
    directory = lay_out(plan, [path], tmp_path / "disc")
    patient, study, series, leaf = records(directory)
    assert [each.DirectoryRecordType for each in (patient, study, series, leaf)] == [
        "PATIENT",
        "STUDY",
        "SERIES",
        "IMAGE",
    ]
    assert (str(patient.PatientName), patient.PatientID) == ("Évrard^Zoé", "45")
    assert patient.SpecificCharacterSet == "ISO_IR 100"
    assert (study.StudyDate, study.StudyTime, study.StudyID) == ("20240314", "101530", "7")
    assert (series.Modality, series.SeriesNumber) == ("IO", 1)
    assert leaf.ReferencedFileID == ["DICOM", "PA000001", "ST000001", "SE000001", "IM000001"]
    ((where, uid),) = opened(directory)
    assert uid == leaf.ReferencedSOPInstanceUIDInFile
    assert Path(where).read_bytes() == path.read_bytes()


def test_the_plan_does_not_depend_on_the_order(tmp_path: Path) -> None:
    paths = [image(tmp_path / str(each), study=str(each % 3), instance=str(each)) for each in range(1, 10)]
    plan = planned(paths)
    random.Random(7).shuffle(paths)
    assert planned(paths) == plan
    assert [name for name, _ in plan.files][:4] == [
        "DICOM/PA000001/ST000001/SE000001/IM000001",
        "DICOM/PA000001/ST000001/SE000001/IM000002",
        "DICOM/PA000001/ST000001/SE000001/IM000003",
        "DICOM/PA000001/ST000002/SE000001/IM000001",
    ]


def test_no_file_of_pydicom_is_dropped(tmp_path: Path) -> None:
    paths = [path for folder in (SAMPLES, CHARSETS) for path in sorted(folder.rglob("*")) if path.is_file()]
    plan = planned(paths)
    digests = {digest_of_file(path)[0].hex for path in paths}
    assert {digest for _, digest in plan.files} == digests
    assert len({name for name, _ in plan.files}) == len(plan.files) == len(digests)
    assert all(NAME.fullmatch(name) for name, _ in plan.files)
    listed = [name for name, _ in plan.files if not name.startswith(UNLISTED)]
    aside = {digest for name, digest in plan.files if name.startswith(UNLISTED)}
    assert {finding.where for finding in plan.findings if finding.severity is Severity.WARNING} == aside
    directory = lay_out(plan, paths, tmp_path)
    found = opened(directory)
    assert {Path(where).relative_to(tmp_path).as_posix() for where, _ in found} == set(listed)
    assert all(pydicom.dcmread(where, stop_before_pixels=True).SOPInstanceUID == uid for where, uid in found)
    assert len(listed) > 120


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    paths = [path for path in sorted(DISCS.rglob("*")) if path.is_file() and "DICOMDIR" not in path.name]
    plan = planned([path for path in paths if "README" not in path.name])
    lay_out(plan, paths, tmp_path)
    before, _ = seen(DISCS)
    after, findings = seen(tmp_path)
    assert findings == []
    assert [(each.patient, each.series) for each in after] == [(each.patient, each.series) for each in before]


def test_the_same_bytes_have_one_place_and_another_file_of_the_same_uid_lies_aside(tmp_path: Path) -> None:
    one = image(tmp_path / "one")
    shutil.copy(one, tmp_path / "copy")
    other = image(tmp_path / "other", PixelData=b"\1\2\3\4")
    plan = planned([one, tmp_path / "copy", other])
    assert [name for name, _ in plan.files] == [
        "DICOM/PA000001/ST000001/SE000001/IM000001",
        "DICOM/PLAIN/FI000001",
    ]
    assert codes(list(plan.findings)) == ["dicom-no-directory-record"]


def test_what_an_image_does_not_say_is_filled_in_and_told(tmp_path: Path) -> None:
    path = image(
        tmp_path / "x",
        StudyID=None,
        StudyDate=None,
        StudyTime="",
        SeriesNumber=None,
        PatientID="",
        ContentDate="20200102",
    )
    plan = planned([path])
    directory = lay_out(plan, [path], tmp_path / "disc")
    patient, study, series, _ = records(directory)
    assert re.fullmatch(r"UNKNOWN-[0-9A-F]{8}", patient.PatientID)
    assert (study.StudyDate, study.StudyTime, study.StudyID) == ("20200102", "000000", "1")
    assert series.SeriesNumber == 1
    (finding,) = plan.findings
    assert (finding.code, finding.severity) == ("dicomdir-made-up", Severity.NOTE)
    assert finding.facts == {"keywords": "PatientID, SeriesNumber, StudyID, StudyTime"}


def test_statements_are_not_made_up(tmp_path: Path) -> None:
    path = image(tmp_path / "x", SOPClassUID="1.2.840.10008.5.1.4.1.1.11.1")
    plan = planned([path])
    assert [name for name, _ in plan.files] == ["DICOM/PLAIN/FI000001"]
    assert plan.findings[0].code == "dicom-no-directory-record"


def test_other_kinds_have_their_own_records(tmp_path: Path) -> None:
    pdf = image(
        tmp_path / "pdf",
        instance="2",
        SOPClassUID="1.2.840.10008.5.1.4.1.1.104.1",
        MIMETypeOfEncapsulatedDocument="application/pdf",
        DocumentTitle="Compte rendu Дмитрий",
        PixelData=None,
        EncapsulatedDocument=b"%PDF-1.4" * 100_000,
    )
    paths = [SAMPLES / "reportsi.dcm", SAMPLES / "waveform_ecg.dcm", SAMPLES / "rtplan.dcm", pdf]
    directory = lay_out(planned(paths), paths, tmp_path / "disc")
    leaves = {each.DirectoryRecordType: each for each in records(directory) if "ReferencedFileID" in each}
    assert set(leaves) == {"SR DOCUMENT", "WAVEFORM", "RT PLAN", "ENCAP DOC"}
    assert leaves["SR DOCUMENT"].ConceptNameCodeSequence[0].CodeMeaning == "Document Title"
    assert leaves["ENCAP DOC"].DocumentTitle == "Compte rendu Дмитрий"
    assert leaves["ENCAP DOC"].SpecificCharacterSet == "ISO_IR 192"


def test_an_empty_file_set_is_still_one(tmp_path: Path) -> None:
    plan = plan_file_set([])
    assert plan.files == ()
    directory = tmp_path / "DICOMDIR"
    directory.write_bytes(plan.dicomdir)
    assert records(directory) == []


def test_a_broken_header_lies_aside(tmp_path: Path) -> None:
    path = image(tmp_path / "x.dcm")
    whole = path.read_bytes()
    path.write_bytes(whole.replace(b"\x10\x00\x10\x00PN", b"\x10\x00\x10\x00UT\0\0\xf0\xff\xff\xff"))
    plan = planned([path])
    assert [name for name, _ in plan.files] == ["DICOM/PLAIN/FI000001"]
    assert [finding.code for finding in plan.findings] == ["limit-exceeded"]
