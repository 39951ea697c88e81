"""Processor seconds of ``retention list`` and ``dossier check`` in a practice of 20,000 patients.

``python -m tests.benchmarks.compliance [--patients N] [--rounds N]``: the frozen store's patients again and again,
under new identities.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path

from tests.benchmarks.starting import PROGRAM, compile_all, seconds
from tests.history.stores import make

COPIED = (
    *("related_persons", "health_statements", "questionnaires", "perio_exams", "appointments", "acts"),
    *("documents", "devices", "prescriptions", "image_studies", "image_files", "consents"),
)
COMMANDS = (("retention", "list", "practice.db", "--json"), ("dossier", "check", "practice.db", "--json"))


def enlarge(store: Path, patients: int) -> int:
    """Copy the patients of ``store`` and what is recorded of them until there are ``patients``; return how many."""
    with closing(sqlite3.connect(store)) as db, db:
        (there,) = db.execute("SELECT count(*) FROM patients").fetchone()
        copies = range(1, -(-patients // there))
        db.executemany("CREATE TEMP TABLE IF NOT EXISTS copies AS SELECT ? AS copy WHERE FALSE", [(0,)])
        db.executemany("INSERT INTO copies VALUES (?)", [(f"-{one}",) for one in copies])
        for table in ("patients", "patients_identifiers", *COPIED):
            columns = [row[1] for row in db.execute(f"PRAGMA table_info([{table}])")]
            cells = (
                f"[{one}] || copy" if one in {"id", "patient", "owner"} else f"[{one}]" for one in columns
            )
            db.execute(f"INSERT INTO [{table}] SELECT {', '.join(cells)} FROM [{table}], copies")
        (made,) = db.execute("SELECT count(*) FROM patients").fetchone()
    return int(made)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--patients", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    compile_all()
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        count = enlarge(make(folder), asked.patients)
        print(f"{count} patients; least CPU s of {asked.rounds} runs")
        for command in COMMANDS:
            least = min(seconds((str(PROGRAM), *command), folder) for _ in range(asked.rounds))
            print(f"  {' '.join(command[:2]):<20} {least:6.2f}")


if __name__ == "__main__":
    main()
