"""Practice stores of the past: one of each version of the tables, which every later version must open.

``python -m tests.history.stores`` makes ``store-N.zip`` of the present version: the successor's practice of the
samples, collected, a dossier with every kind of record, and their files. Until version 1 is released, whoever
changes a table makes it again with this command. From then on none is ever made again: a change of a table takes a
new version, a step in ``archiver/practice/migrations.py``, and a store of the new version beside those there are.
"""

from __future__ import annotations

import hashlib
import io
import sqlite3
import sys
import zipfile
from contextlib import closing
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from archiver.operations.collecting.collect import collect
from archiver.practice import schema
from archiver.practice.store import PracticeStore, open_store
from formats.databases.sqlite_source import SqliteSource
from formats.model.documents import Attachment
from formats.opendental.read import read
from formats.reading import FileBody
from samples.story.book import build_sqlite
from tests.full_dossier import full_dossier

HERE = Path(__file__).parent
SUCCESSOR = HERE.parents[1] / "samples" / "successor" / "opendental.sql"
MADE = datetime(2026, 11, 28, 8, tzinfo=UTC)
STORE = "practice.db"

Shape = dict[str, set[tuple[Any, ...]]]


def frozen(version: int) -> Path:
    """Return where the store of a version is kept."""
    return HERE / f"store-{version}.zip"


def unpack(version: int, folder: Path) -> Path:
    """Unpack the store of a version, with its files, below ``folder``; return the store."""
    with zipfile.ZipFile(frozen(version)) as archive:
        archive.extractall(folder)
    return folder / STORE


def shape(path: Path) -> Shape:
    """Return, for every table of a store, its columns, references and indexes, in no order."""
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {*_columns(db, name), *_references(db, name), *_indexes(db, name)} for name in names}


def _columns(db: sqlite3.Connection, table: str) -> set[tuple[Any, ...]]:
    return {("column", *row[1:]) for row in db.execute(f"PRAGMA table_info([{table}])")}


def _references(db: sqlite3.Connection, table: str) -> set[tuple[Any, ...]]:
    return {("reference", *row[2:]) for row in db.execute(f"PRAGMA foreign_key_list([{table}])")}


def _indexes(db: sqlite3.Connection, table: str) -> set[tuple[Any, ...]]:
    return {
        ("index", unique, *(column for _, _, column in db.execute(f"PRAGMA index_info([{name}])")))
        for _, name, unique, *_ in db.execute(f"PRAGMA index_list([{table}])").fetchall()
    }


def make(folder: Path) -> Path:
    """Make a store of the present version in ``folder``; return it."""
    source, path = folder / "opendental.sqlite", folder / STORE
    build_sqlite(SUCCESSOR.read_text(encoding="utf-8"), source)
    with SqliteSource(source) as tables, open_store(path, create=True) as store, store.changing():
        items = read(tables, images=None, practice_key=None, time_zone="Europe/Paris")
        collect(store, items, system="opendental", clock=lambda: MADE)
        _put_full_dossier(store)
    source.unlink()
    return path


def _put_full_dossier(store: PracticeStore) -> None:
    dossier = full_dossier()
    for record in (dossier.practice, *dossier.practitioners, dossier.patient, *dossier.records()):
        store.put(_with_files(record, store))


def _with_files(value: Any, store: PracticeStore) -> Any:
    """Return ``value`` with a real file behind each attachment in it; the store keeps the file."""
    if isinstance(value, Attachment):
        data = f"{value.sha256} {value.media_type}".encode()
        made = replace(value, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        store.keep_file(FileBody(attachment=made, open=partial(io.BytesIO, data)))
        return made
    if isinstance(value, tuple):
        return tuple(_with_files(one, store) for one in value)
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return replace(value, **{one.name: _with_files(getattr(value, one.name), store) for one in fields(value)})


def main() -> None:
    """Make the store of the present version and pack it."""
    with TemporaryDirectory() as made, zipfile.ZipFile(frozen(schema.SCHEMA_VERSION), "w") as archive:
        folder = Path(made)
        make(folder)
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder).as_posix(), date_time=(2026, 11, 28, 8, 0, 0))
            archive.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED, 9)
    sys.stdout.write(f"{frozen(schema.SCHEMA_VERSION)}\n")


if __name__ == "__main__":
    main()
