"""Plain archives of a fictive dossier and practice, packed and unpacked."""

from __future__ import annotations

import hashlib
import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from formats.model.dossier import Dossier
from formats.pdlgc.practice.write import write_practice_archive
from formats.pdlgc.write import write_patient_archive
from tests.conformance.members import PRACTICE_RECORDS, PRACTICE_ROWS
from tests.full_dossier import full_dossier
from tests.unit.pdlgc.bodies import SENDER, Bodies, opener, with_files

EARLY, LATE = datetime(2026, 1, 5, 8, tzinfo=UTC), datetime(2026, 9, 1, 12, tzinfo=UTC)
DOSSIER, BODIES = with_files(full_dossier())


def archive(dossier: Dossier = DOSSIER, bodies: Bodies = BODIES, at: datetime = LATE) -> bytes:
    """Return the plain archive of a dossier."""
    target = io.BytesIO()
    write_patient_archive(dossier, target, open_attachment=opener(bodies), written_at=at, sender=SENDER)
    return target.getvalue()


def practice_archive(at: datetime = EARLY) -> bytes:
    target = io.BytesIO()
    write_practice_archive(PRACTICE_RECORDS, PRACTICE_ROWS, target, written_at=at, sender=SENDER)
    return target.getvalue()


def unpack(data: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        packed.extractall(folder)
    return folder


def sum_again(folder: Path, changed: Path, before: bytes) -> None:
    """Put the sum of ``changed`` into the list, where that of ``before`` stands."""
    sums = folder / "DATA" / "SHA256.TXT"
    old, new = (hashlib.sha256(data).hexdigest() for data in (before, changed.read_bytes()))
    sums.write_text(sums.read_text("utf-8").replace(old, new), "utf-8")


def lay_archives(folder: Path, dossier: Dossier = DOSSIER) -> Path:
    """Lay an unpacked dossier into ``folder``, and three files beside it; return the folder."""
    unpack(archive(dossier), folder / "dossier")
    for number in range(3):
        (folder / f"{number}.bin").write_bytes(b"of nobody")
    return folder
