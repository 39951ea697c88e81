"""Let one person on this machine read a practice store, or an opened package, in a browser; nothing is changed.

1. Persons are read once, and found as ``find`` does; without words, all of them come by name.
2. A dossier is made from its data when it is asked for, as a plain archive: the page as this version makes it, lists,
   files. It goes to the browser as it is made; nothing of it lies on the disk.
3. No reading is noted, as ``find`` and ``show`` note none: a store that is only read keeps no trace.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.loopback.server import JSON_TYPE, Route, RouteAnswer
from archiver.operations.deliveries.deliver import DossierReader
from archiver.operations.dossiers.find import persons_in
from archiver.practice.registers.degraded_entries import degraded_of
from archiver.practice.registers.gone_records import gone_identities
from archiver.practice.store import PracticeStore
from archiver.search.errors import PatientUnknown
from archiver.search.index import PersonIndex
from archiver.search.query import query_of
from archiver.search.records import SearchRecord
from archiver.search.search import search
from formats.model.documents import Attachment
from formats.model.missing import LOST
from formats.paths import short_name
from formats.pdlgc.endings import ending
from formats.pdlgc.names import place_files
from formats.pdlgc.write import Renderings, write_archive
from formats.target import Target
from formats.zip.writer import ZipStream

if TYPE_CHECKING:  # whoever looks into a store opens no package
    from archiver.handover.opening import OpenedHandover

MAX_ROWS = 200
"""Persons that are listed at a time; a page of 20,000 answers no key any more."""
ARCHIVE_TYPE = "application/zip"


class DossierRoutes:
    """What a page asks for, of ``content`` at the moment ``at``: ``/patients``, ``/notes`` and ``/dossier``."""

    def __init__(self, content: PracticeStore | OpenedHandover, at: datetime) -> None:
        self._content = content
        self._at = at
        self._index = PersonIndex(persons_in(content))
        self._identities = {record.id for person in self._index.persons for record in person.records}
        self._reader = DossierReader(content, at, keep_previews=False)

    def routes(self) -> Mapping[str, Route]:
        """Return what answers, by path."""
        return {"/patients": self.patients, "/notes": self.notes, "/dossier": self.dossier}

    def patients(self, fields: Mapping[str, str]) -> RouteAnswer:
        """Answer with the persons who fit ``words``, or come ``nearest``: ``count`` of them ``from`` the first.

        Raises:
            NothingToFind: when the words say nothing.
        """
        first, words = _number(fields.get("from", "")), fields.get("words", "").strip()
        nearest = False
        if words:
            result = search(self._index, query_of([words], self._at.date()), limit=first + MAX_ROWS)
            found: Sequence[Sequence[SearchRecord]] = [one.records for one in result.found][first:]
            total = result.count
            if not total:
                nearest, found = True, [one.records for one in result.nearest]
        else:
            persons = self._index.persons
            total, found = len(persons), [one.records for one in persons[first : first + MAX_ROWS]]
        rows = [_row(record, len(records)) for records in found for record in records]
        return _json({"total": total, "persons": len(found), "nearest": nearest, "rows": rows})

    def notes(self, fields: Mapping[str, str]) -> RouteAnswer:
        """Answer with how much of a record was not read as it was sent, is gone from its source, and has lost its file.

        Raises:
            PatientUnknown: when there is no such record.
        """
        identity = self._known(fields)
        store = self._content
        if not isinstance(store, PracticeStore):
            return _json({"degraded": 0, "gone": 0, "lost": 0})
        unread = sum(not one.reviewed_at for one in degraded_of(store, identity))
        with self._reader.open(identity) as source:
            lost = sum(one.code in LOST for one in source.findings)
        return _json({"degraded": unread, "gone": len(gone_identities(store, identity)), "lost": lost})

    def dossier(self, fields: Mapping[str, str]) -> RouteAnswer:
        """Answer with the plain archive of a record, made from its data.

        Raises:
            PatientUnknown: when there is no such record.
        """
        identity = self._known(fields)
        return RouteAnswer(media_type=ARCHIVE_TYPE, write=lambda target: self._write(identity, target))

    def _known(self, fields: Mapping[str, str]) -> str:
        identity = fields.get("id", "")
        if identity not in self._identities:
            raise PatientUnknown(wanted=identity, near="–")
        return identity

    def _write(self, identity: str, target: Target) -> None:
        with self._reader.open(identity) as source:
            write_archive(
                source.dossier,
                ZipStream(target, when=self._at),
                place_files(source.dossier, source.open_attachment, source.header_facts, _place),
                open_attachment=source.open_attachment,
                written_at=source.written_at,
                sender=source.sender,
                renderings=Renderings(previews=source.previews),
            )


def _place(number: int, attachment: Attachment) -> str:
    """Return the place of a file: a name of 8.3 letters, which a link of the page may lead to."""
    return f"FILES/{short_name('DOC', number, ending(attachment.media_type, ''))}"


def _row(record: SearchRecord, records: int) -> dict[str, Any]:
    """Return what a list shows of a record, one of so many of a person."""
    names = record.names
    return {
        "id": record.id,
        "number": record.number,
        "family": names.used_family or names.birth_family,
        "birth_family": names.birth_family,
        "given": names.used_given or " ".join(names.birth_givens),
        "birth_date": names.birth_date,
        "records": records,
    }


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _json(document: Mapping[str, Any]) -> RouteAnswer:
    data = json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")
    return RouteAnswer(media_type=JSON_TYPE, write=lambda target: target.write(data))
