"""Tombstone of units: what stays in the object of a package out of which units were destroyed, one for each time.

``destruction/units-NNN.json`` says which units went, by which destruction, and which files lie in the place of which.
The file without its units is ``revision-001/reduced-NNN/package.asice``: evidence of the older file goes on covering
what else it covers, and is taken for nothing else.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from archiver.vault.disposal.tombstone import is_tombstone
from archiver.vault.errors import VaultStatementInvalid
from formats.digests import SHA256, SHA512, Digest
from formats.ocfl.inventory import Inventory

UNIT_TOMBSTONE_VERSION = 1
UNIT_TOMBSTONE = "destruction/units-{number:03}.json"
"""Logical path of the tombstone of the units that were destroyed at the same time, numbered from 1."""
MAX_UNIT_TOMBSTONES = 999
"""Destructions of units of one package: three digits name them."""
_TOMBSTONE = re.compile(r"destruction/units-[0-9]{3}\.json")
_REDUCED = "reduced-{number:03}"
_REDUCED_FOLDER = re.compile(r"reduced-[0-9]{3}")
Generation = tuple[bool, int]
"""How far an object is destroyed: whether it is a tombstone, and how many times units were taken out."""
WHOLE: Generation = (False, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class TombstoneUnit:
    """A unit that was destroyed, of which ``volume`` (a file name), from when it could be (ISO 8601)."""

    unit: str
    volume: str
    destroy_from: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReducedFile:
    """A file that lies in the place of another, without units: logical paths and SHA-512 of both."""

    before: str
    sha512_before: Digest
    path: str
    sha512: Digest


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTombstone:
    """The statement that ``units`` of a package were destroyed, in a ``destruction`` that began at a moment."""

    object_id: str
    package: str
    destruction: str
    request_sha256: Digest
    destroyed_at: str
    units: tuple[TombstoneUnit, ...]
    files: tuple[ReducedFile, ...]


def unit_tombstone_bytes(tombstone: UnitTombstone, vault: str) -> bytes:
    """Return the JSON of ``tombstone`` in the vault of that identifier."""
    document = {
        "unit_tombstone": UNIT_TOMBSTONE_VERSION,
        "vault": vault,
        **asdict(tombstone),
        "request_sha256": tombstone.request_sha256.hex,
        "files": [
            {"before": one.before, "sha512_before": one.sha512_before.hex}
            | {"path": one.path, "sha512": one.sha512.hex}
            for one in tombstone.files
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def read_unit_tombstone(data: bytes | str, where: str) -> UnitTombstone:
    """Return the tombstone that ``data`` is.

    Raises:
        VaultStatementInvalid: when it is none.
    """
    try:
        document: dict[str, Any] = json.loads(data)
        if document["unit_tombstone"] != UNIT_TOMBSTONE_VERSION:
            raise ValueError(document["unit_tombstone"])
        return UnitTombstone(
            object_id=str(document["object_id"]),
            package=str(document["package"]),
            destruction=str(document["destruction"]),
            request_sha256=Digest(SHA256, bytes.fromhex(document["request_sha256"])),
            destroyed_at=datetime.fromisoformat(document["destroyed_at"]).isoformat(),
            units=tuple(TombstoneUnit(**one) for one in document["units"]),
            files=tuple(map(_file, document["files"])),
        )
    except (ValueError, TypeError, KeyError, AttributeError) as fault:
        raise VaultStatementInvalid(where=where, reason=f"{type(fault).__name__} {fault}") from fault


def _file(row: Mapping[str, Any]) -> ReducedFile:
    before, after = (Digest(SHA512, bytes.fromhex(row[key])) for key in ("sha512_before", "sha512"))
    return ReducedFile(before=str(row["before"]), sha512_before=before, path=str(row["path"]), sha512=after)


def unit_tombstones(inventory: Inventory) -> list[str]:
    """Return the logical paths of the tombstones of units of an object, by number."""
    return sorted(filter(_TOMBSTONE.fullmatch, inventory.logical_paths()))


def generation(inventory: Inventory) -> Generation:
    """Return how far the object is destroyed: what is further comes before all else, on every storage."""
    return is_tombstone(inventory), len(unit_tombstones(inventory))


def reduced_path(logical: str, number: int) -> str:
    """Return the logical path of the file that lies in the place of ``logical`` after destruction ``number``."""
    plain = PurePosixPath(given_path(logical))
    return str(plain.with_name(_REDUCED.format(number=number)) / plain.name)


def given_path(logical: str) -> str:
    """Return the path under which a file is given back: that of its deposit, volumes beside their set."""
    parts = (one for one in PurePosixPath(logical).parts if not _REDUCED_FOLDER.fullmatch(one))
    return str(PurePosixPath(*parts))


def stands_for(
    tombstones: Sequence[UnitTombstone], path: str, digest: Digest, logical: Mapping[str, Digest]
) -> bool:
    """Tell whether a file of an object lies in the place of the one at ``path`` with a ``digest``, or is that one."""
    place, sha512 = path, digest
    for one in tombstones:
        for file in one.files:
            if (file.before, file.sha512_before) == (place, sha512):
                place, sha512 = file.path, file.sha512
    return logical.get(place) == sha512
