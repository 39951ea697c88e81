"""Description of a vault (``vault.json``): its storages with the certificates of their hosts, and its terms.

It lies in the folder of the vault, and in every storage as an object of its own, so that each storage tells whose it
is, and the vault is found again from any of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from archiver import disk
from archiver.vault.errors import NotAVault, VaultInvalid, VaultNewer
from formats.errors import Failure, FileNotFound, FolderNotFound, LimitExceeded
from formats.folders import NotAFolder
from formats.regular_files import read_regular
from formats.words import mark

LAYOUT_VERSION = 1
"""Version of the layout of a vault: docs/en/format/vault.md."""
NAME = "vault.json"
DESCRIPTION = "description/revision-{revision:03}.json"
"""Logical path of a description in the object of the vault."""
MAX_DESCRIPTION_BYTES = 1 << 20
"""Bytes of a description; two storages take 1,000."""
MAX_STORAGES = 16
"""Storages of one vault; two are expected."""
FIXITY_DAYS = 90
"""Days within which every file is read again (reference: a full cycle every three months)."""
MAX_PARITY_PERCENT = 100
"""Redundancy of parity in percent: as much again as the file."""
RETENTION_YEARS = 20
"""Years for which a package is kept whose units state no term."""
EXPECTED_REPLICAS = 2
"""Replicas on different storages below which the vault says that there are too few."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hosting:
    """Who hosts a storage: the HDS certificate (CSP L1111-8), or the ``reason`` why there is none.

    ``until`` is the last day of the certificate.
    """

    host: str = ""
    certificate: str = ""
    scope: str = ""
    certifier: str = ""
    until: str = ""
    reason: str = ""

    def is_certified(self, today: date) -> bool:
        """Tell whether a certificate is in force on ``today``."""
        return bool(self.certificate and self.until) and date.fromisoformat(self.until) >= today


@dataclass(frozen=True, kw_only=True, slots=True)
class StorageEntry:
    """One storage: its ``name`` in this vault, and its ``address``, a folder or a bucket (``s3:…``).

    ``locks``: everything that is written there is locked. ``unlocked`` says why an object storage is taken of which a
    probe did not find that it locks. ``filling``: since when it is being filled (ISO 8601), where it is not a whole
    copy yet; everything that is new is written there as well, and it counts as no replica.
    """

    name: str
    address: str
    hosting: Hosting
    locks: bool = False
    unlocked: str = ""
    filling: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FormerStorage:
    """A storage that was taken out of the vault: since ``retired`` (ISO 8601) nothing is written there.

    ``reason`` and ``by`` say why, and who decided. ``cleared`` is when everything of the vault there was destroyed, or
    nothing; ``means`` says how, where that was not by this program.
    """

    entry: StorageEntry
    retired: str
    reason: str
    by: str
    cleared: str = ""
    means: str = ""


def storage_document(entry: StorageEntry) -> dict[str, Any]:
    """Return what descriptions and JSON documents have of a storage; of a folder they say nothing about locks."""
    document = asdict(entry)
    if not (entry.locks or entry.unlocked):
        del document["locks"], document["unlocked"]
    if not entry.filling:
        del document["filling"]
    return document


def former_document(former: FormerStorage) -> dict[str, Any]:
    """Return what descriptions and JSON documents have of a storage that was taken out."""
    stated = {"retired": former.retired, "reason": former.reason, "by": former.by}
    cleared = {"cleared": former.cleared, "means": former.means} if former.cleared else {}
    return storage_document(former.entry) | stated | cleared


@dataclass(frozen=True, kw_only=True, slots=True)
class Approver:
    """A person who may ask for destructions and approve them: ``certificate`` is its SHA-256 in hexadecimal digits."""

    name: str
    certificate: str


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultDescription:
    """What a vault is: ``id`` is a URN, ``revision`` counts the changes of this description from 1.

    ``journal_key`` is the verifier key (C2SP vkey) with which its journal began; a vault of before has none here.
    ``lock_days`` is of the vault of a backup: for so many days a storage that locks locks what is written, and never by
    the terms of the packages, which are versions of dossiers that stay with the practice; 0 in any other vault.
    ``parity_percent`` is the redundancy of the parity that every deposit gets; 0 where deposits get none.
    ``former`` are the storages that were taken out; their names are not given again.
    """

    id: str
    name: str
    created: datetime
    storages: tuple[StorageEntry, ...]
    revision: int = 1
    fixity_days: int = FIXITY_DAYS
    retention_years: int = RETENTION_YEARS
    journal_key: str = ""
    approvers: tuple[Approver, ...] = ()
    lock_days: int = 0
    parity_percent: int = 0
    former: tuple[FormerStorage, ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def replicas(self) -> tuple[StorageEntry, ...]:
        """The storages that are whole copies: those that are being filled are none yet."""
        return tuple(one for one in self.storages if not one.filling)


def description_bytes(description: VaultDescription) -> bytes:
    """Return ``vault.json``."""
    document = {
        "vault": LAYOUT_VERSION,
        "id": description.id,
        "name": description.name,
        "created": description.created.isoformat(),
        "revision": description.revision,
        "fixity_days": description.fixity_days,
        "retention_years": description.retention_years,
        **({"lock_days": description.lock_days} if description.lock_days else {}),
        **({"parity_percent": description.parity_percent} if description.parity_percent else {}),
        "storages": [storage_document(one) for one in description.storages],
        **({"former": [former_document(one) for one in description.former]} if description.former else {}),
        **({"journal_key": description.journal_key} if description.journal_key else {}),
        **({"approvers": [asdict(one) for one in description.approvers]} if description.approvers else {}),
        **description.unknown,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


_KNOWN = frozenset(
    (
        "vault",
        "id",
        "name",
        "created",
        "revision",
        "fixity_days",
        "retention_years",
        "storages",
        "former",
        "lock_days",
        "parity_percent",
        "journal_key",
        "approvers",
    )
)


def read_description(data: bytes, where: str) -> VaultDescription:
    """Return the description that ``data`` is.

    Raises:
        VaultNewer: when its layout is newer than any that is known here; VaultInvalid.
    """
    try:
        document = json.loads(data)
        version = document["vault"]
        if isinstance(version, int) and version > LAYOUT_VERSION:
            raise VaultNewer(where=where, found=version, known=LAYOUT_VERSION)
        if version != LAYOUT_VERSION:
            raise ValueError(version)
        return _described(document)
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def _described(document: Mapping[str, Any]) -> VaultDescription:
    storages = tuple(map(_storage, document["storages"]))
    former = tuple(map(_former, document.get("former", ())))
    names = [one.name for one in (*storages, *(each.entry for each in former))]
    if not 0 < len(storages) <= MAX_STORAGES or len(set(names)) != len(names):
        raise ValueError(document["storages"])
    days, years = int(document["fixity_days"]), int(document["retention_years"])
    lock_days = int(document.get("lock_days", 0))
    if days < 1 or years < 1 or lock_days < 0:
        raise ValueError(days)
    parity = int(document.get("parity_percent", 0))
    if not 0 <= parity <= MAX_PARITY_PERCENT:
        raise ValueError(parity)
    return VaultDescription(
        id=str(document["id"]),
        name=str(document["name"]),
        created=datetime.fromisoformat(document["created"]),
        storages=storages,
        revision=int(document["revision"]),
        fixity_days=days,
        retention_years=years,
        journal_key=str(document.get("journal_key", "")),
        approvers=tuple(
            Approver(name=str(one["name"]), certificate=str(one["certificate"]))
            for one in document.get("approvers", ())
        ),
        lock_days=lock_days,
        parity_percent=parity,
        former=former,
        unknown={name: value for name, value in document.items() if name not in _KNOWN},
    )


def _storage(document: Mapping[str, Any]) -> StorageEntry:
    entry = StorageEntry(
        name=document["name"],
        address=document["address"],
        hosting=Hosting(**document["hosting"]),
        locks=bool(document.get("locks", False)),
        unlocked=str(document.get("unlocked", "")),
        filling=str(document.get("filling", "")),
    )
    if entry.hosting.until:
        date.fromisoformat(entry.hosting.until)
    if entry.filling:
        datetime.fromisoformat(entry.filling)
    return entry


def _former(document: Mapping[str, Any]) -> FormerStorage:
    former = FormerStorage(
        entry=_storage(document),
        retired=str(document["retired"]),
        reason=str(document["reason"]),
        by=str(document["by"]),
        cleared=str(document.get("cleared", "")),
        means=str(document.get("means", "")),
    )
    datetime.fromisoformat(former.retired)
    return former


def read_description_file(
    path: Path, limit: int, what: str, *, absent: type[Failure], invalid: type[Failure]
) -> bytes:
    """Return the description of a vault or a backup in the file ``path`` of its folder, of at most ``limit`` bytes.

    ``what`` says which bytes are too many.

    Raises:
        NotAFolder, DiskFault; ``absent``: when there is none; ``invalid``: when it is longer.
    """
    folder = path.parent
    if folder.exists() and not folder.is_dir():
        raise NotAFolder(folder=str(folder))
    try:
        with disk.failures_about(path):
            return read_regular(path, limit, what)
    except (FileNotFound, FolderNotFound) as failure:
        raise absent(path=str(folder)) from failure
    except LimitExceeded as failure:
        raise invalid(where=str(path), reason=failure) from failure


def description_of(folder: Path) -> VaultDescription:
    """Return the description of the vault in ``folder``.

    Raises:
        NotAVault, VaultNewer, VaultInvalid, LimitExceeded, DiskFault: when there is none that can be read.
    """
    path, what = folder / NAME, mark("the description of the vault in bytes")
    data = read_description_file(path, MAX_DESCRIPTION_BYTES, what, absent=NotAVault, invalid=VaultInvalid)
    return read_description(data, str(path))
