"""Storages of a vault are different places: two names of one folder, or a folder within another, are one copy."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

from archiver.storage.address import SCHEME
from archiver.vault.errors import StorageShared


def refuse_shared(folder: Path, addresses: Iterable[str]) -> None:
    """Refuse storages of which one is another one, or lies in it; a relative address is so to the vault's ``folder``.

    Links are followed. Two folders of one disk are two places here: which disk they are on, nobody can see for sure.

    Raises:
        StorageShared: which two are one.
    """
    for first, second in itertools.permutations(addresses, 2):
        inner, outer = _place(folder, first), _place(folder, second)
        if inner == outer or inner.startswith(f"{outer}/"):
            raise StorageShared(storage=first, other=second)


def _place(folder: Path, address: str) -> str:
    if address.startswith(SCHEME):
        return address.partition("?")[0].rstrip("/")
    return (folder / address).resolve().as_posix()
