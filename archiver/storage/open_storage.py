"""Storage at an address: a folder, or a bucket of an object storage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from archiver.storage.address import read_address
from archiver.storage.credentials import PROFILE, read_credentials
from archiver.storage.folder import FolderStorage
from archiver.storage.object_store import ObjectStore
from archiver.storage.storage import Storage


def open_storage(
    address: str, *, credentials: Path | None, environment: Mapping[str, str], profile: str = PROFILE
) -> Storage:
    """Return the storage at ``address``; the ``credentials`` of a bucket are a file, or in the ``environment``.

    In the file they are those of the section ``profile``, or of ``[default]``.

    Raises:
        StorageAddressInvalid, StorageCredentialsUnusable, ExtraMissing: why there is none.
    """
    place = read_address(address)
    if isinstance(place, Path):
        return FolderStorage(place)
    return ObjectStore(place, read_credentials(credentials, environment, profile))
