"""Opening what a mapping is read from: a folder of delimited files, or a SQLite file."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from formats.databases.delimited_folder import DelimitedFolder, TableFile
from formats.databases.tables import SqliteSource
from formats.reading import Item
from formats.sources.mapped.language.declarations import MappingDeclaration, TableDeclaration
from formats.sources.mapped.language.parse import load_mapping
from formats.sources.mapped.language.references import named_columns
from formats.sources.mapped.read import read_tables


@contextmanager
def open_mapped(
    place: str, /, *, mapping: Path, files: Path | None = None, practice_key: str | None = None
) -> Iterator[Iterator[Item]]:
    """Open the tables at ``place`` and give what they hold, as the file ``mapping`` says; raises as ``read``."""
    declared = load_mapping(mapping)
    with open_tables(Path(place), declared) as source:
        folder = files or files_folder(Path(place), declared)
        yield read_tables(source, declared, practice_key=practice_key, files=folder)


def open_tables(place: Path, mapping: MappingDeclaration) -> DelimitedFolder | SqliteSource:
    """Open the folder or the file at ``place``.

    Raises:
        FileNotFound, FolderNotFound, SourceUnreachable, FormatFailure: when it cannot be read as either.
        TableUnreadable, LimitExceeded: for a file of the folder.
    """
    if place.is_dir():
        expected = named_columns(mapping)
        return DelimitedFolder(
            place, {name: _file(one, expected[name]) for name, one in mapping.tables.items()}
        )
    return SqliteSource(place)


def open_any_tables(place: Path) -> DelimitedFolder | SqliteSource:
    """Open the folder or the file at ``place`` of which no mapping is known; raises as ``open_tables``."""
    return DelimitedFolder(place, {}) if place.is_dir() else SqliteSource(place)


def files_folder(place: Path, mapping: MappingDeclaration) -> Path | None:
    """Return the folder of documents that the mapping names beside the tables at ``place``, if it is there."""
    folder = (place if place.is_dir() else place.parent) / mapping.files
    return folder if mapping.files and folder.is_dir() else None


def _file(table: TableDeclaration, expected: tuple[str, ...]) -> TableFile:
    return TableFile(
        file=table.file,
        encoding=table.dialect.encoding,
        separator=table.dialect.separator,
        quotes=table.dialect.quotes,
        headings=table.headings,
        expected=expected,
    )
