"""Migrations of a practice store: numbered steps, forward only, from one version of its tables to the next.

1. ``PRAGMA user_version`` tells the version of a store. One of a newer version is refused, never guessed at.
2. The steps from its version to ours run in one transaction. SQLite undoes it as a whole where anything fails
   or the program is killed: a store is of its old version or of ours, so no copy is put aside, which would be
   a second file full of patients.
3. References must still lead somewhere, and the description of every table is written anew; then the version is.

A step says what it does in SQL of its own and asks nothing of the model: that goes on changing, and a step never
does. Columns may lie in another order than in a new store, since every statement names them.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from archiver.practice import schema
from archiver.practice.errors import StoreNewer, StoreUnreadable
from archiver.practice.transactions import transaction
from formats.words import mark

Step = Callable[[sqlite3.Connection], None]


TO_VERSION_2 = """
CREATE TABLE holds (
    id INTEGER PRIMARY KEY, patient TEXT REFERENCES patients(id), ground TEXT, reason TEXT, package TEXT,
    since TEXT, set_by TEXT, set_at TEXT, lifted_by TEXT, lifted_at TEXT, lifting_reason TEXT
);
CREATE TABLE retention_decisions (
    id INTEGER PRIMARY KEY, patient TEXT REFERENCES patients(id), decision TEXT, day TEXT, reason TEXT,
    decided_by TEXT, decided_at TEXT, withdrawn_by TEXT, withdrawn_at TEXT, withdrawal_reason TEXT
);
CREATE TABLE stated_terms (
    patient TEXT REFERENCES patients(id), package TEXT, destroy_from TEXT, PRIMARY KEY (patient, package)
);
CREATE TABLE access_requests (
    id INTEGER PRIMARY KEY, patient TEXT REFERENCES patients(id), requester TEXT, name TEXT, purpose TEXT,
    received TEXT, recent INTEGER, old INTEGER, opened_by TEXT, opened_at TEXT,
    identity_check TEXT, identity_by TEXT, identity_at TEXT,
    ending TEXT, ending_reason TEXT, ended_by TEXT, ended_at TEXT
);
CREATE TABLE request_deliveries (
    id INTEGER PRIMARY KEY, request INTEGER REFERENCES access_requests(id), files TEXT, left_out TEXT,
    made_by TEXT, made_at TEXT, conveyance TEXT, recipient TEXT, sent_by TEXT, sent_at TEXT
);
CREATE TABLE breaches (
    id INTEGER PRIMARY KEY, known_at TEXT, happened TEXT, natures TEXT, facts TEXT, persons TEXT,
    records TEXT, data TEXT, consequences TEXT, measures TEXT, risk TEXT, risk_reason TEXT,
    opened_by TEXT, opened_at TEXT, notified_at TEXT, notification TEXT, delay_reason TEXT,
    notified_by TEXT, informed_at TEXT, informing TEXT, uninformed_reason TEXT, informed_by TEXT,
    closed_at TEXT, closed_by TEXT, closing_remark TEXT
);
CREATE TABLE hosts (
    id INTEGER PRIMARY KEY, name TEXT, service TEXT, certificate TEXT, scope TEXT, certifier TEXT,
    certified_until TEXT, added_by TEXT, added_at TEXT, ended_by TEXT, ended_at TEXT, ending_reason
    TEXT
);
CREATE TABLE dossier_states (
    package TEXT, unit TEXT, patient TEXT, state TEXT, reason TEXT, degraded INTEGER, placeholders INTEGER,
    left_aside TEXT, parts TEXT, noted_at TEXT, PRIMARY KEY (package, unit)
);
CREATE TABLE degraded_entries (
    id INTEGER PRIMARY KEY, patient TEXT REFERENCES patients(id), package TEXT, unit TEXT, record TEXT, topic TEXT,
    reason TEXT, text TEXT, original TEXT, noted_at TEXT, reviewed_by TEXT, reviewed_at TEXT, remark TEXT
);
CREATE INDEX idx_degraded_entries_patient ON degraded_entries (patient);
CREATE TABLE import_runs (
    id INTEGER PRIMARY KEY, package TEXT, created TEXT, sender TEXT, practices TEXT, imported_at TEXT,
    dossiers INTEGER, undone_by TEXT, undone_at TEXT
);
CREATE TABLE former_rows (
    id INTEGER PRIMARY KEY, import INTEGER, [table] TEXT, key TEXT, former TEXT, became TEXT, journal INTEGER
);
CREATE TABLE file_remarks (sha256 TEXT REFERENCES files(sha256), code TEXT, PRIMARY KEY (sha256, code));
CREATE TABLE gone_records (
    kind TEXT, id TEXT, system TEXT, patient TEXT, reason TEXT, since TEXT, PRIMARY KEY (kind, id)
);
CREATE INDEX idx_gone_records_patient ON gone_records (patient);
CREATE TABLE handovers (
    package TEXT PRIMARY KEY, file TEXT, revision INTEGER, signed_list TEXT, created TEXT, ground TEXT,
    situation TEXT, receiver TEXT, counts TEXT
);
CREATE TABLE sent_units (
    package TEXT REFERENCES handovers(package), unit TEXT, patient TEXT, counts TEXT, PRIMARY KEY (package, unit)
);
CREATE TABLE receipts (
    id INTEGER PRIMARY KEY, package TEXT REFERENCES handovers(package), sha256 TEXT, received_at TEXT,
    receiver TEXT, signer TEXT, fingerprint TEXT, acknowledged INTEGER, left_aside INTEGER, differences INTEGER,
    accepted INTEGER, done INTEGER, whole INTEGER, recorded_at TEXT
);
CREATE TABLE proofs_of_delivery (
    id INTEGER PRIMARY KEY, package TEXT REFERENCES handovers(package), conveyance TEXT, recipient TEXT,
    delivered_on TEXT, claimed_by TEXT, claimed_on TEXT, identity_check TEXT, recorded_by TEXT, recorded_at TEXT
);
CREATE TABLE identity_merges (
    patient TEXT REFERENCES patients(id), other TEXT REFERENCES patients(id), rule TEXT, decided_by TEXT,
    decided_at TEXT, PRIMARY KEY (patient, other)
);
INSERT INTO identity_merges (patient, other, rule, decided_by, decided_at)
    SELECT patient, person, rule, decided_by, decided_at FROM identity_links ORDER BY rowid;
ALTER TABLE identity_links DROP COLUMN rule;
ALTER TABLE identity_links DROP COLUMN decided_by;
ALTER TABLE identity_links DROP COLUMN decided_at;
ALTER TABLE identity_questions ADD COLUMN answered_by TEXT;
ALTER TABLE identity_questions ADD COLUMN remark TEXT;
UPDATE identity_questions SET answered_by = '', remark = '';
ALTER TABLE imports ADD COLUMN created TEXT;
UPDATE imports SET created = '';
UPDATE image_studies SET studied_at = studied_on WHERE studied_at IS NULL;
ALTER TABLE image_studies DROP COLUMN studied_on;
CREATE INDEX idx_imports_patient ON imports (patient);
CREATE INDEX idx_identity_links_person ON identity_links (person);
CREATE INDEX idx_identity_merges_other ON identity_merges (other);
CREATE INDEX idx_identity_questions_candidate ON identity_questions (candidate);
"""
"""Holds and decisions about terms; merges in rows of their own, so that undoing one leaves the others; former rows."""


UNSTATED_SINCE_2 = {
    "invoices": ("total_cents", "insurer_cents"),
    "invoices_lines": ("fee_cents", "insurer_cents", "written_off_cents"),
}
"""Amounts that a source may leave unsaid; version 1 wrote 0 for them, and says no more."""


def _to_version_2(db: sqlite3.Connection) -> None:
    for statement in filter(str.strip, TO_VERSION_2.split(";")):
        db.execute(statement)
    for table, columns in UNSTATED_SINCE_2.items():
        _allow_null(db, table, columns)


def _allow_null(db: sqlite3.Connection, table: str, columns: tuple[str, ...]) -> None:
    """Take NOT NULL from columns, which changes no row (SQLite, ALTER TABLE, section 7)."""
    (statement,) = db.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)
    ).fetchone()
    for column in columns:
        statement = re.sub(rf"(\W{column}\W+INTEGER) NOT NULL", r"\1", statement)
    (version,) = db.execute("PRAGMA schema_version").fetchone()
    db.execute("PRAGMA writable_schema = ON")
    db.execute("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (statement, table))
    db.execute(f"PRAGMA schema_version = {version + 1}")
    db.execute("PRAGMA writable_schema = OFF")


STEPS: Mapping[int, Step] = MappingProxyType({1: _to_version_2})
"""By version of a store, what brings it to the next one."""


def migrate(
    db: sqlite3.Connection,
    path: Path,
    steps: Mapping[int, Step] = STEPS,
    version: int = schema.SCHEMA_VERSION,
) -> None:
    """Bring the store at ``path``, opened as ``db`` and not in a transaction, to ``version``.

    Raises:
        StoreNewer: when it is of a newer one.
        StoreUnreadable: when it is of none, or a reference in it leads nowhere.
    """
    if _version(db, path, version) == version:
        return
    db.execute("PRAGMA foreign_keys = OFF")  # a step may make a table anew, under the name of the old one
    with transaction(db, immediate=True):
        found = _version(db, path, version)  # asked again: somebody may have been quicker
        for number in range(found, version):
            steps[number](db)
        if db.execute("PRAGMA foreign_key_check").fetchone():
            raise StoreUnreadable(where=str(path), reason=mark("it is damaged"))
        schema.describe(db)
        db.execute(f"PRAGMA user_version = {version}")


def _version(db: sqlite3.Connection, path: Path, ours: int) -> int:
    found: int = db.execute("PRAGMA user_version").fetchone()[0]
    if found > ours:
        raise StoreNewer(where=str(path), found=found, known=ours)
    if found < 1:
        raise StoreUnreadable(where=str(path), reason=mark("it has no version"))
    return found
