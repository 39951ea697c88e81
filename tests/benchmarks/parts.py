"""What a split costs: ``python -m tests.benchmarks.parts [PATIENTS …] [--rounds N] [--folder FOLDER]``.

A practice is made for each size, with a file of some hundred bytes a patient, and sealed whole; a roster gives every
third patient to one receiver, the next to another, and the rest stays. Every round is a process of its own; the least
processor time counts. With ``--folder`` what was made there before is taken again.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from archiver.assembly.keyrings import KeyringRecipients
from archiver.assembly.request import ExportRequest
from archiver.handover.opening import OpenRequest
from archiver.operations.export import export
from archiver.operations.splitting.split_package import split_package
from archiver.operations.splitting.split_request import SplitReceiver, SplitRequest
from archiver.practice.store import open_store
from archiver.scope.rosters.roster import RosterLine, roster_bytes
from archiver.sealing.age import HybridIdentity
from archiver.signing.certificates.reading import read_roots, write_pem
from archiver.signing.trust.anchors import Trust
from formats.model.people import Patient
from tests.large import fill
from tests.packages import SIGNED, counted, signer

SIZES = (2_000, 20_000)
KEY = HybridIdentity(seed=b"k" * 32)
NAMES = ("Dr Anne Exemple", "Dr Paul Exemple")


def sealed(folder: Path, patients: int) -> None:
    """Make the practice, its whole package and the roster in ``folder``."""
    fill(folder / "practice.db", [[300]] * patients)
    with open_store(folder / "practice.db") as store:
        everybody = list(store.patients())
        request = ExportRequest(
            target=folder / "whole.asice",
            patients=tuple(one.id for one in everybody),
            access=KeyringRecipients(recipients=[KEY.to_recipient()]),
            signer=signer(),
            whole_practice=True,
        )
        export(store, request, clock=lambda: SIGNED, randomness=counted())
    (folder / "roots.pem").write_text(write_pem(signer().roots), encoding="ascii")
    lines = (_line(one, number % 3) for number, one in enumerate(everybody) if number % 3 < len(NAMES))
    (folder / "roster.csv").write_bytes(roster_bytes(lines))


def _line(patient: Patient, receiver: int) -> RosterLine:
    return RosterLine(
        line=0,
        patient_number=patient.identifiers[0].value,
        family_name=patient.traits.birth_family_name,
        given_name=patient.traits.birth_given_names[0],
        birth_date=patient.traits.birth_date,
        practitioner_rpps=NAMES[receiver],
    )


def measured(folder: Path, into: Path) -> dict[str, float]:
    """Split here; return processor and wall-clock seconds, and the peak of memory in MiB."""
    access = KeyringRecipients(recipients=[KEY.to_recipient()])
    believed = Trust(at=SIGNED, roots=read_roots(folder / "roots.pem"))
    request = SplitRequest(
        opening=OpenRequest(package=folder / "whole.asice", identities=[KEY], trust=believed),
        roster=folder / "roster.csv",
        receivers=[SplitReceiver(name=name, access=access, file=f"{name}.asice") for name in NAMES],
        rest=SplitReceiver(name="Reste", access=access, file="rest.asice"),
        folder=into,
        sender="Archives",
        signer=signer(),
        unsigned="essai",
    )
    started, spent = time.perf_counter(), _spent()
    split_package(request, clock=lambda: datetime.now(UTC), randomness=os.urandom)
    return {
        "spent": _spent() - spent,
        "wall": time.perf_counter() - started,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _spent() -> float:
    times = os.times()
    return times.user + times.system


def _another_process(folder: Path, into: Path) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.parts", "--one", str(folder), str(into)]
    done = subprocess.run(command, cwd=Path(__file__).parents[2], check=True, capture_output=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main() -> None:
    """Make the packages, split them in three, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("patients", nargs="*", type=int, default=SIZES)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--one", nargs=2, type=Path, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.one:
        print(json.dumps(measured(*chosen.one)))
        return
    print("Three packages out of one, the least of several rounds: processor, wall clock, peak of memory")
    for patients in chosen.patients:
        with tempfile.TemporaryDirectory() as made:
            folder = (chosen.folder or Path(made)) / f"practice-{patients}"
            if not folder.exists():
                folder.mkdir(parents=True)
                sealed(folder, patients)
            rounds = []
            for number in range(chosen.rounds):
                rounds.append(_another_process(folder, Path(made) / str(number)))
                shutil.rmtree(Path(made) / str(number))
        spent, wall, memory = (min(one[name] for one in rounds) for name in ("spent", "wall", "memory"))
        print(f"  {patients:>7,} patients {spent:8.2f} s {wall:8.2f} s {memory:8.0f} MiB", flush=True)


if __name__ == "__main__":
    main()
