"""What ``dossier gone`` does."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from archiver.cli.clock import now
from archiver.cli.terminal.console import say, show_json, show_table
from archiver.cli.terminal.language import localize
from archiver.handover.kinds import kind_words
from archiver.operations.dossiers.drop_records import drop_not_made
from archiver.practice.registers.gone_records import OF_PRACTICE, REASON_WORDS, GoneRecord, gone_records
from archiver.practice.store import PracticeStore, open_store
from archiver.spooled_list import SpooledList
from formats.model.identity import names_and_birth
from formats.model.people import Patient
from formats.words import mark, plural

HEADING = (mark("patient"), mark("kind"), mark("records"), mark("what became of their rows"), mark("since"))
PRACTICE = mark("the practice as a whole")
DAY = len("2026-11-29")
"""Characters of the day in a moment."""


def gone(path: Path, *, drop: bool, as_json: bool) -> None:
    """List what the sources do not give any more; with ``drop``, remove what only an earlier mapping made."""
    removed: dict[str, int] = {}
    with open_store(path, reading=not drop) as store:
        if drop:
            with store.changing():
                removed = drop_not_made(store, at=now())
        found = SpooledList(gone_records(store))
        if as_json:
            show_json({"dossier_gone": 1, "removed": removed, "records": map(asdict, found)})
            return
        rows = _rows(store, found)
    if rows:
        show_table(rows, heading=HEADING)
    for kind, count in removed.items():
        say(mark("Removed ({kind}): {count}."), kind=kind_words(kind), count=count)
    say(
        plural(
            "{count} record is here that its source does not give any more.",
            "{count} records are here that their source does not give any more.",
        ),
        count=len(found),
    )


def _rows(store: PracticeStore, found: SpooledList[GoneRecord]) -> list[tuple[str | int, ...]]:
    counts = Counter((one.patient, one.kind, one.reason, one.since[:DAY]) for one in found)
    return [
        (_whose(store, patient), localize(kind_words(kind)), count, localize(REASON_WORDS[reason]), since)
        for (patient, kind, reason, since), count in counts.items()
    ]


def _whose(store: PracticeStore, patient: str) -> str:
    if patient == OF_PRACTICE:
        return localize(PRACTICE)
    found = store.get(Patient, patient)
    return names_and_birth(found.traits) if found else patient
