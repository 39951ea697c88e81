"""Register of collected states: the digest of each source as it was collected last, and what came of it.

While the digest of a source is the same and nothing in the store was changed since but registers, another
collection would read the same items and find them stored.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from archiver import __version__
from archiver.practice.attachments import attachment_path, size_at
from archiver.practice.registers.stored_findings import MAX_FINDINGS, findings_of, findings_text
from archiver.practice.store import PracticeStore
from formats.digests import Digest
from formats.findings import Finding
from formats.model.people import Patient

CHANGES_NO_RECORD = frozenset(
    {"delivery", "export", "receipt-recorded", "receipt-checked-again", "hold-set", "hold-lifted"}
    | {"retention-decided", "retention-withdrawn", "host-added", "host-ended", "degraded-reviewed"}
)
"""Operations of the journal after which every record is as it was; after any other a source is read anew."""
BESIDE = frozenset({"dicom", "papers"})
"""Sources of images and documents, whose records lie beside those of a practice software."""
_SETTING = "collected_state"
_COUNTS = ("read", "added", "updated", "stored", "refused", "refused_there")


@dataclass(frozen=True, kw_only=True, slots=True)
class CollectedState:
    """What a collection found: counts by kind and by table (as ``KindCount`` has them), missing content, findings."""

    kinds: Mapping[str, Mapping[str, int]]
    tables: Mapping[str, Mapping[str, int]]
    missing: Mapping[str, int]
    findings: Collection[Finding]


def note_collected(
    store: PracticeStore, system: str, digest: Digest, found: CollectedState, *, at: datetime
) -> None:
    """Remember that the source of ``system`` was of this ``digest`` when it was collected, with what came of it."""
    if len(found.findings) > MAX_FINDINGS:
        _forget(store, system)
        return
    noted = {
        "digest": digest.hex,
        "program": __version__,
        "at": at.isoformat(),
        "journal": _last_line(store),
        "kinds": dict(found.kinds),
        "tables": dict(found.tables),
        "missing": dict(found.missing),
        "findings": findings_text(found.findings),
    }
    store.set_setting(f"{_SETTING}/{system}", json.dumps(noted))


def _forget(store: PracticeStore, system: str) -> None:
    """Forget what is known of the source of ``system``."""
    store.db.execute("DELETE FROM settings WHERE name = ?", (f"{_SETTING}/{system}",))


def unchanged_state(
    store: PracticeStore, system: str, digest: Digest
) -> tuple[datetime, CollectedState] | None:
    """Return when the source of ``system`` was collected with this ``digest``, and what came of it.

    ``None`` when it was another one or read by another version of the program, when records may have been
    changed since, or a file of the store is not there.
    """
    text = store.setting(f"{_SETTING}/{system}")
    if text is None:
        return None
    try:
        noted = json.loads(text)
        same = (noted["digest"], noted["program"]) == (digest.hex, __version__)
        if not same or _changed_since(store, system, int(noted["journal"])) or _lacks_file(store):
            return None
        found = CollectedState(
            kinds=_counts(noted["kinds"]),
            tables=_counts(noted["tables"]),
            missing={str(name): int(count) for name, count in noted["missing"].items()},
            findings=findings_of(noted["findings"]),
        )
        return datetime.fromisoformat(noted["at"]), found
    except (ValueError, KeyError, TypeError, AttributeError, zlib.error):
        return None


def _counts(found: Any) -> dict[str, dict[str, int]]:
    return {str(name): {one: int(counts[one]) for one in _COUNTS} for name, counts in found.items()}


def _last_line(store: PracticeStore) -> int:
    last: int = store.db.execute("SELECT coalesce(max(id), 0) FROM journal").fetchone()[0]
    return last


def _changed_since(store: PracticeStore, system: str, line: int) -> bool:
    """Tell whether a record of ``system``, or a patient, may have been changed after this ``line`` of the journal."""
    lines = store.db.execute("SELECT operation, detail FROM journal WHERE id > ?", (line,))
    return any(
        operation not in CHANGES_NO_RECORD and not (operation == "collect" and _is_another(system, detail))
        for operation, detail in lines
    )


def _is_another(system: str, detail: str) -> bool:
    """Tell whether a line about a collection is one of images or documents, which changes no other record."""
    found = json.loads(detail)
    return found["system"] in BESIDE - {system} and not found["changed"].get(Patient.kind, 0)


def _lacks_file(store: PracticeStore) -> bool:
    """Tell whether a file that the store lists does not lie in its folder, whole."""
    folder = store.attachments.folder
    listed = store.db.execute("SELECT sha256, size FROM files")
    return any(size_at(attachment_path(folder, digest)) != size for digest, size in listed)
