"""The tables of a practice store, made through sqlite-utils and described inside the file itself."""

from __future__ import annotations

import sqlite3
from typing import Any

from archiver.practice.columns import StoreColumn, StoreTable, table_of
from formats.model.dictionary.kinds import meaning_of
from formats.model.dossier import PATIENT_KINDS
from formats.model.people import Patient, Practice, Practitioner
from formats.model.record import Record

SCHEMA_VERSION = 2
"""Stored in SQLite's ``user_version``; raised, with a step in ``migrations``, whenever a table changes shape."""
APPLICATION_ID = 0x44415243
"""SQLite's ``application_id``: the letters DARC, so that ``file`` and we can tell a store."""

KINDS: tuple[type[Record], ...] = (Practice, Practitioner, Patient, *PATIENT_KINDS)
"""Every kind of record that has a table, in an order in which references point backwards."""


def _texts(names: str) -> dict[str, type]:
    return dict.fromkeys(names.split(), str)


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
    "file_remarks": (
        {"sha256": str, "code": str},
        ("sha256", "code"),
        [("sha256", "files", "sha256")],
        "What is worth a person's eye in a file: empty, damaged, encrypted, with a position.",
    ),
    "settings": ({"name": str, "value": str}, "name", [], "Facts about this store."),
    "identity_links": (
        {"patient": str, "person": str},
        "patient",
        [("patient", "patients", "id"), ("person", "patients", "id")],
        "Which patient records are one person (the record all of them stand under), as the merges have it.",
    ),
    "identity_merges": (
        {"patient": str, "other": str, "rule": str, "decided_by": str, "decided_at": str},
        ("patient", "other"),
        [("patient", "patients", "id"), ("other", "patients", "id")],
        "Pairs of patient records that are one person, with who decided it by which rule.",
    ),
    "identity_questions": (
        {
            "patient": str,
            "candidate": str,
            "reason": str,
            "asked_at": str,
            "answer": str,
            "answered_at": str,
            "answered_by": str,
            "remark": str,
        },
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
        {
            "package": str,
            "unit": str,
            "patient": str,
            "plain_sha256": str,
            "imported_at": str,
            "counts": str,
            "created": str,
        },
        ("package", "unit"),
        [],
        "Which unit of which package came in when, with its counts (JSON).",
    ),
    "import_runs": (
        {"id": int, "package": str, "created": str, "sender": str, "practices": str, "imported_at": str}
        | {"dossiers": int, "undone_by": str, "undone_at": str},
        "id",
        [],
        "Every import that changed something, with who took it back and when, where somebody did.",
    ),
    "former_rows": (
        {"id": int, "import": int, "table": str, "key": str, "former": str, "became": str, "journal": int},
        "id",
        [],
        "What imports changed, row by row, with the former content (JSON); without an import, records changed since.",
    ),
    "journal": (
        {"id": int, "at": str, "operation": str, "detail": str},
        "id",
        [],
        "What changed this store: one line an operation that changed something (detail is JSON).",
    ),
    "holds": (
        {
            "id": int,
            "patient": str,
            "ground": str,
            "reason": str,
            "package": str,
            "since": str,
            "set_by": str,
            "set_at": str,
        }
        | {"lifted_by": str, "lifted_at": str, "lifting_reason": str},
        "id",
        [("patient", "patients", "id")],
        "Dossiers to keep beyond their term: a claim, an appeal. One that was lifted stays, with who, when and why.",
    ),
    "retention_decisions": (
        {"id": int, "patient": str, "decision": str, "day": str, "reason": str}
        | {"decided_by": str, "decided_at": str}
        | {"withdrawn_by": str, "withdrawn_at": str, "withdrawal_reason": str},
        "id",
        [("patient", "patients", "id")],
        "What people said of a retention period: when a damage was consolidated, until when to keep; with who and why.",
    ),
    "stated_terms": (
        {"patient": str, "package": str, "destroy_from": str},
        ("patient", "package"),
        [("patient", "patients", "id")],
        "From when whoever handed a dossier over would let it be destroyed.",
    ),
    "access_requests": (
        {"id": int, "patient": str, "requester": str, "name": str, "purpose": str, "received": str}
        | {"recent": int, "old": int, "opened_by": str, "opened_at": str}
        | {"identity_check": str, "identity_by": str, "identity_at": str}
        | {"ending": str, "ending_reason": str, "ended_by": str, "ended_at": str},
        "id",
        [("patient", "patients", "id")],
        "Who asked for whose dossier, how their identity was checked, and how the request ended.",
    ),
    "request_deliveries": (
        {"id": int, "request": int, "files": str, "left_out": str, "made_by": str, "made_at": str}
        | {"conveyance": str, "recipient": str, "sent_by": str, "sent_at": str},
        "id",
        [("request", "access_requests", "id")],
        "What was written for a request, what was left out and why, and the proof that it was handed over.",
    ),
    "breaches": (
        {"id": int}
        | _texts(
            "known_at happened natures facts persons records data consequences measures risk risk_reason"
        )
        | _texts("opened_by opened_at notified_at notification delay_reason notified_by")
        | _texts("informed_at informing uninformed_reason informed_by closed_at closed_by closing_remark"),
        "id",
        [],
        "Breaches of personal data: what happened, who was notified and told, and when (GDPR articles 33 and 34).",
    ),
    "hosts": (
        {"id": int}
        | _texts("name service certificate scope certifier certified_until")
        | _texts("added_by added_at ended_by ended_at ending_reason"),
        "id",
        [],
        "Who hosts health data for the practice, with the number, scope and end of the HDS certificate (CSP L1111-8).",
    ),
    "dossier_states": (
        {"package": str, "unit": str, "patient": str, "state": str, "reason": str}
        | {"degraded": int, "placeholders": int, "left_aside": str, "parts": str, "noted_at": str},
        ("package", "unit"),
        [],
        "What became of each dossier of each package, those refused included, by the last import of it.",
    ),
    "degraded_entries": (
        {"id": int, "patient": str, "package": str, "unit": str, "record": str, "topic": str, "reason": str}
        | {"text": str, "original": str, "noted_at": str}
        | {"reviewed_by": str, "reviewed_at": str, "remark": str},
        "id",
        [("patient", "patients", "id")],
        "What came in otherwise than it was sent: what can be read, the original (JSON), and who has looked at it.",
    ),
    "gone_records": (
        _texts("kind id system patient reason since"),
        ("kind", "id"),
        [],
        "Records that a source gave once and does not give any more; they stay, and an export asks about them.",
    ),
    "handovers": (
        {"package": str, "file": str, "revision": int, "signed_list": str, "created": str, "ground": str}
        | {"situation": str, "receiver": str, "counts": str},
        "package",
        [],
        "What was exported to whom, with what it announces (JSON).",
    ),
    "sent_units": (
        {"package": str, "unit": str, "patient": str, "counts": str},
        ("package", "unit"),
        [("package", "handovers", "package")],
        "What each unit of an export holds (JSON), as receipts are compared with it.",
    ),
    "receipts": (
        {"id": int, "package": str, "sha256": str, "received_at": str, "receiver": str, "signer": str}
        | {"fingerprint": str, "acknowledged": int, "left_aside": int, "differences": int, "accepted": int}
        | {"done": int, "whole": int, "recorded_at": str},
        "id",
        [("package", "handovers", "package")],
        "Receipts that came back, as they were checked.",
    ),
    "proofs_of_delivery": (
        {
            "id": int,
            "package": str,
            "conveyance": str,
            "recipient": str,
            "delivered_on": str,
            "claimed_by": str,
        }
        | {"claimed_on": str, "identity_check": str, "recorded_by": str, "recorded_at": str},
        "id",
        [("package", "handovers", "package")],
        "Proofs that packages were handed over to people from whom no receipt comes: how, to whom, on what day.",
    ),
    "about_tables": ({"table": str, "about": str}, "table", [], "This description of every table."),
}

INDEXES: dict[str, str] = {
    "identity_links": "person",
    "identity_merges": "other",
    "identity_questions": "candidate",
    "imports": "patient",
    "degraded_entries": "patient",
    "gone_records": "patient",
}
"""The second column by which rows of a table of our own are looked up."""


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
    if name in INDEXES:
        tables.table(name).create_index([INDEXES[name]])


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
