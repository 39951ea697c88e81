"""The file-sets we plan, judged by DCMTK; and discs that DCMTK makes, read by us."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from formats.dicom.write import plan_file_set
from tests.tools import need, run
from tests.unit.dicom.images import CHARSETS, SAMPLES, count_of, image, lay_out, seen, source

PARTS = ("CT_small.dcm", "MR_small.dcm", "reportsi.dcm", "SC_rgb_jpeg_dcmtk.dcm", "examples_overlay.dcm")


def disc(folder: Path) -> tuple[Path, list[Path]]:
    """Lay out a file-set of several patients; return its DICOMDIR and the source files."""
    paths = [SAMPLES / name for name in PARTS] + [CHARSETS / "chrFren.dcm", CHARSETS / "chrX1.dcm"]
    paths += [image(folder.parent / f"made{each}", instance=str(each)) for each in (1, 2, 3)]
    return lay_out(plan_file_set([source(path) for path in paths]), paths, folder), paths


def test_dcmdump_reads_every_record_at_the_offset_that_leads_to_it(tmp_path: Path) -> None:
    directory, paths = disc(tmp_path / "disc")
    printed = run(need("dcmdump"), "+L", directory)
    assert not re.search(r"^[EW]:", printed, re.MULTILINE)
    starts = set(re.findall(r"offset=\$(\d+)", printed))
    targets = set(re.findall(r"\(0004,14[02]0\) up (\d+)", printed)) - {"0"}
    assert targets
    assert targets <= starts
    named = re.findall(r'refFileID="([^"]+)"', printed)
    assert len(named) == len(set(named)) == len(paths)
    assert all((directory.parent / name.replace("\\", "/")).is_file() for name in named)


def test_dcmftest_takes_the_directory_and_the_files_for_dicom(tmp_path: Path) -> None:
    directory, _ = disc(tmp_path / "disc")
    files = [path for path in sorted(directory.parent.rglob("*")) if path.is_file()]
    printed = run(need("dcmftest"), *files)
    assert printed.count("yes: ") == len(files)


def test_dcmmkdir_goes_on_where_we_stopped(tmp_path: Path) -> None:
    directory, paths = disc(tmp_path / "disc")
    shutil.copy(SAMPLES / "liver_1frame.dcm", directory.parent / "MORE")
    run(need("dcmmkdir"), "+A", "-nb", "+I", "-Nxc", "+D", directory, "MORE", cwd=directory.parent)
    printed = run(need("dcmdump"), directory)
    assert len(re.findall(r"refFileID=", printed)) == len(paths) + 1
    studies, findings = seen(directory.parent)
    assert findings == []
    assert sum(map(count_of, studies)) == len(paths) + 1


def test_dcmmkdir_makes_the_same_records(tmp_path: Path) -> None:
    """DCMTK's dental profile accepts the same images, and names the same attributes in its records."""
    folder = tmp_path / "disc"
    paths = [image(tmp_path / f"made{each}", instance=str(each)) for each in (1, 2)]
    directory = lay_out(plan_file_set([source(path) for path in paths]), paths, folder)
    theirs = tmp_path / "theirs"
    members = [path.relative_to(folder).as_posix() for path in sorted((folder / "DICOM").rglob("IM*"))]
    run(need("dcmmkdir"), "-Pgp", "+F", "", "+D", theirs, *members, cwd=folder)

    def attributes(file: Path) -> set[str]:
        """Return the attributes of the records with their values, places and character sets apart."""
        lines = (line.partition("#")[0].strip() for line in run(need("dcmdump"), file).splitlines())
        apart = (
            "(0002,",
            "(0004,1200)",
            "(0004,1202)",
            "(0004,1400)",
            "(0004,1420)",
            "(0008,0005)",
            "(0010,0010)",
        )
        return {line for line in lines if re.match(r"\([0-9a-e]", line) and not line.startswith(apart)}

    assert len(attributes(theirs)) > 20
    assert attributes(theirs) - attributes(directory) == set()
