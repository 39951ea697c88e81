"""What each member of the registry is tried with; a format without an example fails the suites."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydicom.data import get_testdata_file

from formats import registry
from formats.dicom.dicomdir import FileReference, Node
from formats.dicom.records import read_instance_records
from formats.dicom.study import FoundStudy
from formats.findings import Finding, Severity
from formats.imaging_folders.bridges import BridgedItem
from formats.model.documents import Document
from formats.model.provenance import SourceRow
from formats.papers.paper import FoundPaper
from formats.pdlgc import layout
from formats.pdlgc.practice.lists import MissingRow, RetentionRow, SignatureRow, TermRow
from formats.pdlgc.practice.read import PracticeRecords
from formats.reading import FileBody, StateMoment, Tally
from samples.story.book import build_sqlite
from tests.clinical import PDF, coded, concern, document, observation, section, wrapped
from tests.docs.pages import ROOT
from tests.full_dossier import full_dossier
from tests.unit.fhir_exports import exports as fhir_exports
from tests.unit.imaging_folders.laid_bridges import software_folder
from tests.unit.pdlgc.bodies import SENDER, opener, with_files
from tests.unit.portability import archives as portability
from tests.unit.xdm.medium import Entry, lay

IMAGE = Path(str(get_testdata_file("CT_small.dcm"))).read_bytes()
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
    """A form: an example value and the options that its writer takes with it."""

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
    """Return the files that lie in no study, are no document and have no finding."""
    found = {file.base_name for one in items if isinstance(one, FoundStudy) for file in one.files.values()}
    places = " ".join(one.where for one in items if isinstance(one, Finding))
    return {name for name in _files(folder) - found if name not in places and name != "DICOMDIR"}


def _software_folder(folder: Path) -> Path:
    place = software_folder(folder / "software")
    (place / "note.bin").write_bytes(b"\x00\x01 no image")
    return place


def _bridged_lost(items: Sequence[Any], folder: Path) -> set[str]:
    """Return the files that are neither a statement, nor a document, nor of a study, nor in a finding."""
    found: set[str] = set()
    for one in (item.found for item in items if isinstance(item, BridgedItem)):
        if isinstance(one, FoundStudy):
            found |= {file.base_name for file in one.files.values()}
        else:
            found.add(Path(one.name if isinstance(one, FoundPaper) else one.key.partition("#")[0]).name)
    return _files(folder) - found


def _papers_lost(items: Sequence[Any], folder: Path) -> Any:
    """Return the files that no paper and no finding names, and the lines that became nothing."""
    papers = [one for one in items if isinstance(one, FoundPaper)]
    places = " ".join(one.where for one in items if isinstance(one, Finding))
    names = {name for name in _files(folder) if name not in places}
    described = {Path(one.name.replace("\\", "/")).name for one in papers}
    (tally,) = (one for one in items if isinstance(one, Tally))
    refused = sum(isinstance(one, Finding) and one.severity is Severity.ERROR for one in items)
    return names - described, max(0, tally.rows - len(papers) - refused)


def _molaire(folder: Path) -> Path:
    shutil.copytree(ROOT / "samples" / "molaire", folder / "molaire")
    return folder / "molaire"


def _clinical_documents(folder: Path) -> Path:
    place = folder / "documents"
    place.mkdir()
    (place / "one.xml").write_bytes(CLINICAL_DOCUMENT)
    (place / "letter.xml").write_bytes(document(number="2", level_1=wrapped()))
    (place / "note.bin").write_bytes(b"\x00\x01 no document")
    return place


def _medium(folder: Path) -> Path:
    entries = [Entry("DOC0001.XML", CLINICAL_DOCUMENT), Entry("DOC0002.PDF", PDF)]
    place = lay(folder / "medium", entries)
    (place / "note.bin").write_bytes(b"\x00\x01 no document")
    return place


def _plain_archives(folder: Path) -> Path:
    place = folder / "archives"
    place.mkdir()
    (place / "dossier.zip").write_bytes(written("patient-archive"))
    (place / "practice.zip").write_bytes(written("practice-archive"))
    (place / "note.bin").write_bytes(b"\x00\x01 no archive")
    with zipfile.ZipFile(place / "dossier.zip") as packed:
        packed.extractall(place / "unpacked")
    return place


def _archives_lost(items: Sequence[Any], folder: Path) -> Any:
    """Return by how much rows differ by system and table, and the files that no archive and no finding names."""
    rows = Counter(f"{one.system}/{one.table}" for one in items if isinstance(one, SourceRow))
    counted = {one.table: one.rows for one in items if isinstance(one, Tally)}
    named = {Path(one.where).name for one in items if isinstance(one, Finding)}
    moments = sum(isinstance(one, StateMoment) for one in items)
    beside = {path.name for path in folder.iterdir() if path.is_file()} - named
    return Counter(rows) - Counter(counted), len(beside) + 1 - moments


def _portability(folder: Path) -> Path:
    place = portability.lay(folder / "PA", portability.export())
    (place / "note.bin").write_bytes(b"\x00\x01 of no part")
    return place


def _fhir_export(folder: Path) -> Path:
    place = folder / "export"
    place.mkdir()
    (place / "bundle.json").write_bytes(fhir_exports.bundle())
    (place / "note.bin").write_bytes(b"\x00\x01 of no resource")
    return place


def _resources_lost(items: Sequence[Any], folder: Path) -> Any:
    """Return by how much rows differ, the resources that are no row, and the files that no finding names."""
    rows = [one for one in items if isinstance(one, SourceRow)]
    named = {Path(one.where).name for one in items if isinstance(one, Finding)} | {"bundle.json"}
    lost = _rows_lost(items, folder)
    return {
        **lost,
        **dict.fromkeys(_files(folder) - named),
        **dict.fromkeys(range(len(rows), len(fhir_exports.EVERYTHING))),
    }


def _rows_and_parts_lost(items: Sequence[Any], folder: Path) -> Any:
    """Return by how much rows differ by system and table, and the files that nothing accounts for."""
    rows = [one for one in items if isinstance(one, SourceRow)]
    named = " ".join(str(one.columns.get("name", "")) for one in rows)
    named += " ".join(one.where for one in items if isinstance(one, Finding))
    read = Counter(f"{one.system}/{one.table}" for one in rows)
    counted = Counter({one.table: one.rows for one in items if isinstance(one, Tally)})
    lost = {**(read - counted), **(counted - read)}
    return {**lost, **dict.fromkeys(one for one in _files(folder) if one not in named)}


def _rows_and_files_lost(items: Sequence[Any], folder: Path) -> Any:
    """Return by how much rows differ, and the files that no document and no finding names."""
    rows = [one for one in items if isinstance(one, SourceRow)]
    places = {Path(one.where).name for one in items if isinstance(one, Finding)}
    places |= {Path(one.key).name for one in rows if one.table == "file"} | {"METADATA.XML"}
    named = {one.original_name for one in items if isinstance(one, Document)}
    return {**_rows_lost(items, folder), **dict.fromkeys(_files(folder) - places - named)}


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
    "mapped": Source(
        lay=_molaire,
        lost=_rows_lost,
        options=lambda _: {"mapping": ROOT / "docs" / "mappings" / "molaire-3.toml"},
        bad=_garbage("molaire.sqlite"),
    ),
    "dicom": Source(lay=_copy("imaging"), lost=_images_lost, bad=_nothing),
    "bridges": Source(lay=_software_folder, lost=_bridged_lost, bad=_nothing),
    "documents": Source(lay=_copy("papers"), lost=_papers_lost, bad=_nothing),
    "xdm": Source(lay=_medium, lost=_rows_and_files_lost, bad=_garbage("one.zip")),
    "archive": Source(lay=_plain_archives, lost=_archives_lost, bad=_garbage("one.zip")),
    "fhir": Source(lay=_fhir_export, lost=_resources_lost, bad=_garbage("one.json")),
    "pdlgc": Source(lay=_portability, lost=_rows_and_parts_lost, bad=_garbage("one.zip")),
    "cda": Source(lay=_clinical_documents, lost=_rows_and_files_lost, bad=_garbage("one.xml")),
}
CLINICAL_DOCUMENT = document(
    section(
        "11450-4",
        "Problèmes",
        concern(observation(coded("value", "icd10", "I20.0", "Angine"))),
        text="<paragraph>Angine</paragraph>",
    ),
    section("99999-9", "Autre", '<entry><act classCode="ACT" moodCode="EVN"/></entry>', text="Autre"),
)
PRACTICE_RECORDS = PracticeRecords(
    practice=DOSSIER.practice,
    practitioners=DOSSIER.practitioners,
    roster=(("42", "Petit", "=Anne", "10000000001"), ("", "", "", "")),
    left_out={"patients": 3},
    terms=(TermRow("unsigned", "=Absent\ndu cabinet", "", ""),),
    signatures=(SignatureRow("42", "Dr Petit", "", "a" * 64, "2026-03-01T09:30:00+00:00", "b" * 64),),
    retention=(RetentionRow("u" * 26, "p", "42", "Petit", "Anne\nMarie", "2045-05-04", *[""] * 6),),
    missing=(MissingRow("u" * 26, "p", "42", "documents", "24", "38", "file-missing", "", ""),),
)
PRACTICE_ROWS = tuple(replace(row, patient=None) for row in DOSSIER.source_rows)
DOCUMENT_LIST = (
    ("fichier", "numéro patient", "titre"),
    *((f"lettre {number}.pdf", str(number), f"=Dossier; « {number} »,\nsuite") for number in range(40)),
)


def _directory_records() -> tuple[Node, ...]:
    """Return the tree of one patient with one image."""
    one = read_instance_records(io.BytesIO(IMAGE))
    reference = FileReference(
        file_id="DICOM\\IM000001",
        sop_class=one.sop_class,
        instance_uid=one.instance_uid,
        transfer_syntax=one.transfer_syntax,
    )
    tree = (Node(type=one.leaf_type, elements=one.leaf, reference=reference),)
    for kind, elements in (("SERIES", one.series), ("STUDY", one.study), ("PATIENT", one.patient)):
        tree = (Node(type=kind, elements=elements, below=tree),)
    return tree


FORMS: dict[str, Form] = {
    "fhir-bundle": Form(value=DOSSIER, options={"written_at": CLOCK}),
    "patient-archive": Form(
        value=DOSSIER,
        options={"open_attachment": opener(BODIES), "written_at": CLOCK, "sender": SENDER},
    ),
    "practice-archive": Form(
        value=PRACTICE_RECORDS, options={"rows": PRACTICE_ROWS, "written_at": CLOCK, "sender": SENDER}
    ),
    "archive-table": Form(value=PRACTICE_RECORDS.retention * 20, options={"place": layout.RETENTION}),
    "document-list": Form(value=DOCUMENT_LIST),
    "source-rows": Form(value=DOSSIER.source_rows),
    "dicomdir": Form(value=_directory_records(), options={"uid": "2.25.1"}),
    "dicom": Form(example=IMAGE),
    "cda": Form(example=CLINICAL_DOCUMENT),
}


def written(name: str) -> bytes:
    """Return the example of the form ``name`` as a file."""
    form = FORMS[name]
    if form.example:
        return form.example
    target = io.BytesIO()
    registry.writer_for(name)(form.value, target, **form.options)
    return target.getvalue()


KNOWN = (BridgedItem, FileBody, Finding, FoundPaper, FoundStudy, StateMoment, Tally)
