"""The tables of a practice store, made through sqlite-utils and described inside the file itself."""

from __future__ import annotations

import sqlite3
from typing import Any

from archiver.practice.columns import StoreColumn, StoreTable, table_of
from formats.model.dictionary.kinds import meaning_of
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record

SCHEMA_VERSION = 1
"""Stored in SQLite's ``user_version``; raised, with a step in ``migrations``, whenever a table changes shape."""
APPLICATION_ID = 0x44415243
"""SQLite's ``application_id``: the letters DARC, so that ``file`` and we can tell a store."""

KINDS: tuple[type[Record], ...] = (Practice, Practitioner, Patient, *PATIENT_KINDS)
"""Every kind of record that has a table, in an order in which references point backwards."""

OWN_TABLES: dict[str, tuple[dict[str, type], str | tuple[str, ...], list[tuple[str, str, str]], str]] = {
    "files": (
        {"sha256": str, "size": int, "media_type": str},
        "sha256",
        [],
        "Every attachment once; its bytes lie beside this file under <first two digits>/<sha256>.",
    ),
    "header_facts": (
        {"sha256": str, "facts": bytes},
        "sha256",
        [("sha256", "files", "sha256")],
        "Directory records of DICOM files, made when they were collected; without them the header is read again.",
    ),
    "settings": ({"name": str, "value": str}, "name", [], "Facts about this store."),
    "identity_links": (
        {"patient": str, "person": str, "rule": str, "decided_by": str, "decided_at": str},
        "patient",
        [("patient", "patients", "id"), ("person", "patients", "id")],
        "Which patient records are one person (the record all of them stand under); delete a row to undo.",
    ),
    "identity_questions": (
        {"patient": str, "candidate": str, "reason": str, "asked_at": str, "answer": str, "answered_at": str},
        ("patient", "candidate"),
        [("patient", "patients", "id"), ("candidate", "patients", "id")],
        "Pairs of patient records that may be one person; a human answers same or different.",
    ),
    "number_holders": (
        {"number": str, "patient": str, "since": str},
        ("number", "patient"),
        [("number", "patients", "id"), ("patient", "patients", "id")],
        "Patient records that share a number because several persons had it, and since when each has it.",
    ),
    "imports": (
        {"package": str, "unit": str, "patient": str, "plain_sha256": str, "imported_at": str, "counts": str},
        ("package", "unit"),
        [],
        "Which unit of which package came in when, with its counts (JSON).",
    ),
    "journal": (
        {"id": int, "at": str, "operation": str, "detail": str},
        "id",
        [],
        "What changed this store: one line an operation that changed something (detail is JSON).",
    ),
    "about_tables": ({"table": str, "about": str}, "table", [], "This description of every table."),
}


def create(db: sqlite3.Connection) -> None:
    """Make every table in an empty database."""
    from sqlite_utils import Database  # noqa: PLC0415 - a fifth of a second, and only a new store needs it

    tables = Database(db)
    _create_own_table(tables, "files")
    for kind in KINDS:
        for table in table_of(kind).family:
            _create_table(tables, table)
    for name in sorted(OWN_TABLES.keys() - {"files"}):
        _create_own_table(tables, name)
    describe(db)
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def describe(db: sqlite3.Connection) -> None:
    """Write what every table holds into the store itself."""
    db.execute("DELETE FROM about_tables")
    db.executemany("INSERT INTO about_tables ([table], about) VALUES (?, ?)", descriptions())


def _create_own_table(tables: Any, name: str) -> None:
    columns, key, foreign, _ = OWN_TABLES[name]
    tables.create_table(name, columns, pk=key, foreign_keys=foreign)


def _create_table(tables: Any, table: StoreTable) -> None:
    columns: dict[str, type] = {}
    if table.owner:
        columns = {"owner": str, **dict.fromkeys(table.key[1:], int)}
    columns |= {column.name: column.type for column in table.stored}
    foreign = [(c.name, c.refers, _target_key(c)) for c in table.stored if c.refers]
    if table.owner:
        foreign.append(("owner", table.owner, "id"))
    required = {column.name for column in table.columns if column.required and column.name != "id"}
    key = table.key if len(table.key) > 1 else table.key[0]
    tables.create_table(table.name, columns, pk=key, foreign_keys=foreign, not_null=required)
    if not table.owner and "patient" in columns:
        tables.table(table.name).create_index(["patient"])


def _target_key(column: StoreColumn) -> str:
    return "sha256" if column.refers == "files" else "id"


def descriptions() -> list[tuple[str, str]]:
    """Return every table with what it holds, for the store itself and for the reference page."""
    texts = [(name, text) for name, (_, _, _, text) in OWN_TABLES.items()]
    tables = (table for kind in KINDS for table in table_of(kind).family)
    texts += [(table.name, meaning_of(table.record_type)) for table in tables]
    return texts
