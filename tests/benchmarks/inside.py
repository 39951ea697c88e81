"""How long things take once the program has started: ``python -m tests.benchmarks.inside WHAT PACKAGE KEYS``.

Prints the seconds, and nothing else. WHAT is one of

sha256   all bytes of PACKAGE through SHA-256 on all cores, by the faster of hashlib and cryptography
examine  the whole examination without any key
read     every unit authenticated, decrypted, compared with the keyring, inflated, every member's sum checked
unlock   the keyring opened and compared with the package, the examination left out
one      one dossier opened and read, of a package that is examined and unlocked
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256, Hash

from archiver.handover.opening import UnlockedPackage, unlock
from archiver.package.checks.check_package import check
from archiver.sealing.unsealing import open_entry
from formats.pdlgc.contents import ArchiveContents
from formats.pdlgc.read import read_patient_archive
from tests.benchmarks.packages import identities_of, opened_with, trust_of

PIECE = 256 << 10
CORES = os.cpu_count() or 1


def sha256(package: Path, _keys: Path) -> float:
    """Hash as many equal parts as there are cores, each in a thread, and take the faster library."""
    return min(_hashing(package, hashlib.sha256), _hashing(package, lambda: Hash(SHA256())))


def _hashing(package: Path, new: Callable[[], Any]) -> float:
    share = -(-package.stat().st_size // CORES)

    def part(number: int) -> None:
        digest, buffer, left = new(), memoryview(bytearray(PIECE)), share
        with package.open("rb", buffering=0) as stream:
            stream.seek(number * share)
            while left and (taken := stream.readinto(buffer[: min(left, PIECE)])):
                digest.update(buffer[:taken])
                left -= taken

    with ThreadPoolExecutor(CORES) as pool:
        return _timed(lambda: list(pool.map(part, range(CORES))))[0]


def examine(package: Path, keys: Path) -> float:
    """Examine as ``archiver verify`` does."""
    return _timed(lambda: check(package, trust_of(keys)))[0]


def read(package: Path, keys: Path) -> float:
    """Read everything on all cores, the examination included."""

    def everything() -> int:
        _here["package"] = opened_with(package, keys)  # a forked process finds it; it need not be sent
        numbers = range(len(_here["package"].keyring.entries))
        with multiprocessing.get_context("fork").Pool(CORES) as pool:
            return sum(pool.imap_unordered(_read_unit, numbers, chunksize=4))

    return _timed(everything)[0]


def open_keyring(package: Path, keys: Path) -> float:
    """Open the keyring of a package that is examined already."""
    found = opened_with(package, keys)
    return _timed(lambda: unlock(found.package, identities_of(keys)))[0]


def one(package: Path, keys: Path) -> float:
    """Open one dossier and read its records."""
    found = opened_with(package, keys)
    entry = next(entry for entry in found.keyring.entries if entry.patient)

    def dossier() -> str:
        with found.package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
            return read_patient_archive(plain).dossier.patient.id

    return _timed(dossier)[0]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    outcome = work()
    return time.perf_counter() - started, outcome


_here: dict[str, UnlockedPackage] = {}


def _read_unit(number: int) -> int:
    total, entry = 0, _here["package"].keyring.entries[number]
    with _here["package"].package.unit(entry.unit) as sealed, open_entry(sealed, entry) as plain:
        contents = ArchiveContents(plain)
        for name in contents.names:
            with contents.open(name) as member:
                while piece := member.read(PIECE):
                    total += len(piece)
    return total


WHAT = {"sha256": sha256, "examine": examine, "read": read, "unlock": open_keyring, "one": one}

if __name__ == "__main__":
    name, package, keys = sys.argv[1:]
    print(f"{WHAT[name](Path(package), Path(keys)):.4f}")
