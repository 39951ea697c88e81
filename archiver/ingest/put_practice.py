"""Put what a package says of its practice as a whole into a store: the practice, who works there, verbatim rows."""

from __future__ import annotations

from datetime import datetime

from archiver.handover.arrivals import Arrival, UnitOutcome
from archiver.handover.kinds import require_counts
from archiver.ingest.newer_records import newer_of_practice
from archiver.practice.practitioners import as_received
from archiver.practice.registers.source_states import note_received
from archiver.practice.store import Change, PracticeStore
from archiver.sealing.keyring import KeyringEntry
from formats.pdlgc.practice.read import PracticeArchive


def put_practice(
    store: PracticeStore, entry: KeyringEntry, archive: PracticeArchive, created: datetime, *, former: bool
) -> Arrival:
    """Put ``archive``, of a package ``created`` then, into ``store``, and return what became of it.

    ``former`` says that those who work at the sender's do not work here.

    Raises:
        CountsDiffer: when it holds something else than the keyring promises.
        RecordUnstorable, ReferenceMissing: what is wrong with one of its records.
    """
    records = archive.records
    newer = newer_of_practice(store, records.practice.id, created)
    changes = [
        newer.put(store, as_received(one, former=former))
        for one in (records.practice, *records.practitioners)
    ]
    rows = [newer.put(store, row) for row in archive.rows()]
    note_received(store, records.practice.id, created=created)
    counts = {
        "missing": len(records.missing),
        "practitioners": len(records.practitioners),
        "retention": len(records.retention),
        "roster": len(records.roster),
        "source_rows": len(rows),
    }
    require_counts(entry.counts, counts)
    changed = any(one is not Change.UNCHANGED for one in (*changes, *rows))
    return Arrival(
        unit=entry.unit,
        outcome=UnitOutcome.CAME_IN if changed else UnitOutcome.ALREADY_THERE,
        who={},
        counts=counts,
        remarks=(*archive.findings, *newer.findings(created, changed=changed)),
        newer_here=newer.count,
    )
