"""The list that describes a folder of documents: a CSV file as French Excel, or a person, writes it."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from formats.digests import chunks
from formats.errors import FormatFailure, LimitExceeded
from formats.names import comparable
from formats.words import mark

MAX_LISTING_BYTES = 64 << 20
"""Bytes of a list; 200 for each of 300,000 documents."""
MAX_LINE = 131_072
"""Characters of one line (and, by the csv module itself, of one cell); a spreadsheet has 32,767 in a cell."""
MAX_COLUMNS = 256
SEPARATORS = (";", ",", "\t")

_ALIASES = {
    "file": ("file", "fichier", "filename", "nom du fichier", "chemin", "path"),
    "number": ("patient number", "numéro patient", "n° patient", "patient id", "id patient"),
    "family": ("family name", "nom", "nom de famille", "last name", "surname", "nom patient"),
    "given": ("given name", "prénom", "first name", "prénom patient"),
    "birth_date": ("birth date", "date naissance", "date de naissance", "né le", "née le", "date of birth"),
    "title": ("title", "titre", "intitulé", "libellé", "objet", "description"),
    "kind": ("kind", "type", "nature", "catégorie", "category"),
    "date": ("date", "date document", "date du document", "document date", "created"),
    "practitioner": ("practitioner", "praticien", "praticienne", "auteur", "author"),
}
COLUMNS = {comparable(name): column for column, names in _ALIASES.items() for name in names}
"""Names a column may have, in comparable form."""


class ListingUnreadable(FormatFailure):
    """A list of documents nobody can read."""

    code = "papers-list"
    sentence = mark("The list of documents cannot be read: {reason}.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of the list: ``number`` is its first line in the file, ``cells`` the known columns.

    ``others`` are cells of columns we know nothing about, with the names of these columns.
    """

    number: int
    cells: dict[str, str]
    others: tuple[tuple[str, str], ...]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


def lines(listing: Path) -> Iterator[Line]:
    """Yield the lines of a list that are not empty.

    UTF-8 with or without a byte order mark, UTF-16 with one, and Windows-1252
    are told apart; the separator is the one that makes most of the first line.

    Raises:
        ListingUnreadable: when it is no such list, or names no file column.
        LimitExceeded: past the size of a list or of a cell.
    """
    encoding = _encoding(listing)
    with listing.open(encoding=encoding, newline="") as text:
        rows = csv.reader(_bounded(text), delimiter=_separator(text))
        try:
            header = [cell.strip() for cell in next(rows, [])]
            columns = _columns(header)
            before = rows.line_num
            for row in rows:
                if any(cell.strip() for cell in row):
                    yield _line(before + 1, header, columns, row)
                before = rows.line_num
        except csv.Error as fault:
            raise ListingUnreadable(reason=str(fault), where=f"{listing.name}:{rows.line_num}") from fault


def is_listing(path: Path) -> bool:
    """Tell whether the first line of ``path`` names a column of files."""
    try:
        with path.open(encoding=_encoding(path), newline="") as text:
            separator = _separator(text)
            return "file" in _columns(next(csv.reader(_bounded(text), delimiter=separator), []))
    except (FormatFailure, csv.Error):
        return False


def _encoding(listing: Path) -> str:
    with listing.open("rb") as stream:
        start = stream.read(4)
        size = stream.seek(0, io.SEEK_END)
        if size > MAX_LISTING_BYTES:
            raise LimitExceeded(
                name=mark("the length of the list"), found=size, limit=MAX_LISTING_BYTES, where=listing.name
            )
        wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        for encoding in ("utf-16",) if wide else ("utf-8-sig", "cp1252"):
            stream.seek(0)
            decoder = codecs.getincrementaldecoder(encoding)()
            try:
                for piece in chunks(stream):
                    decoder.decode(piece)
                decoder.decode(b"", final=True)
            except UnicodeError:
                continue
            return encoding
    reason = mark("its characters are neither UTF-8 nor Windows-1252")
    raise ListingUnreadable(reason=reason, where=listing.name)


def _separator(text: TextIO) -> str:
    """Return the separator under which most columns are known, and go back to the start."""
    first = text.readline(MAX_LINE)
    text.seek(0)

    def known(separator: str) -> int:
        row = next(csv.reader([first], delimiter=separator), [])
        return sum(comparable(cell) in COLUMNS for cell in row)

    return max(SEPARATORS, key=known)


def _bounded(text: TextIO) -> Iterator[str]:
    """Yield lines, each of bounded length."""
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise LimitExceeded(name=mark("the length of a line"), found=MAX_LINE, limit=MAX_LINE - 1)
        yield line


def _columns(header: list[str]) -> list[str]:
    """Return our name for each column; empty for unknown ones and for the second of a kind."""
    if len(header) > MAX_COLUMNS:
        raise LimitExceeded(name=mark("the number of columns"), found=len(header), limit=MAX_COLUMNS)
    columns: list[str] = []
    for cell in header:
        column = COLUMNS.get(comparable(cell), "")
        columns.append("" if column in columns else column)
    if "file" not in columns:
        raise ListingUnreadable(reason=mark("no column names the file (file, fichier)"))
    return columns


def _line(number: int, header: list[str], columns: list[str], row: list[str]) -> Line:
    cells: dict[str, str] = {}
    others = []
    for place, cell in enumerate(row):
        value = cell.strip()
        column = columns[place] if place < len(columns) else ""
        if column:
            cells[column] = value
        elif value:
            others.append((header[place] if place < len(header) else "", value))
    return Line(number=number, cells=cells, others=tuple(others))
