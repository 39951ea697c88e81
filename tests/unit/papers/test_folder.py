"""A folder without a list: every file becomes a paper, whatever its name and its path."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path

import pytest

from formats.findings import Finding
from formats.model.care import Note, NoteKind
from formats.model.documents import Document
from formats.papers.folder import MAX_NOTE_BYTES, PathPatterns, find_papers_by_path
from formats.papers.paper import FoundPaper, document_record
from formats.papers.path_pattern import parse_pattern
from formats.reading import Tally

PRACTICE = "6f0c6f0e-7f0a-5c55-9d0b-3b1f1f5b2d10"
PATTERNS = PathPatterns(
    documents=(parse_pattern("DOCS/{number}/{title}"), parse_pattern("DOCS/{number}")),
    notes=(parse_pattern("NOTES/{number}.txt"),),
)


def seen(folder: Path) -> tuple[dict[str, FoundPaper], list[str]]:
    """Return the papers by their names, and the codes of findings; as many papers as files."""
    items = list(find_papers_by_path(folder, PATTERNS))
    papers = [item for item in items if isinstance(item, FoundPaper)]
    (tally,) = (item for item in items if isinstance(item, Tally))
    assert tally.rows == len(papers) == sum(path.is_file() for path in folder.rglob("*"))
    return (
        {f"{one.name}{one.occurrence or ''}": one for one in papers},
        sorted(item.code for item in items if isinstance(item, Finding)),
    )


def lay(folder: Path, name: str | bytes, content: bytes = b"%PDF-1.4 x") -> None:
    path = os.fsencode(folder) + b"/" + (name if isinstance(name, bytes) else name.encode())
    Path(os.fsdecode(path)).parent.mkdir(parents=True, exist_ok=True)
    Path(os.fsdecode(path)).write_bytes(content)


def test_the_first_pattern_that_fits_reads_a_path(tmp_path: Path) -> None:
    for name in ("DOCS/45/lettre.pdf", "DOCS/45/2024/pano.png", "vrac/scan.pdf"):
        lay(tmp_path, name)
    papers, codes = seen(tmp_path)
    assert {name: (one.patient.number, one.title) for name, one in papers.items()} == {
        "DOCS/45/lettre.pdf": ("45", "lettre"),
        "DOCS/45/2024/pano.png": ("45", "2024"),
        "vrac/scan.pdf": ("", ""),
    }
    assert codes == ["paper-path-unread"]
    assert all(one.attachment and one.body for one in papers.values())


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such names")
def test_names_are_text_whatever_they_are(tmp_path: Path) -> None:
    composed = "DOCS/45/né.pdf"
    names = [
        *("DOCS/45/a:b?.pdf", "DOCS/45/CON.pdf", "DOCS/45/fin.", f"DOCS/45/{'é' * 120}.pdf"),
        *(composed, unicodedata.normalize("NFD", composed)),
    ]
    for name in names:
        lay(tmp_path, name, name.encode())
    lay(tmp_path, composed.encode("latin-1"), b"Latin-1")
    papers, codes = seen(tmp_path)
    assert set(papers) == {*names, f"{composed}1"}
    assert codes == []
    records = [document_record(one, "p", PRACTICE) for one in papers.values()]
    assert len({one.id for one in records}) == len(names) + 1
    digests = {one.attachment.sha256 for one in records if isinstance(one, Document) and one.attachment}
    assert len(digests) == len(names) + 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "cp850", "utf-16"])
def test_a_text_file_of_notes_is_a_note(tmp_path: Path, encoding: str) -> None:
    text = "Détartrage le 12/03/2019.\r\nÀ revoir : gencive enflammée près de 36."
    lay(tmp_path, "NOTES/45.txt", text.encode(encoding))
    (paper,) = seen(tmp_path)[0].values()
    record = document_record(paper, "p", PRACTICE)
    assert isinstance(record, Note)
    assert (record.text, record.note) == (text.replace("\r\n", "\n"), NoteKind.CLINICAL)
    assert paper.body is None and paper.attachment is not None


@pytest.mark.parametrize(
    ("content", "codes"),
    [
        (b"\0\1\2", ["paper-not-text"]),
        (b"a" * (MAX_NOTE_BYTES + 1), ["paper-not-text"]),
        (b"", []),
    ],
    ids=["binary", "too long", "empty"],
)
def test_what_is_no_text_is_a_document(tmp_path: Path, content: bytes, codes: list[str]) -> None:
    lay(tmp_path, "NOTES/45.txt", content)
    papers, noticed = seen(tmp_path)
    (paper,) = papers.values()
    assert noticed == codes
    assert isinstance(document_record(paper, "p", PRACTICE), Document)
