"""The practice-level archive comes back, and says who leaves and what is left out."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace

import pytest

from formats.errors import FormatFailure, InconsistentDossier, LimitExceeded, TableUnreadable
from formats.model.provenance import SourceRow
from formats.pdlgc import layout
from formats.pdlgc.errors import ArchiveChanged, ArchiveIncomplete
from formats.pdlgc.practice.lists import MAX_LEFT_OUT, MissingRow, RetentionRow, SignatureRow, TermRow
from formats.pdlgc.practice.read import (
    MAX_ROSTER_ROWS,
    PracticeArchive,
    PracticeRecords,
    read_practice_archive,
)
from formats.pdlgc.practice.write import write_practice_archive
from formats.pdlgc.sums import write_sums
from tests.dossiers import full_dossier
from tests.unit.pdlgc.bodies import SENDER, WRITTEN_AT, Pipe

WHOLE = full_dossier()
RECORDS = PracticeRecords(
    practice=WHOLE.practice,
    practitioners=WHOLE.practitioners,
    roster=(("42", "Petit", "=Anne", "10000000001"), ("", "", "", "")),
    left_out={"patients": 3, "practice_rows": 17, "something new": 0},
    terms=(TermRow("signatures-asked", "2", "praticiens", "practitioners"), TermRow("x", "=y", "", "")),
    signatures=(
        SignatureRow(
            "10000000001", "Dr Anne Petit", "10000000001", "a" * 64, "2026-03-01T09:00:00+01:00", "b" * 64
        ),
    ),
    retention=(
        RetentionRow(
            unit="u" * 26,
            patient="p",
            patient_number="42",
            family_name="=Petit",
            given_name="Anne",
            kept_until="2045-05-04",
            destroy_from="2046-01-01",
            rule="after-care",
            source="CSP R1112-7",
            implausible="death-before-care care-in-future",
            meaning_fr="vingt ans après les derniers soins",
            meaning_en="twenty years from the last care",
        ),
        RetentionRow("v" * 26, "q", *[""] * 10),
    ),
    missing=(
        MissingRow(
            unit="u" * 26,
            patient="p",
            patient_number="42",
            what="documents",
            missing="24",
            of="38",
            reason="file-missing",
            meaning_fr="la source n’a pas ce fichier",
            meaning_en="the source had no such file",
        ),
    ),
)
ROWS = tuple(
    SourceRow(
        id=f"r{number}", system="opendental", table="preference", key=str(number), columns={"n": number}
    )
    for number in range(5)
)


def made(records: PracticeRecords = RECORDS) -> bytes:
    def rows() -> Iterator[SourceRow]:
        yield from ROWS

    target = Pipe()
    written = write_practice_archive(records, rows(), target, written_at=WRITTEN_AT, sender=SENDER)
    assert written.size == len(target.taken)
    assert written.counts == {
        "missing": len(records.missing),
        "practitioners": len(records.practitioners),
        "retention": len(records.retention),
        "roster": len(records.roster),
        "source_rows": len(ROWS),
    }
    return bytes(target.taken)


def changed(**parts: bytes) -> bytes:
    """Return an archive with other parts (by the stem of their names) and the right sums."""
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != layout.SUMS}
    stems = {name: name.rpartition("/")[2].partition(".")[0] for name in members}
    members = {name: parts.get(stems[name], data) for name, data in members.items()}
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {**members, layout.SUMS: write_sums(sums.items())}.items():
            archive.writestr(name, data)
    return target.getvalue()


def read(data: bytes) -> PracticeArchive:
    return read_practice_archive(io.BytesIO(data))


def whole(records: PracticeRecords) -> PracticeRecords:
    """Return ``records`` with the rows of their lists in memory."""
    lists = {name: tuple(getattr(records, name)) for name in ("roster", "retention", "missing")}
    return replace(records, **lists)


def test_everything_comes_back() -> None:
    archive = read(made())
    assert whole(archive.records) == RECORDS
    assert tuple(archive.rows()) == tuple(archive.rows()) == ROWS
    assert archive.findings == ()


def test_lists_are_read_as_often_as_somebody_asks() -> None:
    records = read(made()).records
    for rows, expected in ((records.retention, RECORDS.retention), (records.missing, RECORDS.missing)):
        assert len(rows) == len(expected) > 0
        assert tuple(rows) == tuple(rows) == expected
        assert next(iter(expected)) in rows and "nobody" not in rows


def test_nobody_and_nothing_comes_back() -> None:
    records = PracticeRecords(practice=replace(WHOLE.practice, name="", identifiers=(), contacts=()))
    assert whole(read(made(records)).records) == records


def test_an_archive_without_terms_states_none() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        members = {name: archive.read(name) for name in archive.namelist() if name != layout.SUMS}
    del members[layout.TERMS], members[layout.SIGNATURES]
    sums = {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in {**members, layout.SUMS: write_sums(sums.items())}.items():
            archive.writestr(name, data)
    assert whole(read(target.getvalue()).records) == replace(RECORDS, terms=(), signatures=())


def test_it_is_written_the_same_way_every_time() -> None:
    assert made() == made()


def test_a_person_finds_the_meaning_of_what_is_left_out() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        text = archive.read(layout.LEFT_OUT).decode("utf-8-sig")
        readme = archive.read(layout.README).decode("ascii")
        assert archive.testzip() is None
    assert '"patients";"3";"patients du cabinet absents de cet export"' in text
    assert "DONNEES DU CABINET" in readme
    assert "PRACTICE DATA" in readme


@pytest.mark.parametrize("count", ["-1", "x", "", "1.5", "9" * 30, "²"])
def test_a_count_that_is_none_is_refused(count: str) -> None:
    table = f'"what";"count";"meaning_fr";"meaning_en"\r\n"patients";"{count}";"";""\r\n'
    with pytest.raises(TableUnreadable):
        read(changed(LEFTOUT=table.encode()))


def test_two_practices_are_refused() -> None:
    with zipfile.ZipFile(io.BytesIO(made())) as archive:
        head, first, *rest = archive.read(layout.PRACTICE).splitlines(keepends=True)
    for body in (b"".join((head, first, first, *rest)), b"".join((head, *rest))):
        with pytest.raises(FormatFailure):
            read(changed(PRACTICE=body))


def test_the_same_practitioner_twice_is_refused() -> None:
    twice = replace(RECORDS, practitioners=(*RECORDS.practitioners, RECORDS.practitioners[0]))
    with pytest.raises(InconsistentDossier, match="share one identity"):
        read(made(twice))


def test_more_lines_than_anybody_keeps_are_refused() -> None:
    roster = b'"patient_number";"family_name";"given_name";"practitioner_rpps"\r\n'
    with pytest.raises(LimitExceeded):
        read(changed(ROSTER=roster + b";;;\r\n" * (MAX_ROSTER_ROWS + 1)))
    left_out = b'"what";"count";"meaning_fr";"meaning_en"\r\n'
    kinds = b"".join(b"k%d;1;;\r\n" % number for number in range(MAX_LEFT_OUT + 1))
    with pytest.raises(LimitExceeded):
        read(changed(LEFTOUT=left_out + kinds))


def test_a_row_of_a_patient_is_no_row_of_the_practice() -> None:
    row = b'{"id":"r","patient":"p","system":"s","table":"t","key":"k","columns":{},"records":[]}\n'
    archive_read = read(changed(SOURCE=row))
    with pytest.raises(TableUnreadable) as refusal:
        list(archive_read.rows())
    assert (refusal.value.facts["name"], refusal.value.facts["line"]) == (layout.SOURCE, 1)


def test_changed_rows_are_noticed_while_they_are_read() -> None:
    data = made()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members[layout.SOURCE] = members[layout.SOURCE].replace(b'"n":4', b'"n":5')
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as rebuilt:
        for name, body in members.items():
            rebuilt.writestr(name, body)
    archive_read = read(target.getvalue())
    with pytest.raises(ArchiveChanged):
        list(archive_read.rows())


def test_a_patient_archive_is_not_taken_for_it() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(layout.SUMS, b"")
    with pytest.raises(FormatFailure):
        read(target.getvalue())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("A", b"")
    with pytest.raises(ArchiveIncomplete):
        read(target.getvalue())
