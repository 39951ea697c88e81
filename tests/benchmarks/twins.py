"""What readable copies cost: ``python -m tests.benchmarks.twins [--rounds N] [--keep FOLDER]``.

The sample practice, as an archive of each of its patients has it: documents that are made of the dossier, pictures,
letters, scans. Then one kind at a time: a photograph of 12 million pixels, a PDF file of 20 pages, a megabyte of notes.
Seconds are processor seconds, of the one process that makes the copies and of this one; ``--keep`` writes what is made.
"""

from __future__ import annotations

import argparse
import io
import multiprocessing
import resource
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from archiver.cli.exits import INCOMPLETE
from archiver.practice.store import open_store
from archiver.twins.press import TwinPress
from formats.model.dossier import Dossier
from formats.pdlgc.subset.documents import SubsetDocument
from samples.story.book import build_sqlite
from tests.benchmarks.practices import SAMPLE
from tests.copies import documents_of, original
from tests.full_dossier import full_dossier
from tests.journeys.program import PROGRAM

Work = tuple[Dossier, Sequence[SubsetDocument], Callable[[str], io.BufferedIOBase]]
"""A dossier, its documents, and what opens their files."""
MIB = 1 << 20


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=3)
    asked.add_argument("--keep", type=Path)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = sample_store(folder)
        report("sample practice", lambda: of_store(store), options.rounds, keep=options.keep)
        report("  again, from the cache", lambda: of_store(store), options.rounds, cache=folder / "cache")
    for title, file in [] if options.keep else FILES.items():
        content = file()
        report(title, lambda named=(title, content): of_file(*named), options.rounds)


def sample_store(folder: Path) -> Path:
    """Make the practice store of the sample practice."""
    build_sqlite(SAMPLE.read_text(encoding="utf-8"), folder / "source.sqlite")
    images = SAMPLE.parent / "images"
    command = (PROGRAM, "collect", "opendental", folder / "source.sqlite", "--images", images)
    done = subprocess.run([*command, "--into", folder / "p.db"], check=False, capture_output=True)
    assert done.returncode in {0, INCOMPLETE}, done.stderr
    return folder / "p.db"


def of_store(path: Path) -> Iterator[Work]:
    with open_store(path) as store:
        for patient in store.patients():
            dossier = store.dossier(patient.id)
            yield dossier, documents_of(dossier), store.attachments.open


def of_file(title: str, content: bytes) -> Iterator[Work]:
    dossier = full_dossier()
    for number in range(5):
        other = content + b" " * number
        document = original(dossier, f"{title}.{number}", other)
        yield dossier, [document], lambda _, one=other: io.BytesIO(one)


def photograph() -> bytes:
    random = np.random.default_rng(1)
    small = Image.fromarray(random.integers(0, 255, (60, 80, 3), dtype="uint8"))
    target = io.BytesIO()
    small.resize((4000, 3000), Image.Resampling.BICUBIC).save(target, "JPEG", quality=92)
    return target.getvalue()


def scan() -> bytes:
    target = io.BytesIO()
    canvas = Canvas(target)
    for page in range(20):
        for line in range(50):
            canvas.drawString(
                50, 800 - 15 * line, f"Page {page}, ligne {line} : courrier d’un confrère, dent 36."
            )
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def notes() -> bytes:
    return "Détartrage, polissage. Contrôle de la 36, pas de douleur.\n".encode() * (MIB // 60)


FILES: Mapping[str, Callable[[], bytes]] = {
    "photograph of 12 megapixels": photograph,
    "PDF file of 20 pages": scan,
    "notes of one megabyte": notes,
}


def report(
    title: str,
    works: Callable[[], Iterator[Work]],
    rounds: int,
    *,
    keep: Path | None = None,
    cache: Path | None = None,
) -> None:
    """Print what the copies of ``works`` cost, the best of ``rounds``."""
    if cache:
        made(works(), cache=cache)
    found = [made(works(), keep=keep, cache=cache) for _ in range(rounds)]
    copies, seconds, memory, size = min(found, key=lambda one: one[1])
    print(
        f"{title:32} {copies:5} copies  {seconds:6.2f} s  {copies / seconds:6.1f} a second and core"
        f"  {size / copies / 1000:6.0f} kB each  {memory >> 10:5} MB"
    )


def made(
    works: Iterator[Work], *, keep: Path | None = None, cache: Path | None = None
) -> tuple[int, float, int, int]:
    """Return how many copies were made, processor seconds, kB of memory of the process that made them, their bytes."""
    before = used()
    size = memory = 0
    with TwinPress(processes=1, cache=cache) as press:
        for dossier, documents, open_file in works:
            opener = press.prepare(dossier, documents, open_file)
            for document in documents:
                with opener(document) as stream:
                    pdf = stream.read()
                size += len(pdf)
                if keep:
                    folder = (
                        keep / f"{dossier.patient.traits.birth_family_name or 'x'}-{dossier.patient.id[:4]}"
                    )
                    folder.mkdir(parents=True, exist_ok=True)
                    (folder / f"{document.type.code}-{document.stem}.pdf").write_bytes(pdf)
        for child in multiprocessing.active_children():
            memory = max(memory, peak(child.pid))
        copies = press.counts.copies
    return copies, used() - before, memory, size


def used() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(one.ru_utime + one.ru_stime for one in map(resource.getrusage, kinds))


def peak(pid: int | None) -> int:
    """Return the most memory a process had, in kB (Linux)."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main()
