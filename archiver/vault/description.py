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
from formats.errors import FileNotFound, FolderNotFound, LimitExceeded
from formats.folders import NotAFolder
from formats.regular_files import read_regular
from formats.words import mark

LAYOUT_VERSION = 1
"""Version of the layout of a vault: docs/en/format/vault.md."""
NAME = "vault.json"
MAX_DESCRIPTION_BYTES = 1 << 20
"""Bytes of a description; two storages take 1,000."""
MAX_STORAGES = 16
"""Storages of one vault; two are expected."""
FIXITY_DAYS = 90
"""Days within which every file is read again (reference: a full cycle every three months)."""
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
    probe did not find that it locks.
    """

    name: str
    address: str
    hosting: Hosting
    locks: bool = False
    unlocked: str = ""


def storage_document(entry: StorageEntry) -> dict[str, Any]:
    """Return what descriptions and JSON documents have of a storage; of a folder they say nothing about locks."""
    document = asdict(entry)
    if not (entry.locks or entry.unlocked):
        del document["locks"], document["unlocked"]
    return document


@dataclass(frozen=True, kw_only=True, slots=True)
class VaultDescription:
    """What a vault is: ``id`` is a URN, ``revision`` counts the changes of this description from 1."""

    id: str
    name: str
    created: datetime
    storages: tuple[StorageEntry, ...]
    revision: int = 1
    fixity_days: int = FIXITY_DAYS
    retention_years: int = RETENTION_YEARS
    unknown: Mapping[str, Any] = field(default_factory=dict)


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
        "storages": [storage_document(one) for one in description.storages],
        **description.unknown,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


_KNOWN = {"vault", "id", "name", "created", "revision", "fixity_days", "retention_years", "storages"}


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
    storages = tuple(
        StorageEntry(
            name=one["name"],
            address=one["address"],
            hosting=Hosting(**one["hosting"]),
            locks=bool(one.get("locks", False)),
            unlocked=str(one.get("unlocked", "")),
        )
        for one in document["storages"]
    )
    if not 0 < len(storages) <= MAX_STORAGES or len({one.name for one in storages}) != len(storages):
        raise ValueError(document["storages"])
    for one in storages:
        if one.hosting.until:
            date.fromisoformat(one.hosting.until)
    days, years = int(document["fixity_days"]), int(document["retention_years"])
    if days < 1 or years < 1:
        raise ValueError(days)
    return VaultDescription(
        id=str(document["id"]),
        name=str(document["name"]),
        created=datetime.fromisoformat(document["created"]),
        storages=storages,
        revision=int(document["revision"]),
        fixity_days=days,
        retention_years=years,
        unknown={name: value for name, value in document.items() if name not in _KNOWN},
    )


def description_of(folder: Path) -> VaultDescription:
    """Return the description of the vault in ``folder``.

    Raises:
        NotAVault, VaultNewer, VaultInvalid, LimitExceeded, DiskFault: when there is none that can be read.
    """
    path = folder / NAME
    if folder.exists() and not folder.is_dir():
        raise NotAFolder(folder=str(folder))
    try:
        with disk.failures_about(path):
            data = read_regular(path, MAX_DESCRIPTION_BYTES, mark("the description of the vault in bytes"))
    except (FileNotFound, FolderNotFound) as failure:
        raise NotAVault(path=str(folder)) from failure
    except LimitExceeded as failure:
        raise VaultInvalid(where=str(path), reason=failure) from failure
    return read_description(data, str(path))
