"""What a dossier's seal costs without this or that: ``python -m tests.benchmarks.stages STORE [--count N]``.

Ordinary dossiers are sealed again and again in one process, first as they are,
then with the page, the bundle, the records and the list of names made
beforehand, one more each time. The last line is what remains when everything
the interpreter writes is free: reading files, deflate, hashing, key derivation,
cipher, and the frames around them.
"""

from __future__ import annotations

import argparse
import gc
import io
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver import temporary_files
from archiver.assembly.seal import SealTask, Writing, seal_dossier
from archiver.practice.store import PracticeStore, open_store
from archiver.sealing.unit import new_passphrase, new_salt
from archiver.worker_pool import OBJECTS_BETWEEN_CYCLES
from formats.pdlgc import write
from formats.pdlgc.sender import Sender
from formats.pdlgc.unit_place import SALT_BYTES, salt_text

FIRST, ROUNDS = 200, 3
"""Dossiers passed over at the beginning, which have the volumes and panoramics; rounds through the others."""
WRITING = Writing(written_at=datetime(2026, 1, 1, tzinfo=UTC), sender=Sender(name="Benchmark"))


class Remembering:
    """A function whose outcome for one dossier is made once."""

    def __init__(self, function: Callable[..., Any], keep: Callable[[Any], Any]) -> None:
        self._function = function
        self._keep = keep
        self._made: dict[str, Any] = {}

    def __call__(self, dossier: Any, *arguments: Any, **named: Any) -> Any:
        key = dossier if isinstance(dossier, str) else dossier.patient.id
        if key not in self._made:
            self._made[key] = self._keep(self._function(dossier, *arguments, **named))
        return self._made[key]


@contextmanager
def replaced(owner: Any, name: str, by: Any) -> Iterator[None]:
    """Let ``owner`` have another ``name`` inside the block."""
    before = getattr(owner, name)
    setattr(owner, name, by)
    try:
        yield
    finally:
        setattr(owner, name, before)


def bundles(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``write_bundle`` with the bytes and counts of each dossier remembered."""

    def once(dossier: Any, *, written_at: datetime) -> tuple[bytes, Any]:
        stream = io.BytesIO()
        return (stream, function(dossier, stream, written_at=written_at))

    memoized = Remembering(once, lambda made: (made[0].getvalue(), made[1]))

    def written(dossier: Any, target: Any, *, written_at: datetime) -> Any:
        data, counts = memoized(dossier, written_at=written_at)
        target.write(data)
        return counts

    return written


def table(_: Iterable[str], rows: Iterable[tuple[str, ...]]) -> list[bytes]:
    """Stand for the writer of a table whose rows were made beforehand."""
    del rows
    return [b"x" * 3900]


def milliseconds(store: PracticeStore, patients: list[str], slot: Path) -> tuple[float, float]:
    """Return the tenth percentile and the median of the processor milliseconds for one dossier."""
    chance = random.Random(1).randbytes
    spent = []
    for turn in range(ROUNDS + 1):
        for patient in patients:
            task = SealTask(
                patient=patient,
                unit="patient",
                member="PAT00001.ZIP",
                passphrase=new_passphrase(chance),
                salt=new_salt(chance),
                leaf_salt=salt_text(chance(SALT_BYTES)),
                place=slot,
            )
            started = time.process_time()
            seal_dossier(store, task, WRITING)
            if turn:  # the first fills what is remembered
                spent.append(1e3 * (time.process_time() - started))
    return statistics.quantiles(spent, n=10)[0], statistics.median(spent)


def main() -> None:
    """Seal, take one stage away after the other, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--count", type=int, default=200)
    chosen = parser.parse_args()
    with (
        open_store(chosen.store, reading=True) as store,
        tempfile.TemporaryDirectory() as folder,
        temporary_files.temporary_path(Path(folder)) as slot,
    ):
        patients = [one.id for one in store.patients()][FIRST : FIRST + chosen.count]
        gc.freeze()
        gc.set_threshold(OBJECTS_BETWEEN_CYCLES)
        stages = (
            ("the page made beforehand", write, "index_page", Remembering(write.index_page, list)),
            ("and the bundle", write, "write_bundle", bundles(write.write_bundle)),
            ("and the records", store, "dossier", Remembering(store.dossier, lambda made: made)),
            ("and the list of names", write, "write_table", table),
        )
        print("processor milliseconds for one dossier: tenth percentile, median")
        _measured("all in turn", store, patients, slot, stages)


def _measured(
    title: str, store: PracticeStore, patients: list[str], slot: Path, left: tuple[Any, ...]
) -> None:
    low, median = milliseconds(store, patients, slot)
    print(f"  {title:<28} {low:6.2f} {median:6.2f}", flush=True)
    if left:
        (title, owner, name, by), *rest = left
        with replaced(owner, name, by):
            _measured(title, store, patients, slot, tuple(rest))


if __name__ == "__main__":
    main()
