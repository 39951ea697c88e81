"""The official archive of a practice: ``python -m tests.benchmarks.delivering [PATIENTS …]``.

Prints, for practices of so many patients made from the seed of the samples (``tests.benchmarks.practices``), how many
dossiers a second ``deliver --as pdlgc`` writes, in processor and in elapsed time, and the peak of its memory. There
are no files but the documents of the sample, and no readable copies.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tests.benchmarks.contenders import PROGRAM, Contender
from tests.benchmarks.practices import large_practice

ROWS_OF_PATIENT = 27
"""Rows for each patient of the sample."""


def measure(folder: Path, patients: int) -> None:
    """Collect a practice of about ``patients`` patients, and hand all of it over."""
    large_practice(folder / "source.sqlite", patients * ROWS_OF_PATIENT)
    Contender(
        name="collect",
        group="delivering",
        command=(PROGRAM, "collect", "opendental", "source.sqlite", "--into", "practice.db"),
        codes=(0, 4),
    ).run(folder)
    with closing(sqlite3.connect(folder / "practice.db")) as store:
        ((count,),) = store.execute("SELECT count(*) FROM patients")
    one = Contender(
        name="deliver",
        group="delivering",
        command=(
            *(PROGRAM, "deliver", "practice.db", "--all", "--as", "pdlgc", "--no-pdf", "--to", "official"),
            *("--signer", "keys/signer.p12", "--by", "Anne Exemple", "--receiver", "Cabinet Exemple"),
        ),
    )
    one.run(folder)
    (archive,) = (folder / "official").iterdir()
    cpu, wall = one.cpu[-1], one.seconds[-1]
    print(
        f"{count:7} dossiers {count / wall:8.1f}/s {count / cpu:8.1f}/CPU s {wall:8.1f} s "
        f"{one.memory / 1024:8.1f} MiB {archive.stat().st_size / count / 1024:8.1f} KiB/dossier",
        flush=True,
    )


def main() -> None:
    """Measure practices of each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", type=int, nargs="*", default=[500, 5000])
    for patients in parser.parse_args().patients:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            keys = ("keys", "new", "keys", "--name", "Dr Malo Kerbrat", "--no-passphrase")
            Contender(name="keys", group="delivering", command=(PROGRAM, *keys)).run(folder)
            measure(folder, patients)


if __name__ == "__main__":
    main()
