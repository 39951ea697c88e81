"""Objects that our writer makes in a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from formats.digests import SHA256, SHA512, Digest
from formats.ocfl.inventory import (
    NAME,
    OBJECT_DECLARATION,
    OBJECT_TEXT,
    Inventory,
    NewFile,
    VersionAuthor,
    next_version,
)
from formats.ocfl.layout import object_place, root_files
from formats.ocfl.write import inventory_bytes, sidecar_bytes, sidecar_name

ID = "urn:uuid:2e527adc-b15b-41ef-994c-ac3112c3733a"
AT = datetime(2026, 11, 29, 22, tzinfo=UTC)
AUTHOR = VersionAuthor(name="Archives Exemple", address="mailto:coffre@example.org")


def write_root(folder: Path) -> Path:
    """Write an empty storage root."""
    for key, data in root_files().items():
        write(folder / key, data)
    return folder


def write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def add_version(
    root: Path, before: Inventory | None, files: dict[str, bytes], identifier: str = ID
) -> Inventory:
    """Write a version with ``files``, by logical path, as the vault does; return the inventory."""
    new = tuple(
        NewFile(
            logical=name,
            digest=Digest.of(data, algorithm=SHA512),
            fixity=(Digest.of(data, algorithm=SHA256),),
        )
        for name, data in files.items()
    )
    inventory, places = next_version(before, identifier, new, created=AT, message="deposit", author=AUTHOR)
    place = root / object_place(identifier)
    for name, content in places.items():
        write(place / content, files[name])
    data = inventory_bytes(inventory)
    for folder in (place / inventory.head, place):
        write(folder / NAME, data)
        write(folder / sidecar_name(inventory), sidecar_bytes(Digest.of(data, algorithm=SHA512)))
    write(place / OBJECT_DECLARATION, OBJECT_TEXT)
    return inventory
