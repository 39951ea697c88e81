"""Documents of a folder as its list describes them: each line and each file is accounted for."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from formats.contents.exif import taken_at
from formats.digests import digest_of_stream
from formats.errors import Failure, FolderNotFound, UnsafeName
from formats.findings import Finding, Severity
from formats.folders import NotAFolder, as_finding, files_below, relative_text, unreadable
from formats.media_types import HEAD, media_type
from formats.model.dates import contradict, without_time
from formats.model.documents import Attachment
from formats.papers.listing import COLUMNS, ListingUnreadable, is_listing, listing_lines
from formats.papers.paper import FoundPaper, PaperPatient, birth_date_of, document_record, moment_in
from formats.paths import safe_path
from formats.reading import Tally
from formats.regular_files import open_regular
from formats.tables.read import ENDINGS, Line, has_other_sheets
from formats.words import mark

__all__ = ["FoundPaper", "PaperPatient", "document_record", "find_papers"]


_EXPORTED = frozenset({".csv", ".tsv"})
"""How names of files end in which software exports a table each."""
_SEVERAL = 2
"""Files of these beside a list that make it a table among others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """The list, and the folder its names start from."""

    listing: Path
    folder: Path


def find_papers(place: Path, listing: Path | None = None) -> Iterator[FoundPaper | Finding | Tally]:
    """Yield one paper for each line of the list, findings about lines and files, and the count of lines.

    ``place`` is the folder, with its list inside or beside it under the same
    name (``papers.csv`` beside ``papers``), or the list itself. Memory grows
    with the number of files, by their names only.

    Raises:
        NotAFolder: when there is no such folder.
        ListingUnreadable: when no list is found, or more than one, or it cannot be read.
        LimitExceeded: past a limit of the list or the folder.
    """
    where = _Place(listing=listing, folder=place) if listing else _found(place)
    reading = _Reading(where)
    for item in files_below(where.folder):
        if isinstance(item, Finding):
            yield item
        elif item != where.listing:
            reading.saw(item)
    count = 0
    for line in listing_lines(where.listing):
        if isinstance(line, Finding):
            yield line
            continue
        count += 1
        yield from reading.read(line)
    for path in reading.undescribed():
        sentence = mark("No line of the list describes this file.")
        yield _finding(Severity.WARNING, "paper-undescribed", relative_text(path, where.folder), sentence)
    yield Tally(table=where.listing.name, rows=count)


def _found(place: Path) -> _Place:
    """Return the list and the folder that a person means by ``place``."""
    if place.is_file():
        beside = place.with_suffix("")
        return _Place(listing=place, folder=beside if beside.is_dir() else place.parent)
    if not place.exists():
        raise FolderNotFound(path=str(place))
    if not place.is_dir():
        raise NotAFolder(folder=str(place))
    inside = [path for path in sorted(place.iterdir()) if _may_be_a_listing(path)]
    neighbours = [place.resolve().with_suffix(ending) for ending in sorted(ENDINGS)]
    found = inside or [path for path in neighbours if _may_be_a_listing(path)]
    if len(found) != 1:
        names = ", ".join(path.name for path in found)
        reason = mark("several files could be it") if found else mark("none is in the folder or beside it")
        raise ListingUnreadable(reason=reason, where=names or str(place))
    return _Place(listing=found[0], folder=place)


def is_listed_folder(place: str) -> bool:
    """Tell whether ``place`` is a list of documents, or a folder that has one and no other."""
    path = Path(place)
    try:
        return _may_be_a_listing(_found(path).listing)
    except (Failure, OSError):
        return False


def is_list_among_tables(place: str) -> bool:
    """Tell whether the list at ``place`` is one of several tables: sheets of its workbook, or files beside it.

    Raises:
        ListingUnreadable, TableUnreadable, LimitExceeded: when there is no list, or it cannot be read.
    """
    path = Path(place)
    listing = _found(path).listing
    beside = path.iterdir() if path.is_dir() and listing.suffix.lower() in _EXPORTED else ()
    others = (one for one in beside if one.suffix.lower() in _EXPORTED and one.name != listing.name)
    return len(list(islice(others, _SEVERAL))) == _SEVERAL or has_other_sheets(listing, COLUMNS)


def _may_be_a_listing(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file() and is_listing(path)


class _Reading:
    """The files of the folder, and which of them some line has described."""

    def __init__(self, where: _Place) -> None:
        self._where = where
        self._files: dict[str, list[Path]] = {}
        self._described: dict[str | Path, int] = {}

    def saw(self, path: Path) -> None:
        """Remember a file under its name without case; disks and lists differ in that."""
        self._files.setdefault(_key(relative_text(path, self._where.folder)), []).append(path)

    def undescribed(self) -> Iterator[Path]:
        """Yield the files that no line has described."""
        for paths in self._files.values():
            yield from (path for path in paths if path not in self._described)

    def read(self, line: Line) -> Iterator[FoundPaper | Finding]:
        """Yield the findings about one line, then its paper."""
        spot = f"{self._where.listing.name}:{line.number}"
        paper = _paper(line)
        yield from _oddities(line, paper, spot)
        try:
            path = self._file(paper.name)
        except UnsafeName as fault:
            yield as_finding(fault, spot)
            path = None
        else:
            if path is None:
                yield _missing(paper, spot)
        mine = path or paper.name or paper.title
        occurrence = self._described.get(mine, 0)
        self._described[mine] = occurrence + 1
        if path is not None and occurrence:
            sentence = mark("Another line describes the same file {name}.")
            yield _finding(Severity.NOTE, "paper-described-twice", spot, sentence, name=paper.name)
        paper = replace(paper, occurrence=occurrence)
        if path is not None:
            try:
                paper = with_file(paper, partial(open_regular, path), path.name)
            except OSError as fault:
                yield unreadable(path, self._where.folder, fault)
        yield from _dates_differ(paper, spot)
        yield paper

    def _file(self, name: str) -> Path | None:
        """Return the file a line names, in its very spelling if there is one.

        Raises:
            UnsafeName: when the name leads out of the folder.
        """
        if not name:
            return None
        safe = safe_path(unicodedata.normalize("NFC", name.replace("\\", "/"))).as_posix()
        paths = self._files.get(_key(safe), [])
        same = (path for path in paths if relative_text(path, self._where.folder) == safe)
        return next(same, paths[0] if paths else None)


def _key(name: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def _paper(line: Line) -> FoundPaper:
    return FoundPaper(
        line=line.number,
        patient=PaperPatient(
            number=line["number"],
            family=line["family"],
            given=line["given"],
            birth_date=birth_date_of(line["birth_date"]),
        ),
        name=line["file"],
        title=line["title"],
        kind=line["kind"],
        dated=moment_in(line["date"]),
        practitioner=line["practitioner"],
        others=(*_not_days(line), *line.others),
    )


def _not_days(line: Line) -> Iterator[tuple[str, str]]:
    """Yield the dates nobody can read as they are written, so that they are kept."""
    for column, reads in (("birth_date", birth_date_of), ("date", moment_in)):
        if line[column] and reads(line[column]) is None:
            yield column, line[column]


def _oddities(line: Line, paper: FoundPaper, spot: str) -> Iterator[Finding]:
    for column, value in _not_days(line):
        sentence = mark("{value!r} in the column {column} is not a date.")
        yield _finding(Severity.WARNING, "paper-date", spot, sentence, value=value, column=column)
    for column in line.rounded:
        sentence = mark(
            "A spreadsheet cut the number {value!r} in the column {column} to its first digits: set the column to text."
        )
        yield _finding(Severity.WARNING, "paper-number", spot, sentence, value=line[column], column=column)
    if paper.patient == PaperPatient():
        yield _finding(Severity.WARNING, "paper-of-nobody", spot, mark("This line names no patient."))


def _missing(paper: FoundPaper, spot: str) -> Finding:
    if not paper.name:
        return _finding(Severity.WARNING, "paper-without-file", spot, mark("This line names no file."))
    sentence = mark("The file {name} is not in the folder.")
    return _finding(Severity.ERROR, "paper-missing", spot, sentence, name=paper.name)


def with_file(paper: FoundPaper, opener: Callable[[], BinaryIO], name: str) -> FoundPaper:
    """Return ``paper`` with the digest and the kind of its file, and the time a camera wrote into it.

    ``name`` is what the file is called where it lies. Nothing is asked of the stream but to be read.
    """
    with opener() as stream:
        kind = media_type(stream.read(HEAD), name)
    photographed = None
    if kind == "image/jpeg":
        with opener() as stream:
            photographed = taken_at(stream)
    with opener() as stream:
        digest, size = digest_of_stream(stream)
    return replace(
        paper,
        attachment=Attachment(sha256=digest.hex, size=size, media_type=kind),
        photographed_at=photographed,
        open=opener,
    )


def _dates_differ(paper: FoundPaper, spot: str) -> Iterator[Finding]:
    taken, dated = paper.photographed_at, paper.dated
    listed_on = without_time(dated) if dated else None
    day = without_time(taken) if taken else None
    if day is not None and listed_on is not None and contradict(day, listed_on):
        sentence = mark("The list says {said}, the camera {taken}; the list is followed.")
        facts = {"said": listed_on.isoformat(), "taken": day.isoformat()}
        yield _finding(Severity.NOTE, "paper-dates-differ", spot, sentence, **facts)


def _finding(severity: Severity, code: str, where: str, sentence: str, **facts: str) -> Finding:
    return Finding(severity=severity, code=code, where=where, sentence=sentence, facts=facts)
