"""Description of a backup (``backup.json``): whose it is, what is backed up, where to, and what is agreed.

It lies in the folder of the backup, readable by its owner alone, for it has the ``secret`` by which the lists of runs
name dossiers. Nothing that opens a package is in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.backup.errors import BackupInvalid, BackupNewer, NotABackup
from archiver.backup.policy import DEFAULT_POLICY, VersionPolicy
from archiver.vault.description import read_description_file
from formats.words import mark

LAYOUT_VERSION = 1
"""Version of ``backup.json`` and of the lists of runs: docs/en/format/vault.md, section 12."""
NAME = "backup.json"
VAULT = "vault"
"""Folder, in that of the backup, of its vault."""
KEYS = "keys"
"""Folder of what the machine needs: the key that signs, and the public one for which it seals."""
PERSON = "person"
"""Folder of what the person takes away: the key that opens, and its recovery cards."""
MAX_BACKUP_BYTES = 1 << 20
"""Bytes of a description."""
AGREED_HOURS = 26
"""Hours after which the newest verified copy is too old: a day, and time for the machine to be started."""
DRILL_DAYS = 90
"""Days after which a restore is to be tried again."""
LOCK_DAYS = 90
"""Days for which what a run writes, or still needs, is locked on a storage that locks."""
SECRET_BYTES = 32


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupDescription:
    """What a backup is: ``store`` is backed up after ``sources`` were collected into it.

    Each of ``sources`` is what a person types behind ``archiver collect``, in words. ``recipients`` are those who can
    open it, ``credentials`` the file with those of an object storage.
    """

    id: str
    name: str
    created: datetime
    store: Path
    recipients: tuple[str, ...]
    secret: bytes = field(repr=False)
    sources: tuple[tuple[str, ...], ...] = ()
    credentials: Path | None = None
    policy: VersionPolicy = DEFAULT_POLICY
    agreed_hours: int = AGREED_HOURS
    drill_days: int = DRILL_DAYS
    lock_days: int = LOCK_DAYS


def write_backup_description(folder: Path, description: BackupDescription, *, replace: bool = False) -> None:
    """Write ``backup.json``, or ``replace`` it.

    Raises:
        AlreadyExists: when a backup lies there that is not replaced; DiskFull, DiskFault.
    """
    document = {
        "backup": LAYOUT_VERSION,
        "id": description.id,
        "name": description.name,
        "created": description.created.isoformat(),
        "store": os.fspath(description.store),
        "sources": [list(one) for one in description.sources],
        "recipients": list(description.recipients),
        "secret": description.secret.hex(),
        "credentials": os.fspath(description.credentials) if description.credentials else None,
        "policy": description.policy.document(),
        "agreed_hours": description.agreed_hours,
        "drill_days": description.drill_days,
        "lock_days": description.lock_days,
    }
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    disk.write_text(folder / NAME, text, mode=disk.PRIVATE, replace=replace)


def read_backup_description(folder: Path) -> BackupDescription:
    """Return the description of the backup in ``folder``.

    Raises:
        NotAFolder, NotABackup, BackupNewer, BackupInvalid, DiskFault: when there is none that can be read.
    """
    path, what = folder / NAME, mark("the description of the backup in bytes")
    data = read_description_file(path, MAX_BACKUP_BYTES, what, absent=NotABackup, invalid=BackupInvalid)
    try:
        document = json.loads(data)
        version = document["backup"]
        if isinstance(version, int) and version > LAYOUT_VERSION:
            raise BackupNewer(where=str(path), found=version, known=LAYOUT_VERSION)
        if version != LAYOUT_VERSION:
            raise ValueError(version)
        return _described(document)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise BackupInvalid(where=str(path), reason=f"{type(fault).__name__} {fault}") from fault


def _described(document: Mapping[str, Any]) -> BackupDescription:
    secret = bytes.fromhex(document["secret"])
    hours, days = int(document["agreed_hours"]), int(document["drill_days"])
    if len(secret) != SECRET_BYTES or hours < 1 or days < 1 or not document["recipients"]:
        raise ValueError(hours)
    return BackupDescription(
        id=str(document["id"]),
        name=str(document["name"]),
        created=datetime.fromisoformat(document["created"]),
        store=Path(document["store"]),
        sources=tuple(tuple(map(str, one)) for one in document["sources"]),
        recipients=tuple(map(str, document["recipients"])),
        secret=secret,
        credentials=Path(document["credentials"]) if document["credentials"] else None,
        policy=VersionPolicy.of(document["policy"]),
        agreed_hours=hours,
        drill_days=days,
        lock_days=int(document["lock_days"]),
    )
