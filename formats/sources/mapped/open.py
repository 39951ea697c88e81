"""Opening what a mapping is read from: each kind of place by what reads it, from ``KINDS``."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from formats.databases.content_digest import content_digest
from formats.databases.files.folder import FileFolder, is_place_of_files
from formats.databases.files.table_file import TableFile
from formats.databases.opening import OpenedSource, OpeningOptions
from formats.databases.servers.address import is_database_address, sqlite_path
from formats.databases.servers.source import open_server
from formats.databases.sqlite_source import SqliteSource
from formats.databases.text_order import MemorySorter, RowSorter
from formats.digests import Digest
from formats.reading import EarlierRecords, SourceItems
from formats.sources.mapped.language.declarations import MappingDeclaration, TableDeclaration
from formats.sources.mapped.language.parse import mapping_bytes, parse_mapping
from formats.sources.mapped.language.references import kinds_made, named_columns
from formats.sources.mapped.mapping_tests import require_tests
from formats.sources.mapped.read import read_tables


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceKind:
    """A kind of place where tables are: what recognises it, and what opens it."""

    recognizes: Callable[[str], bool]
    open: Callable[[str, OpeningOptions], OpenedSource]


@contextmanager
def open_mapped(
    place: str,
    /,
    *,
    mapping: Path,
    files: Path | None = None,
    practice_key: str | None = None,
    password: str = "",
    sorter: Callable[[], RowSorter[Any]] = MemorySorter,
    tested: bool = True,
) -> Iterator[SourceItems]:
    """Open the tables at ``place`` and give what they hold, as the file ``mapping`` says; raises as ``read``.

    ``password`` is that of a server; ``sorter`` makes what takes rows that a database cannot put in order. Unless
    ``tested`` is false, the tests that the mapping carries must pass.

    Raises:
        MappingTestsFailed: when one does not.
    """
    text = mapping_bytes(mapping)
    declared = parse_mapping(text, mapping.name)
    if tested:
        require_tests(declared, mapping.name)
    opening = replace(opening_options(declared), password=password, sorter=sorter)
    with open_tables(place, opening) as source:
        folder = files or files_folder(place, declared)
        earlier = EarlierRecords()
        items = read_tables(source, declared, practice_key=practice_key, files=folder, earlier=earlier)
        reading = Digest.of(text).hex  # of the text: sets in what it says have no order
        digest = partial(content_digest, source, folder, (reading, practice_key or ""))
        yield SourceItems(items, digest, reading=reading, kinds=kinds_made(declared), earlier=earlier)


def open_tables(place: str, options: OpeningOptions) -> OpenedSource:
    """Open the tables at ``place``: the first of ``KINDS`` that recognises it.

    Raises:
        FileNotFound, FolderNotFound, SourceUnreachable, FormatFailure: when it cannot be read as that.
        DatabaseAddressInvalid, DriverMissing, SystemDriverMissing, SourceRefused: for the address of a database.
        TableUnreadable, LimitExceeded: for a file among them.
    """
    return next(kind for kind in KINDS if kind.recognizes(place)).open(place, options)


def opening_options(mapping: MappingDeclaration) -> OpeningOptions:
    """Return what ``mapping`` says of the tables before they are opened."""
    expected = named_columns(mapping)
    return OpeningOptions(
        files={name: _file(one, expected[name]) for name, one in mapping.tables.items()},
        keys={name: table.key for name, table in mapping.tables.items()},
        time_zone=mapping.time_zone,
        encoding=mapping.encoding,
    )


def files_folder(place: str, mapping: MappingDeclaration) -> Path | None:
    """Return the folder of documents that the mapping names beside the tables at ``place``, if it is there."""
    if is_server(place):
        return None
    path = sqlite_path(place) or Path(place)
    folder = (path if path.is_dir() else path.parent) / mapping.files
    return folder if mapping.files and folder.is_dir() else None


def is_server(place: str) -> bool:
    """Tell whether ``place`` is the address of a server, beside which there is no folder."""
    return is_database_address(place) and sqlite_path(place) is None


def _open_files(place: str, options: OpeningOptions) -> FileFolder:
    return FileFolder(Path(place), options.files, time_zone=options.time_zone, sorter=options.sorter)


def _open_sqlite(place: str, options: OpeningOptions) -> SqliteSource:
    """Open a SQLite file; of its views those that a mapping names, all where there is none."""
    return SqliteSource(sqlite_path(place) or Path(place), views=tuple(options.files) or None)


KINDS = (
    SourceKind(recognizes=is_server, open=open_server),
    SourceKind(recognizes=is_place_of_files, open=_open_files),
    SourceKind(recognizes=lambda _: True, open=_open_sqlite),
)
"""The kinds, in the order in which they are tried; the last takes what no other recognises, and says what is wrong."""


def _file(table: TableDeclaration, expected: tuple[str, ...]) -> TableFile:
    return TableFile(
        file=table.file,
        encoding=table.dialect.encoding,
        separator=table.dialect.separator,
        quotes=table.dialect.quotes,
        own_encoding=table.layout.own_encoding,
        headings=table.headings,
        expected=expected,
        sheet=table.layout.sheet,
        rows=table.layout.rows,
        element=table.layout.element,
        widths=table.layout.widths,
        record=table.layout.record,
        number=table.layout.number,
    )
