"""A file whose instance UID another carries too, under a UID of its own: everything else is as it was."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from formats.dicom.objects.own_uid import with_own_uid
from formats.dicom.records import read_instance_records
from formats.errors import FormatFailure
from tests.tools import need
from tests.unit.dicom.images import image, source
from tests.unit.dicom.pictured import data_of

KINDS = (
    "CT_small.dcm",  # explicit, with private elements behind group 0400
    "MR_small_bigendian.dcm",
    "MR_small_expb.dcm",
    "MR_small_implicit.dcm",
    "JPEG2000.dcm",
    "JPEG-lossy.dcm",
)


@pytest.mark.parametrize("name", KINDS)
def test_only_the_uid_is_another_and_the_one_before_is_said(name: str) -> None:
    path = get_testdata_file(name)
    assert path is not None
    made = with_own_uid(source(Path(path)))
    before, after = dcmread(path), dcmread(io.BytesIO(data_of(made)))
    assert after.SOPInstanceUID == after.file_meta.MediaStorageSOPInstanceUID == made.instance_uid
    assert after.file_meta.TransferSyntaxUID == before.file_meta.TransferSyntaxUID
    (original,) = after.OriginalAttributesSequence
    (modified,) = original.ModifiedAttributesSequence
    assert modified.SOPInstanceUID == before.SOPInstanceUID != after.SOPInstanceUID
    del after.OriginalAttributesSequence
    after.SOPInstanceUID = before.SOPInstanceUID
    assert Dataset(after) == Dataset({tag: before[tag] for tag in list(before.keys()) if tag != 0x00080000})
    assert after.PixelData == before.PixelData
    assert made.records == read_instance_records(io.BytesIO(data_of(made)))


def test_the_same_file_gets_the_same_uid(tmp_path: Path) -> None:
    one, other = image(tmp_path / "a.dcm"), image(tmp_path / "b.dcm", PatientName="Autre^Zoé")
    first, again, second = (with_own_uid(source(path)) for path in (one, one, other))
    assert first.instance_uid == again.instance_uid != second.instance_uid
    assert data_of(first) == data_of(again)


def test_dciodvfy_finds_nothing_new(tmp_path: Path) -> None:
    path = image(tmp_path / "a.dcm")
    own = tmp_path / "own.dcm"
    own.write_bytes(data_of(with_own_uid(source(path))))
    stated = [
        subprocess.run([need("dciodvfy"), one], capture_output=True, check=False).stderr
        for one in (path, own)
    ]
    assert stated[0] == stated[1]
    with own.open("rb") as stream:
        assert read_instance_records(stream).leaf_type == "IMAGE"


@pytest.mark.parametrize("name", ["image_dfl.dcm", "CT_small.dcm"])
def test_what_cannot_be_rewritten_is_refused(name: str, tmp_path: Path) -> None:
    path = Path(str(get_testdata_file(name)))
    if name == "CT_small.dcm":  # its values were others once already
        path = tmp_path / name
        path.write_bytes(data_of(with_own_uid(source(Path(str(get_testdata_file(name)))))))
    with pytest.raises(FormatFailure):
        with_own_uid(source(path))
