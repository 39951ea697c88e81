"""Tombstone: what stays in the place of a package that was lawfully destroyed.

It is an OCFL object under the same identifier, of one version, with the receipts of the deposits, the statements about
holds, the tombstones of units, and ``destruction/tombstone.json``. None of its files has a byte of what was deposited.
The same destruction makes the same bytes, so that a command that was ended is gone on with on every storage alike.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from archiver.vault.errors import VaultStatementInvalid
from formats.digests import SHA512, Digest
from formats.ocfl.inventory import Inventory, NewFile, VersionAuthor, next_version

TOMBSTONE_VERSION = 1
TOMBSTONE = "destruction/tombstone.json"
"""Logical path by which a destroyed package is known."""
PRESERVED = ("receipts/", "holds/", "destruction/units-")
"""How the logical paths begin of what stays of a destroyed package."""


def is_tombstone(inventory: Inventory) -> bool:
    """Tell whether the object is what stays of a destroyed package."""
    return TOMBSTONE in inventory.logical_paths()


def tombstone_bytes(
    *,
    vault: str,
    object_id: str,
    package: str,
    revisions: tuple[int, ...],
    destruction: str,
    request: Digest,
    at: str,
) -> bytes:
    """Return the statement that a package was destroyed by a ``destruction`` that began ``at`` a moment."""
    document = {
        "tombstone": TOMBSTONE_VERSION,
        "vault": vault,
        "object": object_id,
        "package": package,
        "revisions": list(revisions),
        "destruction": destruction,
        "request_sha256": request.hex,
        "destroyed_at": at,
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def destroyed_at(text: str, where: str) -> str:
    """Return the moment that a tombstone states.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    try:
        document: Mapping[str, Any] = json.loads(text)
        if document["tombstone"] != TOMBSTONE_VERSION:
            raise ValueError(document["tombstone"])
        return datetime.fromisoformat(document["destroyed_at"]).isoformat()
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def tombstone_object(
    object_id: str, files: Mapping[str, bytes], *, created: datetime, author: VersionAuthor
) -> tuple[Inventory, dict[str, bytes]]:
    """Return the inventory of a tombstone with ``files``, by logical path, and each file by its content path."""
    inventory, places = next_version(
        None,
        object_id,
        tuple(
            NewFile(logical=logical, digest=Digest.of(data, algorithm=SHA512))
            for logical, data in sorted(files.items())
        ),
        created=created,
        message="destroyed",
        author=author,
    )
    return inventory, {place: files[logical] for logical, place in places.items()}
