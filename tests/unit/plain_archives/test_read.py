"""Plain archives as a source: in every shape they are found in, each refused alone, nothing dropped."""

from __future__ import annotations

import zipfile
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from archiver.delivery.folder import FolderContainer
from archiver.delivery.own_names import OwnNames
from formats.errors import Failure
from formats.findings import Finding, Severity
from formats.model.dossier import Dossier
from formats.model.people import Patient, Practice
from formats.model.provenance import SourceRow
from formats.model.record import Record
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.names import place_files
from formats.pdlgc.profile import SUBSET
from formats.pdlgc.write import write_archive
from formats.plain_archives.places import NotPlainArchive, PackageSealed
from formats.plain_archives.read import read_archives
from formats.reading import FileBody, Item, StateMoment, Tally
from formats.registry import recognize
from tests.conformance.members import PRACTICE_ROWS
from tests.unit.pdlgc.bodies import SENDER, opener
from tests.unit.plain_archives.archives import (
    BODIES,
    DOSSIER,
    EARLY,
    LATE,
    archive,
    practice_archive,
    sum_again,
    unpack,
)


def of(items: list[Item], kind: type[Record]) -> list[Record]:
    return [one for one in items if type(one) is kind]


def findings(items: list[Item]) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in items if isinstance(one, Finding)]


def as_dossier(items: list[Item]) -> Dossier:
    """Return the one dossier among ``items``."""
    records = Counter(type(one) for one in items if isinstance(one, Record))
    fields = {
        kind.kind: tuple(of(items, kind))
        for kind in records
        if kind not in {Patient, Practice} and issubclass(kind, Record)
    }
    (patient,), (practice,) = of(items, Patient), of(items, Practice)
    return Dossier(patient=patient, practice=practice, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("unpacked", [False, True])
def test_a_dossier_comes_back_as_it_was_written(tmp_path: Path, *, unpacked: bool) -> None:
    place = tmp_path / "dossier.zip"
    place.write_bytes(archive())
    if unpacked:
        place = unpack(place.read_bytes(), tmp_path / "dossier")
    assert recognize(str(place)) == ("archive",)
    items = list(read_archives(place))
    assert as_dossier(items) == DOSSIER
    assert findings(items) == []
    found = {one.attachment.sha256: one for one in items if isinstance(one, FileBody)}
    assert found.keys() == {one.sha256 for one in DOSSIER.attachments()}
    (moment,) = [one for one in items if isinstance(one, StateMoment)]
    assert (moment.patient, moment.at) == (DOSSIER.patient.id, LATE)
    tallies = {one.table: one.rows for one in items if isinstance(one, Tally)}
    assert tallies == Counter(f"{row.system}/{row.table}" for row in DOSSIER.source_rows)


def test_names_that_people_gave_are_read_in_a_folder(tmp_path: Path) -> None:
    """A folder that was handed to a person has no submission: metadata name files of 8.3 letters."""
    names = OwnNames(DOSSIER)
    folder = tmp_path / "dossier"
    with FolderContainer(folder) as container:
        write_archive(
            DOSSIER,
            container,
            place_files(DOSSIER, opener(BODIES), name_file=names),
            open_attachment=opener(BODIES),
            written_at=LATE,
            sender=SENDER,
        )
    assert any(not path.name.isascii() or " " in path.name for path in (folder / "DOCUMENTS").iterdir())
    assert not (folder / "IHE_XDM").exists()
    items = list(read_archives(folder))
    assert as_dossier(items) == DOSSIER
    assert findings(items) == []


def test_a_submission_whose_files_were_renamed_is_refused(tmp_path: Path) -> None:
    folder = unpack(archive(), tmp_path / "dossier")
    sums = folder / "DATA" / "SHA256.TXT"
    names = folder / "DATA" / "NAMES.CSV"
    one = next((folder / SUBSET).glob("DOC*"))
    old, new = f"{SUBSET}/{one.name}", "DOCUMENTS/Lettre du Dr Éxemple (2).pdf"
    (folder / "DOCUMENTS").mkdir()
    one.rename(folder / new)
    listed = names.read_bytes()
    names.write_bytes(listed.replace(old.encode(), new.encode()))
    sums.write_text(sums.read_text("utf-8").replace(old, new), "utf-8")
    sum_again(folder, names, listed)
    with pytest.raises(ArchiveIncomplete, match=one.name):
        list(read_archives(folder))


def test_the_archives_of_a_folder_come_in_the_order_in_which_they_were_written(tmp_path: Path) -> None:
    earlier = replace(DOSSIER, patient=replace(DOSSIER.patient, occupation="Apprentie"))
    (tmp_path / "b.zip").write_bytes(archive(earlier, at=EARLY))
    (tmp_path / "a.zip").write_bytes(archive())
    (tmp_path / "practice.zip").write_bytes(practice_archive())
    (tmp_path / "PATIENTS.CSV").write_text("who\n")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF-1.7")
    items = list(read_archives(tmp_path))
    assert [one.at for one in items if isinstance(one, StateMoment)] == [EARLY, EARLY, LATE]
    assert [one.occupation for one in of(items, Patient)] == ["Apprentie", DOSSIER.patient.occupation]  # type: ignore[attr-defined]
    assert findings(items) == [
        ("archive-list", "PATIENTS.CSV"),
        ("archive-file-other", "letter.pdf"),
    ]


def test_the_lists_of_a_practice_are_rows_of_their_own(tmp_path: Path) -> None:
    place = tmp_path / "practice.zip"
    place.write_bytes(practice_archive())
    items = list(read_archives(place))
    rows = [one for one in of(items, SourceRow) if isinstance(one, SourceRow) and one.system == "archive"]
    tables = Counter(one.table for one in rows)
    assert tables == {
        "DATA/ROSTER.CSV": 2,
        "DATA/LEFTOUT.CSV": 1,
        "DATA/TERMS.CSV": 1,
        "DATA/SIGNED.CSV": 1,
        "DATA/MISSING.CSV": 1,
        "DATA/RETAIN.CSV": 1,
    }
    assert next(one for one in rows if "ROSTER" in one.table).columns["given_name"] == "=Anne"
    assert len(of(items, SourceRow)) - len(rows) == len(PRACTICE_ROWS)


def test_one_that_is_changed_is_refused_and_the_others_come(tmp_path: Path) -> None:
    (tmp_path / "good.zip").write_bytes(archive())
    bad = unpack(archive(), tmp_path / "bad")
    largest = max(
        (path for path in bad.rglob("*") if "SUBSET01/DOC" in path.as_posix()),
        key=lambda one: one.stat().st_size,
    )
    largest.write_bytes(largest.read_bytes()[:-1] + b"?")
    items = list(read_archives(tmp_path))
    assert len(of(items, Patient)) == 1
    ((code, where),) = findings(items)
    assert code == "archive-changed" and where.startswith("bad")
    with pytest.raises(ArchiveChanged):
        list(read_archives(bad))


def test_sealed_packages_are_named_and_not_opened(tmp_path: Path) -> None:
    (tmp_path / "good.zip").write_bytes(archive())
    with zipfile.ZipFile(tmp_path / "package.asice", "w") as package:
        package.writestr("mimetype", "application/vnd.etsi.asic-e+zip")
    with zipfile.ZipFile(tmp_path / "own.zip", "w") as other:
        other.writestr("a.txt", "a")
    data = bytearray((tmp_path / "own.zip").read_bytes())
    data[6] |= 1
    (tmp_path / "secret.zip").write_bytes(data)
    assert findings(list(read_archives(tmp_path))) == [
        ("archive-file-other", "own.zip"),
        ("package-sealed", "package.asice"),
        ("package-sealed", "secret.zip"),
    ]
    for name in ("package.asice", "secret.zip"):
        assert recognize(str(tmp_path / name)) == ("archive",)
        with pytest.raises(PackageSealed):
            list(read_archives(tmp_path / name))


def test_a_resource_that_nothing_reads_is_kept_word_for_word(tmp_path: Path) -> None:
    folder = unpack(archive(), tmp_path / "dossier")
    bundle = folder / "DATA" / "DOSSIER.JSO"
    before = bundle.read_bytes()
    strange = (
        b'{"fullUrl":"urn:uuid:1","resource":{"resourceType":"Basic","id":"b1","code":{"text":"Jeton"}}},\n'
    )
    first = before.index(b"\n") + 1
    bundle.write_bytes(before[:first] + strange + before[first:])
    sum_again(folder, bundle, before)
    items = list(read_archives(folder))
    (row,) = [one for one in of(items, SourceRow) if isinstance(one, SourceRow) and one.table == "resource"]
    assert row.patient == DOSSIER.patient.id
    assert '"Jeton"' in str(row.columns["json"])
    assert [code for code, _ in findings(items)] == ["fhir-resource-unknown"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"text"])
def test_what_is_none_is_refused(tmp_path: Path, data: bytes) -> None:
    place = tmp_path / "one.zip"
    place.write_bytes(data)
    assert recognize(str(place)) == ()
    with pytest.raises(Failure):
        list(read_archives(place))
    with pytest.raises(Failure):
        list(read_archives(tmp_path / "nowhere"))
    (tmp_path / "empty").mkdir()
    with pytest.raises(NotPlainArchive):
        list(read_archives(tmp_path / "empty"))


def test_a_hostile_folder_is_refused_file_by_file(tmp_path: Path) -> None:
    folder = unpack(archive(), tmp_path / "dossier")
    (folder / "DATA" / "SHA256.TXT").write_text(f"{'0' * 64}  ../../etc/passwd\n")
    (tmp_path / "good.zip").write_bytes(archive())
    items = list(read_archives(tmp_path))
    assert [one.code for one in items if isinstance(one, Finding) and one.severity is Severity.ERROR] == [
        "archive-incomplete"
    ]
