"""What reads a file of one table.

What the mapping says of it decides, then the ending of its name, then how it begins.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from formats.databases.files.calendar_table import open_calendar
from formats.databases.files.dbase.memo import ENDINGS as MEMO_ENDINGS
from formats.databases.files.dbase.table import open_dbase
from formats.databases.files.delimited import open_delimited
from formats.databases.files.file_findings import FileNotices
from formats.databases.files.fixed_width import open_fixed_width
from formats.databases.files.json_table import open_json
from formats.databases.files.table_file import FileTable, TableFile
from formats.databases.files.xml_table import open_xml
from formats.regular_files import open_regular
from formats.tables.workbook import is_workbook

Open = Callable[[str, Path, TableFile, FileNotices], FileTable]

BY_ENDING: Mapping[str, Open] = {
    ".csv": open_delimited,
    ".tsv": open_delimited,
    ".dbf": open_dbase,
    ".json": open_json,
    ".ndjson": open_json,
    ".jsonl": open_json,
    ".xml": open_xml,
}
"""What reads a file, by how its name ends, in the order in which files of one name are preferred."""
CALENDAR = ".ics"
WORKBOOKS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")
ENDINGS = (*BY_ENDING, CALENDAR, *WORKBOOKS)
"""How names of files end that hold tables, in small letters, where nobody says which files they are."""
HEAD = 64
"""Bytes by which a file is told whose name does not tell."""


def open_file(name: str, path: Path, file: TableFile, notices: FileNotices, time_zone: str) -> FileTable:
    """Return the table ``name`` in the file at ``path``, which is no workbook and is read to its end.

    Raises:
        TableUnreadable, LimitExceeded: when it cannot be; NoTable: when its rows are not to be told.
    """
    return _reader(path, file, time_zone)(name, path, file, notices)


def is_workbook_file(path: Path, *, wanted: bool) -> bool:
    """Tell whether ``path`` is a workbook by its name or, for one that the mapping wants, by how it begins."""
    if path.suffix.lower() in WORKBOOKS:
        return True
    return wanted and path.suffix.lower() not in ENDINGS and is_workbook(_head(path))


def is_memo_of(path: Path, paths: Mapping[str, Path]) -> bool:
    """Tell whether ``path`` is the memo file of a table among ``paths``, by names in small letters."""
    return path.suffix.lower() in MEMO_ENDINGS and f"{path.stem}.dbf".casefold() in paths


def _reader(path: Path, file: TableFile, time_zone: str) -> Open:
    calendar = partial(open_calendar, time_zone=time_zone)
    of_mapping = ((file.widths, open_fixed_width), (file.element, open_xml), (file.rows, open_json))
    for key, reader in of_mapping:
        if key:
            return reader
    ending = path.suffix.lower()
    if ending in BY_ENDING:
        return BY_ENDING[ending]
    head = _head(path).lstrip(b"\xef\xbb\xbf \r\n\t")
    if ending == CALENDAR or head.upper().startswith(b"BEGIN:VCALENDAR"):
        return calendar
    return open_xml if head.startswith(b"<?xml") else open_delimited


def _head(path: Path) -> bytes:
    with open_regular(path) as stream:
        return stream.read(HEAD)
