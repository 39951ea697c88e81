"""Terms of the units of a stored package, read from the manifests of all its revisions; no key is needed.

A vault knows units by their identifiers alone, which are random: whose dossier one is, the sealed keyring says.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from archiver.package import layout
from archiver.package.archive import find_member, member_names
from archiver.package.manifests.manifest_reading import read_manifest
from archiver.storage.storage import Storage
from archiver.vault.open_vault import Replica
from formats.digests import Digest
from formats.ocfl.inventory import Inventory
from formats.ocfl.layout import object_place

REVISION = "revision-"
"""How the logical path of a deposited file begins."""
PACKAGE = ".asice"
READ_AHEAD = 1 << 20
"""Bytes that are asked for at a time: the directory at the end of a package, and its manifest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UnitTerm:
    """A unit: from which ``volume`` (a file name) it is, from when it may be destroyed, whether it is held.

    ``package`` is the identifier of the package in that file; ``size`` in bytes and SHA-256 are those of its member.
    """

    unit: str
    volume: str
    package: str
    size: int
    digest: Digest
    destroy_from: date | None
    hold: bool

    def ends(self, on: date) -> bool:
        """Tell whether its term has ended on a day, and no manifest holds it."""
        return not self.hold and self.destroy_from is not None and self.destroy_from <= on


def unit_terms(replica: Replica, inventory: Inventory) -> Mapping[str, UnitTerm]:
    """Return the units that are in the object of ``inventory``: the longest term of all revisions, by identifier.

    Raises:
        ManifestInvalid, ZipRefused and others: when a package cannot be read; what the storage answered.
    """
    units: dict[str, UnitTerm] = {}
    place = object_place(inventory.id)
    for logical, digest in sorted(inventory.logical_paths().items()):
        if logical.startswith(REVISION) and logical.endswith(PACKAGE):
            key = f"{place}/{inventory.manifest[digest][0]}"
            for one in _units(replica.storage, key, PurePosixPath(logical).name):
                units[one.unit] = _longest(units.get(one.unit), one)
    return units


def _longest(before: UnitTerm | None, one: UnitTerm) -> UnitTerm:
    if before is None:
        return one
    days = (before.destroy_from, one.destroy_from)
    latest = None if None in days else max(day for day in days if day)
    return replace(one, destroy_from=latest, hold=before.hold or one.hold)


def _units(storage: Storage, key: str, name: str) -> Iterator[UnitTerm]:
    with closing(read_ahead(StoredFile(storage, key))) as whole:
        place = find_member(whole, layout.MANIFEST)
        there = member_names(whole)
    if place is None:
        return  # the file of a set: its volumes have the units
    with closing(read_ahead(StoredFile(storage, key, *place))) as stream:
        manifest = read_manifest(stream)
    for unit in manifest.units:
        if unit.member in there:
            yield UnitTerm(
                unit=unit.id,
                volume=name,
                package=manifest.package_id,
                size=unit.size,
                digest=unit.digest,
                destroy_from=unit.destroy_from,
                hold=unit.hold,
            )


def read_ahead(file: StoredFile) -> BinaryIO:
    """Return a file in a storage as a stream that reads ahead."""
    return cast("BinaryIO", io.BufferedReader(file, READ_AHEAD))


class StoredFile(io.RawIOBase):
    """``size`` bytes of a file in a storage from ``start`` on, read by ranges: the rest of it costs nothing."""

    def __init__(self, storage: Storage, key: str, start: int = 0, size: int | None = None) -> None:
        if size is None:
            known = storage.head(key)
            size = known.size - start if known else 0
        self._storage, self._key, self._start = storage, key, start
        self._size, self._place = size, 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that any place of it can be read."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence]
        self._place = max(0, start + offset)
        return self._place

    def tell(self) -> int:
        """Return the place that is read next."""
        return self._place

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        """Read into ``buffer``; return how many bytes."""
        wanted = min(len(buffer), self._size - self._place)
        if wanted <= 0:
            return 0
        with self._storage.open(self._key, self._start + self._place, wanted) as stream:
            piece = stream.read(wanted)
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)
