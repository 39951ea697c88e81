"""Delimited text: a list as a spreadsheet saves it in CSV, or a person writes it.

UTF-8 with or without a byte order mark, UTF-16 with one, Windows-1252, and code page 850 of MS-DOS (whose letters of
French words are those of 437) are told apart. The separator is the one that a first line ``sep=;`` names, or under
which most columns of the headings are known.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import BinaryIO, TextIO

from formats.digests import chunks
from formats.errors import LimitExceeded, TableUnreadable
from formats.findings import Finding, Severity
from formats.tables import limits
from formats.tables.columns import Columns
from formats.tables.rows import ListRow, Sheet
from formats.words import mark

SEPARATORS = (";", ",", "\t")
MS_DOS = "cp850"
SAMPLE = 4 << 20
"""Bytes from which the encoding is judged."""
_NAMED_SEPARATOR = re.compile(r"\ufeff?\"?sep=(?P<separator>[^\r\n\"])\"?\r?\n?", re.IGNORECASE)
_DOS_LETTER = re.compile(
    rb"[\x80-\x84\x87-\x8b\x90\xa0]|(?<=[A-Za-z])[\x85\x8c\x93\x94\x96\x97](?=[A-Za-z])|(?<=[Nn])\xf8"
)
"""Ç ü é â ä ç ê ë è ï É á; à î ô ö û ù inside a word, which are … Œ “ ” – — of Windows; ° of N°."""
_WINDOWS_LETTER = re.compile(
    rb"[\xc0\xc2\xc7-\xcf\xd4\xd9\xdb\xe0-\xef\xf4\xf6\xf9-\xfc\x92\x9c\xab\xb0\xbb]"
)
"""The same letters and ’ œ « ° » as Windows-1252 has them, which MS-DOS has for lines of boxes and rare letters."""


def delimited_sheet(stream: BinaryIO, columns: Columns, name: str) -> Iterator[Sheet]:
    """Yield the one sheet of the text in ``stream``; refusals call it ``name``.

    Raises:
        TableUnreadable: when its quotation marks or characters are out of place, here or while its rows are read.
        LimitExceeded: past the size of a list, a line or a cell.
    """
    # the csv module has one limit for the whole program: wide enough here, so that ours decides
    csv.field_size_limit(limits.MAX_TABLE_BYTES)
    encoding = text_encoding(stream, name)
    stream.seek(0)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    try:
        yield Sheet(rows=_rows(text, columns, name), findings=tuple(_encoding_finding(encoding, name)))
    finally:
        text.detach()


def _rows(text: TextIO, columns: Columns, name: str) -> Iterator[ListRow]:
    separator, skipped = _separator(text, columns)
    rows = csv.reader(_bounded(text), delimiter=separator, strict=True)
    before = skipped
    try:
        for row in rows:
            _bound_cells(row)
            if any(cell.strip() for cell in row):
                yield ListRow(number=before + 1, cells=row)
            before = skipped + rows.line_num
    except (csv.Error, UnicodeError) as fault:
        reason = mark("a quotation mark or a character is out of place, or a cell is too long")
        raise TableUnreadable(name=name, line=skipped + rows.line_num, reason=reason) from fault


def _encoding_finding(encoding: str, name: str) -> Iterator[Finding]:
    if encoding == MS_DOS:
        yield Finding(
            severity=Severity.NOTE,
            code="list-ms-dos",
            where=name,
            sentence=mark("The list was read as text of MS-DOS (code page 850)."),
        )


def text_encoding(stream: BinaryIO, name: str, *, limit: int | None = None) -> str:
    """Return the encoding of the text in ``stream``, which is read to its end; refusals call it ``name``.

    Raises:
        LimitExceeded: past ``limit`` bytes, or those of a list.
        TableUnreadable: when it is none of those that are told apart.
    """
    stream.seek(0)
    start = stream.read(4)
    size = stream.seek(0, io.SEEK_END)
    allowed = limits.MAX_TABLE_BYTES if limit is None else limit
    if size > allowed:
        length = mark("the length of the list")
        raise LimitExceeded(name=length, found=size, limit=allowed, where=name)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        candidates: tuple[str, ...] = ("utf-16",)
    else:
        stream.seek(0)
        sample = stream.read(SAMPLE)
        candidates = ("utf-8-sig", MS_DOS) if is_ms_dos(sample) else ("utf-8-sig", "cp1252")
    for encoding in candidates:
        if _decodes(stream, encoding):
            return encoding
    reason = mark("its characters are neither UTF-8 nor Windows-1252")
    raise TableUnreadable(name=name, line=0, reason=reason)


def is_ms_dos(sample: bytes) -> bool:
    """Tell whether ``sample``, French in one of both, is text of MS-DOS rather than of Windows."""
    return len(_DOS_LETTER.findall(sample)) > len(_WINDOWS_LETTER.findall(sample))


def _decodes(stream: BinaryIO, encoding: str) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for piece in chunks(stream):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeError:
        return False
    return True


def _separator(text: TextIO, columns: Columns) -> tuple[str, int]:
    """Return the separator, and how many lines that name it were passed; the rest is to be read."""
    first = text.readline(limits.MAX_LINE)
    if named := named_separator(first):
        return named, 1
    lines = [first, *(text.readline(limits.MAX_LINE) for _ in range(limits.MAX_TITLE_LINES))]
    text.seek(0)
    return likely_separator(lines, columns.known), 0


def named_separator(line: str) -> str:
    """Return the separator that a first line ``sep=;`` names, or an empty text."""
    named = _NAMED_SEPARATOR.fullmatch(line)
    return named["separator"] if named else ""


def likely_separator(lines: Sequence[str], known: Callable[[str], object]) -> str:
    """Return the separator under which a row of ``lines`` has most headings that are ``known``."""

    def count(separator: str) -> int:
        rows = csv.reader(lines, delimiter=separator)
        return max((sum(map(bool, map(known, row[: limits.MAX_COLUMNS]))) for row in _whole(rows)), default=0)

    return max(SEPARATORS, key=count)


def _whole(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Yield rows as far as they can be read; who reads them all says why not."""
    try:
        yield from islice(rows, limits.MAX_TITLE_LINES + 1)
    except csv.Error:
        return


def _bounded(text: TextIO) -> Iterator[str]:
    """Yield lines, each of bounded length."""
    while line := text.readline(limits.MAX_LINE):
        if len(line) == limits.MAX_LINE:
            raise LimitExceeded(
                name=mark("the length of a line"), found=limits.MAX_LINE, limit=limits.MAX_LINE - 1
            )
        yield line


def _bound_cells(row: Sequence[str]) -> None:
    """Refuse a cell past the limit; the csv module's own limit belongs to whoever set it last."""
    longest = max(map(len, row), default=0)
    if longest >= limits.MAX_LINE:
        raise LimitExceeded(name=mark("the length of a cell"), found=longest, limit=limits.MAX_LINE - 1)
