"""What each member of the registry is tried with; a format without an example fails the suites."""

from __future__ import annotations

import io
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydicom.data import get_testdata_file

from formats import registry
from formats.dicom.study import FoundStudy
from formats.findings import Finding, Severity
from formats.model.provenance import SourceRow
from formats.papers.paper import FoundPaper
from formats.reading import FileBody, Tally
from samples.story.book import build_sqlite
from tests.docs.pages import ROOT
from tests.full_dossier import full_dossier
from tests.unit.pdlgc.bodies import SENDER, opener, with_files

PRACTICE = ROOT / "samples" / "practice"
CLOCK = datetime(2026, 9, 1, 12, tzinfo=UTC)
DOSSIER, BODIES = with_files(full_dossier())


@dataclass(frozen=True, kw_only=True)
class Source:
    """A source: ``lay`` puts it into a folder and returns its place, ``lost`` is what its items do not account for."""

    lay: Callable[[Path], Path]
    lost: Callable[[Sequence[Any], Path], Any]
    options: Callable[[Path], dict[str, Any]] = lambda _: {}
    bad: Callable[[Path], Path]
    """Lays bytes that are no such source."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """A form: an example value with its options; ``limit`` is a module and the name of a limit its reader has."""

    value: Any = None
    options: dict[str, Any] = field(default_factory=dict)
    example: bytes = b""
    """A file of the form, where nothing here writes it."""


def _sqlite(folder: Path) -> Path:
    place = folder / "opendental.sqlite"
    build_sqlite((PRACTICE / "opendental.sql").read_text(encoding="utf-8"), place)
    return place


def _rows_lost(items: Sequence[Any], _: Path) -> dict[str, int]:
    """Return by how much rows read and rows the source counts differ, table by table."""
    read = Counter(one.table for one in items if isinstance(one, SourceRow))
    counted = {one.table: one.rows for one in items if isinstance(one, Tally)}
    return {
        table: counted.get(table, 0) - read[table]
        for table in counted | read
        if counted.get(table, 0) != read[table]
    }


def _copy(name: str) -> Callable[[Path], Path]:
    def lay(folder: Path) -> Path:
        shutil.copytree(PRACTICE / name, folder / name)
        if (PRACTICE / f"{name}.csv").exists():
            shutil.copy(PRACTICE / f"{name}.csv", folder)
        (folder / name / "note.bin").write_bytes(b"\x00\x01 no image")
        return folder / name

    return lay


def _files(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def _images_lost(items: Sequence[Any], folder: Path) -> set[str]:
    """Return the files that neither lie in a study nor have a finding."""
    found = {path.name for one in items if isinstance(one, FoundStudy) for path in one.paths.values()}
    told = " ".join(one.where for one in items if isinstance(one, Finding))
    return {name for name in _files(folder) - found if name not in told and name != "DICOMDIR"}


def _papers_lost(items: Sequence[Any], folder: Path) -> Any:
    """Return the files that no paper and no finding names, and the lines that became nothing."""
    papers = [one for one in items if isinstance(one, FoundPaper)]
    told = " ".join(one.where for one in items if isinstance(one, Finding))
    names = {name for name in _files(folder) if name not in told}
    described = {Path(one.name.replace("\\", "/")).name for one in papers}
    (tally,) = (one for one in items if isinstance(one, Tally))
    refused = sum(isinstance(one, Finding) and one.severity is Severity.ERROR for one in items)
    return names - described, max(0, tally.rows - len(papers) - refused)


def _garbage(name: str) -> Callable[[Path], Path]:
    def lay(folder: Path) -> Path:
        place = folder / name
        place.write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 40)
        return place

    return lay


def _nothing(folder: Path) -> Path:
    return folder / "nowhere"


SOURCES: dict[str, Source] = {
    "opendental": Source(
        lay=_sqlite,
        lost=_rows_lost,
        options=lambda _: {"images": PRACTICE / "images", "practice_key": "tilleuls"},
        bad=_garbage("opendental.sqlite"),
    ),
    "dicom": Source(lay=_copy("imaging"), lost=_images_lost, bad=_nothing),
    "documents": Source(lay=_copy("papers"), lost=_papers_lost, bad=_nothing),
}
FORMS: dict[str, Form] = {
    "fhir-bundle": Form(value=DOSSIER, options={"written_at": CLOCK}),
    "patient-archive": Form(
        value=DOSSIER,
        options={"open_attachment": opener(BODIES), "written_at": CLOCK, "sender": SENDER},
    ),
    "source-rows": Form(value=DOSSIER.source_rows),
    "dicom": Form(example=Path(str(get_testdata_file("CT_small.dcm"))).read_bytes()),
}


def written(name: str) -> bytes:
    """Return the example of the form ``name`` as a file."""
    form = FORMS[name]
    if form.example:
        return form.example
    target = io.BytesIO()
    registry.writer_for(name)(form.value, target, **form.options)
    return target.getvalue()


KNOWN = (FileBody, Finding, FoundPaper, FoundStudy, Tally)
