"""What reads a file of one table.

What the mapping says of it decides, then the ending of its name, then how it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from formats.databases.files.calendar.table import open_calendar
from formats.databases.files.dbase.memo import ENDINGS as MEMO_ENDINGS
from formats.databases.files.dbase.table import open_dbase
from formats.databases.files.delimited import open_delimited
from formats.databases.files.file_findings import FileNotices
from formats.databases.files.fixed_width import open_fixed_width
from formats.databases.files.json_table import open_json
from formats.databases.files.row_spool import SpoolFile
from formats.databases.files.table_file import FileTable, TableFile
from formats.databases.files.xml_table import open_xml
from formats.regular_files import open_regular
from formats.tables.workbook import is_workbook
from formats.words import mark

Open = Callable[[str, Path, TableFile, FileNotices], FileTable]

IN_PLACE: Mapping[str, Open] = {".csv": open_delimited, ".tsv": open_delimited, ".dbf": open_dbase}
"""What reads rows where they stand, by how the name of a file ends."""
PUT_ASIDE = {".json": open_json, ".ndjson": open_json, ".jsonl": open_json, ".xml": open_xml}
"""What reads a file from its beginning only, and puts its rows aside."""
CALENDAR = ".ics"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ENDINGS = (*IN_PLACE, *PUT_ASIDE, CALENDAR, *WORKBOOKS)
"""How names of files end that hold tables, in small letters, in the order in which files of one name are preferred."""
HEAD = 64
"""Bytes by which a file is told whose name does not tell."""


def open_file(
    name: str, path: Path, file: TableFile, notices: FileNotices, *, time_zone: str, spools: SpoolFile
) -> FileTable:
    """Return the table ``name`` in the file at ``path``, which is no workbook and is read to its end.

    Rows that are put aside lie in ``spools``.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be; NoTable: when its rows are not to be told.
    """
    reader = _reader(path, file, time_zone, spools)
    if file.own_encoding and isinstance(reader, partial):  # one that puts rows aside
        note_encoding(notices, name, path, file)
    return reader(name, path, file, notices)


def note_encoding(notices: FileNotices, name: str, path: Path, file: TableFile) -> None:
    """Say that the encoding which the mapping names for the table ``name`` was of no use."""
    sentence = mark("The encoding {encoding} that the mapping names was not used: {file} tells its own.")
    notices.warn("table-encoding-unused", name, sentence, encoding=file.encoding, file=path.name)


def is_workbook_file(path: Path, *, wanted: bool) -> bool:
    """Tell whether ``path`` is a workbook by its name or, for one that the mapping wants, by how it begins."""
    if path.suffix.lower() in WORKBOOKS:
        return True
    return wanted and path.suffix.lower() not in ENDINGS and is_workbook(_head(path))


def is_memo_of(path: Path, paths: Mapping[str, Path]) -> bool:
    """Tell whether ``path`` is the memo file of a table among ``paths``, by names in small letters."""
    return path.suffix.lower() in MEMO_ENDINGS and f"{path.stem}.dbf".casefold() in paths


def _reader(path: Path, file: TableFile, time_zone: str, spools: SpoolFile) -> Open:
    calendar = partial(open_calendar, time_zone=time_zone, spools=spools)
    xml, json = (partial(one, spools=spools) for one in (open_xml, open_json))
    of_mapping: tuple[tuple[object, Open], ...] = (
        (file.widths, open_fixed_width),
        (file.element, xml),
        (file.rows, json),
    )
    for key, reader in of_mapping:
        if key:
            return reader
    ending = path.suffix.lower()
    if ending in IN_PLACE:
        return IN_PLACE[ending]
    if ending in PUT_ASIDE:
        return partial(PUT_ASIDE[ending], spools=spools)
    head = _head(path).lstrip(b"\xef\xbb\xbf \r\n\t")
    if ending == CALENDAR or head.upper().startswith(b"BEGIN:VCALENDAR"):
        return calendar
    return xml if head.startswith(b"<?xml") else open_delimited


def _head(path: Path) -> bytes:
    with open_regular(path) as stream:
        return stream.read(HEAD)
