"""Repair of one object of a storage, in the order in which least is trusted.

1. What lies there is read whole; where it is what it should be, nothing is done.
2. The damaged bytes stay: as the older version where the storage has versions, else under a name aside.
3. A replica that is whole, or a file of another name with the same bytes (swapped files), is copied.
4. Else PAR2 takes what is sound of every copy and of every parity file there is.
5. Else nothing is written, and what is lost is told.

A digest decides, never the program that repaired; what was mended is stored as a newer version, which the storage
reads back. Ranges that a storage does not give are zeros, so that what lies behind them counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import BinaryIO

from archiver.parity.repair import digest_of_copy, repair_by_parity
from archiver.storage.errors import StorageObjectExists
from archiver.storage.storage import RetentionLock, Storage
from archiver.temporary_files import scratch
from formats.digests import Digest, chunks
from formats.errors import Failure
from formats.regular_files import open_regular

RANGE_BYTES = 4 << 20
"""Bytes asked for at a time of a damaged copy: what SeaweedFS stores, and loses, together."""
SLOW_SECONDS = 1.0
"""How long a refusal may take to be asked again in steps of ``SMALL_BYTES``: SeaweedFS refuses after 13 s."""
SMALL_BYTES = 64 << 10
"""Bytes that are given up together where a storage does not give them."""
MAX_REFUSED = 8
"""Small ranges one after the other that a storage refuses, until the rest of the longer one is given up, too."""
DAMAGED = "extensions/archiver-damaged/"
"""How the keys of damaged copies begin in a storage without versions: beside the objects of an OCFL storage root."""


class RepairMethod(StrEnum):
    """How an object came to be whole, or did not."""

    SOUND = "sound"
    REPLICA = "replica"
    OTHER_NAME = "other-name"
    PARITY = "parity"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairRequest:
    """What is to be whole: the object ``key`` in the first of ``storages``; the others are replicas.

    ``size`` in bytes where it is known; the digest decides.

    ``parity`` are the keys of its parity files, ``elsewhere`` keys under which its bytes may lie as well.
    """

    key: str
    digest: Digest
    storages: Sequence[Storage]
    parity: Sequence[str] = ()
    elsewhere: Sequence[str] = ()
    size: int | None = None
    lock: RetentionLock | None = None
    damaged_prefix: str = DAMAGED


@dataclass(frozen=True, kw_only=True, slots=True)
class RepairOutcome:
    """What became of it: ``source`` counts the storage it came from, ``damaged`` is where the damaged bytes stay.

    Of what is lost, ``found`` of ``blocks`` data blocks are sound; both are 0 where no parity could be read. ``unfit``
    counts parity files that name another file, and were not used.
    """

    key: str
    method: RepairMethod
    source: int = 0
    damaged: str = ""
    found: int = 0
    blocks: int = 0
    unfit: int = 0


def repair_object(request: RepairRequest) -> RepairOutcome:
    """Make the object whole in the first storage, if it can be.

    Raises:
        StorageUnreachable: when the first storage does not answer at all: nothing says then that its copy is damaged.
        ExtraMissing: when parity is needed and its program is not there.
        StorageRefused, StorageDigestMismatch, DiskFull, DiskFault: when what was mended cannot be stored.
    """
    target = request.storages[0]
    present = target.head(request.key)
    if _sound_size(target, request.key, request) is not None:
        return RepairOutcome(key=request.key, method=RepairMethod.SOUND)
    for number, storage, key, method in _places(request):
        size = _sound_size(storage, key, request)
        if size is not None:
            damaged = _preserve(request) if present else ""
            with storage.open(key) as stream:
                _store(request, stream, size)
            return RepairOutcome(key=request.key, method=method, source=number, damaged=damaged)
    return _by_parity(request, present=present is not None)


def _places(request: RepairRequest) -> Iterator[tuple[int, Storage, str, RepairMethod]]:
    """Yield where the same bytes may lie: the replicas, then other names of the right size."""
    for number, storage in enumerate(request.storages[1:], start=1):
        yield number, storage, request.key, RepairMethod.REPLICA
    for number, storage in enumerate(request.storages):
        for key in request.elsewhere:
            yield number, storage, key, RepairMethod.OTHER_NAME


def _sound_size(storage: Storage, key: str, request: RepairRequest) -> int | None:
    """Return the size of what is under ``key`` if it has that digest; what a storage does not give is not sound."""
    state = request.digest.algorithm.new()
    try:
        known = storage.head(key)
        if known is None or request.size not in {None, known.size}:
            return None
        with storage.open(key) as stream:
            for piece in chunks(stream):
                state.update(piece)
    except Failure:
        return None
    return known.size if state.digest() == request.digest.value else None


def _store(request: RepairRequest, stream: BinaryIO, size: int) -> None:
    request.storages[0].put(
        request.key,
        stream,
        size=size,
        digest=request.digest,
        lock=request.lock,
        supersede=True,
    )


def _preserve(request: RepairRequest) -> str:
    """Keep the damaged bytes of the first storage; return their version, or the key of a copy of them."""
    target = request.storages[0]
    known = target.head(request.key)
    if known is None:
        return ""
    if known.version:
        return known.version
    with scratch() as folder:
        copy = folder / "damaged"
        _salvage(target, request.key, copy)
        digest, size = digest_of_copy(copy, request.digest), copy.stat().st_size
        key = f"{request.damaged_prefix}{request.key}.{digest.hex[:16]}"
        with suppress(StorageObjectExists), open_regular(copy) as stream:
            target.put(key, stream, size=size, digest=digest, lock=request.lock)
    return key


def _by_parity(request: RepairRequest, *, present: bool) -> RepairOutcome:
    """Mend the object by parity from what is sound of every copy."""
    name = Path(request.key).name
    with scratch() as folder:
        parity = list(_fetch_parity(request, folder, name))
        copies = list(_fetch_copies(request, folder, name))
        mended = repair_by_parity(folder, name, request.digest, parity=parity, copies=copies)
        if mended.path is None:
            return RepairOutcome(
                key=request.key,
                method=RepairMethod.LOST,
                found=mended.found,
                blocks=mended.blocks,
                unfit=mended.unfit,
            )
        damaged = _preserve(request) if present else ""
        with open_regular(mended.path) as stream:
            _store(request, stream, mended.path.stat().st_size)
    return RepairOutcome(
        key=request.key,
        method=RepairMethod.PARITY,
        damaged=damaged,
        found=mended.found,
        blocks=mended.blocks,
        unfit=mended.unfit,
    )


def _fetch_copies(request: RepairRequest, folder: Path, name: str) -> Iterator[Path]:
    """Fetch what every storage gives of the object; the first one's copy has its ``name``."""
    for number, storage in enumerate(request.storages):
        path = folder / (f"{name}.copy{number}" if number else name)
        with suppress(Failure):
            if storage.head(request.key) is not None:
                _salvage(storage, request.key, path)
                yield path


def _fetch_parity(request: RepairRequest, folder: Path, name: str) -> Iterator[Path]:
    """Fetch every parity file of every storage, damaged or not: PAR2 takes the packets that are sound."""
    for number, storage in enumerate(request.storages):
        for place, key in enumerate(request.parity):
            path = folder / f"{name}.{number}-{place}.par2"
            with suppress(Failure):
                if storage.head(key) is not None:
                    _salvage(storage, key, path)
                    yield path


def _salvage(storage: Storage, key: str, path: Path) -> None:
    """Write into the new file ``path`` what the storage gives of ``key``, and zeros where it gives nothing."""
    known = storage.head(key)
    size = known.size if known else 0
    with path.open("wb") as target:
        for start in range(0, size, RANGE_BYTES):
            length = min(RANGE_BYTES, size - start)
            asked = monotonic()
            piece = _range(storage, key, start, length)
            if piece is None and monotonic() - asked > SLOW_SECONDS:
                piece = bytes(length)
            if piece is not None:
                target.write(piece)
                continue
            refused = 0
            for at in range(start, start + length, SMALL_BYTES):
                count = min(SMALL_BYTES, start + length - at)
                small = _range(storage, key, at, count) if refused < MAX_REFUSED else None
                refused = refused + 1 if small is None else 0
                target.write(bytes(count) if small is None else small)


def _range(storage: Storage, key: str, start: int, length: int) -> bytes | None:
    try:
        with storage.open(key, start, length) as stream:
            piece = stream.read(length)
    except Failure:
        return None
    return piece.ljust(length, b"\0")
