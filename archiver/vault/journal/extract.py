"""Extract of a journal: the entries about some objects, each with its inclusion proof, and the checkpoint they lead to.

Whoever gets it computes from an entry and its proof (RFC 6962, 2.1.1) the root that the signed checkpoint states, and
learns nothing of the entries about others.
"""

from __future__ import annotations

import json
from collections.abc import Set as AbstractSet
from pathlib import Path

from archiver.vault.journal.entry import read_entry
from archiver.vault.journal.errors import JournalDamaged
from archiver.vault.journal.places import FOLDER, own_place
from archiver.vault.journal.record_file import (
    MAX_RECORD_BYTES,
    JournalRecord,
    read_journal_record,
    record_path,
)
from formats.tlog.merkle import entry_hash, inclusion_proof, leaves_reader
from formats.tlog.note import NoteMalformed

EXTRACT_VERSION = 1


def journal_extract(folder: Path, objects: AbstractSet[str], *, key: str) -> bytes:
    """Return the extract about ``objects`` as JSON; ``key`` is the verifier key (C2SP vkey) of the journal.

    Raises:
        JournalDamaged: when a record cannot be read; DiskFault.
    """
    leaves: list[bytes] = []
    wanted: list[tuple[int, bytes]] = []
    last: JournalRecord | None = None
    place = own_place(folder)
    while (folder / FOLDER).is_dir() and (
        data := place.find(record_path(len(leaves)), MAX_RECORD_BYTES)
    ) is not None:
        try:
            last = read_journal_record(data)
            for line in last.lines:
                if read_entry(line).entry.object_id in objects:
                    wanted.append((len(leaves), line))
                leaves.append(entry_hash(line))
        except (NoteMalformed, ValueError) as fault:
            raise JournalDamaged(where=record_path(len(leaves)), reason=str(fault)) from fault
    read = leaves_reader(leaves)
    document = {
        "journal_extract": EXTRACT_VERSION,
        "log_key": key,
        "checkpoint": last.note.data.decode("utf-8") if last else "",
        "size": len(leaves),
        "entries": [
            {
                "number": number,
                "entry": line.decode("utf-8"),
                "inclusion_proof": [one.hex() for one in inclusion_proof(number, len(leaves), read)],
            }
            for number, line in wanted
        ],
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
