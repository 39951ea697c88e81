"""Documents of a folder without a list: their paths say whose they are, as patterns read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath

from formats.errors import LimitExceeded, TableUnreadable
from formats.findings import Finding, Severity
from formats.folders import files_below, relative_text, unreadable
from formats.papers.paper import FoundPaper, PaperPatient
from formats.papers.path_pattern import PathPattern
from formats.papers.read import with_file
from formats.reading import Tally
from formats.regular_files import open_regular
from formats.tables.delimited import text_encoding
from formats.words import mark

MAX_NOTE_BYTES = 4 << 20
"""Bytes of one file of notes; twenty years of a patient's notes are some 100 kB."""
TABLE = "files"


@dataclass(frozen=True, kw_only=True, slots=True)
class PathPatterns:
    """Patterns in the order in which they are tried: of documents, and of text files that are notes."""

    documents: Sequence[PathPattern] = ()
    notes: Sequence[PathPattern] = ()


def find_papers_by_path(folder: Path, patterns: PathPatterns) -> Iterator[FoundPaper | Finding | Tally]:
    """Yield one paper for each file below ``folder``, findings, and the count of files.

    The first pattern that fits a path reads it, those of notes before the others. A path that none
    fits is a paper of nobody, with a finding: a person says whose it is.

    Raises:
        FolderNotFound, NotAFolder: when there is no such folder.
        LimitExceeded: past ``MAX_FILES`` files.
    """
    names: Counter[str] = Counter()
    count = 0
    for item in files_below(folder):
        if isinstance(item, Finding):
            yield item
            continue
        count += 1
        name = relative_text(item, folder)
        yield from _read(item, folder, name, names[name], patterns)
        names[name] += 1
    yield Tally(table=TABLE, rows=count)


def _read(
    path: Path, folder: Path, name: str, occurrence: int, patterns: PathPatterns
) -> Iterator[FoundPaper | Finding]:
    """Yield the findings about one file, then its paper."""
    note = next(filter(None, (one.read(name) for one in patterns.notes)), None)
    facts = note or next(filter(None, (one.read(name) for one in patterns.documents)), None)
    paper = FoundPaper(line=0, patient=PaperPatient(), name=name, occurrence=occurrence)
    if facts is None:
        sentence = mark("No pattern fits the path of this file.")
        yield Finding(severity=Severity.WARNING, code="paper-path-unread", where=name, sentence=sentence)
    else:
        paper = replace(
            paper,
            patient=facts.patient,
            title=facts.title or PurePosixPath(name).stem,
            kind=facts.kind,
            dated=facts.dated,
            practitioner=facts.practitioner,
        )
    try:
        paper = with_file(paper, partial(open_regular, path), path.name)
        if note is not None:
            paper = replace(paper, text=_text(path, name) or None)
    except OSError as fault:
        yield unreadable(path, folder, fault)
    except (TableUnreadable, LimitExceeded):
        sentence = mark("This file of notes is no text, or too long for one: it is taken as a document.")
        yield Finding(severity=Severity.WARNING, code="paper-not-text", where=name, sentence=sentence)
    yield paper


def _text(path: Path, name: str) -> str:
    """Return the text of a file of notes, with the ends of its lines as Unix writes them.

    Raises:
        LimitExceeded: past ``MAX_NOTE_BYTES``; TableUnreadable: when it is no text.
    """
    with open_regular(path) as stream:
        encoding = text_encoding(stream, name, limit=MAX_NOTE_BYTES)
        stream.seek(0)
        text = stream.read(MAX_NOTE_BYTES).decode(encoding)
    if "\0" in text:
        raise TableUnreadable(name=name, line=0, reason=mark("it holds characters that no text has"))
    return text.replace("\r\n", "\n").replace("\r", "\n")
