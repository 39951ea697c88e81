"""What a record costs to write and to read: ``python -m tests.benchmarks.records [--rounds N] [--described]``.

Processor time of one process, the least of many rounds, since another's load only adds; a clinical dossier of 168
records is written as bundle and page and read back. The reference is plain JSON of the same bundle.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime

from formats.fhir.codegen import compiled
from formats.fhir.read import read_bundle
from formats.fhir.write import write_bundle
from formats.pdlgc.page.page import index_page
from formats.pdlgc.sender import Sender
from tests.benchmarks.clinical import clinical_dossier

WRITTEN_AT = datetime(2026, 1, 1, tzinfo=UTC)
SENDER = Sender(name="Benchmark")


def costs(rounds: int) -> dict[str, float]:
    """Return the microseconds a record of each step."""
    dossier = clinical_dossier()
    count = sum(1 for _ in dossier.records())
    links = {file.sha256: "FILES/A.PDF" for file in dossier.attachments()}

    def bundle() -> bytes:
        target = io.BytesIO()
        write_bundle(dossier, target, written_at=WRITTEN_AT)
        return target.getvalue()

    def page() -> None:
        for _ in index_page(dossier, links=links, sender=SENDER, written_at=WRITTEN_AT):
            pass

    data = bundle()
    steps: dict[str, Callable[[], object]] = {
        "bundle written": bundle,
        "page written": page,
        "bundle read": lambda: read_bundle(io.BytesIO(data)),
        "reference: json.loads": lambda: json.loads(data),
    }
    found = dict.fromkeys(steps, float("inf"))
    for _ in range(rounds):
        for name, step in steps.items():
            started = time.process_time()
            step()
            found[name] = min(found[name], time.process_time() - started)
    return {name: seconds / count * 1e6 for name, seconds in found.items()}


def main() -> None:
    """Print what each step costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--described", action="store_true", help="leave all to the descriptions")
    arguments = parser.parse_args()
    if arguments.described:
        compiled.INTERPRETED = 10**9
    gc.set_threshold(5000)
    for name, cost in costs(arguments.rounds).items():
        print(f"{name:24}{cost:6.1f} µs a record")


if __name__ == "__main__":
    main()
