"""Open every record of one person, in a practice store or in a package."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from archiver.assembly.lost_files import without_lost
from archiver.practice import people
from archiver.practice.attachments import header_facts
from archiver.practice.store import PracticeStore
from formats.findings import Finding
from formats.model.dossier import Dossier
from formats.pdlgc.names import HeaderFacts, OpenAttachment, no_header_facts
from formats.pdlgc.sender import Sender

if TYPE_CHECKING:  # whoever looks into a store opens no package
    from archiver.handover.opening import OpenedHandover


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenedRecord:
    """The dossier of one patient record, the way to its files, and what was noticed while it was read.

    Of a package ``sender`` and ``written_at`` are those of every page in it.
    """

    dossier: Dossier
    open_attachment: OpenAttachment
    header_facts: HeaderFacts = no_header_facts
    findings: tuple[Finding, ...] = ()
    sender: Sender | None = None
    written_at: datetime | None = None


def entry_places(content: PracticeStore | OpenedHandover) -> dict[str, tuple[int, int]]:
    """Return, by patient record, in which volume of a package its unit lies and at which line of the keyring."""
    if isinstance(content, PracticeStore):
        return {}
    return {
        entry.patient["id"]: (number, place)
        for number, volume in enumerate(content.volumes)
        for place, entry in enumerate(volume.keyring.entries)
        if entry.patient and "id" in entry.patient
    }


@contextmanager
def open_record(
    content: PracticeStore | OpenedHandover,
    identity: str,
    places: Mapping[str, tuple[int, int]],
    *,
    compared: bool = False,
) -> Iterator[OpenedRecord]:
    """Open the dossier of the patient record ``identity``; its files can be read while the block lasts.

    ``places`` are those of ``entry_places``. Files that a store has lost are holes, told in the findings; one whose
    content was changed is found where the files are ``compared``, which reads them all.

    Raises:
        StoreUnreadable: when a store has no such record.
        Failure: as ``open_dossier``, of a package.
    """
    if isinstance(content, PracticeStore):
        yield _stored(content, identity, compared=compared)
        return
    from archiver.handover.opened_dossier import open_dossier, page_sender  # noqa: PLC0415 - see above

    number, place = places[identity]
    opened = content.volumes[number]
    entry = opened.keyring.entries[place]
    handover = opened.package.handover_of(entry.unit)
    with open_dossier(opened.package, entry) as archive:
        yield OpenedRecord(
            dossier=archive.dossier,
            open_attachment=archive.open_attachment,
            findings=archive.findings,
            sender=page_sender(handover),
            written_at=handover.created,
        )


def _stored(store: PracticeStore, identity: str, *, compared: bool) -> OpenedRecord:
    dossier, findings = without_lost(store.dossier(identity), store.attachments, compared=compared)
    linked = people.linked_patients(store, identity)
    return OpenedRecord(
        dossier=replace(dossier, patient=replace(dossier.patient, linked=linked)),
        open_attachment=store.attachments.open,
        header_facts=partial(header_facts, store.db),
        findings=findings,
    )
