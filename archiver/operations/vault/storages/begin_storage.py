"""Begin a storage, of a new vault or of one in service: its address, what a probe says, an empty storage root."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from archiver.storage.address import read_address
from archiver.storage.credentials import read_credentials
from archiver.storage.errors import StorageLockUnheld
from archiver.storage.probing.probe import LOCKED, PLACE as PROBES, ProbeRequest, probe_storage
from archiver.storage.probing.report import ProbeOutcome
from archiver.storage.storage import Storage
from archiver.vault.description import Hosting, StorageEntry
from archiver.vault.errors import HostingUnexplained, StorageOccupied
from archiver.vault.journal.places import PREFIX as JOURNAL
from archiver.vault.objects import read_small
from formats.digests import SHA512, Digest
from formats.ocfl.layout import root_files
from formats.words import mark

MAX_BEGUN = 16
"""Files that are looked at beside the object of the vault, a probe and a journal; a storage root has three."""


def refuse_unexplained(hosting: Hosting) -> None:
    """Refuse a host of whom neither a certificate nor a reason is stated.

    Raises:
        HostingUnexplained.
    """
    if not (hosting.certificate and hosting.until) and not hosting.reason:
        raise HostingUnexplained


def storage_address(storage: Path | str, folder: Path) -> str:
    """Return the address of a storage: relative where it lies in the vault's ``folder``, so that it can be moved.

    Raises:
        StorageAddressInvalid: when it is none.
    """
    place = read_address(str(storage))
    if not isinstance(place, Path):
        return str(place)
    absolute, inside = place.absolute(), folder.absolute()
    if absolute != inside and absolute.is_relative_to(inside):
        return absolute.relative_to(inside).as_posix()
    return str(absolute)


def probed_entry(
    entry: StorageEntry, credentials: Path | None, unlocked: str, *, clock: Callable[[], datetime]
) -> StorageEntry:
    """Return ``entry`` with what a probe of it says; a folder has no locks, and is not asked.

    Raises:
        StorageLockUnheld: when a bucket does not lock, and no ``unlocked`` says why it is taken all the same.
    """
    place = read_address(entry.address)
    if isinstance(place, Path):
        return entry
    account = read_credentials(credentials, os.environ, entry.name)
    report = probe_storage(ProbeRequest(address=place, credentials=account), clock=clock)
    if report.outcome is ProbeOutcome.ENFORCED:
        return replace(entry, locks=True)
    if not unlocked:
        reason = mark("a probe does not find that it does; --unlocked says why it is taken all the same")
        raise StorageLockUnheld(storage=entry.address, key=mark("anything"), reason=reason)
    locked = any(one.id == LOCKED and one.outcome is ProbeOutcome.ENFORCED for one in report.results)
    return replace(entry, locks=locked, unlocked=unlocked)


def write_root(storage: Storage, address: str, own: str = "") -> None:
    """Write an empty storage root; what an unfinished command wrote of it, and of its ``own`` object, is the beginning.

    Raises:
        StorageOccupied: when anything else lies there; DiskFull, DiskFault and others: what the storage answered.
    """
    files = root_files()
    passed = (f"{own}/", f"{PROBES}/", JOURNAL) if own else (f"{PROBES}/",)
    others = (one.key for one in storage.list() if not one.key.startswith(passed))
    there = set(islice(others, MAX_BEGUN))
    foreign = [key for key in sorted(there) if key not in files or read_small(storage, key) != files[key]]
    if foreign:
        raise StorageOccupied(storage=address, key=foreign[0])
    for key, data in files.items():
        if key not in there:
            digest = Digest.of(data, algorithm=SHA512)
            storage.put(key, io.BytesIO(data), size=len(data), digest=digest)
