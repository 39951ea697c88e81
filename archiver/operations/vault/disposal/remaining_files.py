"""Files of an object that stay when a part of it is destroyed: each from a storage whose copy is sound."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

from archiver.operations.vault.fetch import Stored
from archiver.storage.errors import StorageObjectMissing
from archiver.vault.errors import VaultObjectDamaged
from archiver.vault.objects import ContentFile, Opener, read_small
from archiver.vault.open_vault import Replica
from formats.digests import SHA512, Digest, DigestAlgorithm, chunks
from formats.errors import Failure
from formats.ocfl.inventory import NAME, Inventory
from formats.ocfl.layout import object_place
from formats.ocfl.write import sidecar_name


@dataclass(frozen=True, kw_only=True, slots=True)
class RemainingFile:
    """A file that stays: its logical path, size in bytes, digest, further ones, and what opens it."""

    logical: str
    size: int
    digest: Digest
    open: Opener
    fixity: tuple[Digest, ...] = ()

    def content(self, place: str) -> ContentFile:
        """Return it as a file to be written at a content path."""
        return ContentFile(path=place, size=self.size, digest=self.digest, open=self.open)


def stored_key(inventory: Inventory, logical: str) -> str:
    """Return the key of a file of an object by its logical path."""
    return f"{object_place(inventory.id)}/{inventory.manifest[inventory.logical_paths()[logical]][0]}"


def own_file(logical: str, data: bytes) -> RemainingFile:
    """Return ``data`` as a file that stays."""
    digest = Digest.of(data, algorithm=SHA512)
    return RemainingFile(logical=logical, size=len(data), digest=digest, open=lambda: io.BytesIO(data))


def stored_file(there: Sequence[Stored], place: str, digest: Digest, logical: str = "") -> RemainingFile:
    """Return a file from the first storage that gives it back with its digest.

    Raises:
        VaultObjectDamaged: when none does.
    """
    name = logical or place
    for replica, inventory in there:
        for path in inventory.manifest.get(digest, ()):
            opener = partial(replica.storage.open, f"{object_place(inventory.id)}/{path}")
            try:
                found, size = digests_and_size(opener, digest.algorithm)
            except Failure:
                continue
            if digest in found:
                fixity = tuple(one for one, paths in inventory.fixity.items() if path in paths)
                places = (*inventory.manifest[digest], f"v1/{inventory.content_folder}/{name}")
                anywhere = partial(
                    _open_any, (replica, *(one for one, _ in there)), inventory.id, places, size
                )
                return RemainingFile(logical=name, size=size, digest=digest, open=anywhere, fixity=fixity)
    raise VaultObjectDamaged(file=logical or place, package=there[0][1].id)


def version_files(there: Sequence[Stored]) -> dict[str, RemainingFile]:
    """Return the inventories of the versions before the last one, and their digests, by path in the object.

    What has come into an object since it is without units are versions of their own.

    Raises:
        Failure: when the first storage does not give one back.
    """
    replica, newest = there[0]
    place, names = object_place(newest.id), (NAME, sidecar_name(newest))
    paths = [f"{version}/{name}" for version in [*newest.versions][:-1] for name in names]
    return {path: own_file(path, read_small(replica.storage, f"{place}/{path}")) for path in paths}


@contextmanager
def _open_any(
    replicas: Sequence[Replica], object_id: str, places: Sequence[str], size: int
) -> Iterator[BinaryIO]:
    """Open a file where it lies now: a storage that is done has it at its new place, and no other.

    Raises:
        StorageObjectMissing: when no storage has it any more; what the storage answered.
    """
    keys = [(one, f"{object_place(object_id)}/{place}") for one in replicas for place in places]
    for replica, key in keys:
        known = replica.storage.head(key)
        if known is not None and known.size == size:
            with replica.storage.open(key) as stream:
                yield stream
            return
    raise StorageObjectMissing(key=keys[0][1], storage=keys[0][0].entry.address)


def digests_and_size(opener: Opener, *algorithms: DigestAlgorithm) -> tuple[list[Digest], int]:
    """Return the digests of a file under ``algorithms``, and its size in bytes."""
    states, size = [one.new() for one in algorithms], 0
    with opener() as stream:
        for piece in chunks(stream):
            size += len(piece)
            for state in states:
                state.update(piece)
    return [Digest(one, state.digest()) for one, state in zip(algorithms, states, strict=True)], size
