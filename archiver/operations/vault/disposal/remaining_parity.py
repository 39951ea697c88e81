"""Parity of the files of a package that lost units: part of what stays, made before anything is removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from archiver import temporary_files
from archiver.operations.vault.disposal.remaining_files import RemainingFile, digests_and_size, stored_key
from archiver.operations.vault.fetch import Stored, find_stored
from archiver.operations.vault.parity import made_parity
from archiver.vault.disposal.destruction import RequestedPackage
from archiver.vault.disposal.unit_tombstone import given_path, reduced_path, unit_tombstones
from archiver.vault.journal.acts import DESTRUCTION_FACT, parity_entry
from archiver.vault.journal.entry import JournalEntry
from archiver.vault.open_vault import Vault
from archiver.vault.stored_parity import deposited_files, protected_files, redundancy_percent
from formats.digests import SHA512
from formats.ocfl.layout import object_place
from formats.regular_files import open_regular


def parity_of_reduced(
    vault: Vault, before: Stored, made: Mapping[str, RemainingFile], stack: ExitStack
) -> Iterator[RemainingFile]:
    """Yield the parity of the files that were ``made`` in the place of others, by the logical path of these.

    The same bytes have it once. It has the redundancy that the parity of the older file has, or without any that which
    the vault promises. What it is made of lies in a private folder until the ``stack`` closes.

    Raises:
        ExtraMissing, ParityFailed: when the program cannot be run; DiskFull, DiskFault.
    """
    replica, inventory = before
    deposited, protected = deposited_files(inventory), protected_files(inventory)
    parity = {deposited[path]: paths for path, paths in protected.items()}
    done = set()
    for logical, one in made.items():
        if one.digest in done:
            continue
        done.add(one.digest)
        paths = parity.get(inventory.logical_paths()[logical], ())
        known = replica.storage.head(stored_key(inventory, logical)) if paths else None
        percent = redundancy_percent(paths, known.size) if known else vault.description.parity_percent
        if percent:
            folder = stack.enter_context(temporary_files.scratch()) / "parity"
            files = made_parity(folder, inventory.id, one.logical, one.digest, [one.open], percent=percent)
            for target, path in sorted(files.items()):
                opener = partial(open_regular, path)
                (digest,), size = digests_and_size(opener, SHA512)
                yield RemainingFile(logical=target, size=size, digest=digest, open=opener)


def parity_entries(
    vault: Vault, packages: Iterable[RequestedPackage], destruction: str
) -> Iterator[JournalEntry]:
    """Yield what the journal says of the parity of those of ``packages`` that lost units in a ``destruction``.

    Raises:
        VaultStatementInvalid, Failure: what a storage answered.
    """
    for package in packages:
        found = find_stored(vault, package.object_id)[0] if package.only else []
        for replica, inventory in found[:1]:
            number, there = len(unit_tombstones(inventory)), inventory.logical_paths()
            protected = {
                path: paths
                for path, paths in protected_files(inventory).items()
                if path == reduced_path(given_path(path), number)
            }
            place = object_place(inventory.id)
            sizes = dict[str, int]()
            for path in (*protected, *(one for paths in protected.values() for one in paths)):
                known = replica.storage.head(f"{place}/{inventory.manifest[there[path]][0]}")
                sizes[path] = known.size if known else 0
            if protected:
                percent = min(redundancy_percent(paths, sizes[path]) for path, paths in protected.items())
                size = sum(sizes[one] for paths in protected.values() for one in paths)
                entry = parity_entry(package.object_id, files=len(protected), size=size, percent=percent)
                yield replace(entry, facts={**entry.facts, DESTRUCTION_FACT: destruction})
