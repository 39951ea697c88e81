"""From the source to the official archive: ``python -m tests.benchmarks.delivering [PATIENTS …] [--folder FOLDER]``.

Prints, for practices of so many patients made from the seed of the samples (``tests.benchmarks.practices``), how many
dossiers a second ``collect opendental`` and then ``deliver --as pdlgc`` take in and write, in elapsed and in processor
time, the peak of the memory of each, and what lies on the disk. There are no files but the documents of the sample, and
no readable copies; over 99,999 patients there are several archives. Memory is flat when the peak stays what it was.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from tests.benchmarks.contenders import PROGRAM, Contender, load, size_of
from tests.benchmarks.practices import large_practice

ROWS_OF_PATIENT = 27
"""Rows for each patient of the sample."""
WHO = ("--by", "Anne Exemple", "--receiver", "Cabinet Exemple")


def measure(folder: Path, patients: int) -> None:
    """Collect a practice of about ``patients`` patients, hand all of it over, and count what came of it."""
    large_practice(folder / "source.sqlite", patients * ROWS_OF_PATIENT)
    collect = _run(folder, "collect", "opendental", "source.sqlite", "--into", "practice.db", codes=(0, 4))
    with closing(sqlite3.connect(folder / "practice.db")) as store:
        ((count,),) = store.execute("SELECT count(*) FROM patients")
    _show(collect, count, size_of(folder / "practice.db"))
    command = ("deliver", "practice.db", "--all", "--as", "pdlgc", "--no-pdf", "--to", "official")
    deliver = _run(folder, *command, "--signer", "keys/signer.p12", *WHO)
    _show(deliver, count, size_of(folder / "official"))
    archives = len(list((folder / "official").iterdir()))
    print(f"{count:7,} dossiers in {archives} archives; load at the end: {load()}", flush=True)


def _run(folder: Path, name: str, *words: str, codes: Sequence[int] = (0,)) -> Contender:
    one = Contender(name=name, group="delivering", command=(PROGRAM, name, *words), codes=codes)
    one.run(folder)
    return one


def _show(one: Contender, count: int, size: int) -> None:
    cpu, wall = one.cpu[-1], one.seconds[-1]
    print(
        f"{count:7,} {one.name:8} {count / wall:8.1f}/s {count / cpu:8.1f}/CPU s {wall:8.1f} s "
        f"{one.memory / 1024:8.1f} MiB {size / count / 1024:8.1f} KiB/dossier",
        flush=True,
    )


def main() -> None:
    """Measure practices of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", type=int, nargs="*", default=[500, 5000])
    parser.add_argument("--folder", type=Path, help="where to work: some 130 KiB a patient")
    chosen = parser.parse_args()
    print(f"load at the start: {load()}")
    for patients in chosen.patients:
        with tempfile.TemporaryDirectory(dir=chosen.folder) as name:
            folder = Path(name)
            _run(folder, "keys", "new", "keys", "--name", "Dr Malo Kerbrat", "--no-passphrase")
            measure(folder, patients)


if __name__ == "__main__":
    main()
