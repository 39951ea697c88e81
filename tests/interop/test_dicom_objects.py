"""dicom3tools and dcmtk judge every kind of object that is made of a dossier's files, and file-sets of them."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.uid import EncapsulatedOBJStorage

from formats.dicom.objects.instance import MadeInstance
from formats.dicom.write import DescribedInstance, plan_file_set
from tests.tools import need
from tests.unit.dicom.pictured import data_of, every_kind, lay, picture

EXPECTED_WARNINGS = (
    "needed to build DICOMDIR - Study Time",
    "needed to build DICOMDIR - Study ID",
    "needed to build DICOMDIR - Study Date",
    "only permitted to be empty when actually unknown",
)
"""What is not known is empty; the directory fills it in, and says so."""


@pytest.fixture(scope="module")
def objects(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, MadeInstance]:
    folder = tmp_path_factory.mktemp("objects")
    return {lay(one, folder): one for one in every_kind().made()}


def judge(program: str, *paths: Path) -> list[str]:
    """Return what ``program`` says of the files; its output is not always UTF-8."""
    done = subprocess.run([need(program), *paths], capture_output=True, check=False)
    stated = (done.stderr + done.stdout).decode("utf-8", "replace").splitlines()
    assert done.returncode == 0, stated
    return [line for line in stated if line.startswith(("Error", "Warning", "E:", "W:"))]


def test_dciodvfy_finds_no_fault_in_any_kind(objects: dict[Path, MadeInstance]) -> None:
    judged = [path for path, one in objects.items() if one.sop_class != EncapsulatedOBJStorage]
    assert len({objects[path].sop_class for path in judged}) == 8  # it does not know encapsulated OBJ
    for path in judged:
        stated = [
            line for line in judge("dciodvfy", path) if not any(one in line for one in EXPECTED_WARNINGS)
        ]
        assert not stated, (objects[path], stated)


def test_dciodvfy_would_have_found_one(objects: dict[Path, MadeInstance], tmp_path: Path) -> None:
    dataset = dcmread(next(iter(objects)))
    del dataset.ImagerPixelSpacing
    dataset.save_as(tmp_path / "lacks.dcm")
    done = subprocess.run([need("dciodvfy"), tmp_path / "lacks.dcm"], capture_output=True, check=False)
    assert b"Error - Missing attribute Type 1 Required Element=<ImagerPixelSpacing>" in done.stderr


def test_dcentvfy_finds_one_patient_and_consistent_studies(objects: dict[Path, MadeInstance]) -> None:
    judged = [path for path, one in objects.items() if one.sop_class != EncapsulatedOBJStorage]
    assert judge("dcentvfy", *judged) == []


def test_dcmdump_reads_every_kind(objects: dict[Path, MadeInstance]) -> None:
    for path, one in objects.items():
        done = subprocess.run([need("dcmdump"), "-q", path], capture_output=True, check=True)
        assert not done.stderr and one.instance_uid.encode() in done.stdout


def test_dcmtk_decodes_the_jpeg_as_pillow_does(objects: dict[Path, MadeInstance], tmp_path: Path) -> None:
    path = next(iter(objects))
    subprocess.run([need("dcmj2pnm"), "+Wm", "--write-png", path, tmp_path / "a.png"], check=True)
    subprocess.run([need("dcmdjpeg"), path, tmp_path / "plain.dcm"], check=True)
    decoded = np.asarray(Image.open(io.BytesIO(picture(form="JPEG", dpi=(1270, 1270)))))
    found = dcmread(tmp_path / "plain.dcm").pixel_array
    assert np.abs(found.astype(int) - decoded.astype(int)).max() <= 1  # two decoders round apart


def test_a_file_set_of_them_is_one_for_dcmtk(objects: dict[Path, MadeInstance], tmp_path: Path) -> None:
    made = {one.attachment.sha256: one for one in objects.values()}

    planned = plan_file_set([DescribedInstance(sha256, one.records) for sha256, one in made.items()])
    assert {one.code for one in planned.findings} == {"dicomdir-made-up"}
    for place, sha256 in planned.files:
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data_of(made[sha256]))
    (tmp_path / "DICOMDIR").write_bytes(planned.dicomdir)
    assert [line for line in judge("dciodvfy", tmp_path / "DICOMDIR") if not line.startswith("Warning")] == []
    dumped = subprocess.run([need("dcmdump"), "-q", tmp_path / "DICOMDIR"], capture_output=True, check=True)
    assert dumped.stdout.count(b"ReferencedFileID") == len(made) and not dumped.stderr
    for kind in (b"IMAGE", b"PRESENTATION", b"ENCAP DOC"):
        assert b"[" + kind + b"]" in dumped.stdout
    # dcmtk makes a directory of the same files by itself
    done = subprocess.run(
        [need("dcmmkdir"), "+r", "+id", tmp_path, "+D", tmp_path / "OTHER", "-Pgp", "+I", "DICOM"],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
