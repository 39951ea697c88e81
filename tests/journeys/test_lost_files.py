"""A store lost files, or a disk damaged them: each is a hole that is named, and the dossier is read all the same."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from archiver.handover.keyring_entry import patient_traits
from archiver.operations.dossiers.read import DossierRoutes
from archiver.practice.attachments import Attachments
from archiver.practice.store import open_store
from formats.model.dossier import Dossier
from formats.model.missing import missing_content, missing_counts
from tests.journeys.line import EXPORT, IMPORT, Line, contents
from tests.journeys.program import Program

PATIENT, FAMILY = "45", "Perrichon"
"""He has documents and pictures of every kind, and a DICOM study."""
NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
TO = ("--by", "Dr Malo Kerbrat", "--receiver", "M. Perrichon")


@dataclass(frozen=True, kw_only=True, slots=True)
class Holes:
    """A store in which the file of a document is lost, of a picture damaged, of a radiograph cut short."""

    program: Program
    identity: str
    document: str
    picture: str
    image: str
    files: int


def dossier_of(folder: Path) -> Dossier:
    with open_store(folder / "practice.db") as store:
        (identity,) = (one.id for one in store.patients() if patient_traits(one).get("number") == PATIENT)
        return store.dossier(identity)


@pytest.fixture(scope="module")
def holes(small_line: Line, tmp_path_factory: pytest.TempPathFactory) -> Holes:
    folder = small_line.copy(tmp_path_factory.mktemp("lost"), "practice.db")
    dossier = dossier_of(folder)
    files = Attachments(folder / "practice.files")
    document = next(one.attachment.sha256 for one in dossier.documents if one.attachment)
    others = (one.attachment.sha256 for one in dossier.image_files if one.attachment)
    picture = next(one for one in others if one != document)
    image = dossier.image_studies[0].series[0].instances[0].attachment.sha256
    files.path(document).unlink()
    data = bytearray(files.path(picture).read_bytes())
    data[len(data) // 2] ^= 1
    files.path(picture).write_bytes(data)
    files.path(image).write_bytes(files.path(image).read_bytes()[:-1])
    return Holes(
        program=Program(folder=folder),
        identity=dossier.patient.id,
        document=document,
        picture=picture,
        image=image,
        files=len(dossier.attachments()),
    )


def requires_holes(holes: Holes, page: str, rows: list[dict[str, object]], names: str) -> None:
    """Require that the page, the rows and the list of names of an archive say what is not there."""
    assert page.count("fichier perdu") >= 1 and page.count("file lost") >= 1
    assert page.count("fichier endommagé") >= 2 and page.count("file damaged") >= 2
    assert "fichier absent de la source" not in page
    reasons = {
        row["key"]: next(iter(row["unread"].values()))  # type: ignore[attr-defined]
        for row in rows
        if row["table"] == "lost-files"
    }
    assert reasons == {
        holes.document: "file-lost",
        holes.picture: "file-damaged",
        holes.image: "file-damaged",
    }
    assert not any(digest in names for digest in reasons)


def test_a_dossier_is_delivered_with_its_holes_named_and_counted(holes: Holes) -> None:
    done = holes.program("deliver", "practice.db", "--patient", PATIENT, "--to", "his", *TO, "--json")
    assert done.status == 4, done.err
    answer = json.loads(done.out)
    reasons = {one["text"]: one["code"] for one in answer["findings"] if one["code"].startswith("file-")}
    assert sorted(reasons.values()) == ["file-damaged", "file-damaged", "file-lost"]
    (lost,) = (text for text, code in reasons.items() if code == "file-lost")
    assert holes.document in lost and "is not in the dossier: the file was kept and is lost." in lost
    counts = answer["persons"][0]["dossiers"][0]["counts"]
    assert (counts["files"], counts["without_file"]) == (holes.files - 3, 3)
    folder = holes.program.folder / "his"
    page = (folder / "INDEX.HTM").read_text(encoding="utf-8")
    lines = next(folder.glob("DATA/SOURCE.*")).read_text(encoding="utf-8").splitlines()
    names = next(folder.glob("DATA/NAMES.*")).read_text(encoding="utf-8")
    requires_holes(holes, page, [json.loads(one) for one in lines], names)
    assert holes.program("deliver", "practice.db", "--patient", "47", "--to", "hers", *TO).status == 0


def test_many_are_delivered_and_the_list_counts_the_holes(holes: Holes) -> None:
    done = holes.program("deliver", "practice.db", "--all", "--to", "all", *TO)
    assert done.status == 4
    assert "[file-lost]" in done.err and "[file-damaged]" in done.err
    (line,) = (
        one
        for one in (holes.program.folder / "all" / "PATIENTS.CSV").read_text("utf-8").splitlines()
        if FAMILY in one
    )
    assert line.rstrip().endswith(";3")


def test_a_dossier_with_holes_is_read(holes: Holes) -> None:
    before = contents(holes.program.folder)
    with open_store(holes.program.folder / "practice.db", reading=True) as store:
        routes = DossierRoutes(store, NOON)
        notes = io.BytesIO()
        routes.notes({"id": holes.identity}).write(notes)
        assert json.loads(notes.getvalue())["lost"] == 3
        archive = io.BytesIO()
        routes.dossier({"id": holes.identity}).write(archive)
    with zipfile.ZipFile(archive) as found:
        assert found.testzip() is None
        rows = next(one for one in found.namelist() if one.startswith("DATA/SOURCE"))
        names = next(one for one in found.namelist() if one.startswith("DATA/NAMES"))
        requires_holes(
            holes,
            found.read("INDEX.HTM").decode(),
            [json.loads(one) for one in found.read(rows).splitlines()],
            found.read(names).decode(),
        )
    assert contents(holes.program.folder) == before


def test_a_store_without_its_folder_of_files_is_not_a_dossier_of_holes(
    small_line: Line, tmp_path: Path
) -> None:
    (tmp_path / "practice.db").write_bytes((small_line.folder / "practice.db").read_bytes())
    done = Program(folder=tmp_path)("deliver", "practice.db", "--patient", PATIENT, "--to", "his", *TO)
    assert done.status == 35 and "[attachment-missing]" in done.err
    assert not (tmp_path / "his").exists()


# -- handing over ------------------------------------------------------------------------------

MORE = (
    "roster.csv",
    "kerbrat",
    "roots.pem",
    "pressoir",
    "receiver.identity",
    "successor.db",
    "package.asice",
)
NAMES = {"file-lost", "file-damaged"}


@pytest.fixture
def leaving(holes: Holes, small_line: Line, tmp_path: Path) -> Holes:
    """The store with holes, and what it takes to export and import; ``package.asice`` was made before it had any."""
    small_line.copy(tmp_path, *MORE)
    copied = Line(folder=holes.program.folder, printed="")
    copied.copy(tmp_path, "practice.db")
    (tmp_path / "package.asice").rename(tmp_path / "whole.asice")
    return replace(holes, program=Program(folder=tmp_path))


def mend(holes: Holes, small_line: Line) -> None:
    """Put the files back that the store lost."""
    for digest in (holes.document, holes.picture, holes.image):
        whole = Attachments(small_line.folder / "practice.files").path(digest)
        target = Attachments(holes.program.folder / "practice.files").path(digest)
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(whole.read_bytes())


def importing(holes: Holes, package: str) -> dict[str, Any]:
    """Import a package and return the receipt."""
    done = holes.program(*[package if one == "package.asice" else one for one in IMPORT], "--json")
    assert done.status in {0, 4}, done.err
    document: dict[str, Any] = json.loads(done.out)
    return document


def lost_of(receipt: dict[str, Any]) -> list[tuple[str, str, int]]:
    """Return what the receipt says is lost of his dossier."""
    (his,) = (one for one in receipt["dossiers"] if FAMILY in str(one["patient"]))
    return [(one["what"], one["reason"], one["missing"]) for one in his["missing"] if one["reason"] in NAMES]


def manifest_counts(holes: Holes, package: str) -> dict[str, int]:
    """Return what anybody reads in the manifest of a package."""
    with zipfile.ZipFile(holes.program.folder / package) as found:
        counts: dict[str, int] = json.loads(found.read("manifest.json"))["counts"]
    return counts


THREE = [
    ("documents", "file-lost", 1),
    ("image_files", "file-damaged", 1),
    ("image_studies", "file-damaged", 1),
]


def test_an_export_stops_at_a_lost_file_and_says_how_to_go_on(leaving: Holes) -> None:
    before = contents(leaving.program.folder)
    sentence = leaving.program.here(*EXPORT).refused("files-lost", 35)
    assert sentence.startswith("patients/45: 3 files of this dossier cannot be taken, the first is ")
    assert "--without-lost" in sentence
    planned = leaving.program(*EXPORT, "--dry-run")
    assert planned.status == 4
    assert "2 files of the store are not on the disk: the export would stop" in planned.out
    assert contents(leaving.program.folder) == before


def test_a_dossier_leaves_with_its_holes_and_the_others_whole(leaving: Holes, small_line: Line) -> None:
    planned = leaving.program(*EXPORT, "--without-lost", "--dry-run", "--json")
    assert planned.status == 0, planned.err
    done = leaving.program(*EXPORT, "--without-lost", "--report", "report.csv", "--json")
    assert done.status == 4, done.err
    outcome = json.loads(done.out)
    holes = [one for one in outcome["findings"] if one["code"] in NAMES]
    assert {one["where"] for one in holes} == {"patients/45"}
    texts = " ".join(one["text"] for one in holes)
    assert all(digest in texts for digest in (leaving.document, leaving.picture, leaving.image))
    report = (leaving.program.folder / "report.csv").read_text(encoding="utf-8")
    assert all(digest in report for digest in (leaving.document, leaving.picture, leaving.image))
    before, counts = (manifest_counts(leaving, name) for name in ("whole.asice", "package.asice"))
    assert counts["files"] == before["files"] - 3
    assert counts["without_file"] == before.get("without_file", 0) + 3
    assert {kind: counts[kind] for kind in ("patients", "documents", "image_files", "image_studies")} == {
        kind: before[kind] for kind in ("patients", "documents", "image_files", "image_studies")
    }
    receipt = importing(leaving, "package.asice")
    assert all(one["announced"] == one["found"] for one in receipt["counts"].values())
    assert receipt["counts"]["without_file"]["found"] == counts["without_file"]
    assert lost_of(receipt) == THREE
    assert sum(one["outcome"] == "came-in" for one in receipt["dossiers"] if one["patient"]) == 4
    shown = leaving.program("deliver", "successor.db", "--patient", FAMILY, "--to", "his", *TO)
    assert shown.status in {0, 4}, shown.err
    page = (leaving.program.folder / "his" / "INDEX.HTM").read_text(encoding="utf-8")
    assert "fichier perdu" in page and "fichier endommagé" in page


def test_what_was_lost_and_is_found_again_is_no_hole_any_more(leaving: Holes, small_line: Line) -> None:
    assert leaving.program(*EXPORT, "--without-lost").status == 4
    importing(leaving, "package.asice")
    (leaving.program.folder / "package.asice").rename(leaving.program.folder / "first.asice")
    mend(leaving, small_line)
    leaving.program(*EXPORT, "--without-lost").ok()
    receipt = importing(leaving, "package.asice")
    assert lost_of(receipt) == []
    assert leaving.program("deliver", "successor.db", "--patient", FAMILY, "--to", "his", *TO).status == 0
    page = (leaving.program.folder / "his" / "INDEX.HTM").read_text(encoding="utf-8")
    assert "fichier perdu" not in page and "fichier endommagé" not in page


def test_a_hole_takes_no_file_away_that_the_successor_has(leaving: Holes) -> None:
    importing(leaving, "whole.asice")
    before = successor_dossier(leaving)
    assert leaving.program(*EXPORT, "--without-lost").status == 4
    receipt = importing(leaving, "package.asice")
    assert lost_of(receipt) == THREE  # what the package lacks stays said
    (his,) = (one for one in receipt["dossiers"] if FAMILY in str(one["patient"]))
    assert sum("it is here" in one for one in his["remarks"]) == 3
    after = successor_dossier(leaving)
    assert after.attachments() == before.attachments()
    assert (after.documents, after.image_files, after.image_studies) == (
        before.documents,
        before.image_files,
        before.image_studies,
    )
    assert not missing_counts(missing_content(after))


def successor_dossier(holes: Holes) -> Dossier:
    with open_store(holes.program.folder / "successor.db") as store:
        return store.dossier(holes.identity)


def test_a_request_is_answered_with_the_holes_named(leaving: Holes) -> None:
    program = leaving.program
    by = ("--by", "Dr Malo Kerbrat")
    asked = (PATIENT, "--name", "M. Perrichon", "--received", "2026-01-05")
    program("request", "open", "practice.db", *asked, *by).ok()
    program("request", "identity", "practice.db", "1", "--how", "carte", *by).ok()
    fulfil = ("request", "fulfil", "practice.db", "1", "--to", "answer", *by)
    before = contents(program.folder)
    program.here(*fulfil).refused("files-lost", 35)
    assert contents(program.folder) == before
    done = program(*fulfil, "--without-lost", "--json")
    assert done.status == 4, done.err
    document = json.loads(done.out)
    assert {one["code"] for one in document["findings"]} == NAMES
    lost = {one["sha256"]: one["reason"] for one in document["delivery"]["left_out"]["lost"]}
    assert lost == {
        leaving.document: "file-lost",
        leaving.picture: "file-damaged",
        leaving.image: "file-damaged",
    }
    slip = (program.folder / "answer" / "BORDEREAU.TXT").read_text(encoding="utf-8-sig")
    assert all(slip.count(digest) == 2 for digest in lost)
    assert "Files that the practice had and cannot give back:" in slip
    page = next((program.folder / "answer").rglob("INDEX.HTM")).read_text(encoding="utf-8")
    assert "fichier perdu" in page
